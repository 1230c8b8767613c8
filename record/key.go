package record

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"astara/meeting"
)

// Key is what a party signs with: Ed25519, in the form of signed notes (c2sp.org/signed-note), named for the party.
type Key struct {
	Public  string // "tehran+1f0a2b3c+AX...": what others verify with
	private string // "PRIVATE+KEY+tehran+1f0a2b3c+AX..."
	signer  note.Signer
}

// NewKey makes a party's key.
func NewKey(p meeting.PartyID) (Key, error) {
	private, _, err := note.GenerateKey(rand.Reader, string(p))
	if err != nil {
		return Key{}, fmt.Errorf("key of %s: %w", p, err)
	}
	return ReadKey(p, private)
}

// ReadKey reads what Private gave.
func ReadKey(p meeting.PartyID, private string) (Key, error) {
	private = strings.TrimSpace(private)
	s, err := note.NewSigner(private)
	if err != nil || s.Name() != string(p) {
		return Key{}, fmt.Errorf("this is no private key of %s", p)
	}
	raw, err := base64.StdEncoding.DecodeString(strings.SplitN(private, "+", 5)[4])
	if err != nil {
		return Key{}, err
	}
	seed := ed25519.NewKeyFromSeed(raw[1:]) // behind the byte that names the algorithm
	public, err := note.NewEd25519VerifierKey(string(p), seed.Public().(ed25519.PublicKey))
	return Key{public, private, s}, err
}

// Private is the key itself, for its owner: whoever has it signs as the party.
func (k Key) Private() string { return k.private }

// Party is whose key it is.
func (k Key) Party() meeting.PartyID { return meeting.PartyID(k.signer.Name()) }

// ErrLocked: the secret that the keys are locked with is not here, or is another one.
var ErrLocked = errors.New("record: the parties' keys are locked")

// Safe locks keys with a secret that is kept apart from them: AES-256-GCM under a key derived by HKDF-SHA256.
type Safe struct{ aead cipher.AEAD }

// NewSafe takes a secret of at least 32 random bytes.
func NewSafe(secret []byte) (*Safe, error) {
	if len(secret) < 32 {
		return nil, fmt.Errorf("a secret of %d bytes is too short", len(secret))
	}
	k, err := hkdf.Key(sha256.New, secret, nil, "astara party keys 1", 32)
	if err != nil {
		return nil, err
	}
	b, err := aes.NewCipher(k)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(b)
	return &Safe{aead}, err
}

// Lock makes of a key what may be stored. It opens as that party's only.
func (s *Safe) Lock(k Key) string {
	return base64.StdEncoding.EncodeToString(s.aead.Seal(nil, nil, []byte(k.private), []byte(k.Party())))
}

// Unlock gives back what Lock took. A nil Safe opens nothing.
func (s *Safe) Unlock(p meeting.PartyID, locked string) (Key, error) {
	if s == nil {
		return Key{}, ErrLocked
	}
	b, err := base64.StdEncoding.DecodeString(locked)
	if err != nil {
		return Key{}, fmt.Errorf("key of %s: %w", p, err)
	}
	private, err := s.aead.Open(nil, nil, b, []byte(p))
	if err != nil {
		return Key{}, ErrLocked
	}
	return ReadKey(p, string(private))
}
