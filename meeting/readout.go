package meeting

import (
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of one consultation's readout.
const (
	MaxParts       = 60
	MaxElements    = 100
	MaxCorrections = 100
	MaxNotice      = 365 * 24 * time.Hour // how far ahead a moment of publication may lie
	MinNotice      = time.Hour            // before a side publishes alone, from when it says so
)

// Readout is what the public is told of a consultation: each side's own account, elements that the sides agreed to word alike, and the
// moment before which nobody publishes. It is kept at the desk and does not go to the table (see atDesk): drafts are for secretaries and chairs.
type Readout struct {
	Accounts  map[PartyID]Account     `json:"accounts"` // drafts; in a view: the reader's own side's only
	Elements  []Paragraph             `json:"elements"` // put by one side, agreed as a paragraph of minutes is
	Embargo   *time.Time              `json:"embargo,omitempty"`
	Proposed  *EmbargoProposal        `json:"proposed,omitempty"`
	Proposals int                     `json:"proposals"` // so far
	Ready     map[PartyID]Readiness   `json:"ready"`
	Announced map[PartyID]time.Time   `json:"announced"` // sides that publish alone, and when
	Published map[PartyID]Publication `json:"published"`
}

// Account is a side's draft. A part is a paragraph of its own, or an agreed element.
type Account struct {
	Revision int       `json:"revision"` // from 1
	At       time.Time `json:"at"`
	By       MemberID  `json:"by"`
	Title    Words     `json:"title"`
	Parts    []Part    `json:"parts"`
}

// Part is one paragraph of an account. Of an element there is no own text.
type Part struct {
	Element ParagraphID `json:"element,omitempty"`
	Text    Words       `json:"text,omitempty"`
}

// Readiness says that a side's account may be published as it stands.
type Readiness struct {
	At time.Time `json:"at"`
	By MemberID  `json:"by"`
}

// EmbargoProposal is a moment that one side proposes to all. No moment: as soon as all are ready.
type EmbargoProposal struct {
	Number int        `json:"number"` // from 1
	At     *time.Time `json:"at,omitempty"`
	By     MemberID   `json:"by"`
	Agreed []PartyID  `json:"agreed"`
}

// Occasion is what a published account is of, as it was when it was published.
type Occasion struct {
	Title    Words     `json:"title"`
	StartsAt time.Time `json:"startsAt"`
	Parties  []Party   `json:"parties"`
}

// Publication is a side's account as the public has it. It never changes; what was wrong in it is corrected by notices that stay with it.
type Publication struct {
	At          time.Time       `json:"at"`
	By          MemberID        `json:"by"` // who said that it was ready
	Occasion    Occasion        `json:"occasion"`
	Title       Words           `json:"title"`
	Parts       []PublishedPart `json:"parts"`
	Corrections []Correction    `json:"corrections"`
}

// PublishedPart is a paragraph; Hash is that of an agreed element's text, by which both sides' accounts have it alike.
type PublishedPart struct {
	Text    Words       `json:"text"`
	Element ParagraphID `json:"element,omitempty"`
	Hash    TextHash    `json:"hash,omitempty"`
}

// Correction is a dated notice about a published account.
type Correction struct {
	At   time.Time `json:"at"`
	By   MemberID  `json:"by"`
	Text Words     `json:"text"`
}

// Languages of a publication, in alphabetical order: those of its title.
func (p Publication) Languages() []Language { return slices.Sorted(maps.Keys(p.Title)) }

// atDesk marks events that are for the desk and not sent to those at the table.
type atDesk interface{ atDesk() }

func noReadout() Readout {
	return Readout{Accounts: map[PartyID]Account{}, Elements: []Paragraph{}, Ready: map[PartyID]Readiness{},
		Announced: map[PartyID]time.Time{}, Published: map[PartyID]Publication{}}
}

// readoutFor is a copy with the reader's own side's draft, for who drafts; others are told what is published.
func (m *Meeting) readoutFor(reader MemberID) Readout {
	out := noReadout()
	maps.Copy(out.Published, m.Readout.Published)
	if m.drafter(reader) != nil {
		return out
	}
	if a, ok := m.Readout.Accounts[reader.Party()]; ok {
		out.Accounts[reader.Party()] = a
	}
	for _, p := range m.Readout.Elements {
		out.Elements = append(out.Elements, p.clone())
	}
	out.Embargo, out.Proposals = m.Readout.Embargo, m.Readout.Proposals
	if p := m.Readout.Proposed; p != nil {
		c := *p
		c.Agreed = slices.Clone(c.Agreed)
		out.Proposed = &c
	}
	maps.Copy(out.Ready, m.Readout.Ready)
	maps.Copy(out.Announced, m.Readout.Announced)
	return out
}

func (r *Readout) element(id ParagraphID) (*Paragraph, bool) {
	i := slices.IndexFunc(r.Elements, func(p Paragraph) bool { return p.ID == id })
	if i < 0 {
		return nil, false
	}
	return &r.Elements[i], true
}

// ---- drafting -------------------------------------------------------------------------------------------------------

type (
	// WriteAccount writes the whole draft of the own side. Base is the revision that the writer saw, 0: none. Who was ready is so no more.
	WriteAccount struct {
		Base  int    `json:"base"`
		Title Words  `json:"title"`
		Parts []Part `json:"parts"`
	}
	// AccountWritten see WriteAccount. Only the own side knows.
	AccountWritten struct {
		Revision int    `json:"revision"`
		Title    Words  `json:"title"`
		Parts    []Part `json:"parts"`
	}
)

func (WriteAccount) Type() CommandType                        { return "account.write" }
func (AccountWritten) Type() EventType                        { return "account.written" }
func (AccountWritten) lasting() bool                          { return true }
func (AccountWritten) audience(_ *Meeting, e *Event) Audience { return ToParty(e.Party) }
func (AccountWritten) atDesk()                                {}

// readoutLanguages are those in which an account may be: of the sides, of the consultation, and those that pages are worded in.
func (m *Meeting) readoutLanguages() []Language {
	out := m.Joint.Authentic()
	for _, l := range slices.Concat(m.Joint.Languages, Interface()) {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	}
	return out
}

// cleanAccount keeps what can be seen, line breaks, and the joiners of Persian; signed notes allow no other control character.
func (m *Meeting) cleanAccount(in Words, most int) (Words, error) {
	out := Words{}
	if len(in) > 2*MaxLanguages {
		return nil, refuse(LanguagesWrong, "max", MaxLanguages)
	}
	for l, text := range in {
		switch {
		case !slices.Contains(m.readoutLanguages(), l):
			return nil, refuse(LanguagesWrong, "max", MaxLanguages)
		case blank(text):
			continue
		case utf8.RuneCountInString(text) > most:
			return nil, refuse(TooLong, "max", most)
		}
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\t", " ")
		for _, r := range text {
			if r != '\n' && invisible(r) {
				return nil, refuse(TextWrong)
			}
		}
		out[l] = strings.TrimSpace(text)
	}
	return out, nil
}

func (c WriteAccount) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.drafter(by); err != nil {
		return nil, err
	}
	a := m.Readout.Accounts[by.Party()]
	switch _, published := m.Readout.Published[by.Party()]; {
	case published:
		return nil, refuse(ReadoutPublic)
	case c.Base != a.Revision:
		return nil, refuse(ParagraphPassed, "revision", a.Revision)
	case len(c.Parts) > MaxParts:
		return nil, refuse(TooManyItems, "max", MaxParts)
	}
	title, err := m.cleanAccount(c.Title, MaxTitle)
	if err != nil {
		return nil, err
	}
	for l, t := range title {
		title[l] = strings.Join(strings.Fields(t), " ")
	}
	b := AccountWritten{Revision: a.Revision + 1, Title: title, Parts: []Part{}}
	for _, p := range c.Parts {
		if p, err = m.cleanPart(p); err != nil {
			return nil, err
		}
		if p.Element != "" && slices.ContainsFunc(b.Parts, func(q Part) bool { return q.Element == p.Element }) {
			return nil, refuse(ElementTwice)
		}
		if p.Element != "" || len(p.Text) > 0 {
			b.Parts = append(b.Parts, p)
		}
	}
	if maps.Equal(title, a.Title) && slices.EqualFunc(b.Parts, a.Parts, func(x, y Part) bool { return x.Element == y.Element && maps.Equal(x.Text, y.Text) }) {
		return nil, nil
	}
	if _, ready := m.Readout.Ready[by.Party()]; ready {
		return []EventBody{ReadinessWithdrawn{}, b}, nil
	}
	return one(b)
}

