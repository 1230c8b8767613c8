package paper

import (
	"html/template"
	"strings"
)

// Policy is the content security policy of the page: nothing but its own style.
const Policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// HTML is the copy as one page to print: without a script, and with nothing from elsewhere.
func (d Minutes) HTML() ([]byte, error) {
	t, err := template.New("minutes").Parse(pageText)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	if err := t.Execute(&b, d.printed()); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}

// What the page's text is filled with.
type (
	printedCell struct {
		Language, Direction string
		Lines               []string
	}
	printedLine struct {
		Kind  string
		Cells []printedCell
	}
	printedSide struct {
		Names  []printedCell
		Chair  printedCell
		Lines  []printedCell
		Signed bool
	}
	printed struct {
		Language, Direction, Title, Hash string
		Columns                          int
		Rows                             []printedLine
		Sides                            []printedSide
		Verify                           []printedCell
	}
)

func (d Minutes) printed() printed {
	out := printed{Hash: string(d.hash), Columns: len(d.columns)}
	names := []string{"title", "subject", "plain", "party", "heading", "text", "draft", "small"}
	for _, r := range d.rows {
		x := printedLine{Kind: names[r.kind]}
		for i, text := range r.cells {
			x.Cells = append(x.Cells, d.cell(i, text))
		}
		if r.kind == subject && len(r.cells) > 0 {
			out.Title = strings.Join(r.cells, " · ")
		}
		out.Rows = append(out.Rows, x)
	}
	for _, s := range d.sides {
		out.Sides = append(out.Sides, d.printedSide(s))
	}
	for i, c := range d.columns {
		x := d.cell(i, c.words.verify)
		if i == 0 {
			out.Language, out.Direction = x.Language, x.Direction
		}
		out.Verify = append(out.Verify, x)
	}
	return out
}

// cell is a text in the language of a column.
func (d Minutes) cell(column int, text string) printedCell {
	l := d.columns[column].language
	direction := "ltr"
	if rightToLeft(l) {
		direction = "rtl"
	}
	return printedCell{string(l), direction, strings.Split(text, "\n")}
}

func (d Minutes) printedSide(s side) printedSide {
	x := printedSide{Signed: s.signed != nil}
	if s.chair != "" && len(d.columns) > 0 {
		x.Chair = d.cell(0, s.chair)
	}
	for i, c := range d.columns {
		x.Names = append(x.Names, d.cell(i, c.words.forSide+" "+s.names[i]))
		text := c.words.unsigned
		if s.signed != nil {
			text = s.signed[i]
		}
		x.Lines = append(x.Lines, d.cell(i, text))
	}
	return x
}

const pageText = `<!doctype html>
<html lang="{{.Language}}" dir="{{.Direction}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>
@page { size: A4; margin: 2cm; }
body { margin: 2rem auto; padding-inline: 1rem; max-inline-size: 60rem; color: #111; background: #fff; font: 12pt/1.6 "Times New Roman", "Noto Naskh Arabic", "Noto Serif", serif; }
main { display: grid; gap: 0.25rem 2rem; grid-template-columns: repeat({{.Columns}}, minmax(0, 1fr)); }
main > * { margin: 0; overflow-wrap: anywhere; }
[dir=rtl] { font-family: "B Nazanin", IRNazanin, Vazirmatn, "Noto Naskh Arabic", "Times New Roman", serif; font-size: 1.06em; }
.title { font-size: 1.6em; font-weight: 700; text-align: center; }
.subject { font-size: 1.2em; font-weight: 700; text-align: center; }
.plain { text-align: center; }
.heading { margin-block-start: 0.8rem; font-size: 1.1em; font-weight: 700; break-after: avoid; }
.party { margin-block-start: 0.6rem; font-size: 0.9em; }
.party span:first-child { font-weight: 700; }
.small, .proof { font-size: 0.8em; color: #444; }
.draft { background: #fff0d2; print-color-adjust: exact; }
main span { display: block; min-block-size: 1.6em; }
.sides { display: flex; flex-wrap: wrap; gap: 2rem; margin-block-start: 2rem; break-inside: avoid; }
.sides > div { flex: 1 1 16rem; }
.sides p { margin-block: 0 0.3rem; }
.name { font-weight: 700; }
.pen { block-size: 3rem; border-block-end: 1px solid #444; }
.hash { direction: ltr; unicode-bidi: isolate; font-family: monospace; overflow-wrap: anywhere; }
</style>
</head>
<body>
<main>
{{range .Rows}}{{$kind := .Kind}}{{range .Cells}}<div class="{{$kind}}" lang="{{.Language}}" dir="{{.Direction}}">{{range .Lines}}<span>{{.}}</span>{{end}}</div>
{{end}}{{end}}</main>
<div class="sides">
{{range .Sides}}<div>{{range .Names}}<p class="name" lang="{{.Language}}" dir="{{.Direction}}">{{range .Lines}}{{.}}{{end}}</p>{{end}}{{if .Chair.Lines}}<p dir="{{.Chair.Direction}}">{{range .Chair.Lines}}{{.}}{{end}}</p>{{end}}{{range .Lines}}<p class="small" lang="{{.Language}}" dir="{{.Direction}}">{{range .Lines}}{{.}}{{end}}</p>{{end}}{{if not .Signed}}<div class="pen"></div>{{end}}</div>
{{end}}</div>
{{if .Hash}}<div class="proof"><p>SHA-256: <span class="hash">{{.Hash}}</span></p>
{{range .Verify}}<p lang="{{.Language}}" dir="{{.Direction}}">{{range .Lines}}{{.}}{{end}}</p>
{{end}}</div>{{end}}
</body>
</html>
`
