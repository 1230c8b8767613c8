package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"astara/meeting"
	"astara/record"
)

// enter puts events that have just been stored into their consultation's log, within the same transaction.
func (s *Store) enter(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, parties []meeting.Party, facts []record.Fact) error {
	l := record.Log{Consultation: id,
		Hashes: func(at []int64) ([]record.Hash, error) { return hashes(ctx, tx, id, at) },
		Key: func(p meeting.PartyID) (record.Key, bool, error) {
			k, ok, err := s.key(tx.QueryRowContext(ctx, keyQuery, p), p)
			if errors.Is(err, record.ErrLocked) && facts[0].Type == (meeting.KeyReplaced{}).Type() {
				return k, false, nil // it may be lost too: then it signs nothing until it is replaced
			}
			return k, ok, err
		}}
	for _, p := range parties {
		l.Parties = append(l.Parties, p.ID)
	}
	err := tx.QueryRowContext(ctx, `SELECT size FROM checkpoints WHERE consultation = ?`, id).Scan(&l.Size)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	g, err := l.Grow(facts)
	if err != nil {
		return fmt.Errorf("enter into the log: %w", err)
	}
	return putGrowth(ctx, tx, id, g)
}

func putGrowth(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, g record.Growth) error {
	for _, e := range g.Entries {
		if _, err := tx.ExecContext(ctx, `INSERT INTO entries (consultation, number, seq, salt, note) VALUES (?, ?, ?, ?, ?)`,
			id, e.Number, e.Seq, e.Salt.String(), e.Note); err != nil {
			return err
		}
	}
	for i, h := range g.Hashes {
		if _, err := tx.ExecContext(ctx, `INSERT INTO entry_hashes (consultation, position, hash) VALUES (?, ?, ?)`,
			id, g.First+int64(i), h.String()); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO checkpoints (consultation, size, note) VALUES (?, ?, ?)
		ON CONFLICT (consultation) DO UPDATE SET size = excluded.size, note = excluded.note`, id, g.Size, g.Checkpoint)
	return err
}

// hashes reads those of the tree at rising positions: a dozen for a thousand entries.
func hashes(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, at []int64) ([]record.Hash, error) {
	args := []any{id}
	for _, i := range at {
		args = append(args, i)
	}
	return rows(ctx, tx, func(r row) (record.Hash, error) {
		text, err := one[string](r)
		if err != nil {
			return record.Hash{}, err
		}
		return record.ParseHash(text)
	}, `SELECT hash FROM entry_hashes WHERE consultation = ? AND position IN (?`+strings.Repeat(`, ?`, len(at)-1)+`) ORDER BY position`, args...)
}

// logAll makes the log of consultations that began before there was one. Their entries are signed now: they prove what the record
// held when this program first opened it.
func (s *Store) logAll(ctx context.Context, tx *sql.Tx) error {
	parties, err := rows(ctx, tx, one[meeting.PartyID], `SELECT id FROM parties UNION SELECT party FROM events ORDER BY 1`)
	if err != nil {
		return err
	}
	for _, p := range parties {
		if err := s.makeKey(ctx, tx, p); err != nil {
			return err
		}
	}
	all, err := rows(ctx, tx, one[meeting.ConsultationID], `SELECT id FROM consultations ORDER BY id`)
	if err != nil {
		return err
	}
	for _, id := range all {
		m, _, err := joint(tx.QueryRowContext(ctx, jointQuery+` WHERE id = ?`, id))
		if err != nil {
			return err
		}
		facts, err := rows(ctx, tx, fact, eventQuery, id)
		if err != nil {
			return err
		}
		if err := s.enter(ctx, tx, id, m.Joint.Parties, facts); err != nil {
			return fmt.Errorf("log of %s: %w", id, err)
		}
	}
	return nil
}

func fact(r row) (f record.Fact, err error) {
	var body string
	err = r.Scan(&f.Seq, moment{&f.At}, &f.Party, &f.By, &f.Type, &body)
	f.Body = []byte(body)
	return f, err
}

// Export is a consultation's log with the events for a reader; hidden says which ones the reader may not know. All of it is of one
// moment. auth.ErrNone: there is no such consultation.
func (s *Store) Export(ctx context.Context, id meeting.ConsultationID, hidden func(seq uint64) bool) (record.Export, error) {
	var x record.Export
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return x, err
	}
	defer func() { _ = tx.Rollback() }() // it changed nothing
	if err := tx.QueryRowContext(ctx, `SELECT note FROM checkpoints WHERE consultation = ?`, id).Scan(&x.Checkpoint); err != nil {
		_, err = none(x, err)
		return x, err
	}
	x.Lines, err = rows(ctx, tx, func(r row) (l record.Line, err error) {
		var salt, body string
		f := &l.Fact
		if err = r.Scan(&l.Entry.Number, &l.Entry.Seq, &salt, &l.Entry.Note, moment{&f.At}, &f.Party, &f.By, &f.Type, &body); err != nil {
			return l, err
		}
		f.Seq, f.Body = l.Entry.Seq, []byte(body)
		l.Hidden, l.Erased = hidden(f.Seq), salt == ""
		if !l.Erased {
			var ok bool
			if l.Entry.Salt, ok = record.ReadSalt(salt); !ok {
				return l, fmt.Errorf("the salt of entry %d is not one", l.Entry.Number)
			}
		}
		return l, nil
	}, `SELECT n.number, n.seq, n.salt, n.note, e.at, e.party, e.member, e.type, e.body FROM entries AS n
		JOIN events AS e ON e.consultation = n.consultation AND e.seq = n.seq WHERE n.consultation = ? ORDER BY n.number`, id)
	if err != nil {
		return x, fmt.Errorf("entries of %s: %w", id, err)
	}
	m, _, err := joint(tx.QueryRowContext(ctx, jointQuery+` WHERE id = ?`, id))
	if err != nil {
		return x, err
	}
	deeds, err := rows(ctx, tx, event, custodyQuery, id)
	if err != nil {
		return x, err
	}
	for _, p := range m.Joint.Parties {
		keys, err := keysOf(ctx, tx, p.ID, deeds)
		if err != nil {
			return x, err
		}
		x.Keys = append(x.Keys, keys...)
	}
	return x, nil
}
