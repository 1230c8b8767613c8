package meeting

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// wires is some sides and a network that loses, repeats and reorders.
type wires struct {
	r     *rand.Rand
	sides []*Negotiation
	said  [][]Word // ever, also what a crash kept from being sent
	wire  []Word
	loss  int // of 100
}

func newWires(seed uint64, sides int) *wires {
	all := []PartyID{"tehran", "baku", "ankara"}
	w := &wires{r: rand.New(rand.NewPCG(seed, 7))}
	for i, p := range all[:sides] {
		w.sides = append(w.sides, NewNegotiation("minutes", p, slices.Delete(slices.Clone(all[:sides]), i, i+1)...))
	}
	w.said = make([][]Word, sides)
	w.loss = w.r.IntN(70)
	return w
}

// step is one thing that happens to one side. What a side says is in its state when it returns: that is what is stored.
func (w *wires) step(rude bool) error {
	i := w.r.IntN(len(w.sides))
	n := w.sides[i]
	before := len(n.Mine)
	switch k := w.r.IntN(100); {
	case k < 25:
		_, _ = n.Commit([]TextHash{"one", "other"}[w.r.IntN(2)])
	case k < 30:
		_, _ = n.Decline()
	case k < 45:
		if rude { // without the guard
			n.Round++
		} else {
			_ = n.Next()
		}
	case k < 65:
		for _, word := range n.Said() {
			if w.r.IntN(100) >= w.loss {
				w.wire = append(w.wire, word)
			}
		}
	case k < 68: // killed: what was on its way is lost, what was stored comes back
		w.wire = w.wire[:w.r.IntN(len(w.wire)+1)]
		b, err := json.Marshal(n)
		if err != nil {
			return err
		}
		again := NewNegotiation(n.Item, n.Own, n.Others...)
		if err := json.Unmarshal(b, again); err != nil {
			return err
		}
		w.sides[i], n = again, again
	case len(w.wire) > 0:
		at := w.r.IntN(len(w.wire))
		word := w.wire[at]
		if w.r.IntN(4) > 0 { // else it comes again
			w.wire[at] = w.wire[len(w.wire)-1]
			w.wire = w.wire[:len(w.wire)-1]
		}
		for _, to := range w.sides {
			if to.Own == word.Party {
				continue
			}
			if err := to.Hear(word); err != nil {
				return fmt.Errorf("%s hears %+v: %w", to.Own, word, err)
			}
		}
	}
	w.said[i] = append(w.said[i], n.Mine[before:]...)
	return nil
}

// verdict looks at all that was ever said, which no side can: one text at most for each version, and both sides know of no other.
func (w *wires) verdict() (agreed int, err error) {
	texts := map[int]TextHash{}
	for _, a := range w.said[0] {
		all := a.Text != ""
		for i, said := range w.said[1:] {
			b, ok := find(said, w.sides[i+1].Own, a.Version, a.Round)
			all = all && ok && b.Text == a.Text
		}
		if !all {
			continue
		}
		if old, ok := texts[a.Version]; ok && old != a.Text {
			return 0, fmt.Errorf("version %d has two texts", a.Version)
		}
		texts[a.Version] = a.Text
	}
	for _, said := range w.said {
		seen := map[[2]int]bool{}
		for _, x := range said {
			if seen[[2]int{x.Version, x.Round}] {
				return 0, fmt.Errorf("%s said two words in version %d, round %d", x.Party, x.Version, x.Round)
			}
			seen[[2]int{x.Version, x.Round}] = true
		}
	}
	for _, n := range w.sides {
		for v := 1; v < n.Version(); v++ {
			if h, _ := n.Agreed(v); texts[v] != h {
				return 0, fmt.Errorf("%s takes another text for version %d", n.Own, v)
			}
		}
	}
	return len(texts), nil
}

