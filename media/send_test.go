package media

import (
	"fmt"
	"testing"
)

// both is a publisher with camera (1000) and microphone (2000), and a receiver
// of them in the slots 100 and 102.
func both(t *testing.T, r *Router) (a, p *peer, keys *plainKeys) {
	t.Helper()
	_, to := sink(t)
	sound := []format{{codec: opus, payload: 111}}
	a = newPeer("a", "x")
	r.road.apply(a, plan{ways: credentials{user: "usera"}, ids: *ids(), codecs: numbers(), publishes: []publish{
		{mid: "0", source: "camera", kind: Video, formats: everyFormat(), ssrc: 1000, rtxSSRC: 1001},
		{mid: "1", source: "microphone", kind: Audio, formats: sound, ssrc: 2000},
	}})
	a.in, a.out = openKeys{}, &plainKeys{}
	p = newPeer("p", "x")
	v, s := newSlot(p, "v0", Video, 100, 101), newSlot(p, "a0", Audio, 102, 0)
	r.road.apply(p, plan{ways: credentials{user: "userp"}, receives: []receive{
		{slot: v, formats: everyFormat(), cname: "s0"}, {slot: s, formats: sound, cname: "s0"}}})
	keys = &plainKeys{}
	p.in, p.out = openKeys{}, keys
	p.remote.Store(&remote{peer: p, addr: to})
	r.road.track(TrackID{"a", "camera"}).seat(v)
	r.road.track(TrackID{"a", "microphone"}).seat(s)
	return a, p, keys
}

// TestSoundEndsThePicturesMessage: sound that came first of a burst leaves last,
// in the message of the pictures; on a narrow line it leaves first.
func TestSoundEndsThePicturesMessage(t *testing.T) {
	for _, c := range []struct {
		name     string
		carries  int // bit/s; 0: nothing is known
		order    []uint32
		messages uint64
	}{
		{"a line that nothing is known of", 0, []uint32{100, 100, 100, 102}, 1},
		{"a wide line", soundFirst, []uint32{100, 100, 100, 102}, 1},
		{"a narrow line", soundFirst - 1, []uint32{102, 100, 100, 100}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := still(t)
			a, p, keys := both(t, r)
			p.remb = c.carries
			speak := func(n int) {
				b := append(picture(2000, uint16(n), uint32(n*960), 0, false)[:12], 7)
				b[1] = 111
				r.road.media(a, b)
			}
			r.road.media(a, picture(1000, 0, 0, 0, true)) // both slots have turned
			speak(0)
			r.road.forward()
			keys.sent = nil
			before := r.road.stats
			speak(1)
			for i := range uint16(3) {
				r.road.media(a, picture(1000, 1+i, 3000, 1, false))
			}
			r.road.forward()
			var order []uint32
			for _, s := range keys.sent {
				order = append(order, s.ssrc)
			}
			if fmt.Sprint(order) != fmt.Sprint(c.order) {
				t.Errorf("got %v, want %v", order, c.order)
			}
			if got := r.road.stats.Messages - before.Messages; got != c.messages {
				t.Errorf("got %d messages, want %d", got, c.messages)
			}
		})
	}
}

// TestSenderReportsGoTogether: a report that is due takes along those that will
// be within half a second, as one message; nothing goes when none is.
func TestSenderReportsGoTogether(t *testing.T) {
	for _, c := range []struct {
		name     string
		due      [2]int64 // from now
		reports  int
		messages uint64
	}{
		{"none is due", [2]int64{1, 1}, 0, 0},
		{"one is, the other will be", [2]int64{reportAhead, 0}, 2, 1},
		{"one is, the other is far from it", [2]int64{0, reportAhead + 1}, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := still(t)
			a, p, keys := both(t, r)
			r.road.media(a, picture(1000, 0, 0, 0, true))
			b := append(picture(2000, 0, 0, 0, false)[:12], 7)
			b[1] = 111
			r.road.media(a, b)
			r.road.forward()
			for i, s := range p.slots {
				s.reportDue = r.road.now + c.due[i]
			}
			keys.control = nil
			before := r.road.stats.Messages
			r.road.reportAll(p, p.remote.Load())
			r.road.out.flush()
			if got := len(keys.control); got != c.reports {
				t.Errorf("got %d reports, want %d", got, c.reports)
			}
			if got := r.road.stats.Messages - before; got != c.messages {
				t.Errorf("got %d messages, want %d", got, c.messages)
			}
		})
	}
}
