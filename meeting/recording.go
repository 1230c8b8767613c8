package meeting

import (
	"maps"
	"slices"
	"time"
)

// A consultation is not recorded unless the chairs of all sides say so. Then everybody is told, a few seconds before anything is written;
// whoever comes later is told at the door. The chair of any side ends it at once, alone, or takes the side off the record: nothing of that
// time is kept, and it goes on when no side is off the record any more, told again before. An interpreter is recorded only with their own
// consent. What was recorded is heard and seen by nobody until every side has released it.

// RecordingStage is where a recording stands.
type RecordingStage string

// The stages. Announced: everybody is being told, nothing is written yet.
const (
	RecordingOff        RecordingStage = "off"
	RecordingAnnouncing RecordingStage = "announced"
	RecordingOn         RecordingStage = "on"
	RecordingPaused     RecordingStage = "off-the-record"
)

// RecordingStages lists them all.
func RecordingStages() []RecordingStage {
	return []RecordingStage{RecordingOff, RecordingAnnouncing, RecordingOn, RecordingPaused}
}

// RecordingEnd is why a recording stopped.
type RecordingEnd string

// The reasons.
const (
	EndedByChair    RecordingEnd = "chair"
	EndedEmpty      RecordingEnd = "empty"      // nobody is at the table
	EndedDiskFull   RecordingEnd = "disk"       // the node has no room for more
	EndedFault      RecordingEnd = "fault"      // the node could not write
	EndedPrincipals RecordingEnd = "principals" // the principals left
	EndedNode       RecordingEnd = "node"       // the node ended in the middle of it
)

// RecordingEnds lists them all.
func RecordingEnds() []RecordingEnd {
	return []RecordingEnd{EndedByChair, EndedEmpty, EndedDiskFull, EndedFault, EndedPrincipals, EndedNode}
}

// Recording is how it stands, and what there is. At the door only the first five are known.
type Recording struct {
	Stage    RecordingStage        `json:"stage"`
	At       *time.Time            `json:"at,omitempty"`    // since when
	By       MemberID              `json:"by,omitempty"`    // whose word was the last that it needed
	Off      map[PartyID]bool      `json:"off"`             // sides that are off the record
	Part     int                   `json:"part"`            // of this consultation's recordings that was last begun
	Ended    RecordingEnd          `json:"ended,omitempty"` // why it last stopped
	Agreed   map[PartyID]bool      `json:"agreed"`          // sides whose chair has agreed, while others have not
	Words    map[PartyID]GivenWord `json:"words"`           // of the chairs, by which it was last begun
	Consents map[MemberID]bool     `json:"consents"`        // interpreters who may be recorded
	Begun    []BegunPart           `json:"begun"`           // by whose word each part was recorded
	Parts    []RecordedPart        `json:"parts"`           // that are closed
	Released map[PartyID]bool      `json:"released"`        // sides that let both sides hear and see all parts
}

// GivenWord is who agreed, and when.
type GivenWord struct {
	By MemberID  `json:"by"`
	At time.Time `json:"at"`
}

// BegunPart is by whose word a part was recorded.
type BegunPart struct {
	Part         int                   `json:"part"`
	At           time.Time             `json:"at"`
	Chairs       map[PartyID]GivenWord `json:"chairs"`
	Interpreters []MemberID            `json:"interpreters"` // who had consented when it began, or did while it went on
}

// RecordedPart is one stretch without an interruption.
type RecordedPart struct {
	Part  int            `json:"part"`
	At    time.Time      `json:"at"` // when it was closed
	Files []RecordedFile `json:"files"`
}

// RecordedFile is one source of one part.
type RecordedFile struct {
	Name     string         `json:"name"`
	Source   RecordedSource `json:"source"`
	Member   MemberID       `json:"member,omitempty"`
	Language Language       `json:"language,omitempty"` // of a channel, which is not authentic
	Bytes    int64          `json:"bytes"`
	Millis   int64          `json:"millis"`
	SHA256   string         `json:"sha256"`
}

// RecordedSource is what a file is of.
type RecordedSource string

// The sources.
const (
	RecordedVoice       RecordedSource = "microphone"
	RecordedCamera      RecordedSource = "camera"
	RecordedScreen      RecordedSource = "screen"
	RecordedScreenSound RecordedSource = "screen-sound"
	RecordedChannel     RecordedSource = "channel" // an interpretation
)

// RecordedSources lists them all.
func RecordedSources() []RecordedSource {
	return []RecordedSource{RecordedVoice, RecordedCamera, RecordedScreen, RecordedScreenSound, RecordedChannel}
}

