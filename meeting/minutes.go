package meeting

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Limits of the minutes of one consultation.
const (
	MaxParagraphs    = 300
	MaxParagraphText = 6000 // letters, per language
	MaxComments      = 1000
)

// Minutes are the text of a consultation, written by its sides together: paragraphs in their order, each in every authentic language. A
// paragraph is the unit of agreement (see Negotiation); the chairs sign the whole.
type Minutes struct {
	Paragraphs []Paragraph  `json:"paragraphs"`
	Comments   []Comment    `json:"comments"` // of the reader's own side
	Keys       []SigningKey `json:"keys"`     // by which chairs sign
	Signatures []Signature  `json:"signatures"`
}

// ParagraphID is "p" and the number of the event that wrote the paragraph first.
type ParagraphID string

// Paragraph is one of the minutes: the draft as it stands, what the sides said about it, and what they agreed last.
type Paragraph struct {
	ID       ParagraphID `json:"id"`
	Item     string      `json:"item,omitempty"` // agenda item
	Text     Words       `json:"text"`           // the draft; empty: to strike the paragraph
	Hash     TextHash    `json:"hash"`           // of the draft
	Revision int         `json:"revision"`       // of the draft, from 1
	At       time.Time   `json:"at"`             // of the revision
	By       MemberID    `json:"by"`
	Sides    []PartyID   `json:"sides"` // that wrote in it
	Proposed *Proposal   `json:"proposed,omitempty"`
	Version  int         `json:"version"` // to agree on next, from 1
	Round    int         `json:"round"`
	Said     []Spoken    `json:"said"` // about that version
	Agreed   *AgreedText `json:"agreed,omitempty"`
}

// Proposal says that a side holds the draft ready for agreement. It binds nobody.
type Proposal struct {
	At time.Time `json:"at"`
	By MemberID  `json:"by"`
}

// Spoken is a side's word about a version: it binds the side.
type Spoken struct {
	At    time.Time `json:"at"`
	By    MemberID  `json:"by"`
	Round int       `json:"round"`
	Text  TextHash  `json:"text"` // empty: declined
}

// AgreedText is what all sides committed to.
type AgreedText struct {
	Version int        `json:"version"`
	At      time.Time  `json:"at"`
	Text    Words      `json:"text"`
	Hash    TextHash   `json:"hash"`
	By      []MemberID `json:"by"` // who spoke for each side
}

// Comment is a remark on a paragraph, within a side.
type Comment struct {
	Seq       uint64      `json:"seq"`
	At        time.Time   `json:"at"`
	By        MemberID    `json:"by"`
	Paragraph ParagraphID `json:"paragraph"`
	Text      string      `json:"text"`
}

func noMinutes() Minutes {
	return Minutes{Paragraphs: []Paragraph{}, Comments: []Comment{}, Keys: []SigningKey{}, Signatures: []Signature{}}
}

// minutesFor is a copy with the reader's own side's comments.
func (m *Meeting) minutesFor(reader MemberID) Minutes {
	out := noMinutes()
	for _, p := range m.Minutes.Paragraphs {
		out.Paragraphs = append(out.Paragraphs, p.clone())
	}
	for _, c := range m.Minutes.Comments {
		if c.By.Party() == reader.Party() {
			out.Comments = append(out.Comments, c)
		}
	}
	out.Keys = append(out.Keys, m.Minutes.Keys...)
	out.Signatures = append(out.Signatures, m.Minutes.Signatures...)
	return out
}

func (p Paragraph) clone() Paragraph {
	p.Text, p.Sides, p.Said = maps.Clone(p.Text), append([]PartyID{}, p.Sides...), append([]Spoken{}, p.Said...)
	if p.Agreed != nil {
		a := *p.Agreed
		a.Text, a.By = maps.Clone(a.Text), append([]MemberID{}, a.By...)
		p.Agreed = &a
	}
	return p
}

// Authentic languages are those of the sides, in the order of the table: a text is agreed in all of them, and none is before another.
func (j Joint) Authentic() []Language {
	var out []Language
	for _, p := range j.Parties {
		if !slices.Contains(out, p.Language) {
			out = append(out, p.Language)
		}
	}
	return out
}

