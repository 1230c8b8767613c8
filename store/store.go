// Package store keeps what lasts on this node, in SQLite or PostgreSQL: consultations and their events, the directory of parties, and
// what auth needs. All SQL of the program is here, one file a noun, in words that both understand; what they do not say alike is in
// engine.go, sqlite.go and postgres.go.
//
// It holds no rules and no state of its own: the room is the one writer of a consultation, and a second one is refused by the
// numbers of the events. It may import meeting, record and auth; only cmd opens it.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"astara/auth"
	"astara/record"
)

// Store is one database. Its methods may be called from any goroutine, and several processes may have it open.
type Store struct {
	engine engine
	write  *sql.DB      // one connection
	read   *sql.DB      // several, beside the writer
	secret string       // the file
	safe   *record.Safe // opens the parties' keys; nil while their secret is not here
}

// Name is the file of SQLite in a data directory.
const Name = "astara.db"

// Open opens or makes the database in a file of SQLite. The secret of the parties' keys stands beside it.
func Open(path string) (*Store, error) {
	return openWith(engineOf(path), filepath.Join(filepath.Dir(path), SecretName))
}

// OpenAt opens or makes the database of a data directory: on a PostgreSQL server where one is named, else in the directory. The secret
// of the parties' keys is in the directory in both cases.
func OpenAt(dir, database string) (*Store, error) {
	if database == "" {
		database = filepath.Join(dir, Name)
	}
	return openWith(engineOf(database), filepath.Join(dir, SecretName))
}

// openWith brings an older database up to date.
func openWith(e engine, secret string) (*Store, error) {
	s := &Store{engine: e, secret: secret}
	var err error
	if s.write, s.read, err = e.open(); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := s.prepare(context.Background()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context) (err error) {
	if s.safe, err = s.openSafe(ctx); err != nil {
		return err
	}
	return s.migrate(ctx)
}

// Close ends it; the write-ahead log is merged into the file.
func (s *Store) Close() error { return errors.Join(s.read.Close(), s.write.Close()) }

// ErrServed answers Serve while another node has the database.
var ErrServed = errors.New("another node is serving this database")

// Serve holds the database for a node, until the result is closed.
func (s *Store) Serve(ctx context.Context) (io.Closer, error) { return s.engine.serve(ctx, s.read) }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var n int
	return s.read.QueryRowContext(ctx, `SELECT 1`).Scan(&n)
}

// Backup writes a whole and consistent copy to a new file, while this or another process goes on writing.
func (s *Store) Backup(ctx context.Context, to string) error {
	if err := s.engine.backup(ctx, s.write, to); err != nil {
		return fmt.Errorf("backup: %w", err)
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
	tx, err := s.begin(ctx)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// begin begins a transaction that writes.
func (s *Store) begin(ctx context.Context) (*sql.Tx, error) {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	if err := s.engine.begin(ctx, tx); err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return tx, nil
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
