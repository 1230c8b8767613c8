package room

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

const (
	// tick is how often it is told who speaks, and deadlines are kept: five times a second, as protocol.Speakers promises.
	tick = 200 * time.Millisecond
	// ear is how often it is looked who begins to speak: what is said before they have a seat is not heard by those who had none for them.
	ear = 40 * time.Millisecond
	// linesEach is how often everybody hears of everybody's line, in ticks: 2 s.
	linesEach = 10
	// waiting is how many tasks may wait for a room; the sockets that bring more wait with them.
	waiting = 256
	// waitingEvents is how many media events may wait; past it they are dropped: each is news of something that the next one or the next offer mends.
	waitingEvents = 1024
)

// room is one meeting in session. Everything below "owned" belongs to the goroutine in run.
type room struct {
	id      meeting.ConsultationID
	cfg     Config
	house   *House
	log     *slog.Logger
	inbox   chan func()      // never closed; bound: waiting
	events  chan media.Event // never closed; bound: waitingEvents
	done    chan struct{}    // closed when run returns
	failure error            // why it ended, unless of idleness; read after done

	// Owned.
	meeting   *meeting.Meeting
	epoch     string
	past      []fact
	inside    map[meeting.MemberID]uint64 // the event that last admitted a member in this epoch
	people    map[meeting.MemberID]*person
	arriving  map[*Conn]struct{} // sockets that have not said hello
	senders   senders
	speech    speech
	booths    booths
	recording recording
	curtain   curtain
	files     sync.WaitGroup // parts that are being closed
	dirty     bool           // everybody's seats must be looked at again
	look      bool           // those of somebody whose layout changed
	doubt     bool           // the record failed to answer: it may hold more than was applied
	ticks     int
	emptied   time.Time // since when nobody is connected
	floorFrom time.Time // since when whoever has the floor is waited for, who had it when the meeting was loaded
}

// fact is an event and who may know of it, judged when it happened.
type fact struct {
	meeting.Event
	to meeting.Audience
}

// person is a member who is connected, or was a moment ago.
type person struct {
	id      meeting.MemberID
	conn    *Conn // nil while the socket is cut
	session string
	page    string // that was last theirs
	input   protocol.Input
	inputAt time.Time // when it was said
	entered bool
	leaves  time.Time // the end of the grace; zero while connected and entered
	stream
}

func newRoom(h *House, id meeting.ConsultationID) *room {
	return &room{id: id, cfg: h.cfg, house: h, log: h.cfg.Logger.With("consultation", string(id)),
		inbox: make(chan func(), waiting), events: make(chan media.Event, waitingEvents), done: make(chan struct{}),
		inside: map[meeting.MemberID]uint64{}, people: map[meeting.MemberID]*person{}, arriving: map[*Conn]struct{}{}}
}

// over tells whether the room has ended.
func (r *room) over() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// called tells whether there is such a consultation.
func (r *room) called() bool { return r.meeting.Version != 0 }

// hear hands an event of the router to the room, from the house.
func (r *room) hear(e media.Event) {
	select {
	case r.events <- e:
	default:
		r.log.Warn("media event dropped", "kind", e.Kind.String())
	}
}

// run loads the meeting and owns it until ctx ends, or nobody has been here for a while.
func (r *room) run(ctx context.Context) {
	defer close(r.done)
	defer r.files.Wait()
	defer r.closeTape()
	defer func() {
		if x := recover(); x != nil { // a fault of ours ends this room and no other; its members come back to the record
			r.failure = fmt.Errorf("room failed: %v", x)
			r.log.Error("room failed", "cause", fmt.Sprint(x), "stack", string(debug.Stack()))
			r.farewell()
			for _, p := range r.people {
				r.unplug(p)
			}
		}
	}()
	if r.failure = r.load(ctx); r.failure != nil {
		return
	}
	t := time.NewTicker(tick)
	defer t.Stop()
	listens := time.NewTicker(ear)
	defer listens.Stop()
	r.emptied, r.floorFrom = time.Now(), time.Now()
	r.resume()
	for {
		select {
		case task := <-r.inbox:
			task()
		case e := <-r.events:
			r.mediaEvent(e)
		case <-t.C:
			r.tick()
		case now := <-listens.C:
			r.listen(now)
		case <-ctx.Done():
			r.failure = ErrClosed
			r.farewell()
			return
		}
		if (r.dirty || r.look) && len(r.inbox) == 0 {
			r.reseat()
		}
		if len(r.people)+len(r.arriving) > 0 {
			r.emptied = time.Now()
		} else if len(r.inbox) == 0 && !r.recording.busy() && (!r.called() || time.Since(r.emptied) >= r.cfg.Idle) {
			return
		}
	}
}

