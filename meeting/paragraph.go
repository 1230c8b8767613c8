package meeting

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

type (
	// WriteParagraph writes a new paragraph (none named, Base 0) or another draft of one, by a secretary or chair. Base is the revision that the
	// writer saw: of two at once the later one is refused, and keeps what they wrote. Item and Before are for a new one only; Before is the
	// paragraph that it comes before, none: the end.
	WriteParagraph struct {
		Paragraph ParagraphID `json:"paragraph,omitempty"`
		Base      int         `json:"base"`
		Text      Words       `json:"text"`
		Item      string      `json:"item,omitempty"`
		Before    ParagraphID `json:"before,omitempty"`
	}
	// MoveParagraph puts one before another, or at the end.
	MoveParagraph struct {
		Paragraph ParagraphID `json:"paragraph"`
		Before    ParagraphID `json:"before,omitempty"`
	}
	// RemoveParagraph takes away a draft in which the own side alone wrote. Any other is struck by agreement: write no text, and commit to that.
	RemoveParagraph struct {
		Paragraph ParagraphID `json:"paragraph"`
	}
	// ProposeParagraph says that the own side holds the draft ready.
	ProposeParagraph struct {
		Paragraph ParagraphID `json:"paragraph"`
		Text      TextHash    `json:"text"` // what the proposer saw
	}
	// CommitParagraph binds the own side to the text that it saw, in this round of this version.
	CommitParagraph struct {
		Paragraph ParagraphID `json:"paragraph"`
		Version   int         `json:"version"`
		Round     int         `json:"round"`
		Text      TextHash    `json:"text"`
	}
	// DeclineParagraph says that the own side does not agree to what another proposed or committed to.
	DeclineParagraph struct {
		Paragraph ParagraphID `json:"paragraph"`
		Version   int         `json:"version"`
		Round     int         `json:"round"`
	}
	// CommentParagraph is a remark for the own side.
	CommentParagraph struct {
		Paragraph ParagraphID `json:"paragraph"`
		Text      string      `json:"text"`
	}
	// SettleComment puts a remark of the own side away.
	SettleComment struct {
		Comment uint64 `json:"comment"`
	}

	// ParagraphWritten see WriteParagraph; Hash is of the text.
	ParagraphWritten struct {
		Paragraph ParagraphID `json:"paragraph"`
		Revision  int         `json:"revision"`
		Text      Words       `json:"text"`
		Hash      TextHash    `json:"hash"`
		Item      string      `json:"item,omitempty"`
		Before    ParagraphID `json:"before,omitempty"`
	}
	// ParagraphMoved see MoveParagraph.
	ParagraphMoved struct {
		Paragraph ParagraphID `json:"paragraph"`
		Before    ParagraphID `json:"before,omitempty"`
	}
	// ParagraphRemoved see RemoveParagraph.
	ParagraphRemoved struct {
		Paragraph ParagraphID `json:"paragraph"`
	}
	// ParagraphProposed see ProposeParagraph.
	ParagraphProposed struct {
		Paragraph ParagraphID `json:"paragraph"`
		Text      TextHash    `json:"text"`
	}
	// ParagraphCommitted is a side's word; the side is the event's. Text is agreed when all said the same in one round.
	ParagraphCommitted struct {
		Paragraph ParagraphID `json:"paragraph"`
		Version   int         `json:"version"`
		Round     int         `json:"round"`
		Text      TextHash    `json:"text"`
	}
	// ParagraphDeclined is a side's word too; it ends the round.
	ParagraphDeclined struct {
		Paragraph ParagraphID `json:"paragraph"`
		Version   int         `json:"version"`
		Round     int         `json:"round"`
	}
	// ParagraphCommented see CommentParagraph. Only the own side knows.
	ParagraphCommented struct {
		Paragraph ParagraphID `json:"paragraph"`
		Text      string      `json:"text"`
	}
	// CommentSettled see SettleComment.
	CommentSettled struct {
		Comment uint64 `json:"comment"`
	}
)

