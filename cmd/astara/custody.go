package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"astara/auth"
	"astara/media/recorder"
	"astara/meeting"
	"astara/record"
)

// What is done with the record itself: its keys, and what is taken out of it.

func exportKey(ctx context.Context, con console, args []string) error {
	t := newTask(con, "export-key", "Writes the key that a party signs its record with to FILE, which must not be there yet. Whoever has it signs as the party: it is for the party alone.")
	var party meeting.PartyID
	t.flags.StringVar((*string)(&party), "party", "", "`ID`: whose")
	return t.doFile(ctx, args, func() error { return wantParty("admin export-key", party) }, func(o *office, to string) error {
		k, ok, err := o.store.PartyKey(ctx, party)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("%w: %s; astara admin list shows them", errNoParty, party)
		}
		if err := writeNew(to, []byte(k.Private()+"\n")); err != nil {
			return err
		}
		return t.say(map[string]any{"party": party, "file": to, "public": k.Public}, "%s: the private key of %s\nothers verify with  %s", to, party, k.Public)
	})
}

func returnKey(ctx context.Context, con console, args []string) error {
	t := newTask(con, "return-key", "Gives a party's key, as export-key wrote it to FILE, back to a node whose secret of the keys was lost.\n"+
		"Remove the wrong astara.key first, if there is one; a new secret is made when no key opens any more.")
	var party meeting.PartyID
	t.flags.StringVar((*string)(&party), "party", "", "`ID`: whose")
	return t.doFile(ctx, args, func() error { return wantParty("admin return-key", party) }, func(o *office, from string) error {
		b, err := readUpTo(from, 4096)
		if err != nil {
			return err
		}
		k, err := record.ReadKey(party, strings.TrimSpace(string(b)))
		if err != nil {
			return err
		}
		if err := o.store.ReturnKey(ctx, k); err != nil {
			return err
		}
		return t.say(map[string]any{"party": party, "public": k.Public}, "the key of %s is back", party)
	})
}

func wantParty(command string, id meeting.PartyID) error {
	if !id.Valid() {
		return wrongUse("%s: --party %q is not 1 to 32 of a-z, 0-9 and hyphen", command, id)
	}
	return nil
}

func replaceKey(ctx context.Context, con console, args []string) error {
	t := newTask(con, "replace-key", "Gives a party a new key and says so in each of its consultations. What was signed before stays proved; astara verify follows the change.\n"+
		"The old key signs the change. Where it is lost, --lost lets the operator of this node vouch for the new one. Both sides' desks show which it was. Tell them besides, and give the party its new key: admin export-key.\n"+
		"A node that serves goes on with the new key at once. Do it also when somebody else may have the old key.")
	var party meeting.PartyID
	t.flags.StringVar((*string)(&party), "party", "", "`ID`: whose")
	lost := t.flags.Bool("lost", false, "the old key is lost: astara.key is gone, and the party has not kept its key")
	reason := t.flags.String("reason", "", "`TEXT`: why, for all sides to read in the record")
	return t.do(ctx, args, func() error {
		var err error
		if *reason == "" {
			return wrongUse("admin replace-key: --reason is missing; both sides read it")
		}
		if *reason, err = meeting.CleanReason(*reason); err != nil {
			return wrongUse("admin replace-key: --reason is one line of up to %d letters; both sides read it", meeting.MaxTitle)
		}
		return wantParty("admin replace-key", party)
	}, func(o *office) error {
		k, n, err := o.store.ReplaceKey(ctx, party, *lost, *reason, time.Now())
		switch {
		case errors.Is(err, auth.ErrNone):
			return fmt.Errorf("%w: %s; astara admin list shows them", errNoParty, party)
		case errors.Is(err, record.ErrLocked):
			return fmt.Errorf("the key of %s does not open: put astara.key back, or return the key that the party kept (admin return-key), or say --lost", party)
		case err != nil:
			return err
		}
		return t.say(map[string]any{"party": party, "public": k.Public, "consultations": n, "lost": *lost},
			"%s signs with a new key from now on; %d consultations say so\nothers verify with  %s", party, n, k.Public)
	})
}

