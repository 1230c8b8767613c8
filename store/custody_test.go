package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"astara/auth"
	"astara/meeting"
	"astara/record"
	"astara/store/storetest"
)

var eraser = record.Erasure{Person: "A. Karimi", Authority: "decision 12 of 20 March"}

func TestAKeyThatIsReplaced(t *testing.T) {
	where := newPlace(t)
	s := where.open(t)
	m, _ := called(t, s, "c1")
	seated(t, s, "c2")
	old := must(s.PublicKeys(t.Context()))
	next, in, err := s.ReplaceKey(t.Context(), "roads-ir", false, "a laptop was stolen", noon)
	if err != nil || in != 2 || next.Public == old["roads-ir"] {
		t.Fatalf("got %v, %d, %v, want a new key in two consultations", next.Public, in, err)
	}
	if v := wholeLog(t, s, "c1"); v.State() != record.Sealed || len(v.Changes) != 1 || v.Changes[0].Lost || v.Changes[0].Old != old["roads-ir"] || v.Changes[0].Reason != "a laptop was stolen" {
		t.Errorf("got %+v, want one change of a key", v)
	}
	// The room that had loaded it before is told that somebody was faster, and goes on with what there is.
	said := decide(t, m, "roads-az/leyla", meeting.TakeUp{Secretary: meeting.Person{ID: "leyla", Name: "Leyla", Role: meeting.Secretary, Language: "az"}})
	if err := s.Append(t.Context(), "c1", said); !errors.Is(err, ErrSequence) {
		t.Errorf("got %v, want %v", err, ErrSequence)
	}
	for i := range said {
		said[i].Seq++
	}
	if err := s.Append(t.Context(), "c1", said); err != nil {
		t.Fatal(err)
	}
	if _, _, err = s.ReplaceKey(t.Context(), "roads-az", true, "the secretary left with it", noon); err != nil {
		t.Fatal(err)
	}
	if _, _, err = s.ReplaceKey(t.Context(), "roads-ir", true, "again", noon); err != nil {
		t.Fatal(err)
	}
	v := wholeLog(t, s, "c1")
	if v.State() != record.Sealed || len(v.Changes) != 3 || !v.Changes[1].Lost || v.Changes[1].Operator != v.Changes[2].Operator || len(v.Keys) != 5 {
		t.Errorf("got %+v, want three changes, two of them by one operator", v)
	}
	wholeLog(t, s, "c2")
	seated(t, s, "c3") // begins with the new keys
	if v := wholeLog(t, s, "c3"); len(v.Changes) != 0 || len(v.Keys) != 2 {
		t.Errorf("got %+v, want two keys", v)
	}
	c, err := s.Custody(t.Context(), "c1")
	if err != nil || len(c.Deeds) != 3 || c.Sealed != c.Size || c.Keys["roads-az"] != must(s.PublicKeys(t.Context()))["roads-az"] {
		t.Errorf("got %+v, %v, want three deeds", c, err)
	}
	if _, _, err := s.ReplaceKey(t.Context(), "paris", false, "x", noon); !errors.Is(err, auth.ErrNone) {
		t.Errorf("got %v, want %v", err, auth.ErrNone)
	}
	if _, err := s.Custody(t.Context(), "c9"); !errors.Is(err, auth.ErrNone) {
		t.Errorf("got %v, want %v", err, auth.ErrNone)
	}
}

