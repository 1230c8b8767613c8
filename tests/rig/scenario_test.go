package rig

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// scenario is a line and what must hold on it.
type scenario struct {
	name string
	run  func(w *world)
}

func scenarios() []scenario {
	ms := time.Millisecond
	road := Faults{Delay: 20 * ms} // an ordinary line
	with := func(change func(f *Faults)) Faults {
		f := road
		change(&f)
		return f
	}
	return []scenario{
		{"clean", steady(road, 0.01, 0.02)},
		{"loss-1", steady(with(func(f *Faults) { f.Loss = 0.01 }), 0.01, 0.02)},
		{"loss-5", steady(with(func(f *Faults) { f.Loss = 0.05 }), 0.01, 0.02)},
		{"loss-10", steady(with(func(f *Faults) { f.Loss = 0.10 }), 0.05, 0.10)},
		{"up-5", up(with(func(f *Faults) { f.Loss = 0.05 }), 0.01, 0.02)},
		// A burst of 200 ms each 5 s is 4 % of the time, and nothing can be heard of it; more than that is ours.
		{"bursts", steady(with(func(f *Faults) { f.Burst, f.Every = 200*ms, 5*time.Second }), 0.06, 0.12)},
		{"jitter", steady(Faults{Delay: 75 * ms, Jitter: 30 * ms}, 0.01, 0.02)},
		{"reorder", steady(with(func(f *Faults) { f.Reorder = 0.05 }), 0.01, 0.02)},
		{"cut-3", cut(road, 3*time.Second)},
		{"cut-30", cut(road, 30*time.Second)},
		{"move", move(road)},
		{"narrow", narrow(with(func(f *Faults) { f.Rate, f.Queue = 5e6, 300*ms }), 300e3)},
		{"queue-300", queue(with(func(f *Faults) { f.Rate, f.Queue = 600e3, 300*ms }))},
		{"no-udp", narrowDoor(with(func(f *Faults) { f.Passes = NoUDP }), "tcp")},
		{"tls-443", narrowDoor(with(func(f *Faults) { f.Passes = HTTPSAlone }), "relay")},
	}
}

// TestScenarios runs one after the other: they measure.
func TestScenarios(t *testing.T) {
	if !*scenariosFlag {
		t.Skip("minutes of lines that break: make rig")
	}
	binary := os.Getenv("ASTARA_BINARY")
	if binary == "" {
		binary = filepath.Join(t.TempDir(), "astara")
		if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", binary, "astara/cmd/astara").CombinedOutput(); err != nil {
			t.Fatalf("build: %v\n%s", err, out)
		}
	}
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			w := newWorld(t, binary)
			s.run(w)
		})
	}
}

// verdict writes one line of the table, and fails what is over its limit.
func (w *world) verdict(what string, got, limit float64, unit string) {
	w.t.Helper()
	word := "ok"
	if got > limit {
		word = "OVER"
		w.t.Errorf("%s: got %.3g %s, want at most %.3g", what, got, unit, limit)
	}
	fmt.Printf("%-10s %-44s %10.3g %-3s limit %-8.3g %s\n", filepath.Base(w.t.Name()), what, got, unit, limit, word)
}

// send lets a bot send beside the node: 15 frames a second of 120 kbit/s, and a tone.
func (w *world) send() {
	w.bot(w.Node, "baku", "head", 120)
	w.rate = 15
}

// steady: a constant fault for half a minute. Limits are the share of the sound that was made up by the browser, and of the time that
// the picture stood.
func steady(f Faults, concealed, frozen float64) func(w *world) {
	return func(w *world) {
		w.send()
		p := w.browse(w.People, "tehran", "head", "")
		p.seated()
		w.Lines[0].Set(f)
		from := time.Now().Add(3 * time.Second) // the browser's buffers have learned the line
		to := from.Add(25 * time.Second)
		p.until("the end of the measurement", to, 40*time.Second, func(sample) bool { return true })
		w.judge(p.between(from, to), concealed, frozen)
	}
}

// up: the same, but it is the sender who is behind the line, a browser; another one hears and sees at the node.
func up(f Faults, concealed, frozen float64) func(w *world) {
	return func(w *world) {
		sender := w.browse(w.People, "baku", "head", "")
		sender.until("the sender", time.Time{}, 40*time.Second, func(s sample) bool { return s.Sent.Packets > 50 })
		w.rate = 15
		p := w.browse(w.Node, "tehran", "head", "")
		p.seated()
		w.Lines[0].Set(f)
		from := time.Now().Add(5 * time.Second) // the sender has heard of it, which takes longer than down, and the listener's buffers know
		to := from.Add(25 * time.Second)
		p.until("the end of the measurement", to, 40*time.Second, func(sample) bool { return true })
		w.judge(p.between(from, to), concealed, frozen)
	}
}

