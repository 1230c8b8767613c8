package server

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"astara/auth"
	"astara/library"
	"astara/meeting"
	"astara/protocol"
	"astara/record"
)

// Documents are those on record. auth.ErrNone: there is none, or the party may not know of it.
type Documents interface {
	// AddDocument puts one on record with its text; one that is there stays as it is.
	AddDocument(ctx context.Context, d record.Document, text []record.Passage) error
	// Documents are those that a party may read, the newest first.
	Documents(ctx context.Context, p meeting.PartyID) ([]record.Document, error)
	// DocumentFor is one that a party may read.
	DocumentFor(ctx context.Context, id meeting.DocumentID, p meeting.PartyID) (record.Document, error)
	// ChangeDocument changes one of a party's own.
	ChangeDocument(ctx context.Context, id meeting.DocumentID, p meeting.PartyID, change func(*record.Document)) (record.Document, error)
	// DocumentText is what was taken out of one.
	DocumentText(ctx context.Context, id meeting.DocumentID) ([]record.Passage, error)
	// DocumentWith is one of a party's own with this content.
	DocumentWith(ctx context.Context, p meeting.PartyID, hash string) (record.Document, error)
	// DocumentBytes is what a party's take together.
	DocumentBytes(ctx context.Context, p meeting.PartyID) (int64, error)
}

// Readings say where documents lie and who read them.
type Readings interface {
	// DocumentPlaces are the consultations of a party that documents which it may read were shared with.
	DocumentPlaces(ctx context.Context, p meeting.PartyID) ([]record.Place, error)
	// NoteReading writes down that somebody opened one.
	NoteReading(ctx context.Context, r record.Reading) error
	// Readings are those of a party's documents by others, the latest first.
	Readings(ctx context.Context, p meeting.PartyID, most int) ([]record.Reading, error)
}

// UploadPath is where files come in, by the tus protocol.
const UploadPath = "/api/desk/uploads/"

// readingsShown is more than a secretary looks through.
const readingsShown = 500

func (s *Server) owner(r *http.Request, d auth.Desk) (library.Owner, error) {
	used, err := s.store.DocumentBytes(r.Context(), d.ID.Party())
	return library.Owner{Party: string(d.ID.Party()), Person: string(d.ID), Used: used}, err
}

func (s *Server) library(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	ctx, p := r.Context(), d.ID.Party()
	o, err := s.owner(r, d)
	if err != nil {
		return nil, err
	}
	list, err := s.store.Documents(ctx, p)
	if err != nil {
		return nil, err
	}
	places, err := s.store.DocumentPlaces(ctx, p)
	if err != nil {
		return nil, err
	}
	read, err := s.store.Readings(ctx, p, readingsShown)
	if err != nil {
		return nil, err
	}
	coming, err := s.cfg.Library.Pending(string(p))
	if err != nil {
		return nil, err
	}
	out := protocol.Library{Documents: []protocol.LibraryDocument{}, Uploads: []protocol.LibraryUpload{}, Readings: []protocol.LibraryReading{},
		Used: int(o.Used), Quota: int(s.cfg.Quota)}
	for _, x := range list {
		out.Documents = append(out.Documents, wireDocument(x, places))
	}
	for _, u := range coming {
		out.Uploads = append(out.Uploads, protocol.LibraryUpload{ID: u.ID, Person: meeting.MemberID(u.Person), File: u.File, Size: int(u.Size),
			Offset: int(u.Offset), At: when(u.At)})
	}
	for _, x := range read {
		out.Readings = append(out.Readings, protocol.LibraryReading{Document: x.Document, Reader: x.Reader, Name: x.Name, At: when(x.At), Times: x.Times})
	}
	return out, nil
}

