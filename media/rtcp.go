package media

import (
	"encoding/binary"
	"math/bits"
)

// RTCP packet types and feedback formats that we read.
const (
	rtcpSR        = 200
	rtcpRR        = 201
	rtcpSDES      = 202
	rtcpTransport = 205 // RTPFB
	rtcpPayload   = 206 // PSFB

	formatNack = 1 // of RTPFB
	formatPLI  = 1 // of PSFB
	formatFIR  = 4
	formatAFB  = 15

	formatArrivals = 15 // of RTPFB: transport-wide feedback
)

// nextRTCP cuts the first packet off a compound; false at its end, or when its
// length lies.
func nextRTCP(b []byte) (p, rest []byte, ok bool) {
	if len(b) < 8 || b[0]>>6 != 2 {
		return nil, nil, false
	}
	n := int(binary.BigEndian.Uint16(b[2:]))*4 + 4
	if n < 8 || n > len(b) {
		return nil, nil, false
	}
	return b[:n], b[n:], true
}

// control reads an authenticated compound packet of p.
func (r *road) control(p *peer, b []byte) {
	for len(b) > 0 {
		c, rest, ok := nextRTCP(b)
		if !ok {
			r.stats.DroppedMalformed++
			return
		}
		b = rest
		format := c[0] & 31
		switch {
		case c[1] == rtcpSR && len(c) >= 28:
			r.senderReport(p, c)
			r.reportBlocks(p, c[28:], int(format))
		case c[1] == rtcpRR:
			r.reportBlocks(p, c[8:], int(format))
		case c[1] == rtcpTransport && format == formatNack && len(c) >= 16:
			r.nacked(p, c)
		case c[1] == rtcpTransport && format == formatArrivals:
			r.arrived(p, c)
		case c[1] == rtcpPayload && format == formatAFB:
			p.remb = readREMB(c, p.remb)
		case c[1] == rtcpPayload && format == formatPLI && len(c) >= 12:
			r.wantKey(p, binary.BigEndian.Uint32(c[8:]))
		case c[1] == rtcpPayload && format == formatFIR && len(c) >= 12:
			for e := c[12:]; len(e) >= 8; e = e[8:] {
				r.wantKey(p, binary.BigEndian.Uint32(e))
			}
		}
	}
}

// wantKey: a receiver asks for a key frame in one of its slots. The tick sends
// what is wanted, merged by source.
func (r *road) wantKey(p *peer, ssrc uint32) {
	s := p.slotOf(ssrc)
	if s == nil {
		r.stats.DroppedForeign++
		return
	}
	if s.kind != Video || s.cur == nil {
		return
	}
	r.stats.PLIsIn++
	s.cur.keyWanted, r.pressing = true, true
}

func (r *road) senderReport(p *peer, c []byte) {
	s := p.find(binary.BigEndian.Uint32(c[4:]))
	if s == nil {
		r.stats.DroppedForeign++
		return
	}
	if s.rtx {
		return
	}
	l := s.layer
	ntp := ntpNanos(c[8:])
	if ntp == 0 {
		return // RFC 3550: the sender has no clock
	}
	p.clock.sample(ntp, r.now)
	first := !l.reported
	l.reported, l.srNTP, l.srTS, l.srAt = true, ntp, binary.BigEndian.Uint32(c[16:]), r.now
	l.srMiddle = binary.BigEndian.Uint32(c[10:])
	if first {
		for _, s := range l.slots {
			if s.cur == l {
				s.stand(r.now)
				r.tellBehind(s)
				s.reportDue = r.now
			}
		}
	}
}

