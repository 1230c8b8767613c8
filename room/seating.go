package room

import (
	"cmp"
	"slices"
	"strconv"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

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
	Heard       int64 // when last heard speaking; larger is later, 0 never
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

// seat says who sits where for one receiver. Pure: the same arguments give the same seats.
//
// Slots are v0.. for pictures, a0.. for the sound beside the picture of the same number, x0.. for sound alone. A member's
// camera and microphone share a pair, so that lips and voice keep together, and so do a screen and its sound. Pictures in
// order: screens, pinned, heads, as the screen shows them, as they were last heard. Who has no picture needs a sound slot
// only. When the sounds do not all fit, those last heard stay. Nobody moves without need, and nobody gets themself.
func seat(slots []media.SlotID, me meeting.MemberID, senders []sender, wish []protocol.Tile, before map[media.SlotID]track) map[media.SlotID]track {
	t := table{slots: slots, before: before, seats: map[media.SlotID]track{}}
	for _, s := range senders {
		if s.ID != me {
			t.senders = append(t.senders, s)
		}
	}
	t.pictures(wish)
	t.sounds()
	return t.seats
}

type table struct {
	slots   []media.SlotID
	senders []sender
	before  map[media.SlotID]track
	seats   map[media.SlotID]track
}

func (t *table) has(s media.SlotID) bool { return slices.Contains(t.slots, s) }

// beside is the sound slot of a picture's slot.
func beside(s media.SlotID) media.SlotID { return "a" + s[1:] }

// pictures seats screens and cameras.
func (t *table) pictures(wish []protocol.Tile) {
	var free []media.SlotID
	for _, s := range t.slots {
		if s != "" && s[0] == 'v' {
			free = append(free, s)
		}
	}
	want := t.wanted(wish)
	want = want[:min(len(want), len(free))]
	var moving []track
	for _, w := range want {
		if i := slices.IndexFunc(free, func(s media.SlotID) bool { return t.before[s] == w }); i >= 0 {
			t.seats[free[i]] = w
			free = slices.Delete(free, i, i+1)
		} else {
			moving = append(moving, w)
		}
	}
	for _, w := range moving {
		i := t.bestPair(free, w)
		t.seats[free[i]] = w
		free = slices.Delete(free, i, i+1)
	}
}

// wanted is the pictures in the order in which they deserve a slot.
func (t *table) wanted(wish []protocol.Tile) []track {
	type want struct {
		track
		class, place int
		heard        int64
	}
	tiles := make(map[meeting.MemberID]int, len(wish)) // the first of each
	for i, x := range wish {
		if _, ok := tiles[x.Member]; !ok && x.Source == protocol.Camera {
			tiles[x.Member] = i
		}
	}
	var out []want
	for i, s := range t.senders {
		if s.Screen {
			out = append(out, want{track{s.ID, protocol.Screen}, 0, i, 0})
		}
		if !s.Camera {
			continue
		}
		w := want{track{s.ID, protocol.Camera}, 5, i, 0}
		j, shown := tiles[s.ID]
		switch {
		case shown && wish[j].Pinned:
			w.class, w.place = 1, j
		case s.Head:
			w.class = 2
			if shown {
				w.place = j - len(wish) // heads on the screen before heads that are not
			}
		case shown:
			w.class, w.place = 3, j
		case s.Heard > 0:
			w.class, w.heard = 4, -s.Heard
		}
		if w.class == 5 && len(wish) > 0 { // on no tile and not speaking: nobody would see it
			continue
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
func (t *table) bestPair(free []media.SlotID, w track) int {
	own := track{w.Member, protocol.Microphone}
	if w.Source == protocol.Camera {
		if i := slices.IndexFunc(free, func(s media.SlotID) bool { return t.before[beside(s)] == own }); i >= 0 {
			return i
		}
	}
	if i := slices.IndexFunc(free, func(s media.SlotID) bool { return t.before[beside(s)] == track{} && t.has(beside(s)) }); i >= 0 {
		return i
	}
	return 0
}

// sounds seats what belongs beside a picture, then everybody else's microphone.
func (t *table) sounds() {
	seated := map[meeting.MemberID]bool{}
	for _, s := range t.slots {
		picture, ok := t.seats[s]
		if !ok || !t.has(beside(s)) || s[0] != 'v' {
			continue
		}
		i := slices.IndexFunc(t.senders, func(x sender) bool { return x.ID == picture.Member })
		switch {
		case picture.Source == protocol.Camera && t.senders[i].Sound:
			t.seats[beside(s)] = track{picture.Member, protocol.Microphone}
			seated[picture.Member] = true
		case picture.Source == protocol.Screen && t.senders[i].ScreenSound:
			t.seats[beside(s)] = track{picture.Member, protocol.ScreenSound}
		}
	}
	free := t.soundSlots()
	waiting := slices.DeleteFunc(slices.Clone(t.senders), func(s sender) bool { return !s.Sound || seated[s.ID] })
	sat := map[meeting.MemberID]bool{} // who had a sound before
	for _, w := range t.before {
		if w.Source == protocol.Microphone {
			sat[w.Member] = true
		}
	}
	slices.SortStableFunc(waiting, func(a, b sender) int {
		return cmp.Or(-order(a.Speaking, b.Speaking), -cmp.Compare(a.Heard, b.Heard), -order(sat[a.ID], sat[b.ID]))
	})
	waiting = waiting[:min(len(waiting), len(free))]
	var moving []track
	for _, s := range waiting {
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

// soundSlots are the free ones: x first, then those beside an empty picture from the last on, since pictures fill from the
// first, then those beside a screen without sound or a camera without microphone.
func (t *table) soundSlots() []media.SlotID {
	var x, empty, filled []media.SlotID
	for _, s := range t.slots {
		if _, taken := t.seats[s]; taken || s == "" {
			continue
		}
		switch _, picture := t.seats["v"+s[1:]]; {
		case s[0] == 'x':
			x = append(x, s)
		case s[0] == 'a' && !picture:
			empty = append(empty, s)
		case s[0] == 'a':
			filled = append(filled, s)
		}
	}
	slices.Reverse(empty)
	return slices.Concat(x, empty, filled)
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
