package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"astara/meeting"
	"astara/protocol"
)

// term gives a command about terms.
func (b *browser) term(at string, c meeting.Command) protocol.Glossary {
	b.t.Helper()
	var out protocol.Glossary
	b.must("POST", at+"/terms", protocol.DeskCommand{Type: c.Type(), Body: c}, &out)
	return out
}

func gauge() meeting.TermFacts {
	return meeting.TermFacts{Names: meeting.Names{"fa": {"پهنای خط"}, "az": {"koleya", "yolun eni"}, "ru": {"колея"}}, Area: "transport", Note: "1520 mm"}
}

func TestTheGlossaryAtTheDesks(t *testing.T) {
	n := newNode(t)
	ir, az := n.secretary(t, "ir"), n.secretary(t, "az")
	at := ir.call()
	reads := func(b *browser) protocol.Glossary {
		t.Helper()
		var out protocol.Glossary
		b.must("GET", "/api/desk/terms", nil, &out)
		return out
	}
	own := ir.term(at, meeting.WriteTerm{ID: "chosen-here", To: meeting.ToParty("ir"), Facts: gauge()})
	one := own.List[0]
	if one.Term.ID == "chosen-here" || one.State != protocol.TermOwn || own.Own != "ir" || one.Term.Facts.Names["az"][1] != "yolun eni" {
		t.Errorf("got %+v", own)
	}
	if got := reads(az); len(got.List) != 0 {
		t.Errorf("the other side reads %+v", got.List)
	}
	az.refused("POST", at+"/terms", protocol.DeskCommand{Type: "terms.agree", Body: meeting.AgreeTerms{Terms: []meeting.SeenTerm{{ID: one.Term.ID, Version: 1}}}}, 422, string(meeting.UnknownTerm))
	if got := ir.term(at, meeting.WriteTerm{ID: one.Term.ID, Base: 1, To: meeting.All, Facts: gauge()}); got.List[0].State != protocol.TermProposed {
		t.Errorf("got %+v", got)
	}
	if got := az.term(at, meeting.AgreeTerms{Terms: []meeting.SeenTerm{{ID: one.Term.ID, Version: 2}}}); got.List[0].State != protocol.TermAgreed {
		t.Errorf("got %+v", got)
	}
	ir.refused("POST", at+"/terms", protocol.DeskCommand{Type: "term.withdraw", Body: meeting.WithdrawTerm{ID: one.Term.ID}}, 422, string(meeting.AlreadyInEffect))
	ir.refused("POST", at+"/terms", protocol.DeskCommand{Type: "term.note", Body: meeting.NoteTerm{Facts: gauge()}}, 400, string(meeting.CommandUnknown))
	third := n.secretary(t, "third")
	if got := reads(third); len(got.List) != 0 {
		t.Errorf("another party reads %+v", got.List)
	}
	third.refused("POST", at+"/terms", protocol.DeskCommand{Type: "term.withdraw", Body: meeting.WithdrawTerm{ID: one.Term.ID}}, 404, protocol.NotFound)
	n.browser(t).refused("GET", "/api/desk/terms", nil, 401, protocol.NotSignedIn)

	// It joins a search.
	ir.term(at, meeting.WriteTerm{To: meeting.All, Facts: meeting.TermFacts{Names: meeting.Names{"fa": {"راه‌آهن"}, "en": {"railway"}}}})
	var found protocol.Found
	az.must("POST", "/api/desk/search", protocol.Search{Words: "Railway"}, &found)
	if len(found.Hits) != 1 || !found.Hits[0].Joined || len(found.Joined) != 1 || found.Joined[0].Typed != "Railway" || found.Joined[0].Names[0] != "راه‌آهن" {
		t.Fatalf("got %+v", found)
	}
	marked := ""
	for _, p := range found.Hits[0].Passage {
		if p.Hit {
			marked += p.Text
		}
	}
	if marked != "راه‌آهن" {
		t.Errorf("marked: got %q", marked)
	}
}

