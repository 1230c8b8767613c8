package meeting

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func railwayTerms() Terms {
	return Terms{Kind: Project, Title: Words{"fa": "راه‌آهن رشت–آستارا", "az": "Rəşt–Astara dəmir yolu"}, Text: Words{"fa": "ساخت ۱۶۴ کیلومتر راه‌آهن", "az": "164 km dəmir yolunun tikintisi"},
		Areas: []Area{{ID: "transport"}, {ID: "gauge", Names: Words{"az": "Kolleya"}}},
		Milestones: []Milestone{{ID: "land", Title: Words{"fa": "تملک زمین", "az": "Torpağın alınması"}, Due: "2026-03-01"},
			{ID: "rails", Title: Words{"fa": "ریل‌گذاری", "az": "Relslərin çəkilməsi"}, Due: "2027-09-01"}}}
}

func with(t Terms, f func(*Terms)) Terms { f(&t); return t }

// agreementSteps are a proposal, its life, and what is refused of it.
func agreementSteps() []said {
	moved := with(railwayTerms(), func(t *Terms) { t.Milestones = slices.Clone(t.Milestones); t.Milestones[0].Due = "2026-09-01" })
	return []said{
		{leyla, ProposeAgreement{"rail", 0, railwayTerms()}}, {head, ProposeAgreement{"x", 0, railwayTerms()}}, {leyla, ReportProgress{"rail", UnderWay, 10, ""}},
		{leyla, AgreeAgreement{"rail", 1}}, {nasrin, AgreeAgreement{"rail", 2}}, {nasrin, AgreeAgreement{"rail", 1}}, {leyla, WithdrawAgreement{"rail"}},
		{nasrin, NameResponsible{"rail", "شیرین فرهمند", "مدیرکل"}}, {leyla, ReportProgress{"rail", UnderWay, 70, "Relslər gəlib"}}, {nasrin, ReportProgress{"rail", Obstructed, 30, "زمین"}},
		{nasrin, ReportProgress{"rail", "?", 30, ""}}, {leyla, ReportProgress{"rail", UnderWay, 101, ""}}, {leyla, MarkMilestone{"rail", "land", "2026-02-28"}}, {leyla, MarkMilestone{"rail", "bridge", "2026-02-28"}},
		{leyla, MarkMilestone{"rail", "rails", "1404-12-09"}}, {leyla, RaiseObstacle{"rail", Words{"az": "Torpaq alınmayıb"}, Decider{Party: "tehran"}}}, {nasrin, RaiseObstacle{"rail", Words{"az": "?"}, Decider{}}},
		{nasrin, ClearObstacle{"rail", 1}}, {leyla, ProposeAgreement{"rail", 1, moved}}, {nasrin, ProposeAgreement{"rail", 1, railwayTerms()}}, {nasrin, AgreeAgreement{"rail", 2}},
		{leyla, ClearObstacle{"rail", 1}}, {nasrin, AddEvidence{"rail", "Foto", "https://rail.example/1", ""}}, {nasrin, AddEvidence{"rail", "Foto", "javascript:alert(1)", ""}}, {leyla, WithdrawEvidence{"rail", 1}},
		{nasrin, WithdrawEvidence{"rail", 1}}, {nasrin, ProposeAgreement{"idea", 0, railwayTerms()}}, {leyla, WithdrawAgreement{"idea"}}, {nasrin, WithdrawAgreement{"idea"}},
		{nasrin, AgreeAgreement{"idea", 1}},
	}
}

func TestAgreementOfBothSides(t *testing.T) {
	m := play(t, append(seated(), agreementSteps()[:1]...)...)
	a := m.Agreements["rail"]
	both := []PartyID{"tehran", "baku"}
	if r := a.Review(both, "2026-01-01"); r.State != ReviewProposed || !slices.Equal(r.Waiting, []PartyID{"tehran"}) {
		t.Errorf("got %+v, want proposed and waiting for tehran", r)
	}
	m = New("c1")
	for _, s := range append(seated(), agreementSteps()...) {
		events, err := m.Decide(s.by, s.c, noon())
		if err != nil && !errors.As(err, new(*Refusal)) {
			t.Fatal(err)
		}
		for _, e := range events {
			m.Apply(roundTrip(t, e))
			for _, id := range []MemberID{head, nasrin, leyla} {
				if AgreementOf(e) != "" && m.Sees(id, e) {
					t.Errorf("%s is sent %s at the table", id, e.Type)
				}
			}
		}
	}
	a = m.Agreements["rail"]
	r := a.Review(both, "2026-09-03")
	if a.Effect != 2 || r.State != ReviewLate || len(r.Late) != 1 || r.Late[0].Days != 2 || !slices.Equal(r.Late[0].Open, []PartyID{"tehran"}) {
		t.Errorf("got effect %d, %+v, want version 2, late by two days at tehran", a.Effect, r)
	}
	if !r.Returns {
		t.Error("what is late does not come back")
	}
	if want := []Difference{DifferProgress, DifferPercent, DifferMilestone}; !slices.Equal(r.Differ, want) {
		t.Errorf("got %v, want %v", r.Differ, want)
	}
	if r := a.Review(both, "2026-09-01"); r.State != ReviewBlocked || len(r.Late) != 0 || r.Next.ID != "land" {
		t.Errorf("got %+v, want blocked: on its day it is not late", r)
	}
	if !m.Agreements["idea"].Withdrawn {
		t.Error("a proposal that was taken back is there")
	}
}

