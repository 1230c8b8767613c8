// Package record is what was agreed and the proof of it: the log that every lasting event of a consultation enters, what an
// export of it looks like, and how one is verified without a node; and the keys by which the record's words are found, in
// whatever spelling.
//
// It keeps nothing and asks no clock: store keeps its rows, within the transaction of the event. It may import meeting; it is the
// only home of golang.org/x/mod/sumdb and of golang.org/x/text.
package record

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"astara/meeting"
)

// Log is a consultation's log as far as it is stored.
type Log struct {
	Consultation meeting.ConsultationID
	Size         int64                                      // entries
	Hashes       func(positions []int64) ([]Hash, error)    // reads stored hashes of the tree; positions rise
	Key          func(p meeting.PartyID) (Key, bool, error) // of a party; false when it is not on this node
	Parties      []meeting.PartyID                          // whose consultation it is, in the order of the table
}

// Growth is what must be stored, all of it together with the facts, or nothing.
type Growth struct {
	Entries    []Entry
	First      int64  // position of the first of Hashes; the others follow
	Hashes     []Hash // of the tree
	Size       int64
	Checkpoint string // signed by every party of the consultation whose key is on this node
}

// Grow makes the entries of facts, each signed by its party, and the checkpoint after them. A fact of a party without a key is refused.
func (l Log) Grow(facts []Fact) (Growth, error) {
	keys := map[meeting.PartyID]Key{}
	key := func(p meeting.PartyID) (Key, bool, error) {
		k, ok := keys[p]
		if ok {
			return k, true, nil
		}
		k, ok, err := l.Key(p)
		if ok && err == nil {
			keys[p] = k
		}
		return k, ok, err
	}
	g := Growth{First: tlog.StoredHashCount(l.Size), Size: l.Size}
	read := tlog.HashReaderFunc(func(at []int64) ([]Hash, error) { return g.read(at, l.Hashes) })
	for _, f := range facts {
		k, ok, err := key(f.Party)
		if err != nil {
			return g, err
		}
		switch {
		case f.Key != nil:
			k = *f.Key
		case !ok:
			return g, fmt.Errorf("party %s has no key on this node", f.Party)
		}
		e, err := newEntry(l.Consultation, g.Size, f, k)
		if err != nil {
			return g, err
		}
		more, err := tlog.StoredHashes(g.Size, []byte(e.Note), read)
		if err != nil {
			return g, err
		}
		g.Entries, g.Hashes = append(g.Entries, e), append(g.Hashes, more...)
		g.Size++
	}
	root, err := tlog.TreeHash(g.Size, read)
	if err != nil {
		return g, err
	}
	var signers []Key
	for _, p := range l.Parties {
		k, ok, err := key(p)
		if err != nil {
			return g, err
		}
		if ok {
			signers = append(signers, k)
		}
	}
	g.Checkpoint, err = Checkpoint{l.Consultation, g.Size, root}.sign(signers)
	return g, err
}

// read takes what is new from the growth itself and the rest from what is stored.
func (g *Growth) read(at []int64, stored func([]int64) ([]Hash, error)) ([]Hash, error) {
	var old []int64
	for _, i := range at {
		if i < g.First {
			old = append(old, i)
		}
	}
	var before []Hash
	if len(old) > 0 {
		var err error
		if before, err = stored(old); err != nil {
			return nil, err
		}
		if len(before) != len(old) {
			return nil, fmt.Errorf("the log has %d of %d hashes", len(before), len(old))
		}
	}
	out := make([]Hash, 0, len(at))
	for _, i := range at {
		if i < g.First {
			out, before = append(out, before[0]), before[1:]
		} else {
			out = append(out, g.Hashes[i-g.First])
		}
	}
	return out, nil
}

// State is how far an entry has come.
type State string

const (
	// Local: signed by its party and stored here.
	Local State = "local"
	// Delivered: another party's node has said that it holds it too.
	Delivered State = "delivered"
	// Sealed: every party of the consultation has signed a checkpoint that covers it. On a node that keeps the keys of all of them that
	// is at once, and proves that neither can change it alone afterwards, not that a person of the other side has read it.
	Sealed State = "sealed"
)

// StateOf an entry: delivered and sealed are the sizes of the log that are known to have come so far.
func StateOf(number, delivered, sealed int64) State {
	switch {
	case number < sealed:
		return Sealed
	case number < delivered:
		return Delivered
	}
	return Local
}
