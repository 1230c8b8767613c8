package media

// When the road cannot keep up, packets wait in the socket longer and longer,
// until the kernel drops what comes, sound among it. Before that the road gives
// up pictures: an eighth to a half of those that flow each time, the longer the
// wait the more, the last of the receivers with most of them. A slot that was given up stands still, and
// goes on at a key frame when there is room again; its numbers have no gap, so
// nobody asks for what was left out.

const (
	// lagLimit: packets that wait longer than this, for lagStep on end, mean
	// that the road is behind; shorter is a pause of the machine.
	lagLimit = 100e6
	lagStep  = 250e6
	// calmTime without being behind, and calmIdle of it idle, bring pictures back.
	calmTime = 1e9
	calmIdle = calmTime / 5
	// calmMost bounds the wait after bringing pictures back was too early.
	calmMost = 32e9
)

// strain says how far behind the road is. Owned by the road.
type strain struct {
	drained int64 // when the socket was last seen empty, or emptied
	lag     int64 // packets wait at most
	behind  int64 // since when the lag is over its limit; 0: it is not
	stepped int64 // last time that pictures were given up

	calm   int64 // began
	idle   int64 // in it
	wait   int64 // calm that is asked for
	gaveAt int64 // last time that pictures were brought back
	back   int   // how many
	held   int   // slots that are given up
}

// received notes a receive of n packets, waited for since before. True means
// that the road is behind, at most once in lagStep.
func (t *strain) received(n int, waited bool, before, now int64) bool {
	t.lag = now - t.drained
	if waited {
		t.idle += now - before
		t.lag = 0
	}
	if waited || n > 0 && n < batchSize {
		t.drained = now
	}
	if t.lag < lagLimit {
		t.behind = 0
		return false
	}
	if t.behind == 0 {
		t.behind = now
	}
	if now-max(t.behind, t.stepped) < lagStep {
		return false
	}
	t.stepped, t.calm, t.idle = now, now, 0
	return true
}

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

// shed gives up a part of the pictures that flow.
func (r *road) shed() {
	flowing, most := 0, 0
	for _, p := range r.peers {
		n, _ := p.flows()
		flowing, most = flowing+n, max(most, n)
	}
	part := min(max(r.strain.lag/lagLimit, 1), 4) // eighths
	left := (flowing*int(part) + 7) / 8
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
	if r.now-r.strain.gaveAt < 2*r.strain.wait {
		r.strain.wait = min(2*r.strain.wait, calmMost)
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
