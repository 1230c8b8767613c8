package media

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"sync"
	"testing"
)

func TestCrewWritesEveryPacketOnceAndInOrder(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	var all []*plainKeys
	for i := range 61 {
		_, s, keys := addReceiver(t, r, PeerID(fmt.Sprint("r", i)), to)
		r.road.track(TrackID{"a", "camera"}).seat(s)
		all = append(all, keys)
	}
	var wait sync.WaitGroup
	r.road.crew.run(&wait)
	const frames, parts = 50, 8
	for i := range uint16(frames * parts) {
		r.road.media(a, picture(1000, i, uint32(i/parts), i/parts, i == 0))
		if i%parts == parts-1 {
			r.road.forward()
		}
	}
	r.road.crew.stop()
	wait.Wait()
	for i, keys := range all {
		if len(keys.sent) != frames*parts {
			t.Fatalf("receiver %d: got %d packets, want %d", i, len(keys.sent), frames*parts)
		}
		for j := 1; j < len(keys.sent); j++ {
			if keys.sent[j].index != keys.sent[j-1].index+1 {
				t.Fatalf("receiver %d: got index %d after %d", i, keys.sent[j].index, keys.sent[j-1].index)
			}
		}
	}
	if got := r.road.stats.PacketsOut; got != 61*frames*parts {
		t.Errorf("got %d packets counted, want %d", got, 61*frames*parts)
	}
}

// BenchmarkCrew: a frame of four packets to 200 receivers, by one core and by
// all; packets a second of real time.
func BenchmarkCrew(b *testing.B) {
	for _, all := range []bool{false, true} {
		name := "one"
		if all {
			name = fmt.Sprint(runtime.GOMAXPROCS(0))
		}
		b.Run(name, func(b *testing.B) {
			r := still(b)
			if !all {
				r.road.crew.helpers = nil
			}
			var wait sync.WaitGroup
			r.road.crew.run(&wait)
			defer wait.Wait()
			defer r.road.crew.stop()
			a := addPublisher(r, "a", 1000)
			for i := range 200 {
				_, to := sink(b)
				p, s, _ := addReceiver(b, r, PeerID(fmt.Sprint("r", i)), to)
				_, p.out, _ = newCiphers(true, newKeys(b, 12))
				r.road.track(TrackID{"a", "camera"}).seat(s)
			}
			plain := append(picture(1000, 0, 0, 0, true), make([]byte, 1084)...)
			seq := uint16(0)
			for b.Loop() {
				for range 4 {
					binary.BigEndian.PutUint16(plain[2:], seq)
					r.road.media(a, plain)
					seq++
				}
				r.road.forward()
			}
			b.ReportMetric(float64(b.N)*800/b.Elapsed().Seconds(), "packets/s")
		})
	}
}
