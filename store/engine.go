package store

import (
	"context"
	"database/sql"
	"io"
	"strings"

	"astara/meeting"
	"astara/record"
)

// engine is what SQLite and PostgreSQL do not say alike. Everything else here is SQL that both understand, with ? for its arguments.
type engine interface {
	// open makes the connections: one that writes, several that read and cannot write.
	open() (write, read *sql.DB, err error)
	// ddl is a statement of the schema in the engine's words.
	ddl(statement string) string
	// begin is run first in each transaction that writes: after it no other one is under way, in this process or in another.
	begin(ctx context.Context, tx *sql.Tx) error
	// serve holds the database for one node, until the result is closed; errServed when another one has it.
	serve(ctx context.Context, db *sql.DB) (io.Closer, error)
	// has tells whether there is a table.
	has(ctx context.Context, db *sql.DB, table string) (bool, error)
	// matches are the questions to the index of passages, the strictest first, each with its arguments.
	matches(p meeting.PartyID, q record.Query) []match
	// joins are those by names that the glossary joined.
	joins(p meeting.PartyID, q record.Query) []match
	// found is the question, with its arguments, for the newest passages that fulfil a condition: those below a row of the index, at most so many.
	found(m match, below int64, most int) (string, []any)
	// forget makes the index give up what was taken out of it.
	forget(ctx context.Context, tx *sql.Tx) error
	// erased overwrites what was taken out of tables, outside of a transaction.
	erased(ctx context.Context, db *sql.DB, tables ...string) error
	// numbered goes on numbering the passages after those that were copied.
	numbered(ctx context.Context, tx *sql.Tx) error
	// backup writes a copy to a new file.
	backup(ctx context.Context, db *sql.DB, to string) error
}

// match is a condition on passage_keys.
type match struct {
	where string
	args  []any
}

// engineOf reads the name of a database: the address of a PostgreSQL server, or the path of a file of SQLite.
func engineOf(database string) engine {
	if IsPostgres(database) {
		return postgres{database}
	}
	return sqlite{database}
}

// IsPostgres tells whether a database's name is the address of a PostgreSQL server.
func IsPostgres(database string) bool {
	return strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://")
}
