package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"strings"
)

// Migrations are numbered files; each is applied once, in its own transaction. One that has been released is never edited.
//
//go:embed schema/*.sql
var schema embed.FS

// migrate brings a database from whatever version to the newest. An unknown newer version is refused: an older program would
// write what the newer one does not understand.
func (s *Store) migrate(ctx context.Context) error {
	files, err := schema.ReadDir("schema")
	if err != nil {
		return err
	}
	for {
		v, err := s.step(ctx, len(files))
		if err != nil {
			return fmt.Errorf("migrate store: %w", err)
		}
		if v == len(files) {
			return nil
		}
	}
}

// step applies the next migration, if there is one, and returns the version reached.
func (s *Store) step(ctx context.Context, newest int) (int, error) {
	tx, err := s.begin(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if _, err := tx.ExecContext(ctx, s.engine.ddl(`CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY)`)); err != nil {
		return 0, err
	}
	var v int
	if err := tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM migrations`).Scan(&v); err != nil {
		return 0, err
	}
	if v > newest {
		return v, fmt.Errorf("the database has version %d and this program knows %d: use a newer program", v, newest)
	}
	if v < newest {
		v++
		b, err := schema.ReadFile(fmt.Sprintf("schema/%04d.sql", v))
		if err != nil {
			return v, err
		}
		for _, q := range strings.Split(string(b), ";\n") {
			if empty(q) {
				continue
			}
			if _, err := tx.ExecContext(ctx, s.engine.ddl(q)); err != nil {
				return v, fmt.Errorf("version %d: %w", v, err)
			}
		}
		if err := s.fill(ctx, tx, v); err != nil {
			return v, fmt.Errorf("version %d: %w", v, err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO migrations (version) VALUES (?)`, v); err != nil {
			return v, err
		}
	}
	return v, tx.Commit()
}

// empty: nothing but lines of comment, as in a version that fill alone brings.
func empty(statement string) bool {
	for line := range strings.Lines(statement) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "--") {
			return false
		}
	}
	return true
}

// logVersion is the migration that brings the log.
const logVersion = 2

// searchVersion is the migration that brings the search, as it is now.
const searchVersion = 4

// termsVersion is the migration that brings the terms in effect back into the search.
const termsVersion = 10

// fill does what SQL cannot say for a version.
func (s *Store) fill(ctx context.Context, tx *sql.Tx, version int) error {
	switch version {
	case logVersion:
		return s.logAll(ctx, tx)
	case searchVersion:
		return indexAll(ctx, tx)
	case termsVersion:
		return indexHiddenTerms(ctx, tx)
	}
	return nil
}
