package server

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"astara/auth"
	"astara/meeting"
	"astara/protocol"
	"astara/record"
)

// exportAgreements gives those of the own side as a file.
func (s *Server) exportAgreements(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	list, err := s.store.Agreements(r.Context(), d.ID.Party())
	if err != nil {
		return nil, err
	}
	filed := make([]record.FiledAgreement, len(list))
	for i, f := range list {
		filed[i] = record.FiledAgreement{Consultation: f.Consultation, Agreement: f.Agreement}
	}
	switch r.PathValue("format") {
	case "csv":
		b, err := record.TableOfAgreements(filed)
		return file{name: "agreements.csv", kind: "text/csv; charset=utf-8", body: b}, err
	case "json":
		b, err := record.EncodeAgreements(filed)
		return file{name: "agreements.json", kind: "application/json", body: b}, err
	case "ics":
		return s.dueCalendar(list, d), nil
	}
	return nil, &meeting.Refusal{Code: protocol.NotFound}
}

func (s *Server) dueCalendar(list []record.Followed, d auth.Desk) file {
	cal := s.newFeed()
	s.addDue(cal, list, d.Secretary)
	return file{name: "due.ics", kind: "text/calendar; charset=utf-8", body: []byte(cal.Serialize(ics.WithNewLineWindows))}
}

func (s *Server) newFeed() *ics.Calendar {
	cal := ics.NewCalendar()
	cal.SetMethod(ics.MethodPublish)
	cal.SetProductId("-//Astara//" + s.cfg.Version + "//EN")
	return cal
}

// addDue adds what is still to be reached, one whole day each (RFC 5545, section 3.6.1), in the secretary's language. A day that moves keeps its
// UID, and its SEQUENCE is the version of the terms.
func (s *Server) addDue(cal *ics.Calendar, list []record.Followed, d auth.Secretary) {
	for _, f := range list {
		a := f.Agreement
		t := a.Terms()
		if a.Effect == 0 || t.Ended {
			continue
		}
		for _, m := range t.Milestones {
			day, err := time.Parse(time.DateOnly, string(m.Due))
			if err != nil || a.Sides[d.ID.Party()].Met[m.ID] != "" {
				continue
			}
			e := cal.AddEvent(fmt.Sprintf("%s.%s.%s@%s", f.Consultation, a.ID, m.ID, s.cfg.BaseURL.Hostname()))
			e.SetDtStampTime(s.cfg.Now().UTC())
			e.SetAllDayStartAt(day)
			e.SetAllDayEndAt(day.AddDate(0, 0, 1))
			e.SetSequence(a.Effect)
			e.SetSummary(said(m.Title, d.Language, f.Joint.Languages) + ": " + said(t.Title, d.Language, f.Joint.Languages))
			e.SetURL(fmt.Sprintf("%s/desk/agreements/%s/%s", s.origin(), f.Consultation, a.ID))
			for _, before := range []string{"-P7D", "-PT15H"} { // as by letter: in the week before, and at nine on the eve
				alarm := e.AddAlarm()
				alarm.SetAction(ics.ActionDisplay)
				alarm.SetTrigger(before)
				alarm.SetDescription(said(m.Title, d.Language, f.Joint.Languages))
			}
		}
	}
}

// importAgreements says what a file would do, or does it: all of it, or nothing.
func (s *Server) importAgreements(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	var body protocol.ImportAgreements
	if err := read(r, &body); err != nil {
		return nil, err
	}
	if len(body.Text) > protocol.MaxFile {
		return nil, &meeting.Refusal{Code: protocol.TooLarge}
	}
	var list []record.FiledAgreement
	var err error
	switch body.Format {
	case "csv":
		list, err = record.ReadTableOfAgreements([]byte(body.Text))
	case "json":
		list, err = record.DecodeAgreements([]byte(body.Text))
	default:
		return nil, errBadRequest
	}
	if err != nil {
		return nil, faultOf(err)
	}
	m, err := s.takeUp(r, d)
	if err != nil {
		return nil, err
	}
	all, err := s.store.Agreements(r.Context(), d.ID.Party())
	if err != nil {
		return nil, err
	}
	have := map[meeting.AgreementID]*meeting.Agreement{}
	for _, f := range all {
		if f.Consultation == m.ID {
			have[f.Agreement.ID] = f.Agreement
		}
	}
	plan := record.PlanImport(list, m.ID, have, d.ID.Party())
	if body.Apply {
		c := meeting.ImportAgreements{Commands: plan.Commands}
		if err := s.do(c.Type(), s.house.Do(r.Context(), m.ID, d.ID, c)); err != nil {
			return nil, err
		}
	}
	return protocol.Imported{New: plan.New, Changed: plan.Changed, Own: plan.Own, Left: plan.Left}, nil
}

