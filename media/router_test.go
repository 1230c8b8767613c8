package media_test

import (
	"context"
	"encoding/binary"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"astara/media"
	"astara/media/bench"
	"astara/media/caller"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a running router whose events are kept.
type house struct {
	*media.Router
	t     *testing.T
	port  uint16
	clock *bench.Clock

	mu     sync.Mutex
	events []media.Event
	more   chan struct{} // closed and renewed at each event
}

func open(t *testing.T) *house {
	t.Helper()
	return openAt(t, media.Config{Listen: netip.MustParseAddrPort("127.0.0.1:0")})
}

func openAt(t *testing.T, cfg media.Config) *house {
	t.Helper()
	r, err := media.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{Router: r, t: t, port: r.LocalAddr().Port(), clock: bench.StartClock(), more: make(chan struct{})}
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := r.Run(ctx); err != nil {
			t.Errorf("run: %v", err)
		}
	})
	wait.Go(func() {
		for e := range r.Events() {
			h.mu.Lock()
			h.events = append(h.events, e)
			close(h.more)
			h.more = make(chan struct{})
			h.mu.Unlock()
		}
	})
	t.Cleanup(func() { cancel(); wait.Wait() })
	return h
}

// whole: nothing was lost. Where the machine lets this process wait packets end
// in sockets that nobody reads in time, and nobody's fault can be told.
func (h *house) whole(lost uint64, where string) {
	h.t.Helper()
	if lost != 0 {
		h.clock.Judge(h.t)
		h.t.Errorf("%s: got %d lost, want 0", where, lost)
	}
}

// await waits for the n-th event that fits.
func (h *house) await(n int, fits func(media.Event) bool) media.Event {
	h.t.Helper()
	ctx, cancel := bench.Within(context.Background(), 20*time.Second)
	defer cancel()
	for {
		h.mu.Lock()
		more, found := h.more, 0
		for _, e := range h.events {
			if fits(e) {
				if found++; found == n {
					h.mu.Unlock()
					return e
				}
			}
		}
		h.mu.Unlock()
		select {
		case <-more:
		case <-ctx.Done():
			h.t.Fatalf("event did not come; got %v, stats %+v", h.events, h.Stats())
		}
	}
}

// until polls what has no event: counters and tallies.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	if !bench.Until(20*time.Second, ok) {
		t.Fatalf("%s: did not come", what)
	}
}

// recordings writes a picture and a sound file whose bytes nobody decodes: a
// key frame each second, three packets a frame.
func recordings(t *testing.T) (ivf, ogg string) {
	t.Helper()
	dir := t.TempDir()
	b := append([]byte("DKIF\x00\x00\x20\x00VP80"), 64, 1, 180, 0)
	b = binary.LittleEndian.AppendUint32(b, 30)
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0)
	for i := range 30 {
		f := make([]byte, 3000)
		if i > 0 {
			f[0] = 1
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(len(f)))
		b = binary.LittleEndian.AppendUint64(b, uint64(i))
		b = append(b, f...)
	}
	ivf = filepath.Join(dir, "picture.ivf")
	var o []byte
	for i := range 50 {
		page := append([]byte("OggS"), make([]byte, 22)...)
		page[18] = byte(i)
		o = append(append(o, page...), 1, 40)
		o = append(o, append([]byte{0xf8}, make([]byte, 39)...)...)
	}
	ogg = filepath.Join(dir, "sound.ogg")
	for name, data := range map[string][]byte{ivf: b, ogg: o} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return ivf, ogg
}

type guest struct {
	*caller.Call
	stop func()
}

// call joins a caller under id; permit false offers no sources.
func (h *house) call(id media.PeerID, cfg caller.Config, change func(sdp string) string) *guest {
	h.t.Helper()
	ctx, cancel := bench.Within(context.Background(), 20*time.Second)
	defer cancel()
	c, err := caller.Dial(ctx, cfg, h.exchange(id, true, change))
	if err != nil {
		h.t.Fatalf("dial %s: %v; stats %+v", id, err, h.Stats())
	}
	return h.run(c)
}

func (h *house) run(c *caller.Call) *guest {
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() { _ = c.Run(ctx) })
	g := &guest{Call: c, stop: sync.OnceFunc(func() { cancel(); wait.Wait() })}
	h.t.Cleanup(g.stop)
	return g
}

func (h *house) exchange(id media.PeerID, permit bool, change func(string) string) caller.Exchange {
	return func(_ context.Context, o caller.Offer) (string, error) {
		m := media.Offer{SDP: o.SDP, Sources: map[string]media.Source{}, Slots: map[string]media.SlotID{}}
		for mid, s := range o.Sources {
			if permit {
				m.Sources[mid] = media.Source(s)
			}
		}
		for mid, s := range o.Slots {
			m.Slots[mid] = media.SlotID(s)
		}
		sdp, err := h.Answer(id, m)
		if err == nil && change != nil {
			sdp = change(sdp)
		}
		return sdp, err
	}
}

func (h *house) seat(p media.PeerID, slot media.SlotID, who media.PeerID, s media.Source) {
	h.t.Helper()
	if err := h.Assign(p, slot, media.TrackID{Peer: who, Source: s}); err != nil {
		h.t.Fatalf("assign %s to %s of %s: %v", who, slot, p, err)
	}
}

// got sums what came in a slot from who.
func (g *guest) got(slot, who string) caller.Received {
	for _, r := range g.Received() {
		if r.Slot == slot && r.Who == who {
			return r
		}
	}
	return caller.Received{}
}
