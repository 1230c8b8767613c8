package room

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"astara/meeting"
	"astara/protocol"
)

const third = meeting.MemberID("baku/third")

// Whoever does what is not theirs is refused with a code, nobody hears of it, and everything goes on as before.
func TestWhatIsRefusedDisturbsNobody(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		for _, id := range []meeting.MemberID{rashad, sevil, third} {
			b.do("c1", leyla, meeting.InviteMember{Person: invited(id.Person(), meeting.Interpreter)})
			b.do("c1", leyla, meeting.AdmitMembers{Members: []meeting.MemberID{id}})
			b.do("c1", leyla, meeting.AssignInterpreter{Member: id, Booth: "fa"})
		}
		b.do("c1", nasrin, meeting.NameChair{Member: minister})
		b.do("c1", leyla, meeting.NameChair{Member: head})
		n, m, a, h, w := b.sits(nasrin), b.sits(minister), b.sits(adviser), b.sits(head), b.sits(watcher)
		r, s, x := b.sits(rashad), b.sits(sevil), b.sits(third)
		if code := m.do(meeting.SetFloor{Mode: meeting.FloorModerated}); code != "" {
			t.Fatal(code)
		}
		if code := r.do(meeting.GoOnAir{}); code != "" {
			t.Fatal(code)
		}
		turn := b.view("c1", nasrin).Floor.Turn
		all := []*guest{n, m, a, h, w, r, s, x}
		for _, c := range []struct {
			name string
			by   *guest
			do   meeting.Command
			want meeting.RefusalCode
		}{
			{"an interpreter into a channel that the booth does not have", s, meeting.GoOnAir{Outgoing: "az"}, meeting.NotYourBooth},
			{"a second voice into a channel", s, meeting.GoOnAir{}, meeting.ChannelTaken},
			{"a delegate into a channel", m, meeting.GoOnAir{}, meeting.NotYourBooth},
			{"a delegate takes over", m, meeting.TakeOver{From: rashad}, meeting.NotYourBooth},
			{"an interpreter with a booth speaks on the floor", s, meeting.SetMicrophone{On: true}, meeting.BoothSpeaks},
			{"an observer asks for the floor", w, meeting.AskFloor{}, meeting.NotYourRole},
			{"an interpreter asks for the floor", s, meeting.AskFloor{}, meeting.NotYourRole},
			{"an adviser gives it", a, meeting.GrantFloor{Turn: turn}, meeting.NotChair},
			{"a secretary gives it", n, meeting.GrantFloor{Turn: turn}, meeting.NotChair},
			{"an adviser takes it back", a, meeting.TakeFloorBack{Turn: turn}, meeting.NotChair},
			{"an adviser opens it", a, meeting.SetFloor{Mode: meeting.FloorOpen}, meeting.NotChair},
			{"an adviser puts a text", a, meeting.PutText{Number: 1}, meeting.NotChair},
			{"an adviser takes an item", a, meeting.TakeItem{Item: "gauge"}, meeting.NotChair},
			{"a head names the other side's chair", h, meeting.NameChair{Member: minister}, meeting.NotYourSide},
			{"an observer whispers", w, meeting.Whisper{On: true}, meeting.NotYourRole},
			{"an interpreter whispers from the booth", s, meeting.Whisper{On: true}, meeting.BoothSpeaks},
		} {
			for _, g := range all {
				g.quiet()
			}
			before := b.view("c1", nasrin)
			if code := c.by.do(c.do); code != string(c.want) {
				t.Errorf("%s: got %q, want %s", c.name, code, c.want)
			}
			for _, g := range all {
				if got := slices.DeleteFunc(g.quiet(), func(kind string) bool { return kind == "done" }); len(got) > 0 {
					t.Errorf("%s: %s was told %v", c.name, g.Member(), got)
				}
			}
			if after := b.view("c1", nasrin); after.Seq != before.Seq {
				t.Errorf("%s: something happened", c.name)
			}
		}

		// Two take over at the same moment, from the same colleague: the first has it, the second is told who has.
		s.send("air.take-over", 901, meeting.TakeOver{From: rashad})
		x.send("air.take-over", 902, meeting.TakeOver{From: rashad})
		if m := s.until("done", "refused"); m.Type != "done" {
			t.Errorf("the first: got %s", m.Body)
		}
		var no protocol.Refused
		if err := json.Unmarshal(x.until("done", "refused").Body, &no); err != nil || no.Code != string(meeting.ChannelTaken) || no.Args["member"] != string(sevil) {
			t.Errorf("the second: got %+v, want channel-taken by %s", no, sevil)
		}
		if v := b.view("c1", nasrin); v.Booth("fa").OnAir != sevil {
			t.Errorf("got %q on air, want %s", v.Booth("fa").OnAir, sevil)
		}
	})
}

