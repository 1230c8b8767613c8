package server

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"astara/auth"
	"astara/meeting"
	"astara/protocol"
	"astara/record"
)

const (
	// heldBefore is how far back the consultations of a calendar go; who looks for older ones looks at the desk.
	heldBefore = 366 * 24 * time.Hour
	// askedEach is how often a calendar program is asked to look (RFC 7986, section 5.7); many look once a day whatever they are told.
	askedEach = "PT1H"
)

// newCalendar makes the address anew: the one before is good no more.
func (s *Server) newCalendar(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	secret, err := s.auth.NewCalendar(r.Context(), d.ID)
	if err != nil {
		return nil, err
	}
	return protocol.CalendarAddress{Address: s.origin() + "/calendar/" + secret + ".ics"}, nil
}

func (s *Server) endCalendar(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	return nil, s.store.EndSessionsOf(r.Context(), auth.CalendarSession, string(d.ID), s.cfg.Now())
}

// ownCalendar is what a secretary's calendar program reads: the consultations of the side and the due dates of its agreements, in the secretary's language.
func (s *Server) ownCalendar(w http.ResponseWriter, r *http.Request) (any, error) {
	secret, ok := strings.CutSuffix(r.PathValue("secret"), ".ics")
	if !ok {
		return nil, &meeting.Refusal{Code: protocol.NotFound}
	}
	who, err := s.auth.AtCalendar(r.Context(), secret)
	if errors.Is(err, auth.ErrNone) {
		return nil, &meeting.Refusal{Code: protocol.NotFound}
	}
	if err != nil {
		return nil, err
	}
	consultations, err := s.store.Consultations(r.Context(), who.ID.Party())
	if err != nil {
		return nil, err
	}
	due, err := s.store.Agreements(r.Context(), who.ID.Party())
	if err != nil {
		return nil, err
	}
	w.Header().Set("Cache-Control", "private, no-cache")
	return file{name: "astara.ics", kind: "text/calendar; charset=utf-8", body: s.feedOf(who, consultations, due)}, nil
}

func (s *Server) feedOf(who auth.Secretary, consultations []*meeting.Meeting, due []record.Followed) []byte {
	cal := s.newFeed()
	cal.SetName(s.cfg.Name)
	cal.SetXWRCalName(s.cfg.Name)
	cal.SetRefreshInterval(askedEach)
	cal.SetXPublishedTTL(askedEach)
	words := wordsOf(who.Language)
	for _, m := range consultations {
		if s.cfg.Now().Sub(m.Joint.StartsAt) > heldBefore {
			continue
		}
		e := cal.AddEvent(fmt.Sprintf("%s@%s", m.ID, s.cfg.BaseURL.Hostname()))
		e.SetDtStampTime(s.cfg.Now().UTC())
		e.SetStartAt(m.Joint.StartsAt.UTC())
		e.SetEndAt(m.Joint.StartsAt.UTC().Add(time.Duration(m.Joint.Minutes) * time.Minute))
		e.SetSequence(m.Version)
		title := said(m.Joint.Title, who.Language, m.Joint.Languages)
		switch {
		case m.Cancelled != nil:
			e.SetStatus(ics.ObjectStatusCancelled)
			title = words.cancelled + ": " + title
		case slices.ContainsFunc(m.Joint.Parties, func(p meeting.Party) bool { return m.Agreed[p.ID] != m.Version }):
			e.SetStatus(ics.ObjectStatusTentative) // not agreed by all sides yet
		default:
			e.SetStatus(ics.ObjectStatusConfirmed)
		}
		e.SetSummary(title)
		e.SetURL(s.origin() + "/desk/" + string(m.ID))
		if text := agendaText(m, who.Language, words); text != "" {
			e.SetDescription(text)
		}
	}
	s.addDue(cal, due, who)
	return []byte(cal.Serialize(ics.WithNewLineWindows))
}

// agendaText is the agenda in lines.
func agendaText(m *meeting.Meeting, l meeting.Language, w calendarWords) string {
	if len(m.Joint.Agenda) == 0 {
		return ""
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s:\n", w.agenda)
	for n, it := range m.Joint.Agenda {
		fmt.Fprintf(&text, "%d. %s\n", n+1, said(it.Title, l, m.Joint.Languages))
	}
	return strings.TrimSpace(text.String())
}
