package meeting

import (
	"maps"
	"slices"
	"time"
)

// MaxInterpreters of one booth: two take turns, four carry a long day.
const MaxInterpreters = 4

// Interpretation is who interprets into which language, who listens to what, and what is spoken on the floor.
type Interpretation struct {
	Override  bool                  `json:"override"` // who goes on air takes the channel from whoever has it; otherwise it must be free
	Floor     Language              `json:"floor"`    // the language being spoken to all; empty until somebody has spoken
	Speaker   MemberID              `json:"speaker"`  // whose words it is the language of
	Spoken    map[MemberID]Language `json:"spoken"`   // what a person speaks here, where it is not their own language
	Booths    map[Language]Booth    `json:"booths"`
	Listening map[MemberID]Choice   `json:"listening"`        // a reader knows their own and the interpreters'
	Slower    *time.Time            `json:"slower,omitempty"` // when the speaker was last asked to speak more slowly
}

func noInterpretation() Interpretation {
	return Interpretation{Spoken: map[MemberID]Language{}, Booths: map[Language]Booth{}, Listening: map[MemberID]Choice{}}
}

// Booth is the interpreters into one language. Who they are stands with each member (Member.Booth).
type Booth struct {
	From   []Language `json:"from"`             // that it works from, the best first
	Second Language   `json:"second,omitempty"` // the outgoing language B; A is the booth's own

	// What lasts until the booth's people leave or the node restarts.
	OnAir    MemberID   `json:"onAir,omitempty"`
	Outgoing Language   `json:"outgoing,omitempty"` // the channel that the one on air speaks into
	Since    *time.Time `json:"since,omitempty"`    // when the turn began
	Offered  bool       `json:"offered,omitempty"`  // the one on air asks to be taken over from

	Suspended Suspension `json:"suspended,omitempty"` // no interpretation, and why
}

// Suspension says why a booth does not interpret.
type Suspension string

// Reasons: what comes in is not fit to be interpreted from, or the booth says no more than that it pauses.
const (
	SuspendedSound Suspension = "sound"
	SuspendedPause Suspension = "pause"
)

// Suspensions lists them all.
func Suspensions() []Suspension { return []Suspension{SuspendedSound, SuspendedPause} }

// OffAirReason says why a turn ended without a successor.
type OffAirReason string

// Reasons. A handover is none: there the next one is on air in the same event.
const (
	OffReleased   OffAirReason = "released"   // switched off by the interpreter
	OffLost       OffAirReason = "lost"       // nothing comes from the interpreter any more
	OffOverridden OffAirReason = "overridden" // another booth took the channel
	OffSuspended  OffAirReason = "suspended"
)

// OffAirReasons lists them all.
func OffAirReasons() []OffAirReason {
	return []OffAirReason{OffReleased, OffLost, OffOverridden, OffSuspended}
}

// The commands of a booth.
type (
	// AssignInterpreter puts an own interpreter into a booth, by the side's secretary; an empty booth takes them out.
	AssignInterpreter struct {
		Member MemberID `json:"member"`
		Booth  Language `json:"booth"`
	}
	// SetBoothLanguages says what a booth works from and its second outgoing language, by its interpreters or a secretary.
	SetBoothLanguages struct {
		Booth  Language   `json:"booth"`
		From   []Language `json:"from"`
		Second Language   `json:"second,omitempty"`
	}
	// SetOverride changes between interlock and override, for all booths; by a secretary.
	SetOverride struct {
		On bool `json:"on"`
	}
	// GoOnAir opens the microphone into a channel: one of the booth's two; empty is the booth's own language.
	GoOnAir struct {
		Outgoing Language `json:"outgoing,omitempty"`
	}
	// GoOffAir closes it.
	GoOffAir struct {
		Lost bool `json:"lost,omitempty"` // not wanted: the machine has lost the microphone
	}
	// LoseAir is given by the room when nothing comes any more from whoever is on air.
	LoseAir struct{}
	// OfferHandover asks a colleague to take over, or takes that back.
	OfferHandover struct {
		On bool `json:"on"`
	}
	// AcceptHandover takes over what was offered: both are never on air, and never neither.
	AcceptHandover struct{}
	// TakeOver takes the microphone from a colleague of the booth without an offer. From is whom one saw on air: where it has become another
	// meanwhile, a second one who takes over at the same moment is refused. Empty: whoever it is.
	TakeOver struct {
		From MemberID `json:"from,omitempty"`
	}
	// SuspendInterpretation says that the booth cannot interpret; the floor is heard instead.
	SuspendInterpretation struct {
		Reason Suspension `json:"reason"`
	}
	// ResumeInterpretation ends that; going on air does too.
	ResumeInterpretation struct{}
)

