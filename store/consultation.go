package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"astara/meeting"
	"astara/record"
)

// ErrSequence answers an Append whose numbers do not follow what is stored: another writer was faster, or the same events came twice.
var ErrSequence = errors.New("store: events out of sequence")

// Append stores lasting events and their entries in the log in one transaction: all or none, on the disk when it returns. Numbers may
// leave gaps, since what does not last is numbered too, but only rise.
func (s *Store) Append(ctx context.Context, id meeting.ConsultationID, events []meeting.Event) error {
	if len(events) == 0 {
		return nil
	}
	err := s.change(ctx, func(tx *sql.Tx) error { return s.append(ctx, tx, id, events) })
	if err != nil {
		return fmt.Errorf("append to %s: %w", id, err)
	}
	return nil
}

func (s *Store) append(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, events []meeting.Event) error {
	m, known, err := joint(tx.QueryRowContext(ctx, jointQuery+` WHERE id = ?`, id))
	if err != nil {
		return err
	}
	if !known {
		m = meeting.New(id)
	}
	before := len(m.Joint.Parties)
	if err := follow(m, events); err != nil {
		return err
	}
	if err := putJoint(ctx, tx, m); err != nil {
		return err
	}
	facts, err := putEvents(ctx, tx, id, events)
	if err != nil {
		return err
	}
	if err := s.enter(ctx, tx, id, m.Joint.Parties, facts); err != nil {
		return err
	}
	return s.fold(ctx, tx, id, events, known && len(m.Joint.Parties) != before)
}

// follow brings what belongs to all sides up to date, and finds numbers that are taken.
func follow(m *meeting.Meeting, events []meeting.Event) error {
	for _, e := range events {
		if e.Seq <= m.Seq {
			return fmt.Errorf("%w: %d after %d", ErrSequence, e.Seq, m.Seq)
		}
		switch e.Body.(type) {
		case meeting.ConsultationCalled, meeting.ConsultationChanged, meeting.ConsultationAgreed, meeting.ConsultationCancelled:
			m.Apply(e)
		}
		m.Seq = e.Seq
	}
	if m.Version == 0 {
		return fmt.Errorf("%w: the first event is %s", ErrSequence, events[0].Type)
	}
	return nil
}

// fold brings the lists across consultations and the search up to date. another: a party came to it, which reads what was for all before.
func (s *Store) fold(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, events []meeting.Event, another bool) error {
	for _, list := range []func(context.Context, *sql.Tx, meeting.ConsultationID, []meeting.Event) error{foldAgreements, foldCustody, foldTerms, s.publish} {
		if err := list(ctx, tx, id, events); err != nil {
			return err
		}
	}
	if another {
		if err := replacedAll(ctx, tx, id); err != nil {
			return err
		}
	}
	if err := foldPlaces(ctx, tx, id, events); err != nil {
		return err
	}
	if another {
		return reindex(ctx, tx, id)
	}
	parties, err := partiesOf(ctx, tx, id)
	if err != nil {
		return err
	}
	return index(ctx, tx, id, parties, events)
}

func putEvents(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, events []meeting.Event) ([]record.Fact, error) {
	q, err := tx.PrepareContext(ctx, `INSERT INTO events (consultation, seq, at, party, member, type, body) VALUES (?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	var facts []record.Fact
	for _, e := range events {
		body, err := json.Marshal(e.Body)
		if err != nil {
			return nil, err
		}
		if _, err := q.ExecContext(ctx, id, e.Seq, stamp(e.At), e.Party, e.By, e.Type, string(body)); err != nil {
			return nil, err
		}
		facts = append(facts, record.Fact{Seq: e.Seq, At: e.At, Party: e.Party, By: e.By, Type: e.Type, Body: body})
	}
	return facts, nil
}

// Events are the stored events of a consultation in order; none when there is no such consultation.
func (s *Store) Events(ctx context.Context, id meeting.ConsultationID) ([]meeting.Event, error) {
	list, err := rows(ctx, s.read, event, eventQuery, id)
	if err != nil {
		return nil, fmt.Errorf("events of %s: %w", id, err)
	}
	return list, nil
}

const eventQuery = `SELECT seq, at, party, member, type, body FROM events WHERE consultation = ? ORDER BY seq`

func event(r row) (meeting.Event, error) {
	f, err := fact(r)
	if err != nil {
		return meeting.Event{}, err
	}
	e := meeting.Event{Seq: f.Seq, At: f.At, Party: f.Party, By: f.By}
	if e.Body, err = meeting.DecodeEventBody(f.Type, f.Body); err == nil {
		e.Type = e.Body.Type() // which may be the later name of the same
	}
	return e, err
}

// Consultations are those of a party, the latest first, with what belongs to all sides only: no people and no chat.
func (s *Store) Consultations(ctx context.Context, p meeting.PartyID) ([]*meeting.Meeting, error) {
	scan := func(r row) (*meeting.Meeting, error) {
		m, _, err := joint(r)
		return m, err
	}
	list, err := rows(ctx, s.read, scan, jointQuery+
		` JOIN consultation_parties ON consultation = id WHERE party = ? ORDER BY starts_at DESC, id`, p)
	if err != nil {
		return nil, fmt.Errorf("consultations of %s: %w", p, err)
	}
	return list, nil
}

// AllConsultations are the ids of those of all parties.
func (s *Store) AllConsultations(ctx context.Context) ([]meeting.ConsultationID, error) {
	return rows(ctx, s.read, one[meeting.ConsultationID], `SELECT id FROM consultations ORDER BY id`)
}

const jointQuery = `SELECT id, seq, cancelled, version, convened, joint, agreed FROM consultations`

// joint reads one row of jointQuery; false when there is none.
func joint(r row) (*meeting.Meeting, bool, error) {
	m := meeting.New("")
	var cancelled, body, agreed string
	err := r.Scan(&m.ID, &m.Seq, &cancelled, &m.Version, &m.ConvenedBy, &body, &agreed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if cancelled != "" {
		err = json.Unmarshal([]byte(cancelled), &m.Cancelled)
	}
	return m, true, errors.Join(err, json.Unmarshal([]byte(body), &m.Joint), json.Unmarshal([]byte(agreed), &m.Agreed))
}

func putJoint(ctx context.Context, tx *sql.Tx, m *meeting.Meeting) error {
	body, err := json.Marshal(m.Joint)
	if err != nil {
		return err
	}
	agreed, err := json.Marshal(m.Agreed)
	if err != nil {
		return err
	}
	var cancelled []byte
	if m.Cancelled != nil {
		if cancelled, err = json.Marshal(m.Cancelled); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO consultations (id, seq, starts_at, cancelled, version, convened, joint, agreed)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, starts_at = excluded.starts_at,
		cancelled = excluded.cancelled, version = excluded.version, joint = excluded.joint, agreed = excluded.agreed`,
		m.ID, m.Seq, stamp(m.Joint.StartsAt), string(cancelled), m.Version, m.ConvenedBy, string(body), string(agreed))
	if err != nil {
		return err
	}
	for _, p := range m.Joint.Parties {
		if _, err := tx.ExecContext(ctx, `INSERT INTO consultation_parties (consultation, party) VALUES (?, ?) ON CONFLICT DO NOTHING`,
			m.ID, p.ID); err != nil {
			return err
		}
	}
	return nil
}
