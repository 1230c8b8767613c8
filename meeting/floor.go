package meeting

import (
	"maps"
	"slices"
	"time"
)

// MaxLimit is the longest limit of an intervention, in seconds.
const MaxLimit = 2 * 3600

// FloorMode says how people come to speak.
type FloorMode string

// The modes. Open: whoever may speak is heard, and a raised hand asks the others for attention. Moderated: only who has the floor is
// heard, the chairs included; a chair gives it, and may take it themself.
const (
	FloorOpen      FloorMode = "open"
	FloorModerated FloorMode = "moderated"
)

// FloorModes lists them all.
func FloorModes() []FloorMode { return []FloorMode{FloorOpen, FloorModerated} }

// Floor is what is said to all, and who asks to say something.
type Floor struct {
	Mode      FloorMode       `json:"mode"`
	Alternate bool            `json:"alternate,omitempty"` // the next is of another side than the last, when one of another side asks
	Limit     int             `json:"limit,omitempty"`     // seconds of one intervention; 0: none. The chair sees it, nobody is cut off
	Speaker   MemberID        `json:"speaker,omitempty"`   // who has the floor; empty: nobody was given it
	Since     *time.Time      `json:"since,omitempty"`     // since when Speaker has it
	Turn      int             `json:"turn"`                // counts changes of Speaker: a chair says which one they saw
	Last      PartyID         `json:"last,omitempty"`      // the side that had the floor last, or has it
	Queue     []FloorRequest  `json:"queue"`               // points of order first, then in order of request
	Spoken    map[PartyID]int `json:"spoken"`              // account of each side: milliseconds of its finished interventions
}

// FloorRequest is a raised hand. Side and language are the member's.
type FloorRequest struct {
	Member MemberID  `json:"member"`
	At     time.Time `json:"at"`
	Point  bool      `json:"point,omitempty"` // of order: before everything else
}

func emptyFloor() Floor {
	return Floor{Mode: FloorOpen, Queue: []FloorRequest{}, Spoken: map[PartyID]int{}}
}

func (f Floor) clone() Floor {
	f.Queue, f.Spoken = append([]FloorRequest{}, f.Queue...), maps.Clone(f.Spoken)
	return f
}

type (
	// AskFloor puts me into the queue; with Point, before those who raise no point of order.
	AskFloor struct {
		Point bool `json:"point,omitempty"`
	}
	// WithdrawFloor takes my request back, or, for a secretary, that of one of the own people.
	WithdrawFloor struct {
		Member MemberID `json:"member,omitempty"`
	}
	// GrantFloor gives the floor, by a chair: to the next in the queue when Member is empty, else to whom the chair calls, asked or not.
	GrantFloor struct {
		Member MemberID `json:"member,omitempty"`
		Turn   int      `json:"turn"` // that the chair saw: of two chairs at once, the later one is refused
	}
	// TakeFloorBack ends the intervention, by a chair.
	TakeFloorBack struct {
		Turn int `json:"turn"`
	}
	// GiveFloorBack ends my own intervention.
	GiveFloorBack struct{}
	// SetFloor changes mode, order and limit, by a chair.
	SetFloor struct {
		Mode      FloorMode `json:"mode"`
		Alternate bool      `json:"alternate"`
		Limit     int       `json:"limit"`
	}

	// FloorAsked see AskFloor.
	FloorAsked struct {
		Member MemberID `json:"member"`
		Point  bool     `json:"point,omitempty"`
	}
	// FloorWithdrawn see WithdrawFloor.
	FloorWithdrawn struct {
		Member MemberID `json:"member"`
	}
	// FloorGranted ends the intervention before, if there was one.
	FloorGranted struct {
		Member MemberID `json:"member"`
	}
	// FloorTakenBack see TakeFloorBack.
	FloorTakenBack struct {
		Member MemberID `json:"member"`
	}
	// FloorGivenBack see GiveFloorBack.
	FloorGivenBack struct {
		Member MemberID `json:"member"`
	}
	// FloorChanged see SetFloor. In another mode the floor begins free; the queue stays.
	FloorChanged struct {
		Mode      FloorMode `json:"mode"`
		Alternate bool      `json:"alternate"`
		Limit     int       `json:"limit"`
	}
)

