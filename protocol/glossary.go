package protocol

import "astara/meeting"

type (
	// Glossary GET /api/desk/terms: the terms that the own side may read. A command about some is POST /api/desk/consultations/ID/terms with a
	// DeskCommand of meeting.TermCommands; the node chooses the id of a new term, and answers with this anew. As files: /api/desk/terms/terms.csv and
	// terms.tbx, and /api/desk/terms/sheet.html?languages=fa,az&area=transport to be printed.
	Glossary struct {
		Own     meeting.PartyID `json:"own"`
		Parties []meeting.Party `json:"parties"` // known to this node
		List    []GlossaryLine  `json:"list"`
	}
	// GlossaryLine is one term with the consultation in which it was written down.
	GlossaryLine struct {
		Consultation meeting.ConsultationID `json:"consultation"`
		Occasion     meeting.Words          `json:"occasion"` // title of the consultation
		Parties      []meeting.PartyID      `json:"parties"`
		State        TermState              `json:"state"`
		Term         meeting.Term           `json:"term"`
	}
	// TermSheet GET /api/seats/SEAT/terms: the same for interpreters and secretaries at the table, with what others noted in the reader's booth. To be
	// printed: /api/seats/SEAT/terms/sheet.html?languages=fa,az; as a table: sheet.csv.
	TermSheet struct {
		List []GlossaryLine `json:"list"`
	}
	// ImportGlossary POST /api/desk/consultations/ID/terms/import (format csv or tbx). Without Apply nothing is done but counted; with it, lines that are
	// refused are left out.
	ImportGlossary struct {
		Format string `json:"format"`
		Text   string `json:"text"`
		Shared bool   `json:"shared"` // proposed to all sides; otherwise for the own side
		Apply  bool   `json:"apply"`
	}
	// ImportedGlossary is the answer.
	ImportedGlossary struct {
		New     int          `json:"new"`
		Changed int          `json:"changed"`
		Same    int          `json:"same"` // as they are already, or twice in the file
		Refused []RefusedRow `json:"refused"`
		More    int          `json:"more"` // refused ones that are not listed
	}
	// RefusedRow is a line of a file that cannot be taken in, and why.
	RefusedRow struct {
		Row int     `json:"row"`
		Why Refused `json:"why"`
	}
)

// TermState is how far a term is agreed.
type TermState string

// The states: one side's alone; proposed to all; agreed by all; agreed once, and other words proposed since.
const (
	TermOwn      TermState = "own"
	TermProposed TermState = "proposed"
	TermAgreed   TermState = "agreed"
	TermChanged  TermState = "changed"
)

// TermStates lists them all.
func TermStates() []TermState { return []TermState{TermOwn, TermProposed, TermAgreed, TermChanged} }
