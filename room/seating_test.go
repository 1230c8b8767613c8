package room

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"astara/media"
	"astara/meeting"
	"astara/protocol"
)

// slots is a client's: pairs, then x.
func slots(pairs, sounds int) []media.SlotID {
	var out []media.SlotID
	for i := range pairs {
		out = append(out, media.SlotID(fmt.Sprint("a", i)), media.SlotID(fmt.Sprint("v", i)))
	}
	for i := range sounds {
		out = append(out, media.SlotID(fmt.Sprint("x", i)))
	}
	slices.SortFunc(out, bySlot)
	return out
}

// on writes senders: name, then what they send: c camera, m microphone on, . microphone off, s screen, S screen with sound, H head, ! loud, a digit when heard.
func on(list ...string) []sender {
	var out []sender
	for _, text := range list {
		name, what, _ := strings.Cut(text, ":")
		s := sender{ID: meeting.MemberID("p/" + name)}
		for _, r := range what {
			switch r {
			case 'c':
				s.Camera = true
			case 'm':
				s.Sound, s.Speaking = true, true
			case '.':
				s.Sound = true
			case 'S':
				s.Screen, s.ScreenSound = true, true
			case 's':
				s.Screen = true
			case 'H':
				s.Head = true
			case '!':
				s.Loud = true
			default:
				s.Heard = int64(r - '0')
			}
		}
		out = append(out, s)
	}
	return out
}

// tiles writes a wish: names, ! is pinned.
func tiles(names ...string) []protocol.Tile {
	var out []protocol.Tile
	for _, n := range names {
		name := strings.TrimSuffix(n, "!")
		out = append(out, protocol.Tile{Member: meeting.MemberID("p/" + name), Source: protocol.Camera, Pinned: name != n})
	}
	return out
}

// written is seats as "v0=a.camera a0=a.microphone".
func written(seats map[media.SlotID]track) string {
	var keys []media.SlotID
	for s := range seats {
		keys = append(keys, s)
	}
	slices.SortFunc(keys, bySlot)
	var out []string
	short := map[protocol.Source]string{protocol.Camera: "c", protocol.Microphone: "m", protocol.Screen: "s", protocol.ScreenSound: "S", protocol.Whispering: "w"}
	for _, s := range keys {
		out = append(out, fmt.Sprintf("%s=%s.%s", s, seats[s].Member.Person(), short[seats[s].Source]))
	}
	return strings.Join(out, " ")
}

func seatsOf(text string) map[media.SlotID]track {
	long := map[string]protocol.Source{"c": protocol.Camera, "m": protocol.Microphone, "s": protocol.Screen, "S": protocol.ScreenSound}
	out := map[media.SlotID]track{}
	for _, f := range strings.Fields(text) {
		slot, who, _ := strings.Cut(f, "=")
		name, what, _ := strings.Cut(who, ".")
		out[media.SlotID(slot)] = track{meeting.MemberID("p/" + name), long[what]}
	}
	return out
}

