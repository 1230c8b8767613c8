package media

// Repair of sound. What is lost on the way comes again with the packets after
// it (RFC 2198), which needs no round trip and no packet of its own.
//
// From a publisher: a packet with copies is taken apart where it arrives. Its
// own sound goes on as any other; a copy of what was lost takes the place of
// that in the history and goes on like it.
//
// To a receiver: where sound gets lost the road lets each packet carry the
// payloads before it, out of the history, and opens none of them. Who loses
// nothing gets plain packets.

const (
	// maxDepth is how many earlier payloads a packet carries at most.
	maxDepth = 2
	// maxFolded bounds a payload with copies: it fits into any path.
	maxFolded = 1100

	// foldCalm below half of the share from which on it was needed, a copy less
	// is sent.
	foldCalm = 10e9
	// foldFade each foldStep: a mean over 2 s.
	foldFade = 0.9
	foldStep = 8 // ticks
	// foldWorse is more loss than before, foldLook after there were copies: they
	// do not fit. For foldBarred there are none more.
	foldWorse  = 0.10
	foldLook   = 3e9
	foldBarred = 30e9
	// foldLeast packets must be missing, so two within a good second: one says
	// nothing.
	foldLeast = 1.5
)

// foldFrom is the share of packets lost from which on a packet carries one more
// earlier payload than depth. Of a share x of the sound x² and x³ are then still lost.
func foldFrom(depth uint8) float64 {
	if depth == 0 {
		return 0.01
	}
	return 0.05
}

// unfold takes a payload with copies apart. What l misses of them is kept and
// queued before the packet that brought it. False means that a length lies.
func (r *road) unfold(p *peer, l *layer, h *header, index uint64, payload []byte) (primary []byte, ok bool) {
	x := &r.unfolded
	if !x.parse(payload) || p.codecs[x.of] != opus {
		return nil, false
	}
	for i, c := range x.copies[:x.n] {
		back := uint64(x.n - i)
		if back > index || c.age == 0 || len(c.data) == 0 || !l.lacks(index-back, h.ts-c.age) {
			continue
		}
		if !p.packets.take(r.now, packetsOfPeer, packetsBurst) { // it goes to as many people as any other
			r.stats.DroppedFlood++
			continue
		}
		old := *h
		old.ts -= c.age
		old.marker, old.restored, old.has[extLevel] = false, true, false
		r.stats.Restored++
		r.queue(l, l.keep(&old, index-back, c.data, false, r.came), &old)
	}
	return x.primary, true
}

// lacks says that index is missing and that ts fits to what is there around it:
// a sender may count its copies in another way than we do.
func (l *layer) lacks(index uint64, ts uint32) bool {
	if !l.started || index < l.first || !l.fresh(index) {
		return false
	}
	for i := uint64(1); i <= maxCopies && i <= index; i++ {
		if k := l.find(index - i); k != nil {
			if int32(ts-k.ts) <= 0 {
				return false
			}
			break
		}
	}
	for i := uint64(1); i <= maxCopies; i++ {
		if k := l.find(index + i); k != nil {
			return int32(k.ts-ts) > 0
		}
	}
	return true
}

// restored says that the packet of index has only been restored so far.
func (l *layer) restored(index uint64) bool {
	k := l.find(index)
	return k != nil && k.restored
}

// along finds the earlier payloads that go with k, the nearest first, and the
// bytes that they add. The slot has sent all of them itself or would have.
func (s *slot) along(k *packet, all *[maxDepth]*packet) (n, bytes int) {
	if s.cur == nil || k.late || k.padding {
		return 0, 0
	}
	bytes = 1
	for back := uint64(1); back <= uint64(s.depth) && back+s.from <= k.index; back++ {
		e := s.cur.find(k.index - back)
		if e == nil || e.padding || len(e.data) > maxCopySize || k.ts-e.ts-1 >= maxCopyAge || bytes+copyHeader+len(e.data)+len(k.data) > maxFolded {
			continue
		}
		all[n] = e
		n++
		bytes += copyHeader + len(e.data)
	}
	if n == 0 {
		return 0, 0
	}
	return n, bytes
}

