package meeting

import "time"

type (
	// AnswerLater tells the caller that a call was heard and is not answered now; by a secretary of a side that was called.
	AnswerLater struct{}
	// AnswerDeferred see AnswerLater. The side is the event's.
	AnswerDeferred struct{}
)

func (AnswerLater) Type() CommandType  { return "call.answer-later" }
func (AnswerDeferred) Type() EventType { return "call.answer-deferred" }
func (AnswerDeferred) lasting() bool   { return true }

func (AnswerDeferred) audience(*Meeting, *Event) Audience { return All }

func (c AnswerLater) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.secretary(by); err != nil {
		return nil, err
	}
	_, told := m.Deferred[by.Party()]
	switch _, answered := m.Agreed[by.Party()]; {
	case m.Joint.Kind != KindCall:
		return nil, refuse(CommandUnknown)
	case answered || told:
		return nil, nil
	}
	return one(AnswerDeferred{})
}

func (b AnswerDeferred) apply(m *Meeting, e *Event) {
	if m.Deferred == nil {
		m.Deferred = map[PartyID]time.Time{}
	}
	m.Deferred[e.Party] = e.At
}
