package auth_test

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/store"
	"astara/store/storetest"
)

// office is auth over a real store, and a clock that the test moves.
type office struct {
	*auth.Auth
	store *store.Store
	now   time.Time
	start time.Time // of consultation c1
}

func newOffice(t *testing.T, base string) *office {
	t.Helper()
	s, err := store.OpenAt(t.TempDir(), storetest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	o := &office{store: s, now: time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)}
	o.start = o.now.Add(48 * time.Hour)
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	o.Auth, err = auth.Open(t.Context(), auth.Config{BaseURL: u, Name: "Astara", Now: func() time.Time { return o.now }}, s.Keepers())
	if err != nil {
		t.Fatal(err)
	}
	a := meeting.Party{ID: "a", Names: meeting.Words{"fa": "A"}, Language: "fa", Zone: "Asia/Tehran", Calendar: meeting.SolarHijri}
	b := meeting.Party{ID: "b", Names: meeting.Words{"az": "B"}, Language: "az", Zone: "Asia/Baku", Calendar: meeting.Gregorian}
	m := meeting.New("c1")
	events, err := m.Decide("a/sara", meeting.CallConsultation{Joint: meeting.Joint{Title: meeting.Words{"fa": "T"}, Parties: []meeting.Party{a, b},
		StartsAt: o.start, Minutes: 60, Languages: []meeting.Language{"fa"}},
		Secretary: meeting.Person{ID: "sara", Name: "Sara", Role: meeting.Secretary, Language: "fa"}}, o.now)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.PutParty(t.Context(), a), s.Append(t.Context(), "c1", events), s.PutSecretary(t.Context(), auth.NewSecretary("a/sara", "Sara", "fa"))); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) link(t *testing.T, m meeting.MemberID) (token string, l auth.Link) {
	t.Helper()
	l, err := o.IssueLink(t.Context(), "c1", m, o.start)
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ = strings.Cut(l.URL, "#")
	return token, l
}

func (o *office) open(t *testing.T, token, held string, take bool) (auth.Opened, error) {
	t.Helper()
	i, err := o.ReadLink(t.Context(), token)
	if err != nil {
		return auth.Opened{}, err
	}
	return o.OpenSeat(t.Context(), i, held, take)
}

func code(err error) meeting.RefusalCode {
	var no *meeting.Refusal
	if errors.As(err, &no) {
		return no.Code
	}
	if err != nil {
		return meeting.RefusalCode("error: " + err.Error())
	}
	return ""
}

