package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"astara/auth"
)

// ReplaceSession implements auth.Sessions.
func (s *Store) ReplaceSession(ctx context.Context, x auth.Session, take bool) (moved int, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM sessions WHERE kind = ? AND owner = ? AND ended = '' AND used <> '' AND expires > ?`,
			x.Kind, x.Owner, stamp(x.Created)).Scan(&moved)
		if err != nil {
			return err
		}
		if moved > 0 && !take {
			return auth.ErrHeld
		}
		if _, err := tx.ExecContext(ctx, `UPDATE sessions SET ended = ? WHERE kind = ? AND owner = ? AND ended = ''`,
			stamp(x.Created), x.Kind, x.Owner); err != nil {
			return err
		}
		return addSession(ctx, tx, x)
	})
	return moved, err
}

// AddSession implements auth.Sessions.
func (s *Store) AddSession(ctx context.Context, x auth.Session) error {
	return s.change(ctx, func(tx *sql.Tx) error { return addSession(ctx, tx, x) })
}

func addSession(ctx context.Context, tx *sql.Tx, x auth.Session) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO sessions (id, kind, owner, created, used, expires, ended) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		x.ID, x.Kind, x.Owner, stamp(x.Created), stamp(x.Used), stamp(x.Expires), stamp(x.Ended))
	return err
}

// Session implements auth.Sessions.
func (s *Store) Session(ctx context.Context, id auth.SessionID) (auth.Session, error) {
	x := auth.Session{ID: id}
	err := s.read.QueryRowContext(ctx, `SELECT kind, owner, created, used, expires, ended FROM sessions WHERE id = ?`, id).
		Scan(&x.Kind, &x.Owner, moment{&x.Created}, moment{&x.Used}, moment{&x.Expires}, moment{&x.Ended})
	return none(x, err)
}

// SessionUsed implements auth.Sessions.
func (s *Store) SessionUsed(ctx context.Context, id auth.SessionID, at, expires time.Time) error {
	_, err := s.write.ExecContext(ctx, `UPDATE sessions SET used = ?, expires = ? WHERE id = ? AND ended = ''`, stamp(at), stamp(expires), id)
	return err
}

// EndSession implements auth.Sessions.
func (s *Store) EndSession(ctx context.Context, id auth.SessionID, at time.Time) error {
	_, err := s.write.ExecContext(ctx, `UPDATE sessions SET ended = ? WHERE id = ? AND ended = ''`, stamp(at), id)
	return err
}

// EndSessionsOf ends all of an owner's: the person signs in again.
func (s *Store) EndSessionsOf(ctx context.Context, k auth.SessionKind, owner string, at time.Time) error {
	_, err := s.write.ExecContext(ctx, `UPDATE sessions SET ended = ? WHERE kind = ? AND owner = ? AND ended = ''`, stamp(at), k, owner)
	return err
}

// SessionSince is when an owner's session began that stands now; zero: there is none.
func (s *Store) SessionSince(ctx context.Context, k auth.SessionKind, owner string, now time.Time) (at time.Time, err error) {
	_, err = none(true, s.read.QueryRowContext(ctx, `SELECT created FROM sessions WHERE kind = ? AND owner = ? AND ended = '' AND expires > ? ORDER BY created DESC LIMIT 1`,
		k, owner, stamp(now)).Scan(moment{&at}))
	if errors.Is(err, auth.ErrNone) {
		err = nil
	}
	return at, err
}

// SweepSessions implements auth.Sessions.
func (s *Store) SweepSessions(ctx context.Context, before time.Time) error {
	_, err := s.write.ExecContext(ctx, `DELETE FROM sessions WHERE expires < ? OR ended <> '' AND ended < ?`, stamp(before), stamp(before))
	return err
}
