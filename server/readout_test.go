package server_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"html"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"astara/meeting"
	"astara/protocol"
	"astara/record"
)

func both(fa, az string) meeting.Words { return meeting.Words{"fa": fa, "az": az} }

// drafted is a consultation of which both sides have an account ready to be published, with one element alike.
func accounts(t *testing.T, n *node) (at string, desks [2]*browser) {
	t.Helper()
	desks = [2]*browser{n.secretary(t, "ir"), n.secretary(t, "az")}
	at = desks[0].call()
	var d protocol.ConsultationDesk
	desks[1].must("GET", at, nil, &d)
	d = desks[0].command(at, meeting.PutElement{Text: both("پهنای خط ۱۵۲۰ میلی‌متر است.", "Yolun eni 1520 mm-dir.")})
	e := d.Readout.Elements[0]
	desks[1].command(at, meeting.AgreeElement{Element: e.ID, Version: 1, Round: 1, Text: e.Hash})
	for i, own := range []string{"<script>alert(1)</script> سخن تهران", "Bakının sözü & <b>qalın</b>"} {
		d = desks[i].command(at, meeting.WriteAccount{Title: both("گزارش "+own, "Məlumat "+own), Parts: []meeting.Part{{Text: both(own, own)}, {Element: e.ID}}})
	}
	return at, desks
}

func ready(at string, desks [2]*browser) (d protocol.ConsultationDesk) {
	for _, desk := range desks {
		d = desk.command(at, meeting.SayReady{Ready: true, Revision: 1})
	}
	return d
}

