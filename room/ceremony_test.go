package room

import (
	"slices"
	"strings"
	"testing"

	"astara/meeting"
	"astara/protocol"
)

// apart is a consultation with a ceremony: both heads are admitted, and each waits for the go.
func (b *building) apart(t *testing.T) {
	t.Helper()
	if err := b.House.Call(t.Context(), "c1", nasrin, ceremonial()); err != nil {
		t.Fatal(err)
	}
	b.do("c1", leyla, meeting.TakeUp{Secretary: invited("leyla", meeting.Secretary)})
	b.do("c1", nasrin, meeting.InviteMember{Person: invited("minister", meeting.Head)})
	b.do("c1", nasrin, meeting.AdmitMembers{Members: []meeting.MemberID{minister}})
	b.do("c1", leyla, meeting.InviteMember{Person: invited("head", meeting.Head)})
	b.do("c1", leyla, meeting.AdmitMembers{Members: []meeting.MemberID{head}})
}

// ceremonial is a consultation with a ceremony, and its heads admitted.
func ceremonial() meeting.CallConsultation {
	c := called()
	c.Joint.Ceremony = true
	return c
}

func TestBeforeTheGoNoPacketOfAPrincipalGoesToTheOtherSide(t *testing.T) {
	h := newHall(t)
	if err := h.Call(t.Context(), "c1", nasrin, ceremonial()); err != nil {
		t.Fatal(err)
	}
	h.do(leyla, meeting.TakeUp{Secretary: invited("leyla", meeting.Secretary)})
	h.do(nasrin, meeting.InviteMember{Person: invited("minister", meeting.Head)})
	h.do(leyla, meeting.InviteMember{Person: invited("head", meeting.Head)})
	h.do(nasrin, meeting.AdmitMembers{Members: []meeting.MemberID{minister}})
	h.do(leyla, meeting.AdmitMembers{Members: []meeting.MemberID{head}})
	m, b := h.sit(minister, "media.offer", true), h.sit(head, "media.offer", true)
	n, l := h.sit(nasrin, "media.offer", true), h.sit(leyla, "media.offer", true)

	all := func(to *sitter, from meeting.MemberID) uint64 {
		return to.packets(from, "audio") + to.packets(from, "video")
	}
	for _, x := range []struct {
		name string
		to   *sitter
		from meeting.MemberID
	}{{"a secretary sees the own principal", n, minister}, {"and the other", l, head}, {"the secretaries see each other", n, leyla}, {"both ways", l, nasrin}, {"a principal sees the own side", m, nasrin}} {
		eventually(t, x.name, func() bool { return all(x.to, x.from) > 100 })
	}
	for _, x := range []struct {
		name string
		to   *sitter
		from meeting.MemberID
	}{{"a principal to the other secretary", n, head}, {"and back", l, minister}, {"a principal to the other", m, head}, {"and back", b, minister}, {"a secretary to the other principal", m, leyla}, {"and back", b, nasrin}} {
		if got := all(x.to, x.from); got > 0 {
			t.Errorf("%s: %d packets before the go", x.name, got)
		}
	}
	h.do(nasrin, meeting.ReportReady{Ready: true})
	h.do(leyla, meeting.ReportReady{Ready: true})
	h.do(nasrin, meeting.BeginTogether{})
	eventually(t, "the principals see each other", func() bool { return all(m, head) > 20 && all(b, minister) > 20 })
	h.do(head, meeting.EndTogether{})
	for _, s := range []*sitter{m, b} {
		eventually(t, "the principals are sent away", func() bool {
			_, open := <-s.conn.Out()
			return !open
		})
	}
	before := all(n, leyla)
	eventually(t, "the line room stays", func() bool { return all(n, leyla) > before+20 })
}

func TestTheOtherSideIsToldOnlyThatAPrincipalIsReady(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		if err := b.House.Call(t.Context(), "c1", nasrin, ceremonial()); err != nil {
			t.Fatal(err)
		}
		b.do("c1", leyla, meeting.TakeUp{Secretary: invited("leyla", meeting.Secretary)})
		b.do("c1", nasrin, meeting.InviteMember{Person: invited("minister", meeting.Head)})
		n, l := b.sits(nasrin), b.sits(leyla)
		l.quiet()
		b.do("c1", nasrin, meeting.AdmitMembers{Members: []meeting.MemberID{minister}})
		m := b.sits(minister)
		n.quiet()
		if got := l.quiet(); len(got) > 0 {
			t.Errorf("the other side was told %v", got)
		}
		if v := b.view("c1", leyla); len(v.Members) != 2 {
			t.Errorf("got %v, want the secretaries only", v.Members)
		}
		if code := m.do(meeting.AskFloor{}); code != string(meeting.StillApart) {
			t.Errorf("got %q, want still-apart", code)
		}
		n.do(meeting.ReportReady{Ready: true})
		if got := l.quiet(); !slices.Equal(got, []string{"principal.reported"}) {
			t.Errorf("got %v, want principal.reported", got)
		}
		l.send("layout", 0, protocol.Layout{Tiles: []protocol.Tile{{Member: minister, Source: protocol.Camera, Width: 640, Height: 360}}})
		if got := l.seats(); strings.Contains(got, "minister") {
			t.Errorf("asked for by name, a principal is seated: %q", got)
		}
		if code := l.do(meeting.BeginTogether{}); code != string(meeting.PrincipalAway) {
			t.Errorf("got %q, want principal-away", code)
		}
	})
}

// In the waiting room one is told nothing of the other side, also when one comes back; at the go everything at once.
func TestAPrincipalWhoWaitsIsToldNothingOfTheOtherSide(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.apart(t)
		n, m := b.sits(nasrin), b.sits(minister)
		m.quiet()
		l := b.sits(leyla)
		b.do("c1", leyla, meeting.InviteMember{Person: invited("elnur", meeting.Technician)})
		b.do("c1", leyla, meeting.AdmitMembers{Members: []meeting.MemberID{"baku/elnur"}})
		for _, c := range []meeting.Command{meeting.SetMicrophone{On: true}, meeting.SayChat{To: meeting.All, Text: "can you hear us?"}} {
			if code := l.do(c); code != "" {
				t.Fatal(code)
			}
		}
		if got := m.quiet(); len(got) > 0 {
			t.Errorf("the waiting principal was told %v", got)
		}
		if code := n.do(meeting.SayChat{To: meeting.ToParty("tehran"), Text: "in a moment"}); code != "" {
			t.Fatal(code)
		}
		want(t, m.quiet(), "chat.said")
		back := b.connect("c1", minister, "s-"+string(minister))
		back.hello(m.welcome.Epoch, m.welcome.Seq)
		v := back.welcome.Snapshot
		if v == nil || len(v.Members) != 2 || len(v.Chat) != 1 {
			t.Fatalf("coming back, the waiting principal is told %+v", back.welcome)
		}
		back.ask("enter", nil)
		back.quiet()
		b.sits(head)
		l.do(meeting.ReportReady{Ready: true})
		n.do(meeting.ReportReady{Ready: true})
		n.do(meeting.BeginTogether{})
		want(t, back.quiet(), "principal.reported principal.reported welcome seats")
		if v := b.view("c1", minister); len(v.Members) != 5 || len(v.Chat) != 2 {
			t.Errorf("got %d members and %d lines of chat after the go, want 5 and 2", len(v.Members), len(v.Chat))
		}
	})
}
