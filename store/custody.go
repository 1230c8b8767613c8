package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/record"
)

// foldCustody folds events that have just been stored.
func foldCustody(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, events []meeting.Event) error {
	for _, e := range events {
		switch e.Body.(type) {
		case meeting.CopyTaken, meeting.KeyReplaced, meeting.ThingErased:
		default:
			continue
		}
		body, err := json.Marshal(e.Body)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO custody (consultation, seq, at, party, member, type, body) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			id, e.Seq, stamp(e.At), e.Party, e.By, e.Type, string(body)); err != nil {
			return fmt.Errorf("custody: %w", err)
		}
	}
	return nil
}

const custodyQuery = `SELECT seq, at, party, member, type, body FROM custody WHERE consultation = ? ORDER BY seq`

// Custody of a consultation's record, of one moment. auth.ErrNone: there is no such consultation.
func (s *Store) Custody(ctx context.Context, id meeting.ConsultationID) (record.Custody, error) {
	c := record.Custody{Keys: map[meeting.PartyID]string{}}
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return c, err
	}
	defer func() { _ = tx.Rollback() }() // it changed nothing
	var note string
	if err := tx.QueryRowContext(ctx, `SELECT size, note FROM checkpoints WHERE consultation = ?`, id).Scan(&c.Size, &note); err != nil {
		return none(c, err)
	}
	lines := strings.Split(note, "\n")
	if len(lines) < 3 {
		return c, fmt.Errorf("the checkpoint of %s is not one", id)
	}
	c.Root, c.Sealed = lines[2], c.Size
	parties, err := partiesOf(ctx, tx, id)
	if err != nil {
		return c, err
	}
	for _, p := range parties {
		if !strings.Contains(note, "\n— "+string(p)+" ") {
			c.Sealed = 0
		}
		public, err := rows(ctx, tx, one[string], `SELECT public FROM party_keys WHERE party = ?`, p)
		if err != nil {
			return c, err
		}
		if len(public) > 0 {
			c.Keys[p] = public[0]
		}
	}
	c.Deeds, err = rows(ctx, tx, event, custodyQuery, id)
	return c, err
}

// keysOf are the keys by which a party signed a consultation's log, the first one first.
func keysOf(ctx context.Context, tx *sql.Tx, p meeting.PartyID, deeds []meeting.Event) ([]string, error) {
	var out []string
	for _, e := range deeds {
		if b, ok := e.Body.(meeting.KeyReplaced); ok && e.Party == p {
			if len(out) == 0 {
				out = append(out, b.Old)
			}
			out = append(out, b.New)
		}
	}
	if len(out) > 0 {
		return out, nil
	}
	return rows(ctx, tx, one[string], `SELECT public FROM party_keys WHERE party = ?`, p)
}

// ---- the operator's acts --------------------------------------------------------------------------------------------

// putDeed puts an act on a party's facts, of the operator or of a secretary on her own side's key, into a consultation's record, in the transaction that does it. A node that serves the
// consultation meanwhile finds out when it next stores something. A key signs instead of the party's own.
func (s *Store) putDeed(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, by meeting.MemberID, at time.Time, body meeting.EventBody, key *record.Key) error {
	m, known, err := joint(tx.QueryRowContext(ctx, jointQuery+` WHERE id = ?`, id))
	if err != nil || !known {
		return errors.Join(err, fmt.Errorf("operate on %s", id))
	}
	e := meeting.Event{Seq: m.Seq + 1, At: at.UTC(), Party: by.Party(), By: by, Type: body.Type(), Body: body}
	m.Seq = e.Seq
	if err := putJoint(ctx, tx, m); err != nil {
		return err
	}
	facts, err := putEvents(ctx, tx, id, []meeting.Event{e})
	if err != nil {
		return err
	}
	facts[0].Key = key
	if err := s.enter(ctx, tx, id, m.Joint.Parties, facts); err != nil {
		return err
	}
	return foldCustody(ctx, tx, id, []meeting.Event{e})
}

