package media

import "time"

// OpusTime reads how long an Opus packet lasts from its first bytes (RFC 6716 §3.1); 0: it is none.
func OpusTime(p []byte) time.Duration {
	if len(p) == 0 {
		return 0
	}
	var each time.Duration
	switch c := p[0] >> 3; {
	case c < 12:
		each = []time.Duration{10, 20, 40, 60}[c&3] * time.Millisecond
	case c < 16:
		each = []time.Duration{10, 20}[c&1] * time.Millisecond
	default:
		each = 2500 * time.Microsecond << (c & 3)
	}
	switch p[0] & 3 {
	case 0:
		return each
	case 1, 2:
		return 2 * each
	}
	if len(p) < 2 {
		return 0
	}
	return time.Duration(p[1]&63) * each
}