// The events of a booth.
type (
	// InterpreterAssigned puts a member into a booth, or out of any.
	InterpreterAssigned struct {
		Member MemberID `json:"member"`
		Booth  Language `json:"booth"`
	}
	// BoothLanguagesSet see SetBoothLanguages.
	BoothLanguagesSet struct {
		Booth  Language   `json:"booth"`
		From   []Language `json:"from"`
		Second Language   `json:"second,omitempty"`
	}
	// OverrideChanged see SetOverride.
	OverrideChanged struct {
		On bool `json:"on"`
	}
	// WentOnAir says whose microphone feeds which channel from now on; whoever was on air in the booth no longer is.
	WentOnAir struct {
		Booth    Language `json:"booth"`
		Member   MemberID `json:"member"`
		Outgoing Language `json:"outgoing"`
	}
	// WentOffAir says that nobody of the booth is on air.
	WentOffAir struct {
		Booth  Language     `json:"booth"`
		Member MemberID     `json:"member"`
		Reason OffAirReason `json:"reason"`
	}
	// HandoverOffered see OfferHandover.
	HandoverOffered struct {
		Booth  Language `json:"booth"`
		Member MemberID `json:"member"`
		On     bool     `json:"on"`
	}
	// InterpretationSuspended see SuspendInterpretation.
	InterpretationSuspended struct {
		Booth  Language   `json:"booth"`
		Reason Suspension `json:"reason"`
	}
	// InterpretationResumed see ResumeInterpretation.
	InterpretationResumed struct {
		Booth Language `json:"booth"`
	}
)

func (AssignInterpreter) Type() CommandType     { return "interpreter.assign" }
func (SetBoothLanguages) Type() CommandType     { return "booth.set-languages" }
func (SetOverride) Type() CommandType           { return "override.set" }
func (GoOnAir) Type() CommandType               { return "air.go-on" }
func (GoOffAir) Type() CommandType              { return "air.go-off" }
func (LoseAir) Type() CommandType               { return "air.lose" }
func (OfferHandover) Type() CommandType         { return "handover.offer" }
func (AcceptHandover) Type() CommandType        { return "handover.accept" }
func (TakeOver) Type() CommandType              { return "air.take-over" }
func (SuspendInterpretation) Type() CommandType { return "interpretation.suspend" }
func (ResumeInterpretation) Type() CommandType  { return "interpretation.resume" }

func (InterpreterAssigned) Type() EventType     { return "interpreter.assigned" }
func (BoothLanguagesSet) Type() EventType       { return "booth.languages-set" }
func (OverrideChanged) Type() EventType         { return "override.changed" }
func (WentOnAir) Type() EventType               { return "air.went-on" }
func (WentOffAir) Type() EventType              { return "air.went-off" }
func (HandoverOffered) Type() EventType         { return "handover.offered" }
func (InterpretationSuspended) Type() EventType { return "interpretation.suspended" }
func (InterpretationResumed) Type() EventType   { return "interpretation.resumed" }

// Who is on air ends with the process: coming back puts nobody there.
func (InterpreterAssigned) lasting() bool     { return true }
func (BoothLanguagesSet) lasting() bool       { return true }
func (OverrideChanged) lasting() bool         { return true }
func (WentOnAir) lasting() bool               { return false }
func (WentOffAir) lasting() bool              { return false }
func (HandoverOffered) lasting() bool         { return false }
func (InterpretationSuspended) lasting() bool { return true }
func (InterpretationResumed) lasting() bool   { return true }