func (AskFloor) Type() CommandType      { return "floor.ask" }
func (WithdrawFloor) Type() CommandType { return "floor.withdraw" }
func (GrantFloor) Type() CommandType    { return "floor.grant" }
func (TakeFloorBack) Type() CommandType { return "floor.take-back" }
func (GiveFloorBack) Type() CommandType { return "floor.give-back" }
func (SetFloor) Type() CommandType      { return "floor.set" }

func (FloorAsked) Type() EventType     { return "floor.asked" }
func (FloorWithdrawn) Type() EventType { return "floor.withdrawn" }
func (FloorGranted) Type() EventType   { return "floor.granted" }
func (FloorTakenBack) Type() EventType { return "floor.taken-back" }
func (FloorGivenBack) Type() EventType { return "floor.given-back" }
func (FloorChanged) Type() EventType   { return "floor.changed" }

func (FloorAsked) lasting() bool     { return true }
func (FloorWithdrawn) lasting() bool { return true }
func (FloorGranted) lasting() bool   { return true }
func (FloorTakenBack) lasting() bool { return true }
func (FloorGivenBack) lasting() bool { return true }
func (FloorChanged) lasting() bool   { return true }

func (FloorAsked) audience(*Meeting, *Event) Audience     { return All }
func (FloorWithdrawn) audience(*Meeting, *Event) Audience { return All }
func (FloorGranted) audience(*Meeting, *Event) Audience   { return All }
func (FloorTakenBack) audience(*Meeting, *Event) Audience { return All }
func (FloorGivenBack) audience(*Meeting, *Event) Audience { return All }
func (FloorChanged) audience(*Meeting, *Event) Audience   { return All }

// ---- reading --------------------------------------------------------------------------------------------------------

// asks: may ask for the floor and be given it. An interpreter speaks for others, in a booth.
func (r Role) asks() bool { return r.speaks() && r != Interpreter && r != SignInterpreter }

// Heard tells whether what a member's microphone brings goes to all. An adviser speaks only when given the floor; an interpreter
// without a booth interprets consecutively and says another's words: after these, and often after the floor has been given back.
func (m *Meeting) Heard(id MemberID) bool {
	x := m.Members[id]
	if !m.OnFloor(x) || m.Cancelled != nil {
		return false
	}
	if m.Floor.Mode == FloorModerated {
		return m.Floor.Speaker == id || x.Role == Interpreter
	}
	return x.Role != Adviser || m.Floor.Speaker == id
}

// Asking is a member's place in the queue, from 1; 0: does not ask.
func (f Floor) Asking(id MemberID) int {
	return slices.IndexFunc(f.Queue, func(r FloorRequest) bool { return r.Member == id }) + 1
}

// NextOnFloor is who is given the floor by the chair's one key: a point of order first, then, where sides alternate, the first of
// another side than the last, else the first. Who is away is passed over and keeps their place.
func (m *Meeting) NextOnFloor() MemberID {
	first := MemberID("")
	for _, r := range m.Floor.Queue {
		switch {
		case !m.Members[r.Member].Present:
		case r.Point || !m.Floor.Alternate || r.Member.Party() != m.Floor.Last:
			return r.Member
		case first == "":
			first = r.Member
		}
	}
	return first
}

// ---- deciding -------------------------------------------------------------------------------------------------------

func (c AskFloor) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.inside(by)
	switch {
	case err != nil:
		return nil, err
	case !x.Role.asks():
		return nil, refuse(NotYourRole)
	case m.Floor.Speaker == by || m.Floor.Asking(by) > 0 && !c.Point:
		return nil, refuse(AlreadyAsked)
	}
	if n := m.Floor.Asking(by); n > 0 { // a request becomes a point of order
		if m.Floor.Queue[n-1].Point {
			return nil, refuse(AlreadyAsked)
		}
		return []EventBody{FloorWithdrawn{Member: by}, FloorAsked{Member: by, Point: true}}, nil
	}
	return one(FloorAsked{Member: by, Point: c.Point})
}

func (c WithdrawFloor) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if _, err := m.inside(by); err != nil {
		return nil, err
	}
	who := by
	if c.Member != "" && c.Member != by {
		if _, err := m.own(by, c.Member); err != nil {
			return nil, err
		}
		who = c.Member
	}
	if m.Floor.Asking(who) == 0 {
		return nil, refuse(NotAsked)
	}
	return one(FloorWithdrawn{Member: who})
}

