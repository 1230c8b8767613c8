package server

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"astara/auth"
	"astara/meeting"
	"astara/protocol"
	"astara/record"
)

// Records are the logs of consultations. auth.ErrNone: there is no such consultation.
type Records interface {
	// Events of a consultation, in order.
	Events(ctx context.Context, id meeting.ConsultationID) ([]meeting.Event, error)
	// Export is its log, with the events that are not hidden.
	Export(ctx context.Context, id meeting.ConsultationID, hidden func(seq uint64) bool) (record.Export, error)
	// Custody is how its record stands.
	Custody(ctx context.Context, id meeting.ConsultationID) (record.Custody, error)
	// ReplaceOwnKey gives a secretary's side another key, and says so in each of its consultations.
	ReplaceOwnKey(ctx context.Context, by meeting.MemberID, reason string, at time.Time) (public string, err error)
}

// replaceKey: a browser that somebody left signed in is not enough for it.
func (s *Server) replaceKey(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	var body protocol.NewKey
	if err := read(r, &body); err != nil {
		return nil, err
	}
	reason, err := meeting.CleanReason(body.Reason)
	if err != nil {
		return nil, err
	}
	if err := s.pay(s.signIns, "passkey", r); err != nil {
		return nil, err
	}
	response, err := json.Marshal(body.Response)
	if err != nil {
		return nil, err
	}
	if err := s.auth.Confirm(r.Context(), d.ID, body.Ceremony, response); err != nil {
		return nil, err
	}
	public, err := s.store.ReplaceOwnKey(r.Context(), d.ID, reason, s.cfg.Now())
	return protocol.KeyNow{Public: public}, err
}

// takeCopy is an export for the secretary's side. That it was taken is in the record before the first byte goes out.
func (s *Server) takeCopy(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	m, err := s.takeUp(r, d)
	if err != nil {
		return nil, err
	}
	c, err := s.store.Custody(r.Context(), m.ID)
	if err != nil {
		return nil, err
	}
	take := meeting.TakeCopy{Size: c.Size, Root: c.Root}
	if err := s.do(take.Type(), s.house.Do(r.Context(), m.ID, d.ID, take)); err != nil {
		return nil, err
	}
	events, err := s.store.Events(r.Context(), m.ID)
	if err != nil {
		return nil, err
	}
	x, err := s.store.Export(r.Context(), m.ID, record.HiddenFrom(d.ID.Party(), m.ID, events))
	if err != nil {
		return nil, err
	}
	b, err := x.Pack()
	return file{name: "record-" + string(m.ID) + ".zip", kind: "application/zip", body: b}, err
}

// recordState is how the record stands, as the desk shows it.
func recordState(c record.Custody, parties []meeting.Party) protocol.RecordState {
	out := protocol.RecordState{Entries: c.Size, Sealed: c.Sealed, Keys: c.Keys, Copies: map[meeting.PartyID]protocol.RecordCopy{}, Replaced: []protocol.ReplacedKey{}, Erased: []protocol.ErasedThing{}}
	var ids []meeting.PartyID
	for _, p := range parties {
		ids = append(ids, p.ID)
	}
	out.Delivered = record.HeldByAll(ids, c.Copies())
	for _, e := range c.Deeds {
		switch b := e.Body.(type) {
		case meeting.CopyTaken:
			out.Copies[e.Party] = protocol.RecordCopy{At: when(e.At), By: e.By, Entries: b.Size} // the latest is the last
		case meeting.KeyReplaced:
			out.Replaced = append(out.Replaced, protocol.ReplacedKey{At: when(e.At), Party: e.Party, Lost: b.Lost, Reason: b.Reason, Old: b.Old, New: b.New})
		case meeting.ThingErased:
			out.Erased = append(out.Erased, protocol.ErasedThing{At: when(e.At), Party: e.Party, What: b.What, Part: b.Part, Person: b.Person, Authority: b.Authority})
		}
	}
	return out
}
