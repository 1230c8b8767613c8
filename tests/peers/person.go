package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/transport/v5/stdnet"
	"github.com/pion/webrtc/v4"
)

// connectTime is the longest that one connection may need.
const connectTime = 30 * time.Second

// person is one participant, the same for every server: Pion's PeerConnection with one picture and one sound, of which
// the receiving side is counted by its line.
type person struct {
	name       string
	began      time.Time
	from       []*person // whom it receives
	fans       int       // who receive it
	spread     bool      // its frames
	camera     *webrtc.TrackLocalStaticRTP
	microphone *webrtc.TrackLocalStaticRTP
	line       *line
	cert       webrtc.Certificate
	sent       atomic.Int64
	keyWanted  atomic.Bool
	fast       *atomic.Bool // all are in: send at the full rate
	mu         sync.Mutex
	open       []*webrtc.PeerConnection // mu
}

// connection of this person. Both servers get the same codecs, extensions and one SRTP profile, AES-128-GCM, which both take.
func (p *person) connection() (*webrtc.PeerConnection, error) {
	m := &webrtc.MediaEngine{}
	if err := register(m); err != nil {
		return nil, err
	}
	r, err := answers()
	if err != nil {
		return nil, err
	}
	network, err := stdnet.NewNet()
	if err != nil {
		return nil, fmt.Errorf("interfaces: %w", err)
	}
	var s webrtc.SettingEngine
	s.SetNet(sockets{network, p.line})
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetIncludeLoopbackCandidate(true)
	s.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM)
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(m), webrtc.WithInterceptorRegistry(r), webrtc.WithSettingEngine(s)).
		NewPeerConnection(webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle, Certificates: []webrtc.Certificate{p.cert}})
	if err != nil {
		return nil, fmt.Errorf("peer connection: %w", err)
	}
	pc.OnTrack(p.decrypted)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = append(p.open, pc)
	return pc, nil
}

func register(m *webrtc.MediaEngine) error {
	transport := webrtc.RTCPFeedback{Type: webrtc.TypeRTCPFBTransportCC}
	picture := []webrtc.RTCPFeedback{transport, {Type: webrtc.TypeRTCPFBGoogREMB}, {Type: webrtc.TypeRTCPFBCCM, Parameter: "fir"},
		{Type: webrtc.TypeRTCPFBNACK}, {Type: webrtc.TypeRTCPFBNACK, Parameter: "pli"}}
	err := errors.Join(
		m.RegisterCodec(webrtc.RTPCodecParameters{PayloadType: soundType, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus,
			ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1", RTCPFeedback: []webrtc.RTCPFeedback{transport}}}, webrtc.RTPCodecTypeAudio),
		m.RegisterCodec(webrtc.RTPCodecParameters{PayloadType: pictureType, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8,
			ClockRate: 90000, RTCPFeedback: picture}}, webrtc.RTPCodecTypeVideo),
		m.RegisterCodec(webrtc.RTPCodecParameters{PayloadType: repairType, RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeRTX,
			ClockRate: 90000, SDPFmtpLine: "apt=96"}}, webrtc.RTPCodecTypeVideo))
	for _, uri := range []string{"urn:ietf:params:rtp-hdrext:sdes:mid", transportCC, sendTimeURI} {
		for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
			err = errors.Join(err, m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uri}, kind))
		}
	}
	return err
}

// answers are Pion's own for who sends: sender reports, retransmission, transport-wide numbers. What a receiver sends is in line.
func answers() (*interceptor.Registry, error) {
	r := &interceptor.Registry{}
	reports, err := report.NewSenderInterceptor()
	if err != nil {
		return nil, err
	}
	repairs, err := nack.NewResponderInterceptor()
	if err != nil {
		return nil, err
	}
	numbers, err := twcc.NewHeaderExtensionInterceptor()
	if err != nil {
		return nil, err
	}
	r.Add(reports)
	r.Add(repairs)
	r.Add(numbers)
	return r, nil
}

// tracks that this person sends.
func (p *person) tracks(s scenario) error {
	var err error
	p.spread = s.Spread
	if s.Picture {
		if p.camera, err = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}, "camera-"+p.name, p.name); err != nil {
			return err
		}
	}
	if s.Sound {
		p.microphone, err = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}, "microphone-"+p.name, p.name)
	}
	return err
}

