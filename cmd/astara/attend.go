package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/url"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"astara/media/caller"
	"astara/meeting"
	"astara/protocol"
	"astara/server"
)

// A bot's receiving places: more than the sample has people, so that each is counted.
const (
	botPairs  = 16
	botSounds = 8
)

// How long a bot waits before it comes back: short at first, since a node that was restarted is back in a second.
const (
	backSoon = 100 * time.Millisecond
	backLate = 2 * time.Second
)

// leaveTime is the longest goodbye.
const leaveTime = 2 * time.Second

// bot is a participant without a browser. Owned by the goroutine that calls run; what attend owns is said there.
type bot struct {
	o       botOptions
	log     *slog.Logger
	meeting *meeting.Meeting // as far as told
	waited  time.Duration    // in the lobby
	joined  time.Duration    // from the link to the first flow of media, without waited; 0: never
	tallies map[tallyKey]*tally
	level   uint8        // how loud the sound is said to be, in -dBov
	orders  <-chan order // nil: takes none
	answers *log.Logger  // one line at a time, whoever answers
}

// errTime: the bot's time is over, all is well.
var errTime = errors.New("time is over")

// run takes part until the time is over or ctx ends, coming back whenever the line or the node is lost.
func (b *bot) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(b.o.seconds)*time.Second)
	defer cancel()
	began := time.Now()
	var s *server.Socket
	var last error
	for pause := backSoon; ctx.Err() == nil; pause = min(pause*2, backLate) {
		dialed := time.Now()
		next, err := b.dial(ctx, s)
		if err == nil {
			s = next
			err = b.session(ctx, s, began)
		}
		if time.Since(dialed) > backLate {
			pause = backSoon
		}
		if errors.Is(err, errTime) || ctx.Err() != nil {
			break
		}
		if final(err) {
			return err
		}
		last = err
		b.log.Info("line lost", "cause", err)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
	if b.joined > 0 {
		return nil
	}
	if last != nil {
		return fmt.Errorf("not joined within %d s: %w", b.o.seconds, last)
	}
	return fmt.Errorf("not joined within %d s: nobody let it in", b.o.seconds)
}

func (b *bot) dial(ctx context.Context, s *server.Socket) (*server.Socket, error) {
	if s != nil {
		return s.Again(ctx)
	}
	return server.Dial(ctx, b.o.link, server.DialOptions{Server: b.o.server, Insecure: b.o.insecure, Take: b.o.take})
}

// session is one socket, from hello to its end.
func (b *bot) session(until context.Context, s *server.Socket, began time.Time) error {
	g, ctx := errgroup.WithContext(context.WithoutCancel(until))
	a := &attendance{bot: b, socket: s, began: began, calls: make(chan *caller.Call)}
	g.Go(func() error {
		if err := s.Run(ctx); err != nil {
			return err
		}
		return errors.New("the node closed the line")
	})
	g.Go(func() error { return a.attend(until, ctx, g) })
	err := g.Wait()
	for _, c := range a.made {
		b.count(c)
	}
	return err
}

// count adds up what came of a call. Its clock starts with the call, and the first call counts.
func (b *bot) count(c *caller.Call) {
	for _, r := range c.Received() {
		if r.Who == "" {
			continue
		}
		k := tallyKey{meeting.MemberID(r.Who), r.Kind}
		t := b.tallies[k]
		if t == nil {
			t = &tally{first: r.FirstPacketMs}
			b.tallies[k] = t
		}
		t.packets, t.lost, t.restored = t.packets+r.Packets, t.lost+r.Lost, t.restored+r.Restored
	}
}

// attendance is one socket's life. Owned by attend.
type attendance struct {
	*bot
	socket  *server.Socket
	began   time.Time
	entered time.Time
	lobby   bool              // has been said
	calls   chan *caller.Call // from the calling goroutine, each when it stands
	made    []*caller.Call
	seats   []protocol.Seat
	tiles   []protocol.Tile // as last sent
}

// attend follows the meeting; once inside it calls. At the end of until it takes its leave.
func (a *attendance) attend(until, ctx context.Context, g *errgroup.Group) error {
	a.entered = time.Now()
	if err := a.welcome(a.socket.Welcome); err != nil {
		return err
	}
	calling := false
	for {
		if !calling && a.meeting.Inside(a.socket.You) {
			calling = true
			if a.joined == 0 {
				a.waited = time.Since(a.entered)
			}
			speaks := a.meeting.MayPublish(a.socket.You)
			booth := a.meeting.Members[a.socket.You].Booth != ""
			g.Go(func() error { return a.call(until, ctx, speaks, booth) })
		}
		if !a.lobby && a.meeting.Members[a.socket.You].Waiting() {
			a.lobby = true
			a.log.Info("in the lobby")
		}
		if err := a.look(ctx); err != nil {
			return err
		}
		select {
		case m, ok := <-a.socket.Messages():
			if !ok {
				return nil // Run says why
			}
			if err := a.hear(m); err != nil {
				return err
			}
		case c := <-a.calls:
			a.stands(c)
		case o := <-a.orders:
			a.obey(ctx, g, o)
		case <-until.Done():
			leave, cancel := context.WithTimeout(ctx, leaveTime)
			defer cancel()
			_ = a.socket.Leave(leave) // the others see it a little later otherwise
			return errTime
		case <-ctx.Done():
			return nil
		}
	}
}

