package media

import "testing"

func TestAllocate(t *testing.T) {
	three := [maxRids]int{150e3, 500e3, 1700e3}
	layered := [maxRids]bool{true, true, true}
	all := func(rank int) grant { return grant{rank, allTemporal} }
	none := grant{rank: -1}
	camera := func(p Priority, target int) demand {
		return demand{priority: p, target: target, rates: three, layered: layered, had: anything()}
	}
	screen := demand{priority: 120, rates: [maxRids]int{1e6}, had: anything()}
	for _, c := range []struct {
		name    string
		budget  int
		demands []demand
		want    []grant
	}{
		{"nobody", 1e6, nil, nil},
		{"nothing to give", 0, []demand{camera(1, 2)}, []grant{none}},
		{"less than nothing", -1e6, []demand{camera(120, 2)}, []grant{none}},
		{"a quarter of the frames", 60e3, []demand{camera(1, 2)}, []grant{{0, 0}}},
		{"half", 149e3, []demand{camera(1, 2)}, []grant{{0, 1}}},
		{"small", 150e3, []demand{camera(1, 2)}, []grant{all(0)}},
		{"larger at half the frames", 300e3, []demand{camera(1, 2)}, []grant{{1, 1}}},
		{"larger", 500e3, []demand{camera(1, 2)}, []grant{all(1)}},
		{"all", 1700e3, []demand{camera(1, 2)}, []grant{all(2)}},
		{"no more than wished", 9e6, []demand{camera(1, 1), camera(1, 0), camera(1, -1)}, []grant{all(1), all(0), none}},
		{"the screen before all", 1e6, []demand{screen, camera(3, 2), camera(1, 2)}, []grant{all(0), none, none}},
		{"a screen that does not fit leaves the line to others", 900e3, []demand{screen, camera(3, 2)}, []grant{none, all(1)}},
		{"pinned to the best, the rest to others", 1800e3, []demand{camera(110, 2), camera(3, 2), camera(1, 2)}, []grant{all(2), {0, 1}, none}},
		{"everybody something before anybody more", 300e3, []demand{camera(3, 2), camera(2, 2), camera(1, 2)}, []grant{all(0), {0, 1}, {0, 0}}},
		{"then in order", 700e3, []demand{camera(3, 2), camera(2, 2), camera(1, 2)}, []grant{all(1), {0, 1}, {0, 1}}},
		{"what one has costs no more than it does", 510e3, []demand{{priority: 1, target: 2, rates: three, had: all(1)}}, []grant{all(1)}},
		{"what one has not costs a tenth more", 510e3, []demand{{priority: 1, target: 2, rates: three, had: all(0)}}, []grant{all(0)}},
		{"what did not hold needs half more room", 700e3, []demand{{priority: 1, target: 2, rates: three, had: all(0), fell: true}}, []grant{all(0)}},
		{"and gets it", 760e3, []demand{{priority: 1, target: 2, rates: three, had: all(0), fell: true}}, []grant{all(1)}},
		{"what may stay a while though it does not fit", 50e3, []demand{{priority: 1, target: 2, rates: three, layered: layered, had: all(1), keeps: true}, camera(1, 2)}, []grant{{0, 0}, none}},
		{"a layer that is not there", 9e6, []demand{{priority: 1, target: 2, rates: [maxRids]int{150e3, 500e3}, had: anything()}}, []grant{all(1)}},
	} {
		used, wanted := allocate(c.budget, c.demands)
		cost := 0
		for i, d := range c.demands {
			cost += d.cost
			if d.granted != c.want[i] {
				t.Errorf("%s: %d got %+v, want %+v", c.name, i, d.granted, c.want[i])
			}
		}
		kept := len(c.demands) > 0 && c.demands[0].keeps
		if used != cost || used > max(c.budget, 0) && !kept || wanted < used {
			t.Errorf("%s: used %d of %d, costs %d, wanted %d", c.name, used, c.budget, cost, wanted)
		}
	}
}

func TestWhatFellSoonAfterItRoseWaitsLonger(t *testing.T) {
	f := fall{}
	f.note(maxRids, 1, 2, 1e9) // the first grant is no fall
	if f.lately(1e9) {
		t.Error("got a fall by the first grant")
	}
	now := int64(2e9)
	for _, wait := range []int64{10e9, 20e9, 40e9, 40e9} {
		f.note(1, 0, 2, now)
		if !f.lately(now+wait-1) || f.lately(now+wait) {
			t.Errorf("got a wait of %d, want %d", f.wait, wait)
		}
		now += wait
		f.note(0, 1, 2, now)
		now += 1e9
	}
	now += 60e9
	f.note(1, 0, 2, now)
	if f.wait != fallWait {
		t.Errorf("after it held: got a wait of %d, want %d", f.wait, int64(fallWait))
	}
	f.note(2, 1, 1, now+60e9)
	if f.lately(now + 60e9) {
		t.Error("got a fall when less was wished")
	}
}

func BenchmarkAllocate(b *testing.B) {
	demands := make([]demand, 12)
	for i := range demands {
		demands[i] = demand{target: 2, rates: [maxRids]int{150e3, 500e3, 1700e3}, layered: [maxRids]bool{true, true, true}}
	}
	b.ReportAllocs()
	for b.Loop() {
		allocate(3e6, demands)
	}
}
