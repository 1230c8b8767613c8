package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/pem"
	"fmt"

	wire "github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"

	"astara/meeting"
)

// Signer is who signs minutes with a passkey: the holder of a seat. They need no account, and no key from before.
type Signer struct {
	Consultation meeting.ConsultationID
	Member       meeting.MemberID
	Name         string
}

// who names the signer among the ceremonies: the same member id may be in another consultation.
func (s Signer) who() meeting.MemberID {
	return meeting.MemberID(string(s.Consultation) + "/" + string(s.Member))
}

// WebAuthnID is the same whenever the person comes, so that a device keeps one key for them and not several.
func (s Signer) WebAuthnID() []byte {
	h := sha256.Sum256([]byte("astara signer " + string(s.who())))
	return h[:]
}
func (s Signer) WebAuthnName() string                       { return s.Name }
func (s Signer) WebAuthnDisplayName() string                { return s.Name }
func (s Signer) WebAuthnCredentials() []webauthn.Credential { return nil }

// BeginSigningKey begins the making of a passkey to sign with. The person must show who they are to the device. Refusal: passkey-wrong.
func (a *Auth) BeginSigningKey(s Signer) (Challenge, error) {
	if a.passkeys == nil {
		return Challenge{}, refuse(PasskeyWrong)
	}
	options, data, err := a.passkeys.BeginRegistration(s, webauthn.WithAuthenticatorSelection(wire.AuthenticatorSelection{
		ResidentKey: wire.ResidentKeyRequirementDiscouraged, UserVerification: wire.VerificationRequired}))
	if err != nil {
		return Challenge{}, fmt.Errorf("begin signing key: %w", err)
	}
	return Challenge{a.ceremonies.add(a.now(), s.who(), data), options.Response}, nil
}

// FinishSigningKey returns the key that the browser made. Refusal: passkey-wrong.
func (a *Auth) FinishSigningKey(s Signer, name string, response []byte) (meeting.SigningKey, error) {
	data := a.ceremonies.take(a.now(), s.who(), name)
	if data == nil || a.passkeys == nil {
		return meeting.SigningKey{}, refuse(PasskeyWrong)
	}
	parsed, err := wire.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return meeting.SigningKey{}, refuse(PasskeyWrong)
	}
	c, err := a.passkeys.CreateCredential(s, *data, parsed)
	if err != nil {
		return meeting.SigningKey{}, refuse(PasskeyWrong)
	}
	block, _ := pem.Decode([]byte(webauthncose.DisplayPublicKey(c.PublicKey)))
	if block == nil {
		return meeting.SigningKey{}, refuse(PasskeyWrong)
	}
	return meeting.SigningKey{ID: base64.RawURLEncoding.EncodeToString(c.ID), By: s.Member, Public: base64.StdEncoding.EncodeToString(block.Bytes)}, nil
}

// Signed is what a browser answers when a text was signed.
type Signed struct {
	Key                          string // id of the credential
	Authenticator, Client, Value []byte
}

// ReadSigned takes an assertion apart; whether it is right is the record's to say. Refusal: passkey-wrong.
func (a *Auth) ReadSigned(response []byte) (Signed, error) {
	p, err := wire.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return Signed{}, refuse(PasskeyWrong)
	}
	r := p.Raw.AssertionResponse
	return Signed{base64.RawURLEncoding.EncodeToString(p.RawID), r.AuthenticatorData, r.ClientDataJSON, r.Signature}, nil
}

// SigningOptions are PublicKeyCredentialRequestOptionsJSON: sign this hash with one of these keys.
func (a *Auth) SigningOptions(text meeting.TextHash, keys []meeting.SigningKey) (any, error) {
	hash, err := base64.StdEncoding.DecodeString(string(text))
	if err != nil {
		return nil, fmt.Errorf("signing options: %w", err)
	}
	type descriptor struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	}
	out := struct {
		Challenge string       `json:"challenge"`
		RPID      string       `json:"rpId"`
		Allow     []descriptor `json:"allowCredentials"`
		Verify    string       `json:"userVerification"`
		Timeout   int          `json:"timeout"`
	}{base64.RawURLEncoding.EncodeToString(hash), a.base.Hostname(), nil, "required", int(CeremonyLife.Milliseconds())}
	for _, k := range keys {
		out.Allow = append(out.Allow, descriptor{"public-key", k.ID})
	}
	return out, nil
}
