package media

// Offer is what a browser offers, and what its m-lines are for.
type Offer struct {
	SDP string
	// Sources: mid → source, only those that this peer may publish. Any other
	// sending m-line is answered inactive.
	Sources map[string]Source
	// Slots: mid → slot, for the receiving m-lines.
	Slots map[string]SlotID
}

// OfferError refuses an offer; Code is stable: "size", "syntax", "ice",
// "fingerprint", "bundle", "mid", "slot", "source", "closed".
type OfferError struct{ Code string }

func (e *OfferError) Error() string { return "media: offer refused: " + e.Code }