// add the tracks to a connection; what they are comes back by transceiver.
func (p *person) add(pc *webrtc.PeerConnection) (camera, microphone *webrtc.RTPTransceiver, err error) {
	one := func(t *webrtc.TrackLocalStaticRTP) *webrtc.RTPTransceiver {
		if t == nil || err != nil {
			return nil
		}
		var tr *webrtc.RTPTransceiver
		if tr, err = pc.AddTransceiverFromTrack(t, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}); err != nil {
			return nil
		}
		go p.listen(tr.Sender()) // until the connection is closed
		return tr
	}
	return one(p.camera), one(p.microphone), err
}

// listen to what is asked of a sender; Pion answers for lost packets as long as somebody reads.
func (p *person) listen(s *webrtc.RTPSender) {
	for {
		all, _, err := s.ReadRTCP()
		if err != nil {
			return
		}
		for _, c := range all {
			switch c.(type) {
			case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
				p.keyWanted.Store(true)
			}
		}
	}
}

func (p *person) decrypted(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
	b := make([]byte, packetRoom)
	var h rtp.Header
	for {
		n, _, err := t.Read(b)
		if err != nil {
			return
		}
		if k, err := h.Unmarshal(b[:n]); err == nil {
			p.line.sampled(h.SSRC, h.SequenceNumber, b[k:n])
		}
	}
}

// connected waits for it.
func connected(ctx context.Context, pc *webrtc.PeerConnection) error {
	up := make(chan webrtc.PeerConnectionState, 8)
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		select {
		case up <- s:
		default:
		}
	})
	for s := pc.ConnectionState(); ; {
		switch s {
		case webrtc.PeerConnectionStateConnected:
			return nil
		case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
			return errors.New("a connection failed")
		}
		select {
		case s = <-up:
		case <-ctx.Done():
			return fmt.Errorf("connect: %w", context.Cause(ctx))
		}
	}
}

// agreed looks for the transport-wide extension in what the server answered or offered.
func (p *person) agreed(sdp string) {
	for l := range strings.Lines(sdp) {
		var id byte
		var uri string
		if _, err := fmt.Sscanf(strings.TrimSpace(l), "a=extmap:%d %s", &id, &uri); err == nil && uri == transportCC {
			p.line.agree(id)
		}
	}
}

// publish until ctx ends.
func (p *person) publish(ctx context.Context, wait *sync.WaitGroup) {
	if p.camera != nil {
		wait.Go(func() { p.publishPicture(ctx) })
	}
	if p.microphone != nil {
		wait.Go(func() { p.publishSound(ctx) })
	}
}

// slow is the part of the rate that is sent until all are in: enough for servers that announce a track by its first packets.
const slow = 10

const (
	spreadTogether = 2
	spreadTime     = 5 * time.Millisecond
)

func (p *person) publishPicture(ctx context.Context) {
	b := make([]byte, pictureBytes)
	packet := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(rand.Uint32()), Timestamp: rand.Uint32()}, Payload: b}
	frame := 0
	every(ctx, time.Second/framesPerSecond, func(n int) {
		packet.Timestamp += 90000 / framesPerSecond
		if !p.fast.Load() && n%slow != 0 {
			return
		}
		key := p.keyWanted.Swap(false) || frame%keyEvery == 0 || !p.fast.Load()
		for i := range framePackets {
			writePicture(b, frame, i, key, time.Since(p.began))
			packet.SequenceNumber++
			packet.Marker = i == framePackets-1
			if p.spread { // Chromium cuts a frame into parts of two lengths, one byte apart, and lets them go a few at a time
				packet.Payload = b[:pictureBytes-(i&1)]
				if i > 0 && i%spreadTogether == 0 && pause(ctx, spreadTime) != nil {
					return
				}
			}
			p.write(p.camera, &packet)
		}
		frame++
	})
}

func (p *person) publishSound(ctx context.Context) {
	b := make([]byte, soundBytes)
	packet := rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(rand.Uint32()), Timestamp: rand.Uint32()}, Payload: b}
	every(ctx, soundTime, func(n int) {
		packet.Timestamp += 48000 / 50
		if !p.fast.Load() && n%slow != 0 {
			return
		}
		writeSound(b, time.Since(p.began))
		packet.SequenceNumber++
		p.write(p.microphone, &packet)
	})
}

func (p *person) write(t *webrtc.TrackLocalStaticRTP, packet *rtp.Packet) {
	if t.WriteRTP(packet) == nil {
		p.sent.Add(1)
	}
}

// every calls f at a steady rate, from a random phase on.
func every(ctx context.Context, d time.Duration, f func(n int)) {
	next := time.Now().Add(rand.N(d))
	t := time.NewTimer(time.Until(next))
	defer t.Stop()
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		f(n)
		next = next.Add(d)
		t.Reset(time.Until(next))
	}
}

func (p *person) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, pc := range p.open {
		_ = pc.Close()
	}
}
