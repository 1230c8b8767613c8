package main

import (
	"context"
	"encoding/binary"
	"sync"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

const (
	pictureType = 96
	repairType  = 97
	soundType   = 111
	transportCC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
	sendTimeURI = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
	// feedbackTime is Chromium's at these rates; reportTime is Pion's and near Chromium's.
	feedbackTime = 100 * time.Millisecond
	reportTime   = time.Second
	arrivalsMost = 4096
	controlBytes = 1100 // of an RTCP datagram
)

// line is what one person receives: counted at the socket, by headers, which are not encrypted. Pion decrypts the
// sampled packets only: its whole way for each of 100,000 packets/s would need more than the generator's core.
type line struct {
	began    time.Time
	asks     bool // for what is missing
	every    int  // a sampled packet in so many; odd, so that each part of a frame has its turn
	mu       sync.Mutex
	numberID byte                     // mu: of the transport-wide extension; 0: not agreed
	streams  map[uint32]*stream       // mu: by SSRC
	arrivals map[uint64]time.Duration // mu: of sampled packets, by SSRC and number
	sampling bool                     // mu
	samples  []float64                // mu: delays in ms
	received int64                    // mu
	recorder *twcc.Recorder           // mu
	sockets  []*socket                // mu
}

func newLine(began time.Time, every int, asks bool) *line {
	return &line{began: began, every: every, asks: asks, streams: map[uint32]*stream{}, arrivals: map[uint64]time.Duration{}, recorder: twcc.NewRecorder(7)}
}

func (l *line) watch(s *socket) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sockets = append(l.sockets, s)
}

// count what a socket got at once, and say which of it Pion needs.
func (l *line) count(s *socket) {
	now := time.Since(l.began)
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range s.got {
		p := s.packet(i)
		s.keep[i] = len(p) < 12 || p[0] < 128 || p[1] >= 192 && p[1] < 224 || l.packet(p, now)
	}
}

// packet counts an RTP packet; true if it is sampled.
func (l *line) packet(p []byte, now time.Duration) bool {
	l.note(p, now)
	payload, number, ssrc := p[1]&0x7f, binary.BigEndian.Uint16(p[2:]), binary.BigEndian.Uint32(p[8:])
	if payload != pictureType && payload != soundType {
		return false // retransmissions and probing
	}
	st := l.streams[ssrc]
	if st == nil {
		st = newStream(ssrc, number)
		l.streams[ssrc] = st
	}
	st.arrive(number)
	if payload == pictureType && len(p) < pictureBytes || len(p) < soundBytes {
		return false // padding
	}
	l.received++
	if int(number)%l.every != 0 {
		return false
	}
	if l.sampling && len(l.arrivals) < arrivalsMost {
		l.arrivals[uint64(ssrc)<<16|uint64(number)] = now
	}
	return true
}

// note an arrival for the transport-wide feedback, if that was agreed (extensions in the one-byte form of RFC 8285).
func (l *line) note(p []byte, now time.Duration) {
	if l.numberID == 0 || p[0]&0x10 == 0 || len(p) < 16 || p[12] != 0xBE {
		return
	}
	for x := p[16:min(len(p), 16+4*int(p[15]))]; len(x) > 2; {
		if x[0] == 0 {
			x = x[1:]
			continue
		}
		n := int(x[0]&15) + 1
		if x[0]>>4 == l.numberID && n == 2 {
			l.recorder.Record(binary.BigEndian.Uint32(p[8:]), binary.BigEndian.Uint16(x[1:]), now.Microseconds())
			return
		}
		x = x[min(len(x), 1+n):]
	}
}

// sampled notes the delay of a packet that Pion decrypted: from the sender's write to the socket's read.
func (l *line) sampled(ssrc uint32, number uint16, payload []byte) {
	sent, ok := readStamp(payload)
	l.mu.Lock()
	defer l.mu.Unlock()
	key := uint64(ssrc)<<16 | uint64(number)
	at, known := l.arrivals[key]
	delete(l.arrivals, key)
	if ok && known {
		l.samples = append(l.samples, float64((at-sent).Nanoseconds())/1e6)
	}
}

// feedback until ctx ends: arrivals if agreed, what is missing, and reports, as an ordinary receiver sends them.
func (l *line) feedback(ctx context.Context, pc *webrtc.PeerConnection) {
	each := int(reportTime / feedbackTime)
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(feedbackTime):
		}
		for _, datagram := range datagrams(l.due(n%each == each-1)) {
			_ = pc.WriteRTCP(datagram) // refused before the line is up and while it ends
		}
	}
}

// datagrams are what goes together: servers read no longer ones than a network carries.
func datagrams(all []rtcp.Packet) [][]rtcp.Packet {
	var out [][]rtcp.Packet
	size := controlBytes
	for _, p := range all {
		n := p.MarshalSize()
		if size+n > controlBytes {
			out, size = append(out, nil), 0
		}
		out[len(out)-1] = append(out[len(out)-1], p)
		size += n
	}
	return out
}

func (l *line) due(reports bool) []rtcp.Packet {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []rtcp.Packet
	if l.recorder.PacketsHeld() > 0 {
		all = l.recorder.BuildFeedbackPacket()
	}
	var blocks []rtcp.ReceptionReport
	for _, s := range l.streams {
		if numbers := s.ask(); l.asks && len(numbers) > 0 {
			all = append(all, &rtcp.TransportLayerNack{SenderSSRC: 7, MediaSSRC: s.ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(numbers)})
		}
		if reports {
			blocks = append(blocks, s.report())
		}
	}
	for len(blocks) > 0 {
		n := min(len(blocks), reportMax)
		all = append(all, &rtcp.ReceiverReport{SSRC: 7, Reports: blocks[:n]})
		blocks = blocks[n:]
	}
	return all
}

// tally so far.
func (l *line) tally() (received, dropped int64, streams int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.sockets {
		dropped += s.dropped()
	}
	return l.received, dropped, len(l.streams)
}

// sample begins or ends the measuring of delays, and returns those so far.
func (l *line) sample(on bool) []float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sampling = on
	out := l.samples
	l.samples = nil
	return out
}

// agree sets the id of the transport-wide extension.
func (l *line) agree(id byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.numberID = id
}

func (l *line) agreed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.numberID != 0
}
