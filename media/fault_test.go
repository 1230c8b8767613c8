package media_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/logging"
	"github.com/pion/transport/v5/vnet"

	"astara/media"
	"astara/media/bench"
	"astara/media/caller"
)

// outside is the address by which people reach the router: not its own, as behind NAT with --external-ip.
const outside = "10.0.0.1"

// wan is a virtual network with a fault, between a caller and the router's real socket.
type wan struct {
	*vnet.Net // the caller's
	loss      atomic.Uint64
	burst     atomic.Bool    // nothing passes
	rate      *vnet.TBFQueue // to the caller; nil: as fast as it comes
}

// way is what a line does to everything that goes over it.
type way struct {
	delay, jitter time.Duration // one way
	bits          int           // a second, to the caller; 0: any number
}

// narrow lets so many bits through in a second, and a queue of 300 ms stand before them.
func (w *wan) narrow(bits int) {
	w.rate.SetRate(bits)
	w.rate.SetSize(queueOf(bits))
}

func queueOf(bits int) int64 { return int64(bits) / 8 * 3 / 10 }

// making a network: vnet numbers their ends in a variable of its own.
var making sync.Mutex

func newWAN(t *testing.T, h *house, y way) *wan {
	t.Helper()
	making.Lock()
	defer making.Unlock()
	r, err := vnet.NewRouter(&vnet.RouterConfig{CIDR: "10.0.0.0/24", MinDelay: y.delay, MaxJitter: y.jitter, LoggerFactory: logging.NewDefaultLoggerFactory()})
	if err != nil {
		t.Fatal(err)
	}
	w := &wan{}
	var random sync.Mutex
	dice := rand.New(rand.NewPCG(1, 2))
	r.AddChunkFilter(func(vnet.Chunk) bool {
		random.Lock()
		defer random.Unlock()
		return !w.burst.Load() && dice.Uint64N(1000) >= w.loss.Load()
	})
	far, err := vnet.NewNet(&vnet.NetConfig{StaticIPs: []string{outside}})
	if err != nil {
		t.Fatal(err)
	}
	if w.Net, err = vnet.NewNet(&vnet.NetConfig{StaticIPs: []string{"10.0.0.2"}}); err != nil {
		t.Fatal(err)
	}
	ends := []vnet.NIC{far, w.Net}
	if y.bits > 0 {
		w.rate = vnet.NewTBFQueue(y.bits, 2*1500, queueOf(y.bits)) // two packets at once: less, and a long one never passes
		q, err := vnet.NewQueue(w.Net, w.rate)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := q.Close(); err != nil {
				t.Error(err)
			}
		})
		ends[1] = q
	}
	for _, n := range ends {
		if err := r.AddNet(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Start(); err != nil {
		t.Fatal(err)
	}
	virtual, err := far.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(outside), Port: int(h.port)})
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	wait.Go(func() { gate(&wait, virtual, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), h.port)) })
	t.Cleanup(func() {
		virtual.Close()
		wait.Wait()
		if err := r.Stop(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// gate carries datagrams between the virtual network and the router: a real socket for each address inside.
func gate(wait *sync.WaitGroup, virtual net.PacketConn, router netip.AddrPort) {
	real := map[string]*net.UDPConn{}
	defer func() {
		for _, c := range real {
			c.Close()
		}
	}()
	b := make([]byte, 2000)
	for {
		n, from, err := virtual.ReadFrom(b)
		if err != nil {
			return
		}
		c := real[from.String()]
		if c == nil {
			if c, err = net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(router)); err != nil {
				return
			}
			real[from.String()] = c
			wait.Go(func() {
				b := make([]byte, 2000)
				for {
					n, err := c.Read(b)
					if err != nil {
						return
					}
					_, _ = virtual.WriteTo(b[:n], from)
				}
			})
		}
		_, _ = c.Write(b[:n])
	}
}

// TestLossyLines: what the picture loses on the way to the router and from it is sent again.
func TestLossyLines(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name     string
		perMille uint64
		way      way
	}{
		{"1 percent", 10, way{delay: 20 * time.Millisecond}},
		{"5 percent", 50, way{delay: 20 * time.Millisecond}},
		{"10 percent", 100, way{delay: 20 * time.Millisecond}},
		{"150 ms round trip with jitter of 30 ms", 0, way{delay: 60 * time.Millisecond, jitter: 30 * time.Millisecond}},
		{"queue of 300 ms", 0, way{delay: 20 * time.Millisecond, bits: 1e6}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			clock := bench.StartClock()
			h := openAt(t, media.Config{Listen: netip.MustParseAddrPort("127.0.0.1:0"), External: []netip.Addr{netip.MustParseAddr(outside)}})
			w := newWAN(t, h, x.way)
			ivf, ogg := recordings(t)
			far := h.call("far", caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1, Network: w}, nil)
			// The other one is on an ordinary line: this router's own address is not advertised, so it has a network of its own.
			near := h.call("near", caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1, Network: newWAN(t, h, way{})}, nil)
			w.loss.Store(x.perMille)
			for a, b := range map[media.PeerID]media.PeerID{"far": "near", "near": "far"} {
				h.seat(a, "v0", b, "camera")
				h.seat(a, "a0", b, "microphone")
			}
			// How much of the picture the line is found to carry is another matter, and on a busy machine it is little.
			until(t, "packets both ways", func() bool {
				return far.got("a0", "").Packets > 250 && near.got("a0", "").Packets > 250 && far.got("v0", "").Packets > 30 && near.got("v0", "").Packets > 30
			})
			if x.perMille >= 50 {
				soundIsRepaired(t, far, clock)
			}
			for name, g := range map[string]*guest{"far": far, "near": near} {
				// What was lost a moment ago is still on its way again.
				repaired := func() bool { p := g.got("v0", ""); return p.Lost <= 10+p.Packets/100 }
				until(t, name+": all but 1 % of the picture", func() bool { return repaired() || clock.Starved() })
				picture, sound := g.got("v0", ""), g.got("a0", "")
				t.Logf("%s: picture %d of %d lost, sound %d of %d", name, picture.Lost, picture.Lost+picture.Packets, sound.Lost, sound.Lost+sound.Packets)
				limit := 15 + 2*sound.Packets*x.perMille/1000
				if sound.Lost > limit || !repaired() {
					clock.Judge(t)
				}
				if sound.Lost > limit {
					t.Errorf("%s: sound lost %d of %d, want %d at most", name, sound.Lost, sound.Packets, limit)
				}
			}
			if s := h.Stats(); s.DroppedAuth != 0 {
				t.Errorf("got %d unauthentic, want 0", s.DroppedAuth)
			}
		})
	}
}

