package meeting

import "slices"

// What is done with the record itself is a fact too: a side takes a copy, a party's key is replaced, something is erased. The last two are
// acts of the node's operator, or of a secretary on her own side's key; store writes them in the transaction that does what they tell of. They go to all desks and to no table.

type (
	// TakeCopy is given by the desk when a secretary takes the record so far with them.
	TakeCopy struct {
		Size int64  `json:"size"` // entries
		Root string `json:"root"` // of their tree, base64
	}

	// CopyTaken says that the event's party has a copy of the first entries: a later record that is not the same can be found out by it.
	CopyTaken struct {
		Size int64  `json:"size"`
		Root string `json:"root"`
	}
	// KeyReplaced says that the event's party signs by another key from the next entry on. While the old one is there its entry is signed
	// by it. A lost one is replaced by the operator: then the entry is signed by the new key, and Operator vouches for it.
	KeyReplaced struct {
		Old      string `json:"old"` // public, in the form of signed notes
		New      string `json:"new"`
		Lost     bool   `json:"lost,omitempty"`
		Operator string `json:"operator,omitempty"` // the operator's public key
		Voucher  string `json:"voucher,omitempty"`  // a note signed by it
		Reason   string `json:"reason"`
	}
	// ThingErased says that the body of something is gone for good. Its entry and its hash stay. Of a term there is one for each event that had its words.
	ThingErased struct {
		What      Erasure    `json:"what"`
		Entry     int64      `json:"entry"`              // of the log, where what was erased had stood or was named
		Part      int        `json:"part,omitempty"`     // of a recording
		Document  DocumentID `json:"document,omitempty"` // of a library
		Hashes    []string   `json:"hashes"`             // of what is gone: of the entry in base64, of files SHA-256 in hexadecimal
		Person    string     `json:"person"`             // who erased it
		Authority string     `json:"authority"`          // by which decision
	}
)

// CleanReason is one line on why a key is replaced. Refusals: text-empty, name-wrong.
func CleanReason(s string) (string, error) {
	if blank(s) {
		return "", refuse(TextEmpty)
	}
	return cleanName(s, MaxTitle)
}

// Erasure is what kind of thing was erased.
type Erasure string

// The kinds.
const (
	ErasedMessage   Erasure = "message"
	ErasedRecording Erasure = "recording"
	ErasedDocument  Erasure = "document"
	ErasedTerm      Erasure = "term"
)

// Erasures lists them all.
func Erasures() []Erasure {
	return []Erasure{ErasedMessage, ErasedRecording, ErasedDocument, ErasedTerm}
}

// Operator is the person of a side by whom the operator's acts on its facts are.
const Operator PersonID = "operator"

func (TakeCopy) Type() CommandType { return "copy.take" }

func (CopyTaken) Type() EventType   { return "copy.taken" }
func (KeyReplaced) Type() EventType { return "key.replaced" }
func (ThingErased) Type() EventType { return "thing.erased" }

func (CopyTaken) lasting() bool   { return true }
func (KeyReplaced) lasting() bool { return true }
func (ThingErased) lasting() bool { return true }

func (CopyTaken) audience(*Meeting, *Event) Audience   { return AtDesks }
func (KeyReplaced) audience(*Meeting, *Event) Audience { return AtDesks }
func (ThingErased) audience(*Meeting, *Event) Audience { return AtDesks }

func (CopyTaken) atDesk()   {}
func (KeyReplaced) atDesk() {}
func (ThingErased) atDesk() {}

// They change nothing in the meeting: what was erased is not among the stored events any more.
func (CopyTaken) apply(*Meeting, *Event)   {}
func (KeyReplaced) apply(*Meeting, *Event) {}
func (ThingErased) apply(*Meeting, *Event) {}

// Forget takes out of the state what was erased from the record since it was read: messages and terms, as the stored events have them now. It tells whether
// there was anything.
func (m *Meeting) Forget(now []Event) bool {
	forgot := false
	for _, e := range now {
		switch b := e.Body.(type) {
		case ChatSaid:
			if b.Text != "" {
				continue
			}
			before := len(m.Chat)
			m.Chat = slices.DeleteFunc(slices.Clone(m.Chat), func(x Message) bool { return x.Seq == e.Seq })
			forgot = forgot || len(m.Chat) < before
		case TermsWritten:
			for _, w := range b.Terms {
				if t := m.Terms[w.ID]; w.Erased && t != nil && !t.Withdrawn {
					gone := *t
					gone.erase()
					m.Terms[w.ID], forgot = &gone, true
				}
			}
		}
	}
	return forgot
}

func (c TakeCopy) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if m.Members[by].Role != Secretary {
		return nil, refuse(NotYourRole)
	}
	return one(CopyTaken(c))
}
