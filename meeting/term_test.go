package meeting

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func named(names Names) TermFacts { return TermFacts{Names: names} }

func TestATermOfTwoSides(t *testing.T) {
	railway := named(Names{"fa": {"راه‌آهن", " راه‌آهن "}, "az": {"dəmir  yolu", ""}})
	better := named(Names{"fa": {"راه‌آهن"}, "az": {"dəmir yolu xətti"}})
	ours, theirs := ToParty("tehran"), ToParty("baku")
	gone := railway
	gone.Retired = true
	for name, x := range map[string]struct {
		steps []said
		code  RefusalCode
		state string
	}{
		"begun":               {[]said{{nasrin, WriteTerm{"t", 0, ours, railway}}}, "", "v1 e0 [] party:tehran dəmir yolu"},
		"of a delegate":       {[]said{{minister, WriteTerm{"t", 0, ours, railway}}}, NotYourRole, ""},
		"for the other side":  {[]said{{nasrin, WriteTerm{"t", 0, theirs, railway}}}, NotYourSide, ""},
		"without a name":      {[]said{{nasrin, WriteTerm{"t", 0, ours, named(Names{"fa": {" "}})}}}, NameEmpty, ""},
		"in no language":      {[]said{{nasrin, WriteTerm{"t", 0, ours, named(Names{"x": {"a"}})}}}, LanguagesWrong, ""},
		"too long a name":     {[]said{{nasrin, WriteTerm{"t", 0, ours, named(Names{"fa": {strings.Repeat("ا", MaxTermName+1)}})}}}, NameWrong, ""},
		"a name that turns":   {[]said{{nasrin, WriteTerm{"t", 0, ours, named(Names{"fa": {"a\u202eb"}})}}}, NameWrong, ""},
		"unknown":             {[]said{{nasrin, AgreeTerms{[]SeenTerm{{"t", 1}}}}}, UnknownTerm, ""},
		"own is not theirs":   {[]said{{nasrin, WriteTerm{"t", 0, ours, railway}}, {leyla, AgreeTerms{[]SeenTerm{{"t", 1}}}}}, UnknownTerm, "v1 e0 [] party:tehran dəmir yolu"},
		"own is not guessed":  {[]said{{nasrin, WriteTerm{"t", 0, ours, railway}}, {leyla, WriteTerm{"t", 0, All, railway}}}, UnknownTerm, "v1 e0 [] party:tehran dəmir yolu"},
		"own is agreed by no": {[]said{{nasrin, WriteTerm{"t", 0, ours, railway}}, {nasrin, AgreeTerms{[]SeenTerm{{"t", 1}}}}}, NotYourSide, "v1 e0 [] party:tehran dəmir yolu"},
		"shared":              {[]said{{nasrin, WriteTerm{"t", 0, ours, railway}}, {nasrin, WriteTerm{"t", 1, All, railway}}}, "", "v2 e0 [tehran] all dəmir yolu"},
		"shared stays so":     {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {nasrin, WriteTerm{"t", 1, ours, better}}}, "", "v2 e0 [tehran] all dəmir yolu xətti"},
		"said twice":          {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {leyla, WriteTerm{"t", 1, All, railway}}}, "", "v1 e0 [tehran] all dəmir yolu"},
		"agreed":              {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {leyla, AgreeTerms{[]SeenTerm{{"t", 1}}}}}, "", "v1 e1 [baku tehran] all dəmir yolu"},
		"an older version":    {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {nasrin, WriteTerm{"t", 1, All, better}}, {leyla, AgreeTerms{[]SeenTerm{{"t", 1}}}}}, VersionPassed, "v2 e0 [tehran] all dəmir yolu xətti"},
		"other words":         {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {leyla, AgreeTerms{[]SeenTerm{{"t", 1}}}}, {leyla, WriteTerm{"t", 1, All, better}}}, "", "v2 e1 [baku] all dəmir yolu"},
		"both go over":        {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {leyla, AgreeTerms{[]SeenTerm{{"t", 1}}}}, {leyla, WriteTerm{"t", 1, All, better}}, {nasrin, AgreeTerms{[]SeenTerm{{"t", 2}}}}}, "", "v2 e2 [baku tehran] all dəmir yolu xətti"},
		"back to what stands": {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {leyla, AgreeTerms{[]SeenTerm{{"t", 1}}}}, {leyla, WriteTerm{"t", 1, All, better}}, {nasrin, WriteTerm{"t", 2, All, railway}}}, "", "v3 e3 [baku tehran] all dəmir yolu"},
		"withdrawn":           {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {nasrin, WithdrawTerm{"t"}}, {leyla, AgreeTerms{[]SeenTerm{{"t", 1}}}}}, UnknownTerm, "gone"},
		"not theirs to":       {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {leyla, WithdrawTerm{"t"}}}, NotYourSide, "v1 e0 [tehran] all dəmir yolu"},
		"agreed stays":        {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {leyla, AgreeTerms{[]SeenTerm{{"t", 1}}}}, {nasrin, WithdrawTerm{"t"}}}, AlreadyInEffect, "v1 e1 [baku tehran] all dəmir yolu"},
		"not put away":        {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {leyla, WriteTerm{"t", 1, All, gone}}}, NotInEffect, "v1 e0 [tehran] all dəmir yolu"},
		"put away by one":     {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {leyla, AgreeTerms{[]SeenTerm{{"t", 1}}}}, {leyla, WriteTerm{"t", 1, All, gone}}}, "", "v2 e1 [baku] all dəmir yolu"},
		"put away by both":    {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {leyla, AgreeTerms{[]SeenTerm{{"t", 1}}}}, {leyla, WriteTerm{"t", 1, All, gone}}, {nasrin, AgreeTerms{[]SeenTerm{{"t", 2}}}}}, "", "gone"},
		"a file":              {[]said{{nasrin, ImportTerms{[]WriteTerm{{"t", 0, All, railway}, {"t", 0, All, railway}}}}}, VersionPassed, ""},
		"all or nothing":      {[]said{{nasrin, ImportTerms{[]WriteTerm{{"t", 0, All, railway}, {"u", 1, All, railway}}}}}, UnknownTerm, ""},
		"when it is over":     {[]said{{nasrin, WriteTerm{"t", 0, All, railway}}, {leyla, CancelConsultation{}}, {leyla, AgreeTerms{[]SeenTerm{{"t", 1}}}}}, "", "v1 e1 [baku tehran] all dəmir yolu"},
		"nothing new then":    {[]said{{leyla, CancelConsultation{}}, {nasrin, WriteTerm{"t", 0, All, railway}}}, IsCancelled, ""},
	} {
		m := play(t, seated()...)
		var code RefusalCode
		for _, s := range x.steps {
			code = try(m, s.by, s.c)
		}
		state := ""
		if u := m.Terms["t"]; u != nil {
			var agreed []string
			for p, v := range u.Agreed {
				if v == u.Version {
					agreed = append(agreed, string(p))
				}
			}
			slices.Sort(agreed)
			if state = fmt.Sprintf("v%d e%d %v %s %s", u.Version, u.Effect, agreed, u.To, u.InUse().Names["az"][0]); u.Gone() {
				state = "gone"
			}
		}
		if code != x.code || state != x.state {
			t.Errorf("%s: got %q, %q, want %q, %q", name, code, state, x.code, x.state)
		}
	}
}

