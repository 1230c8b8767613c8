package store

import (
	"bufio"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/record"
	"astara/store/storetest"
)

// wholeLog fails unless every event of a consultation has its entry and every entry its event, and all of it verifies.
func wholeLog(t *testing.T, s *Store, id meeting.ConsultationID) record.Verified {
	t.Helper()
	events, err := s.Events(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	x, err := s.Export(t.Context(), id, func(uint64) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	b, err := x.Pack()
	if err != nil {
		t.Fatal(err)
	}
	v, err := record.Verify(b)
	if err != nil || v.Entries != int64(len(events)) || v.Consultation != id {
		t.Fatalf("got %+v, %v, want the %d events of %s", v, err, len(events), id)
	}
	for i, l := range x.Lines {
		if l.Fact.Seq != events[i].Seq {
			t.Fatalf("entry %d: got event %d, want %d", i, l.Fact.Seq, events[i].Seq)
		}
	}
	var entries, hashes int
	if err := s.read.QueryRow(`SELECT (SELECT COUNT(*) FROM entries), (SELECT COUNT(*) FROM events)`).Scan(&entries, &hashes); err != nil || entries != hashes {
		t.Fatalf("got %d entries of %d events, %v", entries, hashes, err)
	}
	return v
}

func say(text string) meeting.Command { return meeting.SayChat{To: meeting.All, Text: text} }

// seated is a consultation with its secretary at the table.
func seated(t *testing.T, s *Store, id meeting.ConsultationID) *meeting.Meeting {
	m, _ := called(t, s, id)
	decide(t, m, "roads-ir/sara", meeting.Come{})
	return m
}

func TestEveryEventHasItsEntry(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	seated(t, s, "c2")
	for i := range 40 {
		if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", say(fmt.Sprint("x", i)))); err != nil {
			t.Fatal(err)
		}
	}
	if v := wholeLog(t, s, "c1"); v.State() != record.Sealed || v.Entries != 42 {
		t.Errorf("got %+v, %v, want 42 sealed entries", v, v.State())
	}
	if err := s.Append(t.Context(), "c1", []meeting.Event{{Seq: 1000, At: noon, Party: "paris", By: "paris/x", Type: "chat.said", Body: meeting.ChatSaid{To: meeting.All, Text: "x"}}}); err == nil {
		t.Error("a fact of a party without a key: got no error")
	}
	wholeLog(t, s, "c1")
}

func TestAnErasedMessageLeavesTheRecordWhole(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	said := decide(t, m, "roads-ir/sara", say("محرمانه"))
	if err := errors.Join(s.Append(t.Context(), "c1", said), s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", say("next")))); err != nil {
		t.Fatal(err)
	}
	if err := s.EraseMessage(t.Context(), "c1", said[0].Seq, eraser, noon); err != nil {
		t.Fatal(err)
	}
	v := wholeLog(t, s, "c1")
	if v.Erased != 1 || v.Unexplained != 0 || len(v.Erasures) != 1 || v.Erasures[0].Person != eraser.Person || v.Erasures[0].Authority != eraser.Authority || v.State() != record.Sealed {
		t.Errorf("got %+v, want one erased, and who did it", v)
	}
	events, err := s.Events(t.Context(), "c1")
	if err != nil {
		t.Fatal(err)
	}
	if got := meeting.Restore("c1", events).Chat; len(got) != 1 || got[0].Text != "next" {
		t.Errorf("got %v, want the other message only", got)
	}
	for _, seq := range []uint64{said[0].Seq, 1, 1000} {
		if err := s.EraseMessage(t.Context(), "c1", seq, eraser, noon); !errors.Is(err, auth.ErrNone) {
			t.Errorf("message %d: got %v, want %v", seq, err, auth.ErrNone)
		}
	}
	for name, b := range tableFiles(t, s) {
		if strings.Contains(b, "محرمانه") {
			t.Errorf("%s still has the words", name)
		}
	}
}

// tableFiles are what the disk has of a database's tables.
func tableFiles(t *testing.T, s *Store) map[string]string {
	t.Helper()
	dir, flush := filepath.Dir(s.secret), `PRAGMA wal_checkpoint(TRUNCATE)`
	if _, ok := s.engine.(postgres); ok {
		dir, flush = filepath.Join(must(one[string](s.write.QueryRow(`SHOW data_directory`))), "base"), `CHECKPOINT`
	}
	if _, err := s.write.Exec(flush); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		files[path] = string(b)
		if errors.Is(err, fs.ErrNotExist) { // another test's table, which has just gone
			err = nil
		}
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d files, %v", len(files), err)
	}
	return files
}