func (b InterpreterAssigned) audience(m *Meeting, _ *Event) Audience {
	return m.aboutAudience(b.Member)
}
func (BoothLanguagesSet) audience(*Meeting, *Event) Audience       { return All }
func (OverrideChanged) audience(*Meeting, *Event) Audience         { return All }
func (WentOnAir) audience(*Meeting, *Event) Audience               { return All }
func (WentOffAir) audience(*Meeting, *Event) Audience              { return All }
func (HandoverOffered) audience(*Meeting, *Event) Audience         { return All }
func (InterpretationSuspended) audience(*Meeting, *Event) Audience { return All }
func (InterpretationResumed) audience(*Meeting, *Event) Audience   { return All }

func (b InterpreterAssigned) about() MemberID { return b.Member }

// ---- reading --------------------------------------------------------------------------------------------------------

// Interpreted tells whether there is interpretation: somebody who is admitted, and so known to all, has a booth.
func (m *Meeting) Interpreted() bool {
	for _, x := range m.Members {
		if x.Booth != "" && x.Standing == Admitted {
			return true
		}
	}
	return false
}

// Booth is that of a language, as it stands.
func (m *Meeting) Booth(l Language) Booth { return m.Interpretation.Booths[l] }

// feeder is the booth whose microphone is a channel's sound now, if there is one.
func (m *Meeting) feeder(channel Language) (Language, bool) {
	for _, l := range m.Joint.Languages {
		if b := m.Booth(l); b.OnAir != "" && b.Outgoing == channel && b.Suspended == "" {
			return l, true
		}
	}
	return "", false
}

// boothPeople are those at the table who work in a booth, in the order of their ids.
func (m *Meeting) boothPeople(l Language) []MemberID {
	var out []MemberID
	for id, x := range m.Members {
		if x.Booth == l && x.Standing == Admitted {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// InBooth tells whether two members work in the same booth.
func (m *Meeting) InBooth(a, b MemberID) bool {
	x, y := m.Members[a], m.Members[b]
	return x.Booth != "" && x.Booth == y.Booth
}

// OnAir tells whether a member's microphone is a channel's sound.
func (m *Meeting) OnAir(id MemberID) bool {
	return m.Members[id].Booth != "" && m.Booth(m.Members[id].Booth).OnAir == id
}

// ---- deciding -------------------------------------------------------------------------------------------------------

func (c AssignInterpreter) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.own(by, c.Member)
	switch {
	case err != nil:
		return nil, err
	case x.Role != Interpreter && c.Booth != "":
		return nil, refuse(RoleWrong)
	case c.Booth != "" && !slices.Contains(m.Joint.Languages, c.Booth):
		return nil, refuse(LanguagesWrong, "max", MaxLanguages)
	case x.Booth == c.Booth:
		return nil, nil
	}
	n := 0
	for _, y := range m.Members {
		if y.Booth == c.Booth && (y.Standing == Invited || y.Standing == Admitted) {
			n++
		}
	}
	if c.Booth != "" && n >= MaxInterpreters {
		return nil, refuse(BoothFull, "max", MaxInterpreters)
	}
	return one(InterpreterAssigned(c))
}

func (c SetBoothLanguages) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, ok := m.Members[by]
	if !ok || x.Standing != Admitted {
		return nil, refuse(NotAdmitted)
	}
	if m.Cancelled != nil {
		return nil, refuse(IsCancelled)
	}
	if x.Role != Secretary && (x.Booth == "" || x.Booth != c.Booth) {
		return nil, refuse(NotYourBooth)
	}
	for i, l := range append([]Language{c.Booth}, c.From...) {
		if !slices.Contains(m.Joint.Languages, l) || i > 0 && (l == c.Booth && c.Second == "" || slices.Contains(c.From[:i-1], l)) {
			return nil, refuse(LanguagesWrong, "max", MaxLanguages)
		}
	}
	if c.Second != "" && (c.Second == c.Booth || !slices.Contains(m.Joint.Languages, c.Second)) {
		return nil, refuse(LanguagesWrong, "max", MaxLanguages)
	}
	c.From = append([]Language{}, c.From...)
	old := m.Booth(c.Booth)
	if slices.Equal(old.From, c.From) && old.Second == c.Second {
		return nil, nil
	}
	var out []EventBody
	if old.OnAir != "" && old.Outgoing != c.Booth && old.Outgoing != c.Second {
		out = append(out, WentOffAir{Booth: c.Booth, Member: old.OnAir, Reason: OffReleased})
	}
	return append(out, BoothLanguagesSet(c)), nil
}

func (c SetOverride) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.secretary(by); err != nil {
		return nil, err
	}
	if m.Interpretation.Override == c.On {
		return nil, nil
	}
	return one(OverrideChanged(c))
}

