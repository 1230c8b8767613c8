package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"

	"astara/meeting"
	"astara/paper"
	"astara/protocol"
	"astara/record"
)

// The public pages are for anybody, come from the store alone, and wake no room.

// Accounts are what the public may read.
type Accounts interface {
	// Readouts are the published accounts of a consultation, in the order of the table.
	Readouts(ctx context.Context, id meeting.ConsultationID) ([]record.Account, error)
	// LatestReadouts are those published last, of one party or of all.
	LatestReadouts(ctx context.Context, p meeting.PartyID, most int) ([]record.Account, error)
}

// publicLanguages are those of pages without an account, the first for who asks for none of them.
func publicLanguages() []meeting.Language { return []meeting.Language{"en", "fa", "az", "ru"} }

// latest is how many accounts the list and the feeds have.
const latest = 50

// public answers a page that anybody may keep for a minute, and ask again whether it changed.
func (s *Server) public(kind string, page func(r *http.Request) ([]byte, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := page(r)
		if err != nil {
			s.lost(w, r, err)
			return
		}
		h := w.Header()
		sum := sha256.Sum256(b)
		h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
		h.Set("Cache-Control", "public, max-age=60")
		h.Set("Content-Type", kind)
		if kind == "image/png" {
			h.Set("Cross-Origin-Resource-Policy", "cross-origin") // others show it beside a link
		}
		h.Set("Content-Security-Policy", paper.PublicPolicy)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
	})
}

// lost answers with a page in the reader's language: who followed a public link has no program that words a code.
func (s *Server) lost(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the reader is gone, and what failed failed of that
	}
	a := s.refusal(r, err)
	s.counts.refused.WithLabelValues(a.Code).Inc()
	id, _ := a.Args["id"].(string)
	l := meeting.Language(r.PathValue("language"))
	if !slices.Contains(meeting.Interface(), l) {
		l = spoken(r, publicLanguages())
	}
	page, err := s.publicOf(nil).Lost(l, id)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", paper.PublicPolicy)
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept-Language")
	w.WriteHeader(status(a.Code))
	_, _ = w.Write(page) // the reader is gone: nobody to tell
}

func (s *Server) publicOf(list []record.Account) paper.Readout {
	out := paper.Readout{Origin: s.origin(), Node: s.cfg.Name}
	for _, a := range list {
		out.Accounts = append(out.Accounts, paper.PublicAccount{Consultation: a.Consultation, Party: a.Party, Key: a.Key(), File: a.File(), Publication: a.Publication})
	}
	return out
}

// published are the accounts of the consultation in the path. Of one that has none, nobody is told that it exists.
func (s *Server) published(r *http.Request) ([]record.Account, error) {
	list, err := s.store.Readouts(r.Context(), meeting.ConsultationID(r.PathValue("id")))
	if err == nil && len(list) == 0 {
		err = &meeting.Refusal{Code: protocol.NotFound}
	}
	return list, err
}

func (s *Server) readoutPage(r *http.Request) ([]byte, error) {
	list, err := s.published(r)
	if err != nil {
		return nil, err
	}
	x, l, only := s.publicOf(list), meeting.Language(r.PathValue("language")), meeting.PartyID(r.PathValue("party"))
	if !slices.Contains(x.Languages(), l) || only != "" && !slices.ContainsFunc(list, func(a record.Account) bool { return a.Party == only }) {
		return nil, &meeting.Refusal{Code: protocol.NotFound}
	}
	return x.Page(l, only)
}

// readoutAny goes to the page in the language that the reader's browser asks for.
func (s *Server) readoutAny(w http.ResponseWriter, r *http.Request) {
	list, err := s.published(r)
	if err != nil {
		s.lost(w, r, err)
		return
	}
	w.Header().Set("Vary", "Accept-Language")
	http.Redirect(w, r, paper.ReadoutPath(list[0].Consultation, spoken(r, s.publicOf(list).Languages()), ""), http.StatusFound)
}

// spoken is the first language that the browser names and we have (RFC 9110, section 12.5.4, in the order in which browsers write them).
func spoken(r *http.Request, have []meeting.Language) meeting.Language {
	for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(part, ";")
		base, _, _ := strings.Cut(strings.TrimSpace(strings.ToLower(tag)), "-")
		if slices.Contains(have, meeting.Language(base)) {
			return meeting.Language(base)
		}
	}
	return have[0]
}

// signedAccount is the file that anybody can check without this node.
func (s *Server) signedAccount(w http.ResponseWriter, r *http.Request) {
	list, err := s.published(r)
	if err != nil {
		s.lost(w, r, err)
		return
	}
	for _, a := range list {
		if string(a.Party) == r.PathValue("party") {
			w.Header().Set("Cache-Control", "no-cache")
			write(w, r, file{name: a.File(), kind: "text/plain; charset=utf-8", body: []byte(a.Note)})
			return
		}
	}
	s.lost(w, r, &meeting.Refusal{Code: protocol.NotFound})
}

// listed are the accounts published last, in a language that the pages are worded in.
func (s *Server) listed(r *http.Request) (paper.Readout, meeting.Language, error) {
	l := meeting.Language(r.PathValue("language"))
	if !slices.Contains(meeting.Interface(), l) {
		return paper.Readout{}, l, &meeting.Refusal{Code: protocol.NotFound}
	}
	list, err := s.store.LatestReadouts(r.Context(), meeting.PartyID(r.PathValue("party")), latest)
	return s.publicOf(list), l, err
}

func (s *Server) readoutIndex(r *http.Request) ([]byte, error) {
	x, l, err := s.listed(r)
	if err != nil {
		return nil, err
	}
	return x.Index(l)
}

func (s *Server) readoutFeed(r *http.Request) ([]byte, error) {
	x, l, err := s.listed(r)
	if err != nil {
		return nil, err
	}
	return x.Feed(l, meeting.PartyID(r.PathValue("party")))
}

func (s *Server) readoutsAny(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Accept-Language")
	http.Redirect(w, r, "/readouts/"+string(spoken(r, publicLanguages())), http.StatusFound)
}
