package media_test

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"astara/media"
	"astara/media/bench"
	"astara/media/caller"
)

func TestTwoCallersHearAndSeeEachOther(t *testing.T) {
	for _, noAEAD := range []bool{false, true} {
		t.Run(fmt.Sprint("no AEAD ", noAEAD), func(t *testing.T) { hearAndSee(t, noAEAD) })
	}
}

func hearAndSee(t *testing.T, noAEAD bool) {
	h := open(t)
	ivf, ogg := recordings(t)
	cfg := caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 2, Sounds: 1}
	a := h.call("a", cfg, nil)
	cfg.NoAEAD = noAEAD
	b := h.call("b", cfg, nil)
	h.seat("a", "v0", "b", "camera")
	h.seat("a", "a0", "b", "microphone")
	h.seat("b", "v1", "a", "camera")
	h.seat("b", "x0", "a", "microphone")
	until(t, "packets both ways", func() bool {
		return a.got("v0", "").Packets > 60 && a.got("a0", "").Packets > 20 &&
			b.got("v1", "").Packets > 60 && b.got("x0", "").Packets > 20
	})
	for _, r := range append(a.Received(), b.Received()...) {
		h.whole(r.Lost, r.Slot)
	}
	until(t, "lines", func() bool { return h.Lines([]media.PeerID{"a"})["a"].BitrateUp > 0 })
	until(t, "an estimate", func() bool { return h.Lines([]media.PeerID{"a"})["a"].Carries > 1.1e6 })
	l := h.Lines([]media.PeerID{"a"})["a"]
	if l.LossUp != 0 {
		h.clock.Judge(t)
	}
	if l.Transport != "udp" || l.LossUp != 0 {
		t.Errorf("got line %+v, want udp without loss", l)
	}
	s := h.Stats()
	if s.DroppedAuth+s.DroppedMalformed+s.DroppedUnknownSource+s.DroppedReplay != 0 {
		t.Errorf("got %+v, want nothing dropped", s)
	}
	h.Remove("b")
	h.await(2, func(e media.Event) bool { return e.Kind == media.TrackStopped && e.Peer == "b" })
	b.stop()
}

// TestWhatNobodyWatchesIsOffAndComesBackAtOnce by the publisher's own clock, its
// frames, 30 a second: off within 2 s; on the publisher hears without waiting for
// a tick, and its key frame is there.
func TestWhatNobodyWatchesIsOffAndComesBackAtOnce(t *testing.T) {
	h := open(t)
	ivf, _ := recordings(t)
	h.call("a", caller.Config{VideoIVF: ivf}, nil)
	c := h.call("c", caller.Config{Pairs: 1}, nil)
	h.seat("c", "v0", "a", "camera")
	wanted := func(layers int) func(media.Event) bool {
		return func(e media.Event) bool { return e.Kind == media.LayersWanted && len(e.Layers) == layers }
	}
	h.await(1, wanted(1))
	until(t, "picture", func() bool { return c.got("v0", "").Packets > 10 })
	before := func(fits func(media.Event) bool) (n int) {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, e := range h.events {
			if fits(e) {
				n++
			}
		}
		return n
	}
	frames := func() uint64 { return h.Stats().PacketsIn / 3 }
	for range 3 {
		offs, ons := before(wanted(0)), before(wanted(1))
		from := frames()
		h.Wish("c", "v0", media.Wish{Hidden: true})
		h.await(offs+1, wanted(0))
		off := frames() - from
		n := c.got("v0", "").Packets
		from = frames()
		h.Wish("c", "v0", media.Wish{})
		h.await(ons+1, wanted(1))
		on := frames() - from
		until(t, "picture again", func() bool { return c.got("v0", "").Packets > n })
		again := frames() - from
		t.Logf("off after %d frames, on after %d, picture after %d", off, on, again)
		if off > 60 || on > 5 || again > 15 {
			h.clock.Judge(t)
			t.Errorf("off after %d frames, on after %d, picture after %d, want 60, 5 and 15 at most", off, on, again)
		}
	}
}