// eraser are the flags that say who erases, and by which decision.
func (t *task) eraser() (by *record.Erasure, check func(command string) error) {
	by = &record.Erasure{}
	t.flags.StringVar(&by.Person, "by", "", "`NAME`: who erases it; all sides read it")
	t.flags.StringVar(&by.Authority, "authority", "", "`TEXT`: by which decision; all sides read it")
	return by, func(command string) error {
		by.Person, by.Authority = strings.TrimSpace(by.Person), strings.TrimSpace(by.Authority)
		if by.Person == "" || by.Authority == "" {
			return wrongUse("%s: give --by NAME and --authority TEXT: the record says who erased what, and by which decision", command)
		}
		return nil
	}
}

func erase(ctx context.Context, con console, args []string) error {
	t := newTask(con, "erase", "Takes the words of a chat message or of a term of the glossary, or the files of a recording, away for good. Their entries and hashes stay, so that everything\n"+
		"else can still be proved, and the record says who erased it and by which decision. A node that serves takes them from all screens within seconds; copies and exports made before still have them.")
	var id meeting.ConsultationID
	var term meeting.TermID
	t.flags.StringVar((*string)(&id), "consultation", "", "`ID`: of which")
	seq := t.flags.Uint64("message", 0, "`NUMBER`: seq of the message, as an export shows it")
	part := t.flags.Int("recording", 0, "`PART`: of the recording, instead of a message")
	t.flags.StringVar((*string)(&term), "term", "", "`ID`: of the term, as the file of the glossary shows it, instead of a message. Other terms of the same import stay, but are proved by its entry no more")
	by, check := t.eraser()
	return t.do(ctx, args, func() error {
		given := 0
		for _, yes := range []bool{*seq != 0, *part != 0, term != ""} {
			if yes {
				given++
			}
		}
		if id == "" || given != 1 {
			return wrongUse("admin erase: give --consultation ID, and --message NUMBER, --term ID or --recording PART")
		}
		return check("admin erase")
	}, func(o *office) error {
		switch {
		case *part != 0:
			return t.eraseRecording(ctx, o, id, *part, *by)
		case term != "":
			return t.erased(o.store.EraseTerm(ctx, id, term, *by, time.Now()), id, "term "+string(term), term)
		}
		return t.erased(o.store.EraseMessage(ctx, id, *seq, *by, time.Now()), id, fmt.Sprint("message ", *seq), *seq)
	})
}

// erased says how it went with something that has words.
func (t *task) erased(err error, id meeting.ConsultationID, what string, which any) error {
	if errors.Is(err, auth.ErrNone) {
		return fmt.Errorf("%s has no %s with words in it", id, what)
	}
	if err != nil {
		return err
	}
	return t.say(map[string]any{"consultation": id, "erased": which}, "the words of %s are erased", what)
}

// eraseRecording says it first: a file that is gone and of which nothing is said would be one that was lost.
func (t *task) eraseRecording(ctx context.Context, o *office, id meeting.ConsultationID, part int, by record.Erasure) error {
	err := o.store.NoteErasedRecording(ctx, id, part, by, time.Now())
	if errors.Is(err, auth.ErrNone) {
		return fmt.Errorf("%s has no recording %d", id, part)
	}
	if err == nil {
		err = o.recordings().Erase(string(id), part)
	}
	if err != nil {
		return err
	}
	return t.say(map[string]any{"consultation": id, "recording": part}, "recording %d is erased", part)
}

// recordings are the files of the data directory, to be read and removed.
func (o *office) recordings() *recorder.Recorder {
	return recorder.Open(recorder.Config{Dir: o.config.recordings()})
}