func (w *world) judge(span []sample, concealed, frozen float64) {
	w.t.Helper()
	if len(span) < 20 {
		w.t.Fatalf("%d samples, want some", len(span))
	}
	a, b := span[0], span[len(span)-1]
	if b.Calls != a.Calls || b.State != "connected" {
		w.t.Errorf("the connection was made anew (%d times) or is not there (%s)", b.Calls-a.Calls, b.State)
	}
	seconds := (b.T - a.T) / 1000
	w.verdict("sound made up", 100*(b.Sound.Concealed-a.Sound.Concealed)/(b.Sound.Samples-a.Sound.Samples), 100*concealed, "%")
	w.verdict("picture frozen", 100*(b.Picture.Frozen-a.Picture.Frozen)/seconds, 100*frozen, "%")
	if sent := w.rate; sent > 0 { // a picture that is not sent does not freeze
		w.verdict("frames that did not come", 100*max(0, 1-(b.Picture.Frames-a.Picture.Frames)/seconds/sent), 20, "%")
	}
	w.t.Logf("frames %.1f/s, freezes %.0f, key frames %.0f, sound lost %.0f of %.0f, buffered %.0f ms, round trip %.0f ms, by %s", (b.Picture.Frames-a.Picture.Frames)/seconds,
		b.Picture.Freezes-a.Picture.Freezes, b.Picture.Keys-a.Picture.Keys, b.Sound.Lost-a.Sound.Lost, b.Sound.Packets-a.Sound.Packets,
		1000*(b.Sound.Delay-a.Sound.Delay)/max(1, b.Sound.Emitted-a.Sound.Emitted), 1000*b.RTT, b.Way)
}

// back waits for sound and picture after the path works again at a moment, and judges.
func (w *world) back(p *person, from time.Time) {
	w.t.Helper()
	at := p.between(from.Add(-time.Second), from)
	if len(at) == 0 {
		w.t.Fatal("the browser said nothing before")
	}
	before := at[len(at)-1]
	span := func(fits func(sample) bool) float64 {
		s, ok := p.try(from, 40*time.Second, fits)
		if !ok {
			return 99
		}
		return s.time().Sub(from).Seconds()
	}
	same := func(s sample) bool { return s.Calls == before.Calls }
	sound := span(func(s sample) bool {
		return s.Sound.Packets > before.Sound.Packets+3 || !same(s) && s.Sound.Packets > 3
	})
	picture := span(func(s sample) bool {
		return s.Picture.Frames > before.Picture.Frames+1 || !same(s) && s.Picture.Frames > 1
	})
	w.verdict("sound back after", sound, 1, "s")
	w.verdict("picture back after", picture, 2, "s")
	// And it stays.
	later := from.Add(8 * time.Second)
	p.until("seconds later", later, 30*time.Second, func(sample) bool { return true })
	rest := p.between(from.Add(3*time.Second), later)
	if n := len(rest); n > 1 {
		w.verdict("longest silence from 3 s to 8 s after", silence(rest), 0.35, "s")
	}
	w.t.Log(story(p.between(from.Add(-time.Second), later), from))
	last := p.last()
	w.t.Logf("line %s, call %s, ice %s, by %s, connections made %d", last.Line, last.State, last.Ice, last.Way, last.Calls)
}

// silence is the longest time without a packet of sound.
func silence(span []sample) float64 {
	longest, since := 0.0, span[0].T
	for i := 1; i < len(span); i++ {
		if span[i].Sound.Packets != span[i-1].Sound.Packets {
			since = span[i].T
		}
		longest = max(longest, span[i].T-since)
	}
	return longest / 1000
}

// story tells what the page did and was told, and when.
func story(span []sample, from time.Time) string {
	var out strings.Builder
	for _, s := range span {
		for _, n := range s.Notes {
			fmt.Fprintf(&out, "\n%+7.2f s: %s", time.UnixMilli(int64(n.T)).Sub(from).Seconds(), n.What)
		}
	}
	return out.String()
}

// cut: nothing passes for a while, then everything as before.
func cut(f Faults, length time.Duration) func(w *world) {
	return func(w *world) {
		w.send()
		p := w.browse(w.People, "tehran", "head", "")
		w.Lines[0].Set(f)
		p.seated()
		w.Lines[0].Set(Faults{Cut: true})
		p.until("the end of the cut", time.Now().Add(length), length+10*time.Second, func(sample) bool { return true })
		w.Lines[0].Set(f)
		w.back(p, time.Now())
	}
}

// move: from one network to another, whose addresses differ.
func move(f Faults) func(w *world) {
	return func(w *world) {
		w.send()
		p := w.browse(w.People, "tehran", "head", "")
		w.Lines[0].Set(f)
		w.Lines[1].Set(f)
		p.seated()
		if err := w.Move(); err != nil {
			w.t.Fatal(err)
		}
		from := time.Now()
		// Chromium for Linux looks at its addresses 2 s after they changed, and no page can make it look sooner: the path works for it from
		// the first candidate with the new address.
		known := p.until("a candidate of the new network", from, 20*time.Second, func(s sample) bool { return s.notes("10.99.1.2") > 0 }).notes("10.99.1.2")
		w.t.Logf("the browser knew its new address after %.2f s", (known-float64(from.UnixMilli()))/1000)
		w.back(p, time.UnixMilli(int64(known)))
	}
}

