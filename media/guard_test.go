package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/pion/stun/v3"
)

func TestBucket(t *testing.T) {
	var b bucket
	taken := func(now int64) (n int) {
		for b.take(now, 10, 20) {
			n++
		}
		return n
	}
	for _, c := range []struct {
		now  int64
		want int
	}{{5e9, 20}, {5e9, 0}, {5.05e9, 0}, {5.1e9, 1}, {6.1e9, 10}, {100e9, 20}, {1000e9, 20}} {
		if got := taken(c.now); got != c.want {
			t.Errorf("at %d: got %d, want %d", c.now, got, c.want)
		}
	}
}

func TestNetwork(t *testing.T) {
	at := func(s string) network { return addressOf(netip.AddrPortFrom(netip.MustParseAddr(s), 9)).network() }
	if at("192.0.2.1") == at("192.0.2.2") || at("2001:db8::1") != at("2001:db8::2") || at("2001:db8::1") == at("2001:db8:0:1::1") || at("::1") == at("::2") {
		t.Error("got the wrong addresses in one network")
	}
}

func TestSeveral(t *testing.T) {
	for _, c := range []struct {
		all  []string
		want bool
	}{
		{nil, false}, {[]string{"127.0.0.1", "::1"}, false}, {[]string{"192.0.2.1", "127.0.0.1", "2001:db8::1", "::1"}, false},
		{[]string{"192.0.2.1", "192.0.2.1"}, false}, {[]string{"192.0.2.1", "192.0.2.2"}, true}, {[]string{"2001:db8::1", "2001:db8::2"}, true},
		{[]string{"127.0.0.2", "127.0.0.3"}, true},
	} {
		var all []netip.Addr
		for _, a := range c.all {
			all = append(all, netip.MustParseAddr(a))
		}
		if got := several(all); got != c.want {
			t.Errorf("%v: got %v, want %v", c.all, got, c.want)
		}
	}
}

// check is a STUN binding request to usera.
func checkOf(password string) []byte {
	return stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.NewUsername("usera:remote"),
		stun.RawAttribute{Type: stun.AttrUseCandidate}, stun.NewShortTermIntegrity(password), stun.Fingerprint).Raw
}

func TestCheckFloodIsRefusedBeforeItIsComputed(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	a.ways.password, a.ways.remote = "password", "remote"
	a.handshake = true
	r.road.take(checkOf("password"), to, nil)
	if a.remote.Load() == nil {
		t.Fatal("a good check proved nothing")
	}
	wrong := checkOf("wrong")
	const flood = 20000
	for i := range flood {
		from := to
		from.ip[12], from.ip[13], from.ip[14], from.port = byte(i>>8), byte(i), 7, uint16(i)
		r.road.take(wrong, from, nil)
	}
	s := r.road.stats
	if s.DroppedUnknownUser > 2*checksOfAll || s.DroppedFlood+s.DroppedUnknownUser != flood || len(r.road.ways) != 1 {
		t.Errorf("got %d computed, %d refused and %d ways, want at most %d computed", s.DroppedUnknownUser, s.DroppedFlood, len(r.road.ways), 2*checksOfAll)
	}
	out := s.PacketsOut
	r.road.take(checkOf("password"), to, nil)
	if r.road.stats.PacketsOut != out+1 {
		t.Error("the proved address was not answered during the flood")
	}
	for range 1000 {
		r.road.take(checkOf("password"), to, nil)
	}
	if got := r.road.stats.PacketsOut - out; got > 2*checksOfWay {
		t.Errorf("got %d answers to one address at once, want at most %d", got, 2*checksOfWay)
	}
}

// Anybody learns by the beacon that the node is there, and nothing comes of it.
func TestBeacon(t *testing.T) {
	r := still(t)
	c, to := sink(t)
	check := func(password string) []byte {
		return stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.NewUsername(BeaconUser+":anybody"), stun.NewShortTermIntegrity(password), stun.Fingerprint).Raw
	}
	r.road.take(check("wrong"), to, nil)
	r.road.take(check(BeaconPassword), to, nil)
	r.road.out.flush()
	b := make([]byte, 1500)
	n, err := c.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	m := &stun.Message{Raw: b[:n]}
	if err := m.Decode(); err != nil || m.Type != stun.BindingSuccess || stun.NewShortTermIntegrity(BeaconPassword).Check(m) != nil {
		t.Errorf("got %v, %v, want a binding that succeeded", m, err)
	}
	if sent := len(check(BeaconPassword)); n > sent {
		t.Errorf("%d bytes are answered by %d: a source that is a lie would be sent more than was sent in its name", sent, n)
	}
	if s := r.road.stats; s.PacketsOut != 1 || s.DroppedMalformed != 1 || len(r.road.ways) != 0 {
		t.Errorf("got %d answers, %d refused, %d ways, want 1, 1, 0", s.PacketsOut, s.DroppedMalformed, len(r.road.ways))
	}
	for range 1000 {
		r.road.take(check(BeaconPassword), to, nil)
	}
	if got := r.road.stats.PacketsOut; got > 2*checksOfSource {
		t.Errorf("got %d answers to one address at once, want at most %d", got, 2*checksOfSource)
	}
}

