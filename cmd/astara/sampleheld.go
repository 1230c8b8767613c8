package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"astara/library"
	"astara/meeting"
	"astara/record"
	"astara/room"
)

// held is a consultation of the sample that was held nine weeks ago, and what followed from it. Its commands are given at the moments at
// which people would have given them, so that its dates are worth looking at.
type held struct {
	o     *office
	house *room.House
	lib   *library.Library
	id    meeting.ConsultationID
	began time.Time
	clock atomic.Int64 // Unix nanoseconds
}

// heldBefore is how long ago it was.
const heldBefore = 63 * 24 * time.Hour

// ensureHeld makes it unless the sides have met before.
func (o *office) ensureHeld(ctx context.Context) error {
	for _, d := range sampleDelegations() {
		if err := o.reuse(ctx, d); err != nil {
			return err
		}
	}
	list, err := o.store.Consultations(ctx, sampleDelegations()[0].party.ID)
	if err != nil || len(list) > 0 {
		return err
	}
	_, err = o.makeHeld(ctx, time.Now())
	return err
}

// makeHeld makes it; the parties are there.
func (o *office) makeHeld(ctx context.Context, now time.Time) (_ meeting.ConsultationID, err error) {
	h := &held{o: o, id: meeting.ConsultationID(newID()), began: now.UTC().Truncate(day).Add(7*time.Hour - heldBefore)}
	if h.lib, err = openLibrary(o.config, o.config.base(""), slog.New(slog.DiscardHandler)); err != nil {
		return "", err
	}
	cfg := room.Defaults()
	cfg.Record, cfg.Media, cfg.Logger = o.store, noMedia{}, slog.New(slog.DiscardHandler)
	cfg.Now = func() time.Time { return time.Unix(0, h.clock.Load()).UTC() }
	h.house = room.Open(cfg)
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- h.house.Run(ctx) }()
	defer func() {
		stop()
		err = errors.Join(err, <-ended)
	}()
	for _, step := range []func(context.Context) error{h.convene, h.minutes, h.undertake, h.readout, h.glossary, h.follow} {
		if err := step(ctx); err != nil {
			return "", fmt.Errorf("the consultation that was held: %w", err)
		}
	}
	return h.id, nil
}

// at sets the clock to so long after the beginning.
func (h *held) at(after time.Duration) { h.clock.Store(h.began.Add(after).UnixNano()) }

const day = 24 * time.Hour

// do gives commands in a person's name.
func (h *held) do(ctx context.Context, by meeting.MemberID, commands ...meeting.Command) error {
	for _, c := range commands {
		if err := h.house.Do(ctx, h.id, by, c); err != nil {
			return fmt.Errorf("%s by %s: %w", c.Type(), by, err)
		}
	}
	return nil
}

// both gives a command in the name of each side's secretary.
func (h *held) both(ctx context.Context, commands ...meeting.Command) error {
	for _, d := range sampleDelegations() {
		by, _ := d.secretary()
		if err := h.do(ctx, by, commands...); err != nil {
			return err
		}
	}
	return nil
}

func (h *held) convene(ctx context.Context) error {
	h.at(-12 * day)
	joint := heldJoint(h.began)
	for i, d := range sampleDelegations() {
		by, person := d.secretary()
		if i == 0 {
			if err := h.house.Call(ctx, h.id, by, meeting.CallConsultation{Joint: joint, Secretary: person}); err != nil {
				return err
			}
		} else if err := h.do(ctx, by, meeting.TakeUp{Secretary: person}); err != nil {
			return err
		}
		h.at(-10 * day)
		if err := h.do(ctx, by, meeting.AgreeConsultation{Version: 1}); err != nil {
			return err
		}
		for _, p := range d.people {
			if p.Role == meeting.Secretary {
				continue
			}
			if err := h.do(ctx, by, meeting.InviteMember{Person: p}); err != nil {
				return err
			}
		}
	}
	return nil
}

// minutes: each side's secretary writes some of the paragraphs; the other's agrees to every one.
func (h *held) minutes(ctx context.Context) error {
	for i, p := range heldMinutes() {
		h.at(time.Duration(90+10*i) * time.Minute)
		writer, _ := sampleDelegations()[i%2].secretary()
		if err := h.do(ctx, writer, p); err != nil {
			return err
		}
	}
	h.at(5 * time.Hour)
	for _, d := range sampleDelegations() {
		by, _ := d.secretary()
		m, err := h.house.View(ctx, h.id, by)
		if err != nil {
			return err
		}
		for _, p := range m.Minutes.Paragraphs {
			if err := h.do(ctx, by, meeting.CommitParagraph{Paragraph: p.ID, Version: p.Version, Round: p.Round, Text: p.Hash}); err != nil {
				return err
			}
		}
	}
	return nil
}

