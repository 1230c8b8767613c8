package room

import (
	"fmt"
	"testing"
	"time"

	"astara/meeting"
	"astara/protocol"
)

func TestWhoComesBackGetsWhatWasMissed(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h, m, n := b.join("c1", head), b.join("c1", minister), b.join("c1", nasrin)
		h.do(meeting.AskFloor{})
		m.quiet()
		n.quiet()
		seen := b.view("c1", head).Seq
		epoch := h.welcome.Epoch
		h.Close()
		m.do(meeting.SayChat{To: meeting.All, Text: "to all"})
		m.do(meeting.SayChat{To: meeting.ToParty("tehran"), Text: "among us"})
		m.do(meeting.SayChat{To: meeting.ToMember(head), Text: "to you"})
		n.quiet()
		h = b.connect("c1", head, "s-baku/head")
		h.hello(epoch, seen)
		if h.welcome.Snapshot != nil || len(h.welcome.Missed) != 2 || h.welcome.Missed[1].Body.(meeting.ChatSaid).Text != "to you" {
			t.Fatalf("got %+v, want two missed messages", h.welcome)
		}
		h.ask("enter", nil)
		want(t, n.quiet(), "") // nobody saw that they had been away
		if got := b.view("c1", head).Floor; got.Asking(head) != 1 {
			t.Errorf("got hands %v", got)
		}
		h.send("hello", 9, protocol.Hello{Version: protocol.Version})
		if m := h.until("refused"); m.ID != 9 {
			t.Errorf("got an answer to %d, want 9", m.ID)
		}
		h = b.connect("c1", head, "s-baku/head")
		h.hello(epoch, b.view("c1", head).Seq)
		if h.welcome.Snapshot != nil || h.welcome.Missed != nil {
			t.Errorf("got %+v, want that nothing was missed", h.welcome)
		}
		for name, hello := range map[string]protocol.Hello{"another epoch": {Epoch: "x", Seq: seen}, "the future": {Epoch: epoch, Seq: 1 << 40}} {
			h = b.connect("c1", head, "s-baku/head")
			h.hello(hello.Epoch, hello.Seq)
			if h.welcome.Snapshot == nil || h.welcome.Missed != nil {
				t.Errorf("%s: got %+v, want a snapshot", name, h.welcome)
			}
		}
		// Removed and admitted again: what happened between was not for them.
		b.do("c1", leyla, meeting.RemoveMember{Member: head})
		if got := h.goodbye(); got != protocol.MemberRemoved {
			t.Errorf("got %s, want member-removed", got)
		}
		b.do("c1", leyla, meeting.AdmitMembers{Members: []meeting.MemberID{head}})
		h = b.connect("c1", head, "s-baku/head")
		h.hello(epoch, seen)
		if h.welcome.Snapshot == nil {
			t.Error("got missed events over a removal, want a snapshot")
		}
	})
}

func TestWhoWasAwayTooLongGetsASnapshot(t *testing.T) {
	inHouseOf(t, func(c *Config) { c.History = 8 }, func(t *testing.T, b *building) {
		b.call("c1")
		h, m := b.join("c1", head), b.join("c1", minister)
		m.quiet()
		seen, epoch := b.view("c1", head).Seq, h.welcome.Epoch
		for i := range 40 {
			m.do(meeting.SayChat{To: meeting.All, Text: fmt.Sprint(i)})
			now := b.view("c1", head).Seq
			c := b.connect("c1", leyla, "s")
			c.hello(epoch, now-4)
			if len(c.welcome.Missed) != 4 {
				t.Fatalf("got %d missed of 4", len(c.welcome.Missed))
			}
			c = b.connect("c1", leyla, "s")
			c.hello(epoch, seen)
			if got := c.welcome; (got.Snapshot == nil) != (now-seen <= uint64(len(got.Missed))) {
				t.Fatalf("got %d missed of %d", len(got.Missed), now-seen)
			}
			c.Close()
		}
	})
}

func TestGrace(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h, n := b.join("c1", head), b.join("c1", nasrin)
		h.do(meeting.SetMicrophone{On: true})
		n.quiet()
		h.Close()
		h.Close()                           // twice does no harm
		time.Sleep(5900 * time.Millisecond) // the bubble's clock (testing/synctest): no time passes
		want(t, n.quiet(), "")
		h = b.join("c1", head)
		time.Sleep(10 * time.Second) // the bubble's clock (testing/synctest): no time passes
		want(t, n.quiet(), "")
		if !b.view("c1", head).Members[head].Microphone {
			t.Error("the microphone went off")
		}
		h.Close()
		time.Sleep(6300 * time.Millisecond) // the bubble's clock (testing/synctest): no time passes
		want(t, n.quiet(), "member.left")
		// Back on the page, but not in: the others do not see it.
		h = b.connect("c1", head, "s-baku/head")
		h.hello("", 0)
		time.Sleep(10 * time.Second) // the bubble's clock (testing/synctest): no time passes
		want(t, n.quiet(), "")
		h.ask("enter", nil)
		want(t, n.quiet(), "member.came")
		if h.ask("leave", nil) != "" || h.next().Type != "closed" {
			t.Error("leave did not close the socket")
		}
		want(t, n.quiet(), "member.left")
	})
}

func TestAPageThatReloadsAndStaysOutsideHasLeft(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h, n := b.join("c1", head), b.join("c1", nasrin)
		n.quiet()
		h.Close()
		h = b.connect("c1", head, "s-baku/head")
		h.hello("", 0)
		time.Sleep(7 * time.Second) // the bubble's clock (testing/synctest): no time passes
		want(t, n.quiet(), "member.left")
		want(t, h.quiet(), "member.left")
	})
}

func TestASecondSocketOfOnePageTakesOverInSilence(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		n, first := b.join("c1", nasrin), b.connect("c1", head, "s")
		first.send("hello", 0, protocol.Hello{Version: protocol.Version, Page: "p"})
		first.greeted()
		first.ask("enter", nil)
		n.quiet()
		beside := b.connect("c1", head, "s") // tried while the first is in doubt
		if code := first.do(meeting.AskFloor{}); code != "" {
			t.Errorf("a socket that only arrived disturbs the first: %s", code)
		}
		beside.send("hello", 0, protocol.Hello{Version: protocol.Version, Page: "p"})
		beside.greeted()
		beside.ask("enter", nil)
		for m := first.next(); m.Type != "closed"; m = first.next() {
			if m.Type == "goodbye" {
				t.Fatalf("the page's first socket is told %s", m.Body)
			}
		}
		want(t, n.quiet(), "floor.asked")
	})
}

func TestANewerSocketReplacesTheOlder(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		n, old := b.join("c1", nasrin), b.join("c1", head)
		n.quiet()
		h := b.join("c1", head)
		if got := old.goodbye(); got != protocol.Moved {
			t.Errorf("got %s, want moved", got)
		}
		old.Close()
		if err := old.Handle(t.Context(), protocol.Message{Type: "floor.ask"}); err != nil {
			t.Errorf("got %v, want silence", err)
		}
		want(t, n.quiet(), "")
		if code := h.do(meeting.AskFloor{}); code != "" {
			t.Error(code)
		}
		if got := b.Figures().Sockets; got != 2 {
			t.Errorf("got %d sockets, want 2", got)
		}
	})
}
