package media

// A receiver asks again for what did not come, each 100 ms or sooner, and some
// never learn that it came (Pion's generator of NACKs does not see what RTX
// repaired): without a bound one lost packet leaves forty times.

const (
	// againMost answers to one packet; who lost them all has no use for it.
	againMost = 8
	// againPause, or three quarters of a round trip, is what an answer has time to come.
	againPause = 20e6
	// againKept packets back are remembered: all that can be asked for.
	againKept = videoHistory
)

// answered are the packets that a slot sent again lately, each at its number modulo againKept.
type answered [againKept]struct {
	index uint64
	at    int64
	times uint8
}

// mayAgain says whether the packet that went out with index may go once more, and notes that it does.
func (s *slot) mayAgain(index uint64, now, rtt int64) bool {
	if s.answered == nil {
		s.answered = &answered{}
	}
	a := &s.answered[index%againKept]
	if a.index != index {
		a.index, a.times = index, 0
	}
	if a.times == againMost || a.times > 0 && now-a.at < max(againPause, rtt/4*3) {
		return false
	}
	a.at = now
	a.times++
	return true
}
