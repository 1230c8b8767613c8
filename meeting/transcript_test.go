package meeting

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// go test ./meeting -update writes the transcripts anew. The client's reducer runs the same files: start and events must give end.
var update = flag.Bool("update", false, "write testdata anew")

type transcript struct {
	Name    string                     `json:"name"`
	Steps   []transcriptStep           `json:"steps"`
	Readers map[MemberID]*transcriptOf `json:"readers"`
}

type transcriptStep struct {
	By      MemberID  `json:"by"`
	At      time.Time `json:"at"`
	Command struct {
		Type CommandType `json:"type"`
		Body Command     `json:"body"`
	} `json:"command"`
	Refusal *Refusal `json:"refusal,omitempty"`
}

// transcriptOf is what one reader is sent: a snapshot, and the events that follow.
type transcriptOf struct {
	Start  *Meeting `json:"start"`
	Events []Event  `json:"events"`
	End    *Meeting `json:"end"` // its seq is that of the last event seen
}

// story is a transcript before it is played: readers maps each reader to the number of steps after which they say hello.
// Nobody in it is admitted after that: a newly admitted reader starts anew.
type story struct {
	name    string
	steps   []said
	readers map[MemberID]int
}

func stories() []story {
	set := len(begun())
	table := len(seated())
	booths := len(interpreted())
	h, draft, signed := draftedAndSigned()
	late := HashOf(ParagraphForm("c1", "p24", "", draft))
	four := changed(func(j *Joint) {
		j.Languages = append(j.Languages, "en")
		j.Title["en"], j.Agenda[0].Title["en"] = "Railway", "Gauge"
	})
	return []story{
		{"booths", append(interpreted(),
			said{rashad, GoOnAir{}}, said{sevil, GoOnAir{}}, said{rashad, OfferHandover{true}}, said{rashad, OfferHandover{false}}, said{sevil, AcceptHandover{}},
			said{rashad, OfferHandover{true}}, said{rashad, AcceptHandover{}}, said{sevil, AcceptHandover{}}, said{rashad, TakeOver{}}, said{aydin, GoOnAir{"az"}},
			said{aydin, GoOnAir{}}, said{rashad, GoOnAir{"fa"}}, said{leyla, SetOverride{true}}, said{rashad, GoOnAir{"fa"}}, said{aydin, SuspendInterpretation{SuspendedSound}},
			said{aydin, GoOnAir{}}, said{rashad, GoOffAir{}}, said{aydin, LoseAir{}}, said{aydin, GoOnAir{}}, said{aydin, Leave{}}, said{aydin, Come{}}, said{head, GoOnAir{}},
			said{sevil, SetMicrophone{true}}, said{sevil, AskFloor{}}, said{nasrin, AssignInterpreter{sevil, ""}}, said{leyla, AssignInterpreter{rashad, ""}},
			said{rashad, SetMicrophone{true}}, said{leyla, AssignInterpreter{rashad, "az"}}, said{nasrin, AssignInterpreter{minister, "fa"}},
			said{rashad, SayChat{"booth:az", "növbə sənindir"}}, said{rashad, SayChat{"booth:fa", "?"}}, said{head, SayChat{"booth:az", "?"}}, said{rashad, CallForHelp{}}, said{rashad, CallForHelp{}},
			said{nasrin, AnswerHelp{54}}, said{leyla, AnswerHelp{1}}, said{leyla, AnswerHelp{54}}, said{leyla, AnswerHelp{54}}, said{head, CallForHelp{}}),
			map[MemberID]int{head: booths, nasrin: booths, aydin: booths, rashad: booths + 3, watcher: booths}},
		{"interpretation", append(interpreted(),
			said{minister, NoteSpeaker{}}, said{minister, NoteSpeaker{}}, said{rashad, GoOnAir{}}, said{rashad, ListenTo{Choice{Kind: Original}}}, said{head, ListenTo{Choice{Kind: Channel, Language: "fa", Original: 0}}},
			said{head, ListenTo{Choice{Kind: Mine, Original: 31}}}, said{head, ListenTo{Choice{Kind: Channel, Language: "de"}}}, said{adviser, MarkFloorLanguage{"az"}}, said{rashad, MarkFloorLanguage{"az"}},
			said{head, NoteSpeaker{}}, said{minister, NoteSpeaker{}}, said{watcher, MarkFloorLanguage{"az"}}, said{head, MarkFloorLanguage{"en"}}, said{rashad, AskSlower{}}, said{minister, AskSlower{}},
			said{nasrin, ChangeMember{person("minister", Head)}}, said{aydin, SetBoothLanguages{"fa", []Language{"az"}, "az"}}, said{aydin, SetBoothLanguages{"az", nil, ""}}, said{rashad, SuspendInterpretation{SuspendedPause}},
			said{rashad, ResumeInterpretation{}}, said{aydin, GoOnAir{"az"}}, said{leyla, ChangeConsultation{four, 1}}, said{nasrin, ChangeConsultation{joint(), 2}}, said{leyla, RemoveMember{rashad}},
			said{watcher, SayCaption{"az", "?"}}, said{leyla, ChangeMember{Person{ID: "watcher", Name: "Nigar", Role: Captioner, Language: "az"}}}, said{watcher, SayCaption{"az", "Xoş gəlmisiniz."}},
			said{watcher, SayCaption{"az", "Birinci məsələ."}}, said{watcher, SayCaption{"az", "Yolun eni."}}, said{watcher, SayCaption{"fa", "پهنای خط."}}, said{watcher, SayCaption{"az", "Söz sizindir."}},
			said{watcher, SayCaption{"de", "?"}}, said{minister, CheckSound{SoundNarrow}}, said{minister, CheckSound{SoundPassed}}, said{watcher, CheckSound{SoundPassed}}, said{minister, CheckSound{"?"}}),
			map[MemberID]int{head: booths, minister: booths, aydin: booths + 4, watcher: booths}},
		{"door", append(begun(),
			said{nasrin, Come{}}, said{leyla, Come{}}, said{minister, Come{}}, said{adviser, Come{}}, said{head, Come{}},
			said{minister, SetMicrophone{true}}, said{leyla, AdmitMembers{[]MemberID{minister}}}, said{adviser, Leave{}}, said{adviser, Come{}},
			said{nasrin, ChangeMember{Person{ID: "minister", Name: "مهرزاد", Function: "وزیر راه", Role: Head, Language: "fa"}}},
			said{nasrin, RefuseMember{adviser}}, said{adviser, Come{}}, said{nasrin, InviteMember{person("clerk", Technician)}}, said{nasrin, WithdrawMember{"tehran/clerk"}},
			said{leyla, AgreeConsultation{1}}),
			map[MemberID]int{nasrin: set, leyla: set, minister: set, adviser: set, watcher: set}},
		{"admission", append(begun(), said{nasrin, Come{}}, said{leyla, Come{}}, said{minister, Come{}}, said{head, Come{}}, said{watcher, Come{}},
			said{nasrin, AdmitMembers{[]MemberID{minister}}}, said{leyla, AdmitMembers{}}, said{nasrin, AdmitMembers{[]MemberID{adviser}}}, said{adviser, Come{}},
			said{leyla, ChangeMember{Person{ID: "watcher", Name: "Nigar", Function: "Müşahidəçi", Role: Observer, Language: "az"}}}),
			map[MemberID]int{nasrin: set, leyla: set + 2, minister: set + 6, head: set + 7, watcher: set + 7}},
		{"chat", append(seated(),
			said{head, SayChat{All, "Salam, hamınıza xoş gəlmisiniz"}}, said{minister, SayChat{All, "سلام، سپاسگزارم\nبه نوبت"}},
			said{head, SayChat{ToParty("baku"), "yalnız biz"}}, said{minister, SayChat{ToParty("tehran"), "فقط ما"}}, said{minister, SayChat{ToParty("baku"), "?"}},
			said{head, SayChat{ToMember(minister), "Sizə ayrıca"}}, said{minister, SayChat{ToMember(head), "دریافت شد"}}, said{nasrin, SayChat{ToMember(adviser), "سند دوم"}},
			said{leyla, RemoveMember{watcher}}, said{watcher, SayChat{All, "?"}}, said{nasrin, SayChat{"", "پایان"}}),
			map[MemberID]int{head: table, minister: table, adviser: table + 2, leyla: table + 4, watcher: table}},
		{"ceremony", append(apart(),
			said{minister, SetCamera{true}}, said{minister, SayChat{All, "?"}}, said{nasrin, BeginTogether{}}, said{nasrin, ReportReady{true}}, said{leyla, ReportReady{true}},
			said{minister, Leave{}}, said{nasrin, BeginTogether{}}, said{minister, Come{}}, said{head, SetMicrophone{true}}, said{nasrin, ReportReady{true}}, said{leyla, ChangeMember{person("head", Delegate)}},
			said{leyla, BeginTogether{}}, said{minister, AskFloor{}}, said{head, SetCamera{true}}),
			map[MemberID]int{nasrin: len(apart()), leyla: len(apart()) + 2, minister: len(apart()), head: len(apart()) + 4, watcher: len(apart())}},
		{"ceremony-end", append(together(), // and what follows: nobody of the line room keeps the principals of another side in view, nor is told of them again
			said{head, AskFloor{}}, said{minister, GrantFloor{}}, said{head, SayChat{All, "Sağ olun"}}, said{nasrin, WriteParagraph{Text: draft}}, said{leyla, EndTogether{}},
			said{nasrin, CommitParagraph{"p24", 1, 1, late}}, said{head, Come{}}, said{leyla, AdmitMembers{[]MemberID{head}}}, said{head, CheckSound{SoundPassed}}, said{head, SetCamera{true}}, said{leyla, ReportReady{true}},
			said{leyla, ChangeMember{person("head", Delegate)}}, said{head, NameChair{leyla}}, said{head, CommitParagraph{"p24", 1, 1, late}}, said{head, RegisterSigningKey{"key", "cA=="}}, said{head, SignMinutes{Text: "?"}}, said{adviser, SayChat{All, "پایان"}},
			said{head, Leave{}}, said{leyla, NameChair{leyla}}),
			map[MemberID]int{nasrin: len(together()), leyla: len(together()), adviser: len(together()), watcher: len(together()) + 5, head: len(together()) + 8}},
		{"agreements", append(seated(), agreementSteps()...),
			map[MemberID]int{head: table, leyla: table + 2, watcher: table}},
		{"recording", append(interpreted(),
			said{watcher, AgreeRecording{}}, said{minister, AgreeRecording{}}, said{minister, AgreeRecording{}}, said{head, StopRecording{}}, said{head, GoOffRecord{true}}, said{head, AgreeRecording{}},
			said{minister, AgreeRecording{}}, said{rashad, ConsentRecording{true}}, said{watcher, ConsentRecording{true}}, said{minister, BeginRecording{}}, said{nasrin, GoOffRecord{true}}, said{head, GoOffRecord{true}},
			said{minister, GoOffRecord{false}}, said{minister, GoOffRecord{true}}, said{head, GoOffRecord{false}}, said{minister, GoOffRecord{false}}, said{minister, BeginRecording{}}, said{minister, ResumeRecording{}},
			said{minister, FileRecording{1, []RecordedFile{{Name: "microphone-1.webm", Source: RecordedVoice, Member: head, Bytes: 4711, Millis: 60000, SHA256: "00"}}}},
			said{nasrin, ReleaseRecording{}}, said{head, StopRecording{}}, said{rashad, ConsentRecording{false}}, said{nasrin, ReleaseRecording{}}, said{watcher, ReleaseRecording{}},
			said{minister, FileRecording{2, []RecordedFile{{Name: "channel-1.webm", Source: RecordedChannel, Language: "az", Bytes: 4711, Millis: 60000, SHA256: "00"}}}},
			said{nasrin, ReleaseRecording{}}, said{leyla, ReleaseRecording{}}, said{leyla, ReleaseRecording{}}, said{minister, EndRecording{EndedEmpty}}),
			map[MemberID]int{head: booths, minister: booths + 3, rashad: booths + 10, watcher: booths}},
		{"agenda", append(seated(),
			said{minister, TakeItem{"gauge", ""}}, said{head, TakeItem{"gauge", ""}}, said{adviser, TakeItem{"gauge", "gauge"}}, said{leyla, NoteDecision{"Kolleya: 1520 mm"}},
			said{head, CloseItem{"gauge", ItemPostponed}}, said{minister, TakeItem{"gauge", ""}},
			said{minister, CloseItem{"gauge", ItemDone}}, said{head, CloseItem{"gauge", ItemOpen}}, said{minister, CloseItem{"border", ItemDone}}),
			map[MemberID]int{head: table, minister: table + 4, watcher: table + 9}},
		{"documents", append(seated(),
			said{nasrin, ShareDocument{paper("law", "gauge", All)}}, said{nasrin, ShareDocument{paper("law", "gauge", All)}}, said{nasrin, ShareDocument{paper("notes", "", ToParty("tehran"))}},
			said{leyla, ShareDocument{paper("map", "", All)}}, said{minister, ShowDocument{"law"}}, said{head, ShowDocument{"map"}}, said{head, TurnPage{"map", 3}}, said{minister, TurnPage{"law", 2}},
			said{minister, TakeItem{"gauge", ""}}, said{minister, ShowDocument{"law"}}, said{adviser, ShowDocument{"map"}}, said{minister, ShowDocument{"notes"}}, said{head, TurnPage{"law", 7}},
			said{leyla, AttachDocument{"law", ""}}, said{nasrin, AttachDocument{"law", ""}}, said{nasrin, AttachDocument{"notes", "gauge"}}, said{leyla, AttachDocument{"map", "gauge"}}, said{head, HideDocument{"law"}},
			said{head, ShowDocument{"law"}}, said{nasrin, WithdrawDocument{"law"}}, said{head, ShowDocument{"map"}}, said{nasrin, WithdrawDocument{"map"}}, said{head, CloseItem{"gauge", ItemDone}}),
			map[MemberID]int{head: table, minister: table + 2, watcher: table + 13, leyla: table + 19}},
		{"rounds", append(seated(),
			said{minister, PutText{1, "Yolun eni 1520 mm olsun."}}, said{head, PutText{1, "?"}}, said{adviser, AnswerText{1, AnswerAgreed}}, said{head, AnswerText{1, AnswerAdReferendum}},
			said{head, AnswerText{1, AnswerAgreed}}, said{minister, AnswerText{1, AnswerAgreed}}, said{head, PutText{2, "İkinci mətn"}}, said{minister, WithdrawText{2}},
			said{head, WithdrawText{2}}, said{minister, AnswerText{2, AnswerNotAgreed}}),
			map[MemberID]int{head: table, watcher: table + 3, nasrin: table + 7}},
		{"minutes", append(drafted(),
			said{leyla, WriteParagraph{Text: both("[سه‌ماهه]", "[rüblük]"), Before: p1}}, said{nasrin, CommentParagraph{p1, "فقط ما"}}, said{leyla, CommentParagraph{p1, "yalnız biz"}},
			said{leyla, SettleComment{20}}, said{nasrin, SettleComment{20}}, said{leyla, MoveParagraph{"p19", ""}}, said{nasrin, ProposeParagraph{p1, h}}, said{leyla, DeclineParagraph{p1, 1, 1}},
			said{leyla, CommitParagraph{p1, 1, 2, h}}, said{nasrin, WriteParagraph{Paragraph: p1, Base: 1, Text: both("دیگر", "Başqa")}}, said{leyla, WriteParagraph{Paragraph: p1, Base: 2, Text: draft}},
			said{leyla, CommitParagraph{p1, 1, 3, h}}, said{leyla, WriteParagraph{Paragraph: p1, Base: 3, Text: both("x", "y")}}, said{minister, CommitParagraph{p1, 1, 3, h}},
			said{nasrin, CommitParagraph{"p19", 1, 1, "?"}}, said{leyla, RemoveParagraph{"p19"}}, said{head, RegisterSigningKey{"key", "cA=="}}, said{head, SignMinutes{signed, "key", "YQ==", "Yw==", "cw=="}},
			said{leyla, RemoveParagraph{p1}}, said{nasrin, ReopenMinutes{}}, said{nasrin, WriteParagraph{Paragraph: p1, Base: 3}}, said{adviser, WriteParagraph{Text: both("x", "y")}}),
			map[MemberID]int{head: table, nasrin: table + 1, leyla: table + 3, watcher: table + 12, minister: table + 18}},
		{"backroom", append(seated(),
			said{head, EnterBackRoom{}}, said{minister, SetMicrophone{true}}, said{minister, Whisper{true}}, said{minister, SetMicrophone{true}}, said{adviser, EnterBackRoom{}},
			said{watcher, EnterBackRoom{}}, said{watcher, Whisper{true}}, said{minister, Whisper{false}}, said{head, Whisper{true}}, said{adviser, Whisper{true}},
			said{head, LeaveBackRoom{}}, said{nasrin, RemoveMember{adviser}}, said{minister, Leave{}}),
			map[MemberID]int{head: table, minister: table + 1, adviser: table, leyla: table + 2, nasrin: table + 9}},
		{"floor", append(seated(),
			said{minister, SetFloor{FloorModerated, true, 120}}, said{head, AskFloor{}}, said{adviser, AskFloor{}}, said{minister, AskFloor{}}, said{watcher, AskFloor{}},
			said{adviser, AskFloor{Point: true}}, said{head, GrantFloor{Turn: 0}}, said{minister, GrantFloor{Turn: 0}}, said{minister, GrantFloor{Turn: 1}},
			said{head, GiveFloorBack{}}, said{minister, GiveFloorBack{}}, said{head, AskFloor{}}, said{minister, GrantFloor{"", 3}}, said{adviser, TakeFloorBack{4}},
			said{nasrin, NameChair{adviser}}, said{leyla, NameChair{adviser}}, said{minister, GrantFloor{minister, 4}}, said{adviser, GrantFloor{adviser, 4}},
			said{nasrin, RemoveMember{adviser}}, said{minister, SetFloor{FloorOpen, false, 0}}, said{head, GrantFloor{minister, 6}}, said{minister, Leave{}}),
			map[MemberID]int{head: table, nasrin: table + 3, watcher: table + 7, leyla: table + 15}},
		{"hands", append(seated(),
			said{head, AskFloor{}}, said{minister, AskFloor{}}, said{adviser, AskFloor{}}, said{head, AskFloor{}}, said{watcher, AskFloor{}},
			said{minister, WithdrawFloor{}}, said{nasrin, WithdrawFloor{head}}, said{leyla, WithdrawFloor{head}}, said{minister, AskFloor{}},
			said{nasrin, RemoveMember{adviser}}, said{nasrin, ChangeMember{person("minister", Observer)}}),
			map[MemberID]int{head: table, nasrin: table + 2, watcher: table + 3}},
		{"media", append(seated(),
			said{head, SetMicrophone{true}}, said{head, SetCamera{true}}, said{minister, SetMicrophone{true}}, said{minister, SetCamera{true}},
			said{watcher, SetCamera{true}}, said{minister, SetScreen{true}}, said{head, SetScreen{true}}, said{minister, SetScreen{false}}, said{head, SetScreen{true}},
			said{minister, SetMicrophone{false}}, said{leyla, ChangeMember{person("head", Observer)}}, said{minister, SetScreen{true}}, said{minister, Leave{}}),
			map[MemberID]int{head: table, adviser: table, nasrin: table + 4}},
		{"change", append(begun(),
			said{leyla, AgreeConsultation{1}}, said{leyla, ChangeConsultation{third(), 1}}, said{nasrin, ChangeConsultation{joint(), 1}}, said{nasrin, AgreeConsultation{2}},
			said{"ankara/deniz", TakeUp{person("deniz", Secretary)}}, said{"ankara/deniz", AgreeConsultation{2}}, said{minister, CancelConsultation{}},
			said{"ankara/deniz", CancelConsultation{}}, said{nasrin, AgreeConsultation{2}}),
			map[MemberID]int{nasrin: set, leyla: set, minister: set, "ankara/deniz": set + 5}},
		{"call", []said{{nasrin, CallConsultation{Joint: changed(func(j *Joint) { j.Kind, j.Ceremony = KindCall, true }), Secretary: person("nasrin", Secretary)}},
			{leyla, TakeUp{person("leyla", Secretary)}}, {nasrin, AnswerLater{}}, {leyla, AnswerLater{}}, {leyla, AnswerLater{}}, {leyla, AgreeConsultation{1}}},
			map[MemberID]int{nasrin: 1, leyla: 2}},
		{"removal", append(seated(),
			said{head, AskFloor{}}, said{head, SetMicrophone{true}}, said{head, SetScreen{true}}, said{nasrin, RemoveMember{head}}, said{leyla, RemoveMember{head}},
			said{head, Come{}}, said{leyla, WithdrawMember{head}}, said{nasrin, WithdrawMember{adviser}}, said{nasrin, AdmitMembers{[]MemberID{adviser}}}, said{adviser, Come{}},
			said{leyla, RemoveMember{leyla}}),
			map[MemberID]int{minister: table, leyla: table, head: table, adviser: table + 9}},
		{"presence", append(seated(),
			said{head, SetMicrophone{true}}, said{head, SetCamera{true}}, said{head, AskFloor{}}, said{head, Leave{}}, said{head, Leave{}}, said{head, Come{}},
			said{minister, Leave{}}, said{leyla, Leave{}}, said{leyla, InviteMember{person("late", Delegate)}}, said{"baku/late", Come{}}, said{"baku/late", Leave{}},
			said{leyla, Come{}}),
			map[MemberID]int{head: table, minister: table, leyla: table, nasrin: table}},
	}
}

