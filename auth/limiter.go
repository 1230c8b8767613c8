package auth

import (
	"math"
	"net/netip"
	"sync"
	"time"
)

// limiterAddresses bounds the memory of a Limiter: about 100 bytes each.
const limiterAddresses = 10_000

// Limiter is a token bucket for each client address.
type Limiter struct {
	burst float64
	rate  float64 // tokens a second

	mu      sync.Mutex
	buckets map[netip.Addr]bucket // mu: at most limiterAddresses
}

type bucket struct {
	tokens float64
	at     time.Time
}

// NewLimiter lets burst through at once and one more each `every`.
func NewLimiter(burst int, every time.Duration) *Limiter {
	return &Limiter{burst: float64(burst), rate: 1 / every.Seconds(), buckets: map[netip.Addr]bucket{}}
}

// Take pays cost; a positive wait means that nothing was paid, and when to come back. IPv6 counts by /64.
func (l *Limiter) Take(client netip.Addr, cost int, now time.Time) (wait time.Duration) {
	client = network(client)
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.buckets[client]
	if !known {
		b = bucket{l.burst, now}
	}
	b = l.filled(b, now)
	if missing := float64(cost) - b.tokens; missing > 0 {
		return time.Duration(math.Ceil(missing/l.rate)) * time.Second
	}
	b.tokens -= float64(cost)
	if !known && len(l.buckets) >= limiterAddresses {
		l.forgetLocked(now)
	}
	l.buckets[client] = b
	return 0
}

// Spend takes cost whether it is there or not, down to nothing: the price of what turned out to be wrong.
func (l *Limiter) Spend(client netip.Addr, cost int, now time.Time) {
	client = network(client)
	l.mu.Lock()
	defer l.mu.Unlock()
	b, known := l.buckets[client]
	if !known {
		return // Take came first; forgotten means full house, not debt
	}
	b = l.filled(b, now)
	b.tokens = math.Max(0, b.tokens-float64(cost))
	l.buckets[client] = b
}

func (l *Limiter) filled(b bucket, now time.Time) bucket {
	if d := now.Sub(b.at).Seconds(); d > 0 {
		b = bucket{math.Min(l.burst, b.tokens+d*l.rate), now}
	}
	return b
}

// forgetLocked makes room: whoever has spent one token at most is let go, so that a flood of addresses costs a look at all of
// them once in thousands; if nobody is, the fullest goes.
func (l *Limiter) forgetLocked(now time.Time) {
	var fullest netip.Addr
	most := -1.0
	for a, b := range l.buckets {
		t := l.filled(b, now).tokens
		if t >= l.burst-1 {
			delete(l.buckets, a)
		} else if t > most {
			fullest, most = a, t
		}
	}
	if len(l.buckets) >= limiterAddresses {
		delete(l.buckets, fullest)
	}
}

func network(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}
