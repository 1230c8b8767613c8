package server_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"astara/auth"
	"astara/meeting"
	"astara/protocol"
)

func TestSignInLinkWorksOnce(t *testing.T) {
	n := newNode(t)
	b := n.browser(t)
	b.refused("GET", "/api/desk", nil, 401, protocol.NotSignedIn)
	token := n.signInToken(t, "ir")
	b.must("POST", "/api/sign-in", protocol.SignIn{Token: token}, nil)
	n.browser(t).refused("POST", "/api/sign-in", protocol.SignIn{Token: token}, 410, protocol.LinkUsed)
	b.refused("POST", "/api/sign-in", protocol.SignIn{Token: "x" + token[1:]}, 403, protocol.LinkForged)

	var d protocol.Desk
	b.must("GET", "/api/desk", nil, &d)
	if d.Me.ID != "ir/secretary" || d.Me.Language != "fa" || len(d.Parties) != 3 || d.Parties[0].ID != "ir" || d.Consultations == nil || d.Passkeys == nil {
		t.Errorf("desk: got %+v", d)
	}
	b.must("DELETE", "/api/desk/session", nil, nil)
	b.refused("GET", "/api/desk", nil, 401, protocol.NotSignedIn)

	late := n.signInToken(t, "ir")
	n.clock.pass(24 * time.Hour)
	if args := b.refused("POST", "/api/sign-in", protocol.SignIn{Token: late}, 410, protocol.LinkExpired); args["at"] != "2026-03-21T09:00:00Z" {
		t.Errorf("expired at: got %v", args["at"])
	}
}

func TestDeskIsProlongedByUse(t *testing.T) {
	n := newNode(t)
	b := n.secretary(t, "ir")
	a, _ := b.send("GET", "/api/desk", nil)
	if c := a.Cookies(); len(c) != 0 {
		t.Errorf("at once: got cookies %v, want none", c)
	}
	n.clock.pass(11 * time.Hour)
	a, _ = b.send("GET", "/api/desk", nil)
	if c := a.Cookies(); len(c) != 1 || c[0].Name != "astara_desk" || c[0].MaxAge != 12*3600 {
		t.Errorf("after 11 h: got cookies %v, want 12 h more", c)
	}
	n.clock.pass(12 * time.Hour)
	b.refused("GET", "/api/desk", nil, 401, protocol.NotSignedIn)
}

// key is an authenticator and what it knows of this node.
type key struct {
	party      virtualwebauthn.RelyingParty
	device     virtualwebauthn.Authenticator
	credential virtualwebauthn.Credential
}

