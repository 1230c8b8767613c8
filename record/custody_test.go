package record

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"astara/meeting"
)

// replace replaces a party's key in a log: by the old one, or, where that is lost, with the operator's word.
func (b *book) replace(t testing.TB, p meeting.PartyID, lost bool) {
	t.Helper()
	b.add(t, []Fact{b.replacement(t, p, lost)})
}

func (b *book) replacement(t testing.TB, p meeting.PartyID, lost bool) Fact {
	t.Helper()
	old := b.keys[p]
	next, e1 := NewKey(p)
	operator, e2 := NewKey(OperatorName)
	body := meeting.KeyReplaced{Old: old.Public, New: next.Public, Reason: "a laptop was stolen"}
	if e3 := error(nil); lost {
		if body, e3 = Vouch("c1", p, body, operator); e3 != nil {
			t.Fatal(e3)
		}
	}
	if err := errors.Join(e1, e2); err != nil {
		t.Fatal(err)
	}
	b.keys[p], b.export.Keys = next, append(b.export.Keys, next.Public)
	f := b.fact(t, p, body)
	if !lost {
		f.Key = &old
	}
	return f
}

func (b *book) fact(t testing.TB, p meeting.PartyID, body meeting.EventBody) Fact {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	b.seq++
	return Fact{Seq: b.seq, At: noon, Party: p, By: p.Member(meeting.Operator), Type: body.Type(), Body: text}
}

// root of the log so far.
func (b *book) root(t testing.TB) string {
	t.Helper()
	keys, err := readKeys(b.export.Keys)
	if err != nil {
		t.Fatal(err)
	}
	c, _, err := parseCheckpoint(b.export.Checkpoint, keys)
	if err != nil {
		t.Fatal(err)
	}
	return c.Root.String()
}

func (b *book) copied(t testing.TB, p meeting.PartyID) {
	t.Helper()
	b.add(t, []Fact{b.fact(t, p, meeting.CopyTaken{Size: int64(len(b.export.Lines)), Root: b.root(t)})})
}

func TestAReplacedKey(t *testing.T) {
	b := newBook(t)
	b.add(t, b.facts(4))
	b.replace(t, "tehran", false)
	b.add(t, b.facts(4))
	b.replace(t, "baku", true)
	b.add(t, b.facts(3))
	b.replace(t, "tehran", true)
	b.add(t, b.facts(3))
	v, err := Verify(b.pack(t))
	if err != nil || v.State() != Sealed || len(v.Changes) != 3 || v.Changes[0].Entry != 4 || v.Changes[1].Party != "baku" || !v.Changes[2].Lost || len(v.Keys) != 5 {
		t.Fatalf("got %+v, %v, want three changes of keys, sealed", v, err)
	}
}

// TestAWrongChainOfKeys: whoever has an old key, or makes a new one, is found at the first entry that it signs.
func TestAWrongChainOfKeys(t *testing.T) {
	for name, c := range map[string]struct {
		change func(b *book, old Key)
		want   int64
	}{
		"the old key goes on signing": {func(b *book, old Key) { b.resign(7, old) }, 7},
		"the new key signs before":    {func(b *book, _ Key) { b.resign(2, b.keys["tehran"]) }, 2},
		"the change is not there":     {func(b *book, _ Key) { b.export.Lines[4].Hidden = true }, 5},
		"the change is erased":        {func(b *book, _ Key) { b.export.Lines[4].Erased = true }, 5},
		"signed by the new key":       {func(b *book, _ Key) { b.resign(4, b.keys["tehran"]) }, 4},
		"a key of nobody":             {func(b *book, _ Key) { b.export.Keys = append(b.export.Keys, stranger("tehran").Public) }, -1},
		"a key twice":                 {func(b *book, _ Key) { b.export.Keys = append(b.export.Keys, b.export.Keys[0]) }, -1},
		"the keys in another order": {func(b *book, _ Key) {
			k := b.export.Keys
			k[0], k[2] = k[2], k[0]
		}, 0},
		"the checkpoint by the old key": {func(b *book, old Key) {
			keys, _ := readKeys(b.export.Keys)
			c, _, _ := parseCheckpoint(b.export.Checkpoint, keys)
			b.export.Checkpoint, _ = c.sign([]Key{old, b.keys["baku"]})
		}, -1},
	} {
		b := newBook(t)
		b.add(t, b.facts(4))
		old := b.keys["tehran"]
		b.replace(t, "tehran", false)
		b.add(t, b.facts(6))
		c.change(b, old)
		_, err := Verify(b.pack(t))
		var f *Fault
		if !errors.As(err, &f) || f.Entry != c.want {
			t.Errorf("%s: got %v, want entry %d", name, err, c.want)
		}
	}
}

func stranger(p meeting.PartyID) Key {
	k, err := NewKey(p)
	if err != nil {
		panic(err)
	}
	return k
}

