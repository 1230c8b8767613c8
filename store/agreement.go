package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"astara/auth"
	"astara/meeting"
	"astara/record"
)

// foldAgreements brings the projection up to date with events that have just been stored.
func foldAgreements(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, events []meeting.Event) error {
	for _, e := range events {
		about := meeting.AgreementOf(e)
		if about == "" {
			continue
		}
		var a *meeting.Agreement
		old, err := one[string](tx.QueryRowContext(ctx, `SELECT body FROM agreements WHERE consultation = ? AND id = ?`, id, about))
		switch {
		case err == nil:
			if err := json.Unmarshal([]byte(old), &a); err != nil {
				return fmt.Errorf("agreement %s: %w", about, err)
			}
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
		if a = meeting.FoldAgreement(a, e); a == nil {
			continue
		}
		body, err := json.Marshal(a)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO agreements (consultation, id, seq, body) VALUES (?, ?, ?, ?)
			ON CONFLICT (consultation, id) DO UPDATE SET seq = excluded.seq, body = excluded.body`, id, about, e.Seq, string(body)); err != nil {
			return err
		}
	}
	return nil
}

const followedQuery = `SELECT c.id, c.joint, a.body FROM agreements AS a JOIN consultations AS c ON c.id = a.consultation`

// Agreements are those of all consultations of a party, without what was withdrawn; the latest consultation first, in it by id.
func (s *Store) Agreements(ctx context.Context, p meeting.PartyID) ([]record.Followed, error) {
	list, err := rows(ctx, s.read, followed, followedQuery+` JOIN consultation_parties AS p ON p.consultation = c.id
		WHERE p.party = ? ORDER BY c.starts_at DESC, c.id, a.id`, p)
	if err != nil {
		return nil, fmt.Errorf("agreements of %s: %w", p, err)
	}
	return slices.DeleteFunc(list, func(f record.Followed) bool { return f.Agreement.Withdrawn }), nil
}

// Agreement is one of a consultation of a party; auth.ErrNone when there is none that the party may know.
func (s *Store) Agreement(ctx context.Context, p meeting.PartyID, c meeting.ConsultationID, id meeting.AgreementID) (record.Followed, error) {
	return none(followed(s.read.QueryRowContext(ctx, followedQuery+` JOIN consultation_parties AS p ON p.consultation = c.id
		WHERE p.party = ? AND c.id = ? AND a.id = ?`, p, c, id)))
}

func followed(r row) (f record.Followed, err error) {
	var joint, body string
	if err = r.Scan(&f.Consultation, &joint, &body); err != nil {
		return f, err
	}
	f.Agreement = &meeting.Agreement{}
	return f, errors.Join(json.Unmarshal([]byte(joint), &f.Joint), json.Unmarshal([]byte(body), f.Agreement))
}

// agreementPassages are what can be found of an agreement after an event about it.
func agreementPassages(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, e meeting.Event, parties []meeting.PartyID) ([]passage, error) {
	switch b := e.Body.(type) {
	case meeting.AgreementProposed, meeting.AgreementAgreed, meeting.AgreementWithdrawn:
		return termsPassages(ctx, tx, id, meeting.AgreementOf(e), parties)
	case meeting.ObstacleRaised:
		return wordsPassages(nil, b.Text, passage{kind: record.Agreed, readers: parties}), nil
	}
	return nil, nil
}

// indexHiddenTerms makes the passages of those agreements anew of which a proposal waits: earlier programs left out what is in effect meanwhile.
func indexHiddenTerms(ctx context.Context, tx *sql.Tx) error {
	list, err := rows(ctx, tx, followed, followedQuery+` ORDER BY c.starts_at, c.id, a.id`)
	if err != nil {
		return err
	}
	for _, f := range list {
		if a := f.Agreement; a.InEffect() == nil || a.InEffect().Seq == a.Latest().Seq {
			continue
		}
		parties, err := partiesOf(ctx, tx, f.Consultation)
		if err != nil {
			return err
		}
		list, err := termsPassages(ctx, tx, f.Consultation, f.Agreement.ID, parties)
		if err != nil {
			return err
		}
		for _, p := range list {
			if err := putPassage(ctx, tx, f.Consultation, meeting.Event{}, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// termsPassages replaces what can be found of an agreement's terms: those in effect as long as they are, and beside them what is new in those proposed.
// Versions that have passed are for the agreement's own page.
func termsPassages(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, about meeting.AgreementID, parties []meeting.PartyID) ([]passage, error) {
	body, err := one[string](tx.QueryRowContext(ctx, `SELECT body FROM agreements WHERE consultation = ? AND id = ?`, id, about))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	var a meeting.Agreement
	if err := errors.Join(err, json.Unmarshal([]byte(body), &a)); err != nil {
		return nil, err
	}
	for _, v := range a.Versions {
		if err := unindex(ctx, tx, `consultation = ? AND kind = ? AND seq = ?`, id, record.Agreed, v.Seq); err != nil {
			return nil, err
		}
	}
	if a.Withdrawn {
		return nil, nil
	}
	var out []passage
	stands, newest := a.InEffect(), a.Latest()
	if stands == nil || stands.Seq != newest.Seq {
		known := map[string]bool{}
		if stands != nil {
			for _, p := range versionPassages(stands, parties) {
				known[p.text] = true
			}
		}
		out = slices.DeleteFunc(versionPassages(newest, parties), func(p passage) bool { return known[p.text] })
	}
	if stands != nil {
		out = append(out, versionPassages(stands, parties)...) // what comes later is found first
	}
	return out, nil
}

func versionPassages(v *meeting.AgreementVersion, parties []meeting.PartyID) []passage {
	of := passage{kind: record.Agreed, readers: parties, seq: v.Seq, party: v.Party, at: v.At}
	var out []passage
	for _, x := range slices.Backward(v.Terms.Milestones) {
		out = wordsPassages(out, x.Title, of)
	}
	return wordsPassages(wordsPassages(out, v.Terms.Text, of), v.Terms.Title, of)
}

// wordsPassages puts a passage for each language behind others.
func wordsPassages(out []passage, w meeting.Words, of passage) []passage {
	for _, l := range slices.Sorted(maps.Keys(w)) {
		of.language, of.text = l, w[l]
		out = append(out, of)
	}
	return out
}

// RestDays of a party; none when it has said nothing.
func (s *Store) RestDays(ctx context.Context, p meeting.PartyID) (meeting.RestDays, error) {
	out := meeting.RestDays{}
	body, err := none(one[string](s.read.QueryRowContext(ctx, `SELECT body FROM rest_days WHERE party = ?`, p)))
	if errors.Is(err, auth.ErrNone) {
		return out.Clean()
	}
	return out, errors.Join(err, json.Unmarshal([]byte(body), &out))
}

// PutRestDays replaces those of a party; they have been checked.
func (s *Store) PutRestDays(ctx context.Context, p meeting.PartyID, r meeting.RestDays) error {
	body, err := json.Marshal(r)
	if err == nil {
		_, err = s.write.ExecContext(ctx, `INSERT INTO rest_days (party, body) VALUES (?, ?) ON CONFLICT (party) DO UPDATE SET body = excluded.body`, p, string(body))
	}
	if err != nil {
		return fmt.Errorf("rest days of %s: %w", p, err)
	}
	return nil
}
