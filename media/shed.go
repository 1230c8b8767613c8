package media

import "math"

// When the road cannot keep up, packets wait in the socket longer and longer,
// until the kernel drops what comes, sound among it. Before that the road gives
// up pictures: as many as its load shows to be too many, the last of the
// receivers with most of them. A slot that was given up stands still, and goes
// on at a key frame when there is room again; its numbers have no gap, so
// nobody asks for what was left out. Where the socket is nearly full before
// that helps, the gate keeps pictures out of it. What sound is found too late to
// be played is not forwarded: where sound alone is more than the machine has
// time for, some of it comes in time instead of all of it too late.

const (
	// lateLimit: a packet that waited longer means that the road is behind.
	lateLimit = 100e6
	// lateStep is how long the load is watched before pictures are given up for
	// it; a machine that only paused catches up meanwhile.
	lateStep = 250e6
	// loadAim of what the road can do is to be left.
	loadAim = 0.8
	// soundStale: no receiver plays what comes so late; its buffer was laid out
	// for packets in time, and has gone on without it.
	soundStale = 400e6
	// crowded: so much of the socket was full before the last receive that the
	// gate is narrowed: as much may come while the road works off that one.
	crowded = 0.5
	// calmTime without being behind, and calmIdle of it idle, bring pictures back.
	calmTime = 1e9
	calmIdle = calmTime / 5
	// calmMost bounds the wait, which doubles when bringing them back was too early.
	calmMost = 32e9
)

// strain says how far behind the road is. Owned by the road.
type strain struct {
	late    int64 // how long the first packet of the last receive had waited
	empty   int64 // no packet of the last receive came before
	drained int64 // when the socket was last seen empty
	behind  bool
	from    int64 // when the present step began
	fromAt  int64 // how late it was then
	narrow  int64 // when the gate was last narrow; 0: never
	narrows bool  // in this step

	calm   int64 // began
	idle   int64 // in it
	wait   int64 // calm that is asked for
	gaveAt int64 // last time that pictures were brought back
	back   int   // how many
	held   int   // slots that are given up
}

// received notes a receive whose first packet had waited late. It returns the
// part of the pictures to give up: once in lateStep, while the road is behind
// and does not catch up.
func (t *strain) received(late, now int64) float64 {
	t.late = late
	crowded := t.narrow != 0 && now-t.narrow < lateStep
	if late < lateLimit && !crowded {
		t.behind = false
		return 0
	}
	if !t.behind {
		t.behind, t.from, t.fromAt, t.narrows = true, now, late, crowded
	}
	t.narrows = t.narrows || crowded
	took := float64(now - t.from)
	if took < lateStep {
		return 0
	}
	// In the time of took the road worked off what had come in this part of it.
	did := 1 - float64(late-t.fromAt)/took
	part := 1 - loadAim*max(did, 0)
	if t.narrows { // what is kept out does not show in the wait
		part = max(part, 0.5)
	}
	t.from, t.fromAt, t.narrows = now, late, crowded
	if part <= 0 {
		return 0
	}
	t.calm, t.idle = now, 0
	return part
}

// rest notes that the road waited for packets from before to now.
func (t *strain) rest(before, now int64) { t.idle += now - before }

// calmed says, once for each stretch of calm, that there is room again.
func (t *strain) calmed(now int64) bool {
	t.wait = max(t.wait, calmTime)
	if now-t.calm < t.wait {
		return false
	}
	idle := t.idle * calmTime / (now - t.calm)
	t.calm, t.idle = now, 0
	return idle >= calmIdle
}

// flows counts the pictures that p receives.
func (p *peer) flows() (n int, last *slot) {
	for _, s := range p.slots {
		if s.kind == Video && !s.shed && (s.cur != nil || s.want != nil) {
			n, last = n+1, s
		}
	}
	return n, last
}

// measure looks how far behind the road is, at each receive of n packets.
func (r *road) measure(n int, before int64) {
	t := &r.strain
	if r.in.waited {
		t.rest(before, r.now)
		t.drained = before
	}
	t.empty = t.drained
	if n == 0 {
		t.late = 0
		return
	}
	if n < batchSize { // the socket is empty
		t.drained = r.now
		if r.gate.narrow {
			r.lost()
			r.gate.set(false)
		}
	} else if r.lost()+r.gate.share(r.in.bytes(n)) > crowded && !r.gate.narrow {
		r.gate.set(true)
		r.stats.Narrowed++
	}
	if r.gate.narrow {
		t.narrow = r.now
	}
	late := r.waited(r.in.came(0))
	if part := t.received(late, r.now); part > 0 {
		r.shed(part)
	}
}

// waited is how long a packet that came at a time of the machine's clock did. It
// came after the socket was empty, whatever that clock says, which may have been
// set since.
func (r *road) waited(came int64) int64 {
	if came == 0 {
		return 0
	}
	return min(r.clock-came, r.now-r.strain.empty)
}

// lost counts what the kernel dropped, and returns how full the socket is.
func (r *road) lost() float64 {
	full, n := r.gate.crowd()
	if r.gate.narrow {
		r.stats.DroppedNarrow += uint64(n)
	} else {
		r.stats.DroppedFull += uint64(n)
	}
	return full
}

// shed gives up a part of the pictures that flow.
func (r *road) shed(part float64) {
	flowing, most := 0, 0
	for _, p := range r.peers {
		n, _ := p.flows()
		flowing, most = flowing+n, max(most, n)
	}
	left := int(math.Ceil(float64(flowing) * part))
	first := r.strain.held == 0 && left > 0
	for ; most > 0; most-- {
		for _, p := range r.peers {
			if left == 0 {
				break
			}
			if n, s := p.flows(); n == most {
				s.leave()
				s.shed = true
				left--
				r.strain.held++
				r.stats.Shed++
			}
		}
	}
	r.strain.back = 0
	switch t := &r.strain; {
	case t.gaveAt == 0 || r.now-t.gaveAt >= 2*t.wait:
		t.wait = calmTime
	default: // bringing pictures back was too early
		t.wait = min(2*t.wait, calmMost)
		t.gaveAt = 0 // once for each time
	}
	if first {
		r.log.Warn("more packets than this machine forwards: pictures are held back")
	}
}

// relent brings some of them back, of the receivers with fewest first: an
// eighth, and twice as many with each calm.
func (r *road) relent() {
	r.strain.back = max(2*r.strain.back, (r.strain.held+7)/8)
	left := r.strain.back
	r.strain.held, r.strain.gaveAt = 0, r.now
	for most := 0; ; most++ {
		above := false
		r.strain.held = 0
		for _, p := range r.peers {
			n, _ := p.flows()
			for _, s := range p.slots {
				if !s.shed {
					continue
				}
				if left > 0 && n <= most {
					s.shed = false
					left, n = left-1, n+1
					if s.seat != nil {
						s.seat.seat(s)
					}
					continue
				}
				r.strain.held++
				above = true
			}
		}
		if left == 0 || !above {
			return
		}
	}
}