// fold writes k's payload with those that go along.
func (s *slot) fold(b []byte, k *packet, along []*packet) {
	for i := len(along) - 1; i >= 0; i-- {
		e := along[i]
		putCopyHeader(b, s.formats[opus].payload, k.ts-e.ts, len(e.data))
		b = b[copyHeader:]
	}
	b[0] = s.formats[opus].payload
	b = b[1:]
	for i := len(along) - 1; i >= 0; i-- {
		b = b[copy(b, along[i].data):]
	}
	copy(b, k.data)
}

// folding is the share of what is sent to a receiver that does not come, and how
// many earlier payloads a packet of sound carries for that.
type folding struct {
	sent, lost float64 // fading
	calm       int64   // since when one less would do; 0: it would not
	depth      uint8
	rose       int64   // when there were none before
	before     float64 // share at that time
	barred     int64   // until when it may not
}

func (x *folding) count(acks []ack) {
	for i := range acks {
		switch {
		case acks[i].again: // late, and counted as lost before
			x.lost = max(x.lost-1, 0)
			continue
		case acks[i].came == missing:
			x.lost++
		}
		x.sent++
	}
}

// judge is called each foldStep. full says that the line is taken to be full:
// then copies that made the loss worse, because they are what does not fit, are
// left out for a while. A line that only loses is not made worse by them.
func (x *folding) judge(full bool, now int64) {
	share, enough := x.lost/max(x.sent, 1), x.lost >= foldLeast
	x.sent, x.lost = x.sent*foldFade, x.lost*foldFade
	switch {
	case full && x.depth > 0 && share > x.before+foldWorse && now-x.rose > foldLook:
		x.depth, x.calm, x.barred = 0, 0, now+foldBarred
	case x.depth < maxDepth && share >= foldFrom(x.depth) && enough && now >= x.barred:
		if x.depth == 0 {
			x.rose, x.before = now, share
		}
		x.depth, x.calm = x.depth+1, 0
	case x.depth == 0 || share >= foldFrom(x.depth-1)/2:
		x.calm = 0
	case x.calm == 0:
		x.calm = now
	case now-x.calm >= foldCalm:
		x.depth, x.calm = x.depth-1, 0
	}
}

// repair gives p's slots of sound what its losses need.
func (r *road) repair(p *peer) {
	x := &p.folding
	if p.flight == nil { // its reports of each stream must do
		x.sent, x.lost = 100, 0
		for _, s := range p.slots {
			if s.kind == Audio && s.cur != nil {
				x.lost = max(x.lost, 100*float64(s.lossDown)/256)
			}
		}
	}
	need := 0
	for _, s := range p.slots {
		need += s.sound(x.depth)
	}
	x.judge(p.estimate != nil && p.estimate.delay < float64(need), r.now)
	depth := p.affordable(x.depth)
	for _, s := range p.slots {
		if s.formats[red].payload != 0 && s.depth != depth {
			s.depth, p.unshared = depth, true
		}
	}
}

// affordable is how many copies of depth leave half of the line to pictures: a
// narrow line loses by being full, and copies of it would leave no picture.
func (p *peer) affordable(depth uint8) uint8 {
	for ; depth > 0 && p.estimate != nil; depth-- {
		need := 0
		for _, s := range p.slots {
			need += s.sound(depth)
		}
		if float64(need) <= p.estimate.rate/2 {
			break
		}
	}
	return depth
}

// sound is what the slot's sound takes with copies of depth, bit/s. A copy has
// no headers around it, which are a third of plain sound.
func (s *slot) sound(depth uint8) int {
	if s.kind != Audio || s.seat == nil || s.cur == nil {
		return 0
	}
	plain := max(s.cur.bitrate, nominalSound)
	return plain + plain*2/3*int(depth)
}
