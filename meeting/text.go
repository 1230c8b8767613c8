package meeting

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Directional marks are harmless and are dropped from names; embeddings, overrides and isolates can make a name read as
// another one (Unicode TR 36) and are refused there. The joiners U+200C and U+200D belong to Persian spelling and stay.
func isMark(r rune) bool { return r == '\u200e' || r == '\u200f' || r == '\u061c' }

func isOverride(r rune) bool { return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' }

func invisible(r rune) bool {
	return unicode.IsControl(r) || isOverride(r) || r == '\ufeff' || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Co, r) || r == utf8.RuneError
}

// blank: nothing in it can be seen. Joiners, zero-width spaces and marks alone are nothing.
func blank(s string) bool {
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || isMark(r) || r >= '\u200b' && r <= '\u200d' || r == '\u2060'
	}) == ""
}

// cleanName is one line of letters, at most max of them.
func cleanName(s string, max int) (string, error) {
	for _, r := range s {
		if invisible(r) {
			return "", refuse(NameWrong, "max", max)
		}
	}
	s = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if isMark(r) {
			return -1
		}
		return r
	}, s)), " ")
	if blank(s) {
		return "", refuse(NameEmpty)
	}
	if utf8.RuneCountInString(s) > max {
		return "", refuse(NameWrong, "max", max)
	}
	return s, nil
}

// cleanText keeps line breaks and marks, and drops what cannot be seen.
func cleanText(s string, max int) (string, error) {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && invisible(r) {
			return -1
		}
		return r
	}, s))
	if blank(s) {
		return "", refuse(TextEmpty)
	}
	if utf8.RuneCountInString(s) > max {
		return "", refuse(TooLong, "max", max)
	}
	return s, nil
}

// cleanWords cleans each language's text of one line and drops those that are empty; need must be there.
func cleanWords(w Words, need []Language, max int) (Words, error) {
	return cleanEach(w, need, max, cleanName)
}

// cleanTexts is cleanWords for texts of several lines.
func cleanTexts(w Words, need []Language, max int) (Words, error) {
	return cleanEach(w, need, max, cleanText)
}

func cleanEach(w Words, need []Language, max int, clean func(s string, max int) (string, error)) (Words, error) {
	out := Words{}
	if len(w) > 4*MaxLanguages {
		return nil, refuse(LanguagesWrong, "max", MaxLanguages)
	}
	for l, s := range w {
		if !l.Valid() {
			return nil, refuse(LanguagesWrong, "max", MaxLanguages)
		}
		if blank(s) {
			continue
		}
		c, err := clean(s, max)
		if err != nil {
			return nil, err
		}
		out[l] = c
	}
	for _, l := range need {
		if out[l] == "" {
			return nil, refuse(TitleMissing, "language", l)
		}
	}
	return out, nil
}
