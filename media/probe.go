package media

import (
	"math"
)

const (
	probeTicks = 5 // a probe is sent in so many bursts, one a tick
	padSize    = 255
	// probeMost bounds what a tick of a probe adds, in packets.
	probeMost = 120
	// probeCoarse bytes and less of a tick go in small packets.
	probeCoarse = 2500
	// probesTogether, bit/s, bounds what all probes of the node add at a time:
	// two hundred people who enter together must not fill it with padding.
	probesTogether = 100e6
	// probeLate: a road that is late by so much measures itself.
	probeLate = 20e6
	// probeOver the rate aimed at nothing is taken for proved: what stood ready at once may be a bucket.
	probeOver = 1.1
)

// climb keeps the estimates' clock and, where more is wished than a line is
// known to carry, sends more for a moment and looks what comes. Who found no
// room among the probes begins the next round.
func (r *road) climb(passed int) {
	span, more := float64(passed)*tickTime.Seconds(), 0.0
	for _, p := range r.peers {
		if e := p.estimate; e != nil && e.probe.sends(r.now) {
			more += e.probe.more
		}
	}
	turn, waits := r.turn, false
	for i := range r.peers {
		p := r.peers[(turn+i)%len(r.peers)]
		e, to := p.estimate, p.remote.Load()
		if e == nil || p.out == nil || to == nil {
			continue
		}
		e.silent(p.flight.since, r.now)
		gone := max(p.bytesDown-p.downBefore, 0)
		p.downBefore = p.bytesDown
		if e.probe.sends(r.now) {
			r.pad(p, to, e.probe.rate*span/8-float64(gone))
			continue
		}
		rate := e.next(float64(p.wanted), r.now)
		if rate == 0 || len(p.slots) == 0 || waits {
			continue
		}
		if more > 0 && more+rate-e.rate > probesTogether || r.strain.late > probeLate {
			waits, r.pressing, r.turn = true, true, (turn+i)%len(r.peers)
			continue
		}
		e.begin(rate, r.now, p.rtt)
		more += e.probe.more
		r.pad(p, to, rate*tickTime.Seconds()/8-float64(gone)/float64(passed))
	}
}

// pad sends bytes that say nothing new on the retransmission SSRC of a picture,
// where receivers expect that: packets that they have, else padding.
func (r *road) pad(p *peer, to *remote, bytes float64) {
	var with *slot
	for _, s := range p.slots {
		if s.kind == Video && s.repairs() != 0 && s.ids[extTransportSeq] != 0 && (with == nil || with.cur == nil) {
			with = s
		}
	}
	if with == nil || bytes <= 0 {
		return
	}
	old := with.again()
	coarse := bytes > probeCoarse
	for n := 0; n < probeMost && bytes > 0; n++ {
		before := p.bytesDown
		var k *packet
		if coarse {
			k = old()
		}
		if k != nil {
			r.own.resend(p, to, with, k)
			r.stats.Retransmitted--
			r.stats.Probes++
		} else {
			r.own.padding(p, to, with)
		}
		bytes -= float64(p.bytesDown - before)
	}
	r.own.out.end()
	p.downBefore = p.bytesDown // what a tick adds is not what went without it in the next
}

// again gives large packets that went out, from the newest back; nil when there
// are no more.
func (s *slot) again() func() *packet {
	if s.cur == nil || s.thin || s.packets == 0 {
		return func() *packet { return nil }
	}
	index, ok := s.incoming(s.last)
	return func() *packet {
		for ; ok && index >= s.from && index+videoHistory/2 > s.cur.top; index-- {
			if k := s.cur.find(index); k != nil && len(k.data) > padSize && s.formats[k.codec].rtx != 0 {
				index--
				return k
			}
		}
		return nil
	}
}

// probe measures what comes through of a short burst at a higher rate.
type probe struct {
	open        bool
	rate        float64  // aimed at, bit/s
	more        float64  // of it above what was known to go
	from, until int64    // sent within
	end         int64    // answers are waited for until then
	bytes, tail int      // came; of the last sending
	before      int64    // the last sending: when the last packet had come
	first, last int64    // came
	begun       int64    // first sent
	ended       int64    // the last sending began
	least       [2]int64 // of came - sent in either half
	count, lost int
	done        bool
}

// sends says that packets still go out for it.
func (p *probe) sends(now int64) bool { return p.open && now <= p.until }

func (p *probe) add(a *ack) {
	if !p.open || a.sent < p.from {
		return
	}
	if a.sent > p.until {
		p.done = true // what comes after the burst is known
		return
	}
	if a.came == missing {
		p.lost++
		return
	}
	if p.count == 0 {
		p.first, p.begun, p.least = a.came, a.sent, [2]int64{math.MaxInt64, math.MaxInt64}
	}
	if a.sent-p.ended > groupSpan {
		p.ended, p.tail, p.before = a.sent, 0, p.last
	}
	half := &p.least[0]
	if a.sent-p.from > (p.until-p.from)/2 {
		half = &p.least[1]
	}
	*half = min(*half, a.came-a.sent)
	p.count++
	p.bytes += a.size
	p.tail += a.size
	p.last = max(p.last, a.came)
}

// result once the burst is answered: the lower of the rates at which it went
// and came. A receiver that looks at its packets now and then brings them in
// lumps, so the best of three ways to see how fast they came counts: all of
// them, without the last burst, and by how much the quickest fell behind.
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
	if most := float64(p.before - p.first); most > 0 {
		came = max(came, float64(p.bytes-p.tail)*8e9/most)
	}
	if p.least[0] != math.MaxInt64 && p.least[1] != math.MaxInt64 {
		behind := float64(p.least[1]-p.least[0]) / (float64(p.until-p.from) / 2)
		came = max(came, sent/(1+max(behind, 0)))
	}
	if came < 0.9*sent {
		return 0.95 * came, true // full: this is the line
	}
	return min(sent, probeOver*p.rate), true
}
