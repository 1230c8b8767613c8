package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"astara/auth"
	"astara/library"
	"astara/meeting"
	"astara/server"
)

func (c Config) quota() int64 { return int64(c.Quota) << 30 }

// openLibrary opens the documents beside the database.
func openLibrary(c Config, base string, log *slog.Logger) (*library.Library, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("library: %w", err)
	}
	shelf, err := c.shelf()
	if err != nil {
		return nil, err
	}
	return library.Open(library.Config{Shelf: shelf, Dir: filepath.Join(c.Data, "library"), Origin: base, Base: server.UploadPath, Quota: c.quota(),
		Extract: extractor(self, filepath.Join(c.Data, "library", "cache")), Logger: log})
}

// shelf is the store of the documents' content that was chosen; nil: in the data directory.
func (c Config) shelf() (library.Shelf, error) {
	if c.Shelf == "" {
		return nil, nil
	}
	b, err := os.ReadFile(c.ShelfKey)
	if err != nil {
		return nil, fmt.Errorf("library-key: %w", err)
	}
	words := strings.Fields(string(b))
	if len(words) != 2 {
		return nil, fmt.Errorf("library-key: %s does not hold two words, the access key and its secret", c.ShelfKey)
	}
	s, err := library.S3(c.Shelf, words[0], words[1])
	if err != nil {
		return nil, fmt.Errorf("library-store: %w", err)
	}
	return s, nil
}

func eraseDocument(ctx context.Context, con console, args []string) error {
	t := newTask(con, "erase-document", "Takes a document out of its side's library for good: what it says, its text, who read it, and the file, unless another document has the same.\n"+
		"Its side withdraws it first, so that the consultations that it was put before show it no more. Their records still hold its title and its hash, and say who erased it and by which decision; copies and backups made before still have it.")
	var id meeting.DocumentID
	t.flags.StringVar((*string)(&id), "document", "", "`ID`: which, as its address in the library shows it")
	by, check := t.eraser()
	return t.do(ctx, args, func() error {
		if !id.Valid() {
			return wrongUse("admin erase-document: --document ID is missing")
		}
		return check("admin erase-document")
	}, func(o *office) error {
		d, err := o.store.Document(ctx, id)
		if errors.Is(err, auth.ErrNone) || err == nil && !d.Erased.IsZero() {
			return fmt.Errorf("there is no document %s", id)
		}
		if err != nil {
			return err
		}
		l, err := openLibrary(o.config, o.config.base(""), slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		if err := l.Erase(ctx, d.Hash, func() (bool, error) { return o.store.EraseDocument(ctx, id, *by, time.Now()) }); err != nil {
			return err
		}
		return t.say(map[string]any{"erased": id}, "document %s is erased", id)
	})
}

// Bounds of a process that takes the text out of one file. A parser of foreign files may loop and may want all memory; then it ends, and
// the node does not.
const (
	extractMemory = 4 << 30   // bytes of addresses
	extractHeap   = 512 << 20 // bytes, from which on it collects before it grows
	extractCPU    = 25        // seconds
	extractFile   = 128 << 20 // bytes of one file: the translated reader of PDFs
	maxExtracted  = 16 << 20  // bytes of JSON
)

// extractor runs this program as "extract" for each file.
func extractor(self, cache string) library.Extract {
	return func(ctx context.Context, kind library.Kind, path string) ([]library.Passage, error) {
		cmd := exec.CommandContext(ctx, self, "extract", string(kind), path, cache)
		cmd.Env = []string{}
		out := &bounded{most: maxExtracted}
		cmd.Stdout, cmd.Stderr = out, nil
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("extract: %w", errors.Join(err, ctx.Err()))
		}
		var x extracted
		if err := json.Unmarshal(out.Bytes(), &x); err != nil {
			return nil, fmt.Errorf("extract: %w", err)
		}
		if x.Wrong != "" {
			return nil, &library.Wrong{Code: x.Wrong}
		}
		return x.Passages, nil
	}
}

// bounded is a buffer that refuses what is too much.
type bounded struct {
	bytes.Buffer
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.most {
		return 0, errors.New("too much text")
	}
	return b.Buffer.Write(p)
}

// extracted is what the process says.
type extracted struct {
	Passages []library.Passage `json:"passages"`
	Wrong    library.WrongCode `json:"wrong,omitempty"`
}

// extract is the process: it gives rights away that it does not need, reads one file, and says what is in it.
func extract(ctx context.Context, con console, args []string) error {
	if len(args) != 3 {
		return wrongUse("extract: KIND FILE CACHE")
	}
	for what, most := range map[int]uint64{syscall.RLIMIT_AS: extractMemory, syscall.RLIMIT_CPU: extractCPU, syscall.RLIMIT_FSIZE: extractFile, syscall.RLIMIT_CORE: 0} {
		if err := syscall.Setrlimit(what, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			return fmt.Errorf("extract: %w", err)
		}
	}
	debug.SetMemoryLimit(extractHeap)
	list, err := library.Text(args[2])(ctx, library.Kind(args[0]), args[1])
	var wrong *library.Wrong
	switch {
	case errors.As(err, &wrong):
		return json.NewEncoder(con.out).Encode(extracted{Wrong: wrong.Code})
	case err != nil:
		return err
	}
	return json.NewEncoder(con.out).Encode(extracted{Passages: list})
}
