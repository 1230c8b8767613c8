package recorder

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrChanged: a file is not the one that its part was closed with.
var ErrChanged = errors.New("recorder: the file is not as it was closed")

// Check tells whether a file is what was closed: its length and its SHA-256.
func Check(path string, size int64, sum string) error {
	disk, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open a recording: %w", err)
	}
	defer disk.Close()
	h := sha256.New()
	n, err := io.Copy(h, disk)
	if err != nil {
		return fmt.Errorf("read a recording: %w", err)
	}
	if n != size || hex.EncodeToString(h.Sum(nil)) != sum {
		return ErrChanged
	}
	return nil
}

// Copy copies a file of a closed part to a place where there is none yet, and checks what was written.
func (r *Recorder) Copy(id string, part int, name, to string, size int64, sum string) (err error) {
	from, err := r.OpenFile(id, part, name)
	if err != nil {
		return err
	}
	defer from.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return fmt.Errorf("copy a recording: %w", err)
	}
	disk, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("copy a recording: %w", err)
	}
	_, err = io.Copy(disk, from)
	if err = errors.Join(err, disk.Sync(), disk.Close()); err == nil {
		err = Check(to, size, sum)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("copy a recording: %w", err), os.Remove(to))
	}
	return nil
}

// CopyList puts the list of a closed part beside copies of its files, so that the folder can take the place of the part's.
func (r *Recorder) CopyList(id string, part int, to string) error {
	m, err := readManifest(r.folder(id, part))
	if err == nil && !m.Closed {
		err = errors.New("it is not closed")
	}
	if err != nil {
		return fmt.Errorf("copy a recording's list: %w", err)
	}
	return m.write(to)
}

// Erase removes the files of a part, for good. It may be told again.
func (r *Recorder) Erase(id string, part int) error {
	if !safe(id) || part < 1 {
		return fs.ErrNotExist
	}
	if err := os.RemoveAll(r.folder(id, part)); err != nil {
		return fmt.Errorf("erase a recording: %w", err)
	}
	return nil
}
