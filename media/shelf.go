package media

import (
	"golang.org/x/sys/unix"
)

// The shelf is a second socket on the same port, where the kernel puts the
// receivers' reports of arrivals (transport-wide feedback): ten a second of each
// receiver. They wake nobody: a road that rose for each of them would find the
// pictures' packets one by one and send them so. It takes them when it has
// forwarded what it rose for, or by its clock.
type shelf struct {
	fd   int
	gate gate // always wide: it counts what found no room
}

const (
	shelfBuffer = 1 << 20 // a second of the reports of 200
	// shelfLooks bounds the time that a shelf full of foreign packets takes.
	shelfLooks = 16
)

// newShelf of a bound socket; nil where the kernel has none to offer. The port
// was bound alone, and TCP holds it against another process that would share it.
func newShelf(fd int, bound unix.Sockaddr) *shelf {
	family := unix.AF_INET6
	if _, old := bound.(*unix.SockaddrInet4); old {
		family = unix.AF_INET
	}
	s, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	if family == unix.AF_INET6 {
		err = unix.SetsockoptInt(s, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0)
	}
	if err == nil {
		err = unix.SetsockoptInt(s, unix.SOL_SOCKET, unix.SO_RCVBUF, shelfBuffer)
	}
	for _, fd := range []int{fd, s} {
		if err == nil {
			err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
		}
	}
	if err == nil {
		err = unix.Bind(s, bound)
	}
	if err == nil {
		err = sortReports(fd) // what comes before lies in either
	}
	if err != nil {
		unix.Close(s)
		return nil
	}
	return &shelf{fd: s, gate: gate{fd: s}}
}

// sortReports has the kernel choose between the sockets of fd's port: the
// second for packets that begin with transport-wide feedback, else the first.
func sortReports(fd int) error {
	const first, second = 0, 1
	f := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: 0},
		{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: 0xc0 | 31},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: 0x80 | formatArrivals, Jf: 3},
		{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: 1},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: rtcpTransport, Jf: 1},
		{Code: unix.BPF_RET | unix.BPF_K, K: second},
		{Code: unix.BPF_RET | unix.BPF_K, K: first},
	}
	p := unix.SockFprog{Len: uint16(len(f)), Filter: &f[0]}
	return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_REUSEPORT_CBPF, &p)
}

// readReports takes what lies on the shelf.
func (r *road) readReports() {
	s := r.sock.shelf
	if s == nil || !r.reported {
		return
	}
	for range shelfLooks {
		n := r.in.look(s.fd)
		for i := range n {
			b, from := r.in.packet(i)
			r.take(b, from, nil)
		}
		if n < batchSize {
			break
		}
	}
	r.out.flush() // what a report asked for beside
}

// lostReports counts what found no room on the shelf.
func (r *road) lostReports() {
	if s := r.sock.shelf; s != nil {
		_, n := s.gate.crowd()
		r.stats.DroppedReports += uint64(n)
	}
}