func noRecording() Recording {
	return Recording{Stage: RecordingOff, Off: map[PartyID]bool{}, Agreed: map[PartyID]bool{}, Words: map[PartyID]GivenWord{}, Begun: []BegunPart{}, Consents: map[MemberID]bool{}, Parts: []RecordedPart{}, Released: map[PartyID]bool{}}
}

func (r Recording) clone() Recording {
	r.Off, r.Agreed, r.Consents, r.Released = maps.Clone(r.Off), maps.Clone(r.Agreed), maps.Clone(r.Consents), maps.Clone(r.Released)
	r.Words, r.Parts, r.Begun = maps.Clone(r.Words), slices.Clone(r.Parts), slices.Clone(r.Begun)
	for i, b := range r.Begun {
		r.Begun[i].Chairs, r.Begun[i].Interpreters = maps.Clone(b.Chairs), slices.Clone(b.Interpreters)
	}
	return r
}

// told is what somebody knows before they come in.
func (r Recording) told() Recording {
	out := noRecording()
	out.Stage, out.At, out.By, out.Off, out.Part, out.Ended = r.Stage, r.At, r.By, maps.Clone(r.Off), r.Part, r.Ended
	return out
}

type (
	// AgreeRecording is a chair's word that the consultation is recorded; with the last side's it is announced.
	AgreeRecording struct{}
	// StopRecording ends it at once, or takes the own or another side's word back before it begins; by any chair.
	StopRecording struct{}
	// GoOffRecord takes the own side off the record, or back; by its chair.
	GoOffRecord struct {
		Off bool `json:"off"`
	}
	// ConsentRecording is an interpreter's own consent, given or taken back at any time.
	ConsentRecording struct {
		Consent bool `json:"consent"`
	}
	// ReleaseRecording lets both sides hear and see what was recorded, once every side has said so; by a chair or a secretary.
	ReleaseRecording struct{}
	// BeginRecording is given by the room when everybody has been told.
	BeginRecording struct{}
	// ResumeRecording is given by the room after the node was interrupted: the part ended with it, and everybody is told again.
	ResumeRecording struct{}
	// EndRecording is given by the room when it cannot go on.
	EndRecording struct {
		Ended RecordingEnd `json:"ended"`
	}
	// FileRecording is given by the room when a part is on disk.
	FileRecording struct {
		Part  int            `json:"part"`
		Files []RecordedFile `json:"files"`
	}

	// RecordingAgreed see AgreeRecording. The side is the event's.
	RecordingAgreed struct{}
	// RecordingAnnounced tells everybody that it begins in a moment.
	RecordingAnnounced struct{}
	// RecordingStarted begins a part.
	RecordingStarted struct {
		Part int `json:"part"`
	}
	// RecordingStopped ends it.
	RecordingStopped struct {
		Ended RecordingEnd `json:"ended"`
	}
	// OffRecordSet see GoOffRecord. The side is the event's.
	OffRecordSet struct {
		Off bool `json:"off"`
	}
	// RecordingConsented see ConsentRecording.
	RecordingConsented struct {
		Member  MemberID `json:"member"`
		Consent bool     `json:"consent"`
	}
	// RecordingFiled says what a part consists of, with the hash of each file.
	RecordingFiled struct {
		Part  int            `json:"part"`
		Files []RecordedFile `json:"files"`
	}
	// RecordingReleased see ReleaseRecording. The side is the event's.
	RecordingReleased struct{}
)

func (AgreeRecording) Type() CommandType   { return "recording.agree" }
func (StopRecording) Type() CommandType    { return "recording.stop" }
func (GoOffRecord) Type() CommandType      { return "off-record.set" }
func (ConsentRecording) Type() CommandType { return "recording.consent" }
func (ReleaseRecording) Type() CommandType { return "recording.release" }
func (BeginRecording) Type() CommandType   { return "recording.begin" }
func (ResumeRecording) Type() CommandType  { return "recording.resume" }
func (EndRecording) Type() CommandType     { return "recording.end" }
func (FileRecording) Type() CommandType    { return "recording.file" }

func (RecordingAgreed) Type() EventType    { return "recording.agreed" }
func (RecordingAnnounced) Type() EventType { return "recording.announced" }
func (RecordingStarted) Type() EventType   { return "recording.started" }
func (RecordingStopped) Type() EventType   { return "recording.stopped" }
func (OffRecordSet) Type() EventType       { return "off-record.set" }
func (RecordingConsented) Type() EventType { return "recording.consented" }
func (RecordingFiled) Type() EventType     { return "recording.filed" }
func (RecordingReleased) Type() EventType  { return "recording.released" }

func (RecordingAgreed) lasting() bool    { return true }
func (RecordingAnnounced) lasting() bool { return true }
func (RecordingStarted) lasting() bool   { return true }
func (RecordingStopped) lasting() bool   { return true }
func (OffRecordSet) lasting() bool       { return true }
func (RecordingConsented) lasting() bool { return true }
func (RecordingFiled) lasting() bool     { return true }
func (RecordingReleased) lasting() bool  { return true }

