package room

import (
	"errors"
	"slices"
	"strings"
	"time"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

const (
	// probeTime is how long a line test may last; the page's own takes 5 s.
	probeTime = 15 * time.Second
	// offersEach and offersTime bound how often one member may make the node read SDP: an ICE restart a second leaves room to spare.
	offersEach = 20
	offersTime = 10 * time.Second
)

// stream is a person's side of the packet road.
type stream struct {
	peer       bool        // the router has it, as far as we heard
	sends      bool        // may send, by the last answer
	offer      media.Offer // as last offered, before permission; kept while the peer is lost, so that its seats are kept
	slots      []media.SlotID
	layout     []protocol.Tile
	hidden     bool // the page is on no screen
	look       bool // the layout changed: its seats must be looked at again
	seats      map[media.SlotID]track
	wishes     map[media.SlotID]media.Wish     // as last told to the router
	paused     map[media.SlotID]protocol.Pause // pictures that stand still
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
	p.peer, p.offer, p.slots, p.seats, p.wishes, p.paused, p.told, p.anew = false, media.Offer{}, nil, nil, nil, nil, nil, false
	r.dirty = true
}

// ---- seats ----------------------------------------------------------------------------------------------------------

// reseat gives the receivers whom a change concerns the best seats and tells those for whom something changed.
func (r *room) reseat() {
	all := r.dirty
	r.dirty, r.look = false, false
	senders := r.senders()
	for _, p := range r.people {
		look := all || p.look
		p.look = false
		if !look || !p.peer || !r.meeting.Inside(p.id) {
			continue
		}
		r.assign(p, seat(p.slots, p.id, senders, p.layout, p.seats))
		if p.peer {
			r.wish(p)
		}
		r.tellSeats(p)
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
			seats = append(seats, protocol.Seat{Slot: string(s), Member: t.Member, Source: t.Source, Paused: p.paused[s]})
		}
	}
	if p.told == nil || !slices.Equal(seats, p.told) {
		p.told = seats
		r.push(p.conn, message("seats", 0, protocol.Seats{Seats: seats}))
	}
}

// senders are the members at the table and what they send, in the order of the roster.
func (r *room) senders() []sender {
	var out []sender
	for _, x := range r.meeting.Roster("") {
		p := r.people[x.ID]
		if p == nil || !x.Present || !r.meeting.MayPublish(x.ID) {
			continue
		}
		s := sender{ID: x.ID, Head: x.Role == meeting.Head, Camera: x.Camera, Screen: x.Screen, Speaking: x.Microphone, Heard: r.speech.heard(x.ID)}
		for _, source := range p.offer.Sources {
			s.Sound = s.Sound || source == media.Source(protocol.Microphone)
			s.ScreenSound = s.ScreenSound || source == media.Source(protocol.ScreenSound)
		}
		s.Sound = s.Sound || x.Microphone
		s.ScreenSound = s.ScreenSound && x.Screen
		out = append(out, s)
	}
	return out
}

// assign tells the router the differences.
func (r *room) assign(p *person, seats map[media.SlotID]track) {
	peer := r.peerOf(p.id)
	for s := range p.seats {
		if seats[s] != p.seats[s] {
			delete(p.paused, s) // the router says it again of whoever sits there now
		}
		if _, ok := seats[s]; !ok {
			_ = r.cfg.Media.Assign(peer, s, media.TrackID{}) // a peer or slot that is gone is empty too
		}
	}
	for s, t := range seats {
		if p.seats[s] == t && !p.anew {
			continue
		}
		err := r.cfg.Media.Assign(peer, s, media.TrackID{Peer: r.peerOf(t.Member), Source: media.Source(t.Source)})
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
		p.wishes, p.paused = nil, nil
	}
	p.seats, p.anew = seats, false
}

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
	next := map[media.SlotID]media.Wish{}
	for s, t := range p.seats {
		if t.Source != protocol.Camera && t.Source != protocol.Screen {
			continue
		}
		next[s] = r.wishFor(p, t)
		if w, ok := p.wishes[s]; !ok || w != next[s] {
			r.cfg.Media.Wish(r.peerOf(p.id), s, next[s])
		}
	}
	p.wishes = next
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
	case slices.Contains(r.speech.now, t.Member):
		w.Priority = speakerFirst
	}
	if p.hidden {
		w.Hidden = true
		return w
	}
	if len(p.layout) == 0 {
		return w
	}
	i := slices.IndexFunc(p.layout, func(x protocol.Tile) bool { return x.Member == t.Member && x.Source == t.Source })
	if i < 0 {
		w.Hidden = true
		return w
	}
	if x := p.layout[i]; x.Pinned && t.Source == protocol.Camera {
		w.Priority = pinnedFirst
	} else if t.Source == protocol.Camera {
		w.Width, w.Height = x.Width, x.Height
	}
	return w
}

