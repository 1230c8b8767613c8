package media

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
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

// BenchmarkCrew: frames of four packets, of one and of eight publishers, to 200
// receivers, by one core and by all. Packets a second of real time say little on
// a machine that others use; "times" is how much more all cores forward by the
// CPU time of the busiest of them.
func BenchmarkCrew(b *testing.B) {
	for _, publishers := range []int{1, 8} {
		alone := 0.0
		for _, all := range []bool{false, true} {
			name := fmt.Sprint(publishers, " to 200, one core")
			if all {
				name = fmt.Sprint(publishers, " to 200, ", runtime.GOMAXPROCS(0))
			}
			b.Run(name, func(b *testing.B) {
				busiest := benchCrew(b, publishers, all)
				if !all {
					alone = busiest
				}
				b.ReportMetric(busiest/1e3, "us/packet")
				b.ReportMetric(alone/busiest, "times")
			})
		}
	}
}

// benchCrew returns the CPU time that the busiest core spent on a packet, in ns.
func benchCrew(b *testing.B, publishers int, all bool) float64 {
	r := still(b)
	if !all {
		r.road.crew.helpers = nil
	}
	var wait sync.WaitGroup
	r.road.crew.run(&wait)
	defer wait.Wait()
	defer r.road.crew.stop()
	var from []*peer
	for i := range publishers {
		from = append(from, addPublisher(r, PeerID(fmt.Sprint("p", i)), 1000))
	}
	const receivers, parts = 200, 4
	for i := range receivers {
		_, to := sink(b)
		p := newPeer(PeerID(fmt.Sprint("r", i)), "x")
		_, p.out, _ = newCiphers(true, newKeys(b, 12))
		p.in = openKeys{}
		p.remote.Store(&remote{peer: p, addr: to})
		var all []receive
		for range publishers {
			all = append(all, receive{slot: newSlot(p, "v", Video, uint32(len(all)), 0), formats: everyFormat()})
		}
		r.road.apply(p, plan{ways: credentials{user: fmt.Sprint("r", i)}, receives: all})
		for j, from := range from {
			r.road.track(TrackID{from.id, "camera"}).seat(all[j].slot)
		}
	}
	plain := append(picture(1000, 0, 0, 0, true), make([]byte, 1084)...)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	seq := uint16(0)
	own, both := cpu(unix.CLOCK_THREAD_CPUTIME_ID), cpu(unix.CLOCK_PROCESS_CPUTIME_ID)
	for b.Loop() {
		r.road.now += 33e6 // else the publishers flood
		for range parts {
			for _, p := range from {
				binary.BigEndian.PutUint16(plain[2:], seq)
				r.road.media(p, plain)
			}
			seq++
		}
		r.road.forward()
	}
	own, both = cpu(unix.CLOCK_THREAD_CPUTIME_ID)-own, cpu(unix.CLOCK_PROCESS_CPUTIME_ID)-both
	n := float64(b.N) * float64(publishers) * parts * receivers
	b.ReportMetric(n/b.Elapsed().Seconds(), "packets/s")
	return float64(max(own, both-own)) / n
}

// cpu time of this thread or process, in ns.
func cpu(clock int32) int64 {
	var t unix.Timespec
	_ = unix.ClockGettime(clock, &t)
	return t.Nano()
}
