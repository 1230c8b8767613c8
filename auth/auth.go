// Package auth knows who somebody is: the holder of a personal link, of a seat's session, of a one-time sign-in link or of
// a passkey. It is not about what they may do: that is meeting's.
//
// It keeps no time and no files of its own: the clock is injected, and what must last goes to the keepers below, which
// store implements. It may import meeting only; server, store and cmd use it.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"astara/meeting"
)

// How long things live.
const (
	LinkAfterStart   = 14 * 24 * time.Hour // a personal link, after the planned start
	LinkAtLeast      = 24 * time.Hour      // a personal link, from now
	SignInLife       = 24 * time.Hour
	DeskLife         = 12 * time.Hour // of a desk session, from its last use
	FreshDesk        = time.Hour      // of a desk session, from the sign-in: so long it may add a passkey
	CeremonyLife     = 5 * time.Minute
	touchedEach      = 5 * time.Minute // how exactly "last use" is kept: one write in this time
	ceremoniesAtOnce = 1000
)

// The refusals of this package, each as a *meeting.Refusal. The client words them; protocol lists them for it.
const (
	NotSignedIn   meeting.RefusalCode = "not-signed-in"
	LinkForged    meeting.RefusalCode = "link-forged"
	LinkExpired   meeting.RefusalCode = "link-expired" // {at}
	LinkRevoked   meeting.RefusalCode = "link-revoked"
	LinkUsed      meeting.RefusalCode = "link-used"
	LinkElsewhere meeting.RefusalCode = "link-elsewhere"
	PasskeyWrong  meeting.RefusalCode = "passkey-wrong"
	SignInStale   meeting.RefusalCode = "sign-in-stale"
)

// RefusalCodes lists them all.
func RefusalCodes() []meeting.RefusalCode {
	return []meeting.RefusalCode{NotSignedIn, LinkForged, LinkExpired, LinkRevoked, LinkUsed, LinkElsewhere, PasskeyWrong, SignInStale}
}

func refuse(code meeting.RefusalCode) error { return &meeting.Refusal{Code: code} }

func refuseExpired(at time.Time) error {
	return &meeting.Refusal{Code: LinkExpired, Args: map[string]any{"at": at.UTC().Format(time.RFC3339)}}
}

// Config is what the node says of itself.
type Config struct {
	BaseURL *url.URL // links and passkeys belong to its host
	Name    string   // shown by the browser when a passkey is made
	Now     func() time.Time
}

// Auth answers who somebody is. Its methods may be called from any goroutine.
type Auth struct {
	base       *url.URL
	now        func() time.Time
	key        []byte // signs personal and sign-in links
	keep       Keepers
	passkeys   *webauthn.WebAuthn // nil where browsers allow none: the host is an IP address
	ceremonies ceremonies
}

// Open reads the node's key, or makes it on the first start.
func Open(ctx context.Context, cfg Config, keep Keepers) (*Auth, error) {
	if cfg.BaseURL == nil || cfg.BaseURL.Host == "" {
		return nil, errors.New("auth: the base URL has no host")
	}
	a := &Auth{base: cfg.BaseURL, now: cfg.Now, keep: keep, ceremonies: ceremonies{open: map[string]ceremony{}}}
	if a.now == nil {
		a.now = time.Now
	}
	text, err := keep.Settings.SettingOr(ctx, "node-key", hex.EncodeToString(random(32)))
	if err != nil {
		return nil, fmt.Errorf("node key: %w", err)
	}
	if a.key, err = hex.DecodeString(text); err != nil || len(a.key) != 32 {
		return nil, errors.New("node key: not 32 bytes in hexadecimal")
	}
	a.passkeys, err = relyingParty(cfg)
	return a, err
}

// url is a page of this node, with a secret in the fragment, which browsers do not send.
func (a *Auth) url(page, secret string) string {
	return strings.TrimSuffix(a.base.String(), "/") + page + "#" + secret
}

// SessionID names a session: the hash of its secret. Only the browser has the secret itself, in a cookie.
type SessionID string

func sessionID(secret string) SessionID {
	h := sha256.Sum256([]byte(secret))
	return SessionID(hex.EncodeToString(h[:]))
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // crypto/rand.Read never fails: the program ends instead
	return b
}

func secret() string { return base64.RawURLEncoding.EncodeToString(random(32)) }
