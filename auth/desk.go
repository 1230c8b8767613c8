package auth

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"astara/meeting"
)

// IssueSignIn makes a one-time sign-in link for a secretary. ErrNone: there is no such secretary.
func (a *Auth) IssueSignIn(ctx context.Context, m meeting.MemberID) (Link, error) {
	if _, err := a.keep.Secretaries.Secretary(ctx, m); err != nil {
		return Link{}, fmt.Errorf("sign-in link: %w", err)
	}
	t := newToken(useSignIn, a.now().UTC().Add(SignInLife).Truncate(time.Second))
	if err := a.keep.Secretaries.AddSignIn(ctx, SignIn{ID: signInID(t), Secretary: m, Expires: t.expires}); err != nil {
		return Link{}, fmt.Errorf("sign-in link: %w", err)
	}
	return Link{URL: a.url("/signin", t.write(a.key)), Expires: t.expires}, nil
}

func signInID(t token) string { return string(sessionID(string(t.id[:]))) }

// Desk is a secretary at their desk.
type Desk struct {
	Secretary
	Secret  string // for the cookie; empty: the browser's is good as it is
	Session SessionID
	Since   time.Time // of the sign-in
}

// SignIn uses a one-time link up. Refusals: link-forged, link-expired, link-used, link-revoked (the account has ended).
func (a *Auth) SignIn(ctx context.Context, text string) (Desk, error) {
	t, ok := readToken(a.key, useSignIn, text)
	if !ok {
		return Desk{}, refuse(LinkForged)
	}
	now := a.now().UTC()
	if !now.Before(t.expires) {
		return Desk{}, refuseExpired(t.expires)
	}
	s, err := a.keep.Secretaries.TakeSignIn(ctx, signInID(t), now)
	switch {
	case errors.Is(err, ErrNone):
		return Desk{}, refuse(LinkRevoked)
	case err != nil:
		return Desk{}, fmt.Errorf("sign in: %w", err)
	case !s.Used.IsZero():
		return Desk{}, refuse(LinkUsed)
	}
	who, err := a.keep.Secretaries.Secretary(ctx, s.Secretary)
	if errors.Is(err, ErrNone) {
		return Desk{}, refuse(LinkRevoked)
	}
	if err != nil {
		return Desk{}, fmt.Errorf("sign in: %w", err)
	}
	return a.sitDown(ctx, who)
}

func (a *Auth) sitDown(ctx context.Context, who Secretary) (Desk, error) {
	now := a.now().UTC()
	d := Desk{Secretary: who, Secret: secret(), Since: now}
	d.Session = sessionID(d.Secret)
	if err := a.keep.Sessions.SweepSessions(ctx, now.Add(-LinkAfterStart)); err != nil {
		return Desk{}, fmt.Errorf("sign in: %w", err)
	}
	err := a.keep.Sessions.AddSession(ctx, Session{ID: d.Session, Kind: DeskSession, Owner: string(who.ID), Created: now, Used: now,
		Expires: now.Add(DeskLife)})
	if err != nil {
		return Desk{}, fmt.Errorf("sign in: %w", err)
	}
	return d, nil
}

// AtDesk says whose desk a browser holds. When its life was prolonged Secret is set, and the cookie has to be sent again.
// Refusal: not-signed-in.
func (a *Auth) AtDesk(ctx context.Context, held string) (Desk, error) {
	if held == "" {
		return Desk{}, refuse(NotSignedIn)
	}
	now := a.now().UTC()
	s, err := a.keep.Sessions.Session(ctx, sessionID(held))
	if errors.Is(err, ErrNone) || err == nil && !s.live(DeskSession, now) {
		return Desk{}, refuse(NotSignedIn)
	}
	if err != nil {
		return Desk{}, fmt.Errorf("desk: %w", err)
	}
	who, err := a.keep.Secretaries.Secretary(ctx, meeting.MemberID(s.Owner))
	if errors.Is(err, ErrNone) {
		return Desk{}, refuse(NotSignedIn)
	}
	if err != nil {
		return Desk{}, fmt.Errorf("desk: %w", err)
	}
	d := Desk{Secretary: who, Session: s.ID, Since: s.Created}
	if now.Sub(s.Used) > touchedEach {
		if err := a.keep.Sessions.SessionUsed(ctx, s.ID, now, now.Add(DeskLife)); err != nil {
			return Desk{}, fmt.Errorf("desk: %w", err)
		}
		d.Secret = held
	}
	return d, nil
}

// SignOut ends the browser's desk.
func (a *Auth) SignOut(ctx context.Context, d Desk) error {
	return a.keep.Sessions.EndSession(ctx, d.Session, a.now().UTC())
}

// NewSecretary makes an account, to be put into the store.
func NewSecretary(id meeting.MemberID, name string, l meeting.Language) Secretary {
	return Secretary{ID: id, Name: name, Language: l, Handle: hex.EncodeToString(random(32))}
}
