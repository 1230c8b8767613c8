package library

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind is what a file is.
type Kind string

// The kinds; the same words as meeting.DocumentKind.
const (
	PDF   Kind = "pdf"
	DOCX  Kind = "docx"
	ODT   Kind = "odt"
	HTML  Kind = "html"
	Plain Kind = "text"
	Image Kind = "image"
	Audio Kind = "audio"
	Video Kind = "video"
)

// ending is what a name's ending promises: a kind, and of pictures, sound and films the media types that browsers show.
type ending struct {
	kind  Kind
	types []string
}

// endings that are taken. What is not here is not taken: nothing that a machine runs, and nothing that a browser cannot show or that text
// cannot be taken out of.
func endings(e string) (ending, bool) {
	switch e {
	case "pdf":
		return ending{PDF, []string{"application/pdf"}}, true
	case "docx":
		return ending{DOCX, []string{docxType}}, true
	case "odt":
		return ending{ODT, []string{odtType}}, true
	case "html", "htm", "xhtml":
		return ending{HTML, []string{"text/html"}}, true
	case "txt", "md", "csv", "tsv", "srt", "vtt", "log", "text":
		return ending{Plain, []string{"text/plain", "text/html"}}, true // source text of a page is a text too
	case "png":
		return ending{Image, []string{"image/png"}}, true
	case "jpg", "jpeg", "jfif":
		return ending{Image, []string{"image/jpeg"}}, true
	case "gif":
		return ending{Image, []string{"image/gif"}}, true
	case "webp":
		return ending{Image, []string{"image/webp"}}, true
	case "mp3":
		return ending{Audio, []string{"audio/mpeg"}}, true
	case "ogg", "opus", "oga":
		return ending{Audio, []string{"audio/ogg"}}, true
	case "wav":
		return ending{Audio, []string{"audio/wav"}}, true
	case "flac":
		return ending{Audio, []string{"audio/flac"}}, true
	case "m4a":
		return ending{Audio, []string{"video/mp4"}}, true // one container; which it is, the name says
	case "mp4", "m4v":
		return ending{Video, []string{"video/mp4", "video/quicktime"}}, true // some cameras name theirs so
	case "mov":
		return ending{Video, []string{"video/quicktime", "video/mp4"}}, true
	case "webm", "mkv":
		return ending{Video, []string{"video/webm"}}, true
	case "ogv":
		return ending{Video, []string{"audio/ogg"}}, true
	}
	return ending{}, false
}

const (
	docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	odtType  = "application/vnd.oasis.opendocument.text"
)

func endingOf(file string) (ending, error) {
	word := strings.TrimPrefix(strings.ToLower(path.Ext(strings.TrimSpace(file))), ".")
	e, ok := endings(word)
	if !ok {
		return e, &Wrong{Code: NotTaken, Args: map[string]any{"ending": clip(word, 16)}}
	}
	return e, nil
}

func clip(s string, most int) string {
	for i := range s {
		if most--; most < 0 {
			return s[:i]
		}
	}
	return s
}

// Type is the media type under which a file of a kind and name is served. A text is always served as UTF-8 or by Page.
func Type(k Kind, file string) string {
	e, err := endingOf(file)
	if err != nil || e.kind != k || len(e.types) == 0 {
		return "application/octet-stream"
	}
	switch t := e.types[0]; {
	case t == "video/quicktime": // MP4's own father: browsers play what they know in it, but only under this name
		return "video/mp4"
	case k == Audio && t == "video/mp4":
		return "audio/mp4"
	case k == Video && t == "audio/ogg":
		return "video/ogg"
	default:
		return t
	}
}

// kindOfFile says what a file is by its content, and refuses one whose name says something else.
func kindOfFile(p, file string) (Kind, error) {
	promised, err := endingOf(file)
	if err != nil {
		return "", err
	}
	f, err := os.Open(p)
	if err != nil {
		return "", err
	}
	defer f.Close()
	is, err := sniff(f)
	if err != nil {
		return "", err
	}
	if is == "" || !slices.Contains(promised.types, is) {
		return "", &Wrong{Code: Lies, Args: map[string]any{"ending": clip(strings.TrimPrefix(strings.ToLower(path.Ext(file)), "."), 16)}}
	}
	return promised.kind, nil
}

