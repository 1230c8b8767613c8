package server

import (
	"context"
	"errors"
	"net/http"

	"astara/auth"
	"astara/meeting"
	"astara/protocol"
)

// Seat is whose seat a browser holds.
type Seat struct {
	ID           auth.SeatID
	Consultation meeting.ConsultationID
	Member       meeting.MemberID
	Session      auth.SessionID
	invitation   auth.Invitation
}

// seat says whose seat the request's browser holds, or refuses.
func (s *Server) seat(r *http.Request) (Seat, error) {
	i, session, err := s.auth.Seat(r.Context(), auth.SeatID(r.PathValue("seat")), cookie(r, seatCookie))
	if err != nil {
		return Seat{}, err
	}
	return Seat{i.Seat, i.Consultation, i.Member, session, i}, nil
}

func (s *Server) openLink(w http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.pay(s.links, "links", r); err != nil {
		return nil, err
	}
	var body protocol.OpenLink
	if err := read(r, &body); err != nil {
		return nil, err
	}
	i, err := s.auth.ReadLink(r.Context(), body.Token)
	if err != nil {
		if errors.As(err, new(*meeting.Refusal)) {
			s.links.Spend(clientAddr(r), wrongLink-1, s.cfg.Now())
		}
		return nil, err
	}
	return s.takeSeat(w, r, i, cookie(r, linkCookie+string(i.Seat)), body.Take)
}

// takeSeat gives this browser a seat, and tells the one that had it.
func (s *Server) takeSeat(w http.ResponseWriter, r *http.Request, i auth.Invitation, held string, take bool) (any, error) {
	o, err := s.auth.OpenSeat(r.Context(), i, held, take)
	if err != nil {
		return nil, err
	}
	how := "again"
	switch {
	case o.Moved:
		how = "moved"
		s.log.Info("seat moved", "consultation", i.Consultation, "seat", i.Seat)
		s.disconnect(r.Context(), i.Consultation, i.Member, protocol.Moved)
	case o.First:
		how = "first"
	}
	s.counts.openings.WithLabelValues(how).Inc()
	s.setSeat(w, o)
	return protocol.LinkOpened{Seat: string(o.Seat)}, nil
}

// disconnect ends a person's socket, also when the one who asked for it has gone meanwhile.
func (s *Server) disconnect(ctx context.Context, c meeting.ConsultationID, m meeting.MemberID, code string) {
	s.house.Disconnect(context.WithoutCancel(ctx), c, m, code)
}

func (s *Server) seatInfo(_ http.ResponseWriter, r *http.Request) (any, error) {
	at, err := s.seat(r)
	if err != nil {
		return nil, err
	}
	m, err := s.house.View(r.Context(), at.Consultation, at.Member)
	if err != nil {
		return nil, err
	}
	return protocol.SeatInfo{You: at.Member, Consultation: m}, nil
}

func (s *Server) seatCalendar(_ http.ResponseWriter, r *http.Request) (any, error) {
	at, err := s.seat(r)
	if err != nil {
		return nil, err
	}
	m, err := s.house.View(r.Context(), at.Consultation, at.Member)
	if err != nil {
		return nil, err
	}
	link, err := s.auth.LinkOf(at.invitation)
	if err != nil {
		return nil, err
	}
	return s.calendarOf(m, at.Member, link, false)
}
