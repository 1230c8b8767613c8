package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"astara/meeting"
	"astara/record"
)

// putText keeps a stretch of a document's text; indexDocument makes that it is found.
func putText(ctx context.Context, tx *sql.Tx, id meeting.DocumentID, position int, p record.Passage, l meeting.Language) error {
	passage, err := one[int64](tx.QueryRowContext(ctx, `SELECT COALESCE(MAX(passage), 0) + 1 FROM document_texts`))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO document_texts (document, position, page, passage, language, text) VALUES (?, ?, ?, ?, ?, ?)`,
		id, position, p.Page, passage, l, p.Text)
	return err
}

// putFacts keeps the title and the description as texts that are found, below position 0.
func putFacts(ctx context.Context, tx *sql.Tx, d record.Document) error {
	if err := unindexDocument(ctx, tx, d.ID, ` AND position < 0`); err != nil || !d.Erased.IsZero() {
		return err
	}
	position := 0
	for _, words := range []meeting.Words{d.Facts.Title, d.Facts.About} {
		for _, l := range slices.Sorted(maps.Keys(words)) {
			position--
			if err := putText(ctx, tx, d.ID, position, record.Passage{Text: words[l]}, l); err != nil {
				return err
			}
		}
	}
	return nil
}

// unindexDocument removes texts of a document, all or those that a condition names.
func unindexDocument(ctx context.Context, tx *sql.Tx, id meeting.DocumentID, and string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM passage_keys WHERE rowid IN (SELECT passage - 1099511627776 FROM document_texts WHERE document = ?`+and+`)`, id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM document_texts WHERE document = ?`+and, id)
	return err
}

// indexDocument makes a document found by whom may read it now.
func indexDocument(ctx context.Context, tx *sql.Tx, id meeting.DocumentID) error {
	list, err := rows(ctx, tx, one[meeting.PartyID], `SELECT party FROM document_readers WHERE document = ? ORDER BY party`, id)
	if err != nil {
		return err
	}
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = reader(p)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM passage_keys WHERE rowid IN (SELECT passage - 1099511627776 FROM document_texts WHERE document = ?)`, id); err != nil {
		return err
	}
	type text struct {
		passage int64
		text    string
	}
	texts, err := rows(ctx, tx, func(r row) (t text, err error) {
		err = r.Scan(&t.passage, &t.text)
		return t, err
	}, `SELECT passage, text FROM document_texts WHERE document = ? ORDER BY position`, id)
	if err != nil {
		return err
	}
	for _, t := range texts {
		if err := putPassageKeys(ctx, tx, t.passage-belowPassages, t.text, strings.Join(names, " ")); err != nil {
			return err
		}
	}
	return nil
}

// indexDocuments makes the index of all documents anew.
func indexDocuments(ctx context.Context, tx *sql.Tx) error {
	list, err := rows(ctx, tx, one[meeting.DocumentID], `SELECT id FROM documents ORDER BY id`)
	if err != nil {
		return err
	}
	for _, id := range list {
		if err := indexDocument(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// ofOneDocument is how many passages of one document a search shows: the others are found in it.
const ofOneDocument = 2

// belowPassages is how far below the passages of consultations the texts of documents stand in the index: the newest of both are the
// highest, and what was said comes before what was read. SQL here has it as a number, 2 to the 40th.
const belowPassages = 1 << 40
