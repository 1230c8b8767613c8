package server_test

import (
	"net/http"
	"strings"
	"testing"

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
	if len(found.Hits) != 1 || found.Hits[0].Agreement != id || found.Hits[0].Kind != protocol.FoundAgreed {
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
