package meeting

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
)

// What secretaries do with agreements, from the desk: during the consultation and long after it. None of it is in the view of the table.

// The refusals about agreements.
const (
	UnknownAgreement RefusalCode = "unknown-agreement" // there is none, or it was withdrawn
	UnknownMilestone RefusalCode = "unknown-milestone" // the terms in effect have none
	NotInEffect      RefusalCode = "not-in-effect"     // not all sides have agreed yet
	AlreadyInEffect  RefusalCode = "in-effect"         // all sides have agreed
	AgreementWrong   RefusalCode = "agreement-wrong"   // a kind, an area, a status or a number that there is not
	DateWrong        RefusalCode = "date-wrong"        // {date}: no day between 1900 and 2200
	DateSolar        RefusalCode = "date-solar"        // {date}: a year of the Solar Hijri calendar where a Gregorian one belongs
	LinkWrong        RefusalCode = "link-wrong"        // no page of the web and no document, or both
	ItemTwice        RefusalCode = "item-twice"        // an agreement stands in the agenda twice
)

type (
	// ProposeAgreement begins an agreement (Base 0, and the door chooses the id) or proposes other terms of one; Base is the version seen.
	ProposeAgreement struct {
		ID    AgreementID `json:"id"`
		Base  int         `json:"base"`
		Terms Terms       `json:"terms"`
	}
	// AgreeAgreement agrees to the version that the secretary saw. It takes effect when all sides have.
	AgreeAgreement struct {
		ID      AgreementID `json:"id"`
		Version int         `json:"version"`
	}
	// WithdrawAgreement takes back what has never been in effect, by the side that proposed it.
	WithdrawAgreement struct {
		ID AgreementID `json:"id"`
	}
	// NameResponsible says who answers for it on the own side; empty: nobody yet.
	NameResponsible struct {
		ID       AgreementID `json:"id"`
		Name     string      `json:"name"`
		Function string      `json:"function,omitempty"`
	}
	// ReportProgress is the own side's word on how it stands.
	ReportProgress struct {
		ID       AgreementID `json:"id"`
		Progress Progress    `json:"progress"`
		Percent  int         `json:"percent"`
		Note     string      `json:"note,omitempty"`
	}
	// MarkMilestone says that the own side holds a milestone to be reached since a day; empty: not.
	MarkMilestone struct {
		ID        AgreementID `json:"id"`
		Milestone string      `json:"milestone"`
		Met       ISODate     `json:"met,omitempty"`
	}
	// RaiseObstacle names what stands in the way, in the language of the own side at least.
	RaiseObstacle struct {
		ID      AgreementID `json:"id"`
		Text    Words       `json:"text"`
		Decider Decider     `json:"decider"`
	}
	// ClearObstacle says that it stands no longer, by the side that raised it.
	ClearObstacle struct {
		ID     AgreementID `json:"id"`
		Number int         `json:"number"`
	}
	// AddEvidence names a page or a document of the library.
	AddEvidence struct {
		ID       AgreementID `json:"id"`
		Title    string      `json:"title"`
		URL      string      `json:"url,omitempty"`
		Document string      `json:"document,omitempty"`
	}
	// WithdrawEvidence takes the own side's back.
	WithdrawEvidence struct {
		ID     AgreementID `json:"id"`
		Number int         `json:"number"`
	}
	// ImportAgreements carries out several commands about agreements, all or none.
	ImportAgreements struct {
		Commands []Command
	}
)

func (ProposeAgreement) Type() CommandType  { return "agreement.propose" }
func (AgreeAgreement) Type() CommandType    { return "agreement.agree" }
func (WithdrawAgreement) Type() CommandType { return "agreement.withdraw" }
func (NameResponsible) Type() CommandType   { return "agreement.name-responsible" }
func (ReportProgress) Type() CommandType    { return "agreement.report" }
func (MarkMilestone) Type() CommandType     { return "agreement.mark" }
func (RaiseObstacle) Type() CommandType     { return "obstacle.raise" }
func (ClearObstacle) Type() CommandType     { return "obstacle.clear" }
func (AddEvidence) Type() CommandType       { return "evidence.add" }
func (WithdrawEvidence) Type() CommandType  { return "evidence.withdraw" }
func (ImportAgreements) Type() CommandType  { return "agreements.import" }

// AgreementCommands are those that a secretary may give from the desk about agreements, also when the consultation is over.
func AgreementCommands() []Command {
	return []Command{ProposeAgreement{}, AgreeAgreement{}, WithdrawAgreement{}, NameResponsible{}, ReportProgress{}, MarkMilestone{},
		RaiseObstacle{}, ClearObstacle{}, AddEvidence{}, WithdrawEvidence{}}
}

