package meeting

import (
	"errors"
	"testing"
)

const (
	aydin  = MemberID("tehran/aydin") // interprets into Persian
	rashad = MemberID("baku/rashad")  // interprets into Azerbaijani
	sevil  = MemberID("baku/sevil")   // his colleague
)

// interpreted is a table with a booth for each of its two languages.
func interpreted() []said {
	return append(seated(),
		said{nasrin, InviteMember{person("aydin", Interpreter)}}, said{leyla, InviteMember{person("rashad", Interpreter)}}, said{leyla, InviteMember{person("sevil", Interpreter)}},
		said{nasrin, AssignInterpreter{aydin, "fa"}}, said{leyla, AssignInterpreter{rashad, "az"}}, said{leyla, AssignInterpreter{sevil, "az"}},
		said{aydin, Come{}}, said{rashad, Come{}}, said{sevil, Come{}}, said{nasrin, AdmitMembers{}}, said{leyla, AdmitMembers{}},
		said{leyla, ChangeMember{Person{ID: "head", Name: "HEAD", Role: Head, Language: "az"}}}, said{leyla, SetBoothLanguages{"az", []Language{"fa"}, "fa"}})
}

// threeInBooth is a booth of three, one of them on air.
func threeInBooth() []said {
	return append(interpreted(), said{leyla, InviteMember{person("third", Interpreter)}}, said{leyla, AssignInterpreter{"baku/third", "az"}}, said{"baku/third", Come{}},
		said{leyla, AdmitMembers{}}, said{rashad, GoOnAir{}})
}

func TestBoothRefusals(t *testing.T) {
	on := append(interpreted(), said{rashad, GoOnAir{}})
	full := append(interpreted(), said{leyla, AssignInterpreter{rashad, "fa"}}, said{leyla, AssignInterpreter{sevil, "fa"}},
		said{leyla, InviteMember{person("a", Interpreter)}}, said{leyla, InviteMember{person("b", Interpreter)}}, said{leyla, AssignInterpreter{"baku/a", "fa"}})
	for _, c := range []struct {
		name string
		from []said
		by   MemberID
		do   Command
		want RefusalCode
	}{
		{"into a channel that is not the booth's", on, aydin, GoOnAir{"az"}, NotYourBooth},
		{"both at once", on, sevil, GoOnAir{}, ChannelTaken},
		{"a delegate on air", on, minister, GoOnAir{}, NotYourBooth},
		{"an observer takes over", on, watcher, TakeOver{}, NotYourBooth},
		{"another booth's interpreter takes over", on, aydin, TakeOver{}, NotOnAir},
		{"two take over at once", append(threeInBooth(), said{sevil, TakeOver{From: rashad}}), "baku/third", TakeOver{From: rashad}, ChannelTaken},
		{"nothing to take over", interpreted(), sevil, TakeOver{}, NotOnAir},
		{"accepts what was not offered", on, sevil, AcceptHandover{}, NothingOffered},
		{"accepts the own offer", append(on, said{rashad, OfferHandover{true}}), rashad, AcceptHandover{}, NothingOffered},
		{"offers what one does not have", on, sevil, OfferHandover{true}, NotOnAir},
		{"the fifth in a booth", full, leyla, AssignInterpreter{"baku/b", "fa"}, BoothFull},
		{"a secretary assigns the other side's", interpreted(), nasrin, AssignInterpreter{rashad, "fa"}, NotYourSide},
		{"a head assigns", interpreted(), head, AssignInterpreter{rashad, "fa"}, NotYourRole},
		{"a booth of no language of the meeting", interpreted(), leyla, AssignInterpreter{rashad, "de"}, LanguagesWrong},
		{"a booth says what another works from", interpreted(), aydin, SetBoothLanguages{"az", []Language{"fa"}, ""}, NotYourBooth},
		{"a language twice", interpreted(), leyla, SetBoothLanguages{"az", []Language{"fa", "fa"}, ""}, LanguagesWrong},
		{"the second is the first", interpreted(), leyla, SetBoothLanguages{"az", nil, "az"}, LanguagesWrong},
		{"a booth's microphone to the floor", on, rashad, SetMicrophone{true}, BoothSpeaks},
		{"a delegate calls for slowness", on, minister, AskSlower{}, NotYourBooth},
		{"an adviser says what another speaks", append(on, said{minister, NoteSpeaker{}}), watcher, MarkFloorLanguage{"az"}, NotYourRole},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := play(t, c.from...)
			before := asJSON(t, m)
			_, err := m.Decide(c.by, c.do, noon())
			var no *Refusal
			if !errors.As(err, &no) || no.Code != c.want {
				t.Fatalf("got %v, want %s", err, c.want)
			}
			if asJSON(t, m) != before {
				t.Fatal("a refusal changed the meeting")
			}
		})
	}
}

func TestARestartPutsNobodyOnAir(t *testing.T) {
	var events []Event
	m := New("c1")
	for _, s := range append(interpreted(), said{minister, NoteSpeaker{}}, said{rashad, SuspendInterpretation{SuspendedSound}}, said{aydin, GoOnAir{}}, said{head, ListenTo{Choice{Kind: Original}}}) {
		more, err := m.Decide(s.by, s.c, noon())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range more {
			m.Apply(e)
			if e.Lasting() {
				events = append(events, e)
			}
		}
	}
	r := Restore("c1", events)
	if b := r.Booth("fa"); b.OnAir != "" || b.Outgoing != "" {
		t.Errorf("got %+v, want nobody on air", b)
	}
	if r.Interpretation.Floor != "fa" || r.Interpretation.Speaker != minister || r.Booth("az").Suspended != SuspendedSound || r.Members[rashad].Booth != "az" {
		t.Errorf("got %+v, want the same floor, suspension and booths", r.Interpretation)
	}
	if len(r.Interpretation.Listening) != 0 {
		t.Errorf("got %v, want no choices", r.Interpretation.Listening)
	}
}

func TestSlownessIsAskedByNobody(t *testing.T) {
	m := play(t, interpreted()...)
	events, err := m.Decide(rashad, AskSlower{}, noon())
	if err != nil || len(events) != 1 || events[0].By != "" || events[0].Party != "" {
		t.Fatalf("got %+v, %v, want one event without a name", events, err)
	}
}
