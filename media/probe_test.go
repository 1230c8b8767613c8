package media

import (
	"fmt"
	"testing"
)

// measured is a receiver that reports arrivals and wants more than it has.
func measured(t *testing.T, r *Router, id PeerID, to address) (*peer, *slot, *plainKeys) {
	p, s, keys := addReceiver(t, r, id, to)
	s.ids[extTransportSeq] = 5
	p.flight, p.estimate = &flight{}, newEstimate()
	p.estimate.at, p.wanted = 1, 5e6
	return p, s, keys
}

func TestProbesOfManyTakeTurns(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	var all []*peer
	for i := range 200 {
		p, _, _ := measured(t, r, PeerID(fmt.Sprint("c", i)), to)
		all = append(all, p)
	}
	r.road.now = 1e9
	probed := func() (now, ever int) {
		for _, p := range all {
			if p.estimate.probe.sends(r.road.now) {
				now++
			}
			if p.estimate.probe.open {
				ever++
			}
		}
		return now, ever
	}
	// Each adds 2 Mbit/s.
	for tick := 1; tick <= 30; tick++ {
		r.road.climb(1)
		now, ever := probed()
		if now > probesTogether/2e6 {
			t.Fatalf("tick %d: got %d probes at a time, want at most %.0f", tick, now, probesTogether/2e6)
		}
		if tick == 25 && ever != 200 {
			t.Errorf("after 625 ms: got %d of 200 probed", ever)
		}
		r.road.now += int64(tickTime)
	}
}

func TestALateRoadMeasuresNobody(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	p, _, _ := measured(t, r, "c", to)
	r.road.now, r.road.strain.late = 1e9, 2*probeLate
	r.road.climb(1)
	if p.estimate.probe.open {
		t.Error("got a probe from a road that is late")
	}
	r.road.strain.late = 0
	r.road.climb(1)
	if !p.estimate.probe.open {
		t.Error("got no probe when it is not late any more")
	}
}

// TestProbeRepeatsWhatTheReceiverHas: large packets over the retransmission
// SSRC; what has not gone out yet is not among them.
func TestProbeRepeatsWhatTheReceiverHas(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	p, s, keys := measured(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	p.credit = 20_000
	for i := range uint16(30) {
		r.road.media(a, append(picture(1000, i, 0, 0, i == 0), make([]byte, 1000)...))
	}
	r.road.forward()
	gone := len(keys.sent)
	p.downBefore = p.bytesDown
	if gone == 0 || gone >= 30 {
		t.Fatalf("got %d of 30 sent, want a part: the rest waits", gone)
	}
	r.road.now = 1e9
	r.road.climb(1)
	probe := keys.sent[gone:]
	if len(probe) < 5 || len(probe) > 15 {
		t.Errorf("got %d packets for 4 Mbit/s of a tick, want about 12", len(probe))
	}
	for i, k := range probe {
		if k.ssrc != s.rtxSSRC {
			t.Errorf("packet %d: got SSRC %d, want %d", i, k.ssrc, s.rtxSSRC)
		}
	}
	if r.road.stats.Retransmitted != 0 || r.road.stats.Probes != uint64(len(probe)) {
		t.Errorf("got %d retransmissions and %d of probes, want 0 and %d", r.road.stats.Retransmitted, r.road.stats.Probes, len(probe))
	}
	// What was asked for again was sent before.
	for k := s.again()(); k != nil; k = nil {
		if out, _, _ := s.number(k.index); out > s.last {
			t.Errorf("got packet %d again, and only %d was sent", out, s.last)
		}
	}
}

// TestWhatAReceiverEstimatesItselfIsObeyed: no transport-wide feedback, REMB.
func TestWhatAReceiverEstimatesItselfIsObeyed(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	_, send := layered(r)
	p, s, _ := addReceiver(t, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	seq := uint16(0)
	flow := func() {
		for range 3 {
			for rank := range 3 {
				send(rank, seq, 100, true)
			}
			seq++
			r.road.share(p)
		}
	}
	remb := func(bps uint32) {
		x := rembBitrate(bps)
		r.road.control(p, []byte{0x8f, 206, 0, 5, 0, 0, 0, 9, 0, 0, 0, 0, 'R', 'E', 'M', 'B', 1, byte(x >> 16), byte(x >> 8), byte(x), 0, 0, 0, 100})
		if p.remb < int(bps)*99/100 || p.remb > int(bps) {
			t.Errorf("got %d of a REMB of %d", p.remb, bps)
		}
	}
	for _, c := range []struct {
		bps  uint32
		want string
	}{{5_000_000, "f"}, {700_000, "h"}, {200_000, "q"}, {5_000_000, "f"}} {
		r.road.now += 1e8
		remb(c.bps)
		flow()
		if s.cur == nil || s.cur.rid != c.want {
			t.Errorf("REMB of %d: got %+v, want %s", c.bps, s.cur, c.want)
		}
	}
}
