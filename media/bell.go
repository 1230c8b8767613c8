package media

import (
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

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
	beat  int         // a timer too, see steady
	fd    int         // of the socket
	all   int         // of the epoll
	rung  atomic.Bool // since the last set
	at    time.Time   // when the timer rings. The road's, as is
	beats bool        // whether it rings by the beat
}

// newBell of a socket. Closing the bell leaves the socket open.
func newBell(fd int) (*bell, error) {
	b := &bell{timer: -1, beat: -1, fd: fd}
	all, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	for _, t := range []*int{&b.timer, &b.beat} {
		if err == nil {
			*t, err = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
		}
	}
	for _, fd := range []int{fd, b.timer, b.beat} {
		if err == nil {
			err = unix.EpollCtl(all, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
		}
	}
	if err == nil {
		err = unix.SetNonblock(all, true) // else Go does not wait for it, but blocks in it
	}
	b.all, b.file = all, os.NewFile(uintptr(all), "bell")
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
	unix.Close(b.beat)
	return b.file.Close()
}

// steady has the bell ring each beatTime instead of for each packet, or ends
// that. Where the kernel refuses, packets go on ringing.
func (b *bell) steady(on bool) {
	events, beat := uint32(unix.EPOLLIN), unix.ItimerSpec{}
	if on {
		events, beat.Interval, beat.Value = 0, unix.NsecToTimespec(beatTime), unix.NsecToTimespec(beatTime)
	}
	if unix.TimerfdSettime(b.beat, 0, &beat, nil) == nil &&
		unix.EpollCtl(b.all, unix.EPOLL_CTL_MOD, b.fd, &unix.EpollEvent{Events: events, Fd: int32(b.fd)}) == nil {
		b.beats = on
	}
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

// hear the last beat, or the timer makes no other (timerfd_create(2)).
func (b *bell) hear() {
	if !b.beats {
		return
	}
	var n [8]byte
	_, _, _ = unix.RawSyscall(unix.SYS_READ, uintptr(b.beat), uintptr(unsafe.Pointer(&n)), uintptr(len(n)))
}
