package meeting

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The table of what everybody hears: each listener and choice, in each state of floor and booths. The client runs the same file.
type hearingTable struct {
	Meeting *Meeting                      `json:"meeting"`
	States  map[Language]map[string]Booth `json:"states"` // of a booth, by the names in the rows
	Rows    []hearingRow                  `json:"rows"`
}

type hearingRow struct {
	Floor    Language            `json:"floor"`
	Booths   map[Language]string `json:"booths"`
	Listener MemberID            `json:"listener"`
	Choice   Choice              `json:"choice"`
	Want     Hearing             `json:"want"`
}

func (r hearingRow) String() string {
	return fmt.Sprintf("%s, floor %q, booths %v, %+v", r.Listener, r.Floor, r.Booths, r.Choice)
}

const (
	yelena = MemberID("tehran/yelena") // interprets into English
	pavel  = MemberID("baku/pavel")    // a delegate who speaks Russian, for which there is no booth
)

func hearingMeeting(t testing.TB) *Meeting {
	three := changed(func(j *Joint) {
		for _, l := range []Language{"en", "ru"} {
			j.Languages = append(j.Languages, l)
			j.Title[l], j.Agenda[0].Title[l] = "Railway", "Gauge"
		}
	})
	steps := append(interpreted(), said{nasrin, ChangeConsultation{three, 1}}, said{nasrin, InviteMember{person("yelena", Interpreter)}}, said{nasrin, AssignInterpreter{yelena, "en"}},
		said{leyla, InviteMember{Person{ID: "pavel", Name: "Pavel", Role: Delegate, Language: "ru"}}}, said{yelena, Come{}}, said{"baku/pavel", Come{}}, said{nasrin, AdmitMembers{}}, said{leyla, AdmitMembers{}},
		said{minister, SetMicrophone{true}}, said{pavel, SetScreen{true}})
	return play(t, steps...)
}

// boothStates are what a booth can be: nobody on air, on air into A or B, suspended.
func boothStates() map[Language]map[string]Booth {
	from := []Language{"fa", "az", "en"}
	return map[Language]map[string]Booth{
		"az": {
			"off":       {From: from, Second: "fa"},
			"A":         {From: from, Second: "fa", OnAir: rashad, Outgoing: "az"},
			"B":         {From: from, Second: "fa", OnAir: rashad, Outgoing: "fa"},
			"suspended": {From: from, Second: "fa", Suspended: SuspendedSound},
		},
		"en": {
			"off": {From: from},
			"A":   {From: from, OnAir: yelena, Outgoing: "en"},
		},
	}
}

func hearingRows(m *Meeting) []hearingRow {
	var rows []hearingRow
	for _, floor := range []Language{"", "fa", "az", "en", "ru"} {
		for _, a := range []string{"off", "A", "B", "suspended"} {
			for _, e := range []string{"off", "A"} {
				for _, who := range []MemberID{minister, head, pavel, rashad, sevil, yelena} {
					for _, c := range []Choice{{Kind: Mine, Original: 10}, {Kind: Original}, {Kind: Channel, Language: "az", Original: 0}, {Kind: Channel, Language: "en", Original: 30}} {
						row := hearingRow{Floor: floor, Booths: map[Language]string{"az": a, "en": e}, Listener: who, Choice: c}
						row.Want = m.in(row).Hearing(who, c)
						rows = append(rows, row)
					}
				}
			}
		}
	}
	return rows
}

// in is the meeting in a row's state.
func (m *Meeting) in(r hearingRow) *Meeting {
	x := *m
	x.Interpretation.Floor, x.Interpretation.Booths = r.Floor, map[Language]Booth{}
	for l, state := range r.Booths {
		x.Interpretation.Booths[l] = boothStates()[l][state]
	}
	return &x
}

func TestHearingTable(t *testing.T) {
	m := hearingMeeting(t)
	table := hearingTable{m.View(head), boothStates(), hearingRows(m)}
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"meeting\": %s,\n\"states\": %s,\n\"rows\": [\n", asJSON(t, table.Meeting), asJSON(t, table.States))
	for i, r := range table.Rows {
		fmt.Fprintf(&b, "%s%s\n", map[bool]string{true: "", false: ","}[i == 0], asJSON(t, r))
	}
	b.WriteString("]}\n")
	file := filepath.Join("testdata", "hearing", "table.json")
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, b.Bytes()) {
		t.Errorf("%s is not what the rules say; if they are right: go test ./meeting -update", file)
	}
	var read hearingTable
	if err := json.Unmarshal(got, &read); err != nil || len(read.Rows) != 5*4*2*6*4 {
		t.Fatalf("got %d rows, %v", len(read.Rows), err)
	}
}

