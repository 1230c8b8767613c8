package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/pion/webrtc/v4"
)

// astara is the router of the binary as `astara bench server` runs it: JSON lines instead of a room's signalling.
type astara struct {
	process
	mu  sync.Mutex // one request at a time
	in  io.WriteCloser
	out *json.Decoder
}

// request and reply are those of media/bench.
type request struct {
	Do    string `json:"do"`
	Peer  string `json:"peer"`
	Offer struct {
		SDP            string
		Sources, Slots map[string]string // by mid
	} `json:"offer,omitzero"`
	Slot  string                        `json:"slot,omitempty"`
	Track struct{ Peer, Source string } `json:"track,omitzero"`
}

type reply struct {
	Error string `json:"error"`
	SDP   string `json:"sdp"`
}

func startAstara(ctx context.Context, c cores, binary string) (*astara, error) {
	cmd := command(ctx, binary, "bench", "server")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	a := &astara{in: in, out: json.NewDecoder(out)}
	if a.process, err = c.start(cmd); err != nil {
		return nil, err
	}
	if _, err := a.ask(request{Do: "usage"}); err != nil { // it is up
		a.stop()
		return nil, err
	}
	return a, nil
}

func (a *astara) ask(q request) (reply, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var r reply
	if err := json.NewEncoder(a.in).Encode(q); err != nil {
		return r, fmt.Errorf("ask astara: %w", err)
	}
	if err := a.out.Decode(&r); err != nil {
		return r, fmt.Errorf("astara's reply: %w", err)
	}
	if r.Error != "" {
		return r, errors.New("astara: " + r.Error)
	}
	return r, nil
}

// join by one connection with what is sent and a slot for each picture and sound that is received.
func (a *astara) join(ctx context.Context, p *person) error {
	pc, err := p.connection()
	if err != nil {
		return err
	}
	sources, slots := map[string]*webrtc.RTPTransceiver{}, map[string]*webrtc.RTPTransceiver{}
	if sources["camera"], sources["microphone"], err = p.add(pc); err != nil {
		return err
	}
	for i, q := range p.from {
		for slot, t := range map[string]*webrtc.TrackLocalStaticRTP{fmt.Sprint("v", i): q.camera, fmt.Sprint("a", i): q.microphone} {
			if t == nil {
				continue
			}
			kind := t.Kind()
			if slots[slot], err = pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
				return err
			}
		}
	}
	sdp, err := offer(ctx, pc)
	if err != nil {
		return err
	}
	q := request{Do: "answer", Peer: p.name}
	q.Offer.SDP, q.Offer.Sources, q.Offer.Slots = sdp, map[string]string{}, map[string]string{}
	for source, tr := range sources {
		if tr != nil {
			q.Offer.Sources[tr.Mid()] = source
		}
	}
	for slot, tr := range slots {
		q.Offer.Slots[tr.Mid()] = slot
	}
	r, err := a.ask(q)
	if err != nil {
		return err
	}
	p.agreed(r.SDP)
	if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: r.SDP}); err != nil {
		return fmt.Errorf("astara's answer: %w", err)
	}
	return connected(ctx, pc)
}

// subscribe fills the slots; everybody is in.
func (a *astara) subscribe(p *person) error {
	for i, from := range p.from {
		q := request{Do: "assign", Peer: p.name}
		q.Track.Peer = from.name
		if from.camera != nil {
			q.Slot, q.Track.Source = fmt.Sprint("v", i), "camera"
			if _, err := a.ask(q); err != nil {
				return err
			}
		}
		if from.microphone != nil {
			q.Slot, q.Track.Source = fmt.Sprint("a", i), "microphone"
			if _, err := a.ask(q); err != nil {
				return err
			}
		}
	}
	return nil
}

// broken: without signalling sockets nothing breaks that is not seen as lost.
func (a *astara) broken() error { return nil }

// offer with all candidates: there is one.
func offer(ctx context.Context, pc *webrtc.PeerConnection) (string, error) {
	o, err := pc.CreateOffer(nil)
	if err != nil {
		return "", fmt.Errorf("offer: %w", err)
	}
	return describe(ctx, pc, o)
}

func describe(ctx context.Context, pc *webrtc.PeerConnection, d webrtc.SessionDescription) (string, error) {
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(d); err != nil {
		return "", fmt.Errorf("local description: %w", err)
	}
	select {
	case <-gathered:
		return pc.LocalDescription().SDP, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}
