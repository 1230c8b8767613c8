package record

import "astara/meeting"

// Custody is how a consultation's record stands: how much of it is signed by all, and held by all, and what was done with it.
type Custody struct {
	Size   int64 // entries
	Root   string
	Sealed int64                      // entries covered by a checkpoint that every party signed
	Keys   map[meeting.PartyID]string // public ones, by which the parties sign now
	Deeds  []meeting.Event            // CopyTaken, KeyReplaced, ThingErased, the earliest first
}

// Copies that sides took.
func (c Custody) Copies() []CopyHeld {
	var out []CopyHeld
	for _, e := range c.Deeds {
		if b, ok := e.Body.(meeting.CopyTaken); ok {
			out = append(out, CopyHeld{e.Party, b.Size, e.At})
		}
	}
	return out
}

// Erasure is who takes something out of the record, and by which decision.
type Erasure struct{ Person, Authority string }
