package meeting

import (
	"maps"
	"slices"
	"time"
)

// Limits of one consultation's glossary, so that it stays what a booth reads through and a room holds in memory.
const (
	MaxTerms         = 4000
	MaxTermLanguages = 12
	MaxNames         = 12   // of a term in one language
	MaxTermName      = 200  // letters
	MaxTermNote      = 2000 // letters
	termsOfOneEvent  = 200
)

// TermID names a term within its consultation.
type TermID string

// Names are what a thing is called: in each language first the name to be used, then others that mean the same. Azerbaijani in Cyrillic is az-Cyrl.
type Names map[Language][]string

// TermFacts are what is said of a term.
type TermFacts struct {
	Names   Names  `json:"names"`
	Note    string `json:"note,omitempty"` // what it means, or when it is said
	Area    string `json:"area,omitempty"` // one of KnownAreas, or in own words
	Source  string `json:"source,omitempty"`
	Retired bool   `json:"retired,omitempty"` // no longer used
}

// Term is one thing by its names in several languages. One side's alone is that side's to change; once it is shared, any side may propose other words,
// and the words that all agreed to last stand until all have agreed to others.
type Term struct {
	ID        TermID          `json:"id"`
	Party     PartyID         `json:"party"` // that wrote it first
	By        MemberID        `json:"by"`    // who wrote it last
	At        time.Time       `json:"at"`
	To        Audience        `json:"to"` // all sides, or the own one
	Booth     Language        `json:"booth,omitempty"`
	Version   int             `json:"version"`
	Facts     TermFacts       `json:"facts"`
	Agreed    map[PartyID]int `json:"agreed"`             // the version that each side last agreed to
	Effect    int             `json:"effect,omitempty"`   // the version that all agreed to last; 0 is none
	Standing  *TermFacts      `json:"standing,omitempty"` // its words, while newer ones are proposed
	Withdrawn bool            `json:"withdrawn,omitempty"`
}

// InUse are the words that people go by: those that all agreed to, or the only ones that there are.
func (t *Term) InUse() TermFacts {
	if t.Standing != nil {
		return *t.Standing
	}
	return t.Facts
}

// Gone tells whether nobody goes by it any more.
func (t *Term) Gone() bool { return t.Withdrawn || t.InUse().Retired }

// Reads tells whether a side of the consultation may read it.
func (t *Term) Reads(p PartyID) bool { return t.To == All || t.To.Party() == p }

// Clean checks the facts and returns them in the form that is kept.
func (f TermFacts) Clean() (TermFacts, error) {
	names := Names{}
	if len(f.Names) > MaxTermLanguages {
		return f, refuse(LanguagesWrong, "max", MaxTermLanguages)
	}
	for l, list := range f.Names {
		if !l.Valid() {
			return f, refuse(LanguagesWrong, "max", MaxTermLanguages)
		}
		if len(list) > MaxNames {
			return f, refuse(TooManyItems, "max", MaxNames)
		}
		for _, name := range list {
			if blank(name) {
				continue
			}
			clean, err := cleanName(name, MaxTermName)
			if err != nil {
				return f, err
			}
			if !slices.Contains(names[l], clean) {
				names[l] = append(names[l], clean)
			}
		}
	}
	if len(names) == 0 {
		return f, refuse(NameEmpty)
	}
	f.Names = names
	for _, x := range []struct {
		text  *string
		clean func(string, int) (string, error)
		max   int
	}{{&f.Note, cleanText, MaxTermNote}, {&f.Area, cleanName, MaxName}, {&f.Source, cleanName, MaxTitle}} {
		if blank(*x.text) {
			*x.text = ""
			continue
		}
		clean, err := x.clean(*x.text, x.max)
		if err != nil {
			return f, err
		}
		*x.text = clean
	}
	return f, nil
}

// Same tells whether two say the same.
func (f TermFacts) Same(g TermFacts) bool {
	return f.Note == g.Note && f.Area == g.Area && f.Source == g.Source && f.Retired == g.Retired && maps.EqualFunc(f.Names, g.Names, slices.Equal)
}

// ---- facts ----------------------------------------------------------------------------------------------------------

// WrittenTerm is a term as somebody wrote it. Effect: all sides had agreed to these very words before.
type WrittenTerm struct {
	ID      TermID    `json:"id"`
	Version int       `json:"version"`
	Facts   TermFacts `json:"facts"`
	Effect  bool      `json:"effect,omitempty"`
	Erased  bool      `json:"erased,omitempty"` // its words were taken out of the record
}

// AgreedTerm is the version of a term that a side agreed to. Effect: all sides have agreed by this.
type AgreedTerm struct {
	ID      TermID `json:"id"`
	Version int    `json:"version"`
	Effect  bool   `json:"effect,omitempty"`
}

