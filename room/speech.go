package room

import (
	"cmp"
	"slices"
	"time"

	"astara/meeting"
)

// Levels in -dBov, 0 loud to 127 silent (RFC 6464). Speech at a usual distance lies at 20 to 40, a quiet room at 55 and more.
const (
	speaksAt = 45
	silentAt = 52
	// holds is how long one counts as speaking after the last sound: longer than the pauses between sentences.
	holds = time.Second
	// louder is how much a later speaker must lead by to be named before an earlier one, so that the order does not flicker.
	louder = 8
	// remembered is how many of those who were heard last are known.
	remembered = 32
	// named is how many speakers are told of; nobody tells more voices apart.
	named = 8
)

// speech knows who speaks. The zero value hears nobody.
type speech struct {
	last   map[meeting.MemberID]time.Time // when each was last heard
	now    []meeting.MemberID             // loudest first, who has just begun last
	latest []meeting.MemberID             // who was heard last, the latest first; at most remembered
	told   []meeting.MemberID             // the speakers at the last step
}

// begin notes who begins to speak, the loudest first. It may be asked more often than step, which finds out who has ended.
func (s *speech) begin(levels map[meeting.MemberID]uint8, now time.Time) []meeting.MemberID {
	var begun []meeting.MemberID
	for id, l := range levels {
		if l <= speaksAt && !slices.Contains(s.now, id) {
			begun = append(begun, id)
		}
	}
	if len(begun) == 0 {
		return nil
	}
	slices.SortFunc(begun, func(a, b meeting.MemberID) int {
		return cmp.Or(cmp.Compare(levels[a], levels[b]), cmp.Compare(a, b))
	})
	for _, id := range begun {
		s.hear(id, now)
	}
	s.now = append(slices.Clip(s.now), begun...)
	return begun
}

// hear notes that a member speaks.
func (s *speech) hear(id meeting.MemberID, now time.Time) {
	if s.last == nil {
		s.last = map[meeting.MemberID]time.Time{}
	}
	s.last[id] = now
	if i := slices.Index(s.latest, id); i >= 0 {
		s.latest = slices.Delete(s.latest, i, i+1)
	}
	s.latest = slices.Insert(s.latest, 0, id)
	s.latest = s.latest[:min(len(s.latest), remembered)]
}

// step takes the levels of those whose microphone is on, and tells who has begun or ended since the last step, and whether
// who speaks, or their order, changed.
func (s *speech) step(levels map[meeting.MemberID]uint8, now time.Time) (turned []meeting.MemberID, changed bool) {
	s.begin(levels, now)
	var speaking []meeting.MemberID
	for _, id := range s.now { // in their order
		if l, ok := levels[id]; ok {
			if l <= silentAt {
				s.hear(id, now)
			}
			if now.Sub(s.last[id]) < holds {
				speaking = append(speaking, id)
			}
		}
	}
	for i := 1; i < len(speaking); i++ { // insertion: forward only past those clearly less loud
		for j := i; j > 0 && int(levels[speaking[j-1]])-int(levels[speaking[j]]) >= louder; j-- {
			speaking[j-1], speaking[j] = speaking[j], speaking[j-1]
		}
	}
	before := s.told
	s.now, s.told = speaking, speaking
	for _, list := range [][2][]meeting.MemberID{{before, speaking}, {speaking, before}} {
		for _, id := range list[0] {
			if !slices.Contains(list[1], id) {
				turned = append(turned, id)
			}
		}
	}
	return turned, !slices.Equal(before, speaking)
}

// silent: nobody speaks.
func (s *speech) silent() bool { return len(s.now) == 0 && len(s.told) == 0 }

// speakers at the last step, loudest first; never nil.
func (s *speech) speakers() []meeting.MemberID {
	return append([]meeting.MemberID{}, s.told[:min(len(s.told), named)]...)
}

// heard is when a member was last heard, for order only; 0 is never.
func (s *speech) heard(id meeting.MemberID) int64 {
	if t, ok := s.last[id]; ok {
		return t.UnixMilli()
	}
	return 0
}
