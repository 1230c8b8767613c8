package media

// The road is woken by each packet while they are few. Where they come closer
// together than it could rise, forward and rest for each, it is woken by the
// clock, for all that came meanwhile: fewer wakes, and what goes to one
// receiver leaves in fewer messages.
const (
	// beatTime is what a packet then waits at most, half of it on average.
	beatTime = 4e6
	// beatFrom arrivals a second it begins, and below beatUntil it ends.
	beatFrom  = 400
	beatUntil = 280
	// beatApart are two arrivals; what comes closer together is one burst.
	beatApart = 100e3
)

// beat counts arrivals. Owned by the road.
type beat struct {
	woke     int64 // last time that the road was
	came     int64 // the last packet
	arrivals int
	since    int64
}

// note an authentic packet of sound or picture: strangers move nothing.
func (b *beat) note(came int64) {
	if came-b.came > beatApart {
		b.arrivals++
	}
	b.came = came
}

// due says, by what came since it was asked last, whether the clock is to wake
// the road.
func (b *beat) due(now int64, beats bool) bool {
	rate := float64(b.arrivals) * 1e9 / float64(max(now-b.since, 1))
	b.arrivals, b.since = 0, now
	return rate >= beatFrom || beats && rate >= beatUntil
}

// steady follows what comes.
func (r *road) steady() {
	b := r.sock.bell
	if on := r.beat.due(r.now, b.beats); on != b.beats {
		b.steady(on)
	}
}

// rests says that the next look waits for the beat: the last found all that
// there was, and what it found took less than half of one.
func (r *road) rests(found int) bool {
	return r.sock.bell.beats && found < batchSize && r.now-r.beat.woke < beatTime/2
}
