// Package media forwards sound and picture: one publisher's packets to many
// receivers, for one encryption and a share of one system call each.
//
// It knows peers, tracks, slots and bitrates; not meetings, languages or
// people. It stands on the pieces under a PeerConnection (STUN, DTLS, SRTP)
// and writes media past them. Only room and cmd may import it.
//
// A packet's way: socket → road (decrypt, parse once) → track history →
// slot (rewrite) → send (encrypt, burst per receiver) → socket.
package media

import (
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
)

// Config says where a Router listens.
type Config struct {
	// Listen is the address for UDP and TCP; port 0 takes any free one, the
	// zero address means all interfaces.
	Listen netip.AddrPort
	// External are the advertised addresses; empty means all addresses of
	// this machine (of the listening address, when that is a specific one).
	External []netip.Addr
	// Logger never gets addresses of people, names or keys at info level.
	Logger *slog.Logger
}

// Router is the forwarding server. Its methods may be called from any
// goroutine, before and during Run.
type Router struct {
	log     *slog.Logger
	sock    *socket
	tcp     *tcpDoor
	cert    *identity
	hosts   []netip.Addr
	road    *road
	events  chan Event
	figures atomic.Pointer[figures]

	mu    sync.Mutex
	peers map[PeerID]*peer // mu: the answered, not yet removed peers
}

// ErrPeer and ErrSlot answer an Assign to a peer or slot that does not exist.
var (
	ErrPeer = errors.New("media: no such peer")
	ErrSlot = errors.New("media: no such slot")
	ErrKind = errors.New("media: track and slot are of different kinds")
)
