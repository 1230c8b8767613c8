package media

import (
	"math"
	"math/rand/v2"
)

// pipe is a line of a rate with a queue, as a function of time.
type pipe struct {
	rate    func(now int64) float64 // bit/s
	queue   float64                 // ms that fit
	delay   int64
	jitter  int64 // delay is spread evenly over delay ± jitter; the order is kept
	loss    float64
	reorder float64 // share that comes up to 20 ms late, behind others
	clump   int64   // the receiver looks at its packets so seldom
	swell   int64   // delay that comes and goes with others' work, without a queue of ours
	swelled int64   // came last by it
	stall   int64   // the receiver stands still for up to so long, three times a second
	till    int64   // of the present stall
	next    int64   // one
	burst   int64   // each 5 s all is lost for so long
	free    int64   // when the last packet will have gone
	last    int64   // came
	dice    *rand.Rand
	worst   int64 // longest wait in the queue since it was looked at
}

func (p *pipe) send(size int, now int64) int64 {
	start := max(now, p.free)
	if float64(start-now) > p.queue*1e6 || p.dice.Float64() < p.loss || now%5e9 < p.burst {
		return missing
	}
	p.worst = max(p.worst, start-now)
	p.free = start + int64(float64(size*8)/p.rate(now)*1e9)
	came := p.free + p.delay
	if p.jitter > 0 {
		came += p.dice.Int64N(2*p.jitter) - p.jitter
	}
	late := p.reorder > 0 && p.dice.Float64() < p.reorder
	if late {
		came += p.dice.Int64N(20e6)
	} else {
		came = max(came, p.last)
		p.last = came
	}
	if p.swell > 0 {
		came = max(came+int64(float64(p.swell)*(0.5-0.5*math.Cos(float64(now)/3e8))), p.swelled)
		p.swelled = came
	}
	if p.stall > 0 {
		for came > p.next {
			p.till = p.next + p.dice.Int64N(p.stall)
			p.next = p.till + p.dice.Int64N(600e6)
		}
		came = max(came, p.till+p.dice.Int64N(3e6))
	}
	if p.clump > 0 {
		came += p.clump - came%p.clump + p.dice.Int64N(p.clump/4)
	}
	return came
}

// driver sends over a pipe as a router does: media of at most wanted, probes.
type driver struct {
	e              *estimate
	p              *pipe
	wanted         float64
	now            int64
	open           []ack
	debt           float64
	sent, dropped, // packets
	sounds, silent int // of sound; lost
	least, most float64 // rate since it was looked at
}

func (d *driver) put(size int) {
	came := d.p.send(size, d.now)
	d.sent++
	if size == soundSize {
		d.sounds++
	}
	if came == missing {
		d.dropped++
		if size == soundSize {
			d.silent++
		}
	}
	d.open = append(d.open, ack{sent: d.now, came: came, size: size})
}

const soundSize = 120

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
			d.put(soundSize)
		}
		if ms%25 == 0 {
			d.probe(rtt)
		}
		if ms%100 == 50 {
			d.report(rtt)
			d.least, d.most = min(d.least, d.e.rate), max(d.most, d.e.rate)
		}
	}
}

func (d *driver) probe(rtt int64) { d.probeAbove(d.picture(), rtt) }

// probeAbove what goes out anyway.
func (d *driver) probeAbove(sent float64, rtt int64) {
	if !d.e.probe.sends(d.now) {
		rate := d.e.next(d.wanted, d.now)
		if rate == 0 {
			return
		}
		d.e.begin(rate, d.now, rtt)
	}
	bytes := (d.e.probe.rate - sent) * 0.025 / 8
	size := 1100
	if bytes <= probeCoarse {
		size = padSize
	}
	for bytes > 0 {
		d.put(size)
		bytes -= float64(size)
	}
}

// report gives the estimate what the receiver reported by now: a packet behind
// which later ones came is missing, and may come after all.
func (d *driver) report(rtt int64) {
	seen := d.now - d.p.delay
	newest := -1
	for i, a := range d.open {
		if a.came != missing && a.came <= seen {
			newest = i
		}
	}
	var acks, open []ack
	for i, a := range d.open {
		switch {
		case i > newest:
			open = append(open, a)
		case a.came == missing:
			acks = append(acks, a)
		case a.came <= seen:
			acks = append(acks, a)
		case a.again:
			open = append(open, a)
		default:
			acks = append(acks, ack{sent: a.sent, came: missing, size: a.size})
			a.again = true
			open = append(open, a)
		}
	}
	d.open = open
	d.e.feedback(acks, d.now, rtt)
}

// picture is the bitrate that sound (48 kbit/s) leaves.
func (d *driver) picture() float64 { return max(0, min(d.e.rate-48e3, d.wanted)) }

// look begins to watch anew.
func (d *driver) look() {
	d.least, d.most, d.p.worst = d.e.rate, d.e.rate, 0
	d.sent, d.dropped, d.sounds, d.silent = 0, 0, 0, 0
}

func steady(bps float64) func(int64) float64 { return func(int64) float64 { return bps } }

func newDriver(rate func(int64) float64, wanted float64) *driver {
	d := &driver{e: newEstimate(), wanted: wanted, now: 1e9,
		p: &pipe{rate: rate, queue: 300, delay: 20e6, dice: rand.New(rand.NewPCG(1, 2))}}
	d.look()
	return d
}
