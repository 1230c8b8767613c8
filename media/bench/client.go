package bench

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/pion/dtls/v3"
	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
	"github.com/pion/srtp/v3"
	"github.com/pion/stun/v3"
	"github.com/pion/transport/v5/packetio"
	"golang.org/x/sys/unix"

	"astara/media"
)

const (
	soundType   = 111
	repairType  = 97
	transportID = 3 // of the extension
	// feedbackTime is Chromium's at these rates.
	feedbackTime = 100 * time.Millisecond
	soundSSRC    = 1000
	pictureSSRC  = 2000
	// stampAt is where a payload carries its time of sending, after what the
	// server reads of it.
	stampAt = 16
	// sampleEvery packet is decrypted for its delay; all are counted.
	sampleEvery = 16
)

// certificate is shared by all clients: the server asks for one, not for whose.
type certificate struct {
	tls   tls.Certificate
	print string
}

func newCertificate() (*certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("client key: %w", err)
	}
	t := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("client certificate: %w", err)
	}
	h := sha256.Sum256(der)
	parts := make([]string, len(h))
	for i, x := range h {
		parts[i] = fmt.Sprintf("%02X", x)
	}
	return &certificate{tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, strings.Join(parts, ":")}, nil
}

// client is one person of the load: a socket, keys, counters.
type client struct {
	load           *load
	id             media.PeerID
	cert           *certificate
	sends          bool
	index          int            // of those who send
	from           []media.PeerID // whom it receives
	fans           int            // who receive it
	user, password string
	to             netip.AddrPort
	serverUser     string

	conn    *net.UDPConn
	dtls    *dtls.Conn
	control *packetio.Buffer // datagrams for DTLS
	checked chan struct{}    // closed by the first answered check
	done    chan struct{}    // closed by close
	once    sync.Once
	reading sync.WaitGroup
	in, out atomic.Pointer[srtp.Context]

	received atomic.Int64
	sent     atomic.Int64
	sounds   atomic.Int64 // of received
	spoken   atomic.Int64 // what sounds would be by their numbers
	streams  atomic.Int64 // SSRCs seen
	sampling atomic.Bool
	newest   atomic.Uint32 // sequence number received

	mu       sync.Mutex // guards what follows
	samples  delays
	heard    []uint32 // SSRCs
	feedback *twcc.Recorder
	talk     sync.Mutex // one at a time seals control
}

// ssrcs that this client receives.
func (c *client) ssrcs() []uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.heard)
}

// sealControl encrypts an RTCP packet; nil before there are keys.
func (c *client) sealControl(b []byte) []byte {
	out := c.out.Load()
	if out == nil {
		return nil
	}
	c.talk.Lock()
	defer c.talk.Unlock()
	p, err := out.EncryptRTCP(nil, b, nil)
	if err != nil {
		return nil
	}
	return p
}

// report sends transport-wide feedback as browsers do.
func (c *client) report(ctx context.Context) {
	every(ctx, feedbackTime, func() {
		c.mu.Lock()
		var all []rtcp.Packet
		if c.feedback.PacketsHeld() > 0 {
			all = c.feedback.BuildFeedbackPacket()
		}
		c.mu.Unlock()
		for _, p := range all {
			if b, err := p.Marshal(); err == nil {
				_, _ = c.conn.Write(c.sealControl(b))
			}
		}
	})
}

func (c *client) filled() bool {
	want := 0
	if c.load.o.VideoKbps > 0 {
		want += len(c.from)
	}
	if c.load.o.Audio {
		want += len(c.from)
	}
	return int(c.streams.Load()) >= want
}

// connect: offer, check, keys.
func (c *client) connect(ctx context.Context) error {
	c.user, c.password = rand.Text()[:8], rand.Text()
	r, err := c.load.server.ask(request{Do: "answer", Peer: c.id, Offer: c.offer()})
	if err != nil {
		return err
	}
	to, user, password, err := readAnswer(r.SDP)
	if err != nil {
		return err
	}
	c.to, c.serverUser = to, user
	if c.conn, err = net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(to)); err != nil {
		return fmt.Errorf("client socket: %w", err)
	}
	joinPackets(c.conn)
	c.control, c.checked = packetio.NewBuffer(), make(chan struct{})
	c.reading.Go(c.read)
	if err := c.check(ctx, user, password); err != nil {
		return err
	}
	return c.handshake(ctx)
}

// joinPackets lets the kernel hand over many packets at once, which keeps the
// load lighter than the server, and say when they came.
func joinPackets(c *net.UDPConn) {
	_ = c.SetReadBuffer(1 << 20)
	if raw, err := c.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_ = unix.SetsockoptInt(int(fd), unix.SOL_UDP, unix.UDP_GRO, 1)
			_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
		})
	}
}

