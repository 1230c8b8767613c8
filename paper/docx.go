package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"astara/meeting"
)

// font of every run. It is on every Windows and Mac with Latin, Cyrillic and Arabic letters; elsewhere the office program takes one of the same
// widths (Liberation Serif), and for Arabic letters what the system has.
const font = "Times New Roman"

// Measures in twentieths of a point: A4 with margins of 2 cm.
const (
	pageWidth, pageHeight, margin = 11906, 16838, 1134
	textWidth                     = pageWidth - 2*margin
)

// DOCX is the copy as an office document (ECMA-376, part 1), without macros, links or anything from elsewhere.
func (d Minutes) DOCX() ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range []struct{ name, body string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageParts},
		{"word/_rels/document.xml.rels", documentParts},
		{"word/settings.xml", settings},
		{"word/styles.xml", strings.ReplaceAll(styles, "FONT", font)},
		{"word/footer1.xml", d.footer()},
		{"word/document.xml", d.document()},
		{"docProps/core.xml", d.core()},
	} {
		w, err := z.Create(f.name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(xml.Header + f.body)); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

const space = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

const contentTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
	`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
	`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
	`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
	`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

const packageParts = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

const documentParts = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>` +
	`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/>` +
	`<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings" Target="settings.xml"/></Relationships>`

// settings: without this word Word lays a document out as its version of 2007 did, and says so over it.
const settings = `<w:settings ` + space + `><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`

const styles = `<w:styles ` + space + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="FONT" w:hAnsi="FONT" w:eastAsia="FONT" w:cs="FONT"/><w:sz w:val="23"/><w:szCs w:val="25"/></w:rPr></w:rPrDefault>` +
	`<w:pPrDefault><w:pPr><w:spacing w:after="60" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
	`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/></w:pPr></w:style></w:styles>`

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder refuses nothing
	return b.String()
}

func (d Minutes) core() string {
	name := ""
	for _, r := range d.rows {
		if r.kind == subject {
			name = strings.Join(r.cells, " · ")
		}
	}
	return `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>` +
		escaped(name) + `</dc:title></cp:coreProperties>`
}

func (d Minutes) document() string {
	var b strings.Builder
	b.WriteString(`<w:document ` + space + `><w:body>`)
	width := textWidth / max(1, len(d.columns))
	d.table(&b, len(d.columns), width, func() {
		for _, r := range d.rows {
			b.WriteString(`<w:tr>`)
			if r.kind != text && r.kind != draft {
				b.WriteString(`<w:trPr><w:cantSplit/></w:trPr>`)
			}
			for i, cell := range r.cells {
				openCell(&b, width, r.kind == draft)
				cellText(&b, r.kind, cell, d.columns[i].language)
				b.WriteString(`</w:tc>`)
			}
			b.WriteString(`</w:tr>`)
		}
	})
	b.WriteString(`<w:p><w:pPr><w:spacing w:after="240"/></w:pPr></w:p>`)
	d.signatures(&b)
	d.proof(&b)
	b.WriteString(`<w:sectPr><w:footerReference w:type="default" r:id="rId2"/>`)
	fmt.Fprintf(&b, `<w:pgSz w:w="%d" w:h="%d"/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="600" w:footer="600" w:gutter="0"/>`,
		pageWidth, pageHeight, margin, margin, margin, margin)
	if d.rtl {
		b.WriteString(`<w:bidi/>`)
	}
	b.WriteString(`</w:sectPr></w:body></w:document>`)
	return b.String()
}

// table of columns of one width; the first is at the right where the side's language is written from there.
func (d Minutes) table(b *strings.Builder, columns, width int, rows func()) {
	b.WriteString(`<w:tbl><w:tblPr>`)
	if d.rtl {
		b.WriteString(`<w:bidiVisual/>`)
	}
	fmt.Fprintf(b, `<w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="140" w:type="dxa"/><w:right w:w="140" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`, width*columns)
	for range columns {
		fmt.Fprintf(b, `<w:gridCol w:w="%d"/>`, width)
	}
	b.WriteString(`</w:tblGrid>`)
	rows()
	b.WriteString(`</w:tbl>`)
}

