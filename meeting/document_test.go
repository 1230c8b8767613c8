package meeting

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func paper(id DocumentID, item string, to Audience) Document {
	return Document{ID: id, Hash: strings.Repeat("0f", 32), Kind: PDF, Size: 7, File: "a.pdf", Title: Words{"fa": "سند"}, Item: item, To: to}
}

func TestWhatIsSharedIsWhatTheDoorFound(t *testing.T) {
	wrong := func(f func(*Document)) ShareDocument {
		d := paper("law", "", All)
		f(&d)
		return ShareDocument{d}
	}
	for _, c := range []struct {
		by   MemberID
		c    Command
		want RefusalCode
	}{
		{nasrin, wrong(func(d *Document) { d.Hash = "00" }), UnknownDocument},
		{nasrin, wrong(func(d *Document) { d.Hash = strings.ToUpper(d.Hash) }), UnknownDocument},
		{nasrin, wrong(func(d *Document) { d.Kind = "exe" }), UnknownDocument},
		{nasrin, wrong(func(d *Document) { d.ID = "../x" }), UnknownDocument},
		{nasrin, wrong(func(d *Document) { d.To = ToParty("baku") }), NotYourSide},
		{nasrin, wrong(func(d *Document) { d.To = ToMember(nasrin) }), NotYourSide},
		{nasrin, wrong(func(d *Document) { d.Item = "border" }), UnknownItem},
		{minister, wrong(func(*Document) {}), NotYourRole},
		{"tehran/nobody", wrong(func(*Document) {}), NotAdmitted},
	} {
		_, err := play(t, seated()...).Decide(c.by, c.c, noon())
		if r, ok := err.(*Refusal); !ok || r.Code != c.want {
			t.Errorf("%s %+v: got %v, want %s", c.by, c.c, err, c.want)
		}
	}
}

func TestOnlyDocumentsOfTheCurrentItemAreOpened(t *testing.T) {
	m := play(t, append(seated(), said{nasrin, ShareDocument{paper("law", "gauge", All)}}, said{leyla, ShareDocument{paper("own", "", ToParty("baku"))}},
		said{minister, TakeItem{"gauge", ""}}, said{minister, ShowDocument{"law"}}, said{head, TurnPage{"law", 4}})...)
	if m.Shown == nil || *m.Shown != (Shown{"law", 4, minister}) {
		t.Fatalf("shown: got %+v", m.Shown)
	}
	for _, c := range []struct {
		by   MemberID
		c    Command
		want RefusalCode
	}{
		{head, ShowDocument{"own"}, DocumentOwn},
		{minister, ShowDocument{"own"}, UnknownDocument}, // not a word that there is one
		{adviser, ShowDocument{"law"}, NotChair},
		{head, TurnPage{"law", 0}, TooManyItems},
		{leyla, WithdrawDocument{"law"}, NotYourSide},
		{nasrin, WithdrawDocument{"own"}, UnknownDocument},
	} {
		_, err := m.Decide(c.by, c.c, noon())
		if r, ok := err.(*Refusal); !ok || r.Code != c.want {
			t.Errorf("%s %+v: got %v, want %s", c.by, c.c, err, c.want)
		}
	}
	events, err := m.Decide(head, CloseItem{"gauge", ItemDone}, noon())
	if err != nil {
		t.Fatal(err)
	}
	m.Apply(events[0])
	if m.Shown != nil {
		t.Errorf("the item is closed and %+v is open", m.Shown)
	}
	if _, err := m.Decide(head, ShowDocument{"law"}, noon()); err == nil {
		t.Error("a document of an item that is not the current one was opened")
	}
}

func TestDocumentFacts(t *testing.T) {
	for _, c := range []struct {
		f    DocumentFacts
		want RefusalCode
	}{
		{DocumentFacts{Title: Words{"fa": "قانون"}, About: Words{"az": "Qanun\nikinci sətir"}, Date: "2026-02-28"}, ""},
		{DocumentFacts{Title: Words{}}, NameEmpty},
		{DocumentFacts{Title: Words{"fa": " \u200c"}}, NameEmpty},
		{DocumentFacts{Title: Words{"fa": "x"}, Date: "2026-02-30"}, TimeWrong},
		{DocumentFacts{Title: Words{"fa": "x"}, Date: "1405-01-01"}, DateSolar},
		{DocumentFacts{Title: Words{"fa": "x"}, Date: "1555-05-29"}, ""}, // the treaty of Amasya
		{DocumentFacts{Title: Words{"fa": "x"}, About: Words{"fa": strings.Repeat("x", MaxText+1)}}, TooLong},
		{DocumentFacts{Title: Words{"fa": "x"}, Source: "a\u202eb"}, NameWrong},
	} {
		_, err := c.f.Clean()
		r, _ := err.(*Refusal)
		if (r == nil) != (c.want == "") || r != nil && r.Code != c.want {
			t.Errorf("%+v: got %v, want %q", c.f, err, c.want)
		}
	}
}

func TestFileNames(t *testing.T) {
	for in, want := range map[string]string{
		"گزارش نهایی.pdf":       "گزارش نهایی.pdf",
		`C:\temp\Qanun?.docx`:   "Qanun-.docx",
		"../../etc/passwd":      "passwd",
		"a\u202efdp.exe":        "afdp.exe",
		"  ":                    "document",
		".htaccess":             "htaccess",
		"x\"; filename=y\r.pdf": "x-; filename=y.pdf",
	} {
		if got := CleanFile(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	got := CleanFile(strings.Repeat("ن", 900) + ".pdf")
	if utf8.RuneCountInString(got) != MaxFile || !strings.HasSuffix(got, "ن.pdf") {
		t.Errorf("a long name: got %q", got)
	}
}
