package media

import (
	"encoding/binary"
	"testing"
)

// paced is a VP8 packet with a temporal layer: picture ids of 15 bits, one
// packet a frame unless more is set.
func paced(ssrc uint32, seq uint16, id uint16, temporal uint8, sync, key, end bool) []byte {
	b := picture(ssrc, seq, uint32(id)*3000, id, key)
	x := byte(0x80 | 0x20) // picture id, TID
	tid := temporal << 6
	if sync {
		tid |= 0x20
	}
	out := append(append([]byte{}, b[:12]...), 0x90, x, b[14], b[15], tid)
	out = append(out, b[16:]...)
	if end {
		out[1] |= 0x80
	}
	return out
}

// TestThinnedPictureHasNoHole: numbers and picture ids run on when every other
// frame is left out, and all of it over the turns.
func TestThinnedPictureHasNoHole(t *testing.T) {
	for _, first := range []uint16{0, 1, 127, 128, 32700, 32767, 65500, 65535} {
		r := still(t)
		_, to := sink(t)
		a := addPublisher(r, "a", 1000)
		_, s, keys := addReceiver(t, r, "c", to)
		r.road.track(TrackID{"a", "camera"}).seat(s)
		s.granted = grant{0, 1}
		s.aim()
		seq := first
		for i := range uint16(200) {
			temporal := []uint8{0, 2, 1, 2}[i%4]
			for n := range 3 {
				r.road.media(a, paced(1000, seq, first+i, temporal, i%4 < 3, i == 0, n == 2))
				seq++
			}
			r.road.forward()
		}
		if len(keys.sent) != 300 {
			t.Fatalf("from %d: got %d packets, want 300", first, len(keys.sent))
		}
		id := binary.BigEndian.Uint16(keys.sent[0].b[len(keys.sent[0].b)-6:])
		for i, k := range keys.sent {
			if k.index != keys.sent[0].index+uint64(i) {
				t.Fatalf("from %d: got index %d, want %d", first, k.index, keys.sent[0].index+uint64(i))
			}
			got := binary.BigEndian.Uint16(k.b[len(k.b)-6:])
			if want := id&0x7fff + uint16(i/3); got&0x7fff != want&0x7fff {
				t.Fatalf("from %d: got picture %d, want %d", first, got&0x7fff, want&0x7fff)
			}
		}
	}
}

func TestThinningEndsWhereNothingIsNeededOfWhatWasLeftOut(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	_, s, keys := addReceiver(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	n := uint16(0)
	send := func(temporal uint8, sync, want bool) {
		t.Helper()
		before := len(keys.sent)
		r.road.media(a, paced(1000, n, n, temporal, sync, n == 0, true))
		r.road.forward()
		if got := len(keys.sent) > before; got != want {
			t.Errorf("frame %d of temporal layer %d: sent %v, want %v", n, temporal, got, want)
		}
		n++
	}
	send(0, false, true)
	send(2, true, true)
	s.granted = grant{0, 0}
	s.aim()
	send(1, true, false)
	send(2, true, false)
	send(0, false, true)
	s.granted = anything()
	s.aim()
	send(2, true, false)  // needs a frame of the middle layer that was left out? not this one, but the next would
	send(1, false, false) // needs the middle one before it
	send(2, false, false)
	send(0, false, true)
	send(2, true, false)
	send(1, true, true)
	send(2, false, false)
	send(0, false, true)
	send(2, true, true)
	send(1, false, true)
	s.aim()
	if s.thin {
		t.Error("still thin")
	}
	send(2, false, true)
	for i, k := range keys.sent {
		if k.index != keys.sent[0].index+uint64(i) {
			t.Fatalf("got index %d, want %d", k.index, keys.sent[0].index+uint64(i))
		}
	}
}

// TestLossAmidThinning: a packet that is missing between frames left out keeps
// its number, is asked for by nobody's mistake, and fills its own hole.
func TestLossAmidThinning(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	a.remote.Store(&remote{peer: a, addr: to})
	_, s, keys := addReceiver(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	s.granted = grant{0, 0}
	s.aim()
	frame := func(n uint16) []byte {
		return paced(1000, n, n, []uint8{0, 2, 1, 2}[n%4], n%4 < 3, n == 0, true)
	}
	for n := range uint16(9) {
		if n != 4 { // a frame that is needed
			r.road.media(a, frame(n))
		}
	}
	r.road.forward()
	if len(keys.sent) != 2 || keys.sent[1].index != keys.sent[0].index+2 {
		t.Fatalf("got %d packets, want two with a hole between", len(keys.sent))
	}
	if came, ok := s.incoming(keys.sent[0].index + 1); !ok || came != 4 {
		t.Errorf("got the hole at %d, %v, want 4", came, ok)
	}
	r.road.media(a, frame(4))
	r.road.forward()
	if len(keys.sent) != 3 || keys.sent[2].index != keys.sent[0].index+1 {
		t.Errorf("got %d packets, want the hole filled", len(keys.sent))
	}
	for out, want := range map[uint64]uint64{0: 0, 1: 4, 2: 8} {
		if came, ok := s.incoming(keys.sent[0].index + out); !ok || came != want {
			t.Errorf("out %d: got %d, %v, want %d", out, came, ok, want)
		}
	}
}
