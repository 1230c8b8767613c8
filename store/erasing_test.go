package store

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"astara/auth"
	"astara/meeting"
	"astara/record"
)

// TestAnErasedTermIsNowhere: not in its events, not in the glossary and not in what it joined; the others of its file stay.
func TestAnErasedTermIsNowhere(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	for _, c := range []meeting.Command{write(meeting.All, "secret", meeting.Names{"az": {"gizli ad"}, "en": {"hidden name"}}), say("the hidden name here"),
		meeting.WriteTerm{ID: "secret", To: meeting.All, Base: 1, Facts: meeting.TermFacts{Names: meeting.Names{"az": {"gizli söz"}, "en": {"hidden name"}}, Note: "gizli qeyd"}},
		write(meeting.All, "bridge", meeting.Names{"az": {"körpü"}, "en": {"bridge"}})} {
		if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", c)); err != nil {
			t.Fatal(err)
		}
	}
	if got, _ := joinedTexts(t, s, "roads-az", "gizli söz"); len(got) != 1 {
		t.Fatalf("got %q, want what the glossary joins", got)
	}
	if err := s.EraseTerm(t.Context(), "c1", "secret", eraser, noon); err != nil {
		t.Fatal(err)
	}
	if err := s.EraseTerm(t.Context(), "c1", "secret", eraser, noon); !errors.Is(err, auth.ErrNone) {
		t.Errorf("again: got %v, want %v", err, auth.ErrNone)
	}
	v := wholeLog(t, s, "c1")
	if len(v.Erasures) != 2 || v.Erased != 2 || v.Unexplained != 0 || v.Erasures[0].What != meeting.ErasedTerm || len(v.Erasures[0].Hashes) != 1 {
		t.Errorf("got %d erased, %d unexplained, %+v, want both events of the term", v.Erased, v.Unexplained, v.Erasures)
	}
	events := must(s.Events(t.Context(), "c1"))
	for _, e := range events {
		if b, ok := e.Body.(meeting.TermsWritten); ok && strings.Contains(strings.Join(slices.Concat(b.Terms[0].Facts.Names["az"], b.Terms[0].Facts.Names["en"]), " ")+b.Terms[0].Facts.Note, "gizli") {
			t.Errorf("event %d has its words: %+v", e.Seq, b)
		}
	}
	if x := meeting.Restore("c1", events).Terms["secret"]; x == nil || !x.Gone() || len(x.Facts.Names) != 0 {
		t.Errorf("the state has %+v", x)
	}
	if got, _ := joinedTexts(t, s, "roads-az", "gizli söz"); len(got) != 0 {
		t.Errorf("it still joins: got %q", got)
	}
	if list := must(s.Terms(t.Context(), "roads-az")); len(list) != 1 || list[0].Term.ID != "bridge" {
		t.Errorf("got %+v, want the bridge alone", list)
	}
	if last := must(s.Erasures(t.Context())); last["c1"] != events[len(events)-1].Seq {
		t.Errorf("got %v, want the last event", last)
	}

	// What sits in a room takes it out by what is stored.
	if !m.Forget(events) || m.Forget(events) {
		t.Error("want that it is forgotten, once")
	}
	if x := m.Terms["secret"]; !x.Gone() || len(x.Facts.Names) != 0 {
		t.Errorf("the room has %+v", x)
	}
}

// TestAnErasedFileOfTerms keeps the words of the others.
func TestAnErasedFileOfTerms(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	facts := func(name string) meeting.TermFacts { return meeting.TermFacts{Names: meeting.Names{"az": {name}}} }
	e := meeting.Event{Seq: m.Seq + 1, At: noon, Party: "roads-ir", By: "roads-ir/sara", Type: meeting.TermsWritten{}.Type(),
		Body: meeting.TermsWritten{To: meeting.All, Terms: []meeting.WrittenTerm{{ID: "a", Version: 1, Facts: facts("liman")}, {ID: "b", Version: 1, Facts: facts("gizli")}}}}
	if err := errors.Join(s.Append(t.Context(), "c1", []meeting.Event{e}), s.EraseTerm(t.Context(), "c1", "b", record.Erasure{Person: "A", Authority: "B"}, noon)); err != nil {
		t.Fatal(err)
	}
	if list := must(s.Terms(t.Context(), "roads-az")); len(list) != 1 || list[0].Term.Facts.Names["az"][0] != "liman" {
		t.Errorf("got %+v, want the other one", list)
	}
	if err := s.EraseTerm(t.Context(), "c1", "a", eraser, noon); err != nil { // of an entry that has no salt any more
		t.Error(err)
	}
	if v := wholeLog(t, s, "c1"); len(v.Erasures) != 2 || v.Erased != 1 || v.Unexplained != 0 {
		t.Errorf("got %d erased, %d unexplained, %+v", v.Erased, v.Unexplained, v.Erasures)
	}
}
