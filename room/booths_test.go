package room

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

const (
	rashad = meeting.MemberID("baku/rashad")
	sevil  = meeting.MemberID("baku/sevil")
)

// Packets, not pictures: an interpreter is sent to who listens to the channel while on air, and to nobody otherwise.
func TestOnlyWhoIsOnAirIsHeard(t *testing.T) {
	h := newHall(t)
	h.interpreted()
	m, b := h.sit(minister, "media.offer", true), h.sit(head, "media.offer", true)
	r, s := h.sit(rashad, "media.offer", true), h.sit(sevil, "media.offer", true)
	eventually(t, "the head hears the minister", func() bool { return b.packets(minister, "audio") > 20 })
	s.say(t, "layout", protocol.Layout{Tiles: []protocol.Tile{{Member: rashad, Source: protocol.Camera, Width: 320, Height: 180, Pinned: true}}})
	b.say(t, "layout", protocol.Layout{Tiles: []protocol.Tile{{Member: rashad, Source: protocol.Camera, Width: 320, Height: 180, Pinned: true}}})
	eventually(t, "colleagues of a booth see each other", func() bool { return s.packets(rashad, "video") > 5 })
	if b.packets(rashad, "audio")+m.packets(rashad, "audio")+s.packets(rashad, "audio")+b.packets(rashad, "video") > 0 {
		t.Fatal("an interpreter who is not on air is heard or seen")
	}
	r.say(t, "air.go-on", meeting.GoOnAir{})
	eventually(t, "the head hears the interpreter", func() bool { return b.packets(rashad, "audio") > 20 })
	s.say(t, "air.go-on", meeting.GoOnAir{}) // both at once: refused
	r.say(t, "handover.offer", meeting.OfferHandover{On: true})
	before := b.packets(rashad, "audio")
	eventually(t, "still the first one", func() bool { return b.packets(rashad, "audio") > before+20 })
	if b.packets(sevil, "audio") > 0 {
		t.Fatal("two on air in one channel")
	}
	s.say(t, "handover.accept", meeting.AcceptHandover{})
	eventually(t, "the head hears the colleague", func() bool { return b.packets(sevil, "audio") > 20 })
	stood := b.packets(rashad, "audio")
	eventually(t, "and goes on", func() bool { return b.packets(sevil, "audio") > 60 })
	if now := b.packets(rashad, "audio"); now > stood {
		t.Errorf("got %d packets more of who handed over, want none", now-stood)
	}
	if n := m.packets(sevil, "audio"); n > 0 {
		t.Errorf("the minister, whose language is spoken, got %d packets of a channel of another language", n)
	}
}

// A booth's line is lost in mid-sentence: the road knows after 0.4 s that nothing comes, and everybody within a second that nobody interprets.
func TestALostBoothIsToldWithinASecond(t *testing.T) {
	for _, lasted := range []time.Duration{0, time.Minute} {
		inHouse(t, func(t *testing.T, b *building) {
			b.call("c1")
			b.do("c1", leyla, meeting.InviteMember{Person: invited("rashad", meeting.Interpreter)})
			b.do("c1", leyla, meeting.AdmitMembers{Members: []meeting.MemberID{rashad}})
			b.do("c1", leyla, meeting.AssignInterpreter{Member: rashad, Booth: "fa"})
			level := func(l uint8) {
				b.board.mu.Lock()
				defer b.board.mu.Unlock()
				b.board.levels[media.PeerID("c1/"+rashad)] = l
			}
			m, r := b.sits(minister), b.sits(rashad)
			level(127) // silence is sound that comes
			if code := r.do(meeting.GoOnAir{}); code != "" {
				t.Fatal(code)
			}
			time.Sleep(lasted) // the bubble's clock (testing/synctest): no time passes
			if who := b.view("c1", minister).Booth("fa").OnAir; who != rashad {
				t.Fatalf("after %v of silence %q is on air, want %s", lasted, who, rashad)
			}
			m.quiet()
			cut := time.Now()
			time.Sleep(400 * time.Millisecond) // the bubble's clock, so that no time passes: until the road says that nothing comes
			level(media.NothingHeard)
			var e struct{ Event meeting.Event }
			for e.Event.Type != (meeting.WentOffAir{}).Type() {
				if err := json.Unmarshal(m.until("event").Body, &e); err != nil {
					t.Fatal(err)
				}
			}
			if took := time.Since(cut); took > time.Second || e.Event.Body.(meeting.WentOffAir).Reason != meeting.OffLost {
				t.Errorf("on air for %v: got %v %+v, want within 1 s and lost", lasted, took, e.Event.Body)
			}
		})
	}
}

// The same on packets, and coming back puts nobody on air.
func TestALostBoothIsNotOnAirByComingBack(t *testing.T) {
	h := newHall(t)
	h.interpreted()
	b := h.sit(head, "media.offer", true)
	r := h.sit(rashad, "media.offer", true)
	r.say(t, "air.go-on", meeting.GoOnAir{})
	eventually(t, "the head hears the interpreter", func() bool { return b.packets(rashad, "audio") > 20 })
	cut := time.Now()
	r.stop()
	eventually(t, "the head is told", func() bool { _, ok := b.since(cut, "air.went-off"); return ok })
	e, _ := b.since(cut, "air.went-off")
	if e.Body.(meeting.WentOffAir).Reason != meeting.OffLost {
		t.Errorf("got %+v, want lost", e.Body)
	}
	t.Logf("told after %v", e.at.Sub(cut))
	stood := b.packets(rashad, "audio")
	back := h.sit(rashad, "media.offer", true)
	eventually(t, "the interpreter is back", func() bool { return back.packets(head, "audio") > 20 })
	if now := b.packets(rashad, "audio"); now > stood+5 {
		t.Errorf("got %d packets after coming back, want none", now-stood)
	}
}