// follower is a secretary inside, whether or not the consultation was cancelled later: what was undertaken is followed all the same.
func (m *Meeting) follower(by MemberID) error {
	x, ok := m.Members[by]
	switch {
	case !ok || x.Standing != Admitted:
		return refuse(NotAdmitted)
	case x.Role != Secretary:
		return refuse(NotYourRole)
	}
	return nil
}

// followed is an agreement that by may write on.
func (m *Meeting) followed(by MemberID, id AgreementID) (*Agreement, error) {
	if err := m.follower(by); err != nil {
		return nil, err
	}
	a := m.Agreements[id]
	if a == nil || a.Withdrawn {
		return nil, refuse(UnknownAgreement)
	}
	return a, nil
}

// standing is one that is in effect, too.
func (m *Meeting) standing(by MemberID, id AgreementID) (*Agreement, error) {
	a, err := m.followed(by, id)
	if err == nil && a.Effect == 0 {
		return nil, refuse(NotInEffect)
	}
	return a, err
}

func (c ProposeAgreement) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.follower(by); err != nil {
		return nil, err
	}
	a := m.Agreements[c.ID]
	switch {
	case a == nil && c.Base != 0 || a != nil && a.Withdrawn:
		return nil, refuse(UnknownAgreement)
	case !validID(string(c.ID)):
		return nil, refuse(AgreementWrong)
	case a == nil && m.Cancelled != nil:
		return nil, refuse(IsCancelled)
	case a == nil && len(m.Agreements) >= MaxAgreements:
		return nil, refuse(TooManyItems, "max", MaxAgreements)
	case a != nil && c.Base != len(a.Versions):
		return nil, refuse(VersionPassed, "version", len(a.Versions))
	case a != nil && len(a.Versions) >= MaxAgreementVersions:
		return nil, refuse(TooManyItems, "max", MaxAgreementVersions)
	}
	terms, err := c.Terms.clean(m.Joint.Languages)
	if err != nil {
		return nil, err
	}
	if a != nil && a.Latest().Terms.Same(terms) {
		return nil, nil
	}
	return one(AgreementProposed{ID: c.ID, Version: c.Base + 1, Terms: terms})
}

// Same tells whether two versions say the same.
func (t Terms) Same(other Terms) bool {
	x, _ := json.Marshal(t)
	y, _ := json.Marshal(other)
	return string(x) == string(y)
}

func (c AgreeAgreement) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	a, err := m.followed(by, c.ID)
	switch {
	case err != nil:
		return nil, err
	case c.Version != len(a.Versions):
		return nil, refuse(VersionPassed, "version", len(a.Versions))
	case a.Agreed[by.Party()] == c.Version:
		return nil, nil
	}
	all := !slices.ContainsFunc(m.Joint.Parties, func(p Party) bool { return p.ID != by.Party() && a.Agreed[p.ID] != c.Version })
	return one(AgreementAgreed{ID: c.ID, Version: c.Version, Effect: all})
}

func (c WithdrawAgreement) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	a, err := m.followed(by, c.ID)
	switch {
	case err != nil:
		return nil, err
	case a.Effect != 0:
		return nil, refuse(AlreadyInEffect)
	case a.Versions[0].Party != by.Party():
		return nil, refuse(NotYourSide)
	}
	return one(AgreementWithdrawn(c))
}

func (c NameResponsible) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	a, err := m.followed(by, c.ID)
	if err != nil {
		return nil, err
	}
	if blank(c.Name) {
		c.Name, c.Function = "", ""
	} else if c.Name, err = cleanName(c.Name, MaxName); err != nil {
		return nil, err
	}
	if blank(c.Function) {
		c.Function = ""
	} else if c.Function, err = cleanName(c.Function, MaxName); err != nil {
		return nil, err
	}
	if own := a.Sides[by.Party()]; own.Responsible == c.Name && own.Function == c.Function {
		return nil, nil
	}
	return one(ResponsibleNamed(c))
}

func (c ReportProgress) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	_, err := m.standing(by, c.ID)
	switch {
	case err != nil:
		return nil, err
	case !slices.Contains(Progresses(), c.Progress) || c.Percent < 0 || c.Percent > 100:
		return nil, refuse(AgreementWrong)
	}
	if blank(c.Note) {
		c.Note = ""
	} else if c.Note, err = cleanText(c.Note, MaxText); err != nil {
		return nil, err
	}
	return one(ProgressReported(c))
}

func (c MarkMilestone) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	a, err := m.standing(by, c.ID)
	switch {
	case err != nil:
		return nil, err
	case !slices.ContainsFunc(a.Terms().Milestones, func(x Milestone) bool { return x.ID == c.Milestone }):
		return nil, refuse(UnknownMilestone)
	case a.Sides[by.Party()].Met[c.Milestone] == c.Met:
		return nil, nil
	}
	if c.Met != "" {
		if err := c.Met.Check(); err != nil {
			return nil, err
		}
	}
	return one(MilestoneMarked(c))
}

