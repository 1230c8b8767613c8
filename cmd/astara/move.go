package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"astara/library"
	"astara/record"
	"astara/store"
)

// moveDatabase carries the record to the other kind of database. Nobody serves it meanwhile.
func moveDatabase(ctx context.Context, con console, args []string) error {
	t := newTask(con, "move-database", "Carries the whole record from the database that is used now to another, which must be empty: to a PostgreSQL server, or to SQLite\n"+
		"in the data directory. Stop the node first. Both are read again afterwards and compared, table by table, each consultation's log is verified, and the files beside them are counted.\n"+
		"The old one stays as it is. Then set the new one with --database, and start.")
	to := t.flags.String("to", "", "`ADDRESS`: postgres://USER@HOST/NAME, or sqlite for the data directory")
	if err := parseFlags(con, t.flags, args); err != nil {
		return err
	}
	c, _, err := t.loader.load(con.env)
	if err != nil {
		return err
	}
	if *to != "sqlite" && !store.IsPostgres(*to) {
		return wrongUse("admin move-database: --to is postgres://USER@HOST/NAME, or sqlite")
	}
	if *to == "sqlite" && c.Database == "" || *to == c.Database {
		return wrongUse("admin move-database: that is where the record is now; --database says so if it is elsewhere")
	}
	list, logs, beside, err := move(ctx, c, *to)
	if err != nil {
		return err
	}
	if *t.json {
		return t.say(map[string]any{"tables": list, "consultations": logs, "documents": beside.Documents, "recordings": beside.Recordings, "missing": beside.Missing}, "")
	}
	for _, x := range list {
		if err := t.say(nil, "%-22s %8d rows  %s", x.Name, x.Rows, x.Hash[:16]); err != nil {
			return err
		}
	}
	if err := t.say(nil, "%d tables are the same in both, and every log is whole: %d", len(list), logs); err != nil {
		return err
	}
	if err := t.say(nil, "%d documents and %d files of recordings stay where they are, beside the database; %d are missing", beside.Documents, beside.Recordings, len(beside.Missing)); err != nil {
		return err
	}
	for _, name := range beside.Missing {
		if err := t.say(nil, "missing: %s", name); err != nil {
			return err
		}
	}
	return nil
}

// beside is what the record names and no database holds.
type beside struct {
	Documents, Recordings int
	Missing               []string
}

// besideOf counts the files that a record names. Their bytes are looked at by who opens, exports or copies them.
func besideOf(ctx context.Context, c Config, s *store.Store) (b beside, err error) {
	b.Missing = []string{}
	l, err := openLibrary(c, "", slog.New(slog.DiscardHandler))
	if err != nil {
		return b, err
	}
	hashes, err := s.Contents(ctx)
	if err != nil {
		return b, err
	}
	for _, h := range hashes {
		content, err := l.Open(ctx, h)
		switch {
		case errors.Is(err, library.ErrNone):
			b.Missing = append(b.Missing, "document "+h)
			continue
		case err != nil:
			return b, err
		}
		b.Documents++
		if err := content.Close(); err != nil {
			return b, err
		}
	}
	ids, err := s.AllConsultations(ctx)
	if err != nil {
		return b, err
	}
	for _, id := range ids {
		_, parts, err := kept(ctx, s, id)
		if err != nil {
			return b, err
		}
		for _, p := range parts {
			for _, f := range p.Files {
				path := recordedPath(filepath.Join(c.recordings(), string(id)), p.Part, f.Name)
				if at, err := os.Stat(path); err != nil || at.Size() != f.Bytes {
					b.Missing = append(b.Missing, path)
					continue
				}
				b.Recordings++
			}
		}
	}
	return b, nil
}

// move copies, compares, and verifies the logs of what is there then.
func move(ctx context.Context, c Config, target string) (list []store.Table, logs int, files beside, err error) {
	if _, err := os.Stat(c.Data); err != nil {
		return nil, 0, files, fmt.Errorf("data directory: %w", err)
	}
	lock, err := takeLock(c.Data)
	if err != nil {
		return nil, 0, files, err
	}
	defer func() { err = errors.Join(err, lock.release()) }()
	if target == "sqlite" {
		target = filepath.Join(c.Data, store.Name)
	}
	from, err := openServed(ctx, c.Data, c.Database)
	if err != nil {
		return nil, 0, files, err
	}
	defer func() { err = errors.Join(err, from.close()) }()
	to, err := openServed(ctx, c.Data, target)
	if err != nil {
		return nil, 0, files, err
	}
	defer func() { err = errors.Join(err, to.close()) }()
	if list, err = from.Move(ctx, to.Store); err != nil {
		return nil, 0, files, err
	}
	ids, err := to.AllConsultations(ctx)
	if err != nil {
		return nil, 0, files, err
	}
	for _, id := range ids {
		x, err := to.Export(ctx, id, func(uint64) bool { return false })
		if err != nil {
			return nil, 0, files, err
		}
		if err := whole(x); err != nil {
			return nil, 0, files, fmt.Errorf("the log of %s in the new database: %w", id, err)
		}
	}
	files, err = besideOf(ctx, c, to.Store)
	return list, len(ids), files, err
}

func whole(x record.Export) error {
	b, err := x.Pack()
	if err != nil {
		return err
	}
	_, err = record.Verify(b)
	return err
}

// served is a store that no node serves meanwhile.
type served struct {
	*store.Store
	hold interface{ Close() error }
}

func openServed(ctx context.Context, dir, database string) (served, error) {
	s, err := store.OpenAt(dir, database)
	if err != nil {
		return served{}, err
	}
	hold, err := s.Serve(ctx)
	if err != nil {
		return served{}, errors.Join(err, s.Close())
	}
	return served{s, hold}, nil
}

func (s served) close() error { return errors.Join(s.hold.Close(), s.Store.Close()) }
