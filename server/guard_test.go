package server_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"astara/meeting"
	"astara/protocol"
	"astara/server"
)

func (n *node) metrics(t *testing.T) string {
	t.Helper()
	w := httptest.NewRecorder()
	n.Admin().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("metrics: got %d", w.Code)
	}
	return w.Body.String()
}

// TestNothingNewIsSaidInAWord: who asks again and has the answer is told so, and gets the other one when there is one.
func TestNothingNewIsSaidInAWord(t *testing.T) {
	n := newNode(t)
	b := n.secretary(t, "ir")
	a, body := b.send("GET", "/api/desk/library", nil)
	tag := a.Header.Get("ETag")
	again, nothing := b.raw("GET", n.url+"/api/desk/library", nil, "If-None-Match", tag)
	if tag == "" || len(body) == 0 || again.StatusCode != 304 || len(nothing) != 0 {
		t.Errorf("got %s with %q, then %s with %d bytes, want 304 with none", a.Status, tag, again.Status, len(nothing))
	}
	b.must("POST", "/api/desk/library", described(b.bring("a.txt", "x")), nil)
	if later, _ := b.raw("GET", n.url+"/api/desk/library", nil, "If-None-Match", tag); later.StatusCode != 200 || later.Header.Get("ETag") == tag {
		t.Errorf("after a change: got %s %s", later.Status, later.Header.Get("ETag"))
	}
	if out, _ := b.raw("POST", n.url+"/api/desk/search", strings.NewReader(`{"words":"x"}`), "Content-Type", "application/json"); out.Header.Get("ETag") != "" {
		t.Error("an answer to a deed has a tag")
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	n := newNode(t)
	b := n.browser(t)
	for _, path := range []string{"/", "/desk", "/assets/app-1a2b.js", "/assets/none.js", "/healthz", "/api/node", "/api/nothing", "/api/desk", "/api/seats/x",
		"/api/seats/x/socket", "/api/seats/x/invitation.ics", "/api/desk/consultations/x"} {
		for _, method := range []string{"GET", "POST", "DELETE", "OPTIONS"} {
			a, _ := b.send(method, path, nil)
			csp := a.Header.Get("Content-Security-Policy")
			for _, want := range []string{"default-src 'self'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
				if !strings.Contains(csp, want) || strings.Contains(csp, "unsafe") {
					t.Errorf("%s %s: policy %q, want %s", method, path, csp, want)
				}
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin"} {
				if got := a.Header.Get(name); got != want {
					t.Errorf("%s %s: %s got %q, want %q", method, path, name, got, want)
				}
			}
			if got := a.Header.Get("Permissions-Policy"); !strings.Contains(got, "camera=(self)") || !strings.Contains(got, "microphone=(self)") {
				t.Errorf("%s %s: permissions %q", method, path, got)
			}
			if a.Header.Get("Strict-Transport-Security") != "" {
				t.Errorf("%s %s: Strict-Transport-Security on localhost", method, path)
			}
			if a.StatusCode >= 500 {
				t.Errorf("%s %s: got %s", method, path, a.Status)
			}
		}
	}
}

func TestBodiesThatMakeNoSense(t *testing.T) {
	n := newNode(t)
	ir := n.secretary(t, "ir")
	at := ir.call()
	for _, c := range []struct {
		what, path, body string
		status           int
		code             string
	}{
		{"no JSON", "/api/links", `token`, 400, protocol.BadRequest},
		{"empty text", "/api/links", ` `, 400, protocol.BadRequest},
		{"null bytes", "/api/links", "\x00\x00", 400, protocol.BadRequest},
		{"two values", "/api/links", `{"token":"a"}{"token":"b"}`, 400, protocol.BadRequest},
		{"an unknown field", "/api/links", `{"token":"a","admin":true}`, 400, protocol.BadRequest},
		{"another type", "/api/links", `{"token":7}`, 400, protocol.BadRequest},
		{"a list", "/api/sign-in", `[]`, 400, protocol.BadRequest},
		{"deep", "/api/passkeys/finish", `{"ceremony":"x","response":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`, 400, protocol.BadRequest},
		{"64 KiB and one", "/api/links", `{"token":"` + strings.Repeat("a", 64<<10-12+1) + `"}`, 413, protocol.TooLarge},
		{"large after the value", "/api/links", `{"token":"a"}` + strings.Repeat(" ", 64<<10), 413, protocol.TooLarge},
		{"a paragraph of 10 MB", at + "/commands", `{"type":"paragraph.write","body":{"text":{"fa":"` + strings.Repeat("a", 10<<20) + `"},"base":0}}`, 413, protocol.TooLarge},
		{"a paragraph of a few thousand letters too many", at + "/commands", `{"type":"paragraph.write","body":{"text":{"fa":"` + strings.Repeat("ب", 6001) + `"},"base":0}}`, 422, string(meeting.TooLong)},
		{"no ceremony", "/api/passkeys/finish", `{}`, 403, protocol.PasskeyWrong},
		{"an unknown command", at + "/commands", `{"type":"consultation.delete","body":{}}`, 400, string(meeting.CommandUnknown)},
		{"a command of the table", at + "/commands", `{"type":"chat.say","body":{"to":"all","text":"x"}}`, 400, string(meeting.CommandUnknown)},
		{"a command of the node", at + "/commands", `{"type":"consultation.take-up","body":{}}`, 400, string(meeting.CommandUnknown)},
		{"an unknown field of a command", at + "/commands", `{"type":"member.invite","body":{"persons":[]}}`, 400, string(meeting.CommandUnknown)},
		{"a name that turns the line round", at + "/commands", `{"type":"member.invite","body":{"person":{"id":"","name":"a\u202eb","role":"head","language":"fa"}}}`, 422, string(meeting.NameWrong)},
		{"a name with control characters", at + "/commands", `{"type":"member.invite","body":{"person":{"id":"","name":"a\u0007b","role":"head","language":"fa"}}}`, 422, string(meeting.NameWrong)},
	} {
		t.Run(c.what, func(t *testing.T) {
			ir.t = t
			ir.refused("POST", c.path, c.body, c.status, c.code)
		})
	}
	ir.t = t
	ir.refused("GET", "/api/none", nil, 404, protocol.NotFound)
	ir.refused("PUT", "/api/links", nil, 404, protocol.NotFound)
	ir.must("GET", at, nil, nil) // all well
}

func TestOtherSitesAreRefused(t *testing.T) {
	n := newNode(t)
	b := n.secretary(t, "ir")
	request := func(method, path string, headers map[string]string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, n.url+path, strings.NewReader(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range headers {
			r.Header.Set(k, v)
		}
		a, body := b.do(r)
		return a, string(body)
	}
	const json = "application/json"
	for what, h := range map[string]map[string]string{
		"another origin":        {"Origin": "https://evil.example", "Content-Type": json},
		"another port":          {"Origin": "http://localhost:1", "Content-Type": json},
		"an origin within ours": {"Origin": n.url + ".evil.example", "Content-Type": json},
		"no origin":             {"Origin": "null", "Content-Type": json},
		"a site beside ours":    {"Sec-Fetch-Site": "same-site", "Content-Type": json},
		"a cross-site browser":  {"Sec-Fetch-Site": "cross-site", "Content-Type": json},
	} {
		for _, c := range [][2]string{{"POST", "/api/desk/consultations"}, {"DELETE", "/api/desk/session"}, {"POST", "/api/links"}} {
			if a, body := request(c[0], c[1], h); a.StatusCode != 403 || !strings.Contains(body, protocol.Forbidden) {
				t.Errorf("%s, %s %s: got %s %s, want forbidden", what, c[0], c[1], a.Status, body)
			}
		}
	}
	if a, body := request("GET", "/api/seats/x/socket", map[string]string{"Origin": "https://evil.example", "Connection": "Upgrade", "Upgrade": "websocket"}); a.StatusCode != 403 {
		t.Errorf("socket from elsewhere: got %s %s, want 403", a.Status, body)
	}
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
		if a, body := request("POST", "/api/desk/consultations", map[string]string{"Origin": n.url, "Content-Type": kind}); a.StatusCode != 400 {
			t.Errorf("content type %q: got %s %s, want 400", kind, a.Status, body)
		}
	}
	b.must("GET", "/api/desk", nil, nil)
}

func TestRateLimits(t *testing.T) {
	n := newNode(t)
	b := n.browser(t)
	limited := func(path string, body any, atMost int) float64 {
		t.Helper()
		for range atMost {
			a, got := b.send("POST", path, body)
			if a.StatusCode == 429 {
				var seconds float64
				for _, s := range regexp.MustCompile(`\d+`).FindAllString(string(got), 1) {
					d, _ := time.ParseDuration(s + "s")
					seconds = d.Seconds()
				}
				if a.Header.Get("Retry-After") == "" || !strings.Contains(string(got), protocol.TooMany) || seconds <= 0 {
					t.Errorf("%s: got %s %v", path, got, a.Header)
				}
				return seconds
			}
		}
		t.Errorf("%s: %d times, and no end", path, atMost)
		return 0
	}
	wait := limited("/api/links", protocol.OpenLink{Token: "forged"}, 30)
	n.clock.pass(time.Duration(wait) * time.Second)
	b.refused("POST", "/api/links", protocol.OpenLink{Token: "forged"}, 403, protocol.LinkForged)
	wait = limited("/api/sign-in", protocol.SignIn{Token: "forged"}, 30)
	n.clock.pass(time.Duration(wait) * time.Second)
	b.refused("POST", "/api/sign-in", protocol.SignIn{Token: "forged"}, 403, protocol.LinkForged)
	limited("/api/passkeys/begin", struct{}{}, 30)
	if m := n.metrics(t); !strings.Contains(m, `astara_rate_limited_total{door="links"} 1`) || !strings.Contains(m, `astara_refusals_total{code="too-many"} 3`) {
		t.Error("metrics: nothing of the limits")
	}
}

func TestAProxyOnThisMachineSaysWhoComes(t *testing.T) {
	n := newNode(t)
	ask := func(remote, forwarded string) int {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/api/sign-in", strings.NewReader(`{"token":"forged"}`))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = remote
		r.Header.Set("X-Forwarded-For", forwarded)
		w := httptest.NewRecorder()
		n.Handler().ServeHTTP(w, r)
		return w.Code
	}
	for i := range 30 {
		if got := ask("127.0.0.1:1", fmt.Sprintf("203.0.113.9, 192.0.2.%d", i)); got != 403 {
			t.Fatalf("person %d: got %d, want 403", i, got)
		}
	}
	last := 0
	for i := range 30 { // who is not on this machine cannot choose an address
		last = ask("198.51.100.7:1", fmt.Sprintf("192.0.2.%d", i))
	}
	if last != 429 {
		t.Errorf("got %d, want 429", last)
	}
}

func TestADelegationBehindOneAddress(t *testing.T) {
	n := newNode(t)
	ir := n.secretary(t, "ir")
	at := ir.call()
	token := ir.issue(at, ir.invite(at, "Head", meeting.Head))
	b := n.browser(t)
	for range 150 {
		b.openLink(token, false)
	}
}

func TestInternalErrorsAreLoggedOnce(t *testing.T) {
	n := newNode(t)
	b := n.secretary(t, "ir")
	if err := n.store.Close(); err != nil {
		t.Fatal(err)
	}
	args := b.refused("GET", "/api/desk", nil, 500, protocol.Internal)
	id, _ := args["id"].(string)
	if id == "" || strings.Count(n.log.String(), id) != 1 || strings.Count(n.log.String(), "level=ERROR") != 1 {
		t.Errorf("id %q in the log:\n%s", id, n.log.String())
	}
	b.refused("GET", "/healthz", nil, 500, protocol.Internal)
}

func TestMetricsAndHealth(t *testing.T) {
	n := newNode(t)
	b := n.secretary(t, "ir")
	b.call()
	a, body := b.send("GET", "/healthz", nil)
	if a.StatusCode != 200 || !strings.Contains(string(body), "ok") {
		t.Errorf("got %s %s", a.Status, body)
	}
	m := n.metrics(t)
	for _, want := range []string{"astara_rooms 1", "astara_sockets 0", "astara_media_packets_in_total 7", "astara_media_peers 2", "astara_media_plis_in_total 0",
		"astara_media_dropped_unknown_addr_total 0", `astara_commands_total{type="consultation.call"} 1`} {
		if !strings.Contains(m, want+"\n") {
			t.Errorf("metrics: no %s", want)
		}
	}
	var node protocol.Node
	b.must("GET", "/api/node", nil, &node)
	if node != (protocol.Node{Name: "Test", Version: "1"}) {
		t.Errorf("node: got %v", node)
	}
}

func TestClientFiles(t *testing.T) {
	n := newNode(t)
	b := n.browser(t)
	ask := func(path, encoding, tag string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), "GET", n.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", encoding)
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		a, body := b.do(r)
		return a, string(body)
	}
	const page, fresh, forever = "<!doctype html><title>Astara</title>", "no-cache", "public, max-age=31536000, immutable"
	for _, c := range []struct {
		path, accept string
		status       int
		body, coding string
		kind, cache  string
	}{
		{"/", "", 200, page, "", "text/html; charset=utf-8", fresh},
		{"/", "gzip, deflate, br, zstd", 200, "brotli index", "br", "text/html; charset=utf-8", fresh},
		{"/", "gzip", 200, "gzip index", "gzip", "text/html; charset=utf-8", fresh},
		{"/", "br;q=0, gzip;q=0.5", 200, "gzip index", "gzip", "text/html; charset=utf-8", fresh},
		{"/join", "", 200, page, "", "text/html; charset=utf-8", fresh},
		{"/signin", "", 200, page, "", "text/html; charset=utf-8", fresh},
		{"/desk/abc", "", 200, page, "", "text/html; charset=utf-8", fresh},
		{"/meet/x.y", "", 200, page, "", "text/html; charset=utf-8", fresh},
		{"/assets/app-1a2b.js", "br", 200, "brotli app", "br", "text/javascript; charset=utf-8", forever},
		{"/assets/app-1a2b.js", "gzip", 200, "export {}", "", "text/javascript; charset=utf-8", forever},
		{"/assets/a-3c4d.woff2", "br", 200, "font", "", "font/woff2", forever},
		{"/icon.svg", "", 200, "<svg/>", "", "image/svg+xml", fresh},
		{"/assets/gone.js", "br", 404, "404 page not found\n", "", "text/plain; charset=utf-8", ""},
		{"/assets/app-1a2b.js.br", "br", 404, "404 page not found\n", "", "text/plain; charset=utf-8", ""},
		{"/.keep", "", 200, page, "", "text/html; charset=utf-8", fresh},
	} {
		a, body := ask(c.path, c.accept, "")
		h := a.Header
		if a.StatusCode != c.status || body != c.body || h.Get("Content-Encoding") != c.coding || h.Get("Content-Type") != c.kind || h.Get("Cache-Control") != c.cache {
			t.Errorf("%s (%s): got %s %q %v", c.path, c.accept, a.Status, body, h)
		}
	}
	a, _ := ask("/", "br", "")
	if b, _ := ask("/", "br", a.Header.Get("ETag")); b.StatusCode != 304 {
		t.Errorf("unchanged: got %s, want 304", b.Status)
	}
	if b, _ := ask("/", "gzip", a.Header.Get("ETag")); b.StatusCode != 200 {
		t.Errorf("unchanged but in another coding: got %s, want 200", b.Status)
	}
}

func TestTheOtherNameOfThisMachine(t *testing.T) {
	n := newNode(t)
	b := n.browser(t)
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r, err := http.NewRequestWithContext(t.Context(), "GET", strings.Replace(n.url, "localhost", "127.0.0.1", 1)+"/desk?x=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := b.do(r)
	if got, want := a.Header.Get("Location"), n.url+"/desk?x=1"; a.StatusCode != 307 || got != want {
		t.Errorf("got %s to %q, want 307 to %q", a.Status, got, want)
	}
	r.Host = "evil.example:" + r.URL.Port()
	if a, _ := b.do(r); a.StatusCode != 200 {
		t.Errorf("a name that is not of this machine: got %s, want no redirection", a.Status)
	}
}

func TestWithoutAClient(t *testing.T) {
	n := newNode(t)
	bare, err := server.New(server.Config{BaseURL: mustURL(t, n.url)}, n.store, n.auth, n.house)
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	bare.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	if b, _ := io.ReadAll(w.Body); w.Code != 503 || !strings.Contains(string(b), "the client is not built: run make build") {
		t.Errorf("got %d %s", w.Code, b)
	}
}
