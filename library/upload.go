package library

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tus/tusd/v2/pkg/filestore"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	"golang.org/x/exp/slog"
)

// uploadLife is how long an upload that nobody goes on with is kept, and a whole one that nobody describes.
const uploadLife = 7 * 24 * time.Hour

// Owner is whose an upload is: a person of a party.
type Owner struct {
	Party  string
	Person string
	Used   int64 // bytes of the party's documents, for the quota
}

type ownerKey struct{}

// Request is a request to Uploads in an owner's name. ErrNone: it is about an upload that is not the party's.
func (l *Library) Request(r *http.Request, o Owner) (*http.Request, error) {
	if id := strings.TrimPrefix(r.URL.Path, l.cfg.Base); id != "" && id != r.URL.Path {
		if _, err := l.upload(o, id); err != nil {
			return nil, err
		}
	}
	return r.WithContext(context.WithValue(r.Context(), ownerKey{}, o)), nil
}

// Upload is a file that is coming, or has come and is not described yet.
type Upload struct {
	ID     string
	Person string
	File   string
	Size   int64
	Offset int64 // how much of it is here
	At     time.Time
}

func (l *Library) tus() (*handler.Handler, error) {
	c := handler.NewStoreComposer()
	s := filestore.New(l.incoming())
	s.DirModePerm, s.FileModePerm = 0o700, 0o600
	c.UseCore(s)
	c.UseTerminater(s)
	memorylocker.New().UseIn(c) // one process serves a directory
	return handler.NewHandler(handler.Config{StoreComposer: c, BasePath: l.cfg.Origin + l.cfg.Base, MaxSize: MaxFile, DisableDownload: true, DisableConcatenation: true,
		Cors: &handler.CorsConfig{Disable: true}, PreUploadCreateCallback: l.admit, NetworkTimeout: 30 * time.Second,
		GracefulRequestCompletionTimeout: 50 * time.Millisecond, // it keeps a goroutine for so long, and files are written whatever becomes of a request
		Logger:                           slog.New(slog.NewTextHandler(nowhere{}, &slog.HandlerOptions{Level: slog.LevelError + 1}))})
}

type nowhere struct{}

func (nowhere) Write(b []byte) (int, error) { return len(b), nil }

// admit says whether a new upload may begin, and writes down whose it is.
func (l *Library) admit(h handler.HookEvent) (handler.HTTPResponse, handler.FileInfoChanges, error) {
	o, ok := h.Context.Value(ownerKey{}).(Owner)
	if !ok {
		return handler.HTTPResponse{}, handler.FileInfoChanges{}, handler.NewError("ERR_OWNER", "nobody's upload", http.StatusForbidden)
	}
	file := h.Upload.MetaData["filename"]
	if len(file) > 1024 {
		file = file[len(file)-1024:]
	}
	id, err := l.mayBegin(o, file, h.Upload.Size)
	if err != nil {
		return handler.HTTPResponse{}, handler.FileInfoChanges{}, err
	}
	return handler.HTTPResponse{}, handler.FileInfoChanges{ID: id, MetaData: handler.MetaData{"filename": file, "party": o.Party, "person": o.Person,
		"at": l.cfg.Now().UTC().Format(time.RFC3339)}}, nil
}

// mayBegin gives an upload its name. Those that are allowed at the same moment do not find the same room twice.
func (l *Library) mayBegin(o Owner, file string, size int64) (string, error) {
	if size == 0 {
		return "", refusal(&Wrong{Code: Empty})
	}
	if _, err := endingOf(file); err != nil {
		var w *Wrong
		errors.As(err, &w)
		return "", refusal(w)
	}
	l.begin.Lock()
	defer l.begin.Unlock()
	if most := l.cfg.Quota; most > 0 {
		coming, err := l.coming(o.Party)
		if err != nil {
			return "", err
		}
		if free := most - o.Used - coming; size > free {
			return "", refusal(&Wrong{Code: Full, Args: map[string]any{"free": max(0, free), "limit": most}})
		}
	}
	id := strings.ToLower(rand.Text())
	l.begun[id] = reserved{o.Party, size, l.cfg.Now()}
	return id, nil
}