func TestSeat(t *testing.T) {
	for _, c := range []struct {
		name    string
		slots   []media.SlotID
		senders []sender
		wish    []protocol.Tile
		before  string
		want    string
	}{
		{"nobody", slots(2, 1), nil, nil, "", ""},
		{"no slots", nil, on("a:cm"), nil, "", ""},
		{"only me", slots(2, 1), on("me:Hcms"), tiles("me!"), "", ""},
		{"one", slots(2, 1), on("a:cm"), nil, "", "a0=a.m v0=a.c"},
		{"sound alone takes x", slots(2, 1), on("a:m"), nil, "", "x0=a.m"},
		{"sound alone takes the last pair when x is full", slots(2, 1), on("a:m", "b:m"), nil, "", "a1=b.m x0=a.m"},
		{"a microphone that is off keeps its seat", slots(1, 1), on("a:."), nil, "x0=a.m", "x0=a.m"},
		{"a camera goes to a pair, and its sound with it", slots(2, 1), on("a:cm"), nil, "x0=a.m", "a0=a.m v0=a.c"},
		{"a camera goes beside its own sound", slots(3, 0), on("a:cm"), nil, "a2=a.m", "a2=a.m v2=a.c"},
		{"a camera goes beside no sound rather than disturb one", slots(2, 0), on("a:cm", "b:m"), nil, "a0=b.m", "a0=b.m a1=a.m v1=a.c"},
		{"a camera without microphone", slots(1, 0), on("a:c"), nil, "", "v0=a.c"},
		{"a camera off leaves the sound where it is", slots(2, 2), on("a:m", "b:cm"), nil, "v0=a.c a0=a.m v1=b.c a1=b.m", "a0=a.m a1=b.m v1=b.c"},
		{"who stays does not move when the first leaves", slots(3, 0), on("b:cm", "c:cm"), nil, "v0=a.c a0=a.m v1=b.c a1=b.m v2=c.c a2=c.m", "a1=b.m a2=c.m v1=b.c v2=c.c"},
		{"a newcomer takes the free pair", slots(3, 0), on("d:cm", "b:cm", "c:cm"), nil, "v1=b.c a1=b.m v2=c.c a2=c.m", "a0=d.m a1=b.m a2=c.m v0=d.c v1=b.c v2=c.c"},
		{"a screen comes first", slots(1, 1), on("a:Hcm", "b:s"), nil, "v0=a.c a0=a.m", "a0=a.m v0=b.s"},
		{"a screen and its sound share a pair", slots(2, 0), on("a:cmS"), nil, "", "a0=a.S a1=a.m v0=a.s v1=a.c"},
		{"beside a silent screen there is room for a voice", slots(1, 0), on("a:s", "b:m"), nil, "", "a0=b.m v0=a.s"},
		{"and the voice goes when the screen gets sound", slots(1, 1), on("a:S", "b:m"), nil, "v0=a.s a0=b.m", "a0=a.S v0=a.s x0=b.m"},
		{"pinned before heads, heads before the rest", slots(2, 0), on("a:c", "b:cH", "c:c"), tiles("a", "c!", "b"), "", "v0=c.c v1=b.c"},
		{"heads without a wish", slots(1, 0), on("a:c", "b:cH"), nil, "", "v0=b.c"},
		{"the order of the screen", slots(2, 0), on("a:c", "b:c", "c:c"), tiles("c", "b", "a"), "", "v0=c.c v1=b.c"},
		{"who is on no tile and silent is not sent", slots(3, 0), on("a:c", "b:c"), tiles("a"), "", "v0=a.c"},
		{"not even who speaks", slots(3, 1), on("a:c", "b:cm!3"), tiles("a"), "", "v0=a.c x0=b.m"},
		{"without a wish the last heard are seen", slots(2, 0), on("a:c", "b:c1", "c:c2"), nil, "", "v0=c.c v1=b.c"},
		{"the silent have eight sounds", slots(0, 10), on("a:m", "b:m", "c:m", "d:m", "e:m", "f:m", "g:m", "h:m", "i:m", "j:m!"), nil, "", "x0=j.m x1=a.m x2=b.m x3=c.m x4=d.m x5=e.m x6=f.m x7=g.m"},
		{"more when more speak at once", slots(0, 10), on("a:m!", "b:m!", "c:m!", "d:m!", "e:m!", "f:m!", "g:m!", "h:m!", "i:m!", "j:m"), nil, "", "x0=a.m x1=b.m x2=c.m x3=d.m x4=e.m x5=f.m x6=g.m x7=h.m x8=i.m"},
		{"who is on the screen before who is not", slots(0, 1), on("a:m", "b:m"), tiles("b"), "x0=a.m", "x0=b.m"},
		{"a wish for somebody without a camera", slots(1, 1), on("a:m", "b:cm"), tiles("a", "b"), "", "a0=b.m v0=b.c x0=a.m"},
		{"a wish for strangers", slots(1, 1), on("a:cm"), tiles("z", "a", "y"), "", "a0=a.m v0=a.c"},
		{"a wish for screens does not seat cameras", slots(1, 0), on("a:c"), []protocol.Tile{{Member: "p/a", Source: protocol.Screen}}, "", ""},
		{"the last heard have the sounds", slots(0, 2), on("a:m1", "b:m3", "c:m2", "d:m"), nil, "", "x0=b.m x1=c.m"},
		{"who has a sound keeps it among the silent", slots(0, 2), on("a:m", "b:m", "c:m"), nil, "x0=c.m x1=b.m", "x0=c.m x1=b.m"},
		{"a voice displaces the longest silent only", slots(0, 2), on("a:m9", "b:m2", "c:m1"), nil, "x0=c.m x1=b.m", "x0=a.m x1=b.m"},
		{"those who are muted give way", slots(0, 1), on("a:.9", "b:m"), nil, "x0=a.m", "x0=b.m"},
		{"two who speak do not change places", slots(0, 2), on("b:m7", "a:m7"), nil, "x0=a.m x1=b.m", "x0=a.m x1=b.m"},
		{"pictures without sound slots", []media.SlotID{"v0", "v1"}, on("a:cm", "b:cm"), nil, "", "v0=a.c v1=b.c"},
		{"ten comes after nine", slots(11, 0), on("a:c"), nil, "v10=a.c", "v10=a.c"},
		{"slots that went away", slots(1, 0), on("a:cm"), nil, "v7=a.c a7=a.m", "a0=a.m v0=a.c"},
		{"names that are none", []media.SlotID{"", "q1", "v"}, on("a:cm"), nil, "", "v=a.c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := seat(newPool(c.slots), "p/me", c.senders, newScreen(c.wish), seatsOf(c.before))
			if g := written(got); g != c.want {
				t.Errorf("got %q, want %q", g, c.want)
			}
			again := seat(newPool(c.slots), "p/me", c.senders, newScreen(c.wish), got)
			if g := written(again); g != c.want {
				t.Errorf("a second look moved people: got %q, want %q", g, c.want)
			}
		})
	}
}

