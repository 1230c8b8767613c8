package meeting

import (
	"slices"
	"time"
)

type (
	// ProposeEmbargo proposes a moment before which nobody publishes; none: as soon as all are ready. Number is that of the new proposal: of two
	// at once the later one is refused.
	ProposeEmbargo struct {
		Number int        `json:"number"`
		At     *time.Time `json:"at,omitempty"`
	}
	// AnswerEmbargo is the own side's answer to another's proposal. In force is what all agreed to.
	AnswerEmbargo struct {
		Number int  `json:"number"`
		Agree  bool `json:"agree"`
	}
	// SayReady says that the own account may be published as it stands at Revision, or takes that back.
	SayReady struct {
		Ready    bool `json:"ready"`
		Revision int  `json:"revision"`
	}
	// AnnounceAlone says to the others that the own account will be published at a moment, whether theirs is ready or not. It is refused while
	// an embargo that all agreed to is not over. The own side must be ready.
	AnnounceAlone struct {
		At time.Time `json:"at"`
	}
	// PublishReadout publishes what is due, if anything is. It is given by the node's clock; whose accounts are published said so before.
	PublishReadout struct{}
	// CorrectReadout puts a dated notice to the own published account. Number is how many there are with it.
	CorrectReadout struct {
		Number int   `json:"number"`
		Text   Words `json:"text"`
	}

	// EmbargoProposed see ProposeEmbargo.
	EmbargoProposed struct {
		Number int        `json:"number"`
		At     *time.Time `json:"at,omitempty"`
	}
	// EmbargoAnswered see AnswerEmbargo.
	EmbargoAnswered struct {
		Number int  `json:"number"`
		Agree  bool `json:"agree"`
	}
	// EmbargoSet says what all agreed to. Announcements made before are void.
	EmbargoSet struct {
		At *time.Time `json:"at,omitempty"`
	}
	// ReadinessSaid see SayReady.
	ReadinessSaid struct{}
	// ReadinessWithdrawn also takes back an announcement.
	ReadinessWithdrawn struct{}
	// AloneAnnounced see AnnounceAlone.
	AloneAnnounced struct {
		At time.Time `json:"at"`
	}
	// ReadoutPublished is a side's account as the public has it from now on. It is written as the deed of the person who said that it is ready.
	ReadoutPublished struct {
		By       MemberID        `json:"by"`
		Revision int             `json:"revision"`
		Occasion Occasion        `json:"occasion"`
		Title    Words           `json:"title"`
		Parts    []PublishedPart `json:"parts"`
	}
	// ReadoutCorrected see CorrectReadout.
	ReadoutCorrected struct {
		Number int   `json:"number"`
		Text   Words `json:"text"`
	}
)

func (ProposeEmbargo) Type() CommandType { return "embargo.propose" }
func (AnswerEmbargo) Type() CommandType  { return "embargo.answer" }
func (SayReady) Type() CommandType       { return "readiness.say" }
func (AnnounceAlone) Type() CommandType  { return "alone.announce" }
func (PublishReadout) Type() CommandType { return "readout.publish" }
func (CorrectReadout) Type() CommandType { return "readout.correct" }

func (EmbargoProposed) Type() EventType    { return "embargo.proposed" }
func (EmbargoAnswered) Type() EventType    { return "embargo.answered" }
func (EmbargoSet) Type() EventType         { return "embargo.set" }
func (ReadinessSaid) Type() EventType      { return "readiness.said" }
func (ReadinessWithdrawn) Type() EventType { return "readiness.withdrawn" }
func (AloneAnnounced) Type() EventType     { return "alone.announced" }
func (ReadoutPublished) Type() EventType   { return "readout.published" }
func (ReadoutCorrected) Type() EventType   { return "readout.corrected" }

func (EmbargoProposed) lasting() bool    { return true }
func (EmbargoAnswered) lasting() bool    { return true }
func (EmbargoSet) lasting() bool         { return true }
func (ReadinessSaid) lasting() bool      { return true }
func (ReadinessWithdrawn) lasting() bool { return true }
func (AloneAnnounced) lasting() bool     { return true }
func (ReadoutPublished) lasting() bool   { return true }
func (ReadoutCorrected) lasting() bool   { return true }

func (EmbargoProposed) audience(*Meeting, *Event) Audience    { return All }
func (EmbargoAnswered) audience(*Meeting, *Event) Audience    { return All }
func (EmbargoSet) audience(*Meeting, *Event) Audience         { return All }
func (ReadinessSaid) audience(*Meeting, *Event) Audience      { return All }
func (ReadinessWithdrawn) audience(*Meeting, *Event) Audience { return All }
func (AloneAnnounced) audience(*Meeting, *Event) Audience     { return All }
func (ReadoutPublished) audience(*Meeting, *Event) Audience   { return All }
func (ReadoutCorrected) audience(*Meeting, *Event) Audience   { return All }

