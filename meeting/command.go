package meeting

import (
	"bytes"
	"encoding/json"
	"reflect"
)

// CommandType is the command's name on the wire: noun and imperative.
type CommandType string

// Command is what a member wants. Decide answers it.
type Command interface {
	Type() CommandType
	decide(m *Meeting, by MemberID) ([]EventBody, error)
}

// The commands.
type (
	// CallConsultation begins a consultation; the caller becomes its first member, as secretary of their party.
	CallConsultation struct {
		Joint     Joint  `json:"joint"`
		Secretary Person `json:"secretary"`
		OpenDoor  bool   `json:"openDoor,omitempty"`
	}
	// TakeUp makes a secretary of one of the parties a member. The door has found out that they are that party's secretary.
	TakeUp struct {
		Secretary Person `json:"secretary"`
	}
	// ChangeConsultation proposes other joint facts; Version is the one that the secretary saw.
	ChangeConsultation struct {
		Joint   Joint `json:"joint"`
		Version int   `json:"version"`
	}
	// AgreeConsultation agrees to the version that the secretary saw.
	AgreeConsultation struct {
		Version int `json:"version"`
	}
	// CancelConsultation ends it, for all sides.
	CancelConsultation struct{}

	// InviteMember adds one of the own people. Person.ID is chosen by the door.
	InviteMember struct {
		Person Person `json:"person"`
	}
	// ChangeMember corrects one of the own people.
	ChangeMember struct {
		Person Person `json:"person"`
	}
	// WithdrawMember takes an own person's invitation back.
	WithdrawMember struct {
		Member MemberID `json:"member"`
	}
	// AdmitMembers lets own people in; empty: all who wait.
	AdmitMembers struct {
		Members []MemberID `json:"members"`
	}
	// RefuseMember turns an own person away.
	RefuseMember struct {
		Member MemberID `json:"member"`
	}
	// RemoveMember takes an own person out of the meeting.
	RemoveMember struct {
		Member MemberID `json:"member"`
	}

	// Come and Leave are given by the door for the member's connection.
	Come struct{}
	// Leave see Come.
	Leave struct{}

	// SetMicrophone, SetCamera and SetScreen say what I send from now on.
	SetMicrophone struct {
		On bool `json:"on"`
	}
	// SetCamera see SetMicrophone.
	SetCamera struct {
		On bool `json:"on"`
	}
	// SetScreen see SetMicrophone.
	SetScreen struct {
		On bool `json:"on"`
	}
	// SayChat writes to all, to my side, or to one person.
	SayChat struct {
		To   Audience `json:"to"`
		Text string   `json:"text"`
	}
)

// Person is what a secretary says of somebody.
type Person struct {
	ID       PersonID `json:"id"`
	Name     string   `json:"name"`
	Function string   `json:"function,omitempty"`
	Role     Role     `json:"role"`
	Language Language `json:"language"`
}

func (CallConsultation) Type() CommandType   { return "consultation.call" }
func (TakeUp) Type() CommandType             { return "consultation.take-up" }
func (ChangeConsultation) Type() CommandType { return "consultation.change" }
func (AgreeConsultation) Type() CommandType  { return "consultation.agree" }
func (CancelConsultation) Type() CommandType { return "consultation.cancel" }
func (InviteMember) Type() CommandType       { return "member.invite" }
func (ChangeMember) Type() CommandType       { return "member.change" }
func (WithdrawMember) Type() CommandType     { return "member.withdraw" }
func (AdmitMembers) Type() CommandType       { return "member.admit" }
func (RefuseMember) Type() CommandType       { return "member.refuse" }
func (RemoveMember) Type() CommandType       { return "member.remove" }
func (Come) Type() CommandType               { return "member.come" }
func (Leave) Type() CommandType              { return "member.leave" }
func (SetMicrophone) Type() CommandType      { return "microphone.set" }
func (SetCamera) Type() CommandType          { return "camera.set" }
func (SetScreen) Type() CommandType          { return "screen.set" }
func (SayChat) Type() CommandType            { return "chat.say" }

// MemberCommands are those that a person may give over the wire, from the table.
func MemberCommands() []Command {
	return []Command{SetMicrophone{}, SetCamera{}, SetScreen{}, SayChat{},
		AdmitMembers{}, RefuseMember{}, RemoveMember{},
		NameChair{}, AskFloor{}, WithdrawFloor{}, GrantFloor{}, TakeFloorBack{}, GiveFloorBack{}, SetFloor{},
		EnterBackRoom{}, LeaveBackRoom{}, Whisper{},
		TakeItem{}, CloseItem{}, NoteDecision{}, PutText{}, AnswerText{}, WithdrawText{},
		ShowDocument{}, TurnPage{}, HideDocument{},
		ReportReady{}, BeginTogether{}, EndTogether{},
		AgreeRecording{}, StopRecording{}, GoOffRecord{}, ConsentRecording{}, ReleaseRecording{},
		WriteParagraph{}, MoveParagraph{}, RemoveParagraph{}, ProposeParagraph{}, CommitParagraph{}, DeclineParagraph{}, CommentParagraph{}, SettleComment{}, ReopenMinutes{},
		AssignInterpreter{}, SetBoothLanguages{}, SetOverride{}, GoOnAir{}, GoOffAir{}, OfferHandover{}, AcceptHandover{}, TakeOver{},
		SuspendInterpretation{}, ResumeInterpretation{}, ListenTo{}, MarkFloorLanguage{}, AskSlower{}, CallForHelp{}, AnswerHelp{}, SayCaption{}, CheckSound{},
		NoteTerm{}, WithdrawTerm{}}
}

// DeskCommands are those that a secretary may give from the desk.
func DeskCommands() []Command {
	return []Command{ChangeConsultation{}, AgreeConsultation{}, CancelConsultation{}, AnswerLater{}, InviteMember{}, ChangeMember{}, WithdrawMember{},
		AdmitMembers{}, RefuseMember{}, RemoveMember{}, NameChair{}, AttachDocument{}, WithdrawDocument{},
		AssignInterpreter{}, SetBoothLanguages{}, SetOverride{}, ReleaseRecording{},
		WriteParagraph{}, MoveParagraph{}, RemoveParagraph{}, ProposeParagraph{}, CommitParagraph{}, DeclineParagraph{}, CommentParagraph{}, SettleComment{}, ReopenMinutes{},
		WriteAccount{}, PutElement{}, AgreeElement{}, DeclineElement{}, ProposeEmbargo{}, AnswerEmbargo{}, SayReady{}, AnnounceAlone{}, CorrectReadout{}}
}

// DecodeCommand reads one of the allowed commands; anything else is a Refusal.
func DecodeCommand(allowed []Command, t CommandType, b []byte) (Command, error) {
	for _, x := range allowed {
		if x.Type() != t {
			continue
		}
		v := reflect.New(reflect.TypeOf(x))
		if len(b) > 0 {
			d := json.NewDecoder(bytes.NewReader(b))
			d.DisallowUnknownFields()
			if d.Decode(v.Interface()) != nil {
				return nil, refuse(CommandUnknown)
			}
		}
		return v.Elem().Interface().(Command), nil
	}
	return nil, refuse(CommandUnknown)
}
