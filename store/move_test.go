package store

import (
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"astara/auth"
	"astara/meeting"
	"astara/record"
	"astara/store/storetest"
)

// TestMove carries a database to another one and on; where there is a server, from SQLite to it, back, and to it again.
func TestMove(t *testing.T) {
	s := closed(t)(OpenAt(t.TempDir(), ""))
	m := seated(t, s, "c1")
	for _, c := range []meeting.Command{say("می‌رود"), say(`quotes ' " \ ? $1 and 'İstanbul'`), meeting.SayChat{To: meeting.ToParty("roads-ir"), Text: "فقط ما"}} {
		if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", c)); err != nil {
			t.Fatal(err)
		}
	}
	session := auth.Session{ID: "s1", Kind: auth.DeskSession, Owner: "roads-ir/sara", Created: noon, Expires: noon.AddDate(1, 0, 0)}
	if err := errors.Join(s.PutSecretary(t.Context(), auth.NewSecretary("roads-ir/sara", "سارا", "fa")), s.AddSession(t.Context(), session)); err != nil {
		t.Fatal(err)
	}
	if err := s.AddDocument(t.Context(), paper("d1", "roads-ir"), []record.Passage{{Page: 3, Text: "قرنطینهٔ گیاهی"}}); err != nil {
		t.Fatal(err)
	}
	for i, next := range []string{storetest.Database(t), "", storetest.Database(t)} {
		want := must(s.Events(t.Context(), "c1"))
		if next == "" {
			next = filepath.Join(t.TempDir(), Name)
		}
		to := closed(t)(openWith(engineOf(next), s.secret))
		list, err := s.Move(t.Context(), to)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(list, func(x Table) bool { return x.Name == "events" })
		if at < 0 || list[at].Rows != len(want) {
			t.Errorf("got %v, want %d events", list, len(want))
		}
		if got := must(to.Events(t.Context(), "c1")); !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		wholeLog(t, to, "c1")
		if got, err := to.Session(t.Context(), "s1"); err != nil || !reflect.DeepEqual(got, session) {
			t.Errorf("got %v, %v, want %v", got, err, session)
		}
		wantTexts(t, to, "roads-ir", "ميرود", "می‌رود")
		wantTexts(t, to, "roads-ir", "فقط", "فقط ما")
		wantTexts(t, to, "roads-az", "فقط")
		wantTexts(t, to, "roads-ir", "قرنطينه", "قرنطینهٔ گیاهی")
		word := []string{"birinci", "ikinci", "üçüncü"}[i]
		if err := to.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", say(word))); err != nil { // it goes on there
			t.Fatal(err)
		}
		wantTexts(t, to, "roads-az", word, word)
		if _, err := s.Move(t.Context(), to); !errors.Is(err, ErrNotEmpty) {
			t.Errorf("into one that is not empty: got %v, want %v", err, ErrNotEmpty)
		}
		s = to
	}
}

// TestMoveFindsOutWhatChanged: what was written into the old database meanwhile is not lost without a word.
func TestMoveFindsOutWhatChanged(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	to := open(t)
	if _, err := s.Move(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", say("late"))); err != nil {
		t.Fatal(err)
	}
	if _, err := s.compare(t.Context(), to, must(tables())); err == nil {
		t.Error("got no error")
	}
}

// TestTablesAreAll: a table that a migration brings is moved.
func TestTablesAreAll(t *testing.T) {
	storetest.Only(t, false) // it compares with SQLite's own list of tables
	s := open(t)
	want := must(rows(t.Context(), s.read, one[string], `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
		AND name NOT LIKE 'passage_keys%' AND name <> 'migrations' ORDER BY name`))
	got := must(tables())
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