// openCell; what is not agreed is shaded.
func openCell(b *strings.Builder, width int, marked bool) {
	fmt.Fprintf(b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, width)
	if marked {
		b.WriteString(`<w:shd w:val="clear" w:color="auto" w:fill="FFF0D2"/>`)
	}
	b.WriteString(`</w:tcPr>`)
}

// face is how a kind of row looks: sizes in half points for Latin and for complex script, which is drawn smaller.
type face struct {
	size, complex int
	bold, grey    bool
	centre        bool
	before        int
	style         string
}

func faceOf(k kind) face {
	switch k {
	case title:
		return face{size: 34, complex: 38, bold: true, centre: true, style: "Title"}
	case subject:
		return face{size: 26, complex: 29, bold: true, centre: true}
	case plain:
		return face{size: 22, complex: 24, centre: true}
	case heading:
		return face{size: 25, complex: 28, bold: true, before: 160, style: "Heading1"}
	case small:
		return face{size: 18, complex: 20, grey: true, before: 80}
	}
	return face{size: 23, complex: 25, before: 40}
}

func cellText(b *strings.Builder, k kind, text string, l meeting.Language) {
	f := faceOf(k)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		g := f
		if k == party {
			if i == 0 {
				g.bold, g.before = true, 120
			} else {
				g.size, g.complex, g.before = 20, 22, 0
			}
		} else if i > 0 {
			g.before = 0
		}
		paragraph(b, g, line, l)
	}
}

// paragraph of one line: from the right where its language is written so, whatever letters it begins with.
func paragraph(b *strings.Builder, f face, text string, l meeting.Language) {
	b.WriteString(`<w:p><w:pPr>`)
	if f.style != "" {
		b.WriteString(`<w:pStyle w:val="` + f.style + `"/>`)
	}
	rtl := rightToLeft(l)
	if rtl {
		b.WriteString(`<w:bidi/>`)
	}
	if f.before > 0 {
		fmt.Fprintf(b, `<w:spacing w:before="%d" w:after="60"/>`, f.before)
	}
	if f.centre {
		b.WriteString(`<w:jc w:val="center"/>`)
	}
	b.WriteString(`</w:pPr>`)
	for _, r := range runs(text, rtl) {
		r.write(b, f, l)
	}
	b.WriteString(`</w:p>`)
}

// run is a stretch of one script. Word shapes and places it by w:rtl, not by its letters alone.
type run struct {
	text    string
	complex bool
}

// runs divides a text: in one from the right, Latin and Cyrillic words stand for themselves with what is between them, and everything else, digits too,
// goes with the line; in one from the left only Arabic or Hebrew words are apart.
func runs(text string, rtl bool) []run {
	var out []run
	add := func(s string, complex bool) {
		if s == "" {
			return
		}
		if n := len(out); n > 0 && out[n-1].complex == complex {
			out[n-1].text += s
			return
		}
		out = append(out, run{s, complex})
	}
	neutral := "" // goes with what is on both sides of it, else with the line
	last := rtl
	for _, r := range text {
		strong, complex := script(r)
		if rtl && !last && r >= '0' && r <= '9' { // "ISO 9001" is one thing
			strong = true
		}
		if !strong {
			neutral += string(r)
			continue
		}
		if complex == last {
			add(neutral, complex)
		} else {
			add(neutral, rtl)
		}
		neutral, last = "", complex
		add(string(r), complex)
	}
	add(neutral, rtl)
	for i := 1; i+1 < len(out); i++ {
		if out[i].complex != rtl {
			out[i-1].text, out[i].text, out[i+1].text = enclosed(out[i-1].text, out[i].text, out[i+1].text, rtl)
		}
	}
	return slices.DeleteFunc(out, func(r run) bool { return r.text == "" })
}

// enclosed takes what encloses words of the other direction to them, between marks of that direction: Word goes by the run, LibreOffice by the
// letters, and without the marks it gives the brackets to the line and breaks it behind the opening one.
func enclosed(before, words, after string, rtl bool) (string, string, string) {
	mark := "\u200f"
	if rtl {
		mark = "\u200e"
	}
	for _, pair := range []string{"()", "[]", "«»", "“”"} {
		open, n := utf8.DecodeRuneInString(pair)
		head, opened := strings.CutSuffix(before, string(open))
		tail, shut := strings.CutPrefix(after, pair[n:])
		if opened && shut {
			return head, mark + string(open) + words + pair[n:] + mark, tail
		}
	}
	return before, words, after
}

