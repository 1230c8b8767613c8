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
	// keptFor a picture that flows is not taken away: coming back costs a key
	// frame and half a second, and a line that was just found full is used
	// below its rate for a moment.
	keptFor = 2e9
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
			sound += s.sound(s.depth)
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
		demands = append(demands, r.demand(s))
	}
	r.demands = demands
	budget := r.budget(p) - sound
	if e := p.estimate; e != nil && e.clear(r.now) {
		has := 0
		for i := range demands {
			has += demands[i].has()
		}
		budget = max(budget, min(has, int(e.rate/throughput)-sound))
	}
	first := &demands[0]
	first.keeps = who[0].cur != nil && !who[0].shed && (who[0].shortAt == 0 || r.now-who[0].shortAt < keptFor)
	p.used, p.wanted = allocate(budget, demands)
	for i, s := range who {
		if d := &demands[i]; d.granted.rank >= 0 && d.cost <= budget {
			s.shortAt = 0
		} else if s.shortAt == 0 {
			s.shortAt = r.now
		}
	}
	p.used, p.wanted = p.used+sound, p.wanted+sound
	for i, s := range who {
		if g := demands[i].granted; g != s.granted {
			s.fall.note(s.granted.rank, g.rank, demands[i].target, r.now)
			s.granted = g
			s.aim()
			if s.seat.lacks(g.rank) {
				r.watch(s.seat) // the publisher is told at once
			}
		}
	}
}

// demand is what a slot asks of the line.
func (r *road) demand(s *slot) demand {
	d := demand{priority: s.wish.Priority, target: s.target(r.now), had: s.granted, fell: s.fall.lately(r.now)}
	for rank := range s.seat.ranks {
		if s.seat.ranks == 1 || !s.seat.absent(rank, r.now) {
			d.rates[rank] = s.seat.rate(rank)
		}
	}
	for _, l := range s.seat.layers {
		for rank := range s.seat.ranks {
			d.layered[rank] = d.layered[rank] || l.layered && l.covers(rank)
		}
	}
	return d
}

// fall is when the line took a larger picture away; for a while after, a larger
// one needs room to spare.
type fall struct {
	at, rose int64
	wait     int64
}

const (
	fallWait = 10e9
	fallMost = 40e9
)

func (f *fall) lately(now int64) bool { return f.at != 0 && now-f.at < f.wait }

// note a change of ranks where target was wished. What fell soon after it rose
// waits twice as long.
func (f *fall) note(had, has, target int, now int64) {
	switch {
	case has > had:
		f.rose = now
	case had > 0 && had <= target && has < had:
		if f.at != 0 && now-f.rose < fallWait {
			f.wait = min(2*f.wait, fallMost)
		} else {
			f.wait = fallWait
		}
		f.at = now
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

// rate of a rank in bit/s: as measured while it flows, else as last known or
// nominal; 0 is nothing that could be had.
func (t *track) rate(rank int) int {
	for _, l := range t.layers {
		if l.live && l.covers(rank) && l.steady[rank-l.rank] > 0 {
			return l.steady[rank-l.rank]
		}
	}
	for _, l := range t.layers {
		if i := rank - l.rank; i >= 0 && i < maxSpatial && l.steady[i] > 0 {
			return l.steady[i]
		}
	}
	if t.ranks == 1 {
		return nominalOnly
	}
	return nominal(rank)
}
