package library

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Bounds of what is unpacked. A thousand pages of text are 10 MiB of XML.
const (
	maxEntries  = 10_000
	maxUnpacked = 64 << 20
	maxRatio    = 400 // times its packed size; XML packs 10 to 30 times
)

// openZip reads the list of a packed file, and refuses a trap by what the list says. What it does not say, unpack finds.
func openZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	if len(z.File) > maxEntries {
		return nil, &Wrong{Code: Swollen}
	}
	var packed, whole uint64
	for _, f := range z.File {
		packed += f.CompressedSize64
		if f.UncompressedSize64 > 1<<40 || packed > 1<<42 {
			return nil, &Wrong{Code: Swollen}
		}
		whole += f.UncompressedSize64
	}
	if whole > 1<<20 && (whole/maxRatio > packed || packed > uint64(size)) { // entries that lie over each other are packed larger than the file
		return nil, &Wrong{Code: Swollen}
	}
	return z, nil
}

// unpack reads an entry of at most so many bytes.
func unpack(f *zip.File, most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(b)) > most {
		err = &Wrong{Code: Swollen}
	}
	return b, err
}

// officeText takes the text out of a DOCX (ECMA-376) or ODT (OASIS OpenDocument 1.3).
func officeText(ctx context.Context, kind Kind, path string) ([]Passage, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return officeTextOf(ctx, kind, f, st.Size())
}

func officeTextOf(ctx context.Context, kind Kind, r io.ReaderAt, size int64) ([]Passage, error) {
	z, err := openZip(r, size)
	if err != nil {
		return nil, err
	}
	names := []string{"word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml"}
	if kind == ODT {
		names = []string{"content.xml"}
	}
	c := &cutter{}
	for _, name := range names {
		i := slices.IndexFunc(z.File, func(x *zip.File) bool { return x.Name == name })
		if i < 0 {
			continue
		}
		x, err := z.File[i].Open()
		if err != nil {
			return nil, err
		}
		err = xmlText(ctx, kind, io.LimitReader(x, maxUnpacked), c)
		if err := errors.Join(err, x.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return c.end(), nil
}

// maxNested is deeper than any document; the parser keeps each open element.
const maxNested = 1000

// xmlText walks through the elements of a text document. Names are enough: the spaces of names differ between versions, and what else is
// called so in them is text too.
func xmlText(ctx context.Context, kind Kind, r io.Reader, c *cutter) error {
	d := xml.NewDecoder(r)
	d.Strict = true
	var line strings.Builder
	depth, kept, skipped := 0, 0, 0 // kept, skipped: within how many elements whose text counts, or does not
	for n := 0; !c.full(); n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > maxNested {
				return &Wrong{Code: Swollen}
			}
			enter(kind, t.Name.Local, &line, &kept, &skipped)
		case xml.EndElement:
			depth--
			if leave(kind, t.Name.Local, &kept, &skipped) {
				c.line(line.String())
				line.Reset()
			}
		case xml.CharData:
			if kept > 0 && skipped == 0 {
				if line.Len() > 4*MaxText {
					return &Wrong{Code: Swollen}
				}
				line.Write(t)
			}
		}
	}
	if line.Len() > 0 {
		c.line(line.String())
	}
	return nil
}

// skips: what was deleted, and what tells a field and not what it shows.
func skips(kind Kind, name string) bool {
	if kind == DOCX {
		return name == "del" || name == "instrText" || name == "delText" || name == "moveFrom"
	}
	return name == "tracked-changes" || name == "annotation-name"
}

// keeps: where text stands. In ODT all text in paragraphs and headings is text.
func keeps(kind Kind, name string) bool {
	if kind == DOCX {
		return name == "t"
	}
	return name == "p" || name == "h"
}

func enter(kind Kind, name string, line *strings.Builder, kept, skipped *int) {
	switch {
	case skips(kind, name):
		*skipped++
	case keeps(kind, name):
		*kept++
	case *skipped > 0:
	case name == "tab", kind == ODT && name == "s":
		line.WriteByte(' ')
	case kind == DOCX && (name == "br" || name == "cr"), kind == ODT && name == "line-break":
		line.WriteByte('\n')
	case kind == DOCX && name == "noBreakHyphen":
		line.WriteByte('-')
	}
}

// leave tells whether a paragraph ended.
func leave(kind Kind, name string, kept, skipped *int) bool {
	if skips(kind, name) && *skipped > 0 {
		*skipped--
	}
	if keeps(kind, name) && *kept > 0 {
		*kept--
	}
	return name == "p" || kind == ODT && name == "h"
}