func TestFilesOfTerms(t *testing.T) {
	n := newNode(t)
	ir, az := n.secretary(t, "ir"), n.secretary(t, "az")
	at := ir.call()
	ir.term(at, meeting.WriteTerm{To: meeting.All, Facts: gauge()})
	file := func(name string) string {
		t.Helper()
		a, body := az.send("GET", "/api/desk/terms/"+name, nil)
		if a.StatusCode != 200 {
			t.Fatalf("%s: got %s", name, a.Status)
		}
		return string(body)
	}
	if table := file("terms.csv"); !strings.HasPrefix(table, "\ufeffid,area,note,source,state,side,fa,az,ru\r\n") || !strings.Contains(table, "koleya | yolun eni") {
		t.Errorf("got %s", table)
	}
	sheet := file("sheet.html?languages=az,fa&words=az&area=transport")
	for _, want := range []string{"<h1>Terminlər lüğəti · Nəqliyyat</h1>", `<td lang="fa" dir="rtl"><span class="name">پهنای خط</span>`, "1520 mm"} {
		if !strings.Contains(sheet, want) {
			t.Errorf("the sheet lacks %s: %s", want, sheet)
		}
	}
	if strings.Contains(sheet, "колея") || strings.Contains(file("sheet.html?area=%3Cscript%3E&words=fa"), "<script>") {
		t.Errorf("got %s", sheet)
	}
	az.refused("GET", "/api/desk/terms/other", nil, 404, protocol.NotFound)

	bring := func(format, text string, apply bool) protocol.ImportedGlossary {
		t.Helper()
		var out protocol.ImportedGlossary
		az.must("POST", at+"/terms/import", protocol.ImportGlossary{Format: format, Text: text, Apply: apply}, &out)
		return out
	}
	for format, text := range map[string]string{"csv": file("terms.csv"), "tbx": file("terms.tbx")} {
		if got := bring(format, text, true); got.Same != 1 || got.New+got.Changed+len(got.Refused) != 0 {
			t.Errorf("%s of what is here: got %+v", format, got)
		}
	}
	text := "fa;az;note\nمرز;sərhəd;\n=1+1;x;\n;;x\nگمرک;gömrük;\n"
	would := bring("csv", text, false)
	if would.New != 2 || len(would.Refused) != 2 || would.Refused[0].Row != 3 || would.Refused[0].Why.Code != protocol.FileFormula || would.Refused[1].Why.Code != string(meeting.NameEmpty) {
		t.Errorf("got %+v", would)
	}
	var all protocol.Glossary
	if az.must("GET", "/api/desk/terms", nil, &all); len(all.List) != 1 {
		t.Errorf("what was only counted is there: %+v", all.List)
	}
	bring("csv", text, true)
	if az.must("GET", "/api/desk/terms", nil, &all); len(all.List) != 3 || all.List[2].State != protocol.TermOwn {
		t.Errorf("got %+v", all.List)
	}
	refused := func(text, code string, status int) map[string]any {
		t.Helper()
		return az.refused("POST", at+"/terms/import", protocol.ImportGlossary{Format: "csv", Text: text}, status, code)
	}
	if args := refused("fa,price (€)\nx,y\n", protocol.FileColumn, 422); args["column"] != "price (€)" {
		t.Errorf("got %v", args)
	}
	refused("note\nx\n", protocol.FileUnreadable, 422)
	refused("fa\n"+strings.Repeat("a", 5<<20), protocol.TooLarge, 413)
	refused("fa\n"+strings.Repeat("a", 10<<20), protocol.TooLarge, 413)
	az.refused("POST", at+"/terms/import", protocol.ImportGlossary{Format: "xls", Text: "x"}, 400, protocol.BadRequest)
	if got := bring("csv", "fa\n"+strings.Repeat("ا", 1<<20)+"\nبندر\n", false); got.New != 1 || got.Refused[0].Why.Code != protocol.FileLong {
		t.Errorf("got %+v", got)
	}
}

