package meeting

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func both(fa, az string) Words { return Words{"fa": fa, "az": az} }

// drafted is seated with one paragraph, p18, ready for agreement.
func drafted() []said {
	return slices.Clip(append(seated(), said{nasrin, WriteParagraph{Text: both("پهنای خط ۱۵۲۰ میلی‌متر است.", "Yolun eni 1520 mm-dir."), Item: "gauge"}}))
}

const p1 = ParagraphID("p18")

// textHash is that of the draft of p1 after these steps.
func textHash(t testing.TB, steps []said) TextHash {
	t.Helper()
	m := play(t, steps...)
	if len(m.Minutes.Paragraphs) == 0 || m.Minutes.Paragraphs[0].ID != p1 {
		t.Fatalf("got paragraphs %+v, want %s first", m.Minutes.Paragraphs, p1)
	}
	return m.Minutes.Paragraphs[0].Hash
}

// draftedAndSigned is the hash of the draft of p1, its text, and the hash of minutes that are of it alone.
func draftedAndSigned() (TextHash, Words, TextHash) {
	text := both("پهنای خط ۱۵۲۰ میلی‌متر است.", "Yolun eni 1520 mm-dir.")
	h := HashOf(ParagraphForm("c1", p1, "gauge", text))
	m := New("c1")
	m.Joint = joint()
	m.Minutes.Paragraphs = []Paragraph{{ID: p1, Item: "gauge", Hash: h, Agreed: &AgreedText{Version: 1, Text: text, Hash: h}}}
	return h, text, m.MinutesHash()
}

func agreedSteps(t testing.TB) []said {
	h := textHash(t, drafted())
	return slices.Clip(append(drafted(), said{nasrin, ProposeParagraph{p1, h}}, said{leyla, CommitParagraph{p1, 1, 1, h}}, said{minister, CommitParagraph{p1, 1, 1, h}}))
}

// signedSteps: the chair of one side signed what both agreed.
func signedSteps(t testing.TB) []said {
	a := append(agreedSteps(t), said{head, RegisterSigningKey{"baku-key", "cHVibGlj"}})
	return slices.Clip(append(a, said{head, SignMinutes{play(t, a...).MinutesHash(), "baku-key", "YQ==", "Yw==", "cw=="}}))
}

