package media

// Thinning: a slot may leave out the upper temporal layers of a picture, and the
// spatial layers that its own does not need. What is left out leaves no hole in
// the numbers, so the shift between incoming and outgoing numbers changes with
// every frame left out; a late packet or a NACK must find the shift of its own
// time. Frame numbers of dependency descriptors and VP9's picture ids keep their
// holes: frames refer to each other by their differences.

// stretches is how many changes a slot remembers: with one layer of 30 pictures
// taken out of three, 4 s, longer than the history of packets.
const stretches = 128

// stretch is a run of incoming indexes with one shift.
type stretch struct {
	from, to uint64 // to is 0 while it runs
	offset   uint64
	picture  uint16
	top      uint8 // spatial layer that goes out
}

// thinning is the state of a slot that leaves frames out.
type thinning struct {
	runs [stretches]stretch
	n    int    // runs begun since the slot was taken
	top  uint64 // newest index seen
	ts   uint32
	of   uint8 // spatial layer
	drop bool  // the frame of ts and of is left out
	any  bool  // ts is valid
}

// last is the newest stretch.
func (t *thinning) last() *stretch { return &t.runs[(t.n-1)%stretches] }

func (s *slot) begin(from uint64) {
	t := s.thinned
	t.runs[t.n%stretches] = stretch{from: from, offset: s.offset, picture: s.picture, top: s.spatial}
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
		s.begin(s.from)
	}
	if k.late {
		return t.find(k.index) == nil
	}
	x := t.last()
	if !k.padding && (!t.any || k.ts != t.ts || k.spatial != t.of) {
		t.any, t.ts, t.of, t.drop = true, k.ts, k.spatial, s.above(k)
		if t.drop && k.codec == vp8 {
			s.picture--
		}
		if x.to == 0 && x.top != s.spatial {
			x.to = k.index
		}
	}
	if x.to != 0 && k.index > t.top+1 {
		// What is missing amid frames left out may be of another: it keeps its
		// number, and goes when it is repaired.
		s.begin(t.top + 1)
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
		s.begin(k.index)
	}
	return false
}

// above decides a new frame: a lower temporal limit holds at once, everything
// else from a frame on at which the receiver can go over: one that it gets now,
// and after which all is decodable that it is to get. While a smaller size is
// waited for, the fewest frames go.
func (s *slot) above(k *packet) bool {
	limit := s.limit
	if s.top < s.spatial {
		limit = 0
	}
	s.temporal = min(s.temporal, limit)
	switch {
	case k.uses.at(s.top, s.limit) == switching && k.uses.at(s.spatial, s.temporal) != unused:
		s.spatial, s.temporal = s.top, s.limit
	case k.sync && s.temporal < limit && k.temporal == s.temporal+1:
		s.temporal = k.temporal
		if s.limit == allTemporal && k.temporal >= topTemporal {
			s.temporal = allTemporal
		}
	}
	return k.uses.at(s.spatial, s.temporal) == unused
}

// topTemporal is the highest temporal layer that browsers send (L1T3).
const topTemporal = 2

// number is the outgoing index and picture shift of a packet of cur, and the
// spatial layer that went out at its time.
func (s *slot) number(index uint64) (out uint64, picture uint16, top uint8) {
	if s.thinned != nil && s.thinned.n > 0 {
		if x := s.thinned.find(index); x != nil {
			return index + x.offset, x.picture, x.top
		}
	}
	return index + s.offset, s.picture, s.spatial
}

// incoming is the index in cur's numbers of one that went out.
func (s *slot) incoming(out uint64) (uint64, bool) {
	if s.thinned != nil && s.thinned.n > 0 {
		return s.thinned.came(out)
	}
	return out - s.offset, out >= s.from+s.offset
}
