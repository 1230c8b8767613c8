package protocol

import (
	"time"

	"astara/meeting"
)

// Bodies of the HTTP interface. Every answer that is not 2xx has a Refused body. Routes are in server/routes.go and docs/protocol.md.

type (
	// OpenLink POST /api/links: the token of a personal link (after the # of /join), from a browser. Sets a cookie for the seat's path.
	OpenLink struct {
		Token string `json:"token"`
		Take  bool   `json:"take,omitempty"` // move here from another browser, which is told so; standing and place stay
	}
	// LinkOpened names the seat: the page is /meet/SEAT, its interface /api/seats/SEAT.
	// It also answers POST /api/desk/consultations/ID/enter, by which a secretary takes their own seat.
	LinkOpened struct {
		Seat string `json:"seat"`
	}
	// SeatInfo GET /api/seats/SEAT.
	SeatInfo struct {
		You          meeting.MemberID `json:"you"`
		Consultation *meeting.Meeting `json:"consultation"` // the reader's view
	}

	// SignIn POST /api/sign-in: the token of a one-time sign-in link (after the # of /signin). Sets the desk's cookie.
	SignIn struct {
		Token string `json:"token"`
	}
	// PasskeyChallenge is what a passkey ceremony begins with; Options is handed to the browser as it is.
	PasskeyChallenge struct {
		Ceremony string `json:"ceremony"`
		Options  any    `json:"options"` // PublicKeyCredential{Creation,Request}OptionsJSON
	}
	// PasskeyResponse ends it.
	PasskeyResponse struct {
		Ceremony string `json:"ceremony"`
		Response any    `json:"response"` // PublicKeyCredentialJSON
	}

	// NewKey POST /api/desk/key: another key for the own side, confirmed as a sign-in by passkey is. Answers KeyNow.
	NewKey struct {
		Reason   string `json:"reason"` // all sides read it
		Ceremony string `json:"ceremony"`
		Response any    `json:"response"` // PublicKeyCredentialJSON
	}
	// KeyNow is the key that a side signs with.
	KeyNow struct {
		Public string `json:"public"`
	}

	// Desk GET /api/desk: what a secretary sees first.
	Desk struct {
		Now           string          `json:"now"` // by the node's clock: what rings now does so at all desks
		Me            Secretary       `json:"me"`
		Parties       []meeting.Party `json:"parties"` // known to this node, own party first
		Consultations []Summary       `json:"consultations"`
		Passkeys      []Passkey       `json:"passkeys"`
	}
	// Secretary is the account of a person of a side's secretariat.
	Secretary struct {
		ID       meeting.MemberID `json:"id"`
		Name     string           `json:"name"`
		Language meeting.Language `json:"language"`
	}
	// Passkey is one registered authenticator.
	Passkey struct {
		ID      string `json:"id"`
		Added   string `json:"added"`
		LastUse string `json:"lastUse,omitempty"`
	}
	// Summary is one consultation in a list.
	Summary struct {
		ID        meeting.ConsultationID        `json:"id"`
		Title     meeting.Words                 `json:"title"`
		Parties   []meeting.Party               `json:"parties"`
		StartsAt  string                        `json:"startsAt"`
		Minutes   int                           `json:"minutes"`
		Version   int                           `json:"version"`
		Agreed    map[meeting.PartyID]int       `json:"agreed"`
		Cancelled bool                          `json:"cancelled"`
		Kind      meeting.Kind                  `json:"kind,omitempty"`
		Deferred  map[meeting.PartyID]time.Time `json:"deferred,omitempty"` // of a call: who answers later
		Waiting   int                           `json:"waiting"`            // own people in the lobby now
		Present   int                           `json:"present"`            // at the table now, all sides
	}

	// Search POST /api/desk/search: words, all of which must be found, in any spelling. The answer is Found.
	Search struct {
		Words string `json:"words"`
	}
	// Found is the best first.
	Found struct {
		Hits []FoundPassage `json:"hits"`
		More bool           `json:"more"` // there are others

		Joined []FoundJoin `json:"joined,omitempty"` // what the glossary put beside the words
	}
	// FoundJoin is what was typed, and the other names of it that were looked for too.
	FoundJoin struct {
		Typed string   `json:"typed"`
		Names []string `json:"names"`
	}
	// FoundPassage is where in a consultation's record the words stand.
	FoundPassage struct {
		Consultation meeting.ConsultationID `json:"consultation"`
		Title        meeting.Words          `json:"title"`
		StartsAt     string                 `json:"startsAt"`
		Kind         FoundKind              `json:"kind"`
		Document     meeting.DocumentID     `json:"document,omitempty"` // of the library: then there is no consultation, and the title is the document's
		Page         int                    `json:"page,omitempty"`     // of the document, from 1
		Party        meeting.PartyID        `json:"party"`              // whose words they are
		At           string                 `json:"at"`
		Language     meeting.Language       `json:"language,omitempty"`
		Passage      []FoundPiece           `json:"passage"` // the text itself, in pieces
		Agreement    meeting.AgreementID    `json:"agreement,omitempty"`
		Proposed     bool                   `json:"proposed,omitempty"` // words of an agreement that are not agreed
		Joined       bool                   `json:"joined,omitempty"`   // by a name that the glossary joined, and not by what was typed
	}
	// FoundPiece is a stretch of it; Hit: it is what was looked for.
	FoundPiece struct {
		Text string `json:"text"`
		Hit  bool   `json:"hit,omitempty"`
	}

	// Library GET /api/desk/library: what the secretary's party may read, the newest first, and what it is bringing in.
	Library struct {
		Documents []LibraryDocument `json:"documents"`
		Uploads   []LibraryUpload   `json:"uploads"`
		Readings  []LibraryReading  `json:"readings"` // of the own documents by others, the latest first
		Used      int               `json:"used"`     // bytes
		Quota     int               `json:"quota"`    // bytes; 0: no limit
	}
	// LibraryDocument is one document. It also answers what changes one.
	LibraryDocument struct {
		ID        meeting.DocumentID    `json:"id"`
		Party     meeting.PartyID       `json:"party"` // whose it is
		Added     string                `json:"added"`
		Hash      string                `json:"hash"` // SHA-256 of the content
		Size      int                   `json:"size"` // bytes
		Kind      meeting.DocumentKind  `json:"kind"`
		File      string                `json:"file"`
		Facts     meeting.DocumentFacts `json:"facts"`
		Readers   []meeting.PartyID     `json:"readers"`             // other parties, beside those of the places
		Programme string                `json:"programme,omitempty"` // agreement or programme that it belongs to
		Always    bool                  `json:"always,omitempty"`    // it belongs to all consultations with the readers
		Illegible bool                  `json:"illegible,omitempty"` // no text could be taken out: it is found by its title alone
		Withdrawn string                `json:"withdrawn,omitempty"`
		Erased    string                `json:"erased,omitempty"`
		Places    []LibraryPlace        `json:"places"`
	}
	// LibraryPlace is a consultation that a document was shared with.
	LibraryPlace struct {
		Consultation meeting.ConsultationID `json:"consultation"`
		Title        meeting.Words          `json:"title"`
		StartsAt     string                 `json:"startsAt"`
		Item         string                 `json:"item,omitempty"`
		All          bool                   `json:"all"` // all its parties read it; otherwise the own side
	}
	// LibraryUpload is a file that is coming, or is here and not described yet. Its bytes come by the tus protocol, version 1.0.0, at
	// /api/desk/uploads/; the metadata "filename" is needed.
	LibraryUpload struct {
		ID     string           `json:"id"`
		Person meeting.MemberID `json:"person"`
		File   string           `json:"file"`
		Size   int              `json:"size"`
		Offset int              `json:"offset"`
		At     string           `json:"at"`
	}
	// LibraryReading is somebody who opened a document that day.
	LibraryReading struct {
		Document meeting.DocumentID `json:"document"`
		Reader   meeting.MemberID   `json:"reader"`
		Name     string             `json:"name"`
		At       string             `json:"at"` // the first time
		Times    int                `json:"times"`
	}
	// LibraryEntry POST /api/desk/library: a whole upload becomes a document, under the upload's name. PUT /api/desk/library/ID changes what is said
	// of it, without Upload. Both answer with a LibraryDocument. It is read by /api/desk/library/ID/content (the bytes), /page (as a page in
	// which nothing runs) and /file (to be saved); at the table by /api/seats/SEAT/documents/ID/content, /page and /file.
	LibraryEntry struct {
		Upload    string                `json:"upload,omitempty"`
		Facts     meeting.DocumentFacts `json:"facts"`
		Readers   []meeting.PartyID     `json:"readers"`
		Programme string                `json:"programme,omitempty"`
		Always    bool                  `json:"always,omitempty"`
		Withdrawn bool                  `json:"withdrawn,omitempty"` // PUT: taken back from everybody but the own side
	}
	// LibraryShare POST /api/desk/library/ID/places: puts the document before a consultation.
	LibraryShare struct {
		Consultation meeting.ConsultationID `json:"consultation"`
		Item         string                 `json:"item,omitempty"`
		All          bool                   `json:"all"`
	}

	// Call POST /api/desk/consultations.
	Call struct {
		Joint meeting.Joint `json:"joint"`
	}
	// Called is the answer.
	Called struct {
		ID meeting.ConsultationID `json:"id"`
	}
	// ConsultationDesk GET /api/desk/consultations/ID: the secretary's view, with the own people's links.
	ConsultationDesk struct {
		You          meeting.MemberID               `json:"you"`
		Consultation *meeting.Meeting               `json:"consultation"`
		Links        map[meeting.MemberID]LinkState `json:"links"`
		Readout      meeting.Readout                `json:"readout"`
		Record       RecordState                    `json:"record"`
	}
	// RecordState is how the consultation's record stands. GET .../record.zip takes a copy of it for the own side, and says so in it.
	RecordState struct {
		Entries   int64                          `json:"entries"`
		Sealed    int64                          `json:"sealed"`    // of them: every party signed a checkpoint that covers so many
		Delivered int64                          `json:"delivered"` // every party has a copy of so many
		Keys      map[meeting.PartyID]string     `json:"keys"`      // public ones
		Copies    map[meeting.PartyID]RecordCopy `json:"copies"`    // the latest of each
		Replaced  []ReplacedKey                  `json:"replaced"`
		Erased    []ErasedThing                  `json:"erased"`
	}
	// RecordCopy is a copy that a side took.
	RecordCopy struct {
		At      string           `json:"at"`
		By      meeting.MemberID `json:"by"`
		Entries int64            `json:"entries"`
	}
	// ReplacedKey is a party's key that was replaced; Lost: by the operator's word, else by the old one.
	ReplacedKey struct {
		At     string          `json:"at"`
		Party  meeting.PartyID `json:"party"`
		Lost   bool            `json:"lost,omitempty"`
		Reason string          `json:"reason"`
		Old    string          `json:"old"`
		New    string          `json:"new"`
	}
	// ErasedThing is what was erased, by whom and by which decision.
	ErasedThing struct {
		At        string          `json:"at"`
		Party     meeting.PartyID `json:"party"`
		What      meeting.Erasure `json:"what"`
		Part      int             `json:"part,omitempty"` // of a recording
		Person    string          `json:"person"`
		Authority string          `json:"authority"`
	}
	// LinkState is what became of a personal link. The link itself is shown only when it is issued.
	LinkState struct {
		Issued  string `json:"issued"`
		Expires string `json:"expires"`
		Opened  string `json:"opened,omitempty"` // first time
		Revoked bool   `json:"revoked"`
	}
	// LinkIssued POST /api/desk/consultations/ID/people/PERSON/link; DELETE revokes it. An earlier link of the person ends.
	LinkIssued struct {
		Link    string `json:"link"`
		Expires string `json:"expires"`
		ICS     string `json:"ics"` // the invitation as a calendar file, with the link in it
	}
	// DeskCommand POST /api/desk/consultations/ID/commands: one of meeting.DeskCommands; the answer is the new ConsultationDesk.
	DeskCommand struct {
		Type meeting.CommandType `json:"type"`
		Body any                 `json:"body"`
	}
	// BeginSigning POST /api/seats/SEAT/signature/begin: a chair is about to sign the minutes, with a new passkey if the one from before is not here.
	BeginSigning struct {
		NewKey bool `json:"newKey,omitempty"`
	}
	// SigningBegun answers it. Text is the hash that is signed. Create: first make a passkey, and send it to …/signature/key (PasskeyResponse), which answers
	// the same without Create; Sign: the options of the signature itself.
	SigningBegun struct {
		Text   meeting.TextHash  `json:"text"`
		Create *PasskeyChallenge `json:"create,omitempty"`
		Sign   *PasskeyChallenge `json:"sign,omitempty"`
	}
	// SignMinutes POST /api/seats/SEAT/signature.
	SignMinutes struct {
		Text     meeting.TextHash `json:"text"`
		Response any              `json:"response"` // PublicKeyCredentialJSON
	}
	// Node GET /api/node: what anybody may know.
	Node struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
)

// FoundKind is what was found.
type FoundKind string

// The kinds: a consultation's title, an item of its agenda, what was said in its chat, an agreement, a paragraph of its minutes, a remark of the own side on one.
const (
	FoundTitle    FoundKind = "title"
	FoundAgenda   FoundKind = "agenda"
	FoundChat     FoundKind = "chat"
	FoundDocument FoundKind = "document"
	FoundAgreed   FoundKind = "agreement"
	FoundMinutes  FoundKind = "minutes"
	FoundComment  FoundKind = "comment"

	FoundDraft   FoundKind = "draft"   // of the own side's public account
	FoundReadout FoundKind = "readout" // a published account
)

// FoundKinds lists them all.
func FoundKinds() []FoundKind {
	return []FoundKind{FoundTitle, FoundAgenda, FoundChat, FoundDocument, FoundAgreed, FoundMinutes, FoundComment, FoundDraft, FoundReadout}
}

// MaxSearch is how many letters may be looked for.
const MaxSearch = 200
