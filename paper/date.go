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
	gregorian := fmt.Sprint(t.Day(), " ", c.words.months[t.Month()-1], " ", t.Year())
	y, m, d := meeting.Solar(t)
	solar := fmt.Sprint(d, " ", c.words.solar[m-1], " ", y)
	if c.calendar == meeting.SolarHijri {
		gregorian, solar = solar, gregorian
	}
	return digits(gregorian+" ("+solar+")", c.language)
}

// Day is a date in both calendars, as a language writes them; the one that is given comes first.
func Day(d meeting.ISODate, l meeting.Language, first meeting.Calendar) string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return column{l, wordsOf(l), time.UTC, first}.day(t)
}

// moment is the date with the time of day and the zone.
func (c column) moment(t time.Time) string {
	t = t.In(c.zone)
	return c.day(t) + digits(t.Format(" 15:04 -07:00"), c.language)
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
