package media

import (
	"testing"

	"github.com/pion/rtcp"

	"github.com/pion/interceptor/pkg/twcc"
)

// TestArrivalsReadWhatPionWrites over the turns of the number.
func TestArrivalsReadWhatPionWrites(t *testing.T) {
	for _, first := range []uint16{0, 1, 127, 128, 32767, 32768, 65534, 65535} {
		f := &flight{next: first}
		rec := twcc.NewRecorder(1)
		at := map[uint16]int64{}
		for i := range 300 {
			n := f.next
			f.depart(100+i, int64(i)*1e6)
			if i%7 != 3 {
				at[n] = int64(i)*3300 + 50_000 // microseconds
				if i%50 == 49 {
					at[n] += 400_000 // a large delta, and the next goes back
				}
				rec.Record(7, n, at[n])
			}
		}
		var acks []ack
		for _, p := range rec.BuildFeedbackPacket() {
			b, err := p.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			var ok bool
			if acks, ok = f.arrivals(b, acks); !ok {
				t.Fatalf("from %d: not read", first)
			}
		}
		came := 0
		var zero int64
		for i, a := range acks {
			n := first + uint16(a.sent/1e6)
			want, ok := at[n]
			if (a.came == missing) == ok {
				t.Fatalf("from %d: packet %d: came %d, want %v", first, n, a.came, ok)
			}
			if a.size != 100+int(a.sent/1e6)+wireBytes {
				t.Fatalf("got size %d", a.size)
			}
			if !ok {
				continue
			}
			came++
			if i == 0 {
				zero = a.came - want*1e3
			}
			if d := a.came - want*1e3 - zero; d > 500e3 || d < -500e3 {
				t.Fatalf("from %d: packet %d off by %d ns", first, n, d)
			}
		}
		if came != len(at) {
			t.Errorf("from %d: got %d, want %d", first, came, len(at))
		}
	}
}

func TestArrivalsAreCountedOnce(t *testing.T) {
	f := &flight{}
	for range 4 {
		f.depart(100, 5)
	}
	rec := twcc.NewRecorder(1)
	rec.Record(7, 0, 1000)
	rec.Record(7, 3, 2000)
	b, err := rec.BuildFeedbackPacket()[0].(*rtcp.TransportLayerCC).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	first, _ := f.arrivals(b, nil)
	again, _ := f.arrivals(b, nil)
	if len(first) != 4 || len(again) != 0 {
		t.Errorf("got %d, then %d, want 4, then nothing new", len(first), len(again))
	}
	rec.Record(7, 1, 3000) // it was only late
	rec.Record(7, 4, 4000)
	f.depart(100, 6)
	if b, err = rec.BuildFeedbackPacket()[0].(*rtcp.TransportLayerCC).Marshal(); err != nil {
		t.Fatal(err)
	}
	late, _ := f.arrivals(b, nil)
	if len(late) != 2 || !late[0].again || late[0].came == missing || late[1].again {
		t.Errorf("got %+v, want the late one and the new one", late)
	}
}

func FuzzArrivals(f *testing.F) {
	f.Add([]byte{0x8f, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0, 4, 0, 0, 1, 0, 0x20, 4, 1, 1, 1, 1})
	f.Add([]byte{0x8f, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0xff, 0xff, 0, 0, 1, 0, 0, 0, 0, 0})
	f.Add([]byte{0x8f, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 0xf0, 0, 14, 0xff, 0xff, 0xff, 0, 0xd5, 0x55, 0xe0, 0, 1, 1, 1, 1, 0x80, 0, 1})
	f.Add([]byte{0x8f, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0, 4, 0, 0, 1, 0, 0x20, 4, 1, 1, 1, 1, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		x := &flight{}
		for range flightRoom {
			x.depart(100, 1)
		}
		e := newEstimate()
		for i := range int64(3) {
			acks, _ := x.arrivals(b, nil)
			if len(b) > 20 { // a clock that goes anywhere
				copy(b[16:19], b[len(b)-3:])
				b[len(b)-1] += 64
			}
			for j := range x.sent {
				x.sent[j].open = true
			}
			if len(acks) > maxStatuses {
				t.Fatalf("got %d", len(acks))
			}
			e.feedback(acks, i*1e9, 0)
			if !(e.rate >= minRate && e.rate <= maxRate) {
				t.Fatalf("got rate %v", e.rate)
			}
		}
		readREMB(b, 0)
	})
}
