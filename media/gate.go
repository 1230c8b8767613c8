package media

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// The gate is what the kernel lets into the socket. Wide, it is everything.
// Narrow, it is all but long RTP packets: when the socket is nearly full, what
// comes next would be dropped whatever it is, and this makes it pictures.

// soundMost bytes of RTP are taken for sound: Opus at 256 kbit/s is 640 in
// 20 ms. Short packets of pictures pass too.
const soundMost = 700

// gate of a socket. Owned by the road.
type gate struct {
	fd     int
	narrow bool
	lost   uint32 // by the kernel, as it counted when last asked
	room   uint32 // of the socket, then
}

// kept is how much of the socket's room a byte of a packet takes: the kernel
// counts its memory, 2,304 bytes for a packet of 1,100.
const kept = 2

// share of the socket's room that so many bytes took.
func (g *gate) share(bytes int) float64 {
	return kept * float64(bytes) / float64(max(g.room, 1))
}

// crowd asks the kernel how full the socket is, 0 to 1, and how many packets it
// dropped since it was asked last.
func (g *gate) crowd() (full float64, lost uint32) {
	const used, room, drops, fields = 0, 1, 8, 9 // of SO_MEMINFO, see sock_diag(7)
	var m [fields]uint32
	n := uint32(unsafe.Sizeof(m))
	_, _, e := unix.RawSyscall6(unix.SYS_GETSOCKOPT, uintptr(g.fd), unix.SOL_SOCKET, unix.SO_MEMINFO,
		uintptr(unsafe.Pointer(&m)), uintptr(unsafe.Pointer(&n)), 0)
	if e != 0 || n < uint32(unsafe.Sizeof(m)) || m[room] == 0 {
		return 0, 0
	}
	lost, g.lost, g.room = m[drops]-g.lost, m[drops], m[room]
	return float64(m[used]) / float64(m[room]), lost
}

// set narrows the gate or opens it wide. Where the kernel refuses a filter the
// gate stays wide.
func (g *gate) set(narrow bool) {
	if narrow == g.narrow {
		return
	}
	if !narrow {
		g.narrow = unix.SetsockoptInt(g.fd, unix.SOL_SOCKET, unix.SO_DETACH_FILTER, 0) != nil
		return
	}
	const udp = 8 // the filter sees the UDP header first
	f := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_LEN},
		{Code: unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K, K: udp + soundMost, Jf: 6},
		{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: udp},
		{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: 0xc0},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: 0x80, Jf: 3}, // STUN, DTLS
		{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: udp + 1},
		{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: 0xe0},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: 0xc0, Jf: 1}, // RTCP, RFC 5761 §4
		{Code: unix.BPF_RET | unix.BPF_K, K: 0xffffffff},
		{Code: unix.BPF_RET | unix.BPF_K, K: 0},
	}
	p := unix.SockFprog{Len: uint16(len(f)), Filter: &f[0]}
	g.narrow = unix.SetsockoptSockFprog(g.fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &p) == nil
}
