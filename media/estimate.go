package media

import "math"

// estimate is what a receiver's line carries, from the times at which its
// packets came and from what did not come: the way of Google's congestion
// control (draft-ietf-rmcat-gcc-02). Pure: time is an argument. Pion's
// estimator paces, keeps goroutines and grows while nothing is sent; this one
// grows only as far as something proved.
type estimate struct {
	rate   float64 // bit/s, the result
	delay  float64 // bit/s, by the delay alone
	loss   float64 // bit/s, by the loss alone
	trend  trend
	came   meter
	went   meter // what was sent of what is known
	state  lineState
	at     int64 // of the last feedback
	cutAt  int64 // of the last decrease by delay
	lossAt int64 // of the last change by loss
	lost   int   // since lossAt
	all    int
	limit  average // of what came when the line was full
	grown  int64   // last increase
	fallen int64   // last decrease for want of feedback
	probe  probe
	probes int64 // when the next may begin
	fails  int   // in a row
}

type lineState uint8

const (
	lineNormal lineState = iota
	lineOver             // the queue grows
	lineUnder            // the queue drains
)

const (
	minRate   = 50e3
	maxRate   = 20e6
	firstRate = 2e6

	backOff     = 0.85
	growth      = 1.08 // a second
	throughput  = 0.95 // of what went, came: nothing piles up
	gentle      = 0.95
	lossMuch    = 0.10
	lossLittle  = 0.02
	lossPackets = 20 // fewer say nothing
	// A probe that came through is followed by the next; one that did not, or a
	// line that was just full, has time to be used as it is.
	probeGood     = 200e6
	probeAgain    = 1e9 // what failed may have been a busy moment
	probeTries    = 5
	probeFailed   = 3e9
	probeAfterCut = 2e9

	noFeedback = 1e9   // without any the line is taken to be cut
	fallPause  = 500e6 // between decreases for want of feedback
)

func newEstimate() *estimate {
	return &estimate{rate: firstRate, delay: firstRate, loss: maxRate, trend: newTrend()}
}

// feedback takes what became of some packets, in the order of their sending.
func (e *estimate) feedback(acks []ack, now, rtt int64) {
	if len(acks) == 0 {
		return
	}
	e.at = now
	for _, a := range acks {
		e.all++
		e.went.add(a.sent, a.size)
		if a.came == missing {
			e.lost++
			continue
		}
		e.came.add(a.came, a.size)
		e.trend.add(a.sent, a.came)
		e.probe.add(a)
	}
	e.byDelay(now, rtt)
	e.byLoss(now, rtt)
	if rate, ok := e.probe.result(now); ok {
		e.probed(rate, now)
	}
	e.settle()
}

func (e *estimate) settle() {
	e.delay = min(max(e.delay, minRate), maxRate)
	e.loss = min(max(e.loss, minRate), maxRate)
	e.rate = min(e.delay, e.loss)
}

