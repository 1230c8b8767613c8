package media

import (
	"math/rand/v2"
	"testing"
)

// pipe is a line of a rate with a queue, as a function of time.
type pipe struct {
	rate  func(now int64) float64 // bit/s
	queue float64                 // ms that fit
	delay int64
	loss  float64
	free  int64 // when the last packet will have gone
	dice  *rand.Rand
	worst int64 // longest wait in the queue since it was looked at
}

func (p *pipe) send(size int, now int64) int64 {
	start := max(now, p.free)
	if float64(start-now) > p.queue*1e6 || p.dice.Float64() < p.loss {
		return missing
	}
	p.worst = max(p.worst, start-now)
	p.free = start + int64(float64(size*8)/p.rate(now)*1e9)
	return p.free + p.delay
}

// driver sends over a pipe as a router does: media of at most wanted, probes.
type driver struct {
	e      *estimate
	p      *pipe
	wanted float64
	now    int64
	open   []ack
	debt   float64
	dropped,
	sent int
}

func (d *driver) put(size int) {
	came := d.p.send(size, d.now)
	d.sent++
	if came == missing {
		d.dropped++
	}
	d.open = append(d.open, ack{d.now, came, size})
}

// run for so many seconds; frames each 33 ms, ticks of 25 ms, feedback of 100 ms.
func (d *driver) run(seconds float64) {
	const step = 1e6
	rtt := 2 * d.p.delay
	for end := d.now + int64(seconds*1e9); d.now < end; d.now += step {
		ms := d.now / step
		if ms%33 == 0 {
			// An encoder's frames differ.
			d.debt += d.picture() * 0.033 / 8 * (0.7 + 0.6*d.p.dice.Float64())
			for d.debt > 1100 {
				d.put(1100)
				d.debt -= 1100
			}
		}
		if ms%20 == 0 {
			d.put(120)
		}
		if ms%25 == 0 {
			if d.e.probe.open && d.now <= d.e.probe.until {
				for b := d.e.probe.rate*0.025/8 - d.picture()*0.025/8; b > 0; b -= padSize {
					d.put(padSize)
				}
			} else if rate := d.e.next(d.wanted, d.now); rate > 0 {
				d.e.probe.begin(rate, d.now, 4*25e6+12e6, rtt)
				for b := rate * 0.025 / 8; b > 0; b -= padSize {
					d.put(padSize)
				}
			}
		}
		if ms%100 == 50 {
			n := 0
			for _, a := range d.open {
				// The receiver has it, and its report is here.
				if at := a.sent + 2*d.p.delay; a.came == missing && at+int64(d.p.queue*1e6) > d.now || a.came != missing && a.came+d.p.delay > d.now {
					break
				}
				n++
			}
			d.e.feedback(d.open[:n], d.now, rtt)
			d.open = d.open[n:]
		}
	}
}

// picture is the bitrate that sound (48 kbit/s) leaves.
func (d *driver) picture() float64 { return max(0, min(d.e.rate-48e3, d.wanted)) }

func steady(bps float64) func(int64) float64 { return func(int64) float64 { return bps } }

func newDriver(rate func(int64) float64, wanted float64) *driver {
	return &driver{e: newEstimate(), wanted: wanted, now: 1e9,
		p: &pipe{rate: rate, queue: 300, delay: 20e6, dice: rand.New(rand.NewPCG(1, 2))}}
}

func TestEstimateFindsTheLine(t *testing.T) {
	for _, c := range []struct {
		line, wanted, low, high float64
		seconds                 float64
		loss                    float64
	}{
		{0.3e6, 5e6, 0.2e6, 0.36e6, 10, 0},
		{1e6, 5e6, 0.7e6, 1.15e6, 10, 0},
		{2e6, 5e6, 1.4e6, 2.3e6, 10, 0},
		{5e6, 4e6, 3.2e6, 6.6e6, 10, 0},
		{50e6, 4e6, 4e6, 8e6, 3, 0},
		{50e6, 4e6, 4e6, 8e6, 5, 0.05},
		{50e6, 0.2e6, 0.2e6, 2.1e6, 60, 0}, // little to say: no growth
	} {
		d := newDriver(steady(c.line), c.wanted)
		d.p.loss = c.loss
		d.run(c.seconds)
		if d.e.rate < c.low || d.e.rate > c.high {
			t.Errorf("line of %v, wanted %v: got %.0f, want %v to %v", c.line, c.wanted, d.e.rate, c.low, c.high)
		}
	}
}

func TestEstimateFollowsALineThatNarrowsAndWidens(t *testing.T) {
	line := 5e6
	d := newDriver(func(int64) float64 { return line }, 4e6)
	d.run(8)
	line = 0.3e6
	d.run(3)
	if d.e.rate > 0.36e6 {
		t.Errorf("3 s after narrowing: got %.0f, want at most 360000", d.e.rate)
	}
	d.run(2)
	d.p.worst = 0
	d.run(5)
	if d.p.worst > 250e6 || d.e.rate < 0.18e6 {
		t.Errorf("on 0.3 Mbit/s: got %.0f and a wait of %d ms, want most of the line and a short queue", d.e.rate, d.p.worst/1e6)
	}
	line = 5e6
	d.run(10)
	if d.e.rate < 3.2e6 {
		t.Errorf("10 s after widening: got %.0f, want 3200000", d.e.rate)
	}
}

func TestEstimateFallsWhenNothingIsHeard(t *testing.T) {
	d := newDriver(steady(5e6), 4e6)
	d.run(5)
	was := d.e.rate
	d.e.silent(0, d.now+5e9)
	if d.e.rate != was {
		t.Errorf("nothing under way: got %.0f, want %.0f", d.e.rate, was)
	}
	for now := d.now; now < d.now+5e9; now += 25e6 {
		d.e.silent(d.now, now)
	}
	if d.e.rate > was/10 {
		t.Errorf("5 s of silence: got %.0f, want less than a tenth of %.0f", d.e.rate, was)
	}
}
