package paper

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"astara/meeting"
)

// TermSheet is a glossary to be printed: a column for each language, a line for each term.
type TermSheet struct {
	Reader    meeting.Language // whose words the page itself has
	Languages []meeting.Language
	Area      string // the only one on it; empty: all
	Terms     []meeting.Term
}

// sheetWords are the page's own.
type sheetWords struct {
	title, note, agreed string
	languages           map[meeting.Language]string
	areas               map[string]string
}

func sheetWordsOf(l meeting.Language) sheetWords {
	areas := func(list ...string) map[string]string {
		out := map[string]string{}
		for i, id := range meeting.KnownAreas() {
			out[id] = list[i]
		}
		return out
	}
	switch l {
	case "fa":
		return sheetWords{"واژه‌نامه", "یادداشت", "آنچه با ● نشان شده، مورد توافق همهٔ طرف‌هاست.",
			map[meeting.Language]string{"fa": "فارسی", "az": "آذربایجانی", "az-Cyrl": "آذربایجانی (سیریلیک)", "en": "انگلیسی", "ru": "روسی"},
			areas("حمل‌ونقل", "گمرک", "بازرگانی", "بهداشت", "انرژی", "کشاورزی", "محیط زیست", "آموزش", "فرهنگ", "امور کنسولی", "امنیت")}
	case "az":
		return sheetWords{"Terminlər lüğəti", "Qeyd", "● ilə işarələnənlər bütün tərəflərin razılaşdırdığı terminlərdir.",
			map[meeting.Language]string{"fa": "Fars", "az": "Azərbaycan", "az-Cyrl": "Azərbaycan (kiril)", "en": "İngilis", "ru": "Rus"},
			areas("Nəqliyyat", "Gömrük", "Ticarət", "Səhiyyə", "Energetika", "Kənd təsərrüfatı", "Ətraf mühit", "Təhsil", "Mədəniyyət", "Konsulluq işləri", "Təhlükəsizlik")}
	case "ru":
		return sheetWords{"Глоссарий", "Примечание", "Знаком ● отмечено то, что согласовали все стороны.",
			map[meeting.Language]string{"fa": "Персидский", "az": "Азербайджанский", "az-Cyrl": "Азербайджанский (кириллица)", "en": "Английский", "ru": "Русский"},
			areas("Транспорт", "Таможня", "Торговля", "Здравоохранение", "Энергетика", "Сельское хозяйство", "Окружающая среда", "Образование", "Культура", "Консульские вопросы", "Безопасность")}
	}
	return sheetWords{"Glossary", "Note", "What is marked ● is agreed by all sides.",
		map[meeting.Language]string{"fa": "Persian", "az": "Azerbaijani", "az-Cyrl": "Azerbaijani (Cyrillic)", "en": "English", "ru": "Russian"},
		areas("Transport", "Customs", "Trade", "Health", "Energy", "Agriculture", "Environment", "Education", "Culture", "Consular affairs", "Security")}
}

type sheetCell struct {
	Language, Direction string
	First               string
	Others              []string
}

type sheetLine struct {
	Agreed bool
	Cells  []sheetCell
	Note   string
}

// HTML is the page: without a script, and with nothing from elsewhere.
func (t TermSheet) HTML() ([]byte, error) {
	page, err := template.New("terms").Parse(sheetText)
	if err != nil {
		return nil, err
	}
	w := sheetWordsOf(t.Reader)
	data := struct {
		Language, Direction, Title, Note, Agreed string
		Heads                                    []sheetCell
		Lines                                    []sheetLine
		Notes                                    bool
	}{Language: string(t.Reader), Direction: direction(t.Reader), Title: w.title, Note: w.note}
	if t.Area != "" {
		data.Title += " · " + cmp.Or(w.areas[t.Area], t.Area)
	}
	for _, l := range t.Languages {
		data.Heads = append(data.Heads, sheetCell{Direction: direction(l), First: cmp.Or(w.languages[l], string(l))})
	}
	for _, term := range t.Terms {
		facts := term.InUse()
		x := sheetLine{Agreed: term.Effect > 0, Note: facts.Note}
		for _, l := range t.Languages {
			c := sheetCell{Language: string(l), Direction: direction(l)}
			if names := facts.Names[l]; len(names) > 0 {
				c.First, c.Others = names[0], names[1:]
			}
			x.Cells = append(x.Cells, c)
		}
		if !slices.ContainsFunc(x.Cells, func(c sheetCell) bool { return c.First != "" }) {
			continue
		}
		data.Notes = data.Notes || x.Note != ""
		if x.Agreed {
			data.Agreed = w.agreed
		}
		data.Lines = append(data.Lines, x)
	}
	var b strings.Builder
	if err := page.Execute(&b, data); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}

func direction(l meeting.Language) string {
	if rightToLeft(l) {
		return "rtl"
	}
	return "ltr"
}

const sheetText = `<!doctype html>
<html lang="{{.Language}}" dir="{{.Direction}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>
@page { size: A4; margin: 1.5cm; }
body { margin: 2rem auto; padding-inline: 1rem; max-inline-size: 70rem; color: #111; background: #fff; font: 12pt/1.5 "Times New Roman", "Noto Naskh Arabic", "Noto Serif", serif; }
h1 { font-size: 1.5em; }
table { inline-size: 100%; border-collapse: collapse; }
th { text-align: start; font-size: 0.85em; color: #444; border-block-end: 2px solid #444; padding: 0.3rem 0.6rem; }
td { vertical-align: top; border-block-end: 1px solid #bbb; padding: 0.35rem 0.6rem; overflow-wrap: anywhere; text-align: start; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
td[dir=rtl] { font-family: "B Nazanin", IRNazanin, Vazirmatn, "Noto Naskh Arabic", "Times New Roman", serif; font-size: 1.06em; }
.name { font-weight: 700; }
.others, .note, p { font-size: 0.85em; color: #444; }
.others { display: block; }
.mark { inline-size: 1rem; }
.note { white-space: pre-line; max-inline-size: 18rem; }
@media print { body { margin: 0; padding: 0; max-inline-size: none; } }
</style>
</head>
<body>
<h1>{{.Title}}</h1>
{{if .Agreed}}<p>{{.Agreed}}</p>
{{end}}<table>
<thead><tr><th class="mark"></th>{{range .Heads}}<th dir="{{.Direction}}">{{.First}}</th>{{end}}{{if .Notes}}<th>{{.Note}}</th>{{end}}</tr></thead>
<tbody>
{{$notes := .Notes}}{{range .Lines}}<tr><td class="mark">{{if .Agreed}}●{{end}}</td>{{range .Cells}}<td lang="{{.Language}}" dir="{{.Direction}}">{{if .First}}<span class="name">{{.First}}</span>{{range .Others}}<span class="others">{{.}}</span>{{end}}{{end}}</td>{{end}}{{if $notes}}<td class="note" dir="auto">{{.Note}}</td>{{end}}</tr>
{{end}}</tbody>
</table>
</body>
</html>
`
