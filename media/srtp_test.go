package media

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"testing"

	"github.com/pion/srtp/v3"
)

func newKeys(t testing.TB, salt int) []byte {
	t.Helper()
	b := make([]byte, 32+2*salt)
	_, _ = rand.Read(b)
	return b
}

// samples of an RTP packet: bare, with a one-byte and with a two-byte extension.
func rtpPacket(kind int, seq uint16, payload []byte) (b []byte, size int) {
	b = []byte{0x80, 96, 0, 0, 1, 2, 3, 4, 0xde, 0xad, 0xbe, 0xef}
	binary.BigEndian.PutUint16(b[2:], seq)
	switch kind {
	case 1:
		b[0] |= 0x10
		b = append(b, 0xbe, 0xde, 0, 1, 0x10, 7, 0, 0)
	case 2:
		b[0] |= 0x10
		b = append(b, 0x10, 0, 0, 1, 1, 2, 3, 4)
	}
	return append(b, payload...), len(b)
}

// indexes starts where sequence number and rollover count turn over.
var indexes = []uint64{0, 1, 127, 128, 32767, 32768, 65534, 65535, 65536, 65537, 98304, 131071, 131072}

// bothCiphers are ours, as the server, and Pion's, as the client, from the same keys.
func bothCiphers(t *testing.T, aead bool) (in opener, out sealer, theirsIn, theirsOut *srtp.Context) {
	t.Helper()
	salt, profile := 14, srtp.ProtectionProfileAes128CmHmacSha1_80
	if aead {
		salt, profile = 12, srtp.ProtectionProfileAeadAes128Gcm
	}
	keys := newKeys(t, salt)
	in, out, err := newCiphers(aead, keys)
	if err != nil {
		t.Fatal(err)
	}
	theirsOut, err = srtp.CreateContext(keys[:16], keys[32:32+salt], profile)
	if err != nil {
		t.Fatal(err)
	}
	theirsIn, err = srtp.CreateContext(keys[16:32], keys[32+salt:], profile)
	if err != nil {
		t.Fatal(err)
	}
	return in, out, theirsIn, theirsOut
}

func TestCiphersAgreeWithPion(t *testing.T) {
	for _, aead := range []bool{true, false} {
		in, out, theirsIn, theirsOut := bothCiphers(t, aead)
		payload := bytes.Repeat([]byte("tea house "), 30)
		for i, index := range indexes {
			for kind := range 3 {
				plain, size := rtpPacket(kind, uint16(index), payload)
				theirsOut.SetROC(0xdeadbeef, uint32(index>>16))
				sealed, err := theirsOut.EncryptRTP(nil, plain, nil)
				if err != nil {
					t.Fatal(err)
				}
				if aead || index < 32768 || i > 0 { // the context finds its own rollover
					got, ok := in.openRTP(sealed, size, 0xdeadbeef, index)
					if !ok || !bytes.Equal(got, payload) {
						t.Errorf("aead %v, index %d, kind %d: theirs does not open", aead, index, kind)
					}
				}
				b := append(bytes.Clone(plain), make([]byte, out.tag())...)
				out.sealRTP(b, size, b[size:len(b)-out.tag()], 0xdeadbeef, index)
				theirsIn.SetROC(0xdeadbeef, uint32(index>>16))
				opened, err := theirsIn.DecryptRTP(nil, b, nil)
				if err != nil || !bytes.Equal(opened, plain) {
					t.Errorf("aead %v, index %d, kind %d: ours does not open: %v", aead, index, kind, err)
				}
			}
		}
	}
}

func TestControlCiphersAgreeWithPion(t *testing.T) {
	for _, aead := range []bool{true, false} {
		in, out, theirsIn, theirsOut := bothCiphers(t, aead)
		plain := []byte{0x81, rtcpPayload, 0, 2, 0, 0, 0, 1, 0, 0, 0, 9}
		for range 3 {
			sealed, err := theirsOut.EncryptRTCP(nil, plain, nil)
			if err != nil {
				t.Fatal(err)
			}
			again := bytes.Clone(sealed)
			if got, ok := in.openRTCP(sealed); !ok || !bytes.Equal(got, plain) {
				t.Errorf("aead %v: theirs does not open", aead)
			}
			if _, ok := in.openRTCP(again); ok {
				t.Errorf("aead %v: a replay opens", aead)
			}
			var b [100]byte
			n := out.sealRTCP(b[:], plain)
			if got, err := theirsIn.DecryptRTCP(nil, b[:n], nil); err != nil || !bytes.Equal(got, plain) {
				t.Errorf("aead %v: ours does not open: %v", aead, err)
			}
		}
	}
}

func TestTamperedPacketDoesNotOpen(t *testing.T) {
	keys := newKeys(t, 12)
	in, _, _ := newCiphers(true, keys)
	theirs, _ := srtp.CreateContext(keys[:16], keys[32:44], srtp.ProtectionProfileAeadAes128Gcm)
	plain, size := rtpPacket(1, 7, []byte("payload"))
	sealed, _ := theirs.EncryptRTP(nil, plain, nil)
	for i := range sealed {
		b := bytes.Clone(sealed)
		b[i] ^= 1
		if _, ok := in.openRTP(b, size, 0xdeadbeef, 7); ok && i != 2 && i != 3 {
			t.Errorf("byte %d changed: opens", i)
		}
	}
	if _, ok := in.openRTP(bytes.Clone(sealed), size, 0xdeadbeef, 7+65536); ok {
		t.Error("opens under another rollover count")
	}
}

func TestWindow(t *testing.T) {
	for _, at := range indexes {
		var w window
		w.mark(at + 100)
		for _, c := range []struct {
			index uint64
			fresh bool
		}{{at + 100, false}, {at + 101, true}, {at + 99, true}, {at + 37, true}, {at + 36, false}, {at + 1000, true}} {
			if got := w.fresh(c.index); got != c.fresh {
				t.Errorf("after %d, %d: got %v, want %v", at+100, c.index, got, c.fresh)
			}
		}
		w.mark(at + 1000)
		if w.fresh(at+1000) || !w.fresh(at+999) {
			t.Errorf("%d: a jump leaves old bits", at)
		}
	}
}

func TestUnroll(t *testing.T) {
	for _, top := range indexes {
		for _, d := range []int64{-32768, -32767, -128, -1, 0, 1, 127, 32767} {
			want := int64(top) + d
			got, ok := unroll(top, uint16(want))
			if ok != (want >= 0) || ok && int64(got) != want {
				t.Errorf("top %d, step %d: got %d, %v", top, d, got, ok)
			}
		}
	}
}
