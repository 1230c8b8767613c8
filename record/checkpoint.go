package record

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"astara/meeting"
)

// Hash is SHA-256; trees are those of RFC 6962. Its String is base64.
type Hash = tlog.Hash

// ParseHash reads what Hash.String gave.
func ParseHash(text string) (Hash, error) { return tlog.ParseHash(text) }

// Checkpoint says how long a consultation's log is and what its tree's root is (c2sp.org/tlog-checkpoint).
type Checkpoint struct {
	Consultation meeting.ConsultationID
	Size         int64
	Root         Hash
}

const originPrefix = "astara/"

func (c Checkpoint) text() string {
	return fmt.Sprintf("%s%s\n%d\n%s\n", originPrefix, c.Consultation, c.Size, c.Root)
}

// sign makes the signed note, with one line for each key, in their order.
func (c Checkpoint) sign(keys []Key) (string, error) {
	signers := make([]note.Signer, len(keys))
	for i, k := range keys {
		signers[i] = k.signer
	}
	b, err := note.Sign(&note.Note{Text: c.text()}, signers...)
	return string(b), err
}

var errShape = errors.New("it has not the shape that was written")

// parseCheckpoint reads a signed note, and returns by which keys it is signed: known ones only, each once.
func parseCheckpoint(text string, keys keyring) (c Checkpoint, signed []string, err error) {
	lines := strings.SplitN(text, "\n", 4)
	if len(lines) != 4 || !strings.HasPrefix(lines[0], originPrefix) {
		return c, nil, errShape
	}
	c.Consultation = meeting.ConsultationID(strings.TrimPrefix(lines[0], originPrefix))
	root, ok := decode(lines[2], len(c.Root))
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || !ok || c.Size < 0 {
		return c, nil, errShape
	}
	copy(c.Root[:], root)
	if !strings.HasPrefix(text, c.text()+"\n") {
		return c, nil, errShape
	}
	signed, err = keys.open(text)
	return c, signed, err
}

// keyring is the parties' public keys, in the order in which they were written. A party has more than one where its key was replaced.
type keyring []publicKey

// maxKeys is more than the parties of a consultation can have had.
const maxKeys = 500

// publicKey is a line of keys.txt, and what verifies by it.
type publicKey struct {
	note.Verifier
	text string
}

func (k publicKey) party() meeting.PartyID { return meeting.PartyID(k.Name()) }

// readKeys reads public keys, one a line, each once.
func readKeys(lines []string) (keyring, error) {
	var out keyring
	if len(lines) > maxKeys {
		return nil, fmt.Errorf("there are more than %d keys", maxKeys)
	}
	for _, l := range lines {
		v, err := note.NewVerifier(l)
		if err != nil || !meeting.PartyID(v.Name()).Valid() {
			return nil, fmt.Errorf("%.200q is not a public key", l)
		}
		// The hash may be spelled in capitals; only one spelling is ours.
		if !strings.HasPrefix(l, fmt.Sprintf("%s+%08x+", v.Name(), v.KeyHash())) {
			return nil, fmt.Errorf("%.200q is not as it was written", l)
		}
		if slices.ContainsFunc(out, func(x publicKey) bool { return x.Name() == v.Name() && x.KeyHash() == v.KeyHash() }) {
			return nil, fmt.Errorf("a key of %s is there twice", v.Name())
		}
		out = append(out, publicKey{v, l})
	}
	return out, nil
}

// Verifier implements note.Verifiers.
func (k keyring) Verifier(name string, hash uint32) (note.Verifier, error) {
	for _, x := range k {
		if x.Name() == name && x.KeyHash() == hash {
			return x, nil
		}
	}
	return nil, &note.UnknownVerifierError{Name: name, KeyHash: hash}
}

// open checks a note's signatures, and tells by which keys they are: all must be of known keys, right, and in their one spelling.
func (k keyring) open(text string) ([]string, error) {
	n, err := note.Open([]byte(text), k)
	var wrong *note.InvalidSignatureError
	var unknown *note.UnverifiedNoteError
	switch {
	case errors.As(err, &wrong):
		return nil, fmt.Errorf("the signature of %s is not of this text", wrong.Name)
	case errors.As(err, &unknown):
		return nil, errors.New("it is signed with a key that is not among the parties'")
	case err != nil:
		return nil, errShape
	}
	if len(n.UnverifiedSigs) > 0 {
		return nil, fmt.Errorf("it is also signed by %s with a key that is not among the parties'", n.UnverifiedSigs[0].Name)
	}
	again := n.Text + "\n"
	var signed []string
	for _, s := range n.Sigs {
		if _, ok := decode(s.Base64, 4+64); !ok {
			return nil, errShape
		}
		again += "— " + s.Name + " " + s.Base64 + "\n"
		by, err := k.Verifier(s.Name, s.Hash)
		if err != nil {
			return nil, errShape
		}
		signed = append(signed, by.(publicKey).text)
	}
	if again != text {
		return nil, errShape
	}
	return signed, nil
}
