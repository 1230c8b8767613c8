package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/store/storetest"
)

var noon = time.Date(2026, 3, 20, 12, 0, 0, 123456789, time.UTC)

func open(t *testing.T) *Store {
	t.Helper()
	return newPlace(t).open(t)
}

// place is where a database is, to be opened again.
type place struct{ dir, database string }

// newPlace is an empty one, on whichever of the two databases is tested.
func newPlace(t testing.TB) place { return place{t.TempDir(), storetest.Database(t)} }

func (p place) open(t testing.TB) *Store {
	t.Helper()
	return closed(t)(OpenAt(p.dir, p.database))
}

// openAt opens a file of SQLite.
func openAt(t *testing.T, path string) *Store {
	t.Helper()
	return closed(t)(Open(path))
}

// closed closes a store with the test.
func closed(t testing.TB) func(*Store, error) *Store {
	return func(s *Store, err error) *Store {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
		return s
	}
}

func parties() []meeting.Party {
	return []meeting.Party{
		{ID: "roads-ir", Names: meeting.Words{"fa": "وزارت راه"}, Language: "fa", Zone: "Asia/Tehran", Calendar: meeting.SolarHijri},
		{ID: "roads-az", Names: meeting.Words{"az": "Yollar Nazirliyi"}, Language: "az", Zone: "Asia/Baku", Calendar: meeting.Gregorian},
	}
}

func jointFacts() meeting.Joint {
	return meeting.Joint{Title: meeting.Words{"fa": "راه‌آهن", "az": "Dəmir yolu"}, Parties: parties(), StartsAt: noon.Add(48 * time.Hour), Minutes: 90,
		Languages: []meeting.Language{"fa", "az"}, Agenda: []meeting.AgendaItem{}}
}

// decide makes the events of a command as a room does.
func decide(t *testing.T, m *meeting.Meeting, by meeting.MemberID, c meeting.Command) []meeting.Event {
	t.Helper()
	events, err := m.Decide(by, c, noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		m.Apply(e)
	}
	return events
}

