package media

import "slices"

// Wish is what a receiver wants of a picture in a slot. The zero Wish is the
// best there is, after all others.
type Wish struct {
	// Width and Height of the picture on the receiver's screen in device
	// pixels; 0 is any size.
	Width, Height int
	// Priority when the line is too narrow for all; more is first.
	Priority Priority
	// Hidden is on no screen: nothing is forwarded until it is seen.
	Hidden bool
}

// Priority orders pictures. From FirstPriority on a picture gets the best that
// the line carries before any other gets something; below it everybody gets a
// small picture before anybody gets a larger one.
type Priority uint8

// FirstPriority is the lowest of those served first.
const FirstPriority Priority = 100

const (
	// smallest is the height of a track's smallest layer; each next has twice
	// of it: 180, 360, 720. What an offer lists first is the smallest.
	smallest = 180
	// shrinkAfter a tile became smaller its picture does: a window that is
	// dragged, or a place that changes twice, moves no layer.
	shrinkAfter = 2e9
	// unwatchedAfter nobody takes a layer its publisher is told to stop it.
	unwatchedAfter = 1e9
	// moreAfter everybody has a codec its publisher is told so.
	moreAfter = 5e9
	// silentLayer sent nothing for so long: another one serves meanwhile.
	silentLayer = 1e9
	// absentAfter it was asked for, a layer that does not come is not counted on.
	absentAfter = 3e9
	// allTemporal is no limit.
	allTemporal = 255
)

// grant is what a slot may take: a layer's rank, -1 for nothing, and the
// highest temporal layer in it.
type grant struct {
	rank     int
	temporal uint8
}

// anything is no limit.
func anything() grant { return grant{rank: maxRids, temporal: allTemporal} }

// reach is the rank that fills a tile: the smallest that has three quarters of
// its lines. -1 is nothing.
func reach(w Wish, ranks int) int {
	if w.Hidden {
		return -1
	}
	lines := max(w.Height, w.Width*9/16) // tiles are filled, not fitted
	if lines == 0 {
		return ranks - 1
	}
	for rank := range ranks - 1 {
		if (smallest<<rank)*4 >= lines*3 {
			return rank
		}
	}
	return ranks - 1
}

// target is the rank that the slot is to have if the line carries it: more at
// once, less after shrinkAfter.
func (s *slot) target(now int64) int {
	want := reach(s.wish, s.seat.ranks)
	switch {
	case want < 0 || want >= s.aimed || s.aimedFor != s.seat:
		s.aimed, s.aimedFor, s.smallerAt = want, s.seat, 0
	case s.smallerAt == 0:
		s.smallerAt = now
	case now-s.smallerAt >= shrinkAfter:
		s.aimed, s.smallerAt = want, 0
	}
	return s.aimed
}

// aim makes the slot follow what it was granted of whom it shows.
func (s *slot) aim() {
	t := s.seat
	if t == nil || t.kind != s.kind {
		return
	}
	if s.granted.rank < 0 {
		s.leave()
		return
	}
	if s.cur != nil && s.cur.codec != noCodec && !s.plays(s.cur.codec) {
		s.leave()
	}
	s.limit = s.granted.temporal
	if l := t.pick(s); l != nil {
		s.follow(l)
	}
	s.reach()
}

// reach sets which spatial layer of cur the slot is to have, and says whether
// packets are to be left out at all.
func (s *slot) reach() {
	if s.cur == nil {
		return
	}
	s.top = uint8(s.cur.serves(s.granted.rank) - s.cur.rank)
	s.thin = s.limit != allTemporal || s.temporal != allTemporal || s.cur.flowing > 1 || s.spatial > 0
}

// turns says that the slot waits for a key picture to change its spatial layer.
func (s *slot) turns() bool { return s.want == nil && s.top != s.spatial }

// pick is the best layer that flows within the slot's grant; while none does,
// the smallest above it.
func (t *track) pick(s *slot) *layer {
	var best *layer
	for _, l := range t.layers {
		if !l.started || l.codec != noCodec && !s.plays(l.codec) {
			continue
		}
		if best == nil || l.better(best, s.granted.rank) {
			best = l
		}
	}
	if best != nil && !best.live && s.cur != nil && s.cur.track == t {
		return nil // nothing flows: stay
	}
	return best
}

