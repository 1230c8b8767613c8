package media

import "slices"

// A publisher's streams: announced in its offer, or introduced by the mid (and
// rid) that the first packets carry. Owned by the road.

// announce makes the streams that the offer named.
func (r *road) announce(p *peer, u *publish) {
	t := r.track(TrackID{p.id, u.source})
	if t.peer == nil {
		t.peer, t.kind = p, u.kind
		p.tracks = append(p.tracks, t)
	}
	u.track = t
	t.ranks, t.told, t.codecs = max(len(u.rids), 1), false, setOf(u.formats)
	if u.ssrc == 0 || len(u.rids) > 0 {
		return
	}
	if s := p.find(u.ssrc); s != nil && s.layer.track == t {
		return
	}
	r.replace(p, t, "", u.ssrc, u.rtxSSRC)
}

// replace puts a new layer in the place of the one with the same rid.
func (r *road) replace(p *peer, t *track, rid string, ssrc, rtx uint32) *layer {
	for _, l := range slices.Clone(t.layers) {
		if l.rid == rid {
			p.remember(l)
			p.streams = slices.DeleteFunc(p.streams, func(s *stream) bool { return s.layer == l })
			t.drop(l)
		}
	}
	l := newLayer(t, rid, ssrc, rtx)
	l.rank = p.rank(t, rid)
	l.expect = p.tops[ssrc]
	t.layers = append(t.layers, l)
	p.last = nil
	p.streams = slices.DeleteFunc(p.streams, func(s *stream) bool { return s.ssrc == ssrc || rtx != 0 && s.ssrc == rtx })
	p.streams = append(p.streams, &stream{ssrc: ssrc, layer: l})
	if rtx != 0 {
		p.streams = append(p.streams, &stream{ssrc: rtx, layer: l, rtx: true})
	}
	return l
}

// remember keeps the rollover count of an SSRC that may come back, when its
// permission does: the sender counts on.
func (p *peer) remember(l *layer) {
	if l.started && len(p.tops) < maxTops {
		p.tops[l.ssrc] = l.top
	}
}

// introduce looks whether an unknown SSRC names a permitted source. Nothing is
// kept before the packet authenticates: the stream it returns has a layer
// without a track, which adopt makes real.
func (r *road) introduce(p *peer, h *header) *stream {
	u := p.publishOf(h)
	if u == nil || len(p.streams) >= streamsPerSource*len(p.publishes) {
		return nil
	}
	return &stream{ssrc: h.ssrc, rtx: u.repairs(h.payload), layer: &layer{}}
}

// publishOf finds the source that a packet's mid names, if its payload type and
// rid are that source's.
func (p *peer) publishOf(h *header) *publish {
	for i := range p.publishes {
		u := &p.publishes[i]
		if string(h.mid) != u.mid || !u.carries(h.payload) {
			continue
		}
		if len(u.rids) == 0 {
			return u
		}
		rid := h.rid
		if h.has[extRepairedRid] {
			rid = h.repaired
		}
		if slices.Contains(u.rids, string(rid)) {
			return u
		}
	}
	return nil
}

func (u *publish) carries(payload uint8) bool {
	return slices.ContainsFunc(u.formats, func(f format) bool { return f.payload == payload || f.rtx == payload && f.rtx != 0 })
}

func (u *publish) repairs(payload uint8) bool {
	return payload != 0 && slices.ContainsFunc(u.formats, func(f format) bool { return f.rtx == payload })
}

// adopt makes an introduced stream real, now that its packet is authentic.
func (r *road) adopt(p *peer, s *stream, h *header) bool {
	u := p.publishOf(h)
	if u == nil || u.track == nil {
		return false
	}
	rid := ""
	if len(u.rids) > 0 {
		rid = string(h.rid)
	}
	if !s.rtx {
		s.layer = r.replace(p, u.track, rid, h.ssrc, 0)
		return true
	}
	if h.has[extRepairedRid] {
		rid = string(h.repaired)
	}
	for _, l := range u.track.layers {
		if l.rid == rid {
			l.rtxSSRC, s.layer = h.ssrc, l
			p.streams = slices.DeleteFunc(p.streams, func(o *stream) bool { return o.layer == l && o.rtx })
			p.streams = append(p.streams, s)
			p.last = nil
			return true
		}
	}
	return false
}

// rank of a layer: the place of its rid in the offer.
func (p *peer) rank(t *track, rid string) int {
	for i := range p.publishes {
		if u := &p.publishes[i]; u.track == t {
			return max(slices.Index(u.rids, rid), 0)
		}
	}
	return 0
}

// firstSound is the track whose level Levels tells.
func (p *peer) firstSound() *track {
	for i := range p.publishes {
		if p.publishes[i].kind == Audio {
			return p.publishes[i].track
		}
	}
	return nil
}

func (p *peer) transportWide() bool {
	return slices.ContainsFunc(p.publishes, func(u publish) bool { return u.transport })
}

// apply makes p what was answered: its sources, slots and credentials.
func (r *road) apply(p *peer, n plan) {
	if p.ended() {
		return // lost between the answer and now; PeerLost was told
	}
	fresh := !slices.Contains(r.peers, p)
	if fresh {
		p.heard = r.now
		r.peers = append(r.peers, p)
	}
	if p.ways != n.ways {
		delete(r.users, p.before.user)
		p.before, p.ways = p.ways, n.ways
		r.users[n.ways.user] = p
	}
	p.ids, p.codecs = n.ids, n.codecs
	p.publishes = n.publishes
	for _, t := range slices.Clone(p.tracks) {
		if !slices.ContainsFunc(n.publishes, func(u publish) bool { return u.source == t.id.Source }) {
			r.stop(t, true)
		}
	}
	for i := range p.publishes {
		r.announce(p, &p.publishes[i])
	}
	for _, c := range n.receives {
		s := c.slot
		s.formats, s.codecs = [codecCount]format{}, setOf(c.formats)
		for _, f := range c.formats {
			s.formats[f.codec] = f
		}
		s.ids, s.mixed, s.cname = c.ids, n.mixed, c.cname
		if !slices.Contains(p.slots, s) {
			p.slots = append(p.slots, s)
		}
		if c.ids[extTransportSeq] != 0 && p.flight == nil {
			p.flight, p.estimate, r.reported = &flight{}, newEstimate(), true
		}
	}
	p.pairUp()
	if !fresh {
		// After an ICE restart packets both ways were lost without trace.
		for _, t := range p.tracks {
			for _, l := range t.layers {
				l.keyWanted = l.keyWanted || t.kind == Video && len(l.slots) > 0
			}
		}
		for _, s := range p.slots {
			if s.cur != nil && s.kind == Video {
				s.cur.keyWanted = true
			}
		}
	}
}

// seats lists who was asked for in p's slots.
func (r *road) seats(p *peer) map[SlotID]TrackID {
	m := map[SlotID]TrackID{}
	for _, s := range p.slots {
		if s.seat != nil {
			m[s.id] = s.seat.id
		}
	}
	return m
}