func TestAgreementRefused(t *testing.T) {
	for _, x := range []struct {
		name string
		edit func(*Terms)
		want RefusalCode
	}{
		{"another calendar", func(t *Terms) { t.Milestones = []Milestone{{"a", Words{"fa": "ا", "az": "a"}, "1404-05-12"}} }, DateSolar},
		{"no such day", func(t *Terms) { t.Milestones = []Milestone{{"a", Words{"fa": "ا", "az": "a"}, "2026-02-30"}} }, DateWrong},
		{"no day", func(t *Terms) { t.Milestones = []Milestone{{"a", Words{"fa": "ا", "az": "a"}, ""}} }, DateWrong},
		{"a long day", func(t *Terms) { t.InForce, t.Kind = ISODate(strings.Repeat("9", 1<<20)), Protocol }, DateWrong},
		{"a language short", func(t *Terms) { t.Title = Words{"az": "a"} }, TitleMissing},
		{"a long text", func(t *Terms) { t.Text = Words{"az": strings.Repeat("a", 10<<20)} }, TooLong},
		{"a kind of its own", func(t *Terms) { t.Kind = "treaty" }, AgreementWrong},
		{"in force, but no protocol", func(t *Terms) { t.InForce = "2026-01-01" }, AgreementWrong},
		{"an area without a name", func(t *Terms) { t.Areas = []Area{{ID: "fish"}} }, NameEmpty},
		{"a milestone twice", func(t *Terms) { t.Milestones = append(t.Milestones, t.Milestones[0]) }, AgreementWrong},
	} {
		t.Run(x.name, func(t *testing.T) {
			m := play(t, seated()...)
			_, err := m.Decide(leyla, ProposeAgreement{"a", 0, with(railwayTerms(), x.edit)}, noon())
			var no *Refusal
			if !errors.As(err, &no) || no.Code != x.want {
				t.Errorf("got %v, want %s", err, x.want)
			}
		})
	}
}

// Of an import all is done or nothing, and the state stays as it is until its events are applied.
func TestImportAgreements(t *testing.T) {
	m := play(t, append(seated(), agreementSteps()[0], agreementSteps()[5])...)
	commands := []Command{ProposeAgreement{"road", 0, railwayTerms()}, NameResponsible{"road", "Leyla", ""}, ReportProgress{"rail", Fulfilled, 100, ""}}
	events, err := m.Decide(leyla, ImportAgreements{commands}, noon())
	if err != nil || len(events) != 3 || m.Agreements["road"] != nil || len(m.Agreements["rail"].Sides) != 0 {
		t.Fatalf("got %v, %v and %d agreements, want three events and nothing else", events, err, len(m.Agreements))
	}
	for _, e := range events {
		m.Apply(e)
	}
	if m.Agreements["road"].Sides["baku"].Responsible != "Leyla" || m.Agreements["rail"].Sides["baku"].Last().Percent != 100 {
		t.Error("not all of it was done")
	}
	if _, err := play(t, seated()...).Decide(leyla, ImportAgreements{commands[:2]}, noon()); err != nil {
		t.Errorf("into a consultation without agreements: %v", err)
	}
	if _, err := m.Decide(leyla, ImportAgreements{append(commands, AgreeAgreement{"none", 1})}, noon()); err == nil {
		t.Error("an import with a fault was taken")
	}
}

// Long after the consultation, and after it was cancelled, what was undertaken goes on; nothing new begins.
func TestAgreementOutlivesItsConsultation(t *testing.T) {
	m := play(t, append(seated(), agreementSteps()[0], agreementSteps()[5], said{leyla, CancelConsultation{}})...)
	if _, err := m.Decide(nasrin, ReportProgress{"rail", UnderWay, 5, ""}, noon().Add(3*365*24*time.Hour)); err != nil {
		t.Errorf("got %v, want a report", err)
	}
	var no *Refusal
	if _, err := m.Decide(nasrin, ProposeAgreement{"new", 0, railwayTerms()}, noon()); !errors.As(err, &no) || no.Code != IsCancelled {
		t.Errorf("got %v, want %s", err, IsCancelled)
	}
}

func TestAgendaItemComesBackOnce(t *testing.T) {
	ref := &AgreementRef{"c0", "rail"}
	twice := changed(func(j *Joint) {
		j.Agenda[0].Agreement = ref
		j.Agenda = append(j.Agenda, AgendaItem{ID: "again", Title: j.Agenda[0].Title, Agreement: &AgreementRef{"c0", "rail"}})
	})
	m := play(t, seated()...)
	var no *Refusal
	if _, err := m.Decide(leyla, ChangeConsultation{twice, 1}, noon()); !errors.As(err, &no) || no.Code != ItemTwice {
		t.Errorf("got %v, want %s", err, ItemTwice)
	}
}
