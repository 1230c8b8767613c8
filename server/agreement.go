package server

import (
	"context"
	"net/http"
	"net/mail"
	"strings"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/protocol"
	"astara/record"
)

// Follower keeps what is needed to follow agreements.
type Follower interface {
	// Agreements of all consultations of a party, those of the latest first.
	Agreements(ctx context.Context, p meeting.PartyID) ([]record.Followed, error)
	// Agreement is one of them; auth.ErrNone when there is none that the party may know.
	Agreement(ctx context.Context, p meeting.PartyID, c meeting.ConsultationID, id meeting.AgreementID) (record.Followed, error)
	// RestDays of a party; PutRestDays replaces them.
	RestDays(ctx context.Context, p meeting.PartyID) (meeting.RestDays, error)
	PutRestDays(ctx context.Context, p meeting.PartyID, r meeting.RestDays) error
	// Reminded is where a secretary is reminded, and whether; PutReminded changes it.
	Reminded(ctx context.Context, who meeting.MemberID) (address string, wanted bool, err error)
	PutReminded(ctx context.Context, who meeting.MemberID, address string, wanted bool) error
}

// bodyLimit is how large a request may be: a file that is imported is larger than a message, and so are the terms of an agreement.
func bodyLimit(r *http.Request) int64 {
	switch {
	case r.Method == http.MethodPost && (strings.HasSuffix(r.URL.Path, "/agreements/import") || strings.HasSuffix(r.URL.Path, "/terms/import")), r.URL.Path == "/api/desk/rest-days":
		return 2 * protocol.MaxFile // JSON writes some letters in six bytes
	case r.Method == http.MethodPost && (strings.HasSuffix(r.URL.Path, "/agreements") || strings.HasSuffix(r.URL.Path, "/terms")):
		return 16 * protocol.MaxMessage
	}
	return protocol.MaxMessage
}

// today is the day on a side's clock.
func (s *Server) today(p meeting.Party) meeting.ISODate {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		zone = time.UTC
	}
	return meeting.DateOf(s.cfg.Now(), zone)
}

// followUp is what every answer about agreements has: the parties, their days of rest, and how the secretary is reminded.
func (s *Server) followUp(r *http.Request, d auth.Desk) (protocol.Agreements, error) {
	out := protocol.Agreements{Own: d.ID.Party(), Today: meeting.DateOf(s.cfg.Now(), time.UTC), RestDays: map[meeting.PartyID]meeting.RestDays{},
		List: []protocol.AgreementLine{}}
	var err error
	out.Reminders.Possible = s.cfg.Reminds
	if out.Reminders.Address, out.Reminders.Wanted, err = s.store.Reminded(r.Context(), d.ID); err != nil {
		return out, err
	}
	since, err := s.store.SessionSince(r.Context(), auth.CalendarSession, string(d.ID), s.cfg.Now())
	if err != nil {
		return out, err
	}
	out.Calendar = when(since)
	if out.Parties, err = s.store.Parties(r.Context()); err != nil {
		return out, err
	}
	for _, p := range out.Parties {
		if p.ID == out.Own {
			out.Today = s.today(p)
		}
		if out.RestDays[p.ID], err = s.store.RestDays(r.Context(), p.ID); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (s *Server) agreements(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	out, err := s.followUp(r, d)
	if err != nil {
		return nil, err
	}
	list, err := s.store.Agreements(r.Context(), d.ID.Party())
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		out.List = append(out.List, lineOf(f, out.Today, false))
	}
	return out, nil
}

// lineOf is an agreement as the desk shows it: whole, or without what a list has no room for.
func lineOf(f record.Followed, today meeting.ISODate, whole bool) protocol.AgreementLine {
	a := f.Agreement
	out := protocol.AgreementLine{Consultation: f.Consultation, Occasion: f.Joint.Title, HeldAt: when(f.Joint.StartsAt), Languages: f.Joint.Languages,
		Parties: f.Joint.Parties, Version: len(a.Versions), Terms: a.Terms(), Agreement: a, Review: a.Review(f.Parties(), today)}
	if whole {
		return out
	}
	short := *a
	short.Versions, short.Evidence, short.Obstacles = []meeting.AgreementVersion{}, []meeting.Evidence{}, []meeting.Obstacle{}
	for _, o := range a.Obstacles {
		if o.Cleared == nil {
			short.Obstacles = append(short.Obstacles, o)
		}
	}
	short.Sides = map[meeting.PartyID]meeting.OwnAccount{}
	for p, x := range a.Sides {
		x.Reports = x.Reports[max(0, len(x.Reports)-1):]
		short.Sides[p] = x
	}
	out.Agreement, out.Terms.Text = &short, meeting.Words{}
	return out
}

func (s *Server) agreement(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	return s.oneAgreement(r, d, meeting.AgreementID(r.PathValue("agreement")))
}

func (s *Server) oneAgreement(r *http.Request, d auth.Desk, id meeting.AgreementID) (any, error) {
	out, err := s.followUp(r, d)
	if err != nil {
		return nil, err
	}
	f, err := s.store.Agreement(r.Context(), d.ID.Party(), meeting.ConsultationID(r.PathValue("id")), id)
	if err != nil {
		return nil, err
	}
	out.List = append(out.List, lineOf(f, out.Today, true))
	return out, nil
}

func (s *Server) agreementCommand(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	c, err := readCommand(r, meeting.AgreementCommands())
	if err != nil {
		return nil, err
	}
	m, err := s.takeUp(r, d)
	if err != nil {
		return nil, err
	}
	if x, ok := c.(meeting.ProposeAgreement); ok && x.Base == 0 {
		x.ID = meeting.AgreementID(newID())
		c = x
	}
	if x, ok := c.(meeting.AddEvidence); ok && x.Document != "" {
		if err := s.readable(r.Context(), meeting.DocumentID(x.Document), d.ID.Party()); err != nil {
			return nil, err
		}
	}
	if err := s.do(c.Type(), s.house.Do(r.Context(), m.ID, d.ID, c)); err != nil {
		return nil, err
	}
	return s.oneAgreement(r, d, c.(meeting.AboutAgreement).About())
}

// readable: evidence is a document that its own side can open.
func (s *Server) readable(ctx context.Context, id meeting.DocumentID, p meeting.PartyID) error {
	x, err := s.store.DocumentFor(ctx, id, p)
	if err == nil && (!x.Withdrawn.IsZero() || !x.Erased.IsZero()) {
		err = &meeting.Refusal{Code: meeting.UnknownDocument}
	}
	return err
}

// maxAddress is the longest mail address (RFC 5321, section 4.5.3.1.3).
const maxAddress = 254

// putReminders changes how the secretary is reminded.
func (s *Server) putReminders(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	var body protocol.PutReminders
	if err := read(r, &body); err != nil {
		return nil, err
	}
	if a, err := mail.ParseAddress(body.Address); body.Address != "" && (err != nil || a.Address != body.Address || len(body.Address) > maxAddress) || body.Address == "" && body.Wanted {
		return nil, &meeting.Refusal{Code: protocol.AddressWrong}
	}
	return nil, s.store.PutReminded(r.Context(), d.ID, body.Address, body.Wanted)
}
