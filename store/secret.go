package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"astara/meeting"
	"astara/record"
)

// SecretName is the file in the data directory with the secret that locks the parties' keys. It may be a link to another disk.
const SecretName = "astara.key"

// openSafe reads the secret. It is made with the first database only: one that has keys already needs the secret that they were
// locked with, and until that is back it can be read, but not signed in.
func (s *Store) openSafe(ctx context.Context) (*record.Safe, error) {
	safe, err := readSafe(s.secret)
	if !errors.Is(err, fs.ErrNotExist) {
		return safe, err
	}
	if keyed, err := s.hasKeys(ctx); err != nil || keyed {
		return nil, err
	}
	if err := makeSecret(s.secret); err != nil {
		return nil, fmt.Errorf("make the secret of the keys: %w", err)
	}
	return readSafe(s.secret)
}

func readSafe(path string) (*record.Safe, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("open the secret of the keys: %w", err)
	}
	secret, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(b)))
	if err != nil {
		return nil, fmt.Errorf("%s is not the secret that was written there: %w", path, err)
	}
	return record.NewSafe(secret)
}

// hasKeys: before the first migration there is no table to ask.
func (s *Store) hasKeys(ctx context.Context) (bool, error) {
	if there, err := s.engine.has(ctx, s.write, "party_keys"); err != nil || !there {
		return false, err
	}
	n, err := one[int](s.write.QueryRowContext(ctx, `SELECT COUNT(*) FROM party_keys`))
	return n > 0, err
}

// makeSecret writes a new one; when another process is faster, that one's stays.
func makeSecret(path string) error {
	secret := make([]byte, 32)
	rand.Read(secret)                                            // never fails: the program ends instead
	f, err := os.CreateTemp(filepath.Dir(path), SecretName+".*") // for its owner only
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(secret) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir puts a new name on the disk: keys locked with a secret whose name was lost in a power cut would be lost with it.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// ---- keys of parties ------------------------------------------------------------------------------------------------

// makeKey gives a party a key unless it has one.
func (s *Store) makeKey(ctx context.Context, tx *sql.Tx, p meeting.PartyID) error {
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM party_keys WHERE party = ?`, p).Scan(&n); err != nil || n > 0 {
		return err
	}
	k, err := record.NewKey(p)
	if err != nil {
		return err
	}
	return putKey(ctx, tx, s.safe, k)
}

func putKey(ctx context.Context, tx *sql.Tx, safe *record.Safe, k record.Key) error {
	if safe == nil {
		return record.ErrLocked
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO party_keys (party, public, private) VALUES (?, ?, ?)
		ON CONFLICT (party) DO UPDATE SET private = excluded.private`, k.Party(), k.Public, safe.Lock(k))
	return err
}

// key finds a party's key; false when it is not on this node.
func (s *Store) key(r row, p meeting.PartyID) (record.Key, bool, error) {
	var locked string
	err := r.Scan(&locked)
	if errors.Is(err, sql.ErrNoRows) {
		return record.Key{}, false, nil
	}
	if err != nil {
		return record.Key{}, false, err
	}
	k, err := s.safe.Unlock(p, locked)
	return k, true, err
}

const keyQuery = `SELECT private FROM party_keys WHERE party = ?`

// PartyKey is a party's own key, for its owner. False: this node has none.
func (s *Store) PartyKey(ctx context.Context, p meeting.PartyID) (record.Key, bool, error) {
	return s.key(s.read.QueryRowContext(ctx, keyQuery, p), p)
}

// PublicKeys are those of all parties on this node, by party.
func (s *Store) PublicKeys(ctx context.Context) (map[meeting.PartyID]string, error) {
	type pair struct {
		party  meeting.PartyID
		public string
	}
	list, err := rows(ctx, s.read, func(r row) (x pair, err error) {
		err = r.Scan(&x.party, &x.public)
		return x, err
	}, `SELECT party, public FROM party_keys`)
	out := map[meeting.PartyID]string{}
	for _, x := range list {
		out[x.party] = x.public
	}
	return out, err
}

// ReturnKey locks a party's key again, after the secret was lost: with the one that is there now, or with a new one. It must be the
// key that the party had. The store must be opened anew to sign with it.
func (s *Store) ReturnKey(ctx context.Context, k record.Key) error {
	safe := s.safe
	if safe == nil {
		if err := makeSecret(s.secret); err != nil {
			return err
		}
		var err error
		if safe, err = readSafe(s.secret); err != nil {
			return err
		}
	}
	return s.change(ctx, func(tx *sql.Tx) error {
		var public string
		err := tx.QueryRowContext(ctx, `SELECT public FROM party_keys WHERE party = ?`, k.Party()).Scan(&public)
		if errors.Is(err, sql.ErrNoRows) || err == nil && public != k.Public {
			return fmt.Errorf("this is not the key of %s", k.Party())
		}
		if err != nil {
			return err
		}
		return putKey(ctx, tx, safe, k)
	})
}

// Unlocked is nil if every party's key opens: a node without them could store nothing.
func (s *Store) Unlocked(ctx context.Context) error {
	keys, err := s.PublicKeys(ctx)
	if err != nil {
		return err
	}
	for p := range keys {
		if _, _, err := s.PartyKey(ctx, p); err != nil {
			return fmt.Errorf("key of %s: %w", p, err)
		}
	}
	return nil
}
