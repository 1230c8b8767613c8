package media

import (
	"context"
	"errors"
	"net/netip"
)

var errSkeleton = errors.New("media: skeleton")

type (
	socket   struct{}
	tcpDoor  struct{}
	identity struct{}
	road     struct{}
	figures  struct{}
	peer     struct{}
)

// Open binds the sockets and starts nothing.
func Open(cfg Config) (*Router, error) { return nil, errSkeleton }

// Run blocks until ctx ends and releases everything; a Router runs once.
func (r *Router) Run(ctx context.Context) error { return errSkeleton }

// LocalAddr is the bound address, with the port that was free.
func (r *Router) LocalAddr() netip.AddrPort { return netip.AddrPort{} }

// Answer makes the peer, or renegotiates it: ICE restart, a grown pool, changed
// permission. A new DTLS fingerprint on an existing id replaces the peer.
// The error is an *OfferError.
func (r *Router) Answer(id PeerID, o Offer) (sdp string, err error) { return "", errSkeleton }

// Remove ends the peer; no PeerLost follows.
func (r *Router) Remove(id PeerID) {}

// Assign puts a track in a slot, now or as soon as the track exists. Picture
// switches at a key frame, the old source is shown until then.
func (r *Router) Assign(id PeerID, slot SlotID, track TrackID) error { return errSkeleton }

// Clear empties the slot.
func (r *Router) Clear(id PeerID, slot SlotID) {}

// Events tells what happened; Run closes the channel when it returns. When the
// reader is behind, events wait inside in order; past 4096 waiting,
// SlotSwitched are dropped and counted, the others never.
func (r *Router) Events() <-chan Event { return r.events }

// Levels of the first published sound of each peer: 0 (loud) to 127 (silent),
// -dBov, smoothed.
func (r *Router) Levels(ids []PeerID) map[PeerID]uint8 { return nil }

// Lines as last measured.
func (r *Router) Lines(ids []PeerID) map[PeerID]Line { return nil }

// Stats counted so far.
func (r *Router) Stats() Stats { return Stats{} }
