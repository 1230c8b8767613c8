package meeting

import (
	"slices"
	"time"
)

func (c CallConsultation) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if m.Version != 0 {
		return nil, refuse(AlreadyCalled)
	}
	j, err := c.Joint.clean()
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(j.Parties, func(p Party) bool { return p.ID == by.Party() }) {
		return nil, refuse(UnknownParty, "party", by.Party())
	}
	s, err := m.newMember(by.Party(), c.Secretary, Admitted)
	if err != nil {
		return nil, err
	}
	if s.ID != by || s.Role != Secretary {
		return nil, refuse(NotYourRole)
	}
	return []EventBody{ConsultationCalled{Joint: j, OpenDoor: c.OpenDoor}, MemberAdmitted{Member: s}}, nil
}

func (c TakeUp) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if _, ok := m.Party(by.Party()); !ok {
		return nil, refuse(UnknownParty, "party", by.Party())
	}
	if x, ok := m.Members[by]; ok {
		if x.Role != Secretary {
			return nil, refuse(MemberExists, "member", by)
		}
		if x.Standing == Admitted {
			return nil, nil
		}
		x.Standing = Admitted
		return one(MemberAdmitted{Member: x})
	}
	s, err := m.newMember(by.Party(), c.Secretary, Admitted)
	if err != nil {
		return nil, err
	}
	if s.ID != by || s.Role != Secretary {
		return nil, refuse(NotYourRole)
	}
	return one(MemberAdmitted{Member: s})
}

func (c ChangeConsultation) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.secretary(by); err != nil {
		return nil, err
	}
	if c.Version != m.Version {
		return nil, refuse(VersionPassed, "version", m.Version)
	}
	j, err := c.Joint.clean()
	if err != nil {
		return nil, err
	}
	for _, p := range m.Joint.Parties {
		if !slices.ContainsFunc(j.Parties, func(q Party) bool { return q.ID == p.ID }) {
			return nil, refuse(PartiesWrong, "max", MaxParties)
		}
	}
	if len(j.Parties) > len(m.Joint.Parties) && m.confided() {
		return nil, refuse(PartiesStand)
	}
	if err := m.ceremonyStands(j); err != nil {
		return nil, err
	}
	if err := m.writable(); err != nil { // title, date and names are in what was signed
		return nil, err
	}
	return one(ConsultationChanged{Joint: j, Version: m.Version + 1})
}

func (c AgreeConsultation) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.secretary(by); err != nil {
		return nil, err
	}
	if c.Version != m.Version {
		return nil, refuse(VersionPassed, "version", m.Version)
	}
	if m.Agreed[by.Party()] == m.Version {
		return nil, nil
	}
	return one(ConsultationAgreed(c))
}

func (c CancelConsultation) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.secretary(by); err != nil {
		return nil, err
	}
	if err := m.writable(); err != nil { // one side alone does not undo what a chair signed
		return nil, err
	}
	if len(m.Readout.Published) > 0 {
		return nil, refuse(ReadoutPublic)
	}
	return one(ConsultationCancelled{})
}

// confided tells whether something was said, written or shared that a party which comes later would read: no side alone lets another one in then.
func (m *Meeting) confided() bool {
	return len(m.Chat)+len(m.Documents)+len(m.Minutes.Paragraphs)+len(m.Rounds)+len(m.Course.Decisions)+len(m.Captions)+len(m.Agreements)+
		len(m.Terms)+len(m.Readout.Elements)+m.Recording.Part > 0
}

// clean checks the joint facts and returns them in the form that is kept.
func (j Joint) clean() (Joint, error) {
	if len(j.Languages) < MinLanguages || len(j.Languages) > MaxLanguages {
		return j, refuse(LanguagesWrong, "max", MaxLanguages)
	}
	for i, l := range j.Languages {
		if !l.Valid() || slices.Contains(j.Languages[:i], l) {
			return j, refuse(LanguagesWrong, "max", MaxLanguages)
		}
	}
	var err error
	if j.Title, err = cleanWords(j.Title, j.Languages, MaxTitle); err != nil {
		return j, err
	}
	if j.StartsAt.IsZero() || j.StartsAt.Year() < 1900 || j.StartsAt.Year() > 3000 || j.Minutes < 1 || j.Minutes > int(MaxDuration/time.Minute) {
		return j, refuse(TimeWrong)
	}
	j.StartsAt = j.StartsAt.UTC().Truncate(time.Second)
	if j.Kind != KindMeeting && j.Kind != KindCall {
		return j, refuse(CommandUnknown)
	}
	j.Ceremony = j.Ceremony || j.Kind == KindCall
	if j.Parties, err = cleanParties(j.Parties); err != nil {
		return j, err
	}
	if len(j.Agenda) > MaxItems {
		return j, refuse(TooManyItems, "max", MaxItems)
	}
	j.Agenda = append([]AgendaItem{}, j.Agenda...)
	for i, it := range j.Agenda {
		if !validID(it.ID) || slices.ContainsFunc(j.Agenda[:i], func(x AgendaItem) bool { return x.ID == it.ID }) || it.Minutes < 0 || it.Minutes > 24*60 {
			return j, refuse(TimeWrong)
		}
		if r := it.Agreement; r != nil {
			if !validID(string(r.Consultation)) || !validID(string(r.ID)) {
				return j, refuse(UnknownAgreement)
			}
			if slices.ContainsFunc(j.Agenda[:i], func(x AgendaItem) bool { return x.Agreement != nil && *x.Agreement == *r }) {
				return j, refuse(ItemTwice)
			}
		}
		if j.Agenda[i].Title, err = cleanWords(it.Title, j.Languages, MaxTitle); err != nil {
			return j, err
		}
	}
	return j, nil
}

func cleanParties(in []Party) ([]Party, error) {
	if len(in) < 2 || len(in) > MaxParties {
		return nil, refuse(PartiesWrong, "max", MaxParties)
	}
	out := append([]Party{}, in...)
	for i, p := range out {
		if !p.ID.Valid() || slices.ContainsFunc(out[:i], func(x Party) bool { return x.ID == p.ID }) {
			return nil, refuse(PartiesWrong, "max", MaxParties)
		}
		if !p.Language.Valid() {
			return nil, refuse(LanguagesWrong, "max", MaxLanguages)
		}
		if !validZone(p.Zone) || p.Calendar != Gregorian && p.Calendar != SolarHijri {
			return nil, refuse(ZoneWrong, "party", p.ID)
		}
		var err error
		if out[i].Names, err = cleanWords(p.Names, []Language{p.Language}, MaxName); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// validZone checks the letters of an IANA zone name; the door checks that the zone exists.
func validZone(z string) bool {
	if z == "" || len(z) > 64 {
		return false
	}
	for _, r := range z {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '/' && r != '_' && r != '+' && r != '-' {
			return false
		}
	}
	return true
}
