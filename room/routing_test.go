package room

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

// offer sends everything and has two pairs and a sound.
func offer() protocol.MediaOffer {
	return protocol.MediaOffer{SDP: "offer", Sources: map[string]protocol.Source{"0": protocol.Microphone, "1": protocol.Camera, "2": protocol.Screen, "3": protocol.ScreenSound},
		Slots: map[string]string{"4": "v0", "5": "a0", "6": "v1", "7": "a1", "8": "x0"}}
}

// sits joins, offers, and puts microphone and camera on unless observing.
func (b *building) sits(member meeting.MemberID) *guest {
	b.t.Helper()
	g := b.join("c1", member)
	if code := g.ask("media.offer", offer()); code != "" {
		b.t.Fatalf("offer of %s: %s", member, code)
	}
	if member != watcher {
		g.do(meeting.SetMicrophone{On: true})
		g.do(meeting.SetCamera{On: true})
	}
	return g
}

// seats are those that were last sent since one asked before.
func (g *guest) seats() string {
	g.t.Helper()
	g.quiet()
	if g.seated == nil {
		return "none sent"
	}
	seats := map[media.SlotID]track{}
	for _, x := range g.seated.Seats {
		seats[media.SlotID(x.Slot)] = track{x.Member, x.Source}
	}
	g.seated = nil
	return written(seats)
}

func (b *building) sources(member meeting.MemberID) int {
	o, ok := b.board.peer(media.PeerID("c1/" + member))
	if !ok {
		return -1
	}
	return len(o.Sources)
}

func TestPeopleAreSeatedWithEachOther(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h := b.sits(head)
		m := b.sits(minister)
		if got, want := h.seats(), "a0=minister.m v0=minister.c"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got, want := m.seats(), "a0=head.m v0=head.c"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := b.board.seated("c1/tehran/minister"); got["v0"] != (media.TrackID{Peer: "c1/baku/head", Source: "camera"}) || len(got) != 2 {
			t.Errorf("got %v in the router", got)
		}
		h.do(meeting.SetMicrophone{On: false})
		if got := m.seats(); got != "none sent" {
			t.Errorf("microphone off changed the seats: %q", got)
		}
		h.do(meeting.SetCamera{On: false})
		if got, want := m.seats(), "a0=head.m"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		h.do(meeting.SetScreen{On: true})
		if got, want := m.seats(), "a0=head.m a1=head.S v1=head.s"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		w := b.sits(watcher)
		if got := w.seats(); got == "none sent" {
			t.Error("an observer sees nobody")
		}
		h.ask("leave", nil)
		if got, want := m.seats(), ""; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if b.sources(head) != -1 || len(b.board.seated("c1/tehran/minister")) != 0 {
			t.Error("the router keeps who left")
		}
	})
}

func TestWhoMaySend(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1", adviser)
		if code := b.connectGreeted(adviser).ask("media.offer", offer()); code != string(meeting.NotAdmitted) {
			t.Errorf("outside: got %q, want not-admitted", code)
		}
		if code := b.join("c1", adviser).ask("media.offer", offer()); code != string(meeting.NotAdmitted) {
			t.Errorf("in the lobby: got %q, want not-admitted", code)
		}
		if code := b.connectGreeted(head).ask("media.offer", offer()); code != string(meeting.NotAdmitted) {
			t.Errorf("admitted, not entered: got %q, want not-admitted", code)
		}
		b.sits(watcher)
		if got := b.sources(watcher); got != 0 {
			t.Errorf("got %d sources of an observer, want none", got)
		}
		h, m := b.sits(head), b.sits(minister)
		if got := b.sources(head); got != 4 {
			t.Errorf("got %d sources, want 4", got)
		}
		m.seats()
		b.do("c1", leyla, meeting.ChangeMember{Person: invited("head", meeting.Observer)})
		if got := b.sources(head); got != 0 {
			t.Errorf("got %d sources of one who became an observer, want none", got)
		}
		if got := m.seats(); got != "" {
			t.Errorf("got %q, want nobody", got)
		}
		if got := len(b.board.seated("c1/baku/head")); got != 2 {
			t.Errorf("an observer sees %d tracks, want 2", got)
		}
		b.do("c1", leyla, meeting.ChangeMember{Person: invited("head", meeting.Head)})
		if got := b.sources(head); got != 4 {
			t.Errorf("got %d sources of one who is a head again, want 4", got)
		}
		h.quiet()
		b.do("c1", leyla, meeting.RemoveMember{Member: head})
		if got := b.sources(head); got != -1 {
			t.Error("the router keeps who was removed")
		}
		if got := h.goodbye(); got != protocol.MemberRemoved {
			t.Errorf("got %q", got)
		}
	})
}

