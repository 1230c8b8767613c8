package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"astara/meeting"
	"astara/record"
)

// texts are what a party finds.
func texts(t testing.TB, s *Store, p meeting.PartyID, typed string) []string {
	t.Helper()
	list, err := s.Search(t.Context(), p, record.NewQuery(typed), 20)
	if err != nil {
		t.Fatalf("%q: %v", typed, err)
	}
	var out []string
	for _, h := range list {
		out = append(out, h.Text)
	}
	return out
}

func wantTexts(t *testing.T, s *Store, p meeting.PartyID, typed string, want ...string) {
	t.Helper()
	if got := texts(t, s, p, typed); !slices.Equal(got, want) {
		t.Errorf("%s looks for %q: got %q, want %q", p, typed, got, want)
	}
}

func TestSearch(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	for _, c := range []meeting.Command{say("Gəncə şəhəri"), say("Gencede hava"), say("Ҝәнҹә"), say("در گنجه می‌رود"),
		meeting.SayChat{To: meeting.ToParty("roads-ir"), Text: "فقط ما: گنجه"}} {
		if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", c)); err != nil {
			t.Fatal(err)
		}
	}
	wantTexts(t, s, "roads-az", "Gəncə", "Gəncə şəhəri", "Ҝәнҹә", "Gencede hava") // as written, in any spelling, with endings
	wantTexts(t, s, "roads-az", "GENCE", "Ҝәнҹә", "Gəncə şəhəri", "Gencede hava")
	wantTexts(t, s, "roads-az", "ҝəнҹə шəһəри", "Gəncə şəhəri")
	wantTexts(t, s, "roads-az", "گنجه", "در گنجه می‌رود")
	wantTexts(t, s, "roads-ir", "گنجه", "فقط ما: گنجه", "در گنجه می‌رود")
	wantTexts(t, s, "roads-ir", "گنجه ميرود", "در گنجه می‌رود")
	wantTexts(t, s, "roads-ir", "راه آهن", "راه‌آهن")
	wantTexts(t, s, "roads-az", "demir", "Dəmir yolu")
	wantTexts(t, s, "roads", "demir") // the beginning of another party's id
	wantTexts(t, s, "", "demir")
	for _, typed := range []string{"", `"`, `exact : x`, `* OR NOT`, `readers : "r`, "a AND b", "NEAR(demir yolu, 2)", "'; DROP TABLE passages"} {
		texts(t, s, "roads-az", typed)
	}

	changed := jointFacts()
	changed.Title = meeting.Words{"fa": "بندر", "az": "Liman"}
	if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", meeting.ChangeConsultation{Joint: changed, Version: 1})); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, s, "roads-az", "demir") // the title that it had
	wantTexts(t, s, "roads-az", "liman", "Liman")
	got, err := s.Search(t.Context(), "roads-az", record.NewQuery("liman"), 20)
	if want := []record.Hit{{Consultation: "c1", Title: m.Joint.Title, StartsAt: m.Joint.StartsAt, Kind: record.Title, Seq: m.Seq, Language: "az", Party: "roads-ir",
		At: noon, Text: "Liman"}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

func TestAPartyThatIsLetInFindsWhatIsSaidToAll(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	third := meeting.Party{ID: "third", Names: meeting.Words{"en": "Third"}, Language: "en", Zone: "Europe/London", Calendar: meeting.Gregorian}
	if err := s.PutParty(t.Context(), third); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, s, "third", "demir")
	j := jointFacts()
	j.Parties = append(j.Parties, third)
	for _, c := range []meeting.Command{meeting.ChangeConsultation{Joint: j, Version: 1}, say("ganja"), meeting.SayChat{To: meeting.ToParty("roads-ir"), Text: "ganja ours"}} {
		if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", c)); err != nil {
			t.Fatal(err)
		}
	}
	wantTexts(t, s, "third", "ganja", "ganja")
	wantTexts(t, s, "third", "demir", "Dəmir yolu")
	wantTexts(t, s, "roads-ir", "ganja", "ganja ours", "ganja")
}

