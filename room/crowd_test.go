package room

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"testing"
	"time"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

// crowd is a room of n people at the table, as browsers offer: everybody's microphone is on, four cameras are, and each
// screen shows six places a side. Nobody's goroutine runs: the test is the owner.
type crowd struct {
	*room
	board *board
	ids   []meeting.MemberID
	conns []*Conn
	now   time.Time
}

func newCrowd(tb testing.TB, n int) *crowd {
	tb.Helper()
	b := &board{peers: map[media.PeerID]media.Offer{}, wishes: map[media.PeerID]media.Wish{}, seats: map[media.PeerID]map[media.SlotID]media.TrackID{}, levels: map[media.PeerID]uint8{}}
	cfg := Defaults()
	cfg.Record, cfg.Media, cfg.Logger = &ledger{events: map[meeting.ConsultationID][]meeting.Event{}}, b, slog.New(slog.DiscardHandler)
	c := &crowd{room: newRoom(Open(cfg), "c1"), board: b, now: time.Now()}
	if err := c.load(context.Background()); err != nil {
		tb.Fatal(err)
	}
	do := func(by meeting.MemberID, cmd meeting.Command) {
		if err := c.act(by, cmd); err != nil {
			tb.Fatalf("%s: %v", cmd.Type(), err)
		}
	}
	do(nasrin, called())
	do(leyla, meeting.TakeUp{Secretary: invited("leyla", meeting.Secretary)})
	for i := range n {
		party, by := meeting.PartyID("tehran"), nasrin
		if i%2 == 1 {
			party, by = "baku", leyla
		}
		role := meeting.Delegate
		if i < 2 {
			role = meeting.Head
		}
		id := meeting.PersonID(fmt.Sprintf("p%03d", i))
		do(by, meeting.InviteMember{Person: invited(id, role)})
		do(by, meeting.AdmitMembers{Members: []meeting.MemberID{party.Member(id)}})
		c.ids = append(c.ids, party.Member(id))
	}
	for i, id := range c.ids {
		conn := c.connect(id, "s-"+string(id))
		c.greet(conn, 0, protocol.Hello{Version: protocol.Version})
		c.enter(conn, 1)
		c.negotiate(conn, 2, poolOf(12, 8))
		do(id, meeting.SetMicrophone{On: true})
		if i < 4 {
			do(id, meeting.SetCamera{On: true})
		}
		c.conns = append(c.conns, conn)
		c.drain()
	}
	tiles := []protocol.Tile{}
	for _, id := range c.ids[:min(n, 12)] {
		tiles = append(tiles, protocol.Tile{Member: id, Source: protocol.Camera, Width: 320, Height: 180})
	}
	for _, conn := range c.conns {
		c.lookAt(conn, protocol.Layout{Tiles: tiles})
	}
	c.step(nil)
	c.drain()
	return c
}

// poolOf is the offer of a browser with so many pairs and sounds.
func poolOf(pairs, sounds int) media.Offer {
	o := media.Offer{SDP: "offer", Sources: map[string]media.Source{"0": "microphone", "1": "camera", "2": "screen", "3": "screen-sound"}, Slots: map[string]media.SlotID{}}
	for i := range pairs {
		o.Slots[fmt.Sprint("v", i)], o.Slots[fmt.Sprint("a", i)] = media.SlotID(fmt.Sprint("v", i)), media.SlotID(fmt.Sprint("a", i))
	}
	for i := range sounds {
		o.Slots[fmt.Sprint("x", i)] = media.SlotID(fmt.Sprint("x", i))
	}
	return o
}

// drain reads what everybody was sent and gives the bytes.
func (c *crowd) drain() (n int) {
	for _, conn := range c.conns {
		for len(conn.out) > 0 {
			n += len((<-conn.out).JSON)
		}
	}
	return n
}

// step lets exactly these people speak from now on, and lets the room notice.
func (c *crowd) step(speakers []int) {
	clear(c.board.levels)
	for _, i := range speakers {
		c.board.levels[c.peerOf(c.ids[i])] = 20
	}
	c.now = c.now.Add(tick)
	c.listenLong(c.now)
	if c.dirty || c.look {
		c.reseat()
	}
}

