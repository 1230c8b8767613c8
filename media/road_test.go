package media

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
)

// openKeys and plainKeys stand for ciphers where a test is about numbers.
type openKeys struct{}

func (openKeys) openRTP(b []byte, size int, _ uint32, _ uint64) ([]byte, bool) { return b[size:], true }
func (openKeys) openRTCP(b []byte) ([]byte, bool)                              { return b, true }

type sealed struct {
	ssrc  uint32
	index uint64
	b     []byte
}

type plainKeys struct {
	sent    []sealed
	control [][]byte
}

func (k *plainKeys) tag() int { return 0 }
func (k *plainKeys) sealRTP(b []byte, size int, payload []byte, ssrc uint32, index uint64) {
	copy(b[size:], payload)
	k.sent = append(k.sent, sealed{ssrc, index, slices.Clone(b)})
}
func (k *plainKeys) sealRTCP(dst, plain []byte) int {
	k.control = append(k.control, slices.Clone(plain))
	return copy(dst, plain)
}

// still is a router that does not run: the test is its road.
func still(t testing.TB) *Router {
	t.Helper()
	r, err := Open(Config{Listen: netip.MustParseAddrPort("127.0.0.1:0")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.tcp.stop(); r.sock.close() })
	return r
}

// sink is an address that takes packets and shows them to nobody.
func sink(t testing.TB) (*net.UDPConn, address) {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c, addressOf(c.LocalAddr().(*net.UDPAddr).AddrPort())
}

// everyFormat is the codecs of the tests' peers, numbers the same by payload type.
func everyFormat() []format {
	return []format{{codec: vp8, payload: 96, rtx: 97}, {codec: vp9, payload: 98, rtx: 99}, {codec: av1, payload: 100, rtx: 101}, {codec: h264, payload: 102, rtx: 103}}
}

func numbers() (n [128]codec) {
	for _, f := range everyFormat() {
		n[f.payload], n[f.rtx] = f.codec, f.codec
	}
	n[111] = opus
	return n
}

func addPublisher(r *Router, id PeerID, ssrc uint32) *peer {
	p := newPeer(id, "x")
	r.road.apply(p, plan{ways: credentials{user: "user" + string(id)}, ids: *ids(), codecs: numbers(), publishes: []publish{
		{mid: "0", source: "camera", kind: Video, formats: everyFormat(), ssrc: ssrc, rtxSSRC: ssrc + 1},
	}})
	p.in, p.out = openKeys{}, &plainKeys{}
	return p
}

func addReceiver(t testing.TB, r *Router, id PeerID, to address) (*peer, *slot, *plainKeys) {
	t.Helper()
	p := newPeer(id, "x")
	s := newSlot(p, "v0", Video, 100, 101)
	n := receive{slot: s, formats: everyFormat(), cname: "s0"}
	n.ids[extSendTime], n.ids[extDescriptor] = 2, 3
	r.road.apply(p, plan{ways: credentials{user: "user" + string(id)}, mixed: true, receives: []receive{n}})
	k := &plainKeys{}
	p.in, p.out = openKeys{}, k
	p.remote.Store(&remote{peer: p, addr: to})
	return p, s, k
}

// picture is a VP8 packet; a key frame begins in it when key is set.
func picture(ssrc uint32, seq uint16, ts uint32, id uint16, key bool) []byte {
	b := []byte{0x80, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x90, 0x80, 0x80 | byte(id>>8)&0x7f, byte(id), 1, 2, 3}
	binary.BigEndian.PutUint16(b[2:], seq)
	binary.BigEndian.PutUint32(b[4:], ts)
	binary.BigEndian.PutUint32(b[8:], ssrc)
	if key {
		b[16] = 0
	}
	return b
}

