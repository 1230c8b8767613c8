// Package store keeps what lasts on this node, in SQLite: consultations and their events, the directory of parties, and what
// auth needs. All SQL of the program is here, one file a noun, in words that PostgreSQL understands too.
//
// It holds no rules and no state of its own: the room is the one writer of a consultation, and a second one is refused by the
// numbers of the events. It may import meeting, record and auth; only cmd opens it.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver

	"astara/auth"
	"astara/record"
)

// Store is one database. Its methods may be called from any goroutine, and several processes may have it open.
type Store struct {
	write  *sql.DB      // one connection: writers of this process queue here and not on the file's lock
	read   *sql.DB      // several: WAL lets them read beside the writer
	secret string       // the file
	safe   *record.Safe // opens the parties' keys; nil while their secret is not here
}

// Open opens or makes the database, and brings an older one up to date. The secret of the parties' keys stands beside it.
func Open(path string) (*Store, error) {
	if err := own(path); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	write, err := connect(path, 1, "_txlock=immediate", "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)",
		"_pragma=secure_delete(1)") // what is erased is overwritten
	if err != nil {
		return nil, err
	}
	s := &Store{write: write, secret: filepath.Join(filepath.Dir(path), SecretName)}
	if s.safe, err = openSafe(context.Background(), write, s.secret); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	if err := s.migrate(context.Background()); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	if s.read, err = connect(path, 4, "_pragma=query_only(1)"); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return s, nil
}

// own makes the file for its owner only: the node's key is in it. SQLite gives -wal and -shm the same rights.
func own(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func connect(path string, most int, options ...string) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	dsn := "file:" + (&url.URL{Path: abs}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)"
	for _, o := range options {
		dsn += "&" + o
	}
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	if err := db.Ping(); err != nil {
		return nil, errors.Join(fmt.Errorf("open store: %w", err), db.Close())
	}
	return db, nil
}

// Close ends it; the write-ahead log is merged into the file.
func (s *Store) Close() error { return errors.Join(s.read.Close(), s.write.Close()) }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var n int
	return s.read.QueryRowContext(ctx, `SELECT 1`).Scan(&n)
}

// Backup writes a whole and consistent copy to a new file, while this or another process goes on writing.
func (s *Store) Backup(ctx context.Context, to string) error {
	if _, err := os.Lstat(to); err == nil {
		return fmt.Errorf("backup: %s is there already", to)
	}
	if err := own(to); err != nil { // VACUUM INTO takes an empty file, and keeps its rights
		return fmt.Errorf("backup: %w", err)
	}
	if _, err := s.write.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return errors.Join(fmt.Errorf("backup: %w", err), os.Remove(to))
	}
	return nil
}

// Keepers are this store as auth wants it.
func (s *Store) Keepers() auth.Keepers {
	return auth.Keepers{Settings: s, Invitations: s, Sessions: s, Secretaries: s, Passkeys: s}
}

// SettingOr implements auth.Settings.
func (s *Store) SettingOr(ctx context.Context, name, value string) (string, error) {
	var stored string
	err := s.change(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING`, name, value); err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT value FROM settings WHERE name = ?`, name).Scan(&stored)
	})
	return stored, err
}

// change runs f in one transaction.
func (s *Store) change(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// Times are RFC 3339 in UTC with all nine digits, so that they sort as text and come back exactly; none is an empty text.
const stampLayout = "2006-01-02T15:04:05.000000000Z"

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(stampLayout)
}

// moment reads a stamp; use it as a destination of Scan.
type moment struct{ to *time.Time }

func (m moment) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("time %v is no text", v)
	}
	*m.to = time.Time{}
	if text == "" {
		return nil
	}
	t, err := time.Parse(stampLayout, text)
	*m.to = t
	return err
}

// rows reads all rows of a query.
func rows[T any](ctx context.Context, db asker, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	r, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var out []T
	for r.Next() {
		v, err := scan(r)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, r.Err()
}

// asker is a *sql.DB or *sql.Tx.
type asker interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// one reads a row of one column.
func one[T any](r row) (v T, err error) {
	err = r.Scan(&v)
	return v, err
}

// row is a *sql.Row or *sql.Rows.
type row interface{ Scan(...any) error }

// none turns "no rows" into auth's word for it.
func none[T any](v T, err error) (T, error) {
	if errors.Is(err, sql.ErrNoRows) {
		err = auth.ErrNone
	}
	return v, err
}

// some is ErrNone when nothing was changed.
func some(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return auth.ErrNone
}
