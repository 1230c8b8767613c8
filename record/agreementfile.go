package record

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"astara/meeting"
)

// Files of agreements: a table (CSV) for spreadsheets, with the terms in effect and each side's last word, and the whole with every version
// (JSON). Both are read back to what was written. Nothing in a file is run: not here, and not in the spreadsheet that it comes from or goes to.

// FileFault says what is wrong with a file, and where: Row counts lines of the table from 1, and 0 is the file as a whole.
type FileFault struct {
	Row  int
	Kind FaultKind
}

// FaultKind is what is wrong.
type FaultKind string

// The kinds.
const (
	Unreadable FaultKind = "unreadable" // no such table, column, record or value
	Formula    FaultKind = "formula"    // a cell that a spreadsheet would run
	LongCell   FaultKind = "long"
)

func (f *FileFault) Error() string { return "row " + strconv.Itoa(f.Row) + ": " + string(f.Kind) }

const (
	agreementsFormat = "astara agreements 1"
	maxCell          = meeting.MaxAgreementText + 100 // letters
	maxRows          = 50_000
)

// bom tells a spreadsheet that the table is UTF-8.
const bom = "\ufeff"

// FiledAgreement is an agreement in a file.
type FiledAgreement struct {
	Consultation meeting.ConsultationID `json:"consultation,omitempty"`
	Agreement    *meeting.Agreement     `json:"agreement"`
}

// EncodeAgreements writes the complete file.
func EncodeAgreements(list []FiledAgreement) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(struct {
		Format     string           `json:"format"`
		Agreements []FiledAgreement `json:"agreements"`
	}{agreementsFormat, append([]FiledAgreement{}, list...)})
	return b.Bytes(), err
}

// DecodeAgreements reads the complete file.
func DecodeAgreements(b []byte) ([]FiledAgreement, error) {
	var f struct {
		Format     string           `json:"format"`
		Agreements []FiledAgreement `json:"agreements"`
	}
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, []byte(bom))))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil || f.Format != agreementsFormat {
		return nil, &FileFault{0, Unreadable}
	}
	for i, x := range f.Agreements {
		if x.Agreement == nil || len(x.Agreement.Versions) == 0 || x.Agreement.Effect < 0 || x.Agreement.Effect > len(x.Agreement.Versions) {
			return nil, &FileFault{i + 1, Unreadable}
		}
	}
	return f.Agreements, nil
}

// The columns before those of the languages.
const (
	colRecord = iota
	colAgreement
	colKey
	colParty
	colKind
	colDate
	colPercent
	colName
	colFunction
	colURL
	colNote
	colTexts
)

func tableHead() []string {
	return []string{"record", "agreement", "key", "party", "kind", "date", "percent", "name", "function", "url", "note"}
}

// TableOfAgreements writes the table.
func TableOfAgreements(list []FiledAgreement) ([]byte, error) {
	languages := map[meeting.Language]bool{}
	for _, f := range list {
		t := f.Agreement.Terms()
		words := []meeting.Words{t.Title, t.Text}
		for _, m := range t.Milestones {
			words = append(words, m.Title)
		}
		for _, x := range t.Areas {
			words = append(words, x.Names)
		}
		for _, o := range f.Agreement.Obstacles {
			words = append(words, o.Text)
		}
		for _, w := range words {
			for l := range w {
				languages[l] = true
			}
		}
	}
	w := &tableWriter{languages: slices.Sorted(maps.Keys(languages))}
	head := tableHead()
	for _, part := range []string{"title.", "text."} {
		for _, l := range w.languages {
			head = append(head, part+string(l))
		}
	}
	w.rows = append(w.rows, head)
	for _, f := range list {
		w.agreement(f)
	}
	var b bytes.Buffer
	b.WriteString(bom)
	c := csv.NewWriter(&b)
	c.UseCRLF = true
	err := c.WriteAll(w.rows)
	return b.Bytes(), err
}

type tableWriter struct {
	languages []meeting.Language
	rows      [][]string
}

// row adds one; cells are column and value by turns.
func (w *tableWriter) row(title, text meeting.Words, cells ...any) {
	out := make([]string, colTexts+2*len(w.languages))
	for i := 0; i+1 < len(cells); i += 2 {
		out[cells[i].(int)] = defuse(cells[i+1].(string))
	}
	for i, l := range w.languages {
		out[colTexts+i], out[colTexts+len(w.languages)+i] = defuse(title[l]), defuse(text[l])
	}
	w.rows = append(w.rows, out)
}

