package room

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"astara/media/caller"
	"astara/meeting"
	"astara/protocol"
)

func tone(t *testing.T, hertz int) string {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("ffmpeg is not here") // make test installs it; without it nothing can listen to the files
	}
	name := filepath.Join(t.TempDir(), "tone.ogg")
	if out, err := exec.Command("ffmpeg", "-v", "error", "-f", "lavfi", "-i", fmt.Sprintf("sine=frequency=%d:duration=3:sample_rate=48000", hertz),
		"-c:a", "libopus", "-b:a", "48k", "-application", "voip", name).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return name
}

// share of a tone in the loudest tenth of a second of a file that has it, 0..1.
func share(t *testing.T, file string, hertz float64) (best float64) {
	t.Helper()
	raw, err := exec.Command("ffmpeg", "-v", "error", "-i", file, "-f", "s16le", "-ac", "1", "-ar", "48000", "-").Output()
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var re, im, all float64
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

// TestRecordingByConsent is a meeting from the first chair's word to the release, on packets: each voice is a tone.
func TestRecordingByConsent(t *testing.T) {
	h := newHall(t)
	h.interpreted()
	h.do(leyla, meeting.InviteMember{Person: invited("late", meeting.Delegate)})
	h.do(nasrin, meeting.InviteMember{Person: invited("guest", meeting.Delegate)})
	h.do(nasrin, meeting.AdmitMembers{Members: []meeting.MemberID{"tehran/guest"}})
	voice := func(id meeting.MemberID, hertz int) *sitter {
		return h.sitWith(id, "media.offer", true, protocol.Microphone, caller.Config{VideoIVF: "../cmd/astara/clip/picture.ivf", AudioOGG: tone(t, hertz), Pairs: 2, Sounds: 1})
	}
	m := voice(minister, 440)
	voice(head, 600)
	guest := voice("tehran/guest", 1500)
	guest.say(t, "microphone.set", meeting.SetMicrophone{})
	voice(rashad, 900).say(t, "air.go-on", meeting.GoOnAir{})
	eventually(t, "all are heard", func() bool { return m.packets(head, "audio") > 20 })

	nothing := func(what string) {
		t.Helper()
		if list, err := os.ReadDir(h.tapes); err != nil || len(list) > 0 {
			t.Fatalf("%s: got %v, %v, want no file", what, list, err)
		}
	}
	h.do(minister, meeting.AgreeRecording{})
	before := m.packets(head, "audio")
	eventually(t, "a second passes", func() bool { return m.packets(head, "audio") > before+50 })
	nothing("one chair alone")
	asked := time.Now()
	h.do(head, meeting.AgreeRecording{})
	if list, err := os.ReadDir(h.tapes); h.view(minister).Recording.Stage == meeting.RecordingAnnouncing && (err != nil || len(list) > 0) {
		t.Fatalf("while all are told: got %v, %v, want no file", list, err) // where the machine was too slow to look in time, it has begun
	}
	stage := func(want meeting.RecordingStage) {
		t.Helper()
		eventually(t, string(want), func() bool { return h.view(minister).Recording.Stage == want })
	}
	stage(meeting.RecordingOn)
	eventually(t, "the minister is told", func() bool { _, ok := m.since(asked, "recording.started"); return ok })
	e, announced := m.since(asked, "recording.announced")
	f, _ := m.since(asked, "recording.started")
	if !announced || f.At.Sub(e.At) < 250*time.Millisecond {
		t.Errorf("started %v after it was announced, want the notice of 300 ms", f.At.Sub(e.At))
	}
	if got := h.view("baku/late").Recording.Stage; got != meeting.RecordingOn {
		t.Errorf("at the door: got %q, want to be told", got)
	}
	seconds := func(n uint64) {
		t.Helper()
		before := m.packets(head, "audio")
		eventually(t, "time passes", func() bool { return m.packets(head, "audio") > before+50*n })
	}
	seconds(2)
	h.do(head, meeting.GoOffRecord{Off: true})
	guest.say(t, "microphone.set", meeting.SetMicrophone{On: true}) // says what is not for the record
	eventually(t, "the guest is heard", func() bool { return m.packets("tehran/guest", "audio") > 50 })
	guest.say(t, "microphone.set", meeting.SetMicrophone{})
	h.do(rashad, meeting.ConsentRecording{Consent: true})
	h.do(head, meeting.GoOffRecord{})
	stage(meeting.RecordingOn)
	eventually(t, "the channel comes, 5 s after the floor", func() bool {
		list, _ := filepath.Glob(filepath.Join(h.tapes, "c1", "2", "channel-*"))
		return len(list) > 0
	})
	seconds(2)
	h.do(minister, meeting.StopRecording{})
	eventually(t, "both parts are in the record", func() bool { return len(h.view(minister).Recording.Parts) == 2 })

	tones := map[int]map[string]float64{1: {"microphone tehran/minister": 440, "microphone baku/head": 600}, 2: {"microphone tehran/minister": 440, "microphone baku/head": 600, "channel az": 900}}
	for _, p := range h.view(minister).Recording.Parts {
		for _, f := range p.Files {
			name := filepath.Join(h.tapes, "c1", fmt.Sprint(p.Part), f.Name)
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != f.SHA256 || int64(len(b)) != f.Bytes {
				t.Errorf("part %d %s is not what the record says", p.Part, f.Name)
			}
			t.Logf("part %d %s %s%s: %d bytes, %d ms", p.Part, f.Name, f.Member, f.Language, f.Bytes, f.Millis)
			if f.Source == meeting.RecordedCamera {
				continue
			}
			key := string(f.Source) + " " + string(f.Member) + string(f.Language)
			want := tones[p.Part][key]
			delete(tones[p.Part], key)
			if want == 0 {
				t.Errorf("part %d has a file of %s", p.Part, key)
				continue
			}
			for _, hertz := range []float64{440, 600, 900, 1500} {
				got := share(t, name, hertz)
				if hertz == want && got < 0.8 || hertz != want && got > 0.02 {
					t.Errorf("part %d %s: %v Hz is %.3f of the sound, want only %v Hz", p.Part, key, hertz, got, want)
				}
			}
		}
		if len(tones[p.Part]) > 0 {
			t.Errorf("part %d lacks %v", p.Part, tones[p.Part])
		}
	}
	h.do(nasrin, meeting.ReleaseRecording{})
	if h.view(nasrin).RecordingOpen() {
		t.Error("open with the word of one side")
	}
	h.do(leyla, meeting.ReleaseRecording{})
	if !h.view(nasrin).RecordingOpen() {
		t.Error("not open with the word of both sides")
	}
}

// smallDisk is a real one of a few megabytes.
func smallDisk(t *testing.T, megabytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", megabytes)); err != nil {
		t.Skipf("no disk may be made here: %v", err) // mounting needs root; without it no disk can be filled for real
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// recorded is a meeting of two in which a recording has begun, unless it could not.
func (h *hall) recorded(t *testing.T) (m *sitter) {
	t.Helper()
	h.interpreted()
	sit := func(id meeting.MemberID, hertz int) *sitter {
		return h.sitWith(id, "media.offer", true, protocol.Microphone, caller.Config{VideoIVF: "../cmd/astara/clip/picture.ivf", AudioOGG: tone(t, hertz), Pairs: 2, Sounds: 1})
	}
	m = sit(minister, 440)
	sit(head, 600)
	eventually(t, "both are heard", func() bool { return m.packets(head, "audio") > 20 })
	h.do(minister, meeting.AgreeRecording{})
	h.do(head, meeting.AgreeRecording{})
	return m
}

// goesOn says that the meeting does: everybody is still heard and seen.
func (h *hall) goesOn(t *testing.T, m *sitter) {
	t.Helper()
	sound, picture := m.packets(head, "audio"), m.packets(head, "video")
	eventually(t, "the meeting goes on", func() bool { return m.packets(head, "audio") > sound+50 && m.packets(head, "video") > picture+10 })
}

// TestADiskThatIsFull: the recording ends, everybody is told why, what was written plays, and the meeting goes on.
func TestADiskThatIsFull(t *testing.T) {
	disk := smallDisk(t, 4)
	h := newHallAt(t, disk)
	m := h.recorded(t)
	eventually(t, "something is written", func() bool {
		i, err := os.Stat(filepath.Join(disk, "c1", "1", "microphone-1.webm"))
		return err == nil && i.Size() > 10_000
	})
	if err := os.WriteFile(filepath.Join(disk, "others"), make([]byte, 4<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	eventually(t, "it ended", func() bool { x := h.view(head).Recording; return x.Stage == meeting.RecordingOff && x.Ended != "" })
	for _, chair := range []meeting.MemberID{minister, head} {
		if got := h.view(chair).Recording.Ended; got != meeting.EndedDiskFull {
			t.Errorf("%s is told %q, want %q", chair, got, meeting.EndedDiskFull)
		}
	}
	h.goesOn(t, m)
	eventually(t, "the part is in the record", func() bool { return len(h.view(minister).Recording.Parts) == 1 })
	files := h.view(minister).Recording.Parts[0].Files
	if len(files) < 2 {
		t.Errorf("got %v, want what was written", files)
	}
	for _, f := range files {
		if out, err := exec.Command("ffmpeg", "-v", "error", "-xerror", "-i", filepath.Join(disk, "c1", "1", f.Name), "-f", "null", "-").CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s does not play: %v: %s", f.Name, err, out)
		}
	}
}

// TestAFolderThatCannotBeWritten: the recording does not begin, everybody is told why, and the meeting goes on.
func TestAFolderThatCannotBeWritten(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "recordings")
	if err := os.WriteFile(folder, nil, 0o600); err != nil { // root may write into any folder, and nobody into a file
		t.Fatal(err)
	}
	h := newHallAt(t, folder)
	m := h.recorded(t)
	eventually(t, "it ended", func() bool { return h.view(head).Recording.Ended == meeting.EndedFault })
	h.goesOn(t, m)
	if got := h.view(minister).Recording; got.Stage != meeting.RecordingOff || got.Part != 0 {
		t.Errorf("got %+v, want that it never began", got)
	}
}
