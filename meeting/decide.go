package meeting

import (
	"slices"
	"time"
)

// Decide answers a command: the events that follow from it, numbered from Seq+1 and not yet applied, or a *Refusal.
// No events and no error: nothing had to change.
func (m *Meeting) Decide(by MemberID, c Command, now time.Time) ([]Event, error) {
	if !by.Valid() {
		return nil, refuse(UnknownMember, "member", by)
	}
	bodies, err := c.decide(m, by)
	if err != nil {
		return nil, err
	}
	events := make([]Event, len(bodies))
	for i, b := range bodies {
		events[i] = Event{Seq: m.Seq + 1 + uint64(i), At: now.UTC(), Party: by.Party(), By: by, Type: b.Type(), Body: b}
	}
	return events, nil
}

func one(b EventBody) ([]EventBody, error) { return []EventBody{b}, nil }

// ---- the consultation -----------------------------------------------------------------------------------------------

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
	return one(ConsultationCancelled{})
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

// ---- members --------------------------------------------------------------------------------------------------------

// secretary is refused unless by is a secretary who is inside a consultation that stands.
func (m *Meeting) secretary(by MemberID) error {
	x, ok := m.Members[by]
	switch {
	case !ok || x.Standing != Admitted:
		return refuse(NotAdmitted)
	case x.Role != Secretary:
		return refuse(NotYourRole)
	case m.Cancelled != nil:
		return refuse(IsCancelled)
	}
	return nil
}

// own is a person of by's own side, whom by, as secretary, may decide about.
func (m *Meeting) own(by, who MemberID) (Member, error) {
	if err := m.secretary(by); err != nil {
		return Member{}, err
	}
	if who.Party() != by.Party() {
		return Member{}, refuse(NotYourSide)
	}
	x, ok := m.Members[who]
	if !ok {
		return Member{}, refuse(UnknownMember, "member", who)
	}
	return x, nil
}

func (m *Meeting) newMember(party PartyID, p Person, s Standing) (Member, error) {
	x := Member{ID: party.Member(p.ID), Standing: s}
	if !x.ID.Valid() {
		return x, refuse(UnknownMember, "member", x.ID)
	}
	if _, ok := m.Members[x.ID]; ok {
		return x, refuse(MemberExists, "member", x.ID)
	}
	if len(m.Members) >= MaxMembers {
		return x, refuse(TooManyMembers, "max", MaxMembers)
	}
	x.Place = 1
	for _, y := range m.Members {
		if y.ID.Party() == party && y.Place >= x.Place {
			x.Place = y.Place + 1
		}
	}
	return p.write(x)
}

// write puts what the secretary says of a person into a member.
func (p Person) write(x Member) (Member, error) {
	var err error
	if x.Name, err = cleanName(p.Name, MaxName); err != nil {
		return x, err
	}
	x.Function = ""
	if p.Function != "" {
		if x.Function, err = cleanName(p.Function, MaxName); err != nil {
			return x, err
		}
	}
	if !p.Role.Valid() {
		return x, refuse(RoleWrong)
	}
	if !p.Language.Valid() {
		return x, refuse(LanguagesWrong, "max", MaxLanguages)
	}
	x.Role, x.Language = p.Role, p.Language
	return x, nil
}

func (c InviteMember) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.secretary(by); err != nil {
		return nil, err
	}
	x, err := m.newMember(by.Party(), c.Person, Invited)
	if err != nil {
		return nil, err
	}
	return one(MemberInvited{Member: x})
}

func (c ChangeMember) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	old, err := m.own(by, by.Party().Member(c.Person.ID))
	if err != nil {
		return nil, err
	}
	x, err := c.Person.write(old)
	if err != nil {
		return nil, err
	}
	if x.ID == by && x.Role != Secretary {
		return nil, refuse(OwnPlaceNotYours)
	}
	if !x.Role.speaks() {
		x.Microphone, x.Camera, x.Screen = false, false, false
	}
	if x == old {
		return nil, nil
	}
	out := []EventBody{MemberChanged{Member: x}}
	if !x.Role.speaks() && slices.Contains(m.Hands, x.ID) {
		out = append(out, HandLowered{Member: x.ID})
	}
	return out, nil
}

func (c WithdrawMember) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.own(by, c.Member)
	if err != nil {
		return nil, err
	}
	if c.Member == by {
		return nil, refuse(OwnPlaceNotYours)
	}
	switch x.Standing {
	case Admitted:
		return one(MemberRemoved(c))
	case Removed: // the other side has met them: they stay in the roster's history
		return nil, nil
	}
	return one(MemberWithdrawn(c))
}

