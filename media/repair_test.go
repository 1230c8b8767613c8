package media

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/pion/interceptor/pkg/twcc"
)

// voice is the payload of a packet of sound; no two are the same.
func voice(n int) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(n)), make([]byte, 100)...)
}

// soundPacket of 20 ms; copies makes its payload one of the format 63.
func soundPacket(ssrc uint32, n int, copies int) []byte {
	b := []byte{0x80, 111, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	binary.BigEndian.PutUint16(b[2:], uint16(65500+n))
	binary.BigEndian.PutUint32(b[4:], uint32(n*960))
	binary.BigEndian.PutUint32(b[8:], ssrc)
	if copies == 0 {
		return append(b, voice(n)...)
	}
	b[1] = 63
	var all []redCopy
	for back := min(copies, n); back > 0; back-- {
		all = append(all, redCopy{uint32(back * 960), voice(n - back)})
	}
	return append(b, folded(111, voice(n), all...)...)
}

// soundFormats of a peer; copies is the payload type of sound with copies, 0 for one that knows none.
func soundFormats(copies uint8) []format {
	all := []format{{codec: opus, payload: 111}}
	if copies != 0 {
		all = append(all, format{codec: red, payload: copies})
	}
	return all
}

func soundCodecs() (all [128]codec) {
	all[111], all[63] = opus, red
	return all
}

func addSpeaker(r *Router, id PeerID, ssrc uint32) *peer {
	p := newPeer(id, "x")
	r.road.apply(p, plan{ways: credentials{user: "user" + string(id)}, ids: *ids(), codecs: soundCodecs(), publishes: []publish{
		{mid: "0", source: "microphone", kind: Audio, formats: soundFormats(63), ssrc: ssrc},
	}})
	p.in, p.out = openKeys{}, &plainKeys{}
	return p
}

// addListener has one slot of sound with transport-wide numbers; copies is as in soundFormats.
func addListener(t testing.TB, r *Router, id PeerID, to address, copies uint8) (*peer, *slot, *plainKeys) {
	t.Helper()
	p := newPeer(id, "x")
	s := newSlot(p, "a0", Audio, 100, 0)
	n := receive{slot: s, formats: soundFormats(copies), cname: "s0"}
	n.ids[extTransportSeq] = 4
	r.road.apply(p, plan{ways: credentials{user: "user" + string(id)}, receives: []receive{n}})
	k := &plainKeys{}
	p.in, p.out = openKeys{}, k
	p.remote.Store(&remote{peer: p, addr: to})
	return p, s, k
}

// heard is what a listener got out of packets of sound, by the number of the voice.
type heard struct {
	t     *testing.T
	times map[int]int // how often each came
	first uint32
	any   bool
}

// take reads a packet as it was sent: extension of transport-wide numbers, then the payload.
func (x *heard) take(b []byte) {
	var h header
	var known [256]extension
	known[4] = extTransportSeq
	if !h.parse(b, &known) {
		x.t.Fatalf("not a packet: %v", b)
	}
	if !x.any {
		x.any, x.first = true, h.ts-960*binary.BigEndian.Uint32(voiceOf(x.t, &h, b))
	}
	got := func(ts uint32, data []byte) {
		n := int(binary.BigEndian.Uint32(data))
		if ts-x.first != uint32(n)*960 || !bytes.Equal(data, voice(n)) {
			x.t.Fatalf("voice %d at %d, want at %d and whole", n, ts-x.first, n*960)
		}
		x.times[n]++
	}
	if h.payload == 111 {
		got(h.ts, b[h.size:])
		return
	}
	var r redPayload
	if h.payload != 63 || !r.parse(b[h.size:]) {
		x.t.Fatalf("payload type %d not read", h.payload)
	}
	got(h.ts, r.primary)
	for _, c := range r.copies[:r.n] {
		got(h.ts-c.age, c.data)
	}
}

func voiceOf(t *testing.T, h *header, b []byte) []byte {
	if h.payload == 111 {
		return b[h.size:]
	}
	var r redPayload
	if !r.parse(b[h.size:]) {
		t.Fatal("not read")
	}
	return r.primary
}

// TestSoundOverALossyLine: a minute of sound in an instant; what is reported missing is carried again by the packets after it.
func TestSoundOverALossyLine(t *testing.T) {
	for _, x := range []struct {
		loss, burst float64
		red         uint8
		most, cost  float64 // share still missing after the first seconds; bytes by those of a line without loss
	}{
		{0, 0, 63, 0, 1},
		{0.05, 0, 0, 0.06, 1.01}, // who knows no copies gets none
		{0.01, 0, 63, 0.012, 2},
		{0.05, 0, 63, 0.005, 3.2},
		{0.10, 0, 63, 0.005, 3.2},
		{0.20, 0, 63, 0.02, 3.2},
		{0, 0.04, 63, 0.036, 3.2}, // 200 ms at a time
	} {
		t.Run(fmt.Sprint("loss ", x.loss, " bursts ", x.burst, " format ", x.red), func(t *testing.T) {
			r := still(t)
			_, to := sink(t)
			a := addSpeaker(r, "a", 1000)
			p, s, keys := addListener(t, r, "b", to, x.red)
			r.road.track(TrackID{"a", "microphone"}).seat(s)
			dice := rand.New(rand.NewPCG(3, 4))
			arrived := twcc.NewRecorder(9)
			got, bytes, cut := &heard{t: t, times: map[int]int{}}, 0, 0
			const count = 3000
			for n := range count {
				r.road.now += 20e6
				r.road.media(a, soundPacket(1000, n, 0))
				r.road.forward()
				for _, k := range keys.sent {
					bytes += len(k.b)
					if cut > 0 {
						cut--
						continue
					}
					if cut = 0; dice.Float64() < x.burst/10 {
						cut = 9
						continue
					}
					if dice.Float64() < x.loss {
						continue
					}
					arrived.Record(100, binary.BigEndian.Uint16(k.b[17:]), r.road.now/1e3)
					got.take(k.b)
				}
				keys.sent = nil
				if n%5 == 4 {
					for _, f := range arrived.BuildFeedbackPacket() {
						b, err := f.Marshal()
						if err != nil {
							t.Fatal(err)
						}
						r.road.control(p, b)
					}
				}
				r.road.tick(1)
				a.heard, p.heard = r.road.now, r.road.now
			}
			lost := 0
			for n := 200; n < count-maxDepth; n++ {
				if got.times[n] == 0 {
					lost++
				}
			}
			share, cost := float64(lost)/(count-200), float64(bytes)/count/float64(12+8+104)
			t.Logf("missing %.2f %%, bytes %.2f times", 100*share, cost)
			if share > x.most {
				t.Errorf("got %.2f %% missing after repair, want %.2f at most", 100*share, 100*x.most)
			}
			if cost > x.cost {
				t.Errorf("got %.2f times the bytes, want %.2f at most", cost, x.cost)
			}
			if r.road.stats.DroppedMalformed != 0 {
				t.Errorf("got %d malformed, want 0", r.road.stats.DroppedMalformed)
			}
		})
	}
}

// TestCopiesOfAPublisherFillTheHoles: what a publisher's line loses is taken from the next packets, in its order, once.
func TestCopiesOfAPublisherFillTheHoles(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addSpeaker(r, "a", 1000)
	_, s, keys := addListener(t, r, "b", to, 63)
	r.road.track(TrackID{"a", "microphone"}).seat(s)
	send := func(all ...int) {
		for _, n := range all {
			r.road.media(a, soundPacket(1000, n, 2))
		}
		r.road.forward()
	}
	// 3, 6 and 7 come again with the next; 10 to 12 are too many, and 10 is gone; 21 comes late, 31 after its copy.
	send(0, 1, 2, 4, 5, 8, 9, 13, 14, 20, 22, 21, 30, 32, 31, 31, 33)
	var order []uint64
	got := &heard{t: t, times: map[int]int{}}
	base := keys.sent[0].index
	for _, k := range keys.sent {
		order = append(order, k.index-base)
		got.take(k.b)
		if k.b[1] != 111 {
			t.Errorf("got payload type %d, want plain packets", k.b[1])
		}
	}
	want := []uint64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 19, 20, 21, 22, 28, 29, 30, 31, 32, 33}
	if !slices.Equal(order, want) {
		t.Errorf("got %v, want %v", order, want)
	}
	l := a.tracks[0].layers[0]
	if l.received != 16 || r.road.stats.Restored != 11 || r.road.stats.DroppedReplay != 1 {
		t.Errorf("got %d received, %d restored, %d twice; want 16, 11 and 1", l.received, r.road.stats.Restored, r.road.stats.DroppedReplay)
	}
}

