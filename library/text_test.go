package library

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func textIn(t testing.TB, kind Kind, path string) []Passage {
	t.Helper()
	list, err := textOf(t.Context(), kind, path, filepath.Join(os.TempDir(), "astara-test-pdfium"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestTextOfWhatProgramsWrite(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		file string
		want []string
	}{
		{PDF, "fa.pdf", []string{"گذر کالا از مرز", "راهآهن رشت–آستارا تا پایان سال ۱۴۰۵ تکمیل میشود", "Rəşt–Astara dəmir yolu tamamlanır", "железная дорога"}}, // by Chromium, which keeps no joiners
		{DOCX, "doc.docx", []string{"Sərhəd keçid qaydaları", "مادهٔ ۱: راه‌آهن رشت–آستارا", "Статья 1: железная дорога"}},
		{ODT, "doc.odt", []string{"Sərhəd keçid qaydaları", "مادهٔ ۱: راه‌آهن رشت–آستارا", "Статья 1: железная дорога"}},
	} {
		list := textIn(t, c.kind, filepath.Join("testdata", c.file))
		var all strings.Builder
		for _, p := range list {
			all.WriteString(p.Text + "\n")
		}
		for _, want := range c.want {
			if !strings.Contains(all.String(), want) {
				t.Errorf("%s: got %q, want %q in it", c.file, all.String(), want)
			}
		}
		if c.kind == PDF && (len(list) != 2 || list[0].Page != 1 || list[1].Page != 2) {
			t.Errorf("pages: got %+v", list)
		}
	}
}

func TestOldLetters(t *testing.T) {
	persian, azerbaijani, russian := "گزارش دربارهٔ راه و گمرک مرز\n", "Dəmir yolu haqqında məlumat: şəhər, ölkə, gömrük\n", "Отчёт о железной дороге и таможне\n"
	turkish := "Gümrük işleri ve şehirlerarası yol\n" // windows-1254 has no ə
	encoded := func(e interface {
		Bytes([]byte) ([]byte, error)
	}, s string) string {
		b, err := e.Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	arabic := "گزارش درباره راه و گمرک مرز\n" // windows-1256 has neither the hamza above nor the Persian yeh
	for _, c := range []struct{ name, in, want string }{
		{"UTF-8", persian + azerbaijani, persian + azerbaijani},
		{"UTF-8 with a mark", "\ufeff" + russian, russian},
		{"UTF-8 cut within a letter", strings.Repeat(persian, 100) + "\xd8", strings.Repeat(persian, 100) + "\ufffd"},
		{"UTF-16LE", encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), persian), persian},
		{"UTF-16BE", encoded(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder(), azerbaijani), azerbaijani},
		{"windows-1251", encoded(charmap.Windows1251.NewEncoder(), russian), russian},
		{"windows-1254", encoded(charmap.Windows1254.NewEncoder(), turkish), turkish},
		{"windows-1256", encoded(charmap.Windows1256.NewEncoder(), arabic), arabic},
	} {
		if got := decode([]byte(c.in)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestHTMLText(t *testing.T) {
	list, err := htmlText(t.Context(), `<title>T</title><script>var secret</script><style>p{}</style><h1>Bir <b>iki</b></h1><p>üç&nbsp;dörd<br>beş<table><tr><td>a<td>b</table><template>x</template>son`)
	if err != nil || len(list) != 1 || list[0].Text != "T\nBir iki\nüç dörd\nbeş\na b\nson" {
		t.Errorf("got %+v %v", list, err)
	}
	if _, err := htmlText(t.Context(), strings.Repeat("<div>", 1<<20)); err != nil {
		t.Errorf("nested a million deep: %v", err)
	}
}

func TestPassages(t *testing.T) {
	long := strings.Repeat("kəlmə ", 2000)
	for _, c := range []struct {
		name string
		in   string
	}{{"lines", strings.Repeat("sətir\n", 5000)}, {"one line", long}, {"one word", strings.Repeat("ə", 10_000)}, {"10 MB", strings.Repeat("x", 10<<20)}, {"nothing", "\n \n"}} {
		total := 0
		for _, p := range passages(c.in) {
			n := utf8.RuneCountInString(p.Text)
			total += n
			if n > passageSize+2000 || !utf8.ValidString(p.Text) || strings.TrimSpace(p.Text) == "" {
				t.Errorf("%s: a passage of %d letters", c.name, n)
			}
		}
		if total > MaxText+passageSize {
			t.Errorf("%s: %d letters", c.name, total)
		}
	}
	if got := len(passages(long)); got < 6 || got > 7 {
		t.Errorf("got %d passages of 12,000 letters", got)
	}
}

func packed(t testing.TB, files ...string) []byte {
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
	return b.Bytes()
}

func TestTrapsAreBounded(t *testing.T) {
	var wrong *Wrong
	for name, b := range map[string][]byte{
		"a large document": packed(t, "word/document.xml", "<w:document>"+strings.Repeat(" ", 60<<20)),
		"a deep document":  packed(t, "word/document.xml", strings.Repeat("<a>", 200_000)),
		"many small entries": func() []byte {
			var files []string
			for range 10_100 {
				files = append(files, "x", "")
			}
			return packed(t, files...)
		}(),
	} {
		if _, err := officeTextOf(t.Context(), DOCX, bytes.NewReader(b), int64(len(b))); !errors.As(err, &wrong) || wrong.Code != Swollen {
			t.Errorf("%s: got %v, want %s", name, err, Swollen)
		}
	}
	b := packed(t, "word/document.xml", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><document><p><r><t>&b;</t></r></p></document>`)
	if list, err := officeTextOf(t.Context(), DOCX, bytes.NewReader(b), int64(len(b))); err == nil && len(list) > 0 && strings.Contains(list[0].Text, "aaaa") {
		t.Errorf("entities are taken apart: got %+v", list)
	}
}

func TestADocxLeavesOutWhatWasDeleted(t *testing.T) {
	b := packed(t, "word/document.xml", `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p><w:p><w:r><w:t>three</w:t></w:r></w:p></w:body></w:document>`)
	list, err := officeTextOf(t.Context(), DOCX, bytes.NewReader(b), int64(len(b)))
	if err != nil || len(list) != 1 || list[0].Text != "one two\nthree" {
		t.Errorf("got %+v %v", list, err)
	}
}

func FuzzOfficeText(f *testing.F) {
	for _, name := range []string{"doc.docx", "doc.odt"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, kind := range []Kind{DOCX, ODT} {
			list, _ := officeTextOf(context.Background(), kind, bytes.NewReader(b), int64(len(b)))
			bounded(t, list)
		}
	})
}

// FuzzOfficeXML reaches behind the packing, which a fuzzer seldom passes.
func FuzzOfficeXML(f *testing.F) {
	f.Add([]byte(`<w:p><w:t>x</w:t><w:del><w:t>y</w:t></w:del></w:p>`))
	f.Add([]byte(`<text:p>x<text:s/>y</text:p></text:p></text:p>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, kind := range []Kind{DOCX, ODT} {
			c := &cutter{}
			_ = xmlText(context.Background(), kind, bytes.NewReader(b), c)
			bounded(t, c.end())
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xff\xfea\x00"))
	f.Add([]byte("\xcf\xf0\xe8\xe2\xe5\xf2"))
	f.Add([]byte("<p>x<script>y"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := decode(b)
		if !utf8.ValidString(s) {
			t.Fatalf("%q is not UTF-8", s)
		}
		bounded(t, passages(s))
		list, _ := htmlText(context.Background(), s)
		bounded(t, list)
		if page, err := CleanPage(bytes.NewReader(b)); err != nil || bytes.Contains(bytes.ToLower(page), []byte("<script")) {
			t.Fatalf("got %q %v", page, err)
		}
		_ = looksLikeHTML(b)
		_ = isText(b, true)
	})
}

func FuzzPDF(f *testing.F) {
	b, err := os.ReadFile("testdata/fa.pdf")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>"))
	reader, end, err := pdfReader(context.Background(), filepath.Join(os.TempDir(), "astara-test-pdfium"))
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(end)
	f.Fuzz(func(t *testing.T, b []byte) {
		list, _ := pdfTextOf(context.Background(), reader, b)
		bounded(t, list)
	})
}

func bounded(t *testing.T, list []Passage) {
	t.Helper()
	total := 0
	for _, p := range list {
		total += utf8.RuneCountInString(p.Text)
		if !utf8.ValidString(p.Text) {
			t.Fatalf("%q is not UTF-8", p.Text)
		}
	}
	if total > MaxText+2*passageSize {
		t.Fatalf("%d letters", total)
	}
}
