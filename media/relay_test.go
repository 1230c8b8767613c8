package media_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/pion/stun/v3"
	"github.com/pion/turn/v5"

	"astara/media"
	"astara/media/bench"
	"astara/media/caller"
)

// relay runs the router's relay behind TLS.
func (h *house) relay(t *testing.T) (address string, trust *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{{127, 0, 0, 1}}, NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if c, err := x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	} else {
		pool.AddCert(c)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := h.Relay(ctx, l); err != nil {
			t.Errorf("relay: %v", err)
		}
	})
	t.Cleanup(func() { cancel(); wait.Wait() })
	return l.Addr().String(), &tls.Config{RootCAs: pool}
}

func TestCallOverTheRelay(t *testing.T) {
	h := open(t)
	address, trust := h.relay(t)
	ivf, ogg := recordings(t)
	credential := h.RelayCredential("b", time.Now())
	a := h.call("a", caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1}, nil)
	b := h.call("b", caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1,
		Relay: &caller.Relay{Address: address, User: credential.User, Password: credential.Password, TLS: trust}}, nil)
	h.seat("a", "v0", "b", "camera")
	h.seat("a", "a0", "b", "microphone")
	h.seat("b", "v0", "a", "camera")
	h.seat("b", "a0", "a", "microphone")
	until(t, "packets both ways", func() bool {
		return a.got("v0", "").Packets > 60 && a.got("a0", "").Packets > 20 && b.got("v0", "").Packets > 60 && b.got("a0", "").Packets > 20
	})
	for _, r := range append(a.Received(), b.Received()...) {
		h.whole(r.Lost, r.Slot)
	}
	n := b.got("a0", "").Packets
	ctx, cancel := bench.Within(context.Background(), 20*time.Second)
	defer cancel()
	if err := b.Restart(ctx); err != nil {
		t.Fatal(err)
	}
	until(t, "sound after a restart of ICE", func() bool { return b.got("a0", "").Packets > n+50 })
}

// client is a TURN client of the relay.
func client(t *testing.T, address string, trust *tls.Config, user, password string) (*turn.Client, error) {
	t.Helper()
	c, err := tls.Dial("tcp", address, trust)
	if err != nil {
		t.Fatal(err)
	}
	x, err := turn.NewClient(&turn.ClientConfig{TURNServerAddr: address, STUNServerAddr: address, Conn: turn.NewSTUNConn(c), Username: user, Password: password})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close(); c.Close() })
	return x, x.Listen()
}

// TestRelayIsNotOpen: to nobody else's address, to no other port of ours, with no other's credential, not without end.
func TestRelayIsNotOpen(t *testing.T) {
	h := open(t)
	address, trust := h.relay(t)
	good := h.RelayCredential("a", time.Now())
	old := h.RelayCredential("a", time.Now().Add(-13*time.Hour))
	for name, c := range map[string]media.Credential{"wrong password": {User: good.User, Password: old.Password}, "ended": old,
		"name made up": {User: "99999999999:me", Password: good.Password}, "nobody": {User: "x", Password: "y"}} {
		x, err := client(t, address, trust, c.User, c.Password)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := x.Allocate(); err == nil {
			t.Errorf("%s: got a way, want none", name)
		}
	}

	x, err := client(t, address, trust, good.User, good.Password)
	if err != nil {
		t.Fatal(err)
	}
	way, err := x.Allocate()
	if err != nil {
		t.Fatal(err)
	}
	defer way.Close()
	for _, ip := range []string{"127.0.0.2", "10.0.0.1", "169.254.169.254", "8.8.8.8"} {
		if err := x.CreatePermission(&net.UDPAddr{IP: net.ParseIP(ip), Port: int(h.port)}); err == nil {
			t.Errorf("%s: permitted, want refused", ip)
		}
	}
	// The right host and another port: what is sent goes nowhere.
	other, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	before := h.Stats().DroppedMalformed
	for range 5 {
		if _, err := way.WriteTo([]byte("anything at all"), other.LocalAddr()); err != nil {
			t.Fatal(err)
		}
	}
	// And to the right port: it is taken as any datagram is. What was sent before would have come by then.
	if _, err := way.WriteTo([]byte("\x00anything at all"), net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), h.port))); err != nil {
		t.Fatal(err)
	}
	until(t, "the packet on the road", func() bool { return h.Stats().DroppedMalformed > before })
	if got := h.Stats().DroppedMalformed - before; got != 1 {
		t.Errorf("packets on the road: got %d, want 1", got)
	}
	_ = other.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if n, _, err := other.ReadFrom(make([]byte, 100)); err == nil {
		t.Errorf("another port of ours got %d bytes, want nothing", n)
	}

	for i := range 4 {
		x, err := client(t, address, trust, good.User, good.Password)
		if err != nil {
			t.Fatal(err)
		}
		way, err := x.Allocate()
		if (err == nil) != (i < 3) {
			t.Errorf("way %d of one person: got %v, want 4 at most", i+2, err)
		}
		if err == nil {
			defer way.Close()
		}
	}
}

// FuzzRelay: whatever a stranger writes to the relay, it gets few words back, no
// way through, and its connection ends with it.
func FuzzRelay(f *testing.F) {
	r, err := media.Open(media.Config{Listen: netip.MustParseAddrPort("127.0.0.1:0")})
	if err != nil {
		f.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() { _ = r.Run(ctx) })
	wait.Go(func() {
		for range r.Events() {
		}
	})
	wait.Go(func() {
		if err := r.Relay(ctx, l); err != nil {
			f.Errorf("relay: %v", err)
		}
	})
	f.Cleanup(func() { cancel(); wait.Wait() })
	udp := stun.RawAttribute{Type: stun.AttrRequestedTransport, Value: []byte{17, 0, 0, 0}}
	f.Add(stun.MustBuild(stun.TransactionID, stun.NewType(stun.MethodAllocate, stun.ClassRequest), udp).Raw)
	f.Add(stun.MustBuild(stun.TransactionID, stun.NewType(stun.MethodAllocate, stun.ClassRequest), udp, stun.NewUsername("99999999999:me"),
		stun.NewRealm("x"), stun.NewNonce("y"), stun.NewShortTermIntegrity("z")).Raw)
	f.Add([]byte{0x40, 0, 0xff, 0xff, 1, 2, 3})
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_, _ = c.Write(b)
		_ = c.(*net.TCPConn).CloseWrite()
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
		got, err := io.ReadAll(io.LimitReader(c, 1<<20))
		var late net.Error
		if errors.As(err, &late) && late.Timeout() {
			t.Fatal("the connection was not closed")
		}
		if len(got) > 200+8*len(b) || r.Stats().PacketsIn > 0 {
			t.Errorf("got %d bytes for %d, %d packets on the road", len(got), len(b), r.Stats().PacketsIn)
		}
	})
}
