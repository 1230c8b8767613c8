package meeting

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// chance plays a random meeting of three sides and tells how a reader's picture, made of a snapshot and the events seen since,
// compares with what the reader may know. This is how the client lives.
type chance struct {
	t       *testing.T
	r       *rand.Rand
	m       *Meeting
	readers map[MemberID]*Meeting // each reader's own fold
	ids     []MemberID
}

func TestAReadersEventsGiveTheReadersView(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			c := &chance{t: t, r: rand.New(rand.NewPCG(seed, 1)), m: New("c"), readers: map[MemberID]*Meeting{}}
			for _, p := range []PartyID{"one", "two", "three"} {
				c.ids = append(c.ids, p.Member("secretary"))
				for i := range 5 {
					c.ids = append(c.ids, p.Member(PersonID(fmt.Sprint("p", i))))
				}
			}
			j := joint()
			j.Ceremony = seed%2 == 1
			for i, p := range []PartyID{"one", "two", "three"} {
				x := joint().Parties[0]
				x.ID = p
				j.Parties = append(j.Parties[:i:i], x)
			}
			j.Languages = []Language{"fa", "az", "en", "ru"}
			for _, l := range j.Languages {
				j.Title[l], j.Agenda[0].Title[l] = "x", "x"
			}
			c.do("one/secretary", CallConsultation{Joint: j, Secretary: person("secretary", Secretary), OpenDoor: seed%5 == 0})
			c.do("two/secretary", TakeUp{person("secretary", Secretary)})
			c.do("three/secretary", TakeUp{person("secretary", Secretary)})
			for range 400 {
				c.do(c.anybody(), c.anything())
			}
		})
	}
}

func (c *chance) anybody() MemberID {
	if c.r.IntN(3) == 0 {
		return c.ids[6*c.r.IntN(3)] // a secretary
	}
	return c.ids[c.r.IntN(len(c.ids))]
}

func (c *chance) anything() Command {
	who := c.ids[c.r.IntN(len(c.ids))]
	p := Person{ID: who.Person(), Name: fmt.Sprint("N", c.r.IntN(9)), Role: append(Roles(), Interpreter, Interpreter)[c.r.IntN(len(Roles())+2)], Language: "fa"}
	if p.ID == "secretary" {
		p.Role = Secretary
	}
	on := c.r.IntN(2) == 0
	tongue := []Language{"fa", "az", "en", "ru"}[c.r.IntN(4)]
	if c.r.IntN(6) == 0 {
		return c.conduct(on)
	}
	if c.r.IntN(6) == 0 {
		return c.minutes()
	}
	switch c.r.IntN(49) {
	case 40:
		return EnterBackRoom{}
	case 41:
		return []Command{LeaveBackRoom{}, Whisper{false}}[c.r.IntN(2)]
	case 42:
		return Whisper{true}
	case 34:
		return NameChair{[]MemberID{who, ""}[c.r.IntN(2)]}
	case 35:
		return SetFloor{FloorModes()[c.r.IntN(2)], on, c.r.IntN(3) * 60}
	case 36, 37:
		return GrantFloor{[]MemberID{who, ""}[c.r.IntN(2)], c.m.Floor.Turn}
	case 38:
		return TakeFloorBack{c.m.Floor.Turn}
	case 39:
		return GiveFloorBack{}
	case 0:
		return ChangeConsultation{changed(func(j *Joint) {
			j.Parties = c.m.Joint.Parties
			j.Ceremony = c.m.Joint.Ceremony != (c.r.IntN(4) == 0)
			j.Minutes = 1 + c.r.IntN(99)
			j.Languages = []Language{"fa", "az", "en", "ru"}[:4-c.r.IntN(2)]
			for _, l := range j.Languages {
				j.Title[l], j.Agenda[0].Title[l] = "x", "x"
			}
		}), c.m.Version}
	case 1:
		return AgreeConsultation{c.m.Version}
	case 2, 3, 4:
		return InviteMember{p}
	case 5:
		return ChangeMember{p}
	case 6:
		return WithdrawMember{who}
	case 7, 8:
		return AdmitMembers{}
	case 9:
		return AdmitMembers{[]MemberID{who}}
	case 10:
		return []Command{RefuseMember{who}, RemoveMember{who}, Leave{}, CancelConsultation{}}[min(3, c.r.IntN(60)/19)]
	case 11, 12, 13:
		return Come{}
	case 14:
		return SetMicrophone{on}
	case 15:
		return SetCamera{on}
	case 16:
		return SetScreen{on}
	case 17:
		return AskFloor{on}
	case 18:
		return WithdrawFloor{who}
	case 19, 20:
		return AssignInterpreter{who, []Language{tongue, tongue, ""}[c.r.IntN(3)]}
	case 21:
		return SetBoothLanguages{tongue, []Language{"fa", "ru"}[:c.r.IntN(3)], []Language{"az", "en", ""}[c.r.IntN(3)]}
	case 22, 23, 24:
		return GoOnAir{[]Language{"", tongue}[c.r.IntN(2)]}
	case 25:
		return []Command{GoOffAir{}, LoseAir{}, SetOverride{on}}[c.r.IntN(3)]
	case 26:
		return OfferHandover{on}
	case 27:
		return []Command{AcceptHandover{}, TakeOver{}}[c.r.IntN(2)]
	case 28:
		return []Command{SuspendInterpretation{SuspendedSound}, ResumeInterpretation{}}[c.r.IntN(2)]
	case 29, 30:
		return ListenTo{[]Choice{{Kind: Mine, Original: 20}, {Kind: Original}, {Kind: Channel, Language: tongue}}[c.r.IntN(3)]}
	case 31:
		return NoteSpeaker{}
	case 32:
		return MarkFloorLanguage{tongue}
	case 33:
		return AskSlower{}
	case 43:
		return SayChat{Audience("booth:" + tongue), "quietly"}
	case 44:
		return CallForHelp{}
	case 46, 47:
		return SayCaption{tongue, "words"}
	case 48:
		return CheckSound{SoundResults()[c.r.IntN(5)]}
	case 45:
		for _, h := range c.m.Help {
			return AnswerHelp{h.Seq}
		}
	}
	return SayChat{[]Audience{All, ToParty(who.Party()), ToMember(who)}[c.r.IntN(3)], fmt.Sprint("text ", c.r.IntN(1000))}
}

