package meeting

import "time"

// Solar is a day's year, month and day in the Solar Hijri calendar: by its leap years from 1 to 3177 as K. M. Borkowski found them ("The Persian
// calendar for 3000 years", Earth, Moon and Planets 74, 1996), which is what browsers and the calendars in print follow.
func Solar(t time.Time) (year, month, day int) {
	t = time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	year = t.Year() - 621
	first := nowruz(year)
	if t.Before(first) {
		year--
		first = nowruz(year)
	}
	n := int(t.Sub(first) / (24 * time.Hour))
	if n < 186 {
		return year, n/31 + 1, n%31 + 1
	}
	n -= 186
	return year, n/30 + 7, n%30 + 1
}

// nowruz is the first day of a Solar Hijri year.
func nowruz(year int) time.Time {
	breaks := [...]int{-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178}
	gregorian := year + 621
	leaps, before, jump := -14, breaks[0], 0
	for _, b := range breaks[1:] {
		jump = b - before
		if year < b {
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
	march := 20 + leaps - (gregorian/4 - (gregorian/100+1)*3/4 - 150)
	return time.Date(gregorian, time.March, march, 0, 0, 0, 0, time.UTC)
}
