package meeting

import (
	"maps"
	"slices"
	"time"
)

// Limits of what is noted and shown at the table.
const (
	MaxDecisions     = 500
	MaxDocuments     = 200
	MaxDocumentBytes = 20 << 20
)

// ItemStatus is what became of an agenda item.
type ItemStatus string

// The statuses. An item that is nowhere noted is Open; a postponed one comes back in another meeting.
const (
	ItemOpen      ItemStatus = "open"
	ItemDone      ItemStatus = "done"
	ItemSkipped   ItemStatus = "skipped"
	ItemPostponed ItemStatus = "postponed"
)

// ItemStatuses lists them all.
func ItemStatuses() []ItemStatus { return []ItemStatus{ItemOpen, ItemDone, ItemSkipped, ItemPostponed} }

// Course is how the agenda runs: the item that is discussed, what became of the others, and what was decided and shown.
type Course struct {
	Item      string                `json:"item,omitempty"`  // the current one
	Since     *time.Time            `json:"since,omitempty"` // since when
	Status    map[string]ItemStatus `json:"status"`          // by item; an item without one is open
	Spent     map[string]int        `json:"spent"`           // by item: milliseconds, without the time since Since
	Decisions []Decision            `json:"decisions"`
	Documents []Document            `json:"documents"`
	Shown     string                `json:"shown,omitempty"` // the document that is open for all
}

// Decision is what was decided, in the words of who noted it.
type Decision struct {
	Seq  uint64    `json:"seq"`
	At   time.Time `json:"at"`
	By   MemberID  `json:"by"`
	Item string    `json:"item,omitempty"` // agenda item; empty: none
	Text string    `json:"text"`
}

// Document is a file that a side put on the table. Its bytes are the store's.
type Document struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	Kind string    `json:"kind"` // application/pdf, image/png or image/jpeg
	Size int       `json:"size"` // bytes
	Item string    `json:"item,omitempty"`
	By   MemberID  `json:"by"`
	At   time.Time `json:"at"`
}

// DocumentKinds are the media types that every browser shows by itself.
func DocumentKinds() []string { return []string{"application/pdf", "image/png", "image/jpeg"} }

func noCourse() Course {
	return Course{Status: map[string]ItemStatus{}, Spent: map[string]int{}, Decisions: []Decision{}, Documents: []Document{}}
}

func (c Course) clone() Course {
	c.Status, c.Spent = maps.Clone(c.Status), maps.Clone(c.Spent)
	c.Decisions, c.Documents = append([]Decision{}, c.Decisions...), append([]Document{}, c.Documents...)
	return c
}

type (
	// TakeItem makes an item the current one, by a chair; it also opens one again that was done, skipped or postponed. Current is the one that
	// the chair saw: of two chairs at once the later one is refused.
	TakeItem struct {
		Item    string `json:"item"`
		Current string `json:"current,omitempty"`
	}
	// CloseItem says what became of an item, by a chair; the current one is left by it.
	CloseItem struct {
		Item   string     `json:"item"`
		Status ItemStatus `json:"status"`
	}
	// NoteDecision puts on record what was decided, by a chair or a secretary. It belongs to the current item.
	NoteDecision struct {
		Text string `json:"text"`
	}
	// ShareDocument puts a file on the table; the door gives it, after the store has the bytes.
	ShareDocument struct {
		Document Document `json:"document"`
	}
	// ShowDocument opens a document for all, by a chair, or by whose side it is; empty: closes what is open.
	ShowDocument struct {
		Document string `json:"document,omitempty"`
	}

	// ItemTaken see TakeItem.
	ItemTaken struct {
		Item string `json:"item"`
	}
	// ItemClosed see CloseItem.
	ItemClosed struct {
		Item   string     `json:"item"`
		Status ItemStatus `json:"status"`
	}
	// DecisionNoted see NoteDecision.
	DecisionNoted struct {
		Item string `json:"item,omitempty"`
		Text string `json:"text"`
	}
	// DocumentShared see ShareDocument.
	DocumentShared struct {
		Document Document `json:"document"`
	}
	// DocumentShown see ShowDocument.
	DocumentShown struct {
		Document string `json:"document,omitempty"`
	}
)

func (TakeItem) Type() CommandType      { return "item.take" }
func (CloseItem) Type() CommandType     { return "item.close" }
func (NoteDecision) Type() CommandType  { return "decision.note" }
func (ShareDocument) Type() CommandType { return "document.share" }
func (ShowDocument) Type() CommandType  { return "document.show" }

func (ItemTaken) Type() EventType      { return "item.taken" }
func (ItemClosed) Type() EventType     { return "item.closed" }
func (DecisionNoted) Type() EventType  { return "decision.noted" }
func (DocumentShared) Type() EventType { return "document.shared" }
func (DocumentShown) Type() EventType  { return "document.shown" }

func (ItemTaken) lasting() bool      { return true }
func (ItemClosed) lasting() bool     { return true }
func (DecisionNoted) lasting() bool  { return true }
func (DocumentShared) lasting() bool { return true }
func (DocumentShown) lasting() bool  { return true }

