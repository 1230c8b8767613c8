package record

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"astara/meeting"
)

// TBX-Basic (ISO 30042:2019, dialect of the DCA style): what translators' tools exchange terms in. Files of the 2008 edition (martif, termEntry,
// langSet, tig or ntig) are read too.

// TermBase writes the terms in the words that people go by.
func TermBase(list []FiledTerm) ([]byte, error) {
	w := &baseWriter{}
	w.open("tbx", "type", "TBX-Basic", "style", "dca", "xml:lang", "en", "xmlns", "urn:iso:std:iso:30042:ed-2")
	w.open("tbxHeader")
	w.open("fileDesc")
	w.open("sourceDesc")
	w.text("p", "Astara")
	w.shut(3)
	w.open("text")
	w.open("body")
	for i, f := range list {
		x := f.Term.InUse()
		w.open("conceptEntry", "id", "c"+strconv.Itoa(i+1))
		w.text("descrip", x.Area, "type", "subjectField")
		w.text("descrip", x.Note, "type", "definition")
		w.text("admin", x.Source, "type", "source")
		for _, l := range TermLanguages([]FiledTerm{f}) {
			w.open("langSec", "xml:lang", string(l))
			for n, name := range x.Names[l] {
				status := "preferredTerm-admn-sts"
				if n > 0 {
					status = "admittedTerm-admn-sts"
				}
				w.open("termSec")
				w.text("term", name)
				w.text("termNote", status, "type", "administrativeStatus")
				w.shut(1)
			}
			w.shut(1)
		}
		w.shut(1)
	}
	w.shut(3)
	return append([]byte(xml.Header), w.out.Bytes()...), w.err
}

type baseWriter struct {
	out   bytes.Buffer
	depth []string
	err   error
}

// open begins an element; attributes are name and value by turns.
func (w *baseWriter) open(name string, attributes ...string) {
	w.begin(name, attributes)
	w.out.WriteString("\n")
	w.depth = append(w.depth, name)
}

func (w *baseWriter) begin(name string, attributes []string) {
	w.out.WriteString(strings.Repeat(" ", len(w.depth)) + "<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		w.out.WriteString(" " + attributes[i] + `="`)
		w.escape(attributes[i+1])
		w.out.WriteString(`"`)
	}
	w.out.WriteString(">")
}

// text is an element with words in it; without any it is left out.
func (w *baseWriter) text(name, text string, attributes ...string) {
	if text == "" {
		return
	}
	w.begin(name, attributes)
	w.escape(text)
	w.out.WriteString("</" + name + ">\n")
}

func (w *baseWriter) escape(text string) {
	w.err = errors.Join(w.err, xml.EscapeText(&w.out, []byte(text)))
}

// shut ends so many elements.
func (w *baseWriter) shut(n int) {
	for range n {
		last := len(w.depth) - 1
		name := w.depth[last]
		w.depth = w.depth[:last]
		w.out.WriteString(strings.Repeat(" ", last) + "</" + name + ">\n")
	}
}

// deepestBase is more than any file of terms has.
const deepestBase = 24

// ReadTermBase reads such a file. Nothing is fetched for it, and an entity of its own is an error.
func ReadTermBase(b []byte) ([]FiledNames, []RowFault, error) {
	d := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(b, []byte(bom))))
	r := baseReader{}
	for {
		token, err := d.Token()
		switch x := token.(type) {
		case xml.StartElement:
			err = r.begin(x)
		case xml.EndElement:
			r.end(x.Name.Local)
		case xml.CharData:
			r.text = append(r.text, x...)
		}
		switch {
		case errors.Is(err, io.EOF) && r.known:
			return r.list, r.faults, nil
		case err != nil:
			return nil, nil, &FileFault{r.row, Unreadable}
		case r.row > maxTermRows:
			return nil, nil, &meeting.Refusal{Code: meeting.TooManyItems, Args: map[string]any{"max": maxTermRows}}
		}
	}
}

type baseReader struct {
	list   []FiledNames
	faults []RowFault
	known  bool // it is such a file
	path   []string
	text   []byte
	row    int

	now      meeting.TermFacts
	others   meeting.Names // that are only admitted
	language meeting.Language
	kind     string // of a description or of an administrative note
	name     string
	admitted bool // or deprecated: not the one to be used
}

var errBase = errors.New("no term base")

func (r *baseReader) begin(x xml.StartElement) error {
	if r.path = append(r.path, x.Name.Local); len(r.path) > deepestBase {
		return errBase
	}
	attribute := func(name string) string {
		for _, a := range x.Attr {
			if a.Name.Local == name {
				return a.Value
			}
		}
		return ""
	}
	if root := x.Name.Local == "tbx" || x.Name.Local == "martif"; root != (len(r.path) == 1) {
		return errBase
	}
	r.known = true
	r.text = r.text[:0]
	switch x.Name.Local {
	case "conceptEntry", "termEntry":
		r.row++
		r.now, r.others, r.language = meeting.TermFacts{Names: meeting.Names{}}, meeting.Names{}, ""
	case "langSec", "langSet":
		r.language = tagOf(attribute("lang"))
	case "termSec", "tig", "ntig":
		r.name, r.admitted = "", false
	case "descrip", "admin", "termNote":
		r.kind = attribute("type")
	}
	return nil
}

// tagOf writes a language's tag as we do: small, a script with a capital, and without a country.
func tagOf(tag string) meeting.Language {
	first, rest, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
	first = strings.ToLower(first)
	if script, _, _ := strings.Cut(rest, "-"); strings.EqualFold(script, "Cyrl") {
		return meeting.Language(first + "-Cyrl")
	}
	return meeting.Language(first)
}

func (r *baseReader) end(name string) {
	text := strings.TrimSpace(string(r.text))
	switch name {
	case "term":
		r.name = text
	case "descrip":
		switch r.kind {
		case "subjectField":
			r.now.Area = cmp.Or(r.now.Area, text)
		case "definition":
			r.now.Note = cmp.Or(r.now.Note, text)
		}
	case "note":
		r.now.Note = cmp.Or(r.now.Note, text)
	case "admin":
		if r.kind == "source" {
			r.now.Source = cmp.Or(r.now.Source, text)
		}
	case "termNote":
		r.admitted = r.admitted || r.kind == "administrativeStatus" && !strings.HasPrefix(text, "preferred")
	case "termSec", "tig", "ntig":
		if r.name != "" && r.language != "" && r.now.Names != nil {
			r.take()
		}
	case "conceptEntry", "termEntry":
		if r.now.Names != nil {
			r.entry()
		}
	}
	r.text = r.text[:0]
	if len(r.path) > 0 {
		r.path = r.path[:len(r.path)-1]
	}
}

// take keeps the names to be used before those that are only admitted.
func (r *baseReader) take() {
	if r.admitted {
		r.others[r.language] = append(r.others[r.language], r.name)
	} else {
		r.now.Names[r.language] = append(r.now.Names[r.language], r.name)
	}
}

// entry is a whole one.
func (r *baseReader) entry() {
	for l, list := range r.others {
		r.now.Names[l] = append(r.now.Names[l], list...)
	}
	facts, err := r.now.Clean()
	if r.now = (meeting.TermFacts{}); err != nil {
		r.faults = append(r.faults, RowFault{r.row, err})
		return
	}
	r.list = append(r.list, FiledNames{Row: r.row, Facts: facts})
}
