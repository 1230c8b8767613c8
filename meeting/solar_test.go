package meeting

import (
	"testing"
	"time"
)

func TestSolar(t *testing.T) {
	for _, x := range []struct {
		day  string
		want [3]int
	}{
		{"2026-11-23", [3]int{1405, 9, 2}}, {"2026-03-20", [3]int{1404, 12, 29}}, {"2026-03-21", [3]int{1405, 1, 1}}, {"2025-03-20", [3]int{1403, 12, 30}}, {"2025-03-21", [3]int{1404, 1, 1}},
		{"2024-03-20", [3]int{1403, 1, 1}}, {"2029-03-20", [3]int{1408, 1, 1}}, {"2021-03-20", [3]int{1399, 12, 30}}, {"2026-09-22", [3]int{1405, 6, 31}}, {"2026-09-23", [3]int{1405, 7, 1}}, {"1979-02-11", [3]int{1357, 11, 22}},
	} {
		d, err := time.Parse(time.DateOnly, x.day)
		if err != nil {
			t.Fatal(err)
		}
		if y, m, n := Solar(d); [3]int{y, m, n} != x.want {
			t.Errorf("%s: got %d-%d-%d, want %v", x.day, y, m, n, x.want)
		}
	}
	// Every year has 365 or 366 days, and begins on the 19th to the 22nd of March.
	for y := 1280; y < 1600; y++ {
		days := nowruz(y+1).Sub(nowruz(y)).Hours() / 24
		if d := nowruz(y); days != 365 && days != 366 || d.Month() != time.March || d.Day() < 19 || d.Day() > 22 {
			t.Errorf("%d begins on %v and has %v days", y, d, days)
		}
	}
}
