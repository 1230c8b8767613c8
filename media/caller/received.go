package caller

import (
	"cmp"
	"time"

	"github.com/pion/webrtc/v4"
)

// Received is what came of one kind from whoever sat in a slot.
type Received struct {
	Slot          string  `json:"slot"`
	Who           string  `json:"who"`  // "" before the first Seat
	Kind          string  `json:"kind"` // "audio" or "video"
	Packets       uint64  `json:"packets"`
	Lost          uint64  `json:"lost"`     // that came in no packet
	Restored      uint64  `json:"restored"` // that came only as a copy in a later packet
	Bytes         uint64  `json:"bytes"`
	FirstPacketMs float64 `json:"firstPacketMs"` // after Dial began
}

// order follows the numbers of one slot, whoever is in it.
type order struct {
	began     bool
	top       uint16
	missing   map[uint16]*Received // who was seated when it did not come
	timestamp uint32
	backward  int // timestamps that ran back at a higher number
}

// maxMissing bounds what may still come; what is older stays lost.
const maxMissing = 1024

// receive counts what comes in a slot until the track ends.
func (c *Call) receive(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	slot := c.slots[r]
	c.reading.Go(func() {
		for {
			p, _, err := t.ReadRTP()
			if err != nil {
				return
			}
			c.count(slot, t.Kind().String(), p.SequenceNumber, p.Timestamp, len(p.Payload))
			if p.PayloadType == redType {
				c.restore(slot, p.SequenceNumber, copies(p.Payload))
			}
		}
	})
}

func (c *Call) count(slot, kind string, seq uint16, timestamp uint32, size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.row(slot, c.seats[slot], kind)
	r.Packets++
	r.Bytes += uint64(size)
	o := c.seen[slot]
	if o == nil {
		o = &order{missing: map[uint16]*Received{}}
		c.seen[slot] = o
	}
	d := int16(seq - o.top)
	switch {
	case !o.began:
		o.began, o.top, o.timestamp = true, seq, timestamp
	case d > 0:
		for s := o.top + 1; s != seq; s++ {
			if len(o.missing) < maxMissing {
				o.missing[s] = r
			}
			r.Lost++
		}
		if int32(timestamp-o.timestamp) < 0 {
			o.backward++
		}
		o.top, o.timestamp = seq, timestamp
	default:
		if m := o.missing[seq]; m != nil {
			m.Lost--
			delete(o.missing, seq)
		}
	}
}

// redType is Opus with copies of earlier Opus (RFC 2198).
const redType = 63

// copies counts the blocks before a packet's own sound.
func copies(payload []byte) (n uint16) {
	for len(payload) > 4 && payload[0]&0x80 != 0 {
		n, payload = n+1, payload[4:]
	}
	return n
}

// restore notes what came again with a later packet: the n before it.
func (c *Call) restore(slot string, seq, n uint16) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for s := seq - n; s != seq; s++ {
		if r := c.seen[slot].missing[s]; r != nil {
			r.Lost--
			r.Restored++
			delete(c.seen[slot].missing, s)
		}
	}
}

// row of who in slot. c.mu is held.
func (c *Call) row(slot, who, kind string) *Received {
	for _, r := range c.tally {
		if r.Slot == slot && r.Who == who && r.Kind == kind {
			return r
		}
	}
	r := &Received{Slot: slot, Who: who, Kind: kind, FirstPacketMs: float64(time.Since(c.began).Microseconds()) / 1000}
	c.tally = append(c.tally, r)
	return r
}

// Seat notes who sits in slot from now on; Received counts per (slot, who).
func (c *Call) Seat(slot, who string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seats[slot] = who
}

// Received so far, in order of first arrival.
func (c *Call) Received() []Received {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]Received, len(c.tally))
	for i, r := range c.tally {
		all[i] = *r
	}
	return all
}

// Backward counts timestamps that ran back while the numbers went on: a fault
// of whoever rewrites them.
func (c *Call) Backward(slot string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return cmp.Or(c.seen[slot], &order{}).backward
}
