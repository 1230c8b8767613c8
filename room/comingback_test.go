package room

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"astara/meeting"
	"astara/protocol"
)

// busy is a consultation in which the minister has the floor and hears the back room, the adviser asks for it and whispers, and an interpreter
// is on air.
func (b *building) busy() (m, a, r *guest) {
	b.t.Helper()
	b.call("c1")
	b.do("c1", leyla, meeting.InviteMember{Person: invited("rashad", meeting.Interpreter)})
	b.do("c1", leyla, meeting.AdmitMembers{Members: []meeting.MemberID{rashad}})
	b.do("c1", leyla, meeting.AssignInterpreter{Member: rashad, Booth: "fa"})
	m, a, r = b.sits(minister), b.sits(adviser), b.sits(rashad)
	for _, x := range []struct {
		by *guest
		do meeting.Command
	}{{m, meeting.SetFloor{Mode: meeting.FloorModerated, Limit: 120}}, {m, meeting.GrantFloor{Member: minister, Turn: 0}}, {a, meeting.AskFloor{}},
		{m, meeting.EnterBackRoom{}}, {a, meeting.Whisper{On: true}}, {r, meeting.GoOnAir{}}} {
		if code := x.by.do(x.do); code != "" {
			b.t.Fatalf("%s: %s", x.do.Type(), code)
		}
	}
	return m, a, r
}

// stands compares floor and back room with those of before, and nobody may be on air.
func stands(t *testing.T, when string, before, now *meeting.Meeting) {
	t.Helper()
	f, g := before.Floor, now.Floor
	if g.Speaker != f.Speaker || f.Since == nil || g.Since == nil || !g.Since.Equal(*f.Since) || g.Turn != f.Turn || g.Mode != f.Mode || g.Limit != f.Limit || len(g.Queue) != 1 || g.Queue[0].Member != adviser {
		t.Errorf("%s: got the floor %+v, want %+v", when, g, f)
	}
	if !slices.Equal(now.BackRoom.Listening, before.BackRoom.Listening) || !slices.Equal(now.BackRoom.Whispering, before.BackRoom.Whispering) {
		t.Errorf("%s: got the back room %+v, want %+v", when, now.BackRoom, before.BackRoom)
	}
	if who := now.Booth("fa").OnAir; who != "" {
		t.Errorf("%s: %s is on air", when, who)
	}
}

func TestAPageThatIsLoadedAgain(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.busy()
		before := b.view("c1", minister)
		for _, page := range []string{"one", "another"} {
			for _, id := range []meeting.MemberID{minister, adviser, rashad} {
				g := b.connect("c1", id, "s-"+string(id))
				g.send("hello", 0, protocol.Hello{Version: protocol.Version, Page: page})
				g.greeted()
				g.ask("enter", nil)
			}
		}
		time.Sleep(20 * time.Second) // the bubble's clock: longer than any grace
		stands(t, "after a reload", before, b.view("c1", minister))
	})
}

func TestWhatAKillLeaves(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.busy()
		before := b.view("c1", minister)
		b.stop() // the record is all that is left
		next := reopen(t, b.ledger, func(*Config) {})
		for _, id := range []meeting.MemberID{minister, adviser, rashad} {
			next.sits(id)
		}
		time.Sleep(2 * floorWaits) // the bubble's clock
		stands(t, "after a kill", before, next.view("c1", minister))
		next.stop()

		// Who had the floor does not come back: it is given back, in the record, and the next one is the same.
		last := reopen(t, b.ledger, func(*Config) {})
		defer last.stop()
		last.sits(adviser)
		stands(t, "at first", before, last.view("c1", adviser))
		time.Sleep(2 * floorWaits) // the bubble's clock
		synctest.Wait()
		v := last.view("c1", adviser)
		if v.Floor.Speaker != "" || v.Floor.Spoken["tehran"] == 0 || v.NextOnFloor() != adviser {
			t.Errorf("got %+v, want a free floor and the adviser next", v.Floor)
		}
		if kept, _ := b.ledger.Events(t.Context(), "c1"); kept[len(kept)-1].Type != (meeting.FloorGivenBack{}).Type() {
			t.Errorf("the record ends with %s", kept[len(kept)-1].Type)
		}
	})
}

func TestWhoLosesTheLineWhileSpeakingGivesTheFloorBackAfterTheGrace(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		m, _, _ := b.busy()
		m.Close()
		time.Sleep(3 * time.Second) // the bubble's clock: within the grace
		if f := b.view("c1", adviser).Floor; f.Speaker != minister {
			t.Errorf("within the grace the floor is %+v", f)
		}
		time.Sleep(5 * time.Second) // the bubble's clock: past it
		f := b.view("c1", adviser).Floor
		if f.Speaker != "" || f.Spoken["tehran"] < 6000 || f.Spoken["tehran"] > 8000 {
			t.Errorf("after the grace it is %+v", f)
		}
	})
}

// The ceremony in its middle: one side is ready when the node falls. And at its end nobody keeps, or is told of, the principal of another side.
func TestTheCeremonyOverAKillAndItsEnd(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.apart(t)
		n, _ := b.sits(nasrin), b.sits(minister)
		if code := n.do(meeting.ReportReady{Ready: true}); code != "" {
			t.Fatal(code)
		}
		b.stop()
		next := reopen(t, b.ledger, func(*Config) {})
		defer next.stop()
		n, l, m, h := next.sits(nasrin), next.sits(leyla), next.sits(minister), next.sits(head)
		if v := next.view("c1", leyla); !v.Ceremony.Ready["tehran"] || v.Ceremony.Ready["baku"] || v.Members[minister].ID != "" {
			t.Errorf("after a kill %+v, %v", v.Ceremony, v.Members)
		}
		told := func(g *guest, what string) {
			t.Helper()
			if got := g.words(); strings.Contains(got, string(minister)) {
				t.Errorf("%s: the other side is told %s", what, got)
			}
		}
		told(l, "coming back")
		m.send("leave", 0, nil)
		told(l, "a principal who was ready goes away")
		next.sits(minister)
		n.do(meeting.NameChair{Member: minister})
		n.do(meeting.ReportReady{Ready: true})
		told(l, "reported ready again")
		h.words()
		l.do(meeting.ReportReady{Ready: true})
		l.do(meeting.BeginTogether{})
		l.words()
		n.do(meeting.EndTogether{})
		want(t, l.quiet(), "welcome seats")
		n.do(meeting.AdmitMembers{Members: []meeting.MemberID{minister}})
		back := next.sits(minister)
		back.do(meeting.SetCamera{On: true})
		told(l, "in the waiting room once more")
		if v := next.view("c1", leyla); v.Members[minister].ID != "" || v.Members[head].ID == "" {
			t.Errorf("the other side still lists %v", v.Members)
		}
	})
}

// words is all that a guest is sent, as it came.
func (g *guest) words() string {
	g.t.Helper()
	synctest.Wait()
	var all []string
	for {
		select {
		case o, ok := <-g.Out():
			var m protocol.Message
			if !ok || json.Unmarshal(o.JSON, &m) != nil {
				return strings.Join(all, "\n")
			}
			g.note(m)
			all = append(all, string(o.JSON))
		default:
			return strings.Join(all, "\n")
		}
	}
}
