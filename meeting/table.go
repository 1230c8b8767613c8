package meeting

// What people do at the table: come and go, send, and say.

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
	var out []EventBody
	if m.Floor.Speaker == by { // nobody speaks who is not here, and the account of the side does not run on
		out = append(out, FloorGivenBack{Member: by})
	}
	if !m.Members[by].Present {
		return out, nil
	}
	return append(append(out, m.unready(m.Members[by])...), MemberLeft{Member: by}), nil
}

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
	if c.On && x.Booth != "" { // a booth's microphone leads into a channel: see GoOnAir
		return nil, refuse(BoothSpeaks)
	}
	if c.On && m.Whispers(by) {
		return nil, refuse(StillWhispering)
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

func (c SayChat) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.inside(by)
	if err != nil {
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
	case c.To.names("booth"):
		if l, _ := c.To.Booth(); l == "" || l != x.Booth {
			return nil, refuse(NotYourBooth)
		}
		return one(ChatSaid{To: ToBooth(x.Booth, m.boothPeople(x.Booth)), Text: text})
	default:
		if to := c.To.Member(); !m.Inside(to) || to == by || !m.Meets(by, to) {
			return nil, refuse(UnknownMember, "member", to)
		}
		return one(ChatSaid{To: c.To, Text: text})
	}
}
