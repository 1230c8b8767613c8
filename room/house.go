// Package room is a meeting in session: one goroutine owns the meeting, its members' connections and its routing.
//
// It is not the rules (meeting decides), not the door (server reads sockets), and not the packets (media forwards them).
// A fact takes one road: command, meeting.Decide, record, Apply, members, media. There is no lock in it: the House owns which
// rooms are open, a room owns everything of its meeting. Only server, telephony and cmd may import it.
package room

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"astara/media"
	"astara/media/recorder"
	"astara/meeting"
	"astara/protocol"
)

// Record is where lasting events are kept. Append stores all of them or none, in order, and refuses a Seq that is taken.
// Events are those of one consultation in order; none when there is no such consultation.
type Record interface {
	Append(ctx context.Context, id meeting.ConsultationID, events []meeting.Event) error
	Events(ctx context.Context, id meeting.ConsultationID) ([]meeting.Event, error)
}

// Media is what a room asks of the packet road; *media.Router is one.
type Media interface {
	Answer(id media.PeerID, o media.Offer) (sdp string, err error)
	Remove(id media.PeerID)
	Assign(id media.PeerID, slot media.SlotID, track media.TrackID) error
	Wish(id media.PeerID, slot media.SlotID, w media.Wish)
	Levels(ids []media.PeerID) map[media.PeerID]uint8
	Lines(ids []media.PeerID) map[media.PeerID]media.Line
}

// Relays opens the way of last resort; *media.Router is one.
type Relays interface {
	RelayCredential(id media.PeerID, now time.Time) media.Credential
}

// Config of a House. Begin with Defaults.
type Config struct {
	Record      Record
	Media       Media
	MediaEvents <-chan media.Event // of the router; the House drains it. Closed by the router when it ends
	Relays      Relays             // nil: this node has no relay
	RelayURL    string             // where it is
	Recorder    *recorder.Recorder // nil: this node records nothing
	CameraCodec protocol.Codec     // that cameras are wished in; "": the browsers choose
	Now         func() time.Time   // stamps events; timers run on the process's own clock
	Logger      *slog.Logger

	Grace       time.Duration // how long a member whose socket was cut still counts as present
	Idle        time.Duration // how long a room with nobody connected stays in memory
	RecordLimit time.Duration // the longest wait for the record
	Notice      time.Duration // how long before a recording begins everybody is told
	Probes      int           // line tests at once, on the whole node
	Outbox      int           // messages waiting for one socket; one more and it is closed as too slow
	History     int           // events kept for those who come back
}

// Defaults of everything but the four that only the caller has: Record, Media, MediaEvents, Logger.
func Defaults() Config {
	return Config{Now: time.Now, Grace: 6 * time.Second, Idle: time.Minute, RecordLimit: 5 * time.Second, Notice: 5 * time.Second, Probes: 64, Outbox: 512, History: 4096}
}

var (
	// ErrUnknown: there is no such consultation.
	ErrUnknown = errors.New("room: no such consultation")
	// ErrClosed: the house is closing; come back to the next process.
	ErrClosed = errors.New("room: closing")
)

// House owns the rooms of this node. Its methods may be called from any goroutine once Run has begun.
type House struct {
	cfg    Config
	asks   chan ask      // never closed; served by Run
	done   chan struct{} // closed by Run when every room has ended
	agreed chan struct{} // wakes the clock: another moment was agreed. Never closed; one that waits is enough
	probes atomic.Int64  // line tests going on
	open   atomic.Int64  // rooms in session
	people atomic.Int64  // connected sockets
}

// ask finds the room of a consultation, opening it when it is not in session. answer has room for one.
type ask struct {
	id     meeting.ConsultationID
	answer chan *room
}

// Open makes a house; Run opens its doors.
func Open(cfg Config) *House {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &House{cfg: cfg, asks: make(chan ask), done: make(chan struct{}), agreed: make(chan struct{}, 1)}
}

