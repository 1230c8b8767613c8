package media

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// recorded is one packet as Chromium sent it; of the payload only its beginning
// and its length are kept.
type recorded struct {
	marker bool
	ts     uint32
	data   []byte
	dd     []byte
}

func recording(t testing.TB, c codec) []recorded {
	t.Helper()
	f, err := os.Open("testdata/recorded/" + c.String() + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []recorded
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var marker, size int
		var x recorded
		var data, dd string
		if n, _ := fmt.Sscan(lines.Text(), &marker, &x.ts, &size, &data, &dd); n < 5 {
			continue // the heading
		}
		start, err := hex.DecodeString(data)
		if err != nil {
			t.Fatal(err)
		}
		if x.dd, err = hex.DecodeString(dd); err != nil {
			t.Fatal(err)
		}
		x.marker, x.data = marker == 1, append(start, make([]byte, size-len(start))...)
		out = append(out, x)
	}
	return out
}

// packet writes x with sequence number and time of a later round.
func (x *recorded) packet(c codec, seq uint16, later uint32, described bool) []byte {
	f := everyFormat()[c-vp8]
	b := picture(1000, seq, x.ts+later, 0, false)[:12]
	b[1] = f.payload
	if x.marker {
		b[1] |= 0x80
	}
	if described {
		b[0] |= 0x10
		b = append(b, 0x10, 0, 0, byte(2+len(x.dd)+3)/4, 200, byte(len(x.dd)))
		b = append(b, x.dd...)
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
	}
	return append(b, x.data...)
}

// decoder knows what can be decoded by the frames' references, as a browser
// does that reads the dependency descriptor.
type decoder struct {
	known, spare structure
	whole        map[uint16]bool // by frame number
	begun        uint16
}

func (d *decoder) take(t *testing.T, dd []byte) (spatial uint8) {
	t.Helper()
	var x dependency
	if !x.parse(dd, &d.known, &d.spare) {
		t.Fatalf("descriptor %x is not read", dd)
	}
	if x.fresh {
		d.known, d.spare = d.spare, d.known
		d.whole = map[uint16]bool{}
	}
	if x.starts {
		d.begun = x.number
		for _, by := range x.diffs.by[:x.diffs.n] {
			if !d.whole[x.number-by] {
				t.Fatalf("frame %d of layers %d, %d refers to %d, which did not come", x.number, x.spatial, x.temporal, x.number-by)
			}
		}
	}
	if x.ends && d.begun == x.number {
		d.whole[x.number] = true
	}
	return x.spatial
}

// TestRecordedPicturesStayDecodable: whatever is granted and when it changes,
// what goes out has all that it refers to, in numbers without a gap, and ends
// each picture with a marker.
func TestRecordedPicturesStayDecodable(t *testing.T) {
	for _, c := range []codec{vp8, vp9, av1, h264} {
		all := recording(t, c)
		random := rand.New(rand.NewPCG(1, uint64(c)))
		for _, first := range []uint16{0, 1, 32700, 65400, 65535} {
			r := still(t)
			_, to := sink(t)
			a := addPublisher(r, "a", 1000)
			a.ids[200] = extDescriptor
			_, s, keys := addReceiver(t, r, "c", to)
			r.road.track(TrackID{"a", "camera"}).seat(s)
			d := decoder{}
			seq, sent, top, lastTS := first, uint64(0), uint8(0), uint32(0)
			reached := map[uint8]bool{}
			for round := range uint32(12) {
				for i := range all {
					if random.IntN(16) == 0 {
						s.granted = grant{random.IntN(maxRids), []uint8{0, 1, 2, allTemporal}[random.IntN(4)]}
						s.aim()
					}
					keys.sent = keys.sent[:0]
					r.road.media(a, all[i].packet(c, seq, round*(90000<<4), true))
					seq++
					r.road.forward()
					for _, k := range keys.sent {
						if sent != 0 && k.index != sent+1 {
							t.Fatalf("%v from %d: index %d after %d", c, first, k.index, sent)
						}
						if ts := binary.BigEndian.Uint32(k.b[4:]); ts == lastTS && top == 255 {
							t.Fatalf("%v from %d: a packet of a picture after its marker", c, first)
						} else {
							lastTS = ts
						}
						sent = k.index
						top = d.take(t, all[i].dd)
						reached[top] = true
						if k.b[1]&0x80 != 0 {
							top = 255
						}
					}
				}
			}
			want := map[codec]int{vp8: 1, vp9: 3, av1: 3, h264: 1}[c]
			if len(reached) != want {
				t.Errorf("%v from %d: %d spatial layers went out, want %d", c, first, len(reached), want)
			}
		}
	}
}

// TestDescriptorsAgree: what the payload descriptor says of a recorded packet is
// what the dependency descriptor says.
func TestDescriptorsAgree(t *testing.T) {
	for _, c := range []codec{vp8, vp9, av1, h264} {
		var known, spare structure
		for i, x := range recording(t, c) {
			var d dependency
			var v descriptor
			if !d.parse(x.dd, &known, &spare) || !v.parse(c, x.data) {
				t.Fatalf("%v, packet %d: not read", c, i)
			}
			if d.fresh {
				known, spare = spare, known
			}
			// OpenH264 writes parameter sets before other frames too.
			if d.fresh != v.keyFrame && (d.fresh || c != h264) {
				t.Errorf("%v, packet %d: a key frame %v, %v", c, i, d.fresh, v.keyFrame)
			}
			if c == vp9 && (v.spatial != d.spatial || v.temporal != d.temporal || v.ends != d.ends) {
				t.Errorf("%v, packet %d: got %+v and %+v", c, i, v, d)
			}
			if c != vp9 {
				continue
			}
			for spatial := range uint8(3) {
				for temporal := range uint8(3) {
					got, want := v.uses(c).at(spatial, temporal) != unused, d.uses.at(spatial, temporal) != unused
					if got != want {
						t.Errorf("packet %d of layers %d, %d: needed for %d, %d: got %v, want %v", i, d.spatial, d.temporal, spatial, temporal, got, want)
					}
				}
			}
		}
	}
}

// TestReadingAPacketAllocatesNothing: not with layers either.
func TestReadingAPacketAllocatesNothing(t *testing.T) {
	for _, c := range []codec{vp8, vp9, av1, h264} {
		all := recording(t, c)
		var packets [][]byte
		for i := range all {
			packets = append(packets, all[i].packet(c, uint16(i), 0, true))
		}
		r := still(t)
		a := addPublisher(r, "a", 1000)
		a.ids[200] = extDescriptor
		_, to := sink(t)
		_, s, keys := addReceiver(t, r, "c", to)
		s.granted = grant{1, 1}
		r.road.track(TrackID{"a", "camera"}).seat(s)
		n := uint16(0)
		round := func() {
			for _, b := range packets {
				binary.BigEndian.PutUint16(b[2:], n)
				binary.BigEndian.PutUint32(b[4:], uint32(n)*3000)
				n++
				r.road.media(a, slices.Clip(b))
			}
			keys.sent = keys.sent[:0]
			for _, p := range r.road.dirty {
				p.pictures, p.sounds, p.listed = p.pictures[:0], p.sounds[:0], false
			}
			r.road.dirty, r.road.queued = r.road.dirty[:0], 0
		}
		for range videoHistory/len(packets) + 2 {
			round()
		}
		if got := testing.AllocsPerRun(4, round); got > 0 {
			t.Errorf("%v: %v allocations in %d packets", c, got, len(packets))
		}
	}
}
