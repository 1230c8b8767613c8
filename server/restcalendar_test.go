package server

import (
	"errors"
	"strings"
	"testing"
	"time"

	"astara/meeting"
	"astara/record"
)

const holidays = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n" +
	"BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260321\r\nDTEND;VALUE=DATE:20260325\r\nSUMMARY:Novruz\\, bayram\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Leap\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:3\r\nDTSTART;VALUE=DATE:20260328\r\nCATEGORIES:WORKING\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestRestCalendar(t *testing.T) {
	now := time.Date(2026, 3, 20, 9, 0, 0, 0, time.UTC)
	days, err := restCalendar([]byte(holidays), now)
	if err != nil {
		t.Fatal(err)
	}
	rest, err := meeting.RestDays{Weekly: []int{6, 0}, Days: days}.Clean()
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[meeting.ISODate]bool{"2026-03-20": false, "2026-03-21": true, "2026-03-24": true, "2026-03-25": false, "2026-03-28": false, "2026-03-29": true, "2028-02-29": true, "2027-02-28": true} {
		if _, rests := rest.Rests(day); rests != want {
			t.Errorf("%s: got %v, want %v", day, rests, want)
		}
	}
	if name, _ := rest.Rests("2026-03-22"); name != "Novruz, bayram" {
		t.Errorf("got %q", name)
	}
	for rule, want := range map[string]bool{"FREQ=YEARLY": true, "FREQ=YEARLY;INTERVAL=1;WKST=SU": true, "FREQ=YEARLY;INTERVAL=2": false, "FREQ=YEARLY;COUNT=3": false,
		"FREQ=YEARLY;UNTIL=20270101": false, "FREQ=YEARLY;BYMONTH=3;BYDAY=1SU": false, "FREQ=WEEKLY": false, "INTERVAL=1": false} {
		_, err := restCalendar([]byte(strings.Replace(holidays, "FREQ=YEARLY", rule, 1)), now)
		if got := err == nil; got != want {
			t.Errorf("%s: got %v, want it taken: %v", rule, err, want)
		}
	}
	for _, wrong := range []string{"", "x", strings.Replace(holidays, "FREQ=YEARLY", "FREQ=WEEKLY", 1), strings.Replace(holidays, "20260325", "20270325", 1), strings.Replace(holidays, ";VALUE=DATE:20260321", ":20260321T100000Z", 1)} {
		days, err := restCalendar([]byte(wrong), now)
		if !errors.As(err, new(*record.FileFault)) && len(days) > 0 {
			t.Errorf("%.40q: got %d days, %v", wrong, len(days), err)
		}
	}
	if _, err := restTable([]byte("date;name;working\n1404-01-01;نوروز;\n")); err != nil {
		t.Errorf("got %v: dates are checked by Clean", err)
	}
}

func FuzzRestCalendar(f *testing.F) {
	f.Add([]byte(holidays))
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:99991231\nRRULE:FREQ=YEARLY\nEND:VEVENT\nEND:VCALENDAR\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		days, err := restCalendar(b, time.Date(2026, 3, 20, 9, 0, 0, 0, time.UTC))
		if err != nil {
			return
		}
		if rest, err := (meeting.RestDays{Days: days}).Clean(); err == nil {
			rest.Rests("2026-03-21")
		}
	})
}
