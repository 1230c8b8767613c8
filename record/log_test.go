package record

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"astara/meeting"
)

var noon = time.Date(2026, 3, 20, 12, 0, 0, 123456789, time.UTC)

// book is a log in memory.
type book struct {
	keys   map[meeting.PartyID]Key
	hashes []Hash
	export Export
	seq    uint64

	resigned int // a line that was signed anew; -1: none
	before   Hash
}

func newBook(t testing.TB) *book {
	t.Helper()
	b := &book{keys: map[meeting.PartyID]Key{}, resigned: -1}
	for _, p := range []meeting.PartyID{"tehran", "baku"} {
		k, err := NewKey(p)
		if err != nil {
			t.Fatal(err)
		}
		b.keys[p] = k
		b.export.Keys = append(b.export.Keys, k.Public)
	}
	return b
}

func (b *book) facts(n int) []Fact {
	out := make([]Fact, n)
	for i := range out {
		b.seq += 1 + b.seq%3 // numbers leave gaps
		out[i] = Fact{Seq: b.seq, At: noon, Party: "tehran", By: "tehran/secretary", Type: "chat.said", Body: fmt.Appendf(nil, `{"to":"all","text":"سلام %d"}`, b.seq)}
		if i%3 == 1 {
			out[i].Party, out[i].By = "baku", "baku/secretary"
		}
		if b.seq == 1 {
			out[i].Type, out[i].Body = "consultation.called", []byte(`{"joint":{"parties":[{"id":"tehran"},{"id":"baku"}]}}`)
		}
	}
	return out
}

func (b *book) log() Log {
	return Log{Consultation: "c1", Size: int64(len(b.export.Lines)), Parties: []meeting.PartyID{"tehran", "baku"},
		Hashes: func(at []int64) (out []Hash, err error) {
			for _, i := range at {
				out = append(out, b.hashes[i])
			}
			return out, nil
		},
		Key: func(p meeting.PartyID) (Key, bool, error) { k, ok := b.keys[p]; return k, ok, nil }}
}

func (b *book) add(t testing.TB, facts []Fact) {
	t.Helper()
	g, err := b.log().Grow(facts)
	if err != nil {
		t.Fatal(err)
	}
	if g.First != int64(len(b.hashes)) {
		t.Fatalf("first hash: got %d, want %d", g.First, len(b.hashes))
	}
	b.hashes, b.export.Checkpoint = append(b.hashes, g.Hashes...), g.Checkpoint
	for i, e := range g.Entries {
		b.export.Lines = append(b.export.Lines, Line{Entry: e, Fact: facts[i]})
	}
}

func (b *book) pack(t testing.TB) []byte {
	t.Helper()
	z, err := b.export.Pack()
	if err != nil {
		t.Fatal(err)
	}
	if b.resigned < 0 {
		return z
	}
	files, err := unpack(z, exportNames())
	if err != nil {
		t.Fatal(err)
	}
	now := tlog.RecordHash([]byte(b.export.Lines[b.resigned].Entry.Note)).String()
	files[2].data = []byte(strings.Replace(string(files[2].data), now, b.before.String(), 1))
	if z, err = pack(files); err != nil {
		t.Fatal(err)
	}
	return z
}

func TestARecordVerifiesHoweverItGrew(t *testing.T) {
	for _, n := range []int{1, 2, 3, 7, 8, 9, 63, 64, 65} { // where the tree gets another level
		at, once := newBook(t), newBook(t)
		once.add(t, once.facts(n))
		for _, f := range at.facts(n) {
			at.add(t, []Fact{f})
		}
		for _, b := range []*book{at, once} {
			v, err := Verify(b.pack(t))
			if err != nil || v.Entries != int64(n) || v.State() != Sealed || v.Consultation != "c1" {
				t.Errorf("%d entries: got %+v, %v", n, v, err)
			}
		}
	}
}

func TestAnyZipProgramOpensAnExport(t *testing.T) {
	b := newBook(t)
	b.add(t, b.facts(5))
	packed := b.pack(t)
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r) // checks the CRC
		if err != nil || f.Name != exportNames()[i] || !strings.HasPrefix(string(text), "astara record 1 ") {
			t.Errorf("%s: got %.40q, %v", f.Name, text, err)
		}
	}
}

