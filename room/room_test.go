package room

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"astara/meeting"
	"astara/protocol"
)

func TestFromTheLobbyToTheTable(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1", head)
		n, l := b.join("c1", nasrin), b.join("c1", leyla)
		h := b.connect("c1", head, "s1")
		h.hello("", 0)
		if s := h.welcome.Snapshot; s == nil || len(s.Members) != 1 || h.welcome.You != head {
			t.Fatalf("got %+v, want oneself at the door", h.welcome)
		}
		n.quiet()
		l.quiet()
		if code := h.ask("enter", nil); code != "" {
			t.Fatal(code)
		}
		want(t, l.quiet(), "member.came")
		want(t, n.quiet(), "")
		if code := h.do(meeting.AskFloor{}); code != string(meeting.NotAdmitted) {
			t.Errorf("got %q, want not-admitted", code)
		}
		if code := n.do(meeting.AdmitMembers{Members: []meeting.MemberID{head}}); code != string(meeting.NotYourSide) {
			t.Errorf("got %q, want not-your-side", code)
		}
		l.send("member.admit", 7, meeting.AdmitMembers{})
		want(t, l.quiet(), "member.admitted done")
		want(t, n.quiet(), "member.admitted")
		h.greeted()
		if s := h.welcome.Snapshot; s == nil || len(s.Members) != 6 || s.Members[head].Standing != meeting.Admitted {
			t.Fatalf("got %+v, want the whole table", h.welcome)
		}
		if code := h.do(meeting.AskFloor{}); code != "" {
			t.Error(code)
		}
		want(t, n.quiet(), "floor.asked")
	})
}

func TestUnknownConsultation(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		if _, err := b.View(t.Context(), "c9", nasrin); !errors.Is(err, ErrUnknown) {
			t.Errorf("got %v, want ErrUnknown", err)
		}
		if err := b.Do(t.Context(), "c9", nasrin, meeting.AskFloor{}); !errors.Is(err, ErrUnknown) {
			t.Errorf("got %v, want ErrUnknown", err)
		}
		if _, err := b.Connect(t.Context(), "c9", nasrin, "s"); !errors.Is(err, ErrUnknown) {
			t.Errorf("got %v, want ErrUnknown", err)
		}
		b.Disconnect(t.Context(), "c9", nasrin, protocol.LinkRevoked)
		synctest.Wait()
		if f := b.Figures(); f != (Figures{}) {
			t.Errorf("got %+v, want nothing in memory", f)
		}
		if err := b.Call(t.Context(), "c9", "moscow/x", called()); err == nil {
			t.Error("called by a stranger")
		}
	})
}

func TestTwoRoomsAtOnce(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		b.call("c2")
		one, two := b.join("c1", head), b.join("c2", head)
		one.quiet()
		two.quiet()
		b.do("c1", leyla, meeting.CancelConsultation{})
		if got := one.goodbye(); got != string(meeting.IsCancelled) {
			t.Errorf("got %s, want cancelled", got)
		}
		want(t, two.quiet(), "")
		if code := two.do(meeting.AskFloor{}); code != "" {
			t.Error(code)
		}
	})
}

