package record

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/mod/sumdb/tlog"

	"astara/meeting"
)

// Verified is what an export that is right says.
type Verified struct {
	Consultation meeting.ConsultationID
	Root         Hash
	Entries      int64
	Erased       int64
	Withheld     int64
	Keys         []string          // by which the signatures are right: whether they are the parties' own is for the reader to know
	Parties      []meeting.PartyID // whose consultation it is; empty when the first event is not in the export
	Signed       []meeting.PartyID // who signed the checkpoint
	Changes      []KeyChange       // of keys that were replaced
	Copies       []CopyHeld        // that sides took with them
	Erasures     []Erased          // of which the record tells
	Unexplained  int64             // erased, and no entry tells by whom
	Recordings   []meeting.RecordedPart
	Minutes      []SignedMinutes  // chairs' signatures under the minutes
	Agreed       meeting.TextHash // of the minutes as they stand at the end, signed or not; empty: not all of it is agreed, or there are none
	leaves       []Hash           // of the entries
	roots        []Hash           // after each entry
}

// State of all its entries: sealed if every party signed the checkpoint, delivered if all of them have a copy of it.
func (v Verified) State() State {
	sealed := v.Entries
	for _, p := range v.Parties {
		if !slices.Contains(v.Signed, p) {
			sealed = 0
		}
	}
	if len(v.Parties) == 0 {
		sealed = 0
	}
	return StateOf(v.Entries-1, HeldByAll(v.Parties, v.Copies), sealed)
}

// Fault is why an export is not right. Entry is the first that is wrong, or -1 when it is no single one.
type Fault struct {
	Entry int64
	Err   error
}

func (f *Fault) Error() string {
	if f.Entry < 0 {
		return f.Err.Error()
	}
	return fmt.Sprintf("entry %d is wrong: %v", f.Entry, f.Err)
}

func (f *Fault) Unwrap() error { return f.Err }

func whole(format string, args ...any) error { return &Fault{-1, fmt.Errorf(format, args...)} }

// Verify checks an export, and needs nothing else. An error is a *Fault. Entries are looked at one by one first, so that what is
// wrong is named as closely as it can be.
func Verify(b []byte) (Verified, error) {
	if len(b) > MaxArchive {
		return Verified{}, whole("this is larger than the %d MiB of an export", MaxArchive>>20)
	}
	files, err := unpack(b, exportNames())
	if err != nil {
		return Verified{}, &Fault{-1, err}
	}
	r := reader{}
	if err := r.read(files); err != nil {
		return Verified{}, err
	}
	if err := r.check(); err != nil {
		return Verified{}, err
	}
	again, err := pack(files)
	if err != nil {
		return Verified{}, &Fault{-1, err}
	}
	if i := firstDifference(again, b); i >= 0 {
		return Verified{}, whole("the record is whole, but byte %d of the file around it was changed", i)
	}
	return r.Verified, nil
}

func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	return -1
}

// reader is an export taken apart.
type reader struct {
	Verified
	keys       keyring
	checkpoint string
	hashes     []string
	entries    []string // lines
	events     []string
	trusted    bool // hashes are those of the checkpoint
	chain      chain
	gone       []int64 // erased entries
	tree       growing
	seq        uint64 // of the last event seen
	minutes    minutesOf
}

func (r *reader) read(files []file) error {
	var body [5][]string
	for i, f := range files {
		text, ok := strings.CutPrefix(string(f.data), exportTitle(f.name)+"\n")
		if !ok {
			return whole("%s does not begin as it should", f.name)
		}
		if i == 1 {
			r.checkpoint = text
			continue
		}
		if text == "" {
			continue
		}
		lines, ok := strings.CutSuffix(text, "\n")
		if !ok {
			lines += "\x00" // so that the line is found wrong where it stands
		}
		body[i] = strings.Split(lines, "\n")
	}
	r.Keys, r.hashes, r.entries, r.events = body[0], body[2], body[3], body[4]
	var err error
	if r.keys, err = readKeys(r.Keys); err != nil {
		return whole("keys.txt: %w", err)
	}
	return nil
}

func (r *reader) check() error {
	c, signed, bad := parseCheckpoint(r.checkpoint, r.keys)
	if bad == nil {
		r.Consultation, r.Root = c.Consultation, c.Root
		for _, k := range signed {
			r.Signed = append(r.Signed, partyOf(k))
		}
		r.trusted = r.listed(c)
	}
	n := int64(max((len(r.entries)+entryLines-1)/entryLines, len(r.events)))
	notes := r.notes()
	for i := range n {
		if i >= int64(len(notes)) {
			return &Fault{i, errors.New("it is missing in entries.txt")}
		}
		if err := r.entry(i, notes[i]); err != nil {
			return &Fault{i, err}
		}
	}
	switch {
	case bad != nil:
		return whole("checkpoint.txt: %w", bad)
	case n < c.Size:
		return &Fault{n, errors.New("it is missing")}
	case n > c.Size:
		return &Fault{c.Size, errors.New("it is not in the checkpoint")}
	case n == 0 && c.Root != treeRoot(nil) || n > 0 && r.roots[n-1] != c.Root:
		return whole("the entries are not those of the checkpoint")
	case !r.trusted:
		return whole("hashes.txt is not that of these entries")
	}
	r.Entries = n
	r.erasures()
	return r.inChain(signed)
}

