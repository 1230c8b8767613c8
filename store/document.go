package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"astara/meeting"
	"astara/record"
)

// AddDocument puts a document on record, with its text. One that is on record already is left as it is.
func (s *Store) AddDocument(ctx context.Context, d record.Document, text []record.Passage) error {
	err := s.change(ctx, func(tx *sql.Tx) error {
		body, err := json.Marshal(d)
		if err != nil {
			return err
		}
		r, err := tx.ExecContext(ctx, `INSERT INTO documents (id, party, hash, size, added, withdrawn, erased, body) VALUES (?, ?, ?, ?, ?, '', '', ?)
			ON CONFLICT DO NOTHING`, d.ID, d.Party, d.Hash, d.Size, stamp(d.Added), string(body))
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return err
		}
		for i, p := range text {
			if err := putText(ctx, tx, d.ID, i, p, ""); err != nil {
				return err
			}
		}
		if err := putFacts(ctx, tx, d); err != nil {
			return err
		}
		return readersOf(ctx, tx, d)
	})
	if err != nil {
		return fmt.Errorf("document %s: %w", d.ID, err)
	}
	return nil
}

// readersOf writes down anew who may read a document.
func readersOf(ctx context.Context, tx *sql.Tx, d record.Document) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM document_readers WHERE document = ?`, d.ID); err != nil {
		return err
	}
	readers := []meeting.PartyID{d.Party}
	if d.Withdrawn.IsZero() {
		placed, err := rows(ctx, tx, one[meeting.PartyID], `SELECT DISTINCT c.party FROM document_places AS p
			JOIN consultation_parties AS c ON c.consultation = p.consultation WHERE p.document = ? AND p.everyone = 1 ORDER BY c.party`, d.ID)
		if err != nil {
			return err
		}
		readers = slices.Concat(readers, d.Sharing.Readers, placed)
	}
	if !d.Erased.IsZero() {
		readers = readers[:1]
	}
	slices.Sort(readers)
	for _, p := range slices.Compact(readers) {
		if _, err := tx.ExecContext(ctx, `INSERT INTO document_readers (document, party) VALUES (?, ?)`, d.ID, p); err != nil {
			return err
		}
	}
	return indexDocument(ctx, tx, d.ID)
}

const documentQuery = `SELECT d.body, d.withdrawn, d.erased FROM documents AS d`

func document(r row) (d record.Document, err error) {
	var body string
	if err = r.Scan(&body, moment{&d.Withdrawn}, moment{&d.Erased}); err == nil {
		err = json.Unmarshal([]byte(body), &d)
	}
	return d, err
}

// Documents are those that a party may read, the newest first.
func (s *Store) Documents(ctx context.Context, p meeting.PartyID) ([]record.Document, error) {
	list, err := rows(ctx, s.read, document, documentQuery+` JOIN document_readers AS r ON r.document = d.id WHERE r.party = ? ORDER BY d.added DESC, d.id`, p)
	if err != nil {
		return nil, fmt.Errorf("documents of %s: %w", p, err)
	}
	return list, nil
}

// Document is one, whoever may read it. auth.ErrNone: there is none.
func (s *Store) Document(ctx context.Context, id meeting.DocumentID) (record.Document, error) {
	return none(document(s.read.QueryRowContext(ctx, documentQuery+` WHERE d.id = ?`, id)))
}

// DocumentFor is one that a party may read. auth.ErrNone: it may not, or there is none.
func (s *Store) DocumentFor(ctx context.Context, id meeting.DocumentID, p meeting.PartyID) (record.Document, error) {
	return none(document(s.read.QueryRowContext(ctx, documentQuery+` JOIN document_readers AS r ON r.document = d.id WHERE d.id = ? AND r.party = ?`, id, p)))
}

// DocumentWith is one of a party's own with this content, of which it has at most one unless it is older than that rule. auth.ErrNone: there is none.
func (s *Store) DocumentWith(ctx context.Context, p meeting.PartyID, hash string) (record.Document, error) {
	return none(document(s.read.QueryRowContext(ctx, documentQuery+` WHERE d.party = ? AND d.hash = ? AND d.erased = '' ORDER BY d.added LIMIT 1`, p, hash)))
}

// Contents are the hashes of all documents, each once.
func (s *Store) Contents(ctx context.Context) ([]string, error) {
	return rows(ctx, s.read, one[string], `SELECT DISTINCT hash FROM documents WHERE erased = '' ORDER BY hash`)
}

// DocumentBytes is what a party's documents take.
func (s *Store) DocumentBytes(ctx context.Context, p meeting.PartyID) (int64, error) {
	return one[int64](s.read.QueryRowContext(ctx, `SELECT COALESCE(SUM(size), 0) FROM documents WHERE party = ? AND erased = ''`, p))
}

// ChangeDocument changes what a side says of its document and who may read it. auth.ErrNone: it is not the party's.
func (s *Store) ChangeDocument(ctx context.Context, id meeting.DocumentID, p meeting.PartyID, change func(*record.Document)) (record.Document, error) {
	var d record.Document
	err := s.change(ctx, func(tx *sql.Tx) error {
		var err error
		if d, err = none(document(tx.QueryRowContext(ctx, documentQuery+` WHERE d.id = ? AND d.party = ? AND d.erased = ''`, id, p))); err != nil {
			return err
		}
		change(&d)
		return putDocument(ctx, tx, d)
	})
	return d, err
}

func putDocument(ctx context.Context, tx *sql.Tx, d record.Document) error {
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE documents SET body = ?, withdrawn = ?, erased = ? WHERE id = ?`,
		string(body), stamp(d.Withdrawn), stamp(d.Erased), d.ID); err != nil {
		return err
	}
	if err := putFacts(ctx, tx, d); err != nil {
		return err
	}
	return readersOf(ctx, tx, d)
}

