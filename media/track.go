package media

// PeerID names a peer; opaque, chosen by the caller, unique in the router.
type PeerID string

// Source is the opaque name of what a peer sends: "microphone", "camera",
// "screen", "screen-sound".
type Source string

// SlotID names a receiving place, such as "v0", "a0", "x3"; unique within the
// peer. A leading v or a and the same rest make a pair with one stream id.
type SlotID string

// TrackID names what one peer sends of one source.
type TrackID struct {
	Peer   PeerID
	Source Source
}

// Kind is sound or picture.
type Kind uint8

const (
	Audio Kind = iota + 1
	Video
)

func (k Kind) String() string {
	switch k {
	case Audio:
		return "audio"
	case Video:
		return "video"
	}
	return "unknown"
}
