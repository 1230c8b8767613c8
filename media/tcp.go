package media

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// maxStrangers bounds TCP connections that have proved nothing yet,
	// strangersOfHost those of one host, and strangerTime how long they may.
	maxStrangers    = 64
	strangersOfHost = 16
	strangerTime    = 5 * time.Second
	// tcpQueue bounds messages waiting for a slow TCP peer: a second of a few
	// pictures. When full, the newest is dropped.
	tcpQueue = 512
	tcpBytes = 1 << 20
	tcpSmall = 400 // bytes; longer packets are pictures
	// tcpInbox bounds packets from all TCP peers waiting for the road; when
	// full, reading stops, and TCP slows the sender.
	tcpInbox = 512
)

// tcpDoor accepts ICE-TCP connections (RFC 6544, passive; frames of RFC 4571)
// for people whose network lets no UDP through.
type tcpDoor struct {
	listener  net.Listener
	inbox     chan tcpPacket // read by the road; never closed
	waiting   atomic.Bool    // the road was kicked for it
	began     time.Time      // of its buckets' clock
	flooded   atomic.Uint64  // packets that a connection sent beyond its rate
	relayKey  []byte         // of credentials; lives as long as the process
	mu        sync.Mutex
	open      map[net.Conn]bool // mu: connections to close at the end; nil after it
	strangers int               // mu
	hosts     map[network]int   // mu: strangers of it
}

type tcpPacket struct {
	conn *tcpConn
	data []byte
}

// tcpConn is one accepted connection, or one way through the relay.
type tcpConn struct {
	conn   io.Closer
	from   address
	out    chan []byte   // framed; never closed
	done   chan struct{} // closed with conn
	queued atomic.Int64  // bytes in out
	proved atomic.Bool
	remote *remote // the road's
	rate   bucket  // of who reads the connection
}

func openTCP(listen netip.AddrPort) (*tcpDoor, error) {
	l, err := net.Listen("tcp", listen.String())
	if err != nil {
		return nil, err
	}
	return &tcpDoor{listener: l, inbox: make(chan tcpPacket, tcpInbox), began: time.Now(), open: map[net.Conn]bool{}, hosts: map[network]int{}, relayKey: newRelayKey()}, nil
}

// run accepts until the listener is closed by stop.
func (d *tcpDoor) run(ctx context.Context, wait *sync.WaitGroup, kick func()) error {
	for {
		c, err := d.listener.Accept()
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			// Out of descriptors: let some close.
			select {
			case <-ctx.Done():
				return nil
			case <-time.After(100 * time.Millisecond):
			}
			continue
		}
		from := addressOf(c.RemoteAddr().(*net.TCPAddr).AddrPort())
		if !d.note(c, from.network()) {
			c.Close()
			continue
		}
		t := &tcpConn{conn: c, from: from, out: make(chan []byte, tcpQueue), done: make(chan struct{})}
		wait.Go(func() { d.read(ctx, c, t, kick) })
		wait.Go(func() { t.write(c) })
	}
}

func (d *tcpDoor) note(c net.Conn, from network) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open == nil || d.strangers >= maxStrangers || d.hosts[from] >= strangersOfHost {
		return false
	}
	d.open[c] = true
	d.strangers++
	d.hosts[from]++
	return true
}

// met: one who was a stranger has proved who they are, or is gone.
func (d *tcpDoor) met(from network) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.strangers--
	if d.hosts[from]--; d.hosts[from] == 0 {
		delete(d.hosts, from)
	}
}

func (d *tcpDoor) stop() {
	d.listener.Close()
	d.mu.Lock()
	defer d.mu.Unlock()
	for c := range d.open {
		c.Close()
	}
	d.open = nil
}

// read hands frames to the road. A frame that is too long ends the connection.
func (d *tcpDoor) read(ctx context.Context, c net.Conn, t *tcpConn, kick func()) {
	stranger := true
	defer func() {
		if stranger {
			d.met(t.from.network())
		}
		close(t.done)
		c.Close()
		d.mu.Lock()
		delete(d.open, c)
		d.mu.Unlock()
	}()
	_ = c.SetReadDeadline(time.Now().Add(strangerTime))
	var size [2]byte
	for {
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return
		}
		n := int(binary.BigEndian.Uint16(size[:]))
		if n > packetSize {
			return
		}
		b := make([]byte, n)
		if _, err := io.ReadFull(c, b); err != nil {
			return
		}
		if stranger && t.proved.Load() {
			stranger = false
			d.met(t.from.network())
			_ = c.SetReadDeadline(time.Time{})
		}
		if !d.admits(t) {
			continue
		}
		select {
		case d.inbox <- tcpPacket{t, b}:
		case <-ctx.Done():
			return
		}
		if !d.waiting.Swap(true) {
			kick()
		}
	}
}

// admits one more packet of t: TCP would bring as many as the machine can read,
// and all connections share the road's inbox.
func (d *tcpDoor) admits(t *tcpConn) bool {
	rate, burst := int64(packetsOfPeer), int64(packetsBurst)
	if !t.proved.Load() {
		rate, burst = checksOfSource, 2*checksOfSource
	}
	if t.rate.take(int64(time.Since(d.began)), rate, burst) {
		return true
	}
	d.flooded.Add(1)
	return false
}

// ended: its reader is gone, or the road has forgotten it.
func (t *tcpConn) ended() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}

func (t *tcpConn) write(c net.Conn) {
	for {
		select {
		case b := <-t.out:
			t.queued.Add(-int64(len(b)))
			_ = c.SetWriteDeadline(time.Now().Add(10 * time.Second))
			if _, err := c.Write(b); err != nil {
				c.Close()
				return
			}
		case <-t.done:
			return
		}
	}
}

// enqueue frames b, packets of size bytes and a shorter last one. From any
// goroutine; stats only from the road.
func (t *tcpConn) enqueue(b []byte, size int, stats *Stats) {
	f := make([]byte, 0, len(b)+2*(len(b)/max(size, 1)+1))
	for len(b) > 0 {
		n := min(size, len(b))
		f = binary.BigEndian.AppendUint16(f, uint16(n))
		f = append(f, b[:n]...)
		b = b[n:]
	}
	room := int64(tcpBytes)
	if size > tcpSmall {
		room -= room / 4 // pictures leave room for sound
	}
	if t.queued.Load()+int64(len(f)) <= room {
		select {
		case t.out <- f:
			t.queued.Add(int64(len(f)))
			return
		default:
		}
	}
	if stats != nil {
		stats.DroppedSlow++
	}
}
