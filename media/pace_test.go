package media

import "testing"

func TestKeyFrameIsPacedInOrderAndSoundGoesFirst(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	p, s, keys := addReceiver(t, r, "c", to)
	p.flight, p.estimate = &flight{}, newEstimate()
	p.estimate.rate = 1e6 // 12.5 kB a tick
	p.credit = paceFirst
	r.road.track(TrackID{"a", "camera"}).seat(s)
	for i := range uint16(60) {
		r.road.media(a, append(picture(1000, i, 0, 0, i == 0), make([]byte, 1000)...))
	}
	r.road.forward()
	if got := len(keys.sent); got != 17 {
		t.Errorf("at once: got %d packets, want the 17 of 16 KiB", got)
	}
	for tick := 1; tick <= 4; tick++ {
		before := len(keys.sent)
		r.road.accrue(p, 1)
		r.road.forward()
		if got := len(keys.sent) - before; tick < 4 && (got < 11 || got > 16) {
			t.Errorf("tick %d: got %d packets, want a quarter of the rest", tick, got)
		}
	}
	if len(keys.sent) != 60 {
		t.Fatalf("got %d packets, want all 60", len(keys.sent))
	}
	for i, k := range keys.sent {
		if k.index != keys.sent[0].index+uint64(i) {
			t.Fatalf("packet %d: got index %d, want %d", i, k.index, keys.sent[0].index+uint64(i))
		}
	}
}

func TestWhatWaitsGoesBeforeASwitch(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a, b := addPublisher(r, "a", 1000), addPublisher(r, "b", 2000)
	p, s, keys := addReceiver(t, r, "c", to)
	p.flight, p.estimate = &flight{}, newEstimate()
	p.credit = paceFirst
	r.road.track(TrackID{"a", "camera"}).seat(s)
	for i := range uint16(40) {
		r.road.media(a, append(picture(1000, i, 0, 0, i == 0), make([]byte, 1000)...))
	}
	r.road.track(TrackID{"b", "camera"}).seat(s)
	r.road.media(b, picture(2000, 7, 9, 9, true))
	r.road.forward()
	p.credit = paceFirst
	r.road.accrue(p, 1)
	r.road.forward()
	if len(keys.sent) != 41 {
		t.Fatalf("got %d packets, want 41", len(keys.sent))
	}
	for i, k := range keys.sent {
		if k.index != keys.sent[0].index+uint64(i) {
			t.Fatalf("packet %d: got index %d, want %d", i, k.index, keys.sent[0].index+uint64(i))
		}
	}
}

// TestNothingWaitsLongerThan50ms: what does not fit the line's pace is the
// line's to queue, not ours.
func TestNothingWaitsLongerThan50ms(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	p, s, keys := addReceiver(t, r, "c", to)
	p.flight, p.estimate = &flight{}, newEstimate()
	p.estimate.rate = minRate
	r.road.track(TrackID{"a", "camera"}).seat(s)
	for i := range uint16(100) {
		r.road.media(a, append(picture(1000, i, 0, 0, i == 0), make([]byte, 1000)...))
	}
	r.road.forward()
	if got := len(keys.sent); got > 20 {
		t.Errorf("at once: got %d packets, want 16 KiB of them", got)
	}
	for range heldTicks {
		r.road.ticks++
		r.road.accrue(p, 1)
		r.road.forward()
	}
	if len(keys.sent) != 100 || len(p.held) != 0 {
		t.Errorf("after 50 ms: got %d packets, %d wait, want all 100", len(keys.sent), len(p.held))
	}
}