func (n *node) fetched(t *testing.T, path string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest("GET", n.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	a, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a, string(b)
}

func readoutOf(at string) string { return "/readout/" + at[strings.LastIndex(at, "/")+1:] }

// A side's draft is in no answer, no hit and no page that another can ask for, until it is published.
func TestDraftsArePrivateUntilPublished(t *testing.T) {
	n := newNode(t)
	at, desks := accounts(t, n)
	var d protocol.ConsultationDesk
	desks[1].must("GET", at, nil, &d)
	if s := jsonOf(t, d); strings.Contains(s, "تهران") {
		t.Errorf("the other side's answer has the draft: %s", s)
	}
	for i, want := range []int{1, 0} {
		var found protocol.Found
		desks[i].must("POST", "/api/desk/search", protocol.Search{Words: "سخن تهران"}, &found)
		if len(found.Hits) != want || want > 0 && found.Hits[0].Kind != protocol.FoundDraft {
			t.Errorf("desk %d finds %+v, want %d", i, found.Hits, want)
		}
	}
	if a, body := n.fetched(t, readoutOf(at)+"/fa"); a.StatusCode != 404 || strings.Contains(body, "سخن") {
		t.Errorf("got %d %s before it is published", a.StatusCode, body)
	}
	desks[1].refused("POST", at+"/commands", protocol.DeskCommand{Type: "readout.publish", Body: struct{}{}}, 400, string(meeting.CommandUnknown))
	desks[1].refused("POST", at+"/commands", protocol.DeskCommand{Type: "account.write", Body: meeting.WriteAccount{Title: both(strings.Repeat("x", 10<<20), "")}}, 413, protocol.TooLarge)
	ready(at, desks)
	var found protocol.Found
	desks[1].must("POST", "/api/desk/search", protocol.Search{Words: "سخن تهران"}, &found)
	if len(found.Hits) != 1 || found.Hits[0].Kind != protocol.FoundReadout {
		t.Errorf("got %+v after it is published", found.Hits)
	}
}

func TestPublicPages(t *testing.T) {
	n := newNode(t)
	at, desks := accounts(t, n)
	ready(at, desks)
	base := readoutOf(at)
	a, page := n.fetched(t, base+"/fa")
	if a.StatusCode != 200 || a.Header.Get("Content-Type") != "text/html; charset=utf-8" || strings.Contains(a.Header.Get("Content-Security-Policy"), "unsafe") {
		t.Fatalf("got %d %v", a.StatusCode, a.Header)
	}
	for _, want := range []string{`<html lang="fa" dir="rtl"`, "&lt;script&gt;alert(1)&lt;/script&gt; سخن تهران", "متن مشترک همهٔ طرف‌ها", "فقط در گزارش", `hreflang="az"`, `property="og:title"`, `property="og:image" content="` + n.url + `/readouts/card.png"`, "فروردین", "مارس"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(page, "<script>") || strings.Contains(page, "<b>") {
		t.Error("a text is taken for markup")
	}
	scripts := regexp.MustCompile(`<script type="application/ld\+json">(.*)</script>`).FindAllStringSubmatch(page, -1)
	if len(scripts) != 2 {
		t.Fatalf("got %d descriptions, want 2", len(scripts))
	}
	var article struct{ Type, Headline, InLanguage, DatePublished string }
	if err := json.Unmarshal([]byte(strings.Replace(scripts[0][1], "@type", "type", 1)), &article); err != nil || article.InLanguage != "fa" || article.Headline == "" {
		t.Errorf("got %+v, %v", article, err)
	}
	if again, _ := n.fetched(t, base+"/fa", "If-None-Match", a.Header.Get("ETag")); again.StatusCode != 304 {
		t.Errorf("got %d for the same tag, want 304", again.StatusCode)
	}
	if a, _ := n.fetched(t, base, "Accept-Language", "de, az-AZ;q=0.9, fa;q=0.8"); a.Header.Get("Location") != base+"/az" {
		t.Errorf("got %s", a.Header.Get("Location"))
	}
	for path, want := range map[string]int{base + "/az": 200, base + "/az/ir": 200, base + "/en": 404, base + "/az/paris": 404, "/readout/none/az": 404, "/readout/none": 404, base + "/signed/paris": 404,
		"/readouts/az": 200, "/readouts/de": 404, "/readouts": 302, "/readouts/style.css": 200, "/readouts/card.png": 200, base + "/..%2f/ir": 404} {
		if a, body := n.fetched(t, path); a.StatusCode != want {
			t.Errorf("%s: got %d %.200s, want %d", path, a.StatusCode, body, want)
		} else if want == 404 && !strings.HasPrefix(path, base+"/..") && (!strings.Contains(a.Header.Get("Content-Type"), "html") || !strings.Contains(body, "/readouts/")) {
			t.Errorf("%s: got %v %.200s, want a page", path, a.Header, body)
		}
	}
	for accepts, want := range map[string]string{"az": "Belə səhifə yoxdur", "fa-IR": "این صفحه وجود ندارد", "de": "This page does not exist"} {
		if _, body := n.fetched(t, "/readout/none", "Accept-Language", accepts); !strings.Contains(body, want) {
			t.Errorf("%s: got %.400s", accepts, body)
		}
	}
	if _, body := n.fetched(t, "/readout/none/ru", "Accept-Language", "az"); !strings.Contains(body, "Такой страницы нет") {
		t.Errorf("the language of the address: got %.400s", body)
	}
	for path, want := range map[string]int{"/readouts/fa/feed": 2, "/readouts/az/feed/az": 1, "/readouts/az/feed/paris": 0} {
		_, body := n.fetched(t, path)
		var feed struct {
			XMLName xml.Name  `xml:"http://www.w3.org/2005/Atom feed"`
			Updated time.Time `xml:"updated"`
			Entries []struct {
				Title string `xml:"title"`
				ID    string `xml:"id"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal([]byte(body), &feed); err != nil || len(feed.Entries) != want {
			t.Errorf("%s: got %+v, %v", path, feed, err)
		}
	}
}

// What is published is corrected by notices, and the file that anybody can check holds them.
func TestSignedAccountAndCorrection(t *testing.T) {
	n := newNode(t)
	at, desks := accounts(t, n)
	ready(at, desks)
	desks[1].command(at, meeting.CorrectReadout{Number: 1, Text: both("سال ۲۰۲۸ درست است", "2028-ci il düzgündür")})
	_, page := n.fetched(t, readoutOf(at)+"/az")
	if !strings.Contains(page, "Düzəliş") || !strings.Contains(page, "2028-ci il") {
		t.Error("the page has no correction")
	}
	a, signed := n.fetched(t, readoutOf(at)+"/signed/az")
	if !strings.HasPrefix(a.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("got %v", a.Header)
	}
	v, err := record.VerifyAccount([]byte(signed))
	if err != nil || v.Corrections != 1 || v.Party != "az" {
		t.Errorf("got %+v, %v", v, err)
	}
	if _, err := record.VerifyAccount([]byte(strings.Replace(signed, "qalın", "nazik", 1))); err == nil {
		t.Error("another text is taken")
	}
	if to := os.Getenv("READOUT_OUT"); to != "" { // to look at
		for _, l := range []string{"fa", "az"} {
			_, page := n.fetched(t, readoutOf(at)+"/"+l)
			if err := os.WriteFile(filepath.Join(to, l+".html"), []byte(page), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A stranger with a shell and OpenSSL does what the page says, word by word, and needs nothing of ours.
func TestAStrangerChecksASignature(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("OpenSSL is not here: what the page says about it was not done") // make test installs it
	}
	n := newNode(t)
	at, desks := accounts(t, n)
	ready(at, desks)
	_, page := n.fetched(t, readoutOf(at)+"/fa/ir")
	var said []string
	for _, x := range regexp.MustCompile(`(?s)<pre dir="ltr">(.*?)</pre>`).FindAllStringSubmatch(page, -1) {
		said = append(said, html.UnescapeString(x[1]))
	}
	link := regexp.MustCompile(`<a href="([^"]+)" download>`).FindStringSubmatch(page)
	if len(said) != 3 || link == nil {
		t.Fatalf("got %q and %v, want the key, our command and those of others", said, link)
	}
	a, signed := n.fetched(t, link[1])
	_, name, _ := strings.Cut(a.Header.Get("Content-Disposition"), `filename="`)
	name = strings.TrimSuffix(name, `"`)
	if v, err := record.VerifyAccount([]byte(signed)); err != nil || v.Key != said[0] || said[1] != "astara verify --key "+v.Key+" "+name {
		t.Errorf("got %q of %q, %v", said[:2], v.Key, err)
	}
	for text, want := range map[string]bool{signed: true, strings.Replace(signed, "تهران", "تبریز", 1): false, signed[:len(signed)-8] + "AAAAAA=\n": false} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		shell := exec.Command("sh", "-c", said[2])
		shell.Dir = dir
		out, err := shell.CombinedOutput()
		if got := err == nil && strings.HasSuffix(strings.TrimSpace(string(out)), "Signature Verified Successfully"); got != want {
			t.Errorf("got %v, %v, want %v: %s", got, err, want, out)
		}
	}
}

// A node that was down at the moment publishes both accounts when it is up, without anybody.
func TestEmbargoOverWhileTheNodeWasDown(t *testing.T) {
	n := newNode(t)
	at, desks := accounts(t, n)
	moment := n.clock.Now().Add(time.Hour)
	desks[0].command(at, meeting.ProposeEmbargo{Number: 1, At: &moment})
	desks[1].command(at, meeting.AnswerEmbargo{Number: 1, Agree: true})
	d := ready(at, desks)
	if len(d.Readout.Published) != 0 || len(d.Readout.Ready) != 2 {
		t.Fatalf("got %+v before the moment", d.Readout)
	}
	n.clock.pass(2 * time.Hour)
	if a, _ := n.fetched(t, readoutOf(at)+"/az"); a.StatusCode != 404 {
		t.Errorf("got %d, but no clock runs", a.StatusCode)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- n.house.Clock(ctx, n.store) }()
	for len(d.Readout.Published) < 2 && ctx.Err() == nil {
		desks[0].must("GET", at, nil, &d)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	x, y := d.Readout.Published["ir"], d.Readout.Published["az"]
	if !x.At.Equal(y.At) {
		t.Errorf("got %v and %v, want one moment", x.At, y.At)
	}
	if a, page := n.fetched(t, readoutOf(at)+"/az"); a.StatusCode != 200 || strings.Count(page, "<article>") != 2 {
		t.Errorf("got %d", a.StatusCode)
	}
}
