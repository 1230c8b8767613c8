package meeting

// Each side has one chair; they have equal right, and the room puts what they say in order. Unless a side names another, its head
// is its chair.

type (
	// NameChair says who chairs for the own side, by its secretary, its head or its chair; empty: the head again.
	NameChair struct {
		Member MemberID `json:"member,omitempty"`
	}
	// ChairNamed see NameChair. The event's party is the side.
	ChairNamed struct {
		Member MemberID `json:"member,omitempty"`
	}
)

func (NameChair) Type() CommandType { return "chair.name" }
func (ChairNamed) Type() EventType  { return "chair.named" }
func (ChairNamed) lasting() bool    { return true }

func (ChairNamed) audience(*Meeting, *Event) Audience { return All }

func (b ChairNamed) apply(m *Meeting, e *Event) {
	if b.Member == "" {
		delete(m.Chairs, e.Party)
		return
	}
	m.Chairs[e.Party] = b.Member
}

// Chair is who chairs for a side; empty while it has neither a named chair nor a head at the table.
func (m *Meeting) Chair(side PartyID) MemberID {
	if x, ok := m.Members[m.Chairs[side]]; ok && x.Standing == Admitted && x.Role.asks() {
		return x.ID
	}
	for _, x := range m.Roster(side) {
		if x.Role == Head && x.Standing == Admitted {
			return x.ID
		}
	}
	return ""
}

// chair is refused unless by chairs for their side and is here.
func (m *Meeting) chair(by MemberID) error {
	if _, err := m.inside(by); err != nil {
		return err
	}
	if m.Chair(by.Party()) != by {
		return refuse(NotChair)
	}
	return nil
}

func (c NameChair) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, ok := m.Members[by]
	switch {
	case !ok || x.Standing != Admitted:
		return nil, refuse(NotAdmitted)
	case m.Cancelled != nil:
		return nil, refuse(IsCancelled)
	case x.Role != Secretary && x.Role != Head && m.Chair(by.Party()) != by:
		return nil, refuse(NotYourRole)
	case c.Member == m.Chairs[by.Party()]:
		return nil, nil
	case c.Member == "":
		return one(ChairNamed(c))
	case c.Member.Party() != by.Party():
		return nil, refuse(NotYourSide)
	case !m.Inside(c.Member):
		return nil, refuse(UnknownMember, "member", c.Member)
	case !m.Members[c.Member].Role.asks():
		return nil, refuse(RoleWrong)
	case m.behind(m.Members[c.Member]): // it would tell the other side who waits; a head chairs without being named
		return nil, refuse(StillApart)
	}
	return one(ChairNamed(c))
}