func TestNumbersRunOnOverEveryTurn(t *testing.T) {
	for _, first := range []uint16{0, 1, 127, 128, 32767, 32768, 65533, 65534, 65535} {
		r := still(t)
		_, to := sink(t)
		a, b := addPublisher(r, "a", 1000), addPublisher(r, "b", 2000)
		_, s, keys := addReceiver(t, r, "c", to)
		road := r.road
		road.track(TrackID{"a", "camera"}).seat(s)
		road.media(a, picture(1000, first, 90000, 5, true))
		for i := uint16(1); i < 10; i++ {
			if i == 4 {
				continue // comes late
			}
			road.media(a, picture(1000, first+i, 90000+uint32(i)*3000, 5+i, false))
		}
		road.media(a, picture(1000, first+4, 90000+4*3000, 9, false))
		road.media(a, picture(1000, first+4, 90000+4*3000, 9, false)) // twice
		road.forward()
		road.track(TrackID{"b", "camera"}).seat(s)
		road.media(b, picture(2000, 65535, 7, 32767, false)) // no key frame yet
		road.media(a, picture(1000, first+10, 120000, 15, false))
		road.media(b, picture(2000, 0, 3007, 0, true))
		road.media(a, picture(1000, first+11, 123000, 16, false)) // the old source is no longer shown
		road.media(b, picture(2000, 1, 6007, 1, false))
		road.media(b, picture(2000, 65534, 1, 32766, false)) // older than the switch
		road.forward()
		var got []uint64
		for _, x := range keys.sent {
			got = append(got, x.index)
			if seq := binary.BigEndian.Uint16(x.b[2:]); seq != uint16(x.index) {
				t.Errorf("from %d: got sequence %d under index %d", first, seq, x.index)
			}
		}
		base := got[0]
		if base >= 1<<15 {
			t.Errorf("from %d: begins at %d, want below 2^15", first, base)
		}
		want := []uint64{0, 1, 2, 3, 5, 6, 7, 8, 9, 4, 10, 11, 12}
		for i := range want {
			want[i] += base
		}
		if !slices.Equal(got, want) {
			t.Errorf("from %d: got indexes %v, want %v", first, got, want)
		}
		var before, after descriptor
		before.parse(vp8, keys.sent[10].b[12+8:])
		after.parse(vp8, keys.sent[11].b[12+8:])
		if after.picture != (before.picture+1)&0x7fff {
			t.Errorf("from %d: picture id %d after %d", first, after.picture, before.picture)
		}
		if d := int32(binary.BigEndian.Uint32(keys.sent[11].b[4:]) - binary.BigEndian.Uint32(keys.sent[10].b[4:])); d <= 0 {
			t.Errorf("from %d: timestamp steps by %d at the switch", first, d)
		}
		if road.stats.DroppedReplay != 1 || road.stats.DroppedStale != 0 && road.stats.DroppedStale != 1 {
			t.Errorf("from %d: got %+v", first, road.stats)
		}
	}
}

func TestSegmentedMessageRefusedGoesOneByOne(t *testing.T) {
	r := still(t)
	c, to := sink(t)
	_ = c.SetReadBuffer(1 << 20)
	a := addPublisher(r, "a", 1000)
	p, s, _ := addReceiver(t, r, "c", to)
	r.road.out.segments = 1000 // more than any kernel takes
	r.road.track(TrackID{"a", "camera"}).seat(s)
	const n = 200
	for i := range uint16(n) {
		r.road.media(a, picture(1000, i, 0, i, i == 0))
	}
	r.road.forward()
	if r.road.stats.SegmentFallback != 1 || !p.remote.Load().plain {
		t.Fatalf("got %d fallbacks, want 1", r.road.stats.SegmentFallback)
	}
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	b := make([]byte, 1500)
	for i := range n {
		if k, err := c.Read(b); err != nil || k != 27 {
			t.Fatalf("packet %d: got %d bytes, %v", i, k, err)
		}
	}
}