// reportBlocks reads what a receiver says of our slots.
func (r *road) reportBlocks(p *peer, b []byte, n int) {
	for ; n > 0 && len(b) >= 24; n, b = n-1, b[24:] {
		s := p.slotOf(binary.BigEndian.Uint32(b))
		if s == nil {
			r.stats.DroppedForeign++
			continue
		}
		s.lossDown, s.jitter = b[4], binary.BigEndian.Uint32(b[12:])
		last, delay := binary.BigEndian.Uint32(b[16:]), binary.BigEndian.Uint32(b[20:])
		if last == 0 {
			continue
		}
		var now [8]byte
		putNTP(now[:], r.wall())
		// Units of 1/65536 s; a negative or absurd difference is no measurement.
		if d := int32(binary.BigEndian.Uint32(now[2:]) - last - delay); d >= 0 && d < 60<<16 {
			p.rtt = int64(d) * 1e9 >> 16
		}
	}
}

// wall is now in nanoseconds since 1970, on a clock that never steps.
func (r *road) wall() int64 { return r.began.UnixNano() + r.now }

// nacked answers a NACK out of the track's history. What we miss ourselves
// needs no answer: it is forwarded when the publisher repairs it.
func (r *road) nacked(p *peer, c []byte) {
	s := p.slotOf(binary.BigEndian.Uint32(c[8:]))
	to := p.remote.Load()
	if s == nil {
		r.stats.DroppedForeign++
		return
	}
	if s.cur == nil || s.rtxSSRC == 0 || to == nil || p.out == nil {
		return
	}
	for e := c[12:]; len(e) >= 4; e = e[4:] {
		seq, mask := binary.BigEndian.Uint16(e), binary.BigEndian.Uint16(e[2:])
		for i := -1; i < 16; i++ {
			if i >= 0 && mask>>i&1 == 0 {
				continue
			}
			if p.asked++; p.asked > maxAsked {
				r.stats.DroppedFlood++
				r.out.end()
				return
			}
			r.stats.NacksIn++
			index, ok := unroll(s.last, seq+uint16(i+1))
			if !ok || index > s.last {
				continue
			}
			came, ok := s.incoming(index)
			if !ok {
				continue
			}
			if p.resent == maxResends {
				r.stats.DroppedSlow++
				continue
			}
			if k := s.cur.find(came); k != nil && s.formats[k.codec].rtx != 0 && s.mayAgain(index, r.now, p.rtt) {
				p.resent++
				r.own.resend(p, to, s, k)
			}
		}
	}
	r.out.end()
}

// appendNacks writes the FCI of a NACK for ascending indexes.
func appendNacks(b []byte, missing []uint64) []byte {
	for len(missing) > 0 {
		first := missing[0]
		var mask uint16
		missing = missing[1:]
		for len(missing) > 0 && missing[0]-first <= 16 {
			mask |= 1 << (missing[0] - first - 1)
			missing = missing[1:]
		}
		b = binary.BigEndian.AppendUint16(b, uint16(first))
		b = binary.BigEndian.AppendUint16(b, mask)
	}
	return b
}

// arrived reads a transport-wide feedback packet.
func (r *road) arrived(p *peer, c []byte) {
	if p.flight == nil {
		return
	}
	acks, ok := p.flight.arrivals(c, r.acks[:0])
	r.acks = acks
	if !ok {
		r.stats.DroppedMalformed++
		return
	}
	p.estimate.feedback(acks, r.now, p.rtt)
	p.folding.count(acks)
	p.flight.since = 0
	if p.estimate.rate < float64(p.used) {
		r.share(p) // now: what goes on goes into the line's queue
	}
}

// readREMB is the bitrate of a REMB message (draft-alvestrand-rmcat-remb-03
// §2.2); other application feedback leaves it as it was.
func readREMB(c []byte, before int) int {
	if len(c) < 20 || string(c[12:16]) != "REMB" {
		return before
	}
	x := binary.BigEndian.Uint32(c[16:]) & 0xffffff
	return int(uint64(x&(1<<18-1)) << min(x>>18, 32))
}

// rembBitrate writes bit/s as 6 bits of exponent and 18 of mantissa.
func rembBitrate(bps uint32) uint32 {
	e := max(bits.Len32(bps)-18, 0)
	return uint32(e)<<18 | bps>>e
}
