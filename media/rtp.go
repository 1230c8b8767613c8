package media

import "encoding/binary"

// extension is a header extension that we read or write.
type extension uint8

const (
	extNone extension = iota
	extMid
	extRid
	extRepairedRid
	extSendTime
	extTransportSeq
	extLevel
	extDescriptor
	extOrientation
	extCount
)

// extensionURI by extension; the index is the answer's order too.
func extensionURI(x extension) string {
	switch x {
	case extMid:
		return "urn:ietf:params:rtp-hdrext:sdes:mid"
	case extRid:
		return "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
	case extRepairedRid:
		return "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
	case extSendTime:
		return "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
	case extTransportSeq:
		return "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
	case extLevel:
		return "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
	case extDescriptor:
		return "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"
	case extOrientation:
		return "urn:3gpp:video-orientation"
	}
	return ""
}

// header is what we read of an incoming RTP packet. Its slices lie in the packet.
type header struct {
	size      int // bytes before the payload
	seq       uint16
	ts        uint32
	ssrc      uint32
	payload   uint8 // type
	codec     codec // by the peer's numbering; set by the road
	marker    bool
	padded    bool
	restored  bool // not parsed: see repair.go
	level     uint8
	orient    uint8
	has       [extCount]bool
	transport uint16
	mid       []byte
	rid       []byte
	repaired  []byte
	dd        []byte
}

// parse reads b; ids says which extension an id means to this peer. False means
// that a length in it lies.
func (h *header) parse(b []byte, ids *[256]extension) bool {
	if len(b) < 12 || b[0]>>6 != 2 {
		return false
	}
	*h = header{
		seq:     binary.BigEndian.Uint16(b[2:]),
		ts:      binary.BigEndian.Uint32(b[4:]),
		ssrc:    binary.BigEndian.Uint32(b[8:]),
		payload: b[1] & 0x7f,
		marker:  b[1]&0x80 != 0,
		padded:  b[0]&0x20 != 0,
		level:   127,
	}
	h.size = 12 + int(b[0]&15)*4
	if b[0]&0x10 == 0 {
		return len(b) >= h.size
	}
	if len(b) < h.size+4 {
		return false
	}
	profile := binary.BigEndian.Uint16(b[h.size:])
	start := h.size + 4
	h.size = start + int(binary.BigEndian.Uint16(b[h.size+2:]))*4
	if len(b) < h.size {
		return false
	}
	switch {
	case profile == 0xBEDE:
		return h.oneByte(b[start:h.size], ids)
	case profile&0xfff0 == 0x1000:
		return h.twoByte(b[start:h.size], ids)
	}
	return true
}

// oneByte reads the elements of RFC 8285 §4.2.
func (h *header) oneByte(x []byte, ids *[256]extension) bool {
	for len(x) > 0 {
		if x[0] == 0 {
			x = x[1:]
			continue
		}
		id, n := x[0]>>4, int(x[0]&15)+1
		if id == 15 {
			return true
		}
		if len(x) < 1+n {
			return false
		}
		h.element(ids[id], x[1:1+n])
		x = x[1+n:]
	}
	return true
}

// twoByte reads the elements of RFC 8285 §4.3.
func (h *header) twoByte(x []byte, ids *[256]extension) bool {
	for len(x) > 0 {
		if x[0] == 0 {
			x = x[1:]
			continue
		}
		if len(x) < 2 || len(x) < 2+int(x[1]) {
			return false
		}
		n := int(x[1])
		h.element(ids[x[0]], x[2:2+n])
		x = x[2+n:]
	}
	return true
}

// element ignores what has not the length of its kind: the packet is good
// without it.
func (h *header) element(x extension, v []byte) {
	switch x {
	case extMid:
		h.mid = v
	case extRid:
		h.rid = v
	case extRepairedRid:
		h.repaired = v
	case extTransportSeq:
		if len(v) < 2 {
			return
		}
		h.transport = binary.BigEndian.Uint16(v)
	case extLevel:
		if len(v) != 1 {
			return
		}
		h.level = v[0] & 0x7f
	case extOrientation:
		if len(v) != 1 {
			return
		}
		h.orient = v[0]
	case extDescriptor:
		if len(v) < 3 {
			return
		}
		h.dd = v
	}
	h.has[x] = true
}

// unpad cuts the padding of a decrypted payload (RFC 3550 §5.1); only says that
// there was nothing else.
func unpad(p []byte) (rest []byte, only, ok bool) {
	if len(p) == 0 {
		return nil, false, false
	}
	n := int(p[len(p)-1])
	if n == 0 || n > len(p) {
		return nil, false, false
	}
	return p[:len(p)-n], n == len(p), true
}

// unroll gives the extended sequence number nearest to top; false when it would
// lie before the stream began.
func unroll(top uint64, seq uint16) (uint64, bool) {
	x := int64(top) + int64(int16(seq-uint16(top)))
	return uint64(x), x >= 0
}
