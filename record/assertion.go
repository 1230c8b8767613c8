package record

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"

	"astara/meeting"
)

// ErrAssertion: a chair's signature is not right.
var ErrAssertion = errors.New("record: the signature is not of this text, or not by this key")

// Bits of the authenticator's word (WebAuthn level 2, section 6.1): the person was there, and showed who they are.
const userPresent, userVerified = 1, 4

// CheckSignature checks a chair's signature: a WebAuthn assertion whose challenge is the hash of the minutes, by a key that is in the record.
// It returns the origin of the page on which it was made. It is all of section 7.2 that does not ask for a memory of the server's.
func CheckSignature(s meeting.Signature, k meeting.SigningKey) (origin string, err error) {
	authenticator, err1 := base64.StdEncoding.DecodeString(s.Authenticator)
	client, err2 := base64.StdEncoding.DecodeString(s.Client)
	value, err3 := base64.StdEncoding.DecodeString(s.Value)
	public, err4 := base64.StdEncoding.DecodeString(k.Public)
	text, err5 := base64.StdEncoding.DecodeString(string(s.Text))
	if errors.Join(err1, err2, err3, err4, err5) != nil || k.ID != s.Key || k.By != s.By || len(text) != sha256.Size {
		return "", ErrAssertion
	}
	var said struct {
		Type      string `json:"type"`
		Challenge string `json:"challenge"`
		Origin    string `json:"origin"`
	}
	if json.Unmarshal(client, &said) != nil || said.Type != "webauthn.get" || said.Challenge != base64.RawURLEncoding.EncodeToString(text) {
		return "", ErrAssertion
	}
	page, err := url.Parse(said.Origin)
	if err != nil || len(authenticator) < 37 {
		return "", ErrAssertion
	}
	party := sha256.Sum256([]byte(page.Hostname()))
	if !bytes.Equal(authenticator[:32], party[:]) || authenticator[32]&userPresent == 0 || authenticator[32]&userVerified == 0 {
		return "", ErrAssertion
	}
	hash := sha256.Sum256(client)
	if !signedBy(public, append(authenticator, hash[:]...), value) {
		return "", ErrAssertion
	}
	return said.Origin, nil
}

// signedBy knows the three kinds of keys that authenticators have: ES256, EdDSA and RS256.
func signedBy(public, message, value []byte) bool {
	key, err := x509.ParsePKIXPublicKey(public)
	if err != nil {
		return false
	}
	hash := sha256.Sum256(message)
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(k, hash[:], value)
	case ed25519.PublicKey:
		return ed25519.Verify(k, message, value)
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(k, crypto.SHA256, hash[:], value) == nil
	}
	return false
}

// SignedMinutes is a chair's signature that an export holds, and that is right.
type SignedMinutes struct {
	By     meeting.MemberID `json:"by"`
	Text   meeting.TextHash `json:"text"`
	Origin string           `json:"origin"`
	Stands bool             `json:"stands"` // the minutes were not opened again after it
}

// minutesOf follows the events that a text and its signatures are made of.
type minutesOf struct {
	meeting *meeting.Meeting
	signed  []SignedMinutes
}

var errText = errors.New("the text that it agrees to is not the one in the record")

// follow applies an event; a signature must be right, and of the text that the record holds at that moment, as must be the hash of a paragraph.
func (x *minutesOf) follow(e meeting.Event) error {
	switch b := e.Body.(type) {
	case meeting.ParagraphWritten:
		item := b.Item
		for _, p := range x.meeting.Minutes.Paragraphs {
			if p.ID == b.Paragraph {
				item = p.Item
			}
		}
		if meeting.HashOf(meeting.ParagraphForm(x.meeting.ID, b.Paragraph, item, b.Text)) != b.Hash {
			return errText
		}
	case meeting.ParagraphCommitted:
		for _, p := range x.meeting.Minutes.Paragraphs {
			if p.ID == b.Paragraph && p.Hash != b.Text {
				return errText
			}
		}
	case meeting.MinutesReopened:
		for i := range x.signed {
			x.signed[i].Stands = false
		}
	case meeting.MinutesSigned:
		if b.Text == "" || b.Text != x.meeting.MinutesHash() {
			return errors.New("the minutes that it signs are not those in the record")
		}
		s := meeting.Signature{By: e.By, Text: b.Text, Key: b.Key, Authenticator: b.Authenticator, Client: b.Client, Value: b.Value}
		err := ErrAssertion
		for _, k := range x.meeting.KeysOf(e.By) {
			if k.ID == b.Key {
				var origin string
				if origin, err = CheckSignature(s, k); err == nil {
					x.signed = append(x.signed, SignedMinutes{By: e.By, Text: b.Text, Origin: origin, Stands: true})
				}
			}
		}
		if err != nil {
			return err
		}
	}
	x.meeting.Apply(e)
	return nil
}