// Run owns all rooms until ctx ends; then every client is told to come back and every room's goroutine is awaited.
func (h *House) Run(ctx context.Context) error {
	var rooms sync.WaitGroup
	open := map[meeting.ConsultationID]*room{}
	ended := make(chan *room) // from a room's goroutine, after its last deed
	events := h.cfg.MediaEvents
	defer close(h.done)
	for {
		select {
		case a := <-h.asks:
			r := open[a.id]
			if r == nil || r.over() {
				r = newRoom(h, a.id)
				open[a.id] = r
				h.open.Add(1)
				rooms.Go(func() {
					r.run(ctx)
					h.open.Add(-1)
					select {
					case ended <- r:
					case <-ctx.Done():
					}
				})
			}
			a.answer <- r
		case r := <-ended:
			if open[r.id] == r {
				delete(open, r.id)
			}
		case e, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			id, _, _ := strings.Cut(string(e.Peer), "/")
			if r := open[meeting.ConsultationID(id)]; r != nil {
				r.hear(e)
			}
		case <-ctx.Done():
			rooms.Wait()
			return nil
		}
	}
}

// in runs a task in a consultation's room and waits for its end. Once the room has the task, the answer is awaited whatever
// becomes of ctx: a command must not be half known.
func (h *House) in(ctx context.Context, id meeting.ConsultationID, task func(*room) error) error {
	for {
		a := ask{id: id, answer: make(chan *room, 1)}
		select {
		case h.asks <- a:
		case <-h.done:
			return ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
		r := <-a.answer
		result := make(chan error, 1)
		select {
		case r.inbox <- func() { result <- task(r) }:
		case <-r.done:
			if r.failure != nil {
				return r.failure
			}
			continue // the room ended of idleness just now: ask for another
		case <-ctx.Done():
			return ctx.Err()
		}
		select {
		case err := <-result:
			return err
		case <-r.done:
		}
		select {
		case err := <-result:
			return err
		default: // the task was never begun
		}
		if r.failure != nil {
			return r.failure
		}
	}
}

// Call begins a consultation under a new id. The error may be a *meeting.Refusal.
func (h *House) Call(ctx context.Context, id meeting.ConsultationID, by meeting.MemberID, c meeting.CallConsultation) error {
	return h.in(ctx, id, func(r *room) error { return r.act(by, c) })
}

// Do carries out a command of a member. The error may be ErrUnknown or a *meeting.Refusal.
func (h *House) Do(ctx context.Context, id meeting.ConsultationID, by meeting.MemberID, c meeting.Command) error {
	return h.in(ctx, id, func(r *room) error {
		if !r.called() {
			return ErrUnknown
		}
		return r.act(by, c)
	})
}

// View is what a reader may know now. The error may be ErrUnknown.
func (h *House) View(ctx context.Context, id meeting.ConsultationID, reader meeting.MemberID) (*meeting.Meeting, error) {
	var v *meeting.Meeting
	err := h.in(ctx, id, func(r *room) error {
		if !r.called() {
			return ErrUnknown
		}
		v = r.meeting.View(reader)
		return nil
	})
	return v, err
}

// Connect is a new socket of a member; an older one of the same member is closed with "moved". The session tells a person who
// comes back from one who moved to another browser. The caller must Close the Conn.
func (h *House) Connect(ctx context.Context, id meeting.ConsultationID, member meeting.MemberID, session string) (*Conn, error) {
	var c *Conn
	err := h.in(ctx, id, func(r *room) error {
		if !r.called() {
			return ErrUnknown
		}
		c = r.connect(member, session)
		return nil
	})
	return c, err
}

// Disconnect closes a member's socket for good, with a goodbye of this code: the seat's session ended.
func (h *House) Disconnect(ctx context.Context, id meeting.ConsultationID, member meeting.MemberID, code string) {
	_ = h.in(ctx, id, func(r *room) error {
		r.dismiss(member, code)
		return nil
	})
}

// Figures are what a node reports of its house.
type Figures struct{ Rooms, Sockets, Probes int }

// Figures now.
func (h *House) Figures() Figures {
	return Figures{Rooms: int(h.open.Load()), Sockets: int(h.people.Load()), Probes: int(h.probes.Load())}
}
