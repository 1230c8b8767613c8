package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/record"
)

func admin(ctx context.Context, con console, args []string) error {
	return dispatch(ctx, con, "astara admin", []command{
		{"create-party", "add an institution to the directory, or correct it", createParty},
		{"create-secretary", "give a person a desk, and print the one-time sign-in link", createSecretary},
		{"sign-in-link", "print another one-time sign-in link of a secretary", signInLink},
		{"list", "parties, secretaries, consultations, links", listAll},
		{"revoke", "end a secretary's account, or a personal link and what was opened with it", revoke},
		{"export", "write a consultation's record to a file that anybody can verify", export},
		{"export-key", "write the key that a party signs its record with, for the party", exportKey},
		{"return-key", "give a party's key back to a node that lost the secret of its keys", returnKey},
		{"replace-key", "give a party a new key, where the old one is lost or others may have it", replaceKey},
		{"erase", "take a chat message or a recording away, for good", erase},
		{"erase-document", "take a document out of a library, for good", eraseDocument},
		{"move-database", "carry the record from SQLite to a PostgreSQL server, or back", moveDatabase},
		{"backup", "write a copy of the record, also while a node serves", backup},
	}, args)
}

// task is what the admin commands have in common: flags, the data directory, --json.
type task struct {
	con    console
	flags  *flag.FlagSet
	loader loader
	json   *bool
}

func newTask(con console, name, summary string) *task {
	t := &task{con: con, flags: newFlags("admin "+name, summary)}
	t.loader.flagsOf(t.flags, "data", "library-store", "library-key", "database", "listen", "base-url", "domain")
	t.json = t.flags.Bool("json", false, "print JSON")
	return t
}

// do reads the flags, checks them, and works on the record.
func (t *task) do(ctx context.Context, args []string, check func() error, work func(*office) error) error {
	if err := parseFlags(t.con, t.flags, args); err != nil {
		return err
	}
	return t.work(ctx, check, work)
}

// doFile is do for a command that names one file.
func (t *task) doFile(ctx context.Context, args []string, check func() error, work func(o *office, file string) error) error {
	file, err := parseFile(t.con, t.flags, args)
	if err != nil {
		return err
	}
	return t.work(ctx, check, func(o *office) error { return work(o, file) })
}

func (t *task) work(ctx context.Context, check func() error, work func(*office) error) error {
	if err := check(); err != nil {
		return err
	}
	o, err := openOffice(ctx, t.con, t.loader)
	if err != nil {
		return err
	}
	return errors.Join(work(o), o.close())
}

// say prints a result as JSON or as a line.
func (t *task) say(v any, format string, args ...any) error {
	if *t.json {
		return json.NewEncoder(t.con.out).Encode(v)
	}
	_, err := fmt.Fprintf(t.con.out, format+"\n", args...)
	return err
}

func createParty(ctx context.Context, con console, args []string) error {
	t := newTask(con, "create-party", "Adds an institution to this node's directory, or corrects it.")
	p := meeting.Party{Names: meeting.Words{}, Calendar: meeting.Gregorian}
	t.flags.StringVar((*string)(&p.ID), "id", "", "`ID`: 1 to 32 of a-z, 0-9 and hyphen")
	t.flags.Func("name", "`LANGUAGE=TEXT`: its name in a language; several times", func(s string) error {
		l, name, ok := strings.Cut(s, "=")
		if !ok || !meeting.Language(l).Valid() || strings.TrimSpace(name) == "" {
			return errors.New("is not like fa=TEXT")
		}
		p.Names[meeting.Language(l)] = strings.TrimSpace(name)
		return nil
	})
	t.flags.StringVar((*string)(&p.Language), "language", "", "`LANGUAGE`: its secretariat's, such as fa")
	t.flags.StringVar(&p.Zone, "zone", "", "`ZONE`: its clock, such as Asia/Tehran")
	t.flags.StringVar((*string)(&p.Calendar), "calendar", string(meeting.Gregorian), "`CALENDAR`: gregory or persian")
	return t.do(ctx, args, func() error { return checkParty(p) }, func(o *office) error {
		if err := o.store.PutParty(ctx, p); err != nil {
			return err
		}
		return t.say(p, "party %s is in the directory", p.ID)
	})
}

