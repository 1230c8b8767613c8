package record

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"astara/meeting"
)

// Files of terms: a table (CSV), one term a line and one language a column, and TBX-Basic (ISO 30042, termbase.go) for the tools of translators. A line
// that cannot be taken in is told with its reason, and the others are not held up by it.

// FiledNames is one term of a file that is read.
type FiledNames struct {
	Row   int            // line of the table, or number of the entry, from 1
	ID    meeting.TermID // that the file gives it; empty: none
	Facts meeting.TermFacts
}

// RowFault is what is wrong with one line: a *FileFault or a *meeting.Refusal.
type RowFault struct {
	Row int
	Err error
}

const maxTermRows = meeting.MaxTerms

// termHead are the columns beside those of the languages. The last two are for the reader of the table alone.
func termHead() []string { return []string{"id", "area", "note", "source", "state", "side"} }

// State of a term as a table writes it.
func (f FiledTerm) State() string {
	switch t := f.Term; {
	case t.To != meeting.All:
		return "own"
	case t.Effect == t.Version:
		return "agreed"
	case t.Effect > 0:
		return "changed"
	}
	return "proposed"
}

// TermLanguages are those in which terms have names: the interface's first, then the others in their order.
func TermLanguages(list []FiledTerm) []meeting.Language {
	has := map[meeting.Language]bool{}
	for _, f := range list {
		for l := range f.Term.InUse().Names {
			has[l] = true
		}
	}
	rank := func(l meeting.Language) int {
		if i := slices.Index([]meeting.Language{"fa", "az", "az-Cyrl", "en", "ru"}, l); i >= 0 {
			return i
		}
		return 99
	}
	out := slices.Sorted(maps.Keys(has))
	slices.SortStableFunc(out, func(a, b meeting.Language) int { return rank(a) - rank(b) })
	return out
}

// TableOfTerms writes the table, in the words that people go by.
func TableOfTerms(list []FiledTerm) ([]byte, error) {
	languages := TermLanguages(list)
	head := termHead()
	for _, l := range languages {
		head = append(head, string(l))
	}
	rows := [][]string{head}
	for _, f := range list {
		x := f.Term.InUse()
		row := []string{string(f.Consultation) + "/" + string(f.Term.ID), x.Area, x.Note, x.Source, f.State(), string(f.Term.Party)}
		for _, l := range languages {
			row = append(row, joinNames(x.Names[l]))
		}
		for i := range row {
			row[i] = defuse(row[i])
		}
		rows = append(rows, row)
	}
	var b bytes.Buffer
	b.WriteString(bom)
	c := csv.NewWriter(&b)
	c.UseCRLF = true
	err := c.WriteAll(rows)
	return b.Bytes(), err
}

// Names of one language stand in one cell, divided by a bar; a bar of a name is written twice.
func joinNames(list []string) string {
	var out []string
	for _, name := range list {
		out = append(out, strings.ReplaceAll(name, "|", "||"))
	}
	return strings.Join(out, " | ")
}

func splitNames(cell string) []string {
	const bar = "\x00"
	var out []string
	for name := range strings.SplitSeq(strings.ReplaceAll(strings.ReplaceAll(cell, bar, ""), "||", bar), "|") {
		if name = strings.TrimSpace(strings.ReplaceAll(name, bar, "|")); name != "" {
			out = append(out, name)
		}
	}
	return out
}

// termColumns finds out what each column is.
func termColumns(head []string) (columns map[string]int, languages map[meeting.Language]int, err error) {
	columns, languages = map[string]int{}, map[meeting.Language]int{}
	for i, name := range head {
		name = strings.ToLower(strings.TrimSpace(name))
		l := meeting.Language(name)
		switch {
		case name == "":
			continue
		case slices.Contains(termHead(), name):
			if _, twice := columns[name]; twice {
				return nil, nil, &ColumnFault{name}
			}
			columns[name] = i
			continue
		case name == "az-cyrl":
			l = "az-Cyrl"
		case !l.Valid():
			return nil, nil, &ColumnFault{name}
		}
		if _, twice := languages[l]; twice {
			return nil, nil, &ColumnFault{name}
		}
		languages[l] = i
	}
	if len(languages) == 0 || len(languages) > meeting.MaxTermLanguages {
		return nil, nil, &FileFault{1, Unreadable}
	}
	return columns, languages, nil
}

// ColumnFault names a column that is none, or stands there twice.
type ColumnFault struct{ Column string }

func (f *ColumnFault) Error() string { return "column " + f.Column }

