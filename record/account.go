package record

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"astara/meeting"
)

// Account is a side's published account of a consultation, with the note by which anybody can check it without a node.
type Account struct {
	Consultation meeting.ConsultationID
	Party        meeting.PartyID
	meeting.Publication
	Note string // a signed note: the whole text, and the party's signature
}

// Key is the public key that the note is signed by.
func (a Account) Key() string {
	_, after, _ := strings.Cut(a.Note, "\nkey ")
	key, _, _ := strings.Cut(after, "\n")
	return key
}

// File is the name under which the note is given to the public.
func (a Account) File() string {
	return "readout-" + string(a.Consultation) + "-" + string(a.Party) + ".txt"
}

// MaxAccount is what is read of an account's file: more than any account can be.
const MaxAccount = 32 << 20

const accountTitle = "astara readout 1"

// accountText is what is signed: every byte of it follows from the publication and the key.
func accountText(id meeting.ConsultationID, party meeting.PartyID, key string, p meeting.Publication) string {
	var b strings.Builder
	block := func(kind string, text string) {
		fmt.Fprintf(&b, "%s %d %s\n%s\n", kind, len(text), textHash(text), text)
	}
	fmt.Fprintf(&b, "%s\n%s\n%s\nkey %s\npublished %s\noccasion %s\n", accountTitle, id, party, key, toSecond(p.At), toSecond(p.Occasion.StartsAt))
	for _, l := range slices.Sorted(maps.Keys(p.Occasion.Title)) {
		block("occasion "+string(l), p.Occasion.Title[l])
	}
	for _, x := range p.Occasion.Parties {
		for _, l := range slices.Sorted(maps.Keys(x.Names)) {
			block("party "+string(x.ID)+" "+string(l), x.Names[l])
		}
	}
	for _, l := range p.Languages() {
		block("title "+string(l), p.Title[l])
		for i, part := range p.Parts {
			kind := "paragraph"
			if part.Element != "" {
				kind = "agreed"
			}
			block(fmt.Sprintf("%s %s %d", kind, l, i+1), part.Text[l])
		}
	}
	for i, c := range p.Corrections {
		for _, l := range slices.Sorted(maps.Keys(c.Text)) {
			block(fmt.Sprintf("correction %s %d %s", l, i+1, toSecond(c.At)), c.Text[l])
		}
	}
	return b.String()
}

func toSecond(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func textHash(text string) string {
	h := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(h[:])
}

// SignAccount makes the note of a publication, by the key of the side whose account it is.
func SignAccount(id meeting.ConsultationID, k Key, p meeting.Publication) (string, error) {
	b, err := note.Sign(&note.Note{Text: accountText(id, k.Party(), k.Public, p)}, k.signer)
	if err != nil {
		return "", fmt.Errorf("sign the account of %s: %w", k.Party(), err)
	}
	return string(b), nil
}

// VerifiedAccount is what an account's file says that is right.
type VerifiedAccount struct {
	Consultation meeting.ConsultationID
	Party        meeting.PartyID
	Key          string // by which the signature is right: whether it is the party's own is for the reader to know
	Published    time.Time
	Languages    []meeting.Language
	Corrections  int
}

// IsAccount tells an account's file from an export.
func IsAccount(b []byte) bool { return strings.HasPrefix(string(b), "astara readout ") }

// VerifyAccount checks an account's file, and needs nothing else. What is wrong is named as closely as it can be: the text in which a byte
// was changed, or the signature.
func VerifyAccount(b []byte) (v VerifiedAccount, err error) {
	text, _, ok := strings.Cut(string(b), "\n\n— ") // no text has such a line unless it is all that is left of one
	if i := strings.LastIndex(string(b), "\n\n— "); i >= 0 {
		text = string(b)[:i]
	}
	if !ok || len(b) > MaxAccount {
		return v, errors.New("this is no account with a signature: it may be cut")
	}
	lines := strings.SplitN(text+"\n", "\n", 7)
	if len(lines) < 7 || lines[0] != accountTitle {
		return v, errShape
	}
	v.Consultation, v.Party = meeting.ConsultationID(lines[1]), meeting.PartyID(lines[2])
	key, ok := strings.CutPrefix(lines[3], "key ")
	at, ok2 := strings.CutPrefix(lines[4], "published ")
	published, err := time.Parse(time.RFC3339, at)
	if !ok || !ok2 || err != nil {
		return v, errShape
	}
	v.Key, v.Published = key, published
	if err := v.blocks(lines[6]); err != nil {
		return v, err
	}
	keys, err := readKeys([]string{key})
	if err != nil {
		return v, err
	}
	signed, err := keys.open(string(b))
	if err != nil {
		return v, err
	}
	if len(signed) != 1 || partyOf(signed[0]) != v.Party {
		return v, fmt.Errorf("it is not signed by %s", v.Party)
	}
	return v, nil
}

// blocks checks each text with its own hash, so that a changed one is named.
func (v *VerifiedAccount) blocks(rest string) error {
	for rest != "" {
		head, after, ok := strings.Cut(rest, "\n")
		f := strings.Fields(head)
		if !ok || len(f) < 4 {
			return errShape
		}
		name := strings.Join(f[:len(f)-2], " ")
		n, err := strconv.Atoi(f[len(f)-2])
		if err != nil || n < 0 || n >= len(after) || after[n] != '\n' {
			return fmt.Errorf("%.100q has not the length that was signed", name)
		}
		if textHash(after[:n]) != f[len(f)-1] {
			return fmt.Errorf("%.100q is not the text that was signed", name)
		}
		switch f[0] {
		case "title":
			v.Languages = append(v.Languages, meeting.Language(f[1]))
		case "correction":
			if c, err := strconv.Atoi(f[2]); err == nil {
				v.Corrections = max(v.Corrections, c)
			}
		}
		rest = after[n+1:]
	}
	return nil
}
