package recorder

import (
	"time"

	"astara/media"
)

const (
	soundStep = 20 * time.Millisecond
	// slack is how far sound may run from its clock before it is set right: less
	// than anybody hears as out of step with the picture.
	slack = 30 * time.Millisecond
)

// silence is an Opus packet of 20 ms of nothing. It stands where nothing was
// sent or allowed, so that a file's time has no holes, which players close up.
func silence() []byte { return []byte{0xF8, 0xFF, 0xFE} }

// sound writes a slot's Opus packets one after the other.
type sound struct {
	at time.Duration // the end of what is written, since the part began
}

// write one packet, taken at a time since the part began.
func (s *sound) write(f *file, at time.Duration, data []byte) error {
	long := media.OpusTime(data)
	if long == 0 || at < s.at-slack {
		return nil // what overlaps would push everything after it back
	}
	if at > s.at+slack {
		if err := s.fill(f, at-soundStep/2); err != nil {
			return err
		}
	}
	err := f.block(s.at.Milliseconds(), true, data)
	s.at += long
	return err
}

// fill writes silence up to a time.
func (s *sound) fill(f *file, to time.Duration) error {
	for ; s.at < to; s.at += soundStep {
		if err := f.block(s.at.Milliseconds(), true, silence()); err != nil {
			return err
		}
	}
	return nil
}

// picture puts VP8 frames together.
type picture struct {
	frame []byte
	at    time.Duration
	open  bool // a frame has begun
	whole bool // everything since the last key frame was there
}

// add a packet in its order. It gives a frame when p ends one, and says when a
// key frame is needed.
func (x *picture) add(p media.Piece, gap bool) (frame []byte, refresh bool) {
	if gap {
		refresh = x.whole
		x.open, x.whole = false, false
	}
	if p.Padding {
		return nil, refresh
	}
	data, first, ok := vp8Payload(p.Data)
	switch {
	case !ok:
		x.open = false
		return nil, refresh
	case first:
		x.open, x.at, x.frame = true, p.At, append([]byte(nil), data...)
		if len(data) > 0 && data[0]&1 == 0 {
			x.whole = true
		}
	case x.open:
		x.frame = append(x.frame, data...)
	}
	if !p.Marker || !x.open {
		return nil, refresh
	}
	x.open = false
	if !x.whole {
		return nil, refresh
	}
	return x.frame, refresh
}

// vp8Size of a key frame (RFC 6386 §9.1).
func vp8Size(f []byte) (width, height int, ok bool) {
	if len(f) < 10 || f[0]&1 != 0 || f[3] != 0x9d || f[4] != 0x01 || f[5] != 0x2a {
		return 0, 0, false
	}
	return int(f[6]) | int(f[7]&0x3f)<<8, int(f[8]) | int(f[9]&0x3f)<<8, true
}
