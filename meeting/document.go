package meeting

import (
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxDocuments of one consultation.
const MaxDocuments = 300

// DocumentID names a document of a side's library.
type DocumentID string

// Valid: as every id.
func (d DocumentID) Valid() bool { return validID(string(d)) }

// DocumentKind is what a document is, found out by its content and not by its name.
type DocumentKind string

// The kinds.
const (
	PDF   DocumentKind = "pdf"
	DOCX  DocumentKind = "docx"
	ODT   DocumentKind = "odt"
	HTML  DocumentKind = "html"
	Plain DocumentKind = "text"
	Image DocumentKind = "image"
	Audio DocumentKind = "audio"
	Video DocumentKind = "video"
)

// DocumentKinds lists them all.
func DocumentKinds() []DocumentKind {
	return []DocumentKind{PDF, DOCX, ODT, HTML, Plain, Image, Audio, Video}
}

// DocumentFacts are what a side says of its document. The title is in one language at least.
type DocumentFacts struct {
	Title  Words  `json:"title"`
	About  Words  `json:"about"`
	Source string `json:"source,omitempty"` // who made it
	Date   string `json:"date,omitempty"`   // of the document, YYYY-MM-DD; empty: not known
}

// Clean checks the facts and returns them in the form that is kept.
func (f DocumentFacts) Clean() (DocumentFacts, error) {
	var err error
	if f.Title, err = cleanWords(f.Title, nil, MaxTitle); err != nil {
		return f, err
	}
	if len(f.Title) == 0 {
		return f, refuse(NameEmpty)
	}
	if f.About, err = cleanTexts(f.About, nil, MaxText); err != nil {
		return f, err
	}
	if blank(f.Source) {
		f.Source = ""
	} else if f.Source, err = cleanName(f.Source, MaxTitle); err != nil {
		return f, err
	}
	if f.Date != "" {
		switch d, err := time.Parse(time.DateOnly, f.Date); {
		case err != nil || d.Year() < 1000:
			return f, refuse(TimeWrong)
		case d.Year() >= firstSolarYear && d.Year() <= lastSolarOfPapers:
			return f, refuse(DateSolar, "date", f.Date)
		}
	}
	return f, nil
}

// Document is a document of a side's library that it shared with this consultation. The hash is what was shared; whoever holds a file can
// tell by it whether it is that one.
type Document struct {
	ID    DocumentID   `json:"id"`
	Hash  string       `json:"hash"` // SHA-256 of the content, hexadecimal
	Kind  DocumentKind `json:"kind"`
	Size  int          `json:"size"` // bytes
	File  string       `json:"file"` // its name when it is saved
	Title Words        `json:"title"`
	Item  string       `json:"item,omitempty"` // agenda item; empty: of the whole consultation
	To    Audience     `json:"to"`             // all, or the own side
	By    MemberID     `json:"by"`
	At    time.Time    `json:"at"`
}

// Shown is the document that is open for all, and where.
type Shown struct {
	Document DocumentID `json:"document"`
	Page     int        `json:"page"` // from 1
	By       MemberID   `json:"by"`   // who opened it
}

type (
	// ShareDocument puts a document of the own side before this consultation, by its secretary. The door fills in what the document is, so
	// that nobody can share what is not there.
	ShareDocument struct {
		Document Document `json:"document"`
	}
	// AttachDocument says to which item of the agenda an own document belongs; empty: to none.
	AttachDocument struct {
		Document DocumentID `json:"document"`
		Item     string     `json:"item,omitempty"`
	}
	// WithdrawDocument takes an own document back from this consultation.
	WithdrawDocument struct {
		Document DocumentID `json:"document"`
	}
	// ShowDocument opens a document for all, by a chair: one of the current item, or of none.
	ShowDocument struct {
		Document DocumentID `json:"document"`
	}
	// TurnPage turns the pages of the open document for all, by a chair.
	TurnPage struct {
		Document DocumentID `json:"document"`
		Page     int        `json:"page"`
	}
	// HideDocument closes it for all, by a chair.
	HideDocument struct {
		Document DocumentID `json:"document"`
	}

	// DocumentShared see ShareDocument.
	DocumentShared struct {
		Document Document `json:"document"`
	}
	// DocumentAttached see AttachDocument.
	DocumentAttached struct {
		Document DocumentID `json:"document"`
		Item     string     `json:"item,omitempty"`
		To       Audience   `json:"to"`
	}
	// DocumentWithdrawn see WithdrawDocument.
	DocumentWithdrawn struct {
		Document DocumentID `json:"document"`
		To       Audience   `json:"to"`
	}
	// DocumentShown see ShowDocument.
	DocumentShown struct {
		Document DocumentID `json:"document"`
	}
	// PageTurned see TurnPage. It does not last: what was shown is in the record, not how it was leafed through.
	PageTurned struct {
		Document DocumentID `json:"document"`
		Page     int        `json:"page"`
	}
	// DocumentHidden see HideDocument.
	DocumentHidden struct {
		Document DocumentID `json:"document"`
	}
)

func (ShareDocument) Type() CommandType    { return "document.share" }
func (AttachDocument) Type() CommandType   { return "document.attach" }
func (WithdrawDocument) Type() CommandType { return "document.withdraw" }
func (ShowDocument) Type() CommandType     { return "document.show" }
func (TurnPage) Type() CommandType         { return "document.turn" }
func (HideDocument) Type() CommandType     { return "document.hide" }

func (DocumentShared) Type() EventType    { return "document.shared" }
func (DocumentAttached) Type() EventType  { return "document.attached" }
func (DocumentWithdrawn) Type() EventType { return "document.withdrawn" }
func (DocumentShown) Type() EventType     { return "document.shown" }
func (PageTurned) Type() EventType        { return "document.turned" }
func (DocumentHidden) Type() EventType    { return "document.hidden" }

func (DocumentShared) lasting() bool    { return true }
func (DocumentAttached) lasting() bool  { return true }
func (DocumentWithdrawn) lasting() bool { return true }
func (DocumentShown) lasting() bool     { return true }
func (PageTurned) lasting() bool        { return false }
func (DocumentHidden) lasting() bool    { return true }

func (b DocumentShared) audience(*Meeting, *Event) Audience    { return b.Document.To }
func (b DocumentAttached) audience(*Meeting, *Event) Audience  { return b.To }
func (b DocumentWithdrawn) audience(*Meeting, *Event) Audience { return b.To }
func (DocumentShown) audience(*Meeting, *Event) Audience       { return All }
func (PageTurned) audience(*Meeting, *Event) Audience          { return All }
func (DocumentHidden) audience(*Meeting, *Event) Audience      { return All }

// Document finds one that is before this consultation.
func (m *Meeting) Document(id DocumentID) (Document, bool) {
	i := slices.IndexFunc(m.Documents, func(d Document) bool { return d.ID == id })
	if i < 0 {
		return Document{}, false
	}
	return m.Documents[i], true
}

func cloneDocuments(all []Document) []Document {
	out := append([]Document{}, all...)
	for i := range out {
		out[i].Title = maps.Clone(out[i].Title)
	}
	return out
}

// documentsFor are those that a reader may know of.
func (m *Meeting) documentsFor(reader MemberID) []Document {
	out := []Document{}
	for _, d := range cloneDocuments(m.Documents) {
		if d.To.Includes(reader, d.By) {
			out = append(out, d)
		}
	}
	return out
}

func (s *Shown) clone() *Shown {
	if s == nil {
		return nil
	}
	c := *s
	return &c
}

// ---- deciding -------------------------------------------------------------------------------------------------------

func (c ShareDocument) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.secretary(by); err != nil {
		return nil, err
	}
	d := c.Document
	hash, err := hex.DecodeString(d.Hash)
	switch {
	case !d.ID.Valid() || err != nil || len(hash) != 32 || d.Hash != strings.ToLower(d.Hash) || !slices.Contains(DocumentKinds(), d.Kind) || d.Size < 0:
		return nil, refuse(UnknownDocument)
	case d.To != All && d.To != ToParty(by.Party()):
		return nil, refuse(NotYourSide)
	case d.Item != "" && !m.hasItem(d.Item):
		return nil, refuse(UnknownItem)
	case len(m.Documents) >= MaxDocuments:
		return nil, refuse(TooManyItems, "max", MaxDocuments)
	}
	if _, ok := m.Document(d.ID); ok {
		return nil, refuse(DocumentThere)
	}
	if d.Title, err = cleanWords(d.Title, nil, MaxTitle); err != nil {
		return nil, err
	}
	if d.File, err = cleanName(d.File, MaxTitle); err != nil {
		return nil, err
	}
	d.By, d.At = "", time.Time{} // the event's own
	return one(DocumentShared{Document: d})
}