func wireDocument(d record.Document, places []record.Place) protocol.LibraryDocument {
	out := protocol.LibraryDocument{ID: d.ID, Party: d.Party, Added: when(d.Added), Hash: d.Hash, Size: int(d.Size), Kind: d.Kind, File: d.File,
		Facts: d.Facts, Readers: append([]meeting.PartyID{}, d.Sharing.Readers...), Programme: d.Sharing.Programme, Always: d.Sharing.Always,
		Illegible: d.Illegible, Withdrawn: when(d.Withdrawn), Erased: when(d.Erased), Places: []protocol.LibraryPlace{}}
	for _, p := range places {
		if p.Document == d.ID {
			out.Places = append(out.Places, protocol.LibraryPlace{Consultation: p.Consultation, Title: p.Title, StartsAt: when(p.StartsAt), Item: p.Item, All: p.All})
		}
	}
	return out
}

// one is a document as the party sees it after a change.
func (s *Server) one(ctx context.Context, d record.Document, p meeting.PartyID) (any, error) {
	places, err := s.store.DocumentPlaces(ctx, p)
	if err != nil {
		return nil, err
	}
	return wireDocument(d, places), nil
}

// upload hands on to the tus protocol, in the name of the secretary's party.
func (s *Server) upload(w http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	o, err := s.owner(r, d)
	if err != nil {
		return nil, err
	}
	q, err := s.cfg.Library.Request(r, o)
	if err != nil {
		return nil, err
	}
	s.cfg.Library.Uploads().ServeHTTP(w, q)
	return written{}, nil
}

// addDocument makes a document of a whole upload. Asked again, after an answer that was lost or by a second click, it answers the same.
func (s *Server) addDocument(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	var body protocol.LibraryEntry
	if err := read(r, &body); err != nil {
		return nil, err
	}
	facts, sharing, err := s.entry(r, d, body)
	if err != nil {
		return nil, err
	}
	ctx, p := r.Context(), d.ID.Party()
	added := record.Document{ID: meeting.DocumentID(body.Upload), Party: p, By: d.ID, Added: s.cfg.Now(), Facts: facts, Sharing: sharing}
	x, err := s.store.DocumentFor(ctx, added.ID, p)
	if err != nil || x.Party != p {
		x, err = s.takeIn(r, d, body.Upload, added)
	}
	if errors.Is(err, library.ErrNone) { // the other click was quicker
		x, err = s.store.DocumentFor(ctx, added.ID, p)
	}
	if err != nil {
		return nil, err
	}
	return s.one(ctx, x, p)
}

// takeIn reads a whole upload and puts it on record. The same content twice would be two documents of which one is changed and the other is read.
func (s *Server) takeIn(r *http.Request, d auth.Desk, upload string, x record.Document) (record.Document, error) {
	ctx := r.Context()
	o, err := s.owner(r, d)
	if err != nil {
		return x, err
	}
	hash, err := s.cfg.Library.Hash(o, upload)
	if err != nil {
		return x, err
	}
	if there, err := s.store.DocumentWith(ctx, x.Party, hash); err == nil && there.ID != x.ID {
		return x, &meeting.Refusal{Code: protocol.DocumentTwice, Args: map[string]any{"document": there.ID}}
	}
	t, err := s.cfg.Library.Read(ctx, o, upload)
	if err != nil {
		return x, err
	}
	x.Size, x.Kind, x.File, x.Illegible = t.Size, meeting.DocumentKind(t.Kind), meeting.CleanFile(t.File), t.Illegible
	var text []record.Passage
	for _, one := range t.Passages {
		text = append(text, record.Passage(one))
	}
	err = s.cfg.Library.Keep(ctx, o, upload, func(hash string) error {
		x.Hash = hash
		return s.store.AddDocument(ctx, x, text)
	})
	return x, err
}

