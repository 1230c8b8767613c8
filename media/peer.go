package media

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/transport/v5/packetio"
)

const (
	// maxRemotes bounds the addresses that one peer may prove.
	maxRemotes = 16
	// streamsPerSource bounds the SSRCs learned for one source: three layers
	// and their retransmissions.
	streamsPerSource = 8
	maxTops          = 64 // SSRCs remembered after their layer is gone
	// maxResends in a tick bounds what a NACK can make of one small packet: 35
	// Mbit/s of retransmissions.
	maxResends = 100
	// maxAsked in a tick bounds what is looked for; one NACK can name 4,000.
	maxAsked = 1000
)

// stream is an SSRC that a peer sends.
type stream struct {
	ssrc  uint32
	layer *layer
	rtx   bool
	began bool // rtx only; a layer keeps its own index
	top   uint64
	seen  window
}

// index unrolls a packet's number; again says that a copy of it was faster
// (RFC 2198), and false that it came before.
func (s *stream) index(seq uint16) (index uint64, again, ok bool) {
	switch l := s.layer; {
	case !s.rtx:
		index, ok = l.index(seq)
		if ok && !l.fresh(index) {
			again = l.restored(index)
			ok = again
		}
	case s.began:
		index, ok = unroll(s.top, seq)
		ok = ok && s.seen.fresh(index)
	default:
		index, ok = uint64(seq), true
	}
	return index, again, ok
}

// peer is one connection. Three parts: what never changes, the
// road, and what goroutines share by atomics.
type peer struct {
	id    PeerID
	print string // of its DTLS certificate
	rx    *packetio.Buffer
	end   sync.Once
	gone  chan struct{} // closed with rx

	// The road's.
	ways       credentials // of the checks that are accepted
	before     credentials // those before the last ICE restart
	remotes    []*remote
	handshake  bool // started
	in         opener
	out        sealer
	ids        [256]extension
	codecs     [128]codec // by payload type
	publishes  []publish
	streams    []*stream
	last       *stream // of the last packet
	tops       map[uint32]uint64
	tracks     []*track
	slots      []*slot
	pictures   []pending // of the batch, to be sent
	sounds     []pending
	listed     bool // in road.dirty
	clock      clock
	heard      int64 // last authenticated check
	mediaHeard int64
	met        int64 // last packet of any kind
	feedback   *twcc.Recorder
	bytesUp    int
	bytesDown  int
	resent     int // retransmissions in this tick
	asked      int // packets asked for by NACK in this tick
	packets    bucket
	controls   bucket
	datagrams  bucket    // of DTLS
	rtt        int64     // nanoseconds
	held       []held    // see pace.go
	credit     int       // bytes that may go at once
	flight     *flight   // nil: the receiver reports nothing
	estimate   *estimate // nil with flight
	remb       int       // bit/s, as the receiver estimates it; 0: it does not
	folding    folding   // of its sound, see repair.go
	downBefore int       // bytesDown at the last tick
	used       int       // bit/s, as last shared
	wanted     int       // bit/s that all wishes would take
	unshared   bool      // its line is to be shared anew at the next tick
	level8     int       // smoothed level × 8
	levelAt    int64
	soundAt    int64 // when a packet of the first sound last came
	tap        *Tap  // it has no line; see tap.go

	remote atomic.Pointer[remote]
	chosen int64 // when the peer last nominated it. The road's
	level  atomic.Uint32
	line   atomic.Pointer[Line]
}

// close ends the DTLS goroutine; may come twice.
func (p *peer) close() {
	p.end.Do(func() {
		close(p.gone)
		_ = p.rx.Close()
	})
}

func (p *peer) ended() bool {
	select {
	case <-p.gone:
		return true
	default:
		return false
	}
}

// find the stream of an SSRC among a handful.
func (p *peer) find(ssrc uint32) *stream {
	if p.last != nil && p.last.ssrc == ssrc {
		return p.last
	}
	for _, s := range p.streams {
		if s.ssrc == ssrc {
			p.last = s
			return s
		}
	}
	return nil
}

func (p *peer) slotOf(ssrc uint32) *slot {
	for _, s := range p.slots {
		if s.ssrc == ssrc {
			return s
		}
	}
	return nil
}

// NothingHeard is the level of a peer from whom no sound has come for 400 ms: a microphone that is off goes on sending silence.
const NothingHeard uint8 = 128

const nothingAfter = 400e6 // ns

// hearken notes that a packet of sound has come.
func (p *peer) hearken(now int64) {
	p.soundAt = now
	if uint8(p.level.Load()) == NothingHeard {
		p.level8 = 127 * 8
		p.level.Store(127)
	}
}

// unheard notes that none has come for a while.
func (p *peer) unheard(now int64) {
	if now-p.soundAt > nothingAfter {
		p.level.Store(uint32(NothingHeard))
	}
}

// hear smooths the sound level: quick to rise, since who begins to speak may be
// waited for, slow to fall.
func (p *peer) hear(level uint8, now int64) {
	d := int(level)*8 - p.level8
	if d < 0 {
		p.level8 += d * 3 / 4
	} else {
		p.level8 += d / 8
	}
	p.levelAt = now
	p.level.Store(uint32(p.level8 / 8))
}

// connect: keys are agreed.
func (r *road) connect(p *peer, in opener, out sealer) {
	if !slices.Contains(r.peers, p) {
		return
	}
	p.in, p.out = in, out
	if p.transportWide() {
		p.feedback = twcc.NewRecorder(ourSSRC)
	}
	for _, s := range p.slots {
		if s.want != nil && s.kind == Video {
			s.want.keyWanted = true
		}
	}
	r.tell(Event{Kind: PeerConnected, Peer: p.id})
}

// lose: consent or DTLS ended.
func (r *road) lose(p *peer) {
	if slices.Contains(r.peers, p) {
		r.remove(p)
		r.tell(Event{Kind: PeerLost, Peer: p.id})
	}
}

func (r *road) remove(p *peer) {
	i := slices.Index(r.peers, p)
	if i < 0 {
		return
	}
	r.peers = slices.Delete(r.peers, i, i+1)
	for _, t := range slices.Clone(p.tracks) {
		r.stop(t, true)
	}
	for _, s := range p.slots {
		r.empty(s)
	}
	p.slots = nil
	for _, w := range slices.Clone(p.remotes) {
		r.forget(w)
	}
	delete(r.users, p.ways.user)
	delete(r.users, p.before.user)
	p.in, p.out = nil, nil
	p.close()
}
