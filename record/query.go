package record

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Query is what somebody looks for: all of its words, in any order and spelling.
type Query struct {
	Exact []string   // the words as they are written
	Words [][]string // for each word the keys of which one must be there

	Groups []Group  // with what the glossary joins (Join): of each a name must be there; nil where it joins nothing
	Joined []Joined // what that is

	text  string
	typed []part          // with those that are no words
	word  []int           // of Words, for each of typed; -1: none
	marks [][]string      // keys that are shown where they are found, beside those of Words
	wide  map[string]bool // keys of marks
}

// MaxWords is how many words of a query are looked for; the others are left out.
const MaxWords = 12

// NewQuery reads what was typed.
func NewQuery(typed string) Query {
	q := Query{text: typed}
	list := parts(typed)
	for i, p := range list {
		if len(q.Words) == MaxWords {
			break
		}
		if q.typed, q.word = append(q.typed, p), append(q.word, -1); p.ezafe() {
			continue
		}
		q.word[i] = len(q.Words)
		keys := slices.Clone(p.keys)
		if p.near {
			keys = append(keys, joined(list[i-1], p)...)
		}
		if i+1 < len(list) && list[i+1].near {
			keys = append(keys, joined(p, list[i+1])...)
		}
		if all := run(list, i); all != nil {
			keys = append(keys, joined(all...)...)
		}
		q.Exact, q.Words = append(q.Exact, p.exact), append(q.Words, append(append(keys, seamed(keys)...), stems(p.keys)...))
	}
	return q
}

// Piece is a stretch of a text, and whether it is what was looked for.
type Piece struct {
	Text string
	Hit  bool
}

// minPrefix is how many letters a word must have for longer ones to be found by it: Azerbaijani, Persian and Russian put endings on.
const minPrefix = 3

// stems are what stays of words that lose or change their last letter where an ending comes: Russian ones that end in a vowel (граница, границы), Azerbaijani
// ones in q and k (gömrük, gömrüyün), English ones in s. Other endings are put on, and found by Prefix.
func stems(keys []string) []string {
	var out []string
	for _, k := range keys {
		n := utf8.RuneCountInString(k)
		for _, x := range endings() {
			rest, ok := strings.CutSuffix(k, x.off)
			if ok && n-utf8.RuneCountInString(x.off) >= x.least {
				out = append(out, rest+x.on)
				break
			}
		}
	}
	return out
}

// ending of a word: what goes, what comes in its place, and how many letters must stay.
type ending struct {
	off, on string
	least   int
}

func endings() []ending {
	out := []ending{{"q", "g", minPrefix}, {"k", "y", minPrefix}, {"s", "", 5}}
	for _, off := range strings.Fields("ая яя ое ее ые ие ый ий ой а я ы и о е у ю ь й") { // the longer first
		out = append(out, ending{off, "", 4})
	}
	return out
}

// Prefix tells whether words that begin with a key are found by it too.
func Prefix(key string) bool {
	return utf8.RuneCountInString(key) >= minPrefix && !strings.HasPrefix(key, string(seam))
}

// span is bytes of a text.
type span struct{ from, to int }

// hits are where the words stand in a text, as the index finds them, without overlap.
func (q Query) hits(text string) []span {
	list := parts(text)
	var out []span
	add := func(keys []string, s span) {
		if !q.matches(keys) {
			return
		}
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			return
		}
		out = append(out, s)
	}
	for i, p := range list {
		if all := run(list, i); all != nil && !p.glued {
			add(seamed(joined(all...)), span{p.from, all[len(all)-1].to})
		}
		add(p.keys, span{p.from, p.to})
		if i+1 < len(list) && list[i+1].near {
			add(seamed(joined(p, list[i+1])), span{p.from, list[i+1].to})
		}
	}
	return out
}

// matches tells whether one of a text's keys is one of the query's, or begins with it.
func (q Query) matches(keys []string) bool {
	for _, list := range [][][]string{q.Words, q.marks} {
		for _, word := range list {
			for _, want := range word {
				for _, k := range keys {
					if k == want || q.Longer(want) && strings.HasPrefix(k, want) {
						return true
					}
				}
			}
		}
	}
	return false
}

// passage is how many letters around the first hit are shown.
const (
	passageBefore = 60
	passageAfter  = 180
)

// Passage is the part of a text around what was found, with the hits marked. Its pieces are the text itself, to the letter; an
// ellipsis stands where it was cut.
func (q Query) Passage(text string) []Piece {
	hits := q.hits(text)
	first := 0
	if len(hits) > 0 {
		first = hits[0].from
	}
	from, to := back(text, first, passageBefore), forth(text, first, passageAfter)
	var out []Piece
	put := func(s string, hit bool) {
		if s != "" {
			out = append(out, Piece{s, hit})
		}
	}
	if from > 0 {
		put("…", false)
	}
	at := from
	for _, h := range hits {
		if h.from >= to {
			break
		}
		put(text[at:h.from], false)
		put(text[h.from:min(h.to, to)], true)
		at = min(h.to, to)
	}
	put(text[at:to], false)
	if to < len(text) {
		put("…", false)
	}
	return out
}

// back goes some letters to the left of a byte, and on to the beginning of a word.
func back(text string, at, letters int) int {
	for ; at > 0 && letters > 0; letters-- {
		_, n := utf8.DecodeLastRuneInString(text[:at])
		at -= n
	}
	for at > 0 {
		r, n := utf8.DecodeLastRuneInString(text[:at])
		if unicode.IsSpace(r) || letters < -passageBefore {
			break
		}
		at -= n
		letters--
	}
	return at
}

// forth goes some letters to the right, and on to the end of a word.
func forth(text string, at, letters int) int {
	for at < len(text) {
		r, n := utf8.DecodeRuneInString(text[at:])
		if letters <= 0 && (unicode.IsSpace(r) || letters < -passageBefore) {
			break
		}
		at += n
		letters--
	}
	return at
}
