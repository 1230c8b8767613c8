package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"astara/meeting"
)

// sequences are the children that each element of our documents may have, in the order that ECMA-376 part 1, annex A, wants (wml.xsd). Word refuses a
// document that has them otherwise, LibreOffice does not mind. The long ones are whole, the others as far as this program writes them.
func sequences() map[string]string {
	return map[string]string{
		"document": "background body", "body": "*p tbl sectPr", "ftr": "*p tbl", "p": "pPr *r", "r": "rPr *t tab fldChar instrText",
		"pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct " +
			"topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment " +
			"textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
		"rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs " +
			"highlight u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
		"tbl":     "tblPr tblGrid *tr",
		"tblPr":   "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
		"tblGrid": "*gridCol", "tblCellMar": "top start left bottom end right", "tr": "tblPrEx trPr *tc", "trPr": "*cantSplit tblHeader trHeight",
		"tc": "tcPr *p tbl", "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark", "pBdr": "top left bottom right between bar",
		"sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings",
		"styles": "docDefaults latentStyles *style", "docDefaults": "rPrDefault pPrDefault", "rPrDefault": "rPr", "pPrDefault": "pPr",
		"style":    "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
		"settings": "compat", "compat": "*compatSetting",
	}
}

const (
	mainSpace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	ties      = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)

type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Children []node     `xml:",any"`
}

func (n node) attr(name string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// ordered tells whether the children stand as a sequence has them: from a star on in any order and number, before it each at most once.
func ordered(children []string, sequence string) bool {
	before, free, _ := strings.Cut(sequence, "*")
	one, any := strings.Fields(before), strings.Fields(free)
	at := -1
	for _, c := range children {
		if i := slices.Index(one, c); i > at {
			at = i
			continue
		}
		if !slices.Contains(any, c) {
			return false
		}
		at = len(one)
	}
	return true
}

func (n node) check(t *testing.T, where string) {
	t.Helper()
	if n.XMLName.Space != mainSpace {
		t.Errorf("%s: %v is not of the main namespace", where, n.XMLName)
	}
	var names []string
	for _, c := range n.Children {
		names = append(names, c.XMLName.Local)
	}
	name := n.XMLName.Local
	if s, known := sequences()[name]; known && !ordered(names, s) || !known && len(names) > 0 {
		t.Errorf("%s: %s has the children %v", where, name, names)
	}
	last := ""
	if len(names) > 0 {
		last = names[len(names)-1]
	}
	switch name {
	case "body":
		if last != "sectPr" || names[len(names)-2] != "p" {
			t.Errorf("%s: the body ends with %v, want p and sectPr", where, names[max(0, len(names)-2):])
		}
	case "tc":
		if last != "p" {
			t.Errorf("%s: a cell ends with %q, want p", where, last)
		}
	case "tbl":
		columns := len(n.Children[1].Children)
		for _, row := range n.Children[2:] {
			if cells := len(slices.DeleteFunc(slices.Clone(row.Children), func(c node) bool { return c.XMLName.Local != "tc" })); cells != columns {
				t.Errorf("%s: a row has %d cells in a table of %d columns", where, cells, columns)
			}
		}
	case "sz", "szCs":
		if v, err := strconv.Atoi(n.attr("val")); err != nil || v < 2 || v > 3276 {
			t.Errorf("%s: %s is %q half points", where, name, n.attr("val"))
		}
	case "jc":
		if !slices.Contains([]string{"left", "center", "right", "both", "start", "end"}, n.attr("val")) {
			t.Errorf("%s: jc is %q", where, n.attr("val"))
		}
	}
	for _, c := range n.Children {
		c.check(t, where)
	}
}

// Without Word at hand: the parts that it needs, each with its kind and reached by its relationship, and each element's children in the standard's order.
func TestDocumentsKeepTheStandard(t *testing.T) {
	for _, p := range pairs() {
		for _, draft := range []bool{false, true} {
			m := world(t, p[0], p[1], draft)
			for _, side := range []meeting.PartyID{"left", "right"} {
				b, err := Copy(m, side).DOCX()
				if err != nil {
					t.Fatal(err)
				}
				checkPackage(t, b)
			}
		}
	}
	for sequence, want := range map[string]bool{"b sz": true, "sz b": false, "b b": false, "b x": false, "r b": false, "b r r": true} {
		if got := ordered(strings.Fields(sequence), "b sz *r"); got != want {
			t.Errorf("%s: got %v", sequence, got)
		}
	}
}

func checkPackage(t *testing.T, b []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	parts, order := map[string]node{}, []string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		var n node
		if err := xml.Unmarshal(text, &n); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		parts[f.Name], order = n, append(order, f.Name)
	}
	if order[0] != "[Content_Types].xml" {
		t.Errorf("the first part is %s", order[0])
	}
	kinds := map[string]bool{}
	for _, c := range parts["[Content_Types].xml"].Children {
		if c.XMLName.Local == "Override" {
			kinds[strings.TrimPrefix(c.attr("PartName"), "/")] = true
		}
	}
	reached := map[string]bool{}
	for _, name := range order {
		switch {
		case strings.HasSuffix(name, ".rels"):
			from := path.Dir(path.Dir(name))
			for _, c := range parts[name].Children {
				reached[path.Join(from, c.attr("Target"))] = true
			}
		case name != "[Content_Types].xml" && !kinds[name]:
			t.Errorf("%s has no content type", name)
		}
		if strings.HasPrefix(name, "word/") && !strings.HasSuffix(name, ".rels") {
			parts[name].check(t, name)
		}
	}
	for name := range kinds {
		if _, there := parts[name]; !there || !reached[name] {
			t.Errorf("%s: there %v, reached by a relationship %v", name, there, reached[name])
		}
	}
	checkTies(t, parts)
}

// checkTies: what the document refers to, relationships and styles, is there.
func checkTies(t *testing.T, parts map[string]node) {
	t.Helper()
	known := map[string]bool{}
	for _, c := range parts["word/_rels/document.xml.rels"].Children {
		if known[c.attr("Id")] {
			t.Errorf("two relationships %s", c.attr("Id"))
		}
		known[c.attr("Id")] = true
	}
	for _, c := range parts["word/styles.xml"].Children {
		known[c.attr("styleId")] = true
	}
	var look func(n node)
	look = func(n node) {
		for _, a := range n.Attrs {
			if a.Name.Space == ties && !known[a.Value] {
				t.Errorf("no relationship %s", a.Value)
			}
		}
		if n.XMLName.Local == "pStyle" && !known[n.attr("val")] {
			t.Errorf("no style %s", n.attr("val"))
		}
		for _, c := range n.Children {
			look(c)
		}
	}
	look(parts["word/document.xml"])
}
