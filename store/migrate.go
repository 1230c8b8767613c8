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
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := schema.ReadDir("schema")
	if err != nil {
		return err
	}
	for {
		v, err := step(ctx, db, len(files))
		if err != nil {
			return fmt.Errorf("migrate store: %w", err)
		}
		if v == len(files) {
			return nil
		}
	}
}

// step applies the next migration, if there is one, and returns the version reached.
func step(ctx context.Context, db *sql.DB, newest int) (int, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }() // after Commit it does nothing
	if _, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY)`); err != nil {
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
			if strings.TrimSpace(q) == "" {
				continue
			}
			if _, err := tx.ExecContext(ctx, q); err != nil {
				return v, fmt.Errorf("version %d: %w", v, err)
			}
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO migrations (version) VALUES (?)`, v); err != nil {
			return v, err
		}
	}
	return v, tx.Commit()
}
