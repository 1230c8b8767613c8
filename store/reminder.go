package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/record"
)

// Reminded is where a secretary is reminded, and whether.
func (s *Store) Reminded(ctx context.Context, who meeting.MemberID) (address string, wanted bool, err error) {
	var n int
	_, err = none(true, s.read.QueryRowContext(ctx, `SELECT address, wanted FROM reminded WHERE secretary = ?`, who).Scan(&address, &n))
	if errors.Is(err, auth.ErrNone) {
		err = nil
	}
	return address, n == 1, err
}

// PutReminded changes it.
func (s *Store) PutReminded(ctx context.Context, who meeting.MemberID, address string, wanted bool) error {
	_, err := s.write.ExecContext(ctx, `INSERT INTO reminded (secretary, address, wanted) VALUES (?, ?, ?)
		ON CONFLICT (secretary) DO UPDATE SET address = excluded.address, wanted = excluded.wanted`, who, address, bit(wanted))
	if err != nil {
		return fmt.Errorf("reminders of %s: %w", who, err)
	}
	return nil
}

// Readers are all secretaries who want to be reminded, whose accounts have not ended.
func (s *Store) Readers(ctx context.Context) ([]record.Reader, error) {
	return rows(ctx, s.read, func(r row) (x record.Reader, err error) {
		err = r.Scan(&x.ID, &x.Name, &x.Language, &x.Address)
		return x, err
	}, `SELECT s.id, s.name, s.language, m.address FROM reminded AS m JOIN secretaries AS s ON s.id = m.secretary
		WHERE m.wanted = 1 AND m.address <> '' AND s.ended = '' ORDER BY s.id`)
}

// SaidTo is what a secretary was told, and when last.
func (s *Store) SaidTo(ctx context.Context, who meeting.MemberID) (map[record.Said]bool, time.Time, error) {
	var last time.Time
	list, err := rows(ctx, s.read, func(r row) (x record.Said, err error) {
		var at time.Time
		err = r.Scan(&x.Consultation, &x.Agreement, &x.Milestone, &x.Due, &x.Stage, moment{&at})
		if at.After(last) {
			last = at
		}
		return x, err
	}, `SELECT consultation, agreement, milestone, due, stage, sent FROM reminders WHERE secretary = ?`, who)
	out := map[record.Said]bool{}
	for _, x := range list {
		out[x] = true
	}
	return out, last, err
}

// Say keeps what a secretary was told: all of it or nothing.
func (s *Store) Say(ctx context.Context, who meeting.MemberID, list []record.Said, at time.Time) error {
	return s.change(ctx, func(tx *sql.Tx) error {
		for _, x := range list {
			if _, err := tx.ExecContext(ctx, `INSERT INTO reminders (secretary, consultation, agreement, milestone, due, stage, sent) VALUES (?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT DO NOTHING`, who, x.Consultation, x.Agreement, x.Milestone, x.Due, x.Stage, stamp(at)); err != nil {
				return err
			}
		}
		return nil
	})
}
