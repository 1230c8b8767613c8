package server

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/protocol"
)

// stream is an answer that is read from a file, in the pieces that a player asks for.
type stream struct {
	disk *os.File
	kind string
	r    *http.Request
}

func (s stream) serve(w http.ResponseWriter) {
	defer s.disk.Close()
	w.Header().Set("Content-Type", s.kind)
	w.Header().Set("Cache-Control", "private, no-store")
	http.ServeContent(w, s.r, "", time.Time{}, s.disk)
}

// recording is one file of what was recorded, for a side's secretary once both sides have released it.
func (s *Server) recording(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	m, err := s.takeUp(r, d)
	if err != nil {
		return nil, err
	}
	none := &meeting.Refusal{Code: protocol.NotFound}
	part, err := strconv.Atoi(r.PathValue("part"))
	if err != nil || s.cfg.Recordings == nil {
		return nil, none
	}
	for _, p := range m.Recording.Parts {
		for _, f := range p.Files {
			if p.Part != part || f.Name != r.PathValue("file") {
				continue
			}
			if !m.RecordingOpen() {
				return nil, &meeting.Refusal{Code: protocol.NotReleased}
			}
			disk, err := s.cfg.Recordings.OpenFile(string(m.ID), part, f.Name)
			if errors.Is(err, fs.ErrNotExist) {
				return nil, none
			}
			kind := "audio/webm"
			if f.Source == meeting.RecordedCamera || f.Source == meeting.RecordedScreen {
				kind = "video/webm"
			}
			return stream{disk, kind, r}, err
		}
	}
	return nil, none
}