func checkParty(p meeting.Party) error {
	switch {
	case !p.ID.Valid():
		return wrongUse("admin create-party: --id %q is not 1 to 32 of a-z, 0-9 and hyphen", p.ID)
	case p.ID == record.OperatorName:
		return wrongUse("admin create-party: --id %s is the name of this node's operator", p.ID)
	case !p.Language.Valid():
		return wrongUse("admin create-party: --language %q is not a language such as fa", p.Language)
	case p.Names[p.Language] == "":
		return wrongUse("admin create-party: give its name in its own language: --name %s=TEXT", p.Language)
	case p.Calendar != meeting.Gregorian && p.Calendar != meeting.SolarHijri:
		return wrongUse("admin create-party: --calendar %q is neither gregory nor persian", p.Calendar)
	}
	if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "" || p.Zone == "Local" {
		return wrongUse("admin create-party: --zone %q is not a time zone such as Asia/Tehran", p.Zone)
	}
	return nil
}

// signInRow is what create-secretary and sign-in-link print.
type signInRow struct {
	Secretary meeting.MemberID `json:"secretary"`
	Link      string           `json:"link"`
	Expires   string           `json:"expires"`
}

func createSecretary(ctx context.Context, con console, args []string) error {
	t := newTask(con, "create-secretary", "Gives a person of a party a desk, and prints the link to sign in with, once.")
	var party, id, name, language string
	t.flags.StringVar(&party, "party", "", "`ID`: the party")
	t.flags.StringVar(&id, "id", "secretary", "`ID`: the person's within the party, 1 to 32 of a-z, 0-9 and hyphen")
	t.flags.StringVar(&name, "name", "", "`NAME`: in its own spelling")
	t.flags.StringVar(&language, "language", "", "`LANGUAGE`: the person's, such as fa; the party's if not given")
	member := func() meeting.MemberID { return meeting.PartyID(party).Member(meeting.PersonID(id)) }
	return t.do(ctx, args, func() error {
		switch {
		case !member().Valid():
			return wrongUse("admin create-secretary: --party %q and --id %q are each 1 to 32 of a-z, 0-9 and hyphen", party, id)
		case strings.TrimSpace(name) == "":
			return wrongUse("admin create-secretary: --name is missing")
		case language != "" && !meeting.Language(language).Valid():
			return wrongUse("admin create-secretary: --language %q is not a language such as fa", language)
		}
		return nil
	}, func(o *office) error {
		p, err := o.party(ctx, meeting.PartyID(party))
		if err != nil {
			return err
		}
		l := p.Language
		if language != "" {
			l = meeting.Language(language)
		}
		if err := o.store.PutSecretary(ctx, auth.NewSecretary(member(), strings.TrimSpace(name), l)); err != nil {
			return err
		}
		return t.issueSignIn(ctx, o, member())
	})
}

func signInLink(ctx context.Context, con console, args []string) error {
	t := newTask(con, "sign-in-link", "Prints another one-time sign-in link of a secretary.")
	var id meeting.MemberID
	t.flags.StringVar((*string)(&id), "secretary", "", "`PARTY/ID`: whose")
	return t.do(ctx, args, func() error { return wantMember("admin sign-in-link", "secretary", id) },
		func(o *office) error { return t.issueSignIn(ctx, o, id) })
}

func wantMember(command, name string, id meeting.MemberID) error {
	if !id.Valid() {
		return wrongUse("%s: --%s %q is not like PARTY/ID", command, name, id)
	}
	return nil
}

func (t *task) issueSignIn(ctx context.Context, o *office, id meeting.MemberID) error {
	link, err := o.auth.IssueSignIn(ctx, id)
	if errors.Is(err, auth.ErrNone) {
		return noSecretary(id)
	}
	if err != nil {
		return err
	}
	return t.say(signInRow{id, link.URL, stamp(link.Expires)}, "%s\nThis link signs %s in once, until %s.", link.URL, id, stamp(link.Expires))
}

func noSecretary(id meeting.MemberID) error {
	return fmt.Errorf("there is no secretary %s; astara admin list shows them", id)
}

