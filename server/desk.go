package server

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/protocol"
)

func (s *Server) healthy(_ http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.store.Ping(r.Context()); err != nil {
		return nil, err
	}
	return map[string]string{"status": "ok"}, nil
}

func (s *Server) node(http.ResponseWriter, *http.Request) (any, error) {
	return protocol.Node{Name: s.cfg.Name, Version: s.cfg.Version}, nil
}

// ---- signing in -----------------------------------------------------------------------------------------------------

func (s *Server) signIn(w http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.pay(s.signIns, "sign-in", r); err != nil {
		return nil, err
	}
	var body protocol.SignIn
	if err := read(r, &body); err != nil {
		return nil, err
	}
	d, err := s.auth.SignIn(r.Context(), body.Token)
	if err != nil {
		return nil, err
	}
	s.setDesk(w, d)
	return nil, nil
}

func (s *Server) beginPasskeySignIn(_ http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.pay(s.signIns, "passkey", r); err != nil {
		return nil, err
	}
	return challenge(s.auth.BeginPasskeySignIn())
}

func (s *Server) finishPasskeySignIn(w http.ResponseWriter, r *http.Request) (any, error) {
	if err := s.pay(s.signIns, "passkey", r); err != nil {
		return nil, err
	}
	ceremony, response, err := passkeyResponse(r)
	if err != nil {
		return nil, err
	}
	d, err := s.auth.FinishPasskeySignIn(r.Context(), ceremony, response)
	if err != nil {
		return nil, err
	}
	s.setDesk(w, d)
	return nil, nil
}

func challenge(c auth.Challenge, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return protocol.PasskeyChallenge{Ceremony: c.Ceremony, Options: c.Options}, nil
}

func passkeyResponse(r *http.Request) (ceremony string, response []byte, err error) {
	var body protocol.PasskeyResponse
	if err := read(r, &body); err != nil {
		return "", nil, err
	}
	response, err = json.Marshal(body.Response)
	return body.Ceremony, response, err
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	if err := s.auth.SignOut(r.Context(), d); err != nil {
		return nil, err
	}
	s.set(w, deskCookie, "", deskPath, time.Time{})
	return nil, nil
}

// ---- the desk -------------------------------------------------------------------------------------------------------

func (s *Server) deskInfo(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	parties, err := s.store.Parties(r.Context())
	if err != nil {
		return nil, err
	}
	own := func(p meeting.Party) bool { return p.ID == d.ID.Party() }
	if i := slices.IndexFunc(parties, own); i > 0 {
		parties = slices.Concat(parties[i:i+1], parties[:i], parties[i+1:])
	}
	list, err := s.store.Consultations(r.Context(), d.ID.Party())
	if err != nil {
		return nil, err
	}
	keys, err := s.auth.Passkeys(r.Context(), d.ID)
	if err != nil {
		return nil, err
	}
	out := protocol.Desk{Now: when(s.cfg.Now()), Me: protocol.Secretary{ID: d.ID, Name: d.Name, Language: d.Language}, Parties: append([]meeting.Party{}, parties...),
		Consultations: []protocol.Summary{}, Passkeys: []protocol.Passkey{}}
	for _, m := range list {
		x, err := s.summary(r, d, m)
		if err != nil {
			return nil, err
		}
		out.Consultations = append(out.Consultations, x)
	}
	for _, k := range keys {
		out.Passkeys = append(out.Passkeys, protocol.Passkey{ID: k.ID, Added: when(k.Added), LastUse: when(k.LastUse)})
	}
	return out, nil
}

// nearNow is how far from its planned start a consultation may be in session: only then the list asks its room who is there.
const nearNow = 24 * time.Hour

func (s *Server) summary(r *http.Request, d auth.Desk, m *meeting.Meeting) (protocol.Summary, error) {
	out := protocol.Summary{ID: m.ID, Title: m.Joint.Title, Parties: m.Joint.Parties, StartsAt: when(m.Joint.StartsAt), Minutes: m.Joint.Minutes,
		Version: m.Version, Agreed: m.Agreed, Cancelled: m.Cancelled != nil, Kind: m.Joint.Kind}
	if m.Cancelled != nil || s.cfg.Now().Sub(m.Joint.StartsAt).Abs() > nearNow {
		return out, nil
	}
	v, err := s.house.View(r.Context(), m.ID, d.ID)
	switch {
	case err != nil && r.Context().Err() != nil:
		return out, err
	case err != nil: // the desk opens all the same: one room that cannot be loaded is not all of them
		s.log.Error("room not loaded", "consultation", m.ID, "err", err)
		return out, nil
	}
	out.Deferred = v.Deferred
	for _, x := range v.Members { // whoever has not taken the consultation up sees nobody
		switch {
		case x.Waiting() && x.ID.Party() == d.ID.Party():
			out.Waiting++
		case x.Present && x.Standing == meeting.Admitted:
			out.Present++
		}
	}
	return out, nil
}

// when is a time on the wire; never is empty.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func (s *Server) beginPasskey(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	return challenge(s.auth.BeginPasskey(r.Context(), d))
}

func (s *Server) finishPasskey(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	ceremony, response, err := passkeyResponse(r)
	if err != nil {
		return nil, err
	}
	return nil, s.auth.FinishPasskey(r.Context(), d, ceremony, response)
}

func (s *Server) deletePasskey(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	return nil, s.auth.DeletePasskey(r.Context(), d.ID, r.PathValue("id"))
}
