package meeting

import (
	"maps"
	"slices"
	"time"
)

// MaxRounds of agreement in one consultation.
const MaxRounds = 200

// Answer of a side to a text. It is never counted by heads.
type Answer string

// The answers. Ad referendum: agreed here, subject to the capital's confirmation.
const (
	AnswerAgreed       Answer = "agreed"
	AnswerNotAgreed    Answer = "not-agreed"
	AnswerAdReferendum Answer = "ad-referendum"
)

// Answers lists them all.
func Answers() []Answer { return []Answer{AnswerAgreed, AnswerNotAgreed, AnswerAdReferendum} }

// Round is a text that a chair put, and what each side's head answered. It is open until all sides have answered or it is withdrawn.
type Round struct {
	Number    int                `json:"number"` // from 1
	At        time.Time          `json:"at"`
	By        MemberID           `json:"by"`
	Item      string             `json:"item,omitempty"`
	Text      string             `json:"text"`
	Answers   map[PartyID]Answer `json:"answers"`
	Withdrawn bool               `json:"withdrawn,omitempty"`
}

type (
	// PutText opens a round of agreement, by a chair, while no other is open. Number is that of the new round: of two chairs at once the later
	// one is refused.
	PutText struct {
		Number int    `json:"number"`
		Text   string `json:"text"`
	}
	// AnswerText is the answer of my side, by its head. It is final.
	AnswerText struct {
		Number int    `json:"number"`
		Answer Answer `json:"answer"`
	}
	// WithdrawText ends a round without a result, by the chair of the side that put the text.
	WithdrawText struct {
		Number int `json:"number"`
	}

	// TextPut see PutText.
	TextPut struct {
		Number int    `json:"number"`
		Item   string `json:"item,omitempty"`
		Text   string `json:"text"`
	}
	// TextAnswered see AnswerText. The side is the event's.
	TextAnswered struct {
		Number int    `json:"number"`
		Answer Answer `json:"answer"`
	}
	// TextWithdrawn see WithdrawText.
	TextWithdrawn struct {
		Number int `json:"number"`
	}
)

func (PutText) Type() CommandType      { return "text.put" }
func (AnswerText) Type() CommandType   { return "text.answer" }
func (WithdrawText) Type() CommandType { return "text.withdraw" }

func (TextPut) Type() EventType       { return "text.put" }
func (TextAnswered) Type() EventType  { return "text.answered" }
func (TextWithdrawn) Type() EventType { return "text.withdrawn" }

func (TextPut) lasting() bool       { return true }
func (TextAnswered) lasting() bool  { return true }
func (TextWithdrawn) lasting() bool { return true }

func (TextPut) audience(*Meeting, *Event) Audience       { return All }
func (TextAnswered) audience(*Meeting, *Event) Audience  { return All }
func (TextWithdrawn) audience(*Meeting, *Event) Audience { return All }

// OpenRound is the round that waits for answers, if there is one.
func (m *Meeting) OpenRound() (Round, bool) {
	if len(m.Rounds) == 0 {
		return Round{}, false
	}
	r := m.Rounds[len(m.Rounds)-1]
	return r, !r.Withdrawn && len(r.Answers) < len(m.Joint.Parties)
}

func cloneRounds(all []Round) []Round {
	out := append([]Round{}, all...)
	for i := range out {
		out[i].Answers = maps.Clone(out[i].Answers)
	}
	return out
}

func (c PutText) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.chair(by); err != nil {
		return nil, err
	}
	if _, open := m.OpenRound(); open || c.Number != len(m.Rounds)+1 {
		return nil, refuse(RoundPassed)
	}
	if len(m.Rounds) >= MaxRounds {
		return nil, refuse(TooManyItems, "max", MaxRounds)
	}
	text, err := cleanText(c.Text, MaxText)
	if err != nil {
		return nil, err
	}
	return one(TextPut{Number: c.Number, Item: m.Course.Item, Text: text})
}

func (c AnswerText) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.inside(by)
	if err != nil {
		return nil, err
	}
	r, open := m.OpenRound()
	switch {
	case x.Role != Head:
		return nil, refuse(NotYourRole)
	case !slices.Contains(Answers(), c.Answer):
		return nil, refuse(AnswerWrong)
	case !open || r.Number != c.Number || r.Answers[by.Party()] != "":
		return nil, refuse(RoundPassed)
	}
	return one(TextAnswered(c))
}

func (c WithdrawText) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.chair(by); err != nil {
		return nil, err
	}
	r, open := m.OpenRound()
	switch {
	case !open || r.Number != c.Number:
		return nil, refuse(RoundPassed)
	case r.By.Party() != by.Party():
		return nil, refuse(NotYourSide)
	}
	return one(TextWithdrawn(c))
}

func (b TextPut) apply(m *Meeting, e *Event) {
	m.Rounds = append(m.Rounds, Round{Number: b.Number, At: e.At, By: e.By, Item: b.Item, Text: b.Text, Answers: map[PartyID]Answer{}})
}

func (b TextAnswered) apply(m *Meeting, e *Event) {
	if i := b.Number - 1; i >= 0 && i < len(m.Rounds) {
		m.Rounds[i].Answers[e.Party] = b.Answer
	}
}

func (b TextWithdrawn) apply(m *Meeting, _ *Event) {
	if i := b.Number - 1; i >= 0 && i < len(m.Rounds) {
		m.Rounds[i].Withdrawn = true
	}
}
