package media

import (
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// bell wakes the road: when a packet comes, at a time, and when somebody rings.
// It is an epoll of the socket and of a timer, for which Go's poller waits.
// Against a deadline of the file itself: one that is put off with each tick
// rings at its old times too, a millisecond early and once more, and wakes the
// runtime's monitor beside the road: a sixth of what a room of ten costs. And
// the poller would wake for room in the socket whenever packets have left it.
type bell struct {
	file  *os.File // the epoll
	raw   syscall.RawConn
	timer int
	rung  atomic.Bool // since the last set
	at    time.Time   // when the timer rings. The road's
}

// newBell of a socket. Closing the bell leaves the socket open.
func newBell(fd int) (*bell, error) {
	timer, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("timer: %w", err)
	}
	b := &bell{timer: timer}
	all, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		unix.Close(timer)
		return nil, fmt.Errorf("epoll: %w", err)
	}
	for _, fd := range []int{fd, timer} {
		if err == nil {
			err = unix.EpollCtl(all, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
		}
	}
	if err == nil {
		err = unix.SetNonblock(all, true) // else Go does not wait for it, but blocks in it
	}
	b.file = os.NewFile(uintptr(all), "bell")
	if err == nil {
		b.raw, err = b.file.SyscallConn()
	}
	if err != nil {
		b.close()
		return nil, fmt.Errorf("epoll: %w", err)
	}
	return b, nil
}

func (b *bell) close() error {
	unix.Close(b.timer)
	return b.file.Close()
}

// ring from any goroutine: the present or the next wait ends at once.
func (b *bell) ring() {
	b.rung.Store(true)
	b.after(1)
}

// set when it rings next. It takes back a ring, so it must come before the road
// looks at what it was rung for.
func (b *bell) set(at time.Time) {
	b.rung.Store(false)
	b.at = at
	b.after(time.Until(at))
}

func (b *bell) after(d time.Duration) {
	s := unix.ItimerSpec{Value: unix.NsecToTimespec(max(int64(d), 1))}
	_ = unix.TimerfdSettime(b.timer, 0, &s, nil)
}

// due says that it has rung.
func (b *bell) due() bool { return b.rung.Load() || !time.Now().Before(b.at) }
