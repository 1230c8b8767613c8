// Package post sends mail: what a secretary is reminded of. It is not the store that remembers what was said, nor the rules of agreements.
//
// A round looks at what is due for each secretary who wants to be told, sends one letter, and has the store keep what was said in it. A process
// that dies between the two says it again with the same Message-ID, so that mail systems take it for the same letter. Only cmd may import it.
package post

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"time"

	"astara/meeting"
	"astara/record"
)

// The days before a due date at which the first two stages begin.
const (
	weekBefore = 7
	eveBefore  = 1
)

// firstHour of a side's day at which letters go out; every is how often is looked.
const (
	firstHour = 8
	every     = 10 * time.Minute
)

// Store is what a round asks and tells.
type Store interface {
	Parties(ctx context.Context) ([]meeting.Party, error)
	Agreements(ctx context.Context, p meeting.PartyID) ([]record.Followed, error)
	// Readers are all secretaries who want to be reminded and have an address.
	Readers(ctx context.Context) ([]record.Reader, error)
	// SaidTo is what a secretary was told, and when last.
	SaidTo(ctx context.Context, who meeting.MemberID) (map[record.Said]bool, time.Time, error)
	// Say keeps what a secretary was told.
	Say(ctx context.Context, who meeting.MemberID, list []record.Said, at time.Time) error
}

// Sender sends one letter, or says why not.
type Sender interface {
	Send(ctx context.Context, l Letter) error
}

// Letter is what is sent. ID is the same whenever the same is said to the same person.
type Letter struct {
	ID, To, Name, Subject, Text string
	At                          time.Time
}

// Office reminds. Its fields are set before Run and not changed.
type Office struct {
	Store  Store
	Sender Sender
	Base   string // address of the pages
	Host   string // for the names of letters
	Now    func() time.Time
	Logger *slog.Logger
}

// Run reminds until ctx ends. What fails is logged and tried again in the next round.
func (o *Office) Run(ctx context.Context) error {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		if err := o.Round(ctx); err != nil && ctx.Err() == nil {
			o.Logger.Warn("reminders", "err", err)
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Round sends what is to be said now. One reader's fault does not keep the others waiting.
func (o *Office) Round(ctx context.Context) error {
	parties, err := o.Store.Parties(ctx)
	if err != nil {
		return err
	}
	readers, err := o.Store.Readers(ctx)
	if err != nil {
		return err
	}
	sides := map[meeting.PartyID]meeting.Party{}
	for _, p := range parties {
		sides[p.ID] = p
	}
	var faults error
	for _, r := range readers {
		if p, ok := sides[r.ID.Party()]; ok {
			faults = errors.Join(faults, o.remind(ctx, r, p))
		}
	}
	return faults
}

// remind sends a reader at most one letter a day, on the side's clock.
func (o *Office) remind(ctx context.Context, r record.Reader, side meeting.Party) error {
	zone, err := time.LoadLocation(side.Zone)
	if err != nil {
		zone = time.UTC
	}
	now := o.Now().In(zone)
	said, last, err := o.Store.SaidTo(ctx, r.ID)
	if err != nil || now.Hour() < firstHour || !last.IsZero() && last.In(now.Location()).Format(time.DateOnly) == now.Format(time.DateOnly) {
		return err
	}
	list, err := o.Store.Agreements(ctx, r.ID.Party())
	if err != nil {
		return err
	}
	items := due(list, r, meeting.DateOf(now, now.Location()), said)
	if len(items) == 0 {
		return nil
	}
	sum := sha256.New()
	sum.Write([]byte(r.ID))
	says := make([]record.Said, len(items))
	for i, x := range items {
		says[i] = x.Said
		for _, part := range []string{string(x.Consultation), string(x.Agreement), x.Said.Milestone, string(x.Due), string(x.Stage)} {
			sum.Write([]byte("\x00" + part))
		}
	}
	l := o.letter(r, side.Calendar, items)
	l.ID, l.At = hex.EncodeToString(sum.Sum(nil)[:16])+"@"+o.Host, now
	if err := o.Sender.Send(ctx, l); err != nil {
		return err
	}
	return o.Store.Say(ctx, r.ID, says, now)
}

// item is one line of a letter.
type item struct {
	record.Said
	title, milestone string
	days             int // until it is due; less than 0 is late
}

// due is what is to be said to a reader and has not been: of what is in effect, and which the own side does not hold to be reached.
func due(list []record.Followed, r record.Reader, today meeting.ISODate, said map[record.Said]bool) []item {
	var out []item
	for _, f := range list {
		a := f.Agreement
		own := a.Sides[r.ID.Party()]
		t := a.Terms()
		if a.Effect == 0 || t.Ended || own.Last().Progress == meeting.Fulfilled {
			continue
		}
		for _, m := range t.Milestones {
			days := today.Days(m.Due)
			if own.Met[m.ID] != "" || days > weekBefore {
				continue
			}
			stage := record.Week
			switch {
			case days < 0:
				stage = record.Passed
			case days <= eveBefore:
				stage = record.Eve
			}
			x := record.Said{Consultation: f.Consultation, Agreement: a.ID, Milestone: m.ID, Due: m.Due, Stage: stage}
			if !said[x] {
				out = append(out, item{x, in(t.Title, r.Language, f.Joint.Languages), in(m.Title, r.Language, f.Joint.Languages), days})
			}
		}
	}
	return out
}

// in is a text in a language, or in the first of the others that it has.
func in(w meeting.Words, l meeting.Language, others []meeting.Language) string {
	if w[l] != "" {
		return w[l]
	}
	for _, o := range others {
		if w[o] != "" {
			return w[o]
		}
	}
	return ""
}