func TestGoodbyes(t *testing.T) {
	for _, c := range []struct {
		code string
		do   func(b *building)
	}{
		{protocol.MemberRemoved, func(b *building) { b.do("c1", leyla, meeting.RemoveMember{Member: head}) }},
		{protocol.MemberWithdrawn, func(b *building) { b.do("c1", leyla, meeting.WithdrawMember{Member: "baku/guest"}) }},
		{protocol.MemberRefused, func(b *building) { b.do("c1", leyla, meeting.RefuseMember{Member: "baku/guest"}) }},
		{string(meeting.IsCancelled), func(b *building) { b.do("c1", nasrin, meeting.CancelConsultation{}) }},
		{protocol.LinkRevoked, func(b *building) { b.Disconnect(b.t.Context(), "c1", head, protocol.LinkRevoked) }},
		{protocol.Restarting + " after 1", func(b *building) { b.stop() }},
	} {
		t.Run(c.code, func(t *testing.T) {
			inHouse(t, func(t *testing.T, b *building) {
				b.call("c1")
				b.do("c1", leyla, meeting.InviteMember{Person: invited("guest", meeting.Delegate)})
				who := head
				if c.code == protocol.MemberWithdrawn || c.code == protocol.MemberRefused {
					who = "baku/guest"
				}
				g := b.join("c1", who)
				c.do(b)
				if got := g.goodbye(); got != c.code {
					t.Errorf("got %s, want %s", got, c.code)
				}
				g.Close()
				if c.code == protocol.Restarting+" after 1" || c.code == protocol.LinkRevoked {
					return
				}
				again := b.connect("c1", who, "s2")
				if c.code == string(meeting.IsCancelled) {
					again.hello("", 0)
					if again.welcome.Snapshot.Cancelled == nil {
						t.Error("the snapshot does not say that it is cancelled")
					}
				}
				if got := again.goodbye(); got != c.code {
					t.Errorf("again: got %s, want %s", got, c.code)
				}
			})
		})
	}
}

func TestAnOldClientIsToldToReload(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		g := b.connect("c1", head, "s")
		g.send("enter", 3, nil)
		if m := g.until("refused"); m.ID != 3 {
			t.Errorf("got an answer to %d, want 3", m.ID)
		}
		g.send("hello", 0, protocol.Hello{Version: protocol.Version + 1})
		if got := g.goodbye(); got != protocol.ClientOutdated {
			t.Errorf("got %s, want client-outdated", got)
		}
	})
}

func TestASlowClientIsSentAwayAndComesBack(t *testing.T) {
	inHouseOf(t, func(c *Config) { c.Outbox = 8 }, func(t *testing.T, b *building) {
		b.call("c1")
		h := b.join("c1", head)
		h.quiet()
		seen := b.view("c1", head).Seq
		for range 20 {
			b.do("c1", nasrin, meeting.InviteMember{Person: invited("x", meeting.Delegate)})
			b.do("c1", nasrin, meeting.AdmitMembers{Members: []meeting.MemberID{"tehran/x"}})
			b.do("c1", nasrin, meeting.RemoveMember{Member: "tehran/x"})
			break
		}
		m := b.join("c1", minister)
		for i := range 20 {
			m.do(meeting.SayChat{To: meeting.All, Text: fmt.Sprint(i)})
		}
		if got := h.goodbye(); got != "too-slow after 1" {
			t.Errorf("got %s, want too-slow", got)
		}
		epoch := h.welcome.Epoch
		h.Close()
		h = b.connect("c1", head, "s-baku/head")
		h.hello(epoch, seen)
		if got := len(h.welcome.Missed); got != 23 { // admitted, removed, came and 20 messages
			t.Errorf("got %d missed, want 23", got)
		}
	})
}

func TestWhatTheRecordDoesNotTakeHasNotHappened(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h, n := b.join("c1", head), b.join("c1", nasrin)
		h.quiet()
		n.quiet()
		before := b.view("c1", nasrin).Seq
		b.ledger.set(func() { b.ledger.fail = errors.New("disk full") })
		if code := h.do(meeting.AskFloor{}); code != protocol.Internal {
			t.Errorf("got %q, want internal", code)
		}
		want(t, n.quiet(), "")
		if v := b.view("c1", nasrin); v.Seq != before || len(v.Floor.Queue) != 0 {
			t.Errorf("got seq %d hands %v, want %d and none", v.Seq, v.Floor.Queue, before)
		}
		if err := b.Do(t.Context(), "c1", leyla, meeting.CancelConsultation{}); err == nil {
			t.Error("cancelled without a record")
		}
		if code := h.do(meeting.SetMicrophone{On: true}); code != "" { // what does not last needs no record
			t.Error(code)
		}
		b.ledger.set(func() { b.ledger.fail = nil })
		if code := h.do(meeting.AskFloor{}); code != "" {
			t.Error(code)
		}
		want(t, n.quiet(), "microphone.changed floor.asked")
	})
}

