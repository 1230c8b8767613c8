package meeting

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	nasrin   = MemberID("tehran/nasrin") // secretary of the side that calls
	leyla    = MemberID("baku/leyla")    // secretary of the other side
	minister = MemberID("tehran/minister")
	adviser  = MemberID("tehran/adviser")
	head     = MemberID("baku/head")
	watcher  = MemberID("baku/watcher") // observer
)

func noon() time.Time { return time.Date(2027, 3, 21, 8, 30, 0, 0, time.UTC) }

func joint() Joint {
	return Joint{
		Title: Words{"fa": "راه‌آهن", "az": "Dəmir yolu"},
		Parties: []Party{
			{ID: "tehran", Names: Words{"fa": "وزارت راه", "az": "Yollar Nazirliyi"}, Language: "fa", Zone: "Asia/Tehran", Calendar: SolarHijri},
			{ID: "baku", Names: Words{"fa": "وزارت ترابری", "az": "Nəqliyyat Nazirliyi"}, Language: "az", Zone: "Asia/Baku", Calendar: Gregorian},
		},
		StartsAt: noon(), Minutes: 90, Languages: []Language{"fa", "az"},
		Agenda: []AgendaItem{{ID: "gauge", Title: Words{"fa": "عرض خط", "az": "Yolun eni"}, Minutes: 30}},
	}
}

func person(id PersonID, r Role) Person {
	return Person{ID: id, Name: strings.ToUpper(string(id)), Role: r, Language: "fa"}
}

// said is a command of somebody.
type said struct {
	by MemberID
	c  Command
}

func calls() said {
	return said{nasrin, CallConsultation{Joint: joint(), Secretary: person("nasrin", Secretary)}}
}

// begun is a consultation with people of both sides: invited, none of them come.
func begun() []said {
	return []said{calls(), {leyla, TakeUp{person("leyla", Secretary)}},
		{nasrin, InviteMember{person("minister", Head)}}, {nasrin, InviteMember{person("adviser", Adviser)}},
		{leyla, InviteMember{person("head", Head)}}, {leyla, InviteMember{person("watcher", Observer)}}}
}

// seated is the same with everybody at the table.
func seated() []said {
	return append(begun(), said{nasrin, Come{}}, said{leyla, Come{}}, said{minister, Come{}}, said{adviser, Come{}}, said{head, Come{}}, said{watcher, Come{}},
		said{nasrin, AdmitMembers{}}, said{leyla, AdmitMembers{}})
}

// apart is seated with a ceremony: the heads have not appeared to each other.
func apart() []said {
	out := seated()
	out[0] = said{nasrin, CallConsultation{Joint: changed(func(j *Joint) { j.Ceremony = true }), Secretary: person("nasrin", Secretary)}}
	return out
}

// together is after the go.
func together() []said {
	return append(apart(), said{leyla, ReportReady{true}}, said{nasrin, ReportReady{true}}, said{leyla, BeginTogether{}})
}

func play(t testing.TB, steps ...said) *Meeting {
	t.Helper()
	m := New("c1")
	for i, s := range steps {
		events, err := m.Decide(s.by, s.c, noon().Add(time.Duration(i)*time.Second))
		if err != nil {
			t.Fatalf("step %d %s: %v", i, s.c.Type(), err)
		}
		for _, e := range events {
			m.Apply(e)
		}
	}
	return m
}

func changed(f func(*Joint)) Joint {
	j := joint()
	f(&j)
	return j
}

// third is the same with another party.
func third() Joint {
	return changed(func(j *Joint) {
		j.Parties = append(j.Parties, Party{ID: "ankara", Names: Words{"az": "Ulaştırma", "tr": "Ulaştırma Bakanlığı"}, Language: "az", Zone: "Europe/Istanbul", Calendar: Gregorian})
		j.Languages = append(j.Languages, "ru")
		j.Title["ru"], j.Agenda[0].Title["ru"] = "Железная дорога", "Ширина колеи"
		j.Agenda = append(j.Agenda, AgendaItem{ID: "customs", Title: Words{"fa": "گمرک", "az": "Gömrük", "ru": "Таможня"}, Minutes: 0})
	})
}