func TestATermNotedInABooth(t *testing.T) {
	m := play(t, interpreted()...)
	note := named(Names{"az": {"relslər"}, "fa": {"ریل"}})
	if code := try(m, head, NoteTerm{Facts: note}); code != NotYourRole {
		t.Errorf("got %q", code)
	}
	seq := m.Seq
	if code := try(m, rashad, NoteTerm{Facts: note}); code != "" {
		t.Fatal(code)
	}
	id := TermID(fmt.Sprint("n", seq+1))
	x := m.Terms[id]
	if x == nil || x.To != ToParty("baku") || x.Booth != "az" || x.By != rashad {
		t.Fatalf("got %+v", x)
	}
	for who, n := range map[MemberID]int{aydin: 0, rashad: 0, minister: 0} { // of their own side, or of another booth
		if got := m.View(who).Terms; len(got) != n {
			t.Errorf("%s reads %v", who, got)
		}
	}
	if code := try(m, nasrin, AssignInterpreter{aydin, "az"}); code != "" {
		t.Fatal(code)
	}
	if got := m.View(aydin).Terms; len(got) != 1 || got[id] == nil {
		t.Errorf("a colleague of the other side reads %v", got)
	}
	if code := try(m, aydin, NoteTerm{ID: id, Base: 1, Facts: note}); code != UnknownTerm {
		t.Errorf("got %q", code)
	}
	note.Note = "of steel"
	if code := try(m, sevil, NoteTerm{ID: id, Base: 1, Facts: note}); code != "" || m.Terms[id].Facts.Note != "of steel" || m.Terms[id].Version != 2 {
		t.Errorf("a colleague corrects it: %q, %+v", code, m.Terms[id])
	}
	if code := try(m, rashad, NoteTerm{ID: id, Base: 1, Facts: note}); code != VersionPassed {
		t.Errorf("got %q", code)
	}
	if code := try(m, head, WithdrawTerm{ID: id}); code != NotYourRole {
		t.Errorf("got %q", code)
	}
	if code := try(m, leyla, WriteTerm{ID: id, Base: 2, To: All, Facts: note}); code != "" || m.Terms[id].To != All {
		t.Errorf("the secretary shares it: %q", code)
	}
	if code := try(m, sevil, NoteTerm{ID: id, Base: 3, Facts: note}); code != NotYourBooth {
		t.Errorf("got %q", code)
	}
	if got := m.View(aydin).Terms; len(got) != 0 { // it is all sides' now, and read with theirs
		t.Errorf("got %v", got)
	}
}

// try is one command, carried out; the code of its refusal, or nothing.
func try(m *Meeting, by MemberID, c Command) RefusalCode {
	events, err := m.Decide(by, c, noon())
	var no *Refusal
	if errors.As(err, &no) {
		return no.Code
	}
	for _, e := range events {
		m.Apply(e)
	}
	return ""
}