func (w *tableWriter) agreement(f FiledAgreement) {
	a := f.Agreement
	t, id := a.Terms(), string(a.ID)
	if f.Consultation != "" { // an agreement's id is one within its consultation
		id = string(f.Consultation) + "/" + id
	}
	var areas []string
	for _, x := range t.Areas {
		areas = append(areas, x.ID)
	}
	ended := ""
	if t.Ended {
		ended = "ended"
	}
	w.row(t.Title, t.Text, colRecord, "agreement", colAgreement, id, colKind, string(t.Kind), colDate, string(t.InForce), colName, strings.Join(areas, " "), colNote, ended)
	for _, x := range t.Areas {
		if len(x.Names) > 0 {
			w.row(x.Names, nil, colRecord, "area", colAgreement, id, colKey, x.ID)
		}
	}
	for _, m := range t.Milestones {
		w.row(m.Title, nil, colRecord, "milestone", colAgreement, id, colKey, m.ID, colDate, string(m.Due))
	}
	for _, p := range slices.Sorted(maps.Keys(a.Sides)) {
		x := a.Sides[p]
		r := x.Last()
		at := ""
		if len(x.Reports) > 0 {
			at = r.At.UTC().Format(time.RFC3339Nano)
		}
		w.row(nil, nil, colRecord, "side", colAgreement, id, colKey, at, colParty, string(p), colKind, string(r.Progress), colPercent, strconv.Itoa(r.Percent), colName, x.Responsible, colFunction, x.Function, colNote, r.Note)
		for _, m := range slices.Sorted(maps.Keys(x.Met)) {
			w.row(nil, nil, colRecord, "reached", colAgreement, id, colKey, m, colParty, string(p), colDate, string(x.Met[m]))
		}
	}
	for _, o := range a.Obstacles {
		kind := "open"
		if o.Cleared != nil {
			kind = "cleared"
		}
		w.row(nil, o.Text, colRecord, "obstacle", colAgreement, id, colKey, strconv.Itoa(o.Number), colParty, string(o.Party), colKind, kind, colName, o.Decider.Body, colFunction, string(o.Decider.Party))
	}
	for _, e := range a.Evidence {
		kind := "shown"
		if e.Withdrawn {
			kind = "withdrawn"
		}
		w.row(nil, nil, colRecord, "evidence", colAgreement, id, colKey, strconv.Itoa(e.Number), colParty, string(e.Party), colKind, kind, colName, e.Title, colURL, e.URL, colFunction, e.Document)
	}
}

// triggers are the letters after which a spreadsheet takes a cell for a formula (OWASP, CSV injection), with their full-width forms.
const triggers = "=+-@\t\r＝＋－＠"

// defuse puts an apostrophe before what a spreadsheet would run, and before an apostrophe, so that it can be taken away again.
func defuse(s string) string {
	if r, _ := utf8.DecodeRuneInString(s); s != "" && (r == '\'' || strings.ContainsRune(triggers, r)) {
		return "'" + s
	}
	return s
}

// arm takes the apostrophe away. A formula that nobody defused is refused; a sign before a number or a word is none.
func arm(s string, row int) (string, error) {
	if utf8.RuneCountInString(s) > maxCell {
		return "", &FileFault{row, LongCell}
	}
	r, _ := utf8.DecodeRuneInString(s)
	switch {
	case s == "":
	case r == '\'' && len(s) > 1:
		if next, _ := utf8.DecodeRuneInString(s[1:]); next == '\'' || strings.ContainsRune(triggers, next) {
			return s[1:], nil
		}
	case strings.ContainsRune("=@\t\r＝＠", r), strings.ContainsRune("+-＋－", r) && strings.ContainsAny(s, "(!|"):
		return "", &FileFault{row, Formula}
	}
	return s, nil
}

// ReadTableOfAgreements reads the table, whatever stands between its cells: a comma, a semicolon or a tab.
func ReadTableOfAgreements(b []byte) ([]FiledAgreement, error) {
	rows, err := ReadTable(b)
	if err != nil {
		return nil, err
	}
	r := &tableReader{columns: map[string]int{}, byID: map[string]*meeting.Agreement{}}
	for i, name := range rows[0] {
		r.columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, name := range tableHead() {
		if _, ok := r.columns[name]; !ok {
			return nil, &FileFault{1, Unreadable}
		}
	}
	for i, cells := range rows[1:] {
		if err := r.read(cells, i+2); err != nil {
			return nil, err
		}
	}
	return r.list, nil
}

// ReadTable gives the cells of a table with a head, without what a spreadsheet puts before it.
func ReadTable(b []byte) ([][]string, error) {
	c, err := tableOf(b)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for {
		cells, err := c.Read()
		switch {
		case errors.Is(err, io.EOF) && len(rows) > 0:
			return rows, nil
		case err != nil || len(rows) >= maxRows:
			return nil, &FileFault{len(rows) + 1, Unreadable}
		}
		for i := range cells {
			if cells[i], err = arm(cells[i], len(rows)+1); err != nil {
				return nil, err
			}
		}
		rows = append(rows, cells)
	}
}
