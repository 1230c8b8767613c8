package media

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"
)

func TestReportsLieOnTheShelf(t *testing.T) {
	r := still(t)
	if r.sock.shelf == nil {
		t.Skip("the kernel does not sort packets among the sockets of a port") // then there is no shelf, and all is as without it
	}
	for _, c := range []struct {
		name string
		b    []byte
		want bool
	}{
		{"report", []byte{0x80 | formatArrivals, rtcpTransport, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}, true},
		{"report with padding", []byte{0xa0 | formatArrivals, rtcpTransport, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}, true},
		{"NACK", []byte{0x80 | formatNack, rtcpTransport, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}, false},
		{"application feedback", []byte{0x80 | formatAFB, rtcpPayload, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}, false},
		{"receiver report", []byte{0x81, rtcpRR, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}, false},
		{"RTP of type 77", []byte{0x8f, 77, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}, false},
		{"STUN", []byte{0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}, false},
		{"DTLS", []byte{22, 254, 253, 1, 0, 0, 0, 1, 0, 0, 0, 1}, false},
		{"one byte", []byte{0x8f}, false},
		{"nothing", nil, false},
	} {
		from, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(r.sock.addr))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := from.Write(c.b); err != nil {
			t.Fatal(err)
		}
		from.Close()
		first, shelf := r.road.in.look(r.sock.fd), r.road.in.look(r.sock.shelf.fd)
		if (shelf == 1) != c.want || first+shelf != 1 {
			t.Errorf("%s: got %d in the socket and %d on the shelf, want on the shelf %v", c.name, first, shelf, c.want)
		}
	}
}

func TestReportsThatFindNoRoomAreCounted(t *testing.T) {
	r := still(t)
	if r.sock.shelf == nil {
		t.Skip("the kernel does not sort packets among the sockets of a port") // then there is no shelf, and all is as without it
	}
	from, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(r.sock.addr))
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	report := append([]byte{0x80 | formatArrivals, rtcpTransport}, make([]byte, 1000)...)
	sent := uint64(0)
	for range 2 * shelfBuffer / 1000 {
		if _, err := from.Write(report); err != nil {
			t.Fatal(err)
		}
		sent++
	}
	r.road.second()
	lay := uint64(0)
	for n := 1; n > 0; lay += uint64(n) {
		n = r.road.in.look(r.sock.shelf.fd)
	}
	if got := r.road.stats.DroppedReports; got == 0 || got+lay != sent {
		t.Errorf("got %d of %d counted, %d were there", got, sent, lay)
	}
}

// TestReportsWakeNobody: a road that waits hears of a report when it rises for
// something else.
func TestReportsWakeNobody(t *testing.T) {
	o := newOverload(t)
	r := o.r.road
	if r.sock.shelf == nil {
		t.Skip("the kernel does not sort packets among the sockets of a port") // then there is no shelf, and all is as without it
	}
	p := r.peers[0]
	p.flight, p.estimate, r.reported = &flight{}, newEstimate(), true
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := r.run(ctx); err != nil {
			t.Error(err)
		}
	})
	report := []byte{0x80 | formatArrivals, rtcpTransport, 0, 5, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0x20, 1, 0, 0}
	const reports = 40
	for range reports {
		_, _ = o.speakers[0].conn.Write(report)
	}
	b := picture(1001, 1, 960, 0, false)
	b[1] = 111
	_, _ = o.speakers[0].conn.Write(append(b, make([]byte, 8)...))
	for o.r.Stats().PacketsIn <= reports {
		<-time.After(time.Millisecond)
	}
	cancel()
	r.do(func() {})
	wait.Wait()
	if got := r.stats.Wakes; got > 10 {
		t.Errorf("got %d wakes for %d reports and one packet of sound", got, reports)
	}
}
