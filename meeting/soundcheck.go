package meeting

import "slices"

// SoundResult is what a sound check found; all but the first are a fail.
type SoundResult string

// The results, as the member's own client measured them.
const (
	SoundPassed  SoundResult = "passed"
	SoundSilent  SoundResult = "silent"  // nothing came from the microphone
	SoundQuiet   SoundResult = "quiet"   // speech below -35 dBFS
	SoundClipped SoundResult = "clipped" // too loud for the microphone
	SoundNarrow  SoundResult = "narrow"  // nothing above 5 kHz: a telephone's sound, from which nobody can interpret for long
)

// SoundResults lists them all.
func SoundResults() []SoundResult {
	return []SoundResult{SoundPassed, SoundSilent, SoundQuiet, SoundClipped, SoundNarrow}
}

// CheckSound says how my microphone is, before the meeting or in it.
type CheckSound struct {
	Result SoundResult `json:"result"`
}

// SoundChecked see CheckSound.
type SoundChecked struct {
	Member MemberID    `json:"member"`
	Result SoundResult `json:"result"`
}

func (CheckSound) Type() CommandType                          { return "sound.check" }
func (SoundChecked) Type() EventType                          { return "sound.checked" }
func (SoundChecked) lasting() bool                            { return true }
func (b SoundChecked) about() MemberID                        { return b.Member }
func (b SoundChecked) audience(m *Meeting, _ *Event) Audience { return m.aboutAudience(b.Member) }

// decide is allowed at the door: a check is for before.
func (c CheckSound) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, ok := m.Members[by]
	switch {
	case !ok || x.Standing != Invited && x.Standing != Admitted:
		return nil, refuse(NotAdmitted)
	case m.Cancelled != nil:
		return nil, refuse(IsCancelled)
	case !x.Role.speaks():
		return nil, refuse(NotYourRole)
	case !slices.Contains(SoundResults(), c.Result):
		return nil, refuse(CommandUnknown)
	case x.Sound == c.Result:
		return nil, nil
	}
	return one(SoundChecked{Member: by, Result: c.Result})
}

func (b SoundChecked) apply(m *Meeting, _ *Event) {
	m.change(b.Member, func(x *Member) { x.Sound = b.Result })
}