// ReplaceKey gives a party a new key and says so in each consultation that it takes part in, all in one transaction: signed by the old key, or
// where that is lost by the new one with the operator's word. It answers how many consultations that are. auth.ErrNone: no such party;
// record.ErrLocked: the old key does not open, so it is lost. The store must be opened anew to sign where none could before.
func (s *Store) ReplaceKey(ctx context.Context, p meeting.PartyID, lost bool, reason string, at time.Time) (next record.Key, n int, err error) {
	x := *s // with the secret that is there in the end
	if x.safe == nil && lost {
		if err := makeSecret(x.secret); err != nil {
			return next, 0, err
		}
		if x.safe, err = readSafe(x.secret); err != nil {
			return next, 0, err
		}
	}
	if next, err = record.NewKey(p); err != nil {
		return next, 0, err
	}
	err = x.change(ctx, func(tx *sql.Tx) error {
		n, err = x.replaceKey(ctx, tx, next, p.Member(meeting.Operator), lost, reason, at)
		return err
	})
	return next, n, err
}

// ReplaceOwnKey is that by a secretary for her own side, whose key is there, and answers the public form of the new one.
func (s *Store) ReplaceOwnKey(ctx context.Context, by meeting.MemberID, reason string, at time.Time) (public string, err error) {
	next, err := record.NewKey(by.Party())
	if err != nil {
		return "", err
	}
	return next.Public, s.change(ctx, func(tx *sql.Tx) error {
		_, err := s.replaceKey(ctx, tx, next, by, false, reason, at)
		return err
	})
}

func (s *Store) replaceKey(ctx context.Context, tx *sql.Tx, next record.Key, by meeting.MemberID, lost bool, reason string, at time.Time) (int, error) {
	p := next.Party()
	public, err := none(one[string](tx.QueryRowContext(ctx, `SELECT public FROM party_keys WHERE party = ?`, p)))
	if err != nil {
		return 0, err
	}
	var signer *record.Key
	var operator record.Key
	if lost {
		operator, err = s.operatorKey(ctx, tx)
	} else {
		var old record.Key
		old, _, err = s.key(tx.QueryRowContext(ctx, keyQuery, p), p)
		signer = &old
	}
	if err != nil {
		return 0, err
	}
	if s.safe == nil {
		return 0, record.ErrLocked
	}
	if _, err := tx.ExecContext(ctx, `UPDATE party_keys SET public = ?, private = ? WHERE party = ?`, next.Public, s.safe.Lock(next), p); err != nil {
		return 0, err
	}
	all, err := rows(ctx, tx, one[meeting.ConsultationID], `SELECT consultation FROM consultation_parties WHERE party = ? ORDER BY consultation`, p)
	if err != nil {
		return 0, err
	}
	for _, id := range all {
		body := meeting.KeyReplaced{Old: public, New: next.Public, Reason: reason}
		if lost {
			if body, err = record.Vouch(id, p, body, operator); err != nil {
				return 0, err
			}
		}
		if err := s.putDeed(ctx, tx, id, by, at, body, signer); err != nil {
			return 0, fmt.Errorf("replace the key of %s in %s: %w", p, id, err)
		}
	}
	return len(all), nil
}

// The operator's key, locked like those of the parties, and made when it is first needed or its secret was lost.
const operatorSetting = "operator-key"

func (s *Store) operatorKey(ctx context.Context, tx *sql.Tx) (record.Key, error) {
	locked, err := none(one[string](tx.QueryRowContext(ctx, `SELECT value FROM settings WHERE name = ?`, operatorSetting)))
	if err == nil {
		if k, err := s.safe.Unlock(record.OperatorName, locked); !errors.Is(err, record.ErrLocked) {
			return k, err
		}
	} else if !errors.Is(err, auth.ErrNone) {
		return record.Key{}, err
	}
	k, err := record.NewKey(record.OperatorName)
	if err != nil {
		return k, err
	}
	if s.safe == nil {
		return k, record.ErrLocked
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, operatorSetting, s.safe.Lock(k))
	return k, err
}