// faultOf turns what is wrong with a file into a refusal.
func faultOf(err error) error {
	var f *record.FileFault
	var column *record.ColumnFault
	if errors.As(err, &column) {
		return &meeting.Refusal{Code: protocol.FileColumn, Args: map[string]any{"column": column.Column}}
	}
	if !errors.As(err, &f) {
		return err
	}
	code := map[record.FaultKind]meeting.RefusalCode{record.Unreadable: protocol.FileUnreadable, record.Formula: protocol.FileFormula, record.LongCell: protocol.FileLong}[f.Kind]
	return &meeting.Refusal{Code: code, Args: map[string]any{"row": f.Row}}
}

// putRestDays takes the own side's days of every week, and its single days from a file.
func (s *Server) putRestDays(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	var body protocol.PutRestDays
	if err := read(r, &body); err != nil {
		return nil, err
	}
	now, err := s.store.RestDays(r.Context(), d.ID.Party())
	if err != nil {
		return nil, err
	}
	now.Weekly = body.Weekly
	switch body.Format {
	case "":
	case "csv":
		now.Days, err = restTable([]byte(body.Text))
	case "ics":
		now.Days, err = restCalendar([]byte(body.Text), s.cfg.Now())
	default:
		err = errBadRequest
	}
	if err == nil {
		now, err = now.Clean()
	}
	if err != nil {
		return nil, faultOf(err)
	}
	return now, s.store.PutRestDays(r.Context(), d.ID.Party(), now)
}

// restTable reads a table with the columns date and name, and working for a day of rest on which work is done.
func restTable(b []byte) ([]meeting.RestDay, error) {
	rows, err := record.ReadTable(b)
	if err != nil {
		return nil, err
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[strings.ToLower(strings.TrimSpace(name))] = i + 1
	}
	if column["date"] == 0 {
		return nil, &record.FileFault{Row: 1, Kind: record.Unreadable}
	}
	var out []meeting.RestDay
	for _, cells := range rows[1:] {
		at := func(name string) string {
			if i := column[name]; i > 0 && i <= len(cells) {
				return strings.TrimSpace(cells[i-1])
			}
			return ""
		}
		if at("date") == "" {
			continue
		}
		working := strings.ToLower(at("working"))
		out = append(out, meeting.RestDay{Date: meeting.ISODate(at("date")), Name: at("name"), Working: working != "" && working != "0" && working != "no" && working != "false"})
	}
	return out, nil
}

// The years around now into which a holiday of every year is written.
const restYearsBefore, restYearsAfter = 1, 10

// maxRestSpan is the longest holiday, in days: an event of months is no holiday.
const maxRestSpan = 60

// restCalendar reads whole-day events; one of every year is taken for the years around now. An event of the category WORKING is a day on which
// work is done. Anything else that recurs is refused rather than half understood.
func restCalendar(b []byte, now time.Time) ([]meeting.RestDay, error) {
	cal, err := ics.ParseCalendar(bytes.NewReader(b))
	if err != nil {
		return nil, &record.FileFault{Kind: record.Unreadable}
	}
	var out []meeting.RestDay
	for n, e := range cal.Events() {
		wrong := &record.FileFault{Row: n + 1, Kind: record.Unreadable}
		start, err := e.GetAllDayStartAt()
		if p := e.GetProperty(ics.ComponentPropertyDtStart); err != nil || len(p.Value) != len("20060102") { // a moment is no whole day
			return nil, wrong
		}
		end, err := e.GetAllDayEndAt()
		if err != nil || !end.After(start) {
			end = start.AddDate(0, 0, 1)
		}
		days := int(end.Sub(start) / (24 * time.Hour))
		if days > maxRestSpan {
			return nil, wrong
		}
		years := []int{0}
		if rule := e.GetProperty(ics.ComponentPropertyRrule); rule != nil {
			if !everyYear(rule.Value) {
				return nil, wrong
			}
			years = nil
			for y := max(start.Year(), now.Year()-restYearsBefore); y <= now.Year()+restYearsAfter; y++ {
				years = append(years, y-start.Year())
			}
		}
		name, working := "", false
		if p := e.GetProperty(ics.ComponentPropertySummary); p != nil {
			name = ics.FromText(p.Value)
		}
		if p := e.GetProperty(ics.ComponentPropertyCategories); p != nil {
			working = strings.Contains(strings.ToUpper(p.Value), "WORKING")
		}
		for _, y := range years {
			first := start.AddDate(y, 0, 0)
			if first.Day() != start.Day() { // the 29th of February in a common year
				continue
			}
			for i := range days {
				out = append(out, meeting.RestDay{Date: meeting.ISODate(first.AddDate(0, 0, i).Format(time.DateOnly)), Name: name, Working: working})
			}
		}
		if len(out) > meeting.MaxRestDays {
			break // Clean refuses it
		}
	}
	return out, nil
}

// everyYear tells whether a rule (RFC 5545, section 3.3.10) says no more than that.
func everyYear(rule string) bool {
	yearly := false
	for part := range strings.SplitSeq(strings.ToUpper(rule), ";") {
		switch name, _, _ := strings.Cut(part, "="); {
		case part == "FREQ=YEARLY":
			yearly = true
		case part == "", part == "INTERVAL=1", name == "WKST": // which changes nothing in whole years
		default:
			return false
		}
	}
	return yearly
}
