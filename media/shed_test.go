package media

import (
	"fmt"
	"testing"
)

func TestStrain(t *testing.T) {
	type step struct{ late, took int64 } // ms
	steady := func(late, grows int64) (all []step) {
		for range 60 {
			all = append(all, step{late, 10})
			late = max(late+grows, 0)
		}
		return all
	}
	for _, c := range []struct {
		name   string
		steps  []step
		narrow bool
		want   []float64 // parts given up
	}{
		{"in time", steady(3, 0), false, nil},
		{"late and no later", steady(99, 0), false, nil},
		{"was away for a moment", steady(300, -20), false, nil},
		{"catches up slowly", steady(300, -3), false, nil},
		{"just keeps up", steady(110, 0), false, []float64{0.2, 0.2}},
		{"two and a half times too much", steady(0, 6), false, []float64{0.68}},
		{"ten times too much", steady(60, 9), false, []float64{0.92, 0.92}},
		{"the gate was narrow", steady(10, 0), true, []float64{0.5, 0.5}},
	} {
		var s strain
		var got []float64
		now := int64(0)
		for _, x := range c.steps {
			now += x.took * 1e6
			if c.narrow {
				s.narrow = now
			}
			if part := s.received(x.late*1e6, now); part > 0 {
				got = append(got, float64(int(part*100+0.5))/100)
			}
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestBehindGivesUpPicturesAndNeverSound(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := newPeer("a", "x")
	r.road.apply(a, plan{ways: credentials{user: "usera"}, ids: *ids(), codecs: numbers(), publishes: []publish{
		{mid: "0", source: "camera", kind: Video, formats: everyFormat(), ssrc: 1000, rtxSSRC: 1001},
		{mid: "1", source: "microphone", kind: Audio, formats: []format{{codec: opus, payload: 111}}, ssrc: 2000},
	}})
	a.in, a.out = openKeys{}, &plainKeys{}
	const people = 16
	var all []*plainKeys
	var pictures []*slot
	for i := range people {
		p := newPeer(PeerID(fmt.Sprint(i)), "x")
		v, s := newSlot(p, "v0", Video, 100, 101), newSlot(p, "a0", Audio, 102, 0)
		r.road.apply(p, plan{ways: credentials{user: fmt.Sprint("user", i)}, receives: []receive{
			{slot: v, formats: everyFormat()}, {slot: s, formats: []format{{codec: opus, payload: 111}}}}})
		k := &plainKeys{}
		p.in, p.out = openKeys{}, k
		p.remote.Store(&remote{peer: p, addr: to})
		r.road.track(TrackID{"a", "camera"}).seat(v)
		r.road.track(TrackID{"a", "microphone"}).seat(s)
		all, pictures = append(all, k), append(pictures, v)
	}
	seq := uint16(0)
	both := func(key bool) (video, audio int) {
		for _, k := range all {
			k.sent = k.sent[:0]
		}
		r.road.media(a, picture(1000, seq, uint32(seq)*3000, seq, key))
		sound := picture(2000, seq, uint32(seq)*960, 0, false)
		sound[1] = 111
		r.road.media(a, sound)
		seq++
		r.road.forward()
		for _, k := range all {
			for _, x := range k.sent {
				if x.ssrc == 100 {
					video++
				} else {
					audio++
				}
			}
		}
		return video, audio
	}
	both(true)
	last := pictures[0].last
	for want := people; want > 0; want -= (want + 7) / 8 {
		if v, s := both(false); v != want || s != people {
			t.Fatalf("got %d pictures and %d sounds, want %d and %d", v, s, want, people)
		}
		r.road.shed(0.125)
	}
	if v, s := both(true); v != 0 || s != people {
		t.Fatalf("got %d pictures and %d sounds, want 0 and %d", v, s, people)
	}
	if r.road.stats.Shed != people || r.road.strain.held != people {
		t.Errorf("got %d given up, %d held, want %d", r.road.stats.Shed, r.road.strain.held, people)
	}
	for range 100 {
		r.road.relent()
	}
	if v, _ := both(false); v != 0 {
		t.Errorf("got %d pictures before a key frame, want none", v)
	}
	if v, s := both(true); v != people || s != people || r.road.strain.held != 0 {
		t.Errorf("got %d pictures and %d sounds, %d held, want all back", v, s, r.road.strain.held)
	}
	if got := pictures[0].last - last; got > 20 || !pictures[0].ever {
		t.Errorf("got %d numbers used in the slot, want no gap", got)
	}
}
