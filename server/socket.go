package server

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"

	"astara/meeting"
	"astara/protocol"
	"astara/room"
)

const (
	// socketDead is how long a socket may be silent: clients ping each 500 ms.
	socketDead = 10 * time.Second
	// socketWrite is how long one message may take to leave.
	socketWrite = 5 * time.Second
	// A person's page sends two pings a second, and a burst when the screen is laid out anew.
	socketRate  = 60 // messages a second
	socketBurst = 120
	// socketBad is how many messages without sense a client may send before it is no client of ours.
	socketBad = 20
	// socketOwn is how many answers of the door itself may wait; more are dropped: the client does not read.
	socketOwn = 16
	// socketRecheck is within which time an operator's revoke, in another process, reaches a person at the table.
	socketRecheck = 20 * time.Second
	// socketPause is when those who sent too much may come back.
	socketPause = 5.0
)

// socket is a member's line to the room: a loop that reads, a loop that writes, both ended when this returns.
func (s *Server) socket(w http.ResponseWriter, r *http.Request) {
	at, err := s.seat(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	// The guard has checked the origin, against the address that people type and not against the Host of a proxy.
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // Accept has answered
	}
	defer ws.CloseNow()
	ws.SetReadLimit(-1) // read by readMessage, which leaves room for a goodbye
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	l := &line{server: s, ws: ws, consultation: at.Consultation, own: make(chan room.Outgoing, socketOwn), bye: make(chan *protocol.Goodbye, 1)}
	if l.conn, err = s.house.Connect(ctx, at.Consultation, at.Member, string(at.Session)); err != nil {
		l.sayGoodbye(ctx, s.farewell(r, err))
		return
	}
	s.log.Info("socket opened", "consultation", at.Consultation)
	var writing sync.WaitGroup
	writing.Go(func() {
		defer cancel()
		l.write(ctx)
	})
	// The first look at the right to be here was before Connect: a revoke between the two came too early for a Disconnect.
	if g := l.read(ctx, func() *protocol.Goodbye { return s.stillSeated(r) }); g != nil {
		l.bye <- g
	} else {
		cancel()
	}
	l.conn.Close()
	writing.Wait()
	s.log.Info("socket closed", "consultation", at.Consultation, "code", l.code)
}

// stillSeated looks up again whether the request's cookie is of a seat, and says goodbye if not. A record that does not
// answer is no reason to end a meeting.
func (s *Server) stillSeated(r *http.Request) *protocol.Goodbye {
	_, err := s.seat(r)
	if !errors.As(err, new(*meeting.Refusal)) {
		return nil
	}
	return s.farewell(r, err)
}

// farewell is the goodbye for one who cannot be connected.
func (s *Server) farewell(r *http.Request, err error) *protocol.Goodbye {
	no := s.refusal(r, err)
	g := &protocol.Goodbye{Code: no.Code, Args: no.Args}
	if no.Code == protocol.Restarting || no.Code == protocol.Internal {
		after := socketPause
		g.After = &after
	}
	return g
}

// line is one socket. read and write run at the same time.
type line struct {
	server *Server
	ws     *websocket.Conn
	conn   *room.Conn

	consultation meeting.ConsultationID

	own  chan room.Outgoing     // the door's own answers; full: dropped
	bye  chan *protocol.Goodbye // the door's reason to end, at most one; write looks when the room has closed Out
	code string                 // of the goodbye that was sent; write's
	bad  int                    // messages without sense; read's
}

// ---- reading --------------------------------------------------------------------------------------------------------

// read hands messages to the room until the socket ends, or until there is a reason to end it.
func (l *line) read(ctx context.Context, check func() *protocol.Goodbye) *protocol.Goodbye {
	allowance := newAllowance(time.Now())
	var checked time.Time
	for {
		if time.Since(checked) >= cmp.Or(l.server.cfg.Recheck, socketRecheck) {
			if g := check(); g != nil {
				return g
			}
			checked = time.Now()
		}
		b, err := l.readMessage(ctx)
		if errors.Is(err, errLarge) {
			return &protocol.Goodbye{Code: protocol.TooLarge}
		}
		if err != nil {
			return nil
		}
		if !allowance.take(time.Now()) {
			after := socketPause
			return &protocol.Goodbye{Code: protocol.TooMany, Args: map[string]any{"seconds": int(after)}, After: &after}
		}
		switch err := l.hand(ctx, b); {
		case errors.Is(err, errSenseless):
			return &protocol.Goodbye{Code: protocol.BadRequest}
		case errors.Is(err, room.ErrClosed): // its goodbye is on the way, and leaves before the line ends
			select {
			case <-ctx.Done():
			case <-time.After(socketWrite):
			}
			return nil
		case err != nil:
			return nil
		}
	}
}

var (
	errLarge     = errors.New("message too large")
	errSenseless = errors.New("too many messages without sense")
)