func TestSlotSwitchKeepsNumbersAndTimestamps(t *testing.T) {
	h := open(t)
	ivf, ogg := recordings(t)
	h.call("a", caller.Config{VideoIVF: ivf, AudioOGG: ogg}, nil)
	h.call("b", caller.Config{VideoIVF: ivf, AudioOGG: ogg}, nil)
	c := h.call("c", caller.Config{Pairs: 1}, nil)
	for i := range 8 {
		who := media.PeerID("ab"[i%2 : i%2+1])
		h.seat("c", "v0", who, "camera")
		h.seat("c", "a0", who, "microphone")
		h.await(i/2+1, func(e media.Event) bool {
			return e.Kind == media.SlotSwitched && e.Slot == "v0" && e.Track.Peer == who
		})
		h.await(i/2+1, func(e media.Event) bool {
			return e.Kind == media.SlotSwitched && e.Slot == "a0" && e.Track.Peer == who
		})
		n := c.got("v0", "").Packets
		until(t, "picture", func() bool { return c.got("v0", "").Packets > n+10 })
	}
	for _, slot := range []string{"v0", "a0"} {
		h.whole(c.got(slot, "").Lost, slot)
		if n := c.Backward(slot); n != 0 {
			t.Errorf("%s: got %d timestamps running back, want none", slot, n)
		}
	}
	if s := h.Stats(); s.DroppedAuth != 0 {
		t.Errorf("got %d unauthentic, want 0", s.DroppedAuth)
	}
}

func TestICERestartKeepsTheNumbers(t *testing.T) {
	h := open(t)
	ivf, ogg := recordings(t)
	h.call("a", caller.Config{VideoIVF: ivf, AudioOGG: ogg}, nil)
	c := h.call("c", caller.Config{Pairs: 1}, nil)
	h.seat("c", "a0", "a", "microphone")
	h.seat("c", "v0", "a", "camera")
	until(t, "sound", func() bool { return c.got("a0", "").Packets > 20 && c.got("v0", "").Packets > 20 })
	ctx, cancel := bench.Within(context.Background(), 20*time.Second)
	defer cancel()
	if err := c.Restart(ctx); err != nil {
		t.Fatal(err)
	}
	n := c.got("a0", "").Packets
	until(t, "sound after the restart", func() bool { return c.got("a0", "").Packets > n+50 })
	// What was sent while the caller had no path may be missing, but a jump in
	// the numbers would be thousands.
	if r := c.got("a0", ""); r.Lost > 50 || c.Backward("a0") != 0 {
		t.Errorf("got %d lost and %d backward, want a short gap at most", r.Lost, c.Backward("a0"))
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.events {
		if e.Kind == media.PeerLost || e.Kind == media.TrackStopped {
			t.Errorf("got %v, want none", e)
		}
	}
}

func TestObserverCannotPublish(t *testing.T) {
	h := open(t)
	ivf, ogg := recordings(t)
	ctx, cancel := bench.Within(context.Background(), 20*time.Second)
	defer cancel()
	// The observer's client believes that it may send: the answer says inactive
	// and is turned back to recvonly on its way.
	lie := func(sdp string) string { return strings.ReplaceAll(sdp, "a=inactive", "a=recvonly") }
	o, err := caller.Dial(ctx, caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1}, h.exchange("o", false, lie))
	if err != nil {
		t.Fatal(err)
	}
	h.run(o)
	c := h.call("c", caller.Config{Pairs: 1}, nil)
	h.seat("c", "v0", "o", "camera")
	h.seat("c", "a0", "o", "microphone")
	until(t, "dropped packets", func() bool { return h.Stats().DroppedUnknownSource > 50 })
	if got := c.Received(); len(got) != 0 {
		t.Errorf("got %v, want nothing", got)
	}
	if s := h.Stats(); s.Tracks != 0 {
		t.Errorf("got %d tracks, want 0", s.Tracks)
	}
}

