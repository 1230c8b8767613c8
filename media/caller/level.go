package caller

import (
	"github.com/pion/interceptor"
	"github.com/pion/rtp"
)

// levelURI names the header extension of RFC 6464.
const levelURI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"

// Say tells how loud the sound is from now on, in -dBov: 0 to 127, which it is
// at first, whatever the recording holds.
func (c *Call) Say(level uint8) {
	c.level.Store(uint32(level))
	c.said.Store(0)
}

// Said is how many packets of sound have left since then.
func (c *Call) Said() int { return int(c.said.Load()) }

// leveller writes the level into every packet of sound (RFC 6464).
type leveller struct {
	interceptor.NoOp
	c *Call
}

// NewInterceptor makes it for a connection.
func (l leveller) NewInterceptor(string) (interceptor.Interceptor, error) { return &l, nil }

// BindLocalStream wraps the writer of a sending stream that agreed levels.
func (l *leveller) BindLocalStream(s *interceptor.StreamInfo, next interceptor.RTPWriter) interceptor.RTPWriter {
	for _, e := range s.RTPHeaderExtensions {
		if e.URI == levelURI {
			return interceptor.RTPWriterFunc(func(h *rtp.Header, payload []byte, a interceptor.Attributes) (int, error) {
				if err := h.SetExtension(uint8(e.ID), []byte{byte(l.c.level.Load()) & 0x7f}); err != nil {
					return 0, err
				}
				l.c.said.Add(1)
				return next.Write(h, payload, a)
			})
		}
	}
	return next
}
