package media

// Pause says why a picture that a slot should show is not sent.
type Pause uint8

const (
	// PauseLine: the receiver's line is too narrow for it.
	PauseLine Pause = iota + 1
	// PauseNode: this machine has more to forward than it can.
	PauseNode
)

func (p Pause) String() string {
	switch p {
	case PauseLine:
		return "line"
	case PauseNode:
		return "node"
	}
	return "none"
}

// pauseAfter a picture stopped it is said: what is mended at once needs no words.
const pauseAfter = 1e9

// pause is why a slot stands still, and what was said of it.
type pause struct {
	why   Pause // 0: it flows, or nothing is to be seen
	since int64
	told  Pause
	of    TrackID // told of
	anew  bool    // seated again since: who listens may have forgotten it
}

// stopped is why no picture goes out of who sits in s, though it is wished and
// could be had.
func (s *slot) stopped(now int64) Pause {
	switch {
	case s.seat == nil || s.seat.kind != Video || s.wish.Hidden:
		return 0
	case s.shed:
		return PauseNode
	case s.granted.rank < 0 && s.seat.offered(now):
		return PauseLine
	}
	return 0
}

// offered says that a layer flows or would when asked for: what a publisher
// does not send is not the receiver's line's fault.
func (t *track) offered(now int64) bool {
	for rank := range t.ranks {
		if !t.absent(rank, now) {
			return true
		}
	}
	return false
}

// tellPauses says which pictures of p stopped and which flow again. It looks on
// from outside at what share and shed decided, and decides nothing.
func (r *road) tellPauses(p *peer) {
	for _, s := range p.slots {
		if s.kind != Video {
			continue
		}
		x := &s.pause
		if why := s.stopped(r.now); why != x.why {
			x.why, x.since = why, r.now
		}
		flows := x.why == 0 && s.cur != nil && s.want == nil
		if x.told != 0 && (x.anew || s.seat == nil || s.wish.Hidden || flows) {
			r.tell(Event{Kind: SlotResumed, Peer: p.id, Track: x.of, Slot: s.id})
			x.told, x.since = 0, r.now
		}
		x.anew = false
		if x.why != 0 && x.why != x.told && r.now-x.since >= pauseAfter {
			x.told, x.of = x.why, s.seat.id
			r.tell(Event{Kind: SlotPaused, Peer: p.id, Track: x.of, Slot: s.id, Pause: x.why})
		}
	}
}