func (RecordingAgreed) audience(*Meeting, *Event) Audience    { return All }
func (RecordingAnnounced) audience(*Meeting, *Event) Audience { return All }
func (RecordingStarted) audience(*Meeting, *Event) Audience   { return All }
func (RecordingStopped) audience(*Meeting, *Event) Audience   { return All }
func (OffRecordSet) audience(*Meeting, *Event) Audience       { return All }
func (RecordingConsented) audience(*Meeting, *Event) Audience { return All }
func (RecordingFiled) audience(*Meeting, *Event) Audience     { return All }
func (RecordingReleased) audience(*Meeting, *Event) Audience  { return All }

// ---- reading --------------------------------------------------------------------------------------------------------

// Recorded is one track that is written down, and what it is.
type Recorded struct {
	Member   MemberID
	Source   RecordedSource
	Language Language // of a channel
}

// Recorded lists what is written down now: what is said and shown to all, and the channels. Never a whisper, a lobby or a line room; never
// an interpreter without consent.
func (m *Meeting) Recorded() []Recorded {
	var out []Recorded
	if m.Recording.Stage != RecordingOn || m.Apart() {
		return nil
	}
	for _, x := range m.Roster("") {
		if x.Standing != Admitted || !x.Present || x.Booth != "" || !m.MayPublish(x.ID) || !m.consents(x) {
			continue
		}
		heard := m.Heard(x.ID)
		if heard && x.Microphone {
			out = append(out, Recorded{Member: x.ID, Source: RecordedVoice})
		}
		if x.Camera {
			out = append(out, Recorded{Member: x.ID, Source: RecordedCamera})
		}
		if x.Screen {
			out = append(out, Recorded{Member: x.ID, Source: RecordedScreen})
		}
		if x.Screen && heard {
			out = append(out, Recorded{Member: x.ID, Source: RecordedScreenSound})
		}
	}
	for _, l := range m.Joint.Languages {
		if by, ok := m.feeder(l); ok {
			if x := m.Members[m.Booth(by).OnAir]; m.Inside(x.ID) && m.Recording.Consents[x.ID] {
				out = append(out, Recorded{Member: x.ID, Source: RecordedChannel, Language: l})
			}
		}
	}
	return out
}

// consents: who interprets says so themself; everybody else is bound by their chair.
func (m *Meeting) consents(x Member) bool {
	return x.Role != Interpreter && x.Role != SignInterpreter || m.Recording.Consents[x.ID]
}

// RecordingOpen tells whether every side has released the recordings.
func (m *Meeting) RecordingOpen() bool {
	for _, p := range m.Joint.Parties {
		if !m.Recording.Released[p.ID] {
			return false
		}
	}
	return m.Recording.kept()
}

// kept tells whether anything was recorded.
func (r Recording) kept() bool {
	return slices.ContainsFunc(r.Parts, func(p RecordedPart) bool { return len(p.Files) > 0 })
}

// ---- deciding -------------------------------------------------------------------------------------------------------

func (c AgreeRecording) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.chair(by); err != nil {
		return nil, err
	}
	switch {
	case m.Apart():
		return nil, refuse(StillApart)
	case m.Recording.Stage != RecordingOff || m.Recording.Agreed[by.Party()]:
		return nil, nil
	}
	for _, p := range m.Joint.Parties {
		if p.ID != by.Party() && !m.Recording.Agreed[p.ID] {
			return one(RecordingAgreed{})
		}
	}
	return []EventBody{RecordingAgreed{}, RecordingAnnounced{}}, nil
}

func (c StopRecording) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	if err := m.chair(by); err != nil || m.Recording.Stage == RecordingOff && len(m.Recording.Agreed) == 0 {
		return nil, err
	}
	return one(RecordingStopped{Ended: EndedByChair})
}

func (c GoOffRecord) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	switch err := m.chair(by); {
	case err != nil:
		return nil, err
	case m.Recording.Stage == RecordingOff:
		return nil, refuse(NotRecording)
	case m.Recording.Off[by.Party()] == c.Off:
		if !c.Off && len(m.Recording.Off) > 0 {
			return nil, refuse(OffRecordTheirs)
		}
		return nil, nil
	}
	out := []EventBody{OffRecordSet(c)}
	if !c.Off && len(m.Recording.Off) == 1 {
		out = append(out, RecordingAnnounced{})
	}
	return out, nil
}

