package record

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"astara/meeting"
)

func termsOf(facts ...meeting.TermFacts) []FiledTerm {
	var out []FiledTerm
	for i, f := range facts {
		f, err := f.Clean()
		if err != nil {
			panic(err)
		}
		out = append(out, FiledTerm{Consultation: "c1", Term: meeting.Term{ID: meeting.TermID(fmt.Sprint("t", i)), Party: "tehran", To: meeting.All, Version: 1, Facts: f}})
	}
	return out
}

func someTerms() []FiledTerm {
	return termsOf(
		meeting.TermFacts{Names: meeting.Names{"fa": {"راه‌آهن", "خط آهن"}, "az": {"dəmir yolu"}, "az-Cyrl": {"дәмир јолу"}, "ru": {"железная дорога"}}, Area: "transport", Note: "of two lines,\n\"both\"", Source: "Protocol 3"},
		meeting.TermFacts{Names: meeting.Names{"en": {"=SUM(A1)", "a|b", "'quoted"}, "fa": {"-1"}}, Note: "+cmd|' /C calc'!A0"},
		meeting.TermFacts{Names: meeting.Names{"de": {"Spur <1520> & \"breit\""}}})
}

func TestTermsComeBackFromTheirFiles(t *testing.T) {
	list := someTerms()
	table, e1 := TableOfTerms(list)
	base, e2 := TermBase(list)
	if err := errors.Join(e1, e2); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(table), "\r\n") {
		for _, cell := range strings.Split(line, ",") {
			if strings.HasPrefix(strings.TrimPrefix(cell, `"`), "=") || strings.HasPrefix(cell, "+") {
				t.Errorf("a spreadsheet would run %q", cell)
			}
		}
	}
	for name, read := range map[string]func() ([]FiledNames, []RowFault, error){
		"table": func() ([]FiledNames, []RowFault, error) { return ReadTableOfTerms(table) },
		"semicolons": func() ([]FiledNames, []RowFault, error) {
			return ReadTableOfTerms([]byte("fa;az\nمرز;sərhəd | hüdud"))
		},
		"base":    func() ([]FiledNames, []RowFault, error) { return ReadTermBase(base) },
		"of 2008": func() ([]FiledNames, []RowFault, error) { return ReadTermBase([]byte(martif)) },
		"heads in capitals": func() ([]FiledNames, []RowFault, error) {
			return ReadTableOfTerms([]byte(" FA ,Az-CYRL,Note\nمرز,сәрһәд,x"))
		},
	} {
		got, faults, err := read()
		if err != nil || len(faults) > 0 {
			t.Errorf("%s: got %v, %v", name, faults, err)
			continue
		}
		var want []meeting.TermFacts
		switch name {
		case "semicolons":
			want = []meeting.TermFacts{{Names: meeting.Names{"fa": {"مرز"}, "az": {"sərhəd", "hüdud"}}}}
		case "of 2008":
			want = []meeting.TermFacts{{Names: meeting.Names{"az": {"sərhəd", "hüdud"}, "fa": {"مرز"}, "az-Cyrl": {"сәрһәд"}}, Area: "customs", Note: "a line"}}
		case "heads in capitals":
			want = []meeting.TermFacts{{Names: meeting.Names{"fa": {"مرز"}, "az-Cyrl": {"сәрһәд"}}, Note: "x"}}
		default:
			for _, f := range list {
				want = append(want, f.Term.Facts)
			}
		}
		for i, x := range got {
			if name == "base" { // white space within a text is the file's own
				x.Facts.Note = strings.Join(strings.Fields(x.Facts.Note), " ")
				want[i].Note = strings.Join(strings.Fields(want[i].Note), " ")
			}
			if i >= len(want) || !x.Facts.Same(want[i]) {
				t.Errorf("%s: got %+v, want %+v", name, x.Facts, want)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: got %d, want %d", name, len(got), len(want))
		}
	}
}

