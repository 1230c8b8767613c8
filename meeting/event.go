package meeting

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// Event is a fact of the meeting. It names the party whose fact it is.
type Event struct {
	Seq   uint64    `json:"seq"`
	At    time.Time `json:"at"`
	Party PartyID   `json:"party"`
	By    MemberID  `json:"by"`
	Type  EventType `json:"type"`
	Body  EventBody `json:"body"`
}

// EventType is the event's name on the wire, in the store and in the client: noun and past participle.
type EventType string

// EventBody is what one type of event says.
type EventBody interface {
	Type() EventType
	// apply changes the state; it cannot fail, since Decide allowed it.
	apply(m *Meeting, e *Event)
	// audience says who may know of it. Called with the state in which the event has been applied.
	audience(m *Meeting, e *Event) Audience
	// lasting events outlive the process; the others say who is connected and what they send.
	lasting() bool
}

// The events.
type (
	// ConsultationCalled is the first event.
	ConsultationCalled struct {
		Joint    Joint `json:"joint"`
		OpenDoor bool  `json:"openDoor,omitempty"`
	}
	// ConsultationChanged carries the whole of the joint facts as one side now proposes them.
	ConsultationChanged struct {
		Joint   Joint `json:"joint"`
		Version int   `json:"version"`
	}
	// ConsultationAgreed says that the event's party agrees to a version of the joint facts.
	ConsultationAgreed struct {
		Version int `json:"version"`
	}
	// ConsultationCancelled ends it.
	ConsultationCancelled struct{}

	// MemberInvited adds a person to a delegation; only the own side knows.
	MemberInvited struct {
		Member Member `json:"member"`
	}
	// MemberChanged corrects name, function, role or language.
	MemberChanged struct {
		Member Member `json:"member"`
	}
	// MemberWithdrawn takes an invitation back.
	MemberWithdrawn struct {
		Member MemberID `json:"member"`
	}
	// MemberAdmitted lets a person in; from now on all sides know them, so it carries the whole member.
	MemberAdmitted struct {
		Member Member `json:"member"`
	}
	// MemberRefused turns a person away at the door.
	MemberRefused struct {
		Member MemberID `json:"member"`
	}
	// MemberRemoved takes a person out of the meeting.
	MemberRemoved struct {
		Member MemberID `json:"member"`
	}
	// MemberCame says that a person is connected: in the lobby, or at the table if admitted.
	MemberCame struct {
		Member MemberID `json:"member"`
	}
	// MemberLeft says that a person's connection ended.
	MemberLeft struct {
		Member MemberID `json:"member"`
	}

	// MicrophoneChanged, CameraChanged and ScreenChanged say what a member sends.
	MicrophoneChanged struct {
		Member MemberID `json:"member"`
		On     bool     `json:"on"`
	}
	// CameraChanged see MicrophoneChanged.
	CameraChanged struct {
		Member MemberID `json:"member"`
		On     bool     `json:"on"`
	}
	// ScreenChanged see MicrophoneChanged.
	ScreenChanged struct {
		Member MemberID `json:"member"`
		On     bool     `json:"on"`
	}

	// ChatSaid is one line of chat.
	ChatSaid struct {
		To   Audience `json:"to"`
		Text string   `json:"text"`
	}
)

// EventBodies lists one of each, for decoding and for the client's types.
func EventBodies() []EventBody {
	return []EventBody{ConsultationCalled{}, ConsultationChanged{}, ConsultationAgreed{}, ConsultationCancelled{},
		MemberInvited{}, MemberChanged{}, MemberWithdrawn{}, MemberAdmitted{}, MemberRefused{}, MemberRemoved{}, MemberCame{}, MemberLeft{},
		MicrophoneChanged{}, CameraChanged{}, ScreenChanged{}, ChatSaid{},
		ChairNamed{}, FloorAsked{}, FloorWithdrawn{}, FloorGranted{}, FloorTakenBack{}, FloorGivenBack{}, FloorChanged{},
		BackRoomEntered{}, BackRoomLeft{}, WhisperChanged{},
		ItemTaken{}, ItemClosed{}, DecisionNoted{}, TextPut{}, TextAnswered{}, TextWithdrawn{},
		DocumentShared{}, DocumentAttached{}, DocumentWithdrawn{}, DocumentShown{}, PageTurned{}, DocumentHidden{},
		ReadyReported{}, PrincipalsAppeared{}, PrincipalsLeft{}, AnswerDeferred{},
		ParagraphWritten{}, ParagraphMoved{}, ParagraphRemoved{}, ParagraphProposed{}, ParagraphCommitted{}, ParagraphDeclined{}, ParagraphCommented{}, CommentSettled{},
		SigningKeyRegistered{}, MinutesSigned{}, MinutesReopened{},
		RecordingAgreed{}, RecordingAnnounced{}, RecordingStarted{}, RecordingStopped{}, OffRecordSet{}, RecordingConsented{}, RecordingFiled{}, RecordingReleased{},
		AccountWritten{}, ElementWritten{}, ElementCommitted{}, ElementDeclined{}, EmbargoProposed{}, EmbargoAnswered{}, EmbargoSet{}, ReadinessSaid{}, ReadinessWithdrawn{}, AloneAnnounced{},
		ReadoutPublished{}, ReadoutCorrected{},
		InterpreterAssigned{}, BoothLanguagesSet{}, OverrideChanged{}, WentOnAir{}, WentOffAir{}, HandoverOffered{}, InterpretationSuspended{}, InterpretationResumed{},
		HearingChosen{}, FloorLanguageMarked{}, SlowerAsked{}, HelpCalled{}, HelpAnswered{}, CaptionSaid{}, SoundChecked{},
		AgreementProposed{}, AgreementAgreed{}, AgreementWithdrawn{}, ResponsibleNamed{}, ProgressReported{}, MilestoneMarked{},
		ObstacleRaised{}, ObstacleCleared{}, EvidenceAdded{}, EvidenceWithdrawn{}, CopyTaken{}, KeyReplaced{}, ThingErased{},
		TermsWritten{}, TermsAgreed{}, TermWithdrawn{}}
}