type (
	// TermsWritten see WriteTerm, ImportTerms and NoteTerm. The event's side agrees to shared ones by this. Booth: noted there.
	TermsWritten struct {
		To    Audience      `json:"to"`
		Booth Language      `json:"booth,omitempty"`
		Terms []WrittenTerm `json:"terms"`
	}
	// TermsAgreed see AgreeTerms.
	TermsAgreed struct {
		Terms []AgreedTerm `json:"terms"`
	}
	// TermWithdrawn see WithdrawTerm.
	TermWithdrawn struct {
		ID TermID   `json:"id"`
		To Audience `json:"to"`
	}
)

func (TermsWritten) Type() EventType  { return "terms.written" }
func (TermsAgreed) Type() EventType   { return "terms.agreed" }
func (TermWithdrawn) Type() EventType { return "term.withdrawn" }

func (TermsWritten) lasting() bool  { return true }
func (TermsAgreed) lasting() bool   { return true }
func (TermWithdrawn) lasting() bool { return true }

func (b TermsWritten) audience(*Meeting, *Event) Audience  { return b.To }
func (TermsAgreed) audience(*Meeting, *Event) Audience     { return All }
func (b TermWithdrawn) audience(*Meeting, *Event) Audience { return b.To }

// A file of a thousand terms is no news for a table: those who work with them are told that there is something, and read it (see room).
func (TermsWritten) atDesk()  {}
func (TermsAgreed) atDesk()   {}
func (TermWithdrawn) atDesk() {}

// TermsOf are the terms that an event is about.
func TermsOf(e Event) []TermID {
	switch b := e.Body.(type) {
	case TermsWritten:
		out := make([]TermID, len(b.Terms))
		for i, t := range b.Terms {
			out[i] = t.ID
		}
		return out
	case TermsAgreed:
		out := make([]TermID, len(b.Terms))
		for i, t := range b.Terms {
			out[i] = t.ID
		}
		return out
	case TermWithdrawn:
		return []TermID{b.ID}
	}
	return nil
}

// FoldTerm is what becomes of a term by an event about it; the one before, nil when there was none, stays as it is.
func FoldTerm(before *Term, id TermID, e Event) *Term {
	var t Term
	if before != nil {
		t = *before
		t.Agreed = maps.Clone(before.Agreed)
	}
	switch b := e.Body.(type) {
	case TermsWritten:
		i := slices.IndexFunc(b.Terms, func(w WrittenTerm) bool { return w.ID == id })
		if i < 0 {
			return before
		}
		if before == nil {
			t = Term{ID: id, Party: e.Party, Booth: b.Booth, Agreed: map[PartyID]int{}}
		}
		t.write(b.Terms[i], b.To, e)
		if b.Terms[i].Erased {
			t.erase()
		}
	case TermsAgreed:
		i := slices.IndexFunc(b.Terms, func(w AgreedTerm) bool { return w.ID == id })
		if before == nil || i < 0 {
			return before
		}
		t.Agreed[e.Party] = b.Terms[i].Version
		if b.Terms[i].Effect && b.Terms[i].Version == t.Version {
			t.Effect, t.Standing = t.Version, nil
		}
	case TermWithdrawn:
		if before == nil {
			return nil
		}
		t.Withdrawn = true
	}
	return &t
}

func (t *Term) write(w WrittenTerm, to Audience, e Event) {
	switch {
	case w.Effect:
		t.Effect, t.Standing = w.Version, nil
		for p := range t.Agreed {
			t.Agreed[p] = w.Version
		}
	case t.Effect == t.Version && t.Effect > 0:
		old := t.Facts
		t.Standing = &old
	}
	t.By, t.At, t.To, t.Version, t.Facts = e.By, e.At, to, w.Version, w.Facts
	if to == All {
		t.Agreed[e.Party] = w.Version
	}
}

// erase leaves nothing of its words.
func (t *Term) erase() { t.Facts, t.Standing, t.Withdrawn = TermFacts{Names: Names{}}, nil, true }

func (m *Meeting) foldTerms(e *Event) {
	if m.Terms == nil {
		m.Terms = map[TermID]*Term{}
	}
	for _, id := range TermsOf(*e) {
		if t := FoldTerm(m.Terms[id], id, *e); t != nil {
			m.Terms[id] = t
		}
	}
}

func (b TermsWritten) apply(m *Meeting, e *Event)  { m.foldTerms(e) }
func (b TermsAgreed) apply(m *Meeting, e *Event)   { m.foldTerms(e) }
func (b TermWithdrawn) apply(m *Meeting, e *Event) { m.foldTerms(e) }
