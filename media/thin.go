package media

// Thinning: a slot may leave out the upper temporal layers of a picture. What
// is left out leaves no hole in the numbers, so the shift between incoming and
// outgoing numbers changes with every frame left out; a late packet or a NACK
// must find the shift of its own time.

// stretches is how many changes a slot remembers: with every other of 30
// frames left out, 4 s, longer than the history of packets.
const stretches = 64

// stretch is a run of incoming indexes with one shift.
type stretch struct {
	from, to uint64 // to is 0 while it runs
	offset   uint64
	picture  uint16
}

// thinning is the state of a slot that leaves frames out.
type thinning struct {
	runs [stretches]stretch
	n    int    // runs begun since the slot was taken
	top  uint64 // newest index seen
	ts   uint32
	drop bool // the frame of ts is left out
	any  bool // ts is valid
}

// last is the newest stretch.
func (t *thinning) last() *stretch { return &t.runs[(t.n-1)%stretches] }

func (t *thinning) begin(from, offset uint64, picture uint16) {
	t.runs[t.n%stretches] = stretch{from: from, offset: offset, picture: picture}
	t.n++
}

// find the stretch of an incoming index.
func (t *thinning) find(index uint64) *stretch {
	for i := range min(t.n, stretches) {
		x := &t.runs[(t.n-1-i)%stretches]
		if index >= x.from {
			if x.to != 0 && index >= x.to {
				return nil
			}
			return x
		}
	}
	return nil
}

// came finds the incoming index of an outgoing one.
func (t *thinning) came(out uint64) (uint64, bool) {
	for i := range min(t.n, stretches) {
		x := &t.runs[(t.n-1-i)%stretches]
		if index := out - x.offset; out >= x.from+x.offset {
			return index, x.to == 0 || index < x.to
		}
	}
	return 0, false
}

// leavesOut says whether k does not go to this receiver. Called for a thin slot
// with every packet of its layer in the order of arrival.
func (s *slot) leavesOut(k *packet) bool {
	if s.thinned == nil {
		s.thinned = &thinning{}
	}
	t := s.thinned
	if t.n == 0 {
		t.any = false
		t.begin(s.from, s.offset, s.picture)
	}
	if k.late {
		return t.find(k.index) == nil
	}
	if !k.padding && (!t.any || k.ts != t.ts) {
		t.any, t.ts, t.drop = true, k.ts, s.above(k)
		if t.drop {
			s.picture--
		}
	}
	x := t.last()
	if x.to != 0 && k.index > t.top+1 {
		// What is missing amid frames left out may be of another: it keeps its
		// number, and goes when it is repaired.
		t.begin(t.top+1, s.offset, s.picture)
		x = t.last()
	}
	t.top = k.index
	if t.drop && !k.padding {
		if x.to == 0 {
			x.to = k.index
		}
		s.offset--
		return true
	}
	if x.to != 0 {
		t.begin(k.index, s.offset, s.picture)
	}
	return false
}

// above decides a new frame: a lower limit holds at once, a higher one from the
// next frame on that needs nothing left out, one step at a time.
func (s *slot) above(k *packet) bool {
	s.temporal = min(s.temporal, s.limit)
	tid := k.desc.temporal
	if k.key || s.temporal < s.limit && tid == s.temporal+1 && k.desc.sync {
		if k.key {
			s.temporal = s.limit
		} else {
			s.temporal = tid
		}
	}
	if s.limit == allTemporal && tid >= topTemporal && tid <= s.temporal {
		s.temporal = allTemporal
	}
	return tid > s.temporal
}

// topTemporal is the highest temporal layer that browsers send (L1T3).
const topTemporal = 2

// number is the outgoing index and picture shift of a packet of cur.
func (s *slot) number(index uint64) (out uint64, picture uint16) {
	if s.thinned != nil && s.thinned.n > 0 {
		if x := s.thinned.find(index); x != nil {
			return index + x.offset, x.picture
		}
	}
	return index + s.offset, s.picture
}

// incoming is the index in cur's numbers of one that went out.
func (s *slot) incoming(out uint64) (uint64, bool) {
	if s.thinned != nil && s.thinned.n > 0 {
		return s.thinned.came(out)
	}
	return out - s.offset, out >= s.from+s.offset
}