func (ConsultationCalled) Type() EventType    { return "consultation.called" }
func (ConsultationChanged) Type() EventType   { return "consultation.changed" }
func (ConsultationAgreed) Type() EventType    { return "consultation.agreed" }
func (ConsultationCancelled) Type() EventType { return "consultation.cancelled" }
func (MemberInvited) Type() EventType         { return "member.invited" }
func (MemberChanged) Type() EventType         { return "member.changed" }
func (MemberWithdrawn) Type() EventType       { return "member.withdrawn" }
func (MemberAdmitted) Type() EventType        { return "member.admitted" }
func (MemberRefused) Type() EventType         { return "member.refused" }
func (MemberRemoved) Type() EventType         { return "member.removed" }
func (MemberCame) Type() EventType            { return "member.came" }
func (MemberLeft) Type() EventType            { return "member.left" }
func (MicrophoneChanged) Type() EventType     { return "microphone.changed" }
func (CameraChanged) Type() EventType         { return "camera.changed" }
func (ScreenChanged) Type() EventType         { return "screen.changed" }
func (ChatSaid) Type() EventType              { return "chat.said" }

func (ConsultationCalled) lasting() bool    { return true }
func (ConsultationChanged) lasting() bool   { return true }
func (ConsultationAgreed) lasting() bool    { return true }
func (ConsultationCancelled) lasting() bool { return true }
func (MemberInvited) lasting() bool         { return true }
func (MemberChanged) lasting() bool         { return true }
func (MemberWithdrawn) lasting() bool       { return true }
func (MemberAdmitted) lasting() bool        { return true }
func (MemberRefused) lasting() bool         { return true }
func (MemberRemoved) lasting() bool         { return true }
func (MemberCame) lasting() bool            { return false }
func (MemberLeft) lasting() bool            { return false }
func (MicrophoneChanged) lasting() bool     { return false }
func (CameraChanged) lasting() bool         { return false }
func (ScreenChanged) lasting() bool         { return false }
func (ChatSaid) lasting() bool              { return true }

// Lasting tells whether the event belongs into the record: it must be stored before anybody hears of it.
func (e Event) Lasting() bool { return e.Body.lasting() }

// UnmarshalJSON finds the body's type by the event's type.
func (e *Event) UnmarshalJSON(b []byte) error {
	var raw struct {
		Seq   uint64          `json:"seq"`
		At    time.Time       `json:"at"`
		Party PartyID         `json:"party"`
		By    MemberID        `json:"by"`
		Type  EventType       `json:"type"`
		Body  json.RawMessage `json:"body"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	body, err := DecodeEventBody(raw.Type, raw.Body)
	if err != nil {
		return err
	}
	*e = Event{raw.Seq, raw.At, raw.Party, raw.By, body.Type(), body}
	return nil
}

// DecodeEventBody reads the body of a stored event. A hand of an early record is a request for the floor.
func DecodeEventBody(t EventType, b []byte) (EventBody, error) {
	switch t {
	case "hand.raised":
		t = FloorAsked{}.Type()
	case "hand.lowered":
		t = FloorWithdrawn{}.Type()
	}
	for _, x := range EventBodies() {
		if x.Type() == t {
			v := reflect.New(reflect.TypeOf(x))
			if err := json.Unmarshal(b, v.Interface()); err != nil {
				return nil, fmt.Errorf("event %s: %w", t, err)
			}
			return v.Elem().Interface().(EventBody), nil
		}
	}
	return nil, fmt.Errorf("event %q is unknown", t)
}
