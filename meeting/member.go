package meeting

import "slices"

// Role is what a person is at the table.
type Role string

// The roles, in the order in which a roster names them.
const (
	Head            Role = "head"
	Delegate        Role = "delegate"
	Adviser         Role = "adviser"
	Interpreter     Role = "interpreter"
	SignInterpreter Role = "sign-interpreter" // whose picture is the interpretation
	Captioner       Role = "captioner"        // types what is said
	Secretary       Role = "secretary"
	Technician      Role = "technician"
	Observer        Role = "observer"
)

// Roles lists them all.
func Roles() []Role {
	return []Role{Head, Delegate, Adviser, Interpreter, SignInterpreter, Captioner, Secretary, Technician, Observer}
}

func (r Role) rank() int { return slices.Index(Roles(), r) }

// Valid tells whether the role exists.
func (r Role) Valid() bool { return r.rank() >= 0 }

// speaks: an observer hears and sees, and sends nothing; a captioner sends words only.
func (r Role) speaks() bool { return r.Valid() && r != Observer && r != Captioner }

// ReadsTerms: who puts one language into another works with the glossary, and who keeps it.
func (r Role) ReadsTerms() bool {
	return r == Interpreter || r == SignInterpreter || r == Captioner || r == Secretary
}

// Standing is where a person is on the way to the table.
type Standing string

// A member is invited; their own side's secretary admits or refuses them at the door, and may remove them later.
// Waiting in the lobby is Invited and Present.
const (
	Invited  Standing = "invited"
	Admitted Standing = "admitted"
	Refused  Standing = "refused"
	Removed  Standing = "removed"
)

// Standings lists them all.
func Standings() []Standing { return []Standing{Invited, Admitted, Refused, Removed} }

// Member is a person of a party with a role.
type Member struct {
	ID       MemberID    `json:"id"`
	Name     string      `json:"name"`               // in its own spelling
	Function string      `json:"function,omitempty"` // "Minister of Roads"
	Role     Role        `json:"role"`
	Language Language    `json:"language"`
	Place    int         `json:"place"` // order of invitation within the party; kept for good
	Standing Standing    `json:"standing"`
	Booth    Language    `json:"booth,omitempty"` // that the member interprets in
	Sound    SoundResult `json:"sound,omitempty"` // of the last check

	// What does not outlive the node's process.
	Present    bool `json:"present"`
	Microphone bool `json:"microphone"`
	Camera     bool `json:"camera"`
	Screen     bool `json:"screen"`
}

// Waiting tells whether the member stands in the lobby of their own side.
func (x Member) Waiting() bool { return x.Standing == Invited && x.Present }
