package meeting

// NoteSpeaker is given by the room when somebody has begun to speak on the floor: their language is the floor's from now on.
type NoteSpeaker struct{}

// MarkFloorLanguage says which language is being spoken: by the speaker, by a booth, by a chair or a secretary. Of one who is not speaking yet
// it says what they are going to speak.
type MarkFloorLanguage struct {
	Language Language `json:"language"`
}

// AskSlower asks whoever speaks to speak more slowly; by a booth. Nobody is told which.
type AskSlower struct{}

type (
	// FloorLanguageMarked begins an intervention, or corrects its language. It is in the record.
	FloorLanguageMarked struct {
		Speaker  MemberID `json:"speaker"`
		Language Language `json:"language"`
		Ahead    bool     `json:"ahead,omitempty"` // the speaker has said what they are going to speak; the floor is still another's
	}
	// SlowerAsked names nobody; its event does not either.
	SlowerAsked struct{}
)

func (NoteSpeaker) Type() CommandType       { return "speaker.note" }
func (MarkFloorLanguage) Type() CommandType { return "floor-language.mark" }
func (AskSlower) Type() CommandType         { return "speaker.ask-slower" }

func (FloorLanguageMarked) Type() EventType { return "floor-language.marked" }
func (SlowerAsked) Type() EventType         { return "speaker.slower-asked" }
func (FloorLanguageMarked) lasting() bool   { return true }
func (SlowerAsked) lasting() bool           { return false }

func (FloorLanguageMarked) audience(*Meeting, *Event) Audience { return All }
func (SlowerAsked) audience(*Meeting, *Event) Audience         { return All }

// speaks is a member's language on the floor: their own, or the one that was last marked for them.
func (m *Meeting) languageOf(x Member) Language {
	if l, ok := m.Interpretation.Spoken[x.ID]; ok {
		return l
	}
	return x.Language
}

func (c NoteSpeaker) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.inside(by)
	if err != nil || !m.OnFloor(x) || !m.Interpreted() || m.Interpretation.Speaker == by {
		return nil, err
	}
	return one(FloorLanguageMarked{Speaker: by, Language: m.languageOf(x)})
}

func (c MarkFloorLanguage) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.inside(by)
	if err != nil {
		return nil, err
	}
	if !c.Language.Valid() {
		return nil, refuse(LanguagesWrong, "max", MaxLanguages)
	}
	i := m.Interpretation
	ahead := i.Speaker != by && i.Speaker != "" // the floor is still another's
	switch {
	case m.marks(x) && ahead:
		if i.Floor == c.Language {
			return nil, nil
		}
		return one(FloorLanguageMarked{Speaker: i.Speaker, Language: c.Language})
	case !m.OnFloor(x):
		return nil, refuse(NotYourRole)
	case i.Speaker == by && i.Floor == c.Language || ahead && m.languageOf(x) == c.Language:
		return nil, nil
	}
	return one(FloorLanguageMarked{Speaker: by, Language: c.Language, Ahead: ahead})
}

// marks: who may say what another is speaking.
func (m *Meeting) marks(x Member) bool {
	return x.Booth != "" || x.Role == Secretary || m.Chair(x.ID.Party()) == x.ID
}

func (c AskSlower) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if _, _, err := m.atConsole(by); err != nil {
		return nil, err
	}
	return one(SlowerAsked{})
}

func (b FloorLanguageMarked) apply(m *Meeting, _ *Event) {
	m.Interpretation.Spoken[b.Speaker] = b.Language
	if !b.Ahead {
		m.Interpretation.Speaker, m.Interpretation.Floor = b.Speaker, b.Language
	}
}

func (b SlowerAsked) apply(m *Meeting, e *Event) { m.Interpretation.Slower = &e.At }