func revoke(ctx context.Context, con console, args []string) error {
	t := newTask(con, "revoke", "Ends one of: an account with its sessions, sign-in links, passkeys and seats; a secretary's sessions; a person's link with every browser opened by it.\n"+
		"Who is at the table by an ended seat or link is sent away within 20 s.")
	var account, sessions, member meeting.MemberID
	var consultation meeting.ConsultationID
	t.flags.StringVar((*string)(&account), "secretary", "", "`PARTY/ID`: the account to end")
	t.flags.StringVar((*string)(&sessions), "sessions", "", "`PARTY/ID`: the secretary to sign out everywhere; the account stays")
	t.flags.StringVar((*string)(&consultation), "consultation", "", "`ID`: of the link to end")
	t.flags.StringVar((*string)(&member), "member", "", "`PARTY/ID`: whose link")
	return t.do(ctx, args, func() error {
		switch {
		case account != "" && sessions == "" && consultation == "" && member == "":
			return wantMember("admin revoke", "secretary", account)
		case account == "" && sessions != "" && consultation == "" && member == "":
			return wantMember("admin revoke", "sessions", sessions)
		case account == "" && sessions == "" && consultation != "" && member != "":
			return wantMember("admin revoke", "member", member)
		}
		return wrongUse("admin revoke: give one of --secretary, --sessions, or --consultation and --member")
	}, func(o *office) error {
		switch {
		case account != "":
			return t.revokeAccount(ctx, o, account)
		case sessions != "":
			return t.revokeSessions(ctx, o, sessions)
		}
		return t.revokeLink(ctx, o, consultation, member)
	})
}

func (t *task) revokeAccount(ctx context.Context, o *office, id meeting.MemberID) error {
	err := o.store.EndSecretary(ctx, id, time.Now())
	if errors.Is(err, auth.ErrNone) {
		return noSecretary(id)
	}
	if err != nil {
		return err
	}
	return t.say(map[string]any{"revoked": id}, "the account %s has ended", id)
}

func (t *task) revokeSessions(ctx context.Context, o *office, id meeting.MemberID) error {
	if _, err := o.store.Secretary(ctx, id); errors.Is(err, auth.ErrNone) {
		return noSecretary(id)
	}
	if err := o.store.EndSessionsOf(ctx, auth.DeskSession, string(id), time.Now()); err != nil {
		return err
	}
	return t.say(map[string]any{"revoked": id}, "%s is signed out everywhere", id)
}

func (t *task) revokeLink(ctx context.Context, o *office, c meeting.ConsultationID, m meeting.MemberID) error {
	links, err := o.auth.Links(ctx, c, m.Party())
	if err != nil {
		return err
	}
	if _, ok := links[m]; !ok {
		return fmt.Errorf("%s has no link to %s; astara admin list shows them", m, c)
	}
	if err := o.auth.RevokeLink(ctx, c, m); err != nil {
		return err
	}
	return t.say(map[string]any{"revoked": m}, "the link of %s has ended", m)
}

func backup(ctx context.Context, con console, args []string) error {
	t := newTask(con, "backup", "Writes a whole and consistent copy of the record to a new file, also while a node serves. It holds the node's key: keep it as safe.\n"+
		"The secret of the parties' keys, astara.key in the data directory, is not in it: keep a copy of that in another place.\n"+
		"Recordings are large and are copied with --recordings FOLDER, which may hold those of an earlier backup: only what is not there yet is copied, and each file is checked.\n"+
		"To put it back, stop the node and put the file in the data directory's place of astara.db, and the folder in that of recordings.")
	to := t.flags.String("to", "", "`FILE`: must not be there yet")
	folder := t.flags.String("recordings", "", "`FOLDER`: copy the recordings there too, or alone")
	return t.do(ctx, args, func() error {
		if *to == "" && *folder == "" {
			return wrongUse("admin backup: --to FILE is missing")
		}
		return nil
	}, func(o *office) error {
		if *to != "" {
			path, err := filepath.Abs(*to)
			if err != nil {
				return err
			}
			if err := o.store.Backup(ctx, path); err != nil {
				return err
			}
			if err := t.say(map[string]any{"backup": path}, "the record is copied to %s", path); err != nil {
				return err
			}
		}
		if *folder == "" {
			return nil
		}
		n, err := o.backupRecordings(ctx, *folder)
		if err != nil {
			return err
		}
		return t.say(map[string]any{"recordings": *folder, "files": n}, "%d files of recordings are new in %s", n, *folder)
	})
}