// sent counts the messages of a type that each was sent, and gives the largest.
func (c *crowd) sent(kind string) (messages, largest int) {
	for _, conn := range c.conns {
		for len(conn.out) > 0 {
			var m protocol.Message
			b := (<-conn.out).JSON
			if json.Unmarshal(b, &m) == nil && m.Type == kind {
				messages, largest = messages+1, max(largest, len(b))
			}
		}
	}
	return messages, largest
}

// hears says whether everybody else has a seat for one's voice.
func (c *crowd) hears(n int) bool {
	want := media.TrackID{Peer: c.peerOf(c.ids[n]), Source: "microphone"}
	for _, id := range c.ids {
		if id != c.ids[n] && !slices.Contains(slices.Collect(maps.Values(c.board.seated(c.peerOf(id)))), want) {
			return false
		}
	}
	return true
}

func TestWhoBeginsToSpeakIsHeardWithinOneEar(t *testing.T) {
	c := newCrowd(t, 100)
	speak := func(n int) int {
		clear(c.board.levels)
		c.board.levels[c.peerOf(c.ids[n])] = 20
		c.now = c.now.Add(ear)
		c.listen(c.now)
		if c.look {
			c.reseat()
		}
		seats, _ := c.sent("seats")
		return seats
	}
	if got := speak(0); got != 0 || !c.hears(0) {
		t.Errorf("a head whom all see and hear: got %d new seats, want none", got)
	}
	if c.hears(90) {
		t.Fatal("everybody has a seat for one who was never heard")
	}
	if got := speak(90); got != 99 || !c.hears(90) {
		t.Errorf("one of many who were silent: got %d new seats, want 99", got)
	}
	for range 2 * time.Second / tick {
		c.step(nil)
	}
	c.drain()
	if got := speak(90); got != 0 || !c.hears(90) {
		t.Errorf("again after a pause: got %d new seats, want none", got)
	}
	for n := 91; n < 99; n++ {
		speak(n)
	}
	for n := 91; n < 99; n++ {
		if !c.hears(n) {
			t.Errorf("the last eight who spoke: %d has lost a seat", n)
		}
	}
	for _, id := range c.ids {
		if got := len(c.board.seated(c.peerOf(id))); got > 4+4+quietSounds+9 {
			t.Errorf("%s has %d seats", id, got)
		}
	}
}

func TestMoreAtOnceThanAnyoneTellsApart(t *testing.T) {
	c := newCrowd(t, 60)
	all := make([]int, 40)
	for i := range all {
		all[i] = i
	}
	c.step(all)
	if n, most := c.sent("speakers"); n != 60 || most > 200 {
		t.Errorf("got %d messages of up to %d bytes, want 60 that name %d", n, most, named)
	}
	for _, id := range c.ids {
		if got := len(c.board.seated(c.peerOf(id))); got < 20 || got > 24 {
			t.Errorf("%s has %d seats, want all sounds and the pictures on the screen", id, got)
		}
	}
	c.lines()
	if n, most := c.sent("lines"); n != 60 || most > linesMost*120 {
		t.Errorf("got %d messages of up to %d bytes about lines, want 60 bounded ones", n, most)
	}
}

// each runs a change in rooms of different sizes, and gives its cost for each member.
func each(b *testing.B, change func(c *crowd, i int)) {
	for _, n := range []int{10, 50, 100, 200} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			c := newCrowd(b, n)
			bytes := 0
			b.ResetTimer()
			for i := range b.N {
				change(c, i)
				bytes += c.drain()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/member")
			b.ReportMetric(float64(bytes)/float64(b.N)/float64(n), "B/member")
		})
	}
}

// BenchmarkSpeech is a change of speakers among three of ten who take turns; all others are silent.
func BenchmarkSpeech(b *testing.B) {
	each(b, func(c *crowd, i int) { c.step([]int{i * 5 % 10, (i*5 + 3) % 10, (i*5 + 6) % 10}) })
}

// BenchmarkNewVoice is a change in which one speaks who was not heard for long: they have no seat with many.
func BenchmarkNewVoice(b *testing.B) {
	each(b, func(c *crowd, i int) { c.step([]int{0, 1, 2 + i%(len(c.ids)-2)}) })
}

// BenchmarkEvent is everybody's seats after an event.
func BenchmarkEvent(b *testing.B) {
	each(b, func(c *crowd, _ int) {
		c.dirty = true
		c.reseat()
	})
}

// BenchmarkLines is everybody's news of lines.
func BenchmarkLines(b *testing.B) {
	each(b, func(c *crowd, _ int) { c.lines() })
}
