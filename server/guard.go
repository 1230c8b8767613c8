package server

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"astara/meeting"
	"astara/protocol"
)

// policy: nothing from elsewhere, nothing inline. connect-src 'self' includes the socket of the same host (CSP level 3, section 6.7.2.8).
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; " +
	"connect-src 'self'; worker-src 'self' blob:; font-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

const permissions = "camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), fullscreen=(self), " +
	"screen-wake-lock=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), geolocation=(), payment=(), usb=()"

// guard stands before every route: headers, the origin of what changes something, the size of bodies, and what panics.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Permissions-Policy", permissions)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !s.local() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if strings.HasPrefix(r.URL.Path, "/api/") || r.URL.Path == "/healthz" {
			h.Set("Cache-Control", "no-store")
		}
		defer func() {
			if p := recover(); p != nil {
				s.tell(w, s.refusal(r, fmt.Errorf("panic: %v\n%s", p, debug.Stack())))
			}
		}()
		if !s.sameOrigin(r) {
			s.refuse(w, r, &meeting.Refusal{Code: protocol.Forbidden})
			return
		}
		if !strings.HasPrefix(r.URL.Path, UploadPath) { // whose size was told and allowed before
			r.Body = http.MaxBytesReader(w, r.Body, bodyLimit(r))
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses what another site makes a browser send: everything that changes something, and the socket. Browsers
// name the origin on all of these; who names none is no browser and carries nobody's cookies.
func (s *Server) sameOrigin(r *http.Request) bool {
	safe := (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.Header.Get("Upgrade") == ""
	if safe {
		return true
	}
	if o := r.Header.Get("Origin"); o != "" {
		return o == s.origin()
	}
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "" || site == "same-origin"
}