// TestNeverTwoAgreedTexts runs random schedules of loss, repetition, other order and crashes.
func TestNeverTwoAgreedTexts(t *testing.T) {
	schedules := 100_000
	if testing.Short() {
		schedules = 10_000
	}
	agreed, rounds := 0, 0
	for seed := range uint64(schedules) {
		w := newWires(seed, 2+int(seed%8)/7) // of eight schedules one is of three sides
		for range 20 + w.r.IntN(80) {
			if err := w.step(false); err != nil {
				t.Fatalf("schedule %d: %v", seed, err)
			}
		}
		n, err := w.verdict()
		if err != nil {
			t.Fatalf("schedule %d: %v", seed, err)
		}
		agreed += n
		rounds += max(w.sides[0].Round, w.sides[1].Round)
	}
	t.Logf("%d schedules: %d agreed texts, %d rounds open at the end", schedules, agreed, rounds)
	if agreed < schedules/4 {
		t.Errorf("got %d agreed texts in %d schedules: too few to show anything", agreed, schedules)
	}
}

// TestWithoutTheGuardTwoTextsAreAgreed: the schedules would find it.
func TestWithoutTheGuardTwoTextsAreAgreed(t *testing.T) {
	for seed := range uint64(10_000) {
		w := newWires(seed, 2)
		for range 100 {
			if w.step(true) != nil {
				break
			}
		}
		if _, err := w.verdict(); err != nil {
			return
		}
	}
	t.Error("no schedule of 10,000 found two texts")
}

// TestBothComeToAnAgreement: once both want the same and the network heals, they have it, wherever they were before.
func TestBothComeToAnAgreement(t *testing.T) {
	for seed := range uint64(2000) {
		w := newWires(seed, 2)
		for range w.r.IntN(60) {
			if err := w.step(false); err != nil {
				t.Fatal(err)
			}
		}
		wanted := max(w.sides[0].Version(), w.sides[1].Version())
		both := func() bool {
			_, a := w.sides[0].Agreed(wanted)
			_, b := w.sides[1].Agreed(wanted)
			return a && b
		}
		for i := 0; i < 200 && !both(); i++ {
			for i, n := range w.sides {
				for _, word := range w.sides[1-i].Said() {
					if err := n.Hear(word); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := n.Commit("nine"); errors.Is(err, ErrSaid) {
					_ = n.Next()
				}
			}
		}
		if !both() {
			t.Fatalf("schedule %d: version %d is not agreed: %+v", seed, wanted, w.sides)
		}
	}
}

func TestWordsThatAreNotHeard(t *testing.T) {
	const h, other = TextHash("one"), TextHash("other")
	n := NewNegotiation("minutes", "tehran", "baku")
	word := Word{"baku", "minutes", 1, 1, h}
	if err := n.Hear(word); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		word Word
		want error
	}{
		"again":                       {word, nil},
		"another text":                {Word{"baku", "minutes", 1, 1, other}, ErrTwice},
		"a refusal after a commit":    {Word{"baku", "minutes", 1, 1, ""}, ErrTwice},
		"of another item":             {Word{"baku", "x", 1, 1, h}, ErrForeign},
		"of another party":            {Word{"paris", "minutes", 1, 2, h}, ErrForeign},
		"one's own":                   {Word{"tehran", "minutes", 1, 2, h}, ErrForeign},
		"version 0":                   {Word{"baku", "minutes", 0, 1, h}, ErrForeign},
		"two versions on":             {Word{"baku", "minutes", 3, 1, h}, ErrForeign},
		"round 0":                     {Word{"baku", "minutes", 1, 0, h}, ErrForeign},
		"a round that nobody reaches": {Word{"baku", "minutes", 1, MaxWordRounds + 1, h}, ErrForeign},
	} {
		if err := n.Hear(c.word); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	if _, err := n.Commit(other); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Decline(); !errors.Is(err, ErrSaid) {
		t.Errorf("after a commit: got %v, want %v", err, ErrSaid)
	}
	if err := n.Next(); err != nil || n.Round != 2 {
		t.Errorf("with another commit in hand: got round %d, %v, want 2", n.Round, err)
	}
	if _, err := n.Commit(h); err != nil {
		t.Fatal(err)
	}
	if err := n.Next(); !errors.Is(err, ErrOpen) {
		t.Errorf("while the other may still commit: got %v, want %v", err, ErrOpen)
	}
}
