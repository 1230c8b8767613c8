package media

import (
	"encoding/binary"
	"testing"
)

// talker sends sound and picture with a clock of its own; each of its pictures
// comes late ms after the sound of its moment.
type talker struct {
	p      *peer
	ssrc   uint32 // of the picture; the sound's is one more
	late   int64  // ms
	clock  int64  // ms, its time when ours is 0
	n      uint16
	frames uint16
}

func addTalker(r *Router, id PeerID, ssrc uint32, late, clock int64) *talker {
	p := newPeer(id, "x")
	r.road.apply(p, plan{ways: credentials{user: "user" + string(id)}, ids: *ids(), codecs: numbers(), publishes: []publish{
		{mid: "0", source: "camera", kind: Video, formats: everyFormat(), ssrc: ssrc},
		{mid: "1", source: "microphone", kind: Audio, formats: []format{{codec: opus, payload: 111}}, ssrc: ssrc + 1},
	}})
	p.in, p.out = openKeys{}, &plainKeys{}
	return &talker{p: p, ssrc: ssrc, late: late, clock: clock}
}

// report is a sender report of the talker, at our ms.
func (t *talker) report(r *Router, ssrc, rate uint32, ms int64) {
	b := make([]byte, 28)
	b[0], b[1], b[3] = 0x80, rtcpSR, 6
	binary.BigEndian.PutUint32(b[4:], ssrc)
	putNTP(b[8:], 1e18+(t.clock+ms)*1e6)
	binary.BigEndian.PutUint32(b[16:], uint32(t.clock+ms)*(rate/1000)+ssrc*77)
	r.road.control(t.p, b)
}

// speak sends what is due at our ms: sound each 20, a picture each 40.
func (t *talker) speak(r *Router, ms int64) {
	b := append([]byte{0x80, 111, byte(t.n >> 8), byte(t.n)}, make([]byte, 12)...)
	binary.BigEndian.PutUint32(b[4:], uint32(t.clock+ms)*48+(t.ssrc+1)*77)
	binary.BigEndian.PutUint32(b[8:], t.ssrc+1)
	r.road.media(t.p, b)
	t.n++
	if ms%40 == 0 && ms >= t.late {
		r.road.media(t.p, picture(t.ssrc, t.frames, uint32(t.clock+ms-t.late)*90+t.ssrc*77, t.frames, true))
		t.frames++
	}
	if ms%1000 == 0 {
		t.report(r, t.ssrc, 90000, ms)
		t.report(r, t.ssrc+1, 48000, ms)
	}
}

// TestASlotStaysOnOneLine: people whose pictures are 0 and 250 ms late follow
// each other in a pair. The reports of a slot never tell another line, and what
// is told beside them is exactly what the timestamps do not say.
func TestASlotStaysOnOneLine(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	talkers := []*talker{addTalker(r, "intime", 1000, 0, 5_000_000), addTalker(r, "late", 2000, 250, 70_000)}
	p := newPeer("c", "x")
	v, a := newSlot(p, "v0", Video, 100, 101), newSlot(p, "a0", Audio, 102, 0)
	r.road.apply(p, plan{ways: credentials{user: "userc"}, receives: []receive{
		{slot: v, formats: everyFormat(), cname: "s0"}, {slot: a, formats: []format{{codec: opus, payload: 111}}, cname: "s0"}}})
	keys := &plainKeys{}
	p.in, p.out = openKeys{}, keys
	p.remote.Store(&remote{peer: p, addr: to})

	lines := map[uint32]int64{}
	for ms := int64(0); ms < 40_000; ms += 20 {
		r.road.now = ms * 1e6
		p.heard = r.road.now
		of := talkers[ms/8000%2]
		if ms%8000 == 0 {
			r.road.track(TrackID{of.p.id, "camera"}).seat(v)
			r.road.track(TrackID{of.p.id, "microphone"}).seat(a)
		}
		for _, x := range talkers {
			x.p.heard = r.road.now
			x.speak(r, ms)
		}
		r.road.forward()
		r.road.tick(1)
		for _, c := range keys.control {
			if c[1] != rtcpSR {
				continue
			}
			ssrc, rate := binary.BigEndian.Uint32(c[4:]), int64(90000)
			if ssrc == a.ssrc {
				rate = 48000
			}
			line := int64(binary.BigEndian.Uint32(c[16:]) - uint32((ntpNanos(c[8:])-r.road.began.UnixNano()-ntpEpoch*1e9)*rate/1e9))
			if was, ok := lines[ssrc]; ok && max(line-was, was-line) > rate/1000 {
				t.Fatalf("at %d ms slot %d: the line moved by %d ticks", ms, ssrc, line-was)
			}
			lines[ssrc] = line
		}
		keys.control = keys.control[:0]
		if into := ms % 8000; into < 1200 { // the first report of all comes with the first second
			continue
		}
		// What goes out now, on the line, against when it was taken.
		sound, shown := int64(int32(a.lastTS-a.stamp(0)))/48, int64(int32(v.lastTS-v.stamp(0)))/90
		apart := of.late + ms%40 // the newest picture is older than the newest sound by so much
		if got, want := sound-shown+int64(v.toldBehind), apart; v.toldOf == nil || max(got-want, want-got) > behindStep {
			t.Fatalf("at %d ms of %s: %d ms apart on the line, %d told, want %d together", ms, of.p.id, sound-shown, v.toldBehind, want)
		}
	}
	if got := v.toldBehind; got > behindStep || got < -behindStep {
		t.Errorf("got %d ms behind for pictures that come in time", got)
	}
}

// TestAClockThatStepsMovesNoLine: a publisher's reports go astray by an hour.
func TestAClockThatStepsMovesNoLine(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	of := addTalker(r, "a", 1000, 0, 0)
	_, s, _ := addReceiver(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	before := uint32(0)
	for ms := int64(0); ms < 5000; ms += 20 {
		r.road.now = ms * 1e6
		if ms == 2000 {
			of.clock -= 3_600_000
		}
		of.speak(r, ms)
		r.road.forward()
		line := s.line(r.road.now) - s.kind.ticks(r.road.now)
		if ms > 1000 && line != before {
			t.Fatalf("at %d ms: the line moved by %d ticks", ms, int32(line-before))
		}
		before = line
	}
}