// reserved is room for an upload that was allowed to begin.
type reserved struct {
	party string
	size  int64
	at    time.Time
}

// coming is what a party's uploads take that are no documents yet. l.begin is held.
func (l *Library) coming(party string) (int64, error) {
	all, err := l.Pending(party)
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, u := range all {
		delete(l.begun, u.ID)
		sum += u.Size
	}
	for id, u := range l.begun {
		switch {
		case l.cfg.Now().Sub(u.at) > time.Minute: // it is on the disk, or never came there
			delete(l.begun, id)
		case u.party == party:
			sum += u.size
		}
	}
	return sum, nil
}

// refusal is a Wrong as the tus library answers it: in our own words, {code, args}.
func refusal(w *Wrong) error {
	b, _ := json.Marshal(map[string]any{"code": w.Code, "args": w.Args}) // of texts and numbers
	e := handler.NewError(string(w.Code), "", http.StatusUnprocessableEntity)
	e.HTTPResponse.Body = string(b)
	e.HTTPResponse.Header = handler.HTTPHeader{"Content-Type": "application/json", "Content-Length": strconv.Itoa(len(b))}
	return e
}

func (l *Library) path(id string) string { return filepath.Join(l.incoming(), id) }

// upload finds one of a party.
func (l *Library) upload(o Owner, id string) (Upload, error) {
	u, party, err := l.uploaded(id)
	if err == nil && party != o.Party {
		err = ErrNone
	}
	return u, err
}

func (l *Library) uploaded(id string) (u Upload, party string, err error) {
	if id == "" || len(id) > 64 || strings.Trim(id, "0123456789abcdefghijklmnopqrstuvwxyz") != "" {
		return u, "", ErrNone
	}
	b, err := os.ReadFile(l.path(id) + ".info")
	if errors.Is(err, fs.ErrNotExist) {
		return u, "", ErrNone
	}
	if err != nil {
		return u, "", err
	}
	var info handler.FileInfo
	if err := json.Unmarshal(b, &info); err != nil {
		return u, "", fmt.Errorf("upload %s: %w", id, err)
	}
	f, err := os.Stat(l.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return u, "", ErrNone
	}
	if err != nil {
		return u, "", err
	}
	u = Upload{ID: id, Person: info.MetaData["person"], File: info.MetaData["filename"], Size: info.Size, Offset: f.Size()}
	u.At, _ = time.Parse(time.RFC3339, info.MetaData["at"]) // we wrote it
	return u, info.MetaData["party"], nil
}

// Pending are a party's uploads that are not documents yet. What is older than a week is forgotten on the way, whosever it is.
func (l *Library) Pending(party string) ([]Upload, error) {
	names, err := filepath.Glob(filepath.Join(l.incoming(), "*.info"))
	if err != nil {
		return nil, err
	}
	var out []Upload
	for _, name := range names {
		id := strings.TrimSuffix(filepath.Base(name), ".info")
		u, of, err := l.uploaded(id)
		if errors.Is(err, ErrNone) {
			continue
		}
		if err != nil && l.young(name) { // it may be in the midst of being written
			continue
		}
		if err != nil { // cut short by a power cut: it can be of no use
			l.cfg.Logger.Warn("an upload is unreadable and is forgotten", "cause", err)
			if err := l.forget(id); err != nil {
				return nil, err
			}
			continue
		}
		if l.cfg.Now().Sub(u.At) > uploadLife {
			if err := l.forget(id); err != nil {
				return nil, err
			}
			continue
		}
		if of == party {
			out = append(out, u)
		}
	}
	return out, nil
}

// young tells whether a file was written in the last hour.
func (l *Library) young(name string) bool {
	f, err := os.Stat(name)
	return err == nil && l.cfg.Now().Sub(f.ModTime()) < time.Hour
}

// forget an upload.
func (l *Library) forget(id string) error {
	for _, name := range []string{l.path(id), l.path(id) + ".info"} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