func (c GrantFloor) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.chair(by); err != nil {
		return nil, err
	}
	if c.Turn != m.Floor.Turn {
		return nil, refuse(FloorPassed)
	}
	if c.Member == "" {
		if c.Member = m.NextOnFloor(); c.Member == "" {
			return nil, refuse(NobodyAsks)
		}
	}
	switch x, ok := m.Members[c.Member]; {
	case !ok || x.Standing != Admitted || !x.Present:
		return nil, refuse(UnknownMember, "member", c.Member)
	case !x.Role.asks():
		return nil, refuse(RoleWrong)
	case m.Floor.Speaker == c.Member:
		return nil, nil
	}
	return one(FloorGranted{Member: c.Member})
}

func (c TakeFloorBack) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.chair(by); err != nil {
		return nil, err
	}
	if c.Turn != m.Floor.Turn {
		return nil, refuse(FloorPassed)
	}
	if m.Floor.Speaker == "" {
		return nil, nil
	}
	return one(FloorTakenBack{Member: m.Floor.Speaker})
}

func (c GiveFloorBack) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if _, err := m.inside(by); err != nil {
		return nil, err
	}
	if m.Floor.Speaker != by {
		return nil, refuse(FloorNotYours)
	}
	return one(FloorGivenBack{Member: by})
}

func (c SetFloor) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.chair(by); err != nil {
		return nil, err
	}
	if !slices.Contains(FloorModes(), c.Mode) || c.Limit < 0 || c.Limit > MaxLimit {
		return nil, refuse(FloorWrong)
	}
	if f := m.Floor; f.Mode == c.Mode && f.Alternate == c.Alternate && f.Limit == c.Limit {
		return nil, nil
	}
	return one(FloorChanged(c))
}

// leaveFloor is what follows when a member may no longer have the floor or ask for it.
func (m *Meeting) leaveFloor(id MemberID) []EventBody {
	var out []EventBody
	if m.Floor.Asking(id) > 0 {
		out = append(out, FloorWithdrawn{Member: id})
	}
	if m.Floor.Speaker == id {
		out = append(out, FloorTakenBack{Member: id})
	}
	return out
}

// ---- applying -------------------------------------------------------------------------------------------------------

func (b FloorAsked) apply(m *Meeting, e *Event) {
	at := len(m.Floor.Queue)
	if b.Point {
		at = slices.IndexFunc(m.Floor.Queue, func(r FloorRequest) bool { return !r.Point })
		if at < 0 {
			at = len(m.Floor.Queue)
		}
	}
	m.Floor.Queue = slices.Insert(m.Floor.Queue, at, FloorRequest{Member: b.Member, At: e.At, Point: b.Point})
}

func (b FloorWithdrawn) apply(m *Meeting, _ *Event) { m.unask(b.Member) }

func (b FloorGranted) apply(m *Meeting, e *Event) {
	turn, at := m.Floor.Turn+1, e.At
	m.endTurn(at)
	m.unask(b.Member)
	m.Floor.Speaker, m.Floor.Since, m.Floor.Turn, m.Floor.Last = b.Member, &at, turn, b.Member.Party()
}

func (b FloorTakenBack) apply(m *Meeting, e *Event) { m.endTurn(e.At) }
func (b FloorGivenBack) apply(m *Meeting, e *Event) { m.endTurn(e.At) }

func (b FloorChanged) apply(m *Meeting, e *Event) {
	if b.Mode != m.Floor.Mode {
		m.endTurn(e.At)
	}
	m.Floor.Mode, m.Floor.Alternate, m.Floor.Limit = b.Mode, b.Alternate, b.Limit
}

// endTurn books the time of whoever has the floor on their side's account.
func (m *Meeting) endTurn(at time.Time) {
	f := &m.Floor
	if f.Speaker == "" || f.Since == nil {
		return
	}
	f.Spoken[f.Speaker.Party()] += int(max(0, at.UnixMilli()-f.Since.UnixMilli()))
	f.Speaker, f.Since = "", nil
	f.Turn++
}

func (m *Meeting) unask(id MemberID) {
	m.Floor.Queue = slices.DeleteFunc(m.Floor.Queue, func(r FloorRequest) bool { return r.Member == id })
}
