package record

import (
	"time"

	"astara/meeting"
)

// FiledTerm is a term with the consultation in which it was written down.
type FiledTerm struct {
	Consultation meeting.ConsultationID
	Title        meeting.Words
	StartsAt     time.Time
	Parties      []meeting.PartyID
	Term         meeting.Term
}
