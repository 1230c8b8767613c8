package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"astara/meeting"
)

// OperatorName is what the key of a node's operator is named for; no party can have it.
const OperatorName meeting.PartyID = "node-operator"

// partyOf a public key.
func partyOf(public string) meeting.PartyID {
	name, _, _ := strings.Cut(public, "+")
	return meeting.PartyID(name)
}

// KeyChange is a party's key that was replaced.
type KeyChange struct {
	Entry int64           `json:"entry"` // that says so; the next one of the party is signed by the new key
	Party meeting.PartyID `json:"party"`
	meeting.KeyReplaced
}

func voucherText(c meeting.ConsultationID, p meeting.PartyID, b meeting.KeyReplaced) string {
	return fmt.Sprintf("astara lost key 1\n%s\n%s\n%s\n%s\n", c, p, b.Old, b.New)
}

// Vouch makes the operator's word for a key whose predecessor is lost.
func Vouch(c meeting.ConsultationID, p meeting.PartyID, b meeting.KeyReplaced, operator Key) (meeting.KeyReplaced, error) {
	b.Lost, b.Operator = true, operator.Public
	n, err := note.Sign(&note.Note{Text: voucherText(c, p, b)}, operator.signer)
	b.Voucher = string(n)
	return b, err
}

func checkVoucher(c meeting.ConsultationID, p meeting.PartyID, b meeting.KeyReplaced) error {
	k, err := readKeys([]string{b.Operator})
	if err != nil || k[0].party() != OperatorName {
		return errors.New("a lost key was replaced without the operator's word")
	}
	if signed, err := k.open(b.Voucher); err != nil || len(signed) != 1 || !strings.HasPrefix(b.Voucher, voucherText(c, p, b)+"\n") {
		return errors.New("a lost key was replaced, and the operator's word is not of this key")
	}
	return nil
}

// chain is which key each party signs by, entry after entry.
type chain struct {
	now map[meeting.PartyID]string
}

// signed checks that an entry is signed by the key that its party has by then. A party's first key is the one that keys.txt has first.
func (r *reader) signed(e parsedEntry) error {
	if r.chain.now == nil {
		r.chain.now = map[meeting.PartyID]string{}
		for _, k := range r.keys {
			if _, ok := r.chain.now[k.party()]; !ok {
				r.chain.now[k.party()] = k.text
			}
		}
	}
	if e.key != r.chain.now[e.party] {
		return fmt.Errorf("it is signed by a key that %s did not have then", e.party)
	}
	return nil
}

// replaced follows a change of a party's key: signed by the old one, or, where that is lost, by the new one with the operator's word.
func (r *reader) replaced(i int64, e parsedEntry, b meeting.KeyReplaced) error {
	switch old := r.chain.now[e.party]; {
	case b.Old != old:
		return errors.New("it replaces a key that its party did not have then")
	case b.New == b.Old || partyOf(b.New) != e.party || !slices.ContainsFunc(r.keys, func(k publicKey) bool { return k.text == b.New }):
		return errors.New("the new key is not among those of its party")
	case b.Lost && e.key != b.New || !b.Lost && e.key != b.Old:
		return errors.New("it is not signed by the key that had to")
	}
	if b.Lost {
		if err := checkVoucher(e.consultation, e.party, b); err != nil {
			return err
		}
	}
	r.chain.now[e.party] = b.New
	r.Changes = append(r.Changes, KeyChange{i, e.party, b})
	return nil
}

// inChain says that all keys that an export brings are a party's first one, or were introduced by an entry, and that the checkpoint is signed by
// those that the parties have at its end.
func (r *reader) inChain(signed []string) error {
	for i, k := range r.keys {
		first := !slices.ContainsFunc(r.keys[:i], func(x publicKey) bool { return x.party() == k.party() })
		if !first && !slices.ContainsFunc(r.Changes, func(c KeyChange) bool { return c.New == k.text }) {
			return whole("keys.txt has a key of %s that no entry speaks of", k.party())
		}
	}
	for _, k := range signed {
		if now, ok := r.chain.now[partyOf(k)]; ok && now != k {
			return whole("checkpoint.txt: it is signed by a key that %s has no more", partyOf(k))
		}
	}
	return nil
}

