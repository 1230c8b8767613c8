package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"astara/auth"
	"astara/meeting"
	"astara/paper"
	"astara/protocol"
	"astara/record"
)

// Glossary keeps the terms.
type Glossary interface {
	// Terms are those of all consultations that a party may read, the latest consultation first.
	Terms(ctx context.Context, p meeting.PartyID) ([]record.FiledTerm, error)
}

func wireTerms(list []record.FiledTerm) []protocol.GlossaryLine {
	out := make([]protocol.GlossaryLine, len(list))
	for i, f := range list {
		out[i] = protocol.GlossaryLine{Consultation: f.Consultation, Occasion: f.Title, Parties: f.Parties, State: protocol.TermState(f.State()), Term: f.Term}
	}
	return out
}

// termsInUse are those that people go by.
func (s *Server) termsInUse(ctx context.Context, p meeting.PartyID) ([]record.FiledTerm, error) {
	list, err := s.store.Terms(ctx, p)
	return slices.DeleteFunc(list, func(f record.FiledTerm) bool { return f.Term.Gone() }), err
}

func (s *Server) glossary(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	parties, err := s.store.Parties(r.Context())
	if err != nil {
		return nil, err
	}
	list, err := s.termsInUse(r.Context(), d.ID.Party())
	if err != nil {
		return nil, err
	}
	return protocol.Glossary{Own: d.ID.Party(), Parties: parties, List: wireTerms(list)}, nil
}

func (s *Server) termCommand(w http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	var body protocol.DeskCommand
	if err := read(r, &body); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(body.Body)
	if err != nil {
		return nil, err
	}
	c, err := meeting.DecodeCommand(meeting.TermCommands(), body.Type, raw)
	if err != nil {
		return nil, err
	}
	m, err := s.takeUp(r, d)
	if err != nil {
		return nil, err
	}
	if x, ok := c.(meeting.WriteTerm); ok && x.Base == 0 {
		x.ID = meeting.TermID(newID())
		c = x
	}
	if err := s.do(c.Type(), s.house.Do(r.Context(), m.ID, d.ID, c)); err != nil {
		return nil, err
	}
	return s.glossary(w, r, d)
}

// refusedShown is how many refused lines of a file are listed: who sees so many mends the file.
const refusedShown = 100

// importTerms says what a file would do, or does it: what can be taken in, all of it or nothing.
func (s *Server) importTerms(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	var body protocol.ImportGlossary
	if err := read(r, &body); err != nil {
		return nil, err
	}
	if len(body.Text) > protocol.MaxFile {
		return nil, &meeting.Refusal{Code: protocol.TooLarge}
	}
	readFile := map[string]func([]byte) ([]record.FiledNames, []record.RowFault, error){"csv": record.ReadTableOfTerms, "tbx": record.ReadTermBase}[body.Format]
	if readFile == nil {
		return nil, errBadRequest
	}
	list, faults, err := readFile([]byte(body.Text))
	if err != nil {
		return nil, faultOf(err)
	}
	m, err := s.takeUp(r, d)
	if err != nil {
		return nil, err
	}
	all, err := s.store.Terms(r.Context(), d.ID.Party())
	if err != nil {
		return nil, err
	}
	var have []meeting.Term
	for _, f := range all {
		if f.Consultation == m.ID {
			have = append(have, f.Term)
		}
	}
	to := meeting.ToParty(d.ID.Party())
	if body.Shared {
		to = meeting.All
	}
	plan := record.PlanTerms(list, to, have, newID)
	if body.Apply {
		if err := s.do(plan.Command.Type(), s.house.Do(r.Context(), m.ID, d.ID, plan.Command)); err != nil {
			return nil, err
		}
	}
	out := protocol.ImportedGlossary{New: plan.New, Changed: plan.Changed, Same: plan.Same, Refused: []protocol.RefusedRow{}, More: max(0, len(faults)-refusedShown)}
	for _, f := range faults[:min(len(faults), refusedShown)] {
		var no *meeting.Refusal
		if !errors.As(faultOf(f.Err), &no) {
			return nil, f.Err
		}
		out.Refused = append(out.Refused, protocol.RefusedRow{Row: f.Row, Why: protocol.Refused{Code: string(no.Code), Args: no.Args}})
	}
	return out, nil
}