// EraseDocument takes a document's facts, text and readings off the record, for good, and tells whether another one has the same content.
// Its events stay: they tell that there was one, its hash and its title. auth.ErrNone: there is none, or it is erased.
func (s *Store) EraseDocument(ctx context.Context, id meeting.DocumentID, by record.Erasure, at time.Time) (shared bool, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		d, err := none(document(tx.QueryRowContext(ctx, documentQuery+` WHERE d.id = ? AND d.erased = ''`, id)))
		if err != nil {
			return err
		}
		if err := s.noteErasedDocument(ctx, tx, d, by, at); err != nil {
			return err
		}
		d.Erased, d.File, d.Facts.About, d.Facts.Source = at, "", meeting.Words{}, ""
		if err := unindexDocument(ctx, tx, id, ``); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM readings WHERE document = ?`, id); err != nil {
			return err
		}
		if err := putDocument(ctx, tx, d); err != nil {
			return err
		}
		if err := s.engine.forget(ctx, tx); err != nil {
			return err
		}
		n, err := one[int](tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM documents WHERE hash = ? AND erased = ''`, d.Hash))
		shared = n > 0
		return err
	})
	if err == nil {
		err = s.engine.erased(ctx, s.write, "documents", "document_texts", "readings", "passage_keys")
	}
	return shared, err
}

// DocumentText is what was taken out of a document.
func (s *Store) DocumentText(ctx context.Context, id meeting.DocumentID) ([]record.Passage, error) {
	return rows(ctx, s.read, func(r row) (p record.Passage, err error) {
		err = r.Scan(&p.Page, &p.Text)
		return p, err
	}, `SELECT page, text FROM document_texts WHERE document = ? AND position >= 0 ORDER BY position`, id)
}

// ---- where they were shared -----------------------------------------------------------------------------------------

// foldPlaces folds events that have just been stored.
func foldPlaces(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, events []meeting.Event) error {
	for _, e := range events {
		var which meeting.DocumentID
		var err error
		switch b := e.Body.(type) {
		case meeting.DocumentShared:
			which = b.Document.ID
			_, err = tx.ExecContext(ctx, `INSERT INTO document_places (document, consultation, item, everyone) VALUES (?, ?, ?, ?)
				ON CONFLICT (consultation, document) DO UPDATE SET item = excluded.item, everyone = excluded.everyone`,
				which, id, b.Document.Item, bit(b.Document.To == meeting.All))
		case meeting.DocumentAttached:
			which = b.Document
			_, err = tx.ExecContext(ctx, `UPDATE document_places SET item = ? WHERE consultation = ? AND document = ?`, b.Item, id, which)
		case meeting.DocumentWithdrawn:
			which = b.Document
			_, err = tx.ExecContext(ctx, `DELETE FROM document_places WHERE consultation = ? AND document = ?`, id, which)
		default:
			continue
		}
		if err == nil {
			err = replaced(ctx, tx, which)
		}
		if err != nil {
			return fmt.Errorf("document %s: %w", which, err)
		}
	}
	return nil
}

