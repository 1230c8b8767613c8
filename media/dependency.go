package media

import (
	"encoding/binary"
	"math/bits"
)

// The dependency descriptor (AV1 RTP payload specification, appendix A) says of
// a frame, outside of its payload, to which layer it belongs, and which of the
// stream's decode targets (a spatial and a temporal layer with all that they
// need) need it. It refers to templates, which come with key frames.

const (
	maxTemplates = 64
	maxTargets   = 32
	maxChains    = 32
	maxSpatial   = 4
	maxTemporal  = 8
	maxDiffs     = 8 // kept of a frame; browsers write three at most
)

// use is what a frame is to a decode target (A.8.1, decode target indication).
type use uint8

const (
	unused      use = iota // not of it
	discardable            // of it, and no other frame of it needs this one
	switching              // whoever can decode this frame can decode the target from here on
	required
)

// uses is what a frame is to every pair of spatial and temporal layer, two bits
// each; pairs beyond those of the stream mean the highest.
type uses uint64

// everywhere is the uses of a frame of which nothing is known: required.
const everywhere uses = 1<<64 - 1

func (u uses) at(spatial, temporal uint8) use {
	cell := min(spatial, maxSpatial-1)*maxTemporal + min(temporal, maxTemporal-1)
	return use(u>>(2*cell)) & 3
}

// template is what frames of one place in the pattern have in common.
type template struct {
	spatial, temporal uint8
	targets           uint64 // use by each decode target, two bits each
	uses              uses
	diffs             diffs
	chains            [maxChains]uint8
}

// diffs are the frames that one refers to, as distances of frame numbers.
type diffs struct {
	n  uint8
	by [maxDiffs]uint16
}

func (d *diffs) add(by uint32) {
	if d.n < maxDiffs {
		d.by[d.n] = uint16(by)
		d.n++
	}
}

// structure is a template dependency structure.
type structure struct {
	offset    uint8 // id of the first template
	templates int
	targets   int
	chains    int
	spatials  uint8 // layers
	temporals uint8
	template  [maxTemplates]template
	spatial   [maxTargets]uint8 // of a decode target
	temporal  [maxTargets]uint8
	protects  [maxTargets]uint8 // its chain
	cells     [maxSpatial * maxTemporal]uint8
	width     [maxSpatial]uint16 // as sent; 0: not told
	height    [maxSpatial]uint16
}

// dependency is one descriptor, read.
type dependency struct {
	starts, ends      bool // of the frame
	number            uint16
	fresh             bool // brings a structure: a key frame begins
	spatial, temporal uint8
	uses              uses
	masked            bool // active is told
	active            uint32
	maskAt            uint16 // bit at which it is written; 0: it is not
	diffs             diffs
	chains            [maxChains]uint8
}

// parse reads b by the structure that is in force. A structure in b is put into
// fresh, and in force from this packet on. False means that the descriptor lies
// or that its templates are not known; what it says of the frame's start, end
// and number holds all the same.
func (d *dependency) parse(b []byte, known, fresh *structure) bool {
	*d = dependency{uses: everywhere}
	if len(b) < 3 {
		return false
	}
	d.starts, d.ends, d.number = b[0]&0x80 != 0, b[0]&0x40 != 0, binary.BigEndian.Uint16(b[1:])
	id := b[0] & 0x3f
	r := bitReader{b: b, at: 24}
	customUses, customDiffs, customChains := false, false, false
	if len(b) > 3 {
		brings, masks := r.flag(), r.flag()
		customUses, customDiffs, customChains = r.flag(), r.flag(), r.flag()
		if brings {
			if !fresh.parse(&r) {
				return false
			}
			d.fresh, known = d.starts, fresh
			d.masked, d.active = true, uint32(1<<known.targets-1)
		}
		if masks {
			if known == nil {
				return false
			}
			d.maskAt = uint16(r.at)
			d.masked, d.active = true, r.take(known.targets)
		}
	}
	if known == nil {
		return false
	}
	i := int(id-known.offset) & (maxTemplates - 1)
	if i >= known.templates {
		return false
	}
	t := &known.template[i]
	d.spatial, d.temporal, d.uses = t.spatial, t.temporal, t.uses
	if customUses {
		targets := uint64(0)
		for n := range known.targets {
			targets |= uint64(r.take(2)) << (2 * n)
		}
		d.uses = known.grid(targets)
	}
	d.diffs = t.diffs
	if customDiffs {
		d.diffs = diffs{}
		for n := r.take(2); n != 0 && !r.bad; n = r.take(2) {
			d.diffs.add(r.take(int(4*n)) + 1)
		}
	}
	d.chains = t.chains
	if customChains {
		for n := range known.chains {
			d.chains[n] = uint8(r.take(8))
		}
	}
	return !r.bad
}

