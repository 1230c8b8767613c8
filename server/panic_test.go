package server

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"astara/room"
)

func TestAPanicIsAnAnswerAndALogLine(t *testing.T) {
	var log bytes.Buffer
	s, err := New(Config{BaseURL: &url.URL{Scheme: "http", Host: "localhost"}, Logger: slog.New(slog.NewTextHandler(&log, nil))}, nil, nil, room.Open(room.Defaults()))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("the unexpected") })).
		ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/api/node", nil))
	if w.Code != 500 || !strings.Contains(w.Body.String(), `"internal"`) || strings.Contains(w.Body.String(), "unexpected") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "the unexpected") || !strings.Contains(log.String(), "panic_test.go") {
		t.Errorf("log: %s", log.String())
	}
}
