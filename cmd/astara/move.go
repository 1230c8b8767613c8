package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"astara/record"
	"astara/store"
)

// moveDatabase carries the record to the other kind of database. Nobody serves it meanwhile.
func moveDatabase(ctx context.Context, con console, args []string) error {
	t := newTask(con, "move-database", "Carries the whole record from the database that is used now to another, which must be empty: to a PostgreSQL server, or to SQLite\n"+
		"in the data directory. Stop the node first. Both are read again afterwards and compared, table by table, and each consultation's log is verified.\n"+
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
	list, logs, err := move(ctx, c, *to)
	if err != nil {
		return err
	}
	if *t.json {
		return t.say(map[string]any{"tables": list, "consultations": logs}, "")
	}
	for _, x := range list {
		if err := t.say(nil, "%-22s %8d rows  %s", x.Name, x.Rows, x.Hash[:16]); err != nil {
			return err
		}
	}
	return t.say(nil, "%d tables are the same in both, and every log is whole: %d", len(list), logs)
}

// move copies, compares, and verifies the logs of what is there then.
func move(ctx context.Context, c Config, target string) (list []store.Table, logs int, err error) {
	if _, err := os.Stat(c.Data); err != nil {
		return nil, 0, fmt.Errorf("data directory: %w", err)
	}
	lock, err := takeLock(c.Data)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, lock.release()) }()
	if target == "sqlite" {
		target = filepath.Join(c.Data, store.Name)
	}
	from, err := openServed(ctx, c.Data, c.Database)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, from.close()) }()
	to, err := openServed(ctx, c.Data, target)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, to.close()) }()
	if list, err = from.Move(ctx, to.Store); err != nil {
		return nil, 0, err
	}
	ids, err := to.AllConsultations(ctx)
	if err != nil {
		return nil, 0, err
	}
	for _, id := range ids {
		x, err := to.Export(ctx, id, func(uint64) bool { return false })
		if err != nil {
			return nil, 0, err
		}
		if err := whole(x); err != nil {
			return nil, 0, fmt.Errorf("the log of %s in the new database: %w", id, err)
		}
	}
	return list, len(ids), nil
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
