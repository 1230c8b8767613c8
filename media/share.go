package media

import (
	"cmp"
	"slices"
)

// nominal is what a layer is taken to need before it was measured, bit/s by
// rank.
func nominal(rank int) int {
	switch rank {
	case 0:
		return 150_000
	case 1:
		return 400_000
	}
	return 1_200_000
}

const (
	nominalOnly  = 500_000 // of a track with one layer
	nominalSound = 40_000  // of a sound slot that somebody sits in
)

// share divides a receiver's line among its slots: sound first, which is never
// held back, then pictures by what was wished.
func (r *road) share(p *peer) {
	p.unshared = false
	sound := 0
	who := r.sharing[:0]
	for _, s := range p.slots {
		switch {
		case s.seat == nil:
		case s.kind == Audio:
			if s.cur != nil {
				sound += max(s.cur.bitrate, nominalSound)
			}
		case s.seat.kind == Video:
			who = append(who, s)
		}
	}
	r.sharing = who
	if len(who) == 0 {
		return
	}
	slices.SortStableFunc(who, func(a, b *slot) int { return -cmp.Compare(a.wish.Priority, b.wish.Priority) })
	demands := r.demands[:0]
	for _, s := range who {
		d := demand{priority: s.wish.Priority, target: s.target(r.now), had: s.granted}
		for rank := range s.seat.ranks {
			if s.seat.ranks == 1 || !s.seat.absent(rank, r.now) {
				d.rates[rank] = s.seat.rate(rank)
			}
		}
		for _, l := range s.seat.layers {
			d.layered[l.rank] = l.layered
		}
		demands = append(demands, d)
	}
	r.demands = demands
	p.used, p.wanted = allocate(r.budget(p)-sound, demands)
	p.used, p.wanted = p.used+sound, p.wanted+sound
	for i, s := range who {
		if g := demands[i].granted; g != s.granted {
			s.granted = g
			s.aim()
		}
	}
}

// unlimited is the budget of a receiver that tells nothing of its line.
const unlimited = 1 << 40

// budget is what the receiver's line carries, bit/s.
func (r *road) budget(p *peer) int {
	switch {
	case p.estimate != nil:
		return int(p.estimate.rate)
	case p.remb > 0:
		return p.remb
	}
	return unlimited
}

const (
	probeTicks = 5 // a probe is sent in so many bursts, one a tick
	padSize    = 255
	// probeMost bounds what a tick of a probe adds, in packets.
	probeMost = 120
)

// climb keeps the estimate's clock and, where more is wished than the line is
// known to carry, sends more for a moment and looks what comes.
func (r *road) climb(p *peer, to *remote) {
	e := p.estimate
	e.silent(p.flight.since, r.now)
	gone := p.bytesDown - p.downBefore
	p.downBefore = p.bytesDown
	if e.probe.open && r.now <= e.probe.until {
		r.pad(p, to, e.probe.rate*tickTime.Seconds()/8-float64(max(gone, 0)))
		return
	}
	if rate := e.next(float64(p.wanted), r.now); rate > 0 && len(p.slots) > 0 {
		e.probe.begin(rate, r.now, int64(tickTime)*(probeTicks-1)+int64(tickTime)/2, p.rtt)
		r.pad(p, to, rate*tickTime.Seconds()/8)
	}
}

// pad sends bytes of nothing on the retransmission SSRC of a picture, where
// receivers expect that.
func (r *road) pad(p *peer, to *remote, bytes float64) {
	i := slices.IndexFunc(p.slots, func(s *slot) bool {
		return s.kind == Video && s.repairs() != 0 && s.ids[extTransportSeq] != 0
	})
	if i < 0 {
		return
	}
	s := p.slots[i]
	for n := 0; n < probeMost && bytes > 0; n++ {
		bytes -= float64(r.own.padding(p, to, s))
	}
	r.own.out.end()
}

// rate of a rank in bit/s: as measured while it flows, else as last known or
// nominal; 0 is nothing that could be had.
func (t *track) rate(rank int) int {
	for _, l := range t.layers {
		if l.rank == rank && l.steady > 0 {
			return l.steady
		}
	}
	if t.ranks == 1 {
		return nominalOnly
	}
	return nominal(rank)
}
