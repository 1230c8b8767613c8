package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "modernc.org/sqlite" // the driver

	"astara/meeting"
	"astara/record"
)

// sqlite is a database in a file.
type sqlite struct{ path string }

func (q sqlite) open() (write, read *sql.DB, err error) {
	if err := own(q.path); err != nil {
		return nil, nil, err
	}
	// One connection writes: writers of this process queue there and not on the file's lock. What is erased is overwritten.
	write, err = q.connect(1, "_txlock=immediate", "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)", "_pragma=secure_delete(1)")
	if err != nil {
		return nil, nil, err
	}
	// Several read: WAL lets them beside the writer.
	if read, err = q.connect(4, "_pragma=query_only(1)"); err != nil {
		return nil, nil, errors.Join(err, write.Close())
	}
	return write, read, nil
}

// own makes the file for its owner only: the node's key is in it. SQLite gives -wal and -shm the same rights.
func own(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func (q sqlite) connect(most int, options ...string) (*sql.DB, error) {
	abs, err := filepath.Abs(q.path)
	if err != nil {
		return nil, err
	}
	dsn := "file:" + (&url.URL{Path: abs}).EscapedPath() + "?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)"
	for _, o := range options {
		dsn += "&" + o
	}
	return pool("sqlite", dsn, most)
}

func pool(driver, dsn string, most int) (*sql.DB, error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, err
	}
	return db, limit(db, most)
}

// limit sets how many connections a pool has, and asks whether the database answers; else it closes it.
func limit(db *sql.DB, most int) error {
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	if err := db.Ping(); err != nil {
		return errors.Join(err, db.Close())
	}
	return nil
}

func (sqlite) ddl(statement string) string { return statement }

// begin: a transaction that writes begins IMMEDIATE.
func (sqlite) begin(context.Context, *sql.Tx) error { return nil }

// serve: the lock of the data directory does it.
func (sqlite) serve(context.Context, *sql.DB) (io.Closer, error) { return io.NopCloser(nil), nil }

func (sqlite) has(ctx context.Context, db *sql.DB, table string) (bool, error) {
	n, err := one[int](db.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?`, table))
	return n > 0, err
}

// matches: keys are letters and digits, so nothing in them is taken for a word of the index's language; they are quoted all the same.
func (sqlite) matches(p meeting.PartyID, q record.Query) []match {
	var exact, whole, begun []string
	for i, word := range q.Words {
		exact = append(exact, `exact : "`+q.Exact[i]+`"`)
		var any, longer []string
		for _, k := range word {
			any = append(any, `"`+k+`"`)
			if record.Prefix(k) {
				longer = append(longer, `"`+k+`" *`)
			} else {
				longer = append(longer, `"`+k+`"`)
			}
		}
		whole = append(whole, `keys : (`+strings.Join(any, " OR ")+`)`)
		begun = append(begun, `keys : (`+strings.Join(longer, " OR ")+`)`)
	}
	var out []match
	for _, words := range [][]string{exact, whole, begun} {
		out = append(out, match{`passage_keys MATCH ?`, []any{strings.Join(words, " AND ") + ` AND readers : "` + reader(p) + `"`}})
	}
	return out
}

func (sqlite) joins(p meeting.PartyID, q record.Query) []match {
	var out []match
	for _, longer := range []bool{false, true} {
		joined := joinedQuestion(q, " AND ", " OR ", func(k string) string {
			if longer && q.Longer(k) {
				return `"` + k + `" *`
			}
			return `"` + k + `"`
		})
		out = append(out, match{`passage_keys MATCH ?`, []any{`keys : (` + joined + `) AND readers : "` + reader(p) + `"`}})
	}
	return out
}

// found: the index gives its rows in their order, so that only those that are wanted are read.
func (sqlite) found(m match, below int64, most int) (string, []any) {
	return foundQuery(`SELECT rowid AS id FROM passage_keys WHERE ` + m.where + ` AND rowid < ? ORDER BY rowid DESC LIMIT ?`), append(slices.Clone(m.args), below, most)
}

// forget: else words that were taken out stay in the index's older parts.
func (sqlite) forget(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO passage_keys (passage_keys) VALUES ('optimize')`)
	return err
}

func (sqlite) erased(context.Context, *sql.DB, ...string) error { return nil } // secure_delete has overwritten it
func (sqlite) numbered(context.Context, *sql.Tx) error          { return nil } // after the highest that is there

func (sqlite) backup(ctx context.Context, db *sql.DB, to string) error {
	if _, err := os.Lstat(to); err == nil {
		return fmt.Errorf("%s is there already", to)
	}
	if err := own(to); err != nil { // VACUUM INTO takes an empty file, and keeps its rights
		return err
	}
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return nil
}
