package paper

import (
	"embed"
	"encoding/xml"
	"html/template"
	"slices"
	"strings"
	"time"

	"astara/meeting"
)

// PublicPolicy is the content security policy of the public pages: one style sheet of this node, and nothing else.
const PublicPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

//go:embed readout.css readout.html readout.png
var public embed.FS

// PublicStyle is that style sheet.
func PublicStyle() ([]byte, error) { return public.ReadFile("readout.css") }

// CardPath is the picture that shows with a link to a page, where links are sent.
const CardPath = "/readouts/card.png"

// Card is that picture, 1200 by 630.
func Card() ([]byte, error) { return public.ReadFile("readout.png") }

// PublicAccount is a side's account as the public has it.
type PublicAccount struct {
	Consultation meeting.ConsultationID
	Party        meeting.PartyID
	Key          string // by which its note is signed: NAME+HASH+BASE64
	File         string // name of the note's file
	meeting.Publication
}

func (a PublicAccount) party(id meeting.PartyID) meeting.Party {
	i := slices.IndexFunc(a.Occasion.Parties, func(p meeting.Party) bool { return p.ID == id })
	if i < 0 {
		return meeting.Party{ID: id, Names: meeting.Words{"en": string(id)}, Zone: "UTC", Calendar: meeting.Gregorian}
	}
	return a.Occasion.Parties[i]
}

// tongue is the language of an account on a page: the page's, or else the side's own.
func (a PublicAccount) tongue(page meeting.Language) meeting.Language {
	for _, l := range []meeting.Language{page, a.party(a.Party).Language} {
		if a.Title[l] != "" {
			return l
		}
	}
	return a.Languages()[0]
}

// updated is when it last changed: published, or corrected.
func (a PublicAccount) updated() time.Time {
	if n := len(a.Corrections); n > 0 {
		return a.Corrections[n-1].At
	}
	return a.At
}

// Readout is what the public pages of a consultation are made of.
type Readout struct {
	Origin   string // "https://astara.example", before every path
	Node     string // the node's name
	Accounts []PublicAccount
}

// Languages are those in which one of the accounts is.
func (r Readout) Languages() []meeting.Language {
	var out []meeting.Language
	for _, a := range r.Accounts {
		for _, l := range a.Languages() {
			if !slices.Contains(out, l) {
				out = append(out, l)
			}
		}
	}
	slices.Sort(out)
	return out
}

// ReadoutPath is where an account is read; of no party: all sides' beside each other.
func ReadoutPath(id meeting.ConsultationID, l meeting.Language, p meeting.PartyID) string {
	path := "/readout/" + string(id) + "/" + string(l)
	if p != "" {
		path += "/" + string(p)
	}
	return path
}

func signedPath(id meeting.ConsultationID, p meeting.PartyID) string {
	return "/readout/" + string(id) + "/signed/" + string(p)
}

// FeedPath is the feed of all accounts in a language, or of one party's.
func FeedPath(l meeting.Language, p meeting.PartyID) string {
	path := "/readouts/" + string(l) + "/feed"
	if p != "" {
		path += "/" + string(p)
	}
	return path
}

func indexPath(l meeting.Language) string { return "/readouts/" + string(l) }

// ---- pages ----------------------------------------------------------------------------------------------------------

type pageData struct {
	Language, Direction, Locale string
	Title, Summary, Kind        string
	URL, Feed, Style, Card      string
	Alternates, Languages       []pageLink
	Heading                     pageLine
	About                       []pageLine
	Accounts                    []pageAccount
	Notes                       []string
	List                        []pageItem
	Empty                       string
	LanguagesWord, FeedWord     string
	More                        *pageLink
	Linked                      []any // JSON-LD
	Site                        string
	Published                   string
}

type pageLink struct{ Language, Direction, Name, URL string }

type pageLine struct{ Language, Direction, Text string }

type pageItem struct {
	pageLine
	Side, URL, When, Stamp string
}

type pageAccount struct {
	pageLine          // the title
	Party             pageLine
	Missing           string
	When, Stamp       string
	Paragraphs        []pageParagraph
	Earlier           string
	Corrections       []pageCorrection
	Proof             string
	Download, File    string
	Check             pageCheck
	AloneWord, AloneA string
}

