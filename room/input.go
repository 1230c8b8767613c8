package room

import (
	"time"

	"astara/meeting"
	"astara/protocol"
)

// inputFresh is how long what a client said of its microphone is shown: three times as long as until it says it again.
const inputFresh = 6 * time.Second

// noteInput keeps what a client says of its microphone, within what can be.
func (r *room) noteInput(c *Conn, b protocol.Input) {
	p := r.people[c.member]
	if p == nil || p.conn != c || !r.meeting.MayPublish(c.member) {
		return
	}
	b.Level, b.Clipped, b.Bandwidth = min(max(b.Level, -100), 0), min(max(b.Clipped, 0), 1), min(max(b.Bandwidth, 0), 24_000)
	p.input, p.inputAt = b, time.Now()
}

// inputOf is what is known of a speaker's microphone now.
func (r *room) inputOf(id meeting.MemberID) *protocol.Input {
	p := r.people[id]
	if p == nil || p.inputAt.IsZero() || time.Since(p.inputAt) > inputFresh {
		return nil
	}
	x := p.input
	return &x
}

// judgesInput: chairs, technicians and booths see how good the sound of each speaker is.
func (r *room) judgesInput(id meeting.MemberID) bool {
	x := r.meeting.Members[id]
	return x.Booth != "" || x.Role == meeting.Technician || x.Role == meeting.Secretary || r.meeting.Chair(id.Party()) == id
}