// There is one back room a side, and no word by which one could enter the other: what asks for it by name is refused, and what asks for a seat gets none.
func TestTheOtherSidesBackRoomHasNoDoor(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		m, a, h := b.sits(minister), b.sits(adviser), b.sits(head)
		a.do(meeting.Whisper{On: true})
		m.do(meeting.EnterBackRoom{})
		h.quiet()
		var no *meeting.Refusal
		if err := h.Handle(t.Context(), protocol.Message{Type: "backroom.enter", ID: 900, Body: json.RawMessage(`{"party":"tehran"}`)}); !errors.As(err, &no) || no.Code != meeting.CommandUnknown {
			t.Errorf("got %v, want command-unknown", err)
		}
		if code := h.do(meeting.EnterBackRoom{}); code != "" { // the own one
			t.Error(code)
		}
		h.send("layout", 0, protocol.Layout{Tiles: []protocol.Tile{{Member: adviser, Source: protocol.Whispering, Width: 640, Height: 360, Pinned: true}}})
		time.Sleep(time.Second) // the bubble's clock
		if got := h.seats(); strings.Contains(got, string(protocol.Whispering)) {
			t.Errorf("the other head is seated before a whisper: %s", got)
		}
		if got := b.view("c1", head).BackRoom; slices.Contains(got.Whispering, adviser) || slices.Contains(got.Listening, minister) {
			t.Errorf("the other side is told %+v", got)
		}
		if got := b.view("c1", minister).BackRoom; slices.Contains(got.Listening, head) {
			t.Errorf("the other head is in our back room: %+v", got)
		}
	})
}

// The curtain is told when the last principal has the other's picture, once, to everybody, and before it would rise by itself.
func TestTheCurtainRisesWhenBothPrincipalsHaveEachOthersPicture(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.apart(t)
		n, l, m, h := b.sits(nasrin), b.sits(leyla), b.sits(minister), b.sits(head)
		told := func(g *guest) int {
			return len(slices.DeleteFunc(g.quiet(), func(kind string) bool { return kind != "curtain" }))
		}
		m.send("curtain.ready", 0, protocol.CurtainReady{}) // before the go it means nothing
		n.do(meeting.ReportReady{Ready: true})
		l.do(meeting.ReportReady{Ready: true})
		n.do(meeting.BeginTogether{})
		m.send("curtain.ready", 0, protocol.CurtainReady{})
		m.send("curtain.ready", 0, protocol.CurtainReady{})
		n.send("curtain.ready", 0, protocol.CurtainReady{})
		for _, g := range []*guest{n, l, m, h} {
			if got := told(g); got != 0 {
				t.Errorf("%s was told of the curtain before the second principal was ready", g.Member())
			}
		}
		h.send("curtain.ready", 0, protocol.CurtainReady{})
		for _, g := range []*guest{n, l, m} {
			if got := told(g); got != 1 {
				t.Errorf("%s was told %d times, want once", g.Member(), got)
			}
		}
		var c protocol.Curtain
		if err := json.Unmarshal(h.until("curtain").Body, &c); err != nil {
			t.Fatal(err)
		}
		rises, err := time.Parse(time.RFC3339, c.Rises)
		if left := rises.Sub(*b.view("c1", nasrin).Ceremony.Together); err != nil || left <= 0 || left > time.Second {
			t.Errorf("it rises %v after the go, want within a second", left)
		}
		// A page that has too much to do does not say that it knows the moment: a later one is told, while the first is still to come for whoever knew it.
		m.send("curtain.set", 0, protocol.CurtainSet(c))
		n.send("curtain.set", 0, protocol.CurtainSet(c)) // who is no principal settles nothing
		h.send("curtain.set", 0, protocol.CurtainSet{Rises: "then"})
		time.Sleep(time.Until(rises) - curtainLead/4) // the bubble's clock (testing/synctest), so that no time passes: until half of the lead is gone
		for _, g := range []*guest{n, l, m} {
			if got := told(g); got != 1 {
				t.Fatalf("%s was told of %d later moments, want one", g.Member(), got)
			}
		}
		if err := json.Unmarshal(h.until("curtain").Body, &c); err != nil {
			t.Fatal(err)
		}
		again, err := time.Parse(time.RFC3339, c.Rises)
		if put := again.Sub(rises); err != nil || put < curtainLead/4 || put > 2*curtainLead {
			t.Errorf("put off by %v, want enough to be told of and no more", put)
		}
		for _, g := range []*guest{m, h} {
			g.send("curtain.set", 0, protocol.CurtainSet(c))
		}
		time.Sleep(2 * curtainLongest) // the bubble's clock, so that no time passes: long after it is up
		for _, g := range []*guest{n, l, m, h} {
			if got := told(g); got != 0 {
				t.Errorf("%s was told of %d more moments when both knew of it", g.Member(), got)
			}
		}
	})
}
