package meeting

import (
	"maps"
	"time"
)

// Kind of a consultation.
type Kind string

// The kinds. A call is of leader to leader: it begins and ends with the ceremony, and interpreters speak one after the other with them.
const (
	KindMeeting Kind = ""
	KindCall    Kind = "call"
)

// A consultation with a ceremony begins apart: the principals, who are the heads, wait each with their own side, and of another side nobody is
// told of them, hears or sees them. Secretaries, technicians and interpreters of all sides check the lines with each other meanwhile.
// Each side reports that its principal is ready; then one event lets all of them appear to each other, and one lets all of them leave.

// Ceremony is how far it is. It is empty where there is none.
type Ceremony struct {
	Ready    map[PartyID]bool `json:"ready"`              // sides whose principal waits for the go
	Together *time.Time       `json:"together,omitempty"` // since when the principals are together

	// Met are those who were together and have left: they belong to what was held.
	Met map[MemberID]Principal `json:"met,omitempty"`
}

// Principal is a head of a side as they were called when they were there.
type Principal struct {
	Name     string `json:"name"`
	Function string `json:"function,omitempty"`
}

func noCeremony() Ceremony { return Ceremony{Ready: map[PartyID]bool{}} }

func (c Ceremony) clone() Ceremony {
	c.Ready, c.Met = maps.Clone(c.Ready), maps.Clone(c.Met)
	return c
}

type (
	// ReportReady says for the own side that its principal is ready, or is not after all; by a secretary.
	ReportReady struct {
		Ready bool `json:"ready"`
	}
	// BeginTogether is the common go, by a secretary, when all sides are ready.
	BeginTogether struct{}
	// EndTogether lets the principals leave, all at once, by a secretary or a chair. The others stay.
	EndTogether struct{}

	// ReadyReported see ReportReady. The side is the event's.
	ReadyReported struct {
		Ready bool `json:"ready"`
	}
	// PrincipalsAppeared makes the principals of all sides known to all.
	PrincipalsAppeared struct {
		Principals []Member `json:"principals"`
	}
	// PrincipalsLeft takes them from the table; they are invited as before.
	PrincipalsLeft struct{}
)

func (ReportReady) Type() CommandType   { return "principal.report" }
func (BeginTogether) Type() CommandType { return "principals.begin" }
func (EndTogether) Type() CommandType   { return "principals.end" }

func (ReadyReported) Type() EventType      { return "principal.reported" }
func (PrincipalsAppeared) Type() EventType { return "principals.appeared" }
func (PrincipalsLeft) Type() EventType     { return "principals.left" }

func (ReadyReported) lasting() bool      { return true }
func (PrincipalsAppeared) lasting() bool { return true }
func (PrincipalsLeft) lasting() bool     { return true }

func (ReadyReported) audience(*Meeting, *Event) Audience      { return All }
func (PrincipalsAppeared) audience(*Meeting, *Event) Audience { return All }
func (PrincipalsLeft) audience(*Meeting, *Event) Audience     { return All }

// ---- reading --------------------------------------------------------------------------------------------------------

// Apart tells whether the principals have not appeared to each other.
func (m *Meeting) Apart() bool { return m.Joint.Ceremony && m.Ceremony.Together == nil }

// behind tells whether a member is a principal who waits for the go.
func (m *Meeting) behind(x Member) bool { return m.Apart() && x.Role == Head }

// Waits tells whether a member is inside and a principal who waits for the go: of the other sides they know nothing but which are ready.
func (m *Meeting) Waits(id MemberID) bool { return m.behind(m.Members[id]) && m.Inside(id) }

// Met tells whether a member is a principal who was together with the others and has left: the minutes of it are theirs to read and, for a
// side without another chair, to sign, wherever they stand now.
func (m *Meeting) Met(id MemberID) bool {
	_, ok := m.Ceremony.Met[id]
	x := m.Members[id]
	return ok && x.Role == Head && (x.Standing == Invited || x.Standing == Admitted)
}

// Meets tells whether two members may know of each other, see and hear each other. The room keeps it on packets.
func (m *Meeting) Meets(a, b MemberID) bool {
	return a.Party() == b.Party() || !m.behind(m.Members[a]) && !m.behind(m.Members[b])
}

// principalWaits tells whether a side has a principal at the door of the table.
func (m *Meeting) principalWaits(side PartyID, but MemberID) bool {
	for _, x := range m.Members {
		if x.Role == Head && x.ID.Party() == side && x.ID != but && x.Standing == Admitted && x.Present {
			return true
		}
	}
	return false
}

