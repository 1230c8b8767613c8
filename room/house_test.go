package room

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	nasrin   = meeting.MemberID("tehran/nasrin") // secretaries
	leyla    = meeting.MemberID("baku/leyla")
	minister = meeting.MemberID("tehran/minister")
	adviser  = meeting.MemberID("tehran/adviser")
	head     = meeting.MemberID("baku/head")
	watcher  = meeting.MemberID("baku/watcher") // observer
)

// ledger is a record in memory that can fail on demand.
type ledger struct {
	mu     sync.Mutex // of the rest
	events map[meeting.ConsultationID][]meeting.Event
	fail   error // answers Append
	keep   bool  // Append stores although it answers fail: the answer was lost
	reads  error // answers Events
}

func (l *ledger) Append(_ context.Context, id meeting.ConsultationID, events []meeting.Event) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail != nil && !l.keep {
		return l.fail
	}
	for _, e := range events {
		if old := l.events[id]; len(old) > 0 && e.Seq <= old[len(old)-1].Seq {
			return fmt.Errorf("seq %d is taken", e.Seq)
		}
		if !e.Lasting() {
			return fmt.Errorf("%s does not last", e.Type)
		}
		l.events[id] = append(l.events[id], e)
	}
	return l.fail
}

func (l *ledger) Events(_ context.Context, id meeting.ConsultationID) ([]meeting.Event, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.events[id]), l.reads
}

func (l *ledger) set(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

// board is a router without packets: it writes down what it is told.
type board struct {
	mu     sync.Mutex // of the rest
	peers  map[media.PeerID]media.Offer
	seats  map[media.PeerID]map[media.SlotID]media.TrackID
	levels map[media.PeerID]uint8
	wishes map[media.PeerID]media.Wish // by peer/slot
	wrong  error                       // answers Answer
}

func (b *board) Answer(id media.PeerID, o media.Offer) (string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.wrong != nil {
		return "", b.wrong
	}
	b.peers[id] = o
	if b.seats[id] == nil {
		b.seats[id] = map[media.SlotID]media.TrackID{}
	}
	return "answer", nil
}

func (b *board) Remove(id media.PeerID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.peers, id)
	delete(b.seats, id)
}

func (b *board) Assign(id media.PeerID, slot media.SlotID, track media.TrackID) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, ok := b.peers[id]; !ok {
		return media.ErrPeer
	}
	for _, s := range b.peers[id].Slots {
		if s == slot {
			if b.seats[id][slot] = track; track == (media.TrackID{}) {
				delete(b.seats[id], slot)
			}
			return nil
		}
	}
	return media.ErrSlot
}

func (b *board) Wish(id media.PeerID, slot media.SlotID, w media.Wish) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wishes[id+"/"+media.PeerID(slot)] = w
}

func (b *board) wish(id media.PeerID, slot media.SlotID) media.Wish {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.wishes[id+"/"+media.PeerID(slot)]
}

func (b *board) Levels(ids []media.PeerID) map[media.PeerID]uint8 {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := map[media.PeerID]uint8{}
	for _, id := range ids {
		if l, ok := b.levels[id]; ok {
			out[id] = l
		}
	}
	return out
}

func (b *board) Lines(ids []media.PeerID) map[media.PeerID]media.Line {
	out := map[media.PeerID]media.Line{}
	for _, id := range ids {
		out[id] = media.Line{RTTms: 20.4, LossUp: 0.03, Transport: "udp"}
	}
	return out
}

func (b *board) peer(id media.PeerID) (media.Offer, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o, ok := b.peers[id]
	return o, ok
}

func (b *board) seated(id media.PeerID) map[media.SlotID]media.TrackID {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := map[media.SlotID]media.TrackID{}
	for s, t := range b.seats[id] {
		out[s] = t
	}
	return out
}

// building is a house under test. Its clock is the bubble's.
type building struct {
	*House
	t      *testing.T
	ledger *ledger
	board  *board
	events chan media.Event
	stop   func()
}

// inHouse runs a test in a bubble with a house that is open.
func inHouse(t *testing.T, f func(t *testing.T, b *building)) { inHouseOf(t, func(*Config) {}, f) }

