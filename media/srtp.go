package media

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// gcmTag is the AEAD tag (RFC 7714 §7.1); srtcpIndex the E bit and index that
// end every SRTCP packet; rtcpRoom is what sealing RTCP adds at most, by either
// profile.
const (
	gcmTag     = 16
	srtcpIndex = 4
	rtcpRoom   = 24
)

// opener decrypts what one peer sends. It keeps no rollover state of its own:
// the caller estimates the index. Owned by the road.
type opener interface {
	// openRTP decrypts in place and returns the payload after the header of
	// size bytes; a failure destroys b.
	openRTP(b []byte, size int, ssrc uint32, index uint64) ([]byte, bool)
	openRTCP(b []byte) ([]byte, bool)
}

// sealer encrypts what one peer receives. No (ssrc, index) may come twice with
// different bytes: under AES-GCM that gives the key away.
type sealer interface {
	tag() int
	// sealRTP writes payload, encrypted, to b behind its header of size bytes
	// and before its last tag() bytes. payload is either of that very place, or
	// elsewhere and left as it is.
	sealRTP(b []byte, size int, payload []byte, ssrc uint32, index uint64)
	// sealRTCP writes plain, encrypted, to dst, which has rtcpRoom more bytes.
	sealRTCP(dst, plain []byte) int
}

// gcm is one direction of SRTP and SRTCP by AEAD_AES_128_GCM (RFC 7714).
type gcm struct {
	rtp, rtcp cipher.AEAD
	saltHigh  uint64 // RTP salt, first eight bytes and last four
	saltLow   uint32
	rtcpSalt  [12]byte
	nonce     [12]byte
	aad       [12]byte
	index     uint32 // of the last SRTCP packet sealed
	seen      []rtcpSender
}

func newGCM(key, salt []byte) (*gcm, error) {
	g := &gcm{}
	var err error
	if g.rtp, err = newAEAD(deriveKey(0, key, salt)); err != nil {
		return nil, err
	}
	if g.rtcp, err = newAEAD(deriveKey(3, key, salt)); err != nil {
		return nil, err
	}
	s := deriveKey(2, key, salt)
	g.saltHigh, g.saltLow = binary.BigEndian.Uint64(s), binary.BigEndian.Uint32(s[8:])
	copy(g.rtcpSalt[:], deriveKey(5, key, salt))
	return g, nil
}

