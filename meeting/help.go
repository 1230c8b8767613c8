package meeting

import (
	"slices"
	"time"
)

// HelpKept is how many calls for help the state keeps; older ones are in the record.
const HelpKept = 40

// HelpCall is an interpreter's call for the own side's technician, and who answered it when.
type HelpCall struct {
	Seq        uint64     `json:"seq"`
	At         time.Time  `json:"at"`
	Member     MemberID   `json:"member"`
	AnsweredBy MemberID   `json:"answeredBy,omitempty"`
	AnsweredAt *time.Time `json:"answeredAt,omitempty"`
}

type (
	// CallForHelp asks the own side's technicians and secretaries to come; by an interpreter.
	CallForHelp struct{}
	// AnswerHelp says that one is coming; by a technician or secretary of that side.
	AnswerHelp struct {
		Call uint64 `json:"call"` // its Seq
	}
	// HelpCalled see CallForHelp.
	HelpCalled struct {
		Member MemberID `json:"member"`
	}
	// HelpAnswered see AnswerHelp.
	HelpAnswered struct {
		Call   uint64   `json:"call"`
		Member MemberID `json:"member"` // who answered
	}
)

func (CallForHelp) Type() CommandType { return "help.call" }
func (AnswerHelp) Type() CommandType  { return "help.answer" }
func (HelpCalled) Type() EventType    { return "help.called" }
func (HelpAnswered) Type() EventType  { return "help.answered" }
func (HelpCalled) lasting() bool      { return true }
func (HelpAnswered) lasting() bool    { return true }

func (b HelpCalled) audience(*Meeting, *Event) Audience   { return ToParty(b.Member.Party()) }
func (b HelpAnswered) audience(*Meeting, *Event) Audience { return ToParty(b.Member.Party()) }

func (c CallForHelp) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.inside(by)
	if err != nil {
		return nil, err
	}
	if x.Role != Interpreter {
		return nil, refuse(NotYourRole)
	}
	if slices.ContainsFunc(m.Help, func(h HelpCall) bool { return h.Member == by && h.AnsweredBy == "" }) {
		return nil, nil
	}
	return one(HelpCalled{Member: by})
}

func (c AnswerHelp) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.inside(by)
	if err != nil {
		return nil, err
	}
	if x.Role != Technician && x.Role != Secretary {
		return nil, refuse(NotYourRole)
	}
	i := slices.IndexFunc(m.Help, func(h HelpCall) bool { return h.Seq == c.Call && h.Member.Party() == by.Party() })
	if i < 0 || m.Help[i].AnsweredBy != "" {
		return nil, refuse(NoSuchCall)
	}
	return one(HelpAnswered{Call: c.Call, Member: by})
}

func (b HelpCalled) apply(m *Meeting, e *Event) {
	m.Help = append(m.Help, HelpCall{Seq: e.Seq, At: e.At, Member: b.Member})
	n := 0 // of each side, so that nobody's view depends on what the other side called
	for i := len(m.Help) - 1; i >= 0; i-- {
		if m.Help[i].Member.Party() == b.Member.Party() {
			if n++; n > HelpKept {
				m.Help = slices.Delete(m.Help, i, i+1)
			}
		}
	}
}

func (b HelpAnswered) apply(m *Meeting, e *Event) {
	for i, h := range m.Help {
		if h.Seq == b.Call {
			m.Help[i].AnsweredBy, m.Help[i].AnsweredAt = b.Member, &e.At
		}
	}
}
