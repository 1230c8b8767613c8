// Package storetest tells tests which database to use, so that one suite is run on both: SQLite, or PostgreSQL where ASTARA_TEST_POSTGRES
// is the address of a server. It imports nothing of ours.
package storetest

import (
	"crypto/rand"
	"net/url"
	"os"
	"strings"
	"testing"

	"database/sql"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

// Database is a new and empty one for store.OpenAt: the address of a schema of its own, which goes with the test, or nothing, which is SQLite.
func Database(t testing.TB) string {
	t.Helper()
	server := os.Getenv("ASTARA_TEST_POSTGRES")
	if server == "" {
		return ""
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	schema := "t" + strings.ToLower(rand.Text())
	if _, err := db.ExecContext(t.Context(), `CREATE SCHEMA `+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec(`DROP SCHEMA ` + schema + ` CASCADE`); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// Only skips a test that is about one of the two.
func Only(t testing.TB, postgres bool) {
	t.Helper()
	if (os.Getenv("ASTARA_TEST_POSTGRES") != "") != postgres {
		t.Skip("is about " + map[bool]string{true: "PostgreSQL", false: "SQLite"}[postgres])
	}
}