func inHouseOf(t *testing.T, change func(*Config), f func(t *testing.T, b *building)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{events: map[meeting.ConsultationID][]meeting.Event{}}
		b := reopen(t, l, change)
		defer b.stop()
		f(t, b)
	})
}

// reopen is a new process on the same record.
func reopen(t *testing.T, l *ledger, change func(*Config)) *building {
	b := &building{t: t, ledger: l, events: make(chan media.Event, 16), board: &board{peers: map[media.PeerID]media.Offer{}, wishes: map[media.PeerID]media.Wish{},
		seats: map[media.PeerID]map[media.SlotID]media.TrackID{}, levels: map[media.PeerID]uint8{}}}
	cfg := Defaults()
	cfg.Record, cfg.Media, cfg.MediaEvents, cfg.Logger = l, b.board, b.events, slog.New(slog.DiscardHandler)
	change(&cfg)
	b.House = Open(cfg)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	b.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return b
}

func invited(id meeting.PersonID, r meeting.Role) meeting.Person {
	return meeting.Person{ID: id, Name: string(id), Role: r, Language: "fa"}
}

func called() meeting.CallConsultation {
	return meeting.CallConsultation{Secretary: invited("nasrin", meeting.Secretary), Joint: meeting.Joint{
		Title: meeting.Words{"fa": "راه‌آهن"}, StartsAt: time.Date(2027, 3, 21, 8, 30, 0, 0, time.UTC), Minutes: 90, Languages: []meeting.Language{"fa"},
		Parties: []meeting.Party{{ID: "tehran", Names: meeting.Words{"fa": "تهران"}, Language: "fa", Zone: "Asia/Tehran", Calendar: meeting.SolarHijri},
			{ID: "baku", Names: meeting.Words{"az": "Bakı"}, Language: "az", Zone: "Asia/Baku", Calendar: meeting.Gregorian}}}}
}

// call begins a consultation with its people invited, and all but those in the lobby admitted.
func (b *building) call(id meeting.ConsultationID, lobby ...meeting.MemberID) {
	b.t.Helper()
	if err := b.Call(b.t.Context(), id, nasrin, called()); err != nil {
		b.t.Fatal(err)
	}
	b.do(id, leyla, meeting.TakeUp{Secretary: invited("leyla", meeting.Secretary)})
	b.do(id, nasrin, meeting.InviteMember{Person: invited("minister", meeting.Head)})
	b.do(id, nasrin, meeting.InviteMember{Person: invited("adviser", meeting.Adviser)})
	b.do(id, leyla, meeting.InviteMember{Person: invited("head", meeting.Head)})
	b.do(id, leyla, meeting.InviteMember{Person: invited("watcher", meeting.Observer)})
	for _, m := range []meeting.MemberID{minister, adviser, head, watcher} {
		if !slices.Contains(lobby, m) {
			by := nasrin
			if m.Party() == "baku" {
				by = leyla
			}
			b.do(id, by, meeting.AdmitMembers{Members: []meeting.MemberID{m}})
		}
	}
}

func (b *building) do(id meeting.ConsultationID, by meeting.MemberID, c meeting.Command) {
	b.t.Helper()
	if err := b.Do(b.t.Context(), id, by, c); err != nil {
		b.t.Fatalf("%s by %s: %v", c.Type(), by, err)
	}
}

