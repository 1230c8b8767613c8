package server

import (
	"fmt"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"astara/meeting"
)

// calendarWords are the few words in an invitation that are not the consultation's own.
type calendarWords struct{ agenda, link, kept, cancelled string }

func wordsOf(l meeting.Language) calendarWords {
	switch l {
	case "fa":
		return calendarWords{"دستور کار", "پیوند شخصی شما (به دیگری ندهید)", "پیوند شخصی پیشین شما همچنان معتبر است.", "لغو شد"}
	case "az":
		return calendarWords{"Gündəlik", "Şəxsi keçidiniz (başqasına verməyin)", "Əvvəlki şəxsi keçidiniz qüvvədədir.", "Ləğv edildi"}
	case "ru":
		return calendarWords{"Повестка дня", "Ваша личная ссылка (не передавайте её)", "Ваша прежняя личная ссылка остаётся в силе.", "Отменено"}
	}
	return calendarWords{"Agenda", "Your personal link (do not pass it on)", "Your earlier personal link stays valid.", "Cancelled"}
}

// calendarOf is the invitation of one member as an iCalendar file (RFC 5545): the same UID for good, and a SEQUENCE that
// rises with the consultation's version, so that a calendar replaces what it has. Without a link, kept says that an earlier
// one is good.
func (s *Server) calendarOf(m *meeting.Meeting, who meeting.MemberID, link string, kept bool) (file, error) {
	x, ok := m.Members[who]
	if !ok {
		return file{}, &meeting.Refusal{Code: meeting.UnknownMember, Args: map[string]any{"member": who}}
	}
	w := wordsOf(x.Language)
	cal := ics.NewCalendar()
	cal.SetProductId("-//Astara//" + s.cfg.Version + "//EN")
	e := cal.AddEvent(fmt.Sprintf("%s.%s@%s", m.ID, strings.ReplaceAll(string(who), "/", "."), s.cfg.BaseURL.Hostname()))
	title := said(m.Joint.Title, x.Language, m.Joint.Languages)
	cal.SetMethod(ics.MethodPublish)
	e.SetStatus(ics.ObjectStatusConfirmed)
	if m.Cancelled != nil {
		cal.SetMethod(ics.MethodCancel)
		e.SetStatus(ics.ObjectStatusCancelled)
		title = w.cancelled + ": " + title
		link = ""
	}
	e.SetSummary(title)
	e.SetDtStampTime(s.cfg.Now().UTC())
	e.SetStartAt(m.Joint.StartsAt.UTC())
	e.SetEndAt(m.Joint.StartsAt.UTC().Add(time.Duration(m.Joint.Minutes) * time.Minute))
	e.SetSequence(m.Version)
	var text strings.Builder
	switch {
	case link != "":
		fmt.Fprintf(&text, "%s:\n%s\n", w.link, link)
		e.SetURL(link)
		e.SetLocation(link)
	case kept && m.Cancelled == nil:
		text.WriteString(w.kept + "\n")
	}
	if agenda := agendaText(m, x.Language, w); agenda != "" {
		text.WriteString("\n" + agenda)
	}
	if text.Len() > 0 {
		e.SetDescription(strings.TrimSpace(text.String()))
	}
	body := cal.Serialize(ics.WithNewLineWindows)
	return file{name: "invitation.ics", kind: "text/calendar; charset=utf-8", body: []byte(body)}, nil
}

// said is a text in the reader's language, or in the first of the meeting's that it has.
func said(w meeting.Words, l meeting.Language, others []meeting.Language) string {
	if w[l] != "" {
		return w[l]
	}
	for _, o := range others {
		if w[o] != "" {
			return w[o]
		}
	}
	return ""
}