// Whatever happens: nobody twice, nobody oneself, sound in sound slots, lips beside voices, and a second look moves nobody.
func TestSeatKeepsItsWord(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var before map[media.SlotID]track
	for range 5000 {
		offered := slots(r.IntN(6), r.IntN(4))
		var list []string
		for i := range r.IntN(12) {
			what := ""
			for _, x := range []string{"c", "m", ".", "s", "S", "H", "4", "7"} {
				if r.IntN(3) == 0 {
					what += x
				}
			}
			list = append(list, fmt.Sprintf("p%d:%s", i, what))
		}
		senders := on(list...)
		var wish []protocol.Tile
		for range r.IntN(5) {
			wish = append(wish, protocol.Tile{Member: meeting.MemberID(fmt.Sprint("p/p", r.IntN(14))), Source: protocol.Camera, Pinned: r.IntN(3) == 0})
		}
		got := seat(newPool(offered), "p/p3", senders, newScreen(wish), before)
		twice := map[track]bool{}
		for s, w := range got {
			i := slices.IndexFunc(senders, func(x sender) bool { return x.ID == w.Member })
			picture := w.Source == protocol.Camera || w.Source == protocol.Screen
			switch {
			case i < 0, w.Member == "p/p3", twice[w], !slices.Contains(offered, s), picture != (s[0] == 'v'):
				t.Fatalf("%s: %v in %v of %v", s, w, written(got), list)
			case w.Source == protocol.Camera && senders[i].Sound && got["a"+s[1:]] != track{w.Member, protocol.Microphone}:
				t.Fatalf("%s: lips without voice in %v of %v", s, written(got), list)
			}
			twice[w] = true
		}
		if again := seat(newPool(offered), "p/p3", senders, newScreen(wish), got); written(again) != written(got) {
			t.Fatalf("got %s, then %s", written(got), written(again))
		}
		before = got
	}
}
