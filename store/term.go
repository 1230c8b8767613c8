package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"astara/meeting"
	"astara/record"
)

// foldTerms brings the glossary up to date with events that have just been stored.
func foldTerms(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, events []meeting.Event) error {
	for _, e := range events {
		about := meeting.TermsOf(e)
		if len(about) == 0 {
			continue
		}
		had, err := termsNow(ctx, tx, id, about)
		if err != nil {
			return err
		}
		var rows, keys [][]any
		for _, x := range about {
			t := meeting.FoldTerm(had[x], x, e)
			if t == nil {
				continue
			}
			body, err := json.Marshal(t)
			if err != nil {
				return err
			}
			rows = append(rows, []any{id, t.ID, t.Party, bit(t.To == meeting.All), e.Seq, string(body)})
			for _, k := range keysOfTerm(t) {
				keys = append(keys, []any{k, id, t.ID})
			}
		}
		if err := putTerms(ctx, tx, id, about, rows, keys); err != nil {
			return fmt.Errorf("terms of %s: %w", e.Type, err)
		}
	}
	return nil
}

// refoldTerm folds one anew from its events, which are others than before.
func refoldTerm(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, term meeting.TermID) error {
	events, err := rows(ctx, tx, event, `SELECT seq, at, party, member, type, body FROM events WHERE consultation = ? AND type IN (?, ?, ?) ORDER BY seq`,
		id, meeting.TermsWritten{}.Type(), meeting.TermsAgreed{}.Type(), meeting.TermWithdrawn{}.Type())
	if err != nil {
		return err
	}
	var t *meeting.Term
	var seq uint64
	for _, e := range events {
		if slices.Contains(meeting.TermsOf(e), term) {
			t, seq = meeting.FoldTerm(t, term, e), e.Seq
		}
	}
	if t == nil {
		return nil
	}
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return putTerms(ctx, tx, id, []meeting.TermID{term}, [][]any{{id, t.ID, t.Party, bit(t.To == meeting.All), seq, string(body)}}, nil)
}

func termsNow(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, about []meeting.TermID) (map[meeting.TermID]*meeting.Term, error) {
	args := []any{id}
	for _, x := range about {
		args = append(args, x)
	}
	list, err := rows(ctx, tx, func(r row) (*meeting.Term, error) {
		body, err := one[string](r)
		if err != nil {
			return nil, err
		}
		t := &meeting.Term{}
		return t, json.Unmarshal([]byte(body), t)
	}, `SELECT body FROM terms WHERE consultation = ? AND id IN (`+marks(len(about))+`)`, args...)
	out := map[meeting.TermID]*meeting.Term{}
	for _, t := range list {
		out[t.ID] = t
	}
	return out, err
}

// marks are the places of so many arguments.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat(`?, `, n), `, `) }

// manyRows are put by one statement: a file of a thousand terms has ten thousand keys.
const manyRows = 200

