package rig

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"testing"
	"time"
)

// open gives a rig, or skips with the reason.
func open(t *testing.T) *Net {
	t.Helper()
	n, err := Open(1)
	if u := (*Unable)(nil); errors.As(err, &u) {
		t.Skip(u)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.Close)
	return n
}

// sockets are one at the node's address and one of the people's.
func sockets(t *testing.T, n *Net, network, address string) (node, people net.PacketConn) {
	t.Helper()
	bind := func(s *Namespace, address string) (c net.PacketConn) {
		err := s.Do(func() (err error) {
			c, err = (&net.ListenConfig{}).ListenPacket(context.Background(), network, address)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	return bind(n.Node, net.JoinHostPort(address, "0")), bind(n.People, ":0")
}

// send sends count numbered packets at a pace, and gives when each came, zero if it did not.
func send(t *testing.T, from, to net.PacketConn, count, size int, pace time.Duration) []time.Duration {
	t.Helper()
	began := make([]time.Time, count)
	came := make([]time.Duration, count)
	done := make(chan struct{})
	go func() {
		defer close(done)
		b := make([]byte, 2000)
		for {
			to.SetReadDeadline(time.Now().Add(700 * time.Millisecond))
			n, _, err := to.ReadFrom(b)
			if err != nil {
				return
			}
			if i := int(binary.BigEndian.Uint32(b[:n])); came[i] == 0 {
				came[i] = time.Duration(binary.BigEndian.Uint64(b[4:n]))
				came[i] = time.Duration(time.Now().UnixNano()) - came[i]
			}
		}
	}()
	tick := time.NewTicker(pace)
	defer tick.Stop()
	b := make([]byte, size)
	for i := range count {
		<-tick.C
		began[i] = time.Now()
		binary.BigEndian.PutUint32(b, uint32(i))
		binary.BigEndian.PutUint64(b[4:], uint64(began[i].UnixNano()))
		if _, err := from.WriteTo(b, to.LocalAddr()); err != nil {
			t.Fatal(err)
		}
	}
	<-done
	return came
}

func share(came []time.Duration) float64 {
	lost := 0
	for _, d := range came {
		if d == 0 {
			lost++
		}
	}
	return float64(lost) / float64(len(came))
}

func TestLineDelaysAndLoses(t *testing.T) {
	n := open(t)
	node, people := sockets(t, n, "udp4", NodeIPv4)
	n.Lines[0].Set(Faults{Delay: 30 * time.Millisecond, Loss: 0.1})
	came := send(t, people, node, 1000, 100, time.Millisecond)
	if s := share(came); s < 0.07 || s > 0.13 {
		t.Errorf("lost: got %.3f, want about 0.1", s)
	}
	for i, d := range came {
		if d != 0 && d < 30*time.Millisecond {
			t.Fatalf("packet %d came after %v, want 30 ms or more", i, d)
		}
	}
}

func TestLineRateAndQueue(t *testing.T) {
	n := open(t)
	node, people := sockets(t, n, "udp4", NodeIPv4)
	// 400 packets of 1,028 bytes in 0.4 s are 8 Mbit/s; 2 Mbit/s pass, and what passes waits up to 100 ms.
	n.Lines[0].Set(Faults{Rate: 2e6, Queue: 100 * time.Millisecond})
	came := send(t, people, node, 400, 1000, time.Millisecond)
	if s := share(came); s < 0.4 || s > 0.85 {
		t.Errorf("lost: got %.3f, want about 0.7", s)
	}
	up, _ := n.Lines[0].Counts()
	if up.Overflowed == 0 || up.Lost != 0 {
		t.Errorf("counts: got %+v, want overflow alone", up)
	}
}

func TestLineCutAndMove(t *testing.T) {
	n := open(t)
	node, people := sockets(t, n, "udp6", NodeIPv6)
	n.Lines[0].Set(Faults{Cut: true})
	if s := share(send(t, people, node, 10, 100, time.Millisecond)); s != 1 {
		t.Errorf("cut: lost %.2f, want all", s)
	}
	if err := n.Move(); err != nil {
		t.Fatal(err)
	}
	if s := share(send(t, people, node, 10, 100, time.Millisecond)); s != 0 {
		t.Errorf("moved: lost %.2f, want nothing", s)
	}
}

// TestLineFates needs no rig: the same seed gives the same fates.
func TestLineFates(t *testing.T) {
	udp := make([]byte, 28)
	udp[0], udp[9] = 0x45, 17
	tcp := append([]byte(nil), udp...)
	tcp[9] = 6
	binary.BigEndian.PutUint16(tcp[22:], 443)
	for _, x := range []struct {
		passes   Passes
		udp, tcp bool
	}{{All, true, true}, {NoUDP, false, true}, {HTTPSAlone, false, true}} {
		if got := x.passes.lets(udp); got != x.udp {
			t.Errorf("%d lets UDP: got %v, want %v", x.passes, got, x.udp)
		}
		if got := x.passes.lets(tcp); got != x.tcp {
			t.Errorf("%d lets TCP to 443: got %v, want %v", x.passes, got, x.tcp)
		}
	}
	binary.BigEndian.PutUint16(tcp[22:], 3478)
	if HTTPSAlone.lets(tcp) {
		t.Error("HTTPSAlone lets TCP to 3478")
	}
}
