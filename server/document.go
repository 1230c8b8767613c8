package server

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"astara/auth"
	"astara/library"
	"astara/meeting"
	"astara/protocol"
	"astara/record"
)

// inert: a document is served where nothing runs: no script, no form, nothing from anywhere, an origin of its own. Only our own pages
// frame it.
const inert = "default-src 'none'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// readDocument serves a document to a secretary who may read it.
func (s *Server) readDocument(w http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	return s.serveDocument(w, r, d.ID, d.Name)
}

// readAtTable serves one that is before the consultation to who is inside.
func (s *Server) readAtTable(w http.ResponseWriter, r *http.Request) (any, error) {
	at, err := s.seat(r)
	if err != nil {
		return nil, err
	}
	m, err := s.house.View(r.Context(), at.Consultation, at.Member)
	if err != nil {
		return nil, err
	}
	if _, ok := m.Document(meeting.DocumentID(r.PathValue("id"))); !ok {
		return nil, auth.ErrNone
	}
	return s.serveDocument(w, r, at.Member, m.Members[at.Member].Name)
}

func (s *Server) serveDocument(w http.ResponseWriter, r *http.Request, who meeting.MemberID, name string) (any, error) {
	ctx := r.Context()
	d, err := s.store.DocumentFor(ctx, meeting.DocumentID(r.PathValue("id")), who.Party())
	if err != nil {
		return nil, err
	}
	if !d.Erased.IsZero() {
		return nil, auth.ErrNone
	}
	form := r.PathValue("form")
	if form != "content" && form != "page" && form != "file" {
		return nil, &meeting.Refusal{Code: protocol.NotFound}
	}
	if who.Party() != d.Party && r.Method == http.MethodGet {
		x := record.Reading{Document: d.ID, Reader: who, Name: name, At: s.cfg.Now()}
		if part := r.Header.Get("Range"); part == "" || strings.HasPrefix(part, "bytes=0-") {
			x.Times = 1 // the parts that follow are the same reading
		}
		if err := s.store.NoteReading(ctx, x); err != nil { // what cannot be listed is not read
			return nil, err
		}
	}
	w.Header().Set("Content-Security-Policy", inert)
	if form == "page" {
		return s.servePage(w, r, d)
	}
	c, err := s.cfg.Library.Open(ctx, d.Hash)
	if err != nil {
		return nil, fmt.Errorf("content of %s: %w", d.ID, err)
	}
	defer c.Close()
	kind := library.Type(library.Kind(d.Kind), d.File)
	if form == "file" || d.Kind == meeting.HTML || d.Kind == meeting.Plain || d.Kind == meeting.DOCX || d.Kind == meeting.ODT {
		w.Header().Set("Content-Disposition", disposition(d.File))
	}
	if d.Kind == meeting.HTML || d.Kind == meeting.Plain { // a browser that is given one and asked to save it might still look into it
		kind = "application/octet-stream"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("ETag", `"`+d.Hash+`"`)
	http.ServeContent(w, r, "", time.Time{}, c)
	return written{}, nil
}

// servePage is a document as a page of text: a web page without all that could run or call home, or what was taken out of the file.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request, d record.Document) (any, error) {
	var body []byte
	switch d.Kind {
	case meeting.HTML:
		c, err := s.cfg.Library.Open(r.Context(), d.Hash)
		if err != nil {
			return nil, fmt.Errorf("content of %s: %w", d.ID, err)
		}
		defer c.Close()
		if body, err = library.CleanPage(c); err != nil {
			return nil, err
		}
	case meeting.Plain, meeting.DOCX, meeting.ODT:
		text, err := s.store.DocumentText(r.Context(), d.ID)
		if err != nil {
			return nil, err
		}
		var list []library.Passage
		for _, p := range text {
			list = append(list, library.Passage(p))
		}
		body = library.TextPage(list, d.Kind == meeting.Plain)
	default:
		return nil, &meeting.Refusal{Code: protocol.NotFound}
	}
	w.Header().Set("Content-Security-Policy", inert+"; "+library.PagePolicy())
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	return written{}, nil
}

// disposition names a file for saving (RFC 6266): plain letters for old programs, and the name itself in UTF-8.
func disposition(file string) string {
	plain := "document"
	if e := path.Ext(file); len(e) < 8 && strings.Trim(strings.ToLower(e), ".abcdefghijklmnopqrstuvwxyz0123456789") == "" {
		plain += e
	}
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(file), "+", "%20")
}