// TestKeysLostWithTheirSecret: the record goes on with new keys, and says that the operator made them.
func TestKeysLostWithTheirSecret(t *testing.T) {
	where := newPlace(t)
	s, err := OpenAt(where.dir, where.database)
	if err != nil {
		t.Fatal(err)
	}
	seated(t, s, "c1")
	if err := errors.Join(s.Close(), os.Remove(s.secret)); err != nil {
		t.Fatal(err)
	}
	for _, p := range parties() {
		s, err := OpenAt(where.dir, where.database)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.ReplaceKey(t.Context(), p.ID, false, "x", noon); !errors.Is(err, record.ErrLocked) {
			t.Errorf("got %v, want %v", err, record.ErrLocked)
		}
		if _, _, err := s.ReplaceKey(t.Context(), p.ID, true, "the disk with astara.key burnt", noon); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s = where.open(t)
	if err := s.Unlocked(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := meeting.Restore("c1", must(s.Events(t.Context(), "c1")))
	m.Apply(meeting.Event{Seq: m.Seq, Body: meeting.MemberCame{Member: "roads-ir/sara"}})
	if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", say("goes on"))); err != nil {
		t.Fatal(err)
	}
	if v := wholeLog(t, s, "c1"); v.State() != record.Sealed || len(v.Changes) != 2 {
		t.Errorf("got %+v, want two changes, sealed", v)
	}
}

func TestCustodyTellsOfCopiesAndErasures(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	c := must(s.Custody(t.Context(), "c1"))
	take := func(by meeting.MemberID) {
		t.Helper()
		c := must(s.Custody(t.Context(), "c1"))
		if err := s.Append(t.Context(), "c1", decide(t, m, by, meeting.TakeCopy{Size: c.Size, Root: c.Root})); err != nil {
			t.Fatal(err)
		}
	}
	take("roads-ir/sara")
	leyla := meeting.Person{ID: "leyla", Name: "Leyla", Role: meeting.Secretary, Language: "az"}
	if err := s.Append(t.Context(), "c1", decide(t, m, "roads-az/leyla", meeting.TakeUp{Secretary: leyla})); err != nil {
		t.Fatal(err)
	}
	take("roads-az/leyla")
	v := wholeLog(t, s, "c1")
	if len(v.Copies) != 2 || record.HeldByAll(v.Parties, v.Copies) != c.Size {
		t.Errorf("got %+v, want that both have %d entries", v.Copies, c.Size)
	}
	filed := meeting.RecordedFile{Name: "microphone-1.webm", Source: meeting.RecordedVoice, Member: "roads-ir/sara", Bytes: 1, Millis: 1, SHA256: strings.Repeat("0", 64)}
	m.Recording.Part = 1
	if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", meeting.FileRecording{Part: 1, Files: []meeting.RecordedFile{filed}})); err != nil {
		t.Fatal(err)
	}
	for range 2 { // again after a kill: it is said once
		if err := s.NoteErasedRecording(t.Context(), "c1", 1, eraser, noon); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.NoteErasedRecording(t.Context(), "c1", 2, eraser, noon); !errors.Is(err, auth.ErrNone) {
		t.Errorf("got %v, want %v", err, auth.ErrNone)
	}
	if v := wholeLog(t, s, "c1"); len(v.Recordings) != 1 || len(v.Erasures) != 1 || v.Erasures[0].Part != 1 || v.Erasures[0].Hashes[0] != filed.SHA256 {
		t.Errorf("got %+v, want a recording, erased", v)
	}
}

func TestAnErasedDocumentIsTold(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	d := paper("d1", "roads-ir")
	if err := s.AddDocument(t.Context(), d, nil); err != nil {
		t.Fatal(err)
	}
	shared := meeting.Document{ID: d.ID, Hash: d.Hash, Kind: d.Kind, Size: int(d.Size), File: d.File, Title: d.Facts.Title, To: meeting.All}
	if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", meeting.ShareDocument{Document: shared})); err != nil {
		t.Fatal(err)
	}
	must(s.EraseDocument(t.Context(), "d1", eraser, noon))
	if v := wholeLog(t, s, "c1"); len(v.Erasures) != 1 || v.Erasures[0].Document != "d1" || v.Erasures[0].Hashes[0] != d.Hash {
		t.Errorf("got %+v, want an erased document", v.Erasures)
	}
}

// TestCustodyAfterEachStatement takes what the disk holds after each single statement of a change of keys and of an erasure: either all of
// it is there or none.
func TestCustodyAfterEachStatement(t *testing.T) {
	storetest.Only(t, false) // it copies the file between statements
	for name, act := range map[string]func(s *Store, said uint64) error{
		"replaced": func(s *Store, _ uint64) error {
			_, _, err := s.ReplaceKey(t.Context(), "roads-ir", false, "x", noon)
			return err
		},
		"lost": func(s *Store, _ uint64) error {
			_, _, err := s.ReplaceKey(t.Context(), "roads-az", true, "x", noon)
			return err
		},
		"erased": func(s *Store, said uint64) error { return s.EraseMessage(t.Context(), "c1", said, eraser, noon) },
	} {
		dir := t.TempDir()
		s := openAt(t, filepath.Join(dir, Name))
		m := seated(t, s, "c1")
		seated(t, s, "c2")
		said := decide(t, m, "roads-ir/sara", say("یک"))
		if err := s.Append(t.Context(), "c1", said); err != nil {
			t.Fatal(err)
		}
		before := len(must(s.Events(t.Context(), "c1")))
		cuts := cutAfterEach(t, s, func() error { return act(s, said[0].Seq) })
		if len(cuts) < 6 {
			t.Errorf("%s: got %d statements", name, len(cuts))
		}
		whole := 0
		for i, path := range cuts {
			x := openAt(t, filepath.Join(path, Name))
			v := wholeLog(t, x, "c1")
			wholeLog(t, x, "c2")
			done := v.Entries == int64(before+1)
			if done {
				whole++
			}
			if !done && v.Entries != int64(before) || done != (len(v.Changes)+len(v.Erasures) == 1) || v.State() != record.Sealed {
				t.Errorf("%s: after statement %d of %d: got %+v", name, i, len(cuts), v)
			}
			again := meeting.Restore("c1", must(x.Events(t.Context(), "c1"))) // what has been cut goes on
			again.Apply(meeting.Event{Seq: again.Seq, Body: meeting.MemberCame{Member: "roads-ir/sara"}})
			if err := x.Append(t.Context(), "c1", decide(t, again, "roads-ir/sara", say(fmt.Sprint(i)))); err != nil {
				t.Errorf("%s: after statement %d: %v", name, i, err)
			}
			wholeLog(t, x, "c1")
		}
		if whole == 0 {
			t.Errorf("%s: it was never done", name)
		}
	}
}

// TestEarlierErasures: a message that was erased before that was told of is counted apart.
func TestEarlierErasures(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	said := decide(t, m, "roads-ir/sara", say("x"))
	if err := s.Append(t.Context(), "c1", said); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.Exec(`UPDATE entries SET salt = '' WHERE consultation = ? AND seq = ?`, "c1", said[0].Seq); err != nil {
		t.Fatal(err)
	}
	if v := wholeLog(t, s, "c1"); v.Erased != 1 || v.Unexplained != 1 {
		t.Errorf("got %+v, want one erased, by nobody knows whom", v)
	}
}
