package post

import (
	"fmt"
	"strings"

	"astara/meeting"
	"astara/paper"
	"astara/record"
)

// phrases are the words of a letter. A %s in greeting, in and late takes what its name says, once.
type phrases struct {
	subject, greeting, intro, in, late, today, tomorrow, off, respect string
}

func phrasesOf(l meeting.Language) phrases {
	switch l {
	case "fa":
		return phrases{"یادآوری سررسید توافق‌ها", "%s گرامی", "سررسیدهای زیر نزدیک است یا گذشته است:", "%s روز مانده", "%s روز تأخیر", "امروز", "فردا",
			"برای خاموش کردن یادآوری‌ها:", "با احترام"}
	case "az":
		return phrases{"Razılaşmaların son tarixləri", "Hörmətli %s", "Bu son tarixlər yaxınlaşır və ya keçib:", "%s gün qalıb", "%s gün gecikir", "bu gün", "sabah",
			"Xatırlatmaları söndürmək üçün:", "Hörmətlə"}
	case "ru":
		return phrases{"Сроки договорённостей", "Здравствуйте, %s!", "Эти сроки близки или уже прошли:", "осталось дней: %s", "опоздание в днях: %s", "сегодня", "завтра",
			"Чтобы выключить напоминания:", "С уважением"}
	}
	return phrases{"Due dates of agreements", "Dear %s,", "These due dates are near or have passed:", "days left: %s", "days late: %s", "today", "tomorrow",
		"To switch the reminders off:", "With respect"}
}

// letter words what is due for a reader, in both calendars, the side's first. It is plain text: nothing in it is loaded, and every mail program shows it from right to left where it must.
func (o *Office) letter(r record.Reader, c meeting.Calendar, items []item) Letter {
	p := phrasesOf(r.Language)
	var b strings.Builder
	fmt.Fprintf(&b, p.greeting+"\n\n%s\n", r.Name, p.intro)
	for _, x := range items {
		fmt.Fprintf(&b, "\n• %s\n  %s\n  %s: %s\n  %s/desk/agreements/%s/%s\n", x.title, x.milestone, paper.Day(x.Due, r.Language, c), p.left(x.days, r.Language), o.Base, x.Consultation, x.Agreement)
	}
	fmt.Fprintf(&b, "\n%s\n%s/desk/agreements/settings\n\n%s\nAstara\n", p.off, o.Base, p.respect)
	return Letter{To: r.Address, Name: r.Name, Subject: p.subject, Text: b.String()}
}

func (p phrases) left(days int, l meeting.Language) string {
	switch {
	case days == 0:
		return p.today
	case days == 1:
		return p.tomorrow
	case days < 0:
		return fmt.Sprintf(p.late, paper.Number(-days, l))
	}
	return fmt.Sprintf(p.in, paper.Number(days, l))
}