func TestTCPOnly(t *testing.T) {
	h := open(t)
	ivf, ogg := recordings(t)
	cfg := caller.Config{VideoIVF: ivf, AudioOGG: ogg, Pairs: 1, TCP: true}
	a, b := h.call("a", cfg, nil), h.call("b", cfg, nil)
	h.seat("a", "v0", "b", "camera")
	h.seat("b", "v0", "a", "camera")
	h.seat("b", "a0", "a", "microphone")
	until(t, "packets over TCP", func() bool {
		return a.got("v0", "").Packets > 50 && b.got("v0", "").Packets > 50 && b.got("a0", "").Packets > 20
	})
	until(t, "line", func() bool { return h.Lines([]media.PeerID{"a"})["a"].Transport == "tcp" })
	for _, r := range append(a.Received(), b.Received()...) {
		h.whole(r.Lost, r.Slot+" over TCP")
	}
}

// relay stands between a caller and the router and loses every n-th media packet
// of 200 bytes and more, each way.
func relay(t *testing.T, to uint16, every int) uint16 {
	t.Helper()
	front, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	back, err := net.DialUDP("udp4", nil, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: int(to)})
	if err != nil {
		t.Fatal(err)
	}
	var caller atomic.Pointer[net.UDPAddr]
	done := make(chan struct{}, 2)
	pass := func(read func([]byte) (int, error), write func([]byte)) {
		defer func() { done <- struct{}{} }()
		b := make([]byte, 2048)
		for i := 1; ; {
			n, err := read(b)
			if err != nil {
				return
			}
			// Handshakes are small in number and large in size: they begin with
			// another first byte.
			if n >= 200 && b[0]>>6 == 2 {
				if i++; i%every == 0 {
					continue
				}
			}
			write(b[:n])
		}
	}
	go pass(func(b []byte) (int, error) {
		n, from, err := front.ReadFromUDP(b)
		if err == nil {
			caller.Store(from)
		}
		return n, err
	}, func(b []byte) { _, _ = back.Write(b) })
	go pass(back.Read, func(b []byte) {
		if to := caller.Load(); to != nil {
			_, _ = front.WriteToUDP(b, to)
		}
	})
	t.Cleanup(func() {
		front.Close()
		back.Close()
		<-done
		<-done
	})
	return uint16(front.LocalAddr().(*net.UDPAddr).Port)
}

func TestLostPacketsAreRepaired(t *testing.T) {
	h := open(t)
	ivf, _ := recordings(t)
	through := func(sdp string) string {
		port := relay(t, h.port, 20)
		var out []string
		for l := range strings.Lines(sdp) {
			if strings.HasPrefix(l, "a=candidate:") {
				if strings.Contains(l, " tcp ") {
					continue
				}
				f := strings.Fields(l)
				f[5] = fmt.Sprint(port)
				l = strings.Join(f, " ") + "\r\n"
			}
			out = append(out, l)
		}
		return strings.Join(out, "")
	}
	h.call("a", caller.Config{VideoIVF: ivf}, through)
	c := h.call("c", caller.Config{Pairs: 1}, through)
	h.seat("c", "v0", "a", "camera")
	until(t, "picture", func() bool { return c.got("v0", "").Packets > 400 })
	s := h.Stats()
	if s.Repaired == 0 || s.Retransmitted == 0 || s.NacksIn == 0 || s.NacksOut == 0 {
		t.Errorf("got repaired %d, retransmitted %d, nacks in %d, out %d, want all of them",
			s.Repaired, s.Retransmitted, s.NacksIn, s.NacksOut)
	}
	until(t, "repair of all but the newest", func() bool { return c.got("v0", "").Lost <= 5 })
}
