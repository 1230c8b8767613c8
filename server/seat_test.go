package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"astara/meeting"
	"astara/protocol"
	"astara/room"
)

func TestLinksThatAreRefused(t *testing.T) {
	n, other := newNode(t), newNode(t)
	ir := n.secretary(t, "ir")
	at := ir.call()
	head := ir.invite(at, "Head", meeting.Head)
	token := ir.issue(at, head)
	foreign := other.secretary(t, "ir")
	foreignToken := foreign.issue(foreign.call(), "ir/secretary")

	b := n.browser(t)
	for what, forged := range map[string]string{"nothing": "", "noise": "AAAA", "another letter": "Z" + token[1:], "cut": token[:len(token)-4],
		"another node's": foreignToken, "a sign-in link": n.signInToken(t, "ir"), "long": strings.Repeat("A", 60_000)} {
		t.Run(what, func(t *testing.T) {
			b.t = t
			b.refused("POST", "/api/links", protocol.OpenLink{Token: forged}, 403, protocol.LinkForged)
		})
	}
	b.t = t
	again := ir.issue(at, head)
	b.refused("POST", "/api/links", protocol.OpenLink{Token: token}, 410, protocol.LinkRevoked)
	seat := b.openLink(again, false)
	ir.must("DELETE", linkOf(at, head), nil, nil)
	b.refused("GET", seat, nil, 410, protocol.LinkRevoked)
	b.refused("POST", "/api/links", protocol.OpenLink{Token: again}, 410, protocol.LinkRevoked)
	last := ir.issue(at, head)
	n.clock.pass(16 * 24 * time.Hour)
	if args := b.refused("POST", "/api/links", protocol.OpenLink{Token: last}, 410, protocol.LinkExpired); args["at"] != "2026-04-04T09:00:00Z" {
		t.Errorf("expired at: got %v", args["at"])
	}
	if out := n.log.String(); strings.Contains(out, token) || strings.Contains(out, "Head") || !strings.Contains(out, "code=link-forged") {
		t.Errorf("log: %s", out)
	}
}

func TestSecondBrowserWithTheSameLink(t *testing.T) {
	n := newNode(t)
	ir := n.secretary(t, "ir")
	at := ir.call()
	token := ir.issue(at, ir.invite(at, "Head", meeting.Head))

	first, second := n.browser(t), n.browser(t)
	seat := first.openLink(token, false)
	var s protocol.SeatInfo
	first.must("GET", seat, nil, &s)
	if s.You.Party() != "ir" || len(s.Consultation.Members) != 1 { // at the door: oneself
		t.Errorf("seat: got %+v", s)
	}
	second.refused("GET", seat, nil, 401, protocol.NotSignedIn)
	second.refused("POST", "/api/links", protocol.OpenLink{Token: token}, 409, protocol.LinkElsewhere)
	if again := first.openLink(token, false); again != seat { // the same browser
		t.Errorf("again: got %s, want %s", again, seat)
	}
	first.must("GET", seat, nil, nil)

	conn, err := n.house.Connect(t.Context(), s.Consultation.ID, s.You, "first")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	second.openLink(token, true)
	if code := goodbye(conn.Out()); code != protocol.Moved {
		t.Errorf("the first browser's socket: got goodbye %q, want %q", code, protocol.Moved)
	}
	first.refused("GET", seat, nil, 409, protocol.LinkElsewhere)
	second.must("GET", seat, nil, nil)

	metrics := n.metrics(t)
	for _, want := range []string{`astara_link_openings_total{how="first"} 1`, `astara_link_openings_total{how="again"} 1`,
		`astara_link_openings_total{how="moved"} 1`, `astara_refusals_total{code="link-elsewhere"} 2`} {
		if !strings.Contains(metrics, want+"\n") {
			t.Errorf("metrics: no %s", want)
		}
	}
	if !strings.Contains(n.log.String(), "seat moved") {
		t.Error("log: nothing of the move")
	}

	conn, err = n.house.Connect(t.Context(), s.Consultation.ID, s.You, "second")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ir.must("DELETE", linkOf(at, s.You), nil, nil)
	if code := goodbye(conn.Out()); code != protocol.LinkRevoked {
		t.Errorf("revoked while inside: got goodbye %q, want %q", code, protocol.LinkRevoked)
	}
}

// goodbye reads a socket to its end.
func goodbye(out <-chan room.Outgoing) string {
	code := ""
	for m := range out {
		if m.Last {
			code = m.Code
		}
	}
	return code
}

