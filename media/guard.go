package media

import (
	"encoding/binary"
	"hash/maphash"
)

// What anybody can make the road do is bounded by its source: the counters of
// what was refused are DroppedFlood and those beside it in Stats.
const (
	// checksOfWay, a second, from an address that is proved: browsers send one
	// in 2.5 s, a few at once after a change.
	checksOfWay = 20
	// checksOfSource, a second, of one network that knows one peer's user
	// fragment, and checksOfAll from all that have proved nothing: 200 people
	// who arrive at once with ten candidate pairs each. 6 us of HMAC each.
	checksOfSource = 50
	checksOfAll    = 2000
	guardSources   = 1024

	// packetsOfPeer, a second, that are authentic: 35 Mbit/s of 1,100 bytes.
	// The burst is a key frame of everything that a peer sends.
	packetsOfPeer = 4000
	packetsBurst  = 2000
	controlOfPeer = 500 // RTCP compounds a second
	dtlsOfPeer    = 200 // datagrams a second; a handshake has ten

	// shakesOfAll and shakesOfHost are handshakes at one time, 2 ms of CPU
	// each; others wait for their turn.
	shakesOfAll  = 64
	shakesOfHost = 16
)

// bucket lets a rate through and a burst of it. The zero bucket is full.
type bucket struct {
	left, at int64 // left in parts of 1e9
	begun    bool
}

// take one at now; rate is a second's.
func (b *bucket) take(now, rate, burst int64) bool {
	if !b.begun {
		b.begun, b.left = true, burst*1e9
	} else {
		b.left = min(b.left+min(now-b.at, 60e9)*rate, burst*1e9)
	}
	b.at = now
	if b.left < 1e9 {
		return false
	}
	b.left -= 1e9
	return true
}

// guard bounds what strangers cost. Owned by the road.
type guard struct {
	seed    maphash.Seed
	sources [guardSources]bucket // by network and peer
	all     bucket

	waiting []shake
	running int
	hosts   map[network]int // handshakes that run
}

// network is what one person can have many addresses of: a /64, or one IPv4.
type network [16]byte

func (a address) network() network {
	n := network(a.ip)
	if binary.BigEndian.Uint64(n[:]) != 0 { // not a mapped IPv4
		clear(n[8:])
	}
	return n
}

type shake struct {
	peer *peer
	from network
}

// admits a check that names p, before anything is computed for it.
func (r *road) admits(p *peer, from address, tcp *tcpConn) bool {
	way := r.ways[from]
	if tcp != nil {
		way = tcp.remote
	}
	if way != nil && way.peer == p {
		return way.checks.take(r.now, checksOfWay, 2*checksOfWay)
	}
	return r.guard.admits(string(p.id), from, r.now)
}

// admits a check of what is called so from an address that has proved nothing.
func (g *guard) admits(called string, from address, now int64) bool {
	var h maphash.Hash
	h.SetSeed(g.seed)
	n := from.network()
	_, _ = h.Write(n[:]) // never fails
	_, _ = h.WriteString(called)
	return g.sources[h.Sum64()%guardSources].take(now, checksOfSource, 2*checksOfSource) &&
		g.all.take(now, checksOfAll, 2*checksOfAll)
}

// shake begins p's handshake, now or in its turn.
func (r *road) shake(p *peer, from address) {
	if !p.handshake {
		p.handshake = true
		r.guard.waiting = append(r.guard.waiting, shake{p, from.network()})
		r.nextShake()
	}
}

// shaken ends a handshake, well or not.
func (r *road) shaken(from network) {
	g := &r.guard
	g.running--
	if g.hosts[from]--; g.hosts[from] == 0 {
		delete(g.hosts, from)
	}
	r.nextShake()
}

func (r *road) nextShake() {
	g := &r.guard
	later := g.waiting[:0]
	for _, s := range g.waiting {
		switch {
		case s.peer.ended():
		case g.running >= shakesOfAll || g.hosts[s.from] >= shakesOfHost:
			later = append(later, s)
		default:
			g.running++
			g.hosts[s.from]++
			r.wait.Go(func() { r.serveDTLS(r.ctx, s.peer, s.from) })
		}
	}
	clear(g.waiting[len(later):])
	g.waiting = later
}

// checkUser finds the user fragment of ours in a STUN binding request, without
// decoding it.
func checkUser(b []byte) ([]byte, bool) {
	const head, request, cookie, username = 20, 1, 0x2112A442, 6
	if len(b) < head || len(b) > 1500 || binary.BigEndian.Uint16(b) != request ||
		int(binary.BigEndian.Uint16(b[2:])) != len(b)-head || binary.BigEndian.Uint32(b[4:]) != cookie {
		return nil, false
	}
	for b = b[head:]; len(b) >= 4; {
		kind, n := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		if n > len(b)-4 {
			return nil, false
		}
		if v := b[4 : 4+n]; kind == username {
			for i, c := range v {
				if c == ':' {
					return v[:i], true
				}
			}
			return nil, false
		}
		b = b[4+min((n+3)&^3, len(b)-4):]
	}
	return nil, false
}
