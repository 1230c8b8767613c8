package media

import "math"

// meter is the rate of packets over the last half second, in steps of 50 ms,
// on whatever clock their times are.
type meter struct {
	bits  [meterSteps]float64
	step  int64
	first int64
	known bool
}

const (
	meterStep  = 50e6
	meterSteps = 16 // a power of two, more than half a second
)

// slot of a step; a receiver's clock may say less than nothing.
func (m *meter) slot(step int64) *float64 {
	return &m.bits[step&(meterSteps-1)]
}

func (m *meter) add(at int64, size int) {
	step := at / meterStep
	if !m.known {
		m.known, m.step, m.first = true, step, step
	}
	if step-m.step >= meterSteps || m.step-step >= meterSteps {
		m.bits, m.first = [meterSteps]float64{}, step
		m.step = step
	}
	for m.step < step {
		m.step++
		*m.slot(m.step) = 0
	}
	*m.slot(step) += float64(size * 8)
}

// rate over the full steps that there are.
func (m *meter) rate() (bps float64, known bool) { return m.over(9) }

// over the last n full steps.
func (m *meter) over(n int64) (bps float64, known bool) {
	n = min(n, m.step-m.first)
	if n < 3 {
		return 0, false
	}
	for i := range n {
		bps += *m.slot(m.step - 1 - i)
	}
	return bps / (float64(n) * meterStep / 1e9), true
}

// average of what came when the line was full, with its deviation
// (draft-ietf-rmcat-gcc-02 §5.5).
type average struct {
	mean, deviation float64
	known           bool
}

func (a *average) add(x float64) {
	if !a.near(x) {
		*a = average{x, x * 0.1, true}
		return
	}
	d := x - a.mean
	a.mean += 0.05 * d
	a.deviation += 0.05 * (math.Abs(d) - a.deviation)
	a.deviation = max(a.deviation, 0.03*a.mean)
}

func (a *average) near(x float64) bool  { return a.known && math.Abs(x-a.mean) <= 3*a.deviation }
func (a *average) below(x float64) bool { return a.known && x > a.mean+3*a.deviation }
