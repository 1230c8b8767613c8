package record

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// part is a word, or what stands between two zero-width non-joiners of one, with the keys by which it is found. The text it comes
// from is never altered: from and to are its bytes there.
type part struct {
	from, to int
	exact    string   // as it is written, in small letters
	keys     []string // folded; of a Cyrillic one also its letters in Latin
	glued    bool     // a zero-width non-joiner stands before it
	near     bool     // nothing but that, a space, a hyphen or an apostrophe stands before it
}

const (
	zwnj   = '\u200c'
	tatwil = '\u0640'
	// maxKey is where a word ends for the index, in letters: nothing that people write is longer.
	maxKey = 64
)

// parts finds them in a text, in their order.
func parts(text string) []part {
	var out []part
	end := 0 // of the part before
	for from := 0; from < len(text); {
		r, n := utf8.DecodeRuneInString(text[from:])
		if !wordRune(r) {
			from += n
			continue
		}
		to := from
		for to < len(text) {
			r, n := utf8.DecodeRuneInString(text[to:])
			if !wordRune(r) {
				break
			}
			to += n
		}
		p := part{from: from, to: to, near: len(out) > 0 && nearness(text[end:from]), glued: len(out) > 0 && text[end:from] == string(zwnj)}
		if p.fold(text[from:to]) {
			out, end = append(out, p), to
		}
		from = to
	}
	return out
}

// wordRune: letters, digits, what stands above and below them, and what cannot be seen within a word.
func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) || unicode.Is(unicode.Cf, r) && r != zwnj
}

// ezafe: the single letter of «خانه‌ی», which others write «خانهٔ».
func (p part) ezafe() bool { return p.glued && utf8.RuneCountInString(p.keys[0]) == 1 }

// nearness tells whether two parts with this between them are also written as one.
func nearness(gap string) bool {
	n := 0
	for _, r := range gap {
		if n++; n > 3 || r != zwnj && r != ' ' && r != '\u00a0' && r != '\u202f' && r != '\'' && r != '’' && r != 'ʼ' && !unicode.Is(unicode.Pd, r) {
			return false
		}
	}
	return true
}

// fold makes the keys; false when nothing of the part can be seen.
func (p *part) fold(word string) bool {
	var exact, own, latin strings.Builder
	cyrillic, n := false, 0
	for _, r := range norm.NFKC.String(word) {
		if unicode.Is(unicode.Cf, r) || !wordRune(r) {
			continue // a form of one sign for several words, such as U+FDFA, has spaces within
		}
		if n++; n > maxKey {
			break
		}
		exact.WriteRune(unicode.ToLower(r))
		k := foldRune(r)
		if k < 0 {
			continue
		}
		own.WriteRune(k)
		l, ok := cyrillicLatin(unicode.ToLower(r))
		if cyrillic = cyrillic || ok; !ok {
			l = string(k)
		}
		latin.WriteString(l)
	}
	p.exact = exact.String()
	key := otherSpelling(own.String())
	if key == "" {
		return false
	}
	p.keys = []string{key}
	if l := latin.String(); cyrillic && l != "" && l != key {
		p.keys = append(p.keys, l)
	}
	return true
}

// foldRune is the one letter for all that are written in its place; -1 for what is left out.
func foldRune(r rune) rune {
	switch {
	case unicode.IsMark(r) || r == tatwil || r == 'ء' || r == 'ٴ' || unicode.Is(unicode.Lm, r) && r < 0x0600:
		return -1
	case unicode.Is(unicode.Nd, r):
		return digit(r)
	}
	switch r {
	case 'ي', 'ى', 'ئ', 'ې', 'ۍ', 'ۑ', 'ؽ', 'ؾ', 'ؿ', 'ے', 'ۓ':
		return 'ی'
	case 'ك', 'ڪ', 'ګ', 'ػ', 'ؼ':
		return 'ک'
	case 'ة', 'ۀ', 'ہ', 'ۂ', 'ۃ', 'ھ', 'ە', 'ۿ':
		return 'ه'
	case 'آ', 'أ', 'إ', 'ٱ', 'ٲ', 'ٳ', 'ٵ':
		return 'ا'
	case 'ؤ', 'ۄ', 'ۆ', 'ۇ', 'ۈ', 'ۋ':
		return 'و'
	case 'I', 'İ', 'ı':
		return 'i'
	case 'Ə', 'ə', 'Ǝ', 'ǝ':
		return 'e'
	case 'Ё', 'ё':
		return 'е'
	}
	if r = unicode.ToLower(r); r > 0x7f && unicode.Is(unicode.Latin, r) { // ğ, ş, ç, ö, ü and whatever else stands on a Latin letter
		base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
		return base
	}
	return r
}

