package room

import (
	"time"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

// Clock is how a moment of the node's clock is written to clients, who compare it with theirs.
const Clock = "2006-01-02T15:04:05.000Z07:00"

// connect takes a member's new socket in. It becomes their only one by its hello: until then it may be an attempt that the page
// has given up, or one that it makes beside a line in doubt.
func (r *room) connect(member meeting.MemberID, session string) *Conn {
	c := &Conn{room: r, member: member, session: session, out: make(chan Outgoing, r.cfg.Outbox+1)}
	r.house.people.Add(1)
	r.arriving[c] = struct{}{}
	if code := r.turnedAway(member); code != "" {
		r.end(c, &protocol.Goodbye{Code: code})
	}
	return c
}

// seat makes a socket that said hello the member's only one.
func (r *room) seat(c *Conn) {
	delete(r.arriving, c)
	p := r.people[c.member]
	if p == nil {
		p = &person{id: c.member}
		r.people[c.member] = p
	}
	if p.conn != nil {
		var g *protocol.Goodbye
		if c.page == "" || p.conn.page != c.page {
			g = &protocol.Goodbye{Code: protocol.Moved}
		}
		r.end(p.conn, g)
		r.people[c.member] = p // end may have forgotten one who had not entered
	}
	if p.session != c.session { // another browser: what the old one sends and receives is over
		r.unplug(p)
	}
	another := p.page != "" && p.page != c.page
	p.session, p.page, p.conn = c.session, c.page, c
	if another { // a page that was loaded again, or another window
		r.leaveAir(p.id)
	}
}

// turnedAway is the code for a member who has no place here any more, or empty.
func (r *room) turnedAway(id meeting.MemberID) string {
	x, ok := r.meeting.Members[id]
	switch {
	case !ok:
		return protocol.MemberWithdrawn
	case x.Standing == meeting.Refused:
		return protocol.MemberRefused
	case x.Standing == meeting.Removed:
		return protocol.MemberRemoved
	}
	return ""
}

// greet answers hello, once a socket: a snapshot is the largest thing that we can be asked for.
func (r *room) greet(c *Conn, id int, h protocol.Hello) {
	if c.ended {
		return
	}
	if c.greeted {
		r.answer(c, id, &meeting.Refusal{Code: protocol.BadRequest})
		return
	}
	if h.Version != protocol.Version {
		r.end(c, &protocol.Goodbye{Code: protocol.ClientOutdated})
		return
	}
	if code := r.turnedAway(c.member); code != "" {
		r.end(c, &protocol.Goodbye{Code: code})
		return
	}
	c.page = h.Page
	r.seat(c)
	c.greeted = true
	r.welcome(c, h)
	if r.meeting.Cancelled != nil {
		r.end(c, &protocol.Goodbye{Code: string(meeting.IsCancelled)})
	}
}

// welcome sends what was missed since h, or the whole picture when that cannot be told: another epoch, too long ago, at the
// door, or admitted since.
func (r *room) welcome(c *Conn, h protocol.Hello) {
	w := protocol.Welcome{You: c.member, Epoch: r.epoch, Seq: r.meeting.Seq, Now: r.cfg.Now().UTC().Format(Clock), Camera: r.cfg.CameraCodec,
		Beacon: protocol.Beacon{User: media.BeaconUser, Password: media.BeaconPassword}}
	if r.cfg.Relays != nil {
		x := r.cfg.Relays.RelayCredential(r.peerOf(c.member), r.cfg.Now())
		w.ICE = []protocol.ICEServer{{URLs: []string{r.cfg.RelayURL}, Username: x.User, Credential: x.Password}}
	}
	if r.remembers(c.member, h) {
		for _, f := range r.past {
			if f.Seq > h.Seq && f.to.Includes(c.member, f.By) {
				w.Missed = append(w.Missed, f.Event)
			}
		}
	} else {
		w.Snapshot = r.meeting.View(c.member)
	}
	r.push(c, message("welcome", 0, w))
}

func (r *room) remembers(id meeting.MemberID, h protocol.Hello) bool {
	if h.Epoch != r.epoch || h.Seq > r.meeting.Seq || !r.meeting.Inside(id) || r.meeting.Waits(id) || r.inside[id] > h.Seq {
		return false
	}
	return h.Seq == r.meeting.Seq || len(r.past) > 0 && r.past[0].Seq <= h.Seq+1
}

// enter brings a member into the lobby or to the table; one who comes back within the grace has not been away.
func (r *room) enter(c *Conn, id int) {
	err := r.act(c.member, meeting.Come{})
	if p := r.people[c.member]; err == nil && p != nil && p.conn == c {
		p.entered, p.leaves = true, time.Time{}
		p.told = nil
		r.answer(c, id, nil)
		r.push(c, r.speakers(c.member))
		if r.meeting.Members[c.member].Booth != "" {
			r.push(c, r.listeners())
		}
		r.dirty = true
		return
	}
	r.answer(c, id, err)
}

// command carries out what a member wants.
func (r *room) command(c *Conn, id int, cmd meeting.Command) {
	r.answerTo(c, id, cmd.Type(), r.act(c.member, cmd))
}

// leave is a person's own goodbye.
func (r *room) leave(c *Conn, id int) {
	err := r.act(c.member, meeting.Leave{})
	r.answer(c, id, err)
	if p := r.people[c.member]; err == nil && p != nil {
		r.end(c, nil)
		r.forget(p)
	}
}

// cut is the end of a socket, noticed by the door.
func (r *room) cut(c *Conn) { r.end(c, nil) }

// end closes a connection, with a goodbye if there is something to say. One who was at the table stays there for the grace.
func (r *room) end(c *Conn, g *protocol.Goodbye) {
	if c.ended {
		return
	}
	c.ended = true
	delete(r.arriving, c)
	if g != nil {
		c.out <- message("goodbye", 0, g) // a place is kept for it
	}
	close(c.out)
	r.house.people.Add(-1)
	p := r.people[c.member]
	if p == nil || p.conn != c {
		return
	}
	p.conn = nil
	r.endProbe(p)
	switch {
	case p.entered:
		p.entered, p.leaves = false, time.Now().Add(r.cfg.Grace)
	case p.leaves.IsZero():
		r.forget(p)
	}
}

// dismiss ends a member's stay at once.
func (r *room) dismiss(id meeting.MemberID, code string) {
	for c := range r.arriving {
		if c.member == id {
			r.end(c, &protocol.Goodbye{Code: code})
		}
	}
	p := r.people[id]
	if p == nil {
		return
	}
	if p.conn != nil {
		r.end(p.conn, &protocol.Goodbye{Code: code})
	}
	r.forget(p)
	if err := r.act(id, meeting.Leave{}); err != nil {
		r.log.Error("leave failed", "cause", err)
	}
}

// forget ends a member's media and everything known of their connection.
func (r *room) forget(p *person) {
	r.endProbe(p)
	r.unplug(p)
	if r.people[p.id] == p {
		delete(r.people, p.id)
	}
	r.dirty = true
}

// tick keeps the deadlines.
func (r *room) tick() {
	now := time.Now()
	for id, p := range r.people {
		if !p.probeEnds.IsZero() && now.After(p.probeEnds) {
			r.endProbe(p)
		}
		if p.leaves.IsZero() || now.Before(p.leaves) {
			continue
		}
		if err := r.act(id, meeting.Leave{}); err != nil {
			r.log.Error("leave failed", "cause", err)
			p.leaves = now.Add(time.Second)
			continue
		}
		p.leaves = time.Time{}
		if p.conn == nil {
			r.forget(p)
		} else {
			r.unplug(p)
		}
	}
	r.freeFloor(now)
	r.listenLong(now)
	r.interpret()
	r.keepRecording(now)
	if r.ticks++; r.ticks%linesEach == 0 {
		r.lines()
	}
	if r.dirty || r.look {
		r.reseat()
	}
}
