package auth

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"

	wire "github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"astara/meeting"
)

// relyingParty is nil when the host is an IP address: browsers make no passkeys there.
func relyingParty(cfg Config) (*webauthn.WebAuthn, error) {
	host := cfg.BaseURL.Hostname()
	if _, err := netip.ParseAddr(host); err == nil {
		return nil, nil
	}
	w, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: cfg.Name, RPOrigins: []string{cfg.BaseURL.Scheme + "://" + cfg.BaseURL.Host},
		AttestationPreference: wire.PreferNoAttestation,
		AuthenticatorSelection: wire.AuthenticatorSelection{
			ResidentKey: wire.ResidentKeyRequirementPreferred, UserVerification: wire.VerificationPreferred},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys for %s: %w", host, err)
	}
	return w, nil
}

// Challenge is the beginning of a passkey ceremony; Options go to the browser as they are.
type Challenge struct {
	Ceremony string
	Options  any
}

// BeginPasskey begins the registration of a passkey for a secretary at their desk, soon after the sign-in: whoever comes upon a browser that was
// left open would else have a key of their own to all that a passkey confirms. Refusals: sign-in-stale, passkey-wrong.
func (a *Auth) BeginPasskey(ctx context.Context, d Desk) (Challenge, error) {
	switch {
	case a.passkeys == nil:
		return Challenge{}, refuse(PasskeyWrong)
	case a.now().Sub(d.Since) > FreshDesk:
		return Challenge{}, refuse(SignInStale)
	}
	h, err := a.holder(ctx, d.Secretary)
	if err != nil {
		return Challenge{}, err
	}
	known := make([]wire.CredentialDescriptor, len(h.credentials))
	for i, c := range h.credentials {
		known[i] = c.Descriptor()
	}
	options, s, err := a.passkeys.BeginRegistration(h, webauthn.WithExclusions(known))
	if err != nil {
		return Challenge{}, fmt.Errorf("begin passkey: %w", err)
	}
	return Challenge{a.ceremonies.add(a.now(), d.ID, s), options.Response}, nil
}

// FinishPasskey registers what the browser answered. Refusal: passkey-wrong.
func (a *Auth) FinishPasskey(ctx context.Context, d Desk, name string, response []byte) error {
	s := a.ceremonies.take(a.now(), d.ID, name)
	if s == nil || a.passkeys == nil {
		return refuse(PasskeyWrong)
	}
	parsed, err := wire.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return refuse(PasskeyWrong)
	}
	h, err := a.holder(ctx, d.Secretary)
	if err != nil {
		return err
	}
	c, err := a.passkeys.CreateCredential(h, *s, parsed)
	if err != nil {
		return refuse(PasskeyWrong)
	}
	return a.put(ctx, d.ID, c, a.now().UTC(), time.Time{})
}

// BeginPasskeySignIn begins a sign-in by whatever passkey the person chooses.
func (a *Auth) BeginPasskeySignIn() (Challenge, error) {
	if a.passkeys == nil {
		return Challenge{}, refuse(PasskeyWrong)
	}
	options, s, err := a.passkeys.BeginDiscoverableLogin(webauthn.WithUserVerification(wire.VerificationPreferred))
	if err != nil {
		return Challenge{}, fmt.Errorf("begin sign-in: %w", err)
	}
	return Challenge{a.ceremonies.add(a.now(), "", s), options.Response}, nil
}

// FinishPasskeySignIn signs in. Refusal: passkey-wrong, whatever was wrong.
func (a *Auth) FinishPasskeySignIn(ctx context.Context, name string, response []byte) (Desk, error) {
	h, err := a.shown(ctx, name, response)
	if err != nil {
		return Desk{}, err
	}
	return a.sitDown(ctx, h.Secretary)
}

// Confirm says that it is a secretary who is at the desk now, by a passkey of hers; it begins as a sign-in does. Refusal: passkey-wrong.
func (a *Auth) Confirm(ctx context.Context, m meeting.MemberID, name string, response []byte) error {
	h, err := a.shown(ctx, name, response)
	if err == nil && h.ID != m {
		return refuse(PasskeyWrong)
	}
	return err
}