// ReadTableOfTerms reads the table, whatever stands between its cells. An error is of the whole: no such table.
func ReadTableOfTerms(b []byte) ([]FiledNames, []RowFault, error) {
	c, err := tableOf(b)
	if err != nil {
		return nil, nil, err
	}
	head, err := c.Read()
	if err != nil {
		return nil, nil, &FileFault{1, Unreadable}
	}
	columns, languages, err := termColumns(head)
	if err != nil {
		return nil, nil, err
	}
	var out []FiledNames
	var faults []RowFault
	for row := 2; ; row++ {
		cells, err := c.Read()
		switch {
		case errors.Is(err, io.EOF):
			return out, faults, nil
		case err != nil: // where the next line begins is not known any more
			return out, append(faults, RowFault{row, &FileFault{row, Unreadable}}), nil
		case row > maxTermRows+1:
			return nil, nil, &meeting.Refusal{Code: meeting.TooManyItems, Args: map[string]any{"max": maxTermRows}}
		case strings.TrimSpace(strings.Join(cells, "")) == "":
			continue
		}
		x, err := readTerm(cells, row, columns, languages)
		if err != nil {
			faults = append(faults, RowFault{row, err})
			continue
		}
		out = append(out, x)
	}
}

func readTerm(cells []string, row int, columns map[string]int, languages map[meeting.Language]int) (FiledNames, error) {
	x := FiledNames{Row: row, Facts: meeting.TermFacts{Names: meeting.Names{}}}
	for i := range cells {
		var err error
		if cells[i], err = arm(cells[i], row); err != nil {
			return x, err
		}
	}
	at := func(i int, ok bool) string {
		if !ok || i >= len(cells) {
			return ""
		}
		return cells[i]
	}
	for l, i := range languages {
		if names := splitNames(at(i, true)); len(names) > 0 {
			x.Facts.Names[l] = names
		}
	}
	for name, to := range map[string]*string{"area": &x.Facts.Area, "note": &x.Facts.Note, "source": &x.Facts.Source} {
		i, ok := columns[name]
		*to = at(i, ok)
	}
	i, ok := columns["id"]
	_, id, found := strings.Cut(at(i, ok), "/") // of a table that was written here
	if found {
		x.ID = meeting.TermID(id)
	}
	var err error
	x.Facts, err = x.Facts.Clean()
	return x, err
}

// tableOf reads a table's lines, whatever stands between its cells: a comma, a semicolon or a tab.
func tableOf(b []byte) (*csv.Reader, error) {
	b = bytes.TrimPrefix(b, []byte(bom))
	if !utf8.Valid(b) {
		return nil, &FileFault{0, Unreadable}
	}
	head, _, _ := bytes.Cut(b, []byte("\n"))
	c := csv.NewReader(bytes.NewReader(b))
	c.FieldsPerRecord = -1
	for _, sep := range []rune{';', '\t'} {
		if bytes.Count(head, []byte(string(sep))) > bytes.Count(head, []byte(string(c.Comma))) {
			c.Comma = sep
		}
	}
	return c, nil
}

// TermPlan is what a file would do in a consultation.
type TermPlan struct {
	Command            meeting.ImportTerms
	New, Changed, Same int
}

// PlanTerms turns a file into a command. A term that the file names by its id, or that has the same first name in each language that both have, is
// changed; any other is new. have are those of the consultation that the side may read; newID makes ids.
func PlanTerms(list []FiledNames, to meeting.Audience, have []meeting.Term, newID func() string) TermPlan {
	var p TermPlan
	byID, byName := map[meeting.TermID]meeting.Term{}, map[string][]meeting.Term{}
	for _, t := range have {
		byID[t.ID] = t
		for l, names := range t.Facts.Names {
			byName[firstKey(l, names)] = append(byName[firstKey(l, names)], t)
		}
	}
	used := map[meeting.TermID]bool{}
	fresh := map[string]bool{}
	for _, x := range list {
		t, ok := byID[x.ID]
		if !ok {
			t, ok = sameTerm(x.Facts, byName, used)
		}
		key := wholeKey(x.Facts)
		switch {
		case ok && used[t.ID] || !ok && fresh[key]: // twice in the file
			p.Same++
			continue
		case !ok:
			p.New++
			fresh[key] = true
			p.Command.Terms = append(p.Command.Terms, meeting.WriteTerm{ID: meeting.TermID(newID()), To: to, Facts: x.Facts})
			continue
		}
		used[t.ID] = true
		if t.Facts.Same(x.Facts) && (t.To == to || t.To == meeting.All) {
			p.Same++
			continue
		}
		p.Changed++
		p.Command.Terms = append(p.Command.Terms, meeting.WriteTerm{ID: t.ID, Base: t.Version, To: to, Facts: x.Facts})
	}
	return p
}

func firstKey(l meeting.Language, names []string) string { return string(l) + " " + names[0] }

func wholeKey(f meeting.TermFacts) string {
	var b strings.Builder
	for _, l := range slices.Sorted(maps.Keys(f.Names)) {
		b.WriteString(firstKey(l, f.Names[l]) + "\n")
	}
	return b.String()
}

func sameTerm(f meeting.TermFacts, byName map[string][]meeting.Term, used map[meeting.TermID]bool) (meeting.Term, bool) {
	for _, l := range slices.Sorted(maps.Keys(f.Names)) {
		for _, t := range byName[firstKey(l, f.Names[l])] {
			differs := false
			for other, names := range t.Facts.Names {
				differs = differs || len(f.Names[other]) > 0 && f.Names[other][0] != names[0]
			}
			if !differs && !used[t.ID] && !t.Gone() {
				return t, true
			}
		}
	}
	return meeting.Term{}, false
}
