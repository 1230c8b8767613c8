package library

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"io"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// maxPage is how much of a web page is shown; the rest of a larger one is in the file.
const maxPage = 4 << 20

// pageStyle is the only style of a page, so its hash is the only one that the policy allows.
const pageStyle = `:root{color-scheme:light}body{margin:0 auto;padding:1.5rem;max-width:48rem;background:#fff;color:#16202c;font:1.125rem/1.7 Vazirmatn,Inter,system-ui,sans-serif;overflow-wrap:anywhere}` +
	`p{margin:0 0 .6em;unicode-bidi:plaintext}pre{white-space:pre-wrap;unicode-bidi:plaintext;font:inherit}img{max-width:100%;height:auto}` +
	`table{border-collapse:collapse;max-width:100%}td,th{border:1px solid #8a94a0;padding:.3em .6em;text-align:start}a{color:inherit}`

// PagePolicy is what a page may use beside nothing: its own style, and pictures that are within it.
func PagePolicy() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; img-src data:"
}

func page(body string) []byte {
	return []byte(`<!doctype html><html dir="auto"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><style>` +
		pageStyle + `</style></head><body>` + body + `</body></html>`)
}

// CleanPage is a web page without scripts, styles, forms, frames and everything from elsewhere. The policy under which it is served would
// stop these too; neither relies on the other.
func CleanPage(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxPage))
	if err != nil {
		return nil, err
	}
	return page(pagePolicy().Sanitize(decode(b))), nil
}

func pagePolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "div", "span", "section", "article", "main", "header", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl",
		"dt", "dd", "blockquote", "pre", "code", "b", "strong", "i", "em", "u", "s", "sub", "sup", "small", "mark", "abbr", "cite", "q", "figure", "figcaption",
		"bdi", "bdo", "ruby", "rt", "rp", "wbr", "a", "center", "font", "time", "address", "ins", "del")
	p.AllowTables()
	p.AllowAttrs("dir").Matching(regexp.MustCompile(`(?i)^(rtl|ltr|auto)$`)).Globally()
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[A-Za-z0-9-]{2,20}$`)).Globally()
	p.AllowAttrs("alt", "title").Matching(bluemonday.Paragraph).OnElements("img", "abbr")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowDataURIImages() // and no others: a picture from elsewhere would tell who reads
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^data:image/(png|jpeg|gif|webp);base64,`)).OnElements("img")
	p.SkipElementsContent("script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "head", "title", "textarea", "select", "button")
	return p
}

// TextPage is text as a page: each line a paragraph in its own direction. Lines of a plain text keep their spaces.
func TextPage(list []Passage, plain bool) []byte {
	var b strings.Builder
	size := 0
	for _, one := range list {
		size += len([]rune(one.Text))
		if plain {
			b.WriteString(`<pre dir="auto">` + html.EscapeString(one.Text) + "</pre>")
			continue
		}
		for line := range strings.Lines(one.Text) {
			if strings.TrimSpace(line) != "" {
				b.WriteString(`<p dir="auto">` + html.EscapeString(strings.TrimRight(line, "\n")) + "</p>")
			}
		}
	}
	if size >= MaxText { // there is more in the file
		b.WriteString("<p>…</p>")
	}
	return page(b.String())
}
