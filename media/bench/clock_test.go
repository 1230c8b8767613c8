package bench

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestWaitingByTheClock(t *testing.T) {
	n := 0
	if !Until(time.Minute, func() bool { n++; return n == 3 }) || n != 3 {
		t.Errorf("asked %d times, want until the third", n)
	}
	if Until(0, func() bool { return false }) {
		t.Error("what never comes came")
	}
	ctx, cancel := Within(t.Context(), clockEach)
	<-ctx.Done()
	if err := context.Cause(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the end of the time", err)
	}
	cancel()
	ctx, cancel = Within(t.Context(), time.Hour)
	cancel()
	if !errors.Is(context.Cause(ctx), context.Canceled) {
		t.Errorf("got %v, want that it was cancelled", context.Cause(ctx))
	}
}

// A process that wants more cores than there are does not have them.
func TestClockOfAStarvedProcess(t *testing.T) {
	c := StartClock()
	if ran, stood := threads(); ran+stood == 0 {
		t.Skip("this kernel does not count how long a thread waits for a core") // built without CONFIG_SCHED_INFO: there the clock goes as the wall's, and nothing is starved
	}
	if got := c.Passed(); got > time.Since(c.began) {
		t.Errorf("%v passed in %v", got, time.Since(c.began))
	}
	c.passed, c.at = 0, c.began.Add(-time.Second)
	c.began = c.at
	c.ran, c.stood = 0, -1<<60 // it stood for years
	if got := c.Passed(); got > time.Second/2 || !c.Starved() {
		t.Errorf("got %v of a second without a core, and %v", got, c.Starved())
	}
}
