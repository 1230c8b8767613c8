package media

// EventKind says what happened.
type EventKind uint8

const (
	// PeerConnected: keys are agreed, media flows.
	PeerConnected EventKind = iota + 1
	// PeerLost: consent was not renewed for 30 s, or the peer closed DTLS.
	// The peer is gone from the router; Answer makes it anew.
	PeerLost
	// TrackStarted: the first authenticated packet of Track arrived, or the
	// first after a stop.
	TrackStarted
	// TrackStopped: Track's peer is gone, lost its permission, or sent
	// nothing of it for 5 s while otherwise alive.
	TrackStopped
	// SlotSwitched: from RTPTimestamp on, Slot of Peer shows Track.
	SlotSwitched
	// PictureBehind: the picture of Track in Slot of Peer comes Behind ms later
	// than the sound of the same peer in its pair, by its publisher's reports.
	PictureBehind
	// LayersWanted: of Track, which Peer publishes, exactly Layers are taken
	// by somebody; the others need not be sent. Everybody seated has Codecs.
	LayersWanted
	// SlotPaused: Slot of Peer stands still for the reason in Pause, although
	// it wishes Track; the sound goes on.
	SlotPaused
	// SlotResumed: what SlotPaused said of Slot and Track is over.
	SlotResumed
)

func (k EventKind) String() string {
	switch k {
	case PeerConnected:
		return "peer connected"
	case PeerLost:
		return "peer lost"
	case TrackStarted:
		return "track started"
	case TrackStopped:
		return "track stopped"
	case SlotSwitched:
		return "slot switched"
	case PictureBehind:
		return "picture behind"
	case LayersWanted:
		return "layers wanted"
	case SlotPaused:
		return "slot paused"
	case SlotResumed:
		return "slot resumed"
	}
	return "unknown"
}

// Event is a past fact of the router. Peer is always set; Track with the track
// and slot kinds; Slot with the slot kinds, RTPTimestamp with SlotSwitched, Layers
// and Codecs with LayersWanted, Pause with SlotPaused, Behind with PictureBehind.
type Event struct {
	Kind         EventKind
	Peer         PeerID
	Track        TrackID
	Slot         SlotID
	RTPTimestamp uint32
	Layers       []int    // ranks, from 0, the first that the offer lists
	Codecs       []string // "vp8", "vp9", "av1", "h264"
	Pause        Pause
	Behind       int // ms; negative: before
}

// tell sends an event, or keeps it until there is room.
func (r *road) tell(e Event) {
	if len(r.behind) == 0 {
		select {
		case r.events <- e:
			return
		default:
		}
	}
	if e.Kind == SlotSwitched && len(r.behind) >= maxEvents {
		r.stats.DroppedEvents++
		return
	}
	r.behind = append(r.behind, e)
}

// tellLater tells what had no room before.
func (r *road) tellLater() {
	for len(r.behind) > 0 {
		select {
		case r.events <- r.behind[0]:
			r.behind = r.behind[1:]
		default:
			r.pressing = true
			return
		}
	}
}
