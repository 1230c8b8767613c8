package meeting

import (
	"maps"
	"slices"
	"time"
)

// Limits of one consultation's agreements, so that each stays what a screen, a mail and a room in memory can carry.
const (
	MaxAgreements        = 200
	MaxAgreementVersions = 100
	MaxAgreementText     = 12000 // letters, per language
	MaxMilestones        = 60
	MaxAreas             = 8
	MaxNotes             = 200 // obstacles, evidence: of each, in one agreement
	MaxReports           = 50  // of a side, in the state; older ones stay in the record
	MaxURL               = 1000
)

// AgreementID names an agreement within its consultation.
type AgreementID string

// AgreementKind is what was undertaken.
type AgreementKind string

// The kinds. A protocol is a set of rules (health rules for goods) that is in force from a day.
const (
	Project      AgreementKind = "project"
	Programme    AgreementKind = "programme"
	Protocol     AgreementKind = "protocol"
	OtherPromise AgreementKind = "other"
)

// AgreementKinds lists them all.
func AgreementKinds() []AgreementKind {
	return []AgreementKind{Project, Programme, Protocol, OtherPromise}
}

// Progress is how a side says that an agreement stands.
type Progress string

// How it may stand.
const (
	NotBegun   Progress = "not-begun"
	UnderWay   Progress = "under-way"
	Obstructed Progress = "obstructed"
	Fulfilled  Progress = "done"
	Disputed   Progress = "disputed"
)

// Progresses lists them all.
func Progresses() []Progress { return []Progress{NotBegun, UnderWay, Obstructed, Fulfilled, Disputed} }

// Agreement is a thing that the sides undertook: joint terms in versions, of which the last one that all agreed to is in effect, and beside
// them what each side says of its own.
type Agreement struct {
	ID        AgreementID            `json:"id"`
	Versions  []AgreementVersion     `json:"versions"` // the newest last; 1 is the first
	Agreed    map[PartyID]int        `json:"agreed"`   // the version that each party last agreed to
	Effect    int                    `json:"effect"`   // the version in effect; 0 is none yet
	Withdrawn bool                   `json:"withdrawn,omitempty"`
	Sides     map[PartyID]OwnAccount `json:"sides"`
	Obstacles []Obstacle             `json:"obstacles"`
	Evidence  []Evidence             `json:"evidence"`
}

// AgreementVersion is the terms as one side proposed them.
type AgreementVersion struct {
	Seq      uint64     `json:"seq"` // of the event
	At       time.Time  `json:"at"`
	Party    PartyID    `json:"party"`
	Terms    Terms      `json:"terms"`
	EffectAt *time.Time `json:"effectAt,omitempty"` // when the last side agreed
}

// Terms are what belongs to all sides.
type Terms struct {
	Kind       AgreementKind `json:"kind"`
	Title      Words         `json:"title"`
	Text       Words         `json:"text"`
	Areas      []Area        `json:"areas"`
	Milestones []Milestone   `json:"milestones"`
	InForce    ISODate       `json:"inForce,omitempty"` // of a protocol: from when this version is in force
	Ended      bool          `json:"ended,omitempty"`   // no longer followed, whatever became of it
}

// Area is a field of cooperation. A known one is named by the client; any other carries its names.
type Area struct {
	ID    string `json:"id"`
	Names Words  `json:"names,omitempty"`
}

// KnownAreas are those that the client names in all its languages.
func KnownAreas() []string {
	return []string{"transport", "customs", "trade", "health", "energy", "agriculture", "environment", "education", "culture", "consular", "security"}
}

// Milestone is a step with the day by which it is due.
type Milestone struct {
	ID    string  `json:"id"`
	Title Words   `json:"title"`
	Due   ISODate `json:"due"`
}

// OwnAccount is what a side says of its own share; nobody else writes it.
type OwnAccount struct {
	Responsible string             `json:"responsible,omitempty"`
	Function    string             `json:"function,omitempty"`
	Reports     []Report           `json:"reports"` // the newest last
	Met         map[string]ISODate `json:"met"`     // milestones that this side holds to be reached, and when
}

// Report is a dated word on how it stands.
type Report struct {
	At       time.Time `json:"at"`
	Progress Progress  `json:"progress"`
	Percent  int       `json:"percent"` // 0 to 100
	Note     string    `json:"note,omitempty"`
}

