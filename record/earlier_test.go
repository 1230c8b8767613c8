package record

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// TestARecordWrittenAnewIsFoundByAnEarlierOne: who has all keys can write another record that verifies; not one that goes on from what a side kept.
func TestARecordWrittenAnewIsFoundByAnEarlierOne(t *testing.T) {
	b := newBook(t)
	b.add(t, b.facts(40))
	kept, head := b.pack(t), b.export.Checkpoint
	b.add(t, b.facts(7))
	v, err := Verify(b.pack(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, earlier := range map[string][]byte{"export": kept, "checkpoint": []byte(head), "its file": []byte(exportTitle("checkpoint.txt") + "\n" + head)} {
		if e, err := v.Continues(earlier); err != nil || e.Entries != 40 {
			t.Errorf("%s: got %v, %v, want 40 entries", name, e, err)
		}
	}

	short := newBook(t)
	short.add(t, short.facts(1))
	for name, x := range map[string]struct {
		earlier string
		want    int64
	}{
		"of other keys":   {short.export.Checkpoint, -1},
		"another thing":   {"astara/", -1},
		"nothing":         {"", -1},
		"a longer one":    {string(b.pack(t)), 40},
		"its checkpoint":  {b.export.Checkpoint, 40},
		"a flipped byte":  {strings.Replace(head, "\n40\n", "\n39\n", 1), -1},
		"a changed entry": {strings.Replace(string(kept), "سلام", "سلان", 1), -1},
	} {
		w, err := Verify(kept)
		if err != nil {
			t.Fatal(err)
		}
		var f *Fault
		if _, err := w.Continues([]byte(x.earlier)); !errors.As(err, &f) || f.Entry != x.want {
			t.Errorf("%s: got %v, want fault %d", name, err, x.want)
		}
	}
}

// TestTheFirstEntryWrittenAnewIsNamed keeps the entries before it, as an operator would who hides one thing.
func TestTheFirstEntryWrittenAnewIsNamed(t *testing.T) {
	b := newBook(t)
	b.add(t, b.facts(17))
	lines, hashes, seq := slices.Clone(b.export.Lines), slices.Clone(b.hashes), b.seq
	b.add(t, b.facts(23))
	kept := b.pack(t)
	anew := &book{keys: b.keys, export: Export{Keys: b.export.Keys, Lines: lines}, hashes: hashes, seq: seq, resigned: -1}
	anew.add(t, anew.facts(23))
	v, err := Verify(anew.pack(t))
	if err != nil {
		t.Fatal(err)
	}
	var f *Fault
	if _, err := v.Continues(kept); !errors.As(err, &f) || f.Entry != 17 {
		t.Errorf("got %v, want entry 17", err)
	}
	if _, err := v.Continues([]byte(b.export.Checkpoint)); !errors.As(err, &f) || f.Entry != -1 {
		t.Errorf("by the checkpoint: got %v, want the whole", err)
	}
}
