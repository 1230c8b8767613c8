package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"astara/auth"
	"astara/meeting"
)

// listing is what admin list prints: no links, since whoever holds one is that person.
type listing struct {
	Parties       []meeting.Party            `json:"parties"`
	Keys          map[meeting.PartyID]string `json:"keys"` // public ones
	Secretaries   []listedSecretary          `json:"secretaries"`
	Consultations []listedConsultation       `json:"consultations"`
	Links         []listedLink               `json:"links"`
}

type listedSecretary struct {
	ID       meeting.MemberID `json:"id"`
	Name     string           `json:"name"`
	Language meeting.Language `json:"language"`
	Passkeys int              `json:"passkeys"`
}

type listedConsultation struct {
	ID        meeting.ConsultationID `json:"id"`
	Title     meeting.Words          `json:"title"`
	Parties   []meeting.PartyID      `json:"parties"`
	StartsAt  string                 `json:"startsAt"`
	Cancelled bool                   `json:"cancelled"`
}

type listedLink struct {
	Consultation meeting.ConsultationID `json:"consultation"`
	Member       meeting.MemberID       `json:"member"`
	Issued       string                 `json:"issued"`
	Expires      string                 `json:"expires"`
	Opened       string                 `json:"opened,omitempty"`
	Revoked      string                 `json:"revoked,omitempty"`
}

func listAll(ctx context.Context, con console, args []string) error {
	t := newTask(con, "list", "Lists parties, secretaries, consultations, and what became of the personal links. The links themselves are not shown.")
	return t.do(ctx, args, func() error { return nil }, func(o *office) error {
		l, err := o.list(ctx)
		if err != nil {
			return err
		}
		if *t.json {
			return t.say(l, "")
		}
		l.write(con.out)
		return nil
	})
}

func (o *office) list(ctx context.Context) (listing, error) {
	l := listing{Parties: []meeting.Party{}, Secretaries: []listedSecretary{}, Consultations: []listedConsultation{}, Links: []listedLink{}}
	parties, err := o.store.Parties(ctx)
	if err != nil {
		return l, err
	}
	l.Parties = append(l.Parties, parties...)
	if l.Keys, err = o.store.PublicKeys(ctx); err != nil {
		return l, err
	}
	secretaries, err := o.store.SecretaryList(ctx)
	if err != nil {
		return l, err
	}
	for _, s := range secretaries {
		keys, err := o.store.Passkeys(ctx, s.ID)
		if err != nil {
			return l, err
		}
		l.Secretaries = append(l.Secretaries, listedSecretary{s.ID, s.Name, s.Language, len(keys)})
	}
	consultations, err := o.consultations(ctx, parties)
	if err != nil {
		return l, err
	}
	for _, m := range consultations {
		c := listedConsultation{ID: m.ID, Title: m.Joint.Title, StartsAt: stamp(m.Joint.StartsAt), Cancelled: m.Cancelled != nil}
		for _, p := range m.Joint.Parties {
			c.Parties = append(c.Parties, p.ID)
			links, err := o.auth.Links(ctx, m.ID, p.ID)
			if err != nil {
				return l, err
			}
			l.Links = append(l.Links, listedLinks(m.ID, links)...)
		}
		l.Consultations = append(l.Consultations, c)
	}
	return l, nil
}

func listedLinks(id meeting.ConsultationID, links map[meeting.MemberID]auth.Invitation) []listedLink {
	var out []listedLink
	for _, m := range slices.Sorted(maps.Keys(links)) {
		i := links[m]
		out = append(out, listedLink{id, m, stamp(i.Issued), stamp(i.Expires), stamp(i.Opened), stamp(i.Revoked)})
	}
	return out
}

func (l listing) write(w io.Writer) {
	fmt.Fprintln(w, "parties")
	for _, p := range l.Parties {
		fmt.Fprintf(w, "  %s  %s  %s  %s  %s\n", p.ID, p.Language, p.Zone, p.Calendar, p.Names[p.Language])
		fmt.Fprintf(w, "    key %s\n", l.Keys[p.ID])
	}
	fmt.Fprintln(w, "secretaries")
	for _, s := range l.Secretaries {
		fmt.Fprintf(w, "  %s  %s  %d passkeys  %s\n", s.ID, s.Language, s.Passkeys, s.Name)
	}
	fmt.Fprintln(w, "consultations")
	for _, c := range l.Consultations {
		state := ""
		if c.Cancelled {
			state = "  cancelled"
		}
		fmt.Fprintf(w, "  %s  %s  %v%s  %s\n", c.ID, c.StartsAt, c.Parties, state, c.Title["en"])
	}
	fmt.Fprintln(w, "links")
	for _, x := range l.Links {
		state := "not opened"
		switch {
		case x.Revoked != "":
			state = "revoked " + x.Revoked
		case x.Opened != "":
			state = "opened " + x.Opened
		}
		fmt.Fprintf(w, "  %s  %s  until %s  %s\n", x.Consultation, x.Member, x.Expires, state)
	}
}