// TestEverySpellingFindsTheOthersInTheDatabase: the table of record's test, in whichever database this is.
func TestEverySpellingFindsTheOthersInTheDatabase(t *testing.T) {
	b, err := os.ReadFile("../record/testdata/spellings.json")
	var table map[string][]string
	if err := errors.Join(err, json.Unmarshal(b, &table)); err != nil || len(table) < 40 {
		t.Fatalf("got %d lines, %v", len(table), err)
	}
	s := open(t)
	m := seated(t, s, "c1")
	framed := func(w string) string { return "— " + w + "، (x)" }
	for _, name := range slices.Sorted(maps.Keys(table)) {
		var said []meeting.Event
		for _, w := range table[name] {
			events := decide(t, m, "roads-ir/sara", meeting.SayChat{To: meeting.ToParty("roads-ir"), Text: framed(w)})
			said = append(said, events...)
		}
		if err := s.Append(t.Context(), "c1", said); err != nil {
			t.Fatal(err)
		}
		for _, typed := range table[name] {
			list, err := s.Search(t.Context(), "roads-ir", record.NewQuery(typed), 1000)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range said {
				if !slices.ContainsFunc(list, func(h record.Hit) bool { return h.Seq == e.Seq }) {
					t.Errorf("%s: %+q does not find %+q", name, typed, e.Body.(meeting.ChatSaid).Text)
				}
			}
		}
	}
}

// TestAsManyAsAreAskedFor: languages of one passage, and pages of one document, take nobody's place.
func TestAsManyAsAreAskedFor(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	for i := range 30 {
		if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", say(fmt.Sprint("limanlar ", i)))); err != nil {
			t.Fatal(err)
		}
	}
	book := record.Document{ID: "book", Party: "roads-ir", Hash: "h", Added: noon, Kind: meeting.PDF, Facts: meeting.DocumentFacts{Title: meeting.Words{"en": "Book"}}}
	var pages []record.Passage
	for i := range 90 {
		pages = append(pages, record.Passage{Page: i + 1, Text: fmt.Sprint("limanlar page ", i)})
	}
	if err := s.AddDocument(t.Context(), book, pages); err != nil {
		t.Fatal(err)
	}
	changed := jointFacts()
	changed.Languages = append(changed.Languages, "en", "ru", "tr", "de", "fr", "it")
	changed.Title = meeting.Words{}
	for _, l := range changed.Languages {
		changed.Title[l] = "T"
	}
	changed.Agenda = nil
	for i := range 5 {
		words := meeting.Words{}
		for _, l := range changed.Languages {
			words[l] = fmt.Sprint("limanlar item ", i)
		}
		changed.Agenda = append(changed.Agenda, meeting.AgendaItem{ID: fmt.Sprint("i", i), Title: words})
	}
	if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", meeting.ChangeConsultation{Joint: changed, Version: 1})); err != nil {
		t.Fatal(err)
	}
	for most, want := range map[int]int{1: 1, 3: 3, 8: 8, 20: 20, 100: 30 + 5 + ofOneDocument} {
		list, err := s.Search(t.Context(), "roads-ir", record.NewQuery("limanlar"), most)
		if err != nil || len(list) != want {
			t.Errorf("of %d that were asked for: got %d, %v, want %d", most, len(list), err, want)
		}
	}
}

func TestWordsForFewerThanASideAreFoundByNobody(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	said := func(to meeting.Audience) meeting.Event {
		m.Seq++
		return meeting.Event{Seq: m.Seq, At: noon, Party: "roads-ir", By: "roads-ir/sara", Type: meeting.ChatSaid{}.Type(), Body: meeting.ChatSaid{To: to, Text: "ganja"}}
	}
	for _, to := range []meeting.Audience{meeting.ToMember("roads-az/head"), meeting.ToBooth("az", []meeting.MemberID{"roads-az/a"}), "later:kind", ""} {
		if err := s.Append(t.Context(), "c1", []meeting.Event{said(to)}); err != nil {
			t.Fatal(err)
		}
	}
	wantTexts(t, s, "roads-az", "ganja")
	wantTexts(t, s, "roads-ir", "ganja")
}

