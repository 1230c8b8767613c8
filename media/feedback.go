package media

import (
	"encoding/binary"
	"slices"
)

const (
	// ourSSRC sends all our feedback; it never sends media.
	ourSSRC = 1
	// rembCap, bit/s, for publishers without transport-wide feedback; without
	// any, Chromium stays at 300 kbit/s.
	rembCap = 2_500_000

	keyUrgent = 250e6 // between key frame requests while a slot waits
	keyMerged = 500e6 // otherwise
	nackAgain = 40e6  // and a round trip, where it is known
	// silentAfter it stopped sending, a layer is not asked for key frames.
	silentAfter = 2e9
	stopAfter   = 5e9 // a source that sends nothing for so long has stopped
	aliveAfter  = 3e9 // if its peer was heard within this
	// reportAhead: a sender report may come so much before its second is over.
	reportAhead = 500e6
)

// tick is what the road does by the clock, each tickTime, or later for so many
// at once: for every peer as a publisher and as a receiver, then for all.
func (r *road) tick(passed int) {
	r.ticks += passed
	r.pressing = false
	if r.every(8, passed) {
		r.steady()
	}
	r.climb(passed)
	for _, p := range r.peers {
		p.resent, p.asked = 0, 0
		if to := p.remote.Load(); to != nil && p.out != nil {
			p.unheard(r.now)
			r.tickSender(p, to, passed)
			r.tickReceiver(p, to, passed)
		}
	}
	if r.every(40, passed) {
		r.second()
	}
	if r.strain.calmed(r.now) && r.strain.held > 0 {
		r.relent()
	}
	r.tellLater()
	r.publish()
}

// every says that the last passed ticks had an n-th among them.
func (r *road) every(n, passed int) bool { return r.ticks/n != (r.ticks-passed)/n }

// tickSender asks a publisher for what is missing and for key frames, and
// reports what came.
func (r *road) tickSender(p *peer, to *remote, passed int) {
	for _, t := range p.tracks {
		t.quiet(r.now)
		if t.kind == Video && r.every(4, passed) {
			r.watch(t)
		}
		for _, l := range t.layers {
			if len(l.gaps) > 0 {
				r.nack(l)
				r.pressing = true
			}
			if t.kind == Video {
				r.askKey(p, to, l)
			}
		}
	}
	if r.every(4, passed) && p.feedback != nil && p.feedback.PacketsHeld() > 0 {
		r.transportFeedback(p, to)
	}
	if r.every(20, passed) && len(p.tracks) > 0 {
		r.receiverReport(p, to)
	}
}

// tickReceiver shares a receiver's line anew, sends what was held for it, and
// reports what its slots had.
func (r *road) tickReceiver(p *peer, to *remote, passed int) {
	if p.estimate != nil {
		r.accrue(p, passed)
		r.pressing = r.pressing || len(p.held) > 0 || p.estimate.probe.open
	}
	if r.every(foldStep, passed) {
		r.repair(p)
	}
	if p.unshared || r.every(8, passed) {
		r.share(p)
	}
	if r.every(4, passed) {
		r.tellPauses(p)
	}
	r.reportAll(p, to)
}

// publish makes the counters readable.
func (r *road) publish() {
	s := r.stats
	s.Peers, s.Held = len(r.peers), r.strain.held
	s.DroppedFlood += r.tcp.flooded.Load()
	for _, p := range r.peers {
		if p.out != nil {
			s.Connected++
		}
		for _, t := range p.tracks {
			if t.live {
				s.Tracks++
			}
		}
	}
	r.mu.Lock()
	r.told = s
	r.mu.Unlock()
}

// sealRTCP sends one compound packet to p; several of equal length that follow
// each other go in one message.
func (r *road) sealRTCP(p *peer, to *remote, plain []byte) {
	n := p.out.sealRTCP(r.scratch[1][:], plain)
	copy(r.out.place(to, n), r.scratch[1][:n])
}

// askKey sends a wanted key frame request, urgently while a slot waits.
func (r *road) askKey(p *peer, to *remote, l *layer) {
	pause := int64(keyMerged)
	for _, s := range l.slots {
		if (s.want == l || s.cur == l && s.turns()) && s.peer.takes() && s.plays(l.codec) {
			l.keyWanted = true
			pause = keyUrgent
			break
		}
	}
	if !l.keyWanted || !l.started || r.now-l.heard > silentAfter || l.keyAsked != 0 && r.now-l.keyAsked < pause {
		return
	}
	l.keyWanted, l.keyAsked = false, r.now
	r.stats.PLIsOut++
	b := append(r.scratch[0][:0], 0x80|formatPLI, rtcpPayload, 0, 2)
	b = binary.BigEndian.AppendUint32(b, ourSSRC)
	b = binary.BigEndian.AppendUint32(b, l.ssrc)
	r.sealRTCP(p, to, b)
}