func TestPaddingKeepsTheNumbersClosed(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	_, s, keys := addReceiver(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	r.road.media(a, picture(1000, 0, 0, 0, true))
	pad := append(picture(1000, 1, 0, 0, false)[:12], 0, 0, 3)
	pad[0] |= 0x20
	r.road.media(a, pad)
	r.road.media(a, picture(1000, 2, 0, 1, false))
	r.road.forward()
	if len(keys.sent) != 3 || keys.sent[1].b[0]&0x20 == 0 {
		t.Fatalf("got %d packets, want 3 with the padding among them", len(keys.sent))
	}
	var v descriptor
	v.parse(vp8, keys.sent[2].b[20:])
	if v.picture != 1 {
		t.Errorf("got picture id %d, want 1", v.picture)
	}
}

func TestSeatedWhileSilentSeesTheResumption(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	r.road.media(a, picture(1000, 0, 0, 0, true))
	r.road.now = 10e9
	a.heard = r.road.now
	r.road.second()
	if a.tracks[0].live {
		t.Fatal("the track has not stopped")
	}
	_, s, keys := addReceiver(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	r.road.media(a, picture(1000, 1, 0, 1, true))
	r.road.media(a, picture(1000, 2, 0, 2, false))
	r.road.forward()
	if len(keys.sent) != 2 {
		t.Errorf("got %d packets, want 2", len(keys.sent))
	}
}

// layered is a publisher of three encodings q, h, f with SSRCs 1000, 2000, 3000.
func layered(r *Router) (p *peer, send func(rank int, seq uint16, size int, key bool)) {
	p = newPeer("a", "x")
	r.road.apply(p, plan{ways: credentials{user: "usera"}, ids: *ids(), codecs: numbers(), publishes: []publish{
		{mid: "0", source: "camera", kind: Video, formats: everyFormat(), rids: []string{"q", "h", "f"}},
	}})
	p.in, p.out = openKeys{}, &plainKeys{}
	return p, func(rank int, seq uint16, size int, key bool) {
		b := append(picture(uint32(rank+1)*1000, seq, uint32(seq)*3000, seq, key), make([]byte, size)...)
		x := append(slices.Clone(b[:12]), 0xbe, 0xde, 0, 1, 0x20, '0', 0x50, "qhf"[rank])
		x[0] |= 0x10
		r.road.media(p, append(x, b[12:]...))
	}
}

func TestSlotFollowsTheBestLayerThatFlows(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a, send := layered(r)
	_, s, keys := addReceiver(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	r.road.now = 1
	for i := range uint16(10) {
		send(0, i, 100, i == 0)
		send(1, i, 1000, i == 5)
	}
	r.road.forward()
	if len(keys.sent) != 11 || s.cur.rid != "h" || keys.sent[10].index != keys.sent[0].index+10 {
		t.Fatalf("got %d packets, now of %q, want q until the key frame of h", len(keys.sent), s.cur.rid)
	}
	r.road.now = 1.5e9
	send(0, 10, 100, false)
	a.tracks[0].quiet(r.road.now) // h is silent
	send(0, 11, 100, true)
	r.road.forward()
	if s.cur.rid != "q" {
		t.Errorf("got %q, want the layer that still comes", s.cur.rid)
	}
}

func TestConsentLostIsPeerLost(t *testing.T) {
	r := still(t)
	a := addPublisher(r, "a", 1000)
	r.road.media(a, picture(1000, 0, 0, 0, true))
	r.road.now = int64(consentTime) + 2e9
	r.road.second()
	var kinds []EventKind
	for len(r.events) > 0 {
		kinds = append(kinds, (<-r.events).Kind)
	}
	if want := []EventKind{TrackStarted, TrackStopped, PeerLost}; !slices.Equal(kinds, want) {
		t.Errorf("got %v, want %v", kinds, want)
	}
	if len(r.road.peers)+len(r.road.users)+len(r.road.tracks) != 0 || !a.ended() {
		t.Error("something of the peer is left")
	}
}

func TestEventsWaitForASlowReader(t *testing.T) {
	r := still(t)
	for range eventRoom + 10 {
		r.road.tell(Event{Kind: PeerConnected})
	}
	for range maxEvents {
		r.road.tell(Event{Kind: SlotSwitched})
	}
	r.road.tell(Event{Kind: PeerLost})
	if got := r.road.stats.DroppedEvents; got != 10 {
		t.Errorf("got %d dropped, want 10", got)
	}
	n := 0
	for last := (Event{}); last.Kind != PeerLost; n++ {
		select {
		case last = <-r.events:
		default:
			r.road.tick(1)
			n--
		}
	}
	if n != eventRoom+maxEvents+1 {
		t.Errorf("got %d events, want %d", n, eventRoom+maxEvents+1)
	}
}

func TestRemotesAreBounded(t *testing.T) {
	r := still(t)
	a := addPublisher(r, "a", 1000)
	for i := range uint16(100) {
		w := r.road.learn(remote{peer: a, addr: address{port: i}}, false)
		w.heard = int64(i)
		if i == 0 {
			a.remote.Store(w)
		}
	}
	if len(a.remotes) != maxRemotes || len(r.road.ways) != maxRemotes || r.road.ways[address{port: 0}] == nil {
		t.Errorf("got %d remotes and %d ways", len(a.remotes), len(r.road.ways))
	}
}

func TestRunReleasesEverything(t *testing.T) {
	for range 3 {
		r, err := Open(Config{Listen: netip.MustParseAddrPort("127.0.0.1:0")})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- r.Run(ctx) }()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		l, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(r.LocalAddr()))
		if err != nil {
			t.Fatalf("the port is still taken: %v", err)
		}
		l.Close()
	}
}

// FuzzMedia is all that a permitted publisher can do with RTP, feedback included.
func FuzzMedia(f *testing.F) {
	f.Add(picture(1000, 1, 2, 3, true), uint16(5), uint16(6))
	f.Add(picture(1001, 1, 2, 3, true), uint16(65535), uint16(0))
	for _, c := range []codec{vp8, vp9, av1, h264} {
		all := recording(f, c)
		f.Add(all[0].packet(c, 1, 0, true), uint16(1), uint16(1))
		f.Add(all[5].packet(c, 2, 0, true), uint16(2), uint16(30))
	}
	r := still(f)
	_, to := sink(f)
	a := addPublisher(r, "a", 1000)
	a.ids[200] = extDescriptor
	a.feedback = twcc.NewRecorder(ourSSRC)
	a.remote.Store(&remote{peer: a, addr: to})
	_, s, keys := addReceiver(f, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	f.Fuzz(func(t *testing.T, b []byte, number, wait uint16) {
		a.packets = bucket{}
		if len(b) >= 12 {
			x := append(slices.Clone(b[:12]), 0xbe, 0xde, 0, 1, 0x41, byte(number>>8), byte(number), 0)
			x[0] = x[0]&0xe0 | 0x90
			r.road.media(a, append(x, b[12:]...))
		}
		r.road.media(a, b)
		r.road.now += int64(wait) * 1e6
		r.road.forward()
		r.road.transportFeedback(a, a.remote.Load())
		for range 20 {
			r.road.tick(1)
		}
		for len(r.events) > 0 {
			<-r.events
		}
		r.road.out.flush()
		a.out.(*plainKeys).control = nil
		keys.sent, keys.control = nil, nil
		a.heard, r.road.peers[1].heard = r.road.now, r.road.now
	})
}

// BenchmarkForward: one frame of four packets of 1,100 bytes to ten receivers,
// decryption, encryption and system calls included; per op 40 packets.
func BenchmarkForward(b *testing.B) {
	r := still(b)
	_, to := sink(b)
	a := addPublisher(r, "a", 1000)
	keys := newKeys(b, 12)
	in, _, err := newCiphers(true, keys)
	if err != nil {
		b.Fatal(err)
	}
	source, _ := newGCM(keys[:16], keys[32:44])
	a.in = in
	for i := range 10 {
		p, s, _ := addReceiver(b, r, PeerID('c'+rune(i)), to)
		_, out, _ := newCiphers(true, newKeys(b, 12))
		p.out = out
		r.road.track(TrackID{"a", "camera"}).seat(s)
	}
	plain := append(picture(1000, 0, 0, 0, true), make([]byte, 1084)...)
	buf := make([]byte, len(plain)+gcmTag)
	index := uint64(0)
	frame := func() {
		r.road.now += 33e6 // a frame later, so that no bound is met
		for range 4 {
			copy(buf, plain)
			binary.BigEndian.PutUint16(buf[2:], uint16(index))
			source.sealRTP(buf, 12, plain[12:], 1000, index)
			r.road.media(a, buf)
			index++
		}
		r.road.forward()
	}
	for range videoHistory {
		frame()
	}
	b.ReportAllocs()
	for b.Loop() {
		frame()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/40, "us/packet")
}
