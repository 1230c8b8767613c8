package auth

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// A token is what a link carries after the #: base64url, without padding, of
//
//	1 byte  what it is for and in which version
//	16      random id
//	8       end of life, Unix seconds, big endian
//	16      HMAC-SHA256 of the above by the node's key, cut to 128 bits
//
// So a forged link costs the node one hash and no question to the store.
type token struct {
	use     byte
	id      [16]byte
	expires time.Time
}

const (
	useJoin   byte = 0x01
	useSignIn byte = 0x41

	tokenBody   = 1 + 16 + 8
	tokenLength = tokenBody + 16
)

func newToken(use byte, expires time.Time) token {
	t := token{use: use, expires: expires}
	copy(t.id[:], random(16))
	return t
}

func (t token) write(key []byte) string {
	b := make([]byte, 0, tokenLength)
	b = append(b, t.use)
	b = append(b, t.id[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(t.expires.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(b, tokenSum(key, b)...))
}

// readToken accepts exactly what write makes for this use and key; anything else is forged.
func readToken(key []byte, use byte, s string) (token, bool) {
	if len(s) != base64.RawURLEncoding.EncodedLen(tokenLength) {
		return token{}, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != tokenLength || b[0] != use || !hmac.Equal(b[tokenBody:], tokenSum(key, b[:tokenBody])) {
		return token{}, false
	}
	t := token{use: b[0], expires: time.Unix(int64(binary.BigEndian.Uint64(b[17:tokenBody])), 0).UTC()}
	copy(t.id[:], b[1:17])
	return t, true
}

func tokenSum(key, body []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte("astara link\x00"))
	h.Write(body)
	return h.Sum(nil)[:16]
}