func (r *room) load(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.RecordLimit)
	defer cancel()
	events, err := r.cfg.Record.Events(ctx, r.id)
	if err != nil {
		return fmt.Errorf("load consultation: %w", err)
	}
	r.meeting = meeting.Restore(r.id, events)
	r.epoch = rand.Text()
	return nil
}

// farewell tells everybody to come back in a second.
func (r *room) farewell() {
	after := 1.0
	for c := range r.arriving {
		r.end(c, &protocol.Goodbye{Code: protocol.Restarting, After: &after})
	}
	for _, p := range r.people {
		if p.conn != nil {
			r.end(p.conn, &protocol.Goodbye{Code: protocol.Restarting, After: &after})
		}
		r.endProbe(p)
	}
}

// ---- the road of a fact ---------------------------------------------------------------------------------------------

// act carries out a command: the record first, then the state, then the members, then the media.
// Where the record went on by itself (the operator's acts), it is decided again on what there is now.
func (r *room) act(by meeting.MemberID, c meeting.Command) error {
	if _, err := r.reconcile(); err != nil {
		return err
	}
	if err := r.mayRecord(c); err != nil {
		return err
	}
	events, err := r.meeting.Decide(by, c, r.cfg.Now())
	if err != nil {
		return err
	}
	err = r.keep(events)
	if err == nil || !r.doubt {
		return err
	}
	found, unread := r.reconcile()
	switch {
	case unread != nil || len(found) == 0:
		return err
	case slices.ContainsFunc(found, func(e meeting.Event) bool {
		return e.Seq == events[0].Seq && e.By == events[0].By && e.At.Equal(events[0].At)
	}):
		return nil // our own: its answer was lost
	}
	if events, err = r.meeting.Decide(by, c, r.cfg.Now()); err != nil {
		return err
	}
	return r.keep(events)
}

// keep puts events into the record, then into effect.
func (r *room) keep(events []meeting.Event) error {
	var lasting []meeting.Event
	for _, e := range events {
		if e.Lasting() {
			lasting = append(lasting, e)
		}
	}
	if len(lasting) > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), r.cfg.RecordLimit)
		defer cancel()
		if err := r.cfg.Record.Append(ctx, r.id, lasting); err != nil {
			r.doubt = true
			return fmt.Errorf("append to the record: %w", err)
		}
	}
	r.happen(events)
	return nil
}

// reconcile applies what the record holds although it did not say so: an answer that was lost on its way.
func (r *room) reconcile() (found []meeting.Event, err error) {
	if !r.doubt {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), r.cfg.RecordLimit)
	defer cancel()
	events, err := r.cfg.Record.Events(ctx, r.id)
	if err != nil {
		return nil, fmt.Errorf("read the record again: %w", err)
	}
	r.doubt = false
	found = slices.DeleteFunc(events, func(e meeting.Event) bool { return e.Seq <= r.meeting.Seq })
	r.happen(found)
	return found, nil
}

// happen applies events that are in the record, tells those who may know, and lets the consequences follow.
func (r *room) happen(events []meeting.Event) {
	for _, e := range events {
		r.meeting.Apply(e)
		r.record()
		r.remember(e)
		r.tell(e)
	}
	for _, e := range events {
		r.follow(e)
	}
	r.dirty = r.dirty || len(events) > 0
}