func (WriteParagraph) Type() CommandType   { return "paragraph.write" }
func (MoveParagraph) Type() CommandType    { return "paragraph.move" }
func (RemoveParagraph) Type() CommandType  { return "paragraph.remove" }
func (ProposeParagraph) Type() CommandType { return "paragraph.propose" }
func (CommitParagraph) Type() CommandType  { return "paragraph.commit" }
func (DeclineParagraph) Type() CommandType { return "paragraph.decline" }
func (CommentParagraph) Type() CommandType { return "paragraph.comment" }
func (SettleComment) Type() CommandType    { return "comment.settle" }

func (ParagraphWritten) Type() EventType   { return "paragraph.written" }
func (ParagraphMoved) Type() EventType     { return "paragraph.moved" }
func (ParagraphRemoved) Type() EventType   { return "paragraph.removed" }
func (ParagraphProposed) Type() EventType  { return "paragraph.proposed" }
func (ParagraphCommitted) Type() EventType { return "paragraph.committed" }
func (ParagraphDeclined) Type() EventType  { return "paragraph.declined" }
func (ParagraphCommented) Type() EventType { return "paragraph.commented" }
func (CommentSettled) Type() EventType     { return "comment.settled" }

func (ParagraphWritten) lasting() bool   { return true }
func (ParagraphMoved) lasting() bool     { return true }
func (ParagraphRemoved) lasting() bool   { return true }
func (ParagraphProposed) lasting() bool  { return true }
func (ParagraphCommitted) lasting() bool { return true }
func (ParagraphDeclined) lasting() bool  { return true }
func (ParagraphCommented) lasting() bool { return true }
func (CommentSettled) lasting() bool     { return true }

func (ParagraphWritten) audience(*Meeting, *Event) Audience       { return All }
func (ParagraphMoved) audience(*Meeting, *Event) Audience         { return All }
func (ParagraphRemoved) audience(*Meeting, *Event) Audience       { return All }
func (ParagraphProposed) audience(*Meeting, *Event) Audience      { return All }
func (ParagraphCommitted) audience(*Meeting, *Event) Audience     { return All }
func (ParagraphDeclined) audience(*Meeting, *Event) Audience      { return All }
func (ParagraphCommented) audience(_ *Meeting, e *Event) Audience { return ToParty(e.Party) }
func (CommentSettled) audience(_ *Meeting, e *Event) Audience     { return ToParty(e.Party) }

// ---- deciding -------------------------------------------------------------------------------------------------------

// paragraph is one that by may write in and speak about.
func (m *Meeting) paragraph(by MemberID, id ParagraphID) (Paragraph, error) {
	if err := m.drafter(by); err != nil {
		return Paragraph{}, err
	}
	i := m.Minutes.index(id)
	if i < 0 {
		return Paragraph{}, refuse(UnknownParagraph)
	}
	return m.Minutes.Paragraphs[i], m.writable()
}

// negotiation is a paragraph as a side sees it: on one node what a side said is heard by all at once.
func (m *Meeting) negotiation(p Paragraph, own PartyID) *Negotiation {
	n := NewNegotiation(string(p.ID), own)
	n.Base, n.Round = p.Version-1, p.Round
	for _, x := range m.Joint.Parties {
		if x.ID != own {
			n.Others = append(n.Others, x.ID)
		}
	}
	for _, s := range p.Said {
		w := Word{s.By.Party(), n.Item, p.Version, s.Round, s.Text}
		if w.Party == own {
			n.Mine = append(n.Mine, w)
		} else {
			n.Theirs = append(n.Theirs, w)
		}
	}
	return n
}

// spoken is a side's word in the round that is open.
func (p Paragraph) spoken(side PartyID) (Spoken, bool) {
	for _, s := range p.Said {
		if s.By.Party() == side && s.Round == p.Round {
			return s, true
		}
	}
	return Spoken{}, false
}