func (b *building) connectGreeted(m meeting.MemberID) *guest {
	g := b.connect("c1", m, "s-"+string(m))
	g.hello("", 0)
	return g
}

func TestOffersThatAreWrong(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h := b.join("c1", head)
		b.board.wrong = &media.OfferError{Code: "syntax"}
		if code := h.ask("media.offer", offer()); code != protocol.OfferWrong {
			t.Errorf("got %q, want offer-wrong", code)
		}
		if code := h.ask("probe.offer", offer()); code != protocol.OfferWrong || b.Figures().Probes != 0 {
			t.Errorf("got %q and %d probes, want offer-wrong and none", code, b.Figures().Probes)
		}
		b.board.wrong = errors.New("the router has ended")
		if code := h.ask("media.offer", offer()); code != protocol.Internal {
			t.Errorf("got %q, want internal", code)
		}
		b.board.wrong = nil
		codes := map[string]int{}
		for range 30 {
			codes[h.ask("media.offer", offer())]++
		}
		if codes[""] != offersEach-3 || codes[protocol.TooMany] != 30-codes[""] {
			t.Errorf("got %v, want %d answers", codes, offersEach-3)
		}
		time.Sleep(offersTime + time.Second) // the bubble's clock (testing/synctest): no time passes
		if code := h.ask("media.offer", offer()); code != "" {
			t.Errorf("got %q after the pause", code)
		}
	})
}

func TestMediaOutlivesACutSocket(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h, m := b.sits(head), b.sits(minister)
		m.seats()
		h.Close()
		time.Sleep(4 * time.Second) // the bubble's clock
		if got := m.seats(); got != "none sent" || b.sources(head) != 4 {
			t.Errorf("got seats %q and %d sources", got, b.sources(head))
		}
		h = b.join("c1", head)
		if got, want := h.seats(), "a0=minister.m v0=minister.c"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		b.events <- media.Event{Kind: media.PeerLost, Peer: "c1/baku/head"} // news of an older peer
		h.quiet()
		h.do(meeting.SetCamera{On: false})
		h.do(meeting.SetCamera{On: true})
		m.seats()
		b.board.Remove("c1/baku/head")
		b.events <- media.Event{Kind: media.PeerLost, Peer: "c1/baku/head"} // the client offers again
		h.quiet()
		h.ask("media.offer", offer())
		if got, want := h.seats(), "a0=minister.m v0=minister.c"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := m.seats(); got != "none sent" {
			t.Errorf("the others' seats changed: %q", got)
		}
		h.Close()
		time.Sleep(7 * time.Second) // the bubble's clock
		if got := m.seats(); got != "" || b.sources(head) != -1 {
			t.Errorf("after the grace: got seats %q and %d sources", got, b.sources(head))
		}
	})
}

func TestAnotherBrowserEndsTheMediaOfTheFirst(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		b.sits(head)
		g := b.connect("c1", head, "another session")
		synctest.Wait()
		if got := b.sources(head); got == -1 {
			t.Error("a socket that has not said hello ends the first browser's media")
		}
		g.hello("", 0)
		if got := b.sources(head); got != -1 {
			t.Error("the first browser's media goes on")
		}
	})
}

func TestTheScreenDecidesWhoIsSent(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h := b.sits(head)
		b.sits(minister)
		b.sits(adviser)
		b.sits(nasrin)
		h.do(meeting.GrantFloor{Member: adviser})
		h.seats()
		h.send("layout", 0, protocol.Layout{Tiles: []protocol.Tile{{Member: nasrin, Source: protocol.Camera, Pinned: true}, {Member: adviser, Source: protocol.Camera}}})
		got := h.seats()
		if want := "a0=minister.m a1=nasrin.m v0=minister.c v1=nasrin.c x0=adviser.m"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		// The layout holds over a cut.
		h.Close()
		if again := b.join("c1", head).seats(); again != got {
			t.Errorf("got %q, want %q", again, got)
		}
	})
}