// TestCopiesThatLie: a publisher can only spoil its own sound, and no number is sent twice.
func TestCopiesThatLie(t *testing.T) {
	for name, c := range map[string]redCopy{
		"as old as the packet":        {0, voice(2)},
		"as old as one that is there": {2 * 960, voice(2)},
		"older than one before it":    {3 * 960, voice(2)},
		"empty":                       {960, nil},
	} {
		r := still(t)
		_, to := sink(t)
		a := addSpeaker(r, "a", 1000)
		_, s, keys := addListener(t, r, "b", to, 63)
		r.road.track(TrackID{"a", "microphone"}).seat(s)
		r.road.media(a, soundPacket(1000, 0, 0))
		r.road.media(a, soundPacket(1000, 1, 0))
		b := append(soundPacket(1000, 3, 0)[:12], folded(111, voice(3), c)...)
		b[1] = 63
		r.road.media(a, b)
		r.road.forward()
		if len(keys.sent) != 3 || r.road.stats.Restored != 0 {
			t.Errorf("%s: got %d packets, %d restored, want 3 and none", name, len(keys.sent), r.road.stats.Restored)
		}
	}
}

// TestNoCopyFromBeforeASwitch: who comes into a slot brings nothing of what they said before.
func TestNoCopyFromBeforeASwitch(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addSpeaker(r, "a", 1000)
	_, s, keys := addListener(t, r, "b", to, 63)
	for n := range 5 {
		r.road.media(a, soundPacket(1000, n, 0))
	}
	r.road.track(TrackID{"a", "microphone"}).seat(s)
	s.depth = 2
	for n := 5; n < 9; n++ {
		r.road.media(a, soundPacket(1000, n, 0))
	}
	r.road.forward()
	var sizes []int
	for _, k := range keys.sent {
		sizes = append(sizes, (len(k.b)-20)/104)
	}
	if want := []int{1, 2, 3, 3}; !slices.Equal(sizes, want) {
		t.Errorf("got %v payloads a packet, want %v", sizes, want)
	}
}

