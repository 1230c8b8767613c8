package media

import (
	"encoding/binary"
	"fmt"
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

// overload is a road that is to forward two and a half times of what it can;
// sound is a sixth of what it can. Its socket is a real one, its time is not:
// each packet that goes out takes a part of it, and what is due meanwhile comes.
type overload struct {
	r        *Router
	now      int64
	speakers []*speaker
	keys     []*slowKeys
	sent     map[[2]uint32]int64 // when, by SSRC and number
	parts    int                 // packets of a frame, key frames all
	talks    bool

	sounds, pictures int   // forwarded
	longest          int64 // that a sound took
}

type speaker struct {
	conn           *net.UDPConn
	ssrc           uint32 // of the picture; that of sound follows
	begun          int64
	sounds, frames int64
	number         uint16 // of the picture's next packet
}

const (
	pictureOut = 100
	soundOut   = 102 // SSRC of the first sound slot; the others follow

	speakers  = 4
	listeners = 10
	soundStep = 20e6
	frameStep = 1_000_000_000 / 30
	frameFull = 24 // packets of a frame
	// sealTime makes it so.
	sealTime = 2_500_000_000 / (speakers * listeners * (50 + 30*frameFull))
)

// slowKeys take time for each packet, and note the numbers of sound.
type slowKeys struct {
	plainKeys
	o       *overload
	numbers map[uint32][]uint64
}

func (k *slowKeys) sealRTP(b []byte, size int, payload []byte, ssrc uint32, index uint64) {
	copy(b[size:], payload)
	k.o.pass(sealTime)
	if ssrc < soundOut {
		k.o.pictures++
		return
	}
	k.o.sounds++
	k.numbers[ssrc] = append(k.numbers[ssrc], index)
	k.o.longest = max(k.o.longest, k.o.now-int64(binary.BigEndian.Uint64(payload[len(payload)-8:])))
}

func newOverload(t *testing.T) *overload {
	o := &overload{r: still(t), sent: map[[2]uint32]int64{}}
	road := o.r.road
	var tracks []TrackID
	for i := range speakers {
		c, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(o.r.sock.addr))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		s := &speaker{conn: c, ssrc: 1000 + 10*uint32(i), begun: int64(i) * frameStep / speakers}
		o.speakers = append(o.speakers, s)
		p := newPeer(PeerID(fmt.Sprint("s", i)), "x")
		road.apply(p, plan{ways: credentials{user: fmt.Sprint("s", i)}, ids: *ids(), codecs: numbers(), publishes: []publish{
			{mid: "0", source: "camera", kind: Video, formats: everyFormat(), ssrc: s.ssrc, rtxSSRC: s.ssrc + 2},
			{mid: "1", source: "microphone", kind: Audio, formats: []format{{codec: opus, payload: 111}}, ssrc: s.ssrc + 1},
		}})
		p.in, p.out, p.heard = openKeys{}, &plainKeys{}, 1<<62
		p.remote.Store(road.learn(remote{peer: p, addr: addressOf(c.LocalAddr().(*net.UDPAddr).AddrPort())}, false))
		tracks = append(tracks, TrackID{p.id, "camera"}, TrackID{p.id, "microphone"})
	}
	_, to := sink(t)
	for i := range listeners {
		p := newPeer(PeerID(fmt.Sprint("r", i)), "x")
		var all []receive
		for j := range uint32(speakers) {
			all = append(all, receive{slot: newSlot(p, "v", Video, pictureOut, pictureOut+1), formats: everyFormat()},
				receive{slot: newSlot(p, "a", Audio, soundOut+j, 0), formats: []format{{codec: opus, payload: 111}}})
		}
		road.apply(p, plan{ways: credentials{user: fmt.Sprint("r", i)}, receives: all})
		keys := &slowKeys{o: o, numbers: map[uint32][]uint64{}}
		o.keys = append(o.keys, keys)
		p.in, p.out, p.heard = openKeys{}, keys, 1<<62
		p.remote.Store(&remote{peer: p, addr: to})
		for j, id := range tracks {
			road.track(id).seat(all[j].slot)
		}
	}
	return o
}

// pass lets time go by, and sends what is due until then.
func (o *overload) pass(ns int64) {
	for o.now += ns; o.talks; {
		s := o.next()
		sound, frame := s.due()
		if min(sound, frame) > o.now {
			return
		}
		if sound <= frame {
			o.send(s, s.ssrc+1, uint16(s.sounds), sound, false, 100)
			s.sounds++
			continue
		}
		for i := range o.parts {
			o.send(s, s.ssrc, s.number, frame, i == 0, 1000)
			s.number++
		}
		s.frames++
	}
}

func (s *speaker) due() (sound, frame int64) {
	return s.begun + s.sounds*soundStep, s.begun + s.frames*frameStep
}

// next is who sends next.
func (o *overload) next() *speaker {
	first := o.speakers[0]
	for _, s := range o.speakers {
		if min(s.due()) < min(first.due()) {
			first = s
		}
	}
	return first
}

