package media

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

const (
	tickTime = 25 * time.Millisecond
	// idleTime without a packet ends in a tick too.
	idleTime = 4 * tickTime
	// consentTime is RFC 7675's: without an authenticated check for so long,
	// nothing more may be sent.
	consentTime = 30 * time.Second
	maxEvents   = 4096 // waiting; see Router.Events
	// frameLooks for the rest of a frame.
	frameLooks = 4
)

// road is the packet road: one goroutine owns everything in it and takes no
// lock for a packet. Others hand it functions by do.
type road struct {
	log    *slog.Logger
	sock   *socket
	tcp    *tcpDoor
	cert   *identity
	in     *inbox
	own    sender
	out    *outbox // of own
	crew   *crew
	ctx    context.Context
	wait   *sync.WaitGroup
	events chan<- Event

	began   time.Time // the router's clock starts here
	consent int64
	now     int64 // nanoseconds since began, at the last receive
	clock   int64 // the same on the machine's clock, since 1970

	sendTime [3]byte // abs-send-time of now
	parsed   header
	came     int64 // when the present packet did, on the router's clock
	aged     bool  // the present packet has waited longer than sound is of use
	cut      bool  // the last packet was of a picture, and not its end
	peers    []*peer
	users    map[string]*peer // by our user fragment
	ways     map[address]*remote
	lastWay  *remote
	way      *remote // of the present packet
	tracks   map[TrackID]*track
	dirty    []*peer // with packets in queue
	queued   int     // packets in their queues
	gapped   []*layer
	strain   strain
	beat     beat
	gate     gate
	guard    guard
	stats    Stats
	behind   []Event // for which events had no room
	due      int64   // the next tick
	alarm    int64   // when the clock wakes the road
	pressing bool    // something waits for the next tick
	ticks    int
	turn     int  // who is first to probe, see climb
	reported bool // somebody reports arrivals
	scratch  [2][1500]byte
	sharing  []*slot  // scratch of share
	demands  []demand // scratch of share
	acks     []ack    // scratch of arrived
	unfolded redPayload

	mu   sync.Mutex // guards todo and told: nothing else is shared
	todo []func()
	told Stats // stats as of the last tick
}

// do hands f to the road. What waits is bounded by what callers ask for within
// one wake.
func (r *road) do(f func()) {
	r.mu.Lock()
	r.todo = append(r.todo, f)
	r.mu.Unlock()
	r.sock.bell.ring()
}

// run receives, forwards and keeps the road's clockwork until ctx ends.
func (r *road) run(ctx context.Context) error {
	r.look()
	n := batchSize
	for ctx.Err() == nil {
		var err error
		if n, err = r.in.receive(r.rests(n)); err != nil {
			return fmt.Errorf("receive: %w", err)
		}
		r.stats.Wakes++
		before := r.now
		r.look()
		r.beat.woke = r.now
		r.measure(n, before)
		r.takeAll(n)
		// A frame that came while the road rose for its first packet goes as one.
		for looks := 0; r.cut && looks < frameLooks; looks++ {
			r.takeAll(r.in.look(r.sock.fd))
		}
		r.forward()
		r.readReports()
		if r.sock.bell.rung.Load() || r.now >= r.due || r.wanted() < r.alarm {
			r.clockwork()
			r.forward()
		}
		r.look()
	}
	return nil
}

func (r *road) takeAll(n int) {
	r.cut = false
	for i := range n {
		b, from := r.in.packet(i)
		waited := max(r.waited(r.in.came(i)), 0)
		r.came, r.aged = r.now-waited, waited > soundStale
		r.take(b, from, nil)
	}
	r.came, r.aged = r.now, false
}

// clockwork does what others asked for and, when it is due, the tick. Packets
// wake the road often enough for most ticks; the clock does it where something
// is pressing, or after idleTime: each waking of an idle thread costs 20 us.
func (r *road) clockwork() {
	passed := 0
	if r.now >= r.due {
		passed = 1 + int((r.now-r.due)/int64(tickTime))
		r.due += int64(passed) * int64(tickTime)
	}
	for again := true; again; again = r.wanted() < r.alarm {
		r.alarm = r.wanted()
		r.sock.bell.set(r.began.Add(time.Duration(r.alarm)))
		r.obey()
		r.readTCP()
		if passed > 0 {
			r.tick(passed)
			passed = 0
		}
	}
}

// wanted is when the clock is to wake the road.
func (r *road) wanted() int64 {
	if r.pressing {
		return r.due
	}
	return r.due + int64(idleTime-tickTime)
}

