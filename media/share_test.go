package media

import "testing"

// TestWhatFlowsIsNotTakenAwayForWantOfProof: a camera that sends more than it was
// taken to need outgrows the estimate, of which only nine tenths are proved.
func TestWhatFlowsIsNotTakenAwayForWantOfProof(t *testing.T) {
	for _, c := range []struct {
		name string
		turn func(*estimate)
		want int
	}{
		{"a line of which nothing is wrong", func(*estimate) {}, 0},
		{"a line that was full a second ago", func(e *estimate) { e.cutAt = 99e9 }, -1},
		{"a queue that grows", func(e *estimate) { e.trend.now = lineOver }, -1},
		{"a line that loses", func(e *estimate) { e.loss.rate = e.rate; e.delay = 2 * e.rate }, -1},
		{"a line that is far too narrow", func(e *estimate) { e.rate, e.delay = 700e3, 700e3 }, -1},
	} {
		r := still(t)
		_, to := sink(t)
		a := addPublisher(r, "a", 1000)
		p, s, _ := measured(t, r, "c", to)
		r.road.track(TrackID{"a", "camera"}).seat(s)
		r.road.now = 100e9
		r.road.media(a, picture(1000, 1, 0, 1, true))
		a.tracks[0].ranks = 1
		s.granted, s.shortAt = grant{0, allTemporal}, 1 // and has been short for long
		a.tracks[0].layers[0].steady[0] = 1_000_000
		p.estimate.rate, p.estimate.delay = 950e3, 950e3
		c.turn(p.estimate)
		r.road.share(p)
		if s.granted.rank != c.want {
			t.Errorf("%s: got rank %d, want %d", c.name, s.granted.rank, c.want)
		}
	}
}