func TestTwoPeopleInOneBrowser(t *testing.T) {
	n := newNode(t)
	ir := n.secretary(t, "ir")
	at := ir.call()
	b := n.browser(t)
	one := b.openLink(ir.issue(at, ir.invite(at, "One", meeting.Head)), false)
	two := b.openLink(ir.issue(at, ir.invite(at, "Two", meeting.Delegate)), false)
	for seat, want := range map[string]string{one: "One", two: "Two"} {
		var s protocol.SeatInfo
		b.must("GET", seat, nil, &s)
		if got := s.Consultation.Members[s.You].Name; got != want {
			t.Errorf("%s: got %s, want %s", seat, got, want)
		}
	}
}

func TestCalendarFile(t *testing.T) {
	n := newNode(t)
	ir := n.secretary(t, "ir")
	at := ir.call()
	head := ir.invite(at, "رئیس", meeting.Head)
	var l protocol.LinkIssued
	ir.must("POST", linkOf(at, head), nil, &l)
	_, token, _ := strings.Cut(l.Link, "#")
	seat := n.browser(t)
	path := seat.openLink(token, false)
	a, own := seat.send("GET", path+"/invitation.ics", nil)
	if k := a.Header.Get("Content-Type"); k != "text/calendar; charset=utf-8" || a.StatusCode != 200 {
		t.Fatalf("got %s %s", a.Status, k)
	}
	if string(own) != l.ICS {
		t.Errorf("the person's own file differs from the one that was issued:\n%s\n%s", own, l.ICS)
	}
	e, method := event(t, l.ICS)
	want := n.jointFacts(t)
	start, err := e.GetStartAt()
	if err != nil || !start.Equal(want.StartsAt) || start.Location() != time.UTC {
		t.Errorf("start: got %v, %v, want %v", start, err, want.StartsAt)
	}
	end, err := e.GetEndAt()
	if err != nil || !end.Equal(want.StartsAt.Add(90*time.Minute)) {
		t.Errorf("end: got %v, %v", end, err)
	}
	for p, x := range map[ics.ComponentProperty]string{ics.ComponentPropertySummary: want.Title["fa"], ics.ComponentPropertySequence: "1",
		ics.ComponentPropertyUrl: l.Link, ics.ComponentPropertyDtStart: "20260321T090000Z"} {
		if got := value(e, p); got != x {
			t.Errorf("%s: got %q, want %q", p, got, x)
		}
	}
	text := value(e, ics.ComponentPropertyDescription)
	if !strings.Contains(text, l.Link) || !strings.Contains(text, "1. "+want.Agenda[0].Title["fa"]) || method != "PUBLISH" {
		t.Errorf("description: got %q, method %s", text, method)
	}
	for _, line := range strings.Split(l.ICS, "\r\n") {
		if len(line) > 75 || strings.Contains(line, "\n") {
			t.Errorf("line of %d bytes: %q", len(line), line)
		}
	}

	want.StartsAt = want.StartsAt.Add(time.Hour)
	ir.command(at, meeting.ChangeConsultation{Joint: want, Version: 1})
	_, changed := ir.send("GET", at+"/people/"+string(head.Person())+"/invitation.ics", nil)
	f, _ := event(t, string(changed))
	if value(f, ics.ComponentPropertyUniqueId) != value(e, ics.ComponentPropertyUniqueId) || value(f, ics.ComponentPropertySequence) != "2" ||
		strings.Contains(string(changed), token[:20]) {
		t.Errorf("changed: got %s", changed)
	}
	ir.command(at, meeting.CancelConsultation{})
	_, cancelled := ir.send("GET", at+"/people/"+string(head.Person())+"/invitation.ics", nil)
	f, method = event(t, string(cancelled))
	if method != "CANCEL" || value(f, ics.ComponentPropertyStatus) != "CANCELLED" || value(f, ics.ComponentPropertyUniqueId) != value(e, ics.ComponentPropertyUniqueId) {
		t.Errorf("cancelled: got %s", cancelled)
	}
}

func event(t *testing.T, text string) (e *ics.VEvent, method string) {
	t.Helper()
	c, err := ics.ParseCalendar(strings.NewReader(text))
	if err != nil || len(c.Events()) != 1 {
		t.Fatalf("calendar: %v in %s", err, text)
	}
	for _, p := range c.CalendarProperties {
		if p.IANAToken == string(ics.PropertyMethod) {
			method = p.Value
		}
	}
	return c.Events()[0], method
}

func value(e *ics.VEvent, p ics.ComponentProperty) string {
	v := e.GetProperty(p)
	if v == nil {
		return fmt.Sprintf("no %s", p)
	}
	return ics.FromText(v.Value)
}
