package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"astara/auth"
	"astara/meeting"
)

// PutParty adds or corrects a party in this node's directory. A new one gets the key that it signs with.
func (s *Store) PutParty(ctx context.Context, p meeting.Party) error {
	if !p.ID.Valid() {
		return fmt.Errorf("party %q: an id is 1 to 32 of a-z, 0-9 and hyphen", p.ID)
	}
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	err = s.change(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO parties (id, body) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body`,
			p.ID, string(b)); err != nil {
			return err
		}
		return s.makeKey(ctx, tx, p.ID)
	})
	if err != nil {
		return fmt.Errorf("party %s: %w", p.ID, err)
	}
	return nil
}

// Parties are the directory, by id.
func (s *Store) Parties(ctx context.Context) ([]meeting.Party, error) {
	return rows(ctx, s.read, func(r row) (p meeting.Party, err error) {
		var b string
		if err = r.Scan(&b); err == nil {
			err = json.Unmarshal([]byte(b), &p)
		}
		return p, err
	}, `SELECT body FROM parties ORDER BY id`)
}

// PutSecretary adds an account, or corrects its name and language; one that had ended lives again. Its passkeys stay.
func (s *Store) PutSecretary(ctx context.Context, x auth.Secretary) error {
	if !x.ID.Valid() {
		return fmt.Errorf("secretary %q: an id is party/person, each 1 to 32 of a-z, 0-9 and hyphen", x.ID)
	}
	_, err := s.write.ExecContext(ctx, `INSERT INTO secretaries (id, party, name, language, handle, ended) VALUES (?, ?, ?, ?, ?, '')
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, language = excluded.language, ended = ''`,
		x.ID, x.ID.Party(), x.Name, x.Language, x.Handle)
	if err != nil {
		return fmt.Errorf("secretary %s: %w", x.ID, err)
	}
	return nil
}

// EndSecretary takes an account's rights: its sessions end, its sign-in links and passkeys go, and its seats in consultations. auth.ErrNone: no such.
func (s *Store) EndSecretary(ctx context.Context, id meeting.MemberID, at time.Time) error {
	return s.change(ctx, func(tx *sql.Tx) error {
		if err := some(tx.ExecContext(ctx, `UPDATE secretaries SET ended = ? WHERE id = ? AND ended = ''`, stamp(at), id)); err != nil {
			return err
		}
		_, e1 := tx.ExecContext(ctx, `UPDATE sessions SET ended = ? WHERE kind IN (?, ?) AND owner = ? AND ended = ''`, stamp(at), auth.DeskSession, auth.CalendarSession, id)
		_, e2 := tx.ExecContext(ctx, `DELETE FROM sign_ins WHERE secretary = ?`, id)
		_, e3 := tx.ExecContext(ctx, `DELETE FROM passkeys WHERE secretary = ?`, id)
		if err := errors.Join(e1, e2, e3); err != nil {
			return err
		}
		seated, err := rows(ctx, tx, one[meeting.ConsultationID], `SELECT DISTINCT consultation FROM invitations WHERE member = ? AND revoked = '' ORDER BY consultation`, id)
		if err != nil {
			return err
		}
		for _, c := range seated {
			if err := endInvitations(ctx, tx, c, id, at); err != nil {
				return err
			}
		}
		return nil
	})
}

const secretaryQuery = `SELECT id, name, language, handle FROM secretaries WHERE ended = ''`

func secretary(r row) (x auth.Secretary, err error) {
	err = r.Scan(&x.ID, &x.Name, &x.Language, &x.Handle)
	return x, err
}

// SecretaryList is every account that has not ended, by id.
func (s *Store) SecretaryList(ctx context.Context) ([]auth.Secretary, error) {
	return rows(ctx, s.read, secretary, secretaryQuery+` ORDER BY id`)
}

// Secretary implements auth.Secretaries.
func (s *Store) Secretary(ctx context.Context, id meeting.MemberID) (auth.Secretary, error) {
	return none(secretary(s.read.QueryRowContext(ctx, secretaryQuery+` AND id = ?`, id)))
}

// SecretaryOf implements auth.Secretaries.
func (s *Store) SecretaryOf(ctx context.Context, handle string) (auth.Secretary, error) {
	return none(secretary(s.read.QueryRowContext(ctx, secretaryQuery+` AND handle = ?`, handle)))
}

// AddSignIn implements auth.Secretaries.
func (s *Store) AddSignIn(ctx context.Context, x auth.SignIn) error {
	_, err := s.write.ExecContext(ctx, `INSERT INTO sign_ins (id, secretary, expires, used) VALUES (?, ?, ?, ?)`,
		x.ID, x.Secretary, stamp(x.Expires), stamp(x.Used))
	return err
}

// TakeSignIn implements auth.Secretaries.
func (s *Store) TakeSignIn(ctx context.Context, id string, at time.Time) (auth.SignIn, error) {
	x := auth.SignIn{ID: id}
	err := s.change(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT secretary, expires, used FROM sign_ins WHERE id = ?`, id).
			Scan(&x.Secretary, moment{&x.Expires}, moment{&x.Used})
		if err != nil || !x.Used.IsZero() {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE sign_ins SET used = ? WHERE id = ?`, stamp(at), id)
		return err
	})
	return none(x, err)
}

// Passkeys implements auth.Passkeys.
func (s *Store) Passkeys(ctx context.Context, m meeting.MemberID) ([]auth.Passkey, error) {
	return rows(ctx, s.read, func(r row) (p auth.Passkey, err error) {
		var credential string
		err = r.Scan(&p.ID, &p.Secretary, &credential, moment{&p.Added}, moment{&p.LastUse})
		p.Credential = []byte(credential)
		return p, err
	}, `SELECT id, secretary, credential, added, last_use FROM passkeys WHERE secretary = ? ORDER BY added, id`, m)
}

// PutPasskey implements auth.Passkeys.
func (s *Store) PutPasskey(ctx context.Context, p auth.Passkey) error {
	return some(s.write.ExecContext(ctx, `INSERT INTO passkeys (id, secretary, credential, added, last_use) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET credential = excluded.credential, last_use = excluded.last_use
		WHERE passkeys.secretary = excluded.secretary`, p.ID, p.Secretary, string(p.Credential), stamp(p.Added), stamp(p.LastUse)))
}

// DeletePasskey implements auth.Passkeys.
func (s *Store) DeletePasskey(ctx context.Context, m meeting.MemberID, id string) error {
	return some(s.write.ExecContext(ctx, `DELETE FROM passkeys WHERE secretary = ? AND id = ?`, m, id))
}