func TestFolding(t *testing.T) {
	x := &folding{}
	now := int64(0)
	run := func(seconds float64, share float64) {
		for range int(seconds * 5) {
			now += 200e6
			x.sent, x.lost = x.sent+20, x.lost+20*share
			x.judge(false, now)
		}
	}
	for i, c := range []struct {
		seconds, share float64
		depth          uint8
	}{
		{5, 0.005, 0}, {3, 0.03, 1}, {3, 0.08, 2}, {5, 0.02, 2}, {12, 0.02, 1}, {5, 0.005, 1}, {9, 0.011, 1}, {20, 0.004, 0}, {5, 0, 0},
	} {
		if run(c.seconds, c.share); x.depth != c.depth {
			t.Errorf("step %d: got %d at %v %%, want %d", i, x.depth, 100*c.share, c.depth)
		}
	}
}

// TestCopiesThatDoNotFitAreLeftOut: a full line loses more when more is sent, one that only loses does not.
func TestCopiesThatDoNotFitAreLeftOut(t *testing.T) {
	for _, c := range []struct {
		full  bool
		worse float64 // share lost with each copy
		most  uint8
		end   uint8 // after 20 s
	}{{true, 0.3, 2, 0}, {true, 0, 1, 1}, {false, 0.3, 2, 2}} {
		x, now, most := &folding{}, int64(1e9), uint8(0)
		for range 100 {
			now += 200e6
			x.sent, x.lost = x.sent+20, x.lost+20*(0.04+c.worse*float64(x.depth))
			x.judge(c.full, now)
			most = max(most, x.depth)
		}
		if x.depth != c.end || most != c.most {
			t.Errorf("full %v, worse by %v: got %d in the end and %d at most, want %d and %d", c.full, c.worse, x.depth, most, c.end, c.most)
		}
	}
}

