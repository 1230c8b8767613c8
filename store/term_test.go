package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/record"
)

// joinedTexts are what a party finds by a name, and of each whether the glossary joined it.
func joinedTexts(t testing.TB, s *Store, p meeting.PartyID, typed string) (texts []string, joined []bool) {
	t.Helper()
	q, err := s.Join(t.Context(), p, record.NewQuery(typed))
	if err != nil {
		t.Fatalf("%q: %v", typed, err)
	}
	list, err := s.Search(t.Context(), p, q, 30)
	if err != nil {
		t.Fatalf("%q: %v", typed, err)
	}
	for _, h := range list {
		texts, joined = append(texts, h.Text), append(joined, h.Joined)
	}
	return texts, joined
}

func write(to meeting.Audience, id meeting.TermID, names meeting.Names) meeting.WriteTerm {
	return meeting.WriteTerm{ID: id, To: to, Facts: meeting.TermFacts{Names: names}}
}

// TestEveryNameOfATermFindsTheOthers: each name finds a passage with each other one, in both directions, and in the spellings of each.
func TestEveryNameOfATermFindsTheOthers(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	glossary := map[string]struct {
		names meeting.Names
		typed []string // other spellings
		said  []string // passages with one of the names each, with endings and beside others
	}{
		"tehran": {meeting.Names{"fa": {"تهران"}, "en": {"Tehran"}, "az": {"Tehran", "Təhran"}, "ru": {"Тегеран"}},
			[]string{"طهران", "TEHRAN", "тегеран", "təhran"},
			[]string{"نشست در تهران است", "The office in Tehran", "Ofis Təhrandadır", "Встреча в Тегеране", "راه تهران–رشت"}},
		"railway": {meeting.Names{"fa": {"راه‌آهن", "خط آهن"}, "az": {"dəmir yolu"}, "az-Cyrl": {"дәмир јолу"}, "en": {"railway", "rail line"}, "ru": {"железная дорога"}},
			[]string{"راه آهن", "راهآهن", "demir yolu", "ДӘМИР ЈОЛУ", "Железная дорога", "rail line"},
			[]string{"ساخت راه آهن", "ساخت راه‌آهن دیگر", "Dəmir yolunun tikintisi", "дәмир јолу тикилир", "the railways there", "a rail line here", "железная дорога там", "خط آهن کهنه"}},
		"transport": {meeting.Names{"fa": {"حمل‌ونقل"}, "az": {"nəqliyyat"}, "en": {"transport"}, "ru": {"транспорт"}},
			[]string{"حمل و نقل", "حمل‌و‌نقل", "neqliyyat"},
			[]string{"وزارت حمل‌ونقل است", "حمل و نقل کالا", "nəqliyyat məsələsi", "транспорта много", "transport matters"}},
		"house": {meeting.Names{"fa": {"گمرک‌خانه‌ی مرزی"}, "en": {"border post"}}, []string{"گمرک‌خانهٔ مرزی"}, []string{"گمرک خانهٔ مرزی آستارا", "the border posts"}},
	}
	for id, x := range glossary {
		commands := []meeting.Command{write(meeting.All, meeting.TermID(id), x.names)}
		for _, text := range x.said {
			commands = append(commands, say(text))
		}
		for _, c := range commands {
			if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", c)); err != nil {
				t.Fatal(err)
			}
		}
	}
	apart := []string{"dəmir qapı, yolu bağlı", "the line is a rail away", "راه دیگری به آهن", "nothing of it"} // what is joined stands side by side
	for _, text := range apart {
		if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", say(text))); err != nil {
			t.Fatal(err)
		}
	}
	for id, x := range glossary {
		typed := slices.Clone(x.typed)
		for _, list := range x.names {
			typed = append(typed, list...)
		}
		want := slices.Sorted(slices.Values(x.said))
		for _, name := range typed {
			got, joined := joinedTexts(t, s, "roads-az", name)
			if i := slices.Index(joined, true); i >= 0 && slices.Contains(joined[i:], false) {
				t.Errorf("%s: %q finds joined ones before its own: %q %v", id, name, got, joined)
			}
			for i, text := range got {
				if joined[i] && slices.Contains(apart, text) {
					t.Errorf("%s: %q finds %q by the glossary", id, name, text)
				}
			}
			got = slices.DeleteFunc(got, func(text string) bool { // the title, and what has the words that were typed
				return text == "Dəmir yolu" || text == "راه‌آهن" || slices.Contains(apart, text)
			})
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("%s: %q finds\n%q, want\n%q", id, name, got, want)
			}
		}
	}
	// Who types a name beside other words wants all of it.
	if got, _ := joinedTexts(t, s, "roads-az", "Tehran office"); !slices.Equal(got, []string{"The office in Tehran"}) {
		t.Errorf("got %q", got)
	}
	if got, joined := joinedTexts(t, s, "roads-az", "Тегеран ofis"); !slices.Equal(got, []string{"Ofis Təhrandadır", "The office in Tehran"}) && len(joined) == 0 {
		t.Errorf("got %q", got)
	}
}