func (a *attendance) welcome(w protocol.Welcome) error {
	if w.Snapshot != nil {
		a.meeting = w.Snapshot
	}
	if a.meeting == nil {
		return errors.New("the node sent no snapshot")
	}
	for _, e := range w.Missed {
		a.meeting.Apply(e)
	}
	return nil
}

func (a *attendance) hear(m protocol.Message) error {
	switch m.Type {
	case "welcome":
		var w protocol.Welcome
		if err := json.Unmarshal(m.Body, &w); err != nil {
			return err
		}
		return a.welcome(w)
	case "event":
		var e protocol.EventMessage
		if err := json.Unmarshal(m.Body, &e); err != nil {
			return err
		}
		a.meeting.Apply(e.Event)
	case "seats":
		var s protocol.Seats
		if err := json.Unmarshal(m.Body, &s); err != nil {
			return err
		}
		a.sit(s.Seats)
	}
	return nil
}

// sit notes who is where, and who is no longer.
func (a *attendance) sit(seats []protocol.Seat) {
	before := a.seats
	a.seats = seats
	if len(a.made) == 0 {
		return
	}
	call := a.made[len(a.made)-1]
	for _, s := range before {
		if !slices.ContainsFunc(seats, func(x protocol.Seat) bool { return x.Slot == s.Slot }) {
			call.Seat(s.Slot, "")
		}
	}
	for _, s := range seats {
		call.Seat(s.Slot, string(s.Member))
	}
}

func (a *attendance) stands(c *caller.Call) {
	if a.joined == 0 {
		a.joined = time.Since(a.began) - a.waited
		a.log.Info("joined", "ms", a.joined.Milliseconds())
	} else {
		a.log.Info("back")
	}
	a.made = append(a.made, c)
	c.Say(a.level)
	a.sit(a.seats)
}

// look asks for everybody's picture, in small.
func (a *attendance) look(ctx context.Context) error {
	if !a.meeting.Inside(a.socket.You) {
		return nil
	}
	tiles := []protocol.Tile{}
	for _, x := range a.meeting.Roster("") {
		if x.ID != a.socket.You && x.Camera {
			tiles = append(tiles, protocol.Tile{Member: x.ID, Source: protocol.Camera, Width: 320, Height: 180})
		}
	}
	if slices.Equal(tiles, a.tiles) {
		return nil
	}
	a.tiles = tiles
	return a.socket.Send(ctx, "layout", protocol.Layout{Tiles: tiles})
}

// call keeps a connection for packets while the socket lives.
func (a *attendance) call(until, ctx context.Context, speaks, booth bool) error {
	cfg := caller.Config{VideoIVF: a.o.video, AudioOGG: a.o.audio, Pairs: botPairs, Sounds: botSounds, TCP: a.o.tcp, Logger: a.log}
	if a.o.tls {
		var err error
		if cfg.Relay, err = a.relay(); err != nil {
			return err
		}
	}
	for ctx.Err() == nil && until.Err() == nil {
		c, err := caller.Dial(ctx, cfg, a.offer)
		if err != nil {
			return fmt.Errorf("call: %w", err)
		}
		select {
		case a.calls <- c:
		case <-ctx.Done():
		}
		if speaks && !a.o.listenOnly {
			if err := a.speak(ctx, booth); err != nil {
				return err
			}
		}
		if err := c.Run(ctx); err != nil && ctx.Err() == nil && until.Err() == nil {
			a.log.Info("call lost", "cause", err)
		}
	}
	return nil
}

// speak switches on what is sent: to the floor, or, from a booth and when asked to, into its channel.
func (a *attendance) speak(ctx context.Context, booth bool) error {
	var camera error
	if !a.o.soundOnly {
		camera = a.socket.Do(ctx, meeting.SetCamera{On: true})
	}
	switch {
	case !booth:
		return errors.Join(a.socket.Do(ctx, meeting.SetMicrophone{On: true}), camera)
	case a.o.onAir:
		return errors.Join(a.socket.Do(ctx, meeting.GoOnAir{}), camera)
	}
	return camera
}

// relay is the node's, as its welcome gave it.
func (a *attendance) relay() (*caller.Relay, error) {
	if len(a.socket.Welcome.ICE) == 0 {
		return nil, errors.New("this node has no relay: it serves no https itself")
	}
	s := a.socket.Welcome.ICE[0]
	u, err := url.Parse(s.URLs[0]) // turns:HOST:PORT?transport=tcp
	if err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	return &caller.Relay{Address: u.Opaque, User: s.Username, Password: s.Credential, TLS: &tls.Config{InsecureSkipVerify: a.o.insecure}}, nil
}

func (a *attendance) offer(ctx context.Context, o caller.Offer) (string, error) {
	sources := map[string]protocol.Source{}
	for mid, s := range o.Sources {
		sources[mid] = protocol.Source(s)
	}
	return a.socket.Offer(ctx, protocol.MediaOffer{SDP: o.SDP, Sources: sources, Slots: o.Slots})
}
