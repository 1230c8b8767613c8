package server

import "net/http"

func (s *Server) socket(w http.ResponseWriter, r *http.Request) {
	if _, err := s.seat(r); err != nil {
		s.refuse(w, r, err)
	}
}
