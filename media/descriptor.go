package media

import "encoding/binary"

// descriptor is what we read of the start of a picture's payload, where there is
// no dependency descriptor: its running numbers and where they stand, its place
// among the layers, and whether a key frame begins here. The payload itself may
// be encrypted end to end and is never needed beyond its first bytes, which
// senders leave clear.
type descriptor struct {
	pictureAt uint8 // offset; 0 = absent
	levelAt   uint8 // of TL0PICIDX
	keyAt     uint8 // of VP8's TID/Y/KEYIDX
	wide      bool  // picture id of 15 bits
	picture   uint16
	level     uint8
	key       uint8 // KEYIDX, 5 bits
	keyFrame  bool
	temporal  uint8 // TID
	sync      bool  // VP8's Y: needs the lowest temporal layer only

	// VP9 only.
	spatial  uint8 // SID
	ends     bool  // the frame of this spatial layer ends here
	alone    bool  // P is 0: needs no earlier picture
	apart    bool  // Z: no upper spatial layer needs it
	upward   bool  // U: higher temporal layers need nothing before it
	spatials uint8 // layers, as a scalability structure tells; 0 without one
}

// parse reads what c writes before its payload; false when there is not enough.
func (v *descriptor) parse(c codec, b []byte) bool {
	*v = descriptor{}
	if len(b) == 0 {
		return false
	}
	switch c {
	case vp8:
		return v.parseVP8(b)
	case vp9:
		return v.parseVP9(b)
	case av1:
		v.keyFrame = b[0]&0x08 != 0 // N: a coded video sequence begins
	case h264:
		v.keyFrame = startsParameters(b)
	}
	return true
}

// startsParameters says that an H.264 payload (RFC 6184 §5.2) begins with a
// sequence parameter set, alone or in an aggregation packet: so begins what can
// be decoded. Nothing but the type of the NAL unit tells.
func startsParameters(b []byte) bool {
	const sequence, aggregation = 7, 24
	return b[0]&31 == sequence || b[0]&31 == aggregation && len(b) > 3 && b[3]&31 == sequence
}

// parseVP8 reads RFC 7741 §4.2.
func (v *descriptor) parseVP8(b []byte) bool {
	i := 1
	if b[0]&0x80 != 0 {
		if len(b) < 2 {
			return false
		}
		x := b[1]
		i = 2
		if x&0x80 != 0 && !v.number(b, &i) {
			return false
		}
		if x&0x40 != 0 {
			if len(b) < i+1 {
				return false
			}
			v.levelAt, v.level = uint8(i), b[i]
			i++
		}
		if x&0x30 != 0 {
			if len(b) < i+1 {
				return false
			}
			if x&0x20 != 0 {
				v.temporal, v.sync = b[i]>>6, b[i]&0x20 != 0
			}
			if x&0x10 != 0 {
				v.keyAt, v.key = uint8(i), b[i]&0x1f
			}
			i++
		}
	}
	if len(b) <= i {
		return false
	}
	starts := b[0]&0x10 != 0 && b[0]&7 == 0
	v.keyFrame = starts && b[i]&1 == 0
	return true
}

// number reads a picture id of 7 or 15 bits at *at.
func (v *descriptor) number(b []byte, at *int) bool {
	i := *at
	if len(b) < i+1 {
		return false
	}
	v.pictureAt, v.picture = uint8(i), uint16(b[i]&0x7f)
	*at = i + 1
	if b[i]&0x80 == 0 {
		return true
	}
	if len(b) < i+2 {
		return false
	}
	v.wide, v.picture = true, binary.BigEndian.Uint16(b[i:])&0x7fff
	*at = i + 2
	return true
}

// parseVP9 reads RFC 9628 §4.2, in flexible and in non-flexible mode.
func (v *descriptor) parseVP9(b []byte) bool {
	predicted, layered, flexible := b[0]&0x40 != 0, b[0]&0x20 != 0, b[0]&0x10 != 0
	starts := b[0]&0x08 != 0
	v.alone, v.ends, v.apart = !predicted, b[0]&0x04 != 0, b[0]&0x01 != 0
	i := 1
	if b[0]&0x80 != 0 && !v.number(b, &i) {
		return false
	}
	if layered {
		if len(b) < i+1 {
			return false
		}
		v.temporal, v.upward, v.spatial = b[i]>>5, b[i]&0x10 != 0, b[i]>>1&7
		i++
		if !flexible {
			if len(b) < i+1 {
				return false
			}
			v.levelAt, v.level = uint8(i), b[i]
			i++
		}
	}
	if flexible && predicted {
		for more, n := true, 0; more; i++ {
			if len(b) < i+1 || n == 3 {
				return false
			}
			more = b[i]&1 != 0
			n++
		}
	}
	if b[0]&0x02 != 0 {
		if len(b) < i+1 {
			return false
		}
		v.spatials = b[i]>>5 + 1
	}
	v.keyFrame = starts && !predicted && v.spatial == 0
	return v.spatial < maxSpatial && v.spatials <= maxSpatial
}

// rewrite puts shifted numbers into b, a copy of the payload.
func (v *descriptor) rewrite(b []byte, picture uint16, level, key uint8) {
	if v.pictureAt != 0 {
		if v.wide {
			binary.BigEndian.PutUint16(b[v.pictureAt:], (v.picture+picture)&0x7fff|0x8000)
		} else {
			b[v.pictureAt] = uint8(v.picture+picture) & 0x7f
		}
	}
	if v.levelAt != 0 {
		b[v.levelAt] = v.level + level
	}
	if v.keyAt != 0 {
		b[v.keyAt] = b[v.keyAt]&0xe0 | (v.key+key)&0x1f
	}
}

// uses is what the frame is to each pair of layers, as far as its codec tells.
func (v *descriptor) uses(c codec) uses {
	if v.keyFrame {
		return everyPair(switching)
	}
	switch c {
	case vp8:
		return uses(row(v.temporal, required)) * eachRow
	case vp9:
		// Upper rows need it where their spatial layer is predicted from it.
		at := 2 * maxTemporal * v.spatial
		of := required
		if v.alone || v.upward {
			of = switching
		}
		u := uses(row(v.temporal, of)) << at
		if !v.apart && v.spatial < maxSpatial-1 {
			above := required
			if v.alone {
				above = switching
			}
			u |= uses(row(v.temporal, above)) * eachRow << (at + 2*maxTemporal)
		}
		return u
	}
	return everywhere
}

// A row of uses is one spatial layer's.
const eachRow uses = 1<<48 | 1<<32 | 1<<16 | 1

// row is a use for all temporal layers from one on.
func row(temporal uint8, of use) uint16 { return 0x5555 * uint16(of) << (2 * temporal) }

func everyPair(of use) uses { return uses(row(0, of)) * eachRow }

// The dependency descriptor's mandatory part: start and end of frame, template,
// and a frame number of 16 bits.
func descriptorFrame(dd []byte) uint16 { return binary.BigEndian.Uint16(dd[1:]) }
