// Package media forwards sound and picture: one publisher's packets to many
// receivers, for one encryption and a share of one system call each.
//
// It knows peers, tracks, slots and bitrates; not meetings, languages or
// people. It stands on the pieces under a PeerConnection (STUN, DTLS, SRTP)
// and writes media past them. Only room, telephony and cmd may import it.
//
// A packet's way: socket → road (decrypt, parse once) → layer (history) →
// slot (rewrite) → outbox (encrypt, burst per receiver) → socket.
package media

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/pion/transport/v5/packetio"
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
	log    *slog.Logger
	sock   *socket
	tcp    *tcpDoor
	cert   *identity
	hosts  []netip.Addr
	road   *road
	events chan Event

	// mu guards the agreed state: who is answered, with which slots. Taken
	// before road.mu, never on the packet path.
	mu     sync.Mutex
	peers  map[PeerID]*session
	closed bool
}

// session is the control side of a peer. Guarded by Router.mu.
type session struct {
	peer  *peer
	ways  credentials
	slots map[SlotID]*slot
}

var (
	// ErrPeer: no such peer.
	ErrPeer = errors.New("media: no such peer")
	// ErrSlot: the peer has no such slot.
	ErrSlot = errors.New("media: no such slot")
)

// eventRoom is how many events wait for the reader before Router keeps more
// behind; see Events.
const eventRoom = 256

// Open binds the sockets and starts nothing.
func Open(cfg Config) (*Router, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	cert, err := newIdentity(time.Now())
	if err != nil {
		return nil, err
	}
	bound := cfg.Listen.Addr()
	if !bound.IsValid() {
		bound = netip.IPv6Unspecified()
	}
	hosts, err := hostAddrs(bound)
	if err != nil {
		return nil, err
	}
	sock, door, err := openDoors(cfg.Listen, bound.IsUnspecified() && several(append(hosts, cfg.External...)))
	if err != nil {
		return nil, err
	}
	if len(cfg.External) > 0 {
		hosts = cfg.External
	}
	r := &Router{
		log: cfg.Logger, sock: sock, tcp: door, cert: cert, hosts: hosts,
		events: make(chan Event, eventRoom),
		peers:  map[PeerID]*session{},
	}
	r.road = &road{
		log: cfg.Logger, sock: sock, tcp: door, cert: cert, events: r.events,
		in: newInbox(sock), began: time.Now(), consent: int64(consentTime),
		users: map[string]*peer{}, ways: map[address]*remote{}, tracks: map[TrackID]*track{},
	}
	r.road.out = newOutbox(sock, &r.road.stats)
	r.road.own = sender{road: r.road, out: r.road.out, stats: &r.road.stats}
	r.road.crew = newCrew(r.road)
	r.road.gate.fd = sock.fd
	r.road.guard = guard{seed: maphash.MakeSeed(), hosts: map[network]int{}}
	return r, nil
}

// openDoors binds UDP and TCP to the same port.
func openDoors(listen netip.AddrPort, several bool) (*socket, *tcpDoor, error) {
	for try := 0; ; try++ {
		sock, err := openSocket(listen, several)
		if err != nil {
			return nil, nil, err
		}
		door, err := openTCP(sock.addr)
		if err == nil {
			return sock, door, nil
		}
		sock.close()
		// A port that UDP had free may be taken in TCP.
		if listen.Port() != 0 || try == 16 || !errors.Is(err, syscall.EADDRINUSE) {
			return nil, nil, fmt.Errorf("listen TCP: %w", err)
		}
	}
}

// Run blocks until ctx ends and releases everything; a Router runs once.
func (r *Router) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var wait sync.WaitGroup
	r.road.ctx, r.road.wait = ctx, &wait
	wait.Go(func() {
		<-ctx.Done()
		r.sock.bell.ring()
	})
	wait.Go(func() { _ = r.tcp.run(ctx, &wait, r.sock.bell.ring) })
	r.road.crew.run(&wait)
	err := r.road.run(ctx)
	r.road.crew.stop()
	cancel()
	r.tcp.stop()
	r.mu.Lock()
	r.closed = true
	for _, s := range r.peers {
		s.peer.close()
	}
	r.mu.Unlock()
	wait.Wait()
	close(r.events)
	return errors.Join(err, r.sock.close())
}

// LocalAddr is the bound address, with the port that was free.
func (r *Router) LocalAddr() netip.AddrPort { return r.sock.addr }

