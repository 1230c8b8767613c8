package library

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Shelf is where content stands, by its hash. Putting the same twice is putting it once.
type Shelf interface {
	// Put keeps a file's content; the file itself stays or is moved away. It is safe from a power cut when Put returns.
	Put(ctx context.Context, hash, path string) error
	// Open finds content. ErrNone: it is not there.
	Open(ctx context.Context, hash string) (Content, error)
	// Remove forgets it; it may be gone already.
	Remove(ctx context.Context, hash string) error
}

// Content can be read from any place on.
type Content interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// disk is a shelf in a directory: ab/abcdef..., one file a content.
type disk string

// Disk is a shelf in a directory of this machine.
func Disk(dir string) Shelf { return disk(dir) }

func (d disk) path(hash string) (string, error) {
	if len(hash) != 64 {
		return "", fmt.Errorf("content %q: not a hash", hash)
	}
	for _, r := range hash {
		if (r < '0' || r > '9') && (r < 'a' || r > 'f') {
			return "", fmt.Errorf("content %q: not a hash", hash)
		}
	}
	return filepath.Join(string(d), hash[:2], hash), nil
}

// Put moves the file, or copies it where it is on another file system.
func (d disk) Put(_ context.Context, hash, from string) error {
	to, err := d.path(hash)
	if err != nil {
		return err
	}
	if err := syncFile(from); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	if err := link(from, to); err != nil {
		return fmt.Errorf("put %s away: %w", hash, err)
	}
	return errors.Join(syncFile(filepath.Dir(to)), syncFile(string(d)))
}

// link gives the file its second name: the upload keeps its own until the document is on record, so that a crash between the two loses
// nothing.
func link(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	part := to + ".part"
	if err := copyFile(from, part); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Rename(part, to)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// syncFile brings a file, or a directory's names, to the disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (d disk) Open(_ context.Context, hash string) (Content, error) {
	path, err := d.path(hash)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (d disk) Remove(_ context.Context, hash string) error {
	path, err := d.path(hash)
	if err != nil {
		return err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
