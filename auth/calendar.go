package auth

import (
	"context"
	"fmt"
	"time"

	"astara/meeting"
)

// A calendar program cannot sign in: its right is an address that nobody guesses, which its owner can take back. It is kept as other
// sessions are, by its hash, and ends with the account.

// CalendarLife is how long an address is good from its last use: a program that still reads it does so every day.
const CalendarLife = 400 * 24 * time.Hour

// NewCalendar makes the address's secret; an earlier one of this secretary is good no more.
func (a *Auth) NewCalendar(ctx context.Context, who meeting.MemberID) (string, error) {
	now, s := a.now().UTC(), secret()
	_, err := a.keep.Sessions.ReplaceSession(ctx, Session{ID: sessionID(s), Kind: CalendarSession, Owner: string(who), Created: now, Expires: now.Add(CalendarLife)}, true)
	if err != nil {
		return "", fmt.Errorf("calendar: %w", err)
	}
	return s, nil
}

// AtCalendar says whose it is. ErrNone: nobody's.
func (a *Auth) AtCalendar(ctx context.Context, held string) (Secretary, error) {
	now := a.now().UTC()
	s, err := a.keep.Sessions.Session(ctx, sessionID(held))
	if err != nil {
		return Secretary{}, err
	}
	if !s.live(CalendarSession, now) {
		return Secretary{}, ErrNone
	}
	who, err := a.keep.Secretaries.Secretary(ctx, meeting.MemberID(s.Owner))
	if err != nil {
		return Secretary{}, err
	}
	if now.Sub(s.Used) > touchedEach {
		err = a.keep.Sessions.SessionUsed(ctx, s.ID, now, now.Add(CalendarLife))
	}
	return who, err
}