// digit: every block of digits begins at its zero.
func digit(r rune) rune {
	for _, x := range unicode.Nd.R16 {
		if rune(x.Lo) <= r && r <= rune(x.Hi) {
			return '0' + (r-rune(x.Lo))%10
		}
	}
	for _, x := range unicode.Nd.R32 {
		if rune(x.Lo) <= r && r <= rune(x.Hi) {
			return '0' + (r-rune(x.Lo))%10
		}
	}
	return r
}

// cyrillicLatin writes a small Cyrillic letter as Azerbaijani does in Latin, folded. Russian words get such a key too: nobody writes
// them so, and names that both languages spell are found.
func cyrillicLatin(r rune) (string, bool) {
	const from, to = "абвгғдежзийјкҝлмноөпрстуүфхһчҹшыәэ", "abvqgdejziyykglmnooprstuufxhccsiee"
	if i := strings.IndexRune(from, r); i >= 0 {
		n := utf8.RuneCountInString(from[:i])
		return to[n : n+1], true
	}
	switch r {
	case 'ё':
		return "yo", true
	case 'ю':
		return "yu", true
	case 'я':
		return "ya", true
	case 'ц', 'щ':
		return "s", true
	case 'ъ', 'ь':
		return "", true
	}
	return "", false
}

// otherSpelling gives words that Persian writes in two ways the key of one of them. They are folded already.
func otherSpelling(key string) string {
	for _, x := range [][2]string{
		{"مسوول", "مسیول"}, {"هیات", "هییت"}, {"طهران", "تهران"}, {"شوون", "شیون"}, {"مساله", "مسیله"}, {"جرات", "جریت"}, {"نشات", "نشیت"},
		{"اطاق", "اتاق"}, {"بلیط", "بلیت"}, {"امپراطور", "امپراتور"},
	} {
		if rest, ok := strings.CutPrefix(key, x[0]); ok {
			return x[1] + rest
		}
	}
	return key
}

// seam stands before a key that joins neighbours, so that such keys are not found as longer forms of their first word: a letter that the
// record's languages do not have, since an index takes words apart at anything else.
const seam = 'ⴰ'

// joined are the keys of neighbours that are written as one word elsewhere.
func joined(list ...part) []string {
	var own, latin strings.Builder
	for _, p := range list {
		own.WriteString(p.keys[0])
		latin.WriteString(p.keys[len(p.keys)-1])
	}
	return slices.Compact([]string{own.String(), latin.String()})
}

// seamed are keys as Keys writes them of neighbours.
func seamed(keys []string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = string(seam) + k
	}
	return out
}

// run is the word that part i belongs to: all that is glued together, if it is three parts or more.
func run(list []part, i int) []part {
	from, to := i, i+1
	for from > 0 && list[from].glued {
		from--
	}
	for to < len(list) && list[to].glued {
		to++
	}
	if to-from < 3 {
		return nil
	}
	return list[from:to]
}

// Keys are what an index of whole words holds of a text: its words as they are written, and the keys by which they are found in
// whatever spelling. Both are words with single spaces between them, of letters and digits only.
func Keys(text string) (exact, keys string) {
	list := parts(text)
	var e, k []string
	for i, p := range list {
		e, k = append(e, p.exact), append(k, p.keys...)
		if p.near {
			k = append(k, seamed(joined(list[i-1], p))...)
		}
		if all := run(list, i); all != nil && !p.glued {
			k = append(k, seamed(joined(all...))...)
		}
	}
	return strings.Join(e, " "), strings.Join(k, " ")
}
