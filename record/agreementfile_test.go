package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"astara/meeting"
)

// filed is an agreement with everything in it that a spreadsheet, a quote or a line's end could harm.
func filed() []FiledAgreement {
	at := time.Date(2026, 11, 23, 8, 30, 0, 5, time.UTC)
	terms := meeting.Terms{Kind: meeting.Protocol, InForce: "2026-02-01", Title: meeting.Words{"fa": "=cmd|' /C calc'!A0", "az": "'Tək dırnaq", "ru": "+7 дней; «кавычки»"},
		Text:       meeting.Words{"az": "Birinci \"sətir\"\nikinci, sətir;\tüçüncü", "fa": "-۱۰ درجه"},
		Areas:      []meeting.Area{{ID: "health"}, {ID: "fish", Names: meeting.Words{"az": "@Balıq"}}},
		Milestones: []meeting.Milestone{{ID: "lab", Title: meeting.Words{"az": "＝Laboratoriya", "fa": "آزمایشگاه"}, Due: "2026-03-21"}}}
	return []FiledAgreement{{Consultation: "c7", Agreement: &meeting.Agreement{ID: "a1", Effect: 1, Agreed: map[meeting.PartyID]int{}, Versions: []meeting.AgreementVersion{{Terms: terms}},
		Sides: map[meeting.PartyID]meeting.OwnAccount{"baku": {Responsible: "Leyla", Function: "Müdir", Reports: []meeting.Report{{At: at, Progress: meeting.UnderWay, Percent: 40, Note: "-5 dərəcə"}},
			Met: map[string]meeting.ISODate{"lab": "2026-03-20"}}, "tehran": {Reports: []meeting.Report{}, Met: map[string]meeting.ISODate{}}},
		Obstacles: []meeting.Obstacle{{Number: 1, Party: "baku", Text: meeting.Words{"az": "Avadanlıq"}, Decider: meeting.Decider{Body: "=Bank"}}, {Number: 2, Party: "tehran", Text: meeting.Words{"fa": "مجوز"}, Decider: meeting.Decider{Party: "tehran"}, Cleared: &time.Time{}}},
		Evidence:  []meeting.Evidence{{Number: 1, Party: "baku", Title: "Foto", URL: "https://x.example/?a=1"}}}}}
}

func TestFilesComeBackAsTheyWere(t *testing.T) {
	table, err := TableOfAgreements(filed())
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadTableOfAgreements(table)
	if err != nil || !reflect.DeepEqual(got, filed()) {
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(filed())
		t.Errorf("table: %v\n got %s\nwant %s", err, a, b)
	}
	again, err := TableOfAgreements(got)
	if err != nil || !bytes.Equal(again, table) {
		t.Errorf("the table of what was read is another one, %v", err)
	}
	whole, err := EncodeAgreements(filed())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := DecodeAgreements(whole); err != nil || !reflect.DeepEqual(got, filed()) {
		t.Errorf("whole: got %v, %v", got, err)
	}
	rows, err := ReadTable([]byte(strings.NewReplacer("\"", "").Replace("a;b,c\n1;2\n")))
	if err != nil || !reflect.DeepEqual(rows, [][]string{{"a;b", "c"}, {"1;2"}}) && len(rows) != 2 {
		t.Errorf("got %v, %v", rows, err)
	}
}

// No cell of a table begins with what a spreadsheet runs.
func TestTableIsDefused(t *testing.T) {
	table, err := TableOfAgreements(filed())
	if err != nil {
		t.Fatal(err)
	}
	for _, cell := range []string{"'=cmd", "'＝Lab", "'@Bal", "'-5 d", "'=Bank", "''Tək", "'+7"} {
		if !strings.Contains(string(table), cell) {
			t.Errorf("the table has no %q", cell)
		}
	}
	for _, cell := range []string{",=", ",@", ",+", ",-", "\"=", "\"@", ",＝"} {
		if strings.Contains(string(table), cell) {
			t.Errorf("the table has %q", cell)
		}
	}
}

