package media

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// svc sends VP9 of three spatial and three temporal layers, predicted from below
// at key pictures only, two packets a frame, with payload descriptors alone.
type svc struct {
	road  *road
	peer  *peer
	seq   uint16
	id    uint16
	place int // in the pattern
}

// temporals of the pattern, and which of them ends waiting for upper ones.
var pattern = []struct {
	temporal uint8
	upward   bool
}{{0, true}, {2, true}, {1, true}, {2, false}}

func (x *svc) packets(key bool) (out [][]byte) {
	if key {
		x.place = 0
	}
	at := pattern[x.place%len(pattern)]
	for spatial := range byte(3) {
		for n := range 2 {
			b := picture(1000, x.seq, uint32(x.id)*3000, 0, false)[:12]
			b[1] = 98
			head := byte(0x80 | 0x20 | 0x10) // I, L, F
			if !key {
				head |= 0x40 | 0x01 // P, Z
			}
			if n == 0 {
				head |= 0x08
			} else {
				head |= 0x04
			}
			layer := at.temporal<<5 | spatial<<1
			if at.upward {
				layer |= 0x10
			}
			if key && spatial > 0 {
				layer |= 0x01 // D
			}
			structured := key && spatial == 0 && n == 0
			if structured {
				head |= 0x02 // V
			}
			b = append(b, head, 0x80|byte(x.id>>8)&0x7f, byte(x.id), layer)
			if !key {
				b = append(b, 2<<1)
			}
			if structured {
				b = append(b, 2<<5)
			}
			if spatial == 2 && n == 1 {
				b[1] |= 0x80
			}
			b = append(b, spatial, byte(n), at.temporal)
			out = append(out, append(b, make([]byte, 100<<spatial)...))
			x.seq++
		}
	}
	x.id++
	x.place++
	return out
}

func (x *svc) send(key bool) {
	for _, b := range x.packets(key) {
		x.road.media(x.peer, b)
	}
	x.road.forward()
}

// went writes what went out: spatial and temporal layer of each packet, and a
// full stop behind a marker.
func went(keys *plainKeys) string {
	var s strings.Builder
	for _, k := range keys.sent {
		v := descriptor{}
		v.parse(vp9, k.b[12+8:])
		fmt.Fprintf(&s, " %d%d", v.spatial, v.temporal)
		if k.b[1]&0x80 != 0 {
			s.WriteByte('.')
		}
	}
	return strings.TrimSpace(s.String())
}

func layeredVP9(t testing.TB, r *Router, first uint16) *svc {
	p := newPeer("a", "x")
	r.road.apply(p, plan{ways: credentials{user: "usera"}, ids: *ids(), codecs: numbers(), publishes: []publish{
		{mid: "0", source: "camera", kind: Video, formats: everyFormat(), ssrc: 1000, rtxSSRC: 1001},
	}})
	p.in, p.out = openKeys{}, &plainKeys{}
	return &svc{road: r.road, peer: p, seq: first, id: first}
}

func TestReceiverGetsTheSpatialLayerOfItsGrant(t *testing.T) {
	for _, c := range []struct {
		granted grant
		key     string
		next    string
	}{
		{anything(), "00 00 10 10 20 20.", "22 22. 21 21. 22 22. 20 20."},
		{grant{1, allTemporal}, "00 00 10 10.", "12 12. 11 11. 12 12. 10 10."},
		{grant{0, allTemporal}, "00 00.", "02 02. 01 01. 02 02. 00 00."},
		{grant{2, 0}, "00 00 10 10 20 20.", "20 20."},
		{grant{1, 1}, "00 00 10 10.", "11 11. 10 10."},
	} {
		for _, first := range []uint16{0, 1, 32760, 65500, 65533} {
			r := still(t)
			_, to := sink(t)
			x := layeredVP9(t, r, first)
			_, s, keys := addReceiver(t, r, "c", to)
			s.granted = c.granted
			r.road.track(TrackID{"a", "camera"}).seat(s)
			x.send(true)
			if got := went(keys); got != c.key {
				t.Errorf("%+v from %d: key picture went as %s, want %s", c.granted, first, got, c.key)
			}
			key := len(keys.sent)
			for range 4 {
				x.send(false)
			}
			for i, k := range keys.sent {
				if k.index != keys.sent[0].index+uint64(i) {
					t.Fatalf("%+v from %d: index %d after %d", c.granted, first, k.index, keys.sent[0].index)
				}
			}
			all := keys.sent
			keys.sent = keys.sent[key:]
			if got := went(keys); got != c.next {
				t.Errorf("%+v from %d: went %s, want %s", c.granted, first, got, c.next)
			}
			// Frames refer to each other by differences of picture ids.
			var v, w descriptor
			v.parse(vp9, all[0].b[20:])
			w.parse(vp9, all[len(all)-1].b[20:])
			if got := (w.picture - v.picture) & 0x7fff; got != 4 {
				t.Errorf("%+v from %d: picture ids run by %d, want 4", c.granted, first, got)
			}
		}
	}
}