const martif = `<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXBasiccoreStructV02.dtd">
<martif type="TBX-Basic" xml:lang="en"><text><body><termEntry id="1"><descripGrp><descrip type="subjectField">customs</descrip></descripGrp><descrip type="definition">a line</descrip>
<langSet xml:lang="az-Latn-AZ"><tig><term>hüdud</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></tig><ntig><termGrp><term>sərhəd</term></termGrp></ntig></langSet>
<langSet xml:lang="fa_IR"><tig><term>مرز</term></tig></langSet><langSet xml:lang="az-Cyrl-AZ"><tig><term>сәрһәд</term></tig></langSet></termEntry></body></text></martif>`

func TestWhatIsWrongWithAFileOfTerms(t *testing.T) {
	for name, x := range map[string]struct {
		text string
		want string // faults, or the error of the whole
		n    int    // that can be taken in
	}{
		"good":                 {"fa,az\nمرز,sərhəd\n", "", 1},
		"a mark before it":     {"\ufefffa,az\nمرز,sərhəd\n", "", 1},
		"nothing":              {"", "row 1: unreadable", 0},
		"no language":          {"note,area\nx,y\n", "row 1: unreadable", 0},
		"no such column":       {"fa,price €\nمرز,1\n", "column price €", 0},
		"a column twice":       {"fa,az,FA\nمرز,sərhəd,x\n", "column fa", 0},
		"not UTF-8":            {"fa,az\n\xff,b\n", "row 0: unreadable", 0},
		"a formula":            {"fa,az\nمرز,sərhəd\n=1+1,x\nگمرک,gömrük\n", "3 row 3: formula", 2},
		"a full-width one":     {"fa,az\n＝1,x\n", "2 row 2: formula", 0},
		"a call":               {"fa,az\n-2+cmd(1),x\n", "2 row 2: formula", 0},
		"a sign":               {"fa,az\n-1,x\n", "", 1},
		"no name":              {"fa,az,note\n,,x\n", "2 refused: name-empty", 0},
		"too long a name":      {"fa\n" + strings.Repeat("ا", 201) + "\nمرز\n", "2 refused: name-wrong", 1},
		"a megabyte of a cell": {"fa\nمرز\n" + strings.Repeat("ا", 1<<20) + "\n", "3 row 3: long", 1},
		"a name that turns":    {"fa\na\u202eb\n", "2 refused: name-wrong", 0},
		"a quote left open":    {"fa,az\nمرز,sərhəd\n\"a,b\n", "3 row 3: unreadable", 1},
		"too many names":       {"fa\n" + strings.Repeat("a|", 20) + "b\n", "2 refused: too-many-items", 0},
		"too many lines":       {"fa\n" + strings.Repeat("a\n", meeting.MaxTerms+1), "refused: too-many-items", 0},
		"empty lines":          {"fa,az\n,\n\nمرز,sərhəd\n", "", 1},
		"ragged":               {"fa,az\nمرز\nگمرک,gömrük,more\n", "", 2},
	} {
		list, faults, err := ReadTableOfTerms([]byte(x.text))
		got := fmt.Sprint(err)
		if err == nil {
			var all []string
			for _, f := range faults {
				all = append(all, fmt.Sprint(f.Row, " ", f.Err))
			}
			got = strings.Join(all, "; ")
		}
		if got != x.want || len(list) != x.n {
			t.Errorf("%s: got %q and %d, want %q and %d", name, got, len(list), x.want, x.n)
		}
	}
	deep := `<martif>` + strings.Repeat("<a>", 100)
	for name, text := range map[string]string{"nothing": "", "another file": "<html></html>", "an entity": `<!DOCTYPE tbx [<!ENTITY a "b">]><tbx><text>&a;</text></tbx>`, "cut": "<tbx><text>", "deep": deep,
		"two": "<tbx></tbx><conceptEntry></conceptEntry>", "another encoding": `<?xml version="1.0" encoding="UTF-16"?><tbx></tbx>`} {
		if list, _, err := ReadTermBase([]byte(text)); err == nil {
			t.Errorf("%s: got %v, want a fault", name, list)
		}
	}
}