// byDelay follows the queue on the way: over, it takes 85 % of what came; else
// it grows, but not past one and a half of what came, which is all that is
// proved.
func (e *estimate) byDelay(now, rtt int64) {
	came, known := e.came.rate()
	before := e.state
	e.state = e.trend.state()
	switch e.state {
	case lineOver:
		// One cut a round trip: the next must see what this one did.
		if !known || before == lineOver && now-e.cutAt < 300e6+rtt {
			return
		}
		e.cutAt = now
		went, ok := e.went.rate()
		switch cut := backOff * came; {
		case cut >= e.delay:
		case ok && came > throughput*went && e.delay > 1.2*came:
			// All that was sent came, only late, and it was little: a busy
			// machine more likely than a full line.
			e.delay = max(cut, gentle*e.delay)
		default:
			e.delay = cut
			e.limit.add(came)
		}
		e.grown = now
	case lineNormal:
		span := min(float64(now-e.grown)/1e9, 1)
		e.grown = now
		if !known || span <= 0 || now-e.cutAt < 500e6 {
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
	case lineUnder:
		e.grown = now // the queue drains first
	}
}

// byLoss leaves 2 to 10 % alone: radio loses without being full.
func (e *estimate) byLoss(now, rtt int64) {
	if e.all < lossPackets || now-e.lossAt < 200e6 {
		return
	}
	share := float64(e.lost) / float64(e.all)
	span := min(float64(now-e.lossAt)/1e9, 1)
	switch {
	case share > lossMuch:
		if now-e.lossAt < 300e6+rtt {
			return
		}
		e.loss = min(e.loss, e.rate) * (1 - share/2)
	case share < lossLittle:
		e.loss *= 1 + span/4
	}
	e.lost, e.all, e.lossAt = 0, 0, now
}

// next is the rate of a probe that may begin now, 0 for none: where more is
// wanted than is known to go, in steps of two, or less where the last went too far.
func (e *estimate) next(wanted float64, now int64) float64 {
	wanted = min(wanted*1.15, maxRate)
	if wanted <= e.rate || e.probe.open || now < e.probes || e.state == lineOver || e.at == 0 || now-e.cutAt < probeAfterCut && e.cutAt != 0 {
		return 0
	}
	e.probes = now + probeFailed
	step := 2.0
	if e.fails > 0 {
		step = 1.5 // what goes too far stands in the queue before the sound
	}
	return min(step*e.rate, wanted)
}

// probed: so much came through at once.
func (e *estimate) probed(rate float64, now int64) {
	switch {
	case rate >= 0.9*e.probe.rate:
		e.fails, e.probes = 0, now+probeGood
	case e.fails < probeTries:
		e.fails++
		e.probes = now + probeAgain
	}
	if rate > e.delay {
		e.delay, e.grown = rate, now
		e.limit = average{}
	}
	if rate > e.loss && e.lost*10 < e.all {
		e.loss = rate
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

// average of what came when the line was full, with its deviation (§5.5).
type average struct {
	mean, deviation float64
	known           bool
}

func (a *average) add(x float64) {
	if !a.known {
		*a = average{x, x * 0.1, true}
		return
	}
	d := x - a.mean
	a.mean += 0.05 * d
	a.deviation += 0.05 * (math.Abs(d) - a.deviation)
}

func (a *average) near(x float64) bool  { return a.known && math.Abs(x-a.mean) <= 3*a.deviation }
func (a *average) below(x float64) bool { return a.known && x > a.mean+3*a.deviation }

// meter is the rate at which packets came, over the last half second of the
// receiver's clock, in steps of 50 ms.
type meter struct {
	bits  [10]float64
	step  int64
	first int64
	known bool
}

const meterStep = 50e6

func (m *meter) add(came int64, size int) {
	step := came / meterStep
	if !m.known {
		m.known, m.step, m.first = true, step, step
	}
	if step-m.step >= 10 || m.step-step >= 10 {
		m.bits, m.first = [10]float64{}, step
		m.step = step
	}
	for m.step < step {
		m.step++
		m.bits[m.step%10] = 0
	}
	m.bits[step%10] += float64(size * 8)
}

func (m *meter) rate() (bps float64, known bool) {
	span := min(m.step-m.first, 10)
	if span < 3 {
		return 0, false
	}
	for i, b := range m.bits {
		if int64(i) != m.step%10 || span < 10 { // the running step is not full
			bps += b
		}
	}
	if span == 10 {
		span = 9
	}
	return bps / (float64(span) * meterStep / 1e9), true
}

// trend is the slope of the delay: groups of packets sent within 5 ms, their
// delays smoothed, a line fitted through the last 20, a threshold that adapts
// (§5.1 to 5.4).
type trend struct {
	began             bool
	sent, came        int64 // of the open group: first sent, last sent/came
	first             int64
	begin             int64 // first came
	lastSent, lastCam int64 // of the group before
	groups            int
	sum, smooth       float64 // ms
	xs, ys            [20]float64
	n                 int
	slope             float64
	threshold         float64 // ms
	over              float64 // ms for which it has been over
	overs             int
	now               lineState
	zero              int64
}

const (
	groupSpan = 5e6
	burstSpan = 100e6
	trendGain = 4
	overTime  = 10 // ms
)

func newTrend() trend { return trend{threshold: 12.5} }

func (t *trend) state() lineState { return t.now }

func (t *trend) add(sent, came int64) {
	switch {
	case !t.began:
		t.began, t.first, t.sent, t.came, t.begin, t.zero = true, sent, sent, came, came, came
		return
	case sent < t.first: // of an earlier group, reported late
		return
	case sent-t.first <= groupSpan, came-t.came <= groupSpan && came-t.came < sent-t.sent && came-t.begin < burstSpan:
		// Sent together, or come together after something held them up.
		t.sent, t.came = max(t.sent, sent), max(t.came, came)
		return
	}
	t.group()
	t.first, t.sent, t.came, t.begin = sent, sent, came, came
}

// group closes the open group.
func (t *trend) group() {
	t.groups++
	if t.groups == 1 {
		t.lastSent, t.lastCam = t.sent, t.came
		return
	}
	took := float64(t.came-t.lastCam) / 1e6
	d := took - float64(t.sent-t.lastSent)/1e6
	span := float64(t.sent-t.lastSent) / 1e6
	t.lastSent, t.lastCam = t.sent, t.came
	if math.Abs(d) > 3000 { // a clock that stepped
		*t = trend{threshold: t.threshold}
		return
	}
	t.sum += d
	t.smooth = 0.9*t.smooth + 0.1*t.sum
	t.xs[t.n%20], t.ys[t.n%20] = float64(t.came-t.zero)/1e6, t.smooth
	t.n++
	if t.n < 20 {
		return
	}
	before := t.slope
	t.slope = fit(&t.xs, &t.ys)
	t.judge(span, before)
}

// fit is the slope of the least squares line.
func fit(xs, ys *[20]float64) float64 {
	var mx, my float64
	for i := range xs {
		mx, my = mx+xs[i]/20, my+ys[i]/20
	}
	var up, down float64
	for i := range xs {
		up += (xs[i] - mx) * (ys[i] - my)
		down += (xs[i] - mx) * (xs[i] - mx)
	}
	if down == 0 {
		return 0
	}
	return up / down
}

func (t *trend) judge(span, before float64) {
	value := t.slope * trendGain * float64(min(t.groups, 60))
	switch {
	case value > t.threshold:
		t.over += span
		t.overs++
		if t.over > overTime && t.overs > 1 && t.slope >= before {
			t.over, t.overs, t.now = 0, 0, lineOver
		}
	case value < -t.threshold:
		t.over, t.overs, t.now = 0, 0, lineUnder
	default:
		t.over, t.overs, t.now = 0, 0, lineNormal
	}
	size := math.Abs(value)
	if size > t.threshold+15 {
		return // a spike teaches nothing
	}
	k := 0.0087
	if size < t.threshold {
		k = 0.039
	}
	t.threshold = min(max(t.threshold+k*(size-t.threshold)*min(span, 100), 6), 600)
}

// probe measures what comes through of a short burst at a higher rate.
type probe struct {
	open         bool
	rate         float64 // aimed at, bit/s
	from, until  int64   // sent within
	end          int64   // answers are waited for until then
	bytes, tail  int     // came; of the last sending
	before       int64   // the last burst: when the last packet had come
	first, last  int64   // came
	begun, ended int64   // sent
	count        int
	done         bool
}

// begin a probe of what is sent from now on.
func (p *probe) begin(rate float64, now, span, rtt int64) {
	*p = probe{open: true, rate: rate, from: now, until: now + span, end: now + span + rtt + 500e6}
}

func (p *probe) add(a ack) {
	if !p.open || a.sent < p.from {
		return
	}
	if a.sent > p.until {
		p.done = true // what comes after the burst is known
		return
	}
	if p.count == 0 {
		p.first, p.begun = a.came, a.sent
	}
	if a.sent != p.ended {
		p.ended, p.tail, p.before = a.sent, 0, p.last
	}
	p.count++
	p.bytes += a.size
	p.tail += a.size
	p.last = max(p.last, a.came)
}

// result once the burst is answered: the lower of the rates at which it went
// and came.
func (p *probe) result(now int64) (bps float64, ok bool) {
	if !p.open || !p.done && now < p.end {
		return 0, false
	}
	p.open = false
	out, back := float64(p.ended-p.begun), float64(p.last-p.first)
	if p.count < 5 || out <= 0 || back <= 0 {
		return 0, false
	}
	sent := float64(p.bytes-p.tail) * 8e9 / out
	came := float64(p.bytes) * 8e9 / back
	if most := float64(p.before - p.first); most > 0 { // one burst that a busy machine held up is no line
		came = max(came, float64(p.bytes-p.tail)*8e9/most)
	}
	if came < 0.9*sent {
		return 0.95 * came, true // full: this is the line
	}
	return sent, true
}
