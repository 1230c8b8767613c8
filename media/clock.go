package media

import (
	"encoding/binary"
	"math"
)

// ntpEpoch is 1970 in the seconds of NTP.
const ntpEpoch = 2208988800

// clockWindow is how long the smallest offset counts: clocks drift apart by up
// to 50 ppm, 3 ms in this time.
const clockWindow = 60e9

// clock relates a publisher's clock to ours by the smallest (arrival − NTP) of
// its sender reports. One for all its tracks, which keeps lip sync.
type clock struct {
	now, before int64 // smallest offset of this window and the last
	turned      int64
	known       bool
}

func (c *clock) sample(ntp, now int64) {
	d := now - ntp
	if !c.known {
		c.known, c.now, c.before, c.turned = true, d, math.MaxInt64, now
		return
	}
	if now-c.turned > clockWindow {
		c.before, c.now, c.turned = c.now, d, now
	}
	c.now = min(c.now, d)
}

// here is a publisher's time on our clock.
func (c *clock) here(ntp int64) (int64, bool) {
	return ntp + min(c.now, c.before), c.known
}

// ntpNanos reads a 64-bit NTP time as nanoseconds since 1900.
func ntpNanos(b []byte) int64 {
	return int64(binary.BigEndian.Uint32(b))*1e9 + int64(binary.BigEndian.Uint32(b[4:]))*1e9>>32
}

// putNTP writes nanoseconds since 1970.
func putNTP(b []byte, unix int64) {
	binary.BigEndian.PutUint32(b, uint32(unix/1e9+ntpEpoch))
	binary.BigEndian.PutUint32(b[4:], uint32(uint64(unix%1e9)<<32/1e9))
}
