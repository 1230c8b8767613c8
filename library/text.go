package library

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/encoding/charmap"
)

// Passage is a stretch of a document's text.
type Passage struct {
	Page int    `json:"page,omitempty"` // of a PDF, from 1; otherwise 0
	Text string `json:"text"`
}

// Bounds of what is taken out: more than any report has, and little enough that one document fills no index.
const (
	MaxText     = 1 << 20 // letters of a document
	passageSize = 2000    // letters of a passage, about a page
	maxSource   = 64 << 20
)

// Text takes the text out of files in this process. A damaged file is an error, never a panic. What is needed for PDF is kept in cache, a
// directory; without one it is made anew each time.
func Text(cache string) Extract {
	return func(ctx context.Context, kind Kind, path string) ([]Passage, error) {
		return textOf(ctx, kind, path, cache)
	}
}

func textOf(ctx context.Context, kind Kind, path, cache string) (out []Passage, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, fmt.Errorf("text of a %s: panic: %v", kind, p)
		}
	}()
	switch kind {
	case PDF:
		return pdfText(ctx, path, cache)
	case DOCX, ODT:
		return officeText(ctx, kind, path)
	case HTML:
		b, err := readAtMost(path, maxSource)
		if err != nil {
			return nil, err
		}
		return htmlText(ctx, decode(b))
	case Plain:
		b, err := readAtMost(path, maxSource)
		if err != nil {
			return nil, err
		}
		return passages(decode(b)), nil
	}
	return nil, nil // pictures, sound and films have none
}

func readAtMost(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

// passages cuts a text at its lines into passages, and a line that is too long at its words.
func passages(text string) []Passage {
	c := &cutter{}
	for line := range strings.Lines(text) {
		c.line(line)
	}
	return c.end()
}

// cutter collects lines into passages.
type cutter struct {
	out   []Passage
	page  int
	now   strings.Builder
	size  int // letters in now
	total int
}

func (c *cutter) full() bool { return c.total >= MaxText }

func (c *cutter) line(line string) {
	line = strings.TrimRight(strings.ToValidUTF8(strings.ReplaceAll(line, "\x00", ""), "\ufffd"), " \t\r\n\f")
	n := utf8.RuneCountInString(line)
	for !c.full() {
		if c.size > 0 && c.size+n > passageSize {
			c.cut()
		}
		if n <= passageSize {
			break
		}
		at := cutAt(line, passageSize)
		taken := utf8.RuneCountInString(line[:at])
		c.add(line[:at], taken)
		c.cut()
		line, n = strings.TrimPrefix(line[at:], " "), n-taken
	}
	if !c.full() {
		c.add(line, n)
	}
}

func (c *cutter) add(s string, n int) {
	c.now.WriteString(s)
	c.now.WriteByte('\n')
	c.size += n
	c.total += n
}

// cutAt is the byte after about so many letters, at a space if there is one near.
func cutAt(s string, letters int) int {
	end := len(s)
	for i := range s {
		if letters--; letters < 0 {
			end = i
			break
		}
	}
	if space := strings.LastIndexByte(s[:end], ' '); space > end/2 {
		return space
	}
	return end
}

func (c *cutter) cut() {
	if text := strings.TrimSpace(c.now.String()); text != "" {
		c.out = append(c.out, Passage{c.page, strings.Trim(c.now.String(), "\n")})
	}
	c.now.Reset()
	c.size = 0
}

func (c *cutter) turn(page int) {
	c.cut()
	c.page = page
}

func (c *cutter) end() []Passage {
	c.cut()
	return c.out
}

// ---- old letters ----------------------------------------------------------------------------------------------------

// decode reads bytes as UTF-8, as UTF-16 with its mark, or in that of the old sets of our languages which makes most sense of them.
func decode(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return strings.ToValidUTF8(string(b[3:]), "\ufffd")
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return wide(b[2:], 0, 1)
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return wide(b[2:], 1, 0)
	case utf8.Valid(b):
		return string(b)
	}
	// A file cut within a letter, or with one wrong byte in it, is still UTF-8.
	if s := string(b); strings.Count(strings.ToValidUTF8(s, "\ufffd"), "\ufffd") <= 1+len(s)/1000 {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	best, most := "", -1<<30
	for _, m := range []*charmap.Charmap{charmap.Windows1256, charmap.Windows1251, charmap.Windows1254} {
		s, err := m.NewDecoder().Bytes(b)
		if err != nil {
			continue
		}
		if sense := senseOf(string(s[:min(len(s), 64<<10)])); sense > most {
			best, most = string(s), sense
		}
	}
	return best
}

func wide(b []byte, low, high int) string {
	u := make([]uint16, 0, len(b)/2)
	for i := 0; i+1 < len(b); i += 2 {
		u = append(u, uint16(b[i+low])|uint16(b[i+high])<<8)
	}
	return string(utf16.Decode(u))
}

// senseOf counts for letters that our languages are written with, and against letters that stand where no word has them: a capital within
// a word, two scripts in one, a sign in the midst of letters. That is what the wrong set makes.
func senseOf(s string) int {
	sense := 0
	var before rune
	latin := func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }
	for _, r := range s {
		cyrillic := r >= 'А' && r <= 'я' || r == 'ё'
		switch {
		case latin(before) && cyrillic, latin(r) && before >= 'А' && before <= 'я':
			sense -= 6
		case r < 0x80:
		case strings.ContainsRune("əğıöüşçİĞÖÜŞÇâî«»“”’—–…№ ", r):
			sense++
		case r >= 'а' && r <= 'я' || r == 'ё':
			sense += 2
		case r >= 'А' && r <= 'Я':
			if before >= 'а' && before <= 'я' {
				sense -= 4
			} else {
				sense++
			}
		case r >= 0x0600 && r <= 0x06ff || r == '\u200c':
			sense += 2
			if before >= 'a' && before <= 'z' {
				sense -= 6
			}
		default:
			sense -= 3
		}
		before = r
	}
	return sense
}

