package library

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

const (
	maxPages = 5000
	readFor  = 18 * time.Second // then what was read until there is what is found; 500 full pages took 17 s on one busy core
	maxPDF   = 256 << 20        // bytes that are read for their text; a larger one is found by its title
)

// pdfText reads a PDF with PDFium, which runs as WebAssembly: whatever a file does to it, it reaches nothing outside. Translating it takes
// 4 s of a processor once; cache, a directory, keeps what comes of it for 0.1 s afterwards.
func pdfText(ctx context.Context, path, cache string) (_ []Passage, err error) {
	b, err := readAtMost(path, maxPDF+1)
	if err != nil {
		return nil, err
	}
	if len(b) > maxPDF {
		return nil, fmt.Errorf("%d bytes are too many to read", len(b))
	}
	reader, end, err := pdfReader(ctx, cache)
	if err != nil {
		return nil, err
	}
	defer end()
	return pdfTextOf(ctx, reader, b)
}

// pdfReader is one PDFium; end frees it.
func pdfReader(ctx context.Context, cache string) (_ pdfium.Pdfium, end func(), err error) {
	runtime := wazero.NewRuntimeConfig().WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithCloseOnContextDone(true).WithMemoryLimitPages(8 << 10) // of 64 KiB: 512 MiB
	if cache != "" {
		if err := os.MkdirAll(cache, 0o700); err != nil {
			return nil, nil, err
		}
		kept, err := wazero.NewCompilationCacheWithDir(cache)
		if err != nil {
			return nil, nil, err
		}
		runtime = runtime.WithCompilationCache(kept)
	}
	pool, err := webassembly.Init(webassembly.Config{Context: ctx, MinIdle: 1, MaxIdle: 1, MaxTotal: 1, RuntimeConfig: runtime})
	if err != nil {
		return nil, nil, fmt.Errorf("pdfium: %w", err)
	}
	one, err := pool.GetInstance(30 * time.Second)
	if err != nil {
		_ = pool.Close() // it was never used
		return nil, nil, fmt.Errorf("pdfium: %w", err)
	}
	return one, func() { _, _ = one.Close(), pool.Close() }, nil // both are memory of ours, which goes with them
}

func pdfTextOf(ctx context.Context, reader pdfium.Pdfium, b []byte) ([]Passage, error) {
	d, err := reader.OpenDocument(&requests.OpenDocument{File: &b})
	if err != nil {
		return nil, err
	}
	defer func() { _, _ = reader.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: d.Document}) }() // what was read is read
	n, err := reader.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: d.Document})
	if err != nil {
		return nil, err
	}
	c := &cutter{}
	began := time.Now()
	for i := 0; i < min(n.PageCount, maxPages) && !c.full() && time.Since(began) < readFor; i++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c.turn(i + 1)
		text, err := pageText(reader, d.Document, i)
		if err != nil {
			continue // a page that cannot be read takes no others with it
		}
		for line := range strings.Lines(text) {
			c.line(line)
		}
	}
	return c.end(), nil
}

func pageText(reader pdfium.Pdfium, d references.FPDF_DOCUMENT, page int) (string, error) {
	x, err := reader.GetPageTextStructured(&requests.GetPageTextStructured{Mode: requests.GetPageTextStructuredModeChars,
		Page: requests.Page{ByIndex: &requests.PageByIndex{Document: d, Index: page}}})
	if err != nil {
		return "", err
	}
	return ordered(x.Chars), nil
}

// ordered puts the letters of each word in the order in which they are read. A PDF tells where each stands, not which comes first; of
// words from right to left PDFium hands on the letters as they were drawn, which is often from left to right.
func ordered(letters []*responses.GetPageTextStructuredChar) string {
	var out strings.Builder
	var word []*responses.GetPageTextStructuredChar
	end := func() {
		out.WriteString(wordOf(word))
		word = word[:0]
	}
	for _, l := range letters {
		switch {
		case l.Text == "" || l.Text == "\r" || l.Text == "\x00" || l.Text == "\ufffe":
		case strings.TrimSpace(l.Text) == "":
			end()
			out.WriteString(l.Text)
		default:
			word = append(word, l)
		}
	}
	end()
	return joinMarks(out.String())
}

func wordOf(word []*responses.GetPageTextStructuredChar) string {
	if !slices.ContainsFunc(word, func(l *responses.GetPageTextStructuredChar) bool { return rightToLeft(l.Text) }) {
		var b strings.Builder
		for _, l := range word {
			b.WriteString(l.Text)
		}
		return b.String()
	}
	word = slices.Clone(word)
	middle := func(l *responses.GetPageTextStructuredChar) float64 {
		return l.PointPosition.Left + l.PointPosition.Right
	}
	slices.SortStableFunc(word, func(a, b *responses.GetPageTextStructuredChar) int {
		switch d := middle(b) - middle(a); {
		case d > 0:
			return 1
		case d < 0:
			return -1
		}
		return 0
	})
	texts := make([]string, len(word))
	for i, l := range word {
		texts[i] = l.Text
	}
	for i := 0; i < len(texts); { // numbers and Latin words within it go from left to right
		j := i
		for j < len(texts) && leftToRight(texts[j]) {
			j++
		}
		slices.Reverse(texts[i:j])
		i = max(j, i+1)
	}
	return strings.Join(texts, "")
}

func rightToLeft(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.Is(unicode.Arabic, r) && !unicode.IsDigit(r) || unicode.Is(unicode.Hebrew, r)
	})
}

func leftToRight(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsDigit(r) || unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek)
	})
}

// joinMarks: a mark that was drawn apart from its letter comes behind it, and no space stands before a mark.
func joinMarks(s string) string {
	r := []rune(s)
	out := make([]rune, 0, len(r))
	for i := 0; i < len(r); i++ {
		if !unicode.Is(unicode.Mn, r[i]) || len(out) > 0 && unicode.IsLetter(out[len(out)-1]) {
			out = append(out, r[i])
			continue
		}
		if n := len(out); n > 0 && out[n-1] == ' ' {
			out = out[:n-1]
		}
		if i+1 < len(r) && unicode.IsLetter(r[i+1]) {
			out = append(out, r[i+1])
			i++
			out = append(out, r[i-1])
			continue
		}
		out = append(out, r[i])
	}
	return string(out)
}