// lookAt notes what a receiver's screen shows.
func (r *room) lookAt(c *Conn, l protocol.Layout) {
	if p := r.people[c.member]; p != nil && p.conn == c {
		p.layout, p.hidden = l.Tiles[:min(len(l.Tiles), meeting.MaxMembers)], l.Hidden
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
			r.push(p.conn, message("send", 0, protocol.Send{Source: protocol.Source(e.Track.Source), Layers: e.Layers}))
		}
	case media.SlotPaused, media.SlotResumed:
		if t, ok := p.seats[e.Slot]; ok && r.isOf(e.Track, t) {
			r.pause(p, e.Slot, pauseOf(e))
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

// listen finds out who speaks, and tells when that changed.
func (r *room) listen(now time.Time) {
	var ids []media.PeerID
	for id, p := range r.people {
		if p.peer && r.meeting.Members[id].Microphone && r.meeting.MayPublish(id) {
			ids = append(ids, r.peerOf(id))
		}
	}
	if len(ids) == 0 && r.speech.silent() {
		return
	}
	levels := map[meeting.MemberID]uint8{}
	for peer, level := range r.cfg.Media.Levels(ids) {
		id, _ := memberOf(peer)
		levels[id] = level
	}
	if !r.speech.step(levels, now) {
		return
	}
	r.dirty = true
	m := r.speakers()
	for p := range r.atTable {
		r.push(p.conn, m)
	}
}

func (r *room) speakers() Outgoing {
	return message("speakers", 0, protocol.Speakers{Members: r.speech.speakers()})
}

// lines tells everybody at the table how everybody's line is.
func (r *room) lines() {
	out := map[meeting.MemberID]protocol.Line{}
	var ids []media.PeerID
	for id, p := range r.people {
		switch {
		case !r.meeting.Inside(id) || !r.meeting.Members[id].Present:
		case p.peer && p.conn != nil:
			ids = append(ids, r.peerOf(id))
		case len(p.offer.Slots)+len(p.offer.Sources) > 0:
			out[id] = protocol.Line{Quality: protocol.QualityLost}
		}
	}
	if len(ids) > 0 {
		for peer, l := range r.cfg.Media.Lines(ids) {
			id, _ := memberOf(peer)
			out[id] = protocol.Line{Quality: quality(l), RTTms: int(l.RTTms + 0.5), LossUp: l.LossUp, LossDown: l.LossDown, Transport: l.Transport}
		}
	}
	if len(out) == 0 {
		return
	}
	m := message("lines", 0, protocol.Lines{Lines: out})
	for p := range r.atTable {
		r.push(p.conn, m)
	}
}

// quality by the steps of protocol.Quality.
func quality(l media.Line) protocol.Quality {
	loss := max(l.LossUp, l.LossDown)
	switch {
	case loss < 0.02 && l.RTTms < 200:
		return protocol.QualityGood
	case loss < 0.05 && l.RTTms < 400:
		return protocol.QualityFair
	}
	return protocol.QualityPoor
}

// ---- the line test --------------------------------------------------------------------------------------------------

// probe answers the offer of a line test: the person's own sound and picture come back.
func (r *room) probe(c *Conn, id int, o media.Offer) {
	p := r.people[c.member]
	if p == nil || p.conn != c {
		return
	}
	err := p.tooMany()
	if err == nil && p.probeEnds.IsZero() {
		if r.house.probes.Add(1) > int64(r.cfg.Probes) {
			err = &meeting.Refusal{Code: protocol.TooMany, Args: map[string]any{"seconds": int(probeTime.Seconds())}}
			r.house.probes.Add(-1)
		} else {
			p.probeEnds = time.Now().Add(probeTime)
		}
	}
	var sdp string
	peer := r.probeOf(p.id)
	if err == nil {
		if sdp, err = r.cfg.Media.Answer(peer, o); err != nil {
			r.endProbe(p)
		}
	}
	if err != nil {
		r.answer(c, id, offerRefusal(err))
		return
	}
	r.push(c, message("media.answer", id, protocol.MediaAnswer{SDP: sdp}))
	for slot, source := range map[media.SlotID]protocol.Source{"v0": protocol.Camera, "a0": protocol.Microphone} {
		if err := r.cfg.Media.Assign(peer, slot, media.TrackID{Peer: peer, Source: media.Source(source)}); err != nil && !errors.Is(err, media.ErrSlot) {
			r.log.Warn("line test not looped", "slot", string(slot), "cause", err)
		}
	}
}

// probeEnd is the client's own end of it.
func (r *room) probeEnd(c *Conn, id int) {
	if p := r.people[c.member]; p != nil && p.conn == c {
		r.endProbe(p)
	}
	r.answer(c, id, nil)
}

// endProbe ends a line test, if there is one.
func (r *room) endProbe(p *person) {
	if p.probeEnds.IsZero() {
		return
	}
	p.probeEnds = time.Time{}
	r.house.probes.Add(-1)
	r.cfg.Media.Remove(r.probeOf(p.id))
}