// soundIsRepaired: once the router knows that the line loses, nearly all of the sound arrives, as itself or as a copy.
func soundIsRepaired(t *testing.T, g *guest, clock *bench.Clock) {
	t.Helper()
	until(t, "copies", func() bool { return g.got("a0", "").Restored > 5 })
	before := g.got("a0", "")
	until(t, "more sound", func() bool { return g.got("a0", "").Packets > before.Packets+400 })
	after := g.got("a0", "")
	lost, all := after.Lost-before.Lost, after.Packets-before.Packets
	t.Logf("sound after repair: %d of %d lost, %d restored", lost, all, after.Restored)
	if lost > all/100 {
		clock.Judge(t)
		t.Errorf("got %d of %d lost after repair, want 1 %% at most", lost, all)
	}
}

// behind is one behind a line who hears and sees another on an ordinary one.
func behind(t *testing.T, y way) (*house, *wan, *guest) {
	t.Helper()
	h := openAt(t, media.Config{Listen: netip.MustParseAddrPort("127.0.0.1:0"), External: []netip.Addr{netip.MustParseAddr(outside)}})
	w := newWAN(t, h, y)
	ivf, ogg := recordings(t)
	far := h.call("far", caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1, Network: w}, nil)
	h.call("near", caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1, Network: newWAN(t, h, way{})}, nil)
	h.seat("far", "v0", "near", "camera")
	h.seat("far", "a0", "near", "microphone")
	until(t, "sound and picture", func() bool { return far.got("a0", "").Packets > 20 && far.got("v0", "").Packets > 100 })
	return h, w, far
}

// TestCutLine: nothing passes for a while; the same connection goes on, and a restart of ICE finds its way.
func TestCutLine(t *testing.T) {
	t.Parallel()
	h, w, far := behind(t, way{delay: 20 * time.Millisecond})
	w.burst.Store(true)
	cut := make(chan struct{})
	time.AfterFunc(3*time.Second, func() { close(cut) })
	<-cut
	before := far.got("a0", "").Packets
	w.burst.Store(false)
	began := time.Now()
	until(t, "sound", func() bool { return far.got("a0", "").Packets > before+3 })
	t.Logf("sound is back after %v", time.Since(began)) // the rig judges it
	ctx, cancel := bench.Within(t.Context(), 20*time.Second)
	defer cancel()
	if err := far.Restart(ctx); err != nil {
		t.Fatal(err)
	}
	before = far.got("a0", "").Packets
	until(t, "sound after the restart", func() bool { return far.got("a0", "").Packets > before+50 })
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.events {
		if e.Kind == media.PeerLost || e.Kind == media.TrackStopped {
			t.Errorf("got %v, want none", e)
		}
	}
}

