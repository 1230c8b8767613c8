package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"astara/auth"
	"astara/meeting"
	"astara/record"
)

// exported is what admin export prints.
type exported struct {
	Consultation meeting.ConsultationID `json:"consultation"`
	File         string                 `json:"file"`
	Entries      int                    `json:"entries"`
	Withheld     int                    `json:"withheld"`
	Recordings   int                    `json:"recordings,omitempty"` // files
}

func export(ctx context.Context, con console, args []string) error {
	t := newTask(con, "export", "Writes a consultation's record to FILE.zip, which must not be there yet: every entry, and the events that all parties may know.\n"+
		"Events of one side alone are withheld, and their entries stand there without them. Check it with astara verify FILE.zip.")
	var id meeting.ConsultationID
	var party meeting.PartyID
	t.flags.StringVar((*string)(&id), "consultation", "", "`ID`: which")
	t.flags.StringVar((*string)(&party), "party", "", "`ID`: with what this party alone may know, for the party to keep")
	folder := t.flags.String("recordings", "", "`FOLDER`: which must not be there yet; copies the recordings there, which are large, once all sides have released them")
	return t.doFile(ctx, args, func() error {
		if id == "" {
			return wrongUse("admin export: --consultation ID is missing; astara admin list shows them")
		}
		return nil
	}, func(o *office, to string) error {
		x, err := o.export(ctx, id, party)
		if err != nil {
			return err
		}
		b, err := x.Pack()
		if err != nil {
			return err
		}
		out := exported{Consultation: id, File: to, Entries: len(x.Lines)}
		if *folder != "" {
			if out.Recordings, err = o.exportRecordings(ctx, id, *folder); err != nil {
				return err
			}
		}
		if err := writeNew(to, b); err != nil {
			return err
		}
		for _, l := range x.Lines {
			if l.Hidden {
				out.Withheld++
			}
		}
		return t.say(out, "%s: %d entries, %d of them without their event, which is one side's alone", to, out.Entries, out.Withheld)
	})
}

func (o *office) export(ctx context.Context, id meeting.ConsultationID, party meeting.PartyID) (record.Export, error) {
	events, err := o.store.Events(ctx, id)
	if err != nil {
		return record.Export{}, err
	}
	if _, ok := meeting.Restore(id, events).Party(party); !ok && party != "" && len(events) > 0 {
		return record.Export{}, fmt.Errorf("%s does not take part in %s", party, id)
	}
	x, err := o.store.Export(ctx, id, record.HiddenFrom(party, id, events))
	if errors.Is(err, auth.ErrNone) {
		err = fmt.Errorf("there is no consultation %s; astara admin list shows them", id)
	}
	return x, err
}

