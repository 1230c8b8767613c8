package rig

import (
	"container/heap"
	"context"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Faults of a line, the same in both directions. The zero value is a perfect line.
type Faults struct {
	Delay   time.Duration // one way
	Jitter  time.Duration // delay is spread evenly over Delay ± Jitter; the order is kept
	Loss    float64       // share of packets, 0..1, each by itself
	Burst   time.Duration // now and then everything is lost for so long,
	Every   time.Duration // on average so often
	Reorder float64       // share of packets that come up to 20 ms late, behind others
	Rate    int           // bit/s; 0: no limit
	Queue   time.Duration // what waits for Rate longer than this is dropped; 0: 100 ms
	Cut     bool          // nothing passes
	Passes  Passes
}

// Passes says which packets a firewall on the line lets through.
type Passes int

// What passes.
const (
	All        Passes = iota
	NoUDP             // TCP to any port
	HTTPSAlone        // TCP to and from port 443
)

// maxFlight bounds the packets on the way in one direction: 2 s of 30 Mbit/s. More are dropped.
const maxFlight = 8192

// Line carries IP packets between two TUN devices, with faults that may change while it runs.
type Line struct {
	near, far *os.File
	seed      uint64
	faults    atomic.Pointer[Faults]
	counts    [2]counts // near to far, far to near
}

type counts struct{ passed, lost, overflowed, forbidden atomic.Int64 }

// Counts of one direction.
type Counts struct{ Passed, Lost, Overflowed, Forbidden int64 }

func newLine(near, far *os.File, seed uint64) *Line {
	l := &Line{near: near, far: far, seed: seed}
	l.faults.Store(&Faults{})
	return l
}

// Set changes the faults from now on; what is on the way comes as it would have.
func (l *Line) Set(f Faults) { l.faults.Store(&f) }

// Counts so far: up is near to far.
func (l *Line) Counts() (up, down Counts) {
	of := func(c *counts) Counts {
		return Counts{c.passed.Load(), c.lost.Load(), c.overflowed.Load(), c.forbidden.Load()}
	}
	return of(&l.counts[0]), of(&l.counts[1])
}

// run carries packets until ctx ends, then closes the devices.
func (l *Line) run(ctx context.Context) {
	var wait sync.WaitGroup
	for i, ends := range [2][2]*os.File{{l.near, l.far}, {l.far, l.near}} {
		d := &direction{line: l, counts: &l.counts[i], from: ends[0], to: ends[1],
			random: rand.New(rand.NewPCG(l.seed, uint64(i))), sent: make(chan flight, 256)}
		wait.Go(d.read)
		wait.Go(d.deliver)
	}
	<-ctx.Done()
	l.near.Close()
	l.far.Close()
	wait.Wait()
}

// direction is one way of a line. random, free, last and the burst belong to read.
type direction struct {
	line     *Line
	counts   *counts
	from, to *os.File
	random   *rand.Rand
	free     time.Time // when the bottleneck has sent everything
	last     time.Time // when the last packet in order arrives
	burst    time.Time // end of the burst of loss
	next     time.Time // begin of the next one
	sent     chan flight
	flying   atomic.Int64
}

// flight is one packet and when it arrives.
type flight struct {
	at   time.Time
	data []byte
}

func (d *direction) read() {
	defer close(d.sent)
	b := make([]byte, 65536)
	for {
		n, err := d.from.Read(b)
		if errors.Is(err, os.ErrClosed) {
			return
		}
		if err != nil || n == 0 {
			continue // the device is down: a network that is switched off
		}
		if at, ok := d.fate(b[:n], time.Now()); ok {
			d.flying.Add(1)
			d.sent <- flight{at, append([]byte(nil), b[:n]...)}
		}
	}
}

// fate decides whether and when a packet arrives.
func (d *direction) fate(b []byte, now time.Time) (at time.Time, ok bool) {
	f := d.line.faults.Load()
	switch {
	case f.Cut:
		d.counts.lost.Add(1)
		return at, false
	case !f.Passes.lets(b):
		d.counts.forbidden.Add(1)
		return at, false
	case d.lose(f, now):
		d.counts.lost.Add(1)
		return at, false
	case d.flying.Load() >= maxFlight:
		d.counts.overflowed.Add(1)
		return at, false
	}
	at = now
	if f.Rate > 0 {
		d.free = latest(d.free, now).Add(time.Duration(len(b)) * 8 * time.Second / time.Duration(f.Rate))
		queue := f.Queue
		if queue == 0 {
			queue = 100 * time.Millisecond
		}
		if d.free.Sub(now) > queue {
			d.free = d.free.Add(-time.Duration(len(b)) * 8 * time.Second / time.Duration(f.Rate))
			d.counts.overflowed.Add(1)
			return at, false
		}
		at = d.free
	}
	at = at.Add(f.Delay)
	if f.Jitter > 0 {
		at = at.Add(time.Duration(d.random.Int64N(int64(2*f.Jitter))) - f.Jitter)
	}
	d.counts.passed.Add(1)
	if f.Reorder > 0 && d.random.Float64() < f.Reorder {
		return at.Add(time.Duration(d.random.Int64N(int64(20 * time.Millisecond)))), true
	}
	at = latest(at, d.last)
	d.last = at
	return at, true
}

func (d *direction) lose(f *Faults, now time.Time) bool {
	if f.Burst > 0 && f.Every > 0 {
		switch {
		case d.next.IsZero():
			d.next = now.Add(time.Duration(d.random.ExpFloat64() * float64(f.Every)))
		case now.After(d.next):
			d.burst = now.Add(f.Burst)
			d.next = d.burst.Add(time.Duration(d.random.ExpFloat64() * float64(f.Every)))
		}
		if now.Before(d.burst) {
			return true
		}
	}
	return f.Loss > 0 && d.random.Float64() < f.Loss
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// deliver writes packets when they are due.
func (d *direction) deliver() {
	var q flights
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case p, ok := <-d.sent:
			if !ok {
				return
			}
			heap.Push(&q, p)
		case <-timer.C:
		}
		for len(q) > 0 && !q[0].at.After(time.Now()) {
			p := heap.Pop(&q).(flight)
			d.flying.Add(-1)
			_, _ = d.to.Write(p.data) // a device that is down takes nothing
		}
		if len(q) > 0 {
			timer.Reset(time.Until(q[0].at))
		}
	}
}

// flights is a heap by arrival.
type flights []flight

func (q flights) Len() int           { return len(q) }
func (q flights) Less(i, j int) bool { return q[i].at.Before(q[j].at) }
func (q flights) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *flights) Push(x any)        { *q = append(*q, x.(flight)) }
func (q *flights) Pop() any {
	old := *q
	p := old[len(old)-1]
	old[len(old)-1] = flight{}
	*q = old[:len(old)-1]
	return p
}

// lets reads the IP header. What is neither TCP nor UDP (ICMP) always passes.
func (p Passes) lets(b []byte) bool {
	const tcp, udp = 6, 17
	if p == All || len(b) < 20 {
		return true
	}
	protocol, head := b[9], int(b[0]&15)*4
	if b[0]>>4 == 6 {
		if len(b) < 40 {
			return true
		}
		protocol, head = b[6], 40
	}
	switch {
	case protocol == udp:
		return false
	case protocol == tcp && p == HTTPSAlone && len(b) >= head+4:
		return binary.BigEndian.Uint16(b[head:]) == 443 || binary.BigEndian.Uint16(b[head+2:]) == 443
	}
	return true
}