// Two take over at the same moment: one has the channel, the other is refused with a code, and never is either heard beside the other.
func TestTwoTakeOversAtTheSameMoment(t *testing.T) {
	h := newHall(t)
	h.interpreted()
	h.do(leyla, meeting.InviteMember{Person: invited(third.Person(), meeting.Interpreter)})
	h.do(leyla, meeting.AdmitMembers{Members: []meeting.MemberID{third}})
	h.do(leyla, meeting.AssignInterpreter{Member: third, Booth: "az"})
	h.sit(minister, "media.offer", true)
	b, r := h.sit(head, "media.offer", true), h.sit(rashad, "media.offer", true)
	two := map[meeting.MemberID]*sitter{sevil: h.sit(sevil, "media.offer", true), third: h.sit(third, "media.offer", true)}
	r.say(t, "air.go-on", meeting.GoOnAir{})
	eventually(t, "the head hears the interpreter", func() bool { return b.packets(rashad, "audio") > 20 })
	refused := func(s *sitter) []string {
		s.mu.Lock()
		defer s.mu.Unlock()
		return slices.DeleteFunc(slices.Clone(s.codes), func(code string) bool { return code == string(meeting.BoothSpeaks) }) // of sitting down
	}
	var both sync.WaitGroup
	now := make(chan struct{})
	for _, s := range two {
		both.Go(func() { <-now; s.say(t, "air.take-over", meeting.TakeOver{From: rashad}) })
	}
	close(now)
	both.Wait()
	eventually(t, "one is refused", func() bool { return len(refused(two[sevil]))+len(refused(two[third])) > 0 })
	winner := h.view(nasrin).Booth("az").OnAir
	loser := map[meeting.MemberID]meeting.MemberID{sevil: third, third: sevil}[winner]
	if loser == "" {
		t.Fatalf("got %q on air, want one of the two", winner)
	}
	if won, lost := refused(two[winner]), refused(two[loser]); len(won) > 0 || !slices.Equal(lost, []string{string(meeting.ChannelTaken)}) {
		t.Errorf("got %v for who has it and %v for the other, want one %s", won, lost, meeting.ChannelTaken)
	}
	eventually(t, "the head hears who took over", func() bool { return b.packets(winner, "audio") > 20 })
	stood := b.packets(rashad, "audio")
	eventually(t, "and goes on", func() bool { return b.packets(winner, "audio") > 60 })
	if n := b.packets(loser, "audio"); n > 0 {
		t.Errorf("got %d packets of who was refused, want none", n)
	}
	if late := b.packets(rashad, "audio"); late > stood {
		t.Errorf("got %d packets more of who was taken over from, want none", late-stood)
	}
}

// interpreted is a consultation in which two interpreters of one side work into its language.
func (h *hall) interpreted() {
	h.t.Helper()
	call := called()
	call.Joint.Languages = []meeting.Language{"fa", "az"}
	call.Joint.Title["az"] = "Dəmir yolu"
	if err := h.Call(h.t.Context(), "c1", nasrin, call); err != nil {
		h.t.Fatal(err)
	}
	az := invited("head", meeting.Head)
	az.Language = "az"
	h.do(leyla, meeting.TakeUp{Secretary: invited("leyla", meeting.Secretary)})
	h.do(nasrin, meeting.InviteMember{Person: invited("minister", meeting.Head)})
	h.do(leyla, meeting.InviteMember{Person: az})
	h.do(nasrin, meeting.AdmitMembers{Members: []meeting.MemberID{minister}})
	h.do(leyla, meeting.AdmitMembers{Members: []meeting.MemberID{head}})
	for _, id := range []meeting.MemberID{rashad, sevil} {
		h.do(leyla, meeting.InviteMember{Person: invited(id.Person(), meeting.Interpreter)})
		h.do(leyla, meeting.AdmitMembers{Members: []meeting.MemberID{id}})
		h.do(leyla, meeting.AssignInterpreter{Member: id, Booth: "az"})
	}
	h.do(leyla, meeting.SetBoothLanguages{Booth: "az", From: []meeting.Language{"fa"}})
}

// Whose voice leads gives the floor its language; an interjection does not.
func TestTheFloorsLanguageFollowsTheSpeaker(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		b.do("c1", leyla, meeting.ChangeMember{Person: meeting.Person{ID: "head", Name: "Head", Role: meeting.Head, Language: "az"}})
		b.do("c1", leyla, meeting.InviteMember{Person: invited("rashad", meeting.Interpreter)})
		b.do("c1", leyla, meeting.AdmitMembers{Members: []meeting.MemberID{rashad}})
		b.do("c1", leyla, meeting.AssignInterpreter{Member: rashad, Booth: "fa"})
		b.sits(head)
		b.sits(minister)
		speaks := func(who meeting.MemberID, wait time.Duration) meeting.Language {
			b.board.mu.Lock()
			clear(b.board.levels)
			b.board.levels[media.PeerID("c1/"+who)] = 20
			b.board.mu.Unlock()
			time.Sleep(wait) // the bubble's clock
			synctest.Wait()
			return b.view("c1", nasrin).Interpretation.Floor
		}
		if got := speaks(minister, 3*time.Second); got != "fa" {
			t.Errorf("got %q, want the minister's language", got)
		}
		if got := speaks(head, 300*time.Millisecond); got != "fa" {
			t.Errorf("got %q after a word of the head, want still the minister's", got)
		}
		if got := speaks(head, 3*time.Second); got != "az" {
			t.Errorf("got %q, want the head's language", got)
		}
	})
}
