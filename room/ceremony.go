package room

import (
	"slices"
	"time"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

const (
	// curtainLongest is when clients show the principals at the latest, from the go on, whatever has come.
	curtainLongest = 4 * time.Second
	// curtainLead is how long before its moment everybody is told of it, beside the longest round trip of a principal;
	// half of that is the way, and a page that is drawing its table listens late: at 250 ms one of ten was 332 ms late where two browsers share two cores.
	curtainLead = 500 * time.Millisecond
	// curtainTrip is the longest round trip that is waited for.
	curtainTrip = 500 * time.Millisecond
)

// curtain hangs, on the screens, before the principals of the other sides from the go until all of them have each other's picture: whose
// camera answered sooner is not seen sooner.
type curtain struct {
	until time.Time                 // when it is up at the latest; zero: there is none
	waits map[meeting.MemberID]bool // principals who have not said that they have the pictures
}

// hang is what follows from the go.
func (r *room) hang() {
	r.curtain = curtain{until: r.cfg.Now().Add(curtainLongest), waits: map[meeting.MemberID]bool{}}
	for p := range r.atTable {
		if r.meeting.Members[p.id].Role == meeting.Head {
			r.curtain.waits[p.id] = true
		}
	}
}

// curtainReady notes that a principal has the pictures of the others; with the last one the moment is set and told.
func (r *room) curtainReady(c *Conn) {
	if p := r.people[c.member]; p == nil || p.conn != c || !r.curtain.waits[c.member] {
		return
	}
	delete(r.curtain.waits, c.member)
	if len(r.curtain.waits) > 0 {
		return
	}
	rises := r.cfg.Now().Add(r.curtainLead())
	if rises.After(r.curtain.until) {
		return
	}
	for p := range r.atTable {
		r.push(p.conn, message("curtain", 0, protocol.Curtain{Rises: rises.UTC().Format(Clock)}))
	}
}

// curtainLead is how long it takes until all principals have been told for sure.
func (r *room) curtainLead() time.Duration {
	var heads []media.PeerID
	for p := range r.atTable {
		if r.meeting.Members[p.id].Role == meeting.Head && p.peer {
			heads = append(heads, p.plug)
		}
	}
	var trip float64
	for _, l := range r.cfg.Media.Lines(heads) {
		trip = max(trip, l.RTTms)
	}
	return curtainLead + min(time.Duration(trip)*time.Millisecond, curtainTrip)
}

// behindCurtain tells whether a receiver is about to be shown a principal of another side: the picture is asked for with the go, before the
// page has said where it will stand.
func (r *room) behindCurtain(p *person, id meeting.MemberID) bool {
	return r.meeting.Members[id].Role == meeting.Head && id.Party() != p.id.Party() && r.cfg.Now().Before(r.curtain.until)
}

// met leaves out whom a receiver has not met: before the go, no packet of a principal goes to another side, and none of another side to them.
func (r *room) met(p *person, near []sender) []sender {
	if !r.meeting.Apart() {
		return near
	}
	return slices.DeleteFunc(near, func(s sender) bool { return !r.meeting.Meets(p.id, s.ID) })
}
