package media

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// receiveBuffer holds what comes until the road, being behind, has given up
// pictures: half a second of 20,000 packets/s. sendBuffer is 100 ms of 300 Mbit/s.
const (
	receiveBuffer = 16 << 20
	sendBuffer    = 4 << 20
)

// address is a comparable IP address and port; IPv4 stands in its mapped form.
type address struct {
	ip   [16]byte
	port uint16
	zone uint32
}

func (a address) addrPort() netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom16(a.ip).Unmap(), a.port)
}

func addressOf(p netip.AddrPort) address {
	return address{ip: p.Addr().As16(), port: p.Port()}
}

// sockaddr is room for a sockaddr_in6 or a sockaddr_in, as the kernel writes it.
type sockaddr [unix.SizeofSockaddrInet6]byte

func (s *sockaddr) read() address {
	var a address
	a.port = binary.BigEndian.Uint16(s[2:])
	if binary.NativeEndian.Uint16(s[:]) == unix.AF_INET {
		a.ip[10], a.ip[11] = 0xff, 0xff
		copy(a.ip[12:], s[4:8])
		return a
	}
	copy(a.ip[:], s[8:24])
	a.zone = binary.NativeEndian.Uint32(s[24:])
	return a
}

// write returns the length of what it wrote; old means an AF_INET socket.
func (s *sockaddr) write(a address, old bool) uint32 {
	*s = sockaddr{}
	binary.BigEndian.PutUint16(s[2:], a.port)
	if old {
		binary.NativeEndian.PutUint16(s[:], unix.AF_INET)
		copy(s[4:8], a.ip[12:])
		return unix.SizeofSockaddrInet4
	}
	binary.NativeEndian.PutUint16(s[:], unix.AF_INET6)
	copy(s[8:24], a.ip[:])
	binary.NativeEndian.PutUint32(s[24:], a.zone)
	return unix.SizeofSockaddrInet6
}

// socket is the one UDP socket of a router. It is dual-stack; where the machine
// has no IPv6 it is an IPv4 one (old).
type socket struct {
	bell  *bell
	shelf *shelf // nil: there is none
	fd    int
	old   bool
	addr  netip.AddrPort
}

// openSocket binds; several means that the machine has addresses to choose from.
func openSocket(listen netip.AddrPort, several bool) (*socket, error) {
	s := &socket{}
	fd, err := unix.Socket(unix.AF_INET6, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err == nil {
		err = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0)
	}
	var to unix.Sockaddr
	ip := listen.Addr()
	if err == nil {
		if !ip.IsValid() || ip == netip.IPv4Unspecified() {
			ip = netip.IPv6Unspecified()
		}
		to = &unix.SockaddrInet6{Port: int(listen.Port()), Addr: ip.As16()}
	} else {
		s.old = true
		fd, err = unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
		if err != nil {
			return nil, fmt.Errorf("open UDP socket: %w", err)
		}
		v4 := &unix.SockaddrInet4{Port: int(listen.Port())}
		if ip.Unmap().Is4() {
			v4.Addr = ip.Unmap().As4()
		}
		to = v4
	}
	if err := unix.Bind(fd, to); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("bind UDP: %w", err)
	}
	enlarge(fd)
	// The time of arrival says how late the road is. Without it, it never is.
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	if several && !s.old {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_RECVPKTINFO, 1)
	} else if several {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_PKTINFO, 1)
	}
	bound, err := unix.Getsockname(fd)
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("UDP address: %w", err)
	}
	if s.bell, err = newBell(fd); err != nil {
		unix.Close(fd)
		return nil, err
	}
	s.fd, s.shelf = fd, newShelf(fd, bound)
	switch b := bound.(type) {
	case *unix.SockaddrInet6:
		s.addr = netip.AddrPortFrom(netip.AddrFrom16(b.Addr).Unmap(), uint16(b.Port))
	case *unix.SockaddrInet4:
		s.addr = netip.AddrPortFrom(netip.AddrFrom4(b.Addr), uint16(b.Port))
	}
	return s, nil
}

// enlarge the socket's buffers as far as the system lets us.
func enlarge(fd int) {
	for _, o := range []struct{ option, forced, size int }{
		{unix.SO_RCVBUF, unix.SO_RCVBUFFORCE, receiveBuffer}, {unix.SO_SNDBUF, unix.SO_SNDBUFFORCE, sendBuffer},
	} {
		// The forced form needs a privilege; the other is cut to the system's limit.
		if unix.SetsockoptInt(fd, unix.SOL_SOCKET, o.forced, o.size) != nil {
			_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, o.option, o.size)
		}
	}
}

func (s *socket) close() error {
	if s.shelf != nil {
		unix.Close(s.shelf.fd)
	}
	return errors.Join(s.bell.close(), unix.Close(s.fd))
}