func TestTheGlossaryJoinsWhatAPartyMayReadOfIt(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	do := func(by meeting.MemberID, c meeting.Command) {
		t.Helper()
		if err := s.Append(t.Context(), "c1", decide(t, m, by, c)); err != nil {
			t.Fatal(err)
		}
	}
	do("roads-az/leyla", meeting.TakeUp{Secretary: meeting.Person{ID: "leyla", Name: "Leyla", Role: meeting.Secretary, Language: "az"}})
	do("roads-ir/sara", say("the corridor"))
	own := meeting.ToParty("roads-ir")
	do("roads-ir/sara", write(own, "t1", meeting.Names{"fa": {"دالان"}, "en": {"corridor"}}))
	finds := func(p meeting.PartyID, n int) {
		t.Helper()
		if got, _ := joinedTexts(t, s, p, "دالان"); len(got) != n {
			t.Errorf("%s finds %q, want %d", p, got, n)
		}
		list, err := s.Terms(t.Context(), p)
		if err != nil || len(list) != n {
			t.Errorf("%s reads %v, %v, want %d terms", p, list, err, n)
		}
		if _, err := s.Term(t.Context(), p, "c1", "t1"); (err == nil) != (n > 0) {
			t.Errorf("%s reads the term: %v", p, err)
		}
	}
	finds("roads-ir", 1)
	finds("roads-az", 0)
	do("roads-ir/sara", meeting.WriteTerm{ID: "t1", Base: 1, To: meeting.All, Facts: m.Terms["t1"].Facts})
	finds("roads-az", 1)
	do("roads-az/leyla", meeting.AgreeTerms{Terms: []meeting.SeenTerm{{ID: "t1", Version: 2}}})
	f, err := s.Term(t.Context(), "roads-az", "c1", "t1")
	if err != nil || f.Term.Effect != 2 || f.Term.Standing != nil || f.Title["az"] != "Dəmir yolu" || len(f.Parties) != 2 {
		t.Errorf("got %+v, %v", f, err)
	}
	retired := m.Terms["t1"].Facts
	retired.Retired = true
	do("roads-ir/sara", meeting.WriteTerm{ID: "t1", Base: 2, To: meeting.All, Facts: retired})
	finds("roads-az", 1) // until all have agreed to that
	do("roads-az/leyla", meeting.AgreeTerms{Terms: []meeting.SeenTerm{{ID: "t1", Version: 3}}})
	if got, _ := joinedTexts(t, s, "roads-az", "دالان"); len(got) != 0 {
		t.Errorf("got %q", got)
	}
	do("roads-az/leyla", write(meeting.ToParty("roads-az"), "t2", meeting.Names{"az": {"dəhliz"}, "en": {"corridor"}}))
	if got, joined := joinedTexts(t, s, "roads-az", "dehliz"); len(got) != 1 || !joined[0] {
		t.Errorf("got %q %v", got, joined)
	}
	do("roads-az/leyla", meeting.WithdrawTerm{ID: "t2"})
	if got, _ := joinedTexts(t, s, "roads-az", "dehliz"); len(got) != 0 {
		t.Errorf("got %q", got)
	}
	if _, err := s.Term(t.Context(), "roads-az", "c1", "t9"); !errors.Is(err, auth.ErrNone) {
		t.Errorf("got %v", err)
	}
}

// A file of many terms is a few events and few statements.
func TestManyTermsAtOnce(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	var c meeting.ImportTerms
	for i := range 1000 {
		c.Terms = append(c.Terms, write(meeting.All, meeting.TermID(fmt.Sprint("t", i)), meeting.Names{"fa": {fmt.Sprint("واژه ", i)}, "az": {fmt.Sprint("söz ", i)}, "ru": {fmt.Sprint("слово ", i)}}))
	}
	events := decide(t, m, "roads-ir/sara", c)
	began := time.Now()
	if err := s.Append(t.Context(), "c1", events); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d events in %v", len(events), time.Since(began))
	if list, err := s.Terms(t.Context(), "roads-az"); err != nil || len(list) != 1000 || len(events) != 5 {
		t.Errorf("got %d terms, %v, %d events", len(list), err, len(events))
	}
	if q, err := s.Join(t.Context(), "roads-az", record.NewQuery("soz 999")); err != nil || len(q.Joined) != 1 || !slices.Contains(q.Joined[0].Names, "слово 999") {
		t.Errorf("got %+v, %v", q.Joined, err)
	}
}

// Whatever is typed, an engine understands the question.
func TestAnyWordsCanBeJoined(t *testing.T) {
	s := open(t)
	m := seated(t, s, "c1")
	odd := []string{"NEAR OR", "a\"b AND (c)", "x:y*", "'a' & b | !c", "۱۲ ۳۴", "ﷺ صلى", "خانه‌ی", strings.Repeat("ab ", 60), "NOT"}
	for i, name := range odd {
		if err := s.Append(t.Context(), "c1", decide(t, m, "roads-ir/sara", write(meeting.All, meeting.TermID(fmt.Sprint("t", i)), meeting.Names{"en": {name[:min(len(name), 150)]}, "fa": {fmt.Sprint("نام ", i)}}))); err != nil {
			t.Fatal(err)
		}
		for _, typed := range []string{name, fmt.Sprint("نام ", i), "x " + name + " y"} {
			joinedTexts(t, s, "roads-az", typed)
		}
	}
}