func newKey(n *node) *key {
	return &key{virtualwebauthn.RelyingParty{Name: "Astara", ID: "localhost", Origin: n.url}, virtualwebauthn.NewAuthenticator(),
		virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
}

func (k *key) register(t *testing.T, b *browser) protocol.PasskeyResponse {
	t.Helper()
	var c protocol.PasskeyChallenge
	b.must("POST", "/api/desk/passkeys/begin", struct{}{}, &c)
	o, err := virtualwebauthn.ParseAttestationOptions(jsonOf(t, c.Options))
	if err != nil {
		t.Fatal(err)
	}
	k.device.Options.UserHandle = []byte(o.UserID)
	return protocol.PasskeyResponse{Ceremony: c.Ceremony,
		Response: json.RawMessage(virtualwebauthn.CreateAttestationResponse(k.party, k.device, k.credential, *o))}
}

func (k *key) signIn(t *testing.T, b *browser) protocol.PasskeyResponse {
	t.Helper()
	var c protocol.PasskeyChallenge
	b.must("POST", "/api/passkeys/begin", struct{}{}, &c)
	o, err := virtualwebauthn.ParseAssertionOptions(jsonOf(t, c.Options))
	if err != nil {
		t.Fatal(err)
	}
	if len(o.AllowCredentials) != 0 {
		t.Errorf("the challenge names %v: whoever asks would learn who has a passkey", o.AllowCredentials)
	}
	return protocol.PasskeyResponse{Ceremony: c.Ceremony,
		Response: json.RawMessage(virtualwebauthn.CreateAssertionResponse(k.party, k.device, k.credential, *o))}
}

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPasskey(t *testing.T) {
	n := newNode(t)
	b, k := n.secretary(t, "ir"), newKey(n)
	answer := k.register(t, b)
	n.secretary(t, "az").refused("POST", "/api/desk/passkeys/finish", answer, 403, protocol.PasskeyWrong) // of another person
	b.must("POST", "/api/desk/passkeys/finish", answer, nil)
	b.refused("POST", "/api/desk/passkeys/finish", answer, 403, protocol.PasskeyWrong) // twice
	var d protocol.Desk
	b.must("GET", "/api/desk", nil, &d)
	if len(d.Passkeys) != 1 || d.Passkeys[0].Added == "" || d.Passkeys[0].LastUse != "" {
		t.Fatalf("passkeys: got %v", d.Passkeys)
	}

	again := n.browser(t)
	answer = k.signIn(t, again)
	again.must("POST", "/api/passkeys/finish", answer, nil)
	again.must("GET", "/api/desk", nil, &d)
	if d.Me.ID != "ir/secretary" || d.Passkeys[0].LastUse == "" {
		t.Errorf("desk: got %+v", d)
	}
	other := n.browser(t)
	other.refused("POST", "/api/passkeys/finish", answer, 403, protocol.PasskeyWrong) // heard on the way and sent again
	answer = k.signIn(t, other)
	n.clock.pass(5 * time.Minute)
	other.refused("POST", "/api/passkeys/finish", answer, 403, protocol.PasskeyWrong) // too late
	stranger := newKey(n)
	stranger.device.Options.UserHandle = k.device.Options.UserHandle
	other.refused("POST", "/api/passkeys/finish", stranger.signIn(t, other), 403, protocol.PasskeyWrong)
	phished := *k
	phished.party.Origin = "http://localhost.example"
	other.refused("POST", "/api/passkeys/finish", phished.signIn(t, other), 403, protocol.PasskeyWrong)
	other.refused("POST", "/api/passkeys/finish", protocol.PasskeyResponse{Ceremony: answer.Ceremony, Response: []int{1}}, 403, protocol.PasskeyWrong)
	other.refused("GET", "/api/desk", nil, 401, protocol.NotSignedIn)

	n.secretary(t, "az").refused("DELETE", "/api/desk/passkeys/"+d.Passkeys[0].ID, nil, 404, protocol.NotFound)
	b.must("DELETE", "/api/desk/passkeys/"+d.Passkeys[0].ID, nil, nil)
	other.refused("POST", "/api/passkeys/finish", k.signIn(t, other), 403, protocol.PasskeyWrong)
}

func TestConsultationAtTheDesk(t *testing.T) {
	n := newNode(t)
	ir, az := n.secretary(t, "ir"), n.secretary(t, "az")
	at := ir.call()
	head := ir.invite(at, "دکتر نمونه", meeting.Head)

	var d protocol.Desk
	az.must("GET", "/api/desk", nil, &d)
	if len(d.Consultations) != 1 || d.Consultations[0].Agreed["ir"] != 1 || d.Consultations[0].Version != 1 || d.Consultations[0].StartsAt != "2026-03-21T09:00:00Z" {
		t.Fatalf("the other side's list: got %+v", d.Consultations)
	}
	var c protocol.ConsultationDesk
	az.must("GET", at, nil, &c)
	if c.You != "az/secretary" || len(c.Consultation.Members) != 2 { // the two secretaries: nobody else was admitted
		t.Errorf("the other side sees %v", c.Consultation.Members)
	}
	if c = az.command(at, meeting.AgreeConsultation{Version: 1}); c.Consultation.Agreed["az"] != 1 {
		t.Errorf("agreed: got %v", c.Consultation.Agreed)
	}

	token := ir.issue(at, head)
	ir.must("GET", at, nil, &c)
	if l := c.Links[head]; l.Issued == "" || l.Expires != "2026-04-04T09:00:00Z" || l.Opened != "" || l.Revoked {
		t.Errorf("issued: got %+v", l)
	}
	n.browser(t).openLink(token, false)
	ir.must("GET", at, nil, &c)
	if l := c.Links[head]; l.Opened != "2026-03-20T09:00:00Z" {
		t.Errorf("opened: got %+v", l)
	}
	ir.command(at, meeting.WithdrawMember{Member: head})
	n.browser(t).refused("POST", "/api/links", protocol.OpenLink{Token: token}, 410, protocol.LinkRevoked)

	ir.command(at, meeting.CancelConsultation{})
	ir.refused("POST", linkOf(at, "ir/secretary"), nil, 409, string(meeting.IsCancelled))
	az.must("GET", "/api/desk", nil, &d)
	if !d.Consultations[0].Cancelled {
		t.Error("the other side's list does not say that it was cancelled")
	}
}

func TestASecretaryCannotTouchTheOtherSide(t *testing.T) {
	n := newNode(t)
	ir, az, third := n.secretary(t, "ir"), n.secretary(t, "az"), n.secretary(t, "third")
	at := ir.call()
	head := ir.invite(at, "Head", meeting.Head)
	token := ir.issue(at, head)
	az.must("GET", at, nil, nil)
	for _, c := range []meeting.Command{
		meeting.WithdrawMember{Member: head},
		meeting.AdmitMembers{Members: []meeting.MemberID{head}},
		meeting.RefuseMember{Member: head},
		meeting.RemoveMember{Member: "ir/secretary"},
	} {
		az.refused("POST", at+"/commands", protocol.DeskCommand{Type: c.Type(), Body: c}, 403, string(meeting.NotYourSide))
	}
	person := string(head.Person())
	az.refused("POST", at+"/commands", protocol.DeskCommand{Type: "member.change", Body: meeting.ChangeMember{Person: meeting.Person{ID: head.Person(), Name: "X", Role: meeting.Head, Language: "az"}}},
		404, string(meeting.UnknownMember))
	for _, path := range []string{person, "ir%2F" + person, "..%2F..%2Fir%2F" + person, "secretary%2F..%2F.."} {
		for _, method := range []string{"POST", "DELETE"} {
			az.refused(method, at+"/people/"+path+"/link", nil, 404, string(meeting.UnknownMember))
		}
		az.refused("GET", at+"/people/"+path+"/invitation.ics", nil, 404, string(meeting.UnknownMember))
	}
	n.browser(t).openLink(token, false) // still good

	third.refused("GET", at, nil, 404, protocol.NotFound) // not even that it exists
	third.refused("POST", at+"/enter", nil, 404, protocol.NotFound)
	third.refused("POST", at+"/commands", protocol.DeskCommand{Type: "consultation.cancel", Body: struct{}{}}, 404, protocol.NotFound)
	third.refused("POST", linkOf(at, "third/secretary"), nil, 404, protocol.NotFound)
	third.refused("GET", "/api/desk/consultations/nowhere", nil, 404, protocol.NotFound)
	var d protocol.Desk
	third.must("GET", "/api/desk", nil, &d)
	if len(d.Consultations) != 0 {
		t.Errorf("the third side's list: got %v, want none", d.Consultations)
	}
	joint := n.jointFacts(t)
	third.refused("POST", "/api/desk/consultations", protocol.Call{Joint: joint}, 422, string(meeting.UnknownParty)) // without themselves
}

func TestCallIsChecked(t *testing.T) {
	n := newNode(t)
	ir := n.secretary(t, "ir")
	for code, change := range map[meeting.RefusalCode]func(*meeting.Joint){
		meeting.ZoneWrong:    func(j *meeting.Joint) { j.Parties[1].Zone = "Asia/Nowhere" },
		meeting.UnknownParty: func(j *meeting.Joint) { j.Parties[1].ID = "unheard-of" },
		meeting.PartiesWrong: func(j *meeting.Joint) { j.Parties = j.Parties[:1] },
		meeting.TitleMissing: func(j *meeting.Joint) { delete(j.Title, "az") },
	} {
		j := n.jointFacts(t)
		change(&j)
		ir.refused("POST", "/api/desk/consultations", protocol.Call{Joint: j}, 422, string(code))
	}
	at := ir.call()
	j := n.jointFacts(t)
	j.Parties[0].Zone = "Local"
	ir.refused("POST", at+"/commands", protocol.DeskCommand{Type: "consultation.change", Body: meeting.ChangeConsultation{Joint: j, Version: 1}}, 422, string(meeting.ZoneWrong))
	j = n.jointFacts(t)
	ir.refused("POST", at+"/commands", protocol.DeskCommand{Type: "consultation.change", Body: meeting.ChangeConsultation{Joint: j, Version: 7}}, 409, string(meeting.VersionPassed))
}

func TestSecretaryEntersFromTheDesk(t *testing.T) {
	n := newNode(t)
	ir := n.secretary(t, "ir")
	at := ir.call()
	var o protocol.LinkOpened
	ir.must("POST", at+"/enter", nil, &o)
	var s protocol.SeatInfo
	ir.must("GET", "/api/seats/"+o.Seat, nil, &s)
	if s.You != "ir/secretary" {
		t.Errorf("got %s", s.You)
	}
	elsewhere := n.secretary(t, "ir") // the same person on another machine
	elsewhere.must("POST", at+"/enter", nil, &o)
	elsewhere.must("GET", "/api/seats/"+o.Seat, nil, &s)
	ir.refused("GET", "/api/seats/"+o.Seat, nil, 409, protocol.LinkElsewhere)
}

func TestRefusalsOfAuthAreKnownToTheClient(t *testing.T) {
	for _, c := range auth.RefusalCodes() {
		if !slices.Contains(protocol.DoorCodes(), string(c)) {
			t.Errorf("%s is not among protocol.DoorCodes", c)
		}
	}
}

func TestCookies(t *testing.T) {
	n := newNode(t)
	check := func(t *testing.T, a *http.Response, secure bool, want map[string]string) {
		t.Helper()
		for _, c := range a.Cookies() {
			path, ok := want[c.Name]
			if !ok || c.Path != path || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Secure != secure || c.MaxAge <= 0 || c.Domain != "" {
				t.Errorf("cookie: got %s", c.Raw)
			}
			delete(want, c.Name)
		}
		for name := range want {
			t.Errorf("no cookie %s in %v", name, a.Header)
		}
	}
	ir := n.secretary(t, "ir")
	a, _ := n.browser(t).send("POST", "/api/sign-in", protocol.SignIn{Token: n.signInToken(t, "ir")})
	check(t, a, false, map[string]string{"astara_desk": "/api/desk"})
	at := ir.call()
	token := ir.issue(at, "ir/secretary")
	a, body := n.browser(t).send("POST", "/api/links", protocol.OpenLink{Token: token})
	var o protocol.LinkOpened
	if err := json.Unmarshal(body, &o); err != nil {
		t.Fatal(err)
	}
	check(t, a, false, map[string]string{"astara_seat": "/api/seats/" + o.Seat, "astara_link_" + o.Seat: "/api/links"})

	public := newNodeAt(t, "https://astara.example")
	r, err := http.NewRequestWithContext(t.Context(), "POST", public.url+"/api/sign-in", strings.NewReader(jsonOf(t, protocol.SignIn{Token: public.signInToken(t, "ir")})))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", "https://astara.example")
	a, _ = public.browser(t).do(r)
	check(t, a, true, map[string]string{"astara_desk": "/api/desk"})
	if h := a.Header.Get("Strict-Transport-Security"); h == "" {
		t.Error("no Strict-Transport-Security off localhost")
	}
}

func TestSearchAtTheDesk(t *testing.T) {
	n := newNode(t)
	ir, az, third := n.secretary(t, "ir"), n.secretary(t, "az"), n.secretary(t, "third")
	at := ir.call()
	var c protocol.ConsultationDesk
	ir.must("GET", at, nil, &c)
	j := c.Consultation.Joint
	j.Title = meeting.Words{"fa": "راه‌آهن رشت–آستارا", "az": "Rəşt–Astara dəmir yolu", "en": "Railway"}
	ir.command(at, meeting.ChangeConsultation{Joint: j, Version: 1})

	var got protocol.Found
	az.must("POST", "/api/desk/search", protocol.Search{Words: "ДӘМИР йолу"}, &got)
	want := protocol.Found{Hits: []protocol.FoundPassage{{Consultation: c.Consultation.ID, Title: j.Title, StartsAt: "2026-03-21T09:00:00Z", Kind: protocol.FoundTitle,
		Party: "ir", At: "2026-03-20T09:00:00Z", Language: "az", Passage: []protocol.FoundPiece{{Text: "Rəşt–Astara "}, {Text: "dəmir yolu", Hit: true}}}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, words := range []string{"", "nowhere", `") OR keys : ("a`} {
		got = protocol.Found{}
		if az.must("POST", "/api/desk/search", protocol.Search{Words: words}, &got); len(got.Hits) != 0 || got.More {
			t.Errorf("%q: got %+v, want nothing", words, got)
		}
	}
	if third.must("POST", "/api/desk/search", protocol.Search{Words: "railway"}, &got); len(got.Hits) != 0 {
		t.Errorf("a party that does not take part: got %+v", got)
	}
	az.refused("POST", "/api/desk/search", protocol.Search{Words: strings.Repeat("ə", protocol.MaxSearch+1)}, 422, string(meeting.TooLong))
	n.browser(t).refused("POST", "/api/desk/search", protocol.Search{Words: "railway"}, 401, protocol.NotSignedIn)
}
