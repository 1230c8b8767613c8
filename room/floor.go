package room

import (
	"time"

	"astara/meeting"
)

// floorWaits is how long after a start the floor is kept for whoever had it: pages come back within 10 s of a node's return.
const floorWaits = 15 * time.Second

// freeFloor gives the floor back for somebody who had it when the node fell and has not come back: they never left as the rules know it, and
// the account of their side would run on.
func (r *room) freeFloor(now time.Time) {
	id := r.meeting.Floor.Speaker
	if id == "" || r.meeting.Members[id].Present || r.people[id] != nil || now.Sub(r.floorFrom) < floorWaits {
		return
	}
	if err := r.act(id, meeting.Leave{}); err != nil {
		r.log.Error("floor not given back", "cause", err)
		r.floorFrom = now
	}
}
