package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/pion/webrtc/v4"
)

const (
	liveKitKey    = "peers"
	liveKitSecret = "of this run, which nobody else can reach" // on 127.0.0.1 only
	pingTime      = 5 * time.Second
)

// liveKit is the whole server with a configuration of its own.
type liveKit struct {
	process
	address string
	wait    sync.WaitGroup
	cancel  context.CancelFunc
	ctx     context.Context
	failed  chan error // 1; the first line that broke
}

// liveKitConfig: one UDP port for all, no TCP, everything else as LiveKit sets it. "livekit-batch" gathers packets for
// 2 ms before it writes them, as its sample configuration proposes, and "livekit-range" has a port for each connection.
func liveKitConfig(port, udp int, name string) string {
	s := fmt.Sprintf("port: %d\nbind_addresses: [127.0.0.1]\nlogging: {level: error, pion_level: error}\nkeys: {%s: %q}\n"+
		"rtc:\n  tcp_port: 0\n  use_external_ip: false\n  node_ip: 127.0.0.1\n  enable_loopback_candidate: true\n  interfaces: {includes: [lo]}\n",
		port, liveKitKey, liveKitSecret)
	if name == "livekit-range" {
		s += "  port_range_start: 40000\n  port_range_end: 60000\n"
	} else {
		s += fmt.Sprintf("  udp_port: %d\n", udp)
	}
	if name == "livekit-batch" {
		s += "  batch_io: {batch_size: 128, max_flush_interval: 2ms}\n"
	}
	return s
}

func startLiveKit(ctx context.Context, c cores, binary, name string) (*liveKit, error) {
	port, err := freePort("tcp4")
	if err != nil {
		return nil, err
	}
	udp, err := freePort("udp4")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "peers")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "livekit.yaml")
	if err := os.WriteFile(file, []byte(liveKitConfig(port, udp, name)), 0o600); err != nil {
		return nil, err
	}
	k := &liveKit{address: fmt.Sprint("127.0.0.1:", port), failed: make(chan error, 1)}
	k.ctx, k.cancel = context.WithCancel(ctx)
	if k.process, err = c.start(command(ctx, binary, "--config", file)); err != nil {
		k.cancel()
		return nil, err
	}
	if err := k.up(ctx); err != nil {
		k.stop()
		return nil, err
	}
	return k, nil
}

