package protocol

import "astara/meeting"

// MaxFile is the largest file that is imported at the desk, in bytes.
const MaxFile = 4 << 20

type (
	// Agreements GET /api/desk/agreements: those of all consultations of the own side, each as lists need it: without texts, earlier versions and
	// evidence. GET /api/desk/consultations/ID/agreements/AGREEMENT has one, whole; so has the answer to a command about it, which is
	// POST /api/desk/consultations/ID/agreements with a DeskCommand of meeting.AgreementCommands. The node chooses the id of a new one.
	Agreements struct {
		Own       meeting.PartyID                      `json:"own"`
		Today     meeting.ISODate                      `json:"today"`   // on the own side's clock
		Parties   []meeting.Party                      `json:"parties"` // known to this node
		List      []AgreementLine                      `json:"list"`
		RestDays  map[meeting.PartyID]meeting.RestDays `json:"restDays"`
		Reminders Reminders                            `json:"reminders"`
		Calendar  string                               `json:"calendar,omitempty"` // when the address for calendar programs was made
	}
	// CalendarAddress is the answer of POST /api/desk/calendar, the only time that the address is told.
	CalendarAddress struct {
		Address string `json:"address"`
	}
	// AgreementLine is one of them.
	AgreementLine struct {
		Consultation meeting.ConsultationID `json:"consultation"`
		Occasion     meeting.Words          `json:"occasion"` // title of the consultation
		HeldAt       string                 `json:"heldAt"`
		Languages    []meeting.Language     `json:"languages"`
		Parties      []meeting.Party        `json:"parties"`
		Version      int                    `json:"version"` // the newest
		Terms        meeting.Terms          `json:"terms"`   // in effect, or proposed while none are
		Agreement    *meeting.Agreement     `json:"agreement"`
		Review       meeting.Review         `json:"review"`
	}
	// Reminders are how the secretary is reminded; PUT /api/desk/reminders with PutReminders changes it.
	Reminders struct {
		Possible bool   `json:"possible"` // this node sends mail
		Address  string `json:"address"`
		Wanted   bool   `json:"wanted"`
	}
	// PutReminders see Reminders.
	PutReminders struct {
		Address string `json:"address"`
		Wanted  bool   `json:"wanted"`
	}
	// PutRestDays PUT /api/desk/rest-days: the own side's. Weekly replaces the days of every week; a file (format ics or csv), if there is one,
	// replaces the single days. The answer is a meeting.RestDays.
	PutRestDays struct {
		Weekly []int  `json:"weekly"`
		Format string `json:"format,omitempty"`
		Text   string `json:"text,omitempty"`
	}
	// ImportAgreements POST /api/desk/consultations/ID/agreements/import (format csv or json). Without Apply nothing is done but counted.
	// GET /api/desk/agreements/export/FORMAT gives such a file, or format ics.
	ImportAgreements struct {
		Format string `json:"format"`
		Text   string `json:"text"`
		Apply  bool   `json:"apply"`
	}
	// Imported is the answer.
	Imported struct {
		New     int `json:"new"`     // agreements proposed
		Changed int `json:"changed"` // terms proposed anew
		Own     int `json:"own"`     // words of the own side: statuses, obstacles, evidence, persons
		Left    int `json:"left"`    // words of other sides, which only they write, and of what is not in effect
	}
)