// ownDocument is one that by's side shared, and about which by may decide: its secretary.
func (m *Meeting) ownDocument(by MemberID, id DocumentID) (Document, error) {
	if err := m.secretary(by); err != nil {
		return Document{}, err
	}
	d, ok := m.Document(id)
	switch {
	case !ok || !d.To.Includes(by, d.By):
		return d, refuse(UnknownDocument)
	case d.By.Party() != by.Party():
		return d, refuse(NotYourSide)
	}
	return d, nil
}

func (c AttachDocument) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	d, err := m.ownDocument(by, c.Document)
	switch {
	case err != nil:
		return nil, err
	case c.Item != "" && !m.hasItem(c.Item):
		return nil, refuse(UnknownItem)
	case d.Item == c.Item:
		return nil, nil
	}
	return one(DocumentAttached{Document: c.Document, Item: c.Item, To: d.To})
}

func (c WithdrawDocument) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	d, err := m.ownDocument(by, c.Document)
	if err != nil {
		return nil, err
	}
	return one(DocumentWithdrawn{Document: c.Document, To: d.To})
}

func (c ShowDocument) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.chair(by); err != nil {
		return nil, err
	}
	d, ok := m.Document(c.Document)
	switch {
	case !ok || !d.To.Includes(by, d.By):
		return nil, refuse(UnknownDocument)
	case d.To != All:
		return nil, refuse(DocumentOwn)
	case d.Item != "" && d.Item != m.Course.Item:
		return nil, refuse(DocumentOther)
	case m.Shown != nil && m.Shown.Document == c.Document:
		return nil, nil
	}
	return one(DocumentShown(c))
}

