package recorder

import "github.com/pion/rtp/codecs"

// vp8Payload takes the descriptor of RFC 7741 off a packet; first says that a
// frame begins with it.
func vp8Payload(b []byte) (data []byte, first, ok bool) {
	var p codecs.VP8Packet
	data, err := p.Unmarshal(b)
	return data, err == nil && p.S == 1 && p.PID == 0, err == nil
}