// TestReportsServeWithoutTransportWideNumbers.
func TestReportsServeWithoutTransportWideNumbers(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addSpeaker(r, "a", 1000)
	p, s, _ := addListener(t, r, "b", to, 63)
	p.flight, p.estimate, s.ids[extTransportSeq] = nil, nil, 0
	r.road.track(TrackID{"a", "microphone"}).seat(s)
	r.road.media(a, soundPacket(1000, 0, 0))
	rr := make([]byte, 32)
	rr[0], rr[1], rr[3], rr[11], rr[12] = 0x81, rtcpRR, 7, 100, 10 // 10 of 256
	r.road.control(p, rr)
	if r.road.repair(p); s.depth != 1 {
		t.Errorf("got %d, want 1 at 4 %%", s.depth)
	}
}

// FuzzSound is all that a permitted publisher can do with copies: nothing breaks, and no number goes out twice.
func FuzzSound(f *testing.F) {
	f.Add(soundPacket(1000, 1, 2), uint8(1))
	f.Add(soundPacket(1000, 5, 2), uint8(200))
	r := still(f)
	_, to := sink(f)
	a := addSpeaker(r, "a", 1000)
	_, s, keys := addListener(f, r, "b", to, 63)
	r.road.track(TrackID{"a", "microphone"}).seat(s)
	s.depth = 2
	n := 0
	f.Fuzz(func(t *testing.T, b []byte, step uint8) {
		a.packets = bucket{}
		if len(b) < 12 {
			return
		}
		n += int(step % 8)
		x := append(soundPacket(1000, n, 0)[:12], b[12:]...)
		x[0], x[1] = b[0]&0x20|0x80, 63
		r.road.media(a, x)
		r.road.forward()
		seen := map[uint64]bool{}
		for _, k := range keys.sent {
			if seen[k.index] {
				t.Fatalf("number %d twice", k.index)
			}
			seen[k.index] = true
		}
		keys.sent = nil
		for len(r.events) > 0 {
			<-r.events
		}
		r.road.out.flush()
	})
}

// BenchmarkSound: a packet of sound to fifty listeners, plain and with one and two earlier payloads; per op 50 packets.
func BenchmarkSound(b *testing.B) {
	for depth := range uint8(maxDepth + 1) {
		b.Run(fmt.Sprint("depth ", depth), func(b *testing.B) {
			r := still(b)
			_, to := sink(b)
			a := addSpeaker(r, "a", 1000)
			a.in = openKeys{}
			for i := range 50 {
				p, s, _ := addListener(b, r, PeerID(fmt.Sprint("b", i)), to, 63)
				_, p.out, _ = newCiphers(true, newKeys(b, 12))
				s.depth = depth
				r.road.track(TrackID{"a", "microphone"}).seat(s)
			}
			n := 0
			x := soundPacket(1000, 0, 0)
			packet := func() {
				r.road.now += 20e6
				binary.BigEndian.PutUint16(x[2:], uint16(n))
				binary.BigEndian.PutUint32(x[4:], uint32(n*960))
				r.road.media(a, x)
				r.road.forward()
				n++
			}
			for range audioHistory {
				packet()
			}
			b.ReportAllocs()
			for b.Loop() {
				packet()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/50, "us/packet")
		})
	}
}

// TestCopiesLeaveHalfOfALineToPictures: three times the sound of a narrow line
// would leave no picture.
func TestCopiesLeaveHalfOfALineToPictures(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	p, s, _ := addListener(t, r, "c", to, 63)
	s.seat, s.cur = &track{}, &layer{bitrate: 93_000} // 64 kbit/s of Opus on the line
	if p.flight == nil {
		p.flight, p.estimate = &flight{}, newEstimate()
	}
	for _, c := range []struct {
		rate float64
		want uint8
	}{{250e3, 0}, {300e3, 0}, {320e3, 1}, {400e3, 1}, {440e3, 2}, {2e6, 2}} {
		p.estimate.rate = c.rate
		if got := p.affordable(2); got != c.want {
			t.Errorf("line of %.0f: got copies of %d, want %d", c.rate, got, c.want)
		}
	}
	s.seat, s.cur = nil, nil
}
