package meeting

import (
	"maps"
	"slices"
)

// View is what a reader may know of the meeting: the snapshot that a client starts from.
// For a reader inside, the view of a state equals the fold of the events that the reader sees.
func (m *Meeting) View(reader MemberID) *Meeting {
	v := *m
	v.Agreements, v.Terms = nil, nil
	v.Agreed, v.Deferred = maps.Clone(m.Agreed), maps.Clone(m.Deferred)
	v.Members, v.Chat = map[MemberID]Member{}, []Message{}
	v.BackRoom = emptyBackRoom()
	v.Ceremony, v.Course, v.Rounds, v.Minutes = noCeremony(), noCourse(), []Round{}, noMinutes()
	v.Documents, v.Shown = []Document{}, nil
	v.Readout, v.Recording = noReadout(), m.Recording.told()
	v.Interpretation, v.Help, v.Captions = noInterpretation(), []HelpCall{}, []Caption{}
	if !m.Inside(reader) { // at the door: the occasion and oneself
		if x, ok := m.Members[reader]; ok {
			v.Members[reader] = x
		}
		v.Chairs, v.Floor = map[PartyID]MemberID{}, emptyFloor()
		if m.Met(reader) {
			v.Ceremony, v.Minutes = m.Ceremony.clone(), m.minutesFor(reader)
			v.Ceremony.Ready = map[PartyID]bool{}
		}
		return &v
	}
	for id, x := range m.Members {
		if m.known(reader, x) {
			v.Members[id] = x
		}
	}
	for _, h := range m.Help {
		if h.Member.Party() == reader.Party() {
			v.Help = append(v.Help, h)
		}
	}
	v.BackRoom, v.Ceremony = m.backRoomFor(reader), m.Ceremony.clone()
	if m.Waits(reader) {
		return m.waitingView(&v, reader)
	}
	v.Chairs, v.Floor = maps.Clone(m.Chairs), m.Floor.clone()
	v.Course, v.Rounds = m.Course.clone(), cloneRounds(m.Rounds)
	v.Terms = m.termsInBooth(reader)
	v.Minutes, v.Readout, v.Recording = m.minutesFor(reader), m.readoutFor(reader), m.Recording.clone()
	v.Documents, v.Shown = m.documentsFor(reader), m.Shown.clone()
	v.Interpretation, v.Captions = m.interpretationFor(reader), slices.Clone(m.Captions)
	for _, c := range m.Chat {
		if c.To.Includes(reader, c.From) {
			v.Chat = append(v.Chat, c)
		}
	}
	v.Chat = v.Chat[max(0, len(v.Chat)-ChatKept):]
	return &v
}

// waitingView is what a principal knows who waits for the go: the own side, the occasion, and which sides are ready; after they were
// together, the minutes of it too.
func (m *Meeting) waitingView(v *Meeting, reader MemberID) *Meeting {
	v.Chairs, v.Floor = map[PartyID]MemberID{}, emptyFloor()
	if x, ok := m.Chairs[reader.Party()]; ok {
		v.Chairs[reader.Party()] = x
	}
	if m.Met(reader) {
		v.Minutes = m.minutesFor(reader)
	}
	for id, c := range m.interpretationFor(reader).Listening {
		if id.Party() == reader.Party() {
			v.Interpretation.Listening[id] = c
		}
	}
	for _, c := range m.Chat {
		if c.From.Party() == reader.Party() && c.To.Includes(reader, c.From) {
			v.Chat = append(v.Chat, c)
		}
	}
	v.Chat = v.Chat[max(0, len(v.Chat)-ChatKept):]
	return v
}

// known: the own side's people always, the others from their admission on, principals who are apart not yet, and nobody else to these.
func (m *Meeting) known(reader MemberID, x Member) bool {
	if !m.Meets(reader, x.ID) {
		return false
	}
	return x.ID.Party() == reader.Party() || x.Standing == Admitted || x.Standing == Removed
}

// Audience says which of those inside may know of an event that has just been applied.
func (m *Meeting) Audience(e Event) Audience { return e.Body.audience(m, &e) }

// AtDesk tells whether an event is for the desk only: those at the table are not sent it.
func AtDesk(e Event) bool {
	_, ok := e.Body.(atDesk)
	return ok
}

