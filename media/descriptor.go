package media

import "encoding/binary"

// descriptor is what we read of the start of a picture's payload: where its
// running numbers stand, and whether a key frame begins here. The payload
// itself may be encrypted end to end and is never needed beyond its first byte,
// which senders leave clear.
type descriptor struct {
	pictureAt uint8 // offset; 0 = absent
	levelAt   uint8 // of TL0PICIDX
	keyAt     uint8 // of TID/Y/KEYIDX
	wide      bool  // picture id of 15 bits
	picture   uint16
	level     uint8
	key       uint8 // KEYIDX, 5 bits
	keyFrame  bool
	temporal  uint8 // TID
	sync      bool  // Y: needs the lowest temporal layer only
}

// parse reads what c writes before its payload; false when there is not enough.
func (v *descriptor) parse(c codec, b []byte) bool {
	*v = descriptor{}
	switch c {
	case vp8:
		return v.parseVP8(b)
	case av1:
		// The aggregation header: N, a new coded video sequence begins.
		v.keyFrame = len(b) > 0 && b[0]&0x08 != 0
		return len(b) > 0
	}
	return false
}

// parseVP8 reads RFC 7741 §4.2.
func (v *descriptor) parseVP8(b []byte) bool {
	if len(b) < 1 {
		return false
	}
	i := 1
	if b[0]&0x80 != 0 {
		if len(b) < 2 {
			return false
		}
		x := b[1]
		i = 2
		if x&0x80 != 0 {
			if len(b) < i+1 {
				return false
			}
			v.pictureAt, v.picture = uint8(i), uint16(b[i]&0x7f)
			if b[i]&0x80 != 0 {
				if len(b) < i+2 {
					return false
				}
				v.wide, v.picture = true, binary.BigEndian.Uint16(b[i:])&0x7fff
				i++
			}
			i++
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

// The dependency descriptor's mandatory part: start and end of frame, template,
// and a frame number of 16 bits. What follows begins with the flag of the
// template structure, which comes with key frames only.
func descriptorFrame(dd []byte) uint16 { return binary.BigEndian.Uint16(dd[1:]) }

func descriptorKey(dd []byte) bool {
	return len(dd) > 3 && dd[0]&0x80 != 0 && dd[3]&0x80 != 0
}