// script tells whether a letter has a direction of its own, and whether that is from the right.
func script(r rune) (strong, complex bool) {
	switch {
	case unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac) && !unicode.IsDigit(r):
		return unicode.IsLetter(r) || unicode.IsMark(r), true
	case unicode.IsLetter(r):
		return true, false
	}
	return false, false
}

func (r run) write(b *strings.Builder, f face, l meeting.Language) {
	b.WriteString(`<w:r><w:rPr><w:rFonts w:ascii="` + font + `" w:hAnsi="` + font + `" w:cs="` + font + `"/>`)
	if f.bold {
		b.WriteString(`<w:b/><w:bCs/>`)
	}
	foreign := r.complex != rightToLeft(l) // words of another language in a line of this one: of which, nobody knows
	if foreign {
		b.WriteString(`<w:noProof/>`)
	}
	if f.grey {
		b.WriteString(`<w:color w:val="444444"/>`)
	}
	fmt.Fprintf(b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, f.size, f.complex)
	switch tag := escaped(string(l)); {
	case r.complex && foreign:
		b.WriteString(`<w:rtl/>`)
	case r.complex:
		b.WriteString(`<w:rtl/><w:lang w:bidi="` + tag + `"/>`)
	case !foreign:
		b.WriteString(`<w:lang w:val="` + tag + `"/>`)
	}
	b.WriteString(`</w:rPr>`)
	for i, part := range strings.Split(r.text, "\t") {
		if i > 0 {
			b.WriteString(`<w:tab/>`)
		}
		if part != "" {
			b.WriteString(`<w:t xml:space="preserve">` + escaped(part) + `</w:t>`)
		}
	}
	b.WriteString(`</w:r>`)
}

// signatures: the sides beside each other, one's own first, each in all languages, with room for a pen.
func (d Minutes) signatures(b *strings.Builder) {
	width := textWidth / max(1, len(d.sides))
	d.table(b, len(d.sides), width, func() {
		b.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for _, s := range d.sides {
			openCell(b, width, false)
			for i, c := range d.columns {
				paragraph(b, face{size: 21, complex: 23, bold: true}, c.words.forSide+" "+s.names[i], c.language)
			}
			if s.chair != "" {
				paragraph(b, face{size: 21, complex: 23, before: 60}, s.chair, d.columns[0].language)
			}
			for i, c := range d.columns {
				line := c.words.unsigned
				if s.signed != nil {
					line = s.signed[i]
				}
				paragraph(b, face{size: 19, complex: 21, before: 60}, line, c.language)
			}
			if s.signed == nil {
				b.WriteString(`<w:p><w:pPr><w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="444444"/></w:pBdr><w:spacing w:before="700"/></w:pPr></w:p>`)
			}
			b.WriteString(`</w:tc>`)
		}
		b.WriteString(`</w:tr>`)
	})
}

// proof is the hash, and how the text is checked against the record.
func (d Minutes) proof(b *strings.Builder) {
	f := face{size: 18, complex: 20, grey: true, before: 160}
	for i, c := range d.columns {
		if d.hash == "" {
			break
		}
		if i == 0 {
			paragraph(b, f, "SHA-256: "+string(d.hash), "en")
		}
		paragraph(b, face{size: 18, complex: 20, grey: true, before: 40}, c.words.verify, c.language)
	}
	b.WriteString(`<w:p/>`) // a document does not end with a table
}

func (d Minutes) footer() string {
	var b strings.Builder
	b.WriteString(`<w:ftr ` + space + `><w:p><w:pPr><w:jc w:val="center"/></w:pPr>`)
	for _, instruction := range []string{"PAGE", "", "NUMPAGES"} {
		if instruction == "" {
			b.WriteString(`<w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t xml:space="preserve"> / </w:t></w:r>`)
			continue
		}
		b.WriteString(`<w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ` + instruction +
			` </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`)
	}
	if d.hash != "" {
		b.WriteString(`<w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:t xml:space="preserve">   SHA-256 ` + escaped(string(d.hash)) + `</w:t></w:r>`)
	}
	b.WriteString(`</w:p></w:ftr>`)
	return b.String()
}
