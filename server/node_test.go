package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"astara/auth"
	"astara/library"
	"astara/media"
	"astara/meeting"
	"astara/protocol"
	"astara/room"
	"astara/server"
	"astara/store"
	"astara/store/storetest"
)

// node is a whole node over a real store, without sound and pictures, and a clock that the test moves.
type node struct {
	*server.Server
	url      string
	store    *store.Store
	auth     *auth.Auth
	house    *room.House
	log      *logged
	clock    *clock
	shelfDir string // of the library
	end      func() // of the house
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// logged is a log that a test can read.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

var builtClient = fstest.MapFS{
	"index.html":            {Data: []byte("<!doctype html><title>Astara</title>")},
	"index.html.br":         {Data: []byte("brotli index")},
	"index.html.gz":         {Data: []byte("gzip index")},
	"assets/app-1a2b.js":    {Data: []byte("export {}")},
	"assets/app-1a2b.js.br": {Data: []byte("brotli app")},
	"assets/a-3c4d.woff2":   {Data: []byte("font")},
	"icon.svg":              {Data: []byte("<svg/>")},
	".keep":                 {},
}

func newNode(t *testing.T) *node { return newNodeAt(t, "") }

// newNodeAt is a node that is called base; empty is where the test reaches it.
func newNodeAt(t *testing.T, base string) *node { return newNodeOf(t, base, func(*room.Config) {}) }

// newNodeOf is the same with another house.
func newNodeOf(t *testing.T, base string, change func(*room.Config)) *node {
	t.Helper()
	n := &node{log: &logged{}, clock: &clock{now: time.Date(2026, 3, 20, 9, 0, 0, 0, time.UTC)}}
	logger := slog.New(slog.NewTextHandler(n.log, nil))
	var err error
	if n.store, err = store.OpenAt(t.TempDir(), storetest.Database(t)); err != nil {
		t.Fatal(err)
	}
	cfg := room.Defaults()
	cfg.Record, cfg.Media, cfg.Now, cfg.Logger = n.store, silence{}, n.clock.Now, logger
	change(&cfg)
	n.house = room.Open(cfg)
	ctx, stop := context.WithCancel(context.Background())
	n.end = stop
	ended := make(chan error, 1)
	go func() { ended <- n.house.Run(ctx) }()

	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { n.Handler().ServeHTTP(w, r) }))
	_, port, _ := strings.Cut(web.Listener.Addr().String(), ":")
	n.url = "http://localhost:" + port
	if base == "" {
		base = n.url
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	if n.auth, err = auth.Open(ctx, auth.Config{BaseURL: u, Name: "Astara", Now: n.clock.Now}, n.store.Keepers()); err != nil {
		t.Fatal(err)
	}
	n.shelfDir = t.TempDir()
	shelves, err := library.Open(library.Config{Dir: n.shelfDir, Origin: n.url, Base: server.UploadPath, Quota: 1 << 20, Now: n.clock.Now, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	n.Server, err = server.New(server.Config{Library: shelves, Quota: 1 << 20, BaseURL: u, Name: "Test", Version: "1", Now: n.clock.Now, Logger: logger, Client: builtClient, Recheck: 50 * time.Millisecond,
		Media: func() any { return media.Stats{PacketsIn: 7, Peers: 2} }}, n.store, n.auth, n.house)
	if err != nil {
		t.Fatal(err)
	}
	web.Start()
	t.Cleanup(func() {
		web.Close()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_ = n.store.Close() // a test may have closed it
	})
	for _, p := range []meeting.Party{
		{ID: "ir", Names: meeting.Words{"fa": "وزارت راه"}, Language: "fa", Zone: "Asia/Tehran", Calendar: meeting.SolarHijri},
		{ID: "az", Names: meeting.Words{"az": "Yollar Nazirliyi"}, Language: "az", Zone: "Asia/Baku", Calendar: meeting.Gregorian},
		{ID: "third", Names: meeting.Words{"en": "Third"}, Language: "en", Zone: "Europe/Vienna", Calendar: meeting.Gregorian},
	} {
		s := auth.NewSecretary(p.ID.Member("secretary"), "Secretary of "+string(p.ID), p.Language)
		if err := n.store.PutParty(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if err := n.store.PutSecretary(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// silence is the packet road of a node where nobody sends.
type silence struct{}

func (silence) Answer(media.PeerID, media.Offer) (string, error)       { return "", media.ErrPeer }
func (silence) Remove(media.PeerID)                                    {}
func (silence) Assign(media.PeerID, media.SlotID, media.TrackID) error { return media.ErrPeer }
func (silence) Wish(media.PeerID, media.SlotID, media.Wish)            {}
func (silence) Levels([]media.PeerID) map[media.PeerID]uint8           { return nil }
func (silence) Lines([]media.PeerID) map[media.PeerID]media.Line       { return nil }

// browser is one browser: it keeps its cookies.
type browser struct {
	t    *testing.T
	node *node
	http *http.Client
}

func (n *node) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &browser{t, n, &http.Client{Jar: jar, Transport: transport}}
}

// secretary is a browser in which the secretary of a party signed in.
func (n *node) secretary(t *testing.T, p meeting.PartyID) *browser {
	t.Helper()
	b := n.browser(t)
	b.must("POST", "/api/sign-in", protocol.SignIn{Token: n.signInToken(t, p)}, nil)
	return b
}

func (n *node) signInToken(t *testing.T, p meeting.PartyID) string {
	t.Helper()
	l, err := n.auth.IssueSignIn(t.Context(), p.Member("secretary"))
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(l.URL, "#")
	return token
}

// send sends as a browser does, and returns the answer with its whole body.
func (b *browser) send(method, path string, body any) (*http.Response, []byte) {
	b.t.Helper()
	var content io.Reader
	if body != nil {
		text, ok := body.(string)
		if !ok {
			j, err := json.Marshal(body)
			if err != nil {
				b.t.Fatal(err)
			}
			text = string(j)
		}
		content = strings.NewReader(text)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.node.url+path, content)
	if err != nil {
		b.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if method != "GET" {
		r.Header.Set("Origin", b.node.url)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	return b.do(r)
}

func (b *browser) do(r *http.Request) (*http.Response, []byte) {
	b.t.Helper()
	a, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer a.Body.Close()
	got, err := io.ReadAll(a.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return a, got
}

// must expects 2xx and decodes the answer.
func (b *browser) must(method, path string, body, answer any) {
	b.t.Helper()
	a, got := b.send(method, path, body)
	if a.StatusCode/100 != 2 {
		b.t.Fatalf("%s %s: got %s %s", method, path, a.Status, got)
	}
	if answer == nil {
		return
	}
	if err := json.Unmarshal(got, answer); err != nil {
		b.t.Fatalf("%s %s: %v in %s", method, path, err, got)
	}
}

// refused expects this status and code, and returns the arguments.
func (b *browser) refused(method, path string, body any, status int, code string) map[string]any {
	b.t.Helper()
	a, got := b.send(method, path, body)
	var no protocol.Refused
	if err := json.Unmarshal(got, &no); err != nil || a.StatusCode != status || no.Code != code {
		b.t.Errorf("%s %s: got %d %s, want %d %s", method, path, a.StatusCode, got, status, code)
	}
	return no.Args
}

// jointFacts are of a consultation of the two sides, a day after the clock.
func (n *node) jointFacts(t *testing.T) meeting.Joint {
	t.Helper()
	all, err := n.store.Parties(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return meeting.Joint{Title: meeting.Words{"fa": "راه‌آهن رشت–آستارا; بخش نخست", "az": "Rəşt–Astara dəmir yolu"},
		Parties: []meeting.Party{all[1], all[0]}, StartsAt: n.clock.Now().Add(24 * time.Hour), Minutes: 90, Languages: []meeting.Language{"fa", "az"},
		Agenda: []meeting.AgendaItem{{ID: "one", Title: meeting.Words{"fa": "برنامهٔ کار، زمان‌بندی و تأمین مالی بخش‌های باقی‌ماندهٔ خط", "az": "İş planı, cədvəl"}, Minutes: 30}}}
}

// call begins a consultation.
func (b *browser) call() string {
	b.t.Helper()
	var c protocol.Called
	b.must("POST", "/api/desk/consultations", protocol.Call{Joint: b.node.jointFacts(b.t)}, &c)
	return "/api/desk/consultations/" + string(c.ID)
}

// command gives a command at the desk.
func (b *browser) command(at string, c meeting.Command) protocol.ConsultationDesk {
	b.t.Helper()
	var d protocol.ConsultationDesk
	b.must("POST", at+"/commands", protocol.DeskCommand{Type: c.Type(), Body: c}, &d)
	return d
}

// invite invites a person and returns their id.
func (b *browser) invite(at, name string, role meeting.Role) meeting.MemberID {
	b.t.Helper()
	d := b.command(at, meeting.InviteMember{Person: meeting.Person{Name: name, Role: role, Language: "fa"}})
	for id, x := range d.Consultation.Members {
		if x.Name == name {
			return id
		}
	}
	b.t.Fatalf("%s is not among %v", name, d.Consultation.Members)
	return ""
}

func linkOf(at string, m meeting.MemberID) string {
	return at + "/people/" + string(m.Person()) + "/link"
}

// issue issues a personal link and returns its token.
func (b *browser) issue(at string, m meeting.MemberID) string {
	b.t.Helper()
	var l protocol.LinkIssued
	b.must("POST", linkOf(at, m), nil, &l)
	_, token, ok := strings.Cut(l.Link, "#")
	if !ok || !strings.HasPrefix(l.Link, b.node.url+"/join#") {
		b.t.Fatalf("link: got %q", l.Link)
	}
	return token
}

// openLink opens a personal link and returns the path of the seat.
func (b *browser) openLink(token string, take bool) string {
	b.t.Helper()
	var o protocol.LinkOpened
	b.must("POST", "/api/links", protocol.OpenLink{Token: token, Take: take}, &o)
	return "/api/seats/" + o.Seat
}

func mustURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
