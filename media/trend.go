package media

import "math"

type lineState uint8

const (
	lineNormal lineState = iota
	lineOver             // the queue grows
	lineUnder            // the queue drains
)

// trend is the slope of the delay: groups of packets sent within 5 ms, their
// delays smoothed, a line fitted through the last 20, a threshold that adapts
// (draft-ietf-rmcat-gcc-02 §5.1 to 5.4).
type trend struct {
	began             bool
	sent, came        int64 // of the open group: first sent, last sent/came
	first             int64
	begin             int64 // first came
	lastSent, lastCam int64 // of the group before
	groups            int
	sum, smooth       float64 // ms
	xs, ys            [trendGroups]float64
	ds                [trendGroups]float64 // ms that each added to the delay
	n                 int
	slope             float64
	threshold         float64 // ms
	over              float64 // ms for which it has been over
	overs             int
	now               lineState
	zero              int64
}

const (
	trendGroups = 20
	groupSpan   = 5e6
	burstSpan   = 100e6
	trendGain   = 4
	overTime    = 10   // ms
	clockStep   = 3000 // ms
)

func newTrend() trend { return trend{threshold: 12.5} }

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
	span := float64(t.sent-t.lastSent) / 1e6
	d := took - span
	t.lastSent, t.lastCam = t.sent, t.came
	if math.Abs(d) > clockStep {
		*t = trend{threshold: t.threshold}
		return
	}
	t.sum += d
	t.smooth = 0.9*t.smooth + 0.1*t.sum
	t.xs[t.n%trendGroups], t.ys[t.n%trendGroups], t.ds[t.n%trendGroups] = float64(t.came-t.zero)/1e6, t.smooth, d
	t.n++
	if t.n < trendGroups {
		return
	}
	before := t.slope
	t.slope = fit(&t.xs, &t.ys)
	t.judge(span, before)
}

// fit is the slope of the least squares line.
func fit(xs, ys *[trendGroups]float64) float64 {
	var mx, my float64
	for i := range xs {
		mx, my = mx+xs[i], my+ys[i]
	}
	mx, my = mx/trendGroups, my/trendGroups
	var up, down float64
	for i := range xs {
		x := xs[i] - mx
		up += x * (ys[i] - my)
		down += x * x
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
		if t.over > overTime && t.overs > 1 && t.slope >= before && !t.leaps() {
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

// leaps says that one group made most of the rise: a machine that stood still,
// or another way. A queue grows with every group.
func (t *trend) leaps() bool {
	rise, most := 0.0, 0.0
	for _, d := range t.ds {
		rise, most = rise+d, max(most, d)
	}
	return rise-most < 0.3*rise
}

// standing is how long packets stand in the line's queue at the least: the
// quickest of the last 200 ms against the quickest of the last half minute. A
// line that is full holds up every packet; a machine that is busy, or radio,
// holds up some.
type standing struct {
	least [4]int64 // of came - sent, by steps of 50 ms
	step  int64
	base  [2]int64 // of this stretch of 15 s, and of the one before
	begun int64
	known bool
}

const (
	standStep    = 50e6
	standStretch = 15e9
	// standMost is no queue any more but a clock that stepped.
	standMost = int64(clockStep * 1e6)
)

func (q *standing) add(sent, came int64) {
	d, step := came-sent, sent/standStep
	if !q.known || d-q.base[0] > standMost || q.base[0]-d > standMost {
		*q = standing{known: true, step: step, begun: sent, base: [2]int64{d, d}}
		for i := range q.least {
			q.least[i] = d
		}
		return
	}
	for range min(step-q.step, int64(len(q.least))) {
		q.step++
		q.least[q.step&3] = math.MaxInt64
	}
	q.step = max(q.step, step)
	i := q.step & 3
	q.least[i] = min(q.least[i], d)
	if sent-q.begun > standStretch {
		q.begun, q.base = sent, [2]int64{d, q.base[0]}
	}
	q.base[0] = min(q.base[0], d)
}

// wait is the time in the queue in nanoseconds.
func (q *standing) wait() int64 {
	d := q.quickest()
	if !q.known || d == math.MaxInt64 {
		return 0
	}
	return max(0, d-min(q.base[0], q.base[1]))
}

// rebase: what is left is no queue but a longer way.
func (q *standing) rebase() {
	d := q.quickest()
	q.base = [2]int64{d, d}
}

func (q *standing) quickest() int64 {
	return min(q.least[0], q.least[1], q.least[2], q.least[3])
}
