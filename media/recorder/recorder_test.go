package recorder_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"astara/media"
	"astara/media/bench"
	"astara/media/caller"
	"astara/media/recorder"
)

// stage is a router and a recorder.
type stage struct {
	*testing.T
	router *media.Router
	rec    *recorder.Recorder
	dir    string
}

func newStage(t *testing.T) *stage {
	t.Helper()
	for _, tool := range []string{"ffmpeg", "ffprobe"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not here", tool) // make test installs ffmpeg, which brings it
		}
	}
	local := netip.MustParseAddr("127.0.0.1")
	r, err := media.Open(media.Config{Listen: netip.AddrPortFrom(local, 0), External: []netip.Addr{local}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	all.Go(func() { _ = r.Run(ctx) })
	all.Go(func() {
		for range r.Events() {
		}
	})
	t.Cleanup(func() { stop(); all.Wait() })
	dir := t.TempDir()
	return &stage{t, r, recorder.Open(recorder.Config{Dir: dir, Tap: r.Tap, Free: 1}), dir}
}

// speak lets a peer send; it returns when the connection stands.
func (s *stage) speak(id media.PeerID, sound string) {
	s.Helper()
	s.send(id, "../../cmd/astara/clip/picture.ivf", sound)
}

// send is the same with a picture of one's own.
func (s *stage) send(id media.PeerID, picture, sound string) {
	s.Helper()
	ctx, stop := context.WithCancel(context.Background())
	dial, end := bench.Within(ctx, 20*time.Second)
	defer end()
	c, err := caller.Dial(dial, caller.Config{VideoIVF: picture, AudioOGG: sound, Pairs: 1}, func(_ context.Context, o caller.Offer) (string, error) {
		m := media.Offer{SDP: o.SDP, Sources: map[string]media.Source{}, Slots: map[string]media.SlotID{}}
		for mid, x := range o.Sources {
			m.Sources[mid] = media.Source(x)
		}
		for mid, x := range o.Slots {
			m.Slots[mid] = media.SlotID(x)
		}
		return s.router.Answer(id, m)
	})
	if err != nil {
		s.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() { _ = c.Run(ctx) })
	s.Cleanup(func() { stop(); all.Wait() })
}

// tones makes an Opus file of tones that follow each other, two seconds each.
func tones(t *testing.T, hertz ...int) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "tones.ogg")
	var args []string
	join := ""
	for i, f := range hertz {
		args = append(args, "-f", "lavfi", "-i", "sine=frequency="+strconv.Itoa(f)+":duration=2:sample_rate=48000")
		join += "[" + strconv.Itoa(i) + "]"
	}
	args = append(args, "-filter_complex", join+"concat=n="+strconv.Itoa(len(hertz))+":v=0:a=1", "-c:a", "libopus", "-b:a", "48k", "-application", "voip", "-fec", "1", "-packet_loss", "10", name)
	if out, err := exec.Command("ffmpeg", append([]string{"-v", "error", "-y"}, args...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return name
}

// strength is the share of a tone in a file's sound, 0..1, between two seconds.
func strength(t *testing.T, file string, hertz float64) float64 {
	t.Helper()
	raw, err := exec.Command("ffmpeg", "-v", "error", "-i", file, "-f", "s16le", "-ac", "1", "-ar", "48000", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var re, im, all float64
	best := 0.0
	const window = 4800
	for i := 0; i+1 < len(raw); i += 2 {
		x := float64(int16(uint16(raw[i]) | uint16(raw[i+1])<<8))
		p := 2 * math.Pi * hertz * float64(i/2) / 48000
		re, im, all = re+x*math.Cos(p), im+x*math.Sin(p), all+x*x
		if (i/2+1)%window == 0 {
			if all > window*100 {
				best = max(best, 2*(re*re+im*im)/window/all)
			}
			re, im, all = 0, 0, 0
		}
	}
	return best
}

type probed struct {
	Streams []struct {
		CodecName string `json:"codec_name"`
		Width     int    `json:"width"`
	} `json:"streams"`
	Format struct {
		Duration string `json:"duration"`
	} `json:"format"`
}

func probe(t *testing.T, file string) (p probed, seconds float64) {
	t.Helper()
	out, err := exec.Command("ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", file).CombinedOutput()
	if err != nil {
		t.Fatalf("ffprobe: %v: %s", err, out)
	}
	if err := json.Unmarshal(out, &p); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	seconds, _ = strconv.ParseFloat(p.Format.Duration, 64)
	return p, seconds
}

func decodes(t *testing.T, file string) {
	t.Helper()
	if out, err := exec.Command("ffmpeg", "-v", "error", "-xerror", "-i", file, "-f", "null", "-").CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%s does not decode: %v: %s", filepath.Base(file), err, out)
	}
}

func (s *stage) seat(t *recorder.Tape, who media.PeerID) {
	t.Seat("a", media.Audio, media.TrackID{Peer: who, Source: "microphone"}, recorder.Label{Source: "microphone", Member: string(who)}, 200*time.Millisecond)
	t.Seat("v", media.Video, media.TrackID{Peer: who, Source: "camera"}, recorder.Label{Source: "camera", Member: string(who)}, 200*time.Millisecond)
}

// wait until some time has passed since the speaker began: tones follow the clock.
func wait(began time.Time, d time.Duration) { <-time.After(time.Until(began.Add(d))) }

// TestOffTheRecord: what is said between two parts is in no file, not as a tone and not as one packet of it.
func TestOffTheRecord(t *testing.T) {
	s := newStage(t)
	sound := tones(t, 440, 1500, 700)
	s.speak("c/a/1", sound)
	began := time.Now()
	first, err := s.rec.Begin("c", 1)
	if err != nil {
		t.Fatal(err)
	}
	s.seat(first, "c/a/1")
	wait(began, 1800*time.Millisecond)
	first.Stop()
	<-first.Done()
	wait(began, 4100*time.Millisecond)
	second, err := s.rec.Begin("c", 2)
	if err != nil {
		t.Fatal(err)
	}
	s.seat(second, "c/a/1")
	wait(began, 5700*time.Millisecond)
	second.Stop()
	<-second.Done()

	ogg, err := os.ReadFile(sound)
	if err != nil {
		t.Fatal(err)
	}
	for part, tone := range map[int]float64{1: 440, 2: 700} {
		files, err := s.rec.Closed("c", part)
		if err != nil || len(files) != 2 {
			t.Fatalf("part %d: got %v, %v, want a sound and a picture", part, files, err)
		}
		for _, f := range files {
			name := filepath.Join(s.dir, "c", strconv.Itoa(part), f.Name)
			decodes(t, name)
			p, long := probe(t, name)
			t.Logf("part %d %s: %s, %d bytes, %.2f s", part, f.Name, p.Streams[0].CodecName, f.Bytes, long)
			if long < 1.2 || long > 2.2 {
				t.Errorf("%s: got %.2f s, want some 1.7", f.Name, long)
			}
			if f.Label.Source == "camera" {
				if p.Streams[0].CodecName != "vp8" {
					t.Errorf("got %s, want vp8", p.Streams[0].CodecName)
				}
				continue
			}
			if got := strength(t, name, tone); got < 0.8 {
				t.Errorf("part %d: %v Hz is %.3f of the sound, want nearly all", part, tone, got)
			}
			if got := strength(t, name, 1500); got > 0.01 {
				t.Errorf("part %d: the tone of the interval is %.3f of the sound", part, got)
			}
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for i := len(ogg) * 5 / 12; i+40 < len(ogg)*7/12; i += 40 { // the middle third's middle half
				if bytes.Contains(b, ogg[i:i+40]) {
					t.Fatalf("part %d: bytes of the interval are in the file", part)
				}
			}
		}
	}
}

// TestKilled: a process that dies leaves files that are whole up to their last cluster, and the next one closes them.
func TestKilled(t *testing.T) {
	s := newStage(t)
	s.speak("c/a/1", tones(t, 440))
	tape, err := s.rec.Begin("c", 1)
	if err != nil {
		t.Fatal(err)
	}
	s.seat(tape, "c/a/1")
	began := time.Now()
	wait(began, 5*time.Second)
	later := t.TempDir() // what stands on the disk at this moment
	if err := os.CopyFS(later, os.DirFS(s.dir)); err != nil {
		t.Fatal(err)
	}
	tape.Stop()
	<-tape.Done()
	cut := filepath.Join(later, "c", "1", "microphone-1.webm")
	f, err := os.OpenFile(cut, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte{0x1F, 0x43, 0xB6, 0x75, 0x41, 0x00, 0xE7}); err != nil { // half a cluster
		t.Fatal(err)
	}
	f.Close()
	if _, err := exec.Command("ffprobe", "-v", "error", cut).CombinedOutput(); err != nil {
		t.Errorf("a file of a killed process cannot be opened: %v", err)
	}
	files, err := recorder.Open(recorder.Config{Dir: later, Tap: s.router.Tap, Free: 1}).Closed("c", 1)
	if err != nil || len(files) != 2 {
		t.Fatalf("got %v, %v, want two files", files, err)
	}
	for _, x := range files {
		name := filepath.Join(later, "c", "1", x.Name)
		decodes(t, name)
		if _, long := probe(t, name); long < 1.5 {
			t.Errorf("%s: got %.2f s, want all but the last cluster", x.Name, long)
		}
	}
}
