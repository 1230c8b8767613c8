package meeting

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
)

// after is together with minutes that both sides agreed to, and the principals gone.
func after(t testing.TB) []said {
	steps := append(together(), said{nasrin, WriteParagraph{Text: both("پهنای خط ۱۵۲۰ میلی‌متر است.", "Yolun eni 1520 mm-dir.")}})
	p := play(t, steps...).Minutes.Paragraphs[0]
	return slices.Clip(append(steps, said{nasrin, CommitParagraph{p.ID, 1, 1, p.Hash}}, said{leyla, CommitParagraph{p.ID, 1, 1, p.Hash}}, said{leyla, EndTogether{}}))
}

func TestAPrincipalSignsAfterTheyHaveLeft(t *testing.T) {
	waiting := append(after(t), said{leyla, AdmitMembers{[]MemberID{head}}}, said{head, Come{}})
	for _, c := range []struct {
		name string
		from []said
	}{{"by the link, without being let in", after(t)}, {"in the waiting room", waiting}} {
		t.Run(c.name, func(t *testing.T) {
			signs := append(slices.Clip(c.from), said{head, RegisterSigningKey{"baku-key", "cHVibGlj"}})
			m := play(t, append(signs, said{head, SignMinutes{play(t, signs...).MinutesHash(), "baku-key", "YQ==", "Yw==", "cw=="}})...)
			if n := len(m.Minutes.Signatures); n != 1 {
				t.Fatalf("got %d signatures, want 1", n)
			}
			v := m.View(head)
			if len(v.Minutes.Paragraphs) != 1 || len(v.Minutes.Signatures) != 1 || v.Members[nasrin].ID != "" {
				t.Errorf("the principal reads %+v, knows %v", v.Minutes, v.Members)
			}
		})
	}
	for _, c := range []struct {
		name string
		from []said
		by   MemberID
		want RefusalCode
	}{
		{"another who chairs now", append(after(t), said{leyla, NameChair{leyla}}), head, NotChair},
		{"who was never together", append(after(t), said{leyla, InviteMember{person("deputy", Head)}}), "baku/deputy", StillApart},
		{"who was taken out since", append(waiting, said{leyla, RemoveMember{head}}), head, StillApart},
		{"who is an observer since", append(after(t), said{leyla, ChangeMember{person("head", Observer)}}), head, NotAdmitted},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := play(t, c.from...).Decide(c.by, RegisterSigningKey{"baku-key", "cHVibGlj"}, noon())
			if no, ok := err.(*Refusal); !ok || no.Code != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if v := play(t, c.from...).View(c.by); c.want != NotChair && len(v.Minutes.Paragraphs) > 0 {
				t.Error("and reads the minutes")
			}
		})
	}
}

// Whatever anybody does while the principals are apart, what reaches the other side names none of them.
func TestNothingThatTheOtherSideIsToldNamesAPrincipalWhoIsApart(t *testing.T) {
	fresh := append(apart(), said{nasrin, InviteMember{person("clerk", Technician)}})
	for _, from := range [][]said{fresh, append(slices.Clip(fresh), said{leyla, ReportReady{true}}, said{nasrin, ReportReady{true}})} {
		for _, by := range []MemberID{minister, nasrin, adviser} {
			for _, c := range []Command{Leave{}, Come{}, CheckSound{SoundQuiet}, SetMicrophone{true}, SetCamera{true}, SetScreen{true}, ListenTo{Choice{Kind: Original}}, EnterBackRoom{}, Whisper{true}, AskFloor{}, GiveFloorBack{},
				GrantFloor{Member: minister}, WithdrawFloor{minister}, NameChair{minister}, NameChair{adviser}, NameChair{}, RemoveMember{minister}, WithdrawMember{minister}, RefuseMember{minister}, AdmitMembers{},
				ChangeMember{person("minister", Delegate)}, AssignInterpreter{minister, "fa"}, AgreeRecording{}, BeginRecording{}, ResumeRecording{}, EndRecording{EndedFault}, StopRecording{}, GoOffRecord{true}, ReportReady{true}, ReportReady{false},
				SayChat{All, "x"}, SayChat{ToParty("tehran"), "x"}, SayChat{ToMember(minister), "x"}, MarkFloorLanguage{"fa"}, NoteSpeaker{}, TakeItem{"gauge", ""}, PutText{1, "x"}, EndTogether{}, CallForHelp{}} {
				m := play(t, from...)
				events, err := m.Decide(by, c, noon().Add(time.Hour))
				if err != nil {
					continue
				}
				for _, e := range events {
					m.Apply(e)
					for _, reader := range []MemberID{leyla, watcher, head} {
						told := ""
						if m.Sees(reader, e) {
							told = asJSON(t, e)
						}
						view, _ := json.Marshal(m.View(reader))
						if strings.Contains(told, string(minister)) || strings.Contains(string(view), string(minister)) {
							t.Errorf("%s %s: %s is told %s and shown %s", by, c.Type(), reader, told, view)
						}
					}
				}
			}
		}
	}
}

// What a side has spoken does not grow while nobody of it is here.
func TestWhoLeavesWhileSpeakingGivesTheFloorBack(t *testing.T) {
	m := play(t, append(seated(), said{minister, SetFloor{FloorModerated, false, 0}}, said{head, GrantFloor{Member: minister}}, said{adviser, AskFloor{}})...)
	events, err := m.Decide(minister, Leave{}, m.Floor.Since.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if e.Type == (FloorGivenBack{}).Type() && !e.Lasting() {
			t.Error("it is not in the record")
		}
		m.Apply(e)
	}
	if f := m.Floor; f.Speaker != "" || f.Since != nil || f.Spoken["tehran"] != 60_000 {
		t.Errorf("got %+v, want a free floor and one minute", f)
	}
	if m.NextOnFloor() != adviser {
		t.Error("the queue does not stand")
	}
}