// conduct is what chairs and secretaries do to the course of the meeting.
func (c *chance) conduct(on bool) Command {
	switch c.r.IntN(15) {
	case 11:
		to := All
		if c.r.IntN(3) == 0 {
			to = ToParty([]PartyID{"one", "two", "three"}[c.r.IntN(3)])
		}
		return ShareDocument{paper(DocumentID(fmt.Sprint("d", c.r.IntN(5))), []string{"gauge", ""}[c.r.IntN(2)], to)}
	case 12:
		return ShowDocument{DocumentID(fmt.Sprint("d", c.r.IntN(5)))}
	case 13:
		return TurnPage{DocumentID(fmt.Sprint("d", c.r.IntN(5))), 1 + c.r.IntN(9)}
	case 14:
		d := DocumentID(fmt.Sprint("d", c.r.IntN(5)))
		return []Command{HideDocument{d}, WithdrawDocument{d}, AttachDocument{d, []string{"gauge", ""}[c.r.IntN(2)]}}[c.r.IntN(3)]
	case 7, 8:
		return ReportReady{on || c.r.IntN(2) == 0}
	case 9:
		return BeginTogether{}
	case 10:
		return EndTogether{}
	case 0:
		return TakeItem{"gauge", c.m.Course.Item}
	case 1:
		return CloseItem{"gauge", ItemStatuses()[c.r.IntN(4)]}
	case 2:
		return NoteDecision{fmt.Sprint("decision ", c.r.IntN(9))}
	case 5:
		return PutText{len(c.m.Rounds) + 1, "text"}
	case 6:
		return []Command{AnswerText{len(c.m.Rounds), Answers()[c.r.IntN(3)]}, AnswerText{len(c.m.Rounds), AnswerAgreed}, WithdrawText{len(c.m.Rounds)}}[c.r.IntN(3)]
	}
	return SetFloor{FloorModes()[c.r.IntN(2)], on, 0}
}

// minutes is what is done to the minutes, mostly to a paragraph that is there.
func (c *chance) minutes() Command {
	all := c.m.Minutes.Paragraphs
	text := Words{"fa": fmt.Sprint("متن ", c.r.IntN(3))}
	if len(all) == 0 || c.r.IntN(6) == 0 {
		return WriteParagraph{Text: text}
	}
	p, before := all[c.r.IntN(len(all))], all[c.r.IntN(len(all))].ID
	switch c.r.IntN(12) {
	case 0:
		return MoveParagraph{p.ID, []ParagraphID{before, ""}[c.r.IntN(2)]}
	case 1:
		return RemoveParagraph{p.ID}
	case 2:
		return WriteParagraph{Paragraph: p.ID, Base: p.Revision, Text: text}
	case 3:
		return ProposeParagraph{p.ID, p.Hash}
	case 4, 5, 6:
		return CommitParagraph{p.ID, p.Version, p.Round, p.Hash}
	case 7:
		return DeclineParagraph{p.ID, p.Version, p.Round}
	case 8, 9:
		return CommentParagraph{p.ID, "a remark"}
	case 10:
		for _, x := range c.m.Minutes.Comments {
			return SettleComment{x.Seq}
		}
	}
	switch c.r.IntN(3) {
	case 0:
		return RegisterSigningKey{fmt.Sprint("key ", len(c.m.Minutes.Keys)), "cA=="}
	case 1:
		for _, k := range c.m.Minutes.Keys {
			return SignMinutes{Text: c.m.MinutesHash(), Key: k.ID}
		}
	}
	return ReopenMinutes{}
}