// sendTo is for what is not media: one packet, from any goroutine.
func (s *socket) sendTo(b []byte, to *remote) {
	if len(b) == 0 {
		return
	}
	var name sockaddr
	var note origin
	iov := unix.Iovec{Base: &b[0]}
	iov.SetLen(len(b))
	h := unix.Msghdr{Name: &name[0], Namelen: name.write(to.addr, s.old), Iov: &iov}
	h.SetIovlen(1)
	if n := note.write(to.local, s.old); n > 0 {
		h.Control = &note[0]
		h.SetControllen(n)
	}
	_, _, _ = unix.RawSyscall(unix.SYS_SENDMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&h)), unix.MSG_DONTWAIT)
}

// mmsghdr is struct mmsghdr of recvmmsg(2).
type mmsghdr struct {
	hdr unix.Msghdr
	n   uint32
	_   [4]byte
}

const (
	batchSize  = 64   // packets a receive call takes at most
	packetSize = 2048 // longer datagrams are cut by the kernel and do not authenticate
)

// inbox receives in batches. Owned by the road.
type inbox struct {
	sock   *socket
	msgs   [batchSize]mmsghdr
	iov    [batchSize]unix.Iovec
	names  [batchSize]sockaddr
	notes  [batchSize][noteSize]byte
	bufs   [batchSize][packetSize]byte
	n      int
	at     int  // the packet that was looked at last
	waited bool // the socket was empty
	rests  bool // the next look is after the bell
	errno  syscall.Errno
	try    func(uintptr) bool
}

func newInbox(s *socket) *inbox {
	in := &inbox{sock: s}
	for i := range in.msgs {
		in.iov[i].Base = &in.bufs[i][0]
		in.iov[i].SetLen(packetSize)
		h := &in.msgs[i].hdr
		h.Iov = &in.iov[i]
		h.SetIovlen(1)
		h.Name = &in.names[i][0]
		h.Control = &in.notes[i][0]
	}
	in.try = func(uintptr) bool {
		s.bell.hear()
		if in.rests {
			in.rests, in.waited = false, true
			return s.bell.due()
		}
		if in.look(s.fd) > 0 || in.errno != unix.EAGAIN {
			return true
		}
		in.waited = true
		return s.bell.due()
	}
	return in
}

// receive waits for packets and returns how many came: none when the bell rang.
// Resting, it waits for the bell first.
func (in *inbox) receive(rests bool) (int, error) {
	in.n, in.waited, in.rests = 0, false, rests
	if err := in.sock.bell.raw.Read(in.try); err != nil {
		return 0, err
	}
	return in.n, nil
}

// look takes what there is, without waiting.
func (in *inbox) look(fd int) int {
	for i := range in.msgs {
		in.msgs[i].hdr.Namelen = uint32(len(in.names[i]))
		in.msgs[i].hdr.SetControllen(noteSize)
	}
	r, _, e := unix.RawSyscall6(unix.SYS_RECVMMSG, uintptr(fd), uintptr(unsafe.Pointer(&in.msgs[0])), batchSize, unix.MSG_DONTWAIT, 0, 0)
	in.n, in.errno = int(r), e
	if e != 0 {
		in.n = 0
	}
	return in.n
}

// bytes of the first n packets.
func (in *inbox) bytes(n int) (sum int) {
	for i := range n {
		sum += int(in.msgs[i].n)
	}
	return sum
}

func (in *inbox) packet(i int) ([]byte, address) {
	in.at = i
	return in.bufs[i][:min(in.msgs[i].n, packetSize)], in.names[i].read()
}

// hostAddrs are the addresses to advertise when none are configured.
func hostAddrs(bound netip.Addr) ([]netip.Addr, error) {
	if !bound.IsUnspecified() {
		return []netip.Addr{bound}, nil
	}
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("addresses of this machine: %w", err)
	}
	var hosts, loops []netip.Addr
	for _, a := range all {
		n, ok := a.(*net.IPNet)
		if !ok {
			continue
		}
		ip, ok := netip.AddrFromSlice(n.IP)
		if ip = ip.Unmap(); !ok || ip.IsLinkLocalUnicast() {
			continue
		}
		if ip.IsLoopback() {
			loops = append(loops, ip)
		} else {
			hosts = append(hosts, ip)
		}
	}
	return append(hosts, loops...), nil
}

// several says that two of the addresses are of one family, so that it matters
// from which a packet leaves. Loopback counts where it is advertised.
func several(all []netip.Addr) bool {
	var count [2]int
	for i, a := range all {
		if slices.Contains(all[:i], a) {
			continue
		}
		if !a.IsLoopback() || a.Is4() && a != netip.AddrFrom4([4]byte{127, 0, 0, 1}) {
			count[a.BitLen()/128]++
		}
	}
	return max(count[0], count[1]) > 1
}
