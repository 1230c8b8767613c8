package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"time"

	"astara/auth"
	"astara/media"
	"astara/meeting"
	"astara/protocol"
	"astara/room"
	"astara/store"
)

// office is the record opened by a command that is not the node: it may be while a node serves the same directory.
type office struct {
	config Config
	store  *store.Store
	auth   *auth.Auth
	house  *room.House
	stop   context.CancelFunc
	ended  chan error // one value when the house has closed
}

// openOffice opens the data directory that the flags, the environment and the file name.
func openOffice(ctx context.Context, con console, l loader) (*office, error) {
	c, _, err := l.load(con.env)
	if err != nil {
		return nil, err
	}
	if err := c.checkBase(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	s, err := store.OpenAt(c.Data, c.Database)
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(c.base(""))
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	a, err := auth.Open(ctx, auth.Config{BaseURL: base, Name: c.Name}, s.Keepers())
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	cfg := room.Defaults()
	cfg.Record, cfg.Media, cfg.Logger = s, noMedia{}, slog.New(slog.DiscardHandler)
	o := &office{config: c, store: s, auth: a, house: room.Open(cfg), ended: make(chan error, 1)}
	ctx, o.stop = context.WithCancel(context.WithoutCancel(ctx))
	go func() { o.ended <- o.house.Run(ctx) }()
	return o, nil
}

func (o *office) close() error {
	o.stop()
	return errors.Join(<-o.ended, o.store.Close())
}

// ensureParty adds a party unless the directory has it.
func (o *office) ensureParty(ctx context.Context, p meeting.Party) error {
	_, err := o.party(ctx, p.ID)
	if errors.Is(err, errNoParty) {
		return o.store.PutParty(ctx, p)
	}
	return err
}

var errNoParty = errors.New("no such party")

func (o *office) party(ctx context.Context, id meeting.PartyID) (meeting.Party, error) {
	list, err := o.store.Parties(ctx)
	if err != nil {
		return meeting.Party{}, err
	}
	for _, p := range list {
		if p.ID == id {
			return p, nil
		}
	}
	return meeting.Party{}, fmt.Errorf("%w: %s; astara admin list shows them", errNoParty, id)
}

// ensureSecretary adds an account unless it is there.
func (o *office) ensureSecretary(ctx context.Context, s auth.Secretary) error {
	_, err := o.store.Secretary(ctx, s.ID)
	if errors.Is(err, auth.ErrNone) {
		return o.store.PutSecretary(ctx, s)
	}
	return err
}

// consultations are those of all parties, each once, the latest first.
func (o *office) consultations(ctx context.Context, parties []meeting.Party) ([]*meeting.Meeting, error) {
	var out []*meeting.Meeting
	seen := map[meeting.ConsultationID]bool{}
	for _, p := range parties {
		list, err := o.store.Consultations(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			if !seen[m.ID] {
				seen[m.ID] = true
				out = append(out, m)
			}
		}
	}
	return out, nil
}

// newID is a random name of small letters and digits.
func newID() string {
	const letters = "abcdefghijklmnopqrstuvwxyz234567"
	b := make([]byte, 16)
	rand.Read(b) // never fails: the program ends instead
	for i := range b {
		b[i] = letters[b[i]%32]
	}
	return string(b)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// noMedia is the packet road of a house without people.
type noMedia struct{}

func (noMedia) Answer(media.PeerID, media.Offer) (string, error) {
	return "", &meeting.Refusal{Code: protocol.BadRequest}
}
func (noMedia) Remove(media.PeerID)                                    {}
func (noMedia) Assign(media.PeerID, media.SlotID, media.TrackID) error { return media.ErrPeer }
func (noMedia) Wish(media.PeerID, media.SlotID, media.Wish)            {}
func (noMedia) Levels([]media.PeerID) map[media.PeerID]uint8           { return nil }
func (noMedia) Lines([]media.PeerID) map[media.PeerID]media.Line       { return nil }
