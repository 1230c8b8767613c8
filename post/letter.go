package post

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"astara/meeting"
	"astara/record"
)

// phrases are the words of a letter. A %s in due, late and today takes what its name says, once.
type phrases struct {
	subject, greeting, intro, in, late, today, tomorrow, off, respect string
	solarFirst                                                        bool
	solar, gregorian                                                  [12]string
}

func phrasesOf(l meeting.Language) phrases {
	switch l {
	case "fa":
		return phrases{"یادآوری سررسید توافق‌ها", "%s گرامی", "سررسیدهای زیر نزدیک است یا گذشته است:", "%s روز مانده", "%s روز دیرکرد", "امروز", "فردا",
			"برای خاموش کردن یادآوری‌ها:", "با احترام", true,
			[12]string{"فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"},
			[12]string{"ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"}}
	case "az":
		return phrases{"Razılaşmaların son tarixləri", "Hörmətli %s", "Bu son tarixlər yaxınlaşır və ya keçib:", "%s gün qalıb", "%s gün gecikir", "bu gün", "sabah",
			"Xatırlatmaları söndürmək üçün:", "Hörmətlə", false,
			[12]string{"fərvərdin", "ordibehişt", "xordad", "tir", "mordad", "şəhrivər", "mehr", "aban", "azər", "dey", "bəhmən", "isfənd"},
			[12]string{"yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avqust", "sentyabr", "oktyabr", "noyabr", "dekabr"}}
	case "ru":
		return phrases{"Сроки договорённостей", "Здравствуйте, %s!", "Эти сроки близки или уже прошли:", "осталось дней: %s", "опоздание в днях: %s", "сегодня", "завтра",
			"Чтобы выключить напоминания:", "С уважением", false,
			[12]string{"фарвардина", "ордибехешта", "хордада", "тира", "мордада", "шахривара", "мехра", "абана", "азера", "дея", "бахмана", "эсфанда"},
			[12]string{"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"}}
	}
	return phrases{"Due dates of agreements", "Dear %s,", "These due dates are near or have passed:", "days left: %s", "days late: %s", "today", "tomorrow",
		"To switch the reminders off:", "With respect", false,
		[12]string{"Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar", "Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"},
		[12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}}
}

// letter words what is due for a reader. It is plain text: nothing in it is loaded, and every mail program shows it from right to left where it must.
func (o *Office) letter(r record.Reader, items []item) Letter {
	p := phrasesOf(r.Language)
	var b strings.Builder
	fmt.Fprintf(&b, p.greeting+"\n\n%s\n", r.Name, p.intro)
	for _, x := range items {
		fmt.Fprintf(&b, "\n• %s\n  %s\n  %s: %s\n  %s/desk/agreements/%s/%s\n", x.title, x.milestone, p.day(x.Due), p.left(x.days), o.Base, x.Consultation, x.Agreement)
	}
	fmt.Fprintf(&b, "\n%s\n%s/desk/agreements/settings\n\n%s\nAstara\n", p.off, o.Base, p.respect)
	return Letter{To: r.Address, Name: r.Name, Subject: p.subject, Text: b.String()}
}

func (p phrases) left(days int) string {
	switch {
	case days == 0:
		return p.today
	case days == 1:
		return p.tomorrow
	case days < 0:
		return fmt.Sprintf(p.late, p.number(-days))
	}
	return fmt.Sprintf(p.in, p.number(days))
}

// day in both calendars, the reader's first.
func (p phrases) day(d meeting.ISODate) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	year, month, date := solar(t)
	hijri := p.number(date) + " " + p.solar[month-1] + " " + p.number(year)
	gregorian := p.number(t.Day()) + " " + p.gregorian[t.Month()-1] + " " + p.number(t.Year())
	if p.solarFirst {
		return hijri + " (" + gregorian + ")"
	}
	return gregorian + " (" + hijri + ")"
}

// number in the digits of the language.
func (p phrases) number(n int) string {
	text := strconv.Itoa(n)
	if !p.solarFirst {
		return text
	}
	return strings.Map(func(r rune) rune { return r - '0' + '۰' }, text)
}