// pageCheck tells a stranger how the signature is checked, with this program and without it.
type pageCheck struct {
	Word, Key, KeyWords          string
	WithWords, With, ByHandWords string
	ByHand                       []string
}

type pageParagraph struct {
	Lines []string
	Mark  string
	Alike bool
}

type pageCorrection struct {
	When, Stamp string
	Lines       []string
}

func dir(l meeting.Language) string {
	if rightToLeft(l) {
		return "rtl"
	}
	return "ltr"
}

func textOf(l meeting.Language, s string) pageLine { return pageLine{string(l), dir(l), s} }

// in is a side's calendar and clock in the language of a page.
func in(l meeting.Language, p meeting.Party) column {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		zone = time.UTC
	}
	return column{l, wordsOf(l), zone, p.Calendar}
}

// told is a moment as the public reads it: the clock and its distance from UTC are one piece, from the left in every script.
func (c column) told(t time.Time) string {
	return c.day(t) + c.comma() + "\u2066" + digits(t.In(c.zone).Format("15:04 (UTC-07:00)"), c.language) + "\u2069"
}

func (c column) comma() string {
	if rightToLeft(c.language) {
		return "، "
	}
	return ", "
}

// Page is the public page in one language: of all sides, or of one.
func (r Readout) Page(l meeting.Language, only meeting.PartyID) ([]byte, error) {
	w := publicWordsOf(l)
	first := r.Accounts[0]
	d := r.frame(l)
	id := first.Consultation
	d.URL, d.Feed = r.Origin+ReadoutPath(id, l, only), r.Origin+FeedPath(l, only)
	d.Kind, d.Title = "article", worded(first.Occasion.Title, l)
	d.Heading = textOf(l, w.account+": "+d.Title)
	for _, x := range r.Languages() {
		d.addLanguage(x, r.Origin+ReadoutPath(id, x, only), w)
	}
	for _, p := range first.Occasion.Parties {
		d.About = append(d.About, textOf(l, strings.ReplaceAll(w.about, "{when}", in(l, p).told(first.Occasion.StartsAt))+" — "+worded(p.Names, l)))
	}
	for _, a := range r.Accounts {
		if only != "" && a.Party != only {
			continue
		}
		d.Accounts = append(d.Accounts, r.account(a, l, only))
		d.Linked = append(d.Linked, r.linked(a, l))
		if d.Published == "" {
			d.Published = stamped(a.At)
			d.Summary = strings.Join(strings.Fields(a.Parts[0].Text[a.tongue(l)]), " ")
		}
		if only != "" {
			d.Title = a.Title[a.tongue(l)]
		}
	}
	for _, p := range first.Occasion.Parties {
		if !slices.ContainsFunc(r.Accounts, func(a PublicAccount) bool { return a.Party == p.ID }) {
			d.Notes = append(d.Notes, strings.ReplaceAll(w.other, "{party}", worded(p.Names, l)))
		}
	}
	if only != "" && len(r.Accounts) > 1 {
		d.More = &pageLink{Name: w.both, URL: ReadoutPath(id, l, "")}
	}
	return d.write()
}

// Lost is what a reader gets in place of a page that is not there; with an id: of one that could not be made, under which the cause was logged.
func (r Readout) Lost(l meeting.Language, id string) ([]byte, error) {
	w, d := publicWordsOf(l), r.frame(l)
	d.URL, d.Feed, d.Kind = r.Origin+indexPath(l), r.Origin+FeedPath(l, ""), "website"
	d.Title, d.Notes = w.lost, []string{w.lostWords}
	if id != "" {
		d.Title, d.Notes = w.failed, []string{strings.ReplaceAll(w.failedWords, "{id}", id)}
	}
	d.Heading, d.Summary, d.More = textOf(l, d.Title), d.Notes[0], &pageLink{Name: w.latest, URL: indexPath(l)}
	return d.write()
}

// frame is what all public pages have.
func (r Readout) frame(l meeting.Language) pageData {
	w := publicWordsOf(l)
	locale := map[meeting.Language]string{"fa": "fa_IR", "az": "az_AZ", "ru": "ru_RU", "en": "en_GB"}[l]
	return pageData{Language: string(l), Direction: dir(l), Locale: locale, Style: "/readouts/style.css", Card: r.Origin + CardPath, Site: r.Node, LanguagesWord: w.languages, FeedWord: w.feed}
}

