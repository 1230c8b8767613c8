package auth

import (
	"context"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"astara/meeting"
)

// Link is a personal link as it is handed out, once.
type Link struct {
	URL     string
	Expires time.Time
}

// IssueLink makes a person's personal link. Their earlier one ends, and every browser that was opened with it.
func (a *Auth) IssueLink(ctx context.Context, c meeting.ConsultationID, m meeting.MemberID, startsAt time.Time) (Link, error) {
	t, i := a.invitation(c, m, startsAt)
	if err := a.keep.Invitations.Invite(ctx, i); err != nil {
		return Link{}, fmt.Errorf("issue link: %w", err)
	}
	return Link{URL: a.url("/join", t.write(a.key)), Expires: i.Expires}, nil
}

func (a *Auth) invitation(c meeting.ConsultationID, m meeting.MemberID, startsAt time.Time) (token, Invitation) {
	now := a.now().UTC()
	expires := startsAt.Add(LinkAfterStart)
	if least := now.Add(LinkAtLeast); expires.Before(least) {
		expires = least
	}
	expires = expires.UTC().Truncate(time.Second) // what the token can say
	t := newToken(useJoin, expires)
	return t, Invitation{ID: invitationID(t), Seat: newSeat(), Consultation: c, Member: m, Issued: now, Expires: expires}
}

func invitationID(t token) InvitationID { return InvitationID(hex.EncodeToString(t.id[:])) }

// newSeat: 80 random bits in 16 small letters and digits.
func newSeat() SeatID {
	return SeatID(strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(random(10))))
}

// LinkOf writes a person's personal link again. Only for that person: the desk sees a link when it is issued and never again.
// Empty: the seat was made at the desk and has none.
func (a *Auth) LinkOf(i Invitation) (string, error) {
	if i.Desk {
		return "", nil
	}
	t := token{use: useJoin, expires: i.Expires}
	id, err := hex.DecodeString(string(i.ID))
	if err != nil || copy(t.id[:], id) != len(t.id) {
		return "", fmt.Errorf("invitation %q: not an id", i.ID)
	}
	return a.url("/join", t.write(a.key)), nil
}

// RevokeLink ends a person's link and every browser that was opened with it.
func (a *Auth) RevokeLink(ctx context.Context, c meeting.ConsultationID, m meeting.MemberID) error {
	return a.keep.Invitations.EndInvitations(ctx, c, m, a.now().UTC())
}

// Links says what became of the links of a party's people. Seats made at the desk are not among them.
func (a *Auth) Links(ctx context.Context, c meeting.ConsultationID, p meeting.PartyID) (map[meeting.MemberID]Invitation, error) {
	list, err := a.keep.Invitations.Invitations(ctx, c, p)
	if err != nil {
		return nil, err
	}
	out := map[meeting.MemberID]Invitation{}
	for _, i := range list {
		if !i.Desk {
			out[i.Member] = i
		}
	}
	return out, nil
}

// Opened is a seat that a browser now has a session for.
type Opened struct {
	Invitation
	Secret string // the session's, for the cookie
	First  bool   // the link had never been opened
	Moved  bool   // another browser's session ended for it: its connection must go
}

// ReadLink says which invitation a token is for, without opening it, so that the door knows which cookie to read.
// Refusals: link-forged (known without the store), link-expired, link-revoked.
func (a *Auth) ReadLink(ctx context.Context, text string) (Invitation, error) {
	t, ok := readToken(a.key, useJoin, text)
	if !ok {
		return Invitation{}, refuse(LinkForged)
	}
	if !a.now().Before(t.expires) {
		return Invitation{}, refuseExpired(t.expires)
	}
	i, err := a.keep.Invitations.Invitation(ctx, invitationID(t))
	switch {
	case errors.Is(err, ErrNone): // signed by us and gone: of a database that was put back
		return Invitation{}, refuse(LinkRevoked)
	case err != nil:
		return Invitation{}, fmt.Errorf("open link: %w", err)
	}
	return i, a.stands(i)
}

