// Package library keeps the content of documents: it takes files in, finds out what they are, takes the text out of them, makes pages of
// them that a browser can show and in which nothing runs, and keeps them by their hash on disk or in an S3 store.
//
// It is not the list of documents and not who may read them (store, record and meeting have these), and it never trusts a name or a file.
// It imports nothing of ours; server and cmd import it.
package library

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/tus/tusd/v2/pkg/handler"
)

// MaxFile is the largest document, in bytes.
const MaxFile = 2 << 30

// Config of a Library. Dir and Base are needed.
type Config struct {
	Dir     string           // the node's; uploads under way are in it, and the content unless Shelf is another
	Origin  string           // of the node as browsers see it, such as https://astara.example
	Base    string           // the path under which Uploads is served, with a slash at its end
	Quota   int64            // bytes that a party's uploads and documents may take together; 0: no limit
	Shelf   Shelf            // nil: on disk, in Dir
	Extract Extract          // nil: in this process
	Now     func() time.Time // nil: time.Now
	Logger  *slog.Logger     // nil: none
}

// Extract takes the text out of a file. It ends when ctx does.
type Extract func(ctx context.Context, kind Kind, path string) ([]Passage, error)

// Library is one node's. Its methods may be called from any goroutine; it starts none that outlives a call.
type Library struct {
	cfg     Config
	shelf   Shelf
	uploads *handler.Handler
	free    chan struct{} // taking text out needs a place: one file at a time

	begin sync.Mutex          // over looking for room and taking it
	begun map[string]reserved // guarded by begin: allowed, and perhaps not on the disk yet, so not among Pending
}

// ErrNone: there is no such upload, or no such content.
var ErrNone = errors.New("library: none")

// Open makes the directories.
func Open(cfg Config) (*Library, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Extract == nil {
		cfg.Extract = Text(filepath.Join(cfg.Dir, "cache"))
	}
	l := &Library{cfg: cfg, shelf: cfg.Shelf, free: make(chan struct{}, 1), begun: map[string]reserved{}}
	if err := os.MkdirAll(l.incoming(), 0o700); err != nil {
		return nil, fmt.Errorf("open library: %w", err)
	}
	if l.shelf == nil {
		l.shelf = Disk(filepath.Join(cfg.Dir, "content"))
	}
	var err error
	if l.uploads, err = l.tus(); err != nil {
		return nil, fmt.Errorf("open library: %w", err)
	}
	return l, nil
}

func (l *Library) incoming() string { return filepath.Join(l.cfg.Dir, "incoming") }

// Uploads answers the tus protocol (tus.io, version 1.0.0) for requests of an Owner (see Request), below Base.
func (l *Library) Uploads() http.Handler { return http.StripPrefix(l.cfg.Base, l.uploads) }

// alone keeps what is put away and what is erased apart, also between processes: content that two documents share must not go while the
// second is being put away.
func (l *Library) alone(f func() error) error {
	lock, err := os.OpenFile(filepath.Join(l.cfg.Dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close() // which unlocks
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	return f()
}

// Taken is what an upload turned out to be.
type Taken struct {
	File      string // its name as the browser told it
	Hash      string // SHA-256, hexadecimal
	Size      int64
	Kind      Kind
	Passages  []Passage
	Illegible bool // no text could be taken out though there may be some
}

// extractLimit is how long taking the text out may last.
const extractLimit = 30 * time.Second

// Read finds out what a whole upload is and takes its text out. Refusals: *Wrong.
func (l *Library) Read(ctx context.Context, o Owner, id string) (Taken, error) {
	u, err := l.upload(o, id)
	if err != nil {
		return Taken{}, err
	}
	if u.Offset != u.Size {
		return Taken{}, &Wrong{Code: NotWhole}
	}
	t := Taken{File: u.File, Size: u.Size}
	if t.Kind, err = kindOfFile(l.path(id), u.File); err != nil {
		return Taken{}, l.taken(o, id, err)
	}
	select {
	case l.free <- struct{}{}:
		defer func() { <-l.free }()
	case <-ctx.Done():
		return Taken{}, ctx.Err()
	}
	t.Passages, t.Illegible, err = l.textIn(ctx, t.Kind, l.path(id))
	return t, err
}

// textIn takes the text out of a file; illegible: there may be some that could not be.
func (l *Library) textIn(ctx context.Context, kind Kind, path string) (list []Passage, illegible bool, err error) {
	limited, cancel := context.WithTimeout(ctx, extractLimit)
	defer cancel()
	list, err = l.cfg.Extract(limited, kind, path)
	var wrong *Wrong
	switch {
	case errors.As(err, &wrong) && wrong.Code == Swollen:
		return nil, false, err
	case ctx.Err() != nil:
		return nil, false, ctx.Err()
	case err != nil:
		l.cfg.Logger.Warn("no text taken out", "kind", kind, "cause", err)
		return nil, true, nil
	}
	return list, false, nil
}

// Hash of a whole upload: SHA-256, hexadecimal.
func (l *Library) Hash(o Owner, id string) (string, error) {
	u, err := l.upload(o, id)
	if err == nil && u.Offset != u.Size {
		err = &Wrong{Code: NotWhole}
	}
	if err != nil {
		return "", err
	}
	hash, err := hashOf(l.path(id))
	return hash, l.taken(o, id, err)
}

// taken is ErrNone for what failed because another request made a document of the upload meanwhile.
func (l *Library) taken(o Owner, id string, err error) error {
	if _, now := l.upload(o, id); err != nil && errors.Is(now, ErrNone) {
		return ErrNone
	}
	return err
}

// Keep puts a whole upload away, calls list with its hash, which puts it on record, and forgets the upload. When list fails nothing is lost:
// the upload is still there.
func (l *Library) Keep(ctx context.Context, o Owner, id string, list func(hash string) error) error {
	hash, err := l.Hash(o, id)
	if err != nil {
		return err
	}
	if err := l.alone(func() error {
		if err := l.shelf.Put(ctx, hash, l.path(id)); err != nil {
			return err
		}
		return list(hash)
	}); err != nil {
		return l.taken(o, id, err)
	}
	return l.forget(id)
}

func hashOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Open finds content. ErrNone: it is not there.
func (l *Library) Open(ctx context.Context, hash string) (Content, error) {
	return l.shelf.Open(ctx, hash)
}

// Erase calls strike, which takes a document off the record and tells whether another one has the same content; if none has, the content
// goes too.
func (l *Library) Erase(ctx context.Context, hash string, strike func() (shared bool, err error)) error {
	return l.alone(func() error {
		shared, err := strike()
		if err != nil || shared {
			return err
		}
		return l.shelf.Remove(ctx, hash)
	})
}