// Obstacle is what stands in the way, and whose decision would remove it.
type Obstacle struct {
	Number  int        `json:"number"` // from 1, within the agreement
	Seq     uint64     `json:"seq"`
	At      time.Time  `json:"at"`
	Party   PartyID    `json:"party"` // who says so
	Text    Words      `json:"text"`
	Decider Decider    `json:"decider"`
	Cleared *time.Time `json:"cleared,omitempty"`
}

// Decider is whose decision would remove an obstacle: a side, a body named here, or, when both are empty, both sides together.
type Decider struct {
	Party PartyID `json:"party,omitempty"`
	Body  string  `json:"body,omitempty"`
}

// Evidence is where one can see it: a page, or a document of the library.
type Evidence struct {
	Number    int       `json:"number"`
	At        time.Time `json:"at"`
	Party     PartyID   `json:"party"`
	Title     string    `json:"title"`
	URL       string    `json:"url,omitempty"`
	Document  string    `json:"document,omitempty"`
	Withdrawn bool      `json:"withdrawn,omitempty"`
}

// Latest is the newest version, in effect or not.
func (a *Agreement) Latest() *AgreementVersion { return &a.Versions[len(a.Versions)-1] }

// InEffect is the version that all agreed to last; nil while there is none.
func (a *Agreement) InEffect() *AgreementVersion {
	if a.Effect == 0 {
		return nil
	}
	return &a.Versions[a.Effect-1]
}

// Terms are those in effect, or those proposed while none are.
func (a *Agreement) Terms() Terms {
	if v := a.InEffect(); v != nil {
		return v.Terms
	}
	return a.Latest().Terms
}

// Last is a side's newest report; one that has said nothing has not begun.
func (x OwnAccount) Last() Report {
	if len(x.Reports) == 0 {
		return Report{Progress: NotBegun}
	}
	return x.Reports[len(x.Reports)-1]
}

// Clone shares nothing that folding an event changes.
func (a *Agreement) Clone() *Agreement {
	b := *a
	b.Versions, b.Agreed, b.Sides = slices.Clone(a.Versions), maps.Clone(a.Agreed), maps.Clone(a.Sides)
	b.Obstacles, b.Evidence = slices.Clone(a.Obstacles), slices.Clone(a.Evidence)
	for p, s := range b.Sides {
		s.Met, s.Reports = maps.Clone(s.Met), slices.Clone(s.Reports)
		b.Sides[p] = s
	}
	return &b
}

// clean checks terms and returns them in the form that is kept. need are the languages that title and milestones must have.
func (t Terms) clean(need []Language) (Terms, error) {
	if !slices.Contains(AgreementKinds(), t.Kind) {
		return t, refuse(AgreementWrong)
	}
	var err error
	if t.Title, err = cleanWords(t.Title, need, MaxTitle); err != nil {
		return t, err
	}
	if t.Text, err = cleanTexts(t.Text, nil, MaxAgreementText); err != nil {
		return t, err
	}
	if t.Areas, err = cleanAreas(t.Areas); err != nil {
		return t, err
	}
	if t.InForce != "" {
		if t.Kind != Protocol {
			return t, refuse(AgreementWrong)
		}
		if err := t.InForce.Check(); err != nil {
			return t, err
		}
	}
	if len(t.Milestones) > MaxMilestones {
		return t, refuse(TooManyItems, "max", MaxMilestones)
	}
	t.Milestones = append([]Milestone{}, t.Milestones...)
	for i, x := range t.Milestones {
		if !validID(x.ID) || slices.ContainsFunc(t.Milestones[:i], func(y Milestone) bool { return y.ID == x.ID }) {
			return t, refuse(AgreementWrong)
		}
		if err := x.Due.Check(); err != nil {
			return t, err
		}
		if t.Milestones[i].Title, err = cleanWords(x.Title, need, MaxTitle); err != nil {
			return t, err
		}
	}
	return t, nil
}

func cleanAreas(in []Area) ([]Area, error) {
	if len(in) > MaxAreas {
		return nil, refuse(TooManyItems, "max", MaxAreas)
	}
	out := append([]Area{}, in...)
	for i, x := range out {
		if !validID(x.ID) || slices.ContainsFunc(out[:i], func(y Area) bool { return y.ID == x.ID }) {
			return nil, refuse(AgreementWrong)
		}
		if slices.Contains(KnownAreas(), x.ID) {
			out[i].Names = nil
			continue
		}
		names, err := cleanWords(x.Names, nil, MaxName)
		if err != nil {
			return nil, err
		}
		if len(names) == 0 {
			return nil, refuse(NameEmpty)
		}
		out[i].Names = names
	}
	return out, nil
}
