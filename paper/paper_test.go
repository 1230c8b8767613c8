package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"astara/meeting"
)

func at(minute int) time.Time { return time.Date(2026, 11, 24, 8, minute, 0, 0, time.UTC) }

// world plays a consultation of two languages, up to minutes that are agreed, or with a draft at their end.
func world(t testing.TB, one, two meeting.Language, draft bool) *meeting.Meeting {
	t.Helper()
	m := meeting.New("c1")
	n := 0
	do := func(by meeting.MemberID, c meeting.Command) {
		t.Helper()
		n++
		events, err := m.Decide(by, c, at(n))
		if err != nil {
			t.Fatalf("%s: %v", c.Type(), err)
		}
		for _, e := range events {
			m.Apply(e)
		}
	}
	both := func(f func(meeting.Language) string) meeting.Words {
		return meeting.Words{one: f(one), two: f(two)}
	}
	side := func(id meeting.PartyID, l meeting.Language, zone string, c meeting.Calendar) meeting.Party {
		return meeting.Party{ID: id, Names: both(func(x meeting.Language) string { return samples(x)[string(id)] }), Language: l, Zone: zone, Calendar: c}
	}
	solar := map[bool]meeting.Calendar{true: meeting.SolarHijri, false: meeting.Gregorian}
	j := meeting.Joint{Title: both(func(l meeting.Language) string { return samples(l)["title"] }), StartsAt: at(0), Minutes: 90, Languages: []meeting.Language{one, two},
		Parties: []meeting.Party{side("left", one, "Asia/Tehran", solar[one == "fa"]), side("right", two, "Asia/Baku", solar[two == "fa"])},
		Agenda:  []meeting.AgendaItem{{ID: "gauge", Title: both(func(l meeting.Language) string { return samples(l)["item"] })}}}
	who := func(id string, l meeting.Language, r meeting.Role) meeting.Person {
		return meeting.Person{ID: meeting.PersonID(id), Name: samples(l)["name-"+id], Function: samples(l)["function-"+id], Role: r, Language: l}
	}
	do("left/secretary", meeting.CallConsultation{Joint: j, Secretary: who("secretary", one, meeting.Secretary), OpenDoor: true})
	do("right/secretary", meeting.TakeUp{Secretary: who("secretary", two, meeting.Secretary)})
	do("left/secretary", meeting.InviteMember{Person: who("head", one, meeting.Head)})
	do("right/secretary", meeting.InviteMember{Person: who("head", two, meeting.Head)})
	do("left/head", meeting.Come{})
	do("right/head", meeting.Come{})
	for i := range 6 {
		do("left/secretary", meeting.WriteParagraph{Item: "gauge", Text: both(func(l meeting.Language) string { return samples(l)[fmt.Sprint("text", i%3)] })})
	}
	for i, p := range m.Minutes.Paragraphs {
		if draft && i == 5 {
			continue
		}
		do("left/secretary", meeting.CommitParagraph{Paragraph: p.ID, Version: 1, Round: 1, Text: p.Hash})
		do("right/head", meeting.CommitParagraph{Paragraph: p.ID, Version: 1, Round: 1, Text: p.Hash})
	}
	if !draft {
		do("right/head", meeting.RegisterSigningKey{ID: "k", Public: "cA=="})
		do("right/head", meeting.SignMinutes{Text: m.MinutesHash(), Key: "k"})
	}
	return m
}