// TestTheLogOfEarlierConsultations: a database from before there was a log gets keys, entries and an index when it is opened.
func TestTheLogOfEarlierConsultations(t *testing.T) {
	storetest.Only(t, false) // PostgreSQL came after the log
	now := open(t)
	m := seated(t, now, "c1")
	if err := now.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", say("سلام"))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "astara.db")
	db := must(sql.Open("sqlite", path))
	db.SetMaxOpenConns(1) // what is attached belongs to a connection
	run := func(q string, args ...any) {
		t.Helper()
		if _, err := db.Exec(q, args...); err != nil {
			t.Fatal(err)
		}
	}
	run(string(must(schema.ReadFile("schema/0001.sql"))))
	run(`CREATE TABLE migrations (version INTEGER PRIMARY KEY)`)
	run(`INSERT INTO migrations VALUES (1)`)
	run(`ATTACH ? AS now`, filepath.Join(filepath.Dir(now.secret), "astara.db"))
	for _, table := range []string{"parties", "consultations", "consultation_parties", "events"} {
		columns := strings.Join(must(rows(t.Context(), db, one[string], `SELECT name FROM pragma_table_info(?)`, table)), ", ")
		run(`INSERT INTO main.` + table + ` (` + columns + `) SELECT ` + columns + ` FROM now.` + table)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path)
	if v := wholeLog(t, s, "c1"); v.Entries != 3 || v.State() != record.Sealed {
		t.Errorf("got %+v, want three sealed entries", v)
	}
	wantTexts(t, s, "roads-az", "سلام", "سلام")
	wantTexts(t, s, "roads-az", "demir", "Dəmir yolu")
	if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", say("next"))); err != nil {
		t.Error(err)
	}
	wholeLog(t, s, "c1")
}

func TestKeysWithoutTheirSecret(t *testing.T) {
	where := newPlace(t)
	s, err := OpenAt(where.dir, where.database)
	if err != nil {
		t.Fatal(err)
	}
	m := seated(t, s, "c1")
	keys := map[meeting.PartyID]record.Key{}
	for _, p := range parties() {
		k, ok, err := s.PartyKey(t.Context(), p.ID)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		keys[p.ID] = k
	}
	if i, err := os.Stat(s.secret); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("rights of the secret: got %v, %v, want 0600", i.Mode(), err)
	}
	for _, secret := range []string{"", "bm90IHRoZSBzZWNyZXQgdGhhdCBsb2NrZWQgdGhlIGtleXM="} { // none, and another one
		if err := errors.Join(s.Close(), os.Remove(s.secret)); err != nil {
			t.Fatal(err)
		}
		if secret != "" {
			if err := os.WriteFile(s.secret, []byte(secret), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if s, err = OpenAt(where.dir, where.database); err != nil {
			t.Fatal(err)
		}
		wholeLog(t, s, "c1") // it can be read
		if err := s.Unlocked(t.Context()); !errors.Is(err, record.ErrLocked) {
			t.Errorf("got %v, want %v", err, record.ErrLocked)
		}
		copied := meeting.Restore("c1", must(s.Events(t.Context(), "c1")))
		copied.Apply(meeting.Event{Seq: m.Seq, Body: meeting.MemberCame{Member: "roads-ir/sara"}})
		if err := s.Append(t.Context(), "c1", decide(t, copied, "roads-ir/sara", say("x"))); !errors.Is(err, record.ErrLocked) {
			t.Errorf("got %v, want %v", err, record.ErrLocked)
		}
		for _, k := range keys {
			if err := s.ReturnKey(t.Context(), k); err != nil {
				t.Fatal(err)
			}
		}
		stranger, err := record.NewKey("roads-ir")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.ReturnKey(t.Context(), stranger); err == nil {
			t.Error("another key: got no error")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s, err = OpenAt(where.dir, where.database); err != nil {
			t.Fatal(err)
		}
		if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", say("again"))); err != nil {
			t.Error(err)
		}
	}
	wholeLog(t, s, "c1")
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// ---- being killed ---------------------------------------------------------------------------------------------------

// TestMain lets this test be started again as the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("ASTARA_WRITE_UNTIL_KILLED"); dir != "" {
		writeUntilKilled(place{dir, os.Getenv("ASTARA_WRITE_TO")})
		return
	}
	os.Exit(m.Run())
}

// writeUntilKilled appends one to three events at a time for ever, and says on standard output what has been stored.
func writeUntilKilled(where place) {
	s := must(OpenAt(where.dir, where.database))
	m := meeting.Restore("c1", must(s.Events(context.Background(), "c1")))
	m.Apply(meeting.Event{Seq: m.Seq, Body: meeting.MemberCame{Member: "roads-ir/sara"}})
	fmt.Println("open")
	for n := 0; ; n++ {
		var all []meeting.Event
		for range n%3 + 1 {
			events := must(m.Decide("roads-ir/sara", say(fmt.Sprint("سلام ", n)), time.Now()))
			m.Apply(events[0])
			all = append(all, events...)
		}
		if err := s.Append(context.Background(), "c1", all); err != nil {
			panic(err)
		}
		fmt.Println(m.Seq)
	}
}

