package room

import (
	"cmp"
	"slices"
	"strconv"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

// quietSounds is how many sounds beside no picture are kept for people who do not speak now: those heard last begin without
// a wait, and silence costs a receiver no more in a room of a hundred than in one of ten.
const quietSounds = 8

// track is one thing that a member sends.
type track struct {
	Member meeting.MemberID
	Source protocol.Source
}

// sender is a member at the table and what they send.
type sender struct {
	ID          meeting.MemberID
	Head        bool
	Sound       bool // has a microphone in the meeting, on or off: the seat is kept while it is off
	Speaking    bool // the microphone is on
	Camera      bool
	Screen      bool
	ScreenSound bool
	Loud        bool  // is heard now
	Heard       int64 // when last heard speaking; larger is later, 0 never
}

// pool is a receiver's slots by what they are for.
type pool struct {
	pictures []media.SlotID // v0, v1, ...
	beside   []media.SlotID // a0, a1, ... of the same numbers; empty where there is none
	sounds   []media.SlotID // x0, x1, ..., then sounds of no picture's number
}

// newPool sorts the slots of an offer.
func newPool(offered []media.SlotID) pool {
	var p pool
	var lone []media.SlotID
	for _, s := range offered {
		switch {
		case s == "":
		case s[0] == 'v':
			p.pictures = append(p.pictures, s)
		case s[0] == 'x':
			p.sounds = append(p.sounds, s)
		case s[0] == 'a' && !slices.Contains(offered, "v"+s[1:]):
			lone = append(lone, s)
		}
	}
	for _, list := range [][]media.SlotID{p.pictures, p.sounds, lone} {
		slices.SortFunc(list, bySlot)
	}
	for _, s := range p.pictures {
		b := "a" + s[1:]
		if !slices.Contains(offered, b) {
			b = ""
		}
		p.beside = append(p.beside, b)
	}
	p.sounds = append(p.sounds, lone...)
	return p
}

// bySlot orders slots by letter and number.
func bySlot(a, b media.SlotID) int {
	la, na := slotParts(a)
	lb, nb := slotParts(b)
	return cmp.Or(cmp.Compare(la, lb), cmp.Compare(na, nb), cmp.Compare(a, b))
}

func slotParts(s media.SlotID) (letter string, number int) {
	if s == "" {
		return "", 0
	}
	n, err := strconv.Atoi(string(s[1:]))
	if err != nil {
		n = -1
	}
	return string(s[:1]), n
}

// screen is what a receiver's screen shows; the zero value is one that has not said.
type screen struct {
	tiles   []protocol.Tile
	cameras map[meeting.MemberID]int // the first tile of each
}

func newScreen(tiles []protocol.Tile) screen {
	s := screen{tiles: tiles, cameras: make(map[meeting.MemberID]int, len(tiles))}
	for i, x := range tiles {
		if _, ok := s.cameras[x.Member]; !ok && x.Source == protocol.Camera {
			s.cameras[x.Member] = i
		}
	}
	return s
}

func (s *screen) shows(t track) bool {
	return slices.ContainsFunc(s.tiles, func(x protocol.Tile) bool { return x.Member == t.Member && x.Source == t.Source })
}

// silent: nothing was said of what it shows.
func (s *screen) silent() bool { return len(s.tiles) == 0 }

// seat says who sits where for one receiver. Pure: the same arguments give the same seats.
//
// Slots are v0.. for pictures, a0.. for the sound beside the picture of the same number, x0.. for sound alone. A member's
// camera and microphone share a pair, so that lips and voice keep together, and so do a screen and its sound. Pictures in
// order: screens, pinned, heads, as the screen shows them; where nothing is known of the screen, as they were last heard.
// Who has no picture needs a sound slot only: those who speak, then the few who were last heard. Nobody moves without need,
// and nobody gets themself.
func seat(slots pool, me meeting.MemberID, senders []sender, shown screen, before map[media.SlotID]track) map[media.SlotID]track {
	t := seating{pool: slots, shown: shown, before: before, seats: make(map[media.SlotID]track, len(before)+2)}
	t.senders = make([]sender, 0, len(senders))
	for _, s := range senders {
		if s.ID != me {
			t.senders = append(t.senders, s)
		}
	}
	t.pictures()
	t.sounds()
	return t.seats
}

type seating struct {
	pool
	senders []sender
	shown   screen
	before  map[media.SlotID]track
	seats   map[media.SlotID]track
}

// pictures seats screens and cameras.
func (t *seating) pictures() {
	free := make([]int, len(t.pool.pictures)) // numbers
	for i := range free {
		free[i] = i
	}
	want := t.wanted()
	want = want[:min(len(want), len(free))]
	moving := want[:0:0]
	for _, w := range want {
		if i := slices.IndexFunc(free, func(n int) bool { return t.before[t.pool.pictures[n]] == w }); i >= 0 {
			t.seats[t.pool.pictures[free[i]]] = w
			free = slices.Delete(free, i, i+1)
		} else {
			moving = append(moving, w)
		}
	}
	for _, w := range moving {
		i := t.bestPair(free, w)
		t.seats[t.pool.pictures[free[i]]] = w
		free = slices.Delete(free, i, i+1)
	}
}

// wanted is the pictures in the order in which they deserve a slot.
func (t *seating) wanted() []track {
	type want struct {
		track
		class, place int
		heard        int64
	}
	out := make([]want, 0, len(t.pool.pictures)+4)
	for i, s := range t.senders {
		if s.Screen {
			out = append(out, want{track{s.ID, protocol.Screen}, 0, i, 0})
		}
		if !s.Camera {
			continue
		}
		w := want{track{s.ID, protocol.Camera}, 5, i, 0}
		j, shown := t.shown.cameras[s.ID]
		switch {
		case shown && t.shown.tiles[j].Pinned:
			w.class, w.place = 1, j
		case s.Head:
			w.class = 2
			if shown {
				w.place = j - len(t.shown.tiles) // heads on the screen before heads that are not
			}
		case shown:
			w.class, w.place = 3, j
		case !t.shown.silent(): // on no tile: nobody would see it
			continue
		case s.Heard > 0:
			w.class, w.heard = 4, -s.Heard
		}
		out = append(out, w)
	}
	slices.SortStableFunc(out, func(a, b want) int {
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.heard, b.heard), cmp.Compare(a.place, b.place))
	})
	tracks := make([]track, len(out))
	for i, w := range out {
		tracks[i] = w.track
	}
	return tracks
}

