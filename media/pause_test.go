package media

import (
	"slices"
	"testing"
)

// slotNews is what was said of slots since the last time.
func slotNews(events <-chan Event) (out []Event) {
	for {
		select {
		case e := <-events:
			if e.Kind == SlotPaused || e.Kind == SlotResumed {
				out = append(out, e)
			}
		default:
			return out
		}
	}
}

func TestAPictureThatDoesNotFitIsSaidWithItsReason(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	_, send := layered(r)
	p, s, _ := addReceiver(t, r, "c", to)
	camera := TrackID{"a", "camera"}
	r.road.track(camera).seat(s)
	seq := uint16(0)
	after := func(d int64, budget int) []Event {
		p.remb = budget
		r.road.now += d
		for range 3 {
			for rank := range 3 {
				send(rank, seq, 100, true)
			}
			seq++
			r.road.share(p)
			r.road.tellPauses(p)
		}
		return slotNews(r.events)
	}
	check := func(what string, got []Event, want ...Event) {
		t.Helper()
		if !slices.EqualFunc(got, want, func(a, b Event) bool {
			return a.Kind == b.Kind && a.Pause == b.Pause && a.Peer == "c" && a.Slot == "v0" && a.Track == camera
		}) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	check("room for all", after(1, 5_000_000))
	check("narrow for less than a second", after(9e8, 1000))
	check("wide again", after(1e8, 5_000_000))
	check("narrow", after(1e8, 1000))
	check("narrow for a second", after(1e9, 1000), Event{Kind: SlotPaused, Pause: PauseLine})
	check("still narrow", after(5e8, 1000))
	check("wide", after(1e8, 5_000_000), Event{Kind: SlotResumed})
	r.road.shed(0.125)
	check("given up", after(1, 5_000_000))
	check("given up for a second", after(1e9, 5_000_000), Event{Kind: SlotPaused, Pause: PauseNode})
	s.wish = Wish{Hidden: true}
	check("on no screen", after(1, 5_000_000), Event{Kind: SlotResumed})
	s.wish = Wish{}
	check("seen again", after(1, 5_000_000))
	check("a second later", after(1e9, 5_000_000), Event{Kind: SlotPaused, Pause: PauseNode})
	for range 10 {
		r.road.relent()
	}
	check("brought back", after(1, 5_000_000), Event{Kind: SlotResumed})
	after(1, 1000)
	after(1e9, 1000)
	r.road.track(camera).seat(s)
	check("seated again", after(1, 1000), Event{Kind: SlotResumed})
	check("narrow for it too", after(1e9, 1000), Event{Kind: SlotPaused, Pause: PauseLine})
	r.road.empty(s)
	check("nobody sits there", after(1, 1000), Event{Kind: SlotResumed})
}
