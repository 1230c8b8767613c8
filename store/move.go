package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Table is what a table holds: how many rows, and one hash over all of them in any order.
type Table struct {
	Name string `json:"name"`
	Rows int    `json:"rows"`
	Hash string `json:"hash"` // hexadecimal
}

// ErrNotEmpty: what is moved goes into a new database only.
var ErrNotEmpty = errors.New("store: the other database is not empty")

// Move copies all of a database into a new one, in one transaction, and tells what both then hold: read again from each, and found
// to be the same. Nobody else may write into either in the meantime; who did is found out by that.
func (s *Store) Move(ctx context.Context, to *Store) ([]Table, error) {
	names, err := tables()
	if err != nil {
		return nil, err
	}
	from, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // of one moment
	if err != nil {
		return nil, err
	}
	defer func() { _ = from.Rollback() }() // it changed nothing
	err = to.change(ctx, func(tx *sql.Tx) error {
		for _, name := range names {
			if n, err := one[int](tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+name)); err != nil || n > 0 {
				return errors.Join(err, fmt.Errorf("%w: %s has %d rows", ErrNotEmpty, name, n))
			}
			if err := copyTable(ctx, from, tx, name); err != nil {
				return fmt.Errorf("copy %s: %w", name, err)
			}
		}
		if err := to.engine.numbered(ctx, tx); err != nil {
			return err
		}
		return putKeys(ctx, tx)
	})
	if err != nil {
		return nil, fmt.Errorf("move: %w", err)
	}
	return s.compare(ctx, to, names)
}

// compare reads both anew.
func (s *Store) compare(ctx context.Context, to *Store, names []string) ([]Table, error) {
	var out []Table
	for _, name := range names {
		here, e1 := sum(ctx, s.read, name)
		there, e2 := sum(ctx, to.read, name)
		if err := errors.Join(e1, e2); err != nil {
			return nil, err
		}
		if here != there {
			return nil, fmt.Errorf("move: %s has %d rows, and %d in the other database, or they differ: somebody wrote into one of them", name, here.Rows, there.Rows)
		}
		out = append(out, here)
	}
	return out, nil
}

// tables are those of the newest schema, each after those that it refers to, without the index of passages, which is made anew.
func tables() ([]string, error) {
	files, err := schema.ReadDir("schema")
	if err != nil {
		return nil, err
	}
	word := regexp.MustCompile(`(?m)^(CREATE|DROP) TABLE (?:IF EXISTS )?(\w+)`)
	var out []string
	for _, f := range files {
		b, err := schema.ReadFile("schema/" + f.Name())
		if err != nil {
			return nil, err
		}
		for _, m := range word.FindAllStringSubmatch(string(b), -1) {
			if m[1] == "CREATE" {
				out = append(out, m[2])
			} else {
				out = slices.DeleteFunc(out, func(name string) bool { return name == m[2] })
			}
		}
	}
	return out, nil
}

func copyTable(ctx context.Context, from, to *sql.Tx, name string) error {
	return each(ctx, from, name, func(columns []string, row []any) error {
		_, err := to.ExecContext(ctx, `INSERT INTO `+name+` (`+strings.Join(columns, ", ")+`) VALUES (?`+strings.Repeat(`, ?`, len(columns)-1)+`)`, row...)
		return err
	})
}

// each reads the rows of a table, with its columns in the order of their names.
func each(ctx context.Context, db asker, name string, f func(columns []string, row []any) error) error {
	none, err := db.QueryContext(ctx, `SELECT * FROM `+name+` WHERE 1 = 0`)
	if err != nil {
		return err
	}
	columns, err := none.Columns()
	if err := errors.Join(err, none.Close()); err != nil {
		return err
	}
	slices.Sort(columns)
	r, err := db.QueryContext(ctx, `SELECT `+strings.Join(columns, ", ")+` FROM `+name)
	if err != nil {
		return err
	}
	defer r.Close()
	row, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range row {
		to[i] = &row[i]
	}
	for r.Next() {
		if err := r.Scan(to...); err != nil {
			return err
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok {
				row[i] = string(b) // every text is one to both, and there is nothing else
			}
		}
		if err := f(columns, row); err != nil {
			return err
		}
	}
	return r.Err()
}

// sum is what a table holds.
func sum(ctx context.Context, db asker, name string) (Table, error) {
	t := Table{Name: name}
	var hashes [][]byte
	err := each(ctx, db, name, func(columns []string, row []any) error {
		h := sha256.New()
		for i, v := range row {
			text := fmt.Sprint(v)
			fmt.Fprintf(h, "%s %T %d %s\n", columns[i], v, len(text), text)
		}
		hashes = append(hashes, h.Sum(nil))
		return nil
	})
	if err != nil {
		return t, fmt.Errorf("read %s: %w", name, err)
	}
	slices.SortFunc(hashes, slices.Compare)
	all := sha256.New()
	for _, h := range hashes {
		all.Write(h)
	}
	t.Rows, t.Hash = len(hashes), hex.EncodeToString(all.Sum(nil))
	return t, nil
}

// putKeys makes the index of all passages.
func putKeys(ctx context.Context, tx *sql.Tx) error {
	type text struct {
		id      int64
		text    string
		readers string
	}
	list, err := rows(ctx, tx, func(r row) (x text, err error) {
		err = r.Scan(&x.id, &x.text, &x.readers)
		return x, err
	}, `SELECT id, text, readers FROM passages ORDER BY id`)
	if err != nil {
		return err
	}
	for _, x := range list {
		if err := putPassageKeys(ctx, tx, x.id, x.text, x.readers); err != nil {
			return err
		}
	}
	return indexDocuments(ctx, tx)
}
