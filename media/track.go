package media

import "slices"

// PeerID names a peer; opaque, chosen by the caller, unique in the router.
type PeerID string

// Source is the opaque name of what a peer sends: "microphone", "camera",
// "screen", "screen-sound".
type Source string

// SlotID names a receiving place, such as "v0", "a0", "x3"; unique within the
// peer. A leading v or a and the same rest make a pair with one stream id.
type SlotID string

// TrackID names what one peer sends of one source.
type TrackID struct {
	Peer   PeerID
	Source Source
}

// Kind is sound or picture.
type Kind uint8

const (
	Audio Kind = iota + 1
	Video
)

func (k Kind) String() string {
	switch k {
	case Audio:
		return "audio"
	case Video:
		return "video"
	}
	return "unknown"
}

// track is what a peer sends of a source, and who waits for it. It exists as
// soon as someone is seated to it, and has layers once packets come. Owned by
// the road.
type track struct {
	id     TrackID
	kind   Kind  // 0 while only waited for
	peer   *peer // nil while only waited for
	live   bool  // TrackStarted was said
	layers []*layer
	ranks  int   // sizes that were offered; the layers' ranks lie below
	codec  codec // of what came last
	turned int64 // when that changed
	seated []*slot

	// What the publisher is told to send; see watch.
	needed [maxRids]int64 // when a rank was last taken
	taken  uint8          // ranks, as told
	asked  [maxRids]int64 // when a rank was told
	told   bool
	codecs codecs // that the publisher has
	common codecs // those that everybody seated has too, as told
	moreAt int64  // since when there are more in common than told; 0: there are not
}

// seat puts s on t; it follows as soon as there is a layer.
func (t *track) seat(s *slot) {
	if s.seat != nil {
		s.seat.unseat(s)
	}
	if s.want != nil {
		s.want.unlink(s)
		s.want = nil
	}
	s.seat, s.pause.anew, s.toldOf = t, true, nil
	t.seated = append(t.seated, s)
	if s.granted.rank < 0 {
		s.granted = anything() // until the line is shared anew
	}
	if t.live {
		s.aim()
	}
}

// empty takes whoever sits in s out of it.
func (r *road) empty(s *slot) {
	s.leave()
	if t := s.seat; t != nil {
		t.unseat(s)
		r.tidy(t)
	}
}

func (t *track) unseat(s *slot) {
	if i := slices.Index(t.seated, s); i >= 0 {
		t.seated = slices.Delete(t.seated, i, i+1)
	}
	s.seat = nil
}

// drop removes a layer; who followed it waits for another.
func (t *track) drop(l *layer) {
	for _, s := range slices.Clone(l.slots) {
		if s.cur == l {
			s.cur = nil
		}
		if s.want == l {
			s.want = nil
		}
	}
	l.slots = nil
	if i := slices.Index(t.layers, l); i >= 0 {
		t.layers = slices.Delete(t.layers, i, i+1)
	}
}

// flow: l sends, perhaps again, or in another codec or form; who is seated takes
// what is best now.
func (r *road) flow(t *track, l *layer, k *packet) {
	if t.codec != k.codec {
		// A source has one codec at a time: its other layers are of the past.
		for _, o := range t.layers {
			o.live = o.live && o.codec == k.codec
		}
		t.codec, t.turned = k.codec, r.now
	}
	if !l.live {
		l.liveAt = r.now
	}
	l.live, l.codec, l.changed = true, k.codec, false
	t.ranks = max(t.ranks, l.rank+int(l.flowing))
	if !t.live {
		t.live = true
		r.tell(Event{Kind: TrackStarted, Peer: t.id.Peer, Track: t.id})
	}
	t.spread()
}

// straggles says that k is the rest of what another layer sent in the codec
// that its source has left.
func (t *track) straggles(l *layer, k *packet, now int64) bool {
	return k.codec != t.codec && k.codec == l.codec && now-t.turned < silentLayer
}

// stop says that t sends no more; gone also takes its layers away.
func (r *road) stop(t *track, gone bool) {
	if t.live {
		t.live = false
		for _, l := range t.layers {
			l.live = false
		}
		r.tell(Event{Kind: TrackStopped, Peer: t.id.Peer, Track: t.id})
	}
	if !gone {
		return
	}
	for _, l := range slices.Clone(t.layers) {
		t.peer.remember(l)
		t.drop(l)
	}
	if p := t.peer; p != nil {
		p.streams = slices.DeleteFunc(p.streams, func(s *stream) bool { return s.layer.track == t })
		p.last = nil
		p.tracks = slices.DeleteFunc(p.tracks, func(u *track) bool { return u == t })
	}
	t.peer, t.kind = nil, 0
	r.tidy(t)
}

// tidy forgets a track that nobody sends or waits for.
func (r *road) tidy(t *track) {
	if t.peer == nil && len(t.seated) == 0 {
		delete(r.tracks, t.id)
	}
}

func (r *road) track(id TrackID) *track {
	t := r.tracks[id]
	if t == nil {
		t = &track{id: id}
		r.tracks[id] = t
	}
	return t
}