func TestDecide(t *testing.T) {
	long := strings.Repeat("ب", MaxTitle+1)
	for _, c := range []struct {
		name string
		from []said
		by   MemberID
		do   Command
		want string // event types, or "!" and the refusal
	}{
		// the consultation
		{"call", nil, nasrin, calls().c, "consultation.called member.admitted"},
		{"call twice", begun(), nasrin, calls().c, "!already-called"},
		{"call for others", nil, "moscow/nasrin", calls().c, "!unknown-party"},
		{"call as somebody else", nil, "tehran/other", calls().c, "!not-your-role"},
		{"call as a delegate", nil, nasrin, CallConsultation{Joint: joint(), Secretary: person("nasrin", Delegate)}, "!not-your-role"},
		{"call by nobody", nil, "", calls().c, "!unknown-member"},
		{"call with a nameless secretary", nil, nasrin, CallConsultation{Joint: joint(), Secretary: Person{ID: "nasrin", Role: Secretary, Language: "fa"}}, "!name-empty"},
		{"take up", []said{calls()}, leyla, TakeUp{person("leyla", Secretary)}, "member.admitted"},
		{"take up twice", begun(), leyla, TakeUp{person("leyla", Secretary)}, ""},
		{"take up for others", begun(), "moscow/x", TakeUp{person("x", Secretary)}, "!unknown-party"},
		{"take up as a member of another role", begun(), minister, TakeUp{person("minister", Secretary)}, "!member-exists"},
		{"take up as somebody else", begun(), "baku/x", TakeUp{person("y", Secretary)}, "!not-your-role"},
		{"take up as a head", begun(), "baku/x", TakeUp{person("x", Head)}, "!not-your-role"},
		{"take up by an invited secretary", append(begun(), said{leyla, InviteMember{person("second", Secretary)}}), "baku/second", TakeUp{person("second", Secretary)}, "member.admitted"},
		{"change", begun(), leyla, ChangeConsultation{changed(func(j *Joint) { j.Minutes = 60 }), 1}, "consultation.changed"},
		{"change an old version", append(begun(), said{nasrin, ChangeConsultation{joint(), 1}}), leyla, ChangeConsultation{joint(), 1}, "!version-passed"},
		{"change by a head", begun(), minister, ChangeConsultation{joint(), 1}, "!not-admitted"},
		{"change by a head at the table", seated(), minister, ChangeConsultation{joint(), 1}, "!not-your-role"},
		{"change, dropping a side", begun(), leyla, ChangeConsultation{changed(func(j *Joint) { j.Parties[0].ID = "ankara" }), 1}, "!parties-wrong"},
		{"change, adding a side", begun(), leyla, ChangeConsultation{changed(func(j *Joint) {
			p := j.Parties[1]
			p.ID = "ankara"
			j.Parties = append(j.Parties, p)
		}), 1}, "consultation.changed"},
		{"agree", begun(), leyla, AgreeConsultation{1}, "consultation.agreed"},
		{"agree twice", append(begun(), said{leyla, AgreeConsultation{1}}), leyla, AgreeConsultation{1}, ""},
		{"agree to one's own", begun(), nasrin, AgreeConsultation{1}, ""},
		{"agree to what is not there", begun(), leyla, AgreeConsultation{2}, "!version-passed"},
		{"agree by a head", seated(), head, AgreeConsultation{1}, "!not-your-role"},
		{"cancel", begun(), leyla, CancelConsultation{}, "consultation.cancelled"},
		{"another party", begun(), leyla, ChangeConsultation{third(), 1}, "consultation.changed"},
		{"another party, who would read what was said", append(seated(), said{head, SayChat{All, "x"}}), leyla, ChangeConsultation{third(), 1}, "!parties-stand"},
		{"another party, who would read the minutes", drafted(), leyla, ChangeConsultation{third(), 1}, "!parties-stand"},
		{"cancel twice", append(begun(), said{leyla, CancelConsultation{}}), leyla, CancelConsultation{}, "!cancelled"},
		{"cancel by a stranger", begun(), "baku/x", CancelConsultation{}, "!not-admitted"},

		// the joint facts
		{"no languages", nil, nasrin, call(func(j *Joint) { j.Languages = nil }), "!languages-wrong"},
		{"twice the same language", nil, nasrin, call(func(j *Joint) { j.Languages = []Language{"fa", "fa"} }), "!languages-wrong"},
		{"not a language", nil, nasrin, call(func(j *Joint) { j.Languages = []Language{"f", "az"} }), "!languages-wrong"},
		{"too many languages", nil, nasrin, call(func(j *Joint) { j.Languages = []Language{"aa", "ab", "ac", "ad", "ae", "af", "ag", "ah", "ai"} }), "!languages-wrong"},
		{"no title in a language", nil, nasrin, call(func(j *Joint) { j.Title = Words{"fa": "x"} }), "!title-missing"},
		{"title too long", nil, nasrin, call(func(j *Joint) { j.Title["az"] = long }), "!name-wrong"},
		{"title with an override", nil, nasrin, call(func(j *Joint) { j.Title["az"] = "a\u202eb" }), "!name-wrong"},
		{"title in what is not a language", nil, nasrin, call(func(j *Joint) { j.Title["!!"] = "x" }), "!languages-wrong"},
		{"no date", nil, nasrin, call(func(j *Joint) { j.StartsAt = time.Time{} }), "!time-wrong"},
		{"a date out of the calendar", nil, nasrin, call(func(j *Joint) { j.StartsAt = noon().AddDate(9000, 0, 0) }), "!time-wrong"},
		{"no length", nil, nasrin, call(func(j *Joint) { j.Minutes = 0 }), "!time-wrong"},
		{"a minute more than a day", nil, nasrin, call(func(j *Joint) { j.Minutes = 24*60 + 1 }), "!time-wrong"},
		{"a whole day", nil, nasrin, call(func(j *Joint) { j.Minutes = 24 * 60 }), "consultation.called member.admitted"},
		{"an overflowing length", nil, nasrin, call(func(j *Joint) { j.Minutes = 1 << 62 }), "!time-wrong"},
		{"one side", nil, nasrin, call(func(j *Joint) { j.Parties = j.Parties[:1] }), "!parties-wrong"},
		{"twice the same side", nil, nasrin, call(func(j *Joint) { j.Parties[1].ID = "tehran" }), "!parties-wrong"},
		{"side without a language", nil, nasrin, call(func(j *Joint) { j.Parties[1].Language = "" }), "!languages-wrong"},
		{"side without a name", nil, nasrin, call(func(j *Joint) { j.Parties[1].Names = nil }), "!title-missing"},
		{"side without a zone", nil, nasrin, call(func(j *Joint) { j.Parties[1].Zone = "" }), "!zone-wrong"},
		{"a zone that climbs", nil, nasrin, call(func(j *Joint) { j.Parties[1].Zone = "../x" }), "!zone-wrong"},
		{"not a calendar", nil, nasrin, call(func(j *Joint) { j.Parties[1].Calendar = "mayan" }), "!zone-wrong"},
		{"too many items", nil, nasrin, call(func(j *Joint) { j.Agenda = make([]AgendaItem, MaxItems+1) }), "!too-many-items"},
		{"item without an id", nil, nasrin, call(func(j *Joint) { j.Agenda[0].ID = "" }), "!time-wrong"},
		{"item without a title", nil, nasrin, call(func(j *Joint) { j.Agenda[0].Title = nil }), "!title-missing"},

		// people
		{"invite", begun(), leyla, InviteMember{person("expert", Delegate)}, "member.invited"},
		{"invite twice", begun(), leyla, InviteMember{person("head", Head)}, "!member-exists"},
		{"invite a wrong id", begun(), leyla, InviteMember{person("No", Head)}, "!unknown-member"},
		{"invite without a role", begun(), leyla, InviteMember{person("expert", "")}, "!role-wrong"},
		{"invite without a language", begun(), leyla, InviteMember{Person{ID: "x", Name: "X", Role: Head}}, "!languages-wrong"},
		{"invite without a name", begun(), leyla, InviteMember{Person{ID: "x", Name: " \u200f ", Role: Head, Language: "fa"}}, "!name-empty"},
		{"invite with a control character", begun(), leyla, InviteMember{Person{ID: "x", Name: "a\x00", Role: Head, Language: "fa"}}, "!name-wrong"},
		{"invite with a wrong function", begun(), leyla, InviteMember{Person{ID: "x", Name: "X", Function: "\u2066", Role: Head, Language: "fa"}}, "!name-wrong"},
		{"invite by a delegate", seated(), adviser, InviteMember{person("x", Head)}, "!not-your-role"},
		{"invite after the end", append(begun(), said{leyla, CancelConsultation{}}), leyla, InviteMember{person("x", Head)}, "!cancelled"},
		{"change a person", begun(), leyla, ChangeMember{person("head", Delegate)}, "member.changed"},
		{"change nothing of a person", begun(), leyla, ChangeMember{person("head", Head)}, ""},
		{"change a stranger", begun(), leyla, ChangeMember{person("x", Delegate)}, "!unknown-member"},
		{"change with a wrong role", begun(), leyla, ChangeMember{person("head", "king")}, "!role-wrong"},
		{"change oneself out of the secretariat", begun(), leyla, ChangeMember{person("leyla", Head)}, "!own-place"},
		{"an observer's hand comes down", append(seated(), said{head, AskFloor{}}), leyla, ChangeMember{person("head", Observer)}, "member.changed floor.withdrawn"},
		{"withdraw an invited", begun(), leyla, WithdrawMember{head}, "member.withdrawn"},
		{"withdraw one at the table", seated(), leyla, WithdrawMember{head}, "member.removed"},
		{"withdraw a removed", append(seated(), said{leyla, RemoveMember{head}}), leyla, WithdrawMember{head}, ""},
		{"withdraw the other side's", begun(), leyla, WithdrawMember{minister}, "!not-your-side"},
		{"withdraw oneself", begun(), leyla, WithdrawMember{leyla}, "!own-place"},
		{"withdraw a stranger", begun(), leyla, WithdrawMember{"baku/x"}, "!unknown-member"},
		{"admit all who wait", append(begun(), said{head, Come{}}, said{minister, Come{}}), leyla, AdmitMembers{}, "member.admitted"},
		{"admit nobody", begun(), leyla, AdmitMembers{}, ""},
		{"admit one who has not come", begun(), leyla, AdmitMembers{[]MemberID{head}}, "member.admitted"},
		{"admit one twice", begun(), leyla, AdmitMembers{[]MemberID{head, head}}, "member.admitted"},
		{"admit the other side's", begun(), leyla, AdmitMembers{[]MemberID{head, minister}}, "!not-your-side"},
		{"admit a refused", append(begun(), said{leyla, RefuseMember{head}}), leyla, AdmitMembers{[]MemberID{head}}, "member.admitted"},
		{"admit by a head", seated(), head, AdmitMembers{}, "!not-your-role"},
		{"refuse", begun(), leyla, RefuseMember{head}, "member.refused"},
		{"refuse one at the table", seated(), leyla, RefuseMember{head}, ""},
		{"refuse the other side's", begun(), leyla, RefuseMember{minister}, "!not-your-side"},
		{"remove", seated(), leyla, RemoveMember{head}, "member.removed"},
		{"remove one who is not there", begun(), leyla, RemoveMember{head}, ""},
		{"remove oneself", seated(), leyla, RemoveMember{leyla}, "!own-place"},
		{"remove the other side's", seated(), leyla, RemoveMember{minister}, "!not-your-side"},

		// presence
		{"come to the door", begun(), head, Come{}, "member.came"},
		{"come twice", seated(), head, Come{}, ""},
		{"come as a secretary", append(begun(), said{leyla, InviteMember{person("second", Secretary)}}), "baku/second", Come{}, "member.admitted member.came"},
		{"come through an open door", []said{{nasrin, CallConsultation{joint(), person("nasrin", Secretary), true}}, {nasrin, InviteMember{person("minister", Head)}}}, minister, Come{}, "member.admitted member.came"},
		{"come as a stranger", begun(), "baku/x", Come{}, "!unknown-member"},
		{"come when refused", append(begun(), said{leyla, RefuseMember{head}}), head, Come{}, "!not-admitted"},
		{"come when removed", append(seated(), said{leyla, RemoveMember{head}}), head, Come{}, "!not-admitted"},
		{"come after the end", append(begun(), said{leyla, CancelConsultation{}}), head, Come{}, "!cancelled"},
		{"leave", seated(), head, Leave{}, "member.left"},
		{"leave twice", begun(), head, Leave{}, ""},
		{"leave after the end", append(seated(), said{leyla, CancelConsultation{}}), head, Leave{}, "member.left"},

		// the table
		{"microphone on", seated(), head, SetMicrophone{true}, "microphone.changed"},
		{"microphone on twice", append(seated(), said{head, SetMicrophone{true}}), head, SetMicrophone{true}, ""},
		{"microphone of an observer", seated(), watcher, SetMicrophone{true}, "!not-your-role"},
		{"microphone off of an observer", seated(), watcher, SetMicrophone{false}, ""},
		{"microphone in the lobby", append(begun(), said{head, Come{}}), head, SetMicrophone{true}, "!not-admitted"},
		{"microphone of one who is away", append(seated(), said{head, Leave{}}), head, SetMicrophone{true}, "!not-admitted"},
		{"camera", seated(), head, SetCamera{true}, "camera.changed"},
		{"camera of an observer", seated(), watcher, SetCamera{true}, "!not-your-role"},
		{"camera after the end", append(seated(), said{leyla, CancelConsultation{}}), head, SetCamera{true}, "!cancelled"},
		{"screen", seated(), head, SetScreen{true}, "screen.changed"},
		{"screen while another is shown", append(seated(), said{minister, SetScreen{true}}), head, SetScreen{true}, "!screen-taken"},
		{"screen after the other", append(seated(), said{minister, SetScreen{true}}, said{minister, SetScreen{false}}), head, SetScreen{true}, "screen.changed"},
		{"screen after the other left", append(seated(), said{minister, SetScreen{true}}, said{minister, Leave{}}), head, SetScreen{true}, "screen.changed"},
		{"screen of an observer", seated(), watcher, SetScreen{true}, "!not-your-role"},
		{"hand", seated(), head, AskFloor{}, "floor.asked"},
		{"hand twice", append(seated(), said{head, AskFloor{}}), head, AskFloor{}, "!already-asked"},
		{"hand of an observer", seated(), watcher, AskFloor{}, "!not-your-role"},
		{"hand down", append(seated(), said{head, AskFloor{}}), head, WithdrawFloor{}, "floor.withdrawn"},
		{"hand down by the secretary", append(seated(), said{head, AskFloor{}}), leyla, WithdrawFloor{head}, "floor.withdrawn"},
		{"hand down by the other secretary", append(seated(), said{head, AskFloor{}}), nasrin, WithdrawFloor{head}, "!not-your-side"},
		{"hand down by a neighbour", append(seated(), said{head, AskFloor{}}), watcher, WithdrawFloor{head}, "!not-your-role"},
		{"hand down that is not up", seated(), head, WithdrawFloor{}, "!not-asked"},
		{"an item", seated(), head, TakeItem{"gauge", ""}, "item.taken"},
		{"an item that is not on the agenda", seated(), head, TakeItem{"weather", ""}, "!unknown-item"},
		{"the current item", append(seated(), said{head, TakeItem{"gauge", ""}}), minister, TakeItem{"gauge", ""}, ""},
		{"an item by a chair who saw another", seated(), head, TakeItem{"gauge", "border"}, "!item-passed"},
		{"an item by a secretary", seated(), leyla, TakeItem{"gauge", ""}, "!not-chair"},
		{"an item postponed", seated(), head, CloseItem{"gauge", ItemPostponed}, "item.closed"},
		{"an item postponed twice", append(seated(), said{head, CloseItem{"gauge", ItemPostponed}}), minister, CloseItem{"gauge", ItemPostponed}, ""},
		{"an item opened again", append(seated(), said{head, CloseItem{"gauge", ItemPostponed}}), minister, CloseItem{"gauge", ItemOpen}, "item.closed"},
		{"an item that becomes something else", seated(), head, CloseItem{"gauge", "lost"}, "!unknown-item"},
		{"a decision", seated(), head, NoteDecision{"x"}, "decision.noted"},
		{"a decision by a secretary", seated(), leyla, NoteDecision{"x"}, "decision.noted"},
		{"a decision by an adviser", seated(), adviser, NoteDecision{"x"}, "!not-chair"},
		{"no decision", seated(), head, NoteDecision{" \n"}, "!text-empty"},
		{"a text", seated(), head, PutText{1, "x"}, "text.put"},
		{"a text by a secretary", seated(), leyla, PutText{1, "x"}, "!not-chair"},
		{"a text beside another", append(seated(), said{head, PutText{1, "x"}}), minister, PutText{2, "x"}, "!round-passed"},
		{"a text of another number", seated(), head, PutText{2, "x"}, "!round-passed"},
		{"an answer", append(seated(), said{head, PutText{1, "x"}}), minister, AnswerText{1, AnswerAgreed}, "text.answered"},
		{"an answer by a secretary", append(seated(), said{head, PutText{1, "x"}}), leyla, AnswerText{1, AnswerAgreed}, "!not-your-role"},
		{"an answer twice", append(seated(), said{head, PutText{1, "x"}}, said{head, AnswerText{1, AnswerAgreed}}), head, AnswerText{1, AnswerNotAgreed}, "!round-passed"},
		{"an answer to nothing", seated(), head, AnswerText{1, AnswerAgreed}, "!round-passed"},
		{"an answer that is none", append(seated(), said{head, PutText{1, "x"}}), head, AnswerText{1, "perhaps"}, "!answer-wrong"},
		{"a text withdrawn by the other side", append(seated(), said{head, PutText{1, "x"}}), minister, WithdrawText{1}, "!not-your-side"},
		{"a text withdrawn", append(seated(), said{head, PutText{1, "x"}}), head, WithdrawText{1}, "text.withdrawn"},
		{"ready without a ceremony", seated(), leyla, ReportReady{true}, "!no-ceremony"},
		{"ready", apart(), leyla, ReportReady{true}, "principal.reported"},
		{"ready by a principal", apart(), head, ReportReady{true}, "!still-apart"},
		{"ready with nobody there", append(apart(), said{head, Leave{}}), leyla, ReportReady{true}, "!principal-away"},
		{"who was ready goes away", append(apart(), said{leyla, ReportReady{true}}), head, Leave{}, "principal.reported member.left"},
		{"who was ready is taken out", append(apart(), said{leyla, ReportReady{true}}), leyla, RemoveMember{head}, "principal.reported member.removed"},
		{"the go before all are ready", append(apart(), said{leyla, ReportReady{true}}), leyla, BeginTogether{}, "!principal-away"},
		{"the go", append(apart(), said{leyla, ReportReady{true}}, said{nasrin, ReportReady{true}}), nasrin, BeginTogether{}, "principals.appeared"},
		{"the go by an adviser", append(apart(), said{leyla, ReportReady{true}}, said{nasrin, ReportReady{true}}), adviser, BeginTogether{}, "!not-your-role"},
		{"the end before the beginning", apart(), leyla, EndTogether{}, "!no-ceremony"},
		{"the end", together(), leyla, EndTogether{}, "principals.left"},
		{"the end by a chair", together(), head, EndTogether{}, "principals.left"},
		{"the end by an adviser", together(), adviser, EndTogether{}, "!not-chair"},
		{"a principal who is apart asks for the floor", apart(), head, AskFloor{}, "!still-apart"},
		{"a principal who is apart writes to all", apart(), head, SayChat{All, "x"}, "!still-apart"},
		{"a principal who is apart writes to the own side", apart(), head, SayChat{ToParty("baku"), "x"}, "chat.said"},
		{"a principal who is apart checks the sound", apart(), head, CheckSound{SoundPassed}, "sound.checked"},
		{"a principal who is apart is named chair", apart(), leyla, NameChair{head}, "!still-apart"},
		{"another chair while they are apart", apart(), nasrin, NameChair{adviser}, "chair.named"},
		{"who has the floor leaves", append(seated(), said{head, GrantFloor{Member: minister}}), minister, Leave{}, "floor.given-back member.left"},
		{"who has the floor did not come back", append(seated(), said{head, GrantFloor{Member: head}}, said{head, Leave{}}), head, Leave{}, ""},
		{"the end with a word for a recording", append(together(), said{head, AgreeRecording{}}), leyla, EndTogether{}, "recording.stopped principals.left"},
		{"a letter to a principal who is apart", apart(), nasrin, SayChat{ToMember(head), "x"}, "!unknown-member"},
		{"a ceremony after principals have come", seated(), leyla, ChangeConsultation{changed(func(j *Joint) { j.Ceremony = true }), 1}, "!ceremony-begun"},
		{"a ceremony before", begun(), leyla, ChangeConsultation{changed(func(j *Joint) { j.Ceremony = true }), 1}, "consultation.changed"},
		{"a consultation of no kind", begun(), leyla, ChangeConsultation{changed(func(j *Joint) { j.Kind = "party" }), 1}, "!command-unknown"},
		{"the back room", seated(), head, EnterBackRoom{}, "backroom.entered"},
		{"the back room again", append(seated(), said{head, EnterBackRoom{}}), head, EnterBackRoom{}, ""},
		{"the back room from the lobby", append(begun(), said{head, Come{}}), head, EnterBackRoom{}, "!not-admitted"},
		{"out of the back room", append(seated(), said{head, EnterBackRoom{}}), head, LeaveBackRoom{}, "backroom.left"},
		{"out of where one is not", seated(), head, LeaveBackRoom{}, ""},
		{"a whisper", append(seated(), said{head, SetMicrophone{true}}), head, Whisper{true}, "microphone.changed backroom.entered whisper.changed"},
		{"a whisper from the back room", append(seated(), said{head, EnterBackRoom{}}), head, Whisper{true}, "whisper.changed"},
		{"a whisper of an observer", seated(), watcher, Whisper{true}, "!not-your-role"},
		{"no whisper any more", append(seated(), said{head, Whisper{true}}), head, Whisper{false}, "whisper.changed"},
		{"both at once", append(seated(), said{head, Whisper{true}}), head, SetMicrophone{true}, "!still-whispering"},
		{"a point of order", append(seated(), said{head, AskFloor{}}), head, AskFloor{Point: true}, "floor.withdrawn floor.asked"},
		{"a point of order twice", append(seated(), said{head, AskFloor{Point: true}}), head, AskFloor{Point: true}, "!already-asked"},
		{"the floor, having it", append(seated(), said{head, GrantFloor{Member: head}}), head, AskFloor{}, "!already-asked"},
		{"the floor for an interpreter", append(seated(), said{leyla, ChangeMember{person("head", Interpreter)}}), head, AskFloor{}, "!not-your-role"},
		{"the next", append(seated(), said{adviser, AskFloor{}}), head, GrantFloor{}, "floor.granted"},
		{"the next of nobody", seated(), head, GrantFloor{}, "!nobody-asks"},
		{"the next who is away", append(seated(), said{adviser, AskFloor{}}, said{adviser, Leave{}}), head, GrantFloor{}, "!nobody-asks"},
		{"the floor to somebody who did not ask", seated(), head, GrantFloor{Member: adviser}, "floor.granted"},
		{"the floor to who has it", append(seated(), said{head, GrantFloor{Member: adviser}}), head, GrantFloor{Member: adviser, Turn: 1}, ""},
		{"the floor to an observer", seated(), head, GrantFloor{Member: watcher}, "!role-wrong"},
		{"the floor to nobody known", seated(), head, GrantFloor{Member: "baku/nobody"}, "!unknown-member"},
		{"the floor by two chairs at once", append(seated(), said{head, GrantFloor{Member: adviser}}), minister, GrantFloor{Member: minister}, "!floor-passed"},
		{"the floor by a secretary", seated(), leyla, GrantFloor{Member: leyla}, "!not-chair"},
		{"the floor by a delegate", seated(), adviser, GrantFloor{Member: adviser}, "!not-chair"},
		{"the floor by a chair who is away", append(seated(), said{head, Leave{}}), head, GrantFloor{Member: adviser}, "!not-admitted"},
		{"the floor by a chair whom the side named", append(seated(), said{leyla, NameChair{leyla}}), leyla, GrantFloor{Member: leyla}, "floor.granted"},
		{"the floor by the head when another chairs", append(seated(), said{leyla, NameChair{leyla}}), head, GrantFloor{Member: head}, "!not-chair"},
		{"taking back", append(seated(), said{head, GrantFloor{Member: adviser}}), minister, TakeFloorBack{1}, "floor.taken-back"},
		{"taking back what the other chair took", append(seated(), said{head, GrantFloor{Member: adviser}}), minister, TakeFloorBack{0}, "!floor-passed"},
		{"a meeting answered later", seated(), leyla, AnswerLater{}, "!command-unknown"},
		{"taking back nothing", seated(), head, TakeFloorBack{}, ""},
		{"taking back by the speaker", append(seated(), said{head, GrantFloor{Member: adviser}}), adviser, TakeFloorBack{1}, "!not-chair"},
		{"giving back", append(seated(), said{head, GrantFloor{Member: adviser}}), adviser, GiveFloorBack{}, "floor.given-back"},
		{"giving back another's", append(seated(), said{head, GrantFloor{Member: adviser}}), head, GiveFloorBack{}, "!floor-not-yours"},
		{"a moderated floor", seated(), head, SetFloor{Mode: FloorModerated}, "floor.changed"},
		{"the same floor", seated(), head, SetFloor{Mode: FloorOpen}, ""},
		{"a floor of another kind", seated(), head, SetFloor{Mode: "loud"}, "!floor-wrong"},
		{"a limit of less than nothing", seated(), head, SetFloor{Mode: FloorOpen, Limit: -1}, "!floor-wrong"},
		{"a limit that is too long", seated(), head, SetFloor{Mode: FloorOpen, Limit: MaxLimit + 1}, "!floor-wrong"},
		{"a moderated floor by a secretary", seated(), leyla, SetFloor{Mode: FloorModerated}, "!not-chair"},
		{"a chair", seated(), leyla, NameChair{leyla}, "chair.named"},
		{"a chair by the head", seated(), head, NameChair{leyla}, "chair.named"},
		{"a chair by an adviser", seated(), adviser, NameChair{adviser}, "!not-your-role"},
		{"a chair of the other side", seated(), leyla, NameChair{minister}, "!not-your-side"},
		{"a chair who only watches", seated(), leyla, NameChair{watcher}, "!role-wrong"},
		{"a chair who is not here", begun(), leyla, NameChair{head}, "!unknown-member"},
		{"the head as chair again", append(seated(), said{leyla, NameChair{leyla}}), leyla, NameChair{}, "chair.named"},
		{"who has the floor becomes an observer", append(seated(), said{head, GrantFloor{Member: head}}), leyla, ChangeMember{person("head", Observer)}, "member.changed floor.taken-back"},
		{"hand down in the lobby", append(begun(), said{head, Come{}}), head, WithdrawFloor{}, "!not-admitted"},
		{"chat to all", seated(), watcher, SayChat{All, "salam"}, "chat.said"},
		{"chat to nobody named", seated(), watcher, SayChat{"", "salam"}, "chat.said"},
		{"chat to my side", seated(), head, SayChat{ToParty("baku"), "salam"}, "chat.said"},
		{"chat to the other side", seated(), head, SayChat{ToParty("tehran"), "salam"}, "!not-your-side"},
		{"chat to one", seated(), head, SayChat{ToMember(minister), "salam"}, "chat.said"},
		{"chat to oneself", seated(), head, SayChat{ToMember(head), "salam"}, "!unknown-member"},
		{"chat to one in the lobby", append(begun(), said{leyla, Come{}}, said{head, Come{}}), leyla, SayChat{ToMember(head), "x"}, "!unknown-member"},
		{"chat to nonsense", seated(), head, SayChat{"everybody", "x"}, "!unknown-member"},
		{"chat without words", seated(), head, SayChat{All, " \u200b\x00\n"}, "!text-empty"},
		{"chat too long", seated(), head, SayChat{All, strings.Repeat("ə", MaxText+1)}, "!too-long"},
		{"chat in the lobby", append(begun(), said{head, Come{}}), head, SayChat{All, "x"}, "!not-admitted"},
		{"chat after the end", append(seated(), said{leyla, CancelConsultation{}}), head, SayChat{All, "x"}, "!cancelled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := play(t, c.from...)
			seq := m.Seq
			events, err := m.Decide(c.by, c.do, noon())
			var got []string
			for i, e := range events {
				got = append(got, string(e.Type))
				hides := m.Waits(c.by) && e.Type == ReadyReported{}.Type() // a principal who is apart is named to nobody
				if e.Seq != seq+1+uint64(i) || e.By != c.by && !hides || hides && e.By != "" || e.Party != c.by.Party() {
					t.Errorf("got %+v, want seq %d of %s", e, seq+1+uint64(i), c.by)
				}
			}
			var no *Refusal
			if errors.As(err, &no) {
				got = []string{"!" + string(no.Code)}
				if !slices.Contains(RefusalCodes(), no.Code) {
					t.Errorf("%s is not in the list", no.Code)
				}
			} else if err != nil {
				t.Fatal(err)
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("got %q, want %q", g, c.want)
			}
			if m.Seq != seq {
				t.Error("Decide changed the state")
			}
		})
	}
}

