package server_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/descope/virtualwebauthn"

	"astara/meeting"
	"astara/protocol"
	"astara/record"
)

// signed makes a passkey for a seat if the node asks for one, and signs what it is given to sign.
func (k *key) signed(t *testing.T, b *browser, seat string) protocol.SignMinutes {
	t.Helper()
	var begun protocol.SigningBegun
	b.must("POST", seat+"/signature/begin", protocol.BeginSigning{}, &begun)
	if begun.Create != nil {
		o, err := virtualwebauthn.ParseAttestationOptions(jsonOf(t, begun.Create.Options))
		if err != nil {
			t.Fatal(err)
		}
		k.device.Options.UserHandle = []byte(o.UserID)
		answer := protocol.PasskeyResponse{Ceremony: begun.Create.Ceremony,
			Response: json.RawMessage(virtualwebauthn.CreateAttestationResponse(k.party, k.device, k.credential, *o))}
		begun = protocol.SigningBegun{}
		b.must("POST", seat+"/signature/key", answer, &begun)
	}
	o, err := virtualwebauthn.ParseAssertionOptions(jsonOf(t, begun.Sign.Options))
	if err != nil {
		t.Fatal(err)
	}
	return protocol.SignMinutes{Text: begun.Text, Response: json.RawMessage(virtualwebauthn.CreateAssertionResponse(k.party, k.device, k.credential, *o))}
}

// written is a consultation whose minutes are one paragraph that both sides agreed to, with each side's head at their seat.
func written(t *testing.T, n *node) (at string, desks, heads [2]*browser, seats [2]string) {
	t.Helper()
	desks = [2]*browser{n.secretary(t, "ir"), n.secretary(t, "az")}
	at = desks[0].call()
	var d protocol.ConsultationDesk
	desks[1].must("GET", at, nil, &d)
	for i, desk := range desks {
		head := desk.invite(at, []string{"first head", "second head"}[i], meeting.Head)
		heads[i] = n.browser(t)
		seats[i] = heads[i].openLink(desk.issue(at, head), false)
		desk.command(at, meeting.AdmitMembers{Members: []meeting.MemberID{head}})
	}
	d = desks[0].command(at, meeting.WriteParagraph{Text: meeting.Words{"fa": "پهنای خط", "az": "Yolun eni"}, Item: "one"})
	p := d.Consultation.Minutes.Paragraphs[0]
	for _, desk := range desks {
		desk.command(at, meeting.CommitParagraph{Paragraph: p.ID, Version: 1, Round: 1, Text: p.Hash})
	}
	return at, desks, heads, seats
}

func TestBothChairsSignTheMinutes(t *testing.T) {
	n := newNode(t)
	at, desks, heads, seats := written(t, n)
	keys := [2]*key{newKey(n), newKey(n)}

	first := keys[0].signed(t, heads[0], seats[0])
	heads[1].refused("POST", seats[1]+"/signature", first, 422, string(meeting.SignatureWrong)) // another person's
	other := first
	other.Text = meeting.TextHash(strings.Repeat("A", 43) + "=")
	heads[0].refused("POST", seats[0]+"/signature", other, 422, string(meeting.SignatureWrong))
	evil := *keys[0]
	evil.party.Origin = "https://astara.example"
	heads[0].refused("POST", seats[0]+"/signature", evil.signed(t, heads[0], seats[0]), 422, string(meeting.SignatureWrong))
	heads[0].refused("POST", seats[0]+"/signature", protocol.SignMinutes{Text: first.Text, Response: "?"}, 403, protocol.PasskeyWrong)
	heads[0].must("POST", seats[0]+"/signature", first, nil)
	heads[0].refused("POST", seats[0]+"/signature", first, 422, string(meeting.AlreadySigned))
	desks[1].refused("POST", at+"/commands", protocol.DeskCommand{Type: "paragraph.write", Body: meeting.WriteParagraph{Text: meeting.Words{"az": "x"}}}, 409, string(meeting.MinutesStand))

	desks[1].command(at, meeting.ReopenMinutes{})
	heads[0].must("POST", seats[0]+"/signature", keys[0].signed(t, heads[0], seats[0]), nil) // with the key from before
	heads[1].must("POST", seats[1]+"/signature", keys[1].signed(t, heads[1], seats[1]), nil)
	desks[1].refused("POST", at+"/commands", protocol.DeskCommand{Type: "minutes.reopen", Body: meeting.ReopenMinutes{}}, 409, string(meeting.MinutesClosed))

	id := meeting.ConsultationID(at[strings.LastIndex(at, "/")+1:])
	x, err := n.store.Export(t.Context(), id, func(uint64) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	b, err := x.Pack()
	if err != nil {
		t.Fatal(err)
	}
	v, err := record.Verify(b)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Minutes) != 3 || v.Minutes[0].Stands || !v.Minutes[1].Stands || !v.Minutes[2].Stands || v.Minutes[2].Text != first.Text || v.Minutes[2].Origin != n.url {
		t.Errorf("got signatures %+v, want one that was opened again and two that stand", v.Minutes)
	}
}

func TestCopiesOfTheMinutes(t *testing.T) {
	n := newNode(t)
	at, desks, heads, seats := written(t, n)
	for name, c := range map[string]struct {
		b    *browser
		path string
		kind string
	}{
		"a secretary's document": {desks[0], at + "/minutes/minutes.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		"a secretary's page":     {desks[1], at + "/minutes/minutes.html", "text/html; charset=utf-8"},
		"a head's page":          {heads[1], seats[1] + "/minutes/minutes.html", "text/html; charset=utf-8"},
	} {
		a, body := c.b.send("GET", c.path, nil)
		if a.StatusCode != 200 || a.Header.Get("Content-Type") != c.kind || len(body) == 0 {
			t.Errorf("%s: got %s %s, want 200 %s", name, a.Status, a.Header.Get("Content-Type"), c.kind)
		}
		if strings.HasPrefix(c.kind, "text/html") && !strings.HasPrefix(a.Header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: got the policy %q", name, a.Header.Get("Content-Security-Policy"))
		}
	}
	desks[0].refused("GET", at+"/minutes/minutes.exe", nil, 404, protocol.NotFound)
	n.browser(t).refused("GET", at+"/minutes/minutes.docx", nil, 401, protocol.NotSignedIn)
	n.browser(t).refused("GET", seats[0]+"/minutes/minutes.html", nil, 401, protocol.NotSignedIn)
	desks[0].refused("POST", at+"/commands", `{"type":"paragraph.write","body":{"base":0,"text":{"fa":"`+strings.Repeat("x", 10<<20)+`"}}}`, 413, protocol.TooLarge)

	var d protocol.ConsultationDesk
	desks[0].must("GET", at+"/changes?seen=0", nil, &d)
	if a, _ := desks[0].send("GET", at+"/changes?seen="+jsonOf(t, d.Consultation.Seq), nil); a.StatusCode != 204 {
		t.Errorf("nothing has changed: got %s, want 204", a.Status)
	}
}