func called(t *testing.T, s *Store, id meeting.ConsultationID) (*meeting.Meeting, []meeting.Event) {
	t.Helper()
	for _, p := range parties() {
		if err := s.PutParty(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	m := meeting.New(id)
	events := decide(t, m, "roads-ir/sara", meeting.CallConsultation{Joint: jointFacts(),
		Secretary: meeting.Person{ID: "sara", Name: "سارا", Role: meeting.Secretary, Language: "fa"}})
	if err := s.Append(t.Context(), id, events); err != nil {
		t.Fatal(err)
	}
	return m, events
}

func TestEventsComeBackAsTheyWere(t *testing.T) {
	s := open(t)
	m, want := called(t, s, "c1")
	for _, c := range []meeting.Command{
		meeting.InviteMember{Person: meeting.Person{ID: "head", Name: "رئیس", Role: meeting.Head, Language: "fa"}},
		meeting.AdmitMembers{Members: []meeting.MemberID{"roads-ir/head"}},
		meeting.AgreeConsultation{Version: 1},
		meeting.ChangeConsultation{Joint: jointFacts(), Version: 1},
	} {
		more := decide(t, m, "roads-ir/sara", c)
		if err := s.Append(t.Context(), "c1", more); err != nil {
			t.Fatal(err)
		}
		want = append(want, more...)
	}
	got, err := s.Events(t.Context(), "c1")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %v, %v\nwant %v", got, err, want)
	}
	if none, err := s.Events(t.Context(), "unknown"); err != nil || len(none) != 0 {
		t.Errorf("of no consultation: got %v, %v, want nothing", none, err)
	}
}

func TestAppendRefusesNumbersThatDoNotRise(t *testing.T) {
	s := open(t)
	m, first := called(t, s, "c1")
	if err := s.Append(t.Context(), "c1", first); !errors.Is(err, ErrSequence) {
		t.Errorf("the same again: got %v, want %v", err, ErrSequence)
	}
	gap := decide(t, m, "roads-ir/sara", meeting.InviteMember{Person: meeting.Person{ID: "a", Name: "A", Role: meeting.Head, Language: "fa"}})
	gap[0].Seq += 10 // what does not last was numbered in between
	if err := s.Append(t.Context(), "c1", gap); err != nil {
		t.Errorf("with a gap: got %v, want it stored", err)
	}
	next := gap[0]
	next.Seq++
	back := gap[0]
	if err := s.Append(t.Context(), "c1", []meeting.Event{next, back}); !errors.Is(err, ErrSequence) {
		t.Errorf("falling: got %v, want %v", err, ErrSequence)
	}
	got, err := s.Events(t.Context(), "c1")
	if err != nil || len(got) != len(first)+1 {
		t.Errorf("all or none: got %d events, %v, want %d", len(got), err, len(first)+1)
	}
	if err := s.Append(t.Context(), "c2", gap); !errors.Is(err, ErrSequence) {
		t.Errorf("a consultation that does not begin with its call: got %v, want %v", err, ErrSequence)
	}
}

func TestConsultationsOfAParty(t *testing.T) {
	s := open(t)
	m, _ := called(t, s, "c1")
	called(t, s, "c2")
	later := jointFacts()
	later.StartsAt = later.StartsAt.Add(time.Hour)
	for _, c := range []meeting.Command{meeting.ChangeConsultation{Joint: later, Version: 1}, meeting.CancelConsultation{}} {
		if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", c)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Consultations(t.Context(), "roads-az")
	if err != nil || len(got) != 2 {
		t.Fatalf("got %v, %v, want two", got, err)
	}
	x := got[0] // the later one first
	want := *m
	want.Members, want.Chat = map[meeting.MemberID]meeting.Member{}, []meeting.Message{}
	if !reflect.DeepEqual(*x, want) {
		t.Errorf("got %+v, want %+v", *x, want)
	}
	if got, err := s.Consultations(t.Context(), "others"); err != nil || len(got) != 0 {
		t.Errorf("of a party without any: got %v, %v, want none", got, err)
	}
}

func TestTheRecordOutlivesTheProcess(t *testing.T) {
	storetest.Only(t, false)                                   // names and rights of the file
	path := filepath.Join(t.TempDir(), "a b?c%d", "astara.db") // a path with letters that mean something in a URL
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	_, want := called(t, s, "c1")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := openAt(t, path).Events(t.Context(), "c1")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	i, err := os.Stat(path)
	if err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("rights of the file: got %v, %v, want 0600", i.Mode(), err)
	}
}

func TestTheRecordOutlivesAProcessThatIsKilled(t *testing.T) {
	storetest.Only(t, false) // it copies the file while it is open
	dir := t.TempDir()
	s := openAt(t, filepath.Join(dir, "astara.db"))
	_, want := called(t, s, "c1")
	for _, end := range []string{"", "-wal"} { // what the disk holds at this moment; -shm is made anew
		b, err := os.ReadFile(filepath.Join(dir, "astara.db"+end))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "after.db"+end), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := openAt(t, filepath.Join(dir, "after.db")).Events(t.Context(), "c1")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

func TestMigrationFromTheFirstSchema(t *testing.T) {
	storetest.Only(t, false) // PostgreSQL came after the first schema
	path := filepath.Join(t.TempDir(), "astara.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	first, err := schema.ReadFile("schema/0001.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{string(first), `CREATE TABLE migrations (version INTEGER PRIMARY KEY)`, `INSERT INTO migrations VALUES (1)`,
		`INSERT INTO settings VALUES ('node-key', 'kept')`} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path)
	if got, err := s.SettingOr(t.Context(), "node-key", "new"); err != nil || got != "kept" {
		t.Errorf("got %q, %v, want what was there before", got, err)
	}
	var version, newest int
	if err := s.read.QueryRow(`SELECT MAX(version) FROM migrations`).Scan(&version); err != nil {
		t.Fatal(err)
	}
	files, _ := schema.ReadDir("schema")
	if newest = len(files); version != newest {
		t.Errorf("version: got %d, want %d", version, newest)
	}
	called(t, s, "c1")

	if _, err := s.write.Exec(`INSERT INTO migrations VALUES (1000)`); err != nil {
		t.Fatal(err)
	}
	if x, err := Open(path); err == nil || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("a database of the future: got %v, %v, want a refusal", x, err)
	}
}

func TestBackupWhileWriting(t *testing.T) {
	storetest.Only(t, false) // PostgreSQL has pg_dump: see TestDump
	dir := t.TempDir()
	path := filepath.Join(dir, "astara.db")
	s := openAt(t, path)
	m, _ := called(t, s, "c1")
	ctx, stop := context.WithCancel(t.Context())
	var writer sync.WaitGroup
	var stored int
	begun := make(chan struct{})
	writer.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			events := decide(t, m, "roads-ir/sara", meeting.InviteMember{Person: meeting.Person{ID: meeting.PersonID(fmt.Sprint("p", n%300)), Name: "A", Role: meeting.Head, Language: "fa"}})
			if err := s.Append(t.Context(), "c1", events); err != nil {
				t.Error(err)
				return
			}
			if stored++; stored == 1 {
				close(begun)
			}
			if n >= 250 {
				return
			}
		}
	})
	<-begun
	other, err := Open(path) // as another process does
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	copied := filepath.Join(dir, "backup.db")
	if err := other.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	stop()
	writer.Wait()
	if err := other.Backup(t.Context(), copied); err == nil {
		t.Error("over a file that is there: got no error")
	}
	events, err := openAt(t, copied).Events(t.Context(), "c1")
	if err != nil || len(events) < 3 || len(events) > stored+2 {
		t.Errorf("copy: got %d events, %v, want 3 to %d", len(events), err, stored+2)
	}
	if x := meeting.Restore("c1", events); x.Version != 1 {
		t.Errorf("copy: got version %d, want 1", x.Version)
	}
	if i, err := os.Stat(copied); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("rights of the copy: got %v, %v, want 0600", i.Mode(), err)
	}
}