func TestHandshakesWaitForTheirTurn(t *testing.T) {
	r := still(t)
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	r.road.ctx, r.road.wait = ctx, &wait
	var all []*peer
	for i := range 100 {
		p := newPeer(PeerID(fmt.Sprint(i)), "x")
		r.road.apply(p, plan{ways: credentials{user: fmt.Sprint("user", i)}})
		r.road.shake(p, address{ip: [16]byte{15: byte(i % 10)}})
		r.road.shake(p, address{ip: [16]byte{15: byte(i % 10)}})
		all = append(all, p)
	}
	g := &r.road.guard
	if g.running != shakesOfAll || len(g.waiting) != 100-shakesOfAll {
		t.Errorf("got %d running and %d waiting, want %d running", g.running, len(g.waiting), shakesOfAll)
	}
	for i := range 40 {
		r.road.shake(newPeer(PeerID(fmt.Sprint("b", i)), "x"), address{})
	}
	for _, p := range all[90:] {
		p.close()
	}
	for range shakesOfAll {
		for n := range g.hosts {
			r.road.shaken(n)
			break
		}
	}
	if g.running > shakesOfAll || g.hosts[network{}] > shakesOfHost {
		t.Errorf("got %d running, %d of one host", g.running, g.hosts[network{}])
	}
	cancel()
	wait.Wait()
}

