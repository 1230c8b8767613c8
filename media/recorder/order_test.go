package recorder

import (
	"testing"
	"time"

	"astara/media"
)

// What comes late is put in its place; what never comes is given up after a while, and said.
func TestOrder(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []uint64
		now  time.Duration // of the look at the end
		want []uint64
		gaps int
	}{
		{"in order", []uint64{7, 8, 9}, 0, []uint64{7, 8, 9}, 0},
		{"turned around", []uint64{7, 9, 8, 10}, 0, []uint64{7, 8, 9, 10}, 0},
		{"twice", []uint64{7, 7, 8, 8}, 0, []uint64{7, 8}, 0},
		{"waited for", []uint64{7, 9, 10}, patience / 2, []uint64{7}, 0},
		{"given up", []uint64{7, 9, 10}, 2 * patience, []uint64{7, 9, 10}, 1},
		{"two holes", []uint64{7, 9, 11}, 2 * patience, []uint64{7, 9, 11}, 2},
		{"at the turn of the numbers", []uint64{65534, 65536, 65535}, 0, []uint64{65534, 65535, 65536}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var o order
			var got []uint64
			gaps := 0
			out := func(p media.Piece, gap bool) {
				got = append(got, p.Number)
				if gap {
					gaps++
				}
			}
			for _, n := range c.in {
				o.add(media.Piece{Number: n}, out)
			}
			o.look(c.now, out)
			if len(got) != len(c.want) || gaps != c.gaps {
				t.Fatalf("got %v with %d gaps, want %v with %d", got, gaps, c.want, c.gaps)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Fatalf("got %v, want %v", got, c.want)
				}
			}
		})
	}
}

// FuzzSound: the first bytes of a packet are a stranger's.
func FuzzSound(f *testing.F) {
	f.Add([]byte{0xF8, 0xFF, 0xFE})
	f.Add([]byte{3})
	f.Fuzz(func(t *testing.T, b []byte) {
		if d := media.OpusTime(b); d < 0 || d > 4*time.Second {
			t.Errorf("a packet lasts %v", d)
		}
		var x picture
		x.add(media.Piece{Data: b, Marker: true}, false)
		vp8Size(b)
		vint(b)
	})
}