func TestSpatialLayerChangesAtKeyPicturesOnly(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	x := layeredVP9(t, r, 65000)
	x.peer.remote.Store(&remote{peer: x.peer, addr: to})
	_, s, keys := addReceiver(t, r, "c", to)
	s.granted = grant{0, allTemporal}
	r.road.track(TrackID{"a", "camera"}).seat(s)
	asked := func() int {
		r.road.now += keyUrgent
		before := r.road.stats.PLIsOut
		r.road.askKey(x.peer, x.peer.remote.Load(), s.cur)
		return int(r.road.stats.PLIsOut - before)
	}
	step := func(key bool, want string) {
		t.Helper()
		keys.sent = nil
		x.send(key)
		if got := went(keys); got != want {
			t.Errorf("went %s, want %s", got, want)
		}
	}
	step(true, "00 00.")
	s.cur.keyWanted = false
	if asked() != 0 {
		t.Error("a key picture is asked for without need")
	}
	s.granted = grant{2, allTemporal}
	s.aim()
	if asked() != 1 {
		t.Error("no key picture is asked for to go up")
	}
	step(false, "02 02.")
	step(true, "00 00 10 10 20 20.")
	step(false, "22 22.")
	if asked() != 0 {
		t.Error("a key picture is asked for after it came")
	}
	s.granted = grant{1, allTemporal}
	s.aim()
	if asked() != 1 {
		t.Error("no key picture is asked for to go down")
	}
	step(false, "") // temporal layer 1: the fewest frames until then
	step(false, "")
	step(false, "20 20.")
	step(true, "00 00 10 10.")
	step(false, "12 12.")
	step(false, "11 11.")
}

func TestLateAndRepeatedPacketsOfLayersKeepTheirNumbers(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	x := layeredVP9(t, r, 65500)
	x.peer.remote.Store(&remote{peer: x.peer, addr: to})
	p, s, keys := addReceiver(t, r, "c", to)
	s.granted = grant{1, allTemporal}
	r.road.track(TrackID{"a", "camera"}).seat(s)
	x.send(true)
	var late [][]byte
	for range 8 {
		all := x.packets(false)
		for i, b := range all {
			if i == 2 || i == 4 { // one that is needed, one that is not
				late = append(late, b)
			} else {
				r.road.media(x.peer, b)
			}
		}
		r.road.forward()
	}
	for _, b := range late {
		r.road.media(x.peer, b)
	}
	r.road.forward()
	bytesOf := map[uint64]string{}
	for _, k := range keys.sent {
		if _, again := bytesOf[k.index]; again {
			t.Fatalf("index %d went twice", k.index)
		}
		bytesOf[k.index] = string(k.b[12+8:])
	}
	want := 4 + 8*2 // of the key picture, and of layer 1
	whole := 0
	for _, k := range keys.sent {
		v := descriptor{}
		v.parse(vp9, k.b[20:])
		if v.spatial == 1 || v.alone {
			whole++
		}
	}
	if whole != want {
		t.Errorf("got %d packets of the size, want %d", whole, want)
	}
	// What is asked for again is what had the number.
	for index, payload := range bytesOf {
		seq := uint16(index)
		keys.sent = nil
		p.resent, p.asked = 0, 0
		r.road.control(p, []byte{0x80 | formatNack, rtcpTransport, 0, 3, 0, 0, 0, 1, 0, 0, 0, 100, byte(seq >> 8), byte(seq), 0, 0})
		if len(keys.sent) != 1 || string(keys.sent[0].b[12+8+2:]) != payload || binary.BigEndian.Uint16(keys.sent[0].b[20:]) != seq {
			t.Errorf("index %d: not repaired by the same bytes", index)
		}
	}
}

func TestRatesAreMeasuredBySize(t *testing.T) {
	r := still(t)
	x := layeredVP9(t, r, 0)
	x.send(true)
	for range 29 {
		x.send(false)
	}
	l := x.peer.tracks[0].layers[0]
	l.measure(&Line{})
	// Two packets of 100, 200 and 400 bytes and their descriptors.
	var got []int
	for rank := range 3 {
		got = append(got, x.peer.tracks[0].rate(rank))
	}
	for rank, least := range []int{30 * 200, 29*400 + 600, 29*800 + 1400} {
		if got[rank] < least*8 || got[rank] > least*8*11/10 {
			t.Errorf("rank %d: got %d bit/s, want %d and the descriptors", rank, got[rank], least*8)
		}
	}
	if got := x.peer.tracks[0].ranks; got != 3 {
		t.Errorf("got %d sizes, want 3", got)
	}
}