func TestPublisherFloodIsBounded(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	_, s, keys := addReceiver(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	for i := range 5 * packetsBurst {
		r.road.media(a, picture(1000, uint16(i), 0, uint16(i), i == 0))
		if i%100 == 0 {
			r.road.forward()
		}
	}
	r.road.forward()
	if len(keys.sent) != packetsBurst || r.road.stats.DroppedFlood != 4*packetsBurst {
		t.Errorf("got %d forwarded and %d dropped, want %d and the rest", len(keys.sent), r.road.stats.DroppedFlood, packetsBurst)
	}
}

func TestControlOfOthersStreamsChangesNothing(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	_, s, keys := addReceiver(t, r, "c", to)
	b, _, _ := addReceiver(t, r, "b", to)
	b.slots[0].ssrc = 7
	r.road.track(TrackID{"a", "camera"}).seat(s)
	for i := range uint16(20) {
		r.road.media(a, picture(1000, i, 0, i, i == 0))
	}
	r.road.forward()
	l := a.tracks[0].layers[0]
	l.keyWanted = false
	keys.sent = nil
	for _, c := range [][]byte{
		{0x80 | formatNack, rtcpTransport, 0, 3, 0, 0, 0, 1, 0, 0, 0, 100, byte(s.last >> 8), byte(s.last), 0, 1},
		{0x80 | formatPLI, rtcpPayload, 0, 2, 0, 0, 0, 1, 0, 0, 0, 100},
		{0x80, rtcpSR, 0, 6, 0, 0, 3, 232, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 0, 0, 0, 1, 0, 0, 0, 1},
		append([]byte{0x81, rtcpRR, 0, 7, 0, 0, 0, 1, 0, 0, 0, 100, 255}, make([]byte, 19)...),
	} {
		r.road.control(b, c)
	}
	r.road.forward()
	if len(keys.sent) != 0 || l.keyWanted || l.reported || s.lossDown != 0 || r.road.stats.DroppedForeign != 4 {
		t.Errorf("got %d resent, key wanted %v, reported %v, loss %d, %d foreign", len(keys.sent), l.keyWanted, l.reported, s.lossDown, r.road.stats.DroppedForeign)
	}
}

func TestReceiverThatNeverReadsHoldsLittle(t *testing.T) {
	c := &tcpConn{conn: io.NopCloser(nil), out: make(chan []byte, tcpQueue), done: make(chan struct{})}
	var stats Stats
	frame := make([]byte, 50*1116)
	for range 1000 {
		c.enqueue(frame, 1116, &stats)
	}
	held := c.queued.Load()
	if held > tcpBytes || stats.DroppedSlow == 0 {
		t.Errorf("got %d bytes waiting and %d dropped, want at most %d", held, stats.DroppedSlow, tcpBytes)
	}
	before := stats.DroppedSlow
	for range 50 {
		c.enqueue(frame[:120], 120, &stats)
	}
	if stats.DroppedSlow != before {
		t.Error("pictures left no room for sound")
	}
}

func TestSilentConnectionsOfOneHostLeaveRoomForOthers(t *testing.T) {
	d := still(t).tcp
	var kept int
	for range 2 * maxStrangers {
		c, other := net.Pipe()
		defer c.Close()
		defer other.Close()
		if d.note(c, network{1}) {
			kept++
		}
	}
	c, other := net.Pipe()
	defer c.Close()
	defer other.Close()
	if !d.note(c, network{2}) || kept != strangersOfHost {
		t.Errorf("got %d of one host, want %d and room for another", kept, strangersOfHost)
	}
	d.met(network{1})
	if !d.note(c, network{1}) {
		t.Error("got no room after one had proved itself")
	}
}

func FuzzCheckUser(f *testing.F) {
	f.Add(checkOf("x"))
	f.Add([]byte{0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6, 0, 3, 'a', ':', 'b', 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		name, ok := checkUser(b)
		got := string(name)
		user, _, _, known := checkMessage(b)
		if ok && known && got != user {
			t.Errorf("got %q, want %q", got, user)
		}
	})
}

// FuzzFrames: whatever a stranger writes to TCP, what the road gets is bounded.
func FuzzFrames(f *testing.F) {
	f.Add([]byte{0, 3, 1, 2, 3, 0, 0, 0, 1, 9})
	f.Add([]byte{0xff, 0xff, 1})
	f.Add([]byte{8, 1, 1, 2, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		d := &tcpDoor{inbox: make(chan tcpPacket, tcpInbox), began: time.Now(), open: map[net.Conn]bool{}, hosts: map[network]int{}}
		c, other := net.Pipe()
		d.note(c, network{})
		conn := &tcpConn{conn: c, done: make(chan struct{})}
		var wait sync.WaitGroup
		wait.Go(func() { d.read(context.Background(), c, conn, func() {}) })
		_, _ = other.Write(b)
		other.Close()
		wait.Wait()
		if len(d.inbox) > 2*checksOfSource+1 || len(d.open) != 0 || d.strangers != 0 {
			t.Fatalf("got %d packets, %d open, %d strangers", len(d.inbox), len(d.open), d.strangers)
		}
		for left := b; len(d.inbox) > 0; {
			p := (<-d.inbox).data
			n := int(binary.BigEndian.Uint16(left))
			if len(p) != n || !bytes.Equal(p, left[2:2+n]) {
				t.Fatalf("got %v, want %v", p, left[2:2+n])
			}
			left = left[2+n:]
		}
	})
}

// FuzzOpen: what does not come from the peer does not open, whatever it is.
func FuzzOpen(f *testing.F) {
	var all []opener
	for _, aead := range []bool{true, false} {
		salt := 14
		if aead {
			salt = 12
		}
		in, _, err := newCiphers(aead, newKeys(f, salt))
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, in)
	}
	f.Add(make([]byte, 60), uint32(1), uint64(1))
	f.Add(picture(1000, 1, 2, 3, true), uint32(1000), uint64(1))
	f.Fuzz(func(t *testing.T, b []byte, ssrc uint32, index uint64) {
		if len(b) < 12 {
			return
		}
		for _, in := range all {
			var h header
			x := append([]byte(nil), b...)
			if h.parse(x, ids()) {
				binary.BigEndian.PutUint32(x[8:], ssrc)
				if _, ok := in.openRTP(x, h.size, ssrc, index&(1<<48-1)); ok {
					t.Error("a packet of nobody opened")
				}
			}
			if _, ok := in.openRTCP(append([]byte(nil), b...)); ok {
				t.Error("control of nobody opened")
			}
		}
	})
}

// BenchmarkStranger: a packet of somebody who has proved nothing.
func BenchmarkStranger(b *testing.B) {
	for name, packet := range map[string][]byte{
		"media": picture(1000, 0, 0, 0, true),
		"dtls":  append([]byte{22, 254, 255}, make([]byte, 200)...),
		"stun": stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.NewUsername("nobody:x"),
			stun.NewShortTermIntegrity("secret"), stun.Fingerprint).Raw,
		"stun of a known name": checkOf("wrong"),
	} {
		b.Run(name, func(b *testing.B) {
			r := still(b)
			_, from := sink(b)
			a := addPublisher(r, "a", 1000)
			a.ways.password, a.ways.remote = "password", "remote"
			for range 2 * checksOfSource {
				r.road.take(packet, from, nil)
			}
			b.ReportAllocs()
			for b.Loop() {
				r.road.take(packet, from, nil)
			}
		})
	}
}

