package meeting

import (
	"slices"
	"strings"
)

// MaxOriginal is the loudest that the original is heard under its interpretation, in percent; UsualOriginal is the default.
const (
	MaxOriginal   = 30
	UsualOriginal = 10
)

// ListenTo says what I want to hear.
type ListenTo struct {
	Choice Choice `json:"choice"`
}

// HearingChosen see ListenTo.
type HearingChosen struct {
	Member MemberID `json:"member"`
	Choice Choice   `json:"choice"`
}

// Choice is what a listener wants to hear. The zero value is what somebody hears who has chosen nothing.
type Choice struct {
	Kind     ChoiceKind `json:"kind"`
	Language Language   `json:"language,omitempty"` // of a channel
	Original int        `json:"original"`           // percent at which the original is heard under the interpretation
}

// ChoiceKind is one of the ways to listen.
type ChoiceKind string

// The ways. For an interpreter at the console, Mine means: the floor where the booth understands it, a relay where it does not.
const (
	Mine     ChoiceKind = "mine"
	Original ChoiceKind = "original"
	Channel  ChoiceKind = "channel"
)

// ChoiceKinds lists them all.
func ChoiceKinds() []ChoiceKind { return []ChoiceKind{Mine, Original, Channel} }

// usual is the choice of somebody who has chosen nothing.
func usual() Choice { return Choice{Kind: Mine, Original: UsualOriginal} }

// ChoiceOf is what a member has last chosen.
func (m *Meeting) ChoiceOf(id MemberID) Choice {
	if c, ok := m.Interpretation.Listening[id]; ok {
		return c
	}
	return usual()
}

// Hearing is what one listener hears, and what a line on the screen says about it.
type Hearing struct {
	Plan    HearingPlan `json:"plan"`
	Channel Language    `json:"channel,omitempty"` // that is heard, or that would be heard if somebody interpreted
	Heard   []Heard     `json:"heard"`             // in the order of the members' ids
}

// Heard is one track and its level in percent of what was sent, before loudness is evened out.
type Heard struct {
	Member MemberID   `json:"member"`
	Sound  HeardSound `json:"sound"`
	Level  int        `json:"level"`
}

// HeardSound is a source that is heard; the words are those of protocol.Source.
type HeardSound string

// The sounds.
const (
	HeardVoice   HeardSound = "microphone"
	HeardScreen  HeardSound = "screen-sound"
	HeardWhisper HeardSound = "whisper" // of the own side
)

// HearingPlan says where a listener's sound comes from, and why.
type HearingPlan string

// The plans.
const (
	HearsFloor         HearingPlan = "floor"         // the original, which is what is wanted
	HearsInterpreter   HearingPlan = "interpreter"   // a channel, the original under it
	HearsSuspended     HearingPlan = "suspended"     // the original: the booth has suspended its work
	HearsUninterpreted HearingPlan = "uninterpreted" // the original: nobody interprets into what is wanted
)

// HearingPlans lists them all.
func HearingPlans() []HearingPlan {
	return []HearingPlan{HearsFloor, HearsInterpreter, HearsSuspended, HearsUninterpreted}
}

// OnFloor tells whether a member's voice is said to all. An interpreter with a booth speaks into a channel and never to the floor;
// one without interprets consecutively, at the table.
func (m *Meeting) OnFloor(x Member) bool {
	return x.Standing == Admitted && x.Present && x.Role.speaks() && x.Booth == ""
}

// Hearing says who hears what, and how loud. Pure, and the same in the client. Nobody hears themself.
//
// An interpreter who pauses leaves the original as quiet as it was. Where nobody interprets, the original is heard in full.
func (m *Meeting) Hearing(listener MemberID, c Choice) Hearing {
	me := m.Members[listener]
	h := Hearing{Plan: HearsFloor, Heard: []Heard{}}
	waits := m.Waits(listener) // hears the own side, which has no floor to ask for yet, and no interpretation
	if m.Inside(listener) && !waits {
		h.Channel = m.wanted(me, c)
	}
	original := 100
	voice := MemberID("")
	if h.Channel != "" {
		h.Plan, voice = m.channel(h.Channel, me)
		if h.Plan == HearsInterpreter {
			original = c.original(me)
		}
	}
	for id, x := range m.Members {
		switch {
		case id == listener || !m.Inside(listener) || !m.Meets(listener, id):
		case m.HearsWhisper(listener, id):
			h.Heard = append(h.Heard, Heard{id, HeardWhisper, 100})
		case m.Heard(id), waits && m.OnFloor(x):
			h.Heard = append(h.Heard, Heard{id, HeardVoice, original})
			if x.Screen {
				h.Heard = append(h.Heard, Heard{id, HeardScreen, original})
			}
		case id == voice:
			h.Heard = append(h.Heard, Heard{id, HeardVoice, 100})
		}
	}
	slices.SortFunc(h.Heard, func(a, b Heard) int {
		if a.Member != b.Member {
			return strings.Compare(string(a.Member), string(b.Member))
		}
		return strings.Compare(string(a.Sound), string(b.Sound))
	})
	return h
}

// original under an interpretation: none in a booth, which works from a relay and from nothing else.
func (c Choice) original(me Member) int {
	if me.Booth != "" {
		return 0
	}
	return min(max(c.Original, 0), MaxOriginal)
}

