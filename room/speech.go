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
)

// speech knows who speaks. The zero value hears nobody.
type speech struct {
	last map[meeting.MemberID]time.Time // when each was last heard
	now  []meeting.MemberID             // loudest first
}

// step takes the levels of those whose microphone is on, and tells whether who speaks, or their order, changed.
func (s *speech) step(levels map[meeting.MemberID]uint8, now time.Time) bool {
	if s.last == nil {
		s.last = map[meeting.MemberID]time.Time{}
	}
	before := s.now
	var speaking []meeting.MemberID
	for _, id := range before { // in their order
		if l, ok := levels[id]; ok {
			if l <= silentAt {
				s.last[id] = now
			}
			if now.Sub(s.last[id]) < holds {
				speaking = append(speaking, id)
			}
		}
	}
	var begun []meeting.MemberID
	for id, l := range levels {
		if l <= speaksAt && !slices.Contains(speaking, id) {
			s.last[id] = now
			begun = append(begun, id)
		}
	}
	slices.SortFunc(begun, func(a, b meeting.MemberID) int {
		return cmp.Or(cmp.Compare(levels[a], levels[b]), cmp.Compare(a, b))
	})
	speaking = append(speaking, begun...)
	for i := 1; i < len(speaking); i++ { // insertion: forward only past those clearly less loud
		for j := i; j > 0 && int(levels[speaking[j-1]])-int(levels[speaking[j]]) >= louder; j-- {
			speaking[j-1], speaking[j] = speaking[j], speaking[j-1]
		}
	}
	s.now = speaking
	return !slices.Equal(before, speaking)
}

// silent: nobody speaks.
func (s *speech) silent() bool { return len(s.now) == 0 }

// speakers, loudest first; never nil.
func (s *speech) speakers() []meeting.MemberID { return append([]meeting.MemberID{}, s.now...) }

// heard is when a member was last heard, for order only; 0 is never.
func (s *speech) heard(id meeting.MemberID) int64 {
	if t, ok := s.last[id]; ok {
		return t.UnixMilli()
	}
	return 0
}
