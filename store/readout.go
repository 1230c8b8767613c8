package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"astara/meeting"
	"astara/record"
)

// publish folds what has just been stored into what the public may read, and signs it for the side whose it is.
func (s *Store) publish(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, events []meeting.Event) error {
	for _, e := range events {
		var err error
		switch b := e.Body.(type) {
		case meeting.EmbargoSet:
			if _, err = tx.ExecContext(ctx, `DELETE FROM readout_moments WHERE consultation = ?`, id); err == nil && b.At != nil {
				err = putMoment(ctx, tx, id, "", *b.At)
			}
		case meeting.AloneAnnounced:
			err = putMoment(ctx, tx, id, e.Party, b.At)
		case meeting.ReadinessWithdrawn:
			_, err = tx.ExecContext(ctx, `DELETE FROM readout_moments WHERE consultation = ? AND party = ?`, id, e.Party)
		case meeting.ReadoutPublished:
			_, err = tx.ExecContext(ctx, `DELETE FROM readout_moments WHERE consultation = ? AND (party = ? OR party = '')`, id, e.Party)
			err = errors.Join(err, s.putReadout(ctx, tx, id, e.Party, meeting.Publication{At: e.At, By: b.By, Occasion: b.Occasion, Title: b.Title, Parts: b.Parts,
				Corrections: []meeting.Correction{}}))
		case meeting.ReadoutCorrected:
			var a record.Account
			if a, err = readout(tx.QueryRowContext(ctx, readoutQuery+` WHERE consultation = ? AND party = ?`, id, e.Party)); err == nil {
				a.Corrections = append(a.Corrections, meeting.Correction{At: e.At, By: e.By, Text: b.Text})
				err = s.putReadout(ctx, tx, id, e.Party, a.Publication)
			}
		}
		if err != nil {
			return fmt.Errorf("publish: %w", err)
		}
	}
	return nil
}

func putMoment(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, p meeting.PartyID, at time.Time) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO readout_moments (consultation, party, at) VALUES (?, ?, ?)
		ON CONFLICT (consultation, party) DO UPDATE SET at = excluded.at`, id, p, stamp(at))
	return err
}

func (s *Store) putReadout(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, p meeting.PartyID, x meeting.Publication) error {
	k, ok, err := s.key(tx.QueryRowContext(ctx, keyQuery, p), p)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("%s has no key", p)
	}
	signed, err := record.SignAccount(id, k, x)
	if err != nil {
		return err
	}
	body, err := json.Marshal(x)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO readouts (consultation, party, at, body, note) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (consultation, party) DO UPDATE SET body = excluded.body, note = excluded.note`, id, p, stamp(x.At), string(body), signed)
	return err
}

const readoutQuery = `SELECT consultation, party, body, note FROM readouts`

func readout(r row) (a record.Account, err error) {
	var body string
	if err = r.Scan(&a.Consultation, &a.Party, &body, &a.Note); err == nil {
		err = json.Unmarshal([]byte(body), &a.Publication)
	}
	return a, err
}

// Readouts are the published accounts of a consultation, in the order of the table.
func (s *Store) Readouts(ctx context.Context, id meeting.ConsultationID) ([]record.Account, error) {
	list, err := rows(ctx, s.read, readout, readoutQuery+` WHERE consultation = ? ORDER BY party`, id)
	if err != nil {
		return nil, fmt.Errorf("readouts of %s: %w", id, err)
	}
	place := func(a record.Account) int {
		return slices.IndexFunc(a.Occasion.Parties, func(p meeting.Party) bool { return p.ID == a.Party })
	}
	slices.SortStableFunc(list, func(a, b record.Account) int { return place(a) - place(b) })
	return list, nil
}

// LatestReadouts are those published last, of one party or of all, the latest first.
func (s *Store) LatestReadouts(ctx context.Context, p meeting.PartyID, most int) ([]record.Account, error) {
	return rows(ctx, s.read, readout, readoutQuery+` WHERE party = ? OR ? = '' ORDER BY at DESC, consultation, party LIMIT ?`, p, p, most)
}

// NextMoment implements room.Moments.
func (s *Store) NextMoment(ctx context.Context, after time.Time) (at time.Time, ids []meeting.ConsultationID, err error) {
	first, err := one[sql.NullString](s.read.QueryRowContext(ctx, `SELECT MIN(at) FROM readout_moments WHERE at > ?`, stamp(after)))
	if err != nil || !first.Valid {
		return at, nil, err
	}
	ids, err = rows(ctx, s.read, one[meeting.ConsultationID], `SELECT DISTINCT consultation FROM readout_moments WHERE at = ? ORDER BY consultation`, first.String)
	return at, ids, errors.Join(err, moment{&at}.Scan(first.String))
}

// accountPassages are what is found of a side's account: its title and its paragraphs.
func accountPassages(k record.Kind, title meeting.Words, parts []meeting.Words, readers []meeting.PartyID) []passage {
	var out []passage
	for _, words := range append(slices.Clone(parts), title) { // the title is the last, and found first
		for _, l := range slices.Sorted(maps.Keys(words)) {
			out = append(out, passage{kind: k, language: l, text: words[l], readers: readers})
		}
	}
	return out
}

// readoutPassages: a draft is found by its own side, and only as it stands; what is published by all.
func readoutPassages(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, parties []meeting.PartyID, e meeting.Event) ([]passage, error) {
	var parts []meeting.Words
	switch b := e.Body.(type) {
	case meeting.AccountWritten:
		for _, x := range b.Parts {
			parts = append(parts, x.Text)
		}
		return accountPassages(record.Draft, b.Title, parts, []meeting.PartyID{e.Party}), undraft(ctx, tx, id, e.Party)
	case meeting.ReadoutPublished:
		for _, x := range b.Parts {
			parts = append(parts, x.Text)
		}
		return accountPassages(record.Readout, b.Title, parts, parties), undraft(ctx, tx, id, e.Party)
	case meeting.ReadoutCorrected:
		return accountPassages(record.Readout, b.Text, nil, parties), nil
	}
	return nil, nil
}

func undraft(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, p meeting.PartyID) error {
	return unindex(ctx, tx, `consultation = ? AND kind = ? AND party = ?`, id, record.Draft, p)
}
