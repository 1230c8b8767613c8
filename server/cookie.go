package server

import (
	"net/http"
	"time"

	"astara/auth"
)

// The cookies. A seat's is bound to the seat's path, so that several people can use one browser without disturbing each
// other; its copy on the path of links lets the same browser open the same link again.
const (
	deskCookie = "astara_desk"
	seatCookie = "astara_seat"
	linkCookie = "astara_link_" // and the seat

	deskPath = "/api/desk"
	seatPath = "/api/seats/" // and the seat
	linkPath = "/api/links"
)

func (s *Server) set(w http.ResponseWriter, name, value, path string, expires time.Time) {
	life := int(expires.Sub(s.cfg.Now()).Seconds())
	if value == "" {
		life = -1 // forget it
	}
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: path, MaxAge: life, HttpOnly: true, Secure: !s.local(), SameSite: http.SameSiteStrictMode})
}

func (s *Server) setSeat(w http.ResponseWriter, o auth.Opened) {
	s.set(w, seatCookie, o.Secret, seatPath+string(o.Seat), o.Expires)
	s.set(w, linkCookie+string(o.Seat), o.Secret, linkPath, o.Expires)
}

// setDesk sends the cookie when it is new or prolonged.
func (s *Server) setDesk(w http.ResponseWriter, d auth.Desk) {
	if d.Secret != "" {
		s.set(w, deskCookie, d.Secret, deskPath, s.cfg.Now().Add(auth.DeskLife))
	}
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}
