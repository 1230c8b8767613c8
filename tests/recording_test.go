package tests

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"astara/meeting"
	"astara/server"
	"astara/store/storetest"
)

// stands waits until something is so on the disk.
func stands(t *testing.T, what string, limit time.Duration, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(limit); !ok(); {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", limit, what)
		}
		<-time.After(200 * time.Millisecond)
	}
}

// TestRecordingOutlivesKill kills a node that records. What it left plays up to a few seconds before; the record says that the recording ended
// with the node and was announced anew; and what is exported, copied and erased afterwards is what the record names.
func TestRecordingOutlivesKill(t *testing.T) {
	for _, tool := range []string{"ffmpeg", "ffprobe"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not here", tool) // make test installs ffmpeg, which brings it
		}
	}
	storetest.Only(t, false) // files: the database makes no difference
	n := serve(t, t.TempDir())
	rows := n.sample("--open-door")
	id := rows[0].Consultation
	speaker := join(t, one(rows, "tehran", "delegate"), 120)
	speaker.line("msg=joined", 0, joinTime)
	heads := []*server.Socket{dial(t, one(rows, "tehran", "head").Link), dial(t, one(rows, "baku", "head").Link)}
	for _, h := range heads {
		do(t, h, meeting.AgreeRecording{})
	}
	folder := filepath.Join(n.dir, "recordings", id)
	size := func(part int) (bytes int64) {
		list, _ := filepath.Glob(filepath.Join(folder, fmt.Sprint(part), "*.webm"))
		for _, name := range list {
			if i, err := os.Stat(name); err == nil {
				bytes += i.Size()
			}
		}
		return bytes
	}
	stands(t, "something is recorded", 30*time.Second, func() bool { return size(1) > 20_000 })
	began := time.Now()
	stands(t, "some seconds are recorded", 30*time.Second, func() bool { return time.Since(began) > 6*time.Second })
	n.kill()
	n = n.again(t)
	for i, h := range heads {
		ctx, cancel := context.WithTimeout(t.Context(), joinTime)
		again, err := h.Again(ctx)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		running(t, again)
		heads[i] = again
	}
	stands(t, "it is recorded again", 30*time.Second, func() bool { return size(2) > 20_000 })
	do(t, heads[1], meeting.StopRecording{})

	out := filepath.Join(t.TempDir(), "record.zip")
	stands(t, "both parts are in the record", 10*time.Second, func() bool {
		_ = os.Remove(out)
		n.run("admin", "export", "--data", n.dir, "--consultation", id, out)
		b, _ := os.ReadFile(out)
		return strings.Count(string(b), `"type":"recording.filed"`) == 2
	})
	b, _ := os.ReadFile(out)
	for _, want := range []string{`"type":"recording.stopped","body":{"ended":"node"}`, `"type":"recording.stopped","body":{"ended":"chair"}`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the record has no %s", want)
		}
	}
	for _, part := range []string{"1", "2"} {
		list, _ := filepath.Glob(filepath.Join(folder, part, "*.webm"))
		if len(list) < 2 {
			t.Errorf("part %s: got %v, want a voice and a picture", part, list)
		}
		for _, name := range list {
			if out, err := exec.Command("ffmpeg", "-v", "error", "-xerror", "-i", name, "-f", "null", "-").CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%s does not play: %v: %s", name, err, out)
			}
			long, err := exec.Command("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", name).Output()
			var seconds float64
			if _, e := fmt.Sscan(string(long), &seconds); err != nil || e != nil || part == "1" && seconds < 4 {
				t.Errorf("%s lasts %q, %v; want all but the last 2 s", name, long, err)
			}
			t.Logf("part %s, %s: %.1f s", part, filepath.Base(name), seconds)
		}
	}
	keepRecordings(t, n, rows)
}

// keepRecordings exports, verifies, copies and erases what was recorded.
func keepRecordings(t *testing.T, n *node, rows []row) {
	id, dir := rows[0].Consultation, t.TempDir()
	refused := func(what string, args ...string) {
		t.Helper()
		out, err := exec.Command(binaries.bot, args...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), what) {
			t.Errorf("astara %v: got %v, %s; want %q", args, err, out, what)
		}
	}
	export, files := filepath.Join(dir, "record.zip"), filepath.Join(dir, "files")
	refused("have not been released by all sides", "admin", "export", "--data", n.dir, "--consultation", id, "--recordings", files, export)
	for _, party := range []string{"tehran", "baku"} {
		do(t, dial(t, one(rows, party, "secretary").Link), meeting.ReleaseRecording{})
	}
	n.run("admin", "export", "--data", n.dir, "--consultation", id, "--recordings", files, export)
	if out := n.run("verify", "--recordings", files, export); !strings.Contains(string(out), "files of recordings are those that the record names") {
		t.Errorf("verify said %s", out)
	}
	list, _ := filepath.Glob(filepath.Join(files, "1", "*.webm"))
	b, err := os.ReadFile(list[0])
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(list[0], b, 0o600); err != nil {
		t.Fatal(err)
	}
	refused("is not the file that the record names", "verify", "--recordings", files, export)

	copies := filepath.Join(dir, "copies")
	n.run("admin", "backup", "--data", n.dir, "--recordings", copies)
	if out := n.run("admin", "backup", "--data", n.dir, "--recordings", copies, "--json"); !strings.Contains(string(out), `"files":0`) {
		t.Errorf("a second backup copies again: %s", out)
	}
	restored := filepath.Join(dir, "restored") // on another machine: the copy of the database, the secret that is kept elsewhere, and the files
	n.run("admin", "backup", "--data", n.dir, "--to", filepath.Join(dir, "copy.db"), "--recordings", copies)
	for from, to := range map[string]string{filepath.Join(dir, "copy.db"): "astara.db", filepath.Join(n.dir, "astara.key"): "astara.key"} {
		b, err := os.ReadFile(from)
		if err := errors.Join(err, os.MkdirAll(restored, 0o700), os.WriteFile(filepath.Join(restored, to), b, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(filepath.Join(restored, "recordings"), os.DirFS(copies)); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(dir, "again.zip")
	n.run("admin", "export", "--data", restored, "--consultation", id, "--recordings", filepath.Join(dir, "again"), again)
	if out := n.run("verify", "--earlier", export, "--recordings", filepath.Join(dir, "again"), again); !strings.Contains(string(out), "goes on from the earlier one") || !strings.Contains(string(out), "files of recordings are those") {
		t.Errorf("of what was brought back verify said %s", out)
	}

	n.run("admin", "erase", "--data", n.dir, "--consultation", id, "--recording", "1", "--by", "A. Karimi", "--authority", "decision 12")
	if _, err := os.Stat(filepath.Join(n.dir, "recordings", id, "1")); !os.IsNotExist(err) {
		t.Errorf("the files of an erased recording are there: %v", err)
	}
	after := filepath.Join(dir, "after.zip")
	n.run("admin", "export", "--data", n.dir, "--consultation", id, "--recordings", filepath.Join(dir, "left"), after)
	if out := n.run("verify", "--recordings", filepath.Join(dir, "left"), after); !strings.Contains(string(out), "a recording (entry") || !strings.Contains(string(out), "erased by A. Karimi") {
		t.Errorf("verify said %s", out)
	}
	n.healthy()
}