func (s *structure) parse(r *bitReader) bool {
	*s = structure{}
	s.offset = uint8(r.take(6))
	s.targets = int(r.take(5)) + 1
	if !s.layers(r) {
		return false
	}
	for i := range s.templates {
		for n := range s.targets {
			s.template[i].targets |= uint64(r.take(2)) << (2 * n)
		}
	}
	for i := range s.templates {
		for r.flag() && !r.bad {
			s.template[i].diffs.add(r.take(4) + 1)
		}
	}
	if s.chains = int(r.short(s.targets + 1)); s.chains > 0 {
		for n := range s.targets {
			s.protects[n] = uint8(r.short(s.chains))
		}
		for i := range s.templates {
			for n := range s.chains {
				s.template[i].chains[n] = uint8(r.take(4))
			}
		}
	}
	if r.flag() {
		for n := range s.spatials {
			s.width[n], s.height[n] = uint16(r.take(16)), uint16(r.take(16))
			s.width[n]++ // 65,536 lines read as 0: not told
			s.height[n]++
		}
	}
	if r.bad {
		return false
	}
	s.lay()
	return true
}

// layers reads the spatial and temporal layer of each template.
func (s *structure) layers(r *bitReader) bool {
	spatial, temporal := uint8(0), uint8(0)
	for next := uint32(0); next != 3; {
		if r.bad || s.templates == maxTemplates || spatial == maxSpatial || temporal == maxTemporal {
			return false
		}
		s.template[s.templates].spatial, s.template[s.templates].temporal = spatial, temporal
		s.templates++
		s.spatials, s.temporals = spatial+1, max(s.temporals, temporal+1)
		switch next = r.take(2); next {
		case 1:
			temporal++
		case 2:
			spatial, temporal = spatial+1, 0
		}
	}
	return !r.bad
}

// lay finds the layers of each decode target, the highest of the templates that
// it has, and for each pair of layers the target that serves it.
func (s *structure) lay() {
	for n := range s.targets {
		for i := range s.templates {
			if t := &s.template[i]; t.targets>>(2*n)&3 != 0 {
				s.spatial[n], s.temporal[n] = max(s.spatial[n], t.spatial), max(s.temporal[n], t.temporal)
			}
		}
	}
	for cell := range s.cells {
		best := -1
		for n := range s.targets {
			if s.spatial[n] > uint8(cell/maxTemporal) || s.temporal[n] > uint8(cell%maxTemporal) {
				continue
			}
			if best < 0 || s.spatial[n] > s.spatial[best] || s.spatial[n] == s.spatial[best] && s.temporal[n] > s.temporal[best] {
				best = n
			}
		}
		s.cells[cell] = uint8(max(best, 0))
	}
	for i := range s.templates {
		s.template[i].uses = s.grid(s.template[i].targets)
	}
}

// grid spreads uses by decode target over the pairs of layers.
func (s *structure) grid(targets uint64) (u uses) {
	for cell, n := range s.cells {
		u |= uses(targets>>(2*n)&3) << (2 * cell)
	}
	return u
}

// reaches is how many spatial layers have an active decode target.
func (s *structure) reaches(active uint32) (n uint8) {
	for i := range s.targets {
		if active>>i&1 != 0 {
			n = max(n, s.spatial[i]+1)
		}
	}
	return n
}

// narrow takes out of a written mask the targets that a receiver of these layers
// does not get.
func (s *structure) narrow(dd []byte, maskAt uint16, spatial, temporal uint8) {
	for n := range s.targets {
		bit := int(maskAt) + n
		if bit < 8*len(dd) && (s.spatial[n] > spatial || s.temporal[n] > temporal) {
			dd[bit>>3] &^= 0x80 >> (bit & 7)
		}
	}
}

// bitReader reads from the highest bit on; past the end it is bad and gives 0.
type bitReader struct {
	b   []byte
	at  int
	bad bool
}

func (r *bitReader) flag() bool { return r.take(1) != 0 }

func (r *bitReader) take(n int) (v uint32) {
	if r.at+n > 8*len(r.b) {
		r.bad = true
		return 0
	}
	for range n {
		v = v<<1 | uint32(r.b[r.at>>3]>>(7-r.at&7)&1)
		r.at++
	}
	return v
}

// short reads a number below n in as few bits as it needs (ns(n) there).
func (r *bitReader) short(n int) uint32 {
	w := bits.Len(uint(n))
	m := uint32(1<<w - n)
	v := r.take(w - 1)
	if v < m {
		return v
	}
	return v<<1 - m + r.take(1)
}
