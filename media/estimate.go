package media

import "math"

// estimate is what a receiver's line carries, from the times at which its
// packets came and from what did not come: the way of Google's congestion
// control (draft-ietf-rmcat-gcc-02), and with it the time that packets stand in
// the line's queue. Pure: time is an argument. Pion's estimator paces, keeps
// goroutines and grows while nothing is sent; this one grows only as far as
// something proved.
type estimate struct {
	rate  float64 // bit/s, the result
	delay float64 // bit/s, by the delay alone
	loss  losses  // and by the loss alone

	trend trend
	queue standing
	came  meter
	went  meter // what was sent of what is known
	at    int64 // of the last feedback

	cutAt   int64   // of the last decrease by delay
	cutWait int64   // in the queue then
	cutCame float64 // came then, bit/s
	cutFrom float64 // delay before; 0: whether the cut was right is known
	usual   int64   // wait in it while it does not grow: the line's jitter
	longAt  int64   // since when the queue is long; 0: it is not
	drains  bool    // the queue is drained on purpose, below what the line carries
	limit   average // of what came when the line was full
	grown   int64   // last increase
	fallen  int64   // last decrease for want of feedback

	probe  probe
	probes int64 // when the next may begin
	fails  int   // in a row
}

const (
	minRate   = 50e3
	maxRate   = 20e6
	firstRate = 2e6

	backOff    = 0.85
	growth     = 1.08 // a second
	throughput = 0.9  // of what went, came: little piles up
	gentle     = 0.95
	cutPause   = 300e6 // and a round trip: the next must see what this one did

	// waitSome in the line's queue is what a growing one has at least; half of
	// waitMuch that lasts is drained, growing or not.
	waitSome  = 15e6
	waitMuch  = 100e6
	waitLasts = 500e6
	waitUsual = 40e6 // of jitter is allowed for at most
	// waitLong more of it takes all of deepest off the line's rate.
	waitLong = 400e6
	deepest  = 0.5

	// drainSeen of a queue that should be gone tells whether it is one; reports
	// and the meters come later by drainLate.
	drainSeen = 25e6
	drainLate = 200e6
	drainMost = 1e9 // without an answer

	// A probe that came through is followed by the next; one that did not, or a
	// line that was just full, has time to be used as it is.
	probeGood     = 200e6
	probeAgain    = 1e9 // what failed may have been a busy moment; later 2 and 4 s
	probeLost     = 3e9 // nothing was heard of it
	probeAfterCut = 2e9

	noFeedback = 1e9   // without any the line is taken to be cut
	fallPause  = 500e6 // between decreases for want of feedback
)

func newEstimate() *estimate {
	return &estimate{rate: firstRate, delay: firstRate, loss: losses{rate: maxRate}, trend: newTrend()}
}

// feedback takes what became of some packets, in the order of their sending.
func (e *estimate) feedback(acks []ack, now, rtt int64) {
	if len(acks) == 0 {
		return
	}
	e.at = now
	for i := range acks {
		a := &acks[i]
		e.loss.add(a)
		if !a.again {
			e.went.add(a.sent, a.size)
		}
		if e.probe.open && !a.again {
			e.probe.add(a)
		}
		if a.came == missing {
			continue
		}
		e.came.add(a.came, a.size)
		if a.again {
			continue // its delay is the order's, not the line's
		}
		e.trend.add(a.sent, a.came)
		e.queue.add(a.sent, a.came)
	}
	e.byDelay(now, rtt)
	went, _ := e.went.rate()
	came, _ := e.came.rate()
	e.loss.judge(now, e.rate, went, came)
	if rate, ok := e.probe.result(now); ok {
		e.probed(rate, now)
	}
	e.settle()
}

func (e *estimate) settle() {
	e.delay = min(max(e.delay, minRate), maxRate)
	e.loss.rate = min(max(e.loss.rate, minRate), maxRate)
	e.rate = min(e.delay, e.loss.rate)
}

// byDelay follows the queue on the way: while it grows, it takes 85 % of what
// came, and less of a long one, which has to drain; else it grows itself, but
// not past one and a half of what came, which is all that is proved.
func (e *estimate) byDelay(now, rtt int64) {
	wait := e.queue.wait()
	state := e.trend.now
	if wait < waitMuch/2 {
		e.longAt = 0
	} else if e.longAt == 0 {
		e.longAt = now
	}
	e.drained(wait, now, rtt)
	switch {
	case state == lineOver && wait > waitSome+min(e.usual, waitUsual) ||
		e.cutFrom == 0 && e.longAt != 0 && now-e.longAt > waitLasts:
		e.cut(wait, now, rtt)
		e.grown = now
	case state == lineUnder || wait > waitMuch/2:
		e.grown = now // the queue drains first
	default:
		if e.drains && wait < waitSome {
			e.drains = false
			e.delay = max(e.delay, 0.9*e.limit.mean)
		}
		if came, known := e.came.rate(); known && wait < waitSome+min(e.usual, waitUsual) {
			e.delay = max(e.delay, throughput*came) // it came, and nothing stands in the queue
		}
		e.usual += (wait - e.usual) / 50
		e.grow(now, rtt)
	}
}

