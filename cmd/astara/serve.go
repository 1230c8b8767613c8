package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"astara/auth"
	"astara/media"
	"astara/media/recorder"
	"astara/post"
	"astara/protocol"
	"astara/room"
	"astara/server"
	"astara/store"
	"astara/web"
)

// The end of a node: what is under way gets endGrace, and the process is gone after endLimit whatever hangs. Service managers
// often kill after 10 s.
const (
	endGrace = 6 * time.Second
	endLimit = 9 * time.Second
)

func serve(ctx context.Context, con console, args []string) error {
	fs := newFlags("serve", "Runs a node until SIGTERM or SIGINT; then the people are told to come back, and it ends within 10 s.")
	var l loader
	l.flagsOf(fs)
	if err := parseFlags(con, fs, args); err != nil {
		return err
	}
	c, _, err := l.load(con.env)
	if err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(con.err, nil))
	if c.Log == "json" {
		log = slog.New(slog.NewJSONHandler(con.err, nil))
	}
	n, err := openNode(ctx, c, log)
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "Astara is at %s\n", n.base)
	log.Info("serving", "url", n.base, "listen", n.doors[0].listener.Addr().String(), "media", strconv.Itoa(int(n.router.LocalAddr().Port())),
		"operator", n.operator, "version", version())
	return errors.Join(n.run(ctx), n.close())
}

// node is everything that serves, opened and not yet running.
type node struct {
	log      *slog.Logger
	base     string
	operator string // address of the admin listener; empty: none
	lock     *lock
	store    *store.Store
	router   *media.Router
	house    *room.House
	split    *split       // nil: no TLS of our own
	doors    []door       // the people's first
	office   *post.Office // nil: no reminders
	inside   *inside      // requests and sockets under way
	closers  []func() error
}

// door is a listener and what answers there.
type door struct {
	listener net.Listener
	http     *http.Server
}

func (d door) serve() error {
	err := d.http.Serve(d.listener)
	if closedDoor(err) {
		return nil
	}
	return fmt.Errorf("serve %s: %w", d.listener.Addr(), err)
}

// openNode opens from the record upwards; an error closes what was opened.
func openNode(ctx context.Context, c Config, log *slog.Logger) (_ *node, err error) {
	n := &node{log: log, inside: &inside{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close())
		}
	}()
	sec, err := c.security()
	if err != nil {
		return nil, err
	}
	if n.lock, err = takeLock(c.Data); err != nil {
		return nil, err
	}
	n.closers = append(n.closers, n.lock.release)
	listener, err := listen(c.Listen, "--listen")
	if err != nil {
		return nil, err
	}
	n.closers = append(n.closers, quiet(listener))
	if err := n.openRecord(ctx, c); err != nil {
		return nil, err
	}
	n.base = c.base(listener.Addr().String())
	base, err := url.Parse(n.base)
	if err != nil {
		return nil, err
	}
	srv, err := n.openHouse(ctx, c, base, sec.tls != nil)
	if err != nil {
		return nil, err
	}
	return n, n.openDoors(c, sec, listener, srv)
}

func (n *node) openRecord(ctx context.Context, c Config) (err error) {
	if n.store, err = store.OpenAt(c.Data, c.Database); err != nil {
		return err
	}
	n.closers = append(n.closers, n.store.Close)
	hold, err := n.store.Serve(ctx)
	if err != nil {
		return err
	}
	n.closers = append(n.closers, hold.Close)
	if err := n.store.Unlocked(ctx); err != nil {
		return fmt.Errorf("%w: put %s back into %s, or return each party's key with astara admin return-key", err, store.SecretName, c.Data)
	}
	return nil
}

// openHouse opens all between the record and the doors. relays: this node ends TLS itself.
func (n *node) openHouse(ctx context.Context, c Config, base *url.URL, relays bool) (*server.Server, error) {
	who, err := auth.Open(ctx, auth.Config{BaseURL: base, Name: c.Name}, n.store.Keepers())
	if err != nil {
		return nil, err
	}
	if n.router, err = openRouter(c, n.log); err != nil {
		return nil, err
	}
	cfg := room.Defaults()
	cfg.Record, cfg.Media, cfg.MediaEvents, cfg.Logger = n.store, n.router, n.router.Events(), n.log
	cfg.Recorder = recorder.Open(recorder.Config{Dir: c.recordings(), Tap: n.router.Tap, Logger: n.log})
	cfg.CameraCodec = protocol.Codec(c.CameraCodec)
	if relays {
		cfg.Relays, cfg.RelayURL = n.router, relayURL(base)
	}
	n.house = room.Open(cfg)
	if n.office, err = openReminders(c, n.store, base, n.log); err != nil {
		return nil, err
	}
	shelves, err := openLibrary(c, n.base, n.log)
	if err != nil {
		return nil, err
	}
	return server.New(server.Config{BaseURL: base, Name: c.Name, Version: version(), Logger: n.log, Client: web.Files(), Reminds: n.office != nil, Library: shelves, Quota: c.quota(),
		Media: func() any { return n.router.Stats() }, Recordings: cfg.Recorder}, n.store, who, n.house)
}

