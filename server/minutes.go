package server

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"

	"astara/auth"
	"astara/meeting"
	"astara/paper"
	"astara/protocol"
	"astara/record"
)

// minutesFile is a copy of the minutes for the secretary's side.
func (s *Server) minutesFile(w http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	m, err := s.takeUp(r, d)
	if err != nil {
		return nil, err
	}
	return s.copyOf(w, m, d.ID, r.PathValue("file"))
}

// seatMinutesFile is the same for who holds a seat at the table.
func (s *Server) seatMinutesFile(w http.ResponseWriter, r *http.Request) (any, error) {
	at, m, err := s.seatView(r)
	if err != nil {
		return nil, err
	}
	return s.copyOf(w, m, at.Member, r.PathValue("file"))
}

func (s *Server) copyOf(w http.ResponseWriter, m *meeting.Meeting, reader meeting.MemberID, name string) (any, error) {
	if !m.Inside(reader) && !m.Met(reader) {
		return nil, &meeting.Refusal{Code: meeting.NotAdmitted}
	}
	c := paper.Copy(m, reader.Party())
	switch name {
	case "minutes.docx":
		b, err := c.DOCX()
		return file{c.Name + ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b}, err
	case "minutes.html":
		b, err := c.HTML()
		w.Header().Set("Content-Security-Policy", paper.Policy)
		return page{kind: "text/html; charset=utf-8", plain: b}, err
	}
	return nil, &meeting.Refusal{Code: protocol.NotFound}
}

// deskChanges answers 204 while nothing has happened since the secretary last looked: two who write at once look often.
func (s *Server) deskChanges(w http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	m, err := s.takeUp(r, d)
	if err != nil {
		return nil, err
	}
	if seen, err := strconv.ParseUint(r.URL.Query().Get("seen"), 10, 64); err == nil && seen == m.Seq {
		return nil, nil
	}
	return s.consultation(w, r, d)
}

// ---- signing --------------------------------------------------------------------------------------------------------

func (s *Server) seatView(r *http.Request) (Seat, *meeting.Meeting, error) {
	at, err := s.seat(r)
	if err != nil {
		return at, nil, err
	}
	m, err := s.house.View(r.Context(), at.Consultation, at.Member)
	return at, m, err
}

func (s *Server) signer(r *http.Request) (auth.Signer, *meeting.Meeting, error) {
	at, m, err := s.seatView(r)
	if err != nil {
		return auth.Signer{}, nil, err
	}
	return auth.Signer{Consultation: at.Consultation, Member: at.Member, Name: m.Members[at.Member].Name}, m, m.MaySign(at.Member)
}

// beginSigning says what to sign, and asks for a passkey first where the person has none here.
func (s *Server) beginSigning(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body protocol.BeginSigning
	if err := read(r, &body); err != nil {
		return nil, err
	}
	who, m, err := s.signer(r)
	if err != nil {
		return nil, err
	}
	if keys := m.KeysOf(who.Member); len(keys) > 0 && !body.NewKey {
		return s.signing(m, keys)
	}
	c, err := s.auth.BeginSigningKey(who)
	if err != nil {
		return nil, err
	}
	return protocol.SigningBegun{Text: m.MinutesHash(), Create: &protocol.PasskeyChallenge{Ceremony: c.Ceremony, Options: c.Options}}, nil
}

func (s *Server) signing(m *meeting.Meeting, keys []meeting.SigningKey) (any, error) {
	options, err := s.auth.SigningOptions(m.MinutesHash(), keys)
	if err != nil {
		return nil, err
	}
	return protocol.SigningBegun{Text: m.MinutesHash(), Sign: &protocol.PasskeyChallenge{Options: options}}, nil
}

// signingKey puts a chair's new key on record.
func (s *Server) signingKey(_ http.ResponseWriter, r *http.Request) (any, error) {
	ceremony, response, err := passkeyResponse(r)
	if err != nil {
		return nil, err
	}
	who, m, err := s.signer(r)
	if err != nil {
		return nil, err
	}
	k, err := s.auth.FinishSigningKey(who, ceremony, response)
	if err != nil {
		return nil, err
	}
	c := meeting.RegisterSigningKey{ID: k.ID, Public: k.Public}
	if err := s.do(c.Type(), s.house.Do(r.Context(), who.Consultation, who.Member, c)); err != nil {
		return nil, err
	}
	return s.signing(m, []meeting.SigningKey{k})
}

// sign checks a chair's signature, and puts it on record.
func (s *Server) sign(_ http.ResponseWriter, r *http.Request) (any, error) {
	var body protocol.SignMinutes
	if err := read(r, &body); err != nil {
		return nil, err
	}
	who, m, err := s.signer(r)
	if err != nil {
		return nil, err
	}
	response, err := json.Marshal(body.Response)
	if err != nil {
		return nil, err
	}
	x, err := s.auth.ReadSigned(response)
	if err != nil {
		return nil, err
	}
	text := base64.StdEncoding.EncodeToString
	c := meeting.SignMinutes{Text: body.Text, Key: x.Key, Authenticator: text(x.Authenticator), Client: text(x.Client), Value: text(x.Value)}
	for _, k := range m.KeysOf(who.Member) {
		if k.ID != c.Key {
			continue
		}
		origin, err := record.CheckSignature(meeting.Signature{By: who.Member, Text: c.Text, Key: c.Key, Authenticator: c.Authenticator, Client: c.Client, Value: c.Value}, k)
		if err != nil || origin != s.origin() {
			return nil, &meeting.Refusal{Code: meeting.SignatureWrong}
		}
		return nil, s.do(c.Type(), s.house.Do(r.Context(), who.Consultation, who.Member, c))
	}
	return nil, &meeting.Refusal{Code: meeting.SignatureWrong}
}
