package bench

import (
	"context"
	"math"
	"slices"
	"time"
)

// delays of packets in ms since they were sent: until they lay in the
// receiver's socket, by the kernel's stamp, and until the load had read them.
// The second has the load's own lateness in it: at 192,000 packets/s a third of
// the slowest hundredth.
type delays struct{ arrival, read []float64 }

func (d *delays) add(arrival, read time.Duration) {
	d.arrival = append(d.arrival, float64(arrival.Nanoseconds())/1e6)
	d.read = append(d.read, float64(read.Nanoseconds())/1e6)
}

// sample gathers everybody's delays, sorted, for the length of a measurement.
func (l *load) sample(ctx context.Context) (all delays, err error) {
	for _, c := range l.clients {
		c.mu.Lock()
		c.samples = delays{}
		c.mu.Unlock()
		c.sampling.Store(true)
	}
	select {
	case <-ctx.Done():
		return all, ctx.Err()
	case <-time.After(time.Duration(l.o.Seconds) * time.Second):
	}
	for _, c := range l.clients {
		c.sampling.Store(false)
		c.mu.Lock()
		all.arrival = append(all.arrival, c.samples.arrival...)
		all.read = append(all.read, c.samples.read...)
		c.mu.Unlock()
	}
	slices.Sort(all.arrival)
	slices.Sort(all.read)
	return all, nil
}

func percentile(sorted []float64, p int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return round(sorted[min(len(sorted)*p/100, len(sorted)-1)], 100)
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

// round to 1/parts.
func round(x, parts float64) float64 { return math.Round(x*parts) / parts }