// What must hold whatever the state.
func TestHearingHolds(t *testing.T) {
	m := hearingMeeting(t)
	for _, r := range hearingRows(m) {
		x, voices := m.in(r), 0
		me := x.Members[r.Listener]
		levels := map[int]bool{}
		for _, h := range r.Want.Heard {
			who := x.Members[h.Member]
			switch {
			case h.Member == r.Listener:
				t.Fatalf("%s: hears themself", r)
			case who.Booth != "":
				voices++
				if !x.OnAir(who.ID) || x.Booth(who.Booth).Outgoing != r.Want.Channel || h.Level != 100 || h.Sound != HeardVoice {
					t.Fatalf("%s: hears %+v", r, h)
				}
			default:
				levels[h.Level] = true
			}
		}
		interpreted := r.Want.Plan == HearsInterpreter
		original := 100
		if interpreted {
			original = r.Choice.Original
			if me.Booth != "" {
				original = 0
			}
		}
		if voices != map[bool]int{true: 1, false: 0}[interpreted] || len(levels) != 1 || !levels[original] {
			t.Fatalf("%s: %d voices, original at %v, want %d: %+v", r, voices, levels, original, r.Want)
		}
		if r.Floor == me.Language && r.Choice.Kind == Mine && me.Booth == "" && r.Want.Plan != HearsFloor {
			t.Fatalf("%s: one's own language is not the original", r)
		}
		if interpreted && r.Want.Channel == r.Floor {
			t.Fatalf("%s: interpreted into what is spoken", r)
		}
	}
}

func TestHearing(t *testing.T) {
	m := hearingMeeting(t)
	state := func(floor Language, az, en string) *Meeting {
		return m.in(hearingRow{Floor: floor, Booths: map[Language]string{"az": az, "en": en}})
	}
	mine := usual()
	for _, c := range []struct {
		name   string
		m      *Meeting
		who    MemberID
		choice Choice
		want   string // plan, channel, the interpreter heard and the level of the original
	}{
		{"the other language is spoken", state("fa", "A", "off"), head, mine, "interpreter az rashad 10"},
		{"my language is spoken", state("az", "A", "off"), head, mine, "floor   100"},
		{"the booth turns round", state("az", "B", "off"), minister, mine, "interpreter fa rashad 10"},
		{"the booth turned round, and the floor changed", state("fa", "B", "off"), head, mine, "uninterpreted az  100"},
		{"nobody on air", state("fa", "off", "A"), head, mine, "uninterpreted az  100"},
		{"suspended", state("fa", "suspended", "A"), head, mine, "suspended az  100"},
		{"suspended, and it was to speak my language as its second", state("az", "suspended", "A"), minister, mine, "suspended fa  100"},
		{"no booth for me", state("fa", "A", "A"), pavel, mine, "uninterpreted ru  100"},
		{"no booth for me, but I understand another", state("fa", "A", "A"), pavel, Choice{Kind: Channel, Language: "en", Original: 30}, "interpreter en yelena 30"},
		{"original", state("fa", "A", "A"), head, Choice{Kind: Original}, "floor   100"},
		{"nobody has spoken", state("", "A", "A"), head, mine, "floor   100"},
		{"no original at all", state("fa", "A", "off"), head, Choice{Kind: Mine}, "interpreter az rashad 0"},
		{"a colleague listens to the own channel", state("fa", "A", "off"), sevil, Choice{Kind: Channel, Language: "az", Original: 10}, "interpreter az rashad 0"},
		{"one's own channel is not heard", state("fa", "A", "off"), rashad, Choice{Kind: Channel, Language: "az"}, "floor az  100"},
		{"relay by the pivot", state("ru", "A", "A"), rashad, mine, "floor   100"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := c.m.Hearing(c.who, c.choice)
			voice, level := "", -1
			for _, x := range h.Heard {
				if c.m.Members[x.Member].Booth != "" {
					voice = string(x.Member.Person())
				} else {
					level = x.Level
				}
			}
			if got := fmt.Sprintf("%s %s %s %d", h.Plan, h.Channel, voice, level); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// A booth that does not understand the floor works from the first of its languages that a booth interprets directly.
func TestRelay(t *testing.T) {
	m := hearingMeeting(t)
	m.Interpretation.Floor = "ru"
	m.Interpretation.Booths = map[Language]Booth{
		"az": {From: []Language{"fa", "en"}, OnAir: rashad, Outgoing: "az"},
		"en": {From: []Language{"ru"}, OnAir: yelena, Outgoing: "en"},
		"fa": {From: []Language{"az"}, OnAir: aydin, Outgoing: "fa"},
	}
	var got []string
	for _, l := range []Language{"ru", "en", "az", "fa"} {
		got = append(got, string(l)+string(m.Relay(l)))
	}
	if g := strings.Join(got, " "); g != "rufloor en+ az- fa+" {
		t.Errorf("got %s", g)
	}
	if h := m.Hearing(rashad, usual()); h.Plan != HearsInterpreter || h.Channel != "en" {
		t.Errorf("got %+v, want the relay from English", h)
	}
	// Persian understands neither Russian nor anybody who does: it hears the floor rather than an interpretation of an interpretation.
	if h := m.Hearing(aydin, usual()); h.Plan != HearsFloor {
		t.Errorf("got %+v, want the floor", h)
	}
	m.Interpretation.Listening[aydin] = Choice{Kind: Channel, Language: "az"}
	if q := m.Relay("fa"); q != QualityTwice {
		t.Errorf("got %q, want interpreted twice", q)
	}
}
