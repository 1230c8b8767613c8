package library

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// Import puts a file away that did not come by an upload, calls list with what it is, which puts it on record. Refusals: *Wrong.
func (l *Library) Import(ctx context.Context, file string, content io.Reader, list func(Taken) error) (err error) {
	f, err := os.CreateTemp(l.incoming(), "import-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	t := Taken{File: file}
	t.Size, err = io.Copy(f, io.LimitReader(content, MaxFile+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if t.Size > MaxFile {
		return fmt.Errorf("%s is larger than %d bytes", file, int64(MaxFile))
	}
	if t.Kind, err = kindOfFile(f.Name(), file); err != nil {
		return err
	}
	if t.Passages, t.Illegible, err = l.textIn(ctx, t.Kind, f.Name()); err != nil {
		return err
	}
	if t.Hash, err = hashOf(f.Name()); err != nil {
		return err
	}
	return l.alone(func() error {
		if err := l.shelf.Put(ctx, t.Hash, f.Name()); err != nil {
			return err
		}
		return list(t)
	})
}