func samples(l meeting.Language) map[string]string {
	switch l {
	case "fa":
		return map[string]string{"left": "وزارت راه و شهرسازی", "right": "وزارت توسعهٔ دیجیتال و ترابری", "title": "راه‌آهن رشت–آستارا: رایزنی دوم", "item": "عرض خط و گذرگاه مرزی",
			"name-secretary": "نسرین کریمی", "function-secretary": "دبیر", "name-head": "مهرداد رضایی", "function-head": "وزیر راه و شهرسازی",
			"text0": "دو طرف توافق کردند که عرض خط در بخش رشت–آستارا ۱۵۲۰ میلی‌متر باشد.\nنقشهٔ فنی تا ۱۵ دی ۱۴۰۵ به طرف مقابل داده می‌شود.",
			"text1": "کارگروه مشترک هر ماه یک بار تشکیل جلسه می‌دهد و گزارش خود را به نشانی info@rail.example می‌فرستد؛ قالب گزارش (ISO 9001) پیوست است.",
			"text2": "هزینهٔ برآوردشده ۱٬۶۰۰ میلیون یورو (EUR) است، ۵۰٪ سهم هر طرف و برای مسیر «Rəşt–Astara» (خط A-12)."}
	case "az":
		return map[string]string{"left": "Yol və Şəhərsalma Nazirliyi", "right": "Rəqəmsal İnkişaf və Nəqliyyat Nazirliyi", "title": "Rəşt–Astara dəmir yolu: ikinci məsləhətləşmə", "item": "Yolun eni və sərhəd keçidi",
			"name-secretary": "Leyla Əliyeva", "function-secretary": "katib", "name-head": "Rəşad Nəbiyev", "function-head": "nazir",
			"text0": "Tərəflər razılaşdılar ki, Rəşt–Astara hissəsində yolun eni 1520 mm olsun.\nTexniki çertyoj 5 yanvar 2027-ci ilədək qarşı tərəfə verilir.",
			"text1": "Birgə işçi qrupu ayda bir dəfə toplanır və hesabatını info@rail.example ünvanına göndərir; hesabatın forması (ISO 9001) əlavə olunur. Fars dilində adı: کارگروه مشترک.",
			"text2": "Təxmini xərc 1 600 milyon avrodur (EUR), hər tərəfin payı 50 %."}
	case "ru":
		return map[string]string{"left": "Министерство дорог", "right": "Министерство транспорта", "title": "Железная дорога Решт — Астара", "item": "Ширина колеи",
			"name-secretary": "Анна Иванова", "function-secretary": "секретарь", "name-head": "Пётр Сергеев", "function-head": "министр",
			"text0": "Стороны договорились, что ширина колеи составит 1520 мм.\nЧертёж передаётся до 5 января 2027 г.", "text1": "Рабочая группа собирается раз в месяц (ISO 9001).", "text2": "Расходы оцениваются в 1 600 млн евро (EUR), доля каждой стороны 50 %."}
	}
	return map[string]string{"left": "Ministry of Roads", "right": "Ministry of Transport", "title": "The Rasht–Astara railway", "item": "Gauge and border crossing",
		"name-secretary": "Ann Smith", "function-secretary": "Secretary", "name-head": "John Brown", "function-head": "Minister",
		"text0": "The sides agreed that the gauge shall be 1520 mm.\nThe drawing is handed over by 5 January 2027.", "text1": "The joint working group meets once a month (ISO 9001).", "text2": "The cost is estimated at EUR 1,600 million, shared in halves."}
}

func pairs() [][2]meeting.Language { return [][2]meeting.Language{{"fa", "az"}, {"ru", "en"}} }