// ---- pages of the web -----------------------------------------------------------------------------------------------

// maxTokens bounds the work on one page.
const maxTokens = 2 << 20

// htmlText is what a reader of a page sees, a paragraph a line. It needs no tree, so that nesting costs nothing.
func htmlText(ctx context.Context, source string) ([]Passage, error) {
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(1 << 20)
	c := &cutter{}
	var line strings.Builder
	end := func() {
		if s := strings.Join(strings.Fields(line.String()), " "); s != "" {
			c.line(s)
		}
		line.Reset()
	}
	hidden := atom.Atom(0)
	for n := 0; n < maxTokens && !c.full(); n++ {
		switch z.Next() {
		case html.ErrorToken:
			end()
			if err := z.Err(); err != nil && !errors.Is(err, io.EOF) {
				return c.end(), nil // what was read before it is worth having
			}
			return c.end(), ctx.Err()
		case html.TextToken:
			if hidden == 0 {
				line.Write(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch a := atom.Lookup(name); {
			case hidden != 0:
			case a == atom.Script || a == atom.Style || a == atom.Template || a == atom.Noscript:
				hidden = a
			case breaksLine(a):
				end()
			case a == atom.Td || a == atom.Th:
				line.WriteString(" ")
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch a := atom.Lookup(name); {
			case hidden != 0 && a == hidden:
				hidden = 0
			case hidden == 0 && breaksLine(a):
				end()
			}
		}
	}
	end()
	return c.end(), ctx.Err()
}

func breaksLine(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Br, atom.Div, atom.Li, atom.Tr, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Title, atom.Section, atom.Article,
		atom.Header, atom.Footer, atom.Blockquote, atom.Pre, atom.Table, atom.Ul, atom.Ol, atom.Dt, atom.Dd, atom.Hr, atom.Figcaption, atom.Option:
		return true
	}
	return false
}