// TestALostKeyNeedsTheOperator: and their word is of this key, in this consultation.
func TestALostKeyNeedsTheOperator(t *testing.T) {
	for name, change := range map[string]func(*meeting.KeyReplaced){
		"no word":       func(b *meeting.KeyReplaced) { b.Operator, b.Voucher = "", "" },
		"of a stranger": func(b *meeting.KeyReplaced) { b.Operator = stranger(OperatorName).Public },
		"of a party":    func(b *meeting.KeyReplaced) { b.Operator = stranger("baku").Public },
		"for another key": func(b *meeting.KeyReplaced) {
			*b, _ = Vouch("c1", "tehran", meeting.KeyReplaced{Old: b.Old, New: b.Old}, stranger(OperatorName))
			b.New = ""
		},
		"for another place": func(b *meeting.KeyReplaced) { *b, _ = Vouch("c2", "tehran", *b, stranger(OperatorName)) },
		"not said lost":     func(b *meeting.KeyReplaced) { b.Lost = false },
		"of another key":    func(b *meeting.KeyReplaced) { b.Old = stranger("tehran").Public },
	} {
		b := newBook(t)
		b.add(t, b.facts(4))
		f := b.replacement(t, "tehran", true)
		var body meeting.KeyReplaced
		if err := json.Unmarshal(f.Body, &body); err != nil {
			t.Fatal(err)
		}
		change(&body)
		f.Body, _ = json.Marshal(body)
		b.add(t, []Fact{f})
		_, err := Verify(b.pack(t))
		var wrong *Fault
		if !errors.As(err, &wrong) || wrong.Entry != 4 {
			t.Errorf("%s: got %v, want entry 4", name, err)
		}
	}
}

func TestCopiesMakeTheRecordDelivered(t *testing.T) {
	b := newBook(t)
	alone := b.keys["baku"]
	b.add(t, b.facts(5))
	b.copied(t, "tehran")
	b.copied(t, "baku")
	v, err := Verify(b.pack(t))
	if err != nil || len(v.Copies) != 2 || HeldByAll(v.Parties, v.Copies) != 5 {
		t.Fatalf("got %+v, %v, want that both have five entries", v, err)
	}
	delete(b.keys, "baku") // its key is elsewhere: what it has a copy of is delivered, and not sealed
	b.add(t, []Fact{b.fact(t, "tehran", meeting.CopyTaken{Size: 5, Root: v.Copies[0].rootOf(b)})})
	if v, err = Verify(b.pack(t)); err != nil || v.State() != Local {
		t.Errorf("got %v, %v, want %v: nobody has the last entries", v.State(), err, Local)
	}
	b.keys["baku"] = alone
	for name, c := range map[string]meeting.CopyTaken{"of another record": {Size: 3, Root: b.root(t)}, "of more than there is": {Size: 9, Root: b.root(t)}, "of nothing": {Root: Hash{}.String()}} {
		x := *b
		x.hashes, x.export.Lines = slices.Clone(b.hashes), slices.Clone(b.export.Lines)
		x.add(t, []Fact{x.fact(t, "baku", c)})
		var f *Fault
		if _, err := Verify(x.pack(t)); !errors.As(err, &f) || f.Entry != 8 {
			t.Errorf("%s: got %v, want entry 8", name, err)
		}
	}
}

// rootOf what was copied, as its entry has it.
func (c CopyHeld) rootOf(b *book) string {
	var body meeting.CopyTaken
	for _, l := range b.export.Lines {
		if l.Fact.Type == body.Type() {
			_ = json.Unmarshal(l.Fact.Body, &body)
			break
		}
	}
	return body.Root
}

func TestAnErasureIsTold(t *testing.T) {
	b := newBook(t)
	b.add(t, b.facts(5))
	b.export.Lines[2].Erased, b.export.Lines[3].Erased = true, true
	b.add(t, []Fact{b.fact(t, "tehran", meeting.ThingErased{What: meeting.ErasedMessage, Entry: 3, Hashes: []string{"x"}, Person: "A. Karimi", Authority: "decision 12"})})
	v, err := Verify(b.pack(t))
	if err != nil || v.Erased != 2 || v.Unexplained != 1 || len(v.Erasures) != 1 || v.Erasures[0].Authority != "decision 12" {
		t.Errorf("got %+v, %v, want two erased, one of them told", v, err)
	}
}

// TestAnyFlippedByteOfACustodyIsFound is of a record with all that can be done with it.
func TestAnyFlippedByteOfACustodyIsFound(t *testing.T) {
	b := newBook(t)
	b.add(t, b.facts(2))
	b.replace(t, "tehran", false)
	b.replace(t, "baku", true)
	b.copied(t, "baku")
	b.add(t, []Fact{b.fact(t, "tehran", meeting.ThingErased{What: meeting.ErasedMessage, Entry: 1, Hashes: []string{"x"}, Person: "p", Authority: "a"})})
	b.export.Lines[1].Erased = true
	packed := b.pack(t)
	if v, err := Verify(packed); err != nil || v.Unexplained != 0 || len(v.Changes) != 2 {
		t.Fatalf("got %+v, %v", v, err)
	}
	// Each byte of every kind of line is turned in TestAnyFlippedByteIsFound.
	for i := rand.IntN(11); i < len(packed); i += 11 {
		x := packed[i]
		packed[i] = x ^ 1
		if v, err := Verify(packed); err == nil {
			t.Fatalf("byte %d: %q for %q was not found: %+v", i, packed[i], x, v)
		} else if strings.Contains(err.Error(), "\n") {
			t.Fatalf("byte %d: got %q, want one sentence", i, err)
		}
		packed[i] = x
	}
}
