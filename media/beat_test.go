package media

import (
	"net"
	"testing"
	"time"
)

func TestBeatIsForPacketsThatComeCloseTogether(t *testing.T) {
	for _, c := range []struct {
		perSecond int
		burst     int // packets that come together
		beats     bool
		want      bool
	}{
		{0, 1, false, false}, {0, 1, true, false},
		{240, 4, false, false}, {240, 4, true, false},
		{300, 4, false, false}, {300, 4, true, true},
		{500, 1, false, true}, {2500, 1, false, true},
	} {
		var b beat
		now := int64(1e18)
		b.due(now, c.beats)
		for i := range c.perSecond {
			for j := range c.burst {
				b.note(now + int64(i)*1e9/int64(c.perSecond) + int64(j)*10e3)
			}
		}
		if got := b.due(now+1e9, c.beats); got != c.want {
			t.Errorf("%d a second in bursts of %d, beating %v: got %v", c.perSecond, c.burst, c.beats, got)
		}
	}
}

// A bell that beats rings though nothing comes, not for a packet, and for who
// rings it.
func TestBellBeats(t *testing.T) {
	r := still(t)
	in, bell := r.road.in, r.sock.bell
	bell.set(time.Now().Add(time.Hour))
	bell.steady(true)
	c, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(r.sock.addr))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	began := time.Now()
	go func() {
		for time.Since(began) < 20*beatTime*time.Nanosecond { // beats without a packet are heard too
		}
		_, _ = c.Write(make([]byte, 20))
	}()
	n, err := in.receive(true)
	if err != nil || n != 1 || time.Since(began) < 20*beatTime*time.Nanosecond {
		t.Errorf("got %d packets after %v, %v, want one that was sent", n, time.Since(began), err)
	}
	_, _ = c.Write(make([]byte, 20))
	bell.ring()
	if n, err = in.receive(true); n != 0 || err != nil {
		t.Errorf("got %d packets, %v, want to hear the ring first", n, err)
	}
	bell.set(time.Now().Add(time.Hour))
	bell.steady(false)
	if n, err = in.receive(false); n != 1 || err != nil {
		t.Errorf("got %d packets, %v, want the one that came meanwhile", n, err)
	}
	go func() { _, _ = c.Write(make([]byte, 20)) }()
	if n, err = in.receive(false); n != 1 || err != nil {
		t.Errorf("got %d packets, %v, want one that wakes", n, err)
	}
}