func wantCode(t *testing.T, what string, err error, want meeting.RefusalCode) {
	t.Helper()
	if got := code(err); got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestLinkLivesUntilFourteenDaysAfterTheStart(t *testing.T) {
	o := newOffice(t, "https://astara.example")
	token, l := o.link(t, "a/head")
	if !strings.HasPrefix(l.URL, "https://astara.example/join#") {
		t.Errorf("link: got %s", l.URL)
	}
	if want := o.start.Add(14 * 24 * time.Hour); !l.Expires.Equal(want) {
		t.Errorf("expires: got %v, want %v", l.Expires, want)
	}
	o.now = l.Expires.Add(-time.Second)
	if _, err := o.ReadLink(t.Context(), token); err != nil {
		t.Errorf("a second before: got %v, want it open", err)
	}
	o.now = l.Expires
	_, err := o.ReadLink(t.Context(), token)
	wantCode(t, "at its end", err, auth.LinkExpired)

	o.now = o.start.Add(60 * 24 * time.Hour) // a link for a consultation long past lives one day
	if _, l := o.link(t, "a/head"); !l.Expires.Equal(o.now.Add(24 * time.Hour)) {
		t.Errorf("late: got %v, want a day from now", l.Expires)
	}
}

func TestLinksThatAreRefused(t *testing.T) {
	o, other := newOffice(t, "https://astara.example"), newOffice(t, "https://astara.example")
	token, _ := o.link(t, "a/head")
	foreign, _ := other.link(t, "a/head")
	_, err := o.ReadLink(t.Context(), foreign)
	wantCode(t, "another node's", err, auth.LinkForged)
	_, err = o.ReadLink(t.Context(), token[:20])
	wantCode(t, "cut short", err, auth.LinkForged)

	again, _ := o.link(t, "a/head")
	_, err = o.ReadLink(t.Context(), token)
	wantCode(t, "issued again: the earlier", err, auth.LinkRevoked)
	_, err = o.ReadLink(t.Context(), again)
	wantCode(t, "issued again: the later", err, "")
	if err := o.RevokeLink(t.Context(), "c1", "a/head"); err != nil {
		t.Fatal(err)
	}
	_, err = o.ReadLink(t.Context(), again)
	wantCode(t, "revoked", err, auth.LinkRevoked)
	links, err := o.Links(t.Context(), "c1", "a")
	if err != nil || len(links) != 1 || links["a/head"].Revoked.IsZero() {
		t.Errorf("links: got %v, %v, want one, revoked", links, err)
	}
	if links, err := o.Links(t.Context(), "c1", "b"); err != nil || len(links) != 0 {
		t.Errorf("links for the other side: got %v, %v, want none", links, err)
	}
}

func TestOneSeatOneBrowser(t *testing.T) {
	o := newOffice(t, "https://astara.example")
	token, _ := o.link(t, "a/head")
	first, err := o.open(t, token, "", false)
	if err != nil || !first.First {
		t.Fatalf("got %v, %v, want the first opening", first, err)
	}
	second, err := o.open(t, token, "", false) // the first was never used: a reader of mails, or a page closed at once
	if err != nil || second.First || second.Moved {
		t.Fatalf("got %v, %v, want a seat that nobody had to leave", second, err)
	}
	_, _, err = o.Seat(t.Context(), second.Seat, first.Secret)
	wantCode(t, "the first", err, auth.LinkElsewhere)
	who, _, err := o.Seat(t.Context(), second.Seat, second.Secret)
	if err != nil || who.Member != "a/head" || who.Consultation != "c1" {
		t.Fatalf("got %v, %v", who, err)
	}
	_, err = o.open(t, token, "", false)
	wantCode(t, "another browser", err, auth.LinkElsewhere)
	_, err = o.open(t, token, first.Secret, false)
	wantCode(t, "a browser that had it once", err, auth.LinkElsewhere)
	same, err := o.open(t, token, second.Secret, false)
	if err != nil || same.Secret != second.Secret || same.Moved {
		t.Errorf("the same browser: got %v, %v, want its session kept", same, err)
	}
	third, err := o.open(t, token, "", true)
	if err != nil || !third.Moved {
		t.Fatalf("taken: got %v, %v, want it moved", third, err)
	}
	_, _, err = o.Seat(t.Context(), third.Seat, second.Secret)
	wantCode(t, "the one that lost it", err, auth.LinkElsewhere)

	foreign, _ := o.link(t, "a/adviser")
	other, err := o.open(t, foreign, "", false)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = o.Seat(t.Context(), other.Seat, third.Secret)
	wantCode(t, "another seat's cookie", err, auth.NotSignedIn)
	_, _, err = o.Seat(t.Context(), "nowhere", third.Secret)
	wantCode(t, "no such seat", err, auth.NotSignedIn)
	_, _, err = o.Seat(t.Context(), third.Seat, "")
	wantCode(t, "no cookie", err, auth.NotSignedIn)

	if err := o.RevokeLink(t.Context(), "c1", "a/head"); err != nil {
		t.Fatal(err)
	}
	_, _, err = o.Seat(t.Context(), third.Seat, third.Secret)
	wantCode(t, "revoked while inside", err, auth.LinkRevoked)
	_, _, err = o.Seat(t.Context(), other.Seat, other.Secret)
	wantCode(t, "the others", err, "")
	o.now = o.now.Add(17 * 24 * time.Hour)
	_, _, err = o.Seat(t.Context(), other.Seat, other.Secret)
	wantCode(t, "expired while inside", err, auth.LinkExpired)
}

func TestDeskSeatIsKept(t *testing.T) {
	o := newOffice(t, "https://astara.example")
	i, err := o.DeskSeat(t.Context(), "c1", "a/sara", o.start)
	if err != nil || !i.Desk {
		t.Fatalf("got %v, %v", i, err)
	}
	again, err := o.DeskSeat(t.Context(), "c1", "a/sara", o.start)
	if err != nil || again != i {
		t.Errorf("got %v, %v, want %v", again, err, i)
	}
	if links, err := o.Links(t.Context(), "c1", "a"); err != nil || len(links) != 0 {
		t.Errorf("links: got %v, %v, want none: it has no link", links, err)
	}
	if link, err := o.LinkOf(i); err != nil || link != "" {
		t.Errorf("got %q, %v, want no link", link, err)
	}
	token, l := o.link(t, "a/sara")
	j, err := o.ReadLink(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	if link, err := o.LinkOf(j); err != nil || link != l.URL {
		t.Errorf("got %q, %v, want %q", link, err, l.URL)
	}
	if again, err := o.DeskSeat(t.Context(), "c1", "a/sara", o.start); err != nil || again != j {
		t.Errorf("who has a link: got %v, %v, want its seat %v", again, err, j)
	}
}

func (o *office) signInToken(t *testing.T) string {
	t.Helper()
	l, err := o.IssueSignIn(t.Context(), "a/sara")
	if err != nil {
		t.Fatal(err)
	}
	_, token, _ := strings.Cut(l.URL, "#")
	return token
}

func TestSignInLinkWorksOnce(t *testing.T) {
	o := newOffice(t, "https://astara.example")
	token := o.signInToken(t)
	d, err := o.SignIn(t.Context(), token)
	if err != nil || d.ID != "a/sara" {
		t.Fatalf("got %v, %v", d, err)
	}
	_, err = o.SignIn(t.Context(), token)
	wantCode(t, "again", err, auth.LinkUsed)
	_, err = o.SignIn(t.Context(), token[:len(token)-2]+"AA")
	wantCode(t, "forged", err, auth.LinkForged)
	personal, _ := o.link(t, "a/head")
	_, err = o.SignIn(t.Context(), personal)
	wantCode(t, "a personal link", err, auth.LinkForged)

	late, ended := o.signInToken(t), o.signInToken(t)
	if err := o.store.EndSecretary(t.Context(), "a/sara", o.now); err != nil {
		t.Fatal(err)
	}
	_, err = o.AtDesk(t.Context(), d.Secret)
	wantCode(t, "desk of an account that ended", err, auth.NotSignedIn)
	_, err = o.SignIn(t.Context(), ended)
	wantCode(t, "link of an account that ended", err, auth.LinkRevoked)
	o.now = o.now.Add(24 * time.Hour)
	_, err = o.SignIn(t.Context(), late)
	wantCode(t, "after a day", err, auth.LinkExpired)
	if _, err := o.IssueSignIn(t.Context(), "a/nobody"); !errors.Is(err, auth.ErrNone) {
		t.Errorf("for nobody: got %v, want %v", err, auth.ErrNone)
	}
}

func TestDeskIsOpenForTwelveHoursAfterItsLastUse(t *testing.T) {
	o := newOffice(t, "https://astara.example")
	d, err := o.SignIn(t.Context(), o.signInToken(t))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		o.now = o.now.Add(11 * time.Hour)
		got, err := o.AtDesk(t.Context(), d.Secret)
		if err != nil || got.Secret != d.Secret {
			t.Fatalf("got %v, %v, want it prolonged", got, err)
		}
	}
	o.now = o.now.Add(time.Minute)
	if got, err := o.AtDesk(t.Context(), d.Secret); err != nil || got.Secret != "" {
		t.Errorf("a minute later: got %v, %v, want it as it is", got, err)
	}
	o.now = o.now.Add(12 * time.Hour)
	_, err = o.AtDesk(t.Context(), d.Secret)
	wantCode(t, "too late", err, auth.NotSignedIn)

	d, err = o.SignIn(t.Context(), o.signInToken(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := o.SignOut(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	_, err = o.AtDesk(t.Context(), d.Secret)
	wantCode(t, "signed out", err, auth.NotSignedIn)
}

func TestSecretsAreNotInTheStore(t *testing.T) {
	storetest.Only(t, false) // it reads the copy that SQLite writes
	o := newOffice(t, "https://astara.example")
	token, _ := o.link(t, "a/head")
	seat, err := o.open(t, token, "", false)
	if err != nil {
		t.Fatal(err)
	}
	signIn := o.signInToken(t)
	d, err := o.SignIn(t.Context(), signIn)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := o.store.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	b := readFile(t, copied)
	for what, s := range map[string]string{"personal link": token, "seat's cookie": seat.Secret, "sign-in link": signIn, "desk's cookie": d.Secret} {
		if strings.Contains(b, s) {
			t.Errorf("the %s is in the file", what)
		}
	}
}

func TestNoPasskeysOnAnAddress(t *testing.T) {
	o := newOffice(t, "http://127.0.0.1:8080")
	_, err := o.BeginPasskeySignIn()
	wantCode(t, "begin", err, auth.PasskeyWrong)
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestBrowsersThatOpenOneLinkAtOnce(t *testing.T) {
	o := newOffice(t, "https://astara.example")
	token, _ := o.link(t, "a/head")
	secrets := make(chan string, 8)
	var all sync.WaitGroup
	for range cap(secrets) {
		all.Go(func() {
			i, err := o.ReadLink(t.Context(), token)
			if err != nil {
				t.Error(err)
				return
			}
			x, err := o.OpenSeat(t.Context(), i, "", false)
			if err != nil {
				t.Error(err)
				return
			}
			secrets <- x.Secret
		})
	}
	all.Wait()
	close(secrets)
	seats := 0
	i, err := o.ReadLink(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	for s := range secrets {
		if _, _, err := o.Seat(t.Context(), i.Seat, s); err == nil {
			seats++
		}
	}
	if seats != 1 {
		t.Errorf("browsers in the seat: got %d, want 1", seats)
	}
}
