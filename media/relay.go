package media

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pion/logging"
	"github.com/pion/stun/v3"
	"github.com/pion/turn/v5"
)

const (
	// relayLife is how long a credential opens new ways: a consultation and the day around it.
	relayLife = 12 * time.Hour
	// maxRelayConns bounds connections that ask for a way, and maxRelays the
	// ways of one person: two windows, each with an old and a new one.
	maxRelayConns = 1024
	maxRelays     = 4
	// relaySilence ends a connection that says nothing: who has a way checks
	// it every few seconds.
	relaySilence = 60 * time.Second
	relayQueue   = 64 // packets from the road waiting for TURN to frame them
)

// Credential opens the relay for a while.
type Credential struct{ User, Password string }

// Relay serves TURN (RFC 8656) to connections whose TLS the listener has ended,
// until ctx ends or the listener closes: a way to this router for people whose
// network lets nothing but TLS through. It leads to no other place: what is
// relayed goes straight to the packet road, and no socket is opened.
func (r *Router) Relay(ctx context.Context, l net.Listener) error {
	s := &relays{door: r.tcp, hosts: r.hosts, port: r.sock.addr.Port(), key: r.tcp.relayKey, kick: r.sock.bell.ring, used: map[string]int{}}
	counted := &relayListener{Listener: l, relays: s, open: map[net.Conn]bool{}}
	t, err := turn.NewServer(turn.ServerConfig{
		Realm: relayRealm, AuthHandler: s.authorize, LoggerFactory: silent{},
		// Without IPv4 of our own, the address family follows the connection's.
		StrictAddressFamily: s.host(true).IsValid(),
		ListenerConfigs:     []turn.ListenerConfig{{Listener: counted, RelayAddressGenerator: s, PermissionHandler: s.permits}},
	})
	if err != nil {
		return fmt.Errorf("relay: %w", err)
	}
	<-ctx.Done()
	_ = t.Close() // the listener may be closed already
	counted.stop()
	s.wait.Wait()
	return nil
}

const relayRealm = "astara"

// RelayCredential for one peer, from now on for half a day.
func (r *Router) RelayCredential(id PeerID, now time.Time) Credential {
	// The name says nothing of the person.
	who := base64.RawURLEncoding.EncodeToString(relaySum(r.tcp.relayKey, "who "+string(id))[:12])
	user := strconv.FormatInt(now.Add(relayLife).Unix(), 10) + ":" + who
	return Credential{user, base64.RawURLEncoding.EncodeToString(relaySum(r.tcp.relayKey, user))}
}

func newRelayKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	return key
}

func relaySum(key []byte, text string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return m.Sum(nil)
}

// relays makes the ways of one Relay. It is what TURN calls a generator of
// relay addresses; ours are names of ways, no sockets.
type relays struct {
	door  *tcpDoor
	hosts []netip.Addr
	port  uint16
	key   []byte
	kick  func()
	wait  sync.WaitGroup // connections and ways

	mu   sync.Mutex     // guards what follows
	used map[string]int // ways by person
	next uint16
}

// authorize: a credential that has ended opens nothing new, but keeps what it opened.
func (s *relays) authorize(a *turn.RequestAttributes) (string, []byte, bool) {
	end, who, ok := strings.Cut(a.Username, ":")
	until, err := strconv.ParseInt(end, 10, 64)
	if !ok || err != nil || uint16(a.Method) == uint16(stun.MethodAllocate) && time.Now().Unix() > until {
		return "", nil, false
	}
	password := base64.RawURLEncoding.EncodeToString(relaySum(s.key, a.Username))
	return who, turn.GenerateAuthKey(a.Username, relayRealm, password), true
}

// permits this router's own addresses; way.WriteTo sees to the port.
func (s *relays) permits(_ net.Addr, to net.IP) bool {
	ip, ok := netip.AddrFromSlice(to)
	return ok && s.ours(netip.AddrPortFrom(ip, s.port))
}

func (s *relays) ours(to netip.AddrPort) bool {
	for _, h := range s.hosts {
		if h == to.Addr().Unmap() {
			return to.Port() == s.port
		}
	}
	return false
}

// host of one family; the zero Addr if there is none.
func (s *relays) host(v4 bool) netip.Addr {
	for _, h := range s.hosts {
		if h.Is4() == v4 {
			return h
		}
	}
	return netip.Addr{}
}

var (
	errRelayFamily = errors.New("media: no address of this family")
	errRelayQuota  = errors.New("media: too many relayed ways")
	errRelayTCP    = errors.New("media: TCP is not relayed")
)

// Validate is TURN's.
func (s *relays) Validate() error { return nil }

// AllocateListener is TURN's: refused.
func (s *relays) AllocateListener(turn.AllocateListenerConfig) (net.Listener, net.Addr, error) {
	return nil, nil, errRelayTCP
}

// AllocateConn is TURN's: refused.
func (s *relays) AllocateConn(turn.AllocateConnConfig) (net.Conn, error) { return nil, errRelayTCP }

