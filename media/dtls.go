package media

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"net"
	"strings"
	"time"

	"github.com/pion/dtls/v3"
)

const (
	handshakeTime = 30 * time.Second
	// Datagrams waiting for one peer's DTLS; more are dropped.
	dtlsQueue      = 32
	dtlsQueueBytes = 64 << 10
)

// identity is the router's certificate: made at Open, for one process.
type identity struct {
	cert  tls.Certificate
	print string // SHA-256, as SDP writes it
}

func newIdentity(now time.Time) (*identity, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("DTLS key: %w", err)
	}
	t := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		NotBefore:    now.Add(-24 * time.Hour),
		NotAfter:     now.AddDate(1, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("DTLS certificate: %w", err)
	}
	return &identity{tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, fingerprint(der)}, nil
}

func fingerprint(der []byte) string {
	h := sha256.Sum256(der)
	parts := make([]string, len(h))
	for i, b := range h {
		parts[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(parts, ":")
}

var errFingerprint = errors.New("media: certificate is not the one of the offer")

// serveDTLS agrees keys with p and then waits for its end. One goroutine a
// peer, started by its first authenticated check when its turn comes.
func (r *road) serveDTLS(ctx context.Context, p *peer, from network) {
	defer r.do(func() { r.lose(p) })
	c, err := r.handshake(ctx, p)
	r.do(func() { r.shaken(from) })
	if err != nil {
		if ctx.Err() == nil {
			r.log.Warn("dtls handshake", "peer", string(p.id), "error", err)
		}
		return
	}
	defer c.Close()
	in, out, err := srtpKeys(c)
	if err != nil {
		r.log.Warn("srtp keys", "peer", string(p.id), "error", err)
		return
	}
	r.do(func() { r.connect(p, in, out) })
	b := make([]byte, packetSize)
	for {
		if _, err := c.Read(b); err != nil {
			return
		}
	}
}

// handshake agrees keys within handshakeTime.
func (r *road) handshake(ctx context.Context, p *peer) (*dtls.Conn, error) {
	conn := &peerConn{p: p, sock: r.sock, local: net.UDPAddrFromAddrPort(r.sock.addr)}
	c, err := dtls.ServerWithOptions(conn, conn.local,
		dtls.WithCertificates(r.cert.cert),
		dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80),
		dtls.WithExtendedMasterSecret(dtls.RequireExtendedMasterSecret),
		dtls.WithClientAuth(dtls.RequireAnyClientCert),
		// The certificate is self-signed; the offer's fingerprint vouches for
		// it, and the offer came over an authenticated line. The cookie
		// exchange is redundant: the address was proved by ICE.
		dtls.WithInsecureSkipVerify(true),
		dtls.WithInsecureSkipVerifyHello(true),
		dtls.WithMTU(1200),
		dtls.WithFlightInterval(200*time.Millisecond),
		dtls.WithVerifyPeerCertificate(func(raw [][]byte, _ [][]*x509.Certificate) error {
			if len(raw) == 0 || fingerprint(raw[0]) != p.print {
				return errFingerprint
			}
			return nil
		}))
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, handshakeTime)
	defer cancel()
	if err := c.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func srtpKeys(c *dtls.Conn) (opener, sealer, error) {
	profile, ok := c.SelectedSRTPProtectionProfile()
	if !ok {
		return nil, nil, errKeys
	}
	state, ok := c.ConnectionState()
	if !ok {
		return nil, nil, errKeys
	}
	aead := profile == dtls.SRTP_AEAD_AES_128_GCM
	n := 2*16 + 2*14
	if aead {
		n = 2*16 + 2*12
	}
	material, err := state.ExportKeyingMaterial("EXTRACTOR-dtls_srtp", nil, n)
	if err != nil {
		return nil, nil, err
	}
	return newCiphers(aead, material)
}

// peerConn is a peer as a net.PacketConn for DTLS: what comes was sorted out by
// the road, what goes takes the peer's present way.
type peerConn struct {
	p     *peer
	sock  *socket
	local net.Addr
}

func (c *peerConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, _, err := c.p.rx.Read(b, nil)
	return n, c.local, err
}

func (c *peerConn) WriteTo(b []byte, _ net.Addr) (int, error) {
	to := c.p.remote.Load()
	switch {
	case to == nil:
	case to.tcp != nil:
		to.tcp.enqueue(b, len(b), nil)
	default:
		c.sock.sendTo(b, to)
	}
	return len(b), nil
}

func (c *peerConn) Close() error                      { c.p.close(); return nil }
func (c *peerConn) LocalAddr() net.Addr               { return c.local }
func (c *peerConn) SetDeadline(t time.Time) error     { return c.p.rx.SetReadDeadline(t) }
func (c *peerConn) SetReadDeadline(t time.Time) error { return c.p.rx.SetReadDeadline(t) }
func (c *peerConn) SetWriteDeadline(time.Time) error  { return nil }
