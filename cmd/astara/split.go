package main

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// splitLimit is how long a connection may take for its handshake and its first byte.
const splitLimit = 10 * time.Second

// split shares one port and certificate between HTTP and TURN, so that whoever may only speak TLS to port 443 still has sound.
// The first byte within TLS tells: 0 to 3 begins a STUN message (RFC 7983), and no HTTP request.
type split struct {
	listener net.Listener
	tls      *tls.Config
	web      *branch
	relay    *branch

	mu   sync.Mutex
	open map[net.Conn]bool // mu: not sorted yet; nil at the end
}

func newSplit(l net.Listener, c *tls.Config) *split {
	return &split{listener: l, tls: c, web: newBranch(l), relay: newBranch(l), open: map[net.Conn]bool{}}
}

// run sorts connections until ctx ends or the listener closes.
func (s *split) run(ctx context.Context) error {
	var wait sync.WaitGroup
	defer wait.Wait()
	defer s.stop()
	end := context.AfterFunc(ctx, s.stop)
	defer end()
	for {
		c, err := s.listener.Accept()
		switch {
		case err == nil:
		case ctx.Err() != nil || errors.Is(err, net.ErrClosed):
			return nil
		default: // out of descriptors: let some close
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(100 * time.Millisecond):
			}
			continue
		}
		if !s.note(c, true) {
			c.Close()
			return nil
		}
		wait.Go(func() {
			s.sort(ctx, c)
			s.note(c, false)
		})
	}
}

// note a connection that is being sorted; false: no more.
func (s *split) note(c net.Conn, open bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		return false
	}
	if open {
		s.open[c] = true
	} else {
		delete(s.open, c)
	}
	return true
}

func (s *split) stop() {
	s.listener.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		c.Close()
	}
	s.open = nil
	s.web.end()
	s.relay.end()
}

func (s *split) sort(ctx context.Context, c net.Conn) {
	t := tls.Server(c, s.tls)
	_ = c.SetDeadline(time.Now().Add(splitLimit))
	if err := t.HandshakeContext(ctx); err != nil {
		c.Close()
		return
	}
	if t.ConnectionState().NegotiatedProtocol == "h2" { // http.Server knows it by its type
		_ = c.SetDeadline(time.Time{})
		s.web.give(t)
		return
	}
	var first [1]byte
	if n, _ := t.Read(first[:]); n == 0 {
		t.Close()
		return
	}
	_ = c.SetDeadline(time.Time{})
	p := &begun{Conn: t, first: first[:]}
	if first[0] < 4 {
		_ = c.SetWriteDeadline(time.Time{})
		s.relay.give(p)
	} else {
		s.web.give(p)
	}
}

// begun is a connection whose first byte was read.
type begun struct {
	net.Conn
	first []byte // read's
}

func (c *begun) Read(b []byte) (int, error) {
	if len(c.first) > 0 && len(b) > 0 {
		n := copy(b, c.first)
		c.first = c.first[n:]
		return n, nil
	}
	return c.Conn.Read(b)
}

// branch is a listener that is given its connections.
type branch struct {
	addr  net.Addr
	conns chan net.Conn // never closed
	ended chan struct{}
	once  sync.Once
}

func newBranch(l net.Listener) *branch {
	return &branch{addr: l.Addr(), conns: make(chan net.Conn), ended: make(chan struct{})}
}

// give a connection to whoever accepts, or close it at the end.
func (b *branch) give(c net.Conn) {
	select {
	case b.conns <- c:
	case <-b.ended:
		c.Close()
	}
}

func (b *branch) end() { b.once.Do(func() { close(b.ended) }) }

// Accept is net.Listener's.
func (b *branch) Accept() (net.Conn, error) {
	select {
	case c := <-b.conns:
		return c, nil
	case <-b.ended:
		return nil, net.ErrClosed
	}
}

// Close is net.Listener's.
func (b *branch) Close() error { b.end(); return nil }

// Addr is net.Listener's.
func (b *branch) Addr() net.Addr { return b.addr }

// closedDoor: http.Server calls a listener that was closed by us an error.
func closedDoor(err error) bool {
	return errors.Is(err, http.ErrServerClosed) || errors.Is(err, net.ErrClosed)
}