// dropped counts what came to a full socket of this client.
func (c *client) dropped() int64 {
	const drops, fields = 8, 9 // of SO_MEMINFO
	var m [fields]uint32
	n := uint32(unsafe.Sizeof(m))
	if raw, err := c.conn.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_, _, _ = unix.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_SOCKET, unix.SO_MEMINFO, uintptr(unsafe.Pointer(&m)), uintptr(unsafe.Pointer(&n)), 0)
		})
	}
	return int64(m[drops])
}

func readAnswer(sdp string) (to netip.AddrPort, user, password string, err error) {
	for l := range strings.Lines(sdp) {
		l = strings.TrimSpace(l)
		if v, ok := strings.CutPrefix(l, "a=ice-ufrag:"); ok {
			user = v
		}
		if v, ok := strings.CutPrefix(l, "a=ice-pwd:"); ok {
			password = v
		}
		if f := strings.Fields(l); strings.HasPrefix(l, "a=candidate:") && len(f) > 6 && f[2] == "udp" {
			port, e := strconv.ParseUint(f[5], 10, 16)
			ip, e2 := netip.ParseAddr(f[4])
			if e == nil && e2 == nil {
				to = netip.AddrPortFrom(ip, uint16(port))
			}
		}
	}
	if !to.IsValid() || user == "" || password == "" {
		return to, "", "", errors.New("bench: answer without candidate or credentials")
	}
	return to, user, password, nil
}

// check nominates the only path, and keeps consent for as long as the run
// lasts: the server asks for a check in 30 s.
func (c *client) check(ctx context.Context, user, password string) error {
	send := func() error {
		var role, priority stun.RawAttribute
		role = stun.RawAttribute{Type: stun.AttrICEControlling, Value: make([]byte, 8)}
		priority = stun.RawAttribute{Type: stun.AttrPriority, Value: []byte{126, 255, 255, 255}}
		m, err := stun.Build(stun.TransactionID, stun.BindingRequest, stun.NewUsername(user+":"+c.user), role, priority,
			stun.RawAttribute{Type: stun.AttrUseCandidate}, stun.NewShortTermIntegrity(password), stun.Fingerprint)
		if err != nil {
			return err
		}
		_, err = c.conn.Write(m.Raw)
		return err
	}
	for range 20 {
		if err := send(); err != nil {
			return fmt.Errorf("check: %w", err)
		}
		select {
		case <-c.checked:
			c.reading.Go(func() {
				t := time.NewTicker(5 * time.Second)
				defer t.Stop()
				for {
					select {
					case <-t.C:
						_ = send()
					case <-c.done:
						return
					}
				}
			})
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	return errors.New("bench: no check was answered")
}

func (c *client) handshake(ctx context.Context) error {
	var err error
	c.dtls, err = dtls.ClientWithOptions(&controlConn{c}, c.conn.RemoteAddr(),
		dtls.WithCertificates(c.cert.tls),
		dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM),
		dtls.WithExtendedMasterSecret(dtls.RequireExtendedMasterSecret),
		dtls.WithInsecureSkipVerify(true))
	if err != nil {
		return fmt.Errorf("dtls: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	if err := c.dtls.HandshakeContext(ctx); err != nil {
		return fmt.Errorf("dtls handshake: %w", err)
	}
	state, ok := c.dtls.ConnectionState()
	if !ok {
		return errors.New("bench: no DTLS state")
	}
	k, err := state.ExportKeyingMaterial("EXTRACTOR-dtls_srtp", nil, 2*16+2*12)
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	out, err := srtp.CreateContext(k[:16], k[32:44], srtp.ProtectionProfileAeadAes128Gcm)
	if err != nil {
		return fmt.Errorf("srtp: %w", err)
	}
	in, err := srtp.CreateContext(k[16:32], k[44:56], srtp.ProtectionProfileAeadAes128Gcm)
	if err != nil {
		return fmt.Errorf("srtp: %w", err)
	}
	c.out.Store(out)
	c.in.Store(in)
	return nil
}

// controlConn is the client's socket for DTLS.
type controlConn struct{ c *client }

func (d *controlConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, _, err := d.c.control.Read(b, nil)
	return n, d.c.conn.RemoteAddr(), err
}
func (d *controlConn) WriteTo(b []byte, _ net.Addr) (int, error) { return d.c.conn.Write(b) }
func (d *controlConn) Close() error                              { return d.c.control.Close() }
func (d *controlConn) LocalAddr() net.Addr                       { return d.c.conn.LocalAddr() }
func (d *controlConn) SetDeadline(t time.Time) error             { return d.c.control.SetReadDeadline(t) }
func (d *controlConn) SetReadDeadline(t time.Time) error         { return d.c.control.SetReadDeadline(t) }
func (d *controlConn) SetWriteDeadline(time.Time) error          { return nil }

// read sorts and counts what comes until the socket is closed.
func (c *client) read() {
	b, oob := make([]byte, 1<<16), make([]byte, 128)
	seen := map[uint32]uint16{}
	for {
		n, m, _, _, err := c.conn.ReadMsgUDPAddrPort(b, oob)
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return
			}
			continue // an ICMP answer while the server ends
		}
		size, came := c.load.notes(oob[:m])
		for p := b[:n]; len(p) > 0; {
			k := len(p)
			if size > 0 {
				k = min(size, k)
			}
			c.packet(p[:k:k], came, seen)
			p = p[k:]
		}
	}
}