func TestOnAModeratedFloorOnlyWhoHasItIsSent(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h := b.sits(head)
		m := b.sits(minister)
		w := b.sits(watcher)
		w.seats()
		h.do(meeting.SetFloor{Mode: meeting.FloorModerated})
		if got, want := w.seats(), "v0=head.c v1=minister.c"; got != want {
			t.Errorf("nobody has the floor: got %q, want %q", got, want)
		}
		h.do(meeting.GrantFloor{Member: minister})
		if got, want := w.seats(), "a1=minister.m v0=head.c v1=minister.c"; got != want {
			t.Errorf("the minister has it: got %q, want %q", got, want)
		}
		if code := m.do(meeting.SetScreen{On: true}); code != "" {
			t.Fatal(code)
		}
		w.seats()
		h.do(meeting.GrantFloor{Member: head, Turn: 1})
		if got := w.seats(); !strings.Contains(got, "head.m") || strings.Contains(got, "minister.m") || strings.Contains(got, "minister.S") {
			t.Errorf("the head has it: got %q", got)
		}
		if got := b.board.seated("c1/baku/head"); len(got) == 0 || got["a0"] != (media.TrackID{}) {
			t.Errorf("the minister is still sent to the head: %v", got)
		}
		// Coming back changes neither the floor nor who is heard.
		m.Close()
		m = b.join("c1", minister)
		m.do(meeting.SetMicrophone{On: true})
		if got := w.seats(); strings.Contains(got, "minister.m") {
			t.Errorf("coming back opened a microphone: %q", got)
		}
		if code := m.do(meeting.SetFloor{Mode: meeting.FloorOpen}); code != "" {
			t.Errorf("the other chair: %s", code)
		}
		if code := w.do(meeting.SetFloor{Mode: meeting.FloorModerated}); code != string(meeting.NotChair) {
			t.Errorf("got %q, want not-chair", code)
		}
	})
}

func TestTilesSayHowLargeAPictureIs(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h := b.sits(head)
		b.sits(minister)
		b.sits(adviser)
		b.sits(nasrin)
		h.seats()
		tiles := []protocol.Tile{{Member: nasrin, Source: protocol.Camera, Width: 300, Height: 200, Pinned: true}, {Member: minister, Source: protocol.Camera, Width: 640, Height: 360}}
		check := func(what string, layout protocol.Layout, want map[media.SlotID]media.Wish) {
			t.Helper()
			h.send("layout", 0, layout)
			synctest.Wait()
			for s, w := range want {
				if got := b.board.wish("c1/"+media.PeerID(head), s); got != w {
					t.Errorf("%s: %s got %+v, want %+v", what, s, got, w)
				}
			}
		}
		// v0 the other head, v1 whoever was seated second, and so on: the seats are another test's.
		check("nothing said", protocol.Layout{}, map[media.SlotID]media.Wish{"v0": {Priority: headFirst}})
		check("tiles", protocol.Layout{Tiles: tiles}, map[media.SlotID]media.Wish{"v0": {Width: 640, Height: 360, Priority: headFirst}, "v1": {Priority: pinnedFirst}})
		check("the other head on no tile", protocol.Layout{Tiles: tiles[:1]}, map[media.SlotID]media.Wish{"v0": {Priority: headFirst, Hidden: true}})
		check("a hidden page", protocol.Layout{Tiles: tiles, Hidden: true}, map[media.SlotID]media.Wish{"v0": {Priority: headFirst, Hidden: true}, "v1": {Priority: otherFirst, Hidden: true}})
	})
}

func TestPublishersAreToldWhatIsWatched(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h := b.sits(head)
		b.events <- media.Event{Kind: media.LayersWanted, Peer: "c1/" + media.PeerID(head), Track: media.TrackID{Peer: "c1/" + media.PeerID(head), Source: "camera"}, Layers: []int{}, Codecs: []string{"vp8", "av1"}}
		for {
			m := h.next()
			if m.Type == "closed" || m.Type == "nothing" {
				t.Fatalf("got %s, want send", m.Type)
			}
			if m.Type == "send" {
				if got, want := string(m.Body), `{"source":"camera","layers":[],"codecs":["vp8","av1"]}`; got != want {
					t.Errorf("got %s, want %s", got, want)
				}
				return
			}
		}
	})
}