func (ItemTaken) audience(*Meeting, *Event) Audience      { return All }
func (ItemClosed) audience(*Meeting, *Event) Audience     { return All }
func (DecisionNoted) audience(*Meeting, *Event) Audience  { return All }
func (DocumentShared) audience(*Meeting, *Event) Audience { return All }
func (DocumentShown) audience(*Meeting, *Event) Audience  { return All }

// ---- deciding -------------------------------------------------------------------------------------------------------

func (m *Meeting) hasItem(id string) bool {
	return slices.ContainsFunc(m.Joint.Agenda, func(x AgendaItem) bool { return x.ID == id })
}

func (c TakeItem) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	switch err := m.chair(by); {
	case err != nil:
		return nil, err
	case !m.hasItem(c.Item):
		return nil, refuse(UnknownItem)
	case c.Item == m.Course.Item:
		return nil, nil
	case c.Current != m.Course.Item:
		return nil, refuse(ItemPassed)
	}
	return one(ItemTaken{Item: c.Item})
}

func (c CloseItem) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	switch err := m.chair(by); {
	case err != nil:
		return nil, err
	case !m.hasItem(c.Item) || !slices.Contains(ItemStatuses(), c.Status):
		return nil, refuse(UnknownItem)
	case c.Item != m.Course.Item && (m.Course.Status[c.Item] == c.Status || m.Course.Status[c.Item] == "" && c.Status == ItemOpen):
		return nil, nil
	}
	return one(ItemClosed(c))
}

func (c NoteDecision) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.inside(by)
	if err != nil {
		return nil, err
	}
	if x.Role != Secretary && m.Chair(by.Party()) != by {
		return nil, refuse(NotChair)
	}
	if len(m.Course.Decisions) >= MaxDecisions {
		return nil, refuse(TooManyItems, "max", MaxDecisions)
	}
	text, err := cleanText(c.Text, MaxText)
	if err != nil {
		return nil, err
	}
	return one(DecisionNoted{Item: m.Course.Item, Text: text})
}

// MayShare tells whether a member may put documents on the table: whoever prepares the meeting or speaks for their side in it.
func (m *Meeting) MayShare(by MemberID) error {
	x, err := m.inside(by)
	if err != nil {
		return err
	}
	if !x.Role.asks() {
		return refuse(NotYourRole)
	}
	if len(m.Course.Documents) >= MaxDocuments {
		return refuse(TooManyItems, "max", MaxDocuments)
	}
	return nil
}

func (c ShareDocument) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.MayShare(by); err != nil {
		return nil, err
	}
	d := c.Document
	if !validID(d.ID) || slices.ContainsFunc(m.Course.Documents, func(x Document) bool { return x.ID == d.ID }) ||
		!slices.Contains(DocumentKinds(), d.Kind) || d.Size < 1 || d.Size > MaxDocumentBytes {
		return nil, refuse(DocumentWrong, "max", MaxDocumentBytes>>20)
	}
	if d.Item != "" && !m.hasItem(d.Item) {
		return nil, refuse(UnknownItem)
	}
	var err error
	if d.Name, err = cleanName(d.Name, MaxName); err != nil {
		return nil, err
	}
	d.By, d.At = "", time.Time{} // who and when is the event's
	return one(DocumentShared{Document: d})
}

func (c ShowDocument) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if _, err := m.inside(by); err != nil {
		return nil, err
	}
	side := func(id string) PartyID {
		for _, d := range m.Course.Documents {
			if d.ID == id {
				return d.By.Party()
			}
		}
		return ""
	}
	switch {
	case c.Document == m.Course.Shown:
		return nil, nil
	case c.Document != "" && side(c.Document) == "":
		return nil, refuse(UnknownDocument)
	}
	subject := c.Document
	if subject == "" {
		subject = m.Course.Shown
	}
	if m.Chair(by.Party()) != by && !(m.Members[by].Role.asks() && side(subject) == by.Party()) {
		return nil, refuse(NotChair)
	}
	return one(DocumentShown(c))
}

// ---- applying -------------------------------------------------------------------------------------------------------

func (b ItemTaken) apply(m *Meeting, e *Event) {
	m.leaveItem(e.At)
	at := e.At
	m.Course.Item, m.Course.Since = b.Item, &at
	delete(m.Course.Status, b.Item)
}

// leaveItem books the time of the current item.
func (m *Meeting) leaveItem(at time.Time) {
	c := &m.Course
	if c.Item == "" || c.Since == nil {
		return
	}
	c.Spent[c.Item] += int(max(0, at.UnixMilli()-c.Since.UnixMilli()))
	c.Item, c.Since = "", nil
}

func (b ItemClosed) apply(m *Meeting, e *Event) {
	if b.Item == m.Course.Item {
		m.leaveItem(e.At)
	}
	if b.Status == ItemOpen {
		delete(m.Course.Status, b.Item)
		return
	}
	m.Course.Status[b.Item] = b.Status
}

func (b DecisionNoted) apply(m *Meeting, e *Event) {
	m.Course.Decisions = append(m.Course.Decisions, Decision{Seq: e.Seq, At: e.At, By: e.By, Item: b.Item, Text: b.Text})
}

func (b DocumentShared) apply(m *Meeting, e *Event) {
	d := b.Document
	d.By, d.At = e.By, e.At
	m.Course.Documents = append(m.Course.Documents, d)
}

func (b DocumentShown) apply(m *Meeting, _ *Event) { m.Course.Shown = b.Document }
