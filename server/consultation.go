package server

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/protocol"
)

// newID is 80 random bits in small letters and digits: it fits every id.
func newID() string { return strings.ToLower(rand.Text()[:16]) }

func (s *Server) call(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	var body protocol.Call
	if err := read(r, &body); err != nil {
		return nil, err
	}
	if err := s.known(r, body.Joint); err != nil {
		return nil, err
	}
	id := meeting.ConsultationID(newID())
	if err := s.do("consultation.call", s.house.Call(r.Context(), id, d.ID, meeting.CallConsultation{Joint: body.Joint, Secretary: d.Person()})); err != nil {
		return nil, err
	}
	return protocol.Called{ID: id}, nil
}

// known refuses what the rules cannot know of: parties that this node has not, and zones that are not on the map.
func (s *Server) known(r *http.Request, j meeting.Joint) error {
	parties, err := s.store.Parties(r.Context())
	if err != nil {
		return err
	}
	for _, p := range j.Parties {
		if !slices.ContainsFunc(parties, func(q meeting.Party) bool { return q.ID == p.ID }) {
			return &meeting.Refusal{Code: meeting.UnknownParty, Args: map[string]any{"party": p.ID}}
		}
		if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "" || p.Zone == "Local" {
			return &meeting.Refusal{Code: meeting.ZoneWrong, Args: map[string]any{"party": p.ID}}
		}
	}
	return nil
}

// do counts a command, and passes on what became of it.
func (s *Server) do(t meeting.CommandType, err error) error {
	s.counts.commands.WithLabelValues(string(t)).Inc()
	return err
}

// takeUp makes the secretary a member if they are not yet, and returns what they see. A party that does not take part is not
// told that there is such a consultation.
func (s *Server) takeUp(r *http.Request, d auth.Desk) (*meeting.Meeting, error) {
	return s.takeUpOf(r, d, meeting.ConsultationID(r.PathValue("id")))
}

func (s *Server) takeUpOf(r *http.Request, d auth.Desk, id meeting.ConsultationID) (*meeting.Meeting, error) {
	err := s.house.Do(r.Context(), id, d.ID, meeting.TakeUp{Secretary: d.Person()})
	var no *meeting.Refusal
	if errors.As(err, &no) && no.Code == meeting.UnknownParty {
		return nil, &meeting.Refusal{Code: protocol.NotFound}
	}
	if err != nil {
		return nil, err
	}
	return s.house.View(r.Context(), id, d.ID)
}

func (s *Server) consultation(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	m, err := s.takeUp(r, d)
	if err != nil {
		return nil, err
	}
	links, err := s.auth.Links(r.Context(), m.ID, d.ID.Party())
	if err != nil {
		return nil, err
	}
	custody, err := s.store.Custody(r.Context(), m.ID)
	if err != nil {
		return nil, err
	}
	out := protocol.ConsultationDesk{You: d.ID, Consultation: m, Links: map[meeting.MemberID]protocol.LinkState{}, Readout: m.Readout, Record: recordState(custody, m.Joint.Parties)}
	for who, i := range links {
		out.Links[who] = protocol.LinkState{Issued: when(i.Issued), Expires: when(i.Expires), Opened: when(i.Opened), Revoked: !i.Revoked.IsZero()}
	}
	return out, nil
}

// readCommand is one of the allowed commands, from a request's body.
func readCommand(r *http.Request, allowed []meeting.Command) (meeting.Command, error) {
	var body protocol.DeskCommand
	if err := read(r, &body); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(body.Body)
	if err != nil {
		return nil, err
	}
	return meeting.DecodeCommand(allowed, body.Type, raw)
}

func (s *Server) command(w http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	c, err := readCommand(r, meeting.DeskCommands())
	if err != nil {
		return nil, err
	}
	m, err := s.takeUp(r, d)
	if err != nil {
		return nil, err
	}
	switch x := c.(type) {
	case meeting.ChangeConsultation:
		if err := s.known(r, x.Joint); err != nil {
			return nil, err
		}
	case meeting.InviteMember:
		x.Person.ID = meeting.PersonID(newID())
		c = x
	}
	if err := s.do(c.Type(), s.house.Do(r.Context(), m.ID, d.ID, c)); err != nil {
		return nil, err
	}
	if x, ok := c.(meeting.WithdrawMember); ok { // the rules allowed it, so the person is of the own side
		if err := s.auth.RevokeLink(r.Context(), m.ID, x.Member); err != nil {
			return nil, err
		}
	}
	return s.consultation(w, r, d)
}

// enter gives the secretary's browser their own seat.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	if err := readNothing(r); err != nil {
		return nil, err
	}
	m, err := s.takeUp(r, d)
	if err != nil {
		return nil, err
	}
	i, err := s.auth.DeskSeat(r.Context(), m.ID, d.ID, m.Joint.StartsAt)
	if err != nil {
		return nil, err
	}
	return s.takeSeat(w, r, i, "", true) // who is signed in needs not ask
}

// ---- personal links -------------------------------------------------------------------------------------------------

// ownPerson is one of the secretary's own people: the path cannot name others.
func (s *Server) ownPerson(r *http.Request, d auth.Desk) (*meeting.Meeting, meeting.Member, error) {
	m, err := s.takeUp(r, d)
	if err != nil {
		return nil, meeting.Member{}, err
	}
	id := d.ID.Party().Member(meeting.PersonID(r.PathValue("person")))
	x, ok := m.Members[id]
	if !ok {
		return nil, meeting.Member{}, &meeting.Refusal{Code: meeting.UnknownMember, Args: map[string]any{"member": id}}
	}
	return m, x, nil
}

func (s *Server) issueLink(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	if err := readNothing(r); err != nil {
		return nil, err
	}
	m, x, err := s.ownPerson(r, d)
	if err != nil {
		return nil, err
	}
	if m.Cancelled != nil {
		return nil, &meeting.Refusal{Code: meeting.IsCancelled}
	}
	link, err := s.auth.IssueLink(r.Context(), m.ID, x.ID, m.Joint.StartsAt)
	if err != nil {
		return nil, err
	}
	s.disconnect(r.Context(), m.ID, x.ID, protocol.LinkRevoked) // who had come by the earlier link
	f, err := s.calendarOf(m, x.ID, link.URL, false)
	if err != nil {
		return nil, err
	}
	return protocol.LinkIssued{Link: link.URL, Expires: when(link.Expires), ICS: string(f.body)}, nil
}

func (s *Server) revokeLink(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	m, x, err := s.ownPerson(r, d)
	if err != nil {
		return nil, err
	}
	if err := s.auth.RevokeLink(r.Context(), m.ID, x.ID); err != nil {
		return nil, err
	}
	s.disconnect(r.Context(), m.ID, x.ID, protocol.LinkRevoked)
	return nil, nil
}

// deskCalendar is a person's calendar file as it stands, without their link: to send after a change or a cancellation.
func (s *Server) deskCalendar(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	m, x, err := s.ownPerson(r, d)
	if err != nil {
		return nil, err
	}
	links, err := s.auth.Links(r.Context(), m.ID, d.ID.Party())
	if err != nil {
		return nil, err
	}
	i, ok := links[x.ID]
	return s.calendarOf(m, x.ID, "", ok && i.Revoked.IsZero() && s.cfg.Now().Before(i.Expires))
}
