package record

import (
	"strings"
	"testing"
	"time"

	"astara/meeting"
)

func publication() meeting.Publication {
	return meeting.Publication{At: time.Date(2027, 3, 21, 10, 0, 0, 0, time.UTC), By: "tehran/nasrin",
		Occasion: meeting.Occasion{Title: meeting.Words{"fa": "راه‌آهن", "az": "Dəmir yolu"}, StartsAt: time.Date(2027, 3, 21, 8, 30, 0, 0, time.UTC),
			Parties: []meeting.Party{{ID: "tehran", Names: meeting.Words{"fa": "وزارت راه"}}, {ID: "baku", Names: meeting.Words{"az": "Nəqliyyat Nazirliyi"}}}},
		Title: meeting.Words{"fa": "گفت‌وگو دربارهٔ راه‌آهن", "az": "Dəmir yolu haqqında danışıq"},
		Parts: []meeting.PublishedPart{{Text: meeting.Words{"fa": "بند یک.\n\n— tehran AAAA", "az": "Birinci."}}, {Text: meeting.Words{"fa": "پهنای خط ۱۵۲۰", "az": "1520 mm"}, Element: "e18", Hash: "x"}},
		Corrections: []meeting.Correction{{At: time.Date(2027, 3, 22, 10, 0, 0, 0, time.UTC), By: "tehran/nasrin",
			Text: meeting.Words{"fa": "۲۰۲۸", "az": "2028"}}}}
}

func signedAccount(t testing.TB) string {
	t.Helper()
	k, err := NewKey("tehran")
	if err != nil {
		t.Fatal(err)
	}
	text, err := SignAccount("c1", k, publication())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestVerifyAccount(t *testing.T) {
	text := signedAccount(t)
	v, err := VerifyAccount([]byte(text))
	if err != nil || v.Party != "tehran" || v.Consultation != "c1" || len(v.Languages) != 2 || v.Corrections != 1 {
		t.Fatalf("got %+v, %v", v, err)
	}
	for i := range []byte(text) {
		for _, flip := range []byte{1, 0x20, 0x80} {
			b := []byte(text)
			b[i] ^= flip
			if _, err := VerifyAccount(b); err == nil {
				t.Fatalf("byte %d flipped by %x is not found", i, flip)
			}
		}
	}
	for n := range len(text) {
		if _, err := VerifyAccount([]byte(text[:n])); err == nil {
			t.Fatalf("cut at %d is not found", n)
		}
	}
	_, err = VerifyAccount([]byte(strings.Replace(text, "Birinci.", "Birinci!", 1)))
	if err == nil || !strings.Contains(err.Error(), `"paragraph az 1"`) {
		t.Errorf("got %v, want the paragraph named", err)
	}
	other := signedAccount(t)
	if _, err := VerifyAccount([]byte(text[:strings.LastIndex(text, "\n\n")] + other[strings.LastIndex(other, "\n\n"):])); err == nil {
		t.Error("another key's signature is taken")
	}
}

// Whatever a file holds, it is right or refused.
func FuzzVerifyAccount(f *testing.F) {
	f.Add([]byte(signedAccount(f)))
	f.Add([]byte("astara readout 1\nc\np\nkey x\npublished 2027-03-21T10:00:00Z\noccasion\ntitle az 3 x\nabc\n\n— p AAAA\n"))
	f.Add([]byte("astara readout 1\n\n— "))
	f.Fuzz(func(t *testing.T, b []byte) {
		if v, err := VerifyAccount(b); err == nil && (v.Key == "" || !v.Party.Valid()) {
			t.Errorf("got %+v", v)
		}
	})
}