func (e *estimate) cut(wait, now, rtt int64) {
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
		if wait < waitMuch/2 || sure && came > throughput*went && e.delay > 1.2*came {
			// Little stands in the queue yet, or all that was sent came, only
			// late: a line that is barely full, or a busy machine.
			e.delay = max(cut, gentle*e.delay)
		} else {
			e.delay = cut
			e.drains = share < backOff
			e.limit.add(came)
		}
	}
	if e.cutFrom == 0 || now-e.cutAt > 3e9 {
		e.cutFrom = before
	}
	e.cutAt, e.cutWait, e.cutCame = now, wait, came
}

// drained looks what a cut did. A queue gets shorter when less is sent than the
// line carried; what does not, though all that is sent comes, is a longer way,
// and the line carries what it did.
func (e *estimate) drained(wait, now, rtt int64) {
	if e.cutFrom == 0 {
		return
	}
	went, sure := e.went.over(4)
	came, known := e.came.over(4)
	gone := float64(e.cutWait - wait)
	should := (1 - went/e.cutCame) * float64(now-e.cutAt-rtt-drainLate)
	switch {
	case wait < waitMuch/2, now-e.cutAt > drainMost+rtt:
		e.cutFrom = 0
	case !sure || !known || should < drainSeen:
	case gone > should/2:
		e.cutFrom = 0
	case gone < should/4 && came > throughput*went && e.trend.now != lineOver:
		e.delay = max(e.delay, e.cutFrom)
		e.cutFrom, e.longAt, e.drains = 0, 0, false
		e.limit = average{}
		e.queue.rebase()
	}
}

func (e *estimate) grow(now, rtt int64) {
	came, known := e.came.rate()
	span := min(float64(now-e.grown)/1e9, 1)
	e.grown = now
	if !known || span <= 0 || e.cutAt != 0 && now-e.cutAt < cutPause+rtt {
		return
	}
	more := e.delay * (math.Pow(growth, span) - 1)
	if e.limit.near(came) {
		// Close to where it was full last: one packet a response time.
		more = min(more, 8*1200*span/(0.1+float64(rtt)/1e9))
	} else if e.limit.below(came) {
		e.limit = average{}
	}
	if most := 1.5*came + 10e3; e.delay+more > most {
		more = max(0, most-e.delay)
	}
	e.delay += more
}

// next is the rate of a probe that may begin now, 0 for none: where more is
// wanted than is known to go, in steps of two, or less where the last went too far.
func (e *estimate) next(wanted float64, now int64) float64 {
	wanted = min(wanted*1.15, maxRate)
	if wanted <= e.rate || e.probe.open || now < e.probes || e.at == 0 || e.trend.now == lineOver ||
		e.queue.wait() > waitSome+min(e.usual, waitUsual) || e.cutAt != 0 && now-e.cutAt < probeAfterCut {
		return 0
	}
	step := 2.0
	switch { // what goes too far stands in the queue before the sound
	case e.fails > 0:
		step = 1.3
	case e.limit.known:
		step = 1.5
	}
	return min(step*e.rate, wanted)
}

// begin a probe of what is sent from now on.
func (e *estimate) begin(rate float64, now, rtt int64) {
	span := int64(tickTime)*(probeTicks-1) + int64(tickTime)/2
	e.probe = probe{open: true, rate: rate, more: max(0, rate-e.rate), from: now, until: now + span, end: now + span + rtt + 500e6}
	e.probes = now + probeLost
}

// probed: so much came through at once.
func (e *estimate) probed(rate float64, now int64) {
	lost := float64(e.probe.lost) / float64(e.probe.lost+e.probe.count)
	switch {
	case rate >= 0.9*e.probe.rate && lost-e.loss.own < lossMuch:
		e.fails, e.probes = 0, now+probeGood
	default:
		e.probes = now + probeAgain<<min(e.fails, 2)
		e.fails++
		if rate > e.delay { // this is the line, once what was too much has drained
			e.limit.add(rate)
			e.drains = true
		}
		return
	}
	if rate > e.delay {
		e.delay, e.grown = rate, now
		if e.limit.below(rate) {
			e.limit = average{}
		}
	}
	if share, known := e.loss.share(); rate > e.loss.rate && (!known || share-e.loss.own < lossMuch) {
		e.loss.rate, e.loss.limit = rate, 0
	}
}

// silent: something has been under way since, and nothing is heard.
func (e *estimate) silent(since, now int64) {
	if since == 0 || now-max(since, e.at) < noFeedback || now-e.fallen < fallPause {
		return
	}
	e.fallen = now
	e.delay = e.rate * 0.7
	e.settle()
}