func (d *pageData) addLanguage(l meeting.Language, url string, w publicWords) {
	name := w.names[l]
	if name == "" {
		name = string(l)
	}
	link := pageLink{string(l), dir(l), name, url}
	d.Alternates = append(d.Alternates, link)
	if string(l) != d.Language {
		d.Languages = append(d.Languages, link)
	}
}

func (d pageData) write() ([]byte, error) {
	t, err := template.ParseFS(public, "readout.html")
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	err = t.Execute(&b, d)
	return []byte(b.String()), err
}

// account marks what all sides that published have alike, and what one alone says.
func (r Readout) account(a PublicAccount, page meeting.Language, only meeting.PartyID) pageAccount {
	l, w := a.tongue(page), publicWordsOf(page)
	own := a.party(a.Party)
	name := worded(own.Names, page)
	out := pageAccount{pageLine: textOf(l, a.Title[l]), Party: textOf(page, name), Stamp: stamped(a.At),
		When:  strings.ReplaceAll(w.published, "{when}", in(page, own).told(a.At)),
		Proof: strings.ReplaceAll(w.proof, "{party}", name), Download: w.download, File: signedPath(a.Consultation, a.Party), Check: a.check(w, name)}
	if l != page {
		out.Missing = strings.ReplaceAll(w.missing, "{language}", w.names[l])
	}
	for _, p := range a.Parts {
		x := pageParagraph{Lines: strings.Split(p.Text[l], "\n")}
		switch {
		case len(r.Accounts) > 1 && r.alike(p):
			x.Mark, x.Alike = w.alike, true
		case len(r.Accounts) > 1:
			x.Mark = strings.ReplaceAll(w.onlyOne, "{party}", name)
		}
		out.Paragraphs = append(out.Paragraphs, x)
	}
	if len(a.Corrections) > 0 {
		out.Earlier = w.earlier
	}
	for _, c := range slices.Backward(a.Corrections) {
		out.Corrections = append(out.Corrections, pageCorrection{strings.ReplaceAll(w.correction, "{when}", in(page, own).told(c.At)), stamped(c.At), strings.Split(c.Text[l], "\n")})
	}
	if only == "" && len(r.Accounts) > 1 {
		out.AloneWord, out.AloneA = w.onlyPage, ReadoutPath(a.Consultation, page, a.Party)
	}
	return out
}

// check has commands for a shell with OpenSSL 3: the twelve bytes make a public key of Ed25519 of its 32 (RFC 8410, section 4).
func (a PublicAccount) check(w publicWords, name string) pageCheck {
	_, base64, _ := strings.Cut(a.Key, "+")
	_, base64, _ = strings.Cut(base64, "+")
	return pageCheck{Word: w.check, Key: a.Key, KeyWords: strings.ReplaceAll(w.checkKey, "{party}", name), WithWords: w.checkWith, ByHandWords: w.checkByHand,
		With: "astara verify --key " + a.Key + " " + a.File,
		ByHand: []string{
			"sed '$d' " + a.File + " | sed '$d' >text",
			"tail -n 1 " + a.File + " | cut -d' ' -f3 | base64 -d | tail -c 64 >signature",
			`{ printf '\060\052\060\005\006\003\053\145\160\003\041\000'; echo ` + base64 + ` | base64 -d | tail -c 32; } | openssl pkey -pubin -inform DER -out key.pem`,
			"openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in text -sigfile signature",
		}}
}

// alike: the same agreed element is in every account.
func (r Readout) alike(p meeting.PublishedPart) bool {
	return p.Element != "" && !slices.ContainsFunc(r.Accounts, func(a PublicAccount) bool {
		return !slices.ContainsFunc(a.Parts, func(q meeting.PublishedPart) bool { return q.Element == p.Element && q.Hash == p.Hash })
	})
}