func (o *overload) send(s *speaker, ssrc uint32, number uint16, at int64, key bool, size int) {
	b := picture(ssrc, number, uint32(at/1e6)*90, uint16(s.frames), key)
	if ssrc == s.ssrc+1 {
		b[1] = 111
	}
	b = append(b, make([]byte, size)...)
	binary.BigEndian.PutUint64(b[len(b)-8:], uint64(at))
	o.sent[[2]uint32{ssrc, uint32(number)}] = at
	_, _ = s.conn.Write(b)
}

// run the road until done, as road.run does; blind, it does not look how late it is.
func (o *overload) run(blind bool, done func() bool) {
	r := o.r.road
	for !done() {
		r.in.waited = false
		n := r.in.look(r.sock.fd)
		before := r.now
		if n == 0 {
			r.in.waited = true
			o.pass(1e6)
			n = r.in.look(r.sock.fd)
		}
		const epoch = 1e18
		r.now, r.clock = o.now, epoch+o.now
		for i := range n { // came by this test's time, not by the kernel's
			b := r.in.bufs[i][:]
			at := epoch + o.sent[[2]uint32{binary.BigEndian.Uint32(b[8:]), uint32(binary.BigEndian.Uint16(b[2:]))}]
			note := r.in.notes[i][:]
			binary.NativeEndian.PutUint64(note, 32)
			binary.NativeEndian.PutUint32(note[8:], unix.SOL_SOCKET)
			binary.NativeEndian.PutUint32(note[12:], unix.SCM_TIMESTAMPNS)
			binary.NativeEndian.PutUint64(note[16:], uint64(at/1e9))
			binary.NativeEndian.PutUint64(note[24:], uint64(at%1e9))
			r.in.msgs[i].hdr.SetControllen(32)
		}
		if !blind {
			r.measure(n, before)
		}
		r.takeAll(n)
		r.forward()
		if r.now >= r.due {
			r.clockwork()
			r.forward()
		}
		r.now = o.now
	}
}

// missing counts the sounds that went to nobody though they were sent.
func (o *overload) missing() (n int64) {
	for _, k := range o.keys {
		for i, s := range o.speakers {
			all := k.numbers[soundOut+uint32(i)]
			n += s.sounds - int64(len(all))
			for j := range len(all) - 1 {
				if all[j+1] != all[j]+1 {
					n++ // what is missing at the end as well as a hole: at least this
				}
			}
		}
	}
	return n
}

func TestOverloadCostsPicturesAndNoSound(t *testing.T) {
	for _, c := range []struct {
		name   string
		buffer int // what a system allows that nobody tuned is room for 180 pictures
		blind  bool
	}{{"large socket", 0, false}, {"small socket", 208 << 10, false}, {"a road that does not look, large socket", 0, true}, {"and small", 208 << 10, true}} {
		t.Run(c.name, func(t *testing.T) {
			o := newOverload(t)
			if c.buffer != 0 {
				if err := unix.SetsockoptInt(o.r.sock.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, c.buffer); err != nil {
					t.Fatal(err)
				}
			}
			s, until := &o.r.road.stats, func(at int64) func() bool { return func() bool { return o.now >= at } }
			o.parts, o.talks = frameFull, true
			o.run(c.blind, until(3e9))
			over, shown := o.pictures, int64(0)
			for _, s := range o.speakers {
				shown += int64(s.number) * listeners
			}
			held := o.r.road.strain.held
			o.parts = 1
			o.run(c.blind, func() bool { return o.r.road.strain.held < held || o.now > 43e9 })
			before := o.pictures
			o.run(c.blind, until(o.now+2e9))
			back := o.pictures - before
			o.talks = false
			o.run(c.blind, until(o.now+5e9))
			late := int64(s.DroppedLate) * listeners
			t.Logf("%d sounds, %d missing, %d of them late; the longest took %d ms; %d of %d pictures, %d given up, %d back; narrowed %d times, %d kept out, %d lost",
				o.sounds, o.missing(), late, o.longest/1e6, over, shown, s.Shed, back, s.Narrowed, s.DroppedNarrow, s.DroppedFull)
			if c.blind { // else this would prove nothing
				if o.missing() == 0 && o.longest < 1e9 {
					t.Errorf("got all sound in %d ms, want a load that is too much", o.longest/1e6)
				}
				return
			}
			if o.missing() != 0 || s.DroppedFull != 0 || o.longest > soundStale {
				t.Errorf("got %d sounds missing, the longest took %d ms, %d packets lost in the socket; want all, in time, and none", o.missing(), o.longest/1e6, s.DroppedFull)
			}
			if int64(over) > shown*6/10 || s.Shed == 0 {
				t.Errorf("got %d of %d pictures, %d given up; want most of them given up", over, shown, s.Shed)
			}
			if held == 0 || back == 0 {
				t.Errorf("got %d pictures given up and %d afterwards, want some to come back", held, back)
			}
		})
	}
}