// look at the clock, once a batch.
func (r *road) look() {
	t := time.Now()
	r.now, r.clock = int64(t.Sub(r.began)), t.UnixNano()
	r.came = r.now
	// Seconds in 6.18 fixed point.
	x := uint64(r.now) % 64e9 << 18 / 1e9
	r.sendTime = [3]byte{byte(x >> 16), byte(x >> 8), byte(x)}
}

// obey does what others asked for.
func (r *road) obey() {
	r.mu.Lock()
	todo := r.todo
	r.todo = nil
	r.mu.Unlock()
	r.pressing = r.pressing || len(todo) > 0
	for _, f := range todo {
		f()
	}
}

func (r *road) readTCP() {
	r.tcp.waiting.Store(false)
	for range batchSize {
		select {
		case p := <-r.tcp.inbox:
			r.take(p.data, p.conn.from, p.conn)
		default:
			return
		}
	}
	r.sock.bell.ring() // more is waiting
}

// forward writes the batch: asked-for packets first, then each receiver's burst.
func (r *road) forward() {
	for _, l := range r.gapped {
		l.gapped, r.pressing = false, true
		r.nack(l)
	}
	r.gapped = r.gapped[:0]
	if r.queued >= crewFrom {
		r.out.flush()
		r.crew.burst(r.dirty, &r.own)
	} else {
		for _, p := range r.dirty {
			r.own.burst(p)
		}
		r.out.flush()
	}
	for _, p := range r.dirty {
		p.listed = false
	}
	clear(r.dirty)
	r.dirty, r.queued = r.dirty[:0], 0
}

// take sorts one datagram by its first byte (RFC 7983).
func (r *road) take(b []byte, from address, tcp *tcpConn) {
	r.stats.PacketsIn++
	r.stats.BytesIn += uint64(len(b))
	if len(b) < 12 {
		r.stats.DroppedMalformed++
		return
	}
	if b[0] < 4 {
		r.check(b, from, tcp)
		return
	}
	way := r.lastWay
	if tcp != nil {
		way = tcp.remote
	} else if way == nil || way.addr != from {
		way = r.ways[from]
	}
	if way == nil {
		r.stats.DroppedUnknownAddr++
		return
	}
	if tcp == nil {
		r.lastWay = way
	}
	p := way.peer
	r.way = way
	r.meet(p)
	switch {
	case b[0] >= 20 && b[0] < 64:
		if !p.datagrams.take(r.now, dtlsOfPeer, dtlsOfPeer) {
			r.stats.DroppedFlood++
		} else if _, err := p.rx.Write(b, nil); err != nil {
			r.stats.DroppedSlow++
		}
	case b[0]>>6 != 2:
		r.stats.DroppedMalformed++
	case p.in == nil:
		r.stats.DroppedEarly++
	case b[1] >= 192 && b[1] < 224:
		plain, ok := p.in.openRTCP(b)
		if !ok {
			r.stats.DroppedAuth++
			return
		}
		if !p.controls.take(r.now, controlOfPeer, controlOfPeer) {
			r.stats.DroppedFlood++
			return
		}
		r.follow(p)
		r.control(p, plain)
	default:
		r.media(p, b)
	}
}

// media is the way of one packet: whose it is, whether it is new, opened,
// unwrapped, kept in its track's history, and queued for everyone who follows.
func (r *road) media(p *peer, b []byte) {
	h := &r.parsed
	s := r.recognize(p, b, h)
	if s == nil {
		return
	}
	index, again, ok := s.index(h.seq)
	if !ok {
		r.stats.DroppedReplay++
		return
	}
	payload, ok := r.open(p, s, b, h, index)
	if !ok {
		return
	}
	r.heard(p, h, len(b))
	l := s.layer
	padding := false
	if h.padded {
		if payload, padding, ok = unpad(payload); !ok {
			r.stats.DroppedMalformed++
			return
		}
	}
	if s.rtx {
		if payload, index, ok = r.original(s, index, payload, padding); !ok {
			return
		}
	}
	if again { // a copy was faster
		l.find(index).restored = false
		l.received++
		return
	}
	if len(payload) == 0 {
		padding = true
	}
	if h.codec == red {
		h.codec = opus
		if !padding {
			payload, ok = r.unfold(p, l, h, index, payload)
		}
		if !ok {
			r.stats.DroppedMalformed++
			return
		}
	}
	r.queue(l, l.keep(h, index, payload, padding, r.came), h)
}

