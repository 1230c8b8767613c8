package media

import (
	"math/rand/v2"
	"testing"
)

func TestEstimateFindsTheLine(t *testing.T) {
	for _, c := range []struct {
		line, wanted, low, high float64
		seconds                 float64
		loss                    float64
	}{
		{0.3e6, 5e6, 0.2e6, 0.36e6, 10, 0},
		{1e6, 5e6, 0.7e6, 1.15e6, 10, 0},
		{2e6, 5e6, 1.4e6, 2.3e6, 10, 0},
		{5e6, 4e6, 3.2e6, 6.8e6, 10, 0},
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

// TestEstimateOfALineThatIsNotFull: nothing of this is a full line, and a
// picture that is sent for less than the line carries must not be moved.
func TestEstimateOfALineThatIsNotFull(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(p *pipe)
		keeps  float64 // of what is wanted, at every moment after the first 5 s
		after  float64 // and on average
	}{
		{"clean", func(*pipe) {}, 1, 1},
		{"lumps of 30 ms", func(p *pipe) { p.clump = 30e6 }, 1, 1},
		{"lumps of 60 ms", func(p *pipe) { p.clump = 60e6 }, 1, 1},
		{"150 ms and 30 ms of jitter", func(p *pipe) { p.delay, p.jitter = 75e6, 30e6 }, 1, 1},
		{"stalls of 100 ms", func(p *pipe) { p.stall = 100e6 }, 0.8, 0.98},
		{"stalls of 250 ms", func(p *pipe) { p.stall = 250e6 }, 0.8, 0.95},
		{"stalls of 400 ms", func(p *pipe) { p.stall = 400e6 }, 0.7, 0.95},
		{"stalls of 250 ms, 10 % lost", func(p *pipe) { p.stall, p.loss = 250e6, 0.1 }, 0.6, 0.9},
		{"delays that swell to 40 ms", func(p *pipe) { p.swell = 40e6 }, 0.8, 0.95},
		{"delays that swell to 80 ms", func(p *pipe) { p.swell = 80e6 }, 0.4, 0.7},
		{"1 % lost", func(p *pipe) { p.loss = 0.01 }, 1, 1},
		{"5 % lost", func(p *pipe) { p.loss = 0.05 }, 0.8, 1},
		{"10 % lost", func(p *pipe) { p.loss = 0.10 }, 0.6, 0.9},
		{"20 % lost", func(p *pipe) { p.loss = 0.20 }, 0.2, 0.7},
		{"5 % out of order", func(p *pipe) { p.reorder = 0.05 }, 1, 1},
		{"bursts of 200 ms", func(p *pipe) { p.burst = 200e6 }, 0.8, 0.95},
		{"all together", func(p *pipe) { p.clump, p.delay, p.jitter, p.loss, p.reorder = 30e6, 75e6, 20e6, 0.03, 0.03 }, 0.8, 0.95},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, wanted := range []float64{0.15e6, 0.7e6, 4.2e6} {
				for seed := range uint64(5) {
					d := newDriver(steady(100e6), wanted)
					d.p.dice = rand.New(rand.NewPCG(seed, 7))
					c.change(d.p)
					d.run(5)
					d.look()
					sum := 0.0
					for range 300 {
						d.run(0.1)
						sum += min(d.e.rate, wanted)
					}
					if d.least < c.keeps*wanted || sum/300 < c.after*wanted {
						t.Errorf("wanted %.0f, seed %d: got %.0f at the least and %.0f on average", wanted, seed, d.least, sum/300)
					}
				}
			}
		})
	}
}

