package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"astara/meeting"
	"astara/protocol"
	"astara/room"
	"astara/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// table is a consultation of two sides with an invited head each.
type table struct {
	*node
	at     string
	id     meeting.ConsultationID
	ir, az *browser
	one    meeting.MemberID // head of ir
	two    meeting.MemberID // head of az
}

func newTable(t *testing.T) *table {
	t.Helper()
	return tableOf(newNode(t), t)
}

func tableOf(n *node, t *testing.T) *table {
	t.Helper()
	x := &table{node: n, ir: n.secretary(t, "ir"), az: n.secretary(t, "az")}
	x.at = x.ir.call()
	x.id = meeting.ConsultationID(x.at[strings.LastIndex(x.at, "/")+1:])
	x.one, x.two = x.ir.invite(x.at, "One", meeting.Head), x.az.invite(x.at, "Two", meeting.Head)
	return x
}

func (x *table) link(b *browser, m meeting.MemberID) string {
	return x.url + "/join#" + b.issue(x.at, m)
}

func (x *table) admit() {
	x.ir.command(x.at, meeting.AdmitMembers{Members: []meeting.MemberID{x.one}})
	x.az.command(x.at, meeting.AdmitMembers{Members: []meeting.MemberID{x.two}})
}

// guest is the other end of a socket, running.
type guest struct {
	*server.Socket
	t     *testing.T
	ended chan error // what Run returned
}

func run(t *testing.T, s *server.Socket) *guest {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	g := &guest{s, t, make(chan error, 1)}
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		g.ended <- s.Run(ctx)
	}()
	t.Cleanup(func() { stop(); <-finished })
	return g
}

func (x *table) guest(t *testing.T, link string) *guest {
	t.Helper()
	s, err := server.Dial(t.Context(), link, server.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return run(t, s)
}

// until skips to a message of this type, or to an event of it.
func (g *guest) until(kind string) protocol.Message {
	g.t.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case m, ok := <-g.Messages():
			if !ok {
				g.t.Fatalf("%s: the socket ended before %s: %v", g.You, kind, <-g.ended)
			}
			var e struct{ Event struct{ Type string } }
			_ = json.Unmarshal(m.Body, &e)
			if m.Type == kind || m.Type == "event" && e.Event.Type == kind {
				return m
			}
		case <-late:
			g.t.Fatalf("%s: no %s", g.You, kind)
		}
	}
}

// goodbye is the code with which the node ended the socket.
func (g *guest) goodbye() string {
	g.t.Helper()
	for range g.Messages() {
	}
	err := <-g.ended
	var bye *server.Goodbye
	if !errors.As(err, &bye) {
		g.t.Fatalf("got %v, want a goodbye", err)
	}
	return bye.Code
}

func (g *guest) do(c meeting.Command) {
	g.t.Helper()
	if err := g.Do(g.t.Context(), c); err != nil {
		g.t.Fatalf("%s: %v", c.Type(), err)
	}
}

func TestTwoSidesMeetOverSockets(t *testing.T) {
	x := newTable(t)
	one, two := x.guest(t, x.link(x.ir, x.one)), x.guest(t, x.link(x.az, x.two))
	if one.You != x.one || one.Welcome.Snapshot == nil || len(one.Welcome.Snapshot.Members) != 1 {
		t.Errorf("got %+v, want oneself in the lobby", one.Welcome)
	}
	var no *meeting.Refusal
	if err := one.Do(t.Context(), meeting.AskFloor{}); !errors.As(err, &no) || no.Code != meeting.NotAdmitted {
		t.Errorf("got %v, want not-admitted", err)
	}
	x.admit()
	one.until("welcome")
	two.until("welcome")
	one.do(meeting.SayChat{To: meeting.All, Text: "سلام"})
	two.until("chat.said")
	one.do(meeting.SayChat{To: meeting.ToMember(x.two), Text: "to you"})
	two.until("chat.said")
	if err := one.Leave(t.Context()); err != nil {
		t.Error(err)
	}
	two.until("member.left")
	if err := <-one.ended; err == nil || errors.As(err, new(*server.Goodbye)) {
		t.Errorf("got %v, want the end of the socket without a goodbye", err)
	}
}

