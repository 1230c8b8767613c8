package meeting

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// four texts, so that an account is whole in the languages of both sides.
func ours(text string) Words { return Words{"fa": "ف " + text, "az": "ə " + text} }

func account(base int, elements ...ParagraphID) WriteAccount {
	c := WriteAccount{Base: base, Title: ours("t"), Parts: []Part{{Text: ours("own")}}}
	for _, e := range elements {
		c.Parts = append(c.Parts, Part{Element: e})
	}
	return c
}

func at(t time.Time) *time.Time { return &t }

// joined: both sides drafted an account with e18, which tehran put and baku agreed to.
func joined(t testing.TB) []said {
	put := append(seated(), said{nasrin, PutElement{Text: ours("joint")}})
	e := play(t, put...).Readout.Elements[0]
	return append(put, said{leyla, AgreeElement{e.ID, 1, 1, e.Hash}}, said{nasrin, account(0, e.ID)}, said{leyla, account(0, e.ID)})
}

const e1 = ParagraphID("e18")

func then(steps []said, more ...said) []said { return append(append([]said{}, steps...), more...) }

func TestReadout(t *testing.T) {
	put := then(seated(), said{nasrin, PutElement{Text: ours("joint")}})
	hash := play(t, put...).Readout.Elements[0].Hash
	both := joined(t)
	noonAt := func(d time.Duration) *time.Time { return at(noon().Add(d)) }
	embargo := then(both, said{nasrin, ProposeEmbargo{1, noonAt(time.Hour)}}, said{leyla, AnswerEmbargo{1, true}})
	ready := then(both, said{nasrin, SayReady{true, 1}})
	alone := then(ready, said{nasrin, AnnounceAlone{noon().Add(2 * time.Hour)}})
	public := then(ready, said{leyla, SayReady{true, 1}})
	agreed := then(put, said{leyla, AgreeElement{e1, 1, 1, hash}})
	for _, c := range []struct {
		name string
		from []said
		by   MemberID
		do   Command
		at   time.Duration
		want string
	}{
		{"draft", seated(), nasrin, account(0), 0, "account.written"},
		{"draft as an adviser", seated(), adviser, account(0), 0, "!not-your-role"},
		{"draft as a stranger", seated(), "paris/x", account(0), 0, "!not-admitted"},
		{"draft on an old revision", both, nasrin, account(0), 0, "!paragraph-passed"},
		{"draft the same", both, nasrin, account(1, e1), 0, ""},
		{"draft 10 MB", seated(), nasrin, WriteAccount{Title: Words{"fa": strings.Repeat("ب", 5<<20)}}, 0, "!too-long"},
		{"draft a paragraph of 10 MB", seated(), nasrin, WriteAccount{Title: ours("t"), Parts: []Part{{Text: Words{"fa": strings.Repeat("ب", 5<<20)}}}}, 0, "!too-long"},
		{"draft too many parts", seated(), nasrin, WriteAccount{Parts: make([]Part, MaxParts+1)}, 0, "!too-many-items"},
		{"draft in no language", seated(), nasrin, WriteAccount{Title: Words{"xx": "t"}}, 0, "!languages-wrong"},
		{"draft an override of direction", seated(), nasrin, WriteAccount{Title: Words{"fa": "t\u202e"}}, 0, "!text-wrong"},
		{"draft with an unknown element", seated(), nasrin, account(0, "e9"), 0, "!unknown-element"},
		{"draft with an element twice", both, nasrin, account(1, e1, e1), 0, "!element-twice"},
		{"draft with a text for an element", both, nasrin, WriteAccount{1, ours("t"), []Part{{Element: e1, Text: ours("other")}}}, 0, "!unknown-element"},
		{"draft after ready", ready, nasrin, account(1), 0, "readiness.withdrawn account.written"},
		{"draft what is published", public, nasrin, account(1), 0, "!readout-public"},

		{"put", seated(), nasrin, PutElement{Text: ours("x")}, 0, "element.written element.committed"},
		{"put half", seated(), nasrin, PutElement{Text: Words{"fa": "x"}}, 0, "!translation-missing"},
		{"put brackets", seated(), nasrin, PutElement{Text: ours("[x]")}, 0, "!brackets-open"},
		{"put nothing", seated(), nasrin, PutElement{Text: ours("x"), Element: "e9"}, 0, "!unknown-element"},
		{"put the same", put, nasrin, PutElement{e1, 1, ours("joint")}, 0, "!word-given"},
		{"put another while bound", put, nasrin, PutElement{e1, 1, ours("x")}, 0, "!word-given"},
		{"put another against the other side's", put, leyla, PutElement{e1, 1, ours("x")}, 0, "element.declined element.written element.committed"},
		{"put another on an old revision", put, leyla, PutElement{e1, 0, ours("x")}, 0, "!paragraph-passed"},
		{"agree", put, leyla, AgreeElement{e1, 1, 1, hash}, 0, "element.committed"},
		{"agree to another text", put, leyla, AgreeElement{e1, 1, 1, "?"}, 0, "!paragraph-passed"},
		{"agree to one's own", put, nasrin, AgreeElement{e1, 1, 1, hash}, 0, "!word-given"},
		{"decline", put, leyla, DeclineElement{e1, 1, 1}, 0, "element.declined"},
		{"decline one's own", put, nasrin, DeclineElement{e1, 1, 1}, 0, "!word-given"},
		{"decline what is agreed", agreed, leyla, DeclineElement{e1, 2, 1}, 0, "!nothing-proposed"},
		{"change what is agreed", agreed, leyla, PutElement{e1, 1, ours("x")}, 0, "element.written element.committed"},
		{"change what is agreed after a side is ready", ready, leyla, PutElement{e1, 1, ours("x")}, 0, "!readout-ready"},
		{"change what is published", public, leyla, PutElement{e1, 1, ours("x")}, 0, "!readout-public"},

		{"embargo", both, nasrin, ProposeEmbargo{1, noonAt(time.Hour)}, 0, "embargo.proposed"},
		{"embargo in the past", both, nasrin, ProposeEmbargo{1, noonAt(-time.Second)}, 0, "!moment-wrong"},
		{"embargo in two years", both, nasrin, ProposeEmbargo{1, noonAt(2 * MaxNotice)}, 0, "!moment-wrong"},
		{"embargo out of order", both, nasrin, ProposeEmbargo{2, noonAt(time.Hour)}, 0, "!round-passed"},
		{"agree to one's own embargo", then(both, said{nasrin, ProposeEmbargo{1, noonAt(time.Hour)}}), nasrin, AnswerEmbargo{1, true}, 0, "!round-passed"},
		{"agree to an embargo", then(both, said{nasrin, ProposeEmbargo{1, noonAt(time.Hour)}}), leyla, AnswerEmbargo{1, true}, 0, "embargo.answered embargo.set"},
		{"agree to an embargo that passed", then(both, said{nasrin, ProposeEmbargo{1, noonAt(time.Hour)}}), leyla, AnswerEmbargo{1, true}, time.Hour, "!moment-wrong"},
		{"decline an embargo", then(both, said{nasrin, ProposeEmbargo{1, noonAt(time.Hour)}}), leyla, AnswerEmbargo{1, false}, 0, "embargo.answered"},
		{"lift an embargo when both are ready", then(embargo, said{nasrin, SayReady{true, 1}}, said{leyla, SayReady{true, 1}}, said{leyla, ProposeEmbargo{2, nil}}), nasrin, AnswerEmbargo{2, true}, 0,
			"embargo.answered embargo.set readout.published readout.published"},

		{"ready", both, nasrin, SayReady{true, 1}, 0, "readiness.said"},
		{"ready with what was not seen", both, nasrin, SayReady{true, 2}, 0, "!paragraph-passed"},
		{"ready with nothing", seated(), nasrin, SayReady{true, 0}, 0, "!text-empty"},
		{"ready without a title", then(seated(), said{nasrin, WriteAccount{0, Words{"az": "t"}, []Part{{Text: ours("x")}}}}), nasrin, SayReady{true, 1}, 0, "!title-missing"},
		{"ready with half a language", then(seated(), said{nasrin, WriteAccount{0, ours("t"), []Part{{Text: Words{"fa": "x"}}}}}), nasrin, SayReady{true, 1}, 0, "!part-missing"},
		{"ready with an open element", then(put, said{nasrin, account(0, e1)}), nasrin, SayReady{true, 1}, 0, "!element-open"},
		{"not ready any more", ready, nasrin, SayReady{}, 0, "readiness.withdrawn"},
		{"both ready", ready, leyla, SayReady{true, 1}, 0, "readiness.said readout.published readout.published"},
		{"both ready before the embargo", then(embargo, said{nasrin, SayReady{true, 1}}), leyla, SayReady{true, 1}, 0, "readiness.said"},
		{"both ready after the embargo", then(embargo, said{nasrin, SayReady{true, 1}}), leyla, SayReady{true, 1}, time.Hour, "readiness.said readout.published readout.published"},
		{"the embargo's moment", then(embargo, said{nasrin, SayReady{true, 1}}, said{leyla, SayReady{true, 1}}), nasrin, PublishReadout{}, time.Hour, "readout.published readout.published"},
		{"before the embargo's moment", then(embargo, said{nasrin, SayReady{true, 1}}, said{leyla, SayReady{true, 1}}), nasrin, PublishReadout{}, time.Hour - time.Second, ""},
		{"the embargo's moment with one ready", then(embargo, said{nasrin, SayReady{true, 1}}), nasrin, PublishReadout{}, time.Hour, ""},
		{"publish twice", public, nasrin, PublishReadout{}, time.Hour, ""},

		{"announce", ready, nasrin, AnnounceAlone{noon().Add(2 * time.Hour)}, 0, "alone.announced"},
		{"announce too soon", ready, nasrin, AnnounceAlone{noon().Add(MinNotice - time.Second)}, 0, "!moment-wrong"},
		{"announce for the other side", ready, leyla, AnnounceAlone{noon().Add(2 * time.Hour)}, 0, "!not-ready"},
		{"announce against an embargo", then(embargo, said{nasrin, SayReady{true, 1}}), nasrin, AnnounceAlone{noon().Add(2 * time.Hour)}, 0, "!embargo-stands"},
		{"announce after an embargo", then(embargo, said{nasrin, SayReady{true, 1}}), nasrin, AnnounceAlone{noon().Add(3 * time.Hour)}, time.Hour, "alone.announced"},
		{"the announced moment", alone, nasrin, PublishReadout{}, 2 * time.Hour, "readout.published"},
		{"before the announced moment", alone, nasrin, PublishReadout{}, time.Hour, ""},
		{"both ready before the announced moment", alone, leyla, SayReady{true, 1}, time.Hour, "readiness.said"},
		{"the announced moment with both ready", then(alone, said{leyla, SayReady{true, 1}}), nasrin, PublishReadout{}, 2 * time.Hour, "readout.published readout.published"},

		{"cancel what is published", public, leyla, CancelConsultation{}, 0, "!readout-public"},
		{"correct", public, leyla, CorrectReadout{1, ours("2028")}, 0, "readout.corrected"},
		{"correct in one language", public, leyla, CorrectReadout{1, Words{"az": "2028"}}, 0, "!translation-missing"},
		{"correct twice the same", then(public, said{leyla, CorrectReadout{1, ours("2028")}}), leyla, CorrectReadout{1, ours("2029")}, 0, "!round-passed"},
		{"correct what is not published", both, leyla, CorrectReadout{1, ours("2028")}, 0, "!not-published"},
	} {
		t.Run(c.name, func(t *testing.T) {
			events, err := play(t, c.from...).Decide(c.by, c.do, noon().Add(c.at))
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

// Each side's account is published as its own fact, at one moment, with the agreed element alike.
func TestPublishedTogether(t *testing.T) {
	m := play(t, then(joined(t), said{nasrin, SayReady{true, 1}}, said{leyla, SayReady{true, 1}})...)
	a, b := m.Readout.Published["tehran"], m.Readout.Published["baku"]
	if !a.At.Equal(b.At) || a.By != nasrin || b.By != leyla {
		t.Errorf("got %v by %s and %v by %s", a.At, a.By, b.At, b.By)
	}
	if x, y := a.Parts[1], b.Parts[1]; x.Hash == "" || x.Hash != y.Hash || x.Element != e1 {
		t.Errorf("got %+v and %+v, want one element", x, y)
	}
	if got := fmt.Sprint(a.Languages()); got != "[az fa]" {
		t.Errorf("got %s", got)
	}
}

// A side's draft is in nothing that another side is shown, nor in what is kept for it.
func TestDraftsStayWithinASide(t *testing.T) {
	m := play(t, seated()...)
	events, err := m.Decide(nasrin, WriteAccount{Title: Words{"fa": "راز ما"}}, noon())
	if err != nil {
		t.Fatal(err)
	}
	m.Apply(events[0])
	if to := m.Audience(events[0]); to != ToParty("tehran") {
		t.Errorf("got %s", to)
	}
	for _, reader := range []MemberID{leyla, head, watcher, adviser} {
		v := m.View(reader)
		b, err := json.Marshal(v.Readout)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "راز") || strings.Contains(asJSON(t, v), "راز") || m.Sees(reader, events[0]) {
			t.Errorf("%s is shown the draft", reader)
		}
	}
	for _, reader := range []MemberID{nasrin, minister} {
		if m.View(reader).Readout.Accounts["tehran"].Title["fa"] != "راز ما" {
			t.Errorf("%s is not shown the own side's draft", reader)
		}
	}
}
