package media

// Lips and voice. The timestamps of a slot stand on one line for as long as the
// slot lives: base + rate × our clock. Whoever comes into it steps onto the line
// at the moment at which their first packet came, and the slot's sender reports
// say the same line before and after. A browser finds the relation of timestamps
// and time by a regression over its last 20 looks, one a second; a line by
// capture times, which breaks where a picture that is 250 ms late follows one
// that is not, keeps it wrong for ten seconds. What the line does not say, by how
// much a person's picture comes later than their sound, is told beside it.

const (
	// driftMost is how far a report may carry the line: more is a clock that
	// stepped, or lies.
	driftMost = 2e9
	// behindStep is the change, ms, that is worth telling.
	behindStep = 10
	// behindMost, ms, is believed: more is a clock that stepped.
	behindMost = 2000
)

// footing is where the present source of a slot stands on its line.
type footing struct {
	base  uint32
	known bool  // lead is; the publisher has reported
	lead  int64 // line minus capture time, ns: how late the source steps onto it
}

// stamp is the timestamp of a time on the line.
func (s *slot) stamp(at int64) uint32 { return s.base + s.kind.ticks(at) }

// step puts k, the first packet of l, onto the line and returns its timestamp.
// Another layer of the same source goes on as the one before; the timestamp
// never goes backwards.
func (s *slot) step(l *layer, k *packet, now int64) (timestamp uint32) {
	timestamp = s.line(now)
	if s.cur != nil && s.cur.track == l.track && s.known {
		if captured, ok := l.captured(k.ts); ok {
			timestamp = s.stamp(captured + s.lead)
		}
	}
	if s.ever && int32(timestamp-s.lastTS) <= 0 {
		timestamp = s.lastTS + uint32(s.kind.rate()/100)
	}
	return timestamp
}

// line is the timestamp of now, as a sender report says it. While a source is on
// it the line goes by that publisher's clock, once it is known.
func (s *slot) line(now int64) uint32 {
	if s.cur != nil && s.known {
		if captured, ok := s.cur.captured(s.cur.srTS); ok {
			d := int32(s.cur.srTS + s.tsShift + s.kind.ticks(now-s.lead-captured) - s.stamp(now))
			if most := int32(s.kind.ticks(driftMost)); -most < d && d < most {
				s.base += uint32(d)
			}
		}
	}
	return s.stamp(now)
}

// stand finds the lead, as soon as the publisher has reported.
func (s *slot) stand(now int64) {
	l := s.cur
	captured, ok := l.captured(l.srTS)
	if s.known = ok; !ok {
		return
	}
	ahead := int32(l.srTS + s.tsShift - s.stamp(now))
	s.lead = now + int64(ahead)*1e9/s.kind.rate() - captured
}

// behind is by how many ms the picture in v comes later than the sound of the
// same person in its pair; before it comes, as it last came to us.
func (v *slot) behind() (ms int, ok bool) {
	a := v.pair
	if a == nil || a.cur == nil || !a.known || v.seat == nil || v.seat.peer == nil || v.seat.peer != a.cur.track.peer {
		return 0, false
	}
	lead := v.lead
	if v.cur == nil || v.cur.track != v.seat || !v.known {
		if lead, ok = v.seat.trails(); !ok {
			return 0, false
		}
	}
	ms = int((lead - a.lead) / 1e6)
	return ms, ms > -behindMost && ms < behindMost
}

// trails is how late the newest picture of t came after its capture.
func (t *track) trails() (ns int64, ok bool) {
	for _, l := range t.layers {
		if captured, reported := l.captured(l.srTS); reported && l.transit != 0 {
			late := int64(int32(uint32(l.transit) + l.srTS - t.kind.ticks(captured)))
			return late * 1e9 / t.kind.rate(), true
		}
	}
	return 0, false
}

// tellBehind says what s, or its pair, has become, when that changed.
func (r *road) tellBehind(s *slot) {
	if s.kind == Audio {
		s = s.pair
	}
	if s == nil {
		return
	}
	ms, ok := s.behind()
	of := s.seat
	if !ok || of == s.toldOf && max(ms-s.toldBehind, s.toldBehind-ms) < behindStep {
		return
	}
	s.toldOf, s.toldBehind = of, ms
	r.tell(Event{Kind: PictureBehind, Peer: s.peer.id, Track: of.id, Slot: s.id, Behind: ms})
}

// pairUp finds the pairs among p's slots: v3 and a3.
func (p *peer) pairUp() {
	for _, v := range p.slots {
		for _, a := range p.slots {
			if v.kind == Video && a.kind == Audio && streamID(v.id) == streamID(a.id) {
				v.pair, a.pair = a, v
			}
		}
	}
}
