package meeting

import "slices"

// Who of a booth is on air: one voice in a channel, whatever is asked for by whom at once. What is decided here is applied in booth.go.

// atConsole is refused unless by is at the table as an interpreter of a booth.
func (m *Meeting) atConsole(by MemberID) (Language, Booth, error) {
	x, err := m.inside(by)
	if err != nil {
		return "", Booth{}, err
	}
	if x.Role != Interpreter || !slices.Contains(m.Joint.Languages, x.Booth) {
		return "", Booth{}, refuse(NotYourBooth)
	}
	return x.Booth, m.Booth(x.Booth), nil
}

func (c GoOnAir) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	l, b, err := m.atConsole(by)
	if err != nil {
		return nil, err
	}
	to := c.Outgoing
	if to == "" {
		to = l
	}
	switch {
	case to != l && to != b.Second:
		return nil, refuse(NotYourBooth)
	case b.OnAir == by && b.Outgoing == to:
		return nil, nil
	case b.OnAir != "" && b.OnAir != by && !b.Offered && !m.Interpretation.Override:
		return nil, refuse(ChannelTaken, "member", b.OnAir)
	}
	return m.takeAir(l, b, by, to)
}

// takeAir puts by on air into a channel. Another booth that has it gives it up, or keeps it, as the meeting is set.
func (m *Meeting) takeAir(l Language, b Booth, by MemberID, to Language) ([]EventBody, error) {
	var out []EventBody
	if other, ok := m.feeder(to); ok && other != l {
		if !m.Interpretation.Override {
			return nil, refuse(ChannelTaken, "member", m.Booth(other).OnAir)
		}
		out = append(out, WentOffAir{Booth: other, Member: m.Booth(other).OnAir, Reason: OffOverridden})
	}
	if b.Suspended != "" {
		out = append(out, InterpretationResumed{Booth: l})
	}
	return append(out, WentOnAir{Booth: l, Member: by, Outgoing: to}), nil
}

func (c GoOffAir) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if c.Lost {
		return m.leaveAir(by, OffLost)
	}
	return m.leaveAir(by, OffReleased)
}

func (c LoseAir) decide(m *Meeting, by MemberID) ([]EventBody, error) { return m.leaveAir(by, OffLost) }

func (m *Meeting) leaveAir(by MemberID, why OffAirReason) ([]EventBody, error) {
	x, ok := m.Members[by]
	if !ok || x.Booth == "" {
		return nil, refuse(NotYourBooth)
	}
	if m.Booth(x.Booth).OnAir != by {
		return nil, nil
	}
	return one(WentOffAir{Booth: x.Booth, Member: by, Reason: why})
}

func (c OfferHandover) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	l, b, err := m.atConsole(by)
	switch {
	case err != nil:
		return nil, err
	case b.OnAir != by:
		return nil, refuse(NotOnAir)
	case b.Offered == c.On:
		return nil, nil
	}
	return one(HandoverOffered{Booth: l, Member: by, On: c.On})
}

func (c AcceptHandover) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	l, b, err := m.atConsole(by)
	switch {
	case err != nil:
		return nil, err
	case !b.Offered || b.OnAir == by:
		return nil, refuse(NothingOffered)
	}
	return one(WentOnAir{Booth: l, Member: by, Outgoing: b.Outgoing})
}

func (c TakeOver) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	l, b, err := m.atConsole(by)
	switch {
	case err != nil || b.OnAir == by:
		return nil, err
	case b.OnAir == "":
		return nil, refuse(NotOnAir)
	case c.From != "" && c.From != b.OnAir:
		return nil, refuse(ChannelTaken, "member", b.OnAir)
	}
	return one(WentOnAir{Booth: l, Member: by, Outgoing: b.Outgoing})
}

func (c SuspendInterpretation) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	l, b, err := m.atConsole(by)
	switch {
	case err != nil:
		return nil, err
	case !slices.Contains(Suspensions(), c.Reason):
		return nil, refuse(CommandUnknown)
	case b.Suspended == c.Reason:
		return nil, nil
	}
	var out []EventBody
	if b.OnAir != "" {
		out = append(out, WentOffAir{Booth: l, Member: b.OnAir, Reason: OffSuspended})
	}
	return append(out, InterpretationSuspended{Booth: l, Reason: c.Reason}), nil
}

func (c ResumeInterpretation) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	l, b, err := m.atConsole(by)
	if err != nil || b.Suspended == "" {
		return nil, err
	}
	return one(InterpretationResumed{Booth: l})
}
