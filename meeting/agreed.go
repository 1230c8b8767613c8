package meeting

import (
	"errors"
	"slices"
)

// TextHash is SHA-256 of a text's form, in base64. See FormOf and Minutes.
type TextHash string

// Word is what a side says about the next version of a text: that it commits to one, or that it declines to commit in this round. A
// side says one word for each version and round, signed, and never another.
type Word struct {
	Party   PartyID  `json:"party"`
	Item    string   `json:"item"`
	Version int      `json:"version"` // from 1
	Round   int      `json:"round"`   // from 1
	Text    TextHash `json:"text"`    // committed to; empty: declined
}

// at tells whether two words are about one version and round.
func (w Word) at(version, round int) bool { return w.Version == version && w.Round == round }

// MaxWordRounds bounds what another side can make us keep of one version.
const MaxWordRounds = 1000

// Why a word is not said or not heard.
var (
	ErrSaid    = errors.New("meeting: a word was said in this round already")
	ErrOpen    = errors.New("meeting: another side may still commit to the same text")
	ErrTwice   = errors.New("meeting: another side said two different words in one round")
	ErrForeign = errors.New("meeting: this word is not of this text and another side")
)

// Negotiation is how one side sees a text of several sides become agreed. It is pure: what it says must be stored before it is sent, and
// what is sent may be lost, come twice, late or in another order.
//
// A text is agreed if all sides committed to it in one round of a version. No version has two: for a second one, all would
// have to commit again in a later round, and a side that committed leaves a round only with another side's different
// commit or its refusal in hand, which that one cannot have given and committed to the same text too.
type Negotiation struct {
	Item   string    `json:"item"`
	Own    PartyID   `json:"-"`
	Others []PartyID `json:"-"`
	Base   int       `json:"base"`   // the last agreed version before the words below
	Round  int       `json:"round"`  // that this side is in, of the version after the last agreed one
	Mine   []Word    `json:"mine"`   // said
	Theirs []Word    `json:"theirs"` // heard
}

// NewNegotiation begins before the first version.
func NewNegotiation(item string, own PartyID, others ...PartyID) *Negotiation {
	return &Negotiation{Item: item, Own: own, Others: others, Round: 1}
}

func find(list []Word, p PartyID, version, round int) (Word, bool) {
	i := slices.IndexFunc(list, func(w Word) bool { return w.Party == p && w.at(version, round) })
	if i < 0 {
		return Word{}, false
	}
	return list[i], true
}

// Agreed is the text of a version, if this side knows that it is agreed.
func (n *Negotiation) Agreed(version int) (TextHash, bool) {
	for _, m := range n.Mine {
		if m.Version != version || m.Text == "" {
			continue
		}
		same := func(p PartyID) bool {
			t, ok := find(n.Theirs, p, version, m.Round)
			return ok && t.Text == m.Text
		}
		if !slices.ContainsFunc(n.Others, func(p PartyID) bool { return !same(p) }) {
			return m.Text, true
		}
	}
	return "", false
}

// Version is the one that is being negotiated: after the last that this side knows to be agreed.
func (n *Negotiation) Version() int {
	v := n.Base + 1
	for {
		if _, ok := n.Agreed(v); !ok {
			return v
		}
		v++
	}
}

// Commit binds this side to a text, in this round. Only the same from the others makes it agreed, and only another word from one of
// them opens another round.
func (n *Negotiation) Commit(text TextHash) (Word, error) { return n.say(text) }

// Decline says that this side commits to nothing in this round, and never will.
func (n *Negotiation) Decline() (Word, error) { return n.say("") }

func (n *Negotiation) say(text TextHash) (Word, error) {
	w := Word{n.Own, n.Item, n.Version(), n.Round, text}
	if _, said := find(n.Mine, n.Own, w.Version, w.Round); said {
		return Word{}, ErrSaid
	}
	n.Mine = append(n.Mine, w)
	n.settle(w.Version)
	return w, nil
}

// over tells whether a round can agree on nothing any more, by another side's word: it declined, or committed to something else than
// the text given. Any commit stands against a text of none.
func (n *Negotiation) over(version, round int, text TextHash) bool {
	return slices.ContainsFunc(n.Theirs, func(w Word) bool { return w.at(version, round) && (w.Text == "" || w.Text != text) })
}

// Next opens the next round. A side that said nothing in this one declines it; one that committed needs another side's word that
// this round agrees on nothing.
func (n *Negotiation) Next() error {
	v := n.Version()
	if n.Round >= MaxWordRounds {
		return ErrOpen
	}
	mine, said := find(n.Mine, n.Own, v, n.Round)
	switch {
	case !said:
		if _, err := n.Decline(); err != nil {
			return err
		}
	case mine.Text != "" && !n.over(v, n.Round, mine.Text):
		return ErrOpen
	}
	n.Round++
	return nil
}

// Hear takes a word of another side, whose signature was checked. Once more is nothing new; another one in its place is a breach of
// which both signed words are the proof.
func (n *Negotiation) Hear(w Word) error {
	v := n.Version()
	if !slices.Contains(n.Others, w.Party) || w.Item != n.Item || w.Version < 1 || w.Version > v+1 || w.Round < 1 || w.Round > MaxWordRounds {
		return ErrForeign
	}
	if old, heard := find(n.Theirs, w.Party, w.Version, w.Round); heard {
		if old != w {
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

// Said are the words to send, again and again until the others have them: those of this version and of the one before, behind
// which no other side can be.
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
