package room

import (
	"astara/meeting"
	"astara/protocol"
)

// tellTerms tells those who work with terms, and may read the ones that an event is about, that there is something to read. The terms themselves go
// to nobody unasked: a file of them may be larger than all else that is said.
func (r *room) tellTerms(e meeting.Event) {
	booth := meeting.Language("")
	if b, ok := e.Body.(meeting.TermsWritten); ok {
		booth = b.Booth
	}
	to, m := r.meeting.Audience(e), message("terms", 0, protocol.TermsChanged{})
	for id, p := range r.people {
		x := r.meeting.Members[id]
		switch {
		case p.conn == nil || !p.conn.greeted || !x.Role.ReadsTerms() || x.Standing != meeting.Admitted:
		case to.Includes(id, e.By), booth != "" && x.Booth == booth:
			r.push(p.conn, m)
		}
	}
}