// nack asks the publisher for what is missing and due.
func (r *road) nack(l *layer) {
	p := l.track.peer
	if p == nil || p.out == nil || p.remote.Load() == nil {
		l.gaps = l.gaps[:0]
		return
	}
	if r.strain.narrow != 0 && r.now-r.strain.narrow < lateStep { // it was kept out, and would be again
		l.gaps, l.keyWanted = l.gaps[:0], true
		return
	}
	to := p.remote.Load()
	var due [maxGaps]uint64
	n := 0
	again := nackAgain + p.rtt
	l.gaps = slices.DeleteFunc(l.gaps, func(g gap) bool {
		return g.tries >= maxNacks || g.index+videoHistory <= l.top
	})
	for i := range l.gaps {
		if g := &l.gaps[i]; r.now >= g.due {
			g.tries++
			g.due = r.now + again
			due[n] = g.index
			n++
		}
	}
	if n == 0 {
		return
	}
	r.stats.NacksOut += uint64(n)
	b := append(r.scratch[0][:0], 0x80|formatNack, rtcpTransport, 0, 0)
	b = binary.BigEndian.AppendUint32(b, ourSSRC)
	b = binary.BigEndian.AppendUint32(b, l.ssrc)
	b = appendNacks(b, due[:n])
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)/4-1))
	r.sealRTCP(p, to, b)
}

// reportAll sends the reports that are due, and with them those that soon will
// be: equally long, they are one message.
func (r *road) reportAll(p *peer, to *remote) {
	if !slices.ContainsFunc(p.slots, func(s *slot) bool { return s.cur != nil && r.now >= s.reportDue }) {
		return
	}
	for _, s := range p.slots {
		if s.cur != nil && r.now+reportAhead >= s.reportDue {
			r.report(p, to, s)
		}
	}
}

// report translates the publisher's sender report to the slot: our time, the
// slot's timestamp, extrapolated to now. Six in the first 1.2 s after a change,
// because publishers report sound only each 5 s; then one a second, or sooner
// beside those of other slots.
func (r *road) report(p *peer, to *remote, s *slot) {
	s.reportDue = r.now + 1e9
	if s.reports > 0 {
		s.reports--
		s.reportDue = r.now + 200e6
	}
	b := append(r.scratch[0][:0], 0x80, rtcpSR, 0, 6)
	b = binary.BigEndian.AppendUint32(b, s.ssrc)
	b = b[:16]
	putNTP(b[8:], r.wall())
	b = binary.BigEndian.AppendUint32(b, s.line(r.now))
	b = binary.BigEndian.AppendUint32(b, s.packets)
	b = binary.BigEndian.AppendUint32(b, s.octets)
	b = appendCNAME(b, s.ssrc, s.cname)
	r.stats.SenderReports++
	r.sealRTCP(p, to, b)
}

// appendCNAME writes an SDES packet (RFC 3550 §6.5).
func appendCNAME(b []byte, ssrc uint32, name string) []byte {
	start := len(b)
	b = append(b, 0x81, rtcpSDES, 0, 0)
	b = binary.BigEndian.AppendUint32(b, ssrc)
	b = append(b, 1, byte(len(name)))
	b = append(b, name...)
	b = append(b, 0)
	for (len(b)-start)%4 != 0 {
		b = append(b, 0)
	}
	binary.BigEndian.PutUint16(b[start+2:], uint16((len(b)-start)/4-1))
	return b
}

