package room

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

// Whatever a member sends is refused or done; it never breaks the room.
func FuzzMessage(f *testing.F) {
	for name, body := range protocol.ClientMessages() {
		b, _ := json.Marshal(body)
		f.Add(name, 1, b)
	}
	for _, c := range meeting.MemberCommands() {
		b, _ := json.Marshal(c)
		f.Add(string(c.Type()), 2, b)
	}
	f.Add("layout", 0, []byte(`{"tiles":[{"member":"baku/head","source":"camera","width":-1,"height":1e9,"pinned":true},{}]}`))
	f.Add("media.offer", 1, []byte(`{"sdp":"","sources":{"0":"camera","":"king"},"slots":{"1":"","2":"v","3":"v0","4":"x-1","5":"a99999999999999999999"}}`))
	f.Fuzz(func(t *testing.T, kind string, id int, body []byte) {
		r := still(t)
		c := r.connect(head, "s")
		r.greet(c, 0, protocol.Hello{Version: protocol.Version})
		r.enter(c, 1)
		r.negotiate(c, 2, offerOf(offer()))
		task, err := c.decode(protocol.Message{Type: kind, ID: id, Body: body})
		if err != nil {
			if !errors.As(err, new(*meeting.Refusal)) {
				t.Fatalf("got %v, want a refusal", err)
			}
			return
		}
		task()
		r.tick()
		for !c.ended {
			r.end(c, nil)
		}
		for o := range c.Out() {
			if !json.Valid(o.JSON) {
				t.Fatalf("sent %s", o.JSON)
			}
		}
	})
}

// still is a room with a meeting in it that nobody runs.
func still(t testing.TB) *room {
	t.Helper()
	cfg := Defaults()
	cfg.Logger = slog.New(slog.DiscardHandler)
	cfg.Record = &ledger{events: map[meeting.ConsultationID][]meeting.Event{}}
	cfg.Media = &board{peers: map[media.PeerID]media.Offer{}, seats: map[media.PeerID]map[media.SlotID]media.TrackID{}, wishes: map[media.PeerID]media.Wish{}}
	r := newRoom(Open(cfg), "c1")
	if err := r.load(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct {
		by meeting.MemberID
		c  meeting.Command
	}{{nasrin, called()}, {leyla, meeting.TakeUp{Secretary: invited("leyla", meeting.Secretary)}}, {leyla, meeting.InviteMember{Person: invited("head", meeting.Head)}},
		{leyla, meeting.AdmitMembers{Members: []meeting.MemberID{head}}}} {
		if err := r.act(s.by, s.c); err != nil {
			t.Fatal(err)
		}
	}
	return r
}
