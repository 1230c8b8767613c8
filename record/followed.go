package record

import "astara/meeting"

// Followed is an agreement with the consultation in which it was undertaken.
type Followed struct {
	Consultation meeting.ConsultationID
	Joint        meeting.Joint
	Agreement    *meeting.Agreement
}

// Parties are those of the consultation, in the order of its table.
func (f Followed) Parties() []meeting.PartyID {
	out := make([]meeting.PartyID, len(f.Joint.Parties))
	for i, p := range f.Joint.Parties {
		out[i] = p.ID
	}
	return out
}