// better says that l serves a grant of rank better than o.
func (l *layer) better(o *layer, rank int) bool {
	if l.live != o.live {
		return l.live
	}
	a, b := l.serves(rank), o.serves(rank)
	switch {
	case a == b:
		return l.liveAt > o.liveAt // the other one is being left
	case (a <= rank) != (b <= rank):
		return a <= rank
	case a <= rank:
		return a > b
	}
	return a < b
}

// spread lets everybody seated follow what is best now.
func (t *track) spread() {
	for _, s := range t.seated {
		s.aim()
	}
}

// quiet notes layers that stopped flowing.
func (t *track) quiet(now int64) {
	changed := false
	for _, l := range t.layers {
		if l.live && now-l.heard > silentLayer {
			l.live, changed = false, true
		}
		l.ebb(now)
		changed, l.changed = changed || l.changed, false
	}
	if changed {
		t.spread()
	}
}

// agree finds the codecs that the publisher and everybody seated has. Fewer
// count at once, more only after moreAfter, because each change of codec costs a
// key frame. It says whether that changed.
func (t *track) agree(now int64) bool {
	common := t.codecs
	for _, s := range t.seated {
		if s.kind == t.kind && s.peer.takes() {
			common &= s.codecs
		}
	}
	if common&^t.common == 0 {
		t.moreAt = 0
	} else if t.moreAt == 0 {
		t.moreAt = now
	}
	if t.told && t.moreAt != 0 && now-t.moreAt < moreAfter {
		common &= t.common
	}
	changed := common != t.common
	t.common = common
	return changed
}

// watch tells the publisher which of its layers are taken, when that changed:
// more at once, less after unwatchedAfter.
func (r *road) watch(t *track) {
	for _, s := range t.seated {
		if s.kind == t.kind && s.granted.rank >= 0 && s.peer.takes() {
			t.need(s, r.now)
		}
	}
	var take uint8
	for rank := range t.ranks {
		if t.needed[rank] != 0 && r.now-t.needed[rank] < unwatchedAfter {
			take |= 1 << rank
		}
	}
	if changed := t.agree(r.now); t.told && take == t.taken && !changed {
		return
	}
	for rank := range t.ranks {
		if take&^t.taken>>rank&1 != 0 || !t.told {
			t.asked[rank] = r.now
		}
	}
	t.told, t.taken = true, take
	layers := []int{}
	for rank := range t.ranks {
		if take>>rank&1 != 0 {
			layers = append(layers, rank)
		}
	}
	r.tell(Event{Kind: LayersWanted, Peer: t.id.Peer, Track: t.id, Layers: layers, Codecs: t.common.names()})
}

// lacks says that a rank is off at the publisher, as it was told.
func (t *track) lacks(rank int) bool {
	return rank >= 0 && t.peer != nil && t.told && t.taken>>min(rank, t.ranks-1)&1 == 0
}

// absent says that a rank was asked for and does not come: the picture is too
// small for it, or the publisher's line or machine too weak.
func (t *track) absent(rank int, now int64) bool {
	if !t.told || t.taken>>rank&1 == 0 || now-t.asked[rank] < absentAfter {
		return false
	}
	return !slices.ContainsFunc(t.layers, func(l *layer) bool { return l.covers(rank) && (l.live || l.started && now-l.heard < absentAfter) })
}

// need marks what one slot takes: the layer of its grant, and until that flows
// the one it has or could have meanwhile.
func (t *track) need(s *slot, now int64) {
	top := min(s.granted.rank, t.ranks-1)
	t.needed[top] = now
	for _, l := range []*layer{s.cur, s.want} {
		if l == nil || l.track != t {
			continue
		}
		has := l.serves(s.granted.rank)
		if l == s.cur {
			has = l.rank + int(s.spatial)
		}
		if has < len(t.needed) {
			t.needed[has] = now
		}
	}
	if s.aimed >= 0 && s.aimed < t.ranks && t.absent(s.aimed, now) {
		t.needed[s.aimed] = now // until it comes after all
	}
	if s.cur == nil || s.cur.track != t {
		t.needed[0] = now // the smallest is the first to come over any line
	}
}