func TestAnAnswerOfTheRecordThatWasLost(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h, n := b.join("c1", head), b.join("c1", nasrin)
		h.quiet()
		n.quiet()
		b.ledger.set(func() { b.ledger.fail, b.ledger.keep = errors.New("timeout"), true })
		if code := h.do(meeting.SayChat{To: meeting.All, Text: "at once"}); code != "" { // the record is read again, and has it
			t.Error(code)
		}
		want(t, n.quiet(), "chat.said")
		h.quiet()
		b.ledger.set(func() { b.ledger.reads = errors.New("timeout") })
		if code := h.do(meeting.SayChat{To: meeting.All, Text: "kept"}); code != protocol.Internal {
			t.Errorf("got %q, want internal", code)
		}
		want(t, n.quiet(), "")
		b.ledger.set(func() { b.ledger.fail = nil })
		if code := h.do(meeting.AskFloor{}); code != protocol.Internal {
			t.Errorf("got %q, want internal", code)
		}
		b.ledger.set(func() { b.ledger.reads = nil })
		if code := h.do(meeting.AskFloor{}); code != "" {
			t.Error(code)
		}
		want(t, n.quiet(), "chat.said floor.asked")
		if got := b.view("c1", nasrin).Chat; len(got) != 2 || got[1].Text != "kept" {
			t.Errorf("got chat %v", got)
		}
	})
}

// TestTheOperatorWasFaster: another process put an event into the record, and the command of a person is decided on that.
func TestTheOperatorWasFaster(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		e := meeting.Event{Seq: b.view("c1", nasrin).Seq + 1, At: time.Now(), Party: "tehran", By: "tehran/operator", Body: meeting.ThingErased{What: meeting.ErasedMessage}}
		e.Type = e.Body.Type()
		b.ledger.set(func() { b.ledger.events["c1"] = append(b.ledger.events["c1"], e) })
		if err := b.House.Do(t.Context(), "c1", leyla, meeting.AgreeConsultation{Version: 1}); err != nil {
			t.Fatal(err)
		}
		list, _ := b.ledger.Events(t.Context(), "c1")
		if n := len(list); list[n-2].Type != e.Type || list[n-1].Seq != e.Seq+1 || list[n-1].By != leyla {
			t.Errorf("got %v, want the operator's event and the agreement after it", list[n-2:])
		}
	})
}

func TestAnEmptyRoomIsUnloadedAndLoadedAgain(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h := b.join("c1", head)
		h.do(meeting.SayChat{To: meeting.All, Text: "kept"})
		time.Sleep(time.Hour) // the bubble's clock
		if got := b.Figures().Rooms; got != 1 {
			t.Errorf("got %d rooms with a person in, want 1", got)
		}
		h.Close()
		time.Sleep(2 * time.Minute) // the bubble's clock
		if got := b.Figures().Rooms; got != 0 {
			t.Errorf("got %d rooms, want none", got)
		}
		h2 := b.join("c1", head)
		if h2.welcome.Epoch == h.welcome.Epoch || len(h2.welcome.Snapshot.Chat) != 1 {
			t.Errorf("got %+v, want a new epoch and the chat", h2.welcome)
		}
		h.Close()
		if err := h.Handle(t.Context(), protocol.Message{Type: "hello"}); !errors.Is(err, ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	})
}