// TestBursts: nothing passes for 200 ms, each second. The picture is sent again, and of the sound no more is lost than that.
func TestBursts(t *testing.T) {
	t.Parallel()
	clock := bench.StartClock()
	_, w, far := behind(t, way{delay: 20 * time.Millisecond})
	const bursts = 4
	var swallowed uint64
	for range bursts {
		before := far.got("a0", "").Packets + far.got("a0", "").Lost
		w.burst.Store(true)
		over := make(chan struct{})
		time.AfterFunc(200*time.Millisecond, func() { w.burst.Store(false); close(over) })
		<-over
		until(t, "sound between the bursts", func() bool { n := far.got("a0", ""); return n.Packets+n.Lost > before+50 })
		// On a busy machine a burst lasts longer than it should: what was lost is compared with all that was sent meanwhile.
		swallowed += far.got("a0", "").Packets + far.got("a0", "").Lost - before
	}
	until(t, "pictures after them", func() bool { return far.got("v0", "").Lost < 10 || clock.Starved() })
	if far.got("v0", "").Lost >= 10 {
		clock.Judge(t)
	}
	sound := far.got("a0", "")
	t.Logf("sound %d lost of %d in %d bursts, %d restored; picture %d of %d", sound.Lost, swallowed, bursts, sound.Restored, far.got("v0", "").Lost, far.got("v0", "").Packets)
	if sound.Lost > swallowed/2 {
		clock.Judge(t)
		t.Errorf("sound: got %d of %d lost, want half at most", sound.Lost, swallowed)
	}
}

// TestNarrowLine: 5 Mbit/s become 0.3, where the picture of 0.7 does not fit, and 5 again. The sound goes on, and the picture comes back.
func TestNarrowLine(t *testing.T) {
	t.Parallel()
	clock := bench.StartClock()
	_, w, far := behind(t, way{delay: 20 * time.Millisecond, bits: 5e6})

	w.narrow(300e3)
	before := far.got("a0", "")
	until(t, "sound over the narrow line", func() bool { return far.got("a0", "").Packets > before.Packets+400 })
	after, picture := far.got("a0", ""), far.got("v0", "")
	t.Logf("narrow: sound %d of %d lost, %d restored", after.Lost-before.Lost, after.Packets-before.Packets, after.Restored)
	if lost := after.Lost - before.Lost; lost > 50 {
		clock.Judge(t)
		t.Errorf("sound: got %d packets lost, want 50 at most, which is one second", lost)
	}

	w.narrow(5e6)
	back := func() bool { return far.got("v0", "").Packets > picture.Packets+200 }
	until(t, "the picture again", func() bool { return back() || clock.Starved() })
	if !back() {
		clock.Judge(t)
	}
}

// TestExternalAddresses: what is advertised is what was set, over UDP and TCP, and nothing else.
func TestExternalAddresses(t *testing.T) {
	all := []string{"203.0.113.7", "2001:db8::7"}
	h := openAt(t, media.Config{External: []netip.Addr{netip.MustParseAddr(all[0]), netip.MustParseAddr(all[1])}})
	var sdp string
	ctx, cancel := context.WithCancel(t.Context())
	_, err := caller.Dial(ctx, caller.Config{Pairs: 1}, func(x context.Context, o caller.Offer) (string, error) {
		var err error
		sdp, err = h.exchange("a", true, nil)(x, o)
		cancel()
		return sdp, err
	})
	if err == nil {
		t.Fatal("connected to an address that is nowhere")
	}
	var got []string
	for line := range strings.Lines(sdp) {
		if f := strings.Fields(line); strings.HasPrefix(line, "a=candidate:") {
			got = append(got, fmt.Sprint(f[2], " ", f[4], " ", f[5] == fmt.Sprint(h.port)))
		}
	}
	want := []string{"udp 203.0.113.7 true", "udp 2001:db8::7 true", "tcp 203.0.113.7 true", "tcp 2001:db8::7 true"}
	if len(got) < 4 || strings.Join(got[:4], ", ") != strings.Join(want, ", ") {
		t.Errorf("candidates: got %v, want %v", got, want)
	}
}

// TestIPv6: one dual-stack socket serves both families, by the machine's own addresses.
func TestIPv6(t *testing.T) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(all, func(a net.Addr) bool {
		n, ok := a.(*net.IPNet)
		return ok && n.IP.To4() == nil && n.IP.IsGlobalUnicast()
	}) {
		t.Skip("this machine has no IPv6 but its own loopback, which Pion does not use")
	}
	h := openAt(t, media.Config{})
	ivf, ogg := recordings(t)
	only := func(colons bool) func(string) string {
		return func(sdp string) string {
			var out strings.Builder
			for line := range strings.Lines(sdp) {
				if !strings.HasPrefix(line, "a=candidate:") || strings.Contains(strings.Fields(line)[4], ":") == colons {
					out.WriteString(line)
				}
			}
			return out.String()
		}
	}
	six := h.call("six", caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1}, only(true))
	four := h.call("four", caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1}, only(false))
	h.seat("six", "a0", "four", "microphone")
	h.seat("four", "v0", "six", "camera")
	until(t, "packets over both families", func() bool { return six.got("a0", "").Packets > 20 && four.got("v0", "").Packets > 60 })
}
