package record

import "astara/meeting"

// Stage is when something is said about a due date.
type Stage string

// The stages: in the week before it, on the day before or on the day itself, and when it has passed.
const (
	Week   Stage = "week"
	Eve    Stage = "eve"
	Passed Stage = "passed"
)

// Said names one reminder. A date that moves is another one.
type Said struct {
	Consultation meeting.ConsultationID
	Agreement    meeting.AgreementID
	Milestone    string
	Due          meeting.ISODate
	Stage        Stage
}

// Reader is a secretary who wants to be reminded.
type Reader struct {
	ID       meeting.MemberID
	Name     string
	Language meeting.Language
	Address  string
}