// Sees tells whether a reader at the table may know of an event that has just been applied.
func (m *Meeting) Sees(reader MemberID, e Event) bool {
	if AtDesk(e) {
		return false
	}
	about, ok := e.Body.(interface{ about() MemberID })
	switch {
	case m.Inside(reader) && !m.Waits(reader):
		return e.Body.audience(m, &e).Includes(reader, e.By)
	case occasion(e.Body):
		return true
	case ofMinutes(e.Body) && m.Met(reader):
		return e.Body.audience(m, &e).Includes(reader, e.By)
	case !m.Inside(reader):
		return ok && about.about() == reader
	}
	own := e.By.Party() == reader.Party()
	switch e.Body.(type) {
	case ReadyReported:
		return true
	case ChairNamed, ChatSaid, BackRoomEntered, BackRoomLeft, WhisperChanged, HelpCalled, HelpAnswered:
	default:
		own = ok && about.about().Party() == reader.Party()
	}
	return own && e.Body.audience(m, &e).Includes(reader, e.By)
}

// occasion: what everybody may know who has a link.
func occasion(b EventBody) bool {
	switch b.(type) {
	case ConsultationCalled, ConsultationChanged, ConsultationAgreed, ConsultationCancelled, AnswerDeferred,
		RecordingAnnounced, RecordingStarted, RecordingStopped, OffRecordSet:
		return true
	}
	return false
}

func ofMinutes(b EventBody) bool {
	switch b.(type) {
	case ParagraphWritten, ParagraphMoved, ParagraphRemoved, ParagraphProposed, ParagraphCommitted, ParagraphDeclined, ParagraphCommented, CommentSettled,
		SigningKeyRegistered, MinutesSigned, MinutesReopened:
		return true
	}
	return false
}

// Anew tells whether an event that has just been applied opens or closes so much to a reader that they are given the whole picture instead
// of it: with the principals of the other sides goes what is known of them.
func (m *Meeting) Anew(reader MemberID, e Event) bool {
	switch b := e.Body.(type) {
	case MemberAdmitted:
		return b.Member.ID == reader
	case PrincipalsAppeared:
		return m.Members[reader].Role == Head && m.Inside(reader)
	case PrincipalsLeft:
		return m.Inside(reader)
	}
	return false
}

func (ConsultationCalled) audience(*Meeting, *Event) Audience    { return All }
func (ConsultationChanged) audience(*Meeting, *Event) Audience   { return All }
func (ConsultationAgreed) audience(*Meeting, *Event) Audience    { return All }
func (ConsultationCancelled) audience(*Meeting, *Event) Audience { return All }

func (b MemberInvited) audience(m *Meeting, _ *Event) Audience     { return ToParty(b.Member.ID.Party()) }
func (b MemberChanged) audience(m *Meeting, _ *Event) Audience     { return m.aboutAudience(b.Member.ID) }
func (b MemberWithdrawn) audience(m *Meeting, _ *Event) Audience   { return ToParty(b.Member.Party()) }
func (b MemberAdmitted) audience(m *Meeting, _ *Event) Audience    { return m.aboutAudience(b.Member.ID) }
func (b MemberRefused) audience(m *Meeting, _ *Event) Audience     { return ToParty(b.Member.Party()) }
func (b MemberRemoved) audience(m *Meeting, _ *Event) Audience     { return m.aboutAudience(b.Member) }
func (b MemberCame) audience(m *Meeting, _ *Event) Audience        { return m.aboutAudience(b.Member) }
func (b MemberLeft) audience(m *Meeting, _ *Event) Audience        { return m.aboutAudience(b.Member) }
func (b MicrophoneChanged) audience(m *Meeting, _ *Event) Audience { return m.aboutAudience(b.Member) }
func (b CameraChanged) audience(m *Meeting, _ *Event) Audience     { return m.aboutAudience(b.Member) }
func (b ScreenChanged) audience(m *Meeting, _ *Event) Audience     { return m.aboutAudience(b.Member) }
func (b ChatSaid) audience(*Meeting, *Event) Audience              { return b.To }

func (m *Meeting) aboutAudience(id MemberID) Audience {
	if x := m.Members[id]; (x.Standing == Admitted || x.Standing == Removed) && !m.behind(x) {
		return All
	}
	return ToParty(id.Party())
}

func (b MemberInvited) about() MemberID     { return b.Member.ID }
func (b MemberChanged) about() MemberID     { return b.Member.ID }
func (b MemberWithdrawn) about() MemberID   { return b.Member }
func (b MemberAdmitted) about() MemberID    { return b.Member.ID }
func (b MemberRefused) about() MemberID     { return b.Member }
func (b MemberRemoved) about() MemberID     { return b.Member }
func (b MemberCame) about() MemberID        { return b.Member }
func (b MemberLeft) about() MemberID        { return b.Member }
func (b MicrophoneChanged) about() MemberID { return b.Member }
func (b CameraChanged) about() MemberID     { return b.Member }
func (b ScreenChanged) about() MemberID     { return b.Member }
