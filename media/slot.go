package media

import (
	"encoding/binary"
	"math/rand/v2"
)

// headRoom holds the longest header that we write: fixed part, and all
// extensions with a dependency descriptor of 255 bytes.
const headRoom = 12 + 4 + 288

// slot is a receiving place of a peer: one SSRC whose numbers run on, whoever
// is in it. id, kind, peer and the SSRCs never change; the rest is the road's.
type slot struct {
	id            SlotID
	kind          Kind
	peer          *peer
	ssrc, rtxSSRC uint32

	formats [codecCount]format // by codec
	codecs  codecs             // that the receiver has
	codec   codec              // of what went out last
	ids     [extCount]uint8    // 0 = not negotiated
	mixed   bool               // two-byte extensions may be sent
	depth   uint8              // earlier payloads that go with each of sound, see repair.go
	cname   string

	pair *slot  // the sound that goes with a picture, and the other way round
	seat *track // asked for; nil = empty
	cur  *layer // forwarded
	want *layer // takes over at its next key frame (sound: packet)
	shed bool   // given up for want of time, see shed.go

	// See wish.go and thin.go.
	wish      Wish
	aimed     int    // rank by the wish
	aimedFor  *track // whose
	smallerAt int64  // since when the wish is smaller; 0: it is not
	granted   grant
	fall      fall
	shortAt   int64 // since when not even the least fits; 0: it does
	thin      bool  // packets may have to be left out
	top       uint8 // spatial layer of cur that is to go out
	limit     uint8 // temporal layer, the same
	spatial   uint8 // that goes out
	temporal  uint8 // highest that goes out
	thinned   *thinning
	pause     pause

	// Mapping of cur: out = in + shift.
	from    uint64 // first index taken; what is older is never sent
	offset  uint64
	tsShift uint32
	picture uint16
	level   uint8
	key     uint8
	frame   uint16

	// What went out last.
	ever      bool
	last      uint64
	lastTS    uint32
	lastPic   uint16
	lastLevel uint8
	lastKey   uint8
	lastFrame uint16
	packets   uint32
	octets    uint32
	rtxIndex  uint64
	answered  *answered // nil: nothing was asked for yet

	footing
	reportDue  int64
	reports    int    // early ones still to send
	toldBehind int    // ms, see lips.go
	toldOf     *track // whose; nil: nothing was told

	lossDown uint8 // fraction/256 of the last report block
	jitter   uint32
}

func newSlot(p *peer, id SlotID, kind Kind, ssrc, rtx uint32) *slot {
	return &slot{
		id: id, kind: kind, peer: p, ssrc: ssrc, rtxSSRC: rtx,
		footing: footing{base: rand.Uint32()}, granted: anything(), limit: allTemporal, temporal: allTemporal,
		// Below 2^15, so that no receiver guesses a rollover (RFC 3711 §3.3.1).
		last:     uint64(rand.Uint32N(1 << 14)),
		rtxIndex: uint64(rand.Uint32N(1 << 14)),
	}
}

// plays says that the receiver has a codec.
func (s *slot) plays(c codec) bool { return s.codecs.has(c) }

// repairs is the payload type of retransmissions of what the slot shows, 0 if
// there is none.
func (s *slot) repairs() uint8 {
	if s.codec != noCodec {
		return s.formats[s.codec].rtx
	}
	for _, f := range s.formats {
		if f.rtx != 0 {
			return f.rtx
		}
	}
	return 0
}

// rate is the RTP clock in Hz.
func (k Kind) rate() int64 {
	if k == Audio {
		return 48000
	}
	return 90000
}

// ticks converts nanoseconds to the RTP clock without overflow.
func (k Kind) ticks(ns int64) uint32 {
	rate := k.rate()
	return uint32(ns/1e9*rate + ns%1e9*rate/1e9)
}

// take makes the slot follow l from packet k on. Its numbers run on, and its
// timestamps stay on their line, see lips.go.
func (s *slot) take(l *layer, k *packet, now int64) (timestamp uint32) {
	timestamp = s.step(l, k, now)
	if s.cur != nil {
		s.cur.unlink(s)
	}
	s.cur, s.want = l, nil
	s.from, s.offset = k.index, s.last+1-k.index
	s.tsShift = timestamp - k.ts
	s.stand(now)
	s.temporal = s.limit
	s.spatial = 0
	s.reach()
	s.spatial = s.top
	if s.thinned != nil {
		s.thinned.n = 0
	}
	if s.ever {
		s.picture = s.lastPic + 1 - k.desc.picture
		s.level = s.lastLevel + 1 - k.desc.level
		s.key = s.lastKey + 1 - k.desc.key
		if len(k.dd) >= 3 {
			s.frame = s.lastFrame + 1 - descriptorFrame(k.dd)
		}
	}
	if !s.ever { // a browser needs two to begin with
		s.reports = 6
	}
	s.ever, s.reportDue = true, now
	return timestamp
}

// leave empties the slot; its numbers stay for whoever comes next.
func (s *slot) leave() {
	if s.cur != nil {
		s.cur.unlink(s)
	}
	if s.want != nil && s.want != s.cur {
		s.want.unlink(s)
	}
	s.cur, s.want = nil, nil
}