// TestTheLogOutlivesAProcessThatIsKilled kills a process that writes, at moments that nobody chose, again and again on one database.
func TestTheLogOutlivesAProcessThatIsKilled(t *testing.T) {
	rounds := 40
	if testing.Short() {
		rounds = 5
	}
	where := newPlace(t)
	s, err := OpenAt(where.dir, where.database)
	if err != nil {
		t.Fatal(err)
	}
	seated(t, s, "c1")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range rounds {
		said := killedWriter(t, where)
		s, err := OpenAt(where.dir, where.database)
		if err != nil {
			t.Fatal(err)
		}
		wholeLog(t, s, "c1")
		events, err := s.Events(t.Context(), "c1")
		if err != nil || events[len(events)-1].Seq < said {
			t.Fatalf("the process said that it had stored %d: got %d, %v", said, events[len(events)-1].Seq, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killedWriter runs a writer, kills it within 30 ms of some message of it, and returns the last number that it said was stored.
func killedWriter(t *testing.T, where place) uint64 {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ASTARA_WRITE_UNTIL_KILLED="+where.dir, "ASTARA_WRITE_TO="+where.database)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines, last := bufio.NewScanner(out), uint64(0)
	after := rand.IntN(12)
	for n := 0; lines.Scan(); n++ {
		if n == after {
			time.AfterFunc(time.Duration(rand.IntN(30_000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
		}
		if lines.Text() != "open" {
			if last, err = strconv.ParseUint(lines.Text(), 10, 64); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := cmd.Wait(); err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("the writer ended by itself: %v", err)
	}
	return last
}

// TestTheLogAfterEachStatement takes what the disk holds after each single statement of an Append, as if the process had been killed
// there, and opens that.
func TestTheLogAfterEachStatement(t *testing.T) {
	storetest.Only(t, false) // it copies the file between statements
	s := openAt(t, filepath.Join(t.TempDir(), Name))
	m := seated(t, s, "c1")
	before := len(must(s.Events(t.Context(), "c1")))
	said := append(decide(t, m, "roads-ir/sara", say("یک")), decide(t, m, "roads-ir/sara", say("دو"))...)

	cuts := cutAfterEach(t, s, func() error { return s.Append(t.Context(), "c1", said) })
	if len(cuts) < 12 {
		t.Errorf("got %d statements, want those of events, entries, hashes and checkpoint", len(cuts))
	}
	for i, path := range cuts {
		want := before
		if i == len(cuts)-1 {
			want += len(said)
		}
		if v := wholeLog(t, openAt(t, filepath.Join(path, "astara.db")), "c1"); v.Entries != int64(want) {
			t.Errorf("after statement %d of %d: got %d entries, want %d", i, len(cuts), v.Entries, want)
		}
	}
}

// cutAfterEach copies what the disk holds after each statement of a deed, and once more after it.
func cutAfterEach(t *testing.T, s *Store, deed func() error) (cuts []string) {
	t.Helper()
	dir, to := filepath.Dir(s.secret), t.TempDir()
	cut := func() {
		after := filepath.Join(to, fmt.Sprint("cut", len(cuts)))
		if err := os.Mkdir(after, 0o700); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{Name, Name + "-wal", SecretName} {
			if err := os.WriteFile(filepath.Join(after, name), must(os.ReadFile(filepath.Join(dir, name))), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cuts = append(cuts, after)
	}
	watched := &watchedConn{after: cut}
	real := s.write
	defer func() { s.write = real }()
	conn := must(real.Conn(t.Context()))
	if err := conn.Raw(func(c any) error { watched.Conn = c.(driver.Conn); return nil }); err != nil {
		t.Fatal(err)
	}
	s.write = sql.OpenDB(watched)
	s.write.SetMaxOpenConns(1)
	if err := deed(); err != nil {
		t.Fatal(err)
	}
	cut()
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	return cuts
}

// watchedConn is a connection of SQLite that tells of each statement that changed something. It is its own connector.
type watchedConn struct {
	driver.Conn
	after func()
}

func (c *watchedConn) Connect(context.Context) (driver.Conn, error) { return c, nil }
func (c *watchedConn) Driver() driver.Driver                        { return nil }
func (c *watchedConn) Close() error                                 { return nil } // the store closes it

func (c *watchedConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	return c.Conn.(driver.ConnBeginTx).BeginTx(ctx, o)
}

func (c *watchedConn) QueryContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Rows, error) {
	return c.Conn.(driver.QueryerContext).QueryContext(ctx, q, args)
}

func (c *watchedConn) ExecContext(ctx context.Context, q string, args []driver.NamedValue) (driver.Result, error) {
	defer c.after()
	return c.Conn.(driver.ExecerContext).ExecContext(ctx, q, args)
}

func (c *watchedConn) PrepareContext(ctx context.Context, q string) (driver.Stmt, error) {
	x, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, q)
	return watchedStmt{x, c.after}, err
}

type watchedStmt struct {
	driver.Stmt
	after func()
}

func (x watchedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	defer x.after()
	return x.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}
