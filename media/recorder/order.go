package recorder

import (
	"time"

	"astara/media"
)

const (
	// patience is how long a missing packet is waited for: the road asks for a
	// picture's eight times, and its history is 1.8 s long.
	patience = 1500 * time.Millisecond
	// orderMost packets wait at once.
	orderMost = 2048
)

// order brings the packets of a slot into their order.
type order struct {
	begun   bool
	next    uint64
	waiting map[uint64]media.Piece
	since   time.Duration // when the first that waits came
}

// add a packet; those that are due are given to out, with whether something
// before it is missing for good.
func (o *order) add(p media.Piece, out func(p media.Piece, gap bool)) {
	if !o.begun {
		o.begun, o.next, o.waiting = true, p.Number, map[uint64]media.Piece{}
	}
	if p.Number < o.next {
		return
	}
	if len(o.waiting) == 0 {
		o.since = p.Came
	}
	o.waiting[p.Number] = p
	o.run(out, false)
	if len(o.waiting) > orderMost {
		o.skip(out)
	}
}

// look gives up what is missing for too long.
func (o *order) look(now time.Duration, out func(media.Piece, bool)) {
	for len(o.waiting) > 0 && now-o.since > patience {
		o.skip(out)
	}
}

// flush gives out everything that waits.
func (o *order) flush(out func(media.Piece, bool)) {
	for len(o.waiting) > 0 {
		o.skip(out)
	}
}

func (o *order) skip(out func(media.Piece, bool)) {
	first := true
	for n := range o.waiting {
		if first || n < o.next {
			o.next, first = n, false
		}
	}
	o.run(out, true)
}

func (o *order) run(out func(media.Piece, bool), gap bool) {
	for {
		p, ok := o.waiting[o.next]
		if !ok {
			break
		}
		delete(o.waiting, o.next)
		o.next++
		out(p, gap)
		gap = false
	}
	first := true
	for _, p := range o.waiting {
		if first || p.Came < o.since {
			o.since, first = p.Came, false
		}
	}
}
