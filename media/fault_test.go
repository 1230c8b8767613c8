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
	"astara/media/caller"
)

// outside is the address by which people reach the router: not its own, as behind NAT with --external-ip.
const outside = "10.0.0.1"

// wan is a virtual network with a fault, between a caller and the router's real socket.
type wan struct {
	*vnet.Net // the caller's
	loss      atomic.Uint64
	burst     atomic.Bool // nothing passes
}

func newWAN(t *testing.T, h *house, delay time.Duration) *wan {
	t.Helper()
	r, err := vnet.NewRouter(&vnet.RouterConfig{CIDR: "10.0.0.0/24", MinDelay: delay, LoggerFactory: logging.NewDefaultLoggerFactory()})
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
	for _, n := range []*vnet.Net{far, w.Net} {
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
	for _, x := range []struct {
		name     string
		perMille uint64
		delay    time.Duration
	}{
		{"1 percent", 10, 20 * time.Millisecond},
		{"5 percent", 50, 20 * time.Millisecond},
		{"10 percent", 100, 20 * time.Millisecond},
		{"150 ms round trip", 0, 75 * time.Millisecond},
	} {
		t.Run(x.name, func(t *testing.T) {
			h := openAt(t, media.Config{Listen: netip.MustParseAddrPort("127.0.0.1:0"), External: []netip.Addr{netip.MustParseAddr(outside)}})
			w := newWAN(t, h, x.delay)
			ivf, ogg := recordings(t)
			far := h.call("far", caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1, Network: w}, nil)
			// The other one is on an ordinary line: this router's own address is not advertised, so it has a network of its own.
			near := h.call("near", caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1, Network: newWAN(t, h, 0)}, nil)
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
				soundIsRepaired(t, far)
			}
			for name, g := range map[string]*guest{"far": far, "near": near} {
				picture, sound := g.got("v0", ""), g.got("a0", "")
				t.Logf("%s: picture %d of %d lost, sound %d of %d", name, picture.Lost, picture.Lost+picture.Packets, sound.Lost, sound.Lost+sound.Packets)
				// What is on the way now may still come.
				if picture.Lost > 10+picture.Packets/100 {
					t.Errorf("%s: picture lost %d of %d, want 1 %% at most", name, picture.Lost, picture.Packets)
				}
				if limit := 15 + 2*sound.Packets*x.perMille/1000; sound.Lost > limit {
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
func soundIsRepaired(t *testing.T, g *guest) {
	t.Helper()
	until(t, "copies", func() bool { return g.got("a0", "").Restored > 5 })
	before := g.got("a0", "")
	until(t, "more sound", func() bool { return g.got("a0", "").Packets > before.Packets+400 })
	after := g.got("a0", "")
	lost, all := after.Lost-before.Lost, after.Packets-before.Packets
	t.Logf("sound after repair: %d of %d lost, %d restored", lost, all, after.Restored)
	if lost > all/100 {
		t.Errorf("got %d of %d lost after repair, want 1 %% at most", lost, all)
	}
}

// TestCutLine: nothing passes for a while; the same connection goes on, and a restart of ICE finds its way.
func TestCutLine(t *testing.T) {
	h := openAt(t, media.Config{Listen: netip.MustParseAddrPort("127.0.0.1:0"), External: []netip.Addr{netip.MustParseAddr(outside)}})
	w := newWAN(t, h, 20*time.Millisecond)
	ivf, ogg := recordings(t)
	far := h.call("far", caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1, Network: w}, nil)
	h.call("near", caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1, Network: newWAN(t, h, 0)}, nil)
	h.seat("far", "v0", "near", "camera")
	h.seat("far", "a0", "near", "microphone")
	until(t, "sound and picture", func() bool { return far.got("a0", "").Packets > 20 && far.got("v0", "").Packets > 20 })
	w.burst.Store(true)
	cut := make(chan struct{})
	time.AfterFunc(3*time.Second, func() { close(cut) })
	<-cut
	before := far.got("a0", "").Packets
	w.burst.Store(false)
	began := time.Now()
	until(t, "sound", func() bool { return far.got("a0", "").Packets > before+3 })
	if d := time.Since(began); d > time.Second {
		t.Errorf("sound is back after %v, want 1 s at most", d)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
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
