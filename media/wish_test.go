package media

import (
	"slices"
	"testing"
)

func TestReach(t *testing.T) {
	for _, c := range []struct {
		wish  Wish
		ranks int
		want  int
	}{
		{Wish{}, 1, 0},
		{Wish{}, 3, 2},
		{Wish{Hidden: true}, 3, -1},
		{Wish{Hidden: true, Height: 1000}, 3, -1},
		{Wish{Width: 1, Height: 1}, 3, 0},
		{Wish{Width: 320, Height: 180}, 3, 0},
		{Wish{Width: 320, Height: 240}, 3, 0},
		{Wish{Width: 320, Height: 241}, 3, 1},
		{Wish{Width: 640, Height: 180}, 3, 1}, // filled by its width
		{Wish{Width: 640, Height: 480}, 3, 1},
		{Wish{Width: 640, Height: 481}, 3, 2},
		{Wish{Width: 4000, Height: 3000}, 3, 2},
		{Wish{Width: 4000, Height: 3000}, 2, 1},
		{Wish{Width: 4000, Height: 3000}, 1, 0},
	} {
		if got := reach(c.wish, c.ranks); got != c.want {
			t.Errorf("%+v of %d: got %d, want %d", c.wish, c.ranks, got, c.want)
		}
	}
}

func TestWishMovesUpAtOnceAndDownAfterTwoSeconds(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	_, send := layered(r)
	p, s, _ := addReceiver(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	seq := uint16(0)
	for _, step := range []struct {
		at   int64
		wish Wish
		want string
	}{
		{1, Wish{Height: 100}, "q"},
		{2, Wish{Height: 700}, "f"},
		{1e9, Wish{Height: 100}, "f"},
		{2.9e9, Wish{Height: 100}, "f"},
		{3.1e9, Wish{Height: 100}, "q"},
		{3.2e9, Wish{Height: 400}, "h"},
		{3.3e9, Wish{Height: 100}, "h"},
		{5.2e9, Wish{Height: 400}, "h"}, // wished again: the 2 s begin anew
		{5.4e9, Wish{Height: 100}, "h"},
	} {
		r.road.now, s.wish = step.at, step.wish
		for range 2 { // what flows is known after the first
			for rank := range 3 {
				send(rank, seq, 100, true)
			}
			seq++
			r.road.share(p)
		}
		for rank := range 3 {
			send(rank, seq, 100, true)
		}
		seq++
		if s.cur == nil || s.cur.rid != step.want {
			t.Errorf("at %v: got %+v, want %s", step.at, s.cur, step.want)
		}
	}
	s.wish = Wish{Hidden: true}
	r.road.share(p)
	send(1, seq, 100, true)
	if s.cur != nil {
		t.Errorf("got %q on a hidden tile, want nothing", s.cur.rid)
	}
	s.wish = Wish{Height: 400}
	r.road.share(p)
	send(1, seq+1, 100, true)
	if s.cur == nil || s.cur.rid != "h" {
		t.Error("got nothing on a tile that is seen again")
	}
}

func TestPublisherIsToldWhatIsTaken(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a, send := layered(r)
	p, s, _ := addReceiver(t, r, "c", to)
	tr := r.road.track(TrackID{"a", "camera"})
	told := func() []int {
		for {
			select {
			case e := <-r.events:
				if e.Kind == LayersWanted {
					return e.Layers
				}
			default:
				return nil
			}
		}
	}
	check := func(what string, want []int) {
		t.Helper()
		r.road.watch(tr)
		if got := told(); !slices.Equal(got, want) || (got == nil) != (want == nil) {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	r.road.now = 10e9
	for rank := range 3 {
		send(rank, 0, 100, true)
	}
	check("nobody", []int{})
	tr.seat(s)
	s.wish = Wish{Height: 700}
	r.road.share(p)
	check("a new one", []int{0, 2})
	send(2, 1, 100, true)
	r.road.now += 9e8
	check("soon", nil)
	r.road.now += 2e8
	for rank := range 3 {
		send(rank, 2, 100, true)
	}
	check("flowing", []int{2})
	r.road.now += 2e8
	check("still flowing", nil)
	s.wish = Wish{Hidden: true}
	r.road.share(p)
	r.road.now += 9e8
	check("hidden, soon", nil)
	r.road.now += 2e8
	check("hidden", []int{})
	s.wish = Wish{Height: 300}
	r.road.share(p)
	check("seen", []int{0, 1})
	_ = a
}