func (c RaiseObstacle) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	a, err := m.standing(by, c.ID)
	if err != nil {
		return nil, err
	}
	if len(a.Obstacles) >= MaxNotes {
		return nil, refuse(TooManyItems, "max", MaxNotes)
	}
	own, _ := m.Party(by.Party())
	if c.Text, err = cleanTexts(c.Text, []Language{own.Language}, MaxText); err != nil {
		return nil, err
	}
	if c.Decider.Party != "" {
		if _, ok := m.Party(c.Decider.Party); !ok || c.Decider.Body != "" {
			return nil, refuse(UnknownParty, "party", c.Decider.Party)
		}
	} else if !blank(c.Decider.Body) {
		if c.Decider.Body, err = cleanName(c.Decider.Body, MaxName); err != nil {
			return nil, err
		}
	} else {
		c.Decider.Body = ""
	}
	return one(ObstacleRaised{ID: c.ID, Number: len(a.Obstacles) + 1, Text: c.Text, Decider: c.Decider})
}

func (c ClearObstacle) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	a, err := m.followed(by, c.ID)
	switch {
	case err != nil:
		return nil, err
	case c.Number < 1 || c.Number > len(a.Obstacles):
		return nil, refuse(UnknownAgreement)
	case a.Obstacles[c.Number-1].Party != by.Party():
		return nil, refuse(NotYourSide)
	case a.Obstacles[c.Number-1].Cleared != nil:
		return nil, nil
	}
	return one(ObstacleCleared(c))
}

func (c AddEvidence) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	a, err := m.standing(by, c.ID)
	if err != nil {
		return nil, err
	}
	if len(a.Evidence) >= MaxNotes {
		return nil, refuse(TooManyItems, "max", MaxNotes)
	}
	if c.Title, err = cleanName(c.Title, MaxTitle); err != nil {
		return nil, err
	}
	if (c.URL == "") == (c.Document == "") || c.Document != "" && !validID(c.Document) || c.URL != "" && !validURL(c.URL) {
		return nil, refuse(LinkWrong)
	}
	return one(EvidenceAdded{ID: c.ID, Number: len(a.Evidence) + 1, Title: c.Title, URL: c.URL, Document: c.Document})
}

// validURL is a page of the web: nothing that a browser would run.
func validURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && len(s) <= MaxURL && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && !slices.ContainsFunc([]rune(s), invisible)
}

func (c WithdrawEvidence) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	a, err := m.followed(by, c.ID)
	switch {
	case err != nil:
		return nil, err
	case c.Number < 1 || c.Number > len(a.Evidence):
		return nil, refuse(UnknownAgreement)
	case a.Evidence[c.Number-1].Party != by.Party():
		return nil, refuse(NotYourSide)
	case a.Evidence[c.Number-1].Withdrawn:
		return nil, nil
	}
	return one(EvidenceWithdrawn(c))
}

// Each command sees what those before it did; the state itself stays as it is.
func (c ImportAgreements) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	then := *m
	then.Agreements = map[AgreementID]*Agreement{}
	maps.Copy(then.Agreements, m.Agreements)
	var out []EventBody
	for _, x := range c.Commands {
		bodies, err := x.decide(&then, by)
		if err != nil {
			return nil, err
		}
		for _, b := range bodies {
			if f, ok := b.(agreementFact); ok {
				if a := then.Agreements[f.of()]; a != nil {
					then.Agreements[f.of()] = a.Clone()
				}
				then.Agreements[f.of()] = FoldAgreement(then.Agreements[f.of()], Event{Party: by.Party(), By: by, Body: b})
			}
			out = append(out, b)
		}
	}
	return out, nil
}

// AboutAgreement is a command about one agreement.
type AboutAgreement interface{ About() AgreementID }

func (c ProposeAgreement) About() AgreementID  { return c.ID }
func (c AgreeAgreement) About() AgreementID    { return c.ID }
func (c WithdrawAgreement) About() AgreementID { return c.ID }
func (c NameResponsible) About() AgreementID   { return c.ID }
func (c ReportProgress) About() AgreementID    { return c.ID }
func (c MarkMilestone) About() AgreementID     { return c.ID }
func (c RaiseObstacle) About() AgreementID     { return c.ID }
func (c ClearObstacle) About() AgreementID     { return c.ID }
func (c AddEvidence) About() AgreementID       { return c.ID }
func (c WithdrawEvidence) About() AgreementID  { return c.ID }
