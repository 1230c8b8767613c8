package room

import (
	"slices"
	"time"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

const (
	// curtainLongest is when clients show the principals at the latest, from the go on, whatever has come. An overloaded computer has taken 7 s
	// to the first picture; one whose camera gives none is heard, and waited for, no longer.
	curtainLongest = 8 * time.Second
	// curtainLead is how long before its moment everybody is told of it at the least, beside the longest round trip of a principal. Where the pictures
	// took longer than twice that to come it is half of what they took: a page that had much to do has not done with it yet. When half of it is left
	// all principals must have said that they know the moment; otherwise a later one is told, and whoever knew of the first still hears of it in time.
	curtainLead = 500 * time.Millisecond
	// curtainTrip is the longest round trip that is waited for.
	curtainTrip = 500 * time.Millisecond
)

// curtain hangs, on the screens, before the principals of the other sides from the go until all of them have each other's picture: whose
// camera answered sooner is not seen sooner.
type curtain struct {
	until  time.Time                 // when it is up at the latest; zero: there is none
	waits  map[meeting.MemberID]bool // principals who have not said that they have the pictures
	rises  time.Time                 // the moment that was told last; zero: none yet
	unsure map[meeting.MemberID]bool // principals who have not said that they know it
	lead   time.Duration             // how long before its moment it was told; twice as long each time that was too short for a page
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
	if len(r.curtain.waits) == 0 {
		took := curtainLongest - r.curtain.until.Sub(r.cfg.Now())
		r.curtain.lead = max(curtainLead, took/2)
		r.raiseCurtain()
	}
}

// raiseCurtain sets the moment and tells it; not later than it would be up by itself.
func (r *room) raiseCurtain() {
	rises := r.cfg.Now().Add(r.curtainLead())
	if rises.After(r.curtain.until) {
		rises = r.curtain.until
	}
	r.curtain.rises, r.curtain.unsure = rises, map[meeting.MemberID]bool{}
	for p := range r.atTable {
		if r.meeting.Members[p.id].Role == meeting.Head {
			r.curtain.unsure[p.id] = true
		}
		r.push(p.conn, message("curtain", 0, protocol.Curtain{Rises: rises.UTC().Format(Clock)}))
	}
}

// curtainSet notes that a principal's page knows the moment.
func (r *room) curtainSet(c *Conn, b protocol.CurtainSet) {
	if p := r.people[c.member]; p != nil && p.conn == c && b.Rises == r.curtain.rises.UTC().Format(Clock) {
		delete(r.curtain.unsure, c.member)
	}
}

// curtainLate sets a later moment when it is near and a principal's page, which has too much to do, has not said that it knows it.
func (r *room) curtainLate() {
	switch left := r.curtain.rises.Sub(r.cfg.Now()); {
	case len(r.curtain.unsure) == 0 || left > r.curtain.lead/2:
	case left <= 0 || r.curtain.rises.Equal(r.curtain.until):
		r.curtain.unsure = nil
	default:
		r.curtain.lead *= 2
		r.raiseCurtain()
	}
}

// curtainLead is how long it usually takes until all principals have been told.
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
	return r.curtain.lead + min(time.Duration(trip)*time.Millisecond, curtainTrip)
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