func TestASocketThatWasCutComesBack(t *testing.T) {
	x := newTable(t)
	x.admit()
	one, two := x.guest(t, x.link(x.ir, x.one)), x.guest(t, x.link(x.az, x.two))
	one.do(meeting.AskFloor{})
	two.until("floor.asked")
	one.Cut()
	<-one.ended
	two.do(meeting.SayChat{To: meeting.All, Text: "meanwhile"})
	again, err := one.Again(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w := again.Welcome
	if w.Snapshot != nil || len(w.Missed) == 0 || w.Missed[len(w.Missed)-1].Type != "chat.said" {
		t.Errorf("got %+v, want what was missed", w)
	}
	g := run(t, again)
	g.do(meeting.WithdrawFloor{})
	two.until("floor.withdrawn") // and no member.left before: until would have to skip it
	if v, err := x.house.View(t.Context(), x.id, x.two); err != nil || !v.Members[x.one].Present {
		t.Errorf("got %v, %v, want them present", v, err)
	}
}

func TestTheDeskEndsSockets(t *testing.T) {
	for code, do := range map[string]func(x *table){
		protocol.LinkRevoked:   func(x *table) { x.ir.must("DELETE", linkOf(x.at, x.one), nil, nil) },
		protocol.MemberRemoved: func(x *table) { x.ir.command(x.at, meeting.RemoveMember{Member: x.one}) },
		"cancelled":            func(x *table) { x.az.command(x.at, meeting.CancelConsultation{}) },
		"link-revoked ":        func(x *table) { _ = x.auth.RevokeLink(context.Background(), x.id, x.one) }, // by the operator, in another process
	} {
		t.Run(code, func(t *testing.T) {
			x := newTable(t)
			x.admit()
			g := x.guest(t, x.link(x.ir, x.one))
			do(x)
			if got := g.goodbye(); got != strings.TrimSpace(code) {
				t.Errorf("got %s, want %s", got, code)
			}
		})
	}
}

// raw is a socket of which the test writes every byte.
func (x *table) raw(t *testing.T) *websocket.Conn {
	t.Helper()
	return x.rawOf(t, x.browser(t))
}

func (x *table) rawOf(t *testing.T, b *browser) *websocket.Conn {
	t.Helper()
	seat := b.openLink(x.ir.issue(x.at, x.one), false)
	ws, _, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(x.url, "http")+seat+"/socket", &websocket.DialOptions{HTTPClient: b.http, HTTPHeader: http.Header{"Origin": {x.url}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.CloseNow() })
	ws.SetReadLimit(-1)
	return ws
}

func read(t *testing.T, ws *websocket.Conn) protocol.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, b, err := ws.Read(ctx)
	var closed websocket.CloseError
	if errors.As(err, &closed) {
		return protocol.Message{Type: "closed", Body: json.RawMessage(closed.Reason)}
	}
	if err != nil {
		t.Fatal(err)
	}
	var m protocol.Message
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func write(t *testing.T, ws *websocket.Conn, text string) {
	t.Helper()
	if err := ws.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

func code(m protocol.Message) string {
	var no protocol.Refused
	_ = json.Unmarshal(m.Body, &no)
	return no.Code
}

func TestMessagesWithoutSense(t *testing.T) {
	x := newTable(t)
	x.admit()
	other := x.guest(t, x.link(x.az, x.two))
	ws := x.raw(t)
	write(t, ws, `{"type":"ping","id":3,"body":{"n":7}}`)
	if m := read(t, ws); m.Type != "pong" || m.ID != 3 || !strings.HasPrefix(string(m.Body), `{"n":7,"now":"2`) {
		t.Errorf("got %+v, want a pong", m)
	}
	write(t, ws, `{"type":"enter","id":1}`)
	if m := read(t, ws); m.Type != "refused" || m.ID != 1 || code(m) != protocol.BadRequest {
		t.Errorf("before hello: got %+v", m)
	}
	for i, c := range []struct{ text, code string }{
		{`{`, protocol.BadRequest}, {``, protocol.BadRequest}, {`[]`, protocol.BadRequest}, {`{"type":1}`, protocol.BadRequest}, {`{"type":"hello","body":[]}`, protocol.BadRequest},
		{`{"type":"ping","body":"x"}`, protocol.BadRequest}, {`{"type":"hand.grow"}`, "command-unknown"}, {`{"type":"consultation.cancel"}`, "command-unknown"}, {`{}`, "command-unknown"},
		{`{"type":"microphone.set","body":{"on":1}}`, "command-unknown"}, {`{"type":"media.offer","body":{"slots":[]}}`, protocol.BadRequest}, {strings.Repeat(`{"a":`, 10_000), protocol.BadRequest},
	} {
		write(t, ws, c.text)
		if m := read(t, ws); m.Type != "refused" || code(m) != c.code {
			t.Errorf("%d: got %+v %s, want %s", i, m, m.Body, c.code)
		}
	}
	if err := ws.Write(t.Context(), websocket.MessageBinary, []byte{0, 1, 2}); err != nil {
		t.Fatal(err)
	}
	if m := read(t, ws); code(m) != protocol.BadRequest {
		t.Errorf("binary: got %+v", m)
	}
	write(t, ws, `{"type":"hello","body":{"version":1}}`)
	if m := read(t, ws); m.Type != "welcome" {
		t.Errorf("got %+v, want welcome", m)
	}
	for i := 13; i <= 20; i++ {
		write(t, ws, `{"type":"?"}`)
	}
	last := protocol.Message{}
	for m := read(t, ws); m.Type != "closed"; m = read(t, ws) {
		last = m
	}
	if last.Type != "goodbye" || code(last) != protocol.BadRequest {
		t.Errorf("got %+v, want goodbye bad-request", last)
	}
	other.do(meeting.AskFloor{})
	if out := x.log.String(); !strings.Contains(out, "msg=refused code=bad-request route=socket") {
		t.Error("nothing of it in the log")
	}
}

func TestMessagesThatAreTooLarge(t *testing.T) {
	x := newTable(t)
	ws := x.raw(t)
	write(t, ws, `{"type":"x","id":1,"body":"`+strings.Repeat("a", protocol.MaxMessage-29)+`"}`)
	if m := read(t, ws); m.Type != "refused" {
		t.Errorf("%d bytes: got %+v, want refused", protocol.MaxMessage, m)
	}
	write(t, ws, strings.Repeat("a", protocol.MaxMessage+1))
	if m := read(t, ws); m.Type != "goodbye" || code(m) != protocol.TooLarge {
		t.Errorf("got %+v, want goodbye too-large", m)
	}
	if m := read(t, ws); m.Type != "closed" || string(m.Body) != protocol.TooLarge {
		t.Errorf("got %+v, want closed", m)
	}
}

func TestTooManyMessages(t *testing.T) {
	x := newTable(t)
	ws := x.raw(t)
	go func() {
		for i := range 1000 {
			if ws.Write(t.Context(), websocket.MessageText, fmt.Appendf(nil, `{"type":"ping","body":{"n":%d}}`, i)) != nil {
				return
			}
		}
	}()
	pongs := 0
	for {
		m := read(t, ws)
		if m.Type == "pong" {
			pongs++
			continue
		}
		var g protocol.Goodbye
		if json.Unmarshal(m.Body, &g) != nil || g.Code != protocol.TooMany || g.After == nil || *g.After != 5 {
			t.Errorf("got %+v %s, want goodbye too-many after 5", m, m.Body)
		}
		break
	}
	if pongs == 0 || pongs > 400 {
		t.Errorf("got %d pongs", pongs)
	}
}

func TestSocketsThatAreRefused(t *testing.T) {
	x := newTable(t)
	b := x.browser(t)
	seat := b.openLink(x.ir.issue(x.at, x.one), false)
	for _, c := range []struct {
		what, seat, origin string
		client             *http.Client
		status             int
	}{
		{"another site", seat, "https://example.org", b.http, 403},
		{"no cookie", seat, x.url, x.browser(t).http, 401},
		{"no such seat", "/api/seats/nobody", x.url, b.http, 401},
	} {
		ws, a, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(x.url, "http")+c.seat+"/socket", &websocket.DialOptions{HTTPClient: c.client, HTTPHeader: http.Header{"Origin": {c.origin}}})
		if err == nil {
			ws.CloseNow()
			t.Errorf("%s: was let in", c.what)
		} else if a == nil || a.StatusCode != c.status {
			t.Errorf("%s: got %v, want %d", c.what, a, c.status)
		}
	}
	if _, err := server.Dial(t.Context(), x.url+"/join#forged", server.DialOptions{}); !errors.As(err, new(*meeting.Refusal)) {
		t.Errorf("got %v, want a refusal", err)
	}
	if _, err := server.Dial(t.Context(), x.url+"/join", server.DialOptions{}); err == nil {
		t.Error("dialled without a token")
	}
}

// A client that stops reading is sent away, and nobody waits for it.
func TestAClientThatDoesNotRead(t *testing.T) {
	x := tableOf(newNodeOf(t, "", func(c *room.Config) { c.Outbox = 16 }), t)
	x.admit()
	b := x.browser(t)
	b.http.Transport.(*http.Transport).DialContext = (&net.Dialer{Control: func(_, _ string, c syscall.RawConn) error { // a small window fills soon
		return c.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096) })
	}}).DialContext
	ws := x.rawOf(t, b)
	write(t, ws, `{"type":"hello","body":{"version":1}}`)
	write(t, ws, `{"type":"enter","id":1}`)
	for read(t, ws).Type != "done" {
	}
	other := x.guest(t, x.link(x.az, x.two))
	done := make(chan struct{})
	go func() { // its own pings go on
		defer close(done)
		for range other.Messages() {
		}
	}()
	text := strings.Repeat("\U0001f600", meeting.MaxText) // four bytes each, so that the line is soon full
	began := time.Now()
	for i := 0; x.house.Figures().Sockets == 2; i++ {
		if i == 5000 {
			t.Fatal("the socket is still open")
		}
		if err := x.house.Do(t.Context(), x.id, x.two, meeting.SayChat{To: meeting.All, Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	if time.Since(began) < 5*time.Second { // after that the writer gives up, and there is no goodbye
		last := protocol.Message{}
		for m := read(t, ws); m.Type != "closed"; m = read(t, ws) {
			last = m
		}
		if last.Type != "goodbye" || code(last) != protocol.TooSlow {
			t.Errorf("got %s, want goodbye too-slow", last.Type)
		}
	}
	other.do(meeting.AskFloor{})
	other.Cut()
	<-done
}

func TestTheNodeEnds(t *testing.T) {
	x := newTable(t)
	g := x.guest(t, x.link(x.ir, x.one))
	x.end()
	if got := g.goodbye(); got != protocol.Restarting {
		t.Errorf("got %s, want restarting", got)
	}
	if _, err := g.Again(t.Context()); err == nil {
		t.Error("came back to a house that has ended")
	} else if bye := new(server.Goodbye); !errors.As(err, &bye) || bye.Code != protocol.Restarting || bye.After == nil {
		t.Errorf("got %v, want restarting", err)
	}
	if _, err := x.house.View(t.Context(), x.id, x.one); !errors.Is(err, room.ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
}