func (c *chance) do(by MemberID, cmd Command) {
	events, err := c.m.Decide(by, cmd, noon().Add(time.Duration(c.m.Seq)*time.Second))
	if err != nil {
		return
	}
	for _, e := range events {
		c.m.Apply(e)
		e = roundTrip(c.t, e)
		for _, id := range c.ids {
			_, known := c.m.Members[id]
			switch fold := c.readers[id]; {
			case !known:
				delete(c.readers, id)
			case fold == nil || c.m.Anew(id, e): // a new connection, or a new welcome
				c.readers[id] = copyOf(c.t, c.m.View(id))
			case c.m.Sees(id, e):
				fold.Apply(e)
			}
		}
	}
	c.oneVoiceAChannel()
	for id, fold := range c.readers {
		c.compare(id, fold)
	}
}

// oneVoiceAChannel: never two interpreters in a channel, and nobody on air who is not there.
func (c *chance) oneVoiceAChannel() {
	c.t.Helper()
	by := map[Language]MemberID{}
	for l, b := range c.m.Interpretation.Booths {
		if b.OnAir == "" {
			continue
		}
		x := c.m.Members[b.OnAir]
		if x.Booth != l || !x.Present || x.Standing != Admitted || x.Role != Interpreter || b.Suspended != "" || b.Outgoing != l && b.Outgoing != b.Second {
			c.t.Fatalf("booth %s: on air %+v: %+v", l, x, b)
		}
		if other, ok := by[b.Outgoing]; ok {
			c.t.Fatalf("channel %s has two voices: %s and %s", b.Outgoing, other, b.OnAir)
		}
		by[b.Outgoing] = b.OnAir
	}
}

func (c *chance) compare(id MemberID, fold *Meeting) {
	c.t.Helper()
	got, want := *fold.View(id), *c.m.View(id)
	got.Seq, want.Seq = 0, 0 // a reader does not see every event
	if g, w := asJSON(c.t, got), asJSON(c.t, want); g != w {
		c.t.Fatalf("%s after %d events:\n got %s\nwant %s", id, c.m.Seq, g, w)
	}
	if !c.m.Inside(id) {
		return
	}
	choice := c.m.ChoiceOf(id)
	if g, w := asJSON(c.t, fold.Hearing(id, choice)), asJSON(c.t, c.m.Hearing(id, choice)); g != w {
		c.t.Fatalf("%s hears %s by their own picture, want %s", id, g, w)
	}
	for _, other := range append(fold.BackRoom.Listening, fold.BackRoom.Whispering...) {
		if other.Party() != id.Party() {
			c.t.Fatalf("%s knows that %s is in the back room", id, other)
		}
	}
	for other := range got.Members { // and nothing else is known
		x, ok := c.m.Members[other]
		if !ok || other.Party() != id.Party() && (x.Standing != Admitted && x.Standing != Removed || !c.m.Meets(id, other)) {
			c.t.Fatalf("%s knows of %s", id, other)
		}
	}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func copyOf(t testing.TB, m *Meeting) *Meeting {
	t.Helper()
	out := &Meeting{}
	if err := json.Unmarshal([]byte(asJSON(t, m)), out); err != nil {
		t.Fatal(err)
	}
	return out
}

func roundTrip(t testing.TB, e Event) Event {
	t.Helper()
	var out Event
	if err := json.Unmarshal([]byte(asJSON(t, e)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// A chat that is longer than what is kept: everybody's last messages stay, whatever the others wrote to each other.
func TestALongChatOfOthersPushesNothingOfMineOut(t *testing.T) {
	m := play(t, seated()...)
	fold := map[MemberID]*Meeting{head: copyOf(t, m.View(head)), nasrin: copyOf(t, m.View(nasrin))}
	say := func(by MemberID, to Audience, text string) {
		events, err := m.Decide(by, SayChat{to, text}, noon())
		if err != nil {
			t.Fatal(err)
		}
		m.Apply(events[0])
		for id, f := range fold {
			if m.Sees(id, events[0]) {
				f.Apply(events[0])
			}
		}
	}
	say(head, All, "first")
	for i := range ChatKept + 20 {
		say(nasrin, ToParty("tehran"), fmt.Sprint(i))
		if i%100 == 0 {
			say(nasrin, ToMember(head), fmt.Sprint("to you ", i))
			say(head, ToMember(nasrin), fmt.Sprint("and back ", i))
		}
	}
	for id, f := range fold {
		got, want := f.View(id).Chat, m.View(id).Chat
		if g, w := asJSON(t, got), asJSON(t, want); g != w {
			t.Errorf("%s:\n got %s\nwant %s", id, g, w)
		}
	}
	if got := m.View(head).Chat; len(got) != 13 || got[0].Text != "first" {
		t.Errorf("got %d messages of head, want 13 from the first on", len(got))
	}
	if got := len(m.View(nasrin).Chat); got != ChatKept {
		t.Errorf("got %d messages of nasrin, want %d", got, ChatKept)
	}
}
