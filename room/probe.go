package room

import (
	"errors"
	"time"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

// probeTime is how long a line test may last; the page's own takes 5 s.
const probeTime = 15 * time.Second

// probe answers the offer of a line test: the person's own sound and picture come back.
func (r *room) probe(c *Conn, id int, o media.Offer) {
	p := r.people[c.member]
	if p == nil || p.conn != c {
		return
	}
	err := p.tooMany()
	if err == nil && p.probeEnds.IsZero() {
		if r.house.probes.Add(1) > int64(r.cfg.Probes) {
			err = &meeting.Refusal{Code: protocol.TooMany, Args: map[string]any{"seconds": int(probeTime.Seconds())}}
			r.house.probes.Add(-1)
		} else {
			p.probeEnds = time.Now().Add(probeTime)
		}
	}
	var sdp string
	peer := r.probeOf(p.id)
	if err == nil {
		if sdp, err = r.cfg.Media.Answer(peer, o); err != nil {
			r.endProbe(p)
		}
	}
	if err != nil {
		r.answer(c, id, offerRefusal(err))
		return
	}
	r.push(c, message("media.answer", id, protocol.MediaAnswer{SDP: sdp}))
	for slot, source := range map[media.SlotID]protocol.Source{"v0": protocol.Camera, "a0": protocol.Microphone} {
		if err := r.cfg.Media.Assign(peer, slot, media.TrackID{Peer: peer, Source: media.Source(source)}); err != nil && !errors.Is(err, media.ErrSlot) {
			r.log.Warn("line test not looped", "slot", string(slot), "cause", err)
		}
	}
}

// probeEnd is the client's own end of it.
func (r *room) probeEnd(c *Conn, id int) {
	if p := r.people[c.member]; p != nil && p.conn == c {
		r.endProbe(p)
	}
	r.answer(c, id, nil)
}

// endProbe ends a line test, if there is one.
func (r *room) endProbe(p *person) {
	if p.probeEnds.IsZero() {
		return
	}
	p.probeEnds = time.Time{}
	r.house.probes.Add(-1)
	r.cfg.Media.Remove(r.probeOf(p.id))
}
