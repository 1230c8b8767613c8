package main

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"google.golang.org/protobuf/encoding/protowire"
)

func TestPayloads(t *testing.T) {
	for _, at := range []time.Duration{0, 1, time.Hour} {
		b := make([]byte, pictureBytes)
		writePicture(b, 1<<15|5, 0, true, at)
		if got, ok := readStamp(b); !ok || got != at {
			t.Errorf("picture's stamp: got %v %v, want %v", got, ok, at)
		}
		if b[0] != 0x90 || b[2] != 0x80 || b[3] != 5 || b[4]&1 != 0 || !slices.Equal(b[7:10], []byte{0x9d, 1, 0x2a}) {
			t.Errorf("key frame: got % x", b[:stampAt])
		}
		writePicture(b, 6, 0, false, at)
		if b[4]&1 != 1 || b[7] != 0 {
			t.Errorf("frame between: got % x", b[:stampAt])
		}
		writePicture(b, 6, 1, true, at)
		if b[0] != 0x80 || b[4] != 0 {
			t.Errorf("second part: got % x", b[:stampAt])
		}
		s := make([]byte, soundBytes)
		writeSound(s, at)
		if got, ok := readStamp(s); !ok || got != at {
			t.Errorf("sound's stamp: got %v %v, want %v", got, ok, at)
		}
	}
	if _, ok := readStamp(make([]byte, stampAt+7)); ok {
		t.Error("a stamp was read where there is none")
	}
}

func TestStream(t *testing.T) {
	for _, first := range []uint16{0, 1, 32767, 32768, 65534, 65535} {
		s := newStream(1, first)
		for _, ahead := range []uint16{0, 1, 4, 2, 4, 5} { // 3 is missing; a second 4
			s.arrive(first + ahead)
		}
		if got, want := s.ask(), []uint16{first + 3}; !slices.Equal(got, want) {
			t.Errorf("from %d: asks for %v, want %v", first, got, want)
		}
		if r := s.report(); r.LastSequenceNumber != uint32(first)+5 || r.TotalLost != 0 {
			t.Errorf("from %d: report %+v, want the highest %d and nothing lost, as one came twice", first, r, uint32(first)+5)
		}
		s.arrive(first + 7)
		if r := s.report(); r.TotalLost != 1 || r.FractionLost != 128 {
			t.Errorf("from %d: report %+v, want one lost of two", first, r)
		}
		s.ask()
		s.arrive(first + 3)
		if got, want := s.ask(), []uint16{first + 6}; !slices.Equal(got, want) {
			t.Errorf("from %d: asks for %v, want %v", first, got, want)
		}
		s.ask()
		if got := s.ask(); len(got) > 0 {
			t.Errorf("from %d: asks %d times for %v", first, askTimes+1, got)
		}
		s.arrive(first + 1000)
		if len(s.missing) > 0 {
			t.Errorf("from %d: a leap is taken for %d lost packets", first, len(s.missing))
		}
	}
}

func TestDatagrams(t *testing.T) {
	var all []rtcp.Packet
	for range 50 {
		all = append(all, &rtcp.ReceiverReport{Reports: make([]rtcp.ReceptionReport, 1+rand.IntN(reportMax))})
	}
	n := 0
	for _, d := range datagrams(all) {
		b, err := rtcp.Marshal(d)
		if err != nil || len(b) > controlBytes {
			t.Errorf("a datagram of %d bytes: %v", len(b), err)
		}
		n += len(d)
	}
	if n != len(all) {
		t.Errorf("%d packets of %d", n, len(all))
	}
	if got := datagrams(nil); got != nil {
		t.Errorf("of nothing got %v", got)
	}
}

func TestStatistics(t *testing.T) {
	for _, c := range []struct {
		x    []float64
		want float64
	}{{nil, 0}, {[]float64{3}, 3}, {[]float64{4, 1}, 2.5}, {[]float64{9, 1, 2}, 2}} {
		if got := median(c.x); got != c.want {
			t.Errorf("median of %v: got %v, want %v", c.x, got, c.want)
		}
	}
	var x []float64
	for i := range 100 {
		x = append(x, float64(i))
	}
	if a, b := percentile(x, 50), percentile(x, 99); a != 50 || b != 99 || percentile(nil, 50) != 0 {
		t.Errorf("percentiles: got %v and %v", a, b)
	}
	for _, s := range scenarios() {
		if n := s.sampleEvery(); n%2 == 0 || s.rate()/n > 2*samplesPerSecond {
			t.Errorf("%s: of %d packets/s one in %d is sampled", s.Name, s.rate(), n)
		}
	}
}

// TestTable: a turn that failed at one server is in no ratio.
func TestTable(t *testing.T) {
	all := []result{
		{Scenario: "a", Server: "astara", Turn: 1, UsPerPacket: 2}, {Scenario: "a", Server: "livekit", Turn: 1, UsPerPacket: 6},
		{Scenario: "a", Server: "astara", Turn: 2, UsPerPacket: 1}, {Scenario: "a", Server: "livekit", Turn: 2, Error: "down"},
		{Scenario: "a", Server: "astara", Turn: 3, UsPerPacket: 2}, {Scenario: "a", Server: "livekit", Turn: 3, UsPerPacket: 8},
		{Scenario: "b", Server: "livekit", Turn: 1, Error: "down"},
	}
	if got := ratio(all, "a", "astara", "livekit"); got != 3.5 {
		t.Errorf("ratio: got %v, want 3.5", got)
	}
	var b strings.Builder
	if err := printTable(&b, all); err != nil || !strings.Contains(b.String(), "none ran") || !strings.Contains(b.String(), "6.00-8.00") {
		t.Errorf("table: %v\n%s", err, b.String())
	}
}

func FuzzMessage(f *testing.F) {
	f.Add(description(protowire.Number(fromOffer), "offer", "v=0", 7))
	f.Add(wrap(fromTrickle, number(text(nil, 1, "{}"), 2, 1)))
	f.Add(announce("camera", kindVideo, sourceCamera))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := readMessage(b)
		if err == nil && m.what == fromOffer && m.strings[2] != "" {
			again, err := readMessage(description(m.what, m.strings[1], m.strings[2], m.numbers[3]))
			if err != nil || again.strings[2] != m.strings[2] || again.numbers[3] != m.numbers[3] {
				t.Errorf("written again %v: %v, want %v", again, err, m)
			}
		}
	})
}
