package room

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"astara/meeting"
	"astara/protocol"
)

// Moments are what the clock looks at: those at which something may be to publish, and what was erased meanwhile.
type Moments interface {
	// NextMoment is the first one after another, with the consultations whose it is; none: no consultations.
	NextMoment(ctx context.Context, after time.Time) (time.Time, []meeting.ConsultationID, error)
	// ErasedPlaces are the erased documents that still stand before consultations.
	ErasedPlaces(ctx context.Context) (map[meeting.ConsultationID][]meeting.DocumentID, error)
	// Erasures are the events of consultations that last told of something erased, by their numbers.
	Erasures(ctx context.Context) (map[meeting.ConsultationID]uint64, error)
}

const (
	// longestWait bounds what a clock that was set, or a machine that slept, can delay, and how long an erased document is still shown.
	longestWait = 5 * time.Second
	// clockAgain is how long the clock waits after the record failed to answer.
	clockAgain = 2 * time.Second
)

// Clock publishes at their moment what the sides are ready to publish, and takes what was erased from the table, until ctx ends. All it
// knows is in the record, so a node that was down at the moment publishes as soon as it is up; a moment at which nothing was due costs one
// look after each start.
func (h *House) Clock(ctx context.Context, moments Moments) error {
	var past time.Time                  // all moments up to here were looked at
	var failed []meeting.ConsultationID // and these are tried again, while the others go on
	refused := map[string]bool{}        // documents that a consultation does not let go
	struck := map[meeting.ConsultationID]uint64{}
	for {
		h.withdrawErased(ctx, moments, refused)
		h.strikeErased(ctx, moments, struck)
		at, ids, err := moments.NextMoment(ctx, past)
		wait := longestWait
		switch {
		case err != nil:
			wait = clockAgain
			h.cfg.Logger.Error("clock", "cause", err)
		case len(ids) > 0:
			wait = min(wait, at.Sub(h.cfg.Now()))
		}
		if err == nil && len(ids) > 0 && wait <= 0 {
			failed = append(failed, h.publish(ctx, ids)...)
			past = at
			continue
		}
		if len(failed) > 0 {
			wait = min(wait, clockAgain)
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
			failed = h.publish(ctx, failed)
		case <-h.agreed: // it lies ahead, as the rules want it, so it is not among those looked at
		case <-ctx.Done():
			t.Stop()
			return nil
		}
		t.Stop()
	}
}

// publish answers where it failed; what is refused is not tried again.
func (h *House) publish(ctx context.Context, ids []meeting.ConsultationID) (failed []meeting.ConsultationID) {
	for _, id := range ids {
		err := h.in(ctx, id, func(r *room) error {
			for _, x := range r.meeting.Readout.Ready {
				return r.act(x.By, meeting.PublishReadout{})
			}
			return nil
		})
		if err != nil && !errors.As(err, new(*meeting.Refusal)) {
			h.cfg.Logger.Error("publish readout", "consultation", string(id), "cause", err)
			failed = append(failed, id)
		}
	}
	return failed
}

// withdrawErased takes what was erased, by another process perhaps, from all who see it. What is refused, in a consultation that was
// cancelled, is not tried again before the next start.
func (h *House) withdrawErased(ctx context.Context, moments Moments, refused map[string]bool) {
	places, err := moments.ErasedPlaces(ctx)
	if err != nil && ctx.Err() == nil {
		h.cfg.Logger.Error("erased documents", "cause", err)
	}
	for id, documents := range places {
		for _, d := range documents {
			key := string(id) + "/" + string(d)
			if refused[key] {
				continue
			}
			err := h.in(ctx, id, func(r *room) error { return r.withdrawFor(d) })
			switch {
			case errors.As(err, new(*meeting.Refusal)):
				refused[key] = true
			case err != nil:
				h.cfg.Logger.Error("withdraw an erased document", "consultation", string(id), "cause", err)
			}
		}
	}
}

// strikeErased takes words that another process erased out of the rooms, and from the screens of those who are in them. known is up to which erasure
// each consultation was looked at.
func (h *House) strikeErased(ctx context.Context, moments Moments, known map[meeting.ConsultationID]uint64) {
	last, err := moments.Erasures(ctx)
	if err != nil && ctx.Err() == nil {
		h.cfg.Logger.Error("erasures", "cause", err)
	}
	for id, seq := range last {
		if known[id] >= seq {
			continue
		}
		if err := h.in(ctx, id, (*room).strike); err != nil {
			h.cfg.Logger.Error("take out what was erased", "consultation", string(id), "cause", err)
			continue
		}
		known[id] = seq
	}
}

// strike reads the record again, and gives everybody a new picture where words are gone from it. Nobody is told an older one any more.
func (r *room) strike() error {
	ctx, cancel := context.WithTimeout(context.Background(), r.cfg.RecordLimit)
	defer cancel()
	events, err := r.cfg.Record.Events(ctx, r.id)
	if err != nil {
		return fmt.Errorf("read the record again: %w", err)
	}
	if !r.meeting.Forget(events) {
		return nil
	}
	erased := map[uint64]bool{}
	for _, e := range events {
		if b, ok := e.Body.(meeting.ChatSaid); ok && b.Text == "" {
			erased[e.Seq] = true
		}
	}
	r.past = slices.DeleteFunc(r.past, func(f fact) bool { return erased[f.Seq] })
	for id := range r.meeting.Members {
		r.inside[id] = r.meeting.Seq + 1
	}
	for id, p := range r.people {
		if p.conn == nil || !p.conn.greeted {
			continue
		}
		r.welcome(p.conn, protocol.Hello{})
		if r.meeting.Members[id].Role.ReadsTerms() {
			r.push(p.conn, message("terms", 0, protocol.TermsChanged{}))
		}
	}
	return nil
}

// withdrawFor withdraws a document in the name of who shared it, or of another secretary of that side.
func (r *room) withdrawFor(id meeting.DocumentID) error {
	d, ok := r.meeting.Document(id)
	if !ok {
		return nil
	}
	err := r.act(d.By, meeting.WithdrawDocument{Document: id})
	for who, x := range r.meeting.Members {
		if err == nil {
			break
		}
		if who.Party() == d.By.Party() && x.Role == meeting.Secretary {
			err = r.act(who, meeting.WithdrawDocument{Document: id})
		}
	}
	return err
}

func (h *House) wakeClock() {
	select {
	case h.agreed <- struct{}{}:
	default: // it has not looked yet
	}
}
