// Package meeting is the rules of a consultation and its state, and nothing else.
//
// It is pure: no goroutine, lock, clock, socket, file or SQL. Decide says whether a command is allowed and what follows
// from it; Apply lets one event change the state; View is what one party may know. Time is an argument.
// Everybody may import it; it imports only the standard library.
package meeting

import (
	"slices"
	"time"
)

// Limits that keep one consultation within what a room, a screen and a mail can carry.
const (
	MaxParties   = 8
	MaxMembers   = 400 // of all parties together
	MaxItems     = 60
	MaxName      = 120  // letters
	MaxTitle     = 300  // letters, per language
	MaxText      = 4000 // letters of one chat message
	ChatKept     = 500  // messages in a snapshot, and of one conversation in the state; older ones stay in the record
	MaxDuration  = 24 * time.Hour
	MinLanguages = 1
	MaxLanguages = 8
)

// Meeting is the state of one consultation. Its JSON is the snapshot that a client starts from.
type Meeting struct {
	ID         ConsultationID        `json:"id"`
	Seq        uint64                `json:"seq"` // of the last event applied
	Joint      Joint                 `json:"joint"`
	ConvenedBy PartyID               `json:"convenedBy"`
	Version    int                   `json:"version"`            // of Joint; 1 is the first
	Agreed     map[PartyID]int       `json:"agreed"`             // the version that each party last agreed to
	Deferred   map[PartyID]time.Time `json:"deferred,omitempty"` // who answers a call later, and since when that is known
	Cancelled  *Cancellation         `json:"cancelled,omitempty"`
	OpenDoor   bool                  `json:"openDoor,omitempty"` // invited people need no admission
	Members    map[MemberID]Member   `json:"members"`
	Chairs     map[PartyID]MemberID  `json:"chairs"` // whom a side has named; see Chair
	Floor      Floor                 `json:"floor"`
	BackRoom   BackRoom              `json:"backRoom"` // of the reader's side
	Ceremony   Ceremony              `json:"ceremony"`
	Course     Course                `json:"course"` // of the agenda
	Rounds     []Round               `json:"rounds"` // of agreement, in their order
	Recording  Recording             `json:"recording"`
	Minutes    Minutes               `json:"minutes"`
	Documents  []Document            `json:"documents"` // before the consultation, in the order in which they came
	Shown      *Shown                `json:"shown,omitempty"`
	Chat       []Message             `json:"chat"`
	Readout    Readout               `json:"-"` // of the desk: it does not go to the table

	Interpretation Interpretation `json:"interpretation"`
	Help           []HelpCall     `json:"help"` // of the reader's own side
	Captions       []Caption      `json:"captions"`

	Agreements map[AgreementID]*Agreement `json:"-"` // for the desks alone: in no reader's view
	Terms      map[TermID]*Term           `json:"-"` // of the glossary, which may be long and is read apart; in a view: those of the reader's booth that another side noted
}

// Joint is what belongs to all sides: each may propose a change of it, and each is shown whether the others agreed.
type Joint struct {
	Title     Words        `json:"title"`
	Parties   []Party      `json:"parties"` // in the order of the table
	StartsAt  time.Time    `json:"startsAt"`
	Minutes   int          `json:"minutes"` // planned length
	Languages []Language   `json:"languages"`
	Agenda    []AgendaItem `json:"agenda"`
	Kind      Kind         `json:"kind,omitempty"`
	Ceremony  bool         `json:"ceremony,omitempty"` // the principals appear together
}

// Cancellation names the side that cancelled.
type Cancellation struct {
	Party PartyID   `json:"party"`
	At    time.Time `json:"at"`
}

// Message is one line of chat.
type Message struct {
	Seq  uint64    `json:"seq"`
	At   time.Time `json:"at"`
	From MemberID  `json:"from"`
	To   Audience  `json:"to"`
	Text string    `json:"text"`
}

// New is a consultation before its first event.
func New(id ConsultationID) *Meeting {
	return &Meeting{ID: id, Agreed: map[PartyID]int{}, Members: map[MemberID]Member{}, Chairs: map[PartyID]MemberID{}, Floor: emptyFloor(), BackRoom: emptyBackRoom(), Chat: []Message{},
		Ceremony: noCeremony(), Course: noCourse(), Rounds: []Round{}, Documents: []Document{}, Minutes: noMinutes(), Recording: noRecording(), Readout: noReadout(),
		Interpretation: noInterpretation(), Help: []HelpCall{}, Captions: []Caption{}}
}

// Party finds a party of this consultation.
func (m *Meeting) Party(id PartyID) (Party, bool) {
	i := slices.IndexFunc(m.Joint.Parties, func(p Party) bool { return p.ID == id })
	if i < 0 {
		return Party{}, false
	}
	return m.Joint.Parties[i], true
}

// Roster is the members of one party, or of all when party is empty, in a fixed order: heads first, then by role, then by place.
func (m *Meeting) Roster(party PartyID) []Member {
	var out []Member
	for _, x := range m.Members {
		if party == "" || x.ID.Party() == party {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b Member) int {
		if d := a.Role.rank() - b.Role.rank(); d != 0 {
			return d
		}
		if a.Place != b.Place {
			return a.Place - b.Place
		}
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return out
}

// Inside tells whether a member is admitted: may see the table, be seen, write and ask for the floor.
func (m *Meeting) Inside(id MemberID) bool {
	x, ok := m.Members[id]
	return ok && x.Standing == Admitted
}

// MayPublish says what a member may send to the others. The door enforces it on every offer.
func (m *Meeting) MayPublish(id MemberID) bool {
	x, ok := m.Members[id]
	return ok && x.Standing == Admitted && x.Role.speaks() && m.Cancelled == nil
}
