package meeting

import (
	"maps"
	"slices"
	"time"
)

// MaxDecisions noted in one consultation.
const MaxDecisions = 500

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

// Course is how the agenda runs: the item that is discussed, what became of the others, and what was decided.
type Course struct {
	Item      string                `json:"item,omitempty"`  // the current one
	Since     *time.Time            `json:"since,omitempty"` // since when
	Status    map[string]ItemStatus `json:"status"`          // by item; an item without one is open
	Spent     map[string]int        `json:"spent"`           // by item: milliseconds, without the time since Since
	Decisions []Decision            `json:"decisions"`
}

// Decision is what was decided, in the words of who noted it.
type Decision struct {
	Seq  uint64    `json:"seq"`
	At   time.Time `json:"at"`
	By   MemberID  `json:"by"`
	Item string    `json:"item,omitempty"` // agenda item; empty: none
	Text string    `json:"text"`
}

func noCourse() Course {
	return Course{Status: map[string]ItemStatus{}, Spent: map[string]int{}, Decisions: []Decision{}}
}

func (c Course) clone() Course {
	c.Status, c.Spent = maps.Clone(c.Status), maps.Clone(c.Spent)
	c.Decisions = append([]Decision{}, c.Decisions...)
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
)

func (TakeItem) Type() CommandType     { return "item.take" }
func (CloseItem) Type() CommandType    { return "item.close" }
func (NoteDecision) Type() CommandType { return "decision.note" }

func (ItemTaken) Type() EventType     { return "item.taken" }
func (ItemClosed) Type() EventType    { return "item.closed" }
func (DecisionNoted) Type() EventType { return "decision.noted" }

func (ItemTaken) lasting() bool     { return true }
func (ItemClosed) lasting() bool    { return true }
func (DecisionNoted) lasting() bool { return true }

func (ItemTaken) audience(*Meeting, *Event) Audience     { return All }
func (ItemClosed) audience(*Meeting, *Event) Audience    { return All }
func (DecisionNoted) audience(*Meeting, *Event) Audience { return All }

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

// ---- applying -------------------------------------------------------------------------------------------------------

func (b ItemTaken) apply(m *Meeting, e *Event) {
	m.leaveItem(e.At)
	m.Shown = nil
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
		m.Shown = nil // it was opened for this item
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