// TestAPackedBombIsRefused: an export is never compressed, so nothing in it can grow.
func TestAPackedBombIsRefused(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range exportNames() {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(bytes.Repeat([]byte{'a'}, 20<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(b.Bytes()); !errors.Is(err, errRepacked) {
		t.Errorf("%d bytes that would be %d MB: got %v, want %v", b.Len(), 20*len(exportNames()), err, errRepacked)
	}
}

// TestAnyFlippedByteIsFound turns every byte of a small export into each of a few others.
func TestAnyFlippedByteIsFound(t *testing.T) {
	b := newBook(t)
	b.add(t, b.facts(3))
	b.export.Lines[1].Hidden, b.export.Lines[2].Erased = true, true
	packed := b.pack(t)
	if v, err := Verify(packed); err != nil || v.Withheld != 1 || v.Erased != 1 {
		t.Fatalf("got %+v, %v", v, err)
	}
	for i, x := range packed {
		others := []byte{x ^ 1, x ^ 0x20}
		if i%5 == 0 && x != '\n' {
			others = append(others, '\n')
		}
		for _, y := range others {
			packed[i] = y
			if v, err := Verify(packed); err == nil {
				t.Fatalf("byte %d: %q for %q was not found: %+v", i, y, x, v)
			} else if strings.Contains(err.Error(), "\n") {
				t.Fatalf("byte %d: got %q, want one sentence", i, err)
			}
		}
		packed[i] = x
	}
	for i := 0; i < len(packed); i += 9 {
		if _, err := Verify(packed[:i]); err == nil {
			t.Fatalf("cut at %d was not found", i)
		}
		if _, err := Verify(append(bytes.Clone(packed[:i]), packed[i+1:]...)); err == nil {
			t.Fatalf("without byte %d: was not found", i)
		}
	}
	if _, err := Verify(append(packed, 0)); err == nil {
		t.Fatal("a byte behind the end was not found")
	}
}

func TestFlippedBytesOfALargeExportAreFound(t *testing.T) {
	b := newBook(t)
	b.add(t, b.facts(300))
	packed := b.pack(t)
	for range 40 {
		i := rand.IntN(len(packed))
		packed[i] ^= 1 << rand.IntN(8)
		if _, err := Verify(packed); err == nil {
			t.Fatalf("byte %d was not found", i)
		}
		packed = b.pack(t)
	}
}

// TestTheFirstWrongEntryIsNamed: also when one who has a party's key signs something else in its place.
func TestTheFirstWrongEntryIsNamed(t *testing.T) {
	other := newBook(t)
	for name, c := range map[string]struct {
		change func(b *book)
		want   int64
	}{
		"another event":         {func(b *book) { b.export.Lines[5].Fact.Body = []byte(`{"to":"all","text":"x"}`) }, 5},
		"another time":          {func(b *book) { b.export.Lines[6].Fact.At = noon.Add(time.Second) }, 6},
		"another salt":          {func(b *book) { b.export.Lines[2].Entry.Salt[0]++ }, 2},
		"two in each other's":   {func(b *book) { l := b.export.Lines; l[3], l[4] = l[4], l[3] }, 3},
		"one left out":          {func(b *book) { b.export.Lines = append(b.export.Lines[:7:7], b.export.Lines[8:]...) }, 7},
		"the last left out":     {func(b *book) { b.export.Lines = b.export.Lines[:9] }, 9},
		"one too many":          {func(b *book) { b.export.Lines = append(b.export.Lines, b.export.Lines[9]) }, 10},
		"one signed again":      {func(b *book) { b.resign(4, b.keys["baku"]) }, 4},
		"signed by the other":   {func(b *book) { b.resign(4, b.keys["tehran"]) }, 4},
		"signed by a stranger":  {func(b *book) { b.resign(4, other.keys["baku"]) }, 4},
		"signed for the other":  {func(b *book) { b.export.Lines[4].Fact.Party = "tehran"; b.resign(4, b.keys["tehran"]) }, 4},
		"of another":            {func(b *book) { b.export.Lines[1].Entry = other.entry(t, 1) }, 1},
		"two wrong":             {func(b *book) { b.export.Lines[8].Entry.Salt[0]++; b.export.Lines[3].Entry.Salt[0]++ }, 3},
		"checkpoint of another": {func(b *book) { b.export.Checkpoint = other.checkpoint(t) }, -1},
		"checkpoint cut":        {func(b *book) { b.export.Checkpoint = b.export.Checkpoint[:40] }, -1},
		"keys of others":        {func(b *book) { b.export.Keys = other.export.Keys }, 0},
		"no keys":               {func(b *book) { b.export.Keys = nil }, -1},
		"a key twice":           {func(b *book) { b.export.Keys[1] = b.export.Keys[0] }, -1},
	} {
		b := newBook(t)
		b.add(t, b.facts(10))
		c.change(b)
		_, err := Verify(b.pack(t))
		var f *Fault
		if !errors.As(err, &f) || f.Entry != c.want {
			t.Errorf("%s: got %v, want entry %d", name, err, c.want)
		}
	}
}

// resign signs line i anew; what pack writes has the hashes of before.
func (b *book) resign(i int, k Key) {
	l := &b.export.Lines[i]
	b.resigned, b.before = i, tlog.RecordHash([]byte(l.Entry.Note))
	e, err := newEntry("c1", int64(i), l.Fact, k)
	if err != nil {
		panic(err)
	}
	l.Entry = e
}

func (b *book) entry(t *testing.T, i int) Entry {
	b.checkpoint(t)
	return b.export.Lines[i].Entry
}

func (b *book) checkpoint(t *testing.T) string {
	if b.export.Lines == nil {
		b.add(t, b.facts(10))
	}
	return b.export.Checkpoint
}

func TestSealedMeansThatEveryPartySigned(t *testing.T) {
	b := newBook(t)
	facts := b.facts(1)
	alone := b.keys["baku"]
	delete(b.keys, "baku") // its key is on a node of its own
	b.add(t, facts)
	if v, err := Verify(b.pack(t)); err != nil || v.State() != Local {
		t.Errorf("signed by one: got %v, %v, want %v", v.State(), err, Local)
	}
	if _, err := b.log().Grow([]Fact{{Seq: 9, Party: "baku"}}); err == nil {
		t.Error("a fact of a party whose key is elsewhere: got no error")
	}
	b.keys["baku"] = alone
	b.add(t, b.facts(1))
	if v, err := Verify(b.pack(t)); err != nil || v.State() != Sealed {
		t.Errorf("signed by both: got %v, %v, want %v", v.State(), err, Sealed)
	}
	for _, c := range []struct {
		number, delivered, sealed int64
		want                      State
	}{{0, 0, 0, Local}, {0, 1, 0, Delivered}, {1, 1, 0, Local}, {0, 1, 1, Sealed}, {1, 2, 1, Delivered}} {
		if got := StateOf(c.number, c.delivered, c.sealed); got != c.want {
			t.Errorf("%+v: got %v", c, got)
		}
	}
}

func TestKeysAreLocked(t *testing.T) {
	k, err := NewKey("tehran")
	if err != nil {
		t.Fatal(err)
	}
	safe, err := NewSafe(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	locked := safe.Lock(k)
	if got, err := safe.Unlock("tehran", locked); err != nil || got.Public != k.Public || got.Private() != k.Private() {
		t.Errorf("got %v, %v, want %v", got, err, k)
	}
	other, _ := NewSafe(bytes.Repeat([]byte{8}, 32))
	for name, err := range map[string]error{
		"another secret": second(other.Unlock("tehran", locked)),
		"another party":  second(safe.Unlock("baku", locked)),
		"changed":        second(safe.Unlock("tehran", "AAAA"+locked[4:])),
		"no secret":      second((*Safe)(nil).Unlock("tehran", locked)),
	} {
		if !errors.Is(err, ErrLocked) {
			t.Errorf("%s: got %v, want %v", name, err, ErrLocked)
		}
	}
	if _, err := NewSafe(make([]byte, 31)); err == nil {
		t.Error("a short secret: got no error")
	}
	if _, err := ReadKey("baku", k.Private()); err == nil {
		t.Error("another party's key: got no error")
	}
}

func second(_ Key, err error) error { return err }

// The key of a seed of ones.
const (
	goldenKey       = "dfb19a37+AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"
	goldenHash      = "xl9smPp2eCmaWL3HTT02TDbApr8wurEgbLHbp+gjQNY="
	goldenSignature = "37GaN0rosm/W8Tz+2pvGMPn3OGXu14gbZptUjxyzLF7Evs3lVaQ1C0YPZLMsEcwEbDG2MHh+DBN9yrWoumTmlxrSxQw="
)

// TestTheFormatStays: exports that people keep must verify for good, so what is written may not change under the same title.
func TestTheFormatStays(t *testing.T) {
	k, err := ReadKey("tehran", "PRIVATE+KEY+tehran+"+goldenKey)
	if err != nil {
		t.Fatal(err)
	}
	f := Fact{Seq: 1, At: noon, Party: "tehran", By: "tehran/secretary", Type: "consultation.called", Body: []byte(`{"joint":{"parties":[{"id":"tehran"}]}}`)}
	text := entryText("c1", 0, "tehran", Salt{}.hide(f.Statement()))
	if want := "astara entry 1\nc1\n0\ntehran\n" + goldenHash + "\n"; text != want {
		t.Errorf("got %q, want %q", text, want)
	}
	c, err := Checkpoint{"c1", 1, Hash{}}.sign([]Key{k})
	if want := "astara/c1\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— tehran " + goldenSignature + "\n"; err != nil || c != want {
		t.Errorf("got %q, %v, want %q", c, err, want)
	}
}

// TestTenThousandEntriesVerifyInTime judges by the cost of the signatures alone, measured in the same run: machines are shared.
func TestTenThousandEntriesVerifyInTime(t *testing.T) {
	if testing.Short() {
		t.Skip("measures")
	}
	b := newBook(t)
	b.add(t, b.facts(1000))
	packed := b.pack(t)
	keys, err := readKeys(b.export.Keys)
	if err != nil {
		t.Fatal(err)
	}
	best := func(f func()) time.Duration { // of the processor: a machine that does much else takes any time by the clock
		d := time.Hour
		for range 3 {
			began := processorTime(t)
			f()
			d = min(d, processorTime(t)-began)
		}
		return d
	}
	floor := best(func() {
		for _, l := range b.export.Lines {
			if _, err := keys.open(l.Entry.Note); err != nil {
				t.Fatal(err)
			}
		}
	})
	whole := best(func() {
		if _, err := Verify(packed); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("1,000 entries: %v, of it signatures %v", whole, floor)
	if whole > 2*floor {
		t.Errorf("got %v, want at most twice the %v that the signatures need", whole, floor)
	}
}

// processorTime is what this process has used so far.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkVerify10000(b *testing.B) {
	x := newBook(b)
	x.add(b, x.facts(10_000))
	packed := x.pack(b)
	b.SetBytes(int64(len(packed)))
	for b.Loop() {
		if _, err := Verify(packed); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGrow(b *testing.B) {
	x := newBook(b)
	x.add(b, x.facts(1000))
	l, facts := x.log(), x.facts(1)
	for b.Loop() {
		if _, err := l.Grow(facts); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzVerify: rubbish is refused with one sentence, and never by a fault of ours.
func FuzzVerify(f *testing.F) {
	b := newBook(f)
	b.add(f, b.facts(2))
	f.Add(b.pack(f))
	b.export.Lines[1].Hidden = true
	f.Add(b.pack(f))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, x []byte) {
		if _, err := Verify(x); err != nil && (err.Error() == "" || strings.Contains(err.Error(), "\n")) {
			t.Errorf("got %q, want one sentence", err)
		}
	})
}

// FuzzParts reads what stands inside, without the archive around it.
func FuzzParts(f *testing.F) {
	b := newBook(f)
	b.add(f, b.facts(2))
	keys, err := readKeys(b.export.Keys)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b.export.Checkpoint)
	f.Add(b.export.Lines[0].Entry.Note)
	f.Add(b.export.Keys[0])
	f.Fuzz(func(t *testing.T, x string) {
		if c, _, err := parseCheckpoint(x, keys); err == nil && !strings.HasPrefix(x, c.text()) {
			t.Errorf("%q was read as %q", x, c.text())
		}
		if e, err := parseEntry(x, keys); err == nil && !strings.HasPrefix(x, entryText(e.consultation, e.number, e.party, e.hash)) {
			t.Errorf("%q was read as %+v", x, e)
		}
		if k, err := readKeys([]string{x}); err == nil && len(k) != 1 {
			t.Errorf("%q was read as %d keys", x, len(k))
		}
		(&reader{keys: keys}).event(parsedEntry{party: "tehran"}, x)
	})
}