// shown is whose passkey it is.
func (a *Auth) shown(ctx context.Context, name string, response []byte) (h holder, err error) {
	s := a.ceremonies.take(a.now(), "", name)
	if s == nil || a.passkeys == nil {
		return h, refuse(PasskeyWrong)
	}
	parsed, err := wire.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return h, refuse(PasskeyWrong)
	}
	var failed error // of the store: not the person's fault
	find := func(_, handle []byte) (webauthn.User, error) {
		who, err := a.keep.Secretaries.SecretaryOf(ctx, hex.EncodeToString(handle))
		if err == nil {
			h, err = a.holder(ctx, who)
		}
		if err != nil && !errors.Is(err, ErrNone) {
			failed = err
		}
		return h, err
	}
	_, c, err := a.passkeys.ValidatePasskeyLogin(find, *s, parsed)
	switch {
	case failed != nil:
		return h, fmt.Errorf("finish sign-in: %w", failed)
	case err != nil || c.Authenticator.CloneWarning:
		return h, refuse(PasskeyWrong)
	}
	now := a.now().UTC()
	return h, a.put(ctx, h.ID, c, now, now)
}

// Passkeys lists a secretary's.
func (a *Auth) Passkeys(ctx context.Context, m meeting.MemberID) ([]Passkey, error) {
	return a.keep.Passkeys.Passkeys(ctx, m)
}

// DeletePasskey forgets one. ErrNone: this secretary has no such.
func (a *Auth) DeletePasskey(ctx context.Context, m meeting.MemberID, id string) error {
	return a.keep.Passkeys.DeletePasskey(ctx, m, id)
}

func (a *Auth) put(ctx context.Context, m meeting.MemberID, c *webauthn.Credential, added, used time.Time) error {
	b, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("passkey: %w", err)
	}
	p := Passkey{ID: base64.RawURLEncoding.EncodeToString(c.ID), Secretary: m, Credential: b, Added: added, LastUse: used}
	if err := a.keep.Passkeys.PutPasskey(ctx, p); err != nil {
		return fmt.Errorf("passkey: %w", err)
	}
	return nil
}

// holder is a secretary as the library wants them.
type holder struct {
	Secretary
	credentials []webauthn.Credential
}

func (a *Auth) holder(ctx context.Context, who Secretary) (holder, error) {
	h := holder{Secretary: who}
	list, err := a.keep.Passkeys.Passkeys(ctx, who.ID)
	if err != nil {
		return h, fmt.Errorf("passkeys: %w", err)
	}
	for _, p := range list {
		var c webauthn.Credential
		if err := json.Unmarshal(p.Credential, &c); err != nil {
			return h, fmt.Errorf("passkey %s: %w", p.ID, err)
		}
		h.credentials = append(h.credentials, c)
	}
	return h, nil
}

func (h holder) WebAuthnID() []byte {
	b, _ := hex.DecodeString(h.Handle) // made by NewSecretary
	return b
}
func (h holder) WebAuthnName() string                       { return string(h.ID) }
func (h holder) WebAuthnDisplayName() string                { return strings.TrimSpace(h.Name) }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

// ceremonies are passkey ceremonies that have begun. They live in memory: a restart only makes somebody press the button again.
type ceremonies struct {
	mu   sync.Mutex
	open map[string]ceremony // at most ceremoniesAtOnce; beyond that the one that ends first goes
}

type ceremony struct {
	who  meeting.MemberID // empty: signing in
	data *webauthn.SessionData
	ends time.Time
}

func (c *ceremonies) add(now time.Time, who meeting.MemberID, d *webauthn.SessionData) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	first := ""
	for name, x := range c.open {
		if !now.Before(x.ends) {
			delete(c.open, name)
		} else if first == "" || x.ends.Before(c.open[first].ends) {
			first = name
		}
	}
	if len(c.open) >= ceremoniesAtOnce {
		delete(c.open, first)
	}
	d.Expires = time.Time{} // the library would ask the system's clock; ends is ours
	name := secret()
	c.open[name] = ceremony{who, d, now.Add(CeremonyLife)}
	return name
}

// take ends a ceremony, whatever comes of it. nil: there is none of this name for this person.
func (c *ceremonies) take(now time.Time, who meeting.MemberID, name string) *webauthn.SessionData {
	c.mu.Lock()
	defer c.mu.Unlock()
	x, ok := c.open[name]
	if !ok || x.who != who {
		return nil
	}
	delete(c.open, name)
	if !now.Before(x.ends) {
		return nil
	}
	return x.data
}