// AllocatePacketConn is TURN's: a new way for a person.
func (s *relays) AllocatePacketConn(c turn.AllocateListenerConfig) (net.PacketConn, net.Addr, error) {
	h := s.host(c.Network != "udp6")
	if !h.IsValid() {
		return nil, nil, errRelayFamily
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.used[c.UserID] >= maxRelays {
		return nil, nil, errRelayQuota
	}
	s.used[c.UserID]++
	s.next++
	port := 49152 + s.next%16384
	w := &relayed{relays: s, user: c.UserID, addr: netip.AddrPortFrom(h, port), in: make(chan relayedPacket, relayQueue),
		gone: make(chan struct{}), conns: map[netip.AddrPort]*tcpConn{}}
	return w, net.UDPAddrFromAddrPort(w.addr), nil
}

// relayed is one person's way. To TURN it is a socket; to the road each address
// that the person reaches us by is a connection like one of TCP.
type relayed struct {
	relays *relays
	user   string
	addr   netip.AddrPort
	in     chan relayedPacket // from the road; never closed
	gone   chan struct{}
	end    sync.Once

	mu    sync.Mutex
	conns map[netip.AddrPort]*tcpConn // mu: by our address; at most one a host
}

type relayedPacket struct {
	data []byte
	from net.Addr // our address
}

// WriteTo brings a packet of the person to the road; one for anybody else is dropped.
func (w *relayed) WriteTo(b []byte, to net.Addr) (int, error) {
	a, ok := to.(*net.UDPAddr)
	if !ok || !w.relays.ours(a.AddrPort()) {
		return len(b), nil
	}
	c := w.conn(a)
	if c == nil {
		return 0, net.ErrClosed
	}
	if !w.relays.door.admits(c) {
		return len(b), nil
	}
	select {
	case w.relays.door.inbox <- tcpPacket{c, append([]byte(nil), b...)}:
	case <-c.done:
		return len(b), nil // the road has forgotten this peer
	case <-w.gone:
		return 0, net.ErrClosed
	}
	if !w.relays.door.waiting.Swap(true) {
		w.relays.kick()
	}
	return len(b), nil
}

func (w *relayed) conn(to *net.UDPAddr) *tcpConn {
	key := to.AddrPort()
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.conns[key]
	if c != nil && !c.ended() {
		return c
	}
	select {
	case <-w.gone:
		return nil
	default:
	}
	done := make(chan struct{})
	c = &tcpConn{conn: &ending{done: done}, from: addressOf(w.addr), out: make(chan []byte, tcpQueue), done: done}
	w.conns[key] = c
	w.relays.wait.Go(func() { w.carry(c, to) })
	return c
}

// carry brings what the road sends on c to the person.
func (w *relayed) carry(c *tcpConn, from net.Addr) {
	for {
		select {
		case b := <-c.out:
			c.queued.Add(-int64(len(b)))
			for len(b) > 2 {
				n := int(binary.BigEndian.Uint16(b))
				select {
				case w.in <- relayedPacket{b[2 : 2+n], from}:
				case <-w.gone:
					return
				}
				b = b[2+n:]
			}
		case <-c.done:
			return
		case <-w.gone:
			return
		}
	}
}

// ReadFrom gives TURN what goes to the person.
func (w *relayed) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case p := <-w.in:
		return copy(b, p.data), p.from, nil
	case <-w.gone:
		return 0, nil, net.ErrClosed
	}
}

// Close ends the way.
func (w *relayed) Close() error {
	w.end.Do(func() {
		close(w.gone)
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, c := range w.conns {
			c.conn.Close()
		}
		w.relays.mu.Lock()
		defer w.relays.mu.Unlock()
		if w.relays.used[w.user]--; w.relays.used[w.user] == 0 {
			delete(w.relays.used, w.user)
		}
	})
	return nil
}

// LocalAddr is the way's name.
func (w *relayed) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(w.addr) }

// SetDeadline does nothing: TURN sets none.
func (w *relayed) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing.
func (w *relayed) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing.
func (w *relayed) SetWriteDeadline(time.Time) error { return nil }

// ending closes done once.
type ending struct {
	once sync.Once
	done chan struct{}
}

func (e *ending) Close() error { e.once.Do(func() { close(e.done) }); return nil }

// relayListener bounds the connections and closes them at the end.
type relayListener struct {
	net.Listener
	relays *relays

	mu   sync.Mutex
	open map[net.Conn]bool // mu; nil after stop
}

func (l *relayListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.mu.Lock()
		ok := l.open != nil && len(l.open) < maxRelayConns
		if ok {
			l.open[c] = true
			l.relays.wait.Add(1)
		}
		l.mu.Unlock()
		if ok {
			return &relayConn{Conn: c, listener: l}, nil
		}
		c.Close()
	}
}

func (l *relayListener) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c := range l.open {
		c.Close() // its reader ends, and closes it once more
	}
	l.open = nil
}

// relayConn is a person's connection. It ends when it is silent or does not take what is sent.
type relayConn struct {
	net.Conn
	listener *relayListener
	once     sync.Once
}

func (c *relayConn) Read(b []byte) (int, error) {
	_ = c.SetReadDeadline(time.Now().Add(relaySilence))
	return c.Conn.Read(b)
}

func (c *relayConn) Write(b []byte) (int, error) {
	_ = c.SetWriteDeadline(time.Now().Add(10 * time.Second))
	n, err := c.Conn.Write(b)
	if err != nil {
		c.Conn.Close() // TLS cannot go on after half a record
	}
	return n, err
}

func (c *relayConn) Close() error {
	c.once.Do(func() {
		l := c.listener
		l.mu.Lock()
		delete(l.open, c.Conn)
		l.mu.Unlock()
		l.relays.wait.Done()
	})
	return c.Conn.Close()
}

// silent is a TURN server without a log: what strangers send is no news.
type silent struct{}

// NewLogger is TURN's.
func (silent) NewLogger(string) logging.LeveledLogger {
	return logging.NewDefaultLeveledLoggerForScope("turn", logging.LogLevelDisabled, discard{})
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }
