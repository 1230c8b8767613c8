package server

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"

	"astara/auth"
	"astara/library"
	"astara/meeting"
	"astara/protocol"
	"astara/room"
)

// handler answers with a body to be written as JSON, with a file, or with nil for nothing (204).
type handler func(w http.ResponseWriter, r *http.Request) (any, error)

// deskHandler is a handler for a secretary who signed in.
type deskHandler func(w http.ResponseWriter, r *http.Request, d auth.Desk) (any, error)

// file is an answer that is not JSON.
type file struct {
	name, kind string
	body       []byte
}

// written is an answer that the handler has written itself.
type written struct{}

// open is for anybody.
func (s *Server) open(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := h(w, r)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		write(w, r, body)
	})
}

// desk is for secretaries who signed in, and prolongs their cookie.
func (s *Server) desk(h deskHandler) http.Handler {
	return s.open(func(w http.ResponseWriter, r *http.Request) (any, error) {
		d, err := s.auth.AtDesk(r.Context(), cookie(r, deskCookie))
		if err != nil {
			return nil, err
		}
		s.setDesk(w, d)
		return h(w, r, d)
	})
}

func write(w http.ResponseWriter, r *http.Request, body any) {
	switch b := body.(type) {
	case written:
	case nil:
		w.WriteHeader(http.StatusNoContent)
	case stream:
		b.serve(w)
	case file:
		w.Header().Set("Content-Type", b.kind)
		w.Header().Set("Content-Disposition", `attachment; filename="`+b.name+`"`)
		_, _ = w.Write(b.body) // the client is gone: nobody to tell
	case page:
		w.Header().Set("Content-Type", b.kind)
		_, _ = w.Write(b.plain) // as above
	default:
		writeJSON(w, r, body)
	}
}

// writeJSON says that nothing is new to who asks again and has the answer: a desk asks every few seconds, and a consultation's is large.
func writeJSON(w http.ResponseWriter, r *http.Request, body any) {
	var b bytes.Buffer
	_ = json.NewEncoder(&b).Encode(body) // of our own types
	if r.Method == http.MethodGet {
		sum := sha256.Sum256(b.Bytes())
		tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		w.Header().Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b.Bytes()) // the client is gone: nobody to tell
}

// refuse answers with {code, args}. It is the only place where an error becomes an answer, and logs it once.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil && !errors.As(err, new(*meeting.Refusal)) {
		return // the client is gone, and what failed failed of that
	}
	s.tell(w, s.refusal(r, err))
}

func (s *Server) tell(w http.ResponseWriter, a protocol.Refused) {
	s.counts.refused.WithLabelValues(a.Code).Inc()
	if seconds, ok := a.Args["seconds"].(int); ok {
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status(a.Code))
	_ = json.NewEncoder(w).Encode(a)
}

// refusal is what a person sees of an error. What they cannot see is logged under the id that they can.
func (s *Server) refusal(r *http.Request, err error) protocol.Refused {
	var no *meeting.Refusal
	var large *http.MaxBytesError
	var wrong *library.Wrong
	a := protocol.Refused{}
	switch {
	case errors.As(err, &no):
		a = protocol.Refused{Code: string(no.Code), Args: no.Args}
	case errors.As(err, &wrong):
		a = protocol.Refused{Code: string(wrong.Code), Args: wrong.Args}
	case errors.Is(err, room.ErrUnknown), errors.Is(err, auth.ErrNone), errors.Is(err, library.ErrNone):
		a.Code = protocol.NotFound
	case errors.Is(err, room.ErrClosed):
		a = protocol.Refused{Code: protocol.Restarting, Args: map[string]any{"seconds": 2}}
	case errors.As(err, &large):
		a.Code = protocol.TooLarge
	default:
		id := rand.Text()[:10]
		s.log.Error("internal", "id", id, "route", r.Pattern, "err", err)
		return protocol.Refused{Code: protocol.Internal, Args: map[string]any{"id": id}}
	}
	s.log.Info("refused", "code", a.Code, "route", r.Pattern)
	return a
}

// status is the HTTP word nearest to a code. Clients go by the code.
func status(code string) int {
	switch code {
	case protocol.Internal:
		return http.StatusInternalServerError
	case protocol.Restarting:
		return http.StatusServiceUnavailable
	case protocol.BadRequest, string(meeting.CommandUnknown):
		return http.StatusBadRequest
	case protocol.TooLarge:
		return http.StatusRequestEntityTooLarge
	case protocol.TooMany:
		return http.StatusTooManyRequests
	case protocol.NotSignedIn:
		return http.StatusUnauthorized
	case protocol.NotFound, string(meeting.UnknownMember):
		return http.StatusNotFound
	case protocol.Forbidden, protocol.LinkForged, protocol.PasskeyWrong, protocol.SignInStale, string(meeting.NotYourSide), string(meeting.NotYourRole), string(meeting.NotAdmitted):
		return http.StatusForbidden
	case protocol.LinkExpired, protocol.LinkRevoked, protocol.LinkUsed:
		return http.StatusGone
	case protocol.LinkElsewhere, string(meeting.VersionPassed), string(meeting.IsCancelled), string(meeting.ParagraphPassed), string(meeting.MinutesStand), string(meeting.MinutesClosed), protocol.DocumentTwice:
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

var errBadRequest = &meeting.Refusal{Code: protocol.BadRequest}

// read decodes the one JSON value of a request's body. The guard has bounded its size.
func read(r *http.Request, into any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return errBadRequest // a form of another site can send anything but this
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, after := d.Token(); after == io.EOF {
			return nil
		} else {
			err = after
		}
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return errBadRequest
}

// readNothing accepts a request without a body, or with an empty object.
func readNothing(r *http.Request) error {
	if r.ContentLength == 0 {
		return nil
	}
	return read(r, &struct{}{})
}

func (s *Server) nothing(http.ResponseWriter, *http.Request) (any, error) {
	return nil, &meeting.Refusal{Code: protocol.NotFound}
}
