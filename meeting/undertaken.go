package meeting

import "slices"

// The facts about agreements. They belong to all sides' desks and not to the table: nobody in session is sent them.

type (
	// AgreementProposed see ProposeAgreement. The event's party agrees to it by this.
	AgreementProposed struct {
		ID      AgreementID `json:"id"`
		Version int         `json:"version"`
		Terms   Terms       `json:"terms"`
	}
	// AgreementAgreed see AgreeAgreement. Effect: all sides have agreed by this.
	AgreementAgreed struct {
		ID      AgreementID `json:"id"`
		Version int         `json:"version"`
		Effect  bool        `json:"effect,omitempty"`
	}
	// AgreementWithdrawn see WithdrawAgreement.
	AgreementWithdrawn struct {
		ID AgreementID `json:"id"`
	}
	// ResponsibleNamed see NameResponsible. The side is the event's, here and below.
	ResponsibleNamed struct {
		ID       AgreementID `json:"id"`
		Name     string      `json:"name"`
		Function string      `json:"function,omitempty"`
	}
	// ProgressReported see ReportProgress.
	ProgressReported struct {
		ID       AgreementID `json:"id"`
		Progress Progress    `json:"progress"`
		Percent  int         `json:"percent"`
		Note     string      `json:"note,omitempty"`
	}
	// MilestoneMarked see MarkMilestone.
	MilestoneMarked struct {
		ID        AgreementID `json:"id"`
		Milestone string      `json:"milestone"`
		Met       ISODate     `json:"met,omitempty"`
	}
	// ObstacleRaised see RaiseObstacle.
	ObstacleRaised struct {
		ID      AgreementID `json:"id"`
		Number  int         `json:"number"`
		Text    Words       `json:"text"`
		Decider Decider     `json:"decider"`
	}
	// ObstacleCleared see ClearObstacle.
	ObstacleCleared struct {
		ID     AgreementID `json:"id"`
		Number int         `json:"number"`
	}
	// EvidenceAdded see AddEvidence.
	EvidenceAdded struct {
		ID       AgreementID `json:"id"`
		Number   int         `json:"number"`
		Title    string      `json:"title"`
		URL      string      `json:"url,omitempty"`
		Document string      `json:"document,omitempty"`
	}
	// EvidenceWithdrawn see WithdrawEvidence.
	EvidenceWithdrawn struct {
		ID     AgreementID `json:"id"`
		Number int         `json:"number"`
	}
)

func (AgreementProposed) Type() EventType  { return "agreement.proposed" }
func (AgreementAgreed) Type() EventType    { return "agreement.agreed" }
func (AgreementWithdrawn) Type() EventType { return "agreement.withdrawn" }
func (ResponsibleNamed) Type() EventType   { return "agreement.responsible-named" }
func (ProgressReported) Type() EventType   { return "agreement.reported" }
func (MilestoneMarked) Type() EventType    { return "agreement.marked" }
func (ObstacleRaised) Type() EventType     { return "obstacle.raised" }
func (ObstacleCleared) Type() EventType    { return "obstacle.cleared" }
func (EvidenceAdded) Type() EventType      { return "evidence.added" }
func (EvidenceWithdrawn) Type() EventType  { return "evidence.withdrawn" }

func (AgreementProposed) lasting() bool  { return true }
func (AgreementAgreed) lasting() bool    { return true }
func (AgreementWithdrawn) lasting() bool { return true }
func (ResponsibleNamed) lasting() bool   { return true }
func (ProgressReported) lasting() bool   { return true }
func (MilestoneMarked) lasting() bool    { return true }
func (ObstacleRaised) lasting() bool     { return true }
func (ObstacleCleared) lasting() bool    { return true }
func (EvidenceAdded) lasting() bool      { return true }
func (EvidenceWithdrawn) lasting() bool  { return true }

func (AgreementProposed) audience(*Meeting, *Event) Audience  { return AtDesks }
func (AgreementAgreed) audience(*Meeting, *Event) Audience    { return AtDesks }
func (AgreementWithdrawn) audience(*Meeting, *Event) Audience { return AtDesks }
func (ResponsibleNamed) audience(*Meeting, *Event) Audience   { return AtDesks }
func (ProgressReported) audience(*Meeting, *Event) Audience   { return AtDesks }
func (MilestoneMarked) audience(*Meeting, *Event) Audience    { return AtDesks }
func (ObstacleRaised) audience(*Meeting, *Event) Audience     { return AtDesks }
func (ObstacleCleared) audience(*Meeting, *Event) Audience    { return AtDesks }
func (EvidenceAdded) audience(*Meeting, *Event) Audience      { return AtDesks }
func (EvidenceWithdrawn) audience(*Meeting, *Event) Audience  { return AtDesks }

// agreementFact is an event about one agreement.
type agreementFact interface {
	of() AgreementID
	fold(a *Agreement, e *Event)
}

func (b AgreementProposed) of() AgreementID  { return b.ID }
func (b AgreementAgreed) of() AgreementID    { return b.ID }
func (b AgreementWithdrawn) of() AgreementID { return b.ID }
func (b ResponsibleNamed) of() AgreementID   { return b.ID }
func (b ProgressReported) of() AgreementID   { return b.ID }
func (b MilestoneMarked) of() AgreementID    { return b.ID }
func (b ObstacleRaised) of() AgreementID     { return b.ID }
func (b ObstacleCleared) of() AgreementID    { return b.ID }
func (b EvidenceAdded) of() AgreementID      { return b.ID }
func (b EvidenceWithdrawn) of() AgreementID  { return b.ID }

