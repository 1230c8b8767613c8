package media

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// slowKeys take a time for each packet, and count what they were given.
type slowKeys struct {
	plainKeys
	takes            time.Duration
	sounds, pictures *atomic.Int64
}

func (k *slowKeys) sealRTP(b []byte, size int, payload []byte, ssrc uint32, _ uint64) {
	for began := time.Now(); time.Since(began) < k.takes; {
	}
	copy(b[size:], payload)
	if ssrc == soundOut {
		k.sounds.Add(1)
	} else {
		k.pictures.Add(1)
	}
}

// overload is a road that is to forward two and a half times of what it can;
// sound is a sixth of what it can.
type overload struct {
	r                *Router
	speakers         []*speaker
	sounds, pictures atomic.Int64 // forwarded
}

// speaker keeps its numbers over the parts of a test.
type speaker struct {
	conn           *net.UDPConn
	sounds, frames uint32
	parts          uint16
}

const (
	soundOut = 102 // SSRC of every sound slot

	speakers  = 4
	listeners = 10
	perSecond = 50 // packets of sound of a speaker
	frames    = 30
	parts     = 24 // packets of a frame
)

func newOverload(t *testing.T) *overload {
	o := &overload{r: still(t)}
	road := o.r.road
	var tracks []TrackID
	for i := range speakers {
		c, err := net.DialUDP("udp4", nil, net.UDPAddrFromAddrPort(o.r.sock.addr))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		o.speakers = append(o.speakers, &speaker{conn: c})
		p := newPeer(PeerID(fmt.Sprint("s", i)), "x")
		road.apply(p, plan{ways: credentials{user: fmt.Sprint("s", i)}, ids: *ids(), codecs: numbers(), publishes: []publish{
			{mid: "0", source: "camera", kind: Video, formats: everyFormat(), ssrc: 1000, rtxSSRC: 1001},
			{mid: "1", source: "microphone", kind: Audio, formats: []format{{codec: opus, payload: 111}}, ssrc: 2000},
		}})
		p.in, p.out, p.heard = openKeys{}, &plainKeys{}, 1<<62
		p.remote.Store(road.learn(remote{peer: p, addr: addressOf(c.LocalAddr().(*net.UDPAddr).AddrPort())}, false))
		tracks = append(tracks, TrackID{p.id, "camera"}, TrackID{p.id, "microphone"})
	}
	_, to := sink(t)
	const load = speakers * listeners * (perSecond + frames*parts)
	for i := range listeners {
		p := newPeer(PeerID(fmt.Sprint("r", i)), "x")
		var all []receive
		for range speakers {
			all = append(all, receive{slot: newSlot(p, "v", Video, 100, 101), formats: everyFormat()},
				receive{slot: newSlot(p, "a", Audio, soundOut, 0), formats: []format{{codec: opus, payload: 111}}})
		}
		road.apply(p, plan{ways: credentials{user: fmt.Sprint("r", i)}, receives: all})
		p.in, p.out, p.heard = openKeys{}, &slowKeys{takes: 5 * time.Second / 2 / load, sounds: &o.sounds, pictures: &o.pictures}, 1<<62
		p.remote.Store(&remote{peer: p, addr: to})
		for j, id := range tracks {
			road.track(id).seat(all[j].slot)
		}
	}
	return o
}

// run the road until the returned function is called.
func (o *overload) run(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := o.r.road.run(ctx); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	return func() {
		cancel()
		o.r.road.do(func() {})
		wait.Wait()
	}
}

// speak sends sound, and frames of so many packets that are key frames all, until done.
func (o *overload) speak(parts int, done func(spoken time.Duration) bool) {
	var wait sync.WaitGroup
	for _, s := range o.speakers {
		wait.Go(func() {
			tick := time.NewTicker(5 * time.Millisecond)
			defer tick.Stop()
			began, sounds, shown := time.Now(), s.sounds, s.frames
			for now := time.Duration(0); !done(now); now = time.Since(began) {
				for ; float64(s.sounds-sounds) < now.Seconds()*perSecond; s.sounds++ {
					b := picture(2000, uint16(s.sounds), s.sounds*960, 0, false)
					b[1] = 111
					_, _ = s.conn.Write(b)
				}
				for ; float64(s.frames-shown) < now.Seconds()*frames; s.frames++ {
					for i := range parts {
						b := append(picture(1000, s.parts, s.frames*3000, uint16(s.frames), i == 0), make([]byte, 1000)...)
						_, _ = s.conn.Write(b)
						s.parts++
					}
				}
				<-tick.C
			}
		})
	}
	wait.Wait()
}

func TestOverloadCostsPicturesAndNoSound(t *testing.T) {
	for _, small := range []bool{false, true} {
		t.Run(fmt.Sprint("small socket ", small), func(t *testing.T) {
			o := newOverload(t)
			if small { // what a system allows that nobody tuned: 90 pictures
				if err := unix.SetsockoptInt(o.r.sock.fd, unix.SOL_SOCKET, unix.SO_RCVBUF, 208<<10); err != nil {
					t.Fatal(err)
				}
			}
			stop := o.run(t)
			o.speak(parts, func(spoken time.Duration) bool { return spoken > 3*time.Second })
			over, shown := o.pictures.Load(), int64(0)
			for _, s := range o.speakers {
				shown += int64(s.parts) * listeners
			}
			held := o.r.Stats().Held
			back := func() bool { return o.r.Stats().Held < held }
			o.speak(1, func(spoken time.Duration) bool { return back() || spoken > 40*time.Second })
			before := o.pictures.Load()
			o.speak(1, func(spoken time.Duration) bool { return o.pictures.Load() > before+10 || spoken > 10*time.Second })
			due := int64(0)
			for _, s := range o.speakers {
				due += int64(s.sounds) * listeners
			}
			o.speak(0, func(spoken time.Duration) bool { return o.sounds.Load() >= due || spoken > 5*time.Second })
			stop()
			s := o.r.road.stats
			due -= int64(s.DroppedLate) * listeners // the machine was elsewhere for too long
			t.Logf("%d of %d sounds, %d of %d pictures, %d given up, narrowed %d times, %d kept out, %d lost, %d too late", o.sounds.Load(), due, over, shown, s.Shed, s.Narrowed, s.DroppedNarrow, s.DroppedFull, s.DroppedLate)
			if got := o.sounds.Load(); got < due*999/1000 {
				t.Errorf("got %d of %d sounds, want 99.9 %%", got, due)
			}
			if over > shown*6/10 || s.Shed == 0 || small != (s.Narrowed > 0) {
				t.Errorf("got %d of %d pictures, %d given up, narrowed %d times", over, shown, s.Shed, s.Narrowed)
			}
			if held == 0 || o.pictures.Load() == before {
				t.Errorf("got %d pictures given up and %d new ones afterwards, want some to come back", held, o.pictures.Load()-before)
			}
		})
	}
}