// Answer makes the peer, or renegotiates it: ICE restart, a grown pool, changed
// permission. A new DTLS fingerprint on an existing id replaces the peer; what
// sat in slots of the same names is seated again. The error is an *OfferError.
func (r *Router) Answer(id PeerID, o Offer) (sdp string, err error) {
	d, err := parseOffer(o.SDP)
	if err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return "", refuse("closed")
	}
	maps.DeleteFunc(r.peers, func(_ PeerID, s *session) bool { return s.peer.ended() })
	old := r.peers[id]
	s := &session{slots: map[SlotID]*slot{}}
	if old != nil && old.peer.print == d.print {
		s.peer, s.ways, s.slots = old.peer, old.ways, maps.Clone(old.slots)
	} else {
		s.peer = newPeer(id, d.print)
	}
	if s.ways.remote != d.user {
		s.ways = newCredentials(d.user)
	}
	a := &answer{
		plan: plan{ways: s.ways, mixed: d.mixed}, d: d, o: o, slots: s.slots, p: s.peer,
		port: r.sock.addr.Port(), hosts: r.hosts, print: r.cert.print,
	}
	if err := a.write(rand.Uint64() >> 2); err != nil {
		return "", err
	}
	r.peers[id] = s
	r.road.do(func() {
		seats := map[SlotID]TrackID{}
		if old != nil && old.peer != s.peer {
			seats = r.road.seats(old.peer)
			r.road.remove(old.peer)
		}
		r.road.apply(s.peer, a.plan)
		for id, t := range seats {
			if sl := s.slots[id]; sl != nil {
				r.road.track(t).seat(sl)
			}
		}
	})
	return a.text.String(), nil
}

func newPeer(id PeerID, print string) *peer {
	p := &peer{id: id, print: print, rx: packetio.NewBuffer(), gone: make(chan struct{}), tops: map[uint32]uint64{}, level8: 127 * 8}
	p.rx.SetLimitCount(dtlsQueue)
	p.rx.SetLimitSize(dtlsQueueBytes)
	p.level.Store(127)
	return p
}

// Remove ends the peer; no PeerLost follows.
func (r *Router) Remove(id PeerID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.peers[id]; s != nil {
		delete(r.peers, id)
		r.road.do(func() { r.road.remove(s.peer) })
	}
}

// Assign puts a track in a slot, now or as soon as the track exists; the zero
// TrackID empties it. Picture switches at a key frame, the old source is shown
// until then. A track of the
// other kind never shows. The error is ErrPeer or ErrSlot.
func (r *Router) Assign(id PeerID, slot SlotID, track TrackID) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.peers[id]
	if s == nil || s.peer.ended() {
		return ErrPeer
	}
	sl := s.slots[slot]
	if sl == nil {
		return ErrSlot
	}
	r.road.do(func() {
		switch {
		case track == TrackID{}:
			r.road.empty(sl)
		case slices.Contains(s.peer.slots, sl):
			old := sl.seat
			r.road.track(track).seat(sl)
			if old != nil {
				r.road.tidy(old)
			}
			s.peer.unshared = true
		}
	})
	return nil
}

// Wish says how the picture in a slot is to be; it lasts until the next. A slot
// that does not exist wishes nothing.
func (r *Router) Wish(id PeerID, slot SlotID, w Wish) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.peers[id]
	if s == nil || s.slots[slot] == nil {
		return
	}
	sl := s.slots[slot]
	r.road.do(func() {
		sl.wish = w
		r.road.share(s.peer)
	})
}

// Events tells what happened; Run closes the channel when it returns. When the
// reader is behind, events wait inside in order; past 4096 waiting,
// SlotSwitched are dropped and counted, the others never.
func (r *Router) Events() <-chan Event { return r.events }

// Levels of the first published sound of each peer: 0 (loud) to 127 (silent),
// -dBov, smoothed; NothingHeard where no packet comes.
func (r *Router) Levels(ids []PeerID) map[PeerID]uint8 {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := make(map[PeerID]uint8, len(ids))
	for _, id := range ids {
		if s := r.peers[id]; s != nil {
			m[id] = uint8(s.peer.level.Load())
		}
	}
	return m
}

// Lines as measured in the last second.
func (r *Router) Lines(ids []PeerID) map[PeerID]Line {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := make(map[PeerID]Line, len(ids))
	for _, id := range ids {
		if s := r.peers[id]; s != nil {
			if l := s.peer.line.Load(); l != nil {
				m[id] = *l
			}
		}
	}
	return m
}

// Stats counted so far.
func (r *Router) Stats() Stats {
	r.road.mu.Lock()
	defer r.road.mu.Unlock()
	return r.road.told
}
