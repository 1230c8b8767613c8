package media

import "encoding/binary"

// Redundant sound, RFC 2198: a payload begins with the headers of its blocks,
// four bytes each and one for the last, then come the blocks. The last block is
// the packet's own sound, those before it are copies of earlier payloads. The
// headers are read here, a block never.

const (
	// maxCopies in a payload; libwebrtc sends nine at most.
	maxCopies = 9
	// A copy is at most so many ticks older than its packet, and so long: 14
	// and 10 bits.
	maxCopyAge  = 1<<14 - 1
	maxCopySize = 1<<10 - 1

	copyHeader = 4 // bytes
)

// redCopy is an earlier payload in a later packet.
type redCopy struct {
	age  uint32 // ticks before the packet
	data []byte
}

// redPayload is what was read of a payload; its slices lie in the packet.
type redPayload struct {
	copies  [maxCopies]redCopy // oldest first, as they came
	n       int
	primary []byte
	of      uint8 // payload type of all of them
}

// parse reads b. False means that a length lies, that its blocks differ in
// payload type or that there is no sound in it.
func (x *redPayload) parse(b []byte) bool {
	x.n = 0
	if len(b) > 0 {
		x.of = b[0] & 0x7f
	}
	var sizes [maxCopies]int
	for {
		if len(b) == 0 || b[0]&0x7f != x.of {
			return false
		}
		if b[0]&0x80 == 0 {
			b = b[1:]
			break
		}
		if len(b) < copyHeader || x.n == maxCopies {
			return false
		}
		h := binary.BigEndian.Uint32(b)
		x.copies[x.n].age, sizes[x.n] = h>>10&maxCopyAge, int(h&maxCopySize)
		x.n++
		b = b[copyHeader:]
	}
	for i, size := range sizes[:x.n] {
		if size > len(b) {
			return false
		}
		x.copies[i].data, b = b[:size:size], b[size:]
	}
	x.primary = b
	return len(b) > 0
}

// putCopyHeader announces a copy of size bytes, age ticks old.
func putCopyHeader(b []byte, of uint8, age uint32, size int) {
	binary.BigEndian.PutUint32(b, 1<<31|uint32(of)<<24|age<<10|uint32(size))
}
