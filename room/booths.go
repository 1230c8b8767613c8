package room

import (
	"maps"
	"slices"
	"time"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

const (
	// leads is for how many ticks somebody must be the loudest before what they say is an intervention: 600 ms, longer than a "yes".
	leads = 3
	// begins is how long one who has gone on air may take until the first packet is here.
	begins = 800 * time.Millisecond
)

// booths is what the room knows of the interpretation beyond the rules.
type booths struct {
	leader meeting.MemberID         // the loudest on the floor
	led    int                      // for how many ticks
	told   map[meeting.Language]int // how many hear each channel
}

// interpret keeps what follows from sound: whose language the floor's is, and that nobody is on air from whom nothing comes.
func (r *room) interpret() {
	if !r.meeting.Interpreted() {
		return
	}
	r.noteSpeaker()
	r.watchAir()
	r.countListeners()
}

// noteSpeaker marks the floor's language when another voice leads.
func (r *room) noteSpeaker() {
	var leader meeting.MemberID
	if len(r.speech.now) > 0 {
		leader = r.speech.now[0]
	}
	if leader != r.booths.leader {
		r.booths.leader, r.booths.led = leader, 0
	}
	if r.booths.led++; leader == "" || r.booths.led != leads {
		return
	}
	if err := r.act(leader, meeting.NoteSpeaker{}); err != nil {
		r.log.Warn("speaker not noted", "cause", err)
	}
}

// watchAir ends the turn of an interpreter from whom no packet comes: within a second all know that nobody interprets.
func (r *room) watchAir() {
	for _, b := range r.meeting.Interpretation.Booths {
		if b.OnAir == "" || b.Since == nil || r.cfg.Now().Sub(*b.Since) < begins {
			continue
		}
		peer := r.peerOf(b.OnAir)
		p := r.people[b.OnAir]
		level, known := r.cfg.Media.Levels([]media.PeerID{peer})[peer]
		if p == nil || !p.peer || known && level == media.NothingHeard {
			r.leaveAir(b.OnAir)
		}
	}
}

func (r *room) leaveAir(id meeting.MemberID) {
	if !r.meeting.OnAir(id) {
		return
	}
	if err := r.act(id, meeting.LoseAir{}); err != nil {
		r.log.Error("still on air", "cause", err)
	}
}

// countListeners tells the booths how many hear each channel, when that changed.
func (r *room) countListeners() {
	now := r.meeting.Listeners()
	if r.booths.told != nil && maps.Equal(now, r.booths.told) {
		return
	}
	r.booths.told = now
	for p := range r.atTable {
		if r.meeting.Members[p.id].Booth != "" {
			r.push(p.conn, r.listeners())
		}
	}
}

func (r *room) listeners() Outgoing {
	counts := r.booths.told
	if counts == nil {
		counts = map[meeting.Language]int{}
	}
	return message("listeners", 0, protocol.Listeners{Channels: counts})
}

// channels seats the interpreters whom a receiver hears or may hear at once, in the last sound-only slot: one after the other in the same
// slot, so that a handover is not a gap. The other slots are the table's.
func (r *room) channels(p *person, slots pool) (open pool, voices map[media.SlotID]track) {
	open = slots
	n := slices.IndexFunc(open.sounds, func(s media.SlotID) bool { return s[0] != 'x' })
	if n < 0 {
		n = len(open.sounds)
	}
	if n == 0 || !r.meeting.Interpreted() {
		return open, nil
	}
	kept := open.sounds[n-1]
	open.sounds = slices.Concat(open.sounds[:n-1], open.sounds[n:])
	for _, id := range r.meeting.Voices(p.id) {
		if q := r.people[id]; q != nil && r.meeting.MayPublish(id) && r.meeting.Meets(p.id, id) {
			voices = map[media.SlotID]track{kept: {id, protocol.Microphone}}
		}
	}
	return open, voices
}

// seenBy leaves out the cameras of the booths, which are for colleagues.
func (r *room) seenBy(receiver meeting.MemberID, near []sender) []sender {
	for i, s := range near {
		if r.meeting.Members[s.ID].Booth != "" && !r.meeting.InBooth(receiver, s.ID) {
			near[i].Camera = false
		}
	}
	return near
}
