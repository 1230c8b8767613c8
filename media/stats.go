package media

// Line describes the connection of one peer as last measured.
type Line struct {
	RTTms       float64 `json:"rttMs"`
	LossUp      float64 `json:"lossUp"`   // 0..1, what we missed of the peer in the last second
	LossDown    float64 `json:"lossDown"` // 0..1, what the peer reports missing
	JitterMs    float64 `json:"jitterMs"`
	BitrateUp   int     `json:"bitrateUp"`   // bit/s, last second
	BitrateDown int     `json:"bitrateDown"` // bit/s, last second
	Carries     int     `json:"carries"`     // bit/s that the line down is estimated to carry; 0: unknown
	Transport   string  `json:"transport"`   // "udp" or "tcp"; empty before the first check
}

// Stats counts since Open; at most a tenth of a second old.
type Stats struct {
	PacketsIn, BytesIn   uint64
	PacketsOut, BytesOut uint64

	DroppedMalformed     uint64 // lies in lengths, unknown forms
	DroppedUnknownAddr   uint64 // from an address that no peer has proved
	DroppedUnknownUser   uint64 // STUN for no known user fragment, or of wrong integrity
	DroppedUnknownSource uint64 // RTP of a track that was never announced or permitted
	DroppedAuth          uint64 // SRTP or SRTCP that does not authenticate
	DroppedReplay        uint64 // seen before, or older than the history
	DroppedEarly         uint64 // media before DTLS
	DroppedSlow          uint64 // queue of a TCP peer, of DTLS, or the socket buffer was full
	DroppedFlood         uint64 // more than its source may send, see guard
	DroppedFull          uint64 // by the kernel, because the socket was full
	DroppedNarrow        uint64 // by the kernel, because the gate was narrow: long packets of pictures
	DroppedLate          uint64 // sound that had waited in the socket until nobody would play it
	DroppedReports       uint64 // reports of arrivals that found no room on their shelf
	DroppedForeign       uint64 // RTCP about a stream that is not the peer's
	DroppedStale         uint64 // older than the slot's switch: never sent under a used index
	DroppedEvents        uint64

	NacksIn, NacksOut         uint64 // packets asked for, by receivers and by us
	Retransmitted, Repaired   uint64 // sent on RTX; recovered from a publisher's RTX
	Folded, Restored          uint64 // packets of sound sent with copies of earlier ones; recovered from a publisher's copies
	Paced                     uint64 // packets of pictures that waited for a later tick
	Probes                    uint64 // packets of padding that measured a line
	PLIsIn, PLIsOut           uint64
	SenderReports             uint64
	Messages, SegmentFallback uint64 // messages handed to the kernel; segmented ones it refused
	Calls                     uint64 // in which they were handed over
	Padded                    uint64 // packets padded to fit a segmented message
	Shed                      uint64 // pictures given up because the machine was behind
	Narrowed                  uint64 // times that the gate was
	Wakes                     uint64
	Peers, Connected, Tracks  int
	Held                      int // pictures given up and not yet back
}