func call(f func(*Joint)) Command {
	return CallConsultation{Joint: changed(f), Secretary: person("nasrin", Secretary)}
}

func TestNamesAreCleaned(t *testing.T) {
	m := play(t, append(begun(), said{leyla, InviteMember{Person{ID: "x", Name: "  \u200fنام\u200cها   ب \u200e", Role: Delegate, Language: "fa"}}})...)
	if got, want := m.Members["baku/x"].Name, "نام\u200cها ب"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPlacesAreKeptForGood(t *testing.T) {
	m := play(t, append(begun(), said{leyla, WithdrawMember{head}}, said{leyla, InviteMember{person("late", Delegate)}})...)
	if got := m.Members["baku/late"].Place; got != 4 {
		t.Errorf("got place %d, want 4", got)
	}
	var got []MemberID
	for _, x := range m.Roster("") {
		got = append(got, x.ID)
	}
	if want := []MemberID{minister, "baku/late", adviser, leyla, nasrin, watcher}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTooManyMembers(t *testing.T) {
	steps := begun()
	for i := len(steps); i < MaxMembers; i++ {
		steps = append(steps, said{leyla, InviteMember{person(PersonID("p"+strings.Repeat("x", i%30)+string(rune('a'+i/30))), Delegate)}})
	}
	m := play(t, steps...)
	_, err := m.Decide(leyla, InviteMember{person("one-more", Delegate)}, noon())
	var no *Refusal
	if !errors.As(err, &no) || no.Code != TooManyMembers {
		t.Errorf("got %v, want %s", err, TooManyMembers)
	}
}

func TestNobodyIsConnectedAfterARestart(t *testing.T) {
	var events []Event
	m := New("c1")
	for _, s := range append(seated(), said{head, SetMicrophone{true}}, said{head, SetScreen{true}}, said{head, AskFloor{}}, said{leyla, ChangeMember{Person{ID: "head", Name: "New", Role: Head, Language: "az"}}}) {
		es, err := m.Decide(s.by, s.c, noon())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range es {
			m.Apply(e)
			if e.Lasting() {
				events = append(events, e)
			}
		}
	}
	got := Restore("c1", events)
	for id, x := range got.Members {
		if x.Present || x.Microphone || x.Camera || x.Screen {
			t.Errorf("%s is still there: %+v", id, x)
		}
		if y := m.Members[id]; x.Standing != y.Standing || x.Name != y.Name || x.Place != y.Place {
			t.Errorf("got %+v, want %+v", x, y)
		}
	}
	if !slices.Equal(got.Floor.Queue, m.Floor.Queue) {
		t.Errorf("got queue %v, want %v", got.Floor.Queue, m.Floor.Queue)
	}
}

// A meeting has one to eight languages: two sides of one language need no booth.
func TestLanguagesOfAMeeting(t *testing.T) {
	nine := []Language{"fa", "az", "en", "ru", "tr", "ar", "fr", "de", "zh"}
	for n, want := range map[int]RefusalCode{0: LanguagesWrong, 1: "", 2: "", 8: "", 9: LanguagesWrong} {
		j := joint()
		j.Languages, j.Agenda = nine[:n], nil
		for _, l := range j.Languages {
			j.Title[l] = "Rail"
		}
		_, err := j.clean()
		var no *Refusal
		if errors.As(err, &no); want == "" && err != nil || want != "" && (no == nil || no.Code != want) {
			t.Errorf("%d languages: got %v, want %q", n, err, want)
		}
	}
	j := joint()
	j.Languages = []Language{"fa", "fa"}
	if _, err := j.clean(); err == nil {
		t.Error("a language twice is taken")
	}
}
