package media

import "encoding/binary"

// flight is what was sent to a receiver and not yet reported on, by its
// transport-wide number (draft-holmer-rmcat-transport-wide-cc-extensions-01).
// The number counts everything that goes to the peer: sound, picture and
// retransmissions. Owned by the road.
type flight struct {
	next  uint16
	sent  [flightRoom]departure
	since int64 // of the first packet that no feedback has covered; 0: none
	base  int64 // last reference time, 64 ms units, unrolled
	begun bool
}

// flightRoom holds 1.5 s of 8 Mbit/s. A power of two.
const flightRoom = 1024

type departure struct {
	at     int64
	number uint16
	size   uint16
	open   bool // not yet reported as come
	missed bool // but as missing
}

// wireBytes stand before a packet on its way: IP and UDP.
const wireBytes = 28

// depart notes a packet of size bytes under the next number.
func (f *flight) depart(size int, now int64) {
	f.sent[f.next%flightRoom] = departure{now, f.next, uint16(size + wireBytes), true, false}
	f.next++
	if f.since == 0 {
		f.since = now
	}
}

// forget that anything is under way; the numbers go on.
func (f *flight) forget() {
	f.since = 0
	for i := range f.sent {
		f.sent[i].open = false
	}
}

// depart notes a packet of the slot.
func (s *slot) depart(size int, now int64) {
	if s.ids[extTransportSeq] != 0 {
		s.peer.flight.depart(size, now)
	}
}

// ack is what became of one packet. came is on the receiver's clock, -1 when it
// did not come.
type ack struct {
	sent, came int64 // nanoseconds
	size       int
	again      bool // it was reported as missing before: late, not lost
}

const (
	missing     = -1
	maxStatuses = 4 * flightRoom
)

// arrivals reads a transport-wide feedback packet into acks, in the order of
// the numbers. False means that its lengths lie.
func (f *flight) arrivals(c []byte, acks []ack) ([]ack, bool) {
	if len(c) < 20 {
		return acks, false
	}
	number := binary.BigEndian.Uint16(c[12:])
	count := int(binary.BigEndian.Uint16(c[14:]))
	if count == 0 || count > maxStatuses {
		return acks, false
	}
	at := f.reference(binary.BigEndian.Uint32(c[16:])>>8) * 64e6
	deltas, ok := skipChunks(c[20:], count)
	if !ok {
		return acks, false
	}
	chunks := c[20:]
	for done := 0; done < count; chunks = chunks[2:] {
		chunk := binary.BigEndian.Uint16(chunks)
		for i := range chunkLength(chunk) {
			if done == count {
				break
			}
			var came int64 = missing
			switch chunkStatus(chunk, i) {
			case 1:
				if len(deltas) < 1 {
					return acks, false
				}
				at += int64(deltas[0]) * 250e3
				deltas, came = deltas[1:], at
			case 2:
				if len(deltas) < 2 {
					return acks, false
				}
				at += int64(int16(binary.BigEndian.Uint16(deltas))) * 250e3
				deltas, came = deltas[2:], at
			}
			d := &f.sent[number%flightRoom]
			if d.open && d.number == number {
				if came != missing || !d.missed {
					acks = append(acks, ack{d.at, came, int(d.size), d.missed})
				}
				d.open, d.missed = came == missing, came == missing
			}
			number++
			done++
		}
	}
	return acks, true
}

// reference unrolls the 24 bits of the reference time.
func (f *flight) reference(raw uint32) int64 {
	if !f.begun {
		f.begun, f.base = true, int64(raw)
		return f.base
	}
	f.base += int64(int32(raw-uint32(f.base)) << 8 >> 8)
	return f.base
}

// chunkLength is how many packets a chunk tells of (§3.1.3, 3.1.4).
func chunkLength(c uint16) int {
	switch {
	case c&0x8000 == 0:
		return int(c & 0x1fff)
	case c&0x4000 == 0:
		return 14
	}
	return 7
}

// chunkStatus of the i-th packet: 1 with a small, 2 with a large delta.
func chunkStatus(c uint16, i int) uint16 {
	switch {
	case c&0x8000 == 0:
		return c >> 13 & 3
	case c&0x4000 == 0:
		return c >> (13 - i) & 1
	}
	return c >> (12 - 2*i) & 3
}

// skipChunks finds where the deltas begin.
func skipChunks(b []byte, count int) (deltas []byte, ok bool) {
	for count > 0 {
		if len(b) < 2 {
			return nil, false
		}
		n := chunkLength(binary.BigEndian.Uint16(b))
		if n == 0 {
			return nil, false
		}
		count -= n
		b = b[2:]
	}
	return b, true
}