// Known checks the keys against those that the reader knows, if any: each must be one of them, or follow from one that signed its change, or from an
// operator whose key is among them.
func (v Verified) Known(known []string) error {
	if len(known) == 0 {
		return nil
	}
	good := slices.Clone(known)
	for _, c := range v.Changes {
		if c.Lost && slices.Contains(known, c.Operator) || !c.Lost && slices.Contains(good, c.Old) {
			good = append(good, c.New)
		}
	}
	for _, k := range v.Keys {
		if !slices.Contains(good, k) {
			return fmt.Errorf("signed with %s, which you did not give", k)
		}
	}
	return nil
}

// CopyHeld is what a side has taken with it.
type CopyHeld struct {
	Party meeting.PartyID `json:"party"`
	Size  int64           `json:"size"` // the first entries
	At    time.Time       `json:"at"`
}

// HeldByAll is how many entries every party has a copy of.
func HeldByAll(parties []meeting.PartyID, copies []CopyHeld) int64 {
	if len(parties) == 0 {
		return 0
	}
	least := int64(-1)
	for _, p := range parties {
		most := int64(0)
		for _, c := range copies {
			if c.Party == p {
				most = max(most, c.Size)
			}
		}
		if least < 0 || most < least {
			least = most
		}
	}
	return least
}

// held follows a copy that a side took: its root must be that of the entries before, so a record that was written anew is found out by it.
func (r *reader) held(e parsedEntry, at time.Time, b meeting.CopyTaken) error {
	if b.Size < 1 || b.Size > int64(len(r.roots)) || r.roots[b.Size-1].String() != b.Root {
		return errors.New("the copy that was taken is not of the entries before it")
	}
	r.Copies = append(r.Copies, CopyHeld{e.party, b.Size, at})
	return nil
}

// Erased is an erasure that the record tells of.
type Erased struct {
	At    time.Time       `json:"at"`
	Party meeting.PartyID `json:"party"`
	meeting.ThingErased
}

// erasures counts the entries without body of which no later entry says who erased them: such are from before that was written down.
func (r *reader) erasures() {
	told := map[int64]bool{}
	for _, x := range r.Erasures {
		if x.What == meeting.ErasedMessage || x.What == meeting.ErasedTerm {
			told[x.Entry] = true
		}
	}
	for _, i := range r.gone {
		if !told[i] {
			r.Unexplained++
		}
	}
}

// stated is what the verification reads of a statement.
type stated struct {
	Seq   uint64            `json:"seq"`
	At    time.Time         `json:"at"`
	Party meeting.PartyID   `json:"party"`
	Type  meeting.EventType `json:"type"`
	Body  json.RawMessage   `json:"body"`
}

// custody follows what was done with the record itself, and checks by whose key the entry is.
func (r *reader) custody(e parsedEntry, f stated) error {
	var b meeting.EventBody
	switch f.Type {
	case meeting.KeyReplaced{}.Type(), meeting.CopyTaken{}.Type(), meeting.ThingErased{}.Type(), meeting.RecordingFiled{}.Type():
		var err error
		if b, err = meeting.DecodeEventBody(f.Type, f.Body); err != nil {
			return errors.New("its event is no event")
		}
	}
	if x, ok := b.(meeting.KeyReplaced); ok {
		if err := r.signed(parsedEntry{party: e.party, key: x.Old}); err != nil {
			return err
		}
		return r.replaced(e.number, e, x)
	}
	if err := r.signed(e); err != nil {
		return err
	}
	switch x := b.(type) {
	case meeting.CopyTaken:
		return r.held(e, f.At, x)
	case meeting.ThingErased:
		r.Erasures = append(r.Erasures, Erased{f.At, e.party, x})
	case meeting.RecordingFiled:
		r.Recordings = append(r.Recordings, meeting.RecordedPart{Part: x.Part, At: f.At, Files: x.Files})
	}
	return nil
}

// growing is a tree to which leaves come one by one: the roots of its whole subtrees, the largest first.
type growing []subtree

type subtree struct {
	leaves int
	root   Hash
}

// add a leaf, and give the root of all.
func (g *growing) add(leaf Hash) Hash {
	t := subtree{1, leaf}
	for n := len(*g); n > 0 && (*g)[n-1].leaves == t.leaves; n-- {
		t = subtree{2 * t.leaves, tlog.NodeHash((*g)[n-1].root, t.root)}
		*g = (*g)[:n-1]
	}
	*g = append(*g, t)
	root := t.root
	for i := len(*g) - 2; i >= 0; i-- {
		root = tlog.NodeHash((*g)[i].root, root)
	}
	return root
}
