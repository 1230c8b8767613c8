package room

import (
	"slices"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

// senders are the members at the table and what they send, in the order of the roster. They are gathered anew when the
// meeting changes, not when somebody speaks. The numbers in the lists are places in all.
type senders struct {
	all    []sender
	at     map[meeting.MemberID]int
	always []int          // screens and heads
	seen   []int          // cameras
	live   []int          // microphones that are on
	sounds []int          // microphones
	ears   []media.PeerID // of live
	of     map[media.PeerID]meeting.MemberID

	picked []int  // scratch of near
	taken  []bool // scratch of near
}

func (r *room) gather() senders {
	s := senders{at: map[meeting.MemberID]int{}, of: map[media.PeerID]meeting.MemberID{}}
	for _, x := range r.meeting.Roster("") {
		p := r.people[x.ID]
		if p == nil || !x.Present || !r.meeting.MayPublish(x.ID) {
			continue
		}
		// Who is not heard has no seat, so that no packet of theirs goes to anybody.
		heard := r.meeting.Heard(x.ID) && !r.meeting.Whispers(x.ID)
		s.add(p.sender(x, heard))
		if p.peer && x.Microphone && heard && r.meeting.Meets(x.ID, "") { // nobody is told that a principal who is apart speaks
			s.ears = append(s.ears, p.plug)
			s.of[p.plug] = x.ID
		}
	}
	s.taken = make([]bool, len(s.all))
	return s
}

// sender is what a person at the table sends; heard says whether their sound goes to all.
func (p *person) sender(x meeting.Member, heard bool) sender {
	s := sender{ID: x.ID, Head: x.Role == meeting.Head, Camera: x.Camera, Screen: x.Screen, Speaking: x.Microphone && heard}
	for _, source := range p.offer.Sources {
		s.Sound = s.Sound || source == media.Source(protocol.Microphone)
		s.ScreenSound = s.ScreenSound || source == media.Source(protocol.ScreenSound)
	}
	s.Sound = heard && (s.Sound || x.Microphone)
	s.ScreenSound = heard && s.ScreenSound && x.Screen
	return s
}

func (s *senders) add(x sender) {
	n := len(s.all)
	s.all, s.at[x.ID] = append(s.all, x), n
	if x.Screen || x.Head {
		s.always = append(s.always, n)
	}
	if x.Camera {
		s.seen = append(s.seen, n)
	}
	if x.Speaking {
		s.live = append(s.live, n)
	}
	if x.Sound {
		s.sounds = append(s.sounds, n)
	}
}

// near are the senders among whom the seats of p are given: screens and heads, who is on the screen, who was heard last, who
// sits there already, and of the others as many, in the order of the roster, as could find a place. They are few, however many are silent.
func (s *senders) near(p *person, heard *speech) []sender {
	s.picked = s.picked[:0]
	few := len(p.pool.pictures) + quietSounds + 1 // one may be p
	for _, list := range [][]int{s.always, s.live, s.sounds} {
		s.pick(list[:min(len(list), few)]...)
	}
	if p.screen.silent() {
		s.pick(s.seen[:min(len(s.seen), few)]...)
	}
	for id := range p.screen.cameras {
		s.pickMember(id)
	}
	for _, id := range heard.latest {
		s.pickMember(id)
	}
	for _, t := range p.seats {
		s.pickMember(t.Member)
	}
	slices.Sort(s.picked)
	out := make([]sender, 0, len(s.picked))
	for _, n := range s.picked {
		s.taken[n] = false
		x := s.all[n]
		x.Heard, x.Loud = heard.heard(x.ID), slices.Contains(heard.now, x.ID)
		out = append(out, x)
	}
	return out
}

func (s *senders) pick(list ...int) {
	for _, n := range list {
		if !s.taken[n] {
			s.taken[n] = true
			s.picked = append(s.picked, n)
		}
	}
}

func (s *senders) pickMember(id meeting.MemberID) {
	if n, ok := s.at[id]; ok {
		s.pick(n)
	}
}
