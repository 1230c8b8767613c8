package media

import "slices"

// History lengths in packets, powers of two: 1.8 s of 2.5 Mbit/s picture, 2.5 s
// of sound. They bound what a late packet or a NACK can reach.
const (
	videoHistory = 512
	audioHistory = 128
	maxGaps      = 64 // more missing at once is repaired by a key frame
	maxNacks     = 8  // times that one packet is asked for
)

// packet is one kept packet of a layer, parsed once for all receivers.
type packet struct {
	index    uint64
	ts       uint32
	kept     bool
	late     bool // not the newest when it came
	marker   bool
	padding  bool // nothing but padding; goes on, to leave no gap in the numbers
	restored bool // from a copy in a later packet, see repair.go
	key      bool // a key frame begins here
	sync     bool // needs the lowest temporal layer only
	ends     bool // of the frame of its spatial layer
	spatial  uint8
	temporal uint8
	uses     uses
	oriented bool
	orient   uint8
	level    uint8
	codec    codec
	desc     descriptor
	dd       []byte
	maskAt   uint16 // bit of dd at which active targets are written; 0: they are not
	data     []byte
	buf      []byte // storage of dd and data
}

// gap is a missing packet of a publisher.
type gap struct {
	index uint64
	due   int64
	tries int
}

// layer is one encoding of a track: one SSRC, with its retransmissions. Owned
// by the road.
type layer struct {
	track         *track
	rid           string
	rank          int   // 0 is the smallest of its track; of the lowest spatial layer
	live          bool  // flows; see track.quiet
	liveAt        int64 // since when
	ssrc, rtxSSRC uint32
	slots         []*slot // whose cur or want it is

	codec   codec // of the newest packet
	started bool
	expect  uint64 // newest index of an earlier life of the SSRC, or 0
	top     uint64 // newest index
	ring    []packet
	gaps    []gap
	gapped  bool // listed in road.gapped

	// The publisher's last sender report.
	reported bool
	srNTP    int64 // nanoseconds on the publisher's clock
	srTS     uint32
	srMiddle uint32 // of its NTP time, for LSR
	srAt     int64

	keyWanted bool
	keyAsked  int64

	spatials

	heard    int64
	bytes    int // since the last second
	bitrate  int
	layered  bool // has temporal layers
	first    uint64
	received uint64
	prior    struct{ expected, received uint64 }
	second   struct{ expected, received uint64 }
	jitter   int64 // RFC 3550 §6.4.1, in 1/16 ticks
	transit  int64
}

func newLayer(t *track, rid string, ssrc, rtx uint32) *layer {
	n := videoHistory
	if t.kind == Audio {
		n = audioHistory
	}
	return &layer{track: t, rid: rid, ssrc: ssrc, rtxSSRC: rtx, ring: make([]packet, n), gaps: make([]gap, 0, maxGaps), spatials: spatials{flowing: 1}}
}

func (l *layer) unlink(s *slot) {
	if i := slices.Index(l.slots, s); i >= 0 {
		l.slots = slices.Delete(l.slots, i, i+1)
	}
}

// index of an arriving sequence number; false when it cannot be one.
func (l *layer) index(seq uint16) (uint64, bool) {
	if !l.started {
		if l.expect > 0 {
			return unroll(l.expect, seq)
		}
		return uint64(seq), true
	}
	return unroll(l.top, seq)
}

// fresh says that index was not kept before and is not older than the history.
func (l *layer) fresh(index uint64) bool {
	if !l.started {
		return l.expect == 0 || index > l.expect
	}
	if index > l.top {
		return true
	}
	n := uint64(len(l.ring))
	k := &l.ring[index%n]
	return index+n > l.top && !(k.kept && k.index == index)
}

// find returns the kept packet of index, or nil.
func (l *layer) find(index uint64) *packet {
	if k := &l.ring[index%uint64(len(l.ring))]; k.kept && k.index == index {
		return k
	}
	return nil
}

// keep stores an authenticated, fresh packet. Payload is copied: the receive
// buffer goes back to the kernel.
func (l *layer) keep(h *header, index uint64, payload []byte, padding bool, now int64) *packet {
	k := &l.ring[index%uint64(len(l.ring))]
	if padding {
		payload = onePad[:]
	}
	if n := len(payload) + len(h.dd); cap(k.buf) < n {
		size := 256
		if l.track.kind == Video {
			size = 1500
		}
		k.buf = make([]byte, 0, max(n, size))
	}
	k.buf = append(append(k.buf[:0], payload...), h.dd...)
	k.data, k.dd = k.buf[:len(payload):len(payload)], k.buf[len(payload):]
	k.index, k.ts, k.kept, k.codec = index, h.ts, true, h.codec
	k.marker, k.padding, k.level, k.restored = h.marker, padding, h.level, h.restored
	k.oriented, k.orient = h.has[extOrientation], h.orient
	k.late = l.started && index < l.top
	k.key, k.sync, k.ends, k.spatial, k.temporal, k.uses, k.desc, k.maskAt = false, false, false, 0, 0, everywhere, descriptor{}, 0
	if l.track.kind == Video && !padding {
		l.place(k, now)
	}
	l.count(k, now)
	return k
}

// packetBytes stand around a payload on a receiver's line: IP, UDP, RTP with
// its extensions, the tag.
const packetBytes = wireBytes + 28 + 16

// onePad is the payload of a packet of padding only.
var onePad = [1]byte{1}

// count keeps what reports need and notes what is missing.
func (l *layer) count(k *packet, now int64) {
	if !k.padding { // probing is no picture
		l.heard = now
	}
	l.bytes += len(k.data) + packetBytes
	if k.restored { // the line has lost it all the same
		l.top = max(l.top, k.index)
		return
	}
	l.received++
	if !l.started {
		l.started, l.top, l.first = true, k.index, k.index
		l.prior.expected, l.second.expected = k.index-1, k.index-1
		return
	}
	if k.late {
		l.gaps = slices.DeleteFunc(l.gaps, func(g gap) bool { return g.index == k.index })
		return
	}
	transit := now*l.track.kind.rate()/1e9 - int64(k.ts)
	if d := transit - l.transit; l.transit != 0 && d > -1<<24 && d < 1<<24 {
		l.jitter += max(d, -d) - (l.jitter+8)>>4
	}
	l.transit = transit
	if k.index > l.top+1 {
		l.miss(l.top+1, k.index, now)
	}
	l.top = k.index
}

// miss notes [from, to) as missing.
func (l *layer) miss(from, to uint64, now int64) {
	if l.track.kind == Audio {
		return // Opus repairs itself; asking would come too late
	}
	if int(to-from)+len(l.gaps) > maxGaps {
		l.gaps = l.gaps[:0]
		l.keyWanted = true
		return
	}
	for i := from; i < to; i++ {
		l.gaps = append(l.gaps, gap{index: i, due: now})
	}
}

// captured is when a packet of timestamp ts was taken, in nanoseconds on our
// clock; unknown before the first sender report.
func (l *layer) captured(ts uint32) (int64, bool) {
	if !l.reported || l.track.peer == nil {
		return 0, false
	}
	at, ok := l.track.peer.clock.here(l.srNTP)
	return at + int64(int32(ts-l.srTS))*1e9/l.track.kind.rate(), ok
}
