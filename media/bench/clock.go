package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Clock goes as fast as the machine lets this process: while its threads wait
// for a core as long as they have one, a second is half a second. Tests that
// wait for what takes time wait by it, so that a machine which runs much else
// fails nothing, and a quiet one is not waited for any longer.
type Clock struct {
	began, at  time.Time
	ran, stood int64 // nanoseconds, of all threads, at the last look
	passed     time.Duration
}

// clockEach is how often the threads' figures are read.
const clockEach = 200 * time.Millisecond

// StartClock at 0.
func StartClock() *Clock {
	c := &Clock{began: time.Now()}
	c.at = c.began
	c.ran, c.stood = threads()
	return c
}

// Passed so far.
func (c *Clock) Passed() time.Duration {
	since := time.Since(c.at)
	if since < clockEach {
		return c.passed
	}
	ran, stood := threads()
	had, lacked := max(ran-c.ran, 0), max(stood-c.stood, 0) // a thread that ended takes its figures with it
	if had+lacked == 0 {
		had = 1
	}
	c.passed += time.Duration(float64(since) * float64(had) / float64(had+lacked))
	c.at, c.ran, c.stood = time.Now(), ran, stood
	return c.passed
}

// Starved says that the process had less than half of what it could have used:
// what it lost or was late for says more of the machine than of it.
func (c *Clock) Starved() bool {
	passed := c.Passed()
	return passed < time.Since(c.began)/2
}

// Judge skips what is left of a test whose process was starved, and says so. It is asked when something was lost or late.
func (c *Clock) Judge(t interface {
	Helper()
	Skip(args ...any)
}) {
	t.Helper()
	if c.Starved() {
		t.Skip("not judged: the machine let this process wait longer than it let it run")
	}
}

// wallMost times as long as by the clock is the longest that anything waits.
const wallMost = 10

func (c *Clock) over(d time.Duration) bool {
	return c.Passed() >= d || time.Since(c.began) >= wallMost*d
}

// Until polls, and gives up when d has passed by a clock of its own.
func Until(d time.Duration, is func() bool) bool {
	c := StartClock()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		if c.over(d) {
			return false
		}
		<-tick.C
	}
	return true
}

// Within is a context that ends when d has passed by a clock of its own. Cancel
// waits for what watches the clock.
func Within(parent context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	var watch sync.WaitGroup
	watch.Go(func() {
		c := StartClock()
		tick := time.NewTicker(clockEach)
		defer tick.Stop()
		for !c.over(d) {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
		cancel(context.DeadlineExceeded)
	})
	return ctx, func() { cancel(context.Canceled); watch.Wait() }
}

// threads sums how long this process's have run and stood ready without a core,
// in nanoseconds; 0 where the kernel does not count it.
func threads() (ran, stood int64) {
	all, _ := filepath.Glob("/proc/self/task/*/schedstat") // the pattern is sound
	for _, path := range all {
		var r, s int64
		if b, err := os.ReadFile(path); err == nil { // else the thread has ended
			if _, err := fmt.Sscan(string(b), &r, &s); err == nil {
				ran, stood = ran+r, stood+s
			}
		}
	}
	return ran, stood
}
