package server_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/protocol"
	"astara/record"
)

func newKeyBy(x protocol.PasskeyResponse, reason string) protocol.NewKey {
	return protocol.NewKey{Reason: reason, Ceremony: x.Ceremony, Response: x.Response}
}

// TestASecretaryReplacesTheKeyOfHerSide: with a passkey of hers at that moment, and with nobody else's; all sides see it, and the record goes on.
func TestASecretaryReplacesTheKeyOfHerSide(t *testing.T) {
	n := newNode(t)
	ir, az := n.secretary(t, "ir"), n.secretary(t, "az")
	at := ir.call()
	var before protocol.ConsultationDesk
	az.must("GET", at, nil, &before)
	mine, theirs := newKey(n), newKey(n)
	ir.must("POST", "/api/desk/passkeys/finish", mine.register(t, ir), nil)
	az.must("POST", "/api/desk/passkeys/finish", theirs.register(t, az), nil)
	n.clock.pass(auth.FreshDesk + time.Minute) // whoever finds the browser open now makes no passkey to confirm with
	ir.refused("POST", "/api/desk/passkeys/begin", struct{}{}, 403, protocol.SignInStale)

	ir.refused("POST", "/api/desk/key", newKeyBy(mine.signIn(t, ir), " "), 422, string(meeting.TextEmpty))
	ir.refused("POST", "/api/desk/key", protocol.NewKey{Reason: "x"}, 403, protocol.PasskeyWrong)
	ir.refused("POST", "/api/desk/key", newKeyBy(theirs.signIn(t, ir), "x"), 403, protocol.PasskeyWrong)
	n.browser(t).refused("POST", "/api/desk/key", protocol.NewKey{Reason: "x"}, 401, protocol.NotSignedIn)
	answer := newKeyBy(mine.signIn(t, ir), "یک رایانه گم شد")
	var now protocol.KeyNow
	ir.must("POST", "/api/desk/key", answer, &now)
	ir.refused("POST", "/api/desk/key", answer, 403, protocol.PasskeyWrong) // heard on the way and sent again

	ir.command(at, meeting.InviteMember{Person: meeting.Person{ID: "x", Name: "x", Role: meeting.Adviser, Language: "fa"}})
	var d protocol.ConsultationDesk
	az.must("GET", at, nil, &d)
	if r := d.Record.Replaced; len(r) != 1 || r[0].Party != "ir" || r[0].Reason != answer.Reason || r[0].Lost || r[0].Old != before.Record.Keys["ir"] || r[0].New != now.Public || d.Record.Keys["ir"] != now.Public {
		t.Errorf("got %+v, want the change of %s to %s", d.Record, before.Record.Keys["ir"], now.Public)
	}
	_, b := az.send("GET", at+"/record.zip", nil)
	if v, err := record.Verify(b); err != nil || len(v.Changes) != 1 || v.Changes[0].Old != before.Record.Keys["ir"] {
		t.Errorf("got %+v, %v, want a whole record that tells of it", v.Changes, err)
	}
}

// TestASideTakesACopyOfTheRecord: it is an export of its own, both sides see that it was taken, and what both have is delivered.
func TestASideTakesACopyOfTheRecord(t *testing.T) {
	n := newNode(t)
	ir, az := n.secretary(t, "ir"), n.secretary(t, "az")
	at := ir.call()
	var d protocol.ConsultationDesk
	az.must("GET", at, nil, &d)
	if d.Record.Entries == 0 || d.Record.Sealed != d.Record.Entries || d.Record.Delivered != 0 || len(d.Record.Copies) != 0 || len(d.Record.Keys) != 2 {
		t.Errorf("got %+v, want sealed, and in nobody's hands", d.Record)
	}
	ir.command(at, meeting.InviteMember{Person: meeting.Person{ID: "x", Name: "محرمانه", Role: meeting.Adviser, Language: "fa"}})
	for i, desk := range []*browser{ir, az} {
		answer, b := desk.send("GET", at+"/record.zip", nil)
		if answer.StatusCode != http.StatusOK || !strings.Contains(answer.Header.Get("Content-Disposition"), "attachment") {
			t.Fatalf("got %d, %s", answer.StatusCode, b)
		}
		v, err := record.Verify(b)
		if err != nil || v.State() == record.Local || len(v.Copies) != i+1 {
			t.Errorf("got %+v, %v, want a whole record that tells of %d copies", v, err, i+1)
		}
		if strings.Contains(string(b), "محرمانه") != (i == 0) {
			t.Errorf("the copy of side %d: what one side alone may know is in it, or is not: %v", i, i)
		}
		if _, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err != nil {
			t.Error(err)
		}
	}
	ir.must("GET", at, nil, &d)
	if len(d.Record.Copies) != 2 || d.Record.Delivered == 0 || d.Record.Delivered >= d.Record.Entries {
		t.Errorf("got %+v, want both copies, and all but the last entries delivered", d.Record)
	}
	stranger := n.browser(t)
	stranger.refused("GET", at+"/record.zip", nil, http.StatusUnauthorized, protocol.NotSignedIn)
}
