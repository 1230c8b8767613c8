package server

import (
	"net/http"
	"slices"
	"unicode/utf8"

	"astara/auth"
	"astara/meeting"
	"astara/protocol"
	"astara/record"
)

// mostFound is how many passages one answer has: more than that nobody reads, and other words find better.
const mostFound = 30

// search looks in what the secretary's party may read. It is a POST, so that what is looked for stands in no log of a proxy.
func (s *Server) search(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	var body protocol.Search
	if err := read(r, &body); err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(body.Words) > protocol.MaxSearch {
		return nil, &meeting.Refusal{Code: meeting.TooLong, Args: map[string]any{"max": protocol.MaxSearch}}
	}
	q, err := s.store.Join(r.Context(), d.ID.Party(), record.NewQuery(body.Words))
	if err != nil {
		return nil, err
	}
	list, err := s.store.Search(r.Context(), d.ID.Party(), q, mostFound+1)
	if err != nil {
		return nil, err
	}
	about, err := s.foundAgreements(r, d, list)
	if err != nil {
		return nil, err
	}
	out := protocol.Found{Hits: []protocol.FoundPassage{}, More: len(list) > mostFound}
	for _, j := range q.Joined {
		out.Joined = append(out.Joined, protocol.FoundJoin{Typed: j.Typed, Names: j.Names})
	}
	for _, h := range list[:min(len(list), mostFound)] {
		x := protocol.FoundPassage{Consultation: h.Consultation, Title: h.Title, StartsAt: when(h.StartsAt), Kind: protocol.FoundKind(h.Kind),
			Party: h.Party, At: when(h.At), Language: h.Language, Document: h.Document, Page: h.Page, Passage: []protocol.FoundPiece{},
			Joined: h.Joined}
		at := about[foundAt{h.Consultation, h.Seq}]
		x.Agreement, x.Proposed = at.agreement, at.proposed
		for _, p := range q.Passage(h.Text) {
			x.Passage = append(x.Passage, protocol.FoundPiece{Text: p.Text, Hit: p.Hit})
		}
		out.Hits = append(out.Hits, x)
	}
	return out, nil
}

// foundAt is where a passage of an agreement comes from.
type foundAt struct {
	consultation meeting.ConsultationID
	seq          uint64
}

// foundIn is the agreement that a passage belongs to.
type foundIn struct {
	agreement meeting.AgreementID
	proposed  bool // words that are not agreed
}

// foundAgreements tells which agreements the passages belong to that come from one.
func (s *Server) foundAgreements(r *http.Request, d auth.Desk, hits []record.Hit) (map[foundAt]foundIn, error) {
	out := map[foundAt]foundIn{}
	if !slices.ContainsFunc(hits, func(h record.Hit) bool { return h.Kind == record.Agreed }) {
		return out, nil
	}
	list, err := s.store.Agreements(r.Context(), d.ID.Party())
	for _, f := range list {
		a := f.Agreement
		for i, v := range a.Versions {
			out[foundAt{f.Consultation, v.Seq}] = foundIn{a.ID, i+1 != a.Effect}
		}
		for _, o := range a.Obstacles {
			out[foundAt{f.Consultation, o.Seq}] = foundIn{agreement: a.ID}
		}
	}
	return out, err
}
