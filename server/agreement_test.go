package server_test

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"astara/meeting"
	"astara/protocol"
)

// agree gives a command about an agreement.
func (b *browser) agree(at string, c meeting.Command) protocol.Agreements {
	b.t.Helper()
	var out protocol.Agreements
	b.must("POST", at+"/agreements", protocol.DeskCommand{Type: c.Type(), Body: c}, &out)
	return out
}

func bridge(due meeting.ISODate) meeting.Terms {
	words := func(s string) meeting.Words { return meeting.Words{"fa": s, "az": s} }
	return meeting.Terms{Kind: meeting.Project, Title: words("Körpü"), Text: words("Astaraçay üzərində körpü"), Milestones: []meeting.Milestone{{ID: "m", Title: words("Layihə"), Due: due}}}
}

func TestAgreementAtTheDesks(t *testing.T) {
	n := newNode(t)
	ir, az := n.secretary(t, "ir"), n.secretary(t, "az")
	at := ir.call()
	id := ir.agree(at, meeting.ProposeAgreement{ID: "chosen-here", Terms: bridge("2026-03-19")}).List[0].Agreement.ID
	var proposed protocol.Found
	ir.must("POST", "/api/desk/search", protocol.Search{Words: "astaracay"}, &proposed)
	if len(proposed.Hits) != 1 || !proposed.Hits[0].Proposed {
		t.Errorf("before it is agreed: got %+v, want it as a proposal", proposed.Hits)
	}
	if id == "chosen-here" {
		t.Error("the browser chose the id")
	}
	az.agree(at, meeting.AgreeAgreement{ID: id, Version: 1})
	az.agree(at, meeting.ReportProgress{ID: id, Progress: meeting.UnderWay, Percent: 50, Note: "Layihə hazırdır"})
	one := ir.agree(at, meeting.RaiseObstacle{ID: id, Text: meeting.Words{"fa": "پروانه"}, Decider: meeting.Decider{Body: "کمیسیون آب"}})
	if a := one.List[0].Agreement; len(a.Versions) != 1 || one.List[0].Terms.Text["az"] == "" || a.Sides["az"].Last().Note == "" {
		t.Errorf("one: got %+v, want it whole", one.List[0])
	}
	var all protocol.Agreements
	az.must("GET", "/api/desk/agreements", nil, &all)
	if len(all.List) != 1 || all.Own != "az" || all.Today != "2026-03-20" || len(all.List[0].Agreement.Versions) != 0 || all.List[0].Review.State != meeting.ReviewLate ||
		all.List[0].Review.Late[0].Days != 1 || all.List[0].Review.Blocked[0].Body == "" {
		t.Errorf("list: got %+v", all)
	}
	var found protocol.Found
	az.must("POST", "/api/desk/search", protocol.Search{Words: "astaracay"}, &found)
	if len(found.Hits) != 1 || found.Hits[0].Agreement != id || found.Hits[0].Kind != protocol.FoundAgreed || found.Hits[0].Proposed {
		t.Errorf("found: got %+v, want the agreement", found)
	}

	// Who takes no part knows of nothing.
	other := n.secretary(t, "third")
	other.must("GET", "/api/desk/agreements", nil, &all)
	if len(all.List) != 0 {
		t.Errorf("another party: got %+v", all.List)
	}
	other.refused("GET", at+"/agreements/"+string(id), nil, 404, protocol.NotFound)
	other.refused("POST", at+"/agreements", protocol.DeskCommand{Type: "agreement.agree", Body: meeting.AgreeAgreement{ID: id, Version: 1}}, 404, protocol.NotFound)
	n.browser(t).refused("GET", "/api/desk/agreements", nil, 401, protocol.NotSignedIn)

	long := bridge("2026-03-19")
	long.Text["az"] = strings.Repeat("a", 10<<20)
	ir.refused("POST", at+"/agreements", protocol.DeskCommand{Type: "agreement.propose", Body: meeting.ProposeAgreement{Terms: long}}, http.StatusRequestEntityTooLarge, protocol.TooLarge)
	if args := ir.refused("POST", at+"/agreements", protocol.DeskCommand{Type: "agreement.propose", Body: meeting.ProposeAgreement{Terms: bridge("1404-12-28")}}, 422, string(meeting.DateSolar)); args["date"] != "1404-12-28" {
		t.Errorf("got %v, want the date", args)
	}
	ir.refused("POST", at+"/agreements", protocol.DeskCommand{Type: "consultation.cancel", Body: struct{}{}}, 400, string(meeting.CommandUnknown))
}

