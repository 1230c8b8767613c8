package meeting

import "slices"

// The back room of a delegation is a sound that only the own side can hear: who listens to it, and who speaks into it. Nobody of another
// side is told of either. It is kept over a restart: whoever comes back while speaking to their side still speaks to their side alone.

// BackRoom is the back room of the reader's side; the node's own state holds everybody's.
type BackRoom struct {
	Listening  []MemberID `json:"listening"`  // in the order in which they came in
	Whispering []MemberID `json:"whispering"` // whose voice goes to the side instead of the floor; each of them is listening
}

func emptyBackRoom() BackRoom { return BackRoom{Listening: []MemberID{}, Whispering: []MemberID{}} }

type (
	// EnterBackRoom lets me hear it, beside the floor.
	EnterBackRoom struct{}
	// LeaveBackRoom ends that, and my whispering.
	LeaveBackRoom struct{}
	// Whisper sends my voice to my side instead of the floor, which I go on hearing; off leaves the microphone off.
	Whisper struct {
		On bool `json:"on"`
	}

	// BackRoomEntered see EnterBackRoom.
	BackRoomEntered struct {
		Member MemberID `json:"member"`
	}
	// BackRoomLeft see LeaveBackRoom.
	BackRoomLeft struct {
		Member MemberID `json:"member"`
	}
	// WhisperChanged see Whisper.
	WhisperChanged struct {
		Member MemberID `json:"member"`
		On     bool     `json:"on"`
	}
)

func (EnterBackRoom) Type() CommandType { return "backroom.enter" }
func (LeaveBackRoom) Type() CommandType { return "backroom.leave" }
func (Whisper) Type() CommandType       { return "whisper.set" }

func (BackRoomEntered) Type() EventType { return "backroom.entered" }
func (BackRoomLeft) Type() EventType    { return "backroom.left" }
func (WhisperChanged) Type() EventType  { return "whisper.changed" }

func (BackRoomEntered) lasting() bool { return true }
func (BackRoomLeft) lasting() bool    { return true }
func (WhisperChanged) lasting() bool  { return true }

func (b BackRoomEntered) audience(*Meeting, *Event) Audience { return ToParty(b.Member.Party()) }
func (b BackRoomLeft) audience(*Meeting, *Event) Audience    { return ToParty(b.Member.Party()) }
func (b WhisperChanged) audience(*Meeting, *Event) Audience  { return ToParty(b.Member.Party()) }

// ---- reading --------------------------------------------------------------------------------------------------------

// Whispers tells whether a member's voice goes to their side instead of the floor.
func (m *Meeting) Whispers(id MemberID) bool { return slices.Contains(m.BackRoom.Whispering, id) }

// HearsWhisper tells whether a listener may and wants to hear what somebody whispers.
func (m *Meeting) HearsWhisper(listener, whisperer MemberID) bool {
	return listener != whisperer && listener.Party() == whisperer.Party() && m.Inside(listener) && m.MayPublish(whisperer) && m.Members[whisperer].Booth == "" &&
		m.Whispers(whisperer) && slices.Contains(m.BackRoom.Listening, listener)
}

// backRoomFor is what a reader's side knows.
func (m *Meeting) backRoomFor(reader MemberID) BackRoom {
	own := func(all []MemberID) []MemberID {
		return slices.DeleteFunc(append([]MemberID{}, all...), func(id MemberID) bool { return id.Party() != reader.Party() })
	}
	return BackRoom{Listening: own(m.BackRoom.Listening), Whispering: own(m.BackRoom.Whispering)}
}

// ---- deciding -------------------------------------------------------------------------------------------------------

func (c EnterBackRoom) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if _, err := m.inside(by); err != nil || slices.Contains(m.BackRoom.Listening, by) {
		return nil, err
	}
	return one(BackRoomEntered{Member: by})
}

func (c LeaveBackRoom) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if _, err := m.inside(by); err != nil || !slices.Contains(m.BackRoom.Listening, by) {
		return nil, err
	}
	return one(BackRoomLeft{Member: by})
}

func (c Whisper) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.sender(by, c.On)
	if err != nil || m.Whispers(by) == c.On {
		return nil, err
	}
	if x.Booth != "" && c.On {
		return nil, refuse(BoothSpeaks)
	}
	var out []EventBody
	if c.On && x.Microphone { // first, so that between the two nothing goes anywhere
		out = append(out, MicrophoneChanged{Member: by, On: false})
	}
	if c.On && !slices.Contains(m.BackRoom.Listening, by) {
		out = append(out, BackRoomEntered{Member: by})
	}
	return append(out, WhisperChanged{Member: by, On: c.On}), nil
}

// ---- applying -------------------------------------------------------------------------------------------------------

func without(list []MemberID, id MemberID) []MemberID {
	return slices.DeleteFunc(list, func(x MemberID) bool { return x == id })
}

func (b BackRoomEntered) apply(m *Meeting, _ *Event) {
	m.BackRoom.Listening = append(m.BackRoom.Listening, b.Member)
}

func (b BackRoomLeft) apply(m *Meeting, _ *Event) { m.leaveBackRoom(b.Member) }

func (m *Meeting) leaveBackRoom(id MemberID) {
	m.BackRoom.Listening, m.BackRoom.Whispering = without(m.BackRoom.Listening, id), without(m.BackRoom.Whispering, id)
}

func (b WhisperChanged) apply(m *Meeting, _ *Event) {
	m.BackRoom.Whispering = without(m.BackRoom.Whispering, b.Member)
	if b.On {
		m.BackRoom.Whispering = append(m.BackRoom.Whispering, b.Member)
	}
}