func (EmbargoProposed) atDesk()    {}
func (EmbargoAnswered) atDesk()    {}
func (EmbargoSet) atDesk()         {}
func (ReadinessSaid) atDesk()      {}
func (ReadinessWithdrawn) atDesk() {}
func (AloneAnnounced) atDesk()     {}
func (ReadoutPublished) atDesk()   {}
func (ReadoutCorrected) atDesk()   {}

// ---- deciding -------------------------------------------------------------------------------------------------------

// timed is a command whose answer depends on the moment.
type timed interface {
	decideAt(m *Meeting, by MemberID, now time.Time) ([]EventBody, error)
}

// publisher is a drafter whose side has not published.
func (m *Meeting) publisher(by MemberID) error {
	if err := m.drafter(by); err != nil {
		return err
	}
	if _, ok := m.Readout.Published[by.Party()]; ok {
		return refuse(ReadoutPublic)
	}
	return nil
}

// moment is refused unless it is to come, by at least so much and not beyond MaxNotice. It is kept to the second.
func moment(at, now time.Time, least time.Duration) (time.Time, error) {
	at = at.UTC().Truncate(time.Second)
	if at.Before(now.Add(least)) || at.After(now.Add(MaxNotice)) {
		return at, refuse(MomentWrong, "minutes", int(least/time.Minute))
	}
	return at, nil
}

func (c ProposeEmbargo) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	return c.decideAt(m, by, time.Time{})
}

func (c ProposeEmbargo) decideAt(m *Meeting, by MemberID, now time.Time) ([]EventBody, error) {
	switch err := m.publisher(by); {
	case err != nil:
		return nil, err
	case len(m.Readout.Published) > 0:
		return nil, refuse(ReadoutPublic)
	case c.Number != m.Readout.Proposals+1:
		return nil, refuse(RoundPassed)
	case c.Number > MaxWordRounds:
		return nil, refuse(TooManyItems, "max", MaxWordRounds)
	}
	b := EmbargoProposed{Number: c.Number}
	if c.At != nil {
		at, err := moment(*c.At, now, 0)
		if err != nil {
			return nil, err
		}
		b.At = &at
	}
	return one(b)
}

func (c AnswerEmbargo) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	return c.decideAt(m, by, time.Time{})
}

func (c AnswerEmbargo) decideAt(m *Meeting, by MemberID, now time.Time) ([]EventBody, error) {
	p := m.Readout.Proposed
	switch err := m.publisher(by); {
	case err != nil:
		return nil, err
	case p == nil || c.Number != p.Number || c.Agree && slices.Contains(p.Agreed, by.Party()):
		return nil, refuse(RoundPassed)
	case c.Agree && p.At != nil && !p.At.After(now):
		return nil, refuse(MomentWrong, "minutes", 0)
	}
	out := []EventBody{EmbargoAnswered(c)}
	if !c.Agree || len(p.Agreed)+1 < len(m.Joint.Parties) {
		return out, nil
	}
	out = append(out, EmbargoSet{At: p.At})
	if p.At == nil {
		return append(out, m.due(nil, map[PartyID]time.Time{}, m.Readout.Ready, now)...), nil
	}
	return out, nil
}

func (c SayReady) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	return c.decideAt(m, by, time.Time{})
}

func (c SayReady) decideAt(m *Meeting, by MemberID, now time.Time) ([]EventBody, error) {
	if err := m.publisher(by); err != nil {
		return nil, err
	}
	r := &m.Readout
	_, ready := r.Ready[by.Party()]
	switch {
	case ready == c.Ready:
		return nil, nil
	case !c.Ready:
		return one(ReadinessWithdrawn{})
	case c.Revision != r.Accounts[by.Party()].Revision:
		return nil, refuse(ParagraphPassed, "revision", r.Accounts[by.Party()].Revision)
	}
	side, _ := m.Party(by.Party())
	if _, err := m.whole(side); err != nil {
		return nil, err
	}
	all := map[PartyID]Readiness{by.Party(): {At: now, By: by}}
	for p, x := range r.Ready {
		all[p] = x
	}
	return append([]EventBody{ReadinessSaid{}}, m.due(r.Embargo, r.Announced, all, now)...), nil
}

func (c AnnounceAlone) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	return c.decideAt(m, by, time.Time{})
}

