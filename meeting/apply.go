package meeting

import "slices"

// Apply changes the state by one event, in order of Seq. The client's reducer does the same; golden transcripts keep them equal.
func (m *Meeting) Apply(e Event) {
	e.Body.apply(m, &e)
	m.Seq = e.Seq
}

// Restore folds stored events. Who is connected and what they send did not outlive the process that stored them.
func Restore(id ConsultationID, events []Event) *Meeting {
	m := New(id)
	for _, e := range events {
		m.Apply(e)
	}
	for k, x := range m.Members {
		x.Present, x.Microphone, x.Camera, x.Screen = false, false, false, false
		m.Members[k] = x
	}
	m.Interpretation.asleep()
	return m
}

func (b ConsultationCalled) apply(m *Meeting, e *Event) {
	m.Joint, m.OpenDoor, m.ConvenedBy, m.Version = b.Joint, b.OpenDoor, e.Party, 1
	m.Agreed[e.Party] = 1
}

func (b ConsultationChanged) apply(m *Meeting, e *Event) {
	m.Joint, m.Version = b.Joint, b.Version
	m.Agreed[e.Party] = b.Version
	m.languagesChanged()
}

func (b ConsultationAgreed) apply(m *Meeting, e *Event) {
	m.Agreed[e.Party] = b.Version
	delete(m.Deferred, e.Party)
}

func (b ConsultationCancelled) apply(m *Meeting, e *Event) {
	m.Cancelled = &Cancellation{Party: e.Party, At: e.At}
}

func (b MemberInvited) apply(m *Meeting, _ *Event)   { m.Members[b.Member.ID] = b.Member }
func (b MemberWithdrawn) apply(m *Meeting, _ *Event) { delete(m.Members, b.Member) }
func (b MemberAdmitted) apply(m *Meeting, _ *Event)  { m.Members[b.Member.ID] = b.Member }

func (b MemberChanged) apply(m *Meeting, _ *Event) {
	if old := m.Members[b.Member.ID]; old.Booth != b.Member.Booth {
		m.offAir(old.ID)
	} else if old.Language != b.Member.Language {
		delete(m.Interpretation.Spoken, old.ID)
	}
	m.Members[b.Member.ID] = b.Member
}

func (b MemberRefused) apply(m *Meeting, e *Event) { m.dismiss(b.Member, Refused, e) }
func (b MemberRemoved) apply(m *Meeting, e *Event) { m.dismiss(b.Member, Removed, e) }

func (m *Meeting) dismiss(id MemberID, s Standing, e *Event) {
	m.change(id, func(x *Member) {
		x.Standing, x.Present, x.Microphone, x.Camera, x.Screen = s, false, false, false, false
	})
	m.offAir(id)
	m.unask(id)
	m.leaveBackRoom(id)
	if m.Floor.Speaker == id {
		m.endTurn(e.At)
	}
}

// change edits a member that is known; events about others are not for this view.
func (m *Meeting) change(id MemberID, f func(*Member)) {
	if x, ok := m.Members[id]; ok {
		f(&x)
		m.Members[id] = x
	}
}

func (b MemberCame) apply(m *Meeting, _ *Event) {
	m.change(b.Member, func(x *Member) { x.Present = true })
}

func (b MemberLeft) apply(m *Meeting, _ *Event) {
	m.change(b.Member, func(x *Member) { x.Present, x.Microphone, x.Camera, x.Screen = false, false, false, false })
	m.offAir(b.Member)
}

func (b MicrophoneChanged) apply(m *Meeting, _ *Event) {
	m.change(b.Member, func(x *Member) { x.Microphone = b.On })
}

func (b CameraChanged) apply(m *Meeting, _ *Event) {
	m.change(b.Member, func(x *Member) { x.Camera = b.On })
}

func (b ScreenChanged) apply(m *Meeting, _ *Event) {
	m.change(b.Member, func(x *Member) { x.Screen = b.On })
}

// The state keeps the last ChatKept of each conversation, so that every reader's last ChatKept are among them (see View).
// One without words was erased from the record.
func (b ChatSaid) apply(m *Meeting, e *Event) {
	if b.Text == "" {
		return
	}
	said := Message{Seq: e.Seq, At: e.At, From: e.By, To: b.To, Text: b.Text}
	m.Chat = append(m.Chat, said)
	if len(m.Chat) <= ChatKept {
		return
	}
	oldest, n := 0, 0
	for i := len(m.Chat) - 1; i >= 0 && n <= ChatKept; i-- {
		if m.Chat[i].conversation() == said.conversation() {
			oldest, n = i, n+1
		}
	}
	if n > ChatKept {
		m.Chat = slices.Delete(m.Chat, oldest, oldest+1)
	}
}

// conversation is what a message belongs to: all, a side, or two people, whichever of them wrote.
func (c Message) conversation() [2]string {
	a, b := string(c.From), string(c.To.Member())
	if l, _ := c.To.Booth(); l != "" {
		return [2]string{"booth", string(l)}
	}
	switch {
	case b == "":
		return [2]string{string(c.To)}
	case b < a:
		a, b = b, a
	}
	return [2]string{a, b}
}
