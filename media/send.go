package media

import (
	"encoding/binary"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The kernel takes at most 64 segments in a message (128 in newer ones) and
// 65,507 bytes; 60 leaves room for neither limit being ours.
const (
	messagesPerCall    = 64
	segmentsPerMessage = 60
	messageBytes       = 65000
	sendWait           = 20 // ms, for room in the socket
	arenaBytes         = 512 << 10
	// padLimit: Chromium's packets of one frame differ by one byte, which
	// would halve the segments in a message; more padding does not pay.
	padLimit = 4
)

// remote is one proved way to a peer: an address, or a TCP connection.
type remote struct {
	peer  *peer
	addr  address
	local host     // ours that it speaks to; see check
	tcp   *tcpConn // nil: UDP
	plain bool     // the path refused segmentation offload
	heard int64    // last authenticated check
	spoke int64    // last authenticated packet of media or control

	checks bucket // see guard
}

// outbox gathers packets into messages and writes them in one call. Packets to
// one receiver that follow each other with equal lengths become one segmented
// message; a shorter one may end it. Owned by the road.
type outbox struct {
	sock     *socket
	stats    *Stats
	segments int // most in a message; tests set more than the kernel takes
	arena    []byte
	used     int
	start    int // of the open message
	to       *remote
	size     int // of the open message's segments
	count    int // of them
	short    bool
	closed   int // messages ready
	msgs     [messagesPerCall]mmsghdr
	iov      [messagesPerCall]unix.Iovec
	names    [messagesPerCall]sockaddr
	control  [messagesPerCall]control
	remotes  [messagesPerCall]*remote
	sizes    [messagesPerCall]int // of segments; 0: one packet
}

// control of a message: the size of its segments, if there are several, and the
// address that it leaves from, if that matters.
type control struct {
	segment [24]byte
	origin  origin
}

func newOutbox(s *socket, stats *Stats) *outbox {
	o := &outbox{sock: s, stats: stats, segments: segmentsPerMessage, arena: make([]byte, arenaBytes)}
	for i := range o.msgs {
		h := &o.msgs[i].hdr
		h.Iov = &o.iov[i]
		h.SetIovlen(1)
		h.Name = &o.names[i][0]
		c := (*unix.Cmsghdr)(unsafe.Pointer(&o.control[i].segment))
		c.Level, c.Type = unix.SOL_UDP, unix.UDP_SEGMENT
		c.SetLen(unix.CmsgLen(2))
	}
	return o
}

// place gives room for the next packet of n bytes to a remote.
func (o *outbox) place(to *remote, n int) []byte {
	if o.count > 0 && (o.to != to || o.short || n > o.size || o.count >= o.segments ||
		o.used-o.start+n > messageBytes || to.plain) {
		o.end()
	}
	if o.count == 0 {
		o.to, o.size = to, n
	}
	o.short = n < o.size
	o.count++
	b := o.arena[o.used : o.used+n]
	o.used += n
	o.stats.PacketsOut++
	o.stats.BytesOut += uint64(n)
	return b
}

// end closes the open message.
func (o *outbox) end() {
	if o.count == 0 {
		return
	}
	if o.to.tcp != nil {
		o.to.tcp.enqueue(o.arena[o.start:o.used], o.size, o.stats)
	} else {
		i := o.closed
		o.iov[i].Base = &o.arena[o.start]
		o.iov[i].SetLen(o.used - o.start)
		o.msgs[i].hdr.Namelen = o.names[i].write(o.to.addr, o.sock.old)
		o.note(i)
		o.remotes[i] = o.to
		o.closed++
	}
	o.count, o.short, o.start = 0, false, o.used
	if o.closed == messagesPerCall || o.used > arenaBytes-messageBytes-packetSize {
		o.write()
	}
}

// note sets the control messages of message i.
func (o *outbox) note(i int) {
	h, c := &o.msgs[i].hdr, &o.control[i]
	n := c.origin.write(o.to.local, o.sock.old)
	h.Control = &c.origin[0]
	o.sizes[i] = 0
	if o.count > 1 {
		o.sizes[i] = o.size
		binary.NativeEndian.PutUint16(c.segment[unix.CmsgLen(0):], uint16(o.size))
		h.Control = &c.segment[0]
		n += len(c.segment)
	}
	h.SetControllen(n)
}

// flush closes the open message and writes everything.
func (o *outbox) flush() {
	o.end()
	o.write()
}

// write waits once for a full socket: the road then falls behind, and gives up
// pictures rather than whatever comes last.
func (o *outbox) write() {
	waited := false
	for done := 0; done < o.closed; {
		n, _, e := unix.RawSyscall6(unix.SYS_SENDMMSG, uintptr(o.sock.fd), uintptr(unsafe.Pointer(&o.msgs[done])),
			uintptr(o.closed-done), unix.MSG_DONTWAIT, 0, 0)
		o.stats.Calls++
		if e == 0 {
			done += int(n)
			o.stats.Messages += uint64(n)
			continue
		}
		if e == unix.EINTR {
			continue
		}
		if e == unix.EAGAIN && !waited {
			waited = true
			_, _ = unix.Poll([]unix.PollFd{{Fd: int32(o.sock.fd), Events: unix.POLLOUT}}, sendWait)
			continue
		}
		o.refused(done, e)
		done++
	}
	o.closed, o.used, o.start = 0, 0, 0
}

// refused handles a message that the kernel did not take: a segmented one goes
// again packet by packet, and so do all later ones to that remote.
func (o *outbox) refused(i int, e syscall.Errno) {
	if e == unix.EAGAIN || e == unix.ENOBUFS || o.sizes[i] == 0 {
		o.stats.DroppedSlow++
		return
	}
	o.stats.SegmentFallback++
	o.remotes[i].plain = true
	b := unsafe.Slice(o.iov[i].Base, int(o.iov[i].Len))
	for len(b) > 0 {
		n := min(o.sizes[i], len(b))
		o.sock.sendTo(b[:n], o.remotes[i])
		b = b[n:]
	}
}

// pending is one packet to be written to a receiver.
type pending struct {
	slot *slot
	pkt  *packet
}

// sender rewrites, encrypts and writes. The road has one of its own; helpers
// have the others, see crew.
type sender struct {
	road  *road // read: the clock
	out   *outbox
	stats *Stats
	at    int64 // when the present burst goes out, see depart
	head  [headRoom]byte
}

// soundFirst: on a line of so many bit/s a frame of 5 kB, sent before the sound
// that came with it, would keep that for 8 ms and more.
const soundFirst = 5e6

// burst writes what the batch brought for one receiver. Sound is shorter than
// pictures, so after them it ends their last message, and before them it needs
// one of its own: it goes before them where the line is narrow.
func (w *sender) burst(p *peer) {
	to := p.remote.Load()
	first, then := p.pictures, p.sounds
	p.pictures, p.sounds = first[:0], then[:0]
	if to == nil || p.out == nil {
		return
	}
	if to.tcp != nil || w.road.budget(p) < soundFirst {
		first, then = then, first
	}
	// What goes last of a large batch goes milliseconds after the first: that
	// must not look like a line that fills.
	if w.at = w.road.now; p.flight != nil && w.road.queued >= crewFrom {
		w.at = int64(time.Since(w.road.began))
	}
	w.sendAll(p, to, first)
	w.sendAll(p, to, then)
	w.out.end()
}

// sendAll pads runs of packets that differ by at most padLimit bytes to one length.
func (w *sender) sendAll(p *peer, to *remote, q []pending) {
	run, target := 0, 0 // q[:run] is padded to target
	for i := range q {
		n := q[i].slot.size(q[i].pkt)
		if i >= run {
			low, high := n, n
			for run = i + 1; run < len(q); run++ {
				m := q[run].slot.size(q[run].pkt)
				if max(high, m)-min(low, m) > padLimit {
					break
				}
				low, high = min(low, m), max(high, m)
			}
			target = high
		}
		pad := 0
		// The last of a run may be short: it ends the message anyway.
		if i < run-1 && to.tcp == nil && !to.plain {
			pad = target - n
		}
		w.send(p, to, q[i].slot, q[i].pkt, pad)
	}
}

// send writes one packet on its slot's own SSRC. Its index is used only here,
// once: the track history admits each packet once, and a slot takes nothing
// from before its switch.
func (w *sender) send(p *peer, to *remote, s *slot, k *packet, pad int) {
	index, picture, top := s.number(k.index)
	var along [maxDepth]*packet
	copies, extra, codec := 0, 0, k.codec
	if s.depth > 0 {
		if copies, extra = s.along(k, &along); copies > 0 {
			codec = red
			w.stats.Folded++
		}
	}
	size := s.header(w.head[:], k, uint16(index), s.ssrc, s.formats[codec].payload, top, w.road.sendTime)
	n := size + extra + len(k.data) + pad
	b := w.out.place(to, n+p.out.tag())
	copy(b, w.head[:size])
	payload := k.data
	switch {
	case copies > 0:
		payload = b[size:n]
		s.fold(payload, k, along[:copies])
	case pad > 0 || s.rewrites(picture):
		payload = b[size:n]
		copy(payload, k.data)
		s.rewrite(payload, k, picture)
	}
	switch {
	case k.padding:
		b[0] |= 0x20
	case pad > 0:
		b[0] |= 0x20
		clear(b[n-pad : n-1])
		b[n-1] = byte(pad)
		w.stats.Padded++
	}
	p.out.sealRTP(b, size, payload, s.ssrc, index)
	s.sent(k, extra+len(k.data), index, picture)
	s.depart(len(b), w.at)
	p.bytesDown += len(b)
}

// resend answers a NACK on the retransmission SSRC (RFC 4588): its own running
// number, the original number before the payload.
func (w *sender) resend(p *peer, to *remote, s *slot, k *packet) {
	index, picture, top := s.number(k.index)
	s.rtxIndex++
	size := s.header(w.head[:], k, uint16(s.rtxIndex), s.rtxSSRC, s.formats[k.codec].rtx, top, w.road.sendTime)
	b := w.out.place(to, size+2+len(k.data)+p.out.tag())
	copy(b, w.head[:size])
	payload := b[size : size+2+len(k.data)]
	binary.BigEndian.PutUint16(payload, uint16(index))
	copy(payload[2:], k.data)
	s.rewrite(payload[2:], k, picture)
	if k.padding {
		b[0] |= 0x20
	}
	p.out.sealRTP(b, size, payload, s.rtxSSRC, s.rtxIndex)
	s.depart(len(b), w.road.now)
	w.stats.Retransmitted++
	p.bytesDown += len(b)
}

// padding sends a packet of nothing but padding on the retransmission SSRC, and
// returns its length: it only measures the line.
func (w *sender) padding(p *peer, to *remote, s *slot) int {
	s.rtxIndex++
	size := s.header(w.head[:], &packet{ts: s.lastTS - s.tsShift}, uint16(s.rtxIndex), s.rtxSSRC, s.repairs(), 0, w.road.sendTime)
	b := w.out.place(to, size+padSize+p.out.tag())
	copy(b, w.head[:size])
	payload := b[size : size+padSize]
	clear(payload)
	payload[padSize-1] = padSize
	b[0] |= 0x20
	p.out.sealRTP(b, size, payload, s.rtxSSRC, s.rtxIndex)
	s.depart(len(b), w.road.now)
	p.bytesDown += len(b)
	w.stats.Probes++
	return len(b)
}