func (r *room) remember(e meeting.Event) {
	if meeting.AtDesk(e) {
		return
	}
	for id := range r.meeting.Members {
		if r.meeting.Anew(id, e) {
			r.inside[id] = e.Seq
		}
	}
	if len(r.past) >= r.cfg.History {
		r.past = slices.Delete(r.past, 0, len(r.past)-r.cfg.History+r.cfg.History/4+1)
	}
	r.past = append(r.past, fact{e, r.meeting.Audience(e)})
}

// tell sends an event to each connected member who may know of it; one to whom it opens more gets the whole picture.
func (r *room) tell(e meeting.Event) {
	m := message("event", 0, protocol.EventMessage{Event: e})
	for id, p := range r.people {
		switch {
		case p.conn == nil || !p.conn.greeted:
		case r.meeting.Anew(id, e):
			r.welcome(p.conn, protocol.Hello{})
		case r.meeting.Sees(id, e):
			r.push(p.conn, m)
		}
	}
}

// follow is what an event means for connections and media.
func (r *room) follow(e meeting.Event) {
	switch b := e.Body.(type) {
	case meeting.EmbargoSet, meeting.AloneAnnounced:
		r.house.wakeClock()
	case meeting.TermsWritten, meeting.TermsAgreed, meeting.TermWithdrawn:
		r.tellTerms(e)
	case meeting.MemberChanged:
		if p := r.people[b.Member.ID]; p != nil {
			r.permit(p)
		}
	case meeting.MemberRefused:
		r.dismiss(b.Member, protocol.MemberRefused)
	case meeting.MemberRemoved:
		r.dismiss(b.Member, protocol.MemberRemoved)
	case meeting.MemberWithdrawn:
		r.dismiss(b.Member, protocol.MemberWithdrawn)
	case meeting.PrincipalsAppeared:
		r.hang()
	case meeting.PrincipalsLeft:
		for id, x := range r.meeting.Members {
			if x.Role == meeting.Head && r.people[id] != nil {
				r.dismiss(id, string(meeting.CeremonyOver))
			}
		}
	case meeting.ConsultationCancelled:
		for id := range r.people {
			r.dismiss(id, string(meeting.IsCancelled))
		}
	}
}

// ---- what is sent ---------------------------------------------------------------------------------------------------

// message encodes one message of ours; a body that cannot be encoded is a fault of ours.
func message(kind string, id int, body any) Outgoing {
	b, err := json.Marshal(body)
	if err == nil {
		b, err = json.Marshal(protocol.Message{Type: kind, ID: id, Body: b})
	}
	if err != nil {
		panic(err)
	}
	switch x := body.(type) {
	case protocol.Refused:
		return Outgoing{JSON: b, Code: x.Code}
	case *protocol.Goodbye:
		return Outgoing{JSON: b, Code: x.Code, Last: true}
	}
	return Outgoing{JSON: b}
}

// push puts a message into a socket's outbox; a client that does not read is sent away, to come back.
func (r *room) push(c *Conn, m Outgoing) {
	switch {
	case c.ended:
	case len(c.out) >= cap(c.out)-1: // the last place is the goodbye's
		after := 1.0
		r.log.Warn("socket too slow", "waiting", len(c.out))
		r.end(c, &protocol.Goodbye{Code: protocol.TooSlow, After: &after})
	default:
		c.out <- m
	}
}

// answer says how it went: done, refused, or internal with the number under which the cause is logged.
func (r *room) answer(c *Conn, id int, err error) { r.answerTo(c, id, "", err) }

// answerTo is the same with the type of the command that was asked for.
func (r *room) answerTo(c *Conn, id int, asks meeting.CommandType, err error) {
	if err == nil {
		r.push(c, message("done", id, protocol.Done{}))
		return
	}
	var no *meeting.Refusal
	if !errors.As(err, &no) {
		key := rand.Text()[:8]
		r.log.Error("command failed", "id", key, "cause", err)
		no = &meeting.Refusal{Code: protocol.Internal, Args: map[string]any{"id": key}}
	}
	out := message("refused", id, protocol.Refused{Code: string(no.Code), Args: no.Args})
	out.Asks = string(asks)
	r.push(c, out)
}
