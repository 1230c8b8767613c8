package room

import (
	"slices"
	"time"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

// linesMost is of how many people a receiver hears how their lines are.
const linesMost = 32

// levels are the sounds of those whose microphone is on; nil when there is nobody to listen to.
func (r *room) levels() map[meeting.MemberID]uint8 {
	if len(r.senders.ears) == 0 && r.speech.silent() {
		return nil
	}
	levels := make(map[meeting.MemberID]uint8, len(r.senders.ears))
	for plug, level := range r.cfg.Media.Levels(r.senders.ears) {
		levels[r.senders.of[plug]] = level
	}
	return levels
}

// listen finds out who begins to speak, and gives them their seats at once.
func (r *room) listen(now time.Time) {
	if levels := r.levels(); levels != nil {
		r.heed(r.speech.begin(levels, now))
	}
	r.curtainLate()
}

// listenLong finds out who has ended too, and tells when who speaks changed.
func (r *room) listenLong(now time.Time) {
	levels := r.levels()
	if levels == nil {
		return
	}
	r.heed(r.speech.begin(levels, now))
	turned, changed := r.speech.step(levels, now)
	if !changed {
		return
	}
	r.prefer(turned)
	all := r.speakers("")
	for p := range r.atTable {
		if r.meeting.Waits(p.id) {
			r.push(p.conn, r.speakers(p.id))
		} else {
			r.push(p.conn, all)
		}
	}
}

// speakers are told to all alike, but to a principal who waits for the go those of the own side only.
func (r *room) speakers(to meeting.MemberID) Outgoing {
	all := r.speech.speakers()
	if r.meeting.Waits(to) {
		all = slices.DeleteFunc(all, func(id meeting.MemberID) bool { return !r.meeting.Meets(to, id) })
	}
	return message("speakers", 0, protocol.Speakers{Members: all})
}

// lines tells everybody at the table how the lines are: their own, and those of whom they see and hear.
func (r *room) lines() {
	out := map[meeting.MemberID]protocol.Line{}
	var ids []media.PeerID
	for id, p := range r.people {
		switch {
		case !r.meeting.Inside(id) || !r.meeting.Members[id].Present:
		case p.peer && p.conn != nil:
			ids = append(ids, p.plug)
		case len(p.offer.Slots)+len(p.offer.Sources) > 0:
			out[id] = protocol.Line{Quality: protocol.QualityLost}
		}
	}
	if len(ids) > 0 {
		for peer, l := range r.cfg.Media.Lines(ids) {
			id, _ := memberOf(peer)
			out[id] = protocol.Line{Quality: quality(l), RTTms: int(l.RTTms + 0.5), LossUp: l.LossUp, LossDown: l.LossDown, Transport: l.Transport}
		}
	}
	if len(out) == 0 {
		return
	}
	for p := range r.atTable {
		near := map[meeting.MemberID]protocol.Line{}
		for _, id := range p.concerns() {
			if l, ok := out[id]; ok && len(near) < linesMost && r.meeting.Meets(p.id, id) {
				if r.judgesInput(p.id) {
					l.Input = r.inputOf(id)
				}
				near[id] = l
			}
		}
		r.push(p.conn, message("lines", 0, protocol.Lines{Lines: near}))
	}
}

// concerns are oneself, whom the screen shows, and who has a seat; some twice.
func (p *person) concerns() []meeting.MemberID {
	out := []meeting.MemberID{p.id}
	for _, x := range p.screen.tiles {
		out = append(out, x.Member)
	}
	for _, s := range p.slots {
		if t, ok := p.seats[s]; ok {
			out = append(out, t.Member)
		}
	}
	return out
}

// quality by the steps of protocol.Quality.
func quality(l media.Line) protocol.Quality {
	loss := max(l.LossUp, l.LossDown)
	switch {
	case loss < 0.02 && l.RTTms < 200:
		return protocol.QualityGood
	case loss < 0.05 && l.RTTms < 400:
		return protocol.QualityFair
	}
	return protocol.QualityPoor
}
