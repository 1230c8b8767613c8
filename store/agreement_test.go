package store

import (
	"database/sql"
	"errors"
	"testing"

	"astara/auth"
	"astara/meeting"
	"astara/record"
)

func railTerms(due meeting.ISODate) meeting.Terms {
	return meeting.Terms{Kind: meeting.Project, Title: meeting.Words{"fa": "راه‌آهن آستارا", "az": "Astara dəmir yolu"}, Text: meeting.Words{"az": "Kolleya 1520 mm"},
		Milestones: []meeting.Milestone{{ID: "m", Title: meeting.Words{"fa": "پل", "az": "Körpü"}, Due: due}}}
}

// The list follows the events, is seen by the parties alone, and its newest words are found.
func TestAgreementsAcrossConsultations(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	append1 := func(by meeting.MemberID, c meeting.Command) {
		t.Helper()
		if err := s.Append(t.Context(), "c1", decide(t, m, by, c)); err != nil {
			t.Fatal(err)
		}
	}
	append1("roads-az/leyla", meeting.TakeUp{Secretary: meeting.Person{ID: "leyla", Name: "Leyla", Role: meeting.Secretary, Language: "az"}})
	append1("roads-ir/sara", meeting.ProposeAgreement{ID: "rail", Terms: railTerms("2026-03-01")})
	append1("roads-az/leyla", meeting.AgreeAgreement{ID: "rail", Version: 1})
	append1("roads-az/leyla", meeting.ReportProgress{ID: "rail", Progress: meeting.UnderWay, Percent: 40})
	changed := railTerms("2026-09-01")
	changed.Text = meeting.Words{"az": "Kolleya 1435 mm"}
	append1("roads-ir/sara", meeting.ProposeAgreement{ID: "rail", Base: 1, Terms: changed})
	append1("roads-ir/sara", meeting.ProposeAgreement{ID: "idea", Terms: railTerms("2026-03-01")})
	append1("roads-ir/sara", meeting.WithdrawAgreement{ID: "idea"})

	list, err := s.Agreements(t.Context(), "roads-az")
	if err != nil || len(list) != 1 || list[0].Agreement.Effect != 1 || len(list[0].Agreement.Versions) != 2 || list[0].Agreement.Sides["roads-az"].Last().Percent != 40 {
		t.Fatalf("got %+v, %v, want the railway with two versions, the first in effect", list, err)
	}
	if one, err := s.Agreement(t.Context(), "roads-ir", "c1", "rail"); err != nil || one.Agreement.ID != "rail" || len(one.Parties()) != 2 {
		t.Errorf("got %+v, %v, want the railway", one, err)
	}
	if list, err := s.Agreements(t.Context(), "ports"); err != nil || len(list) != 0 {
		t.Errorf("another party: got %v, %v, want nothing", list, err)
	}
	if _, err := s.Agreement(t.Context(), "ports", "c1", "rail"); !errors.Is(err, auth.ErrNone) {
		t.Errorf("another party: got %v, want %v", err, auth.ErrNone)
	}
	wantTexts(t, s, "roads-az", "1520", "Kolleya 1520 mm") // in effect, however many proposals there are
	wantTexts(t, s, "roads-az", "1435", "Kolleya 1435 mm") // proposed
	wantTexts(t, s, "roads-az", "körpü", "Körpü")          // the same in both
	wantTexts(t, s, "ports", "1435")
	hits, err := s.Search(t.Context(), "roads-ir", record.NewQuery("körpü"), 5)
	if err != nil || len(hits) != 1 || hits[0].Kind != record.Agreed {
		t.Errorf("got %+v, %v, want the milestone of the railway alone", hits, err)
	}
	// A database of an earlier program, in which a proposal hid what was in effect.
	if err := s.change(t.Context(), func(tx *sql.Tx) error {
		return errors.Join(unindex(t.Context(), tx, `seq = ?`, list[0].Agreement.Versions[0].Seq), s.fill(t.Context(), tx, termsVersion))
	}); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, s, "roads-az", "1520", "Kolleya 1520 mm")
	wantTexts(t, s, "roads-az", "1435", "Kolleya 1435 mm")
	wantTexts(t, s, "roads-az", "körpü", "Körpü")
	wantTexts(t, s, "ports", "1520")
	append1("roads-az/leyla", meeting.AgreeAgreement{ID: "rail", Version: 2})
	wantTexts(t, s, "roads-az", "1520") // words of a version that has passed
	wantTexts(t, s, "roads-az", "1435", "Kolleya 1435 mm")
	wantTexts(t, s, "roads-az", "körpü", "Körpü")
	if err := s.change(t.Context(), func(tx *sql.Tx) error { return indexAll(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, s, "roads-az", "1520") // made anew it is the same
	wantTexts(t, s, "roads-az", "1435", "Kolleya 1435 mm")
	wholeLog(t, s, "c1")
}

func TestRestDaysAreKept(t *testing.T) {
	s := open(t)
	called(t, s, "c1")
	none, err := s.RestDays(t.Context(), "roads-ir")
	if err != nil || none.Days == nil || none.Weekly == nil {
		t.Fatalf("got %+v, %v, want empty lists", none, err)
	}
	if err := s.PutParty(t.Context(), jointFacts().Parties[0]); err != nil {
		t.Fatal(err)
	}
	want, err := meeting.RestDays{Weekly: []int{5}, Days: []meeting.RestDay{{Date: "2027-03-21", Name: "نوروز"}, {Date: "2027-03-20", Working: true}}}.Clean()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutRestDays(t.Context(), "roads-ir", want); err != nil {
		t.Fatal(err)
	}
	got, err := s.RestDays(t.Context(), "roads-ir")
	if name, rests := got.Rests("2027-03-21"); err != nil || !rests || name != "نوروز" {
		t.Errorf("got %+v, %v, want Nowruz", got, err)
	}
}
