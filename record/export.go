package record

import (
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"astara/meeting"
)

// The files of an export, in this order. Each begins with a line that names it.
func exportNames() []string {
	return []string{"keys.txt", "checkpoint.txt", "hashes.txt", "entries.txt", "events.txt"}
}

func exportTitle(name string) string { return "astara record 1 " + strings.TrimSuffix(name, ".txt") }

// Bodies that are not in an export: erased for good, or not for whom it is made.
const (
	erased   = "erased"
	withheld = "withheld"
)

// Line is one entry with its event, as an export takes it.
type Line struct {
	Entry  Entry
	Fact   Fact
	Erased bool // the body and the salt are gone
	Hidden bool // whom the export is for may not know it
}

// Export is a consultation's log with what the reader may know of its events.
type Export struct {
	Keys       []string // public ones
	Checkpoint string
	Lines      []Line
}

// Pack writes the export as one file, which Verify reads.
func (x Export) Pack() ([]byte, error) {
	var hashes, entries, events strings.Builder
	for _, l := range x.Lines {
		hashes.WriteString(tlog.RecordHash([]byte(l.Entry.Note)).String() + "\n")
		entries.WriteString(l.Entry.Note)
		switch {
		case l.Erased:
			events.WriteString(erased + "\n")
		case l.Hidden:
			events.WriteString(withheld + "\n")
		default:
			events.WriteString(l.Entry.Salt.String() + " ")
			events.Write(l.Fact.Statement())
			events.WriteByte('\n')
		}
	}
	keys := strings.Join(x.Keys, "\n") + "\n"
	var files []file
	for i, content := range []string{keys, x.Checkpoint, hashes.String(), entries.String(), events.String()} {
		name := exportNames()[i]
		files = append(files, file{name, []byte(exportTitle(name) + "\n" + content)})
	}
	return pack(files)
}

// Readable tells whether a party may keep an event with this audience: what is for all, and what is for its own side. Words between two
// people are in nobody's export.
func Readable(p meeting.PartyID, to meeting.Audience) bool {
	return to == meeting.All || to == meeting.AtDesks || p != "" && to.Party() == p
}

// HiddenFrom tells which events of a consultation a party may not keep; an empty party is what all may.
func HiddenFrom(p meeting.PartyID, id meeting.ConsultationID, events []meeting.Event) func(seq uint64) bool {
	m, readable := meeting.New(id), map[uint64]bool{}
	for _, e := range events {
		m.Apply(e)
		readable[e.Seq] = Readable(p, m.Audience(e))
	}
	return func(seq uint64) bool { return !readable[seq] }
}
