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
	told  int64 // sent: the newest of it

	cutAt   int64 // of the last decrease by delay
	cut     trialCut
	foreign int64   // delay that came and went without us, see judgeCut
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
		e.told = max(e.told, a.sent)
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
	e.judgeCut(wait, now, rtt)
	some := waitSome + max(min(e.usual, waitUsual), e.foreign)
	switch {
	case state == lineOver && wait > some ||
		e.cut.from == 0 && e.longAt != 0 && now-e.longAt > waitLasts:
		e.decrease(wait, now, rtt)
		e.grown = now
	case state == lineUnder || wait > waitMuch/2:
		e.grown = now // the queue drains first
	default:
		if e.drains && wait < waitSome {
			e.drains = false
			e.delay = max(e.delay, 0.9*e.limit.mean)
		}
		if came, known := e.came.rate(); known && wait < some {
			e.delay = max(e.delay, throughput*came) // it came, and nothing stands in the queue
		}
		e.usual += (wait - e.usual) / 50
		e.grow(now, rtt)
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

// clear says that no sign of a full line was seen for a while: what goes may go
// on, though only throughput of it counts as proved.
func (e *estimate) clear(now int64) bool {
	return e.at != 0 && e.rate == e.delay && e.trend.now != lineOver && e.cut.from == 0 && !e.drains && e.longAt == 0 &&
		(e.cutAt == 0 || now-e.cutAt >= probeAfterCut) && now-e.fallen >= probeAfterCut
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