// ---- deciding -------------------------------------------------------------------------------------------------------

// mayAct refuses a principal who is apart whatever others would hear of.
func (m *Meeting) mayAct(by MemberID, c Command) error {
	if !m.behind(m.Members[by]) {
		return nil
	}
	switch c := c.(type) {
	case Come, Leave, CheckSound, SetMicrophone, SetCamera, ListenTo, EnterBackRoom, LeaveBackRoom, Whisper:
		return nil
	case WriteParagraph, MoveParagraph, RemoveParagraph, ProposeParagraph, CommitParagraph, DeclineParagraph, CommentParagraph, SettleComment,
		RegisterSigningKey, SignMinutes, ReopenMinutes:
		if m.Met(by) {
			return nil
		}
	case BeginRecording, ResumeRecording, EndRecording, FileRecording, PublishReadout: // the node's own, in the name of whose word they carry out
		return nil
	case SayChat:
		if c.To.Party() != "" || c.To.Member() != "" && c.To.Member().Party() == by.Party() {
			return nil
		}
	}
	return refuse(StillApart)
}

func (c ReportReady) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	switch err := m.secretary(by); {
	case err != nil:
		return nil, err
	case !m.Apart():
		return nil, refuse(NoCeremony)
	case m.Ceremony.Ready[by.Party()] == c.Ready:
		return nil, nil
	case c.Ready && !m.principalWaits(by.Party(), ""):
		return nil, refuse(PrincipalAway)
	}
	return one(ReadyReported(c))
}

func (c BeginTogether) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.secretary(by); err != nil {
		return nil, err
	}
	if !m.Apart() {
		return nil, refuse(NoCeremony)
	}
	for _, p := range m.Joint.Parties {
		if !m.Ceremony.Ready[p.ID] || !m.principalWaits(p.ID, "") {
			return nil, refuse(PrincipalAway)
		}
	}
	b := PrincipalsAppeared{Principals: []Member{}}
	for _, x := range m.Roster("") {
		if x.Role == Head && (x.Standing == Admitted || x.Standing == Removed) {
			b.Principals = append(b.Principals, x)
		}
	}
	return one(b)
}

func (c EndTogether) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.inside(by)
	switch {
	case err != nil:
		return nil, err
	case x.Role != Secretary && m.Chair(by.Party()) != by:
		return nil, refuse(NotChair)
	case !m.Joint.Ceremony || m.Apart():
		return nil, refuse(NoCeremony)
	}
	if m.Recording.Stage != RecordingOff || len(m.Recording.Agreed) > 0 {
		return []EventBody{RecordingStopped{Ended: EndedPrincipals}, PrincipalsLeft{}}, nil
	}
	return one(PrincipalsLeft{})
}

// unready is what follows when a principal goes away while the side is reported ready.
func (m *Meeting) unready(x Member) []EventBody {
	if !m.behind(x) || !m.Ceremony.Ready[x.ID.Party()] || m.principalWaits(x.ID.Party(), x.ID) {
		return nil
	}
	return []EventBody{ReadyReported{}}
}

// ceremonyStands refuses another answer to whether there is a ceremony once a principal was admitted: who is known to whom follows from it.
func (m *Meeting) ceremonyStands(j Joint) error {
	if j.Ceremony == m.Joint.Ceremony {
		return nil
	}
	for _, x := range m.Members {
		if x.Role == Head && (x.Standing == Admitted || x.Standing == Removed) {
			return refuse(CeremonyBegun)
		}
	}
	return nil
}

// ---- applying -------------------------------------------------------------------------------------------------------

func (b ReadyReported) apply(m *Meeting, e *Event) {
	if !b.Ready {
		delete(m.Ceremony.Ready, e.Party)
		return
	}
	m.Ceremony.Ready[e.Party] = true
}

func (b PrincipalsAppeared) apply(m *Meeting, e *Event) {
	at := e.At
	m.Ceremony = Ceremony{Ready: map[PartyID]bool{}, Together: &at, Met: m.Ceremony.Met}
	for _, x := range b.Principals {
		m.Members[x.ID] = x
	}
}

func (b PrincipalsLeft) apply(m *Meeting, e *Event) {
	met := map[MemberID]Principal{}
	maps.Copy(met, m.Ceremony.Met)
	m.Ceremony = noCeremony()
	for id, x := range m.Members {
		if x.Role == Head && x.Standing == Admitted {
			met[id] = Principal{x.Name, x.Function}
			m.dismiss(id, Invited, e)
		}
	}
	m.Ceremony.Met = met
}
