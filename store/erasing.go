package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/record"
)

// What is taken out of the record for good: words with the salt of their entry, or files. The entry stays, and with it the proof of everything else.

// EraseMessage takes the words of a chat message and the salt of its entry out of the record, for good, and says so in it. The entry stays, and
// with it the proof of everything else. auth.ErrNone: there is no such message, or it is erased.
func (s *Store) EraseMessage(ctx context.Context, id meeting.ConsultationID, seq uint64, by record.Erasure, at time.Time) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		list, err := rows(ctx, tx, erasable, erasableQuery+` AND e.seq = ? AND n.salt <> ''`, id, meeting.ChatSaid{}.Type(), seq)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return auth.ErrNone
		}
		x := list[0]
		said := x.Body.(meeting.ChatSaid)
		said.Text = "" // to whom it was said is kept
		if err := s.strike(ctx, tx, id, x, said, meeting.ErasedMessage, by, at); err != nil {
			return err
		}
		if err := unindex(ctx, tx, `consultation = ? AND seq = ?`, id, seq); err != nil {
			return err
		}
		return s.engine.forget(ctx, tx)
	})
	if err != nil {
		return err
	}
	return s.engine.erased(ctx, s.write, "events", "entries", "passages", "passage_keys")
}

// EraseTerm takes a term's words out of the record and out of the glossary, for good: out of each event that wrote it. Other terms that one of these wrote stay
// in the glossary, but their words are proved by that entry no more. auth.ErrNone: there is no such term, or it is erased.
func (s *Store) EraseTerm(ctx context.Context, id meeting.ConsultationID, term meeting.TermID, by record.Erasure, at time.Time) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		list, err := rows(ctx, tx, erasable, erasableQuery+` ORDER BY e.seq`, id, meeting.TermsWritten{}.Type())
		if err != nil {
			return err
		}
		found := false
		for _, x := range list {
			b := x.Body.(meeting.TermsWritten)
			i := slices.IndexFunc(b.Terms, func(w meeting.WrittenTerm) bool { return w.ID == term && !w.Erased })
			if i < 0 {
				continue
			}
			found = true
			w := b.Terms[i]
			b.Terms[i] = meeting.WrittenTerm{ID: w.ID, Version: w.Version, Effect: w.Effect, Facts: meeting.TermFacts{Names: meeting.Names{}}, Erased: true}
			if err := s.strike(ctx, tx, id, x, b, meeting.ErasedTerm, by, at); err != nil {
				return err
			}
		}
		if !found {
			return auth.ErrNone
		}
		return refoldTerm(ctx, tx, id, term)
	})
	if err != nil {
		return err
	}
	return s.engine.erased(ctx, s.write, "events", "entries", "terms", "term_keys")
}

// erasableEvent is an event with its entry.
type erasableEvent struct {
	numberedEvent
	note string
}

const erasableQuery = `SELECT e.seq, e.at, e.party, e.member, e.type, e.body, n.number, n.note FROM events AS e
	JOIN entries AS n ON n.consultation = e.consultation AND n.seq = e.seq WHERE e.consultation = ? AND e.type = ?`

func erasable(r row) (x erasableEvent, err error) {
	x.numberedEvent, err = numbered(lastColumn{r, &x.note})
	return x, err
}

// strike puts what is left of an event in its place, takes the salt of its entry away, and says so in the record.
func (s *Store) strike(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, x erasableEvent, left meeting.EventBody, what meeting.Erasure, by record.Erasure, at time.Time) error {
	body, err := json.Marshal(left)
	if err != nil {
		return err
	}
	if err := some(tx.ExecContext(ctx, `UPDATE entries SET salt = '' WHERE consultation = ? AND seq = ?`, id, x.Seq)); err != nil {
		return err
	}
	if err := some(tx.ExecContext(ctx, `UPDATE events SET body = ? WHERE consultation = ? AND seq = ?`, string(body), id, x.Seq)); err != nil {
		return err
	}
	b := meeting.ThingErased{What: what, Entry: x.number, Person: by.Person, Authority: by.Authority}
	if lines := strings.Split(x.note, "\n"); len(lines) > 4 {
		b.Hashes = []string{lines[4]}
	}
	return s.putDeed(ctx, tx, id, x.Party.Member(meeting.Operator), at, b, nil)
}