func (c ConsentRecording) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.inside(by)
	switch {
	case err != nil:
		return nil, err
	case x.Booth == "" && x.Role != Interpreter && x.Role != SignInterpreter:
		return nil, refuse(NotYourRole)
	case m.Recording.Consents[by] == c.Consent:
		return nil, nil
	}
	return one(RecordingConsented{Member: by, Consent: c.Consent})
}

func (c ReleaseRecording) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, ok := m.Members[by]
	switch {
	case !ok || x.Standing != Admitted:
		return nil, refuse(NotAdmitted)
	case x.Role != Secretary && m.Chair(by.Party()) != by:
		return nil, refuse(NotYourRole)
	case m.Recording.Stage != RecordingOff:
		return nil, refuse(StillRecording)
	case !m.Recording.kept():
		return nil, refuse(NothingRecorded)
	case m.Recording.Released[by.Party()]:
		return nil, nil
	}
	return one(RecordingReleased{})
}

func (c BeginRecording) decide(m *Meeting, _ MemberID) ([]EventBody, error) {
	if m.Recording.Stage != RecordingAnnouncing {
		return nil, nil
	}
	return one(RecordingStarted{Part: m.Recording.Part + 1})
}

func (c ResumeRecording) decide(m *Meeting, _ MemberID) ([]EventBody, error) {
	if m.Recording.Stage != RecordingOn {
		return nil, nil
	}
	return []EventBody{RecordingStopped{Ended: EndedNode}, RecordingAnnounced{}}, nil
}

func (c EndRecording) decide(m *Meeting, _ MemberID) ([]EventBody, error) {
	if m.Recording.Stage == RecordingOff {
		return nil, nil
	}
	return one(RecordingStopped(c))
}

func (c FileRecording) decide(m *Meeting, _ MemberID) ([]EventBody, error) {
	if c.Part < 1 || c.Part > m.Recording.Part || slices.ContainsFunc(m.Recording.Parts, func(p RecordedPart) bool { return p.Part == c.Part }) {
		return nil, nil
	}
	return one(RecordingFiled(c))
}

// ---- applying -------------------------------------------------------------------------------------------------------

func (b RecordingAgreed) apply(m *Meeting, e *Event) {
	r := &m.Recording
	if len(r.Agreed) == 0 {
		r.Words = map[PartyID]GivenWord{}
	}
	r.Agreed[e.Party], r.Words[e.Party] = true, GivenWord{e.By, e.At}
}

// That it goes on after the node ended is said until it does.
func (b RecordingAnnounced) apply(m *Meeting, e *Event) {
	r := &m.Recording
	r.Stage, r.At, r.By, r.Agreed = RecordingAnnouncing, &e.At, e.By, map[PartyID]bool{}
	if r.Ended != EndedNode {
		r.Ended = ""
	}
}

func (b RecordingStarted) apply(m *Meeting, e *Event) {
	r := &m.Recording
	r.Stage, r.At, r.Part, r.Ended = RecordingOn, &e.At, b.Part, ""
	r.Begun = append(r.Begun, BegunPart{Part: b.Part, At: e.At, Chairs: maps.Clone(r.Words), Interpreters: slices.Sorted(maps.Keys(r.Consents))})
	if last := &r.Begun[len(r.Begun)-1]; last.Interpreters == nil {
		last.Interpreters = []MemberID{}
	}
}

func (b RecordingStopped) apply(m *Meeting, e *Event) {
	r := &m.Recording
	r.Stage, r.At, r.Ended, r.Agreed, r.Off = RecordingOff, &e.At, b.Ended, map[PartyID]bool{}, map[PartyID]bool{}
}

func (b OffRecordSet) apply(m *Meeting, e *Event) {
	r := &m.Recording
	if !b.Off {
		delete(r.Off, e.Party)
		return
	}
	r.Off[e.Party] = true
	r.Stage, r.At = RecordingPaused, &e.At
}

func (b RecordingConsented) apply(m *Meeting, _ *Event) {
	r := &m.Recording
	if !b.Consent {
		delete(r.Consents, b.Member)
		return
	}
	r.Consents[b.Member] = true
	if n := len(r.Begun); n > 0 && r.Stage == RecordingOn && !slices.Contains(r.Begun[n-1].Interpreters, b.Member) {
		r.Begun[n-1].Interpreters = append(r.Begun[n-1].Interpreters, b.Member)
	}
}

// A part that comes later has not been released by those who released the earlier ones.
func (b RecordingFiled) apply(m *Meeting, e *Event) {
	m.Recording.Parts = append(m.Recording.Parts, RecordedPart{Part: b.Part, At: e.At, Files: b.Files})
	if len(b.Files) > 0 {
		m.Recording.Released = map[PartyID]bool{}
	}
}

func (b RecordingReleased) apply(m *Meeting, e *Event) { m.Recording.Released[e.Party] = true }