func TestFilesOfAgreements(t *testing.T) {
	n := newNode(t)
	ir, az := n.secretary(t, "ir"), n.secretary(t, "az")
	at := ir.call()
	id := ir.agree(at, meeting.ProposeAgreement{Terms: bridge("2026-03-27")}).List[0].Agreement.ID
	az.agree(at, meeting.AgreeAgreement{ID: id, Version: 1})
	az.agree(at, meeting.ReportProgress{ID: id, Progress: meeting.UnderWay, Percent: 50, Note: "=1+1"})
	export := func(b *browser, format string) string {
		t.Helper()
		a, body := b.send("GET", "/api/desk/agreements/export/"+format, nil)
		if a.StatusCode != 200 || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment") {
			t.Fatalf("%s: got %d, %v", format, a.StatusCode, a.Header)
		}
		return string(body)
	}
	ics := export(az, "ics")
	if !strings.Contains(ics, "DTSTART;VALUE=DATE:20260327") || !strings.Contains(ics, "Layihə") || strings.Count(ics, "TRIGGER:-P") != 2 {
		t.Errorf("calendar: got %s", ics)
	}
	strictCalendar(t, ics)
	if table := export(az, "csv"); !strings.Contains(table, "'=1+1") {
		t.Errorf("the table runs what a side wrote: %s", table)
	}

	// Into another consultation: the terms are proposed, and of the words those of the own side alone are taken, once all agree.
	other, first := az.call(), export(az, "csv")
	for _, format := range []string{"csv", "json"} {
		sent := protocol.ImportAgreements{Format: format, Text: export(az, format)}
		var would protocol.Imported
		az.must("POST", other+"/agreements/import", sent, &would)
		if want := (protocol.Imported{New: 1, Left: 1}); format == "csv" && would != want {
			t.Errorf("%s: got %+v, want %+v", format, would, want)
		}
		sent.Apply = true
		az.must("POST", other+"/agreements/import", sent, nil)
		ir.agree(other, meeting.AgreeAgreement{ID: id, Version: 1})
	}
	az.must("POST", other+"/agreements/import", protocol.ImportAgreements{Format: "csv", Text: first, Apply: true}, nil)
	var one protocol.Agreements
	ir.must("GET", other+"/agreements/"+string(id), nil, &one)
	if a := one.List[0].Agreement; len(a.Versions) != 1 || a.Sides["az"].Last().Note != "=1+1" || len(a.Sides["az"].Reports) != 1 {
		t.Errorf("imported: got %+v", a)
	}
	table := export(az, "csv")
	for name, x := range map[string]struct{ from, to, code string }{
		"another calendar": {"2026-03-27", "1405-01-07", string(meeting.DateSolar)},
		"a formula":        {"'=1+1", "=1+1", protocol.FileFormula},
		"another table":    {"percent", "per cent", protocol.FileUnreadable},
		"a long cell":      {"'=1+1", strings.Repeat("a", 200_000), protocol.FileLong},
	} {
		az.refused("POST", other+"/agreements/import", protocol.ImportAgreements{Format: "csv", Text: strings.Replace(table, x.from, x.to, 1), Apply: true}, 422, x.code)
		_ = name
	}
	az.refused("POST", other+"/agreements/import", protocol.ImportAgreements{Format: "csv", Text: strings.Repeat("a", 9<<20)}, 413, protocol.TooLarge)
	n.secretary(t, "third").refused("POST", other+"/agreements/import", protocol.ImportAgreements{Format: "csv", Text: table}, 404, protocol.NotFound)
}

func TestRestDaysAndRemindersOfTheOwnSide(t *testing.T) {
	n := newNode(t)
	ir, az := n.secretary(t, "ir"), n.secretary(t, "az")
	ir.must("PUT", "/api/desk/rest-days", protocol.PutRestDays{Weekly: []int{5}, Format: "csv", Text: "date;name;working\r\n2026-03-21;نوروز;\r\n2026-03-20;;yes\r\n"}, nil)
	var all protocol.Agreements
	az.must("GET", "/api/desk/agreements", nil, &all)
	if name, rests := all.RestDays["ir"].Rests("2026-03-21"); !rests || name != "نوروز" {
		t.Errorf("the other side sees %+v", all.RestDays)
	}
	if _, rests := all.RestDays["ir"].Rests("2026-03-20"); rests { // a Friday on which work is done
		t.Error("a moved working day rests")
	}
	ir.refused("PUT", "/api/desk/rest-days", protocol.PutRestDays{Format: "csv", Text: "date\n1405-01-01\n"}, 422, string(meeting.DateSolar))
	ir.refused("PUT", "/api/desk/rest-days", protocol.PutRestDays{Format: "csv", Text: "day\n2026-01-01\n"}, 422, protocol.FileUnreadable)
	ir.refused("PUT", "/api/desk/rest-days", protocol.PutRestDays{Format: "ics", Text: "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"}, 422, protocol.FileUnreadable)

	az.must("PUT", "/api/desk/reminders", protocol.PutReminders{Address: "katib@nazirlik.example", Wanted: true}, nil)
	az.must("GET", "/api/desk/agreements", nil, &all)
	if all.Reminders != (protocol.Reminders{Address: "katib@nazirlik.example", Wanted: true}) {
		t.Errorf("got %+v", all.Reminders)
	}
	for _, address := range []string{"", "x", "a@b.example, c@d.example", "A <a@b.example>", "a@b.example\r\nBcc: c@d.example"} {
		az.refused("PUT", "/api/desk/reminders", protocol.PutReminders{Address: address, Wanted: true}, 422, protocol.AddressWrong)
	}
}