func (b *building) view(id meeting.ConsultationID, reader meeting.MemberID) *meeting.Meeting {
	b.t.Helper()
	v, err := b.View(b.t.Context(), id, reader)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// guest is a client without a socket.
type guest struct {
	*Conn
	t       *testing.T
	welcome protocol.Welcome
	seated  *protocol.Seats // last sent, not yet asked for
	ids     int
}

func (b *building) connect(id meeting.ConsultationID, member meeting.MemberID, session string) *guest {
	b.t.Helper()
	c, err := b.Connect(b.t.Context(), id, member, session)
	if err != nil {
		b.t.Fatal(err)
	}
	return &guest{Conn: c, t: b.t}
}

// join connects, says hello and enters.
func (b *building) join(id meeting.ConsultationID, member meeting.MemberID) *guest {
	b.t.Helper()
	g := b.connect(id, member, "s-"+string(member))
	g.hello("", 0)
	g.ask("enter", nil)
	return g
}

func (g *guest) send(kind string, id int, body any) {
	g.t.Helper()
	m := protocol.Message{Type: kind, ID: id}
	if body != nil {
		m.Body, _ = json.Marshal(body)
	}
	if err := g.Handle(g.t.Context(), m); err != nil {
		g.t.Fatalf("%s: %v", kind, err)
	}
}

// next is the next message, or one of type "closed", or "nothing" after a minute.
func (g *guest) next() protocol.Message {
	g.t.Helper()
	var m protocol.Message
	select {
	case o, ok := <-g.Out():
		if !ok {
			return protocol.Message{Type: "closed"}
		}
		if err := json.Unmarshal(o.JSON, &m); err != nil {
			g.t.Fatal(err)
		}
		g.note(m)
	case <-time.After(time.Minute):
		return protocol.Message{Type: "nothing"}
	}
	return m
}

func (g *guest) note(m protocol.Message) {
	if m.Type == "seats" {
		g.seated = &protocol.Seats{}
		_ = json.Unmarshal(m.Body, g.seated)
	}
}

// until skips to a message of one of these types.
func (g *guest) until(kinds ...string) protocol.Message {
	g.t.Helper()
	for {
		m := g.next()
		if slices.Contains(kinds, m.Type) {
			return m
		}
		if m.Type == "closed" || m.Type == "nothing" {
			g.t.Fatalf("%s: got %s, want %v", g.Member(), m.Type, kinds)
		}
	}
}

func (g *guest) hello(epoch string, seq uint64) {
	g.t.Helper()
	g.send("hello", 0, protocol.Hello{Version: protocol.Version, Epoch: epoch, Seq: seq})
	g.greeted()
}

func (g *guest) greeted() {
	g.t.Helper()
	g.welcome = protocol.Welcome{}
	if err := json.Unmarshal(g.until("welcome").Body, &g.welcome); err != nil {
		g.t.Fatal(err)
	}
}

// ask sends and returns the code of the refusal, or "" for done and answers.
func (g *guest) ask(kind string, body any) string {
	g.t.Helper()
	g.ids++
	g.send(kind, g.ids, body)
	m := g.until("done", "refused", "media.answer")
	if m.ID != g.ids {
		g.t.Fatalf("%s: got an answer to %d, want %d", kind, m.ID, g.ids)
	}
	var no protocol.Refused
	_ = json.Unmarshal(m.Body, &no)
	return no.Code
}

func (g *guest) do(c meeting.Command) string {
	g.t.Helper()
	return g.ask(string(c.Type()), c)
}

// quiet reads what is there now and names the types; events by their own type. Lines and speakers come by themselves and are left out.
func (g *guest) quiet() []string {
	g.t.Helper()
	synctest.Wait()
	got := []string{}
	for {
		select {
		case o, ok := <-g.Out():
			if !ok {
				return append(got, "closed")
			}
			var m protocol.Message
			if err := json.Unmarshal(o.JSON, &m); err != nil {
				g.t.Fatal(err)
			}
			g.note(m)
			var e struct{ Event struct{ Type string } }
			if m.Type == "event" {
				_ = json.Unmarshal(m.Body, &e)
				got = append(got, e.Event.Type)
			} else if m.Type != "lines" && m.Type != "speakers" {
				got = append(got, m.Type)
			}
		default:
			return got
		}
	}
}

// goodbye is the code with which the room ended the connection.
func (g *guest) goodbye() string {
	g.t.Helper()
	var b protocol.Goodbye
	_ = json.Unmarshal(g.until("goodbye").Body, &b)
	if m := g.next(); m.Type != "closed" {
		g.t.Fatalf("got %s after goodbye", m.Type)
	}
	if b.After != nil {
		return fmt.Sprintf("%s after %g", b.Code, *b.After)
	}
	return b.Code
}

func want(t *testing.T, got []string, names string) {
	t.Helper()
	if g := strings.Join(got, " "); g != names {
		t.Errorf("got %q, want %q", g, names)
	}
}