// glossaryFile gives the terms of the own side as a file, or as a page to print.
func (s *Server) glossaryFile(w http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	list, err := s.termsInUse(r.Context(), d.ID.Party())
	if err != nil {
		return nil, err
	}
	switch r.PathValue("file") {
	case "terms.csv":
		b, err := record.TableOfTerms(list)
		return file{name: "terms.csv", kind: "text/csv; charset=utf-8", body: b}, err
	case "terms.tbx":
		b, err := record.TermBase(list)
		return file{name: "terms.tbx", kind: "application/x-tbx+xml", body: b}, err
	case "sheet.html":
		return s.printTerms(w, r, list, d.Language)
	}
	return nil, &meeting.Refusal{Code: protocol.NotFound}
}

// seatTermList is what a member who works with terms may read: the own side's, and what was noted in their booth.
func (s *Server) seatTermList(r *http.Request) ([]record.FiledTerm, meeting.Member, error) {
	at, m, err := s.seatView(r)
	if err != nil {
		return nil, meeting.Member{}, err
	}
	x := m.Members[at.Member]
	switch {
	case x.Standing == meeting.Refused || x.Standing == meeting.Removed:
		return nil, x, &meeting.Refusal{Code: meeting.NotAdmitted}
	case !x.Role.ReadsTerms():
		return nil, x, &meeting.Refusal{Code: meeting.NotYourRole}
	}
	list, err := s.termsInUse(r.Context(), at.Member.Party())
	for _, t := range m.Terms {
		list = append(list, record.FiledTerm{Consultation: m.ID, Title: m.Joint.Title, StartsAt: m.Joint.StartsAt, Term: *t})
	}
	return list, x, err
}

func (s *Server) seatTerms(_ http.ResponseWriter, r *http.Request) (any, error) {
	list, _, err := s.seatTermList(r)
	if err != nil {
		return nil, err
	}
	return protocol.TermSheet{List: wireTerms(list)}, nil
}

func (s *Server) seatTermsFile(w http.ResponseWriter, r *http.Request) (any, error) {
	list, x, err := s.seatTermList(r)
	if err != nil {
		return nil, err
	}
	switch r.PathValue("file") {
	case "sheet.html":
		return s.printTerms(w, r, list, x.Language)
	case "sheet.csv":
		b, err := record.TableOfTerms(list)
		return file{name: "terms.csv", kind: "text/csv; charset=utf-8", body: b}, err
	}
	return nil, &meeting.Refusal{Code: protocol.NotFound}
}

// printTerms is the sheet as a page: of the languages and the area that are asked for, in the order of the first of the languages.
func (s *Server) printTerms(w http.ResponseWriter, r *http.Request, list []record.FiledTerm, reader meeting.Language) (any, error) {
	var languages []meeting.Language
	for l := range strings.SplitSeq(r.URL.Query().Get("languages"), ",") {
		if tag := meeting.Language(l); tag.Valid() && !slices.Contains(languages, tag) && len(languages) < meeting.MaxTermLanguages {
			languages = append(languages, tag)
		}
	}
	if len(languages) == 0 {
		languages = record.TermLanguages(list)
	}
	if l := meeting.Language(r.URL.Query().Get("words")); slices.Contains(meeting.Interface(), l) {
		reader = l
	}
	sheet := paper.TermSheet{Reader: reader, Languages: languages, Area: r.URL.Query().Get("area")}
	for _, f := range record.SortedTerms(list, languages) {
		if sheet.Area == "" || f.Term.InUse().Area == sheet.Area {
			sheet.Terms = append(sheet.Terms, f.Term)
		}
	}
	b, err := sheet.HTML()
	w.Header().Set("Content-Security-Policy", paper.Policy)
	return page{kind: "text/html; charset=utf-8", plain: b}, err
}
