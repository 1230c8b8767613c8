package media

import (
	"encoding/binary"
	"testing"
)

func TestNackIsAnsweredOnTheRetransmissionSSRC(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	p, s, keys := addReceiver(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	for i := range uint16(20) {
		r.road.media(a, picture(1000, 65530+i, uint32(i)*3000, i, i == 0))
	}
	r.road.forward()
	lost := keys.sent[7]
	seq := uint16(lost.index)
	nack := []byte{0x80 | formatNack, rtcpTransport, 0, 3, 0, 0, 0, 1, 0, 0, 0, 100, byte(seq >> 8), byte(seq), 0, 1}
	keys.sent = nil
	r.road.control(p, nack)
	r.road.control(p, nack) // the answer is on its way
	r.road.now += againPause
	r.road.control(p, nack)
	if len(keys.sent) != 4 {
		t.Fatalf("got %d retransmissions, want 4", len(keys.sent))
	}
	seen := map[uint64]bool{}
	for i, x := range keys.sent {
		if x.ssrc != 101 || seen[x.index] {
			t.Errorf("got ssrc %d, index %d again", x.ssrc, x.index)
		}
		seen[x.index] = true
		if osn := binary.BigEndian.Uint16(x.b[20:]); osn != seq+uint16(i%2) {
			t.Errorf("got original number %d, want %d", osn, seq+uint16(i%2))
		}
	}
	if ts := binary.BigEndian.Uint32(keys.sent[0].b[4:]); ts != binary.BigEndian.Uint32(lost.b[4:]) {
		t.Errorf("got timestamp %d, want the lost packet's", ts)
	}
}

func TestNackFloodIsBounded(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	p, s, keys := addReceiver(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	for i := range uint16(400) {
		r.road.media(a, picture(1000, i, 0, i, i == 0))
		r.road.forward()
	}
	ask := func(times int) []byte {
		nack := []byte{0x80 | formatNack, rtcpTransport, 0, byte(2 + times), 0, 0, 0, 1, 0, 0, 0, 100}
		for i := range times {
			nack = binary.BigEndian.AppendUint16(nack, uint16(s.last)-16-17*uint16(i%20))
			nack = append(nack, 0xff, 0xff)
		}
		return nack
	}
	keys.sent = nil
	r.road.control(p, ask(253))
	if len(keys.sent) != maxResends {
		t.Errorf("got %d retransmissions in a tick, want %d", len(keys.sent), maxResends)
	}
	keys.sent = nil
	for range 4 * againMost {
		p.resent, p.asked = 0, 0
		r.road.now += againPause
		r.road.control(p, ask(1))
	}
	if most := 17 * againMost; len(keys.sent) > most {
		t.Errorf("got %d retransmissions of 17 packets, want %d at most", len(keys.sent), most)
	}
}