func (c AdmitMembers) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.secretary(by); err != nil {
		return nil, err
	}
	who := c.Members
	if len(who) == 0 {
		for _, x := range m.Roster(by.Party()) {
			if x.Waiting() {
				who = append(who, x.ID)
			}
		}
	}
	var out []EventBody
	for i, id := range who {
		x, err := m.own(by, id)
		if err != nil {
			return nil, err
		}
		if x.Standing == Admitted || slices.Contains(who[:i], id) {
			continue
		}
		x.Standing = Admitted
		out = append(out, MemberAdmitted{Member: x})
	}
	return out, nil
}

func (c RefuseMember) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.own(by, c.Member)
	if err != nil {
		return nil, err
	}
	if x.Standing != Invited {
		return nil, nil
	}
	return one(MemberRefused(c))
}

func (c RemoveMember) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.own(by, c.Member)
	if err != nil {
		return nil, err
	}
	if c.Member == by {
		return nil, refuse(OwnPlaceNotYours)
	}
	if x.Standing != Admitted {
		return nil, nil
	}
	return one(MemberRemoved(c))
}

// ---- presence -------------------------------------------------------------------------------------------------------

func (c Come) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, ok := m.Members[by]
	if !ok {
		return nil, refuse(UnknownMember, "member", by)
	}
	if m.Cancelled != nil {
		return nil, refuse(IsCancelled)
	}
	if x.Standing == Refused || x.Standing == Removed {
		return nil, refuse(NotAdmitted)
	}
	var out []EventBody
	if x.Standing == Invited && (m.OpenDoor || x.Role == Secretary) {
		x.Standing = Admitted
		out = append(out, MemberAdmitted{Member: x})
	}
	if !x.Present {
		out = append(out, MemberCame{Member: by})
	}
	return out, nil
}

func (c Leave) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if !m.Members[by].Present {
		return nil, nil
	}
	return one(MemberLeft{Member: by})
}

// ---- at the table ---------------------------------------------------------------------------------------------------

// inside is refused unless by is at the table of a consultation that stands.
func (m *Meeting) inside(by MemberID) (Member, error) {
	x, ok := m.Members[by]
	if !ok || x.Standing != Admitted || !x.Present {
		return x, refuse(NotAdmitted)
	}
	if m.Cancelled != nil {
		return x, refuse(IsCancelled)
	}
	return x, nil
}

// sender is refused unless by may send sound and pictures. Switching off is always allowed.
func (m *Meeting) sender(by MemberID, on bool) (Member, error) {
	x, err := m.inside(by)
	if err == nil && on && !x.Role.speaks() {
		err = refuse(NotYourRole)
	}
	return x, err
}

func (c SetMicrophone) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.sender(by, c.On)
	if err != nil || x.Microphone == c.On {
		return nil, err
	}
	return one(MicrophoneChanged{Member: by, On: c.On})
}

func (c SetCamera) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.sender(by, c.On)
	if err != nil || x.Camera == c.On {
		return nil, err
	}
	return one(CameraChanged{Member: by, On: c.On})
}

func (c SetScreen) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.sender(by, c.On)
	if err != nil || x.Screen == c.On {
		return nil, err
	}
	if c.On {
		for _, y := range m.Members {
			if y.Screen && y.ID != by {
				return nil, refuse(ScreenTaken, "member", y.ID)
			}
		}
	}
	return one(ScreenChanged{Member: by, On: c.On})
}

func (c RaiseHand) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if _, err := m.sender(by, true); err != nil {
		return nil, err
	}
	if slices.Contains(m.Hands, by) {
		return nil, refuse(AlreadyRaised)
	}
	return one(HandRaised{Member: by})
}

func (c LowerHand) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if _, err := m.inside(by); err != nil {
		return nil, err
	}
	who := by
	if c.Member != "" && c.Member != by {
		if _, err := m.own(by, c.Member); err != nil {
			return nil, err
		}
		who = c.Member
	}
	if !slices.Contains(m.Hands, who) {
		return nil, refuse(NotRaised)
	}
	return one(HandLowered{Member: who})
}

func (c SayChat) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if _, err := m.inside(by); err != nil {
		return nil, err
	}
	text, err := cleanText(c.Text, MaxText)
	if err != nil {
		return nil, err
	}
	switch {
	case c.To == All || c.To == "":
		return one(ChatSaid{To: All, Text: text})
	case c.To.Party() != "":
		if c.To.Party() != by.Party() {
			return nil, refuse(NotYourSide)
		}
		return one(ChatSaid{To: c.To, Text: text})
	default:
		if to := c.To.Member(); !m.Inside(to) || to == by {
			return nil, refuse(UnknownMember, "member", to)
		}
		return one(ChatSaid{To: c.To, Text: text})
	}
}