// replaced: the places of a document are others. It may be one that this node does not have.
func replaced(ctx context.Context, tx *sql.Tx, id meeting.DocumentID) error {
	d, err := document(tx.QueryRowContext(ctx, documentQuery+` WHERE d.id = ?`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return readersOf(ctx, tx, d)
}

// DocumentPlaces are the consultations of a party that its own documents, and those shared with it, were shared with, the latest first.
func (s *Store) DocumentPlaces(ctx context.Context, p meeting.PartyID) ([]record.Place, error) {
	return rows(ctx, s.read, func(r row) (x record.Place, err error) {
		var body string
		var all int
		if err = r.Scan(&x.Document, &x.Consultation, &body, &x.Item, &all); err != nil {
			return x, err
		}
		var j struct {
			Title    meeting.Words
			StartsAt time.Time
		}
		err = json.Unmarshal([]byte(body), &j)
		x.Title, x.StartsAt, x.All = j.Title, j.StartsAt, all == 1
		return x, err
	}, `SELECT p.document, p.consultation, c.joint, p.item, p.everyone FROM document_places AS p
		JOIN document_readers AS r ON r.document = p.document AND r.party = ?
		JOIN consultation_parties AS q ON q.consultation = p.consultation AND q.party = ?
		JOIN documents AS d ON d.id = p.document
		JOIN consultations AS c ON c.id = p.consultation
		WHERE p.everyone = 1 OR d.party = ? ORDER BY c.starts_at DESC, p.document`, p, p, p)
}

// ErasedPlaces implements room.Moments.
func (s *Store) ErasedPlaces(ctx context.Context) (map[meeting.ConsultationID][]meeting.DocumentID, error) {
	list, err := rows(ctx, s.read, func(r row) (x record.Place, err error) {
		err = r.Scan(&x.Consultation, &x.Document)
		return x, err
	}, `SELECT p.consultation, p.document FROM document_places AS p JOIN documents AS d ON d.id = p.document WHERE d.erased <> '' ORDER BY p.consultation, p.document`)
	out := map[meeting.ConsultationID][]meeting.DocumentID{}
	for _, x := range list {
		out[x.Consultation] = append(out[x.Consultation], x.Document)
	}
	return out, err
}

// ---- readings -------------------------------------------------------------------------------------------------------

// NoteReading writes down that somebody opened a document, or read on in it (Times 0); one line a day and person.
func (s *Store) NoteReading(ctx context.Context, r record.Reading) error {
	_, err := s.write.ExecContext(ctx, `INSERT INTO readings (document, reader, day, name, at, times) VALUES (?, ?, ?, ?, ?, 1)
		ON CONFLICT (document, reader, day) DO UPDATE SET times = readings.times + ?`,
		r.Document, r.Reader, r.At.UTC().Format(time.DateOnly), r.Name, stamp(r.At), r.Times)
	return err
}

// Readings are those of a party's documents by others, the latest first, at most so many.
func (s *Store) Readings(ctx context.Context, p meeting.PartyID, most int) ([]record.Reading, error) {
	return rows(ctx, s.read, func(r row) (x record.Reading, err error) {
		err = r.Scan(&x.Document, &x.Reader, &x.Name, moment{&x.At}, &x.Times)
		return x, err
	}, `SELECT r.document, r.reader, r.name, r.at, r.times FROM readings AS r JOIN documents AS d ON d.id = r.document
		WHERE d.party = ? ORDER BY r.at DESC, r.document, r.reader LIMIT ?`, p, most)
}

// replacedAll: another party came to a consultation, and reads what was shared with all of it.
func replacedAll(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID) error {
	list, err := rows(ctx, tx, one[meeting.DocumentID], `SELECT document FROM document_places WHERE consultation = ? ORDER BY document`, id)
	if err != nil {
		return err
	}
	for _, d := range list {
		if err := replaced(ctx, tx, d); err != nil {
			return err
		}
	}
	return nil
}