// TestKeyFrameStormIsMerged: however often receivers ask, their publisher is
// asked once in keyMerged.
func TestKeyFrameStormIsMerged(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	a.remote.Store(&remote{peer: a, addr: to})
	c, s, _ := addReceiver(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	r.road.now = 1e9
	r.road.media(a, picture(1000, 1, 0, 1, true))
	pli := []byte{0x80 | formatPLI, rtcpPayload, 0, 2, 0, 0, 0, 1, 0, 0, 0, 100}
	fir := []byte{0x80 | formatFIR, rtcpPayload, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 100, 1, 0, 0, 0}
	before := r.road.stats.PLIsOut
	const seconds = 4
	for range seconds * int64(1e9) / int64(tickTime) {
		r.road.now += int64(tickTime)
		a.tracks[0].layers[0].heard = r.road.now
		for range 100 {
			r.road.control(c, pli)
			r.road.control(c, fir)
		}
		r.road.tick(1)
	}
	if got := r.road.stats.PLIsOut - before; got == 0 || got > seconds*1e9/keyMerged+1 {
		t.Errorf("got %d requests in %d s, want at most %d", got, seconds, int(seconds*1e9/keyMerged)+1)
	}
}

// TestReplay: a packet, of sound, picture or control, counts once.
func TestReplay(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	_, s, keys := addReceiver(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	for range 50 {
		for i := range uint16(4) {
			r.road.media(a, picture(1000, i, 0, i, i == 0))
		}
		r.road.forward()
	}
	if got := len(keys.sent); got != 4 || r.road.stats.DroppedReplay != 49*4 {
		t.Errorf("got %d forwarded, %d dropped as replayed, want 4 and %d", got, r.road.stats.DroppedReplay, 49*4)
	}
	keying := newKeys(t, 12)
	in, _, err := newCiphers(true, keying)
	if err != nil {
		t.Fatal(err)
	}
	out, err := newGCM(keying[:16], keying[32:44])
	if err != nil {
		t.Fatal(err)
	}
	plain := []byte{0x80, rtcpRR, 0, 1, 0, 0, 0, 9}
	sealed := make([]byte, len(plain)+rtcpRoom)
	sealed = sealed[:out.sealRTCP(sealed, plain)]
	for i := range 3 {
		if _, ok := in.openRTCP(bytes.Clone(sealed)); ok != (i == 0) {
			t.Errorf("control, time %d: got taken %v", i+1, ok)
		}
	}
}

// FuzzTake is all that can come to the port: from a stranger, and from a proved
// address before and after its keys.
func FuzzTake(f *testing.F) {
	f.Add(checkOf("x"), uint8(0))
	f.Add(picture(1000, 1, 2, 3, true), uint8(1))
	f.Add([]byte{22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1}, uint8(2))
	f.Add([]byte{0x8f, rtcpTransport, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0x20, 1, 4, 0}, uint8(1))
	f.Add([]byte{0x40, 0, 0, 8, 0x21, 0x12, 0xa4, 0x42, 0, 0, 0, 0}, uint8(2))
	r := still(f)
	_, to := sink(f)
	a := addPublisher(r, "a", 1000)
	known := r.road.learn(remote{peer: a, addr: to}, false)
	a.remote.Store(known)
	keys := a.in
	f.Fuzz(func(t *testing.T, b []byte, who uint8) {
		from := to
		if a.in = keys; who%3 == 0 {
			from = address{ip: [16]byte{15: 1}, port: uint16(who)}
		} else if who%3 == 1 {
			a.in = nil
		}
		before, ways := r.road.stats.PacketsIn, len(r.road.ways)
		r.road.take(append([]byte(nil), b...), from, nil)
		r.road.forward()
		r.road.out.flush()
		for len(r.events) > 0 {
			<-r.events
		}
		for a.rx.Count() > 0 {
			_, _, _ = a.rx.Read(make([]byte, packetSize), nil)
		}
		if r.road.stats.PacketsIn != before+1 || len(r.road.ways) > ways {
			t.Errorf("got %d counted and %d ways, want 1 and %d", r.road.stats.PacketsIn-before, len(r.road.ways), ways)
		}
		r.road.now += 1e6
		a.heard = r.road.now
	})
}
