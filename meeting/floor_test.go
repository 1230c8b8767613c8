package meeting

import (
	"fmt"
	"testing"
	"time"
)

// longTable has two delegates more on each side, all of whom ask in this order: tehran, tehran, baku, tehran, baku.
func longTable(more ...said) []said {
	out := seated()
	for _, id := range []PersonID{"d1", "d2"} {
		out = append(out, said{nasrin, InviteMember{person(id, Delegate)}}, said{leyla, InviteMember{person(id, Delegate)}},
			said{nasrin, AdmitMembers{[]MemberID{"tehran/" + MemberID(id)}}}, said{leyla, AdmitMembers{[]MemberID{"baku/" + MemberID(id)}}},
			said{"tehran/" + MemberID(id), Come{}}, said{"baku/" + MemberID(id), Come{}})
	}
	out = append(out, said{"tehran/d1", AskFloor{}}, said{"tehran/d2", AskFloor{}}, said{"baku/d1", AskFloor{}}, said{adviser, AskFloor{}}, said{"baku/d2", AskFloor{}})
	return append(out, more...)
}

func TestTheChairsKeyGivesTheFloorInOrder(t *testing.T) {
	for _, c := range []struct {
		name string
		from []said
		want []MemberID
	}{
		{"in order of request", longTable(), []MemberID{"tehran/d1", "tehran/d2", "baku/d1", adviser, "baku/d2"}},
		{"sides alternate", longTable(said{head, SetFloor{FloorOpen, true, 0}}), []MemberID{"tehran/d1", "baku/d1", "tehran/d2", "baku/d2", adviser}},
		{"a point of order comes first", longTable(said{"baku/d2", AskFloor{Point: true}}), []MemberID{"baku/d2", "tehran/d1", "tehran/d2", "baku/d1", adviser}},
		{"two points of order, in their order", longTable(said{"baku/d2", AskFloor{Point: true}}, said{adviser, AskFloor{Point: true}}), []MemberID{"baku/d2", adviser, "tehran/d1", "tehran/d2", "baku/d1"}},
		{"who is away is passed over", longTable(said{"tehran/d1", Leave{}}), []MemberID{"tehran/d2", "baku/d1", adviser, "baku/d2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := play(t, c.from...)
			var got []MemberID
			for m.NextOnFloor() != "" {
				does(t, m, head, GrantFloor{Turn: m.Floor.Turn})
				got = append(got, m.Floor.Speaker)
			}
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// does is a command that is allowed, a minute after the one before.
func does(t *testing.T, m *Meeting, by MemberID, c Command) {
	t.Helper()
	events, err := m.Decide(by, c, noon().Add(time.Duration(m.Seq)*time.Minute))
	if err != nil {
		t.Fatalf("%s: %v", c.Type(), err)
	}
	for _, e := range events {
		m.Apply(e)
	}
}

func TestTheTimeOfASideIsThatOfItsInterventions(t *testing.T) {
	m := play(t, seated()...)
	from := m.Seq
	does(t, m, head, GrantFloor{head, 0})                     // minute 0
	does(t, m, minister, GrantFloor{minister, 1})             // 1: baku spoke for a minute
	does(t, m, watcher, SayChat{All, "a minute"})             // 2
	does(t, m, minister, GiveFloorBack{})                     // 3: tehran for two
	does(t, m, watcher, SayChat{All, "silence"})              // 4
	does(t, m, head, GrantFloor{adviser, 3})                  // 5
	does(t, m, head, TakeFloorBack{4})                        // 6: and one
	does(t, m, head, GrantFloor{head, 5})                     // 7
	does(t, m, leyla, RemoveMember{head})                     // 8: taken out while speaking
	does(t, m, minister, GrantFloor{minister, 7})             // 9
	does(t, m, minister, SetFloor{FloorModerated, false, 60}) // 10: another mode begins with a free floor
	if got := m.Seq - from; got != 11 {
		t.Fatalf("got %d events, want 11", got)
	}
	minute := int(time.Minute.Milliseconds())
	if got := m.Floor.Spoken; got["baku"] != 2*minute || got["tehran"] != 4*minute {
		t.Errorf("got %v, want 2 and 4 minutes", got)
	}
	if f := m.Floor; f.Speaker != "" || f.Since != nil || f.Turn != 9 || f.Last != "tehran" {
		t.Errorf("got %+v", f)
	}
}

func TestWhoIsHeard(t *testing.T) {
	all := []MemberID{head, minister, adviser, nasrin, watcher, "baku/voice"}
	interpreter := []said{{leyla, InviteMember{person("voice", Interpreter)}}, {leyla, AdmitMembers{[]MemberID{"baku/voice"}}}, {"baku/voice", Come{}}}
	at := func(more ...said) []said { return append(append(seated(), interpreter...), more...) }
	for _, c := range []struct {
		name string
		from []said
		want string
	}{
		{"an open floor", at(), "head minister nasrin voice"},
		{"an adviser with the floor", at(said{head, GrantFloor{adviser, 0}}), "head minister adviser nasrin voice"},
		{"moderated, nobody has it", at(said{head, SetFloor{FloorModerated, false, 0}}), "voice"},
		{"moderated, an adviser has it", at(said{head, SetFloor{FloorModerated, false, 0}}, said{head, GrantFloor{adviser, 0}}), "adviser voice"},
		{"moderated, a chair has it", at(said{head, SetFloor{FloorModerated, false, 0}}, said{head, GrantFloor{head, 0}}), "head voice"},
		{"nobody is here", begun(), ""},
		{"cancelled", at(said{leyla, CancelConsultation{}}), ""},
	} {
		m := play(t, c.from...)
		got := ""
		for _, id := range all {
			if m.Heard(id) {
				if got != "" {
					got += " "
				}
				got += string(id.Person())
			}
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestTheFloorOutlivesTheProcess(t *testing.T) {
	var events []Event
	m := New("c1")
	for i, s := range longTable(said{head, SetFloor{FloorModerated, true, 60}}, said{leyla, NameChair{leyla}}, said{leyla, GrantFloor{}}, said{leyla, GrantFloor{Turn: 1}}) {
		es, err := m.Decide(s.by, s.c, noon().Add(time.Duration(i)*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range es {
			m.Apply(e)
			if e.Lasting() {
				events = append(events, roundTrip(t, e))
			}
		}
	}
	got := Restore("c1", events)
	if g, w := asJSON(t, got.Floor), asJSON(t, m.Floor); g != w {
		t.Errorf("got %s, want %s", g, w)
	}
	if got.Chair("baku") != leyla || got.Chair("tehran") != minister {
		t.Errorf("got chairs %q and %q", got.Chair("baku"), got.Chair("tehran"))
	}
}

func TestAHandOfAnEarlyRecordIsARequest(t *testing.T) {
	b, err := DecodeEventBody("hand.raised", []byte(`{"member":"baku/head"}`))
	if want := (FloorAsked{Member: head}); err != nil || b != EventBody(want) {
		t.Errorf("got %v, %v, want %v", b, err, want)
	}
	if b, err = DecodeEventBody("hand.lowered", []byte(`{"member":"baku/head"}`)); err != nil || b != EventBody(FloorWithdrawn{Member: head}) {
		t.Errorf("got %v, %v", b, err)
	}
}
