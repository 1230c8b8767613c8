package protocol

import "astara/meeting"

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

	// Desk GET /api/desk: what a secretary sees first.
	Desk struct {
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
		ID        meeting.ConsultationID  `json:"id"`
		Title     meeting.Words           `json:"title"`
		Parties   []meeting.Party         `json:"parties"`
		StartsAt  string                  `json:"startsAt"`
		Minutes   int                     `json:"minutes"`
		Version   int                     `json:"version"`
		Agreed    map[meeting.PartyID]int `json:"agreed"`
		Cancelled bool                    `json:"cancelled"`
		Kind      meeting.Kind            `json:"kind,omitempty"`
		Waiting   int                     `json:"waiting"` // own people in the lobby now
		Present   int                     `json:"present"` // at the table now, all sides
	}

	// Search POST /api/desk/search: words, all of which must be found, in any spelling. The answer is Found.
	Search struct {
		Words string `json:"words"`
	}
	// Found is the best first.
	Found struct {
		Hits []FoundPassage `json:"hits"`
		More bool           `json:"more"` // there are others
	}
	// FoundPassage is where in a consultation's record the words stand.
	FoundPassage struct {
		Consultation meeting.ConsultationID `json:"consultation"`
		Title        meeting.Words          `json:"title"`
		StartsAt     string                 `json:"startsAt"`
		Kind         FoundKind              `json:"kind"`
		Party        meeting.PartyID        `json:"party"` // whose words they are
		At           string                 `json:"at"`
		Language     meeting.Language       `json:"language,omitempty"`
		Passage      []FoundPiece           `json:"passage"` // the text itself, in pieces
	}
	// FoundPiece is a stretch of it; Hit: it is what was looked for.
	FoundPiece struct {
		Text string `json:"text"`
		Hit  bool   `json:"hit,omitempty"`
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
	// Node GET /api/node: what anybody may know.
	Node struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
)

// FoundKind is what was found.
type FoundKind string

// The kinds: a consultation's title, an item of its agenda, what was said in its chat.
const (
	FoundTitle  FoundKind = "title"
	FoundAgenda FoundKind = "agenda"
	FoundChat   FoundKind = "chat"
)

// FoundKinds lists them all.
func FoundKinds() []FoundKind { return []FoundKind{FoundTitle, FoundAgenda, FoundChat} }

// MaxSearch is how many letters may be looked for.
const MaxSearch = 200