// Settled tells whether the draft is what was agreed last.
func (p Paragraph) Settled() bool { return p.Agreed != nil && p.Agreed.Hash == p.Hash }

// Struck tells whether the sides agreed to strike the paragraph.
func (p Paragraph) Struck() bool { return p.Agreed != nil && len(p.Agreed.Text) == 0 }

// Brackets counts the open words of a text: what stands in square brackets is not agreed yet. A bracket without its fellow counts too.
func (w Words) Brackets() int {
	n := 0
	for _, text := range w {
		deep := 0
		for _, r := range text {
			switch {
			case r == '[':
				n++
				deep++
			case r == ']' && deep > 0:
				deep--
			case r == ']':
				n++
			}
		}
	}
	return n
}

// index of a paragraph, or -1.
func (x *Minutes) index(id ParagraphID) int {
	return slices.IndexFunc(x.Paragraphs, func(p Paragraph) bool { return p.ID == id })
}

// ---- hashes ---------------------------------------------------------------------------------------------------------

// HashOf a form.
func HashOf(form string) TextHash {
	h := sha256.Sum256([]byte(form))
	return TextHash(base64.StdEncoding.EncodeToString(h[:]))
}

// ParagraphForm is what the hash of a paragraph's text is of: every byte of it is fixed by the text.
func ParagraphForm(c ConsultationID, id ParagraphID, item string, text Words) string {
	var b strings.Builder
	fmt.Fprintf(&b, "astara paragraph 1\n%s\n%s\nitem %s\n", c, id, item)
	for _, l := range slices.Sorted(maps.Keys(text)) {
		fmt.Fprintf(&b, "%s %d\n%s\n", l, len(text[l]), text[l])
	}
	return b.String()
}

// MinutesForm is what the chairs sign the hash of: the occasion, and each agreed paragraph in its order. It is empty while a
// paragraph is not agreed, or there is none.
func (m *Meeting) MinutesForm() string {
	var b strings.Builder
	words := func(kind string, w Words) {
		for _, l := range slices.Sorted(maps.Keys(w)) {
			fmt.Fprintf(&b, "%s %s %s\n", kind, l, w[l])
		}
	}
	fmt.Fprintf(&b, "astara minutes 1\n%s\nstarts %s\n", m.ID, m.Joint.StartsAt.UTC().Format(time.RFC3339))
	words("title", m.Joint.Title)
	for _, p := range m.Joint.Parties {
		words("party "+string(p.ID), p.Names)
	}
	for _, it := range m.Joint.Agenda {
		words("item "+it.ID, it.Title)
	}
	n := 0
	for _, p := range m.Minutes.Paragraphs {
		if !p.Settled() {
			return ""
		}
		if !p.Struck() {
			n++
			fmt.Fprintf(&b, "paragraph %s %d %s\n", p.ID, p.Agreed.Version, p.Agreed.Hash)
		}
	}
	if n == 0 {
		return ""
	}
	return b.String()
}

// MinutesHash is that of MinutesForm; empty while there is none.
func (m *Meeting) MinutesHash() TextHash {
	form := m.MinutesForm()
	if form == "" {
		return ""
	}
	return HashOf(form)
}

// unsettled counts the paragraphs that are not agreed.
func (m *Meeting) unsettled() int {
	n := 0
	for _, p := range m.Minutes.Paragraphs {
		if !p.Settled() {
			n++
		}
	}
	return n
}

// drafter is refused unless by writes the minutes for their side: its secretaries and its chair, during the meeting and after it.
func (m *Meeting) drafter(by MemberID) error {
	x, ok := m.Members[by]
	switch {
	case !ok || x.Standing != Admitted:
		return refuse(NotAdmitted)
	case m.Cancelled != nil:
		return refuse(IsCancelled)
	case x.Role != Secretary && m.Chair(by.Party()) != by:
		return refuse(NotYourRole)
	}
	return nil
}

// writable is refused while a chair's signature stands under the text.
func (m *Meeting) writable() error {
	switch n := len(m.Minutes.Signatures); {
	case n > 0 && n >= len(m.Joint.Parties):
		return refuse(MinutesClosed)
	case n > 0:
		return refuse(MinutesStand)
	}
	return nil
}
