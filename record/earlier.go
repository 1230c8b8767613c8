package record

import (
	"errors"
	"fmt"
	"strings"

	"astara/meeting"
)

// Earlier is what somebody kept of a record from an earlier day.
type Earlier struct {
	Entries int64 `json:"entries"`
	Root    Hash  `json:"root"`
}

// Continues tells whether the record goes on from one that was kept: an export, or a checkpoint alone (checkpoint.txt of an export). All that was in it
// must be here in the same places, to the byte. The whole tree is here, so that needs no proof from anybody: the earlier root is computed again. An error is
// a *Fault; against an export it names the first entry that differs, which a checkpoint alone cannot.
func (v Verified) Continues(kept []byte) (Earlier, error) {
	if text, ok := keptCheckpoint(kept); ok {
		return v.continuesFrom(text)
	}
	e, err := Verify(kept)
	if err != nil {
		return Earlier{}, whole("the earlier one is not right itself: %w", err)
	}
	if err := v.sameConsultation(e.Consultation); err != nil {
		return Earlier{}, err
	}
	for i, leaf := range e.leaves {
		switch {
		case i >= len(v.leaves):
			return Earlier{}, &Fault{int64(i), fmt.Errorf("it is missing: there are %d, and the earlier record has %d", v.Entries, e.Entries)}
		case leaf != v.leaves[i]:
			return Earlier{}, &Fault{int64(i), errors.New("it is another one than in the earlier record, though both are signed: one of the two was written anew")}
		}
	}
	return Earlier{e.Entries, e.Root}, nil
}

// keptCheckpoint finds a checkpoint that stands alone, with the line that it begins with in an export or without.
func keptCheckpoint(b []byte) (string, bool) {
	text := strings.TrimPrefix(string(b[:min(len(b), maxCheckpoint)]), exportTitle("checkpoint.txt")+"\n")
	return text, len(b) <= maxCheckpoint && strings.HasPrefix(text, originPrefix)
}

const maxCheckpoint = 64 << 10 // bytes: a line for each party's signature

func (v Verified) continuesFrom(checkpoint string) (Earlier, error) {
	keys, err := readKeys(v.Keys)
	if err != nil {
		return Earlier{}, whole("keys.txt: %w", err)
	}
	c, _, err := parseCheckpoint(checkpoint, keys)
	if err != nil {
		return Earlier{}, whole("the earlier checkpoint: %w", err)
	}
	if err := v.sameConsultation(c.Consultation); err != nil {
		return Earlier{}, err
	}
	switch {
	case c.Size > v.Entries:
		return Earlier{}, &Fault{v.Entries, fmt.Errorf("it is missing: there are %d, and the earlier checkpoint is of %d", v.Entries, c.Size)}
	case c.Size > 0 && v.roots[c.Size-1] != c.Root:
		return Earlier{}, whole("the first %d entries are not those of the earlier checkpoint, though both are signed: one of the two was written anew. An earlier export names the entry", c.Size)
	}
	return Earlier{c.Size, c.Root}, nil
}

func (v Verified) sameConsultation(id meeting.ConsultationID) error {
	if id != v.Consultation {
		return whole("the earlier one is of another consultation, %s", id)
	}
	return nil
}
