package media

import "testing"

// viewer is a receiver of one camera in two sizes, over a pipe: the line is
// shared as the road does, and a size that changes begins with a key frame.
type viewer struct {
	driver
	grant   grant
	fall    fall
	short   int64
	used    int
	changes int // of size
	away    int // ms without a picture
	key     int // bytes still to send
}

// What Chromium sends of a camera of 360 lines, bit/s on the line, and its key
// frames in bytes; and sound.
var (
	viewerRates = [maxRids]int{165e3, 540e3}
	viewerKeys  = [maxRids]int{6000, 20000}
)

const viewerSound = 93e3

func (v *viewer) share() {
	d := []demand{{priority: FirstPriority, target: 1, had: v.grant, rates: viewerRates, layered: [maxRids]bool{true, true}, fell: v.fall.lately(v.now)}}
	d[0].keeps = v.grant.rank >= 0 && (v.short == 0 || v.now-v.short < keptFor)
	budget := int(v.e.rate) - viewerSound
	used, wanted := allocate(budget, d)
	if v.short == 0 && (d[0].granted.rank < 0 || used > budget) {
		v.short = v.now
	} else if d[0].granted.rank >= 0 && used <= budget {
		v.short = 0
	}
	v.used, v.wanted = used+viewerSound, float64(wanted+viewerSound)
	g := d[0].granted
	v.fall.note(v.grant.rank, g.rank, 1, v.now)
	if g.rank != v.grant.rank {
		v.changes++
		v.key = 0
		if g.rank >= 0 {
			v.key = viewerKeys[g.rank]
		}
	}
	v.grant = g
}

func (v *viewer) run(seconds float64) {
	const step = 1e6
	rtt := 2 * v.p.delay
	for end := v.now + int64(seconds*1e9); v.now < end; v.now += step {
		ms := v.now / step
		if ms%33 == 0 && v.grant.rank >= 0 {
			bytes := float64(viewerRates[v.grant.rank]) * 0.033 / 8 * (0.7 + 0.6*v.p.dice.Float64())
			switch {
			case v.key > 0:
				bytes, v.key = float64(v.key), 0
			case v.grant.temporal == 0 && ms%4 != 0, v.grant.temporal == 1 && ms%2 != 0:
				bytes = 0
			case v.grant.temporal == 0:
				bytes *= 1.6
			case v.grant.temporal == 1:
				bytes *= 1.2
			}
			for v.debt += bytes; v.debt > 1100; v.debt -= 1100 {
				v.put(1100)
			}
		}
		if v.grant.rank < 0 {
			v.away++
		}
		if ms%20 == 0 {
			v.put(232)
			v.sounds++
			if v.open[len(v.open)-1].came == missing {
				v.silent++
			}
		}
		if ms%25 == 0 {
			v.probeAbove(float64(v.used), rtt)
		}
		if ms%100 == 50 {
			v.report(rtt)
			if v.e.rate < float64(v.used) {
				v.share()
			}
		}
		if ms%200 == 0 {
			v.share()
		}
	}
}

func TestACameraOnANarrowLineKeepsItsSize(t *testing.T) {
	for _, line := range []float64{0.3e6, 0.35e6, 0.4e6, 0.45e6, 0.5e6, 0.55e6, 0.6e6, 0.62e6, 0.64e6, 0.66e6, 0.7e6, 0.75e6, 0.8e6, 1e6, 1.5e6} {
		v := &viewer{driver: *newDriver(steady(line), 0), grant: grant{rank: -1}}
		v.run(8)
		v.look()
		v.changes, v.away = 0, 0
		long := 0
		for range 300 {
			v.run(0.1)
			if v.p.worst > 150e6 {
				long++
			}
			v.p.worst = 0
		}
		t.Logf("line of %.0f: %d changes, rank %d, temporal %d, %.1f s without picture, sound lost %d of %d, over 150 ms in the queue %d %%",
			line, v.changes, v.grant.rank, v.grant.temporal, float64(v.away)/1000, v.silent, v.sounds, long/3)
		if v.changes > 4 || v.away > 0 || v.silent*100 > v.sounds || long > 60 {
			t.Errorf("line of %.0f: over a limit", line)
		}
	}
}

// TestACameraWhoseLineNarrowsAndWidens as the rig does, without its noise.
func TestACameraWhoseLineNarrowsAndWidens(t *testing.T) {
	line := 5e6
	v := &viewer{driver: *newDriver(func(int64) float64 { return line }, 0), grant: grant{rank: -1}}
	v.run(8)
	if v.grant.rank != 1 {
		t.Fatalf("on 5 Mbit/s: got rank %d, want 1", v.grant.rank)
	}
	line = 0.3e6
	v.look()
	v.away = 0
	v.run(20)
	if v.silent*20 > 700 || v.away > 1000 {
		t.Errorf("on 0.3 Mbit/s: lost %d ms of sound and %d ms of picture", v.silent*20, v.away)
	}
	line = 5e6
	at := v.now
	for v.grant != (grant{1, allTemporal}) && v.now-at < 10e9 {
		v.run(0.1)
	}
	if v.now-at > 7e9 {
		t.Errorf("the best size was back after %d ms, want 7000", (v.now-at)/1e6)
	}
	t.Logf("lost %d ms of sound, %d ms without picture, back after %d ms", v.silent*20, v.away, (v.now-at)/1e6)
}
