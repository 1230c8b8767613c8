package meeting

import "time"

// ISODate is a day of the Gregorian calendar, "2026-11-23": one without a clock is the same in every zone. The screen shows it in both calendars.
type ISODate string

// The years that a due date may have. What looks like a year of the Solar Hijri calendar is refused by its own name: 1404 is no slip of
// the finger for 2025.
const (
	firstYear, lastYear           = 1900, 2200
	firstSolarYear, lastSolarYear = 1200, 1600
	// lastSolarOfPapers: documents may be old (a treaty of 1555), but one of the 13th to 15th century is a year in the other calendar.
	lastSolarOfPapers = 1450
)

// DateOf is the day of a moment, in a zone.
func DateOf(t time.Time, zone *time.Location) ISODate {
	return ISODate(t.In(zone).Format(time.DateOnly))
}

// Check is refused unless it is a day.
func (d ISODate) Check() error {
	if len(d) >= 4 {
		year := 0
		for _, r := range d[:4] {
			if r < '0' || r > '9' {
				return refuse(DateWrong, "date", d.short())
			}
			year = 10*year + int(r-'0')
		}
		if year >= firstSolarYear && year <= lastSolarYear {
			return refuse(DateSolar, "date", d.short())
		}
		if t, err := time.Parse(time.DateOnly, string(d)); err == nil && t.Year() >= firstYear && t.Year() <= lastYear {
			return nil
		}
	}
	return refuse(DateWrong, "date", d.short())
}

// short is what a refusal repeats of it.
func (d ISODate) short() string {
	r := []rune(string(d))
	return string(r[:min(len(r), 20)])
}

// Days from one day to another; both have been checked.
func (d ISODate) Days(to ISODate) int {
	a, _ := time.Parse(time.DateOnly, string(d))
	b, _ := time.Parse(time.DateOnly, string(to))
	return int(b.Sub(a) / (24 * time.Hour))
}

// Weekday of a day that has been checked.
func (d ISODate) Weekday() time.Weekday {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t.Weekday()
}
