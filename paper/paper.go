// Package paper writes what is printed, filed and signed by hand: the minutes of a consultation as an office document (DOCX, ECMA-376) and as
// a page to print, in all authentic languages side by side.
//
// It knows letters, columns and directions; the rules are meeting's. Each side's copy names that side first. It may import meeting only; server,
// post and cmd use it.
package paper

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"astara/meeting"
)

// Minutes is a copy of them, ready to be written.
type Minutes struct {
	Name    string // of the file, without its ending
	columns []column
	rows    []row
	sides   []side
	hash    meeting.TextHash // empty: a draft
	rtl     bool             // the first column is the right one
}

// column is one language.
type column struct {
	language meeting.Language
	words    words
	zone     *time.Location
	calendar meeting.Calendar
}

// row is one text in each column.
type row struct {
	kind  kind
	cells []string // as columns; lines divided by \n
}

type kind int

const (
	title   kind = iota // the word for minutes
	subject             // the consultation's title
	plain
	party   // a side's name, and its people below
	heading // an agenda item
	text    // a paragraph that is agreed
	draft   // one that is not
	small
)

// side is where a side signs.
type side struct {
	names  []string // in each column's language
	chair  string
	signed []string // when and how, in each column's language; nil: not yet
}

// Copy of the minutes for one side: its own name, language and column come first.
func Copy(m *meeting.Meeting, own meeting.PartyID) Minutes {
	d := Minutes{Name: "minutes-" + string(m.ID) + "-" + string(own), hash: m.MinutesHash()}
	parties := slices.Clone(m.Joint.Parties)
	slices.SortStableFunc(parties, func(a, b meeting.Party) int {
		return cmp.Compare(first(b.ID == own), first(a.ID == own))
	})
	for _, p := range parties {
		if slices.ContainsFunc(d.columns, func(c column) bool { return c.language == p.Language }) {
			continue
		}
		zone, err := time.LoadLocation(p.Zone)
		if err != nil {
			zone = time.UTC
		}
		d.columns = append(d.columns, column{p.Language, wordsOf(p.Language), zone, p.Calendar})
	}
	d.rtl = len(d.columns) > 0 && rightToLeft(d.columns[0].language)
	d.occasion(m, parties)
	d.body(m)
	d.ending(m, parties)
	return d
}

func first(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (d *Minutes) row(k kind, cell func(c column) string) {
	r := row{kind: k}
	for _, c := range d.columns {
		r.cells = append(r.cells, cell(c))
	}
	d.rows = append(d.rows, r)
}

// worded is a text in a column's language, else in one that it has.
func worded(w meeting.Words, l meeting.Language) string {
	for _, x := range []meeting.Language{l, "en", "az", "fa", "ru"} {
		if w[x] != "" {
			return w[x]
		}
	}
	for _, l := range slices.Sorted(maps.Keys(w)) {
		return w[l]
	}
	return ""
}

func (d *Minutes) occasion(m *meeting.Meeting, parties []meeting.Party) {
	d.row(title, func(c column) string { return c.words.minutes })
	d.row(subject, func(c column) string { return worded(m.Joint.Title, c.language) })
	d.row(plain, func(c column) string { return c.day(m.Joint.StartsAt) })
	if n := openOf(m); n > 0 || d.hash == "" {
		d.row(small, func(c column) string {
			if n == 0 { // all is agreed and nobody has signed yet
				return c.words.draft
			}
			return c.words.draft + " " + strings.ReplaceAll(c.words.open, "{n}", c.number(n))
		})
	}
	for _, p := range parties {
		var people []string
		for _, id := range slices.Sorted(maps.Keys(m.Ceremony.Met)) {
			if id.Party() == p.ID {
				people = append(people, called(principal(m, id)))
			}
		}
		for _, x := range m.Roster(p.ID) {
			if _, met := m.Ceremony.Met[x.ID]; met || x.Standing != meeting.Admitted || x.Role == meeting.Technician || x.Role == meeting.Interpreter || x.Role == meeting.SignInterpreter || x.Role == meeting.Captioner {
				continue
			}
			people = append(people, called(principal(m, x.ID)))
		}
		d.row(party, func(c column) string {
			return strings.Join(append([]string{worded(p.Names, c.language)}, people...), "\n")
		})
	}
}

// principal is a member as they were called when the principals were together, or as they are called now.
func principal(m *meeting.Meeting, id meeting.MemberID) meeting.Principal {
	if p, met := m.Ceremony.Met[id]; met {
		return p
	}
	x := m.Members[id]
	return meeting.Principal{Name: x.Name, Function: x.Function}
}

func called(p meeting.Principal) string {
	if p.Function == "" {
		return p.Name
	}
	return p.Name + " · " + p.Function
}

func openOf(m *meeting.Meeting) int {
	n := 0
	for _, p := range m.Minutes.Paragraphs {
		if !p.Settled() {
			n++
		}
	}
	return n
}

func (d *Minutes) body(m *meeting.Meeting) {
	item, n := "", 0
	for _, p := range m.Minutes.Paragraphs {
		if p.Settled() && p.Struck() {
			continue
		}
		if p.Item != item {
			item = p.Item
			i := slices.IndexFunc(m.Joint.Agenda, func(x meeting.AgendaItem) bool { return x.ID == item })
			if i >= 0 {
				d.row(heading, func(c column) string { return worded(m.Joint.Agenda[i].Title, c.language) })
			}
		}
		n++
		k := text
		if !p.Settled() {
			k = draft
		}
		d.row(k, func(c column) string {
			body := p.Text[c.language]
			if len(p.Text) == 0 {
				body = c.words.strike
			} else if body == "" {
				body = "—"
			}
			return c.number(n) + ". " + body
		})
	}
}

func (d *Minutes) ending(m *meeting.Meeting, parties []meeting.Party) {
	if d.hash != "" {
		d.row(small, func(c column) string { return c.words.authentic })
	}
	for _, p := range parties {
		s := side{}
		for _, c := range d.columns {
			s.names = append(s.names, worded(p.Names, c.language))
		}
		chair := m.Chair(p.ID)
		for _, x := range m.Minutes.Signatures {
			if x.By.Party() != p.ID || x.Text != d.hash {
				continue
			}
			chair = x.By
			for _, c := range d.columns {
				s.signed = append(s.signed, strings.NewReplacer("{when}", c.moment(x.At)).Replace(c.words.signed))
			}
		}
		s.chair = called(principal(m, chair))
		d.sides = append(d.sides, s)
	}
}

// number in a column's digits.
func (c column) number(n int) string { return Number(n, c.language) }

// Number in the digits of a language.
func Number(n int, l meeting.Language) string { return digits(strconv.Itoa(n), l) }

func rightToLeft(l meeting.Language) bool {
	base, _, _ := strings.Cut(string(l), "-")
	return slices.Contains([]string{"fa", "ar", "he", "ur", "ps", "ku", "sd", "ug", "yi"}, base)
}