func TestMinutes(t *testing.T) {
	h := textHash(t, drafted())
	agreed, signed := agreedSteps(t), signedSteps(t)
	hash := play(t, agreed...).MinutesHash()
	key := slices.Clip(append(agreed, said{minister, RegisterSigningKey{"tehran-key", "cHVibGlj"}}))
	sealed := append(signed, said{minister, RegisterSigningKey{"tehran-key", "cHVibGlj"}}, said{minister, SignMinutes{hash, "tehran-key", "", "", ""}})
	bracketed := append(drafted(), said{leyla, WriteParagraph{Paragraph: p1, Base: 1, Text: both("پهنای [خط]", "Yolun [eni]")}})
	bh := textHash(t, bracketed)
	half := append(drafted(), said{leyla, WriteParagraph{Paragraph: p1, Base: 1, Text: Words{"az": "Yolun eni"}}})
	hh := textHash(t, half)
	committed := append(drafted(), said{leyla, CommitParagraph{p1, 1, 1, h}})
	declined := append(committed, said{minister, DeclineParagraph{p1, 1, 1}})
	commented := append(drafted(), said{nasrin, CommentParagraph{p1, "فقط ما"}})
	empty := append(slices.Clip(agreed), said{leyla, WriteParagraph{Paragraph: p1, Base: 1}})
	eh := textHash(t, empty)
	for _, c := range []struct {
		name string
		from []said
		by   MemberID
		do   Command
		want string
	}{
		{"write", seated(), leyla, WriteParagraph{Text: both("x", "y")}, "paragraph.written"},
		{"write as a chair", seated(), head, WriteParagraph{Text: Words{"az": "y"}}, "paragraph.written"},
		{"write as an adviser", seated(), adviser, WriteParagraph{Text: both("x", "y")}, "!not-your-role"},
		{"write as a stranger", seated(), "paris/x", WriteParagraph{Text: both("x", "y")}, "!not-admitted"},
		{"write without being at the table, from the desk", begun(), leyla, WriteParagraph{Text: both("x", "y")}, "paragraph.written"},
		{"write in a language that is not authentic", seated(), leyla, WriteParagraph{Text: Words{"en": "y"}}, "!languages-wrong"},
		{"write nothing", seated(), leyla, WriteParagraph{Text: both(" ", "\u200b")}, "!text-empty"},
		{"write control characters", seated(), leyla, WriteParagraph{Text: both("x\x07", "y")}, "!text-wrong"},
		{"write an override of direction", seated(), leyla, WriteParagraph{Text: both("x\u202e", "y")}, "!text-wrong"},
		{"write too much", seated(), leyla, WriteParagraph{Text: both(strings.Repeat("x", MaxParagraphText+1), "y")}, "!too-long"},
		{"write 10 MB", seated(), leyla, WriteParagraph{Text: both(strings.Repeat("ب", 5<<20), "y")}, "!too-long"},
		{"write under no item", seated(), leyla, WriteParagraph{Text: both("x", "y"), Item: "none"}, "!unknown-item"},
		{"write before no paragraph", seated(), leyla, WriteParagraph{Text: both("x", "y"), Before: "p99"}, "!unknown-paragraph"},
		{"write after the cancellation", append(seated(), said{leyla, CancelConsultation{}}), leyla, WriteParagraph{Text: both("x", "y")}, "!cancelled"},
		{"change", drafted(), leyla, WriteParagraph{Paragraph: p1, Base: 1, Text: both("x", "y")}, "paragraph.written"},
		{"change nothing", drafted(), leyla, WriteParagraph{Paragraph: p1, Base: 1, Text: both("پهنای خط ۱۵۲۰ میلی‌متر است.\n", "Yolun eni 1520 mm-dir.")}, ""},
		{"change what was changed meanwhile", bracketed, nasrin, WriteParagraph{Paragraph: p1, Base: 1, Text: both("x", "y")}, "!paragraph-passed"},
		{"change on a base to come", drafted(), nasrin, WriteParagraph{Paragraph: p1, Base: 2, Text: both("x", "y")}, "!paragraph-passed"},
		{"change what is not there", drafted(), nasrin, WriteParagraph{Paragraph: "p99", Base: 1, Text: both("x", "y")}, "!unknown-paragraph"},
		{"change what the other side committed to", committed, nasrin, WriteParagraph{Paragraph: p1, Base: 1, Text: both("x", "y")}, "paragraph.declined paragraph.written"},
		{"change what the own side committed to", committed, leyla, WriteParagraph{Paragraph: p1, Base: 1, Text: both("x", "y")}, "!word-given"},
		{"move", append(drafted(), said{leyla, WriteParagraph{Text: both("x", "y")}}), leyla, MoveParagraph{"p19", p1}, "paragraph.moved"},
		{"move where it stands", append(drafted(), said{leyla, WriteParagraph{Text: both("x", "y")}}), leyla, MoveParagraph{p1, "p19"}, ""},
		{"move before nothing", drafted(), leyla, MoveParagraph{p1, "p99"}, "!unknown-paragraph"},
		{"remove one's own", drafted(), nasrin, RemoveParagraph{p1}, "paragraph.removed"},
		{"remove the other side's", drafted(), leyla, RemoveParagraph{p1}, "!paragraph-shared"},
		{"remove what the other side wrote in", bracketed, nasrin, RemoveParagraph{p1}, "!paragraph-shared"},
		{"remove what was committed to", committed, nasrin, RemoveParagraph{p1}, "!paragraph-shared"},
		{"propose", drafted(), leyla, ProposeParagraph{p1, h}, "paragraph.proposed"},
		{"propose twice", append(drafted(), said{leyla, ProposeParagraph{p1, h}}), nasrin, ProposeParagraph{p1, h}, ""},
		{"propose what was changed", bracketed, leyla, ProposeParagraph{p1, h}, "!paragraph-passed"},
		{"propose with brackets", bracketed, leyla, ProposeParagraph{p1, bh}, "paragraph.proposed"},
		{"commit", drafted(), leyla, CommitParagraph{p1, 1, 1, h}, "paragraph.committed"},
		{"commit twice", committed, leyla, CommitParagraph{p1, 1, 1, h}, "!word-given"},
		{"commit to another text", drafted(), leyla, CommitParagraph{p1, 1, 1, bh}, "!paragraph-passed"},
		{"commit in a round to come", drafted(), leyla, CommitParagraph{p1, 1, 2, h}, "!paragraph-passed"},
		{"commit to a version to come", drafted(), leyla, CommitParagraph{p1, 2, 1, h}, "!paragraph-passed"},
		{"commit with brackets", bracketed, leyla, CommitParagraph{p1, 1, 1, bh}, "!brackets-open"},
		{"commit to half", half, leyla, CommitParagraph{p1, 1, 1, hh}, "!translation-missing"},
		{"commit after the own decline", declined, minister, CommitParagraph{p1, 1, 1, h}, "!paragraph-passed"},
		{"commit in the next round", declined, minister, CommitParagraph{p1, 1, 2, h}, "paragraph.committed"},
		{"commit again in the next round", declined, leyla, CommitParagraph{p1, 1, 2, h}, "paragraph.committed"},
		{"commit to what is agreed", agreed, leyla, CommitParagraph{p1, 2, 1, h}, ""},
		{"commit as an adviser", drafted(), adviser, CommitParagraph{p1, 1, 1, h}, "!not-your-role"},
		{"strike by agreement", append(empty, said{leyla, CommitParagraph{p1, 2, 1, eh}}), nasrin, CommitParagraph{p1, 2, 1, eh}, "paragraph.committed"},
		{"decline nothing", drafted(), leyla, DeclineParagraph{p1, 1, 1}, "!nothing-proposed"},
		{"decline a proposal", append(drafted(), said{nasrin, ProposeParagraph{p1, h}}), leyla, DeclineParagraph{p1, 1, 1}, "paragraph.declined"},
		{"decline after a commit", committed, leyla, DeclineParagraph{p1, 1, 1}, "!word-given"},
		{"decline twice", declined, minister, DeclineParagraph{p1, 1, 1}, "!paragraph-passed"},
		{"comment", drafted(), leyla, CommentParagraph{p1, "yalnız biz"}, "paragraph.commented"},
		{"comment on nothing", drafted(), leyla, CommentParagraph{"p99", "x"}, "!unknown-paragraph"},
		{"comment as an observer", drafted(), watcher, CommentParagraph{p1, "x"}, "!not-your-role"},
		{"settle a comment", commented, minister, SettleComment{19}, "comment.settled"},
		{"settle the other side's comment", commented, leyla, SettleComment{19}, "!unknown-comment"},
		{"settle no comment", commented, leyla, SettleComment{99}, "!unknown-comment"},
		{"register a key", agreed, minister, RegisterSigningKey{"k", "cA=="}, "signing-key.registered"},
		{"register a key twice", key, head, RegisterSigningKey{"tehran-key", "cA=="}, "!signature-wrong"},
		{"register a key as a secretary", agreed, leyla, RegisterSigningKey{"k", "cA=="}, "!not-chair"},
		{"sign", key, minister, SignMinutes{hash, "tehran-key", "", "", ""}, "minutes.signed"},
		{"sign another text", key, minister, SignMinutes{h, "tehran-key", "", "", ""}, "!signature-wrong"},
		{"sign with the other chair's key", key, head, SignMinutes{hash, "tehran-key", "", "", ""}, "!signature-wrong"},
		{"sign what is not agreed", append(key, said{leyla, WriteParagraph{Text: both("x", "y")}}), minister, SignMinutes{hash, "tehran-key", "", "", ""}, "!minutes-open"},
		{"sign nothing", seated(), minister, RegisterSigningKey{"k", "cA=="}, "!minutes-open"},
		{"sign twice", signed, head, SignMinutes{hash, "baku-key", "", "", ""}, "!already-signed"},
		{"write under a signature", signed, leyla, WriteParagraph{Text: both("x", "y")}, "!minutes-stand"},
		{"change the title under a signature", signed, leyla, ChangeConsultation{joint(), 1}, "!minutes-stand"},
		{"cancel under a signature", signed, leyla, CancelConsultation{}, "!minutes-stand"},
		{"cancel what all signed", sealed, leyla, CancelConsultation{}, "!minutes-closed"},
		{"comment under a signature", signed, leyla, CommentParagraph{p1, "x"}, "paragraph.commented"},
		{"reopen", signed, nasrin, ReopenMinutes{}, "minutes.reopened"},
		{"reopen what is open", agreed, nasrin, ReopenMinutes{}, ""},
		{"reopen what all signed", sealed, nasrin, ReopenMinutes{}, "!minutes-closed"},
		{"write in what all signed", sealed, nasrin, WriteParagraph{Text: both("x", "y")}, "!minutes-closed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			events, err := play(t, c.from...).Decide(c.by, c.do, noon())
			got := ""
			var no *Refusal
			if errors.As(err, &no) {
				got = "!" + string(no.Code)
			}
			for _, e := range events {
				got = strings.TrimSpace(got + " " + string(e.Type))
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A side's remarks are in nothing that another side is sent, shown or told exists.
func TestCommentsStayWithinASide(t *testing.T) {
	m := play(t, append(drafted(), said{nasrin, CommentParagraph{p1, "راز ما"}})...)
	for _, reader := range []MemberID{leyla, head, watcher} {
		if s := asJSON(t, m.View(reader)); strings.Contains(s, "راز") {
			t.Errorf("%s is shown the remark", reader)
		}
	}
	for _, reader := range []MemberID{nasrin, minister} {
		if len(m.View(reader).Minutes.Comments) != 1 {
			t.Errorf("%s is not shown the own side's remark", reader)
		}
	}
	for _, c := range []Command{CommentParagraph{p1, "راز ما"}, SettleComment{19}} {
		events, err := m.Decide(nasrin, c, noon())
		if err != nil {
			t.Fatal(err)
		}
		m.Apply(events[0])
		if m.Sees(leyla, events[0]) || !m.Sees(minister, events[0]) {
			t.Errorf("%s: who may know of it is wrong", events[0].Type)
		}
	}
}

func TestAgreedTextAndHashes(t *testing.T) {
	m := play(t, agreedSteps(t)...)
	p := m.Minutes.Paragraphs[0]
	if !p.Settled() || p.Agreed.Version != 1 || p.Version != 2 || p.Round != 1 || len(p.Said) != 0 || p.Proposed != nil {
		t.Fatalf("got %+v", p)
	}
	if got, want := p.Agreed.By, []MemberID{minister, leyla}; got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v, want %v", got, want)
	}
	form := "astara paragraph 1\nc1\np18\nitem gauge\naz 22\nYolun eni 1520 mm-dir.\nfa 50\nپهنای خط ۱۵۲۰ میلی‌متر است.\n"
	if got := ParagraphForm("c1", p1, "gauge", p.Text); got != form {
		t.Errorf("got %q, want %q", got, form)
	}
	if p.Hash != HashOf(form) {
		t.Errorf("the hash is of another form")
	}
	before := m.MinutesHash()
	m.Joint.Title["az"] = "Başqa"
	if before == "" || m.MinutesHash() == before {
		t.Errorf("the hash of the minutes does not hold the title")
	}
}

func TestBrackets(t *testing.T) {
	for text, want := range map[string]int{"": 0, "a": 0, "[a]": 1, "[a][b]": 2, "[a [b]]": 2, "a]": 1, "[a": 1, "]a[": 2} {
		if got := (Words{"fa": text}).Brackets(); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}