// notes gives when the page was told of something, 0 if it was not.
func (s sample) notes(what string) float64 {
	for _, n := range s.Notes {
		if strings.Contains(n.What, what) {
			return n.T
		}
	}
	return 0
}

// narrow: from plenty to rate for 20 s, and back. The sender is a browser too, since only it sends layers.
func narrow(f Faults, rate int) func(w *world) {
	return func(w *world) {
		w.browse(w.Node, "baku", "head", `,"width":640,"height":360,"fps":30`).until("the sender", time.Time{}, 40*time.Second, func(s sample) bool { return s.Sent.Packets > 50 })
		p := w.browse(w.People, "tehran", "head", "")
		w.Lines[0].Set(f)
		p.seated()
		best := p.until("the best layer", time.Time{}, 30*time.Second, func(s sample) bool { return s.Picture.Width >= 640 })
		settled := best.time().Add(5 * time.Second)
		p.until("a settled line", settled, 30*time.Second, func(sample) bool { return true })

		small := f
		small.Rate = rate
		w.Lines[0].Set(small)
		from := time.Now()
		to := from.Add(20 * time.Second)
		p.until("the end of the narrow line", to, 40*time.Second, func(sample) bool { return true })
		w.Lines[0].Set(f)
		span := p.between(from, to)
		a, b := span[0], span[len(span)-1]
		w.verdict("sound made up while narrow", (b.Sound.Concealed-a.Sound.Concealed)/48000, 1, "s")
		longest, adapted := still(span)
		w.verdict("longest freeze while narrow", longest, 2, "s")
		w.verdict("last freeze above 0.5 s ended after", adapted, 3, "s")
		w.t.Logf("narrow: %.0fx%.0f, %.1f frames/s, round trip %.0f ms", b.Picture.Width, b.Picture.Height, (b.Picture.Frames-a.Picture.Frames)/20, 1000*b.RTT)
		wide := 99.0
		if s, ok := p.try(to, 20*time.Second, func(s sample) bool { return s.Picture.Width >= 640 }); ok {
			wide = s.time().Sub(to).Seconds()
		}
		w.verdict("best layer back after", wide, 10, "s")
		up, down := w.Lines[0].Counts()
		w.t.Logf("line: up %+v, down %+v", up, down)
	}
}

// still is the longest time without a frame, and when the last one above 0.5 s ended, in seconds from the beginning.
func still(span []sample) (longest, last float64) {
	since := span[0]
	for _, s := range span[1:] {
		if s.Picture.Frames == since.Picture.Frames {
			longest = max(longest, (s.T-since.T)/1000)
			if s.T-since.T > 500 {
				last = (s.T - span[0].T) / 1000
			}
			continue
		}
		since = s
	}
	return longest, last
}

// queue: a line with a long queue that is nearly full. What may be in it is the sound and a picture that fits.
func queue(f Faults) func(w *world) {
	return func(w *world) {
		w.browse(w.Node, "baku", "head", `,"width":640,"height":360,"fps":30`).until("the sender", time.Time{}, 40*time.Second, func(s sample) bool { return s.Sent.Packets > 50 })
		p := w.browse(w.People, "tehran", "head", "")
		p.seated()
		w.Lines[0].Set(f)
		from := time.Now().Add(5 * time.Second)
		to := from.Add(20 * time.Second)
		p.until("the end of the measurement", to, 40*time.Second, func(sample) bool { return true })
		span := p.between(from, to)
		w.judge(span, 0.01, 0.02)
		var trips []float64
		for _, s := range span {
			trips = append(trips, s.RTT)
		}
		slices.Sort(trips)
		// Both ways are 40 ms. What is above stands in the line's queue, which a good sender does not fill.
		w.verdict("delay by a full queue, half of the time", 1000*trips[len(trips)/2]-40, 150, "ms")
	}
}

// narrowDoor: a firewall. way is by what sound and picture must come.
func narrowDoor(f Faults, way string) func(w *world) {
	return func(w *world) {
		w.Lines[0].Set(f)
		w.send()
		p := w.browse(w.People, "tehran", "head", "")
		came := p.until("sound and picture", time.Time{}, 40*time.Second, func(s sample) bool { return s.Sound.Packets > 3 && s.Picture.Frames > 1 })
		first := p.between(time.Time{}, came.time())[0]
		w.verdict("sound and picture after entering", (came.T-first.T)/1000, 5, "s")
		from := time.Now().Add(2 * time.Second)
		to := from.Add(15 * time.Second)
		p.until("the end of the measurement", to, 40*time.Second, func(sample) bool { return true })
		w.judge(p.between(from, to), 0.01, 0.02)
		up, down := w.Lines[0].Counts()
		w.t.Logf("line: up %+v, down %+v; by %s", up, down, p.last().Way)
	}
}
