package media

const (
	// waitLong more of it takes all of deepest off the line's rate.
	waitLong = 400e6
	deepest  = 0.5

	// drainSeen of a queue that should be gone tells whether it is one.
	drainSeen = 40e6
	drainMost = 2e9 // without an answer
	peakMore  = 3e6 // and less is the same
)

// decrease by the delay.
func (e *estimate) decrease(wait, now, rtt int64) {
	came, known := e.came.rate()
	if wait > waitMuch/2 {
		// The line sends without a pause, so a short look is exact, and it has
		// forgotten sooner what the line once was.
		came, known = e.came.over(4)
	}
	if !known || e.cutAt != 0 && now-e.cutAt < cutPause+rtt {
		return
	}
	before := e.delay
	went, sure := e.went.rate()
	share := max(backOff-deepest*max(0, float64(wait-waitMuch/2)/waitLong), deepest)
	if cut := share * came; cut < e.delay {
		if wait < waitMuch/2 || wait < waitMuch && sure && came > throughput*went && e.delay > 1.2*came {
			// Little stands in the queue yet, or all that was sent came, only
			// late: a line that is barely full, or a busy machine.
			e.delay = max(cut, gentle*e.delay)
		} else {
			e.delay = cut
			e.drains = share < backOff
			e.limit.add(came)
		}
	}
	e.cutAt = now
	if e.cut.from == 0 {
		e.cut = trialCut{from: before, peak: wait, line: came, at: e.told}
	}
}

// trialCut is a decrease, or several, whose effect is not yet known.
type trialCut struct {
	from   float64 // rate before, bit/s; 0: there is none
	peak   int64   // longest wait since
	line   float64 // came then, bit/s: a queue that is not empty sends at the line's rate
	should float64 // ns by which the queue should have become shorter since
	at     int64   // of the last look
}

// judgeCut looks what a decrease did. A queue gets shorter by what the line
// carries more than is sent, no faster and no slower. What does so faster was
// the work of others, or a machine that was busy; what does not at all, though
// everything comes, is a longer way. Then the line carries what it did.
func (e *estimate) judgeCut(wait, now, rtt int64) {
	e.foreign -= e.foreign / 200
	c := &e.cut
	if c.from == 0 {
		return
	}
	went, sure := e.went.over(4)
	came, known := e.came.over(4)
	if !sure || !known {
		return
	}
	span := float64(e.told - c.at)
	c.at = e.told
	if wait > c.peak+peakMore {
		long, _ := e.came.rate()
		c.peak, c.line, c.should = wait, max(came, long, minRate), 0
	} else {
		c.should += max(0, 1-went/c.line) * span
	}
	gone := float64(c.peak - wait)
	switch {
	case wait < waitSome || gone > 0.7*float64(c.peak):
		if gone > 2*c.should+waitSome {
			e.foreign = max(e.foreign, min(c.peak, waitMuch))
			e.restore()
		}
		c.from = 0
	case c.should > 4*gone+drainSeen && came > throughput*went && e.trend.now != lineOver:
		e.queue.rebase()
		e.restore()
	case now-e.cutAt > drainMost+rtt:
		c.from = 0
	}
}

// restore what was before a decrease that was wrong.
func (e *estimate) restore() {
	e.delay = max(e.delay, e.cut.from)
	e.cut.from, e.cutAt, e.longAt, e.drains = 0, 0, 0, false
	e.limit = average{}
}
