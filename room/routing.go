package room

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

const (
	// offersEach and offersTime bound how often one member may make the node read SDP: an ICE restart a second leaves room to spare.
	offersEach = 20
	offersTime = 10 * time.Second
	// tilesMost of a layout count; a screen has no room for more.
	tilesMost = 64
)

// stream is a person's side of the packet road.
type stream struct {
	peer       bool        // the router has it, as far as we heard
	sends      bool        // may send, by the last answer
	offer      media.Offer // as last offered, before permission; kept while the peer is lost, so that its seats are kept
	plug       media.PeerID
	slots      []media.SlotID
	pool       pool // the same slots
	screen     screen
	hidden     bool // the page is on no screen
	look       bool // its seats must be looked at again
	seats      map[media.SlotID]track
	sits       map[track]media.SlotID          // the same seats
	wishes     map[media.SlotID]media.Wish     // as last told to the router
	paused     map[media.SlotID]protocol.Pause // pictures that stand still
	behind     map[media.SlotID]int            // ms by which pictures come later than their sound
	anew       bool                            // the router may have forgotten the seats: all are assigned again
	told       []protocol.Seat                 // as last sent; nil: never
	probeEnds  time.Time                       // zero: no line test
	offers     int                             // since offersFrom
	offersFrom time.Time
}

func (r *room) peerOf(id meeting.MemberID) media.PeerID {
	return media.PeerID(string(r.id) + "/" + string(id))
}

// memberOf is the member behind a peer, and whether the peer is a line test.
func memberOf(p media.PeerID) (id meeting.MemberID, probe bool) {
	parts := strings.Split(string(p), "/")
	if len(parts) < 3 {
		return "", false
	}
	return meeting.MemberID(parts[1] + "/" + parts[2]), len(parts) > 3
}

func (r *room) probeOf(id meeting.MemberID) media.PeerID { return r.peerOf(id) + "/probe" }

// permitted is the offer without what the member may not send.
func (r *room) permitted(id meeting.MemberID, o media.Offer) media.Offer {
	if !r.meeting.MayPublish(id) {
		o.Sources = nil
	}
	return o
}

// tooMany counts an offer and refuses one too many.
func (p *person) tooMany() error {
	if now := time.Now(); now.Sub(p.offersFrom) > offersTime {
		p.offers, p.offersFrom = 0, now
	}
	if p.offers++; p.offers > offersEach {
		return &meeting.Refusal{Code: protocol.TooMany, Args: map[string]any{"seconds": int(offersTime.Seconds())}}
	}
	return nil
}

// negotiate answers the offer of a member at the table.
func (r *room) negotiate(c *Conn, id int, o media.Offer) {
	p := r.people[c.member]
	if p == nil || p.conn != c || !p.entered || !r.meeting.Inside(c.member) {
		r.answer(c, id, &meeting.Refusal{Code: meeting.NotAdmitted})
		return
	}
	err := p.tooMany()
	var sdp string
	if err == nil {
		sdp, err = r.cfg.Media.Answer(r.peerOf(p.id), r.permitted(p.id, o))
	}
	if err != nil {
		r.answer(c, id, offerRefusal(err))
		return
	}
	p.peer, p.offer, p.slots, p.sends = true, o, slotsOf(o), r.meeting.MayPublish(p.id)
	p.plug, p.pool = r.peerOf(p.id), newPool(p.slots)
	p.anew, p.told = true, nil
	r.push(c, message("media.answer", id, protocol.MediaAnswer{SDP: sdp}))
	r.dirty = true
}

func offerRefusal(err error) error {
	var wrong *media.OfferError
	if errors.As(err, &wrong) {
		return &meeting.Refusal{Code: protocol.OfferWrong, Args: map[string]any{"reason": wrong.Code}}
	}
	return err
}

// slotsOf is the pool that the client offers, in the order of their names: v0, v1, ... v10.
func slotsOf(o media.Offer) []media.SlotID {
	var out []media.SlotID
	for _, s := range o.Slots {
		out = append(out, s)
	}
	slices.SortFunc(out, bySlot)
	return slices.Compact(out)
}