// undertake puts the three agreements into effect.
func (h *held) undertake(ctx context.Context) error {
	h.at(6 * time.Hour)
	tehran, _ := sampleDelegations()[0].secretary()
	for _, a := range heldAgreements(h.began) {
		if err := h.do(ctx, tehran, meeting.ProposeAgreement{ID: a.id, Terms: a.terms}); err != nil {
			return err
		}
		if err := h.both(ctx, meeting.AgreeAgreement{ID: a.id, Version: 1}); err != nil {
			return err
		}
		for i, d := range sampleDelegations() {
			by, _ := d.secretary()
			if err := h.do(ctx, by, meeting.NameResponsible{ID: a.id, Name: d.people[a.responsible].Name, Function: d.people[a.responsible].Function}); err != nil {
				return err
			}
			if err := h.do(ctx, by, meeting.ReportProgress{ID: a.id, Progress: meeting.NotBegun, Note: a.first[i]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// readout: one element that both word alike, an account of each side, and both published at once on the next day.
func (h *held) readout(ctx context.Context) error {
	h.at(22 * time.Hour)
	tehran, _ := sampleDelegations()[0].secretary()
	baku, _ := sampleDelegations()[1].secretary()
	if err := h.do(ctx, tehran, meeting.PutElement{Text: heldElement()}); err != nil {
		return err
	}
	m, err := h.house.View(ctx, h.id, baku)
	if err != nil {
		return err
	}
	e := m.Readout.Elements[0]
	if err := h.do(ctx, baku, meeting.AgreeElement{Element: e.ID, Version: e.Version, Round: e.Round, Text: e.Hash}); err != nil {
		return err
	}
	for i, by := range []meeting.MemberID{tehran, baku} {
		x := heldAccounts()[i]
		x.Parts = append(x.Parts[:1:1], append([]meeting.Part{{Element: e.ID}}, x.Parts[1:]...)...)
		if err := h.do(ctx, by, x, meeting.SayReady{Ready: true, Revision: 1}); err != nil {
			return err
		}
	}
	return nil
}

// follow is what happened since then.
func (h *held) follow(ctx context.Context) error {
	for _, x := range heldEvents(h.began) {
		h.at(x.after)
		by, _ := sampleDelegations()[x.side].secretary()
		if err := h.do(ctx, by, x.command); err != nil {
			return err
		}
	}
	for i, x := range heldDocuments() {
		h.at(time.Duration(20+4*i) * day)
		if err := h.document(ctx, x); err != nil {
			return fmt.Errorf("document %s: %w", x.file, err)
		}
	}
	return nil
}

// document puts one into its side's library, before the consultation, and under the programme as evidence.
func (h *held) document(ctx context.Context, x heldDocument) error {
	by, _ := sampleDelegations()[x.side].secretary()
	other := sampleDelegations()[1-x.side].party.ID
	facts, err := x.facts.Clean()
	if err != nil {
		return err
	}
	d := record.Document{ID: meeting.DocumentID(newID()), Party: by.Party(), By: by, Added: time.Unix(0, h.clock.Load()).UTC(), File: meeting.CleanFile(x.file), Facts: facts,
		Sharing: record.Sharing{Readers: []meeting.PartyID{other}, Programme: heldProgramme}}
	err = h.lib.Import(ctx, x.file, strings.NewReader(x.content), func(t library.Taken) error {
		d.Hash, d.Size, d.Kind, d.Illegible = t.Hash, t.Size, meeting.DocumentKind(t.Kind), t.Illegible
		var text []record.Passage
		for _, p := range t.Passages {
			text = append(text, record.Passage(p))
		}
		return h.o.store.AddDocument(ctx, d, text)
	})
	if err != nil {
		return err
	}
	if sum := sha256.Sum256([]byte(x.content)); d.Hash != hex.EncodeToString(sum[:]) {
		return errors.New("what was put away is not what was written")
	}
	title := facts.Title[sampleDelegations()[x.side].party.Language]
	return h.do(ctx, by, meeting.ShareDocument{Document: meeting.Document{ID: d.ID, Hash: d.Hash, Kind: d.Kind, Size: int(d.Size), File: d.File, Title: facts.Title,
		Item: "experience", To: meeting.All}}, meeting.AddEvidence{ID: "experience", Title: title, Document: string(d.ID)})
}