// ---- applying -------------------------------------------------------------------------------------------------------

func (m *Meeting) changeBooth(l Language, f func(*Booth)) {
	b, ok := m.Interpretation.Booths[l]
	if !ok {
		b.From = []Language{}
	}
	f(&b)
	m.Interpretation.Booths[l] = b
}

// offAir ends a turn, if the member has one. What they listen to is theirs to say anew.
func (m *Meeting) offAir(id MemberID) {
	for l, b := range m.Interpretation.Booths {
		if b.OnAir == id {
			m.changeBooth(l, (*Booth).silence)
		}
	}
	delete(m.Interpretation.Listening, id)
}

func (b *Booth) silence() { b.OnAir, b.Outgoing, b.Since, b.Offered = "", "", nil, false }

func (b InterpreterAssigned) apply(m *Meeting, _ *Event) {
	m.offAir(b.Member)
	m.change(b.Member, func(x *Member) {
		x.Booth = b.Booth
		x.Microphone = x.Microphone && b.Booth == ""
	})
}

func (b BoothLanguagesSet) apply(m *Meeting, _ *Event) {
	m.changeBooth(b.Booth, func(x *Booth) { x.From, x.Second = b.From, b.Second })
}

func (b OverrideChanged) apply(m *Meeting, _ *Event) { m.Interpretation.Override = b.On }

func (b WentOnAir) apply(m *Meeting, e *Event) {
	m.changeBooth(b.Booth, func(x *Booth) {
		if x.OnAir != b.Member {
			x.Since = &e.At
		}
		x.OnAir, x.Outgoing, x.Offered = b.Member, b.Outgoing, false
	})
}

func (b WentOffAir) apply(m *Meeting, _ *Event) { m.changeBooth(b.Booth, (*Booth).silence) }

func (b HandoverOffered) apply(m *Meeting, _ *Event) {
	m.changeBooth(b.Booth, func(x *Booth) { x.Offered = b.On })
}

func (b InterpretationSuspended) apply(m *Meeting, _ *Event) {
	m.changeBooth(b.Booth, func(x *Booth) { x.Suspended = b.Reason })
}

func (b InterpretationResumed) apply(m *Meeting, _ *Event) {
	m.changeBooth(b.Booth, func(x *Booth) { x.Suspended = "" })
}

// languagesChanged drops the booths of languages that are no longer the meeting's.
func (m *Meeting) languagesChanged() {
	maps.DeleteFunc(m.Interpretation.Booths, func(l Language, _ Booth) bool { return !slices.Contains(m.Joint.Languages, l) })
	for l, b := range m.Interpretation.Booths {
		if b.Second != "" && !slices.Contains(m.Joint.Languages, b.Second) || slices.ContainsFunc(b.From, func(f Language) bool { return !slices.Contains(m.Joint.Languages, f) }) {
			m.changeBooth(l, func(x *Booth) {
				x.Second = ""
				x.From = slices.DeleteFunc(slices.Clone(x.From), func(f Language) bool { return !slices.Contains(m.Joint.Languages, f) })
				if x.Outgoing != l {
					x.silence()
				}
			})
		}
	}
}

// asleep is what outlives the process: nobody is on air, and nobody has said what they listen to.
func (i *Interpretation) asleep() {
	for l, b := range i.Booths {
		b.silence()
		i.Booths[l] = b
	}
	i.Listening = map[MemberID]Choice{}
}

// interpretationFor is what a reader who is inside may know: what others listen to is nobody's business, unless they interpret.
func (m *Meeting) interpretationFor(reader MemberID) Interpretation {
	v := m.Interpretation
	v.Spoken, v.Booths, v.Listening = maps.Clone(v.Spoken), maps.Clone(v.Booths), map[MemberID]Choice{}
	for id, c := range m.Interpretation.Listening {
		if id == reader || m.Members[id].Booth != "" {
			v.Listening[id] = c
		}
	}
	return v
}