func putTerms(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, about []meeting.TermID, rows, keys [][]any) error {
	args := []any{id}
	for _, x := range about {
		args = append(args, x)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM term_keys WHERE consultation = ? AND term IN (`+marks(len(about))+`)`, args...); err != nil {
		return err
	}
	err := putMany(ctx, tx, `INSERT INTO terms (consultation, id, party, everyone, seq, body) VALUES `, rows, ` ON CONFLICT (consultation, id) DO UPDATE
		SET everyone = excluded.everyone, seq = excluded.seq, body = excluded.body`)
	if err != nil {
		return err
	}
	return putMany(ctx, tx, `INSERT INTO term_keys (key, consultation, term) VALUES `, keys, ``)
}

func putMany(ctx context.Context, tx *sql.Tx, insert string, rows [][]any, end string) error {
	for some := range slices.Chunk(rows, manyRows) {
		places := strings.TrimSuffix(strings.Repeat(`(`+marks(len(some[0]))+`), `, len(some)), `, `)
		if _, err := tx.ExecContext(ctx, insert+places+end, slices.Concat(some...)...); err != nil {
			return err
		}
	}
	return nil
}

// keysOfTerm: of its newest names, and of those that all agreed to.
func keysOfTerm(t *meeting.Term) []string {
	keys := map[string]bool{}
	if !t.Gone() {
		for _, f := range []meeting.TermFacts{t.Facts, t.InUse()} {
			for _, list := range f.Names {
				for _, name := range list {
					for _, k := range record.NameKeys(name) {
						keys[k] = true
					}
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

const termQuery = `SELECT c.id, c.joint, t.body FROM terms AS t JOIN consultations AS c ON c.id = t.consultation
	JOIN consultation_parties AS p ON p.consultation = c.id`

func filedTerm(r row) (f record.FiledTerm, err error) {
	var joint, body string
	if err = r.Scan(&f.Consultation, &joint, &body); err != nil {
		return f, err
	}
	var j meeting.Joint
	err = errors.Join(json.Unmarshal([]byte(joint), &j), json.Unmarshal([]byte(body), &f.Term))
	f.Title, f.StartsAt = j.Title, j.StartsAt
	for _, p := range j.Parties {
		f.Parties = append(f.Parties, p.ID)
	}
	return f, err
}

// Terms are those of all consultations that a party may read, without what was withdrawn.
func (s *Store) Terms(ctx context.Context, p meeting.PartyID) ([]record.FiledTerm, error) {
	list, err := rows(ctx, s.read, filedTerm, termQuery+` WHERE p.party = ? AND (t.everyone = 1 OR t.party = ?) ORDER BY c.starts_at DESC, c.id, t.seq, t.id`, p, p)
	if err != nil {
		return nil, fmt.Errorf("terms of %s: %w", p, err)
	}
	return slices.DeleteFunc(list, func(f record.FiledTerm) bool { return f.Term.Withdrawn }), nil
}

// Term is one of them. auth.ErrNone: there is none that the party may know.
func (s *Store) Term(ctx context.Context, p meeting.PartyID, c meeting.ConsultationID, id meeting.TermID) (record.FiledTerm, error) {
	return none(filedTerm(s.read.QueryRowContext(ctx, termQuery+` WHERE p.party = ? AND (t.everyone = 1 OR t.party = ?) AND c.id = ? AND t.id = ?`, p, p, c, id)))
}

// mostJoined is how many terms one question is joined by: names of one word have a handful.
const mostJoined = 60

// Join puts beside a question the other names that the glossary, as a party reads it, has for what was typed.
func (s *Store) Join(ctx context.Context, p meeting.PartyID, q record.Query) (record.Query, error) {
	keys := q.NameKeys()
	if len(keys) == 0 {
		return q, nil
	}
	args := make([]any, 0, len(keys)+4)
	for _, k := range keys {
		args = append(args, k)
	}
	list, err := rows(ctx, s.read, func(r row) (x record.JoinedTerm, err error) {
		var t meeting.Term
		var body string
		if err = r.Scan(&x.Key, &body); err == nil {
			err = json.Unmarshal([]byte(body), &t)
		}
		for _, f := range []meeting.TermFacts{t.InUse(), t.Facts} {
			for _, l := range slices.Sorted(maps.Keys(f.Names)) {
				x.Names = append(x.Names, f.Names[l]...)
			}
		}
		return x, err
	}, `SELECT k.key, t.body FROM term_keys AS k JOIN terms AS t ON t.consultation = k.consultation AND t.id = k.term
		JOIN consultation_parties AS p ON p.consultation = t.consultation
		WHERE k.key IN (`+marks(len(keys))+`) AND p.party = ? AND (t.everyone = 1 OR t.party = ?) ORDER BY t.seq DESC, t.id LIMIT ?`, append(args, p, p, mostJoined)...)
	if err != nil {
		return q, fmt.Errorf("join: %w", err)
	}
	return q.Join(list), nil
}

// joinedQuestion writes in an engine's words what is looked for by the glossary: of each group a name. Of a name all words must be there, of a word one
// key. Where one group alone is joined, what was typed for it is left out: what has that was found before, and is more than the rest. NOT would have an
// index read all of it.
func joinedQuestion(q record.Query, and, or string, key func(string) string) string {
	name := func(n record.Name) string {
		var words []string
		for _, keys := range n {
			var any []string
			for _, k := range keys {
				any = append(any, key(k))
			}
			words = append(words, "("+strings.Join(any, or)+")")
		}
		return "(" + strings.Join(words, and) + ")"
	}
	joined := 0
	for _, g := range q.Groups {
		if len(g.Joined) > 0 {
			joined++
		}
	}
	var groups []string
	for _, g := range q.Groups {
		var names []string
		for _, n := range g.Joined {
			names = append(names, name(n))
		}
		if g.Typed != nil && (joined > 1 || len(g.Joined) == 0) {
			names = append(names, name(g.Typed))
		}
		groups = append(groups, "("+strings.Join(names, or)+")")
	}
	return strings.Join(groups, and)
}
