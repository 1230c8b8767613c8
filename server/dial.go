package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"astara/meeting"
	"astara/protocol"
)

const (
	// dialPing is how often a client pings, as protocol.Ping says.
	dialPing = 500 * time.Millisecond
	// dialAnswer is the longest wait for an answer, as in the browser.
	dialAnswer = 10 * time.Second
	// dialRead is the largest message that we read: a snapshot with a full chat of long messages fits.
	dialRead = 32 << 20
)

// Socket is the other end of a member's socket: what a browser does, for bots and tests. After Dial, Run must be running.
type Socket struct {
	Seat    string
	You     meeting.MemberID
	Welcome protocol.Welcome // the first; later ones come as messages

	ws       *websocket.Conn
	http     *http.Client
	base     string                // where the node is reached
	origin   string                // what the node calls itself: the link's
	backlog  []protocol.Message    // read by Dial while it waited for its answers
	messages chan protocol.Message // closed by Run; when it is full, Run waits and reads no more

	mu    sync.Mutex // of the rest
	ids   int
	asked map[int]chan protocol.Message // each with room for one; nil once Run has ended
	page  string                        // the same after Again: see protocol.Hello
	epoch string
	seq   uint64
}

// DialOptions of Dial.
type DialOptions struct {
	Server   string // reach the node here instead of at the link's address: http://HOST:PORT
	Insecure bool   // accept any certificate: for tests on one's own machine
	Take     bool   // move the seat here from another browser
	Outside  bool   // say hello, but do not enter yet
}

// Dial opens a personal link as a browser would: the link, the seat's cookie, the socket, hello and enter.
// The error may be a *meeting.Refusal.
func Dial(ctx context.Context, link string, o DialOptions) (*Socket, error) {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Fragment == "" {
		return nil, errors.New("not a personal link: https://HOST/join#TOKEN")
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Jar: jar, Transport: &http.Transport{Proxy: http.ProxyFromEnvironment,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: o.Insecure}}}
	s := &Socket{page: rand.Text(), http: client, base: u.Scheme + "://" + u.Host, origin: u.Scheme + "://" + u.Host}
	if o.Server != "" {
		s.base = strings.TrimSuffix(o.Server, "/")
	}
	var opened protocol.LinkOpened
	if err := s.post(ctx, "/api/links", protocol.OpenLink{Token: u.Fragment, Take: o.Take}, &opened); err != nil {
		return nil, fmt.Errorf("open link: %w", err)
	}
	s.Seat = opened.Seat
	return s.dial(ctx, !o.Outside)
}

// Again opens a new socket on the same seat, as a browser does whose line was cut, and asks for what was missed.
func (s *Socket) Again(ctx context.Context) (*Socket, error) {
	s.mu.Lock()
	next := &Socket{Seat: s.Seat, page: s.page, http: s.http, base: s.base, origin: s.origin, epoch: s.epoch, seq: s.seq}
	s.mu.Unlock()
	return next.dial(ctx, true)
}

func (s *Socket) post(ctx context.Context, path string, body, answer any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", s.origin)
	got, err := s.http.Do(r)
	if err != nil {
		return err
	}
	defer got.Body.Close()
	if got.StatusCode/100 != 2 {
		var no protocol.Refused
		if json.NewDecoder(got.Body).Decode(&no) == nil && no.Code != "" {
			return &meeting.Refusal{Code: meeting.RefusalCode(no.Code), Args: no.Args}
		}
		return fmt.Errorf("%s: %s", path, got.Status)
	}
	return json.NewDecoder(got.Body).Decode(answer)
}

// dial opens the socket and says hello, and enter if asked to.
func (s *Socket) dial(ctx context.Context, enter bool) (*Socket, error) {
	s.messages, s.asked = make(chan protocol.Message, 256), map[int]chan protocol.Message{}
	ws, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(s.base, "http")+"/api/seats/"+s.Seat+"/socket",
		&websocket.DialOptions{HTTPClient: s.http, HTTPHeader: http.Header{"Origin": {s.origin}}})
	if err != nil {
		return nil, fmt.Errorf("open socket: %w", err)
	}
	s.ws = ws
	ws.SetReadLimit(dialRead)
	err = s.Send(ctx, "hello", protocol.Hello{Version: protocol.Version, Page: s.page, Epoch: s.epoch, Seq: s.seq})
	if err == nil {
		var m protocol.Message
		if m, err = s.until(ctx, func(m protocol.Message) bool { return m.Type == "welcome" }); err == nil {
			err = json.Unmarshal(m.Body, &s.Welcome)
			s.You = s.Welcome.You
		}
	}
	if err == nil && enter {
		s.ids++
		if err = s.write(ctx, "enter", s.ids, protocol.Enter{}); err == nil {
			var m protocol.Message
			if m, err = s.until(ctx, func(m protocol.Message) bool { return m.ID == s.ids }); err == nil {
				err = refusedBy(m)
			}
		}
	}
	if err != nil {
		ws.CloseNow()
		return nil, err
	}
	return s, nil
}

// until reads until the message that is waited for, and keeps the others.
func (s *Socket) until(ctx context.Context, found func(protocol.Message) bool) (protocol.Message, error) {
	for {
		m, err := s.read(ctx)
		switch {
		case err != nil:
			return m, err
		case found(m):
			return m, nil
		case m.Type == "goodbye":
			return m, farewellOf(m)
		}
		s.backlog = append(s.backlog, m)
	}
}

