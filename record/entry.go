package record

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"astara/meeting"
)

// Fact is a lasting event as the log takes it: whatever its type, its body is what the store keeps.
type Fact struct {
	Seq   uint64
	At    time.Time
	Party meeting.PartyID
	By    meeting.MemberID
	Type  meeting.EventType
	Body  []byte // JSON on one line, as stored
	Key   *Key   // signs this one instead of the party's own: the one that it is told to be replaced
}

// Statement is one line of JSON, the text that an entry's hash is of. Its bytes follow from the fact alone: the body is taken as
// it was stored and not encoded again, so a later program with other fields writes the same.
func (f Fact) Statement() []byte {
	b := []byte(`{"seq":` + strconv.FormatUint(f.Seq, 10))
	for _, x := range [][2]string{{"at", f.At.UTC().Format("2006-01-02T15:04:05.000000000Z")}, {"party", string(f.Party)}, {"by", string(f.By)}, {"type", string(f.Type)}} {
		quoted, err := json.Marshal(x[1])
		if err != nil {
			panic(err) // a string can be written
		}
		b = append(append(append(append(b, `,"`...), x[0]...), `":`...), quoted...)
	}
	return append(append(append(b, `,"body":`...), f.Body...), '}')
}

// Salt hides a body from who has its hash only, and goes with the body when that is erased.
type Salt [32]byte

func newSalt() (s Salt) {
	rand.Read(s[:]) // never fails: the program ends instead
	return s
}

// String is base64; ReadSalt reads it.
func (s Salt) String() string { return base64.StdEncoding.EncodeToString(s[:]) }

// ReadSalt reads what String gave, and nothing that only means the same.
func ReadSalt(text string) (s Salt, ok bool) {
	b, ok := decode(text, len(s))
	copy(s[:], b)
	return s, ok
}

// hide is the hash that stands in the log for a statement.
func (s Salt) hide(statement []byte) Hash {
	h := sha256.New()
	h.Write(s[:])
	h.Write(statement)
	return Hash(h.Sum(nil))
}

// decode reads base64 of exactly n bytes, in its one spelling.
func decode(text string, n int) ([]byte, bool) {
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	return b, err == nil && len(b) == n && base64.StdEncoding.EncodeToString(b) == text
}

// Entry is one leaf of a consultation's log: a note signed by the party whose fact it is. It tells nothing but that, for who has
// no salt.
type Entry struct {
	Number int64 // from 0, its place in the tree
	Seq    uint64
	Salt   Salt
	Note   string // the leaf: seven lines
}

// An entry's note is entryLines lines: this one, consultation, number, party, hash; an empty one; one signature.
const (
	entryTitle = "astara entry 1"
	entryLines = 7
)

func newEntry(c meeting.ConsultationID, number int64, f Fact, k Key) (Entry, error) {
	e := Entry{Number: number, Seq: f.Seq, Salt: newSalt()}
	text := entryText(c, number, f.Party, e.Salt.hide(f.Statement()))
	b, err := note.Sign(&note.Note{Text: text}, k.signer)
	e.Note = string(b)
	return e, err
}

func entryText(c meeting.ConsultationID, number int64, p meeting.PartyID, h Hash) string {
	return fmt.Sprintf("%s\n%s\n%d\n%s\n%s\n", entryTitle, c, number, p, h)
}

// parsedEntry is what a note says.
type parsedEntry struct {
	consultation meeting.ConsultationID
	number       int64
	party        meeting.PartyID
	hash         Hash
	key          string // by which it is signed
}

// parseEntry reads a note and checks its signature with the party's own key.
func parseEntry(text string, keys keyring) (e parsedEntry, err error) {
	lines := strings.SplitN(text, "\n", entryLines)
	if len(lines) != entryLines || lines[0] != entryTitle {
		return e, errShape
	}
	e.consultation, e.party = meeting.ConsultationID(lines[1]), meeting.PartyID(lines[3])
	h, ok := decode(lines[4], len(e.hash))
	if e.number, err = strconv.ParseInt(lines[2], 10, 64); err != nil || !ok {
		return e, errShape
	}
	copy(e.hash[:], h)
	if entryText(e.consultation, e.number, e.party, e.hash) != strings.Join(lines[:5], "\n")+"\n" {
		return e, errShape
	}
	signed, err := keys.open(text)
	if err != nil {
		return e, err
	}
	if len(signed) != 1 || partyOf(signed[0]) != e.party {
		return e, fmt.Errorf("it is not signed by %s", e.party)
	}
	e.key = signed[0]
	return e, nil
}
