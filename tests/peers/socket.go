package main

import (
	"encoding/binary"
	"net"
	"net/netip"
	"syscall"
	"unsafe"

	"github.com/pion/transport/v5"
	"github.com/pion/transport/v5/stdnet"
	"golang.org/x/sys/unix"
)

const (
	batch       = 16   // packets of one call
	packetRoom  = 1500 // bytes
	socketBytes = 4 << 20
)

// sockets makes the sockets of one person's connections.
type sockets struct {
	*stdnet.Net
	line *line
}

func (s sockets) ListenUDP(network string, at *net.UDPAddr) (transport.UDPConn, error) {
	c, err := net.ListenUDP(network, at)
	if err != nil {
		return nil, err
	}
	_ = c.SetReadBuffer(socketBytes) // the kernel gives at most net.core.rmem_max; what is lost so is shown
	raw, err := c.SyscallConn()
	if err != nil {
		c.Close()
		return nil, err
	}
	k := &socket{UDPConn: c, raw: raw, line: s.line}
	for i := range k.messages {
		k.parts[i].Base = &k.room[i][0]
		k.parts[i].SetLen(packetRoom)
		k.messages[i].header.Iov = &k.parts[i]
		k.messages[i].header.SetIovlen(1)
		k.messages[i].header.Name = (*byte)(unsafe.Pointer(&k.names[i]))
	}
	s.line.watch(k)
	return k, nil
}

// socket lets the line count what comes and hands on the rest. An ordinary socket without UDP_GRO: each packet is a
// datagram of its own, as it is for a receiver behind a network. Owned by the one goroutine that reads it.
type socket struct {
	*net.UDPConn
	raw       syscall.RawConn
	line      *line
	next, got int
	messages  [batch]struct {
		header unix.Msghdr
		n      uint32
		_      [4]byte
	}
	parts [batch]unix.Iovec
	names [batch]unix.RawSockaddrInet4
	room  [batch][packetRoom]byte
	keep  [batch]bool
}

// ReadFromAddrPort is what the ICE agent reads by: everything that is not RTP, and the sampled packets.
func (s *socket) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) {
	for {
		for s.next < s.got {
			i := s.next
			s.next++
			if s.keep[i] {
				port := (*[2]byte)(unsafe.Pointer(&s.names[i].Port))[:]
				return copy(b, s.packet(i)), netip.AddrPortFrom(netip.AddrFrom4(s.names[i].Addr), binary.BigEndian.Uint16(port)), nil
			}
		}
		if err := s.fill(); err != nil {
			return 0, netip.AddrPort{}, err
		}
		s.line.count(s)
	}
}

func (s *socket) packet(i int) []byte { return s.room[i][:s.messages[i].n] }

func (s *socket) fill() error {
	s.next, s.got = 0, 0
	for i := range s.messages {
		s.messages[i].header.Namelen = unix.SizeofSockaddrInet4
	}
	var failed error
	err := s.raw.Read(func(fd uintptr) bool {
		n, _, e := unix.Syscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&s.messages[0])), batch, unix.MSG_DONTWAIT, 0, 0)
		switch e {
		case 0:
			s.got = int(n)
		case unix.EAGAIN:
			return false
		case unix.EINTR, unix.ECONNREFUSED: // an ICMP answer while the server ends
		default:
			failed = e
		}
		return true
	})
	if err != nil {
		return err
	}
	return failed
}

// ReadFrom is the same for who asks so.
func (s *socket) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := s.ReadFromAddrPort(b)
	if err != nil {
		return 0, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

// WriteToAddrPort belongs to ReadFromAddrPort.
func (s *socket) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	return s.UDPConn.WriteToUDPAddrPort(b, to)
}

// dropped is what came while this socket was full.
func (s *socket) dropped() int64 {
	const drops, fields = 8, 9 // of SO_MEMINFO
	var m [fields]uint32
	n := uint32(unsafe.Sizeof(m))
	_ = s.raw.Control(func(fd uintptr) {
		_, _, _ = unix.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_SOCKET, unix.SO_MEMINFO, uintptr(unsafe.Pointer(&m)), uintptr(unsafe.Pointer(&n)), 0)
	})
	return int64(m[drops])
}
