package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"astara/meeting"
	"astara/record"
)

// minutesPassages are those of the minutes: a paragraph's text as it stands now, and a side's remarks, for that side alone. Those that an event
// replaces or takes away are removed. A paragraph's passages have the number of the event that wrote it first, which is in its name.
func minutesPassages(ctx context.Context, tx *sql.Tx, id meeting.ConsultationID, parties []meeting.PartyID, e meeting.Event) ([]passage, error) {
	remove := func(k record.Kind, seq uint64) error {
		return unindex(ctx, tx, `consultation = ? AND kind = ? AND seq = ?`, id, k, seq)
	}
	switch b := e.Body.(type) {
	case meeting.ParagraphWritten:
		seq := paragraphSeq(b.Paragraph)
		if err := remove(record.Minutes, seq); err != nil {
			return nil, err
		}
		return wordsPassages(nil, b.Text, passage{kind: record.Minutes, readers: parties, seq: seq}), nil
	case meeting.ParagraphRemoved:
		said, err := rows(ctx, tx, event, `SELECT seq, at, party, member, type, body FROM events WHERE consultation = ? AND type = ? ORDER BY seq`,
			id, meeting.ParagraphCommented{}.Type())
		if err != nil {
			return nil, err
		}
		for _, x := range said {
			if x.Body.(meeting.ParagraphCommented).Paragraph == b.Paragraph {
				if err := remove(record.Comment, x.Seq); err != nil {
					return nil, err
				}
			}
		}
		return nil, remove(record.Minutes, paragraphSeq(b.Paragraph))
	case meeting.ParagraphCommented:
		return []passage{{kind: record.Comment, text: b.Text, readers: []meeting.PartyID{e.Party}}}, nil
	case meeting.CommentSettled:
		return nil, remove(record.Comment, b.Comment)
	}
	return nil, nil
}

func paragraphSeq(p meeting.ParagraphID) uint64 {
	n, _ := strconv.ParseUint(strings.TrimPrefix(string(p), "p"), 10, 64) // the rules made the name
	return n
}