// entry checks what a side says of a document.
func (s *Server) entry(r *http.Request, d auth.Desk, e protocol.LibraryEntry) (meeting.DocumentFacts, record.Sharing, error) {
	sharing := record.Sharing{Readers: []meeting.PartyID{}, Always: e.Always && len(e.Readers) > 0}
	facts, err := e.Facts.Clean()
	if err != nil {
		return facts, sharing, err
	}
	if e.Programme != "" {
		f, err := meeting.DocumentFacts{Title: meeting.Words{"en": "x"}, Source: e.Programme}.Clean() // one line, as a source is
		if err != nil {
			return facts, sharing, err
		}
		sharing.Programme = f.Source
	}
	parties, err := s.store.Parties(r.Context())
	if err != nil {
		return facts, sharing, err
	}
	for _, p := range e.Readers {
		if !slices.ContainsFunc(parties, func(q meeting.Party) bool { return q.ID == p }) {
			return facts, sharing, &meeting.Refusal{Code: meeting.UnknownParty, Args: map[string]any{"party": p}}
		}
		if p != d.ID.Party() && !slices.Contains(sharing.Readers, p) {
			sharing.Readers = append(sharing.Readers, p)
		}
	}
	return facts, sharing, nil
}

func (s *Server) changeDocument(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	var body protocol.LibraryEntry
	if err := read(r, &body); err != nil {
		return nil, err
	}
	facts, sharing, err := s.entry(r, d, body)
	if err != nil {
		return nil, err
	}
	ctx, p := r.Context(), d.ID.Party()
	x, err := s.store.ChangeDocument(ctx, meeting.DocumentID(r.PathValue("id")), p, func(x *record.Document) {
		x.Facts, x.Sharing = facts, sharing
		switch {
		case !body.Withdrawn:
			x.Withdrawn = time.Time{}
		case x.Withdrawn.IsZero():
			x.Withdrawn = s.cfg.Now()
		}
	})
	if err != nil {
		return nil, err
	}
	if body.Withdrawn {
		if err := s.withdrawEverywhere(r, d, x.ID); err != nil {
			return nil, err
		}
	}
	return s.one(ctx, x, p)
}

// withdrawEverywhere takes a document back from the consultations too. It is read by nobody any more already; what fails here is done by
// withdrawing again.
func (s *Server) withdrawEverywhere(r *http.Request, d auth.Desk, id meeting.DocumentID) error {
	places, err := s.store.DocumentPlaces(r.Context(), d.ID.Party())
	if err != nil {
		return err
	}
	for _, p := range places {
		if p.Document != id {
			continue
		}
		m, err := s.takeUpOf(r, d, p.Consultation)
		if err != nil {
			return err
		}
		if m.Cancelled != nil { // nothing is said in it any more
			continue
		}
		if err := s.do("document.withdraw", s.house.Do(r.Context(), p.Consultation, d.ID, meeting.WithdrawDocument{Document: id})); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) shareDocument(_ http.ResponseWriter, r *http.Request, d auth.Desk) (any, error) {
	var body protocol.LibraryShare
	if err := read(r, &body); err != nil {
		return nil, err
	}
	ctx, p := r.Context(), d.ID.Party()
	x, err := s.store.DocumentFor(ctx, meeting.DocumentID(r.PathValue("id")), p)
	switch {
	case err != nil:
		return nil, err
	case x.Party != p:
		return nil, &meeting.Refusal{Code: meeting.NotYourSide}
	case !x.Withdrawn.IsZero() || !x.Erased.IsZero():
		return nil, &meeting.Refusal{Code: meeting.UnknownDocument}
	}
	if _, err := s.takeUpOf(r, d, body.Consultation); err != nil {
		return nil, err
	}
	to := meeting.ToParty(p)
	if body.All {
		to = meeting.All
	}
	err = s.do("document.share", s.house.Do(ctx, body.Consultation, d.ID, meeting.ShareDocument{Document: meeting.Document{
		ID: x.ID, Hash: x.Hash, Kind: x.Kind, Size: int(x.Size), File: x.File, Title: x.Facts.Title, Item: body.Item, To: to}}))
	if err != nil {
		return nil, err
	}
	return s.one(ctx, x, p)
}