// listed tells whether hashes.txt holds the leaves of the checkpoint's tree.
func (r *reader) listed(c Checkpoint) bool {
	if int64(len(r.hashes)) != c.Size {
		return false
	}
	leaves := make([]Hash, len(r.hashes))
	for i, l := range r.hashes {
		h, ok := decode(l, len(leaves[i]))
		if !ok {
			return false
		}
		copy(leaves[i][:], h)
	}
	return treeRoot(leaves) == c.Root
}

// noted is an entry as it stands in entries.txt.
type noted struct {
	parsedEntry
	err  error
	leaf Hash
}

// notes reads entries.txt on all cores: nine tenths of the whole work are its signatures.
func (r *reader) notes() []noted {
	out := make([]noted, len(r.entries)/entryLines)
	const batch = 32
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for {
				from := int(next.Add(batch)) - batch
				if from >= len(out) {
					return
				}
				for i := from; i < min(from+batch, len(out)); i++ {
					text := strings.Join(r.entries[i*entryLines:(i+1)*entryLines], "\n") + "\n"
					out[i].leaf = tlog.RecordHash([]byte(text))
					out[i].parsedEntry, out[i].err = parseEntry(text, r.keys)
				}
			}
		})
	}
	workers.Wait()
	return out
}

// entry checks one, with its event.
func (r *reader) entry(i int64, e noted) error {
	switch {
	case e.err != nil:
		return e.err
	case r.Consultation != "" && e.consultation != r.Consultation:
		return fmt.Errorf("it is of another consultation, %s", e.consultation)
	case e.number != i:
		return fmt.Errorf("it says that it is entry %d", e.number)
	case r.trusted && i >= int64(len(r.hashes)):
		return errors.New("it is not in the checkpoint")
	case r.trusted && e.leaf.String() != r.hashes[i]:
		return errors.New("it is not the one in the checkpoint")
	case i >= int64(len(r.events)):
		return errors.New("it is missing in events.txt")
	}
	err := r.event(e.parsedEntry, r.events[i])
	r.leaves, r.roots = append(r.leaves, e.leaf), append(r.roots, r.tree.add(e.leaf))
	return err
}

func (r *reader) event(e parsedEntry, line string) error {
	if line == erased || line == withheld {
		if line == erased {
			r.Erased++
			r.gone = append(r.gone, e.number)
		} else {
			r.Withheld++
		}
		return r.signed(e)
	}
	first, statement, _ := strings.Cut(line, " ")
	salt, ok := ReadSalt(first)
	if !ok || salt.hide([]byte(statement)) != e.hash {
		return errors.New("its event is not the one that was signed")
	}
	var f stated
	if err := json.Unmarshal([]byte(statement), &f); err != nil {
		return errors.New("its event is no event")
	}
	if f.Party != e.party || f.Seq <= r.seq {
		return errors.New("its event is of another party or out of order")
	}
	r.seq = f.Seq
	if err := r.custody(e, f); err != nil {
		return err
	}
	if ofMinutes(f.Type) {
		if err := r.follow(e.consultation, statement); err != nil {
			return err
		}
	}
	if f.Type != (meeting.ConsultationCalled{}).Type() && f.Type != (meeting.ConsultationChanged{}).Type() {
		return nil
	}
	return r.called(f.Body)
}

// called takes the parties from the joint facts.
func (r *reader) called(body []byte) error {
	var joint struct {
		Joint struct {
			Parties []struct {
				ID meeting.PartyID `json:"id"`
			} `json:"parties"`
		} `json:"joint"`
	}
	if err := json.Unmarshal(body, &joint); err != nil {
		return errors.New("its event is no event")
	}
	r.Parties = nil // a later version may name more
	for _, p := range joint.Joint.Parties {
		r.Parties = append(r.Parties, p.ID)
	}
	return nil
}

// ofMinutes: what is followed for the signatures under the minutes. The rest says nothing about them, and most of it is more.
func ofMinutes(t meeting.EventType) bool {
	kind, _, _ := strings.Cut(string(t), ".")
	return kind == "consultation" || kind == "paragraph" || kind == "signing-key" || kind == "minutes"
}

func (r *reader) follow(id meeting.ConsultationID, statement string) error {
	if r.minutes.meeting == nil {
		r.minutes.meeting = meeting.New(id)
	}
	var e meeting.Event
	if err := json.Unmarshal([]byte(statement), &e); err != nil {
		return errors.New("its event is no event")
	}
	err := r.minutes.follow(e)
	r.Minutes, r.Agreed = r.minutes.signed, r.minutes.meeting.MinutesHash()
	return err
}

// treeRoot is the root over leaves, RFC 6962 section 2.1: of the largest power of two below their number on the left.
func treeRoot(leaves []Hash) Hash {
	switch n := len(leaves); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	default:
		left := 1 << (bits.Len(uint(n-1)) - 1)
		return tlog.NodeHash(treeRoot(leaves[:left]), treeRoot(leaves[left:]))
	}
}
