package media

import (
	"encoding/binary"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Notes are what the kernel says of a packet beside its bytes (cmsg(3)): when
// it came, and which of our addresses it was sent to.

// noteSize holds a timestamp and an address.
const noteSize = 96

// note finds a control message; nil when there is none. No length in it can
// lie: the kernel wrote it.
func (in *inbox) note(i int, level, kind int32) []byte {
	b := in.notes[i][:min(uint64(in.msgs[i].hdr.Controllen), noteSize)]
	for len(b) >= unix.SizeofCmsghdr {
		n := int(binary.NativeEndian.Uint64(b))
		if n < unix.SizeofCmsghdr || n > len(b) {
			return nil
		}
		if int32(binary.NativeEndian.Uint32(b[8:])) == level && int32(binary.NativeEndian.Uint32(b[12:])) == kind {
			return b[unix.SizeofCmsghdr:n]
		}
		b = b[min((n+7)&^7, len(b)):]
	}
	return nil
}

// came is when packet i came, in nanoseconds since 1970; 0 is unknown.
func (in *inbox) came(i int) int64 {
	t := in.note(i, unix.SOL_SOCKET, unix.SCM_TIMESTAMPNS)
	if len(t) < 16 {
		return 0
	}
	return int64(binary.NativeEndian.Uint64(t))*1e9 + int64(binary.NativeEndian.Uint64(t[8:]))
}

// host is an address of ours, IPv4 in its mapped form; zero lets the kernel choose.
type host [16]byte

// local is the address that the present packet was sent to, where the machine
// has several.
func (in *inbox) local() (h host) {
	if b := in.note(in.at, unix.IPPROTO_IPV6, unix.IPV6_PKTINFO); len(b) >= 16 {
		copy(h[:], b)
	} else if b := in.note(in.at, unix.IPPROTO_IP, unix.IP_PKTINFO); len(b) >= 12 {
		h[10], h[11] = 0xff, 0xff
		copy(h[12:], b[8:12])
	}
	return h
}

// origin is room for the note that says from which address to send.
type origin [40]byte

// write returns the length of what it wrote, which is nothing where the kernel
// may choose.
func (o *origin) write(h host, old bool) int {
	if h == (host{}) {
		return 0
	}
	*o = origin{}
	c := (*unix.Cmsghdr)(unsafe.Pointer(o))
	if old {
		c.Level, c.Type = unix.IPPROTO_IP, unix.IP_PKTINFO
		c.SetLen(unix.CmsgLen(unix.SizeofInet4Pktinfo))
		copy(o[unix.CmsgLen(0)+4:], h[12:]) // ipi_spec_dst
		return unix.CmsgSpace(unix.SizeofInet4Pktinfo)
	}
	c.Level, c.Type = unix.IPPROTO_IPV6, unix.IPV6_PKTINFO
	c.SetLen(unix.CmsgLen(unix.SizeofInet6Pktinfo))
	copy(o[unix.CmsgLen(0):], h[:])
	return unix.CmsgSpace(unix.SizeofInet6Pktinfo)
}
