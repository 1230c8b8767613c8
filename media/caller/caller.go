// Package caller is a peer without a browser: it sends recorded sound and
// picture and counts what it receives. Bots and tests use it; nothing that
// serves people does. It is the only user of a whole PeerConnection, so that
// the router is tested against an implementation that is not ours.
package caller

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/transport/v5"
	"github.com/pion/transport/v5/stdnet"
	"github.com/pion/webrtc/v4"
	"github.com/pion/webrtc/v4/pkg/media"
)

// Config of a Call.
type Config struct {
	VideoIVF string        // VP8 file, sent in a loop; "" sends no picture
	AudioOGG string        // Opus file, sent in a loop; "" sends no sound
	Pairs    int           // receiving slots v0,a0,v1,a1,...
	Sounds   int           // sound-only receiving slots x0,...
	TCP      bool          // connect by ICE-TCP only
	Relay    *Relay        // connect through it only
	NoAEAD   bool          // agree AES128_CM_HMAC_SHA1_80, as older browsers do
	Network  transport.Net // nil: this machine's
	Logger   *slog.Logger
}

// Offer is what the caller wants of the server.
type Offer struct {
	SDP     string
	Sources map[string]string // mid → "microphone" or "camera"
	Slots   map[string]string // mid → slot
}

// Exchange carries an offer to the server and brings the answer.
type Exchange func(ctx context.Context, o Offer) (answerSDP string, err error)

// Call is one connected caller.
type Call struct {
	cfg      Config
	exchange Exchange
	pc       *webrtc.PeerConnection
	began    time.Time
	offer    Offer
	up       chan struct{} // closed when connected
	down     chan struct{} // closed when failed or closed
	video    *recording
	audio    *recording
	camera   *webrtc.TrackLocalStaticSample
	mic      *webrtc.TrackLocalStaticSample
	keys     chan struct{} // a key frame is asked for; one waits at most
	reading  sync.WaitGroup
	roles    map[*webrtc.RTPTransceiver]string
	slots    map[*webrtc.RTPReceiver]string
	level    atomic.Uint32
	said     atomic.Int64

	mu    sync.Mutex
	seats map[string]string // mu: slot → who
	tally []*Received       // mu
	seen  map[string]*order // mu: by slot
	upOne sync.Once
	dnOne sync.Once
}

var errDown = errors.New("caller: connection failed")

// Dial offers, and waits until the connection stands or ctx ends.
func Dial(ctx context.Context, cfg Config, exchange Exchange) (*Call, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	c := &Call{
		cfg: cfg, exchange: exchange, began: time.Now(),
		up: make(chan struct{}), down: make(chan struct{}), keys: make(chan struct{}, 1),
		roles: map[*webrtc.RTPTransceiver]string{}, slots: map[*webrtc.RTPReceiver]string{},
		seats: map[string]string{}, seen: map[string]*order{},
	}
	c.level.Store(127)
	if err := c.open(); err != nil {
		return nil, err
	}
	if err := c.negotiate(ctx, nil); err != nil {
		c.Close()
		return nil, err
	}
	select {
	case <-c.up:
		return c, nil
	case <-c.down:
		c.Close()
		return nil, errDown
	case <-ctx.Done():
		c.Close()
		return nil, context.Cause(ctx)
	}
}

// open makes the connection with its transceivers in the order of a browser:
// what is sent, then the pairs, then the sounds.
func (c *Call) open() error {
	var err error
	if c.cfg.VideoIVF != "" {
		if c.video, err = readIVF(c.cfg.VideoIVF); err != nil {
			return err
		}
	}
	if c.cfg.AudioOGG != "" {
		if c.audio, err = readOGG(c.cfg.AudioOGG); err != nil {
			return err
		}
	}
	api, err := newAPI(c)
	if err != nil {
		return err
	}
	wishes := webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle}
	if r := c.cfg.Relay; r != nil {
		wishes.ICEServers, wishes.ICETransportPolicy = []webrtc.ICEServer{r.server()}, webrtc.ICETransportPolicyRelay
	}
	c.pc, err = api.NewPeerConnection(wishes)
	if err != nil {
		return fmt.Errorf("peer connection: %w", err)
	}
	c.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		switch s {
		case webrtc.PeerConnectionStateConnected:
			c.upOne.Do(func() { close(c.up) })
		case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
			c.dnOne.Do(func() { close(c.down) })
		}
	})
	c.pc.OnTrack(c.receive)
	if c.audio != nil {
		if c.mic, err = c.send(webrtc.MimeTypeOpus, "microphone"); err != nil {
			return err
		}
	}
	if c.video != nil {
		if c.camera, err = c.send(webrtc.MimeTypeVP8, "camera"); err != nil {
			return err
		}
	}
	for i := range c.cfg.Pairs {
		if err := errors.Join(
			c.place(webrtc.RTPCodecTypeVideo, fmt.Sprint("v", i)),
			c.place(webrtc.RTPCodecTypeAudio, fmt.Sprint("a", i))); err != nil {
			return err
		}
	}
	for i := range c.cfg.Sounds {
		if err := c.place(webrtc.RTPCodecTypeAudio, fmt.Sprint("x", i)); err != nil {
			return err
		}
	}
	if len(c.roles) == 0 {
		return errors.New("caller: nothing to send and nothing to receive")
	}
	return nil
}

