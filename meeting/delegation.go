package meeting

import "slices"

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
	if x.Role != Interpreter {
		x.Booth = ""
	}
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
	if m.Apart() && (x.Role == Head || old.Role == Head) && old.Standing != Invited { // others are not told before the go, and then at once
		return nil, refuse(StillApart)
	}
	out := []EventBody{MemberChanged{Member: x}}
	if !x.Role.asks() {
		out = append(out, m.leaveFloor(x.ID)...)
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
		return append(m.unready(x), MemberRemoved(c)), nil
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
	return append(m.unready(x), MemberRemoved(c)), nil
}
