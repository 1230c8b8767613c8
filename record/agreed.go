package record

import (
	"errors"
	"slices"

	"astara/meeting"
)

// Word is what a side says about the next version of a text: that it commits to one, or that it declines to commit in this round. A
// side says one word for each version and round, signed, and never another.
type Word struct {
	Party   meeting.PartyID `json:"party"`
	Item    string          `json:"item"`
	Version int             `json:"version"` // from 1
	Round   int             `json:"round"`   // from 1
	Text    *Hash           `json:"text"`    // committed to; nil: declined
}

// at tells whether two words are about one version and round.
func (w Word) at(version, round int) bool { return w.Version == version && w.Round == round }

// same tells whether two words say the same.
func (w Word) same(x Word) bool {
	return w.Party == x.Party && w.Item == x.Item && w.at(x.Version, x.Round) &&
		(w.Text == nil) == (x.Text == nil) && (w.Text == nil || *w.Text == *x.Text)
}

// MaxRounds bounds what another side can make us keep of one version.
const MaxRounds = 1000

// Why a word is not said or not heard.
var (
	ErrSaid    = errors.New("record: a word was said in this round already")
	ErrOpen    = errors.New("record: the other side may still commit to the same text")
	ErrTwice   = errors.New("record: the other side said two different words in one round")
	ErrForeign = errors.New("record: this word is not of this text and the other side")
)

// Negotiation is how one side sees a text of two sides become agreed. It is pure: what it says must be stored before it is sent, and
// what is sent may be lost, come twice, late or in another order.
//
// A text is agreed if both sides committed to it in one round of a version. No version has two: for a second one, both would
// have to commit again in a later round, and a side that committed leaves a round only with the other side's different
// commit or its refusal in hand, which the other cannot have given and committed to the same text too.
type Negotiation struct {
	Item       string          `json:"item"`
	Own, Other meeting.PartyID `json:"-"`
	Round      int             `json:"round"`  // that this side is in, of the version after the last agreed one
	Mine       []Word          `json:"mine"`   // said
	Theirs     []Word          `json:"theirs"` // heard
}

// NewNegotiation begins before the first version.
func NewNegotiation(item string, own, other meeting.PartyID) *Negotiation {
	return &Negotiation{Item: item, Own: own, Other: other, Round: 1}
}

func find(list []Word, version, round int) (Word, bool) {
	i := slices.IndexFunc(list, func(w Word) bool { return w.at(version, round) })
	if i < 0 {
		return Word{}, false
	}
	return list[i], true
}

// Agreed is the text of a version, if this side knows that it is agreed.
func (n *Negotiation) Agreed(version int) (Hash, bool) {
	for _, m := range n.Mine {
		if m.Version != version || m.Text == nil {
			continue
		}
		if t, ok := find(n.Theirs, version, m.Round); ok && t.Text != nil && *t.Text == *m.Text {
			return *m.Text, true
		}
	}
	return Hash{}, false
}

// Version is the one that is being negotiated: after the last that this side knows to be agreed.
func (n *Negotiation) Version() int {
	v := 1
	for {
		if _, ok := n.Agreed(v); !ok {
			return v
		}
		v++
	}
}

// Commit binds this side to a text, in this round. Only the same from the other side makes it agreed, and only another word from the
// other side opens another round.
func (n *Negotiation) Commit(text Hash) (Word, error) { return n.say(&text) }

// Decline says that this side commits to nothing in this round, and never will.
func (n *Negotiation) Decline() (Word, error) { return n.say(nil) }

func (n *Negotiation) say(text *Hash) (Word, error) {
	w := Word{n.Own, n.Item, n.Version(), n.Round, text}
	if _, said := find(n.Mine, w.Version, w.Round); said {
		return Word{}, ErrSaid
	}
	n.Mine = append(n.Mine, w)
	n.settle(w.Version)
	return w, nil
}

// Next opens the next round. A side that said nothing in this one declines it; one that committed needs the other side's word that
// this round agrees on nothing.
func (n *Negotiation) Next() error {
	v := n.Version()
	if n.Round >= MaxRounds {
		return ErrOpen
	}
	mine, said := find(n.Mine, v, n.Round)
	switch theirs, heard := find(n.Theirs, v, n.Round); {
	case !said:
		if _, err := n.Decline(); err != nil {
			return err
		}
	case mine.Text == nil:
	case !heard || theirs.Text != nil && *theirs.Text == *mine.Text:
		return ErrOpen
	}
	n.Round++
	return nil
}

// Hear takes a word of the other side, whose signature was checked. Once more is nothing new; another one in its place is a breach of
// which both signed words are the proof.
func (n *Negotiation) Hear(w Word) error {
	v := n.Version()
	if w.Party != n.Other || w.Item != n.Item || w.Version < 1 || w.Version > v+1 || w.Round < 1 || w.Round > MaxRounds {
		return ErrForeign
	}
	if old, heard := find(n.Theirs, w.Version, w.Round); heard {
		if !old.same(w) {
			return ErrTwice
		}
		return nil
	}
	n.Theirs = append(n.Theirs, w)
	n.settle(v)
	return nil
}

// settle goes on to the first round of the next version when one has become agreed.
func (n *Negotiation) settle(before int) {
	if n.Version() != before {
		n.Round = 1
	}
}

// Said are the words to send, again and again until the other side has them: those of this version and of the one before, behind
// which the other side cannot be.
func (n *Negotiation) Said() []Word {
	v := n.Version()
	var out []Word
	for _, w := range n.Mine {
		if w.Version >= v-1 {
			out = append(out, w)
		}
	}
	return out
}