// wanted is the channel that a choice means now, or empty for the floor. What is spoken on the floor needs no channel.
func (m *Meeting) wanted(me Member, c Choice) Language {
	var want Language
	switch {
	case c.Kind == Channel:
		want = c.Language
	case c.Kind == Mine && me.Booth != "":
		return m.autoRelay(me)
	case c.Kind == Mine && m.Interpreted():
		want = me.Language
	}
	if floor := m.Interpretation.Floor; floor == "" || want == floor {
		return ""
	}
	return want
}

// autoRelay is a pivot for a booth that does not understand the floor: the first of its languages into which a booth interprets that does.
func (m *Meeting) autoRelay(me Member) Language {
	floor := m.Interpretation.Floor
	if floor == "" || m.Understands(me.Booth, floor) {
		return ""
	}
	for _, l := range m.Booth(me.Booth).From {
		if by, ok := m.feeder(l); ok && by != me.Booth && m.Understands(by, floor) {
			return l
		}
	}
	return ""
}

// Understands tells whether a booth can work from a language: one that it works from, or speaks.
func (m *Meeting) Understands(booth, l Language) bool {
	b := m.Booth(booth)
	return l == booth || l == b.Second || slices.Contains(b.From, l)
}

// channel is who is heard on it, or why nobody is.
func (m *Meeting) channel(l Language, me Member) (HearingPlan, MemberID) {
	if by, ok := m.feeder(l); ok {
		if id := m.Booth(by).OnAir; id != me.ID {
			return HearsInterpreter, id
		}
		return HearsFloor, "" // one's own channel
	}
	for _, x := range m.Joint.Languages {
		if b := m.Booth(x); b.Suspended != "" && (x == l || b.Second == l) {
			return HearsSuspended, ""
		}
	}
	return HearsUninterpreted, ""
}

// RelayQuality is the sign that ISO 20109 consoles show beside an incoming channel.
type RelayQuality string

// The signs: the floor itself, interpreted once, interpreted from an interpretation; none when nobody is on the channel.
const (
	QualityFloor    RelayQuality = "floor"
	QualityOnce     RelayQuality = "+"
	QualityTwice    RelayQuality = "-"
	QualityNobodyOn RelayQuality = ""
)

// Relay is the quality of an incoming language.
func (m *Meeting) Relay(l Language) RelayQuality {
	if l == m.Interpretation.Floor {
		return QualityFloor
	}
	by, ok := m.feeder(l)
	if !ok {
		return QualityNobodyOn
	}
	voice := m.Booth(by).OnAir
	if m.Hearing(voice, m.ChoiceOf(voice)).Plan == HearsInterpreter {
		return QualityTwice
	}
	return QualityOnce
}

// ---- the choice as a fact -------------------------------------------------------------------------------------------

func (ListenTo) Type() CommandType      { return "hearing.choose" }
func (HearingChosen) Type() EventType   { return "hearing.chosen" }
func (HearingChosen) lasting() bool     { return false }
func (b HearingChosen) about() MemberID { return b.Member }

// What somebody listens to tells which languages they understand: only they know, and everybody knows it of an interpreter.
func (b HearingChosen) audience(m *Meeting, _ *Event) Audience {
	if m.Members[b.Member].Booth != "" {
		return All
	}
	return ToMember(b.Member)
}

func (c ListenTo) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if _, err := m.inside(by); err != nil {
		return nil, err
	}
	x := c.Choice
	if !slices.Contains(ChoiceKinds(), x.Kind) || (x.Kind == Channel) != (x.Language != "") || x.Original < 0 || x.Original > MaxOriginal ||
		x.Kind == Channel && !slices.Contains(m.Joint.Languages, x.Language) {
		return nil, refuse(ChoiceWrong)
	}
	if m.Interpretation.Listening[by] == x {
		return nil, nil
	}
	return one(HearingChosen{Member: by, Choice: x})
}

func (b HearingChosen) apply(m *Meeting, _ *Event) { m.Interpretation.Listening[b.Member] = b.Choice }

// Listeners counts who hears each channel now, the booths' own people left out.
func (m *Meeting) Listeners() map[Language]int {
	out := map[Language]int{}
	for id, x := range m.Members {
		if x.Standing != Admitted || !x.Present || x.Booth != "" {
			continue
		}
		if l := m.wanted(x, m.ChoiceOf(id)); l != "" {
			if plan, _ := m.channel(l, x); plan == HearsInterpreter {
				out[l]++
			}
		}
	}
	return out
}

// Voices are the interpreters whom a listener hears, or may hear without asking again: when the floor's language changes, or the choice
// between the original and an interpretation does.
func (m *Meeting) Voices(listener MemberID) []MemberID {
	me, c := m.Members[listener], m.ChoiceOf(listener)
	var want []Language
	switch {
	case !m.Inside(listener), m.Waits(listener):
		return nil
	case c.Kind == Channel:
		want = []Language{c.Language}
	case me.Booth != "":
		want = []Language{m.autoRelay(me)}
	default:
		want = []Language{me.Language}
	}
	var out []MemberID
	for _, l := range want {
		if by, ok := m.feeder(l); ok && m.Booth(by).OnAir != listener {
			out = append(out, m.Booth(by).OnAir)
		}
	}
	return out
}
