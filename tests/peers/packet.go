package main

import (
	"encoding/binary"
	"time"
)

const (
	framesPerSecond = 30
	framePackets    = 4
	pictureBytes    = 1100 // of a payload; the RTP header and the tag come on top
	soundBytes      = 100
	soundTime       = 20 * time.Millisecond
	// keyEvery frames is a key frame, so that receivers get their pictures soon; one is sent at once for a PLI.
	keyEvery = 30
	// stampAt is where a payload carries its time of sending, after what servers read of it.
	stampAt = 20
)

// writePicture fills part i of a VP8 frame (RFC 7741): descriptor with a 15-bit picture id, and in the first part the
// header of a frame of 1280x720 (RFC 6386 section 9.1).
func writePicture(b []byte, frame, i int, key bool, at time.Duration) {
	b[0], b[1] = 0x80, 0x80
	binary.BigEndian.PutUint16(b[2:], 0x8000|uint16(frame))
	clear(b[4:stampAt])
	if i == 0 {
		b[0] |= 0x10
		b[4] = 0x11 // shown, not a key frame
		if key {
			b[4] = 0x10
			copy(b[7:], []byte{0x9d, 0x01, 0x2a, 0x00, 0x05, 0xd0, 0x02})
		}
	}
	binary.BigEndian.PutUint64(b[stampAt:], uint64(at))
}

// writeSound fills an Opus packet: its first byte says 20 ms, full band, mono (RFC 6716 section 3.1).
func writeSound(b []byte, at time.Duration) {
	b[0] = 0xf8
	binary.BigEndian.PutUint64(b[stampAt:], uint64(at))
}

// readStamp is when a payload was sent.
func readStamp(b []byte) (time.Duration, bool) {
	if len(b) < stampAt+8 {
		return 0, false
	}
	return time.Duration(binary.BigEndian.Uint64(b[stampAt:])), true
}
