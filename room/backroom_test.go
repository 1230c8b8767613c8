package room

import (
	"strings"
	"testing"

	"astara/meeting"
	"astara/protocol"
)

// On packets, not on pictures: what is whispered goes to those of the own side who listen, and to nobody of the other side, whatever anybody does.
func TestNoPacketOfABackRoomGoesToTheOtherSide(t *testing.T) {
	h := newHall(t)
	if err := h.Call(t.Context(), "c1", nasrin, called()); err != nil {
		t.Fatal(err)
	}
	h.do(leyla, meeting.TakeUp{Secretary: invited("leyla", meeting.Secretary)})
	h.do(nasrin, meeting.InviteMember{Person: invited("minister", meeting.Head)})
	h.do(nasrin, meeting.InviteMember{Person: invited("adviser", meeting.Adviser)})
	h.do(leyla, meeting.InviteMember{Person: invited("head", meeting.Head)})
	h.do(nasrin, meeting.AdmitMembers{Members: []meeting.MemberID{minister, adviser}})
	h.do(leyla, meeting.AdmitMembers{Members: []meeting.MemberID{head}})

	w := h.sitAs(adviser, "media.offer", true, protocol.Whispering) // whatever comes of this one is on the whisper's source
	m, b := h.sit(minister, "media.offer", true), h.sit(head, "media.offer", true)
	pictures := func(to *sitter) {
		t.Helper()
		n := to.packets(adviser, "video")
		eventually(t, "pictures go on", func() bool { return to.packets(adviser, "video") > n+15 })
	}
	nothing := func(what string, to *sitter) {
		t.Helper()
		pictures(to)
		if n := to.packets(adviser, "audio"); n > 0 {
			t.Errorf("%s: %d packets", what, n)
		}
	}
	nothing("sent without whispering, to the own side", m)
	nothing("sent without whispering, to the other side", b)
	h.do(adviser, meeting.Whisper{On: true})
	nothing("whispered, to one of the own side who does not listen", m)
	h.do(head, meeting.EnterBackRoom{}) // their own one
	h.do(minister, meeting.EnterBackRoom{})
	eventually(t, "the own side hears", func() bool { return m.packets(adviser, "audio") > 50 })
	nothing("whispered, to the other side", b)
	if v := h.view(head); len(v.BackRoom.Listening) != 1 || len(v.BackRoom.Whispering) != 0 {
		t.Errorf("the other side knows: %+v", v.BackRoom)
	}
	// The floor changes nothing: who whispers is not heard on it.
	h.do(minister, meeting.GrantFloor{Member: adviser})
	nothing("whispered with the floor, to the other side", b)
	h.do(minister, meeting.LeaveBackRoom{})
	eventually(t, "the seat is given back", func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		for slot, who := range m.seats {
			if strings.HasPrefix(slot, "x") && who == string(adviser) {
				return false
			}
		}
		return true
	})
	pictures(m) // what was on the way is here too
	n := m.packets(adviser, "audio")
	pictures(m)
	if now := m.packets(adviser, "audio"); now > n+3 {
		t.Errorf("%d packets after leaving the back room", now-n)
	}
	w.stop()
}

func TestWhoWhispersIsSeatedForTheOwnSideOnly(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		m, a, h := b.sits(minister), b.sits(adviser), b.sits(head)
		m.do(meeting.EnterBackRoom{})
		m.seats()
		h.seats()
		if code := a.do(meeting.Whisper{On: true}); code != "" {
			t.Fatal(code)
		}
		if got := m.seats(); !strings.Contains(got, "x0=adviser.w") {
			t.Errorf("the own side: got %q", got)
		}
		for _, e := range h.quiet() {
			if strings.HasPrefix(e, "backroom.") || strings.HasPrefix(e, "whisper.") {
				t.Errorf("the other side was told %s", e)
			}
		}
		if got := h.seats(); strings.Contains(got, "adviser.w") || strings.Contains(got, "adviser.m") {
			t.Errorf("the other side: got %q", got)
		}
		if code := a.do(meeting.SetMicrophone{On: true}); code != string(meeting.StillWhispering) {
			t.Errorf("got %q, want still-whispering", code)
		}
	})
}