// bestPair is where a new picture disturbs least: beside its own sound, else beside no sound, else the first.
func (t *seating) bestPair(free []int, w track) int {
	own := track{w.Member, protocol.Microphone}
	if w.Source == protocol.Camera {
		if i := slices.IndexFunc(free, func(n int) bool { return t.before[t.beside[n]] == own }); i >= 0 {
			return i
		}
	}
	if i := slices.IndexFunc(free, func(n int) bool { return t.beside[n] != "" && t.before[t.beside[n]] == track{} }); i >= 0 {
		return i
	}
	return 0
}

// sounds seats what belongs beside a picture, then the microphones of those who speak and of the last who did.
func (t *seating) sounds() {
	beside := map[meeting.MemberID]bool{}
	for n, s := range t.pool.pictures {
		picture, ok := t.seats[s]
		if !ok || t.beside[n] == "" {
			continue
		}
		i := slices.IndexFunc(t.senders, func(x sender) bool { return x.ID == picture.Member })
		switch {
		case picture.Source == protocol.Camera && t.senders[i].Sound:
			t.seats[t.beside[n]] = track{picture.Member, protocol.Microphone}
			beside[picture.Member] = true
		case picture.Source == protocol.Screen && t.senders[i].ScreenSound:
			t.seats[t.beside[n]] = track{picture.Member, protocol.ScreenSound}
		}
	}
	free := t.soundSlots()
	var moving []track
	for _, s := range t.voices(beside, len(free)) {
		w := track{s.ID, protocol.Microphone}
		if i := slices.IndexFunc(free, func(x media.SlotID) bool { return t.before[x] == w }); i >= 0 {
			t.seats[free[i]] = w
			free = slices.Delete(free, i, i+1)
		} else {
			moving = append(moving, w)
		}
	}
	for i, w := range moving {
		t.seats[free[i]] = w
	}
}

// voices are those who get a sound slot, at most so many, without those who sit beside their picture.
func (t *seating) voices(beside map[meeting.MemberID]bool, most int) []sender {
	sat := map[meeting.MemberID]bool{} // who had a sound before
	for _, w := range t.before {
		if w.Source == protocol.Microphone {
			sat[w.Member] = true
		}
	}
	shown := func(s sender) bool { _, ok := t.shown.cameras[s.ID]; return ok }
	all := make([]sender, 0, len(t.senders))
	for _, s := range t.senders {
		if s.Sound && !beside[s.ID] {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b sender) int {
		return -cmp.Or(order(a.Loud, b.Loud), order(a.Speaking, b.Speaking), cmp.Compare(a.Heard, b.Heard), order(shown(a), shown(b)), order(sat[a.ID], sat[b.ID]))
	})
	all = all[:min(len(all), most)]
	for i := quietSounds; i < len(all); i++ {
		if !all[i].Loud {
			return all[:i]
		}
	}
	return all
}

// soundSlots are the free ones: x first, then those beside an empty picture from the last on, since pictures fill from the
// first, then those beside a screen without sound or a camera without microphone.
func (t *seating) soundSlots() []media.SlotID {
	free := slices.Clone(t.pool.sounds)
	var filled []media.SlotID
	for n := len(t.pool.pictures) - 1; n >= 0; n-- {
		s := t.beside[n]
		if _, taken := t.seats[s]; taken || s == "" {
			continue
		}
		if _, picture := t.seats[t.pool.pictures[n]]; picture {
			filled = append(filled, s)
		} else {
			free = append(free, s)
		}
	}
	slices.Reverse(filled)
	return append(free, filled...)
}

func order(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
