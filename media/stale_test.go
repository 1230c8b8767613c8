package media

import (
	"testing"
	"time"
)

// TestSoundThatWaitedTooLongIsNotForwarded: sound that stood in the socket for
// longer than anybody would wait for it is left out and counted; what came later
// goes on, and so does every picture.
func TestSoundThatWaitedTooLongIsNotForwarded(t *testing.T) {
	o := newOverload(t)
	r := o.r.road
	say := func(seq uint16) {
		b := picture(1001, seq, uint32(seq)*960, 0, false)
		b[1] = 111
		b = append(b, make([]byte, 8)...)
		if _, err := o.speakers[0].conn.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	read := func() {
		r.sock.bell.set(time.Now().Add(10 * time.Second))
		n, err := r.in.receive(false)
		if err != nil {
			t.Fatal(err)
		}
		before := r.now
		r.look()
		r.measure(n, before)
		r.takeAll(n)
		r.forward()
	}
	r.look()
	say(1)
	read()
	if got := o.sounds; got != listeners {
		t.Fatalf("in time: got %d sounds, want %d", got, listeners)
	}
	say(2)
	_, _ = o.speakers[0].conn.Write(picture(1000, 1, 3000, 1, true))
	// The road is away, as a process is that gets no time.
	<-time.After(soundStale*time.Nanosecond + 50*time.Millisecond)
	say(3)
	read()
	if got := o.sounds; got != 2*listeners {
		t.Errorf("after a pause: got %d sounds, want %d, of the one that came in time", got, 2*listeners)
	}
	if got := o.pictures; got != listeners {
		t.Errorf("got %d pictures, want %d", got, listeners)
	}
	if got := r.stats.DroppedLate; got != 1 {
		t.Errorf("got %d counted, want 1", got)
	}
}

// TestAClockThatIsSetMakesNoSoundLate: the kernel stamps by the machine's clock.
func TestAClockThatIsSetMakesNoSoundLate(t *testing.T) {
	o := newOverload(t)
	r := o.r.road
	b := picture(1001, 1, 960, 0, false)
	b[1] = 111
	r.look()
	if _, err := o.speakers[0].conn.Write(b); err != nil {
		t.Fatal(err)
	}
	r.sock.bell.set(time.Now().Add(10 * time.Second))
	n, err := r.in.receive(false)
	if err != nil {
		t.Fatal(err)
	}
	before := r.now
	r.look()
	r.clock += int64(time.Hour)
	r.measure(n, before)
	r.takeAll(n)
	if r.stats.DroppedLate != 0 {
		t.Error("got the sound counted late, want it forwarded")
	}
}
