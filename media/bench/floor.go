package bench

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"math"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// floorRun asks for the least that a server could cost: the packets of the run
// that was measured, encrypted and sent and nothing else, at the run's own
// pace, in messages and calls of its own mean sizes.
type floorRun struct {
	To        []netip.AddrPort `json:"to"`
	Bytes     int              `json:"bytes"`    // of a packet, tag included
	Segments  float64          `json:"segments"` // packets of a message
	Messages  float64          `json:"messages"` // of a call
	PerSecond float64          `json:"perSecond"`
	Time      time.Duration    `json:"time"`
}

const (
	floorTag      = 16
	floorMessages = 64 // of a call, as in the server
	floorBytes    = 65000
)

// sender of the floor. Owned by one locked thread.
type sender struct {
	fd    int
	keys  []cipher.AEAD
	names []unix.RawSockaddrInet4
	plain []byte
	arena []byte
	nonce [12]byte
	n     uint64
	msgs  [floorMessages]struct {
		hdr unix.Msghdr
		n   uint32
		_   [4]byte
	}
	iov     [floorMessages]unix.Iovec
	control [floorMessages][24]byte
}

func newSender(f floorRun) (*sender, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("floor's socket: %w", err)
	}
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, 4<<20)
	s := &sender{fd: fd, plain: make([]byte, f.Bytes), arena: make([]byte, floorMessages*floorBytes)}
	for _, to := range f.To {
		key := make([]byte, 16)
		_, _ = rand.Read(key) // never fails
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, err
		}
		s.keys = append(s.keys, aead)
		name := unix.RawSockaddrInet4{Family: unix.AF_INET, Addr: to.Addr().As4()}
		binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&name.Port))[:], to.Port())
		s.names = append(s.names, name)
	}
	for i := range s.msgs {
		h := &s.msgs[i].hdr
		h.Iov = &s.iov[i]
		h.SetIovlen(1)
		h.Namelen = unix.SizeofSockaddrInet4
		h.Control = &s.control[i][0]
		c := (*unix.Cmsghdr)(unsafe.Pointer(&s.control[i][0]))
		c.Level, c.Type = unix.SOL_UDP, unix.UDP_SEGMENT
		c.SetLen(unix.CmsgLen(2))
	}
	return s, nil
}

// message puts n packets for the next receiver in place i.
func (s *sender) message(i, n int) {
	to := int(s.n % uint64(len(s.keys)))
	s.n++
	arena := s.arena[i*floorBytes:]
	used := 0
	for range n {
		b := arena[used : used+len(s.plain)]
		copy(b, s.plain)
		binary.BigEndian.PutUint64(s.nonce[4:], s.n<<8|uint64(used&255))
		s.keys[to].Seal(b[12:12], s.nonce[:], b[12:len(b)-floorTag], b[:12])
		used += len(b)
	}
	s.iov[i].Base = &arena[0]
	s.iov[i].SetLen(used)
	h := &s.msgs[i].hdr
	h.Name = (*byte)(unsafe.Pointer(&s.names[to]))
	h.Controllen = 0
	if n > 1 {
		h.SetControllen(unix.CmsgSpace(2))
		binary.NativeEndian.PutUint16(s.control[i][unix.CmsgLen(0):], uint16(len(s.plain)))
	}
}

func (s *sender) send(n int) {
	for done := 0; done < n; {
		sent, _, e := unix.RawSyscall6(unix.SYS_SENDMMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&s.msgs[done])), uintptr(n-done), 0, 0, 0)
		if e != 0 {
			sent = 1 // what the kernel refuses is lost here as in the server
		}
		done += int(sent)
	}
}

// run returns nanoseconds of this thread's CPU for each packet.
func (f floorRun) run() (float64, error) {
	if len(f.To) == 0 || f.Bytes < 12+floorTag || f.Bytes > 1500 || f.PerSecond <= 0 {
		return 0, errOptions
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	s, err := newSender(f)
	if err != nil {
		return 0, err
	}
	defer unix.Close(s.fd)
	calls := max(f.Messages, 1)
	segments := min(max(f.Segments, 1), float64(floorBytes/f.Bytes))
	var cpu, packets int64
	var someMessages, somePackets float64 // carried over, so that the means are kept
	began := time.Now()
	for elapsed := time.Duration(0); elapsed < f.Time; elapsed = time.Since(began) {
		from := threadTime()
		for owed := f.PerSecond * elapsed.Seconds(); float64(packets) <= owed; {
			someMessages += calls
			n := min(int(someMessages), floorMessages)
			someMessages -= float64(n)
			for i := range n {
				somePackets += segments
				k := int(somePackets)
				somePackets -= float64(k)
				s.message(i, k)
				packets += int64(k)
			}
			s.send(n)
		}
		cpu += threadTime() - from
		// The floor sends at the run's own pace: one that sent without pause would have warmer caches than the road.
		time.Sleep(time.Duration(calls * segments / f.PerSecond * 1e9))
	}
	return float64(cpu) / float64(packets), nil
}

func threadTime() int64 {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t)
	return t.Nano()
}

// floor pauses the load and lets the server's process send to as many sockets
// as there were receivers. It returns microseconds a packet.
func (l *load) floor(before, after reply, took float64) (float64, error) {
	f := floorRun{Time: min(time.Duration(l.o.Seconds), 5) * time.Second}
	packets := float64(after.Stats.PacketsOut - before.Stats.PacketsOut)
	messages := float64(after.Stats.Messages - before.Stats.Messages)
	calls := float64(after.Stats.Calls - before.Stats.Calls)
	f.Bytes = int(math.Round(float64(after.Stats.BytesOut-before.Stats.BytesOut) / packets))
	f.Segments, f.Messages, f.PerSecond = packets/messages, messages/max(calls, 1), packets/took
	l.paused.Store(true)
	defer l.paused.Store(false)
	var wait sync.WaitGroup
	defer wait.Wait()
	for _, c := range l.clients {
		if len(c.from) == 0 {
			continue
		}
		conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(loopback()))
		if err != nil {
			return 0, fmt.Errorf("floor's receiver: %w", err)
		}
		defer conn.Close()
		joinPackets(conn)
		f.To = append(f.To, conn.LocalAddr().(*net.UDPAddr).AddrPort())
		wait.Go(func() {
			b, oob := make([]byte, 1<<16), make([]byte, 64)
			for {
				if _, _, _, _, err := conn.ReadMsgUDPAddrPort(b, oob); err != nil {
					return
				}
			}
		})
	}
	r, err := l.server.ask(request{Do: "floor", Floor: f})
	return r.Floor / 1e3, err
}
