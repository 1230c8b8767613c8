package record

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// found tells whether a query finds a text, by the keys that an index of the text holds, as whole words.
func found(typed, text string) bool {
	_, keys := Keys(text)
	held := strings.Fields(keys)
	for _, word := range NewQuery(typed).Words {
		if !slices.ContainsFunc(word, func(k string) bool { return slices.Contains(held, k) }) {
			return false
		}
	}
	return true
}

// spellings are words as they are written in one place and another, which a search takes for the same.
func spellings(t *testing.T) (out map[string][]string) {
	t.Helper()
	b, err := os.ReadFile("testdata/spellings.json")
	if err := errors.Join(err, json.Unmarshal(b, &out)); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestEverySpellingFindsTheOthers: each word of a line finds a text with each other one, in both directions.
func TestEverySpellingFindsTheOthers(t *testing.T) {
	for name, list := range spellings(t) {
		for _, a := range list {
			for _, b := range list {
				if !found(a, "— "+b+"، (x)") {
					_, keys := Keys(b)
					t.Errorf("%s: %+q does not find %+q: got %q, want one of each %q", name, a, b, keys, NewQuery(a).Words)
				}
			}
		}
	}
}

func TestOtherWordsAreNotFound(t *testing.T) {
	for _, c := range [][2]string{
		{"راه", "ماه"}, {"سال", "سالم"}, {"Astara", "Ardabil"}, {"мир", "мор"}, {"2025", "2024"}, {"رشت آستارا", "رشت"},
		{"می‌رود", "رود"}, {"ab", "a. b"}, {"ab", "a\nb"},
	} {
		if found(c[0], c[1]) {
			t.Errorf("%q finds %q", c[0], c[1])
		}
	}
	if q := NewQuery(" \u200c\u200f .،؟ ءـ"); len(q.Words) != 0 {
		t.Errorf("nothing: got %q", q.Words)
	}
	if q := NewQuery(strings.Repeat("a b ", 100)); len(q.Words) != MaxWords {
		t.Errorf("too many: got %d words, want %d", len(q.Words), MaxWords)
	}
}

func TestTheExactFormIsKept(t *testing.T) {
	for text, want := range map[string]string{"Gəncə şəhəri": "gəncə şəhəri", "می‌رود": "می رود", "هيئت": "هيئت", "Ёлка": "ёлка"} {
		if got, _ := Keys(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestHitsAreMarkedInTheTextItself(t *testing.T) {
	for _, c := range []struct{ typed, text, want string }{
		{"می رود", "او می‌رود.", "او [می‌رود]."},
		{"میرود", "او می رود.", "او [می رود]."},
		{"رود", "او می‌رود.", "او می‌[رود]."},
		{"gence", "Gəncədə və GƏNCƏ-də", "[Gəncədə] və [GƏNCƏ]-də"},
		{"bakı", "Бакы шәһәри", "[Бакы] шәһәри"},
		{"هیات", "اعضای هَیئَت محترم", "اعضای [هَیئَت] محترم"},
		{"дорог", "Железная дорога, дороги", "Железная [дорога], [дороги]"},
		{"راه‌آهن", "ساخت راه‌آهن‌ها و راه‌آهن‌های دیگر، راه آهنی", "ساخت [راه‌آهن]‌ها و [راه‌آهن]‌های دیگر، [راه] [آهنی]"},
		{"مرز", "مرزها و مرزی", "[مرزها] و [مرزی]"},
		{"dəmir yolu", "Dəmir yolunun tikintisi", "[Dəmir] [yolunun] tikintisi"},
		{"gömrük", "Gömrüyün qaydaları, gömrükdə, ҝөмрүјүн", "[Gömrüyün] qaydaları, [gömrükdə], [ҝөмрүјүн]"},
		{"bayraq", "bayrağı", "[bayrağı]"},
		{"граница", "на границе, границы и границ; гранит", "на [границе], [границы] и [границ]; гранит"},
		{"железная дорога", "вдоль железной дороги", "вдоль [железной] [дороги]"},
		{"agreements", "an agreement", "an [agreement]"},
		{"el", "Elşən və elektrik, el", "Elşən və elektrik, [el]"}, // of two letters only the whole word
		{"1404", "سال ۱۴۰۴ است", "سال [۱۴۰۴] است"},
		{"nowhere", "Elşən", "Elşən"},
		{"نمیخواهندشان", "آنها نمی‌خواهند‌شان گفت", "آنها [نمی‌خواهند‌شان] گفت"},
	} {
		if got := marked(NewQuery(c.typed).Passage(c.text)); got != c.want {
			t.Errorf("%q in %q: got %q, want %q", c.typed, c.text, got, c.want)
		}
	}
	long := strings.Repeat("слово ", 200) + "Решт " + strings.Repeat("слово ", 200)
	got := marked(NewQuery("Rest решт").Passage(long))
	if !strings.HasPrefix(got, "…слово") || !strings.HasSuffix(got, "слово…") || !strings.Contains(got, "[Решт]") || utf8.RuneCountInString(got) > 300 {
		t.Errorf("a passage of a long text: got %q", got)
	}
}

func marked(list []Piece) string {
	var b strings.Builder
	for _, p := range list {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// FuzzKeys: whatever the text, keys are folded already, hold nothing that an index would take apart, and a passage is the text itself.
func FuzzKeys(f *testing.F) {
	for _, s := range []string{"می‌رود", "Ҝәнҹә gəncə ҜƏНҸƏ", "ئؤأإ ۱۲۳", "İ̇ıI", "\xff\u0301a", "ﷺ ﬁ ½ Ǆ ͅ", "ſß ŉ K Å", "a\u200c\u200cb", "𝟘ⅷ①"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, text, typed string) {
		exact, keys := Keys(text)
		for _, s := range []string{exact, keys} {
			for _, r := range s {
				if r != ' ' && !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) {
					t.Fatalf("%q: %q has %U", text, s, r)
				}
			}
		}
		for _, k := range strings.Fields(keys) {
			if _, again := Keys(k); k != strings.Fields(again)[0] && utf8.RuneCountInString(k) < maxKey {
				t.Fatalf("%q: %q is folded again to %q", text, k, again)
			}
		}
		if valid := strings.ToValidUTF8(text, ""); len(NewQuery(valid).Words) < MaxWords && !found(valid, valid) {
			t.Fatalf("%q does not find itself: %q", valid, NewQuery(valid).Words)
		}
		var shown strings.Builder
		pieces := NewQuery(typed).Passage(text)
		for i, p := range pieces {
			if p.Text == "…" && (i == 0 || i == len(pieces)-1) {
				continue
			}
			shown.WriteString(p.Text)
		}
		if !strings.Contains(text, shown.String()) {
			t.Fatalf("%q in %q: shown %q", typed, text, shown.String())
		}
	})
}