// headSize is how much of a file is looked at.
const headSize = 8 << 10

// sniff finds the media type of what it knows; empty: something else. A text is only a text when all of the head is.
func sniff(f *os.File) (string, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return "", err
	}
	head = head[:n]
	whole := n < headSize
	at := func(i int, s string) bool { return len(head) >= i+len(s) && string(head[i:i+len(s)]) == s }
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")): // readers also take it later in the file; a page in front of it makes two things of one
		return "application/pdf", nil
	case at(0, "\x89PNG\r\n\x1a\n"):
		return "image/png", nil
	case at(0, "\xff\xd8\xff"):
		return "image/jpeg", nil
	case at(0, "GIF87a"), at(0, "GIF89a"):
		return "image/gif", nil
	case at(0, "RIFF") && at(8, "WEBP"):
		return "image/webp", nil
	case at(0, "RIFF") && at(8, "WAVE"):
		return "audio/wav", nil
	case at(0, "OggS"):
		return "audio/ogg", nil
	case at(0, "fLaC"):
		return "audio/flac", nil
	case at(0, "ID3"), n > 2 && head[0] == 0xff && head[1]&0xe6 == 0xe2: // an MPEG frame of layer III
		return "audio/mpeg", nil
	case at(4, "ftypqt  "), at(4, "moov") || at(4, "wide") && at(12, "mdat"): // before it had a brand
		return "video/quicktime", nil
	case at(4, "ftyp"):
		return "video/mp4", nil
	case at(0, "\x1a\x45\xdf\xa3"):
		return "video/webm", nil
	case at(0, "PK\x03\x04"):
		return sniffZip(f)
	case isText(head, whole):
		if looksLikeHTML(head) {
			return "text/html", nil
		}
		return "text/plain", nil
	}
	return "", nil
}

// sniffZip tells the two packed kinds apart by what must be in them. One with macros is neither.
func sniffZip(f *os.File) (string, error) {
	st, err := f.Stat()
	if err != nil {
		return "", err
	}
	z, err := openZip(f, st.Size())
	if err != nil {
		if _, ok := errors.AsType[*Wrong](err); ok {
			return "", err
		}
		return "", nil
	}
	has := func(name string) *zip.File {
		i := slices.IndexFunc(z.File, func(x *zip.File) bool { return x.Name == name })
		if i < 0 {
			return nil
		}
		return z.File[i]
	}
	for _, x := range z.File {
		if strings.EqualFold(path.Base(x.Name), "vbaProject.bin") || strings.HasPrefix(x.Name, "Basic/") {
			return "", nil
		}
	}
	if has("[Content_Types].xml") != nil && has("word/document.xml") != nil {
		return docxType, nil
	}
	if m := has("mimetype"); m != nil && has("content.xml") != nil {
		b, err := unpack(m, 256)
		if err == nil && strings.TrimSpace(string(b)) == odtType {
			return odtType, nil
		}
	}
	return "", nil
}

// isText: no control character but white space and escape; in UTF-8, or in UTF-16 with its mark, or in one of the old one-byte sets.
func isText(head []byte, whole bool) bool {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return true
	}
	for _, b := range head {
		if b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1b {
			return false
		}
	}
	if !whole { // the last letter may be cut
		head = head[:max(0, len(head)-utf8.UTFMax)]
	}
	if utf8.Valid(head) {
		return true
	}
	high := 0 // of an old set: letters among it, so that what is packed or drawn is none
	for _, b := range head {
		if b >= 0x80 {
			high++
		}
	}
	return high < len(head)*19/20
}

func looksLikeHTML(head []byte) bool {
	s := strings.ToLower(decode(head))
	s = strings.TrimSpace(strings.TrimPrefix(s, "\ufeff"))
	for strings.HasPrefix(s, "<!--") || strings.HasPrefix(s, "<?xml") {
		_, after, ok := strings.Cut(s, ">")
		if !ok {
			return false
		}
		s = strings.TrimSpace(after)
	}
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<title", "<meta", "<script", "<p", "<h1", "<div", "<table", "<article"} {
		if rest, ok := strings.CutPrefix(s, tag); ok && (rest == "" || strings.ContainsRune(" \t\r\n>/", rune(rest[0]))) {
			return true
		}
	}
	return false
}