// Each copy names its own side first: the order of columns, of sides, and the direction of the table.
func TestEachSideIsNamedFirstInItsCopy(t *testing.T) {
	m := world(t, "fa", "az", false)
	left, right := Copy(m, "left"), Copy(m, "right")
	if got := left.columns[0].language + right.columns[0].language; got != "faaz" {
		t.Errorf("got the languages %s first, want fa and az", got)
	}
	if !left.rtl || right.rtl {
		t.Errorf("got tables from the right %v and %v, want the Persian one alone", left.rtl, right.rtl)
	}
	for _, c := range []struct {
		copy Minutes
		want string
	}{{left, samples("fa")["left"]}, {right, samples("az")["right"]}} {
		if got := c.copy.sides[0].names[0]; got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
		i := slices.IndexFunc(c.copy.rows, func(r row) bool { return r.kind == party })
		if got, _, _ := strings.Cut(c.copy.rows[i].cells[0], "\n"); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	if left.hash == "" || left.hash != right.hash {
		t.Errorf("got the hashes %q and %q, want one", left.hash, right.hash)
	}
}

func TestCopiesCarryTheHashOrSayThatTheyAreDrafts(t *testing.T) {
	for _, draft := range []bool{false, true} {
		m := world(t, "fa", "az", draft)
		d := Copy(m, "left")
		page, err := d.HTML()
		if err != nil {
			t.Fatal(err)
		}
		body := string(parts(t, d)["word/document.xml"])
		for name, text := range map[string]string{"html": string(page), "docx": body} {
			text := strings.ReplaceAll(text, "&#43;", "+")
			if got, want := strings.Contains(text, "astara verify"), !draft; got != want {
				t.Errorf("%s, draft %v: got verify %v, want %v", name, draft, got, want)
			}
			if !draft && !strings.Contains(text, string(m.MinutesHash())) {
				t.Errorf("%s does not carry %s", name, m.MinutesHash())
			}
			if draft && !strings.Contains(text, "پیش‌نویس") {
				t.Errorf("%s does not say that it is a draft", name)
			}
		}
	}
}

func parts(t testing.TB, d Minutes) map[string][]byte {
	t.Helper()
	b, err := d.DOCX()
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// wellFormed reads every part to its end.
func wellFormed(t testing.TB, d Minutes) {
	t.Helper()
	for name, b := range parts(t, d) {
		for x := xml.NewDecoder(bytes.NewReader(b)); ; {
			if _, err := x.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
	}
}

func TestRuns(t *testing.T) {
	for _, c := range []struct {
		text string
		rtl  bool
		want []run
	}{
		{"", true, nil},
		{"سلام", true, []run{{"سلام", true}}},
		{"قالب (ISO 9001) است", true, []run{{"قالب ", true}, {"\u200e(ISO 9001)\u200e", false}, {" است", true}}},
		{"(EUR)", true, []run{{"\u200e(EUR)\u200e", false}}},
		{"مسیر «Rəşt–Astara» است", true, []run{{"مسیر ", true}, {"\u200e«Rəşt–Astara»\u200e", false}, {" است", true}}},
		{"(EUR، و نه RUB)", true, []run{{"(", true}, {"EUR", false}, {"، و نه ", true}, {"RUB", false}, {")", true}}},
		{"adı «کارگروه» idi", false, []run{{"adı ", false}, {"\u200f«کارگروه»\u200f", true}, {" idi", false}}},
		{"متن [draft", true, []run{{"متن [", true}, {"draft", false}}},
		{"به info@rail.example برود", true, []run{{"به ", true}, {"info@rail.example", false}, {" برود", true}}},
		{"adı: کارگروه مشترک.", false, []run{{"adı: ", false}, {"کارگروه مشترک", true}, {".", false}}},
		{"1520 mm", false, []run{{"1520 mm", false}}},
		{"۱۵۲۰", true, []run{{"۱۵۲۰", true}}},
	} {
		if got := runs(c.text, c.rtl); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %v, want %v", c.text, got, c.want)
		}
	}
}

// An office program that is not ours opens the copies, and what it prints is what was agreed. PICTURES=folder keeps the pages to look at.
func TestLibreOfficeReadsWhatWasAgreed(t *testing.T) {
	for _, program := range []string{"soffice", "pdftotext"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("LibreOffice or pdftotext is not here: the copies were not opened by an office program") // make test installs both
		}
	}
	if testing.Short() {
		t.Skip("LibreOffice takes several seconds") // with -short only
	}
	dir := t.TempDir()
	var files []string
	for _, pair := range pairs() {
		for _, draft := range []bool{false, true} {
			m := world(t, pair[0], pair[1], draft)
			for _, own := range []meeting.PartyID{"left", "right"} {
				b, err := Copy(m, own).DOCX()
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, filepath.Join(dir, fmt.Sprintf("%s-%s-%s-%v.docx", pair[0], pair[1], own, draft)))
				if err := os.WriteFile(files[len(files)-1], b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	args := append([]string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", "pdf", "--outdir", dir}, files...)
	if out, err := exec.Command("soffice", args...).CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	for _, f := range files {
		pdf := strings.TrimSuffix(f, ".docx") + ".pdf"
		out, err := exec.Command("pdftotext", "-layout", pdf, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		keep(t, pdf)
		got := bare(string(out))
		for _, l := range strings.Split(filepath.Base(f), "-")[:2] {
			for _, want := range []string{samples(meeting.Language(l))["item"], samples(meeting.Language(l))["title"]} {
				for _, word := range strings.Fields(bare(want)) {
					if !strings.Contains(got, word) {
						t.Errorf("%s: %q is not in what LibreOffice printed:\n%s", filepath.Base(f), word, out)
					}
				}
			}
		}
	}
}

// bare leaves out what a PDF does not keep: marks of direction and joiners, forms of letters.
func bare(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r == '\u2066' || r == '\u2069' || r == '–' || r == '—' || r == ':' {
			return ' '
		}
		return r
	}, s)
	return s
}

func keep(t *testing.T, pdf string) {
	to := os.Getenv("PICTURES")
	if to == "" {
		return
	}
	name := filepath.Join(to, strings.TrimSuffix(filepath.Base(pdf), ".pdf"))
	if out, err := exec.Command("pdftoppm", "-png", "-r", "60", pdf, name).CombinedOutput(); err != nil {
		t.Errorf("pdftoppm: %v\n%s", err, out)
	}
}

// Whatever a paragraph says, the document stays one that can be read.
func FuzzDOCX(f *testing.F) {
	f.Add("plain", "ساده")
	f.Add("<w:p/>&amp;]]>", "\u202e\x00\ufffe\n\t")
	f.Add("https://example.org/\u200c", "۱۲۳ abc ۴۵۶ د")
	f.Fuzz(func(t *testing.T, a, b string) {
		m := meeting.New("c1")
		m.Joint = meeting.Joint{Title: meeting.Words{"fa": a, "az": b}, StartsAt: at(0), Parties: []meeting.Party{
			{ID: "left", Names: meeting.Words{"fa": b}, Language: "fa", Zone: "Asia/Tehran"}, {ID: "right", Names: meeting.Words{"az": a}, Language: "az", Zone: "nowhere"}}}
		m.Minutes.Paragraphs = []meeting.Paragraph{{ID: "p1", Text: meeting.Words{"fa": a, "az": b}}}
		d := Copy(m, "left")
		wellFormed(t, d)
		page, err := d.HTML()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(page), "<script") {
			t.Error("a script came into the page")
		}
	})
}

func TestHeadsWhoWereTogetherAreNamedWhenTheyHaveLeft(t *testing.T) {
	m := world(t, "ru", "en", false)
	m.Joint.Ceremony = true
	m.Apply(meeting.Event{Seq: m.Seq + 1, At: at(90), By: "left/secretary", Body: meeting.PrincipalsLeft{}})
	for _, reader := range []meeting.MemberID{"left/secretary", "right/secretary"} {
		b, err := Copy(m.View(reader), reader.Party()).HTML()
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{samples("ru")["name-head"], samples("en")["name-head"]} {
			if !strings.Contains(string(b), name) {
				t.Errorf("the copy for %s does not name %s", reader, name)
			}
		}
	}
}
