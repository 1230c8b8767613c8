package record

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// The glossary joins names: what is looked for by one of a term's names is found by the others too. A name is found where its words stand side by side.

// Name is a name as the index finds it: all of its words, of each one of the keys.
type Name [][]string

// Group is what may stand in one place of a question: what was typed, or one of the names that the glossary joins to it.
type Group struct {
	Typed  Name // nil: nothing that is looked for
	Joined []Name
}

// Joined says what the glossary put beside what was typed.
type Joined struct {
	Typed string
	Names []string
}

// JoinedTerm is a term that one of a question's keys (Query.NameKeys) is a key of.
type JoinedTerm struct {
	Key   string
	Names []string
}

const (
	longestName = 6  // words of a question that are taken together for a name
	mostNames   = 40 // that stand for each other in one place
)

// NameKeys are those by which a term is found: all of its words written as one, in whatever spelling.
func NameKeys(name string) []string { return spanKeys(parts(name)) }

func spanKeys(list []part) []string {
	keys := map[string]bool{}
	for _, way := range [][]part{list, unglued(list)} {
		for _, k := range joined(way...) {
			if k != "" && utf8.RuneCountInString(k) <= longestName*maxKey {
				keys[k] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// unglued leaves out what an ezafe is written with («خانه‌ی», which others write «خانهٔ»).
func unglued(list []part) []part {
	return slices.DeleteFunc(slices.Clone(list), func(p part) bool { return p.ezafe() })
}

// names are the ways in which a name stands in the index.
func names(name string) []Name {
	list := parts(name)
	out := []Name{nameOf(list)}
	if len(list) > 1 {
		out = append(out, Name{joined(list...)})
	}
	if short := unglued(list); len(short) > 0 && len(short) < len(list) {
		out = append(out, nameOf(short))
	}
	if apart := strings.ReplaceAll(name, string(zwnj)+"و", " و "); apart != name { // حمل‌ونقل, which others write حمل و نقل
		out = append(out, nameOf(parts(apart)))
	}
	return slices.DeleteFunc(out, func(n Name) bool { return len(n) == 0 })
}

// nameOf: neighbours have a key of their own in the index, by which they are found side by side only.
func nameOf(list []part) Name {
	if len(list) == 1 {
		return Name{list[0].keys}
	}
	var out Name
	for i := 1; i < len(list); i++ {
		if keys := joined(list[i-1], list[i]); list[i].near || list[i-1].glued {
			out = append(out, append(keys, seamed(keys)...))
		} else {
			out = append(out, list[i-1].keys, list[i].keys)
		}
	}
	return out
}

// run of a question's parts that may be a name.
type nameSpan struct {
	from, to int // parts
	keys     []string
}

// spans are all runs that may be a name, the longest first.
func (q Query) spans() []nameSpan {
	var out []nameSpan
	for n := min(longestName, len(q.typed)); n > 0; n-- {
		for from := 0; from+n <= len(q.typed); from++ {
			if keys := spanKeys(q.typed[from : from+n]); len(keys) > 0 {
				out = append(out, nameSpan{from, from + n, keys})
			}
		}
	}
	return out
}

// NameKeys are those of all names that a question may hold.
func (q Query) NameKeys() []string {
	keys := map[string]bool{}
	for _, s := range q.spans() {
		for _, k := range s.keys {
			keys[k] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// Join is the question with what the glossary joins to it; the same when that is nothing. Of names that overlap the longest counts.
func (q Query) Join(terms []JoinedTerm) Query {
	taken, at := make([]bool, len(q.typed)), map[int]joinedSpan{}
	for _, s := range q.spans() {
		if slices.Contains(taken[s.from:s.to], true) {
			continue
		}
		others := othersOf(s.keys, terms)
		if len(others) == 0 {
			continue
		}
		for i := s.from; i < s.to; i++ {
			taken[i] = true
		}
		at[s.from] = joinedSpan{s, others}
	}
	if len(at) == 0 {
		return q
	}
	q.wide = map[string]bool{}
	for i := 0; i < len(q.typed); i++ {
		j, ok := at[i]
		if !ok {
			if w := q.word[i]; w >= 0 {
				q.Groups = append(q.Groups, Group{Typed: Name{q.Words[w]}})
			}
			continue
		}
		var group Group
		for k := j.from; k < j.to; k++ {
			if w := q.word[k]; w >= 0 {
				group.Typed = append(group.Typed, q.Words[w])
			}
		}
		for _, name := range j.others {
			for _, n := range names(name) {
				group.Joined = append(group.Joined, n)
				q.mark(n)
			}
		}
		q.Groups = append(q.Groups, group)
		q.Joined = append(q.Joined, Joined{q.text[q.typed[j.from].from:q.typed[j.to-1].to], j.others})
		i = j.to - 1
	}
	return q
}

type joinedSpan struct {
	nameSpan
	others []string
}

// othersOf are the names of the terms that a run of words names, without those that are only other spellings of it.
func othersOf(keys []string, terms []JoinedTerm) []string {
	var out []string
	for _, t := range terms {
		if !slices.Contains(keys, t.Key) {
			continue
		}
		for _, name := range t.Names {
			same := slices.ContainsFunc(NameKeys(name), func(k string) bool { return slices.Contains(keys, k) })
			if !same && !slices.Contains(out, name) && len(out) < mostNames {
				out = append(out, name)
			}
		}
	}
	return out
}

// mark makes that a name is shown where it was found.
func (q *Query) mark(n Name) {
	for _, keys := range n {
		q.marks = append(q.marks, keys)
		for _, k := range keys {
			q.wide[k] = true
		}
	}
}

// Longer tells whether words that begin with a key are found by it too. Of a name that the glossary joined also side by side: «dəmir yolunun».
func (q Query) Longer(key string) bool {
	return Prefix(key) || q.wide[key] && strings.HasPrefix(key, string(seam)) && utf8.RuneCountInString(key) > 2*minPrefix
}
