package store

import (
	"testing"

	"astara/meeting"
)

// What is found of the minutes is their text as it stands, and a side's remarks by that side alone.
func TestSearchInTheMinutes(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	do := func(by meeting.MemberID, c meeting.Command) {
		t.Helper()
		if err := s.Append(t.Context(), "c1", decide(t, m, by, c)); err != nil {
			t.Fatal(err)
		}
	}
	do("roads-ir/sara", meeting.WriteParagraph{Text: meeting.Words{"fa": "پهنای خط", "az": "Yolun eni"}})
	p := m.Minutes.Paragraphs[0].ID
	do("roads-ir/sara", meeting.CommentParagraph{Paragraph: p, Text: "راز ما"})
	comment := m.Minutes.Comments[0].Seq
	wantTexts(t, s, "roads-az", "پهنای", "پهنای خط")
	wantTexts(t, s, "roads-az", "yolun eni", "Yolun eni")
	wantTexts(t, s, "roads-az", "راز")
	wantTexts(t, s, "roads-ir", "راز", "راز ما")

	do("roads-ir/sara", meeting.WriteParagraph{Paragraph: p, Base: 1, Text: meeting.Words{"fa": "عرض خط", "az": "Relslərin arası"}})
	wantTexts(t, s, "roads-az", "پهنای")
	wantTexts(t, s, "roads-az", "relslerin", "Relslərin arası")
	do("roads-ir/sara", meeting.SettleComment{Comment: comment})
	wantTexts(t, s, "roads-ir", "راز")
	do("roads-ir/sara", meeting.CommentParagraph{Paragraph: p, Text: "راز دوم"})
	do("roads-ir/sara", meeting.RemoveParagraph{Paragraph: p})
	wantTexts(t, s, "roads-az", "relslerin")
	wantTexts(t, s, "roads-ir", "راز")
}
