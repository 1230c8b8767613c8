package room

import (
	"slices"

	"astara/media"
	"astara/protocol"
)

// whispersAtOnce is how many of a side are heard whispering at the same time: more cannot be told apart, and the sound-only slots are few.
const whispersAtOnce = 3

// whispers seats those of the own side whom a receiver hears in the back room, in sound-only slots; nobody else's packets of that source
// go anywhere. The other slots are left to the table. Whoever sits stays, and with whispersAtOnce of them others wait.
func (r *room) whispers(p *person, slots pool) (open pool, seats map[media.SlotID]track) {
	seats = map[media.SlotID]track{}
	var waiting []track
	for _, id := range r.meeting.BackRoom.Whispering {
		if q := r.people[id]; q != nil && q.peer && r.meeting.HearsWhisper(p.id, id) {
			waiting = append(waiting, track{id, protocol.Whispering})
		}
	}
	if len(waiting) == 0 {
		return slots, seats
	}
	free := slices.DeleteFunc(slices.Clone(slots.sounds), func(s media.SlotID) bool { return s[0] != 'x' })
	free = free[max(0, len(free)-whispersAtOnce):]
	waiting = waiting[:min(len(waiting), len(free))]
	sits := map[track]bool{}
	for _, keeps := range []bool{true, false} {
		for _, w := range waiting {
			i := slices.IndexFunc(free, func(s media.SlotID) bool { return !keeps || p.seats[s] == w })
			if i >= 0 && !sits[w] {
				seats[free[i]], sits[w] = w, true
				free = slices.Delete(free, i, i+1)
			}
		}
	}
	slots.sounds = slices.DeleteFunc(slices.Clone(slots.sounds), func(s media.SlotID) bool { return seats[s] != track{} })
	return slots, seats
}