// deriveKey is the AES-CM key derivation (RFC 3711 §4.3.3) with rate 0; no
// derived value is longer than one block.
func deriveKey(label byte, key, salt []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	x := make([]byte, aes.BlockSize)
	copy(x, salt)
	x[7] ^= label
	block.Encrypt(x, x)
	return x
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (g *gcm) tag() int { return gcmTag }

// rtpNonce: 00 00 | SSRC | ROC | SEQ, xor salt (RFC 7714 §8.1); index = ROC<<16 | SEQ.
func (g *gcm) rtpNonce(ssrc uint32, index uint64) {
	binary.BigEndian.PutUint64(g.nonce[:], (uint64(ssrc)<<16|index>>32&0xffff)^g.saltHigh)
	binary.BigEndian.PutUint32(g.nonce[8:], uint32(index)^g.saltLow)
}

// rtcpNonce: 00 00 | SSRC | 00 00 | index, xor salt (RFC 7714 §9.1).
func (g *gcm) rtcpNonce(ssrc, index uint32) {
	g.nonce = [12]byte{}
	binary.BigEndian.PutUint32(g.nonce[2:], ssrc)
	binary.BigEndian.PutUint32(g.nonce[8:], index)
	for i := range g.nonce {
		g.nonce[i] ^= g.rtcpSalt[i]
	}
}

func (g *gcm) openRTP(b []byte, size int, ssrc uint32, index uint64) ([]byte, bool) {
	if len(b) < size+gcmTag {
		return nil, false
	}
	g.rtpNonce(ssrc, index)
	p, err := g.rtp.Open(b[size:size], g.nonce[:], b[size:], b[:size])
	return p, err == nil
}

func (g *gcm) sealRTP(b []byte, size int, payload []byte, ssrc uint32, index uint64) {
	g.rtpNonce(ssrc, index)
	g.rtp.Seal(b[size:size], g.nonce[:], payload, b[:size])
}

func (g *gcm) openRTCP(b []byte) ([]byte, bool) {
	n := len(b) - srtcpIndex
	if n < 8+gcmTag {
		return nil, false
	}
	e := binary.BigEndian.Uint32(b[n:])
	index := e &^ (1 << 31)
	ssrc := binary.BigEndian.Uint32(b[4:])
	i := slices.IndexFunc(g.seen, func(s rtcpSender) bool { return s.ssrc == ssrc })
	if e>>31 == 0 || i >= 0 && !g.seen[i].window.fresh(uint64(index)) {
		return nil, false
	}
	g.rtcpNonce(ssrc, index)
	copy(g.aad[:8], b)
	binary.BigEndian.PutUint32(g.aad[8:], e)
	p, err := g.rtcp.Open(b[8:8], g.nonce[:], b[8:n], g.aad[:])
	if err != nil {
		return nil, false
	}
	if i < 0 {
		if len(g.seen) == maxRTCPSenders {
			return nil, false
		}
		g.seen, i = append(g.seen, rtcpSender{ssrc: ssrc}), len(g.seen)
	}
	g.seen[i].window.mark(uint64(index))
	return b[:8+len(p)], true
}

func (g *gcm) sealRTCP(dst, plain []byte) int {
	g.index++
	g.rtcpNonce(binary.BigEndian.Uint32(plain[4:]), g.index)
	copy(g.aad[:8], plain)
	binary.BigEndian.PutUint32(g.aad[8:], g.index|1<<31)
	copy(dst, plain[:8])
	n := 8 + len(g.rtcp.Seal(dst[8:8], g.nonce[:], plain[8:], g.aad[:]))
	binary.BigEndian.PutUint32(dst[n:], g.index|1<<31)
	return n + srtcpIndex
}

// rtcpSender: senders count SRTCP packets by SSRC (RFC 3711 §3.2.3).
type rtcpSender struct {
	ssrc   uint32
	window window
}

// maxRTCPSenders bounds what a peer can make us remember.
const maxRTCPSenders = 64

// window remembers the last 64 indexes (RFC 3711 §3.3.2).
type window struct {
	top  uint64
	bits uint64 // bit i: top-i was seen
}

func (w *window) fresh(i uint64) bool {
	if w.bits == 0 || i > w.top {
		return true
	}
	d := w.top - i
	return d < 64 && w.bits>>d&1 == 0
}

func (w *window) mark(i uint64) {
	switch {
	case w.bits == 0:
		w.top, w.bits = i, 1
	case i > w.top:
		w.bits = w.bits<<min(i-w.top, 64) | 1
		w.top = i
	case w.top-i < 64:
		w.bits |= 1 << (w.top - i)
	}
}

// hmacTag ends every SRTP packet under AES128_CM_HMAC_SHA1_80.
const hmacTag = 10

// counterMode is AES128_CM_HMAC_SHA1_80 by Pion's contexts, for peers that
// offer no AEAD. They keep their own rollover counters, which agree with the
// caller's estimate because both see the same packets.
type counterMode struct {
	ctx    *srtp.Context
	header rtp.Header
}

func newCounterMode(key, salt []byte) (*counterMode, error) {
	c, err := srtp.CreateContext(key, salt, srtp.ProtectionProfileAes128CmHmacSha1_80,
		srtp.SRTPNoReplayProtection(), srtp.SRTCPReplayProtection(64))
	if err != nil {
		return nil, err
	}
	return &counterMode{ctx: c}, nil
}

func (c *counterMode) tag() int { return hmacTag }

func (c *counterMode) openRTP(b []byte, size int, _ uint32, _ uint64) ([]byte, bool) {
	if len(b) < size+hmacTag {
		return nil, false
	}
	p, err := c.ctx.DecryptRTP(b[:0], b, &c.header)
	if err != nil || len(p) < size {
		return nil, false
	}
	return p[size:], true
}

func (c *counterMode) sealRTP(b []byte, size int, payload []byte, _ uint32, _ uint64) {
	copy(b[size:], payload)
	// Fails only on a malformed header, and the header is ours.
	_, _ = c.ctx.EncryptRTP(b[:0], b[:len(b)-hmacTag], &c.header)
}

func (c *counterMode) openRTCP(b []byte) ([]byte, bool) {
	p, err := c.ctx.DecryptRTCP(nil, b, nil)
	return p, err == nil && len(p) >= 8
}

func (c *counterMode) sealRTCP(dst, plain []byte) int {
	p, err := c.ctx.EncryptRTCP(nil, plain, nil)
	if err != nil {
		return 0
	}
	return copy(dst, p)
}

var errKeys = errors.New("media: no usable SRTP profile")

// newCiphers splits the exported keying material (RFC 5764 §4.2): client key,
// server key, client salt, server salt. We are the server.
func newCiphers(aead bool, material []byte) (opener, sealer, error) {
	salt := 14
	if aead {
		salt = 12
	}
	if len(material) != 32+2*salt {
		return nil, nil, errKeys
	}
	inKey, outKey := material[:16], material[16:32]
	inSalt, outSalt := material[32:32+salt], material[32+salt:]
	if aead {
		in, err := newGCM(inKey, inSalt)
		if err != nil {
			return nil, nil, err
		}
		out, err := newGCM(outKey, outSalt)
		return in, out, err
	}
	in, err := newCounterMode(inKey, inSalt)
	if err != nil {
		return nil, nil, err
	}
	out, err := newCounterMode(outKey, outSalt)
	return in, out, err
}