func (a *Auth) stands(i Invitation) error {
	switch {
	case !i.Revoked.IsZero():
		return refuse(LinkRevoked)
	case !a.now().Before(i.Expires):
		return refuseExpired(i.Expires)
	}
	return nil
}

// OpenSeat gives a browser the seat of an invitation that ReadLink or DeskSeat returned. The browser that has it keeps its
// session; while another one uses it the answer is link-elsewhere, unless take is asked for.
func (a *Auth) OpenSeat(ctx context.Context, i Invitation, held string, take bool) (Opened, error) {
	now := a.now().UTC()
	out := Opened{Invitation: i, Secret: held, First: i.Opened.IsZero()}
	if held != "" {
		s, err := a.keep.Sessions.Session(ctx, sessionID(held))
		if err != nil && !errors.Is(err, ErrNone) {
			return Opened{}, fmt.Errorf("open seat: %w", err)
		}
		if err == nil && s.Owner == string(i.ID) && s.live(SeatSession, now) {
			return out, nil
		}
	}
	out.Secret = secret()
	moved, err := a.keep.Sessions.ReplaceSession(ctx, Session{ID: sessionID(out.Secret), Kind: SeatSession, Owner: string(i.ID),
		Created: now, Expires: i.Expires}, take)
	if errors.Is(err, ErrHeld) {
		return Opened{}, refuse(LinkElsewhere)
	}
	if err != nil {
		return Opened{}, fmt.Errorf("open seat: %w", err)
	}
	out.Moved = moved > 0
	if out.First {
		if err := a.keep.Invitations.InvitationOpened(ctx, i.ID, now); err != nil {
			return Opened{}, fmt.Errorf("open seat: %w", err)
		}
	}
	return out, nil
}

// DeskSeat is a secretary's own seat, for entering from the desk: the one that they have, or a new one.
func (a *Auth) DeskSeat(ctx context.Context, c meeting.ConsultationID, m meeting.MemberID, startsAt time.Time) (Invitation, error) {
	list, err := a.keep.Invitations.Invitations(ctx, c, m.Party())
	if err != nil {
		return Invitation{}, fmt.Errorf("desk seat: %w", err)
	}
	for _, i := range list {
		if i.Member == m && a.stands(i) == nil {
			return i, nil
		}
	}
	_, i := a.invitation(c, m, startsAt)
	i.Desk = true
	if err := a.keep.Invitations.Invite(ctx, i); err != nil {
		return Invitation{}, fmt.Errorf("desk seat: %w", err)
	}
	return i, nil
}

// Seat says whose seat a browser holds. Refusals: not-signed-in (no cookie, or no such session), link-revoked, link-expired,
// link-elsewhere (it was moved to another browser).
func (a *Auth) Seat(ctx context.Context, seat SeatID, held string) (Invitation, SessionID, error) {
	if held == "" {
		return Invitation{}, "", refuse(NotSignedIn)
	}
	id := sessionID(held)
	s, err := a.keep.Sessions.Session(ctx, id)
	if errors.Is(err, ErrNone) {
		return Invitation{}, "", refuse(NotSignedIn)
	}
	if err != nil {
		return Invitation{}, "", fmt.Errorf("seat: %w", err)
	}
	i, err := a.keep.Invitations.InvitationAt(ctx, seat)
	if errors.Is(err, ErrNone) || err == nil && (s.Kind != SeatSession || s.Owner != string(i.ID)) {
		return Invitation{}, "", refuse(NotSignedIn) // another seat's cookie opens nothing
	}
	if err != nil {
		return Invitation{}, "", fmt.Errorf("seat: %w", err)
	}
	if err := a.stands(i); err != nil {
		return Invitation{}, "", err
	}
	now := a.now().UTC()
	if !s.live(SeatSession, now) {
		return Invitation{}, "", refuse(LinkElsewhere)
	}
	if now.Sub(s.Used) > touchedEach {
		if err := a.keep.Sessions.SessionUsed(ctx, id, now, s.Expires); err != nil {
			return Invitation{}, "", fmt.Errorf("seat: %w", err)
		}
	}
	return i, id, nil
}
