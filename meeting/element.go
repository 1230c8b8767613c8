package meeting

import (
	"fmt"
	"maps"
	"time"
)

type (
	// PutElement puts a text to the other sides that all should publish alike, and binds the own side to it: a new one (none named, Base 0), or
	// another text of one. Base is the revision that the writer saw.
	PutElement struct {
		Element ParagraphID `json:"element,omitempty"`
		Base    int         `json:"base"`
		Text    Words       `json:"text"`
	}
	// AgreeElement binds the own side to the text that it saw, in this round of this version.
	AgreeElement struct {
		Element ParagraphID `json:"element"`
		Version int         `json:"version"`
		Round   int         `json:"round"`
		Text    TextHash    `json:"text"`
	}
	// DeclineElement says that the own side does not agree to what another put.
	DeclineElement struct {
		Element ParagraphID `json:"element"`
		Version int         `json:"version"`
		Round   int         `json:"round"`
	}

	// ElementWritten see PutElement; Hash is of the text.
	ElementWritten struct {
		Element  ParagraphID `json:"element"`
		Revision int         `json:"revision"`
		Text     Words       `json:"text"`
		Hash     TextHash    `json:"hash"`
	}
	// ElementCommitted is a side's word (see Negotiation). The text is agreed when all said the same in one round.
	ElementCommitted struct {
		Element ParagraphID `json:"element"`
		Version int         `json:"version"`
		Round   int         `json:"round"`
		Text    TextHash    `json:"text"`
	}
	// ElementDeclined is a side's word too; it ends the round.
	ElementDeclined struct {
		Element ParagraphID `json:"element"`
		Version int         `json:"version"`
		Round   int         `json:"round"`
	}
)

func (PutElement) Type() CommandType     { return "element.put" }
func (AgreeElement) Type() CommandType   { return "element.agree" }
func (DeclineElement) Type() CommandType { return "element.decline" }

func (ElementWritten) Type() EventType   { return "element.written" }
func (ElementCommitted) Type() EventType { return "element.committed" }
func (ElementDeclined) Type() EventType  { return "element.declined" }

func (ElementWritten) lasting() bool   { return true }
func (ElementCommitted) lasting() bool { return true }
func (ElementDeclined) lasting() bool  { return true }

func (ElementWritten) audience(*Meeting, *Event) Audience   { return All }
func (ElementCommitted) audience(*Meeting, *Event) Audience { return All }
func (ElementDeclined) audience(*Meeting, *Event) Audience  { return All }

func (ElementWritten) atDesk()   {}
func (ElementCommitted) atDesk() {}
func (ElementDeclined) atDesk()  {}

// elementOpen is an element about which a side may speak: while no side is ready and nothing is published, so that nobody's account
// changes under their hands.
func (m *Meeting) elementOpen(by MemberID, id ParagraphID) (Paragraph, error) {
	if err := m.drafter(by); err != nil {
		return Paragraph{}, err
	}
	p, ok := m.Readout.element(id)
	if !ok {
		return Paragraph{}, refuse(UnknownElement)
	}
	if p.Agreed == nil {
		return *p, nil
	}
	switch {
	case len(m.Readout.Published) > 0:
		return *p, refuse(ReadoutPublic)
	case len(m.Readout.Ready) > 0:
		return *p, refuse(ReadoutReady)
	}
	return *p, nil
}

func (c PutElement) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	p := Paragraph{ID: ParagraphID(fmt.Sprint("e", m.Seq+1)), Version: 1, Round: 1}
	err := m.drafter(by)
	if c.Element != "" {
		p, err = m.elementOpen(by, c.Element)
	} else if err == nil && len(m.Readout.Elements) >= MaxElements {
		err = refuse(TooManyItems, "max", MaxElements)
	}
	if err != nil {
		return nil, err
	}
	if c.Base != p.Revision {
		return nil, refuse(ParagraphPassed, "revision", p.Revision)
	}
	text, err := m.cleanAccount(c.Text, MaxParagraphText)
	if err != nil {
		return nil, err
	}
	if len(text) == 0 {
		return nil, refuse(TextEmpty)
	}
	var out []EventBody
	n := m.negotiation(p, by.Party())
	same := maps.Equal(text, p.Text)
	switch {
	case same && (p.Settled() || p.Said == nil):
		return nil, nil
	case !same && p.anyCommit(): // who puts another text does not agree to the one that stands
		w, err := n.Decline()
		if err != nil {
			return nil, refuse(WordGiven)
		}
		out = append(out, ElementDeclined{p.ID, w.Version, w.Round})
		if err := n.Next(); err != nil {
			return nil, refuse(WordGiven)
		}
	}
	if !same {
		p.Revision, p.Text, p.Hash = p.Revision+1, text, HashOf(ParagraphForm(m.ID, p.ID, "", text))
		out = append(out, ElementWritten{p.ID, p.Revision, text, p.Hash})
	}
	if err := m.ready(p); err != nil {
		return nil, err
	}
	w, err := n.Commit(p.Hash)
	if err != nil {
		return nil, refuse(WordGiven)
	}
	return append(out, ElementCommitted{p.ID, w.Version, w.Round, w.Text}), nil
}

func (c AgreeElement) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	p, err := m.elementOpen(by, c.Element)
	if err != nil {
		return nil, err
	}
	w, err := m.commit(p, by, c.Version, c.Round, c.Text)
	if w == nil || err != nil {
		return nil, err
	}
	return one(ElementCommitted{p.ID, w.Version, w.Round, w.Text})
}

func (c DeclineElement) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	p, err := m.elementOpen(by, c.Element)
	if err != nil {
		return nil, err
	}
	w, err := m.decline(p, by, c.Version, c.Round)
	if err != nil {
		return nil, err
	}
	return one(ElementDeclined{p.ID, w.Version, w.Round})
}

func (b ElementWritten) apply(m *Meeting, e *Event) {
	p, ok := m.Readout.element(b.Element)
	if !ok {
		m.Readout.Elements = append(m.Readout.Elements, Paragraph{ID: b.Element, Version: 1, Round: 1, Said: []Spoken{}, Sides: []PartyID{}})
		p = &m.Readout.Elements[len(m.Readout.Elements)-1]
	}
	p.write(e, b.Revision, maps.Clone(b.Text), b.Hash)
}

func (b ElementCommitted) apply(m *Meeting, e *Event) {
	p, ok := m.Readout.element(b.Element)
	if !ok {
		return
	}
	p.hear(e, b.Round, b.Text)
	p.settle(m.Joint.Parties, e.At)
}

// settle makes the draft the agreed text when all sides committed to it in the round that is open.
func (p *Paragraph) settle(sides []Party, at time.Time) {
	a := &AgreedText{Version: p.Version, At: at, Text: maps.Clone(p.Text), Hash: p.Hash, By: []MemberID{}}
	for _, side := range sides {
		s, ok := p.spoken(side.ID)
		if !ok || s.Text != p.Hash {
			return
		}
		a.By = append(a.By, s.By)
	}
	p.Agreed, p.Proposed = a, nil
	p.Version, p.Round, p.Said = p.Version+1, 1, []Spoken{}
}

func (b ElementDeclined) apply(m *Meeting, e *Event) {
	if p, ok := m.Readout.element(b.Element); ok {
		p.hear(e, b.Round, "")
	}
}