func TestSwitched(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h := b.sits(head)
		b.sits(minister)
		h.seats()
		for _, e := range []media.Event{
			{Kind: media.SlotSwitched, Peer: "c1/baku/head", Slot: "v0", Track: media.TrackID{Peer: "c1/tehran/adviser", Source: "camera"}}, // an old one
			{Kind: media.SlotSwitched, Peer: "c1/baku/head/probe", Slot: "v0", Track: media.TrackID{Peer: "c1/baku/head/probe", Source: "camera"}},
			{Kind: media.SlotSwitched, Peer: "nonsense", Slot: "v0"}, {Kind: media.PeerLost, Peer: "c1"}, {Kind: media.PeerLost, Peer: "c9/a/b"},
			{Kind: media.SlotSwitched, Peer: "c1/baku/head", Slot: "v0", Track: media.TrackID{Peer: "c1/tehran/minister", Source: "camera"}, RTPTimestamp: 42},
		} {
			b.events <- e
		}
		var s protocol.Switched
		if err := json.Unmarshal(h.until("switched").Body, &s); err != nil {
			t.Fatal(err)
		}
		if want := (protocol.Switched{Slot: "v0", Member: minister, Source: protocol.Camera, RTPTimestamp: 42}); s != want {
			t.Errorf("got %+v, want %+v", s, want)
		}
	})
}

func TestASeatSaysHowFarThePictureIsBehind(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h := b.sits(head)
		b.sits(minister)
		h.seats()
		b.events <- media.Event{Kind: media.PictureBehind, Peer: "c1/baku/head", Slot: "v0", Track: media.TrackID{Peer: "c1/tehran/adviser", Source: "camera"}, Behind: 70} // an old one
		b.events <- media.Event{Kind: media.PictureBehind, Peer: "c1/baku/head", Slot: "v0", Track: media.TrackID{Peer: "c1/tehran/minister", Source: "camera"}, Behind: 250}
		h.until("seats")
		for _, seat := range h.seated.Seats {
			if want := map[bool]int{true: 250}[seat.Slot == "v0"]; seat.Behind != want {
				t.Errorf("got %+v, want %d ms behind", seat, want)
			}
		}
	})
}

func TestAFullTableWithFewSeats(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h := b.sits(head)
		for i := range 12 {
			id := meeting.PersonID(fmt.Sprint("p", i))
			b.do("c1", nasrin, meeting.InviteMember{Person: invited(id, meeting.Delegate)})
			b.do("c1", nasrin, meeting.AdmitMembers{Members: []meeting.MemberID{meeting.PartyID("tehran").Member(id)}})
			b.sits(meeting.PartyID("tehran").Member(id))
		}
		if got, want := h.seats(), "a0=p0.m a1=p1.m v0=p0.c v1=p1.c x0=p2.m"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		b.board.mu.Lock()
		b.board.levels["c1/tehran/p9"] = 20
		b.board.mu.Unlock()
		time.Sleep(time.Second) // the bubble's clock
		if got, want := h.seats(), "a0=p0.m a1=p9.m v0=p0.c v1=p9.c x0=p1.m"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestAPictureThatStandsStillIsSaidWithItsReason(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h := b.sits(head)
		m := b.sits(minister)
		h.seats()
		say := func(kind media.EventKind, of meeting.MemberID, why media.Pause) {
			b.events <- media.Event{Kind: kind, Peer: "c1/baku/head", Slot: "v0", Track: media.TrackID{Peer: media.PeerID("c1/" + of), Source: "camera"}, Pause: why}
		}
		check := func(what string, want protocol.Pause) {
			t.Helper()
			h.quiet()
			i := slices.IndexFunc(h.seated.Seats, func(x protocol.Seat) bool { return x.Slot == "v0" })
			if got := h.seated.Seats[i].Paused; got != want {
				t.Errorf("%s: got %q, want %q", what, got, want)
			}
		}
		say(media.SlotPaused, minister, media.PauseLine)
		check("a narrow line", protocol.PauseLine)
		h.seated = nil
		say(media.SlotPaused, adviser, media.PauseNode)
		if got := h.seats(); got != "none sent" {
			t.Errorf("news of another who sat there: got %q", got)
		}
		say(media.SlotPaused, minister, media.PauseNode)
		check("an overloaded node", protocol.PauseNode)
		say(media.SlotResumed, minister, 0)
		check("flowing", "")
		say(media.SlotPaused, minister, media.PauseLine)
		check("narrow again", protocol.PauseLine)
		h.Close()
		h = b.join("c1", head)
		check("after a cut", protocol.PauseLine)
		m.do(meeting.SetCamera{On: false})
		m.do(meeting.SetCamera{On: true})
		check("a camera that comes back", "")
	})
}

func TestTheNodesWishForACodecIsInTheWelcome(t *testing.T) {
	inHouseOf(t, func(cfg *Config) { cfg.CameraCodec = "vp9" }, func(t *testing.T, b *building) {
		b.call("c1")
		h := b.connect("c1", head, "s1")
		h.hello("", 0)
		if got := h.welcome.Camera; got != "vp9" {
			t.Errorf("got a wish for %q, want vp9", got)
		}
	})
}