// follow makes l the next source, or keeps the present one.
func (s *slot) follow(l *layer) {
	if s.shed || s.want == l || s.want == nil && s.cur == l {
		return
	}
	if s.want != nil {
		s.want.unlink(s)
	}
	s.want = nil
	if s.cur == l {
		return
	}
	s.want = l
	l.keyWanted = l.keyWanted || s.kind == Video
	l.slots = append(l.slots, s)
}

// sent notes that k went out under index.
func (s *slot) sent(k *packet, octets int, index uint64, picture uint16) {
	s.packets++
	s.octets += uint32(octets)
	if index <= s.last {
		return
	}
	s.last, s.lastTS, s.codec = index, k.ts+s.tsShift, k.codec
	if s.kind == Video && !k.padding {
		if k.desc.pictureAt != 0 {
			s.lastPic = k.desc.picture + picture
		}
		if k.desc.levelAt != 0 {
			s.lastLevel = k.desc.level + s.level
		}
		if k.desc.keyAt != 0 {
			s.lastKey = k.desc.key + s.key
		}
		if len(k.dd) >= 3 {
			s.lastFrame = descriptorFrame(k.dd) + s.frame
		}
	}
}

// rewrites says that payloads are not sent as they came.
func (s *slot) rewrites(picture uint16) bool {
	return picture != 0 || s.level != 0 || s.key != 0
}

// rewrite shifts the running numbers in b, a copy of k's payload.
func (s *slot) rewrite(b []byte, k *packet, picture uint16) {
	if s.kind == Video && !k.padding {
		k.desc.rewrite(b, picture, s.level, s.key)
	}
}

// wide says that k's header needs the two-byte form.
func (s *slot) wide(k *packet) bool {
	return s.mixed && s.ids[extDescriptor] != 0 && len(k.dd) > 16
}

// descriptor says that k's dependency descriptor goes to this receiver.
func (s *slot) descriptor(k *packet) bool {
	return s.ids[extDescriptor] != 0 && len(k.dd) >= 3 && (len(k.dd) <= 16 || s.mixed)
}

// size is the length of header and payload together.
func (s *slot) size(k *packet) int {
	e := 1
	if s.wide(k) {
		e = 2
	}
	n := 0
	if s.ids[extSendTime] != 0 {
		n += e + 3
	}
	if s.ids[extTransportSeq] != 0 {
		n += e + 2
	}
	if s.ids[extLevel] != 0 {
		n += e + 1
	}
	if s.ids[extOrientation] != 0 && k.oriented {
		n += e + 1
	}
	if s.descriptor(k) {
		n += e + len(k.dd)
	}
	if n > 0 {
		n = 4 + (n+3)&^3
	}
	if s.depth > 0 {
		var along [maxDepth]*packet
		_, bytes := s.along(k, &along)
		n += bytes
	}
	return 12 + n + len(k.data)
}

// header writes k's header for this receiver into b and returns its length. The
// marker ends a picture: with the last packet of the highest spatial layer that
// goes out.
func (s *slot) header(b []byte, k *packet, seq uint16, ssrc uint32, payload, top uint8, sendTime [3]byte) int {
	b[0], b[1] = 0x80, payload
	if k.marker || k.ends && k.spatial == top {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], seq)
	binary.BigEndian.PutUint32(b[4:], k.ts+s.tsShift)
	binary.BigEndian.PutUint32(b[8:], ssrc)
	wide := s.wide(k)
	n := 16
	element := func(id uint8, size int) []byte {
		if wide {
			b[n], b[n+1] = id, uint8(size)
			n += 2
		} else {
			b[n] = id<<4 | uint8(size-1)
			n++
		}
		n += size
		return b[n-size : n]
	}
	if id := s.ids[extSendTime]; id != 0 {
		copy(element(id, 3), sendTime[:])
	}
	if id := s.ids[extTransportSeq]; id != 0 {
		binary.BigEndian.PutUint16(element(id, 2), s.peer.flight.next)
	}
	if id := s.ids[extLevel]; id != 0 {
		element(id, 1)[0] = k.level
	}
	if id := s.ids[extOrientation]; id != 0 && k.oriented {
		element(id, 1)[0] = k.orient
	}
	if s.descriptor(k) {
		dd := element(s.ids[extDescriptor], len(k.dd))
		copy(dd, k.dd)
		binary.BigEndian.PutUint16(dd[1:], descriptorFrame(k.dd)+s.frame)
		if l := s.cur; k.maskAt != 0 && l != nil && l.known != nil && k.index >= l.since {
			l.known.narrow(dd, k.maskAt, top, s.temporal)
		}
	}
	if n == 16 {
		return 12
	}
	for n&3 != 0 {
		b[n] = 0
		n++
	}
	b[0] |= 0x10
	profile := uint16(0xBEDE)
	if wide {
		profile = 0x1000
	}
	binary.BigEndian.PutUint16(b[12:], profile)
	binary.BigEndian.PutUint16(b[14:], uint16((n-16)/4))
	return n
}