// A calendar program reads what the side has before it, by an address that can be taken back and ends with the account.
func TestCalendarAddress(t *testing.T) {
	n := newNode(t)
	b := n.secretary(t, "az")
	at := b.call()
	var made protocol.CalendarAddress
	b.must("POST", "/api/desk/calendar", nil, &made)
	path := strings.TrimPrefix(made.Address, n.url)
	a, text := n.fetched(t, path)
	if a.StatusCode != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/calendar") || strings.Count(text, "BEGIN:VEVENT") != 1 || !strings.Contains(text, "STATUS:TENTATIVE") {
		t.Fatalf("got %s %s", a.Status, text)
	}
	var all protocol.Agreements
	if b.must("GET", "/api/desk/agreements", nil, &all); all.Calendar == "" {
		t.Error("the desk does not know that there is an address")
	}
	strictCalendar(t, text)
	if a, _ := n.fetched(t, path[:len(path)-6]+".ics"); a.StatusCode != 404 {
		t.Errorf("a piece of the address: got %s", a.Status)
	}
	n.secretary(t, "ir").command(at, meeting.AgreeConsultation{Version: 1})
	if _, text := n.fetched(t, path); !strings.Contains(text, "STATUS:CONFIRMED") {
		t.Errorf("agreed: got %s", text)
	}
	var anew protocol.CalendarAddress
	b.must("POST", "/api/desk/calendar", nil, &anew)
	if a, _ := n.fetched(t, path); a.StatusCode != 404 || anew == made {
		t.Errorf("the address before: got %s", a.Status)
	}
	path = strings.TrimPrefix(anew.Address, n.url)
	b.must("DELETE", "/api/desk/calendar", nil, nil)
	if a, _ := n.fetched(t, path); a.StatusCode != 404 {
		t.Errorf("taken back: got %s", a.Status)
	}
	all = protocol.Agreements{}
	if b.must("GET", "/api/desk/agreements", nil, &all); all.Calendar != "" {
		t.Errorf("taken back: got %s", all.Calendar)
	}
	b.must("POST", "/api/desk/calendar", nil, &anew)
	if err := n.store.EndSecretary(t.Context(), "az/secretary", n.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if a, _ := n.fetched(t, strings.TrimPrefix(anew.Address, n.url)); a.StatusCode != 404 {
		t.Errorf("the account has ended: got %s", a.Status)
	}
}

// strictCalendar reads a calendar as a program does that forgives nothing (RFC 5545, sections 3.1, 3.2, 3.4 and 3.6).
func strictCalendar(t *testing.T, text string) {
	t.Helper()
	if strings.Count(text, "\n") != strings.Count(text, "\r\n") || !strings.HasSuffix(text, "\r\n") {
		t.Error("a line does not end with CRLF")
	}
	for _, line := range strings.Split(text, "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	want := map[string][]string{"VCALENDAR": {"PRODID", "VERSION"}, "VEVENT": {"UID", "DTSTAMP", "DTSTART"}, "VALARM": {"ACTION", "TRIGGER", "DESCRIPTION"}}
	var open []string
	var has []map[string]bool
	for _, line := range strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n ", ""), "\r\n"), "\r\n") {
		head, value, ok := strings.Cut(line, ":")
		words := strings.Split(head, ";")
		known := map[string]bool{}
		for _, parameter := range words[1:] {
			name, _, is := strings.Cut(parameter, "=")
			if !is || known[name] {
				t.Errorf("the parameters of %q", line)
			}
			known[name] = true
		}
		switch last := len(open) - 1; {
		case !ok:
			t.Errorf("%q is no property", line)
		case words[0] == "BEGIN":
			open, has = append(open, value), append(has, map[string]bool{})
		case last < 0:
			t.Fatalf("%q stands outside", line)
		case words[0] == "END":
			for _, name := range want[value] {
				if !has[last][name] {
					t.Errorf("%s has no %s", value, name)
				}
			}
			if open[last] != value {
				t.Errorf("%s ends %s", value, open[last])
			}
			open, has = open[:last], has[:last]
		case has[last][words[0]]:
			t.Errorf("%s has two %s", open[last], words[0])
		default:
			has[last][words[0]] = true
		}
	}
	if len(open) > 0 {
		t.Errorf("%v does not end", open)
	}
}
