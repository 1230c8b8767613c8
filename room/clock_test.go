package room

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"astara/meeting"
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
		go func() { ended <- b.House.Clock(ctx, agenda{began, ids}) }()
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

func (agenda) ErasedPlaces(context.Context) (map[meeting.ConsultationID][]meeting.DocumentID, error) {
	return nil, nil
}
