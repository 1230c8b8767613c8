// Package recorder writes what a tap of media hands out to WebM files, one for
// each source, without transcoding: Opus and VP8 as they were sent.
//
// It knows files, slots and tracks; not meetings, consent or people: what may be
// seated is the caller's to decide. A recording is a row of parts; nothing that
// lies between two parts is in any file. Only room and cmd may import it.
package recorder

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"astara/media"
)

// Config of a Recorder.
type Config struct {
	Dir    string                           // a folder of its own; made when there is something to write
	Tap    func(id media.PeerID) *media.Tap // of the router
	Free   int64                            // bytes that stay free on the disk; 0 is 1 GiB
	Most   int64                            // bytes of one part; 0 is 64 GiB
	Logger *slog.Logger
}

// ErrFull: the disk has no room left, or a part has reached its size.
var ErrFull = errors.New("recorder: no room left")

// Recorder makes parts. Safe for many goroutines; it starts none.
type Recorder struct{ cfg Config }

// Open makes one.
func Open(cfg Config) *Recorder {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Free == 0 {
		cfg.Free = 1 << 30
	}
	if cfg.Most == 0 {
		cfg.Most = 64 << 30
	}
	return &Recorder{cfg: cfg}
}

// Label says what a file is of, in the caller's words.
type Label struct {
	Source   string `json:"source"`
	Member   string `json:"member,omitempty"`
	Language string `json:"language,omitempty"`
}

// File is one file of a closed part.
type File struct {
	Name   string `json:"name"`
	Label  Label  `json:"label"`
	Format format `json:"format"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Millis int64  `json:"millis"` // since the part began, where it ends
}

// manifest stands in a part's folder: which files there are, and once the part
// is closed what is in them.
type manifest struct {
	Closed bool   `json:"closed"`
	Files  []File `json:"files"`
}

const manifestName = "part.json"

// safe are the names that become paths.
func safe(name string) bool {
	ok, _ := regexp.MatchString(`^[A-Za-z0-9_-]{1,64}$`, name)
	return ok
}

func (r *Recorder) folder(id string, part int) string {
	return filepath.Join(r.cfg.Dir, id, strconv.Itoa(part))
}

// full says that nothing more may be written to a folder's disk.
func (r *Recorder) full(dir string) bool {
	var s syscall.Statfs_t
	return syscall.Statfs(dir, &s) == nil && int64(s.Bavail)*s.Bsize < r.cfg.Free
}

// Room tells whether there is room for a recording.
func (r *Recorder) Room() bool {
	for dir := r.cfg.Dir; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); err == nil {
			return !r.full(dir)
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// Closed is what a part that nobody writes any more consists of. One that a
// killed process left is mended first.
func (r *Recorder) Closed(id string, part int) ([]File, error) {
	if !safe(id) {
		return nil, fs.ErrNotExist
	}
	dir := r.folder(id, part)
	m, err := readManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // nothing was written
	}
	if err != nil || m.Closed {
		return m.Files, err
	}
	_ = os.Remove(filepath.Join(dir, reserveName))
	for _, f := range m.Files {
		if err := mend(filepath.Join(dir, f.Name), f.Format); err != nil {
			r.cfg.Logger.Warn("recording not mended", "file", f.Name, "cause", err)
		}
	}
	return seal(dir, m)
}

// OpenFile of a closed part, to be read.
func (r *Recorder) OpenFile(id string, part int, name string) (*os.File, error) {
	base, ok := strings.CutSuffix(name, ".webm")
	if !safe(id) || !ok || !safe(base) {
		return nil, fs.ErrNotExist
	}
	f, err := os.Open(filepath.Join(r.folder(id, part), name))
	if err != nil {
		return nil, fmt.Errorf("open a recording: %w", err)
	}
	return f, nil
}

func readManifest(dir string) (manifest, error) {
	var m manifest
	b, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	return m, err
}

// write replaces the manifest whole.
func (m manifest) write(dir string) error {
	b, err := json.Marshal(m)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, manifestName+".new"), b, 0o600)
	}
	if err == nil {
		err = os.Rename(filepath.Join(dir, manifestName+".new"), filepath.Join(dir, manifestName))
	}
	if err != nil {
		return fmt.Errorf("write a recording's list: %w", err)
	}
	return nil
}

// seal measures the files of a part that is over. A file that nothing was
// written to is taken away.
func seal(dir string, m manifest) ([]File, error) {
	out := manifest{Closed: true, Files: []File{}}
	for _, f := range m.Files {
		name := filepath.Join(dir, f.Name)
		disk, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read a recording again: %w", err)
		}
		sum := sha256.New()
		f.Bytes, err = io.Copy(sum, disk)
		_ = disk.Close()
		if err != nil {
			return nil, fmt.Errorf("read a recording again: %w", err)
		}
		if f.Bytes <= headBytes {
			if err := os.Remove(name); err != nil {
				return nil, fmt.Errorf("remove an empty recording: %w", err)
			}
			continue
		}
		f.SHA256 = hex.EncodeToString(sum.Sum(nil))
		f.Millis, err = duration(name, f.Format)
		if err != nil {
			return nil, err
		}
		out.Files = append(out.Files, f)
	}
	return out.Files, out.write(dir)
}

// duration of a finished file, ms.
func duration(name string, f format) (int64, error) {
	disk, err := os.Open(name)
	if err != nil {
		return 0, fmt.Errorf("read a recording again: %w", err)
	}
	defer disk.Close()
	x := &file{disk: disk, format: f}
	for at := int64(headBytes); ; {
		n, _, last, ok := x.measure(at)
		if !ok {
			return x.last + x.step(), nil
		}
		x.last, at = last, at+n
	}
}