func (b AgreementProposed) apply(m *Meeting, e *Event)  { m.foldAgreement(e) }
func (b AgreementAgreed) apply(m *Meeting, e *Event)    { m.foldAgreement(e) }
func (b AgreementWithdrawn) apply(m *Meeting, e *Event) { m.foldAgreement(e) }
func (b ResponsibleNamed) apply(m *Meeting, e *Event)   { m.foldAgreement(e) }
func (b ProgressReported) apply(m *Meeting, e *Event)   { m.foldAgreement(e) }
func (b MilestoneMarked) apply(m *Meeting, e *Event)    { m.foldAgreement(e) }
func (b ObstacleRaised) apply(m *Meeting, e *Event)     { m.foldAgreement(e) }
func (b ObstacleCleared) apply(m *Meeting, e *Event)    { m.foldAgreement(e) }
func (b EvidenceAdded) apply(m *Meeting, e *Event)      { m.foldAgreement(e) }
func (b EvidenceWithdrawn) apply(m *Meeting, e *Event)  { m.foldAgreement(e) }

func (m *Meeting) foldAgreement(e *Event) {
	if m.Agreements == nil {
		m.Agreements = map[AgreementID]*Agreement{}
	}
	id := AgreementOf(*e)
	if a := FoldAgreement(m.Agreements[id], *e); a != nil {
		m.Agreements[id] = a
	}
}

// AgreementOf is the agreement that an event is about; empty when it is about none.
func AgreementOf(e Event) AgreementID {
	if f, ok := e.Body.(agreementFact); ok {
		return f.of()
	}
	return ""
}

// FoldAgreement changes an agreement by one event about it; the first one, with nil, makes it. What says nothing here changes nothing.
func FoldAgreement(a *Agreement, e Event) *Agreement {
	f, ok := e.Body.(agreementFact)
	if !ok {
		return a
	}
	if a == nil {
		if _, first := f.(AgreementProposed); !first {
			return nil
		}
		a = &Agreement{ID: f.of(), Agreed: map[PartyID]int{}, Sides: map[PartyID]OwnAccount{}, Obstacles: []Obstacle{}, Evidence: []Evidence{}}
	}
	f.fold(a, &e)
	return a
}

func (a *Agreement) own(p PartyID, f func(*OwnAccount)) {
	x, ok := a.Sides[p]
	if !ok {
		x = OwnAccount{Reports: []Report{}, Met: map[string]ISODate{}}
	}
	f(&x)
	a.Sides[p] = x
}

func (b AgreementProposed) fold(a *Agreement, e *Event) {
	a.Versions = append(a.Versions, AgreementVersion{Seq: e.Seq, At: e.At, Party: e.Party, Terms: b.Terms})
	a.Agreed[e.Party] = b.Version
}

func (b AgreementAgreed) fold(a *Agreement, e *Event) {
	a.Agreed[e.Party] = b.Version
	if i := b.Version - 1; b.Effect && i >= 0 && i < len(a.Versions) {
		at := e.At
		a.Effect, a.Versions[i].EffectAt = b.Version, &at
	}
}

func (b AgreementWithdrawn) fold(a *Agreement, _ *Event) { a.Withdrawn = true }

func (b ResponsibleNamed) fold(a *Agreement, e *Event) {
	a.own(e.Party, func(x *OwnAccount) { x.Responsible, x.Function = b.Name, b.Function })
}

func (b ProgressReported) fold(a *Agreement, e *Event) {
	a.own(e.Party, func(x *OwnAccount) {
		x.Reports = append(x.Reports, Report{At: e.At, Progress: b.Progress, Percent: b.Percent, Note: b.Note})
		x.Reports = slices.Clone(x.Reports[max(0, len(x.Reports)-MaxReports):])
	})
}

func (b MilestoneMarked) fold(a *Agreement, e *Event) {
	a.own(e.Party, func(x *OwnAccount) {
		if b.Met == "" {
			delete(x.Met, b.Milestone)
			return
		}
		x.Met[b.Milestone] = b.Met
	})
}

func (b ObstacleRaised) fold(a *Agreement, e *Event) {
	a.Obstacles = append(a.Obstacles, Obstacle{Number: b.Number, Seq: e.Seq, At: e.At, Party: e.Party, Text: b.Text, Decider: b.Decider})
}

func (b ObstacleCleared) fold(a *Agreement, e *Event) {
	if i := b.Number - 1; i >= 0 && i < len(a.Obstacles) {
		at := e.At
		a.Obstacles[i].Cleared = &at
	}
}

func (b EvidenceAdded) fold(a *Agreement, e *Event) {
	a.Evidence = append(a.Evidence, Evidence{Number: b.Number, At: e.At, Party: e.Party, Title: b.Title, URL: b.URL, Document: b.Document})
}

func (b EvidenceWithdrawn) fold(a *Agreement, _ *Event) {
	if i := b.Number - 1; i >= 0 && i < len(a.Evidence) {
		a.Evidence[i].Withdrawn = true
	}
}