// receiverReport tells a publisher what came, and the bitrate we take where it
// has no transport-wide feedback to find its own.
func (r *road) receiverReport(p *peer, to *remote) {
	b := append(r.scratch[0][:0], 0x80, rtcpRR, 0, 0)
	b = binary.BigEndian.AppendUint32(b, ourSSRC)
	var media []uint32
	for _, t := range p.tracks {
		for _, l := range t.layers {
			if !l.started || len(media) == 31 {
				continue
			}
			media = append(media, l.ssrc)
			b[0]++
			b = r.appendBlock(b, l)
		}
	}
	if len(media) == 0 {
		return
	}
	binary.BigEndian.PutUint16(b[2:], uint16(len(b)/4-1))
	if p.feedback == nil {
		b = append(b, 0x80|formatAFB, rtcpPayload, 0, byte(4+len(media)))
		b = binary.BigEndian.AppendUint32(b, ourSSRC)
		b = append(b, 0, 0, 0, 0, 'R', 'E', 'M', 'B')
		b = binary.BigEndian.AppendUint32(b, uint32(len(media))<<24|rembBitrate(rembCap))
		for _, m := range media {
			b = binary.BigEndian.AppendUint32(b, m)
		}
	}
	r.sealRTCP(p, to, b)
}

func (r *road) appendBlock(b []byte, l *layer) []byte {
	expected, received := l.top-l.prior.expected, l.received-l.prior.received
	l.prior.expected, l.prior.received = l.top, l.received
	fraction := uint32(0)
	if expected > received {
		fraction = min(uint32((expected-received)*256/expected), 255)
	}
	lost := min(max(int64(l.top-l.first+1)-int64(l.received), 0), 1<<23-1)
	b = binary.BigEndian.AppendUint32(b, l.ssrc)
	b = binary.BigEndian.AppendUint32(b, fraction<<24|uint32(lost))
	b = binary.BigEndian.AppendUint32(b, uint32(l.top))
	b = binary.BigEndian.AppendUint32(b, uint32(l.jitter>>4))
	delay := uint32(0)
	if l.reported {
		delay = uint32((r.now - l.srAt) * 65536 / 1e9)
	}
	b = binary.BigEndian.AppendUint32(b, l.srMiddle)
	return binary.BigEndian.AppendUint32(b, delay)
}

// transportFeedback reports arrivals, from which the sender finds its bitrate.
func (r *road) transportFeedback(p *peer, to *remote) {
	for _, f := range p.feedback.BuildFeedbackPacket() {
		b, err := f.Marshal()
		if err != nil || len(b) > len(r.scratch[1])-rtcpRoom {
			continue
		}
		r.sealRTCP(p, to, b)
	}
}

// second measures lines, chooses layers, ends what is silent or gone.
func (r *road) second() {
	r.lost()
	r.lostReports()
	for _, p := range slices.Clone(r.peers) {
		if r.now-p.heard > r.consent {
			r.lose(p)
			continue
		}
		line := &Line{RTTms: float64(p.rtt) / 1e6, BitrateUp: p.bytesUp * 8, BitrateDown: p.bytesDown * 8}
		p.bytesUp, p.bytesDown, p.downBefore = 0, 0, 0
		if b := r.budget(p); b != unlimited {
			line.Carries = b
		}
		if w := p.remote.Load(); w != nil {
			line.Transport = "udp"
			if w.tcp != nil {
				line.Transport = "tcp"
			}
		}
		if r.now-p.levelAt > 500e6 {
			p.level8 = 127 * 8
			p.level.Store(127)
		}
		alive := r.now-max(p.heard, p.mediaHeard) < aliveAfter
		for _, t := range p.tracks {
			heard := int64(0)
			for _, l := range t.layers {
				l.measure(line)
				heard = max(heard, l.heard)
			}
			if t.live && alive && r.now-heard > stopAfter {
				r.stop(t, false)
			}
		}
		for _, s := range p.slots {
			if s.cur != nil {
				line.LossDown = max(line.LossDown, float64(s.lossDown)/256)
				if len(p.tracks) == 0 {
					line.JitterMs = max(line.JitterMs, float64(s.jitter)*1e3/float64(s.kind.rate()))
				}
			}
		}
		p.line.Store(line)
	}
}

// measure adds a layer's last second to its peer's line.
func (l *layer) measure(line *Line) {
	l.bitrate, l.bytes = l.bytes*8, 0
	l.settle()
	if !l.started {
		return
	}
	expected, received := l.top-l.second.expected, l.received-l.second.received
	l.second.expected, l.second.received = l.top, l.received
	if expected > received {
		line.LossUp = max(line.LossUp, float64(expected-received)/float64(expected))
	}
	// A picture's packets are paced within the frame, which reads as jitter.
	if l.track.kind == Video && l.track.peer.firstSound() != nil {
		return
	}
	line.JitterMs = max(line.JitterMs, float64(l.jitter>>4)*1e3/float64(l.track.kind.rate()))
}