// MaxPage bounds a page number; no document has as many.
const MaxPage = 100_000

func (c TurnPage) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	switch err := m.chair(by); {
	case err != nil:
		return nil, err
	case m.Shown == nil || m.Shown.Document != c.Document:
		return nil, refuse(UnknownDocument)
	case c.Page < 1 || c.Page > MaxPage:
		return nil, refuse(TooManyItems, "max", MaxPage)
	case c.Page == m.Shown.Page:
		return nil, nil
	}
	return one(PageTurned(c))
}

func (c HideDocument) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	switch err := m.chair(by); {
	case err != nil:
		return nil, err
	case m.Shown == nil || m.Shown.Document != c.Document:
		return nil, nil
	}
	return one(DocumentHidden(c))
}

// ---- applying -------------------------------------------------------------------------------------------------------

func (b DocumentShared) apply(m *Meeting, e *Event) {
	d := b.Document
	d.By, d.At = e.By, e.At
	m.Documents = append(m.Documents, d)
}

func (b DocumentAttached) apply(m *Meeting, _ *Event) {
	for i := range m.Documents {
		if m.Documents[i].ID == b.Document {
			m.Documents[i].Item = b.Item
		}
	}
}

func (b DocumentWithdrawn) apply(m *Meeting, _ *Event) {
	m.Documents = slices.DeleteFunc(m.Documents, func(d Document) bool { return d.ID == b.Document })
	m.hide(b.Document)
}

func (b DocumentShown) apply(m *Meeting, e *Event) {
	m.Shown = &Shown{Document: b.Document, Page: 1, By: e.By}
}

func (b PageTurned) apply(m *Meeting, _ *Event) {
	if m.Shown != nil && m.Shown.Document == b.Document {
		m.Shown = &Shown{Document: b.Document, Page: b.Page, By: m.Shown.By}
	}
}

func (b DocumentHidden) apply(m *Meeting, _ *Event) { m.hide(b.Document) }

func (m *Meeting) hide(id DocumentID) {
	if m.Shown != nil && m.Shown.Document == id {
		m.Shown = nil
	}
}

// MaxFile is how many letters a file's name may have.
const MaxFile = 200

// CleanFile is a file's name as it may stand on any system: without folders, controls and what Windows refuses, its ending kept.
func CleanFile(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case invisible(r) || isMark(r):
			return -1
		case strings.ContainsRune(`<>:"|?*`, r):
			return '-'
		}
		return r
	}, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	for utf8.RuneCountInString(name) > MaxFile { // from the middle: the ending tells what it is
		dot := strings.LastIndexByte(name, '.')
		if dot < 0 || len(name)-dot > 12 {
			dot = len(name)
		}
		_, n := utf8.DecodeLastRuneInString(name[:dot])
		if n == 0 {
			return "document"
		}
		name = name[:dot-n] + name[dot:]
	}
	if blank(name) {
		return "document"
	}
	return name
}