func (s story) play(t *testing.T) transcript {
	out := transcript{Name: s.name, Readers: map[MemberID]*transcriptOf{}}
	m := New("c1")
	hello := func(step int) {
		for id, from := range s.readers {
			if from == step {
				out.Readers[id] = &transcriptOf{Start: copyOf(t, m.View(id)), Events: []Event{}}
			}
		}
	}
	hello(0)
	for i, x := range s.steps {
		step := transcriptStep{By: x.by, At: noon().Add(time.Duration(i) * 7 * time.Second)}
		step.Command.Type, step.Command.Body = x.c.Type(), x.c
		events, err := m.Decide(x.by, x.c, step.At)
		if err != nil && !errors.As(err, &step.Refusal) {
			t.Fatal(err)
		}
		out.Steps = append(out.Steps, step)
		for _, e := range events {
			m.Apply(e)
			for id, r := range out.Readers {
				if b, ok := e.Body.(MemberAdmitted); ok && b.Member.ID == id {
					t.Fatalf("%s is admitted in step %d, after hello", id, i)
				}
				if m.Anew(id, e) { // a new welcome
					r.Start, r.Events = copyOf(t, m.View(id)), []Event{}
					continue
				}
				if gone := r.Start.Inside(id) && !m.Inside(id); m.Sees(id, e) && (!gone || e.Type == MemberRemoved{}.Type()) {
					r.Events = append(r.Events, e)
				}
			}
		}
		hello(i + 1)
	}
	for id, r := range out.Readers {
		r.End = m.View(id)
		if r.Start.Inside(id) && !m.Inside(id) { // taken out, and told goodbye: what was on the screen stays as it was
			r.End = copyOf(t, r.Start)
			for _, e := range r.Events {
				r.End.Apply(e)
			}
		}
		r.End.Seq = r.Start.Seq
		if n := len(r.Events); n > 0 {
			r.End.Seq = r.Events[n-1].Seq
		}
	}
	return out
}

func TestTranscripts(t *testing.T) {
	for _, s := range stories() {
		t.Run(s.name, func(t *testing.T) {
			got := s.play(t)
			var b bytes.Buffer
			enc := json.NewEncoder(&b)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", " ")
			if err := enc.Encode(got); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", s.name+".json")
			if *update {
				if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b.Bytes(), want) {
				t.Errorf("%s is not what the rules say; if they are right: go test ./meeting -update", file)
			}
			if len(got.Readers) != len(s.readers) {
				t.Errorf("got %d readers, want %d", len(got.Readers), len(s.readers))
			}
			var read struct {
				Readers map[MemberID]*transcriptOf `json:"readers"`
			}
			if err := json.Unmarshal(want, &read); err != nil {
				t.Fatal(err)
			}
			for id, r := range read.Readers { // as the client does
				for _, e := range r.Events {
					r.Start.Apply(e)
				}
				if g, w := asJSON(t, r.Start), asJSON(t, r.End); g != w {
					t.Errorf("%s:\n got %s\nwant %s", id, g, w)
				}
			}
		})
	}
}
