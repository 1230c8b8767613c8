package server_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"astara/library"
	"astara/meeting"
	"astara/protocol"
	"astara/record"
	"astara/server"
)

// raw sends as a browser does, with these headers.
func (b *browser) raw(method, url string, body io.Reader, headers ...string) (*http.Response, []byte) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, url, body)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if method != "GET" {
		r.Header.Set("Origin", b.node.url)
	}
	return b.do(r)
}

// begin asks for an upload, and returns where it is.
func (b *browser) begin(file string, size int) (*http.Response, string, []byte) {
	b.t.Helper()
	a, body := b.raw("POST", b.node.url+server.UploadPath, nil, "Tus-Resumable", "1.0.0", "Upload-Length", strconv.Itoa(size),
		"Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte(file)))
	return a, a.Header.Get("Location"), body
}

func (b *browser) patch(at string, offset int, part string) *http.Response {
	b.t.Helper()
	a, _ := b.raw("PATCH", at, strings.NewReader(part), "Tus-Resumable", "1.0.0", "Upload-Offset", strconv.Itoa(offset), "Content-Type", "application/offset+octet-stream")
	return a
}

// bring uploads a whole file, and returns the upload's name.
func (b *browser) bring(file, content string) string {
	b.t.Helper()
	a, at, body := b.begin(file, len(content))
	if a.StatusCode != 201 {
		b.t.Fatalf("%s: got %s %s", file, a.Status, body)
	}
	if a := b.patch(at, 0, content); a.StatusCode != 204 {
		b.t.Fatalf("%s: got %s", file, a.Status)
	}
	return at[strings.LastIndex(at, "/")+1:]
}

func described(upload string, readers ...meeting.PartyID) protocol.LibraryEntry {
	return protocol.LibraryEntry{Upload: upload, Facts: meeting.DocumentFacts{Title: meeting.Words{"fa": "آیین‌نامهٔ مرز"}, About: meeting.Words{}}, Readers: readers}
}

func (b *browser) library() protocol.Library {
	b.t.Helper()
	var l protocol.Library
	b.must("GET", "/api/desk/library", nil, &l)
	return l
}

func TestAnUploadThatIsCutGoesOn(t *testing.T) {
	n := newNode(t)
	b := n.secretary(t, "ir")
	text := strings.Repeat("خط آهن رشت–آستارا\n", 3000)
	cut := len(text) * 99 / 100
	_, at, _ := b.begin("گزارش.txt", len(text))
	if !strings.HasPrefix(at, n.url+server.UploadPath) {
		t.Fatalf("location: got %s", at)
	}
	if a := b.patch(at, 0, text[:cut]); a.StatusCode != 204 || a.Header.Get("Upload-Offset") != strconv.Itoa(cut) {
		t.Fatalf("got %s %v", a.Status, a.Header)
	}
	id := at[strings.LastIndex(at, "/")+1:]
	b.refused("POST", "/api/desk/library", described(id), 422, protocol.UploadNotWhole)
	if l := b.library(); len(l.Uploads) != 1 || l.Uploads[0].Offset != cut || l.Uploads[0].File != "گزارش.txt" || l.Uploads[0].Person != "ir/secretary" {
		t.Errorf("uploads: got %+v", l.Uploads)
	}
	// Another process, as after kill -9, knows as much.
	again, err := library.Open(library.Config{Dir: n.shelfDir, Base: server.UploadPath, Now: n.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	if u, err := again.Pending("ir"); err != nil || len(u) != 1 || u[0].Offset != int64(cut) {
		t.Errorf("after a restart: got %+v %v", u, err)
	}
	if a, _ := n.secretary(t, "az").raw("HEAD", at, nil, "Tus-Resumable", "1.0.0"); a.StatusCode != 404 {
		t.Errorf("the other side asks for it: got %s", a.Status)
	}
	if a := n.secretary(t, "az").patch(at, cut, text[cut:]); a.StatusCode != 404 {
		t.Errorf("the other side goes on with it: got %s", a.Status)
	}
	if a := n.browser(t).patch(at, cut, text[cut:]); a.StatusCode != 401 {
		t.Errorf("nobody goes on with it: got %s", a.Status)
	}
	if a, _ := b.raw("HEAD", at, nil, "Tus-Resumable", "1.0.0"); a.Header.Get("Upload-Offset") != strconv.Itoa(cut) {
		t.Errorf("offset: got %v, want %d", a.Header, cut)
	}
	if a := b.patch(at, cut, text[cut:]); a.StatusCode != 204 {
		t.Fatalf("the rest: got %s", a.Status)
	}
	var d protocol.LibraryDocument
	b.must("POST", "/api/desk/library", described(id), &d)
	if d.Kind != "text" || d.Size != len(text) || d.File != "گزارش.txt" || string(d.ID) != id {
		t.Errorf("document: got %+v", d)
	}
	b.must("POST", "/api/desk/library", described(id), &d) // the answer was lost: the same again
	_, got := b.send("GET", "/api/desk/library/"+id+"/file", nil)
	if string(got) != text {
		t.Errorf("got %d bytes, want the %d that were sent", len(got), len(text))
	}
	if l := b.library(); len(l.Uploads) != 0 || len(l.Documents) != 1 || l.Used != len(text) {
		t.Errorf("library: got %+v", l)
	}
}

func TestADocumentIsReadByWhomItsSideNamed(t *testing.T) {
	n := newNode(t)
	ir, az := n.secretary(t, "ir"), n.secretary(t, "az")
	id := ir.bring("قانون مرز.txt", "ماده ۱: مرز باز است.\nمادهٔ ۲")
	var d protocol.LibraryDocument
	ir.must("POST", "/api/desk/library", described(id), &d)
	path := "/api/desk/library/" + id
	az.refused("GET", path+"/page", nil, 404, protocol.NotFound)
	if l := az.library(); len(l.Documents) != 0 {
		t.Errorf("the other side sees %+v", l.Documents)
	}
	az.refused("PUT", path, described("", "az"), 404, protocol.NotFound)
	ir.refused("PUT", path, described("", "nobody"), 422, string(meeting.UnknownParty))

	ir.must("PUT", path, described("", "az", "ir", "az"), &d)
	if len(d.Readers) != 1 || d.Readers[0] != "az" {
		t.Errorf("readers: got %v", d.Readers)
	}
	a, body := az.send("GET", path+"/page", nil)
	if a.StatusCode != 200 || !strings.Contains(string(body), "ماده ۱: مرز باز است.") {
		t.Fatalf("got %s %s", a.Status, body)
	}
	az.send("GET", path+"/file", nil)
	az.raw("GET", n.url+path+"/content", nil, "Range", "bytes=10-")
	ir.send("GET", path+"/page", nil) // one's own reading is nobody's business
	l := ir.library()
	if len(l.Readings) != 1 || l.Readings[0].Reader != "az/secretary" || l.Readings[0].Name != "Secretary of az" || l.Readings[0].Times != 2 || l.Readings[0].At != "2026-03-20T09:00:00Z" {
		t.Errorf("readings: got %+v", l.Readings)
	}
	if l := az.library(); len(l.Readings) != 0 || len(l.Documents) != 1 {
		t.Errorf("the reader's own library: got %+v", l)
	}
	n.clock.pass(15 * time.Hour)
	n.secretary(t, "az").send("GET", path+"/page", nil)
	if l := n.secretary(t, "ir").library(); len(l.Readings) != 2 {
		t.Errorf("the next day: got %+v", l.Readings)
	}
	withdrawn := described("", "az")
	withdrawn.Withdrawn = true
	n.secretary(t, "ir").must("PUT", path, withdrawn, &d)
	if d.Withdrawn == "" {
		t.Error("it is not withdrawn")
	}
	n.secretary(t, "az").refused("GET", path+"/page", nil, 404, protocol.NotFound)
}

func TestADocumentBeforeAConsultation(t *testing.T) {
	n := newNode(t)
	ir, az := n.secretary(t, "ir"), n.secretary(t, "az")
	at := ir.call()
	consultation := meeting.ConsultationID(at[strings.LastIndex(at, "/")+1:])
	id := ir.bring("a.txt", "گمرک آستارا")
	ir.must("POST", "/api/desk/library", described(id), nil)
	path := "/api/desk/library/" + id
	az.refused("POST", path+"/places", protocol.LibraryShare{Consultation: consultation, All: true}, 404, protocol.NotFound)
	var d protocol.LibraryDocument
	ir.must("POST", path+"/places", protocol.LibraryShare{Consultation: consultation, Item: "one", All: true}, &d)
	if len(d.Places) != 1 || d.Places[0].Item != "one" || !d.Places[0].All {
		t.Errorf("places: got %+v", d.Places)
	}
	ir.refused("POST", path+"/places", protocol.LibraryShare{Consultation: consultation, All: true}, 422, string(meeting.DocumentThere))
	var seen protocol.ConsultationDesk
	az.must("GET", at, nil, &seen)
	if list := seen.Consultation.Documents; len(list) != 1 || list[0].Hash != d.Hash || list[0].By != "ir/secretary" {
		t.Fatalf("the other side's view: got %+v", list)
	}
	if a, _ := az.send("GET", path+"/page", nil); a.StatusCode != 200 {
		t.Errorf("the other side reads it: got %s", a.Status)
	}
	n.secretary(t, "third").refused("GET", path+"/page", nil, 404, protocol.NotFound)

	// At the table.
	var seat protocol.LinkOpened
	az.must("POST", at+"/enter", nil, &seat)
	table := "/api/seats/" + seat.Seat + "/documents/" + id
	if a, body := az.send("GET", table+"/page", nil); a.StatusCode != 200 || !strings.Contains(string(body), "گمرک آستارا") {
		t.Errorf("at the table: got %s %s", a.Status, body)
	}
	n.browser(t).refused("GET", table+"/page", nil, 401, protocol.NotSignedIn)

	ir.command(at, meeting.AttachDocument{Document: meeting.DocumentID(id)})
	withdrawn := described("")
	withdrawn.Withdrawn = true
	d = protocol.LibraryDocument{}
	ir.must("PUT", path, withdrawn, &d)
	if len(d.Places) != 0 {
		t.Errorf("withdrawn: got %+v", d.Places)
	}
	az.refused("GET", table+"/page", nil, 404, protocol.NotFound)
	az.must("GET", at, nil, &seen)
	if len(seen.Consultation.Documents) != 0 {
		t.Errorf("withdrawn: got %+v", seen.Consultation.Documents)
	}
}

func zipped(t *testing.T, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(files); i += 2 {
		w, err := z.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, files[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWrongFilesAreRefused(t *testing.T) {
	n := newNode(t)
	b := n.secretary(t, "ir")
	for _, c := range []struct{ file, content, code string }{
		{"a.pdf", "MZ\x90\x00 this program cannot be run", protocol.DocumentLies},
		{"a.pdf", "<html><script>alert(1)</script>", protocol.DocumentLies},
		{"a.png", "%PDF-1.7 ...", protocol.DocumentLies},
		{"a.html", "just words", protocol.DocumentLies},
		{"a.txt", "\x7fELF\x02\x01\x01\x00\x00", protocol.DocumentLies},
		{"a.docx", zipped(t, "x.txt", "x"), protocol.DocumentLies},
		{"a.docx", zipped(t, "[Content_Types].xml", "x", "word/document.xml", "<a/>", "word/vbaProject.bin", "x"), protocol.DocumentLies},
		{"a.docx", zipped(t, "[Content_Types].xml", "x", "word/document.xml", strings.Repeat(" ", 40<<20)), protocol.DocumentSwollen},
		{"a.odt", zipped(t, "mimetype", "application/zip", "content.xml", "<a/>"), protocol.DocumentLies},
	} {
		b.refused("POST", "/api/desk/library", described(b.bring(c.file, c.content)), 422, c.code)
	}
	for _, c := range []struct {
		file string
		size int
		code string
	}{{"a.exe", 7, protocol.DocumentKind}, {"a", 7, protocol.DocumentKind}, {"a.svg", 7, protocol.DocumentKind}, {"a.pdf", 0, protocol.DocumentEmpty}, {"a.pdf", 2 << 20, protocol.LibraryFull}} {
		if a, _, body := b.begin(c.file, c.size); a.StatusCode != 422 || !strings.Contains(string(body), `"`+c.code+`"`) {
			t.Errorf("%s of %d bytes: got %s %s, want %s", c.file, c.size, a.Status, body, c.code)
		}
	}
	if a, _, _ := b.begin("a.pdf", library.MaxFile+1); a.StatusCode != 413 {
		t.Errorf("more than 2 GiB: got %s", a.Status)
	}
	for _, id := range []string{"", "%2e%2e%2fx", strings.Repeat("a", 32)} {
		if a, _ := b.raw("HEAD", n.url+server.UploadPath+id, nil, "Tus-Resumable", "1.0.0"); a.StatusCode == 200 {
			t.Errorf("%q: got %s", id, a.Status)
		}
	}
}

// TestTheSameFileTwice: the second one is told where the first is, also when both come at once, and the same click twice is one document.
func TestTheSameFileTwice(t *testing.T) {
	n := newNode(t)
	b := n.secretary(t, "ir")
	first, second := b.bring("a.txt", "Müqavilə"), b.bring("b.txt", "Müqavilə")
	answers := make(chan string)
	for range 2 {
		go func() {
			a, body := b.send("POST", "/api/desk/library", described(first))
			answers <- a.Status + string(body)
		}()
	}
	if one, two := <-answers, <-answers; one != two || !strings.HasPrefix(one, "200 ") || !strings.Contains(one, first) {
		t.Errorf("the same click twice: got %s and %s", one, two)
	}
	a, body := b.send("POST", "/api/desk/library", described(second))
	if a.StatusCode != 409 || !strings.Contains(string(body), `"document-twice"`) || !strings.Contains(string(body), first) {
		t.Errorf("the same content: got %s %s", a.Status, body)
	}
	other := n.secretary(t, "az") // another side has its own
	other.must("POST", "/api/desk/library", described(other.bring("a.txt", "Müqavilə")), nil)
}

// TestRoomIsTakenOnce: uploads that begin at one moment do not all find the same room.
func TestRoomIsTakenOnce(t *testing.T) {
	n := newNode(t)
	b := n.secretary(t, "ir")
	const each, at = 300 << 10, 8 // of 1 MiB
	begun := make(chan int)
	for i := range at {
		go func() {
			a, _, _ := b.begin(strconv.Itoa(i)+".pdf", each)
			begun <- a.StatusCode
		}()
	}
	taken := 0
	for range at {
		if code := <-begun; code == 201 {
			taken++
		} else if code != 422 {
			t.Errorf("got %d", code)
		}
	}
	if taken != 3 {
		t.Errorf("got %d uploads of %d bytes, want the 3 that there is room for", taken, each)
	}
}

// TestAFilmOfATelephone is taken as what it is, by its name or by that of its successor, and served under the name that browsers know.
func TestAFilmOfATelephone(t *testing.T) {
	n := newNode(t)
	b := n.secretary(t, "az")
	for i, x := range []struct{ file, head string }{{"körpü.mov", "\x00\x00\x00\x14ftypqt  "}, {"körpü.MOV", "\x00\x00\x00\x08wide\x00\x00\x10\x00mdat"}, {"k.mp4", "\x00\x00\x00\x14ftypqt  \x00"},
		{"k.mov", "\x00\x00\x00\x14ftypisom"}} {
		id := b.bring(x.file, x.head+strings.Repeat("x", 100+i))
		var d protocol.LibraryDocument
		b.must("POST", "/api/desk/library", described(id), &d)
		if a, _ := b.send("GET", "/api/desk/library/"+id+"/content", nil); d.Kind != meeting.Video || a.Header.Get("Content-Type") != "video/mp4" {
			t.Errorf("%s: got %s as %s", x.file, d.Kind, a.Header.Get("Content-Type"))
		}
	}
	b.refused("POST", "/api/desk/library", described(b.bring("k.mov", "%PDF-1.7")), 422, protocol.DocumentLies)
}

func TestNothingOfADocumentRuns(t *testing.T) {
	n := newNode(t)
	b := n.secretary(t, "ir")
	source := `<!doctype html><title>x</title><h1 onclick="go()">Sərhəd</h1><script>document.title='run'</script><img src=x onerror=go()><img src="https://elsewhere.example/x.png">` +
		`<p style="position:fixed" dir="rtl">مرز</p><iframe src=/api/desk></iframe><a href="javascript:go()">go</a><svg onload=go()><form action=/x><input></form><meta http-equiv=refresh content=0>`
	id := b.bring("سند.html", source)
	b.must("POST", "/api/desk/library", described(id), nil)
	a, body := b.send("GET", "/api/desk/library/"+id+"/page", nil)
	for _, bad := range []string{"script", "onclick", "onerror", "onload", "elsewhere", "iframe", "javascript", "<form", "<input", "http-equiv", "position:fixed", "<svg"} {
		if strings.Contains(string(body), bad) {
			t.Errorf("the page has %q: %s", bad, body)
		}
	}
	for _, good := range []string{"<h1>Sərhəd</h1>", `<p dir="rtl">مرز</p>`} {
		if !strings.Contains(string(body), good) {
			t.Errorf("the page has not %q: %s", good, body)
		}
	}
	policy := a.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "sandbox;", "frame-ancestors 'self'", "style-src 'sha256-"} {
		if !strings.Contains(policy, want) || strings.Contains(policy, "script") {
			t.Errorf("policy: got %q", policy)
		}
	}
	for _, form := range []string{"content", "file"} {
		a, body := b.send("GET", "/api/desk/library/"+id+"/"+form, nil)
		if string(body) != source || a.Header.Get("Content-Type") != "application/octet-stream" || !strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") ||
			a.Header.Get("X-Content-Type-Options") != "nosniff" || a.Header.Get("Content-Disposition") != `attachment; filename="document.html"; filename*=UTF-8''%D8%B3%D9%86%D8%AF.html` {
			t.Errorf("%s: got %v", form, a.Header)
		}
	}
	b.refused("GET", "/api/desk/library/"+id+"/other", nil, 404, protocol.NotFound)
}

func TestPartsOfASound(t *testing.T) {
	n := newNode(t)
	b := n.secretary(t, "az")
	id := b.bring("səs.mp3", "ID3"+strings.Repeat("x", 5000))
	b.must("POST", "/api/desk/library", described(id), nil)
	a, body := b.raw("GET", n.url+"/api/desk/library/"+id+"/content", nil, "Range", "bytes=1-2")
	if a.StatusCode != 206 || string(body) != "D3" || a.Header.Get("Content-Type") != "audio/mpeg" || a.Header.Get("Content-Disposition") != "" {
		t.Errorf("got %s %q %v", a.Status, body, a.Header)
	}
	b.refused("GET", "/api/desk/library/"+id+"/page", nil, 404, protocol.NotFound)
}

// What an administrator erased, the running node takes from all who see it, without anybody at the desk.
func TestAnErasedDocumentLeavesTheTable(t *testing.T) {
	n := newNode(t)
	a, b := n.secretary(t, "ir"), n.secretary(t, "az")
	at := a.call()
	var d protocol.LibraryDocument
	a.must("POST", "/api/desk/library", described(a.bring("a.txt", "سند")), &d)
	a.must("POST", "/api/desk/library/"+string(d.ID)+"/places", protocol.LibraryShare{Consultation: meeting.ConsultationID(at[strings.LastIndex(at, "/")+1:]), All: true}, nil)
	var seen protocol.ConsultationDesk
	if b.must("GET", at, nil, &seen); len(seen.Consultation.Documents) != 1 {
		t.Fatalf("documents: got %+v", seen.Consultation.Documents)
	}
	if _, err := n.store.EraseDocument(t.Context(), d.ID, record.Erasure{Person: "A", Authority: "B"}, n.clock.Now()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- n.house.Clock(ctx, n.store) }()
	for len(seen.Consultation.Documents) > 0 && ctx.Err() == nil {
		seen = protocol.ConsultationDesk{}
		b.must("GET", at, nil, &seen)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}