// permit renews the permission of a peer after a change of role: what it may no longer send is dropped from now on.
func (r *room) permit(p *person) {
	if !p.peer || p.sends == r.meeting.MayPublish(p.id) {
		return
	}
	p.sends = !p.sends
	if _, err := r.cfg.Media.Answer(r.peerOf(p.id), r.permitted(p.id, p.offer)); err != nil {
		r.log.Warn("permission not renewed, peer removed", "cause", err)
		r.unplug(p)
		return
	}
	p.anew = true
	r.dirty = true
}

// unplug ends a person's media.
func (r *room) unplug(p *person) {
	if p.peer {
		r.cfg.Media.Remove(r.peerOf(p.id))
	}
	p.stream = stream{screen: p.screen, hidden: p.hidden, probeEnds: p.probeEnds, offers: p.offers, offersFrom: p.offersFrom}
	r.dirty = true
}

// ---- seats ----------------------------------------------------------------------------------------------------------

// reseat gives the receivers whom a change concerns the best seats and tells those for whom something changed.
func (r *room) reseat() {
	all := r.dirty
	r.dirty, r.look = false, false
	if all {
		r.senders = r.gather()
	}
	for _, p := range r.people {
		look := all || p.look
		p.look = false
		if look && p.peer && r.meeting.Inside(p.id) {
			r.place(p)
		}
	}
}

// place gives one receiver the best seats.
func (r *room) place(p *person) {
	open, voices := r.channels(p, p.pool)
	open, whispers := r.whispers(p, open)
	seats := seat(open, p.id, r.met(p, r.seenBy(p.id, r.senders.near(p, &r.speech))), p.screen, p.seats)
	maps.Copy(seats, voices)
	maps.Copy(seats, whispers)
	r.assign(p, seats)
	if p.peer {
		r.wish(p)
	}
	r.tellSeats(p)
}

// heed gives those who begin to speak a seat with everybody who has none for them; others are not touched.
func (r *room) heed(begun []meeting.MemberID) {
	for _, p := range r.people {
		p.look = p.look || p.peer && slices.ContainsFunc(begun, func(id meeting.MemberID) bool { return r.misses(p, id) })
		r.look = r.look || p.look
	}
}

// misses says that a receiver would get a seat for a speaker: for the voice, and for the picture where nothing is known of the screen.
func (r *room) misses(p *person, id meeting.MemberID) bool {
	n, ok := r.senders.at[id]
	if !ok || id == p.id {
		return false
	}
	_, heard := p.sits[track{id, protocol.Microphone}]
	_, seen := p.sits[track{id, protocol.Camera}]
	return !heard && r.senders.all[n].Sound || !seen && r.senders.all[n].Camera && p.screen.silent()
}

// prefer lets the pictures of those who began or ended to speak come sooner or later on narrow lines.
func (r *room) prefer(turned []meeting.MemberID) {
	for _, p := range r.people {
		if !p.peer || p.look {
			continue
		}
		for _, id := range turned {
			if t := (track{id, protocol.Camera}); p.sits[t] != "" {
				r.wishOf(p, p.sits[t], t)
			}
		}
	}
}

// tellSeats tells a receiver who sits where, when that changed.
func (r *room) tellSeats(p *person) {
	if p.conn == nil || !p.peer {
		return
	}
	seats := []protocol.Seat{}
	for _, s := range p.slots {
		if t, ok := p.seats[s]; ok {
			seats = append(seats, protocol.Seat{Slot: string(s), Member: t.Member, Source: t.Source, Paused: p.paused[s], Behind: p.behind[s]})
		}
	}
	if p.told == nil || !slices.Equal(seats, p.told) {
		p.told = seats
		r.push(p.conn, message("seats", 0, protocol.Seats{Seats: seats}))
	}
}