// read brings the next message and notes how far the events have come.
func (s *Socket) read(ctx context.Context) (protocol.Message, error) {
	var m protocol.Message
	_, b, err := s.ws.Read(ctx)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("message of the node: %w", err)
	}
	var at struct {
		Epoch string
		Seq   uint64
		Event struct{ Seq uint64 }
	}
	if m.Type == "welcome" || m.Type == "event" {
		if err := json.Unmarshal(m.Body, &at); err != nil {
			return m, fmt.Errorf("%s of the node: %w", m.Type, err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if m.Type == "welcome" {
			s.epoch, s.seq = at.Epoch, at.Seq
		} else {
			s.seq = at.Event.Seq
		}
	}
	return m, nil
}

// Goodbye is the error of a socket that the node closed with a reason.
type Goodbye struct{ protocol.Goodbye }

func (g *Goodbye) Error() string { return "goodbye: " + g.Code }

func farewellOf(m protocol.Message) error {
	g := &Goodbye{}
	if err := json.Unmarshal(m.Body, &g.Goodbye); err != nil {
		return fmt.Errorf("goodbye: %w", err)
	}
	return g
}

func refusedBy(m protocol.Message) error {
	if m.Type != "refused" {
		return nil
	}
	var no protocol.Refused
	if err := json.Unmarshal(m.Body, &no); err != nil {
		return fmt.Errorf("refused: %w", err)
	}
	return &meeting.Refusal{Code: meeting.RefusalCode(no.Code), Args: no.Args}
}

// Run reads and pings until ctx ends or the node closes; then Messages is closed. A goodbye is a *Goodbye, and no message.
func (s *Socket) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var pings sync.WaitGroup
	pings.Go(func() { s.ping(ctx) })
	err := s.receive(ctx)
	cancel()
	s.ws.CloseNow()
	pings.Wait()
	s.http.CloseIdleConnections()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, answer := range s.asked {
		close(answer)
	}
	s.asked = nil
	close(s.messages)
	return err
}

func (s *Socket) receive(ctx context.Context) error {
	backlog := s.backlog
	for {
		var m protocol.Message
		var err error
		if len(backlog) > 0 {
			m, backlog = backlog[0], backlog[1:]
		} else if m, err = s.read(ctx); err != nil {
			return err
		}
		switch {
		case m.Type == "goodbye":
			return farewellOf(m)
		case m.Type == "pong":
		case m.ID != 0:
			s.mu.Lock()
			if answer, ok := s.asked[m.ID]; ok {
				answer <- m
				delete(s.asked, m.ID)
			}
			s.mu.Unlock()
		default:
			select {
			case s.messages <- m:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
}

func (s *Socket) ping(ctx context.Context) {
	t := time.NewTicker(dialPing)
	defer t.Stop()
	for n := 1; ; n++ {
		select {
		case <-t.C:
			if s.Send(ctx, "ping", protocol.Ping{N: n}) != nil {
				return // receive finds out why
			}
		case <-ctx.Done():
			return
		}
	}
}

// Messages of the node in order, without answers and pongs. Whoever runs a Socket must read them.
func (s *Socket) Messages() <-chan protocol.Message { return s.messages }

// Send sends what needs no answer.
func (s *Socket) Send(ctx context.Context, kind string, body any) error {
	return s.write(ctx, kind, 0, body)
}

func (s *Socket) write(ctx context.Context, kind string, id int, body any) error {
	b, err := json.Marshal(body)
	if err == nil {
		b, err = json.Marshal(protocol.Message{Type: kind, ID: id, Body: b})
	}
	if err != nil {
		return err
	}
	return s.ws.Write(ctx, websocket.MessageText, b)
}

// Ask sends and waits for the answer, whose body goes into answer if that is not nil. The error may be a *meeting.Refusal.
func (s *Socket) Ask(ctx context.Context, kind string, body, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, dialAnswer)
	defer cancel()
	got := make(chan protocol.Message, 1)
	s.mu.Lock()
	if s.asked == nil {
		s.mu.Unlock()
		return errors.New("socket is closed")
	}
	s.ids++
	id := s.ids
	s.asked[id] = got
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.asked, id)
		s.mu.Unlock()
	}()
	if err := s.write(ctx, kind, id, body); err != nil {
		return err
	}
	select {
	case m, ok := <-got:
		if !ok {
			return errors.New("socket closed before the answer")
		}
		if err := refusedBy(m); err != nil || answer == nil {
			return err
		}
		return json.Unmarshal(m.Body, answer)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Do gives a command.
func (s *Socket) Do(ctx context.Context, c meeting.Command) error {
	return s.Ask(ctx, string(c.Type()), c, nil)
}

// Offer brings an offer to the node and its answer back.
func (s *Socket) Offer(ctx context.Context, o protocol.MediaOffer) (sdp string, err error) {
	var a protocol.MediaAnswer
	err = s.Ask(ctx, "media.offer", o, &a)
	return a.SDP, err
}

// Leave says goodbye, so that the others see it at once.
func (s *Socket) Leave(ctx context.Context) error { return s.Ask(ctx, "leave", protocol.Leave{}, nil) }

// Cut drops the socket as a dead line does.
func (s *Socket) Cut() { s.ws.CloseNow() }