// notes are what the kernel says of packets: the size that it joined them in, or
// 0, and when they came, on the load's clock.
func (l *load) notes(oob []byte) (size int, came time.Duration) {
	came = time.Since(l.began)
	all, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return 0, came
	}
	for _, m := range all {
		switch h := m.Header; {
		case h.Level == unix.SOL_UDP && h.Type == unix.UDP_GRO && len(m.Data) >= 4:
			size = int(binary.NativeEndian.Uint32(m.Data))
		case h.Level == unix.SOL_SOCKET && h.Type == unix.SCM_TIMESTAMPNS && len(m.Data) >= 16:
			came = time.Unix(int64(binary.NativeEndian.Uint64(m.Data)), int64(binary.NativeEndian.Uint64(m.Data[8:]))).Sub(l.began.Round(0))
		}
	}
	return size, came
}

// packet sorts one that came at a time; seen has the newest number of each stream.
func (c *client) packet(p []byte, came time.Duration, seen map[uint32]uint16) {
	switch {
	case len(p) < 12:
	case p[0] < 4:
		c.once.Do(func() { close(c.checked) })
	case p[0] < 64:
		_, _ = c.control.Write(p, nil)
	case p[1] >= 192 && p[1] < 224: // RTCP
	default:
		c.note(p)
		if p[1]&0x7f == repairType {
			return // retransmissions and probing
		}
		c.received.Add(1)
		ssrc, number := binary.BigEndian.Uint32(p[8:]), binary.BigEndian.Uint16(p[2:])
		newest, known := seen[ssrc]
		if !known {
			newest = number - 1
			c.mu.Lock()
			c.heard = append(c.heard, ssrc)
			c.mu.Unlock()
			c.streams.Add(1)
		}
		further := max(int16(number-newest), 0)
		seen[ssrc] = newest + uint16(further)
		if p[1]&0x7f == soundType {
			c.sounds.Add(1)
			c.spoken.Add(int64(further))
		}
		c.newest.Store(uint32(binary.BigEndian.Uint16(p[2:])))
		in := c.in.Load()
		if !c.sampling.Load() || binary.BigEndian.Uint16(p[2:])%sampleEvery != 0 || in == nil {
			return
		}
		plain, err := in.DecryptRTP(nil, p, nil)
		if err != nil {
			return
		}
		head := 12
		if p[0]&0x10 != 0 {
			head += 4 + 4*int(binary.BigEndian.Uint16(p[14:]))
		}
		if len(plain) < head+stampAt+8 {
			return
		}
		at := time.Duration(binary.BigEndian.Uint64(plain[head+stampAt:]))
		c.mu.Lock()
		c.samples.add(came-at, time.Since(c.load.began)-at)
		c.mu.Unlock()
	}
}

// note the arrival for the feedback: the transport-wide number is the first
// extension that has two bytes, in the one-byte form of RFC 8285.
func (c *client) note(p []byte) {
	if p[0]&0x10 == 0 || len(p) < 16 || p[12] != 0xBE {
		return
	}
	for x := p[16:min(len(p), 16+4*int(p[15]))]; len(x) > 2; {
		if x[0] == 0 {
			x = x[1:]
			continue
		}
		n := int(x[0]&15) + 1
		if x[0]>>4 == transportID && n == 2 {
			c.mu.Lock()
			c.feedback.Record(binary.BigEndian.Uint32(p[8:]), binary.BigEndian.Uint16(x[1:]), time.Since(c.load.began).Microseconds())
			c.mu.Unlock()
			return
		}
		x = x[min(len(x), 1+n):]
	}
}

func (c *client) close() {
	if c.dtls != nil {
		_ = c.dtls.Close()
	}
	if c.conn != nil {
		c.conn.Close()
	}
	close(c.done)
	c.reading.Wait()
}
