package room

import (
	"slices"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

// Priorities of pictures on a narrow line. The first two get the best that it carries before others get anything.
const (
	otherFirst   media.Priority = 1
	speakerFirst media.Priority = 2
	headFirst    media.Priority = 3
	pinnedFirst                 = media.FirstPriority
	screenFirst                 = media.FirstPriority + 1
)

// wish tells the router how large each picture is on the receiver's screen, and which matter most, where that changed.
func (r *room) wish(p *person) {
	for s := range p.wishes {
		if _, ok := p.seats[s]; !ok {
			delete(p.wishes, s)
		}
	}
	for s, t := range p.seats {
		if t.Source == protocol.Camera || t.Source == protocol.Screen {
			r.wishOf(p, s, t)
		}
	}
}

// wishOf does it for one slot.
func (r *room) wishOf(p *person, s media.SlotID, t track) {
	next := r.wishFor(p, t)
	if w, ok := p.wishes[s]; ok && w == next {
		return
	}
	if p.wishes == nil {
		p.wishes = map[media.SlotID]media.Wish{}
	}
	p.wishes[s] = next
	r.cfg.Media.Wish(p.plug, s, next)
}

// wishFor: screens and pinned people are as large as they come, others as their tile; what is on no tile is not sent. Before
// a client has said what it shows, everything is on a tile of unknown size.
func (r *room) wishFor(p *person, t track) media.Wish {
	w := media.Wish{Priority: otherFirst}
	switch {
	case t.Source == protocol.Screen:
		w.Priority = screenFirst
	case r.meeting.Members[t.Member].Role == meeting.Head:
		w.Priority = headFirst
	case slices.Contains(r.speech.told, t.Member):
		w.Priority = speakerFirst
	}
	if p.hidden {
		w.Hidden = true
		return w
	}
	switch i, shown := p.screen.cameras[t.Member]; {
	case p.screen.silent():
	case t.Source == protocol.Screen:
		w.Hidden = !p.screen.shows(t)
	case !shown && r.behindCurtain(p, t.Member): // the tile is being drawn: as large as the largest that there is
		for _, x := range p.screen.tiles {
			w.Width, w.Height = max(w.Width, x.Width), max(w.Height, x.Height)
		}
	case !shown:
		w.Hidden = true
	case p.screen.tiles[i].Pinned:
		w.Priority = pinnedFirst
	default:
		w.Width, w.Height = p.screen.tiles[i].Width, p.screen.tiles[i].Height
	}
	return w
}
