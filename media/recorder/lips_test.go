package recorder_test

import (
	"math"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestLips: a flash and a beep of one moment stand at one moment in their files, as ITU-R BT.1359 wants it: sound at most 45 ms early, 125 late.
func TestLips(t *testing.T) {
	s := newStage(t)
	dir := t.TempDir()
	film := func(args ...string) {
		if out, err := exec.Command("ffmpeg", append([]string{"-v", "error", "-y"}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	flash, beep := filepath.Join(dir, "flash.ivf"), filepath.Join(dir, "beep.ogg")
	film("-f", "lavfi", "-i", "color=black:s=160x90:r=50:d=4,geq=lum='if(lt(mod(T,1),0.2),235,16)':cb=128:cr=128", "-c:v", "libvpx", "-g", "1", "-b:v", "1M", "-deadline", "realtime", flash)
	film("-f", "lavfi", "-i", "aevalsrc='if(lt(mod(t,1),0.2),0.5*sin(2*PI*1000*t),0)':s=48000:d=4", "-c:a", "libopus", "-b:a", "48k", beep)
	s.send("c/a/1", flash, beep)
	began := time.Now()
	wait(began, 2*time.Second) // the publisher's reports come within it
	tape, err := s.rec.Begin("c", 1)
	if err != nil {
		t.Fatal(err)
	}
	s.seat(tape, "c/a/1")
	wait(began, 8*time.Second)
	tape.Stop()
	<-tape.Done()
	sound, picture := filepath.Join(s.dir, "c", "1", "microphone-1.webm"), ""
	files, err := s.rec.Closed("c", 1)
	for _, f := range files {
		if f.Label.Source == "camera" {
			picture = filepath.Join(s.dir, "c", "1", f.Name)
		} else {
			sound = filepath.Join(s.dir, "c", "1", f.Name)
		}
	}
	if err != nil || picture == "" {
		t.Fatalf("got %v, %v, want two files", files, err)
	}
	beeps, flashes := edges(t, sound, false), edges(t, picture, true)
	if len(beeps) < 4 || len(flashes) < 4 {
		t.Fatalf("got %d beeps and %d flashes, want some five of each", len(beeps), len(flashes))
	}
	for _, b := range beeps {
		near := math.Inf(1)
		for _, f := range flashes {
			if math.Abs(b-f) < math.Abs(near) {
				near = b - f
			}
		}
		t.Logf("a beep %.0f ms after its flash", near*1e3)
		if near < -0.045 || near > 0.125 {
			t.Errorf("sound is %.0f ms late, want -45 to 125", near*1e3)
		}
	}
}

// edges are the seconds at which a file becomes bright, or loud.
func edges(t *testing.T, file string, picture bool) (out []float64) {
	t.Helper()
	if !picture {
		raw, err := exec.Command("ffmpeg", "-v", "error", "-i", file, "-f", "s16le", "-ac", "1", "-ar", "48000", "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		quiet := 0
		for i := 0; i+1 < len(raw); i += 2 {
			loud := math.Abs(float64(int16(uint16(raw[i])|uint16(raw[i+1])<<8))) > 4000
			if loud && quiet > 4800 {
				out = append(out, float64(i/2)/48000)
			}
			if quiet++; loud {
				quiet = 0
			}
		}
		return out
	}
	raw, err := exec.Command("ffmpeg", "-v", "error", "-i", file, "-vf", "scale=1:1,format=gray", "-fps_mode", "passthrough", "-f", "rawvideo", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	times, err := exec.Command("ffprobe", "-v", "error", "-show_entries", "frame=pts_time", "-of", "csv=p=0", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Fields(strings.ReplaceAll(string(times), ",", " "))
	for i := 1; i < min(len(raw), len(at)); i++ {
		if raw[i] > 128 && raw[i-1] <= 128 {
			s, err := strconv.ParseFloat(at[i], 64)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, s)
		}
	}
	return out
}