func (n *node) openDoors(c Config, sec security, listener net.Listener, srv *server.Server) error {
	people := n.answer(n.inside.count(srv.Handler()))
	if sec.tls != nil {
		people.TLSConfig = sec.tls // for HTTP/2
		n.split = newSplit(listener, sec.tls)
		listener = n.split.web
	}
	n.doors = append(n.doors, door{listener, people})
	if sec.port != nil {
		if err := n.open(":80", "--domain", sec.port); err != nil {
			return err
		}
	}
	if c.AdminListen == "" {
		return nil
	}
	if err := n.open(c.AdminListen, "--admin-listen", srv.Admin()); err != nil {
		return err
	}
	n.operator = "http://" + n.doors[len(n.doors)-1].listener.Addr().String()
	return nil
}

func openRouter(c Config, log *slog.Logger) (*media.Router, error) {
	cfg := media.Config{Listen: netip.AddrPortFrom(netip.Addr{}, uint16(c.UDPPort)), Logger: log}
	for _, s := range c.ExternalIP {
		ip, err := netip.ParseAddr(s)
		if err != nil {
			return nil, fmt.Errorf("external-ip: %w", err)
		}
		cfg.External = append(cfg.External, ip)
	}
	r, err := media.Open(cfg)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("media port %d is taken by another program: choose another with --udp-port", c.UDPPort)
	}
	if err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	return r, nil
}

// relayURL: where TURN is (RFC 7065), on the port of the pages.
func relayURL(base *url.URL) string {
	return "turns:" + net.JoinHostPort(base.Hostname(), cmp.Or(base.Port(), "443")) + "?transport=tcp"
}

// open adds a door.
func (n *node) open(address, flag string, h http.Handler) error {
	l, err := listen(address, flag)
	if err != nil {
		return err
	}
	n.closers = append(n.closers, quiet(l))
	n.doors = append(n.doors, door{l, n.answer(h)})
	return nil
}

func listen(address, flag string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is taken by another program: choose another address with %s", address, flag)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s needs the right to open ports below 1024: run with CAP_NET_BIND_SERVICE, or choose another address with %s", address, flag)
	}
	return l, err
}

// quiet closes a listener that its server may have closed before.
func quiet(l net.Listener) func() error {
	return func() error {
		if err := l.Close(); !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	}
}

// answer bounds what a slow or talkative client can hold. There is no limit for a whole answer: sockets last for hours.
func (n *node) answer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(n.log.Handler(), slog.LevelDebug)}
}

// run serves until ctx ends or a part fails, then ends in order: people are told, doors close, packets stop.
func (n *node) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	packets, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	g.Go(func() error { return ended("media", n.router.Run(packets)) })
	g.Go(func() error { return ended("rooms", n.house.Run(ctx)) })
	g.Go(func() error { return ended("clock", n.house.Clock(ctx, n.store)) })
	if n.office != nil {
		g.Go(func() error { return ended("reminders", n.office.Run(ctx)) })
	}
	if n.split != nil {
		g.Go(func() error { return ended("doors", n.split.run(packets)) })
		g.Go(func() error { return ended("relay", n.router.Relay(packets, n.split.relay)) })
	}
	for _, d := range n.doors {
		g.Go(d.serve)
	}
	g.Go(func() error {
		<-ctx.Done()
		defer stop()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), endGrace)
		defer cancel()
		n.log.Info("ending")
		for _, d := range n.doors {
			if err := d.http.Shutdown(grace); err != nil {
				d.http.Close()
			}
		}
		n.inside.wait(grace)
		return nil
	})
	done := make(chan error, 1)
	go func() { done <- g.Wait() }()
	select {
	case err := <-done:
		return err
	case <-after(ctx, endLimit):
		return fmt.Errorf("not ended after %v: given up", endLimit)
	}
}

// ended: the end of its context is how a part is asked to end.
func ended(part string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return nil
	}
	return fmt.Errorf("%s: %w", part, err)
}

// after is closed this long after ctx ended.
func after(ctx context.Context, d time.Duration) <-chan struct{} {
	c := make(chan struct{})
	context.AfterFunc(ctx, func() { time.AfterFunc(d, func() { close(c) }) })
	return c
}

// close closes what openNode opened, the last first.
func (n *node) close() error {
	var err error
	for i := len(n.closers) - 1; i >= 0; i-- {
		err = errors.Join(err, n.closers[i]())
	}
	return err
}

// inside counts requests and sockets under way: http.Server forgets a connection that became a socket.
type inside struct {
	mu   sync.Mutex
	n    int           // mu
	none chan struct{} // mu: closed when n falls to nothing; nil while nobody waits
}

func (i *inside) count(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.add(1)
		defer i.add(-1)
		h.ServeHTTP(w, r)
	})
}

func (i *inside) add(d int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.n += d; i.n == 0 && i.none != nil {
		close(i.none)
		i.none = nil
	}
}

// wait until everybody is out, or ctx ends.
func (i *inside) wait(ctx context.Context) {
	i.mu.Lock()
	if i.n == 0 {
		i.mu.Unlock()
		return
	}
	if i.none == nil {
		i.none = make(chan struct{})
	}
	none := i.none
	i.mu.Unlock()
	select {
	case <-none:
	case <-ctx.Done():
	}
}