// cleanParagraph refuses what cannot be seen, and leaves out languages without a text.
func (m *Meeting) cleanParagraph(in Words) (Words, error) {
	out := Words{}
	if len(in) > MaxLanguages {
		return nil, refuse(LanguagesWrong, "max", MaxLanguages)
	}
	for l, text := range in {
		if !slices.Contains(m.Joint.Authentic(), l) {
			return nil, refuse(LanguagesWrong, "max", MaxLanguages)
		}
		if blank(text) {
			continue
		}
		for _, r := range text {
			if r != '\n' && r != '\t' && invisible(r) {
				return nil, refuse(TextWrong)
			}
		}
		if text = strings.TrimSpace(text); utf8.RuneCountInString(text) > MaxParagraphText {
			return nil, refuse(TooLong, "max", MaxParagraphText)
		}
		out[l] = text
	}
	return out, nil
}

func (c WriteParagraph) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if c.Paragraph == "" {
		return c.begin(m, by)
	}
	p, err := m.paragraph(by, c.Paragraph)
	if err != nil {
		return nil, err
	}
	if c.Base != p.Revision {
		return nil, refuse(ParagraphPassed, "revision", p.Revision)
	}
	text, err := m.cleanParagraph(c.Text)
	if err != nil || maps.Equal(text, p.Text) {
		return nil, err
	}
	var out []EventBody
	if len(p.Said) > 0 && p.anyCommit() { // who writes another text does not agree to the one that stands
		w, err := m.negotiation(p, by.Party()).Decline()
		if err != nil {
			return nil, refuse(WordGiven)
		}
		out = append(out, ParagraphDeclined{p.ID, w.Version, w.Round})
	}
	return append(out, ParagraphWritten{Paragraph: p.ID, Revision: p.Revision + 1, Text: text,
		Hash: HashOf(ParagraphForm(m.ID, p.ID, p.Item, text))}), nil
}

// anyCommit: some side committed in the round that is open.
func (p Paragraph) anyCommit() bool {
	return slices.ContainsFunc(p.Said, func(s Spoken) bool { return s.Round == p.Round && s.Text != "" })
}

func (c WriteParagraph) begin(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.drafter(by); err != nil {
		return nil, err
	}
	switch err := m.writable(); {
	case err != nil:
		return nil, err
	case len(m.Minutes.Paragraphs) >= MaxParagraphs:
		return nil, refuse(TooManyItems, "max", MaxParagraphs)
	case c.Item != "" && !m.hasItem(c.Item):
		return nil, refuse(UnknownItem)
	case c.Base != 0 || c.Before != "" && m.Minutes.index(c.Before) < 0:
		return nil, refuse(UnknownParagraph)
	}
	text, err := m.cleanParagraph(c.Text)
	if err != nil {
		return nil, err
	}
	if len(text) == 0 {
		return nil, refuse(TextEmpty)
	}
	id := ParagraphID(fmt.Sprint("p", m.Seq+1))
	return one(ParagraphWritten{Paragraph: id, Revision: 1, Text: text, Hash: HashOf(ParagraphForm(m.ID, id, c.Item, text)), Item: c.Item, Before: c.Before})
}

func (c MoveParagraph) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	p, err := m.paragraph(by, c.Paragraph)
	switch {
	case err != nil:
		return nil, err
	case c.Before != "" && m.Minutes.index(c.Before) < 0:
		return nil, refuse(UnknownParagraph)
	case c.Before == p.ID || m.Minutes.before(p.ID) == c.Before:
		return nil, nil
	}
	return one(ParagraphMoved(c))
}

// before is the paragraph that one stands before now; empty: it is the last.
func (x *Minutes) before(id ParagraphID) ParagraphID {
	if i := x.index(id) + 1; i > 0 && i < len(x.Paragraphs) {
		return x.Paragraphs[i].ID
	}
	return ""
}

