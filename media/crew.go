package media

import (
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	// crewFrom packets in a batch are worth waking others for: some 300 us of
	// work, against 5 to 50 us to wake a thread.
	crewFrom = 200
	// crewStep receivers are taken at a time: little enough to share evenly,
	// enough to fill a system call.
	crewStep = 8
	maxCrew  = 8
)

// crew lends the road's receivers to the other cores for the length of one
// forward: everybody takes the next few receivers until none is left, then the
// road goes on alone. A receiver is one sender's at a time, so nothing of it
// needs a lock.
type crew struct {
	road    *road
	helpers []*helper
	dirty   []*peer
	next    atomic.Int64 // of dirty
}

// helper is a sender on another core.
type helper struct {
	sender
	stats Stats
	state atomic.Int32
	call  chan struct{} // closed by the road at its end
	done  chan struct{}
}

// The states of a helper: the road asks, the helper begins and ends. An asking
// that nobody heard yet is taken back.
const (
	helperIdle = iota
	helperAsked
	helperBusy
)

func newCrew(r *road) *crew {
	c := &crew{road: r}
	for range min(runtime.GOMAXPROCS(0), maxCrew) - 1 {
		h := &helper{call: make(chan struct{}, 1), done: make(chan struct{}, 1)}
		h.sender = sender{road: r, stats: &h.stats, out: newOutbox(r.sock, &h.stats)}
		c.helpers = append(c.helpers, h)
	}
	return c
}

// run starts the helpers; stop ends them.
func (c *crew) run(wait *sync.WaitGroup) {
	for _, h := range c.helpers {
		wait.Go(func() {
			for range h.call {
				if h.state.CompareAndSwap(helperAsked, helperBusy) {
					c.work(&h.sender)
					h.state.Store(helperIdle)
					h.done <- struct{}{}
				}
			}
		})
	}
}

func (c *crew) stop() {
	for _, h := range c.helpers {
		close(h.call)
	}
	c.helpers = nil
}

// burst writes what waits for the dirty receivers, with all hands.
func (c *crew) burst(dirty []*peer, own *sender) {
	c.dirty = dirty
	c.next.Store(0)
	for _, h := range c.helpers {
		h.state.Store(helperAsked)
		select {
		case h.call <- struct{}{}:
		default: // it has yet to hear an earlier call
		}
	}
	c.work(own)
	for _, h := range c.helpers {
		if !h.state.CompareAndSwap(helperAsked, helperIdle) {
			<-h.done
			c.road.stats.add(&h.stats)
			h.stats = Stats{}
		}
	}
	c.dirty = nil
}

func (c *crew) work(w *sender) {
	for {
		to := int(c.next.Add(crewStep))
		from := to - crewStep
		if from >= len(c.dirty) {
			break
		}
		for _, p := range c.dirty[from:min(to, len(c.dirty))] {
			w.burst(p)
		}
	}
	w.out.flush()
}

// add what a sender counts.
func (s *Stats) add(o *Stats) {
	s.PacketsOut += o.PacketsOut
	s.BytesOut += o.BytesOut
	s.DroppedSlow += o.DroppedSlow
	s.Messages += o.Messages
	s.SegmentFallback += o.SegmentFallback
	s.Calls += o.Calls
	s.Padded += o.Padded
	s.Folded += o.Folded
}
