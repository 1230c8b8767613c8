package library

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shelves are tested alike.
func testShelf(t *testing.T, s Shelf) {
	ctx := t.Context()
	file := filepath.Join(t.TempDir(), "upload")
	if err := os.WriteFile(file, []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	hash, err := hashOf(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(ctx, hash); !errors.Is(err, ErrNone) {
		t.Errorf("before: got %v, want %v", err, ErrNone)
	}
	for range 2 {
		if err := s.Put(ctx, hash, file); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Errorf("the upload is not ours any more: %v", err)
	}
	c, err := s.Open(ctx, hash)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Seek(3, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(c); err != nil || string(got) != "tent" {
		t.Errorf("got %q %v", got, err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	for range 2 {
		if err := s.Remove(ctx, hash); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Open(ctx, hash); !errors.Is(err, ErrNone) {
		t.Errorf("after: got %v, want %v", err, ErrNone)
	}
	for _, wrong := range []string{"", "..", strings.Repeat("A", 64), "../" + strings.Repeat("a", 61)} {
		if _, err := s.Open(ctx, wrong); err == nil {
			t.Errorf("%q was opened", wrong)
		}
	}
}

func TestDisk(t *testing.T) { testShelf(t, Disk(t.TempDir())) }

// Two documents with the same content: the content goes with the second.
func TestErasing(t *testing.T) {
	l, err := Open(Config{Dir: t.TempDir(), Base: "/x/"})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	hash, err := hashOf(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.shelf.Put(t.Context(), hash, file); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		shared bool
		want   error
	}{{true, nil}, {false, ErrNone}} {
		if err := l.Erase(t.Context(), hash, func() (bool, error) { return c.shared, nil }); err != nil {
			t.Fatal(err)
		}
		got, err := l.Open(t.Context(), hash)
		if !errors.Is(err, c.want) {
			t.Errorf("shared %v: got %v, want %v", c.shared, err, c.want)
		}
		if err == nil {
			_ = got.Close()
		}
	}
}
