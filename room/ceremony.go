package room

import "slices"

// met leaves out whom a receiver has not met: before the go, no packet of a principal goes to another side, and none of another side to them.
func (r *room) met(p *person, near []sender) []sender {
	if !r.meeting.Apart() {
		return near
	}
	return slices.DeleteFunc(near, func(s sender) bool { return !r.meeting.Meets(p.id, s.ID) })
}