func newAPI(c *Call) (*webrtc.API, error) {
	cfg := c.cfg
	m := &webrtc.MediaEngine{}
	feedback := []webrtc.RTCPFeedback{{Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"}}
	for _, k := range []struct {
		kind  webrtc.RTPCodecType
		codec webrtc.RTPCodecParameters
	}{
		{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecParameters{PayloadType: 111, RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1"}}},
		{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecParameters{PayloadType: redType, RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: "audio/red", ClockRate: 48000, Channels: 2, SDPFmtpLine: "111/111"}}},
		{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecParameters{PayloadType: 96, RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeVP8, ClockRate: 90000, RTCPFeedback: feedback}}},
		{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecParameters{PayloadType: 97, RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeRTX, ClockRate: 90000, SDPFmtpLine: "apt=96"}}},
	} {
		if err := m.RegisterCodec(k.codec, k.kind); err != nil {
			return nil, fmt.Errorf("codec: %w", err)
		}
	}
	r := &interceptor.Registry{}
	if err := webrtc.RegisterDefaultInterceptors(m, r); err != nil {
		return nil, fmt.Errorf("interceptors: %w", err)
	}
	if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: levelURI}, webrtc.RTPCodecTypeAudio); err != nil {
		return nil, fmt.Errorf("extension: %w", err)
	}
	r.Add(leveller{c: c})
	s := webrtc.SettingEngine{}
	if cfg.Network != nil {
		s.SetNet(cfg.Network)
	} else {
		network, err := stdnet.NewNet()
		if err != nil {
			return nil, fmt.Errorf("interfaces: %w", err)
		}
		s.SetNet(sockets{network})
	}
	s.SetIncludeLoopbackCandidate(true)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	if cfg.NoAEAD {
		s.SetSRTPProtectionProfiles(dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	}
	if cfg.Relay != nil {
		s.SetICEProxyDialer(cfg.Relay)
	}
	if cfg.TCP {
		s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4})
	} else {
		s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	}
	return webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(r), webrtc.WithSettingEngine(s)), nil
}

func (c *Call) send(mime, source string) (*webrtc.TrackLocalStaticSample, error) {
	t, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: mime}, source, "caller")
	if err != nil {
		return nil, fmt.Errorf("track: %w", err)
	}
	tr, err := c.pc.AddTransceiverFromTrack(t, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	if err != nil {
		return nil, fmt.Errorf("transceiver: %w", err)
	}
	c.roles[tr] = source
	c.reading.Go(func() { c.readFeedback(tr.Sender()) })
	return t, nil
}

func (c *Call) place(kind webrtc.RTPCodecType, slot string) error {
	tr, err := c.pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
	if err != nil {
		return fmt.Errorf("slot %s: %w", slot, err)
	}
	c.roles[tr] = slot
	c.slots[tr.Receiver()] = slot
	return nil
}

func (c *Call) negotiate(ctx context.Context, o *webrtc.OfferOptions) error {
	offer, err := c.pc.CreateOffer(o)
	if err != nil {
		return fmt.Errorf("create offer: %w", err)
	}
	if err := c.pc.SetLocalDescription(offer); err != nil {
		return fmt.Errorf("local offer: %w", err)
	}
	c.offer = Offer{SDP: c.pc.LocalDescription().SDP, Sources: map[string]string{}, Slots: map[string]string{}}
	for tr, role := range c.roles {
		if tr.Direction() == webrtc.RTPTransceiverDirectionRecvonly {
			c.offer.Slots[tr.Mid()] = role
		} else {
			c.offer.Sources[tr.Mid()] = role
		}
	}
	answer, err := c.exchange(ctx, c.offer)
	if err != nil {
		return fmt.Errorf("exchange: %w", err)
	}
	if err := c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		return fmt.Errorf("remote answer: %w", err)
	}
	return nil
}

// Restart renegotiates ICE, as after a change of network.
func (c *Call) Restart(ctx context.Context) error {
	return c.negotiate(ctx, &webrtc.OfferOptions{ICERestart: true})
}

// Run sends and receives until ctx ends, then closes the call.
func (c *Call) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var sending sync.WaitGroup
	if c.audio != nil {
		sending.Go(func() { c.play(ctx, c.audio, c.mic, nil) })
	}
	if c.video != nil {
		sending.Go(func() { c.play(ctx, c.video, c.camera, c.keys) })
	}
	var err error
	select {
	case <-ctx.Done():
	case <-c.down:
		err = errDown
	}
	cancel()
	sending.Wait()
	c.Close()
	return err
}

// Close ends the call and waits for its readers; Run does it too.
func (c *Call) Close() {
	if c.pc != nil {
		_ = c.pc.GracefulClose()
	}
	c.reading.Wait()
}

// play loops a recording in real time. Timestamps run on over the end, because
// the track adds durations.
func (c *Call) play(ctx context.Context, r *recording, t *webrtc.TrackLocalStaticSample, keys <-chan struct{}) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	next := time.Now()
	for i := 0; ; i = (i + 1) % len(r.frames) {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		select {
		case <-keys:
			i = r.nextKey(i)
		default:
		}
		f := r.frames[i]
		if err := t.WriteSample(media.Sample{Data: f.data, Duration: f.duration}); err != nil {
			c.cfg.Logger.Debug("caller sends", "error", err)
		}
		next = next.Add(f.duration)
		timer.Reset(time.Until(next))
	}
}

// readFeedback notes that a key frame is wanted.
func (c *Call) readFeedback(s *webrtc.RTPSender) {
	for {
		packets, _, err := s.ReadRTCP()
		if err != nil {
			return
		}
		for _, p := range packets {
			switch p.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				select {
				case c.keys <- struct{}{}:
				default:
				}
			}
		}
	}
}