// An interpreter notes a term, and a colleague in the booth reads it at once, of whichever side.
func TestATermNotedInABooth(t *testing.T) {
	x := newTable(t)
	sit := func(b *browser, name string, r meeting.Role, l meeting.Language) (*browser, string, *websocket.Conn) {
		t.Helper()
		id := b.invite(x.at, name, r)
		if l != "" {
			b.command(x.at, meeting.AssignInterpreter{Member: id, Booth: l})
		}
		b.command(x.at, meeting.AdmitMembers{Members: []meeting.MemberID{id}})
		own := x.browser(t)
		seat := own.openLink(b.issue(x.at, id), false)
		ws, _, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(x.url, "http")+seat+"/socket", &websocket.DialOptions{HTTPClient: own.http, HTTPHeader: http.Header{"Origin": {x.url}}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ws.CloseNow() })
		ws.SetReadLimit(-1)
		write(t, ws, `{"type":"hello","body":{"version":1}}`)
		return own, seat, ws
	}
	hears := func(ws *websocket.Conn, kind string) {
		t.Helper()
		for {
			if m := read(t, ws); m.Type == kind {
				return
			} else if m.Type == "closed" || m.Type == "refused" {
				t.Fatalf("got %s %s, want %s", m.Type, m.Body, kind)
			}
		}
	}
	_, _, one := sit(x.az, "One of az", meeting.Interpreter, "az")
	mate, mateSeat, mateSocket := sit(x.ir, "Mate of ir", meeting.Interpreter, "az")
	other, otherSeat, _ := sit(x.ir, "Other booth", meeting.Interpreter, "fa")
	observer, observerSeat, _ := sit(x.az, "Observer", meeting.Observer, "")

	write(t, one, `{"type":"enter","id":1}`)
	hears(one, "done")
	write(t, one, `{"type":"term.note","id":2,"body":{"facts":{"names":{"az":["koleya"],"fa":["پهنای خط"]}}}}`)
	hears(one, "terms")
	hears(mateSocket, "terms")
	reads := func(b *browser, seat string) []protocol.GlossaryLine {
		t.Helper()
		var out protocol.TermSheet
		b.must("GET", seat+"/terms", nil, &out)
		return out.List
	}
	got := reads(mate, mateSeat)
	if len(got) != 1 || got[0].Term.Booth != "az" || got[0].State != protocol.TermOwn {
		t.Fatalf("the colleague reads %+v", got)
	}
	if got := reads(other, otherSeat); len(got) != 0 {
		t.Errorf("another booth reads %+v", got)
	}
	var desk protocol.Glossary
	if x.ir.must("GET", "/api/desk/terms", nil, &desk); len(desk.List) != 0 {
		t.Errorf("the other side's desk reads %+v", desk.List)
	}
	if x.az.must("GET", "/api/desk/terms", nil, &desk); len(desk.List) != 1 {
		t.Fatalf("the own desk reads %+v", desk.List)
	}
	observer.refused("GET", observerSeat+"/terms", nil, 403, string(meeting.NotYourRole))
	x.browser(t).refused("GET", mateSeat+"/terms", nil, 401, protocol.NotSignedIn)

	// The secretary proposes it to all: the other booth hears of it too.
	x.az.term(x.at, meeting.WriteTerm{ID: got[0].Term.ID, Base: 1, To: meeting.All, Facts: gauge()})
	hears(mateSocket, "terms")
	if got := reads(other, otherSeat); len(got) != 1 || got[0].State != protocol.TermProposed {
		t.Errorf("another booth reads %+v", got)
	}
	for _, name := range []string{"sheet.html?languages=az,fa", "sheet.csv"} {
		if a, body := mate.send("GET", mateSeat+"/terms/"+name, nil); a.StatusCode != 200 || !strings.Contains(string(body), "koleya") {
			t.Errorf("%s: got %s %s", name, a.Status, body)
		}
	}
}