func TestDirectory(t *testing.T) {
	s := open(t)
	for _, p := range parties() {
		if err := s.PutParty(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	p := parties()[0]
	p.Zone = "Asia/Dubai"
	if err := s.PutParty(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	got, err := s.Parties(t.Context())
	if want := []meeting.Party{parties()[1], p}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if err := s.PutParty(t.Context(), meeting.Party{ID: "A"}); err == nil {
		t.Error("an id with a capital: got no error")
	}

	x := auth.NewSecretary("roads-ir/sara", "سارا", "fa")
	if err := s.PutSecretary(t.Context(), auth.NewSecretary("nobody/x", "X", "fa")); err == nil {
		t.Error("a secretary of an unknown party: got no error")
	}
	if err := s.PutSecretary(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if got, err := s.SecretaryOf(t.Context(), x.Handle); err != nil || got != x {
		t.Errorf("got %v, %v, want %v", got, err, x)
	}
	if err := s.AddSession(t.Context(), auth.Session{ID: "s", Kind: auth.DeskSession, Owner: string(x.ID), Expires: noon}); err != nil {
		t.Fatal(err)
	}
	if err := s.EndSecretary(t.Context(), x.ID, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Secretary(t.Context(), x.ID); !errors.Is(err, auth.ErrNone) {
		t.Errorf("ended: got %v, want %v", err, auth.ErrNone)
	}
	if got, err := s.Session(t.Context(), "s"); err != nil || got.Ended.IsZero() {
		t.Errorf("their session: got %v, %v, want it ended", got, err)
	}
	if err := s.EndSecretary(t.Context(), x.ID, noon); !errors.Is(err, auth.ErrNone) {
		t.Errorf("twice: got %v, want %v", err, auth.ErrNone)
	}
	if err := s.PutSecretary(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if got, err := s.SecretaryList(t.Context()); err != nil || len(got) != 1 {
		t.Errorf("back again: got %v, %v, want one", got, err)
	}
}

// A seat outlives the desk session that it was made at, but not the account.
func TestWhoseAccountEndsLosesTheSeatsToo(t *testing.T) {
	s := open(t)
	called(t, s, "c1")
	x := auth.NewSecretary("roads-ir/sara", "سارا", "fa")
	seat := auth.Invitation{ID: "i", Seat: "seat", Consultation: "c1", Member: x.ID, Desk: true, Issued: noon, Expires: noon.Add(time.Hour)}
	other := auth.Invitation{ID: "j", Seat: "other", Consultation: "c1", Member: "roads-ir/reza", Issued: noon, Expires: noon.Add(time.Hour)}
	for _, err := range []error{s.PutSecretary(t.Context(), x), s.Invite(t.Context(), seat), s.Invite(t.Context(), other),
		s.AddSession(t.Context(), auth.Session{ID: "seated", Kind: auth.SeatSession, Owner: string(seat.ID), Expires: noon.Add(time.Hour)}),
		s.EndSecretary(t.Context(), x.ID, noon)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Invitation(t.Context(), seat.ID); err != nil || got.Revoked.IsZero() {
		t.Errorf("the seat: got %v, %v, want it revoked", got, err)
	}
	if got, err := s.Session(t.Context(), "seated"); err != nil || got.Ended.IsZero() {
		t.Errorf("the browser in it: got %v, %v, want it ended", got, err)
	}
	if got, err := s.Invitation(t.Context(), other.ID); err != nil || !got.Revoked.IsZero() {
		t.Errorf("another's seat: got %v, %v, want it as it was", got, err)
	}
}

func TestPasskeysBelongToOnePerson(t *testing.T) {
	s := open(t)
	if err := s.PutParty(t.Context(), parties()[0]); err != nil {
		t.Fatal(err)
	}
	for _, id := range []meeting.MemberID{"roads-ir/a", "roads-ir/b"} {
		if err := s.PutSecretary(t.Context(), auth.NewSecretary(id, "X", "fa")); err != nil {
			t.Fatal(err)
		}
	}
	p := auth.Passkey{ID: "key", Secretary: "roads-ir/a", Credential: []byte(`{}`), Added: noon}
	if err := s.PutPasskey(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	p.LastUse = noon.Add(time.Hour)
	if err := s.PutPasskey(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Passkeys(t.Context(), "roads-ir/a"); err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], p) {
		t.Errorf("got %v, %v, want %v", got, err, p)
	}
	p.Secretary = "roads-ir/b"
	if err := s.PutPasskey(t.Context(), p); !errors.Is(err, auth.ErrNone) {
		t.Errorf("another's key: got %v, want %v", err, auth.ErrNone)
	}
	if err := s.DeletePasskey(t.Context(), "roads-ir/b", "key"); !errors.Is(err, auth.ErrNone) {
		t.Errorf("delete another's: got %v, want %v", err, auth.ErrNone)
	}
	if err := s.DeletePasskey(t.Context(), "roads-ir/a", "key"); err != nil {
		t.Error(err)
	}
}