func (m *Meeting) cleanPart(p Part) (Part, error) {
	if p.Element != "" {
		if _, ok := m.Readout.element(p.Element); !ok || len(p.Text) > 0 {
			return p, refuse(UnknownElement)
		}
		return Part{Element: p.Element}, nil
	}
	text, err := m.cleanAccount(p.Text, MaxParagraphText)
	return Part{Text: text}, err
}

func (b AccountWritten) apply(m *Meeting, e *Event) {
	m.Readout.Accounts[e.Party] = Account{Revision: b.Revision, At: e.At, By: e.By, Title: b.Title, Parts: b.Parts}
}

// whole is what would be published of a side's draft now, or why that cannot be: every language that is begun must be whole, and the
// side's own must be there.
func (m *Meeting) whole(side Party) (ReadoutPublished, error) {
	a := m.Readout.Accounts[side.ID]
	b := ReadoutPublished{Revision: a.Revision, Title: a.Title, Parts: []PublishedPart{},
		Occasion: Occasion{Title: m.Joint.Title, StartsAt: m.Joint.StartsAt, Parties: m.Joint.Parties}}
	begun := map[Language]bool{side.Language: true}
	for l := range a.Title {
		begun[l] = true
	}
	for _, p := range a.Parts {
		x := PublishedPart{Text: p.Text}
		if p.Element != "" {
			e, ok := m.Readout.element(p.Element)
			if !ok || !e.Settled() {
				return b, refuse(ElementOpen)
			}
			x = PublishedPart{Text: e.Agreed.Text, Element: e.ID, Hash: e.Agreed.Hash}
		} else {
			for l := range p.Text {
				begun[l] = true
			}
		}
		b.Parts = append(b.Parts, x)
	}
	if len(b.Parts) == 0 {
		return b, refuse(TextEmpty)
	}
	for _, l := range slices.Sorted(maps.Keys(begun)) {
		if a.Title[l] == "" {
			return b, refuse(TitleMissing, "language", l)
		}
		for i, p := range b.Parts {
			if p.Text[l] == "" {
				return b, refuse(PartMissing, "language", l, "n", i+1)
			}
		}
	}
	return b, nil
}