// writeNew writes a file for its owner only, whole or not at all, and never over another.
func writeNew(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already", path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// verdict is what verify prints.
type verdict struct {
	Consultation meeting.ConsultationID `json:"consultation"`
	Entries      int64                  `json:"entries"`
	Withheld     int64                  `json:"withheld"`
	Erased       int64                  `json:"erased"`
	State        record.State           `json:"state"`
	Signed       []meeting.PartyID      `json:"signed"`
	Root         string                 `json:"root"`
	Keys         []string               `json:"keys"`
	Known        bool                   `json:"known"` // all keys were given with --key, or follow from such
	Changes      []record.KeyChange     `json:"changes,omitempty"`
	Copies       []record.CopyHeld      `json:"copies,omitempty"`
	Erasures     []record.Erased        `json:"erasures,omitempty"`
	Unexplained  int64                  `json:"unexplained,omitempty"` // erased before the record said by whom
	Recordings   int                    `json:"recordings,omitempty"`  // files that were checked
	Minutes      []record.SignedMinutes `json:"minutes,omitempty"`
	Agreed       meeting.TextHash       `json:"agreed,omitempty"` // hash of minutes that all sides agreed to
	Earlier      *record.Earlier        `json:"earlier,omitempty"`
}

func verify(_ context.Context, con console, args []string) error {
	fs := newFlags("verify", "Checks a record that was exported to FILE.zip, or a public account with its signature, without a node: that no byte of it was changed and who signed it.\n"+
		"The first wrong entry, or the changed text, is named.\n"+
		"Whether a key is really a party's is not in the file: compare it with what the party itself tells you, or give it with --key.")
	var known []string
	fs.Func("key", "`KEY`: a public key that you know to be a party's; several times. Signatures by any other key are refused", func(s string) error {
		known = append(known, s)
		return nil
	})
	earlier := fs.String("earlier", "", "`FILE`: an export that you kept from before, or its checkpoint.txt: all of it must still be here; the first entry that differs is named")
	folder := fs.String("recordings", "", "`FOLDER`: check the recordings in it too, as admin export --recordings wrote them")
	asJSON := fs.Bool("json", false, "print JSON")
	path, err := parseFile(con, fs, args)
	if err != nil {
		return err
	}
	b, err := readUpTo(path, record.MaxArchive)
	if err != nil {
		return err
	}
	if record.IsAccount(b) {
		return verifyAccount(con, path, b, known, *asJSON)
	}
	v, err := record.Verify(b)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := v.Known(known); err != nil {
		return fmt.Errorf("%s: it is whole, but %w", path, err)
	}
	out := verdict{Consultation: v.Consultation, Entries: v.Entries, Withheld: v.Withheld, Erased: v.Erased, State: v.State(), Signed: v.Signed, Root: v.Root.String(),
		Keys: v.Keys, Known: len(known) > 0, Changes: v.Changes, Copies: v.Copies, Erasures: v.Erasures, Unexplained: v.Unexplained, Minutes: v.Minutes, Agreed: v.Agreed}
	if *earlier != "" {
		if out.Earlier, err = continues(v, path, *earlier); err != nil {
			return err
		}
	}
	if *folder != "" {
		if out.Recordings, err = checkRecordings(v, *folder); err != nil {
			return err
		}
	}
	if *asJSON {
		return json.NewEncoder(con.out).Encode(out)
	}
	out.write(con.out)
	return nil
}

// continues compares a record with what somebody kept of it from before.
func continues(v record.Verified, path, earlier string) (*record.Earlier, error) {
	b, err := readUpTo(earlier, record.MaxArchive)
	if err != nil {
		return nil, err
	}
	e, err := v.Continues(b)
	if err != nil {
		return nil, fmt.Errorf("%s is whole by itself, but does not go on from %s: %w", path, earlier, err)
	}
	return &e, nil
}

// accountVerdict is what verify prints of a public account.
type accountVerdict struct {
	Consultation meeting.ConsultationID `json:"consultation"`
	Party        meeting.PartyID        `json:"party"`
	Published    string                 `json:"published"`
	Languages    []meeting.Language     `json:"languages"`
	Corrections  int                    `json:"corrections"`
	Key          string                 `json:"key"`
	Known        bool                   `json:"known"`
}

func verifyAccount(con console, path string, b []byte, known []string, asJSON bool) error {
	v, err := record.VerifyAccount(b)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if len(known) > 0 && !slices.Contains(known, v.Key) {
		return fmt.Errorf("%s: it is whole, but signed with %s, which you did not give", path, v.Key)
	}
	out := accountVerdict{v.Consultation, v.Party, v.Published.Format("2006-01-02T15:04:05Z"), v.Languages, v.Corrections, v.Key, len(known) > 0}
	if asJSON {
		return json.NewEncoder(con.out).Encode(out)
	}
	fmt.Fprintf(con.out, "The account of consultation %s by %s, published %s, is whole: languages %v, corrections %d.\nkey    %s\n",
		out.Consultation, out.Party, out.Published, out.Languages, out.Corrections, out.Key)
	if !out.Known {
		fmt.Fprintln(con.out, "The signature is by this key. Compare it with what the party tells you itself.")
	}
	return nil
}

func (v verdict) write(w io.Writer) {
	fmt.Fprintf(w, "The record of consultation %s is whole: %d entries, %d without their event (of one side alone), %d erased.\n",
		v.Consultation, v.Entries, v.Withheld, v.Erased)
	fmt.Fprintf(w, "root   %s\nstate  %s: signed by %v\n", v.Root, v.State, v.Signed)
	for _, k := range v.Keys {
		fmt.Fprintf(w, "key    %s\n", k)
	}
	for _, c := range v.Changes {
		how := "the old key signed it"
		if c.Lost {
			how = "the old one was lost, and the operator vouches for it with " + c.Operator
		}
		fmt.Fprintf(w, "entry %d gives %s another key, %s: %s; %s\n", c.Entry, c.Party, c.New, how, c.Reason)
	}
	if v.Earlier != nil {
		fmt.Fprintf(w, "it goes on from the earlier one: the first %d entries are the same\n", v.Earlier.Entries)
	}
	for _, c := range v.Copies {
		fmt.Fprintf(w, "%s took a copy of the first %d entries at %s, and they are still the same\n", c.Party, c.Size, stamp(c.At))
	}
	for _, x := range v.Erasures {
		fmt.Fprintf(w, "a %s (entry %d) was erased by %s at %s: %s\n", x.What, x.Entry, x.Person, stamp(x.At), x.Authority)
	}
	if v.Unexplained > 0 {
		fmt.Fprintf(w, "%d were erased before the record told by whom\n", v.Unexplained)
	}
	if v.Recordings > 0 {
		fmt.Fprintf(w, "%d files of recordings are those that the record names\n", v.Recordings)
	}
	if v.Agreed != "" {
		fmt.Fprintf(w, "agreed minutes %s\n", v.Agreed)
	}
	for _, s := range v.Minutes {
		state := "minutes"
		if !s.Stands {
			state = "earlier minutes, which were opened again,"
		}
		fmt.Fprintf(w, "signed %s %s by %s with a passkey at %s\n", state, s.Text, s.By, s.Origin)
	}
	if !v.Known {
		fmt.Fprintln(w, "The signatures are by these keys. Compare them with what each party tells you itself.")
	}
}

// readUpTo reads a file of at most max bytes.
func readUpTo(path string, max int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, max+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > max {
		return nil, fmt.Errorf("%s is larger than the %d MiB that a record can have", path, max>>20)
	}
	return b, nil
}
