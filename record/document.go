package record

import (
	"time"

	"astara/meeting"
)

// Document is one of a side's library: what it is, what the side says of it, and who may read it. The content stands apart, by its hash.
type Document struct {
	ID    meeting.DocumentID   `json:"id"`
	Party meeting.PartyID      `json:"party"` // whose it is
	By    meeting.MemberID     `json:"by"`    // who put it in
	Added time.Time            `json:"added"`
	Hash  string               `json:"hash"` // SHA-256, hexadecimal
	Size  int64                `json:"size"`
	Kind  meeting.DocumentKind `json:"kind"`
	File  string               `json:"file"`

	Illegible bool `json:"illegible,omitempty"` // no text could be taken out of it

	Facts   meeting.DocumentFacts `json:"facts"`
	Sharing Sharing               `json:"sharing"`

	Withdrawn time.Time `json:"-"` // from everybody but the own side; zero: never
	Erased    time.Time `json:"-"` // the content is gone for good; zero: never
}

// Sharing is who may read a document beside its own side, apart from the consultations that it was shared with.
type Sharing struct {
	Readers   []meeting.PartyID `json:"readers"`             // other parties
	Programme string            `json:"programme,omitempty"` // agreement or programme that it belongs to
	Always    bool              `json:"always,omitempty"`    // it belongs to all consultations with these parties
}

// Place is a consultation that a document was shared with.
type Place struct {
	Document     meeting.DocumentID
	Consultation meeting.ConsultationID
	Title        meeting.Words
	StartsAt     time.Time
	Item         string
	All          bool // all parties of it; otherwise the own side only
}

// Reading is somebody of another side who opened a document.
type Reading struct {
	Document meeting.DocumentID
	Reader   meeting.MemberID
	Name     string
	At       time.Time // the first time of that day
	Times    int       // that day
}

// Passage is a stretch of a document's text; Page is from 1 where there are pages.
type Passage struct {
	Page int
	Text string
}
