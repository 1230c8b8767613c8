package store

import (
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"

	"astara/meeting"
	"astara/store/storetest"
)

// TestConnectionsThatDie, as when the server is started anew, are made again without an error.
func TestConnectionsThatDie(t *testing.T) {
	storetest.Only(t, true) // connections of a server, which a file has not
	where := newPlace(t)
	where.database += "&application_name=" + t.Name() // other tests' connections stay
	s := where.open(t)
	m, onlooker := seated(t, s, "c1"), newPlace(t).open(t)
	for range 3 {
		for _, db := range []interface{ Ping() error }{s.read, s.write} {
			if err := db.Ping(); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := onlooker.read.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ?`, t.Name()); err != nil {
			t.Fatal(err)
		}
		for alive := 1; alive > 0; { // a signal takes its time
			if err := onlooker.read.QueryRow(`SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = ?`, t.Name()).Scan(&alive); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", say("again"))); err != nil {
			t.Error(err)
		}
		if _, err := s.Events(t.Context(), "c1"); err != nil {
			t.Error(err)
		}
	}
	wholeLog(t, s, "c1")
}

// TestOneNodeServes: a second one is refused until the first has ended, however that was.
func TestOneNodeServes(t *testing.T) {
	storetest.Only(t, true) // a file has the lock of its directory
	where := newPlace(t)
	a, b := where.open(t), where.open(t)
	hold, err := a.Serve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Serve(t.Context()); !errors.Is(err, ErrServed) {
		t.Errorf("got %v, want %v", err, ErrServed)
	}
	if err := hold.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := b.Serve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// TestDump: what pg_dump wrote and psql read is the record, and goes on.
func TestDump(t *testing.T) {
	storetest.Only(t, true) // pg_dump and psql
	where := newPlace(t)
	s := where.open(t)
	m := seated(t, s, "c1")
	want := must(s.Events(t.Context(), "c1"))
	u := must(url.Parse(where.database))
	q := u.Query()
	schema := q.Get("search_path")
	q.Del("search_path")
	u.RawQuery = q.Encode()
	file := filepath.Join(t.TempDir(), "record.sql")
	tool := func(name string, args ...string) {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	tool("pg_dump", "--dbname="+u.String(), "--schema="+schema, "--file="+file)
	if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", say("after the dump"))); err != nil {
		t.Fatal(err)
	}
	tool("psql", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname="+u.String(), "--command=SET client_min_messages = warning", "--command=DROP SCHEMA "+schema+" CASCADE", "--output="+os.DevNull)
	tool("psql", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname="+u.String(), "--file="+file, "--output="+os.DevNull)
	back := where.open(t)
	if got := must(back.Events(t.Context(), "c1")); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	wholeLog(t, back, "c1")
	if err := back.Append(t.Context(), "c1", decide(t, seatedAgain(want), "roads-ir/sara", say("بازگشت"))); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, back, "roads-az", "بازگشت", "بازگشت")
}

// seatedAgain is a consultation as its events tell it, with its secretary at the table.
func seatedAgain(events []meeting.Event) *meeting.Meeting {
	m := meeting.Restore("c1", events)
	m.Apply(meeting.Event{Seq: m.Seq, Body: meeting.MemberCame{Member: "roads-ir/sara"}})
	return m
}
