// Package server is the door for browsers: HTTP, the socket's beginning, the client's files, and the admin listener.
//
// Its handlers decode, ask the owner, encode. What is allowed is decided elsewhere: who somebody is by auth, what they may do
// by meeting, behind room. It turns every error into an answer, in one place (answer.go). Only cmd may import it.
package server

import (
	"context"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	_ "time/tzdata" // zones exist wherever the binary runs

	"astara/auth"
	"astara/library"
	"astara/meeting"
	"astara/protocol"
	"astara/record"
	"astara/room"
)

// Config is what the server is told by cmd.
type Config struct {
	BaseURL    *url.URL // what people type; its origin is the only one that may change anything
	Name       string   // of the node, for anybody to read
	Version    string
	Now        func() time.Time
	Logger     *slog.Logger
	Client     fs.FS      // the built client: web.Files()
	Media      func() any // the router's Stats: a struct of counters; each whole number in it becomes a metric. May be nil
	Library    *library.Library
	Quota      int64         // bytes that a party's library may take, as the library was told; 0: no limit
	Reminds    bool          // this node sends reminders by mail
	Recordings Recordings    // of the node; nil: there are none
	Recheck    time.Duration // how often an open socket's right to be there is looked up again; 0 is 20 s
}

// Recordings are the files of what was recorded. The error of one that does not exist is fs.ErrNotExist.
type Recordings interface {
	OpenFile(id string, part int, name string) (*os.File, error)
}

// Store is the directory and the lists.
type Store interface {
	Follower
	// Ping tells whether the store answers.
	Ping(ctx context.Context) error
	// Parties are those that this node knows.
	Parties(ctx context.Context) ([]meeting.Party, error)
	// Consultations of a party, latest first, without people and chat.
	Consultations(ctx context.Context, p meeting.PartyID) ([]*meeting.Meeting, error)
	// Join puts beside a question the other names that the glossary has for what was typed.
	Join(ctx context.Context, p meeting.PartyID, q record.Query) (record.Query, error)
	// Search finds at most so many passages that a party may read, the best first.
	Search(ctx context.Context, p meeting.PartyID, q record.Query, most int) ([]record.Hit, error)

	Documents
	Readings
	Accounts
	Records
	Glossary
	Calendars
}

// Calendars are the addresses for calendar programs that secretaries have.
type Calendars interface {
	// SessionSince is when one began that stands now; zero: there is none.
	SessionSince(ctx context.Context, k auth.SessionKind, owner string, now time.Time) (time.Time, error)
	// EndSessionsOf takes them back.
	EndSessionsOf(ctx context.Context, k auth.SessionKind, owner string, at time.Time) error
}

// Server answers browsers. It starts no goroutine and is safe for many.
type Server struct {
	cfg    Config
	log    *slog.Logger
	store  Store
	auth   *auth.Auth
	house  *room.House
	client client
	counts *counts

	links   *auth.Limiter // opening of personal links
	signIns *auth.Limiter // sign-in by link or passkey
}

// What one address may do. A delegation may sit behind one address and come at nine o'clock sharp, so links are many; a token
// that is no link costs as much as wrongLink good ones.
const (
	linkBurst   = 400 // meeting.MaxMembers
	linkEach    = 250 * time.Millisecond
	wrongLink   = 20
	signInBurst = 20
	signInEach  = 6 * time.Second
)

// New makes a server; cmd listens.
func New(cfg Config, store Store, a *auth.Auth, house *room.House) (*Server, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	c, err := newClient(cfg.Client)
	if err != nil {
		return nil, err
	}
	return &Server{cfg: cfg, log: cfg.Logger, store: store, auth: a, house: house, client: c, counts: newCounts(house, cfg.Media),
		links: auth.NewLimiter(linkBurst, linkEach), signIns: auth.NewLimiter(signInBurst, signInEach)}, nil
}

// Handler is for the listener of the people.
func (s *Server) Handler() http.Handler { return s.guard(s.routes()) }

// local tells whether the node is for this machine only, where there is no TLS.
func (s *Server) local() bool {
	host := s.cfg.BaseURL.Hostname()
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func (s *Server) origin() string { return s.cfg.BaseURL.Scheme + "://" + s.cfg.BaseURL.Host }

// clientAddr is for limits only: it is neither stored nor logged. A proxy on this machine is believed about whom it brings;
// the last name in its list is the one that it wrote itself.
func clientAddr(r *http.Request) netip.Addr {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	a, _ := netip.ParseAddr(host)
	if said := r.Header.Get("X-Forwarded-For"); said != "" && a.IsLoopback() {
		if b, err := netip.ParseAddr(strings.TrimSpace(said[strings.LastIndex(said, ",")+1:])); err == nil {
			return b
		}
	}
	return a
}

// pay refuses who comes too often.
func (s *Server) pay(l *auth.Limiter, door string, r *http.Request) error {
	wait := l.Take(clientAddr(r), 1, s.cfg.Now())
	if wait == 0 {
		return nil
	}
	s.counts.limited.WithLabelValues(door).Inc()
	return &meeting.Refusal{Code: protocol.TooMany, Args: map[string]any{"seconds": int(wait.Seconds())}}
}