func (c AnnounceAlone) decideAt(m *Meeting, by MemberID, now time.Time) ([]EventBody, error) {
	if err := m.publisher(by); err != nil {
		return nil, err
	}
	if e := m.Readout.Embargo; e != nil && now.Before(*e) {
		return nil, refuse(EmbargoStands)
	}
	if _, ready := m.Readout.Ready[by.Party()]; !ready {
		return nil, refuse(NotReady)
	}
	at, err := moment(c.At, now, MinNotice)
	if err != nil {
		return nil, err
	}
	return one(AloneAnnounced{At: at})
}

func (c PublishReadout) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	return c.decideAt(m, by, time.Time{})
}

func (c PublishReadout) decideAt(m *Meeting, _ MemberID, now time.Time) ([]EventBody, error) {
	if m.Cancelled != nil {
		return nil, refuse(IsCancelled)
	}
	return m.due(m.Readout.Embargo, m.Readout.Announced, m.Readout.Ready, now), nil
}

// due are the publications that a moment brings: of all who have not published, when all of them are ready and nothing is waited for any
// more; or of those who are ready, when a side announced this moment and no embargo of all holds.
func (m *Meeting) due(embargo *time.Time, announced map[PartyID]time.Time, ready map[PartyID]Readiness, now time.Time) []EventBody {
	if embargo != nil && now.Before(*embargo) {
		return nil
	}
	var alone, waits bool
	for _, at := range announced {
		alone = alone || !now.Before(at)
		waits = waits || now.Before(at)
	}
	var out []EventBody
	for _, side := range m.Joint.Parties {
		if _, done := m.Readout.Published[side.ID]; done {
			continue
		}
		r, ok := ready[side.ID]
		b, err := m.whole(side)
		if !ok || err != nil {
			waits = true
			continue
		}
		b.By = r.By
		out = append(out, b)
	}
	if waits && !alone {
		return nil
	}
	return out
}

func (c CorrectReadout) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.drafter(by); err != nil {
		return nil, err
	}
	p, ok := m.Readout.Published[by.Party()]
	switch {
	case !ok:
		return nil, refuse(NotPublished)
	case c.Number != len(p.Corrections)+1:
		return nil, refuse(RoundPassed)
	case c.Number > MaxCorrections:
		return nil, refuse(TooManyItems, "max", MaxCorrections)
	}
	text, err := m.cleanAccount(c.Text, MaxText)
	if err != nil {
		return nil, err
	}
	for _, l := range p.Languages() {
		if text[l] == "" {
			return nil, refuse(TranslationMissing, "language", l)
		}
	}
	if len(text) != len(p.Title) {
		return nil, refuse(LanguagesWrong, "max", MaxLanguages)
	}
	return one(ReadoutCorrected{Number: c.Number, Text: text})
}

// ---- applying -------------------------------------------------------------------------------------------------------

func (b EmbargoProposed) apply(m *Meeting, e *Event) {
	m.Readout.Proposals = b.Number
	m.Readout.Proposed = &EmbargoProposal{Number: b.Number, At: b.At, By: e.By, Agreed: []PartyID{e.Party}}
}

func (b EmbargoAnswered) apply(m *Meeting, e *Event) {
	p := m.Readout.Proposed
	if p == nil || p.Number != b.Number {
		return
	}
	if !b.Agree {
		m.Readout.Proposed = nil
		return
	}
	p.Agreed = append(p.Agreed, e.Party)
}

func (b EmbargoSet) apply(m *Meeting, _ *Event) {
	m.Readout.Embargo, m.Readout.Proposed, m.Readout.Announced = b.At, nil, map[PartyID]time.Time{}
}

func (ReadinessSaid) apply(m *Meeting, e *Event) {
	m.Readout.Ready[e.Party] = Readiness{At: e.At, By: e.By}
}

func (ReadinessWithdrawn) apply(m *Meeting, e *Event) {
	delete(m.Readout.Ready, e.Party)
	delete(m.Readout.Announced, e.Party)
}

func (b AloneAnnounced) apply(m *Meeting, e *Event) { m.Readout.Announced[e.Party] = b.At }

func (b ReadoutPublished) apply(m *Meeting, e *Event) {
	m.Readout.Published[e.Party] = Publication{At: e.At, By: b.By, Occasion: b.Occasion, Title: b.Title, Parts: b.Parts, Corrections: []Correction{}}
	delete(m.Readout.Ready, e.Party)
	delete(m.Readout.Announced, e.Party)
	m.Readout.Proposed = nil
}

func (b ReadoutCorrected) apply(m *Meeting, e *Event) {
	p, ok := m.Readout.Published[e.Party]
	if !ok {
		return
	}
	p.Corrections = append(slices.Clip(p.Corrections), Correction{At: e.At, By: e.By, Text: b.Text})
	m.Readout.Published[e.Party] = p
}