// linked is schema.org's description of a news article, as search engines read it.
func (r Readout) linked(a PublicAccount, page meeting.Language) any {
	l := a.tongue(page)
	who := map[string]any{"@type": "GovernmentOrganization", "name": worded(a.party(a.Party).Names, l)}
	url := r.Origin + ReadoutPath(a.Consultation, l, a.Party)
	var body []string
	for _, p := range a.Parts {
		body = append(body, p.Text[l])
	}
	out := map[string]any{"@context": "https://schema.org", "@type": "NewsArticle", "@id": url, "url": url, "mainEntityOfPage": url, "headline": a.Title[l], "inLanguage": string(l),
		"datePublished": stamped(a.At), "dateModified": stamped(a.updated()), "articleBody": strings.Join(body, "\n\n"), "author": who, "publisher": who,
		"about": map[string]any{"@type": "Event", "name": worded(a.Occasion.Title, l), "startDate": stamped(a.Occasion.StartsAt)}}
	var notices []string
	for _, c := range a.Corrections {
		notices = append(notices, c.Text[l])
	}
	if len(notices) > 0 {
		out["correction"] = notices
	}
	return out
}

// Index is the list of the accounts that a node published last.
func (r Readout) Index(l meeting.Language) ([]byte, error) {
	w := publicWordsOf(l)
	d := r.frame(l)
	d.Kind, d.Title, d.Heading, d.Summary = "website", w.accounts, textOf(l, w.accounts), w.accounts
	d.URL, d.Feed = r.Origin+indexPath(l), r.Origin+FeedPath(l, "")
	for _, x := range meeting.Interface() {
		d.addLanguage(x, r.Origin+indexPath(x), w)
	}
	if len(r.Accounts) == 0 {
		d.Empty = w.none
	}
	for _, a := range r.Accounts {
		t := a.tongue(l)
		own := a.party(a.Party)
		d.List = append(d.List, pageItem{textOf(t, a.Title[t]), worded(own.Names, l), ReadoutPath(a.Consultation, t, a.Party), in(l, own).told(a.At), stamped(a.At)})
	}
	return d.write()
}

func stamped(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// ---- feeds ----------------------------------------------------------------------------------------------------------

type feed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  string      `xml:"author>name"`
	Links   []feedLink  `xml:"link"`
	Entries []feedEntry `xml:"entry"`
}

type feedLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Lang string `xml:"hreflang,attr,omitempty"`
	HRef string `xml:"href,attr"`
}

type feedEntry struct {
	Lang      string     `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Published string     `xml:"published"`
	Updated   string     `xml:"updated"`
	Author    string     `xml:"author>name"`
	Links     []feedLink `xml:"link"`
	Summary   string     `xml:"summary"`
	Content   string     `xml:"content"`
}

// Feed is RFC 4287: of a node, or of one party, in one language.
func (r Readout) Feed(l meeting.Language, only meeting.PartyID) ([]byte, error) {
	w := publicWordsOf(l)
	self := r.Origin + FeedPath(l, only)
	f := feed{Lang: string(l), ID: self, Title: w.accounts + " — " + r.Node, Author: r.Node, Updated: stamped(time.Unix(0, 0)),
		Links: []feedLink{{Rel: "self", Type: "application/atom+xml", HRef: self}, {Rel: "alternate", Type: "text/html", HRef: r.Origin + indexPath(l)}}}
	var newest time.Time
	for _, a := range r.Accounts {
		t := a.tongue(l)
		name := worded(a.party(a.Party).Names, l)
		if only != "" {
			f.Title, f.Author = w.accounts+" — "+name, name
		}
		if a.updated().After(newest) {
			newest = a.updated()
			f.Updated = stamped(newest)
		}
		url := r.Origin + ReadoutPath(a.Consultation, t, a.Party)
		e := feedEntry{Lang: string(t), ID: url, Title: a.Title[t], Published: stamped(a.At), Updated: stamped(a.updated()), Author: name,
			Links: []feedLink{{Rel: "alternate", Type: "text/html", Lang: string(t), HRef: url}}, Summary: a.Parts[0].Text[t]}
		var body []string
		for _, c := range slices.Backward(a.Corrections) {
			body = append(body, strings.ReplaceAll(w.correction, "{when}", in(l, a.party(a.Party)).told(c.At))+"\n"+c.Text[t])
		}
		for _, p := range a.Parts {
			body = append(body, p.Text[t])
		}
		e.Content = strings.Join(body, "\n\n")
		f.Entries = append(f.Entries, e)
	}
	b, err := xml.MarshalIndent(f, "", " ")
	return append([]byte(xml.Header), b...), err
}
