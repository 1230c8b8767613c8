package paper

import (
	"fmt"
	"strings"
	"time"

	"astara/meeting"
)

// day is a date in both calendars, that of the side first, as its language writes them.
func (c column) day(t time.Time) string {
	t = t.In(c.zone)
	gregorian := c.words.date(t.Day(), c.words.months[t.Month()-1], t.Year())
	y, m, d := SolarHijri(t.Year(), int(t.Month()), t.Day())
	solar := c.words.date(d, c.words.solar[m-1], y)
	if c.calendar == meeting.SolarHijri {
		gregorian, solar = solar, gregorian
	}
	return digits(gregorian+" ("+solar+")", c.language)
}

// moment is the date with the time of day and the zone.
func (c column) moment(t time.Time) string {
	t = t.In(c.zone)
	return c.day(t) + digits(t.Format(" 15:04 -07:00"), c.language)
}

// date puts day, month and year in the order of the language.
func (w words) date(day int, month string, year int) string {
	return strings.NewReplacer("{d}", fmt.Sprint(day), "{m}", month, "{y}", fmt.Sprint(year)).Replace(w.order)
}

func digits(s string, l meeting.Language) string {
	if l != "fa" {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r - '0' + '۰'
		}
		return r
	}, s)
}

// leapBreaks are the years in which the cycle of leap years of the Solar Hijri calendar changes (K. M. Borkowski, "The Persian calendar for 3000
// years", Earth, Moon and Planets 74, 1996).
func leapBreaks() []int {
	return []int{-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178}
}

// newYear is the day of March on which a Solar Hijri year begins, and how many years ago the last leap year was.
func newYear(year int) (march, sinceLeap int) {
	breaks := leapBreaks()
	leaps, before, jump := -14, breaks[0], 0
	for _, b := range breaks[1:] {
		if jump = b - before; year < b {
			break
		}
		leaps += jump/33*8 + jump%33/4
		before = b
	}
	n := year - before
	leaps += n/33*8 + (n%33+3)/4
	if jump%33 == 4 && jump-n == 4 {
		leaps++
	}
	g := year + 621
	gregorianLeaps := g/4 - (g/100+1)*3/4 - 150
	if jump-n < 6 {
		n += (jump+4)/33*33 - jump
	}
	if sinceLeap = ((n+1)%33 - 1) % 4; sinceLeap == -1 {
		sinceLeap = 4
	}
	return 20 + leaps - gregorianLeaps, sinceLeap
}

// SolarHijri is a Gregorian date between 622 and 3798 in the calendar of Iran.
func SolarHijri(year, month, day int) (y, m, d int) {
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	y = at.Year() - 621
	march, _ := newYear(y)
	n := int(at.Sub(time.Date(at.Year(), time.March, march, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	if n < 0 {
		y--
		march, _ = newYear(y)
		n = int(at.Sub(time.Date(at.Year()-1, time.March, march, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	}
	if n < 186 {
		return y, n/31 + 1, n%31 + 1
	}
	n -= 186
	return y, n/30 + 7, n%30 + 1
}
