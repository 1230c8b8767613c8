// Package caller is a peer without a browser: it sends recorded sound and
// picture and counts what it receives. Bots and tests use it; nothing that
// serves people does.
package caller

import (
	"context"
	"log/slog"
)

// Config of a Call.
type Config struct {
	VideoIVF string // VP8 file, sent in a loop; "" sends no picture
	AudioOGG string // Opus file, sent in a loop; "" sends no sound
	Pairs    int    // receiving slots v0,a0,v1,a1,...
	Sounds   int    // sound-only receiving slots x0,...
	Logger   *slog.Logger
}

// Offer is what the caller wants of the server.
type Offer struct {
	SDP     string
	Sources map[string]string // mid → "microphone" or "camera"
	Slots   map[string]string // mid → slot
}

// Exchange carries an offer to the server and brings the answer.
type Exchange func(ctx context.Context, o Offer) (answerSDP string, err error)

// Received is what came of one kind from whoever sat in a slot.
type Received struct {
	Slot          string  `json:"slot"`
	Who           string  `json:"who"`  // "" before the first Seat
	Kind          string  `json:"kind"` // "audio" or "video"
	Packets       uint64  `json:"packets"`
	Lost          uint64  `json:"lost"`
	Bytes         uint64  `json:"bytes"`
	FirstPacketMs float64 `json:"firstPacketMs"` // after Dial began
}
