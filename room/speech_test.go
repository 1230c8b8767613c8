package room

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"astara/meeting"
)

func TestSpeech(t *testing.T) {
	for _, c := range []struct {
		name  string
		steps string // each 200 ms: "a30,b60"; - is nobody
		want  string // who speaks after each
	}{
		{"one who speaks", "a30 a30", "a a"},
		{"a quiet room", "a60 a46 a127", "- - -"},
		{"between the two levels who spoke goes on and who did not does not begin", "a45,b50 a52,b50 a52,b46", "a a a"},
		{"a pause between sentences", "a30 a90 a90 a90 a90 a30", "a a a a a a"},
		{"a second of silence", "a30 a90 a90 a90 a90 a90 a90", "a a a a a - -"},
		{"a microphone that goes off", "a30 - -", "a - -"},
		{"the louder first", "a40,b20 a40,b20", "ba ba"},
		{"a little louder does not change the order", "a30,b31 a32,b25 a34,b26", "ab ab ba"},
		{"a newcomer comes after those as loud", "b30 a29,b30", "b ba"},
		{"three", "a40 a40,b40,c20 a40,b30,c40", "a cab bca"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s speech
			now := time.Unix(1000, 0)
			var got []string
			before := ""
			for _, step := range strings.Fields(c.steps) {
				levels := map[meeting.MemberID]uint8{}
				for _, x := range strings.Split(step, ",") {
					if x != "-" {
						var level uint8
						fmt.Sscan(x[1:], &level)
						levels[meeting.MemberID(x[:1])] = level
					}
				}
				_, changed := s.step(levels, now)
				now = now.Add(tick)
				is := ""
				for _, id := range s.speakers() {
					is += string(id)
				}
				if changed != (is != before) {
					t.Errorf("%s: said that it changed: %v", step, changed)
				}
				before = is
				if is == "" {
					is = "-"
				}
				got = append(got, is)
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("got %q, want %q", g, c.want)
			}
		})
	}
}