func (c RemoveParagraph) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	p, err := m.paragraph(by, c.Paragraph)
	switch {
	case err != nil:
		return nil, err
	case p.Agreed != nil || p.anyCommit() || slices.ContainsFunc(p.Sides, func(s PartyID) bool { return s != by.Party() }):
		return nil, refuse(ParagraphShared)
	}
	return one(ParagraphRemoved(c))
}

// ready is refused while a text cannot be agreed to: words are open, or a language lacks. A text of nothing strikes the paragraph.
func (m *Meeting) ready(p Paragraph) error {
	if n := p.Text.Brackets(); n > 0 {
		return refuse(BracketsOpen, "n", n)
	}
	for _, l := range m.Joint.Authentic() {
		if len(p.Text) > 0 && p.Text[l] == "" {
			return refuse(TranslationMissing, "language", l)
		}
	}
	return nil
}

func (c ProposeParagraph) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	p, err := m.paragraph(by, c.Paragraph)
	switch {
	case err != nil:
		return nil, err
	case c.Text != p.Hash:
		return nil, refuse(ParagraphPassed, "revision", p.Revision)
	case p.Settled() || p.Proposed != nil || p.anyCommit():
		return nil, nil
	}
	return one(ParagraphProposed(c))
}

func (c CommitParagraph) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	p, err := m.paragraph(by, c.Paragraph)
	if err != nil {
		return nil, err
	}
	w, err := m.commit(p, by, c.Version, c.Round, c.Text)
	if w == nil || err != nil {
		return nil, err
	}
	return one(ParagraphCommitted{p.ID, w.Version, w.Round, w.Text})
}

func (c DeclineParagraph) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	p, err := m.paragraph(by, c.Paragraph)
	if err != nil {
		return nil, err
	}
	w, err := m.decline(p, by, c.Version, c.Round)
	if err != nil {
		return nil, err
	}
	return one(ParagraphDeclined{p.ID, w.Version, w.Round})
}

// commit is a side's word for the text that stands, of the minutes or of an account; no word: it was agreed to already.
func (m *Meeting) commit(p Paragraph, by MemberID, version, round int, text TextHash) (*Word, error) {
	switch {
	case p.Settled() && text == p.Hash:
		return nil, nil
	case text != p.Hash || version != p.Version || round != p.Round:
		return nil, refuse(ParagraphPassed, "revision", p.Revision)
	}
	if err := m.ready(p); err != nil {
		return nil, err
	}
	w, err := m.negotiation(p, by.Party()).Commit(p.Hash)
	if err != nil {
		return nil, refuse(WordGiven)
	}
	return &w, nil
}

// decline is a side's word against it.
func (m *Meeting) decline(p Paragraph, by MemberID, version, round int) (Word, error) {
	switch {
	case version != p.Version || round != p.Round:
		return Word{}, refuse(ParagraphPassed, "revision", p.Revision)
	case p.Proposed == nil && !p.anyCommit():
		return Word{}, refuse(NothingProposed)
	case p.Round >= MaxWordRounds:
		return Word{}, refuse(TooManyItems, "max", MaxWordRounds)
	}
	w, err := m.negotiation(p, by.Party()).Decline()
	if err != nil {
		return Word{}, refuse(WordGiven)
	}
	return w, nil
}

func (c CommentParagraph) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.drafter(by); err != nil {
		return nil, err
	}
	if m.Minutes.index(c.Paragraph) < 0 {
		return nil, refuse(UnknownParagraph)
	}
	if len(m.Minutes.Comments) >= MaxComments {
		return nil, refuse(TooManyItems, "max", MaxComments)
	}
	text, err := cleanText(c.Text, MaxText)
	if err != nil {
		return nil, err
	}
	return one(ParagraphCommented{c.Paragraph, text})
}

func (c SettleComment) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.drafter(by); err != nil {
		return nil, err
	}
	own := func(x Comment) bool { return x.Seq == c.Comment && x.By.Party() == by.Party() }
	if !slices.ContainsFunc(m.Minutes.Comments, own) { // another side's is none: not even that it exists
		return nil, refuse(UnknownComment)
	}
	return one(CommentSettled(c))
}

