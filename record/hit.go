package record

import (
	"time"

	"astara/meeting"
)

// Kind is what a passage is.
type Kind string

// The kinds.
const (
	Title   Kind = "title"
	Agenda  Kind = "agenda"
	Chat    Kind = "chat"
	Library Kind = "document"
	Agreed  Kind = "agreement" // terms of an agreement, or what stands in its way
	Minutes Kind = "minutes"   // a paragraph
	Comment Kind = "comment"   // of a side on one

	Draft   Kind = "draft"   // of a side's public account
	Readout Kind = "readout" // a published account
)

// Kinds lists them all.
func Kinds() []Kind {
	return []Kind{Title, Agenda, Chat, Library, Agreed, Minutes, Comment, Draft, Readout}
}

// Hit is a passage that was found, with the consultation that it belongs to.
type Hit struct {
	Consultation meeting.ConsultationID
	Title        meeting.Words
	StartsAt     time.Time
	Kind         Kind
	Seq          uint64           // of the event
	Language     meeting.Language // empty: not known
	Party        meeting.PartyID  // whose words they are
	At           time.Time
	Text         string
	Joined       bool // by a name that the glossary joined, and not by what was typed

	// Of a document, which is the whole of what was found: there is no consultation.
	Document meeting.DocumentID
	Page     int // from 1; 0: there are none
}