// readMessage reads one text message of at most protocol.MaxMessage bytes.
func (l *line) readMessage(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, socketDead)
	defer cancel()
	kind, r, err := l.ws.Reader(ctx)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(r, protocol.MaxMessage+1))
	switch {
	case err != nil:
		return nil, err
	case len(b) > protocol.MaxMessage:
		return nil, errLarge
	case kind != websocket.MessageText:
		return nil, nil // no JSON: refused as senseless
	}
	return b, nil
}

// hand gives a message to the room, except a ping, which is the door's.
func (l *line) hand(ctx context.Context, b []byte) error {
	var m protocol.Message
	if json.Unmarshal(b, &m) != nil {
		return l.senseless(0, errBadRequest)
	}
	if m.Type == "ping" {
		var p protocol.Ping
		if err := json.Unmarshal(m.Body, &p); err != nil {
			return l.senseless(m.ID, errBadRequest)
		}
		l.answer("pong", m.ID, protocol.Pong{N: p.N, Now: time.Now().UTC().Format(room.Clock)}, "")
		return nil
	}
	err := l.conn.Handle(ctx, m)
	var no *meeting.Refusal
	if errors.As(err, &no) {
		return l.senseless(m.ID, no)
	}
	if err == nil && slices.ContainsFunc(meeting.MemberCommands(), func(c meeting.Command) bool { return string(c.Type()) == m.Type }) {
		l.server.counts.commands.WithLabelValues(m.Type).Inc()
	}
	return err
}

// senseless refuses a message that is none, and counts.
func (l *line) senseless(id int, no *meeting.Refusal) error {
	l.answer("refused", id, protocol.Refused{Code: string(no.Code), Args: no.Args}, string(no.Code))
	if l.bad++; l.bad > socketBad {
		return errSenseless
	}
	return nil
}

func (l *line) answer(kind string, id int, body any, code string) {
	select {
	case l.own <- encoded(kind, id, body, code):
	default:
	}
}

func encoded(kind string, id int, body any, code string) room.Outgoing {
	b, err := json.Marshal(body)
	if err == nil {
		b, err = json.Marshal(protocol.Message{Type: kind, ID: id, Body: b})
	}
	if err != nil {
		panic(err) // our own types
	}
	return room.Outgoing{JSON: b, Code: code}
}

// ---- writing --------------------------------------------------------------------------------------------------------

// write sends what the room and the door say until the room has closed Out, then the door's goodbye if there is one.
func (l *line) write(ctx context.Context) {
	for open := true; open; {
		var m room.Outgoing
		select {
		case m, open = <-l.conn.Out():
		case m = <-l.own:
		}
		if m.JSON != nil && l.send(ctx, m) != nil {
			return
		}
	}
	for range len(l.own) {
		if l.send(ctx, <-l.own) != nil {
			return
		}
	}
	select {
	case g := <-l.bye:
		l.sayGoodbye(ctx, g)
		return
	default:
	}
	_ = l.ws.Close(websocket.StatusNormalClosure, l.code) // the client may be gone
}

func (l *line) send(ctx context.Context, m room.Outgoing) error {
	if m.Last {
		l.code = m.Code
	}
	if m.Code != "" {
		l.server.counts.refused.WithLabelValues(m.Code).Inc()
		l.logRefused(m)
	}
	ctx, cancel := context.WithTimeout(ctx, socketWrite)
	defer cancel()
	return l.ws.Write(ctx, websocket.MessageText, m.JSON)
}

// logRefused writes down what was refused to whom, as far as a log may know: which command, of which side, in which consultation.
func (l *line) logRefused(m room.Outgoing) {
	about := []any{"code", m.Code, "route", "socket"}
	if l.conn != nil {
		about = append(about, "consultation", l.consultation, "party", l.conn.Member().Party())
	}
	if m.Asks != "" {
		about = append(about, "command", m.Asks)
	}
	l.server.log.Info("refused", about...)
}

// sayGoodbye ends the line with the door's own reason.
func (l *line) sayGoodbye(ctx context.Context, g *protocol.Goodbye) {
	m := encoded("goodbye", 0, g, g.Code)
	m.Last = true
	if l.send(ctx, m) == nil {
		_ = l.ws.Close(websocket.StatusNormalClosure, g.Code) // the client may be gone
	}
}

// ---- the allowance --------------------------------------------------------------------------------------------------

// allowance is a bucket of socketBurst messages that fills at socketRate.
type allowance struct {
	left float64
	at   time.Time
}

func newAllowance(now time.Time) *allowance { return &allowance{socketBurst, now} }

func (a *allowance) take(now time.Time) bool {
	a.left = min(socketBurst, a.left+now.Sub(a.at).Seconds()*socketRate) - 1
	a.at = now
	return a.left >= 0
}