func TestWhatIsErasedIsNotFound(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	said := decide(t, m, "roads-ir/sara", say("unutulmuş"))
	if err := errors.Join(s.Append(t.Context(), "c1", said), s.EraseMessage(t.Context(), "c1", said[0].Seq, eraser, noon)); err != nil {
		t.Fatal(err)
	}
	wantTexts(t, s, "roads-ir", "unutulmus")
}

// ---- a large record --------------------------------------------------------------------------------------------------

// library fills a database with texts of four languages, n of them, of which each party may read nine in ten.
func library(t testing.TB, n int) *Store {
	t.Helper()
	s := newPlace(t).open(t)
	r := rand.New(rand.NewPCG(1, 2))
	words := vocabulary(r)
	often := rand.NewZipf(r, 1.1, 3, uint64(len(words[0])-1)) // the thousandth word is some thousand times rarer than the first, as in any language
	if err := s.change(t.Context(), func(tx *sql.Tx) error {
		if _, err := tx.Exec(`INSERT INTO consultations VALUES ('c1', 1, '', '', 1, '', '{"title":{"en":"T"}}', '')`); err != nil {
			return err
		}
		for i := range n {
			var text strings.Builder
			for range 10 + r.IntN(40) {
				text.WriteString(words[i%4][often.Uint64()] + " ")
			}
			p := passage{kind: record.Chat, text: text.String(), readers: []meeting.PartyID{"roads-ir", "roads-az"}}
			if r.IntN(5) == 0 {
				p.readers = p.readers[r.IntN(2):][:1]
			}
			if err := putPassage(t.Context(), tx, "c1", meeting.Event{Seq: uint64(i + 1), At: noon, Party: p.readers[0]}, p); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.Exec(`ANALYZE`); err != nil { // a server does it by itself, after a while
		t.Fatal(err)
	}
	return s
}

// vocabulary is 20,000 forms in each of four languages: words of the trade, made-up ones, and all of them with a dozen endings.
func vocabulary(r *rand.Rand) [4][]string {
	var out [4][]string
	for l, x := range []struct{ words, letters, endings string }{
		{"راه آهن مرز کالا گمرک وزارت توافق هیئت قرارداد پروژه بندر ترانزیت کامیون ایستگاه سرمایه نشست دستور می‌شود می‌رود آستارا رشت اردبیل باکو",
			"ابپتجچحخدرزژسشصطعغفقکگلمنوهی", "ها های هایی ی ان‌ها ات م تر ترین اند‌شان ش مان"},
		{"yol dəmir sərhəd gömrük nazirlik layihə razılıq iclas yük stansiya liman tranzit şəhər müqavilə Astara Bakı Gəncə Rəşt gündəlik",
			"abcçdeəfgğhxıijkqlmnoöprsştuüvyz", "lar lər ın in da də dan dən ı i ların larda"},
		{"дорога граница таможня груз проект станция порт договор заседание министерство соглашение транзит Баку Решт Астара вагон",
			"абвгдежзийклмнопрстуфхцчшщыьэюя", "а ы ой ами ов у е ом ах ого ому ые"},
		{"railway border customs goods ministry project station port agreement transit meeting agenda item Astara Rasht Baku wagon",
			"abcdefghijklmnopqrstuvwxyz", "s ed ing er ers ly ment ments ness al als able"},
	} {
		stems, letters := strings.Fields(x.words), []rune(x.letters)
		for len(stems) < 1600 {
			var w []rune
			for range 4 + r.IntN(5) {
				w = append(w, letters[r.IntN(len(letters))])
			}
			stems = append(stems, string(w))
		}
		out[l] = stems
		for _, e := range strings.Fields(x.endings) {
			for _, w := range stems {
				out[l] = append(out[l], w+e)
			}
		}
	}
	return out
}

func typedQueries() []string {
	return []string{"راه آهن", "راه‌آهن رشت", "هيأت", "gomruk", "Gəncə şəhəri", "dəmir yolu Astara", "таможня Решт", "граница", "railway", "border customs agreement",
		"می شود", "ast", "nowhere", "yol limanlar", "договор баку груз станция порт", "министерство транз"}
}

// BenchmarkSearch100000 reports the 95th percentile. To fill the database takes a minute or two.
func BenchmarkSearch100000(b *testing.B) {
	s := library(b, 100_000)
	var took []time.Duration
	glossary(b, s)
	for i := 0; b.Loop(); i++ {
		typed := typedQueries()[i%len(typedQueries())]
		began := time.Now()
		q, err := s.Join(b.Context(), "roads-az", record.NewQuery(typed))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.Search(b.Context(), "roads-az", q, 30); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "max-ms")
}

// glossary puts 2,000 terms beside the texts, among them those of the trade.
func glossary(t testing.TB, s *Store) {
	t.Helper()
	words := vocabulary(rand.New(rand.NewPCG(1, 2)))
	e := meeting.TermsWritten{To: meeting.All, Terms: []meeting.WrittenTerm{
		{ID: "railway", Version: 1, Facts: meeting.TermFacts{Names: meeting.Names{"fa": {"راه‌آهن"}, "az": {"dəmir yolu"}, "en": {"railway"}, "ru": {"железная дорога", "дорога"}}}},
		{ID: "border", Version: 1, Facts: meeting.TermFacts{Names: meeting.Names{"fa": {"مرز"}, "az": {"sərhəd"}, "en": {"border"}, "ru": {"граница"}}}},
		{ID: "customs", Version: 1, Facts: meeting.TermFacts{Names: meeting.Names{"fa": {"گمرک"}, "az": {"gömrük"}, "en": {"customs"}, "ru": {"таможня"}}}},
		{ID: "agreement", Version: 1, Facts: meeting.TermFacts{Names: meeting.Names{"fa": {"توافق", "قرارداد"}, "az": {"razılıq", "müqavilə"}, "en": {"agreement"}, "ru": {"соглашение", "договор"}}}}}}
	for i := range 1996 {
		names := meeting.Names{}
		for l, tag := range []meeting.Language{"fa", "az", "ru", "en"} {
			names[tag] = []string{words[l][20+i] + " " + words[l][5000+i]}
		}
		e.Terms = append(e.Terms, meeting.WrittenTerm{ID: meeting.TermID(fmt.Sprint("t", i)), Version: 1, Facts: meeting.TermFacts{Names: names}})
	}
	if err := s.change(t.Context(), func(tx *sql.Tx) error {
		if _, err := tx.Exec(`INSERT INTO consultation_parties VALUES ('c1', 'roads-az')`); err != nil {
			return err
		}
		return foldTerms(t.Context(), tx, "c1", []meeting.Event{{Seq: 1 << 40, Party: "roads-ir", Body: e}})
	}); err != nil {
		t.Fatal(err)
	}
}

// TestSearchAsksTheIndex: nothing that is looked for needs the texts to be read, which is told by the database's own plan.
func TestSearchAsksTheIndex(t *testing.T) {
	s := library(t, 200)
	explain, want := `EXPLAIN QUERY PLAN `, `VIRTUAL TABLE INDEX`
	if _, ok := s.engine.(postgres); ok {
		explain, want = `EXPLAIN `, `Index Scan on passage_(exact|key)_words`
		must(s.write.Exec(`SET enable_seqscan = off`)) // two hundred rows are read faster than an index
	}
	q := record.NewQuery("nowhere Gəncə123 rast")
	joined := q.Join([]record.JoinedTerm{{Key: "nowhere", Names: []string{"هیچ جا", "heç yerdə"}}})
	for _, m := range append(s.engine.matches("roads-az", q), s.engine.joins("roads-az", joined)...) {
		query, args := s.engine.found(m, math.MaxInt64, 30)
		r := must(s.write.Query(explain+query, args...))
		var plan []string
		for columns := must(r.Columns()); r.Next(); {
			row := make([]any, len(columns))
			for i := range row {
				row[i] = new(any)
			}
			if err := r.Scan(row...); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, fmt.Sprint(*row[len(row)-1].(*any)))
		}
		if err := errors.Join(r.Err(), r.Close()); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(plan, "\n")
		if !regexp.MustCompile(want).MatchString(got) || strings.Contains(got, "SCAN p\n") || strings.Contains(got, "Seq Scan on passage") {
			t.Errorf("%s: got the plan\n%s\nwant the index asked and no table read", m.where, got)
		}
	}
}
