package post_test

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"astara/auth"
	"astara/meeting"
	"astara/post"
	"astara/store"
)

// box is a mail server that keeps what it is given. down: it takes nothing.
type box struct {
	mu      sync.Mutex
	letters []*mail.Message // mu
	down    bool            // mu
}

func (b *box) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{b}, nil }

type session struct{ b *box }

func (s *session) Reset()                               {}
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (s *session) Data(r io.Reader) error {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	if s.b.down {
		return errors.New("the disk is full")
	}
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	m.Body = bytes.NewReader(body)
	s.b.letters = append(s.b.letters, m)
	return err
}

// take gives the letters since the last time.
func (b *box) take(down bool) []*mail.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := b.letters
	b.letters, b.down = nil, down
	return out
}

func openBox(t *testing.T) (*box, string) {
	t.Helper()
	b := &box{}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := smtp.NewServer(b)
	srv.Domain = "localhost"
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	t.Cleanup(func() {
		_ = srv.Close()
		<-done
	})
	return b, "smtp://" + l.Addr().String()
}

func words(s string) meeting.Words { return meeting.Words{"fa": s + " (fa)", "az": s + " (az)"} }

// undertaken is a store with an agreement whose milestones are due around the 20th of March 2026, and both secretaries to be reminded.
func undertaken(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	parties := []meeting.Party{{ID: "tehran", Names: words("Tehran"), Language: "fa", Zone: "Asia/Tehran", Calendar: meeting.SolarHijri},
		{ID: "baku", Names: words("Baku"), Language: "az", Zone: "Asia/Baku", Calendar: meeting.Gregorian}}
	m := meeting.New("c1")
	do := func(by meeting.MemberID, c meeting.Command) {
		t.Helper()
		events, err := m.Decide(by, c, time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			m.Apply(e)
		}
		if err := s.Append(t.Context(), "c1", events); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range parties {
		if err := s.PutParty(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if err := s.PutSecretary(t.Context(), auth.NewSecretary(p.ID.Member("s"), "Katib "+string(p.ID), p.Language)); err != nil {
			t.Fatal(err)
		}
		if err := s.PutReminded(t.Context(), p.ID.Member("s"), string(p.ID)+"@mail.example", true); err != nil {
			t.Fatal(err)
		}
	}
	person := meeting.Person{ID: "s", Name: "Katib", Role: meeting.Secretary, Language: "fa"}
	do("tehran/s", meeting.CallConsultation{Joint: meeting.Joint{Title: words("Railway"), Parties: parties, StartsAt: time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC), Minutes: 60, Languages: []meeting.Language{"fa", "az"}}, Secretary: person})
	do("baku/s", meeting.TakeUp{Secretary: person})
	do("tehran/s", meeting.ProposeAgreement{ID: "rail", Terms: meeting.Terms{Kind: meeting.Project, Title: words("Rail"), Milestones: []meeting.Milestone{
		{ID: "land", Title: words("Land"), Due: "2026-03-27"}, {ID: "far", Title: words("Far"), Due: "2026-12-01"}}}})
	do("baku/s", meeting.AgreeAgreement{ID: "rail", Version: 1})
	return s
}

func TestRemindersAreSaidOnce(t *testing.T) {
	b, address := openBox(t)
	path := filepath.Join(t.TempDir(), "astara.db")
	s := undertaken(t, path)
	sender, err := post.OpenSMTP(address, "", "Astara <astara@node.example>")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 20, 3, 0, 0, 0, time.UTC) // 6:30 in Tehran, 7:00 in Baku
	office := func() *post.Office {
		return &post.Office{Store: s, Sender: sender, Base: "https://node.example", Host: "node.example", Now: func() time.Time { return now }, Logger: slog.New(slog.DiscardHandler)}
	}
	round := func(want ...string) []*mail.Message {
		t.Helper()
		if err := office().Round(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := b.take(false)
		var to []string
		for _, m := range got {
			a, err := m.Header.AddressList("To")
			if err != nil {
				t.Fatal(err)
			}
			to = append(to, strings.TrimSuffix(a[0].Address, "@mail.example"))
		}
		if strings.Join(to, " ") != strings.Join(want, " ") {
			t.Fatalf("on %v: got letters to %v, want %v", now, to, want)
		}
		return got
	}
	round() // nobody is awake
	now = now.Add(2 * time.Hour)

	// The server is down: nothing counts as said, and the letter has the same name when it goes.
	b.take(true)
	if err := office().Round(t.Context()); err == nil {
		t.Error("no error of a server that takes nothing")
	}
	b.take(false)
	letters := round("baku", "tehran")
	first := letters[1]
	text, _ := io.ReadAll(first.Body)
	for _, want := range []string{"Katib tehran گرامی", "Land (fa)", "۷ فروردین ۱۴۰۵ (۲۷ مارس ۲۰۲۶)", "۷ روز مانده", "https://node.example/desk/agreements/c1/rail"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the letter lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "Far") || first.Header.Get("Auto-Submitted") != "auto-generated" || !strings.HasSuffix(first.Header.Get("Message-Id"), "@node.example>") {
		t.Errorf("got %v\n%s", first.Header, text)
	}
	if subject, err := new(mime.WordDecoder).DecodeHeader(first.Header.Get("Subject")); err != nil || subject != "یادآوری سررسید توافق‌ها" {
		t.Errorf("got %q, %v", subject, err)
	}
	text, _ = io.ReadAll(letters[0].Body)
	if !strings.Contains(string(text), "27 mart 2026 (7 fərvərdin 1405)") || !strings.Contains(string(text), "7 gün qalıb") {
		t.Errorf("the letter to Baku:\n%s", text)
	}

	// A process that begins again says nothing twice; the next stages come on their days.
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(path); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, day := range []int{20, 21, 25} {
		now = time.Date(2026, 3, day, 9, 0, 0, 0, time.UTC)
		round()
	}
	now = time.Date(2026, 3, 26, 9, 0, 0, 0, time.UTC)
	round("baku", "tehran")
	now = now.AddDate(0, 0, 1)
	round()
	if err := s.PutReminded(t.Context(), "tehran/s", "tehran@mail.example", false); err != nil {
		t.Fatal(err)
	}
	now = now.AddDate(0, 0, 1)
	text, _ = io.ReadAll(round("baku")[0].Body)
	if !strings.Contains(string(text), "1 gün gecikir") {
		t.Errorf("the letter after the day:\n%s", text)
	}
	now = now.AddDate(0, 0, 1)
	round()
}

func TestOpenSMTP(t *testing.T) {
	for _, x := range []struct {
		address, from string
		good          bool
	}{
		{"smtp://user@mail.example:587", "a@mail.example", true}, {"smtps://user@mail.example", "Astara <a@mail.example>", true}, {"mail.example:25", "a@mail.example", false},
		{"http://mail.example", "a@mail.example", false}, {"smtp://mail.example", "nobody", false}, {"", "a@mail.example", false},
	} {
		if _, err := post.OpenSMTP(x.address, "", x.from); (err == nil) != x.good {
			t.Errorf("%s, %s: got %v", x.address, x.from, err)
		}
	}
}
