package store

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/record"
)

func paper(id meeting.DocumentID, p meeting.PartyID) record.Document {
	return record.Document{ID: id, Party: p, By: p.Member("sara"), Added: noon, Hash: strings.Repeat("0f", 32), Size: 7, Kind: meeting.PDF, File: "a.pdf",
		Facts:   meeting.DocumentFacts{Title: meeting.Words{"fa": "آیین‌نامهٔ مرز", "az": "Sərhəd qaydaları"}, About: meeting.Words{}},
		Sharing: record.Sharing{Readers: []meeting.PartyID{}}}
}

func TestADocumentIsFoundByWhomMayReadIt(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	text := []record.Passage{{Page: 1, Text: "نخست"}, {Page: 2, Text: "قرنطینهٔ گیاهی در گمرک"}}
	if err := errors.Join(s.AddDocument(ctx, paper("d1", "roads-ir"), text), s.AddDocument(ctx, paper("d1", "roads-ir"), text)); err != nil {
		t.Fatal(err)
	}
	hits, err := s.Search(ctx, "roads-ir", record.NewQuery("قرنطينه"), 20)
	if err != nil || len(hits) != 1 || hits[0].Document != "d1" || hits[0].Page != 2 || hits[0].Kind != record.Library || hits[0].Title["az"] != "Sərhəd qaydaları" || hits[0].Party != "roads-ir" || !hits[0].At.Equal(noon) {
		t.Fatalf("got %+v, %v", hits, err)
	}
	wantTexts(t, s, "roads-ir", "serhed", "Sərhəd qaydaları")
	wantTexts(t, s, "roads-az", "قرنطينه")
	share := func(f func(*record.Document)) {
		t.Helper()
		if _, err := s.ChangeDocument(ctx, "d1", "roads-ir", f); err != nil {
			t.Fatal(err)
		}
	}
	share(func(d *record.Document) {
		d.Sharing.Readers = []meeting.PartyID{"roads-az"}
		d.Facts.Title = meeting.Words{"az": "Karantin"}
	})
	wantTexts(t, s, "roads-az", "قرنطينه", "قرنطینهٔ گیاهی در گمرک")
	wantTexts(t, s, "roads-az", "karantin", "Karantin")
	wantTexts(t, s, "roads-az", "serhed")
	share(func(d *record.Document) { d.Withdrawn = noon.Add(time.Hour) })
	wantTexts(t, s, "roads-az", "قرنطينه")
	wantTexts(t, s, "roads-ir", "قرنطينه", "قرنطینهٔ گیاهی در گمرک")
	if _, err := s.ChangeDocument(ctx, "d1", "roads-az", func(*record.Document) {}); !errors.Is(err, auth.ErrNone) {
		t.Errorf("another party changes it: got %v", err)
	}
	if got := must(s.Document(ctx, "d1")); !got.Withdrawn.Equal(noon.Add(time.Hour)) || !got.Added.Equal(noon) {
		t.Errorf("got %+v", got)
	}
}

func TestADocumentSharedWithAConsultation(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	m := seated(t, s, "c1")
	if err := s.AddDocument(ctx, paper("d1", "roads-ir"), []record.Passage{{Text: "گمرک آستارا"}}); err != nil {
		t.Fatal(err)
	}
	do := func(c meeting.Command) {
		t.Helper()
		if err := s.Append(ctx, "c1", decide(t, m, "roads-ir/sara", c)); err != nil {
			t.Fatal(err)
		}
	}
	d := paper("d1", "roads-ir")
	one := meeting.Document{ID: d.ID, Hash: d.Hash, Kind: d.Kind, Size: 7, File: d.File, Title: d.Facts.Title, To: meeting.ToParty("roads-ir")}
	do(meeting.ShareDocument{Document: one})
	wantTexts(t, s, "roads-az", "گمرک")
	do(meeting.WithdrawDocument{Document: "d1"})
	one.To = meeting.All
	do(meeting.ShareDocument{Document: one})
	wantTexts(t, s, "roads-az", "گمرک", "گمرک آستارا")
	if got := must(s.Documents(ctx, "roads-az")); len(got) != 1 || !reflect.DeepEqual(got[0].Facts, d.Facts) {
		t.Errorf("got %+v", got)
	}
	if got := must(s.DocumentPlaces(ctx, "roads-az")); len(got) != 1 || got[0].Consultation != "c1" || !got[0].All || got[0].Title["az"] != "Dəmir yolu" {
		t.Errorf("places: got %+v", got)
	}
	do(meeting.WithdrawDocument{Document: "d1"})
	if _, err := s.DocumentFor(ctx, "d1", "roads-az"); !errors.Is(err, auth.ErrNone) {
		t.Errorf("withdrawn: got %v", err)
	}
}

func TestReadingsAndErasing(t *testing.T) {
	s := open(t)
	ctx := t.Context()
	same := paper("d2", "roads-az")
	if err := errors.Join(s.AddDocument(ctx, paper("d1", "roads-ir"), []record.Passage{{Text: "گمرک"}}), s.AddDocument(ctx, same, nil)); err != nil {
		t.Fatal(err)
	}
	read := record.Reading{Document: "d1", Reader: "roads-az/leyla", Name: "Leyla", At: noon, Times: 1}
	for _, x := range []struct {
		after time.Duration
		times int
	}{{0, 1}, {time.Hour, 1}, {2 * time.Hour, 0}, {24 * time.Hour, 1}} {
		read.At, read.Times = noon.Add(x.after), x.times
		if err := s.NoteReading(ctx, read); err != nil {
			t.Fatal(err)
		}
	}
	got := must(s.Readings(ctx, "roads-ir", 10))
	if len(got) != 2 || got[1].Times != 2 || !got[1].At.Equal(noon) || got[0].Times != 1 || got[0].Name != "Leyla" {
		t.Errorf("got %+v", got)
	}
	if n := must(s.DocumentBytes(ctx, "roads-ir")); n != 7 {
		t.Errorf("got %d bytes, want 7", n)
	}
	if shared := must(s.EraseDocument(ctx, "d1", eraser, noon)); !shared {
		t.Error("another document has the same content, and nobody says so")
	}
	if shared := must(s.EraseDocument(ctx, "d2", eraser, noon)); shared {
		t.Error("no document has that content any more")
	}
	if _, err := s.EraseDocument(ctx, "d2", eraser, noon); !errors.Is(err, auth.ErrNone) {
		t.Errorf("again: got %v", err)
	}
	wantTexts(t, s, "roads-ir", "گمرک")
	if list := must(s.Readings(ctx, "roads-ir", 10)); len(list) != 0 {
		t.Errorf("readings of an erased document: %+v", list)
	}
	if list := must(s.DocumentText(ctx, "d1")); len(list) != 0 {
		t.Errorf("text of an erased document: %+v", list)
	}
	if n := must(s.DocumentBytes(ctx, "roads-ir")); n != 0 {
		t.Errorf("got %d bytes, want none", n)
	}
}
