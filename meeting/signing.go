package meeting

import (
	"slices"
	"time"
)

// MaxKeys that chairs may register in one consultation.
const MaxKeys = 64

// SigningKey is the public half of a passkey by which a chair signs. It is in the record, so that anybody can check a signature later.
type SigningKey struct {
	ID     string   `json:"id"`     // of the credential, base64url
	By     MemberID `json:"by"`     // whose it is
	Public string   `json:"public"` // SubjectPublicKeyInfo (RFC 5280) in DER, base64
}

// Signature of a chair under the whole minutes: a WebAuthn assertion whose challenge is the hash of the text (WebAuthn level 2, section 7.2).
type Signature struct {
	At            time.Time `json:"at"`
	By            MemberID  `json:"by"`
	Text          TextHash  `json:"text"`
	Key           string    `json:"key"`           // SigningKey.ID
	Authenticator string    `json:"authenticator"` // what the authenticator says, base64
	Client        string    `json:"client"`        // what the browser says, JSON, base64
	Value         string    `json:"value"`         // base64
}

type (
	// RegisterSigningKey is given by the door for a chair, after the browser made a passkey.
	RegisterSigningKey struct {
		ID     string `json:"id"`
		Public string `json:"public"`
	}
	// SignMinutes is given by the door for a chair, after the assertion was checked.
	SignMinutes struct {
		Text          TextHash `json:"text"`
		Key           string   `json:"key"`
		Authenticator string   `json:"authenticator"`
		Client        string   `json:"client"`
		Value         string   `json:"value"`
	}
	// ReopenMinutes takes the signatures off again, by a secretary or chair of any side, while not all sides have signed.
	ReopenMinutes struct{}

	// SigningKeyRegistered see RegisterSigningKey. The chair is the event's By.
	SigningKeyRegistered struct {
		ID     string `json:"id"`
		Public string `json:"public"`
	}
	// MinutesSigned see SignMinutes.
	MinutesSigned struct {
		Text          TextHash `json:"text"`
		Key           string   `json:"key"`
		Authenticator string   `json:"authenticator"`
		Client        string   `json:"client"`
		Value         string   `json:"value"`
	}
	// MinutesReopened see ReopenMinutes.
	MinutesReopened struct{}
)

func (RegisterSigningKey) Type() CommandType { return "signing-key.register" }
func (SignMinutes) Type() CommandType        { return "minutes.sign" }
func (ReopenMinutes) Type() CommandType      { return "minutes.reopen" }

func (SigningKeyRegistered) Type() EventType { return "signing-key.registered" }
func (MinutesSigned) Type() EventType        { return "minutes.signed" }
func (MinutesReopened) Type() EventType      { return "minutes.reopened" }

func (SigningKeyRegistered) lasting() bool { return true }
func (MinutesSigned) lasting() bool        { return true }
func (MinutesReopened) lasting() bool      { return true }

func (SigningKeyRegistered) audience(*Meeting, *Event) Audience { return All }
func (MinutesSigned) audience(*Meeting, *Event) Audience        { return All }
func (MinutesReopened) audience(*Meeting, *Event) Audience      { return All }

// Signs is who signs for a side: its chair, and where that was a principal who has left, that principal.
func (m *Meeting) Signs(side PartyID) MemberID {
	if id := m.Chair(side); id != "" {
		return id
	}
	for _, x := range m.Roster(side) {
		if m.Met(x.ID) {
			return x.ID
		}
	}
	return ""
}

// MaySign is refused unless by signs for their side, every paragraph is agreed, and the side has not signed.
func (m *Meeting) MaySign(by MemberID) error {
	x, ok := m.Members[by]
	switch {
	case !ok || x.Standing != Admitted && !m.Met(by):
		return refuse(NotAdmitted)
	case m.Cancelled != nil:
		return refuse(IsCancelled)
	case m.Signs(by.Party()) != by:
		return refuse(NotChair)
	case m.MinutesHash() == "":
		return refuse(MinutesOpen, "n", m.unsettled())
	case slices.ContainsFunc(m.Minutes.Signatures, func(s Signature) bool { return s.By.Party() == by.Party() }):
		return refuse(AlreadySigned)
	}
	return nil
}

// KeysOf are those that a member registered here.
func (m *Meeting) KeysOf(by MemberID) []SigningKey {
	return slices.DeleteFunc(slices.Clone(m.Minutes.Keys), func(k SigningKey) bool { return k.By != by })
}

func (c RegisterSigningKey) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.MaySign(by); err != nil {
		return nil, err
	}
	if len(m.Minutes.Keys) >= MaxKeys {
		return nil, refuse(TooManyItems, "max", MaxKeys)
	}
	if c.ID == "" || slices.ContainsFunc(m.Minutes.Keys, func(k SigningKey) bool { return k.ID == c.ID }) {
		return nil, refuse(SignatureWrong)
	}
	return one(SigningKeyRegistered(c))
}

func (c SignMinutes) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	switch err := m.MaySign(by); {
	case err != nil:
		return nil, err
	case c.Text != m.MinutesHash():
		return nil, refuse(SignatureWrong)
	case !slices.ContainsFunc(m.KeysOf(by), func(k SigningKey) bool { return k.ID == c.Key }):
		return nil, refuse(SignatureWrong)
	}
	return one(MinutesSigned(c))
}

func (c ReopenMinutes) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.drafter(by); err != nil {
		return nil, err
	}
	switch n := len(m.Minutes.Signatures); {
	case n == 0:
		return nil, nil
	case n >= len(m.Joint.Parties):
		return nil, refuse(MinutesClosed)
	}
	return one(MinutesReopened{})
}

func (b SigningKeyRegistered) apply(m *Meeting, e *Event) {
	m.Minutes.Keys = append(m.Minutes.Keys, SigningKey{ID: b.ID, By: e.By, Public: b.Public})
}

func (b MinutesSigned) apply(m *Meeting, e *Event) {
	m.Minutes.Signatures = append(m.Minutes.Signatures, Signature{At: e.At, By: e.By, Text: b.Text, Key: b.Key,
		Authenticator: b.Authenticator, Client: b.Client, Value: b.Value})
}

func (b MinutesReopened) apply(m *Meeting, _ *Event) { m.Minutes.Signatures = []Signature{} }
