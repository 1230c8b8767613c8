package record

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"astara/meeting"
)

// FiledTerm is a term with the consultation in which it was written down.
type FiledTerm struct {
	Consultation meeting.ConsultationID
	Title        meeting.Words
	StartsAt     time.Time
	Parties      []meeting.PartyID
	Term         meeting.Term
}

// SortedTerms are in the order of the first language in which each has a name, as that language orders its words.
func SortedTerms(list []FiledTerm, languages []meeting.Language) []FiledTerm {
	type key struct {
		rank int
		sort []byte
	}
	keys := make(map[int]key, len(list))
	var buffer collate.Buffer
	order := map[meeting.Language]*collate.Collator{}
	for i, f := range list {
		keys[i] = key{rank: len(languages)}
		for rank, l := range languages {
			names := f.Term.InUse().Names[l]
			if len(names) == 0 {
				continue
			}
			if order[l] == nil {
				order[l] = collate.New(language.Make(string(l)), collate.IgnoreCase)
			}
			keys[i] = key{rank, slices.Clone(order[l].KeyFromString(&buffer, names[0]))}
			buffer.Reset()
			break
		}
	}
	at := make([]int, len(list))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int {
		return cmp.Or(keys[a].rank-keys[b].rank, bytes.Compare(keys[a].sort, keys[b].sort))
	})
	out := make([]FiledTerm, len(list))
	for i, j := range at {
		out[i] = list[j]
	}
	return out
}