func TestAFileOfTermsAgainChangesNothing(t *testing.T) {
	list := someTerms()
	table, err := TableOfTerms(list)
	if err != nil {
		t.Fatal(err)
	}
	read, _, err := ReadTableOfTerms(table)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	id := func() string { n++; return fmt.Sprint("new", n) }
	var have []meeting.Term
	first := PlanTerms(append(slices.Clone(read), read...), meeting.All, nil, id)
	if first.New != 3 || first.Same != 3 {
		t.Errorf("got %+v, want three new and three said twice", first)
	}
	for _, f := range list {
		have = append(have, f.Term)
	}
	if p := PlanTerms(read, meeting.All, have, id); p.Same != 3 || len(p.Command.Terms) != 0 {
		t.Errorf("got %+v, want nothing to do", p)
	}
	for i := range read { // a table without ids, and with another note
		read[i].ID, read[i].Facts.Note = "", "other"
	}
	p := PlanTerms(read, meeting.All, have, id)
	if p.Changed != 3 || p.Command.Terms[0].ID != "t0" || p.Command.Terms[0].Base != 1 {
		t.Errorf("got %+v, want three changed", p)
	}
	// Of two things with one name in one language the other languages tell which is meant.
	gauge := termsOf(meeting.TermFacts{Names: meeting.Names{"en": {"gauge"}, "ru": {"колея"}}}, meeting.TermFacts{Names: meeting.Names{"en": {"gauge"}, "ru": {"датчик"}}})
	p = PlanTerms([]FiledNames{{Row: 2, Facts: meeting.TermFacts{Names: meeting.Names{"en": {"gauge"}, "ru": {"датчик"}, "az": {"ölçü cihazı"}}}}, {Row: 3, Facts: meeting.TermFacts{Names: meeting.Names{"en": {"gauge"}, "ru": {"манометр"}}}}},
		meeting.All, []meeting.Term{gauge[0].Term, gauge[1].Term}, id)
	if p.New != 1 || p.Changed != 1 || p.Command.Terms[0].ID != "t1" {
		t.Errorf("got %+v", p)
	}
}

func FuzzTermFiles(f *testing.F) {
	table, _ := TableOfTerms(someTerms())
	base, _ := TermBase(someTerms())
	for _, b := range [][]byte{table, base, []byte(martif), []byte("fa;az\n'=1;\"a\nb\"\n"), []byte("fa\t\naz\n")} {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, read := range []func([]byte) ([]FiledNames, []RowFault, error){ReadTableOfTerms, ReadTermBase} {
			list, _, err := read(b)
			if err != nil {
				continue
			}
			var facts []meeting.TermFacts
			for _, x := range list {
				facts = append(facts, x.Facts)
			}
			again, err := TableOfTerms(termsOf(facts...))
			if err != nil {
				t.Fatal(err)
			}
			back, faults, err := ReadTableOfTerms(again)
			if len(list) > 0 && len(languagesOf(list)) <= meeting.MaxTermLanguages && (err != nil || len(faults) > 0 || len(back) != len(list)) {
				t.Fatalf("got %v, %v, %v of %v", back, faults, err, list)
			}
			for i := range back {
				back[i].Row, back[i].ID = list[i].Row, list[i].ID
			}
			if len(back) == len(list) && len(list) > 0 && !reflect.DeepEqual(normal(back), normal(list)) {
				t.Fatalf("got %+v, want %+v", back, list)
			}
		}
	})
}

func languagesOf(list []FiledNames) map[meeting.Language]bool {
	out := map[meeting.Language]bool{}
	for _, x := range list {
		for l := range x.Facts.Names {
			out[l] = true
		}
	}
	return out
}

// normal: a table keeps no line break of another kind, and joins no spaces.
func normal(list []FiledNames) []string {
	var out []string
	for _, x := range list {
		out = append(out, fmt.Sprint(x.Facts.Names, strings.ReplaceAll(x.Facts.Note, "\r", ""), x.Facts.Area, x.Facts.Source))
	}
	return out
}
