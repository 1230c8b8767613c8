package media

// Pacing: a key frame is many packets at once. To a receiver whose line is
// estimated they go at a few times its rate, in steps of a tick, so that sound
// does not stand behind them in the line's queue. Sound itself never waits.

const (
	// paceFactor times the estimate is the pace: a key frame of 60 kB on a
	// line of 2 Mbit/s takes 60 ms here, and 240 on the line.
	paceFactor = 4
	// paceFirst bytes go at once whatever the line.
	paceFirst = 16 << 10
	// maxHeld packets wait at most; more go at once.
	maxHeld = 256
	// heldTicks is how long one waits at most: 50 ms.
	heldTicks = 2
)

// held is a packet that waits, by its number: its storage may be reused.
type held struct {
	slot  *slot
	layer *layer
	index uint64
	tick  int // since
}

// waits says whether a picture's packet was put by for a later tick.
func (r *road) waits(p *peer, s *slot, k *packet) bool {
	if p.credit > 0 && len(p.held) == 0 {
		p.credit -= len(k.data)
		return false
	}
	if len(p.held) >= maxHeld {
		r.release(p, len(p.held))
		return false
	}
	p.held = append(p.held, held{s, s.cur, k.index, r.ticks})
	r.stats.Paced++
	r.pressing = true
	return true
}

// accrue gives a receiver the credit of the ticks that passed, and sends what
// it pays for and what has waited long enough.
func (r *road) accrue(p *peer, passed int) {
	tick := int(p.estimate.rate * paceFactor / 8 * tickTime.Seconds())
	p.credit = min(max(p.credit, -tick)+passed*tick, max(tick, paceFirst))
	n := 0
	for n < len(p.held) && (p.credit > 0 || r.ticks-p.held[n].tick >= heldTicks) {
		if k := p.held[n].find(); k != nil {
			p.credit -= len(k.data)
		}
		n++
	}
	if n > 0 {
		r.release(p, n)
	}
}

// release queues the first n that wait.
func (r *road) release(p *peer, n int) {
	for _, h := range p.held[:n] {
		if k := h.find(); k != nil {
			r.enqueue(p, pending{h.slot, k})
		}
	}
	p.held = append(p.held[:0], p.held[n:]...)
}

// find the packet, unless its slot shows another or its storage was reused.
func (h *held) find() *packet {
	if h.slot.cur != h.layer || h.index < h.slot.from {
		return nil
	}
	return h.layer.find(h.index)
}
