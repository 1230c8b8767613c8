package media

import (
	"testing"
	"time"
)

func TestNarrowGateKeepsOutLongPictures(t *testing.T) {
	r := still(t)
	c, _ := sink(t)
	g := &gate{fd: r.sock.fd}
	made := func(first, second byte, n int) []byte {
		b := make([]byte, n)
		b[0], b[1] = first, second
		return b
	}
	pass := func() (n int) {
		for _, b := range [][]byte{
			made(0x80, 96, soundMost+1), made(0x80, 96|0x80, 1200), made(0xbf, 127|0x80, 1200), // kept out
			made(0x80, 111, soundMost), made(0x90, 111|0x80, 40), // sound
			made(0x80, 200, 1200), made(0x81, 223, 1200), // RTCP
			made(0, 1, 1200), made(22, 254, 1200), made(63, 254, 1200), // STUN, DTLS
		} {
			if _, err := c.WriteToUDPAddrPort(b, r.sock.addr); err != nil {
				t.Fatal(err)
			}
		}
		r.sock.bell.set(time.Now().Add(time.Second))
		n, err := r.road.in.receive(false)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, c := range []struct {
		narrow bool
		want   int
	}{{false, 10}, {true, 7}, {true, 7}, {false, 10}} {
		g.set(c.narrow)
		if got := pass(); got != c.want {
			t.Errorf("narrow %v: got %d packets, want %d", c.narrow, got, c.want)
		}
	}
	if full, lost := g.crowd(); full >= 1 || lost != 6 {
		t.Errorf("got %.2f full and %d lost, want 6", full, lost)
	}
}
