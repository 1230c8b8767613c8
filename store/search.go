package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"astara/meeting"
	"astara/record"
)

// passage is what is indexed: a text, and which parties may find it.
type passage struct {
	kind     record.Kind
	language meeting.Language
	text     string
	readers  []meeting.PartyID
	seq      uint64          // of the event that it is known by; 0: of this one
	party    meeting.PartyID // whose words; empty: of this event
	at       time.Time
}

// index brings what can be found up to date with events that have just been stored; parties are those of the consultation now.
func index(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, parties []meeting.PartyID, events []meeting.Event) error {
	for _, e := range events {
		var list []passage
		switch b := e.Body.(type) {
		case meeting.ConsultationCalled:
			list = jointPassages(b.Joint, parties)
		case meeting.ConsultationChanged:
			for _, k := range []record.Kind{record.Title, record.Agenda} {
				if err := unindex(ctx, tx, `consultation = ? AND kind = ?`, id, k); err != nil {
					return err
				}
			}
			list = jointPassages(b.Joint, parties)
		case meeting.ChatSaid:
			list = chatPassage(b, parties)
		case meeting.ParagraphWritten, meeting.ParagraphRemoved, meeting.ParagraphCommented, meeting.CommentSettled:
			var err error
			if list, err = minutesPassages(ctx, tx, id, parties, e); err != nil {
				return err
			}
		case meeting.AccountWritten, meeting.ReadoutPublished, meeting.ReadoutCorrected:
			var err error
			if list, err = readoutPassages(ctx, tx, id, parties, e); err != nil {
				return err
			}
		default:
			var err error
			if list, err = agreementPassages(ctx, tx, id, e, parties); err != nil {
				return err
			}
		}
		for _, p := range list {
			if err := putPassage(ctx, tx, id, e, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func jointPassages(j meeting.Joint, readers []meeting.PartyID) []passage {
	var out []passage
	add := func(k record.Kind, words meeting.Words) {
		for _, l := range slices.Sorted(maps.Keys(words)) {
			out = append(out, passage{kind: k, language: l, text: words[l], readers: readers})
		}
	}
	for _, item := range slices.Backward(j.Agenda) { // the newest is found first, and the title is the last
		add(record.Agenda, item.Title)
	}
	add(record.Title, j.Title)
	return out
}

// chatPassage: what is said to all and within a side. Anything narrower, such as between two people or within a booth, is found by nobody.
func chatPassage(b meeting.ChatSaid, parties []meeting.PartyID) []passage {
	switch {
	case b.Text == "":
		return nil
	case b.To == meeting.All:
		return []passage{{kind: record.Chat, text: b.Text, readers: parties}}
	case b.To.Party() != "":
		return []passage{{kind: record.Chat, text: b.Text, readers: []meeting.PartyID{b.To.Party()}}}
	}
	return nil
}

func putPassage(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, e meeting.Event, p passage) error {
	if p.seq == 0 {
		p.seq = e.Seq
	}
	if p.party == "" {
		p.party, p.at = e.Party, e.At
	}
	names := make([]string, len(p.readers))
	for i, r := range p.readers {
		names[i] = reader(r)
	}
	readers := strings.Join(names, " ")
	row, err := one[int64](tx.QueryRowContext(ctx, `INSERT INTO passages (consultation, kind, seq, language, party, at, text, readers)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`, id, p.kind, p.seq, p.language, p.party, stamp(p.at), p.text, readers))
	if err != nil {
		return err
	}
	return putPassageKeys(ctx, tx, row, p.text, readers)
}

func putPassageKeys(ctx context.Context, tx *sql.Tx, row int64, text, readers string) error {
	exact, keys := record.Keys(text)
	_, err := tx.ExecContext(ctx, `INSERT INTO passage_keys (rowid, exact, keys, readers) VALUES (?, ?, ?, ?)`, row, exact, keys, readers)
	return err
}

// reader is a party as one word of the index.
func reader(p meeting.PartyID) string { return "r" + hex.EncodeToString([]byte(p)) }

// unindex removes passages that a condition names.
func unindex(ctx context.Context, tx *sql.Tx, where string, args ...any) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM passage_keys WHERE rowid IN (SELECT id FROM passages WHERE `+where+`)`, args...); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM passages WHERE `+where, args...)
	return err
}

// reindex makes the passages of a whole consultation anew: when there are none yet, or when another party comes to it, which may
// read what was said to all before.
func reindex(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID) error {
	if err := unindex(ctx, tx, `consultation = ?`, id); err != nil {
		return err
	}
	events, err := rows(ctx, tx, event, eventQuery, id)
	if err != nil {
		return err
	}
	parties, err := partiesOf(ctx, tx, id)
	if err != nil {
		return err
	}
	return index(ctx, tx, id, parties, events)
}

func partiesOf(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID) ([]meeting.PartyID, error) {
	return rows(ctx, tx, one[meeting.PartyID], `SELECT party FROM consultation_parties WHERE consultation = ? ORDER BY party`, id)
}

func indexAll(ctx context.Context, tx *sql.Tx) error {
	all, err := rows(ctx, tx, one[meeting.ConsultationID], `SELECT id FROM consultations ORDER BY starts_at, id`)
	if err != nil {
		return err
	}
	for _, id := range all {
		if err := reindex(ctx, tx, id); err != nil {
			return fmt.Errorf("index %s: %w", id, err)
		}
	}
	return nil
}

// Search finds what a party may read: first what has the words as they are written, then in any spelling, then with endings; of each
// the newest first. After that, but never without a place, comes what the glossary joins. One passage is found once, whatever its language.
// Who may read is part of the question to the index.
func (s *Store) Search(ctx context.Context, p meeting.PartyID, q record.Query, most int) ([]record.Hit, error) {
	if len(q.Words) == 0 {
		return nil, nil
	}
	f := finds{seen: map[findPlace]bool{}, papers: map[meeting.DocumentID]int{}}
	typed, err := f.ask(ctx, s, s.engine.matches(p, q), most)
	if err != nil || q.Groups == nil {
		return typed, err
	}
	joined, err := f.ask(ctx, s, s.engine.joins(p, q), max(most-len(typed), most/3))
	for i := range joined {
		joined[i].Joined = true
	}
	return append(typed[:min(len(typed), most-len(joined))], joined...), err
}

// finds is what a search has found so far.
type finds struct {
	seen   map[findPlace]bool
	papers map[meeting.DocumentID]int
}

type findPlace struct {
	consultation meeting.ConsultationID
	kind         record.Kind
	seq          uint64
	title        string
}

// ask puts one question after another to the index until it has as many as are wanted.
func (f *finds) ask(ctx context.Context, s *Store, questions []match, most int) ([]record.Hit, error) {
	var out []record.Hit
	for _, m := range questions {
		// One passage stands in the index once for each language, and a document once for each page: so as many as are wanted may take several looks.
		for below, look := int64(math.MaxInt64), 3*most; len(out) < most; look *= 4 {
			query, args := s.engine.found(m, below, look)
			list, err := rows(ctx, s.read, hit, query, args...)
			if err != nil {
				return nil, fmt.Errorf("search: %w", err)
			}
			for _, h := range list {
				if len(out) < most && f.isNew(h.Hit) {
					out = append(out, h.Hit)
				}
				below = h.row
			}
			if len(list) < look {
				break
			}
		}
	}
	return out, nil
}

// isNew tells whether a passage is one that was not found yet, and notes that it was.
func (f *finds) isNew(h record.Hit) bool {
	at := findPlace{h.Consultation, h.Kind, h.Seq, ""}
	switch h.Kind {
	case record.Agenda:
		at.title = h.Text
	case record.Library:
		at.title, at.seq = string(h.Document)+h.Text, uint64(h.Page)
	}
	if f.seen[at] || h.Document != "" && f.papers[h.Document] == ofOneDocument {
		return false
	}
	f.seen[at] = true
	if h.Document != "" {
		f.papers[h.Document]++
	}
	return true
}

// foundQuery is what is known of the passages of an index's rows, the newest first. Each row of the index has its passage, so that as many come back
// as were asked for, if there are so many.
func foundQuery(rows string) string {
	return `SELECT found.id, COALESCE(p.consultation, ''), COALESCE(c.joint, d.body, ''), COALESCE(p.kind, ''), COALESCE(p.seq, 0),
		COALESCE(p.language, t.language, ''), COALESCE(p.party, d.party, ''), COALESCE(p.at, d.added, ''), COALESCE(p.text, t.text, ''), COALESCE(d.id, ''), COALESCE(t.page, 0)
		FROM (` + rows + `) AS found
		LEFT JOIN passages AS p ON p.id = found.id LEFT JOIN consultations AS c ON c.id = p.consultation
		LEFT JOIN document_texts AS t ON t.passage = found.id + 1099511627776 LEFT JOIN documents AS d ON d.id = t.document
		ORDER BY found.id DESC`
}

// foundRow is a hit with its row of the index.
type foundRow struct {
	record.Hit
	row int64
}

func hit(r row) (h foundRow, err error) {
	var body string
	if err = r.Scan(&h.row, &h.Consultation, &body, &h.Kind, &h.Seq, &h.Language, &h.Party, moment{&h.At}, &h.Text, &h.Document, &h.Page); err != nil {
		return h, err
	}
	if h.Document != "" {
		var d record.Document
		err = json.Unmarshal([]byte(body), &d)
		h.Kind, h.Title = record.Library, d.Facts.Title
		return h, err
	}
	var j struct {
		Title    meeting.Words
		StartsAt time.Time
	}
	err = json.Unmarshal([]byte(body), &j)
	h.Title, h.StartsAt = j.Title, j.StartsAt
	return h, err
}
