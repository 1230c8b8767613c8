package bench

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor/pkg/twcc"

	"astara/media"
)

func loopback() netip.AddrPort { return netip.MustParseAddrPort("127.0.0.1:0") }

// load is everybody of a run.
type load struct {
	o       Options
	server  *server
	began   time.Time
	clients []*client
	empty   reply       // the server without people
	full    float64     // seconds until all that was due arrived
	paused  atomic.Bool // nobody publishes
}

// join connects everybody, a few at a time, and fills the slots.
func (l *load) join(ctx context.Context) error {
	meeting := l.o.Publishers == l.o.Receivers && l.o.Publishers > 1
	n := l.o.Publishers + l.o.Receivers
	if meeting {
		n = l.o.Publishers
	}
	cert, err := newCertificate()
	if err != nil {
		return err
	}
	for i := range n {
		c := &client{load: l, index: i, id: media.PeerID(fmt.Sprint("p", i)), cert: cert, feedback: twcc.NewRecorder(7), sends: i < l.o.Publishers, done: make(chan struct{})}
		for p := range l.o.Publishers {
			if (meeting || i >= l.o.Publishers) && p != i {
				c.from = append(c.from, media.PeerID(fmt.Sprint("p", p)))
			}
		}
		l.clients = append(l.clients, c)
	}
	for _, c := range l.clients {
		for _, p := range c.from {
			for _, q := range l.clients {
				if q.id == p {
					q.fans++
				}
			}
		}
	}
	if err := l.connect(ctx); err != nil {
		return err
	}
	for _, c := range l.clients {
		for i, p := range c.from {
			for kind, source := range map[string]media.Source{"v": "camera", "a": "microphone"} {
				if kind == "v" && l.o.VideoKbps <= 0 || kind == "a" && !l.o.Audio {
					continue
				}
				if _, err := l.server.ask(request{Do: "assign", Peer: c.id, Slot: media.SlotID(fmt.Sprint(kind, i)),
					Track: media.TrackID{Peer: p, Source: source}}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (l *load) connect(ctx context.Context) error {
	gate := make(chan struct{}, 8)
	errs := make([]error, len(l.clients))
	var wait sync.WaitGroup
	for i, c := range l.clients {
		wait.Go(func() {
			gate <- struct{}{}
			defer func() { <-gate }()
			errs[i] = c.connect(ctx)
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// warm waits until every slot has received, and all that is due arrives; what
// still does not is what is measured. A server that gives up pictures is warm
// after a while of that.
func (l *load) warm(ctx context.Context) error {
	began := time.Now()
	limit := time.After(warmUp)
	overload := time.NewTicker(overloadTime)
	defer overload.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for full := false; !full; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-limit:
			return errors.New("bench: not everybody received within the warm-up")
		case <-overload.C:
			if sheds, err := l.sheds(); sheds || err != nil {
				return err
			}
		case <-tick.C:
		}
		full = true
		for _, c := range l.clients {
			full = full && c.filled()
		}
	}
	// Estimates of the lines grow from little.
	for range int(warmUp / time.Second) {
		before := l.tally()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-overload.C:
			if sheds, err := l.sheds(); sheds || err != nil {
				return err
			}
		case <-time.After(time.Second):
		}
		if now := l.tally(); share(now.received-before.received, now.due-before.due) > 0.99 {
			l.full = round(time.Since(began).Seconds(), 10)
			break
		}
	}
	return nil
}

// sheds says whether the server has given up pictures.
func (l *load) sheds() (bool, error) {
	u, err := l.server.usage()
	return u.Stats.Shed > 0, err
}

// tally is what was received, and what was due by what was sent.
type tally struct{ received, due, sounds, soundsDue, dropped int64 }

func (l *load) tally() tally {
	var t tally
	for _, c := range l.clients {
		t.received += c.received.Load()
		t.due += c.sent.Load() * int64(c.fans)
		t.sounds += c.sounds.Load()
		t.soundsDue += c.spoken.Load()
		t.dropped += c.dropped()
	}
	return t
}

// still stops the publishers until all that they sent has arrived, or half a
// second: what is on its way when counters are read would be missing.
func (l *load) still(ctx context.Context) {
	l.paused.Store(true)
	const look, calm = 10 * time.Millisecond, 2
	same, last := 0, int64(-1)
	for range int(time.Second / 2 / look) {
		if now := l.tally().received; now != last {
			same, last = 0, now
		} else if same++; same == calm {
			return
		}
		pause(ctx, look)
	}
}

func (l *load) close() {
	for _, c := range l.clients {
		c.close()
	}
}

// offer is the least that the server answers.
func (c *client) offer() media.Offer {
	o := media.Offer{Sources: map[string]media.Source{}, Slots: map[string]media.SlotID{}}
	var b strings.Builder
	fmt.Fprintf(&b, "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-ufrag:%s\r\na=ice-pwd:%s\r\na=fingerprint:sha-256 %s\r\na=extmap-allow-mixed\r\n",
		c.user, c.password, c.cert.print)
	mid := 0
	section := func(kind, direction string, ssrc uint32) string {
		m := fmt.Sprint(mid)
		mid++
		payload := 96
		if kind == "audio" {
			payload = soundType
			fmt.Fprintf(&b, "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n")
		} else {
			fmt.Fprintf(&b, "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n")
		}
		fmt.Fprintf(&b, "a=mid:%s\r\na=%s\r\na=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\n", m, direction)
		if direction == "recvonly" && c.load.o.Feedback {
			fmt.Fprintf(&b, "a=extmap:%d http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n", transportID)
			fmt.Fprintf(&b, "a=rtcp-fb:%d transport-cc\r\n", payload)
		}
		if ssrc != 0 {
			fmt.Fprintf(&b, "a=ssrc:%d cname:bench\r\n", ssrc)
		}
		return m
	}
	if c.sends && c.load.o.Audio {
		o.Sources[section("audio", "sendonly", soundSSRC)] = "microphone"
	}
	if c.sends && c.load.o.VideoKbps > 0 {
		o.Sources[section("video", "sendonly", pictureSSRC)] = "camera"
	}
	for i := range c.from {
		if c.load.o.VideoKbps > 0 {
			o.Slots[section("video", "recvonly", 0)] = media.SlotID(fmt.Sprint("v", i))
		}
		if c.load.o.Audio {
			o.Slots[section("audio", "recvonly", 0)] = media.SlotID(fmt.Sprint("a", i))
		}
	}
	o.SDP = b.String()
	return o
}