// TestEstimateOfAFullLine: most of it is used, and its queue stays short.
func TestEstimateOfAFullLine(t *testing.T) {
	for _, c := range []struct {
		name   string
		line   float64
		change func(p *pipe)
		low    float64
		wait   float64 // ms in the queue, three quarters of the time
		lost   float64
	}{
		{"1 Mbit/s", 1e6, func(*pipe) {}, 0.7, 100, 0.01},
		{"300 kbit/s", 0.3e6, func(*pipe) {}, 0.6, 100, 0.01},
		{"600 kbit/s", 0.6e6, func(*pipe) {}, 0.7, 100, 0.01},
		{"a queue of 1 s", 0.6e6, func(p *pipe) { p.queue = 1000 }, 0.7, 100, 0.01},
		{"a queue of 50 ms", 1e6, func(p *pipe) { p.queue = 50 }, 0.6, 50, 0.04},
		{"5 % lost", 1e6, func(p *pipe) { p.loss = 0.05 }, 0.6, 100, 0.07},
		{"jitter", 1e6, func(p *pipe) { p.delay, p.jitter = 75e6, 30e6 }, 0.6, 120, 0.02},
		{"5 % out of order", 1e6, func(p *pipe) { p.reorder = 0.05 }, 0.7, 100, 0.01},
		{"lumps of 30 ms", 1e6, func(p *pipe) { p.clump = 30e6 }, 0.6, 120, 0.02},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDriver(steady(c.line), 3*c.line)
			c.change(d.p)
			d.run(8)
			d.look()
			sum, long := 0.0, 0
			for range 300 {
				d.run(0.1)
				sum += d.e.rate
				if float64(d.p.worst) > c.wait*1e6 {
					long++
				}
				d.p.worst = 0
			}
			if got := sum / 300 / c.line; got < c.low || got > 1.1 {
				t.Errorf("got %.2f of the line, want %.2f to 1.1", got, c.low)
			}
			if long > 75 {
				t.Errorf("over %.0f ms in the queue in %d %% of the time, want 25", c.wait, long/3)
			}
			if got := float64(d.dropped) / float64(d.sent); got > c.lost {
				t.Errorf("lost %.3f, want %.3f", got, c.lost)
			}
		})
	}
}

func TestEstimateFollowsALineThatNarrowsAndWidens(t *testing.T) {
	for _, wanted := range []float64{0.8e6, 1.5e6, 4e6} {
		line := 5e6
		d := newDriver(func(int64) float64 { return line }, wanted)
		d.run(8)
		line = 0.3e6
		d.look()
		d.run(3)
		if d.e.rate > 0.36e6 {
			t.Errorf("wanted %.0f, 3 s after narrowing: got %.0f, want at most 360000", wanted, d.e.rate)
		}
		d.run(2)
		if lost := float64(d.silent) * 0.02; lost > 0.7 {
			t.Errorf("wanted %.0f, narrowing lost %.2f s of sound, want 0.7", wanted, lost)
		}
		d.look()
		d.run(15)
		if d.p.worst > 260e6 || d.least < 0.13e6 || d.silent > 0 {
			t.Errorf("wanted %.0f, on 0.3 Mbit/s: got %.0f at the least, a wait of %d ms, %d of sound lost, want most of the line and a short queue", wanted, d.least, d.p.worst/1e6, d.silent)
		}
		line = 5e6
		at := d.now
		for d.e.rate < wanted && d.now-at < 10e9 {
			d.run(0.1)
		}
		if d.now-at > 8e9 {
			t.Errorf("wanted %.0f, 8 s after widening: got %.0f", wanted, d.e.rate)
		}
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

// TestEstimateOfALongerWay: what looks like a queue and does not drain is
// taken for what it is.
func TestEstimateOfALongerWay(t *testing.T) {
	for _, longer := range []int64{40e6, 75e6, 150e6} {
		for _, wanted := range []float64{0.2e6, 1e6, 4e6} {
			d := newDriver(steady(50e6), wanted)
			d.run(10)
			d.p.delay += longer
			d.look()
			d.run(3)
			if d.e.rate < wanted || d.least < 0.6*wanted {
				t.Errorf("%d ms longer, wanted %.0f: got %.0f at the least, 3 s later %.0f", longer/1e6, wanted, d.least, d.e.rate)
			}
		}
	}
}

// BenchmarkFeedback is a report of 48 packets: a tenth of a second of four
// pictures.
func BenchmarkFeedback(b *testing.B) {
	e := newEstimate()
	acks := make([]ack, 48)
	now := int64(1e9)
	b.ReportAllocs()
	for b.Loop() {
		for i := range acks {
			at := now + int64(i/4)*8e6
			acks[i] = ack{sent: at, came: at + 20e6, size: 1100}
		}
		now += 100e6
		e.feedback(acks, now, 40e6)
	}
}