// recognize reads a packet's header into h and finds whose stream it is of; nil
// when nobody's, or when it is not worth opening.
func (r *road) recognize(p *peer, b []byte, h *header) *stream {
	if !h.parse(b, &p.ids) {
		r.stats.DroppedMalformed++
		return nil
	}
	h.codec = p.codecs[h.payload]
	if h.codec == noCodec {
		r.stats.DroppedUnknownSource++
		return nil
	}
	s := p.find(h.ssrc)
	if s == nil {
		if s = r.introduce(p, h); s == nil {
			r.stats.DroppedUnknownSource++
			return nil
		}
	}
	if t := s.layer.track; r.aged && t != nil && t.kind == Audio {
		r.stats.DroppedLate++
		return nil
	}
	return s
}

// open decrypts a packet, and admits what is authentic to the peer's share; false
// when it is refused.
func (r *road) open(p *peer, s *stream, b []byte, h *header, index uint64) (payload []byte, ok bool) {
	payload, ok = p.in.openRTP(b, h.size, h.ssrc, index)
	if !ok {
		r.stats.DroppedAuth++
		return nil, false
	}
	if !p.packets.take(r.now, packetsOfPeer, packetsBurst) {
		r.stats.DroppedFlood++
		return nil, false
	}
	if s.layer.track == nil && !r.adopt(p, s, h) { // introduced by this packet
		r.stats.DroppedUnknownSource++
		return nil, false
	}
	return payload, true
}

// heard notes an authentic packet of n bytes.
func (r *road) heard(p *peer, h *header, n int) {
	p.mediaHeard = r.now
	r.follow(p)
	r.beat.note(r.came)
	p.bytesUp += n
	if h.has[extTransportSeq] && p.feedback != nil {
		p.feedback.Record(h.ssrc, h.transport, r.came/1e3)
	}
}

// original is what a retransmission (RFC 4588) brings again, and the index that
// it first had; false when it brings nothing that is missing.
func (r *road) original(s *stream, index uint64, payload []byte, padding bool) ([]byte, uint64, bool) {
	s.began, s.top = true, max(s.top, index)
	s.seen.mark(index)
	l := s.layer
	if padding || len(payload) < 2 || !l.started {
		return nil, 0, false // probing
	}
	first, ok := unroll(l.top, uint16(payload[0])<<8|uint16(payload[1]))
	if !ok || !l.fresh(first) {
		r.stats.DroppedReplay++
		return nil, 0, false
	}
	r.stats.Repaired++
	return payload[2:], first, true
}

// queue hands a kept packet to the slots that follow its layer.
func (r *road) queue(l *layer, k *packet, h *header) {
	t := l.track
	r.cut = t.kind == Video && !k.marker && !k.padding
	if (!l.live || l.codec != k.codec || l.changed) && !k.padding && !k.late && !t.straggles(l, k, r.now) {
		r.flow(t, l, k)
	}
	if t.kind == Audio && t == t.peer.firstSound() {
		t.peer.hearken(r.now)
		if h.has[extLevel] {
			t.peer.hear(k.level, r.now)
		}
	}
	if len(l.gaps) > 0 && !l.gapped {
		l.gapped = true
		r.gapped = append(r.gapped, l)
	}
	for _, s := range l.slots {
		p := s.peer
		if !p.takes() || s.cur != l && !r.moves(s, l, k) {
			continue
		}
		if k.index < s.from {
			r.stats.DroppedStale++
			continue
		}
		// A codec that it does not play it leaves at the next look, see aim.
		if !s.plays(k.codec) || s.thin && s.leavesOut(k) {
			continue
		}
		if p.tap != nil {
			p.tap.pour(s, l, k, r.now)
			continue
		}
		if p.estimate != nil && t.kind == Video && r.waits(p, s, k) {
			continue
		}
		r.enqueue(p, pending{s, k})
	}
}

// moves a slot to the layer that it waits for, if k is a packet to begin with.
func (r *road) moves(s *slot, l *layer, k *packet) bool {
	if s.want != l || k.late || k.padding || s.kind == Video && !k.key || !s.plays(k.codec) {
		return false
	}
	p := s.peer
	// What this batch brought of the old source goes by the old mapping.
	r.release(p, len(p.held))
	r.own.burst(p)
	ts := s.take(l, k, r.now)
	if p.tap == nil {
		r.tell(Event{Kind: SlotSwitched, Peer: p.id, Track: l.track.id, Slot: s.id, RTPTimestamp: ts})
		r.tellBehind(s)
		r.pressing = true // a report is due
	}
	return true
}

// enqueue lists a receiver once: two senders must never have the same one.
func (r *road) enqueue(p *peer, k pending) {
	if !p.listed {
		p.listed = true
		r.dirty = append(r.dirty, p)
	}
	if k.slot.kind == Audio {
		p.sounds = append(p.sounds, k)
	} else {
		p.pictures = append(p.pictures, k)
	}
	r.queued++
}