// NoteErasedRecording says in the record that the files of a part are gone; who removes them does it after. Again: nothing more is said.
// auth.ErrNone: no such part.
func (s *Store) NoteErasedRecording(ctx context.Context, id meeting.ConsultationID, part int, by record.Erasure, at time.Time) error {
	return s.change(ctx, func(tx *sql.Tx) error {
		list, err := rows(ctx, tx, numbered, numberedQuery, id, meeting.RecordingFiled{}.Type())
		if err != nil {
			return err
		}
		deeds, err := rows(ctx, tx, event, custodyQuery, id)
		if err != nil {
			return err
		}
		for _, x := range list {
			filed, ok := x.Body.(meeting.RecordingFiled)
			if !ok || filed.Part != part || len(filed.Files) == 0 {
				continue
			}
			if slices.ContainsFunc(deeds, func(e meeting.Event) bool {
				b, ok := e.Body.(meeting.ThingErased)
				return ok && b.What == meeting.ErasedRecording && b.Part == part
			}) {
				return nil
			}
			b := meeting.ThingErased{What: meeting.ErasedRecording, Entry: x.number, Part: part, Person: by.Person, Authority: by.Authority}
			for _, f := range filed.Files {
				b.Hashes = append(b.Hashes, f.SHA256)
			}
			return s.putDeed(ctx, tx, id, x.Party.Member(meeting.Operator), at, b, nil)
		}
		return auth.ErrNone
	})
}

// noteErasedDocument says it in each consultation that a document was shared with. Of one that its side alone read it is not said which.
func (s *Store) noteErasedDocument(ctx context.Context, tx *sql.Tx, d record.Document, by record.Erasure, at time.Time) error {
	all, err := rows(ctx, tx, one[meeting.ConsultationID], `SELECT consultation FROM consultation_parties WHERE party = ? ORDER BY consultation`, d.Party)
	if err != nil {
		return err
	}
	for _, id := range all {
		list, err := rows(ctx, tx, numbered, numberedQuery, id, meeting.DocumentShared{}.Type())
		if err != nil {
			return err
		}
		for _, x := range slices.Backward(list) {
			shared, ok := x.Body.(meeting.DocumentShared)
			if !ok || shared.Document.ID != d.ID {
				continue
			}
			b := meeting.ThingErased{What: meeting.ErasedDocument, Entry: x.number, Hashes: []string{}, Person: by.Person, Authority: by.Authority}
			if shared.Document.To == meeting.All {
				b.Document, b.Hashes = d.ID, []string{d.Hash}
			}
			if err := s.putDeed(ctx, tx, id, d.Party.Member(meeting.Operator), at, b, nil); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// numberedEvent is an event with the number of its entry.
type numberedEvent struct {
	meeting.Event
	number int64
}

const numberedQuery = `SELECT e.seq, e.at, e.party, e.member, e.type, e.body, n.number FROM events AS e
	JOIN entries AS n ON n.consultation = e.consultation AND n.seq = e.seq WHERE e.consultation = ? AND e.type = ? ORDER BY e.seq`

func numbered(r row) (x numberedEvent, err error) {
	x.Event, err = event(lastColumn{r, &x.number})
	return x, err
}

// lastColumn is a row with one more column behind those that are asked for.
type lastColumn struct {
	row
	to any
}

func (r lastColumn) Scan(to ...any) error { return r.row.Scan(append(to, r.to)...) }

// Erasures implements room.Moments.
func (s *Store) Erasures(ctx context.Context) (map[meeting.ConsultationID]uint64, error) {
	out := map[meeting.ConsultationID]uint64{}
	_, err := rows(ctx, s.read, func(r row) (_ struct{}, err error) {
		var id meeting.ConsultationID
		var seq uint64
		err = r.Scan(&id, &seq)
		out[id] = seq
		return struct{}{}, err
	}, `SELECT consultation, MAX(seq) FROM custody WHERE type = ? GROUP BY consultation`, meeting.ThingErased{}.Type())
	return out, err
}