func TestWrongFilesAreRefused(t *testing.T) {
	head := strings.Join(tableHead(), ",") + ",title.az\n"
	for _, x := range []struct {
		name, file string
		want       any
	}{
		{"nothing", "", &FileFault{1, Unreadable}},
		{"another table", "name,age\nx,1\n", &FileFault{1, Unreadable}},
		{"Latin-1", "record,\xe9\n", &FileFault{0, Unreadable}},
		{"a formula", head + "agreement,a,,,project,,,,,,,\"=HYPERLINK(\"\"http://x\"\")\"\n", &FileFault{2, Formula}},
		{"a formula with a sign", head + "agreement,a,,,project,,,,,,,-2+cmd|' /C calc'!A0\n", &FileFault{2, Formula}},
		{"a long cell", head + "agreement,a,,,project,,,,,,," + strings.Repeat("a", 1<<20) + "\n", &FileFault{2, LongCell}},
		{"a milestone of nothing", head + "milestone,a,m,,,2026-01-01,,,,,,x\n", &FileFault{2, Unreadable}},
		{"twice the same", head + "agreement,a,,,project,,,,,,,x\nagreement,a,,,project,,,,,,,x\n", &FileFault{3, Unreadable}},
		{"no number", head + "agreement,a,,,project,,,,,,,x\nside,a,,baku,done,,many,,,,,\n", &FileFault{3, Unreadable}},
		{"another calendar", head + "agreement,a,,,project,,,,,,,x\nmilestone,a,m,,,1404-05-12,,,,,,x\n", meeting.DateSolar},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, err := ReadTableOfAgreements([]byte(x.file))
			var fault *FileFault
			var no *meeting.Refusal
			switch {
			case errors.As(err, &fault) && reflect.DeepEqual(fault, x.want):
			case errors.As(err, &no) && no.Code == x.want:
			default:
				t.Errorf("got %v, want %v", err, x.want)
			}
		})
	}
	for _, file := range []string{"", "{", "[]", `{"format":"astara agreements 2","agreements":[]}`, `{"format":"astara agreements 1","agreements":[{"agreement":null}]}`,
		`{"format":"astara agreements 1","agreements":[{"agreement":{"id":"a","versions":[],"effect":1}}]}`, `{"format":"astara agreements 1","agreements":[],"more":1}`} {
		if _, err := DecodeAgreements([]byte(file)); !errors.As(err, new(*FileFault)) {
			t.Errorf("%s: got %v, want a fault", file, err)
		}
	}
}

// A file of what is in effect, taken in again unchanged, proposes nothing over new terms that wait for the other side's consent.
func TestUnchangedImportLeavesWhatWaits(t *testing.T) {
	now := filed()[0].Agreement
	changed := now.Versions[0].Terms
	changed.InForce = "2026-06-01"
	now.Versions = append(now.Versions, meeting.AgreementVersion{Terms: changed})
	have := map[meeting.AgreementID]*meeting.Agreement{now.ID: now}
	proposed := func(list []FiledAgreement) (out []meeting.ProposeAgreement) {
		for _, c := range PlanImport(list, "c7", have, "baku").Commands {
			if p, ok := c.(meeting.ProposeAgreement); ok {
				out = append(out, p)
			}
		}
		return out
	}
	if got := proposed(filed()); len(got) != 0 {
		t.Errorf("unchanged: got %+v, want no proposal", got)
	}
	other := filed()
	other[0].Agreement.Versions[0].Terms.InForce = "2026-09-01"
	if got := proposed(other); len(got) != 1 || got[0].Base != 2 || got[0].Terms.InForce != "2026-09-01" {
		t.Errorf("changed: got %+v, want one proposal after version 2", got)
	}
}

func FuzzReadTableOfAgreements(f *testing.F) {
	table, _ := TableOfAgreements(filed())
	f.Add(table)
	f.Add([]byte("record;agreement\n"))
	f.Add([]byte("\ufeffrecord\tagreement\n\"\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := ReadTableOfAgreements(b)
		if err != nil {
			return
		}
		once, err := TableOfAgreements(list)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ReadTableOfAgreements(once)
		if err != nil {
			t.Fatalf("%v in what was written\n%q\nof\n%q", err, once, b)
		}
		twice, err := TableOfAgreements(again)
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%v\n got %q\nwant %q", err, twice, once)
		}
		PlanImport(list, "c1", map[meeting.AgreementID]*meeting.Agreement{}, "baku")
	})
}

func FuzzDecodeAgreements(f *testing.F) {
	whole, _ := EncodeAgreements(filed())
	f.Add(whole)
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := DecodeAgreements(b)
		if err != nil {
			return
		}
		PlanImport(list, "c1", map[meeting.AgreementID]*meeting.Agreement{}, "baku")
		if _, err := TableOfAgreements(list); err != nil {
			t.Fatal(err)
		}
	})
}
