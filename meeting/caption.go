package meeting

import (
	"slices"
	"time"
)

const (
	// CaptionsKept is how many captions of each language the state keeps: what fits under the table. Older ones are in the record.
	CaptionsKept = 3
	// MaxCaption is the letters of one, about two lines on a screen.
	MaxCaption = 200
)

// Caption is a line that a person typed of what is being said. It is no authentic record of it.
type Caption struct {
	Seq      uint64    `json:"seq"`
	At       time.Time `json:"at"`
	By       MemberID  `json:"by"`
	Language Language  `json:"language"`
	Text     string    `json:"text"`
}

// SayCaption shows a line under the table, to those who read that language; by a captioner.
type SayCaption struct {
	Language Language `json:"language"`
	Text     string   `json:"text"`
}

// CaptionSaid see SayCaption.
type CaptionSaid struct {
	Language Language `json:"language"`
	Text     string   `json:"text"`
}

func (SayCaption) Type() CommandType                   { return "caption.say" }
func (CaptionSaid) Type() EventType                    { return "caption.said" }
func (CaptionSaid) lasting() bool                      { return true }
func (CaptionSaid) audience(*Meeting, *Event) Audience { return All }

func (c SayCaption) decide(m *Meeting, by MemberID) ([]EventBody, error) {
	x, err := m.inside(by)
	switch {
	case err != nil:
		return nil, err
	case x.Role != Captioner:
		return nil, refuse(NotYourRole)
	case !slices.Contains(m.Joint.Languages, c.Language):
		return nil, refuse(LanguagesWrong, "max", MaxLanguages)
	}
	if c.Text, err = cleanText(c.Text, MaxCaption); err != nil {
		return nil, err
	}
	return one(CaptionSaid(c))
}

func (b CaptionSaid) apply(m *Meeting, e *Event) {
	m.Captions = append(m.Captions, Caption{Seq: e.Seq, At: e.At, By: e.By, Language: b.Language, Text: b.Text})
	n := 0
	for i := len(m.Captions) - 1; i >= 0; i-- {
		if m.Captions[i].Language == b.Language {
			if n++; n > CaptionsKept {
				m.Captions = slices.Delete(m.Captions, i, i+1)
			}
		}
	}
}