// What a kill -9 leaves is the record.
func TestAfterARestartEverybodyIsWhereTheyWere(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1", watcher)
		h, m := b.join("c1", head), b.join("c1", minister)
		h.do(meeting.AskFloor{})
		h.do(meeting.SetCamera{On: true})
		m.do(meeting.SayChat{To: meeting.ToMember(head), Text: "before"})
		seq := b.view("c1", head).Seq
		next := reopen(t, b.ledger, func(*Config) {})
		defer next.stop()
		g := next.connect("c1", head, "s-baku/head")
		g.hello(h.welcome.Epoch, seq)
		s := g.welcome.Snapshot
		if s == nil || g.welcome.Epoch == h.welcome.Epoch {
			t.Fatalf("got %+v, want a snapshot of another epoch", g.welcome)
		}
		if x := s.Members[head]; x.Standing != meeting.Admitted || x.Camera || x.Present || len(s.Floor.Queue) != 1 || len(s.Chat) != 1 {
			t.Errorf("got %+v, hands %v, chat %v", x, s.Floor.Queue, s.Chat)
		}
		g.ask("enter", nil)
		if code := g.do(meeting.SetCamera{On: true}); code != "" {
			t.Error(code)
		}
		w := next.connect("c1", watcher, "s")
		w.hello("", 0)
		if got := w.welcome.Snapshot.Members[watcher].Standing; got != meeting.Invited {
			t.Errorf("got %s, want invited", got)
		}
	})
}

func TestARoomThatFailsHarmsNoOther(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		b.call("c2")
		one, two := b.sits(head), b.join("c2", head)
		err := b.in(t.Context(), "c1", func(*room) error { panic("a fault of ours") })
		if err == nil {
			t.Error("got no error of a room that failed")
		}
		if got := one.goodbye(); got != "restarting after 1" {
			t.Errorf("got %s, want restarting", got)
		}
		if b.sources(head) != -1 {
			t.Error("the router keeps the peers of a room that failed")
		}
		if code := two.do(meeting.AskFloor{}); code != "" {
			t.Error(code)
		}
		if g := b.join("c1", head); g.welcome.Snapshot == nil {
			t.Error("the room did not open again")
		}
	})
}

func TestAfterTheEndThereIsNoHouse(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		b.stop()
		if err := b.Do(t.Context(), "c1", nasrin, meeting.AskFloor{}); !errors.Is(err, ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	})
	h := Open(Defaults()) // and before the beginning the caller's patience decides
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.View(ctx, "c1", nasrin); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want canceled", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	inHouseOf(t, func(c *Config) { c.Idle = 0 }, func(t *testing.T, b *building) {
		ids := []meeting.ConsultationID{"c1", "c2", "c3"}
		for _, id := range ids {
			b.call(id)
		}
		var all sync.WaitGroup
		for i, who := range []meeting.MemberID{nasrin, leyla, minister, adviser, head, watcher, head, minister} {
			all.Go(func() {
				for n := range 60 {
					id := ids[(i+n)%3]
					c, err := b.Connect(t.Context(), id, who, "s")
					if err != nil {
						t.Error(err)
						return
					}
					for _, m := range []protocol.Message{{Type: "hello", Body: []byte(`{"version":1}`)}, {Type: "enter"}, {Type: "floor.ask", ID: 1}, {Type: "floor.withdraw", ID: 2}, {Type: "leave"}} {
						if err := c.Handle(t.Context(), m); err != nil && !errors.Is(err, ErrClosed) {
							t.Error(err)
						}
					}
					if _, err := b.View(t.Context(), id, who); err != nil {
						t.Error(err)
					}
					c.Close()
					for range c.Out() {
					}
				}
			})
		}
		all.Wait()
		if got := b.Figures().Sockets; got != 0 {
			t.Errorf("got %d sockets, want none", got)
		}
	})
}

func TestNonsense(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		g := b.join("c1", head)
		for _, m := range []protocol.Message{{}, {Type: "x"}, {Type: "consultation.cancel"}, {Type: "member.come"}, {Type: "layout", Body: []byte(`[]`)},
			{Type: "media.offer", Body: []byte(`{"sdp":1}`)}, {Type: "hello", Body: []byte(`{"version":"1"}`)}, {Type: "microphone.set", Body: []byte(`{"on":1}`)}} {
			var no *meeting.Refusal
			if err := g.Handle(t.Context(), m); !errors.As(err, &no) {
				t.Errorf("%s: got %v, want a refusal", m.Type, err)
			}
		}
		want(t, g.quiet(), "")
		if code := g.do(meeting.AskFloor{}); code != "" {
			t.Error(code)
		}
	})
}
