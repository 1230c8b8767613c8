package meeting

import (
	"slices"
	"strings"
)

// MaxRestDays of one party: some forty years of holidays.
const MaxRestDays = 2000

// RestDays are when a party does not work: days of every week, and single days. A single day goes over the week's.
type RestDays struct {
	Weekly []int     `json:"weekly"` // 0 is Sunday
	Days   []RestDay `json:"days"`   // by date
}

// RestDay is a holiday, or a day of rest on which work is done instead of another.
type RestDay struct {
	Date    ISODate `json:"date"`
	Name    string  `json:"name,omitempty"`
	Working bool    `json:"working,omitempty"`
}

// Clean checks them and returns them in the form that is kept.
func (r RestDays) Clean() (RestDays, error) {
	if len(r.Days) > MaxRestDays || len(r.Weekly) > 6 {
		return r, refuse(TooManyItems, "max", MaxRestDays)
	}
	out := RestDays{Weekly: append([]int{}, r.Weekly...), Days: []RestDay{}}
	slices.Sort(out.Weekly)
	out.Weekly = slices.Compact(out.Weekly)
	for _, w := range out.Weekly {
		if w < 0 || w > 6 {
			return r, refuse(DateWrong, "date", "")
		}
	}
	for _, d := range r.Days {
		if err := d.Date.Check(); err != nil {
			return r, err
		}
		if !blank(d.Name) {
			name, err := cleanName(d.Name, MaxName)
			if err != nil {
				return r, err
			}
			d.Name = name
		} else {
			d.Name = ""
		}
		out.Days = append(out.Days, d)
	}
	slices.SortStableFunc(out.Days, func(a, b RestDay) int { return strings.Compare(string(a.Date), string(b.Date)) })
	out.Days = slices.CompactFunc(out.Days, func(a, b RestDay) bool { return a.Date == b.Date })
	return out, nil
}

// Rests tells whether a day is one of rest, and its name if it has one.
func (r RestDays) Rests(d ISODate) (name string, rests bool) {
	i, found := slices.BinarySearchFunc(r.Days, d, func(x RestDay, d ISODate) int { return strings.Compare(string(x.Date), string(d)) })
	if found {
		return r.Days[i].Name, !r.Days[i].Working
	}
	return "", slices.Contains(r.Weekly, int(d.Weekday()))
}