// up waits until the server answers.
func (k *liveKit) up(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	for {
		q, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+k.address+"/", nil)
		if err != nil {
			return err
		}
		if r, err := http.DefaultClient.Do(q); err == nil {
			r.Body.Close()
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.New("livekit does not answer")
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (k *liveKit) stop() {
	k.cancel()
	k.process.stop()
	k.wait.Wait()
}

// seat is a person at LiveKit: a socket, a connection for what is sent and one for what is received.
type seat struct {
	p         *person
	conn      *websocket.Conn
	up, down  *webrtc.PeerConnection
	waiting   []webrtc.ICECandidateInit // for up, before there is an answer
	published chan struct{}             // a track was announced
	offered   chan struct{}             // closed by the first offer of the server
	answered  chan struct{}             // closed by the server's answer
	once      sync.Once
}

func (k *liveKit) join(ctx context.Context, p *person) error {
	q := url.Values{"access_token": {token(p.name)}, "auto_subscribe": {"1"}, "adaptive_stream": {"0"}, "protocol": {"15"}, "sdk": {"go"}}
	conn, _, err := websocket.Dial(ctx, "ws://"+k.address+"/rtc?"+q.Encode(), nil)
	if err != nil {
		return fmt.Errorf("livekit: %w", err)
	}
	conn.SetReadLimit(-1)
	s := &seat{p: p, conn: conn, published: make(chan struct{}, 2), offered: make(chan struct{}), answered: make(chan struct{})}
	if s.down, err = p.connection(); err != nil {
		return err
	}
	if s.up, err = p.connection(); err != nil {
		return err
	}
	ctx, fail := context.WithCancelCause(ctx)
	k.wait.Go(func() {
		err := s.obey(k.ctx)
		fail(err)
		if k.ctx.Err() == nil {
			select {
			case k.failed <- fmt.Errorf("%s at livekit: %w", p.name, err):
			default:
			}
		}
		_ = conn.CloseNow()
	})
	k.wait.Go(func() { s.ping(k.ctx) })
	if err := s.publish(ctx); err != nil {
		return err
	}
	if len(p.from) == 0 {
		return nil
	}
	select {
	case <-s.offered:
	case <-ctx.Done():
		return fmt.Errorf("livekit's offer: %w", context.Cause(ctx))
	}
	return connected(ctx, s.down)
}

// subscribe: LiveKit does it by itself.
func (k *liveKit) subscribe(*person) error { return nil }

// broken is the first socket that ended by itself.
func (k *liveKit) broken() error {
	select {
	case err := <-k.failed:
		return err
	default:
		return nil
	}
}

func (s *seat) publish(ctx context.Context) error {
	camera, microphone, err := s.p.add(s.up)
	if err != nil {
		return err
	}
	n := 0
	if camera != nil {
		err = errors.Join(err, s.say(ctx, announce(s.p.camera.ID(), kindVideo, sourceCamera)))
		n++
	}
	if microphone != nil {
		err = errors.Join(err, s.say(ctx, announce(s.p.microphone.ID(), kindAudio, sourceMicrophone)))
		n++
	}
	if n == 0 || err != nil {
		return err
	}
	for range n {
		select {
		case <-s.published:
		case <-ctx.Done():
			return fmt.Errorf("livekit publishes: %w", context.Cause(ctx))
		}
	}
	sdp, err := offer(ctx, s.up)
	if err != nil {
		return err
	}
	if err := s.say(ctx, description(toOffer, "offer", sdp, 1)); err != nil {
		return err
	}
	select {
	case <-s.answered:
	case <-ctx.Done():
		return fmt.Errorf("livekit's answer: %w", context.Cause(ctx))
	}
	return connected(ctx, s.up)
}

func (s *seat) say(ctx context.Context, b []byte) error {
	return s.conn.Write(ctx, websocket.MessageBinary, b)
}

// obey what the server says until the socket is closed.
func (s *seat) obey(ctx context.Context) error {
	for {
		_, b, err := s.conn.Read(ctx)
		if err != nil {
			return err
		}
		m, err := readMessage(b)
		if err != nil {
			return err
		}
		switch m.what {
		case fromPublished:
			s.published <- struct{}{}
		case fromOffer:
			err = s.answer(ctx, m)
		case fromAnswer:
			err = s.accept(m.strings[2])
		case fromTrickle:
			err = s.candidate(m)
		case fromLeave:
			err = fmt.Errorf("the server ended it, reason %d of livekit/protocol", m.numbers[2])
		}
		if err != nil {
			return err
		}
	}
}

func (s *seat) answer(ctx context.Context, m message) error {
	sdp := m.strings[2]
	s.p.agreed(sdp)
	if err := s.down.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: sdp}); err != nil {
		return fmt.Errorf("offer: %w", err)
	}
	a, err := s.down.CreateAnswer(nil)
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	if sdp, err = describe(ctx, s.down, a); err != nil {
		return err
	}
	s.once.Do(func() { close(s.offered) })
	return s.say(ctx, description(toAnswer, "answer", sdp, m.numbers[3]))
}

func (s *seat) accept(sdp string) error {
	if err := s.up.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp}); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	for _, c := range s.waiting {
		if err := s.up.AddICECandidate(c); err != nil {
			return fmt.Errorf("candidate: %w", err)
		}
	}
	s.waiting = nil
	close(s.answered)
	return nil
}

func (s *seat) candidate(m message) error {
	var c webrtc.ICECandidateInit
	if err := json.Unmarshal([]byte(m.strings[1]), &c); err != nil {
		return fmt.Errorf("candidate: %w", err)
	}
	pc := s.up
	if m.numbers[2] == trickledForSubscriber {
		pc = s.down
	}
	if pc.RemoteDescription() == nil {
		s.waiting = append(s.waiting, c)
		return nil
	}
	return pc.AddICECandidate(c)
}

// ping as LiveKit's clients do.
func (s *seat) ping(ctx context.Context) {
	t := time.NewTicker(pingTime)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-t.C:
			if s.say(ctx, wrap(toPing, number(nil, 1, uint64(now.UnixMilli())))) != nil {
				return // obey says why
			}
		}
	}
}

// token lets a person into the room (RFC 7519, HS256).
func token(name string) string {
	part := func(v any) string {
		b, _ := json.Marshal(v) // of strings and numbers
		return base64.RawURLEncoding.EncodeToString(b)
	}
	now := time.Now()
	s := part(map[string]string{"alg": "HS256", "typ": "JWT"}) + "." + part(map[string]any{
		"iss": liveKitKey, "sub": name, "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix(),
		"video": map[string]any{"roomJoin": true, "room": "peers"},
	})
	h := hmac.New(sha256.New, []byte(liveKitSecret))
	h.Write([]byte(s))
	return s + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// freePort that nobody has at this moment.
func freePort(network string) (int, error) {
	if network == "udp4" {
		c, err := net.ListenPacket(network, "127.0.0.1:0")
		if err != nil {
			return 0, err
		}
		defer c.Close()
		return c.LocalAddr().(*net.UDPAddr).Port, nil
	}
	l, err := net.Listen(network, "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
