package auth

import (
	"context"
	"errors"
	"time"

	"astara/meeting"
)

// ErrNone answers a question for something that the keeper does not have.
var ErrNone = errors.New("auth: none")

// ErrHeld answers ReplaceSession when another live session was used and take was not asked for.
var ErrHeld = errors.New("auth: held by another session")

// Keepers are where things last. One store implements them all.
type Keepers struct {
	Settings    Settings
	Invitations Invitations
	Sessions    Sessions
	Secretaries Secretaries
	Passkeys    Passkeys
}

// Settings are the node's own facts.
type Settings interface {
	// SettingOr returns what is stored under name; nothing is: it stores value and returns it.
	SettingOr(ctx context.Context, name, value string) (string, error)
}

// Invitations are the personal links. None of them holds a secret: a link is signed, not stored.
type Invitations interface {
	// Invite stores an invitation and ends the person's earlier ones and their sessions, at Issued.
	Invite(ctx context.Context, i Invitation) error
	// Invitation finds one, ended or not. ErrNone: it never was.
	Invitation(ctx context.Context, id InvitationID) (Invitation, error)
	// InvitationAt finds one by its seat. ErrNone: it never was.
	InvitationAt(ctx context.Context, seat SeatID) (Invitation, error)
	// Invitations are the latest of each person of a party.
	Invitations(ctx context.Context, c meeting.ConsultationID, p meeting.PartyID) ([]Invitation, error)
	// InvitationOpened notes the first opening; later ones change nothing.
	InvitationOpened(ctx context.Context, id InvitationID, at time.Time) error
	// EndInvitations revokes a person's invitations and ends their sessions.
	EndInvitations(ctx context.Context, c meeting.ConsultationID, m meeting.MemberID, at time.Time) error
}

// Sessions are browsers that have shown who they are.
type Sessions interface {
	// ReplaceSession stores s as the only live session of its owner, in one step. With take it ends the others whatever
	// they are and returns how many of them had been used; without, a used one is ErrHeld and nothing changes.
	ReplaceSession(ctx context.Context, s Session, take bool) (moved int, err error)
	// AddSession stores s beside the owner's others.
	AddSession(ctx context.Context, s Session) error
	// Session finds one, ended or not. ErrNone: it never was, or was swept.
	Session(ctx context.Context, id SessionID) (Session, error)
	// SessionUsed notes a use and the new end.
	SessionUsed(ctx context.Context, id SessionID, at, expires time.Time) error
	// EndSession ends one; it may have ended before.
	EndSession(ctx context.Context, id SessionID, at time.Time) error
	// SweepSessions forgets what ended or expired before then.
	SweepSessions(ctx context.Context, before time.Time) error
}

// Secretaries are the accounts, and their one-time sign-in links.
type Secretaries interface {
	// Secretary finds an account. ErrNone: no such, or ended.
	Secretary(ctx context.Context, id meeting.MemberID) (Secretary, error)
	// SecretaryOf finds it by its passkey handle. ErrNone as above.
	SecretaryOf(ctx context.Context, handle string) (Secretary, error)
	// AddSignIn stores a sign-in link by its id.
	AddSignIn(ctx context.Context, s SignIn) error
	// TakeSignIn uses it up, once: the second time it is returned with Used set. ErrNone: it never was.
	TakeSignIn(ctx context.Context, id string, at time.Time) (SignIn, error)
}

// Passkeys are the registered authenticators of secretaries.
type Passkeys interface {
	Passkeys(ctx context.Context, s meeting.MemberID) ([]Passkey, error)
	// PutPasskey adds or renews one. An id that another secretary has is an error.
	PutPasskey(ctx context.Context, p Passkey) error
	// DeletePasskey forgets one of this secretary's. ErrNone: they have no such.
	DeletePasskey(ctx context.Context, s meeting.MemberID, id string) error
}

// InvitationID is 16 random bytes in hexadecimal.
type InvitationID string

// SeatID is the short random name of an invitation in paths. It is no secret.
type SeatID string

// Invitation is one personal link, or the seat that a secretary made for themself at the desk.
type Invitation struct {
	ID           InvitationID
	Seat         SeatID
	Consultation meeting.ConsultationID
	Member       meeting.MemberID
	Desk         bool // made by entering from the desk: there is no link
	Issued       time.Time
	Expires      time.Time
	Opened       time.Time // zero: never
	Revoked      time.Time // zero: stands
}

// SessionKind tells seats, desks and calendars apart.
type SessionKind string

// The kinds. The owner of a seat session is an InvitationID, of the others a secretary's MemberID.
const (
	SeatSession     SessionKind = "seat"
	DeskSession     SessionKind = "desk"
	CalendarSession SessionKind = "calendar"
)

// Session is one browser's right to a seat or a desk.
type Session struct {
	ID      SessionID
	Kind    SessionKind
	Owner   string
	Created time.Time
	Used    time.Time // zero: never
	Expires time.Time
	Ended   time.Time // zero: lives
}

// live tells whether the session is good now.
func (s Session) live(k SessionKind, now time.Time) bool {
	return s.Kind == k && s.Ended.IsZero() && now.Before(s.Expires)
}

// Secretary is the account of a person of a side's secretariat.
type Secretary struct {
	ID       meeting.MemberID
	Name     string
	Language meeting.Language
	Handle   string // random, hexadecimal: what passkeys call the account
}

// Person is how the secretary appears in a consultation.
func (s Secretary) Person() meeting.Person {
	return meeting.Person{ID: s.ID.Person(), Name: s.Name, Role: meeting.Secretary, Language: s.Language}
}

// SignIn is a one-time sign-in link.
type SignIn struct {
	ID        string // hash of what the link carries
	Secretary meeting.MemberID
	Expires   time.Time
	Used      time.Time // zero: not yet
}

// Passkey is one registered authenticator.
type Passkey struct {
	ID         string // base64url, as browsers name it
	Secretary  meeting.MemberID
	Credential []byte // JSON of the credential record (WebAuthn section 4)
	Added      time.Time
	LastUse    time.Time // zero: never
}
