package room

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"astara/meeting"
	"astara/protocol"
)

// torn is a record in which one consultation cannot be written.
type torn struct {
	*ledger
	id meeting.ConsultationID // ledger's mu
}

func (x *torn) Append(ctx context.Context, id meeting.ConsultationID, events []meeting.Event) error {
	x.mu.Lock()
	wrong := id == x.id
	x.mu.Unlock()
	if wrong {
		return errors.New("the disk is full")
	}
	return x.ledger.Append(ctx, id, events)
}

// agenda are moments by their hour.
type agenda struct {
	from time.Time
	ids  []meeting.ConsultationID

	erasures map[meeting.ConsultationID]uint64
}

func (a agenda) NextMoment(_ context.Context, after time.Time) (time.Time, []meeting.ConsultationID, error) {
	for i, id := range a.ids {
		if at := a.from.Add(time.Duration(i+1) * time.Hour); at.After(after) {
			return at, []meeting.ConsultationID{id}, nil
		}
	}
	return time.Time{}, nil, nil
}

// What cannot be published in one consultation keeps no other waiting, and is published as soon as it can be.
func TestOneFaultKeepsNoOtherAccountWaiting(t *testing.T) {
	record := &torn{}
	inHouseOf(t, func(c *Config) {
		record.ledger = c.Record.(*ledger)
		c.Record = record
	}, func(t *testing.T, b *building) {
		began := time.Now()
		ids := []meeting.ConsultationID{"c1", "c2"}
		for i, id := range ids {
			b.call(id)
			at := began.Add(time.Duration(i+1) * time.Hour)
			b.do(id, nasrin, meeting.ProposeEmbargo{Number: 1, At: &at})
			b.do(id, leyla, meeting.AnswerEmbargo{Number: 1, Agree: true})
			for by, l := range map[meeting.MemberID]meeting.Language{nasrin: "fa", leyla: "az"} {
				b.do(id, by, meeting.WriteAccount{Title: meeting.Words{l: "x"}, Parts: []meeting.Part{{Text: meeting.Words{l: "x"}}}})
				b.do(id, by, meeting.SayReady{Ready: true, Revision: 1})
			}
		}
		record.set(func() { record.id = "c1" })
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.House.Clock(ctx, agenda{from: began, ids: ids}) }()
		published := func(id meeting.ConsultationID) int {
			synctest.Wait()
			return len(b.view(id, nasrin).Readout.Published)
		}
		time.Sleep(2*time.Hour + time.Second) // the bubble's clock (testing/synctest): no time passes
		if one, two := published("c1"), published("c2"); one != 0 || two != 2 {
			t.Errorf("got %d and %d accounts, want none and two", one, two)
		}
		record.set(func() { record.id = "" })
		time.Sleep(2 * clockAgain) // the bubble's clock (testing/synctest): no time passes
		if one := published("c1"); one != 2 {
			t.Errorf("got %d accounts of the first, want two", one)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func (a agenda) Erasures(context.Context) (map[meeting.ConsultationID]uint64, error) {
	return a.erasures, nil
}

// What the operator erased leaves the state of the room and all screens within seconds; who was cut off meanwhile does not get it again.
func TestWhatIsErasedLeavesTheScreens(t *testing.T) {
	inHouse(t, func(t *testing.T, b *building) {
		b.call("c1")
		h, n := b.join("c1", head), b.join("c1", nasrin)
		for _, text := range []string{"stays", "a secret"} {
			h.do(meeting.SayChat{To: meeting.All, Text: text})
		}
		b.do("c1", nasrin, meeting.WriteTerm{ID: "t", To: meeting.All, Facts: meeting.TermFacts{Names: meeting.Names{"fa": {"راز"}}}})
		h.quiet()
		n.quiet()
		seq := b.view("c1", head).Seq
		var last uint64
		b.ledger.set(func() { // as store.EraseMessage and EraseTerm leave it
			for i, e := range b.ledger.events["c1"] {
				switch x := e.Body.(type) {
				case meeting.ChatSaid:
					if x.Text == "a secret" {
						x.Text, last = "", e.Seq
						b.ledger.events["c1"][i].Body = x
					}
				case meeting.TermsWritten:
					b.ledger.events["c1"][i].Body = meeting.TermsWritten{To: x.To, Terms: []meeting.WrittenTerm{{ID: "t", Version: 1, Erased: true}}}
				}
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.Clock(ctx, agenda{erasures: map[meeting.ConsultationID]uint64{"c1": last}}) }()
		for name, g := range map[string]*guest{"head": h, "secretary": n} {
			var w protocol.Welcome
			if m := g.until("welcome"); json.Unmarshal(m.Body, &w) != nil || w.Snapshot == nil || len(w.Snapshot.Chat) != 1 || w.Snapshot.Chat[0].Text != "stays" {
				t.Errorf("%s: got %s, want a picture without it", name, m.Body)
			}
		}
		n.until("terms")
		time.Sleep(time.Minute) // in the bubble it passes at once: the clock looks a dozen times more, and none of these looks may tell it again
		if got := h.quiet(); len(got) != 0 {
			t.Errorf("it is told again: %v", got)
		}
		h.Close()
		g := b.connect("c1", head, "s-baku/head")
		if g.hello(h.welcome.Epoch, seq-2); g.welcome.Snapshot == nil || len(g.welcome.Missed) > 0 || len(g.welcome.Snapshot.Chat) != 1 {
			t.Errorf("who comes back: got %+v, want a picture without it", g.welcome)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func (agenda) ErasedPlaces(context.Context) (map[meeting.ConsultationID][]meeting.DocumentID, error) {
	return nil, nil
}