// ---- applying -------------------------------------------------------------------------------------------------------

func (m *Meeting) inParagraph(id ParagraphID, f func(*Paragraph)) {
	if i := m.Minutes.index(id); i >= 0 {
		f(&m.Minutes.Paragraphs[i])
	}
}

// put places a paragraph before another; an unknown one is the end.
func (x *Minutes) put(p Paragraph, before ParagraphID) {
	i := x.index(before)
	if i < 0 {
		i = len(x.Paragraphs)
	}
	x.Paragraphs = slices.Insert(x.Paragraphs, i, p)
}

func (b ParagraphWritten) apply(m *Meeting, e *Event) {
	text := maps.Clone(b.Text)
	if text == nil {
		text = Words{}
	}
	if b.Revision == 1 {
		m.Minutes.put(Paragraph{ID: b.Paragraph, Item: b.Item, Text: text, Hash: b.Hash, Revision: 1, At: e.At, By: e.By,
			Sides: []PartyID{e.Party}, Version: 1, Round: 1, Said: []Spoken{}}, b.Before)
		return
	}
	m.inParagraph(b.Paragraph, func(p *Paragraph) { p.write(e, b.Revision, text, b.Hash) })
}

func (b ParagraphMoved) apply(m *Meeting, _ *Event) {
	i := m.Minutes.index(b.Paragraph)
	if i < 0 || b.Before == b.Paragraph {
		return
	}
	p := m.Minutes.Paragraphs[i]
	m.Minutes.Paragraphs = slices.Delete(m.Minutes.Paragraphs, i, i+1)
	m.Minutes.put(p, b.Before)
}

func (b ParagraphRemoved) apply(m *Meeting, _ *Event) {
	m.Minutes.Paragraphs = slices.DeleteFunc(m.Minutes.Paragraphs, func(p Paragraph) bool { return p.ID == b.Paragraph })
	m.Minutes.Comments = slices.DeleteFunc(m.Minutes.Comments, func(c Comment) bool { return c.Paragraph == b.Paragraph })
}

func (b ParagraphProposed) apply(m *Meeting, e *Event) {
	m.inParagraph(b.Paragraph, func(p *Paragraph) { p.Proposed = &Proposal{At: e.At, By: e.By} })
}

func (b ParagraphCommitted) apply(m *Meeting, e *Event) {
	m.inParagraph(b.Paragraph, func(p *Paragraph) {
		p.hear(e, b.Round, b.Text)
		p.settle(m.Joint.Parties, e.At)
	})
}

// hear keeps a side's word; one without a text declines, and opens the next round.
func (p *Paragraph) hear(e *Event, round int, text TextHash) {
	p.Said = append(p.Said, Spoken{At: e.At, By: e.By, Round: round, Text: text})
	if text == "" {
		p.Round, p.Proposed = round+1, nil
	}
}

// write gives it another text, by a side.
func (p *Paragraph) write(e *Event, revision int, text Words, hash TextHash) {
	p.Text, p.Hash, p.Revision, p.At, p.By, p.Proposed = text, hash, revision, e.At, e.By, nil
	if !slices.Contains(p.Sides, e.Party) {
		p.Sides = append(p.Sides, e.Party)
	}
}

func (b ParagraphDeclined) apply(m *Meeting, e *Event) {
	m.inParagraph(b.Paragraph, func(p *Paragraph) { p.hear(e, b.Round, "") })
}

func (b ParagraphCommented) apply(m *Meeting, e *Event) {
	m.Minutes.Comments = append(m.Minutes.Comments, Comment{Seq: e.Seq, At: e.At, By: e.By, Paragraph: b.Paragraph, Text: b.Text})
}

func (b CommentSettled) apply(m *Meeting, e *Event) {
	m.Minutes.Comments = slices.DeleteFunc(m.Minutes.Comments, func(c Comment) bool { return c.Seq == b.Comment && c.By.Party() == e.Party })
}