// assign tells the router the differences.
func (r *room) assign(p *person, seats map[media.SlotID]track) {
	for s := range p.seats {
		if seats[s] != p.seats[s] {
			delete(p.paused, s) // the router says it again of whoever sits there now
			delete(p.behind, s)
		}
		if _, ok := seats[s]; !ok {
			_ = r.cfg.Media.Assign(p.plug, s, media.TrackID{}) // a peer or slot that is gone is empty too
		}
	}
	for s, t := range seats {
		if p.seats[s] == t && !p.anew {
			continue
		}
		err := r.cfg.Media.Assign(p.plug, s, media.TrackID{Peer: r.peerOf(t.Member), Source: media.Source(t.Source)})
		switch {
		case errors.Is(err, media.ErrPeer): // its PeerLost is on the way; the client will offer again
			p.peer = false
			return
		case err != nil:
			r.log.Warn("seat not assigned", "slot", string(s), "cause", err)
			delete(seats, s)
		}
	}
	if p.anew {
		p.wishes, p.paused, p.behind = nil, nil, nil
	}
	p.seats, p.anew = seats, false
	p.sits = make(map[track]media.SlotID, len(seats))
	for s, t := range seats {
		p.sits[t] = s
	}
}

// lookAt notes what a receiver's screen shows.
func (r *room) lookAt(c *Conn, l protocol.Layout) {
	if p := r.people[c.member]; p != nil && p.conn == c {
		p.screen, p.hidden = newScreen(l.Tiles[:min(len(l.Tiles), tilesMost)]), l.Hidden
		p.look, r.look = true, true
	}
}

// ---- what the router says -------------------------------------------------------------------------------------------

func (r *room) mediaEvent(e media.Event) {
	id, probe := memberOf(e.Peer)
	p := r.people[id]
	if p == nil || probe {
		return
	}
	switch e.Kind {
	case media.PeerLost:
		// It may be news of a peer that has been made anew meanwhile; no slot bears an empty name, so the question changes
		// nothing. The seats are kept for when it offers again, so that nobody moves.
		if errors.Is(r.cfg.Media.Assign(e.Peer, "", media.TrackID{}), media.ErrPeer) {
			p.peer = false
		}
	case media.LayersWanted:
		if p.conn != nil { // who is away offers again on coming back, and is told then
			codecs := make([]protocol.Codec, len(e.Codecs))
			for i, c := range e.Codecs {
				codecs[i] = protocol.Codec(c)
			}
			r.push(p.conn, message("send", 0, protocol.Send{Source: protocol.Source(e.Track.Source), Layers: e.Layers, Codecs: codecs}))
		}
	case media.SlotPaused, media.SlotResumed:
		if t, ok := p.seats[e.Slot]; ok && r.isOf(e.Track, t) {
			r.pause(p, e.Slot, pauseOf(e))
		}
	case media.PictureBehind:
		if t, ok := p.seats[e.Slot]; ok && r.isOf(e.Track, t) {
			if p.behind == nil {
				p.behind = map[media.SlotID]int{}
			}
			p.behind[e.Slot] = e.Behind
			r.tellSeats(p)
		}
	case media.SlotSwitched:
		if t, ok := p.seats[e.Slot]; ok && p.conn != nil && r.isOf(e.Track, t) {
			r.push(p.conn, message("switched", 0, protocol.Switched{Slot: string(e.Slot), Member: t.Member, Source: t.Source, RTPTimestamp: e.RTPTimestamp}))
		}
	}
}

func (r *room) isOf(id media.TrackID, t track) bool {
	return r.peerOf(t.Member) == id.Peer && media.Source(t.Source) == id.Source
}

// pauseOf is the reason in an event; empty when the picture flows again.
func pauseOf(e media.Event) protocol.Pause {
	switch e.Pause {
	case media.PauseLine:
		return protocol.PauseLine
	case media.PauseNode:
		return protocol.PauseNode
	}
	return ""
}

// pause notes that a picture stands still, or flows again, and tells its receiver.
func (r *room) pause(p *person, s media.SlotID, why protocol.Pause) {
	if p.paused == nil {
		p.paused = map[media.SlotID]protocol.Pause{}
	}
	p.paused[s] = why
	r.tellSeats(p)
}

// atTable are those who get the running news of the meeting.
func (r *room) atTable(yield func(*person) bool) {
	for _, p := range r.people {
		if p.conn != nil && p.entered && r.meeting.Inside(p.id) && !yield(p) {
			return
		}
	}
}
