package media

import (
	"crypto/rand"
	"encoding/base64"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/pion/stun/v3"
)

// credentials of an ICE session (RFC 8445 §5.3). We are lite: we answer checks
// and never send one.
type credentials struct {
	user, password string // ours
	remote         string // the peer's user fragment
}

func newCredentials(remote string) credentials {
	b := make([]byte, 24)
	_, _ = rand.Read(b) // never fails
	s := base64.RawStdEncoding.EncodeToString(b)
	return credentials{user: s[:8], password: s[8:], remote: remote}
}

// checkMessage is a STUN binding request: long enough, no lie in its length.
func checkMessage(b []byte) (user, remote string, m *stun.Message, ok bool) {
	if len(b) > 1500 || !stun.IsMessage(b) {
		return "", "", nil, false
	}
	m = &stun.Message{Raw: b}
	var name stun.Username
	if m.Decode() != nil || m.Type != stun.BindingRequest || name.GetFrom(m) != nil {
		return "", "", nil, false
	}
	user, remote, ok = strings.Cut(name.String(), ":")
	return user, remote, m, ok
}

// check answers a connectivity check and learns the peer's address by it.
func (r *road) check(b []byte, from address, tcp *tcpConn) {
	name, ok := checkUser(b)
	if !ok {
		r.stats.DroppedMalformed++
		return
	}
	if string(name) == BeaconUser {
		r.shine(b, from, tcp)
		return
	}
	p := r.users[string(name)]
	if p == nil || tcp != nil && tcp.remote != nil && tcp.remote.peer != p {
		r.stats.DroppedUnknownUser++
		return
	}
	if !r.admits(p, from, tcp) {
		r.stats.DroppedFlood++
		return
	}
	user, remoteUser, m, ok := checkMessage(b)
	if !ok {
		r.stats.DroppedMalformed++
		return
	}
	ways := p.ways
	if user != ways.user {
		ways = p.before
	}
	if remoteUser != ways.remote || stun.NewShortTermIntegrity(ways.password).Check(m) != nil {
		r.stats.DroppedUnknownUser++
		return
	}
	seen := from.addrPort()
	answer, err := stun.Build(m, stun.BindingSuccess,
		&stun.XORMappedAddress{IP: net.IP(seen.Addr().AsSlice()), Port: int(seen.Port())},
		stun.NewShortTermIntegrity(ways.password), stun.Fingerprint)
	if err != nil {
		r.stats.DroppedMalformed++
		return
	}
	chosen := user == p.ways.user && m.Contains(stun.AttrUseCandidate)
	at := remote{peer: p, addr: from, tcp: tcp}
	if tcp == nil {
		at.local = r.in.local()
	}
	way := r.learn(at, chosen)
	way.heard, p.heard = r.now, r.now
	r.meet(p)
	if old := p.remote.Load(); old == nil || old != way && chosen {
		p.remote.Store(way)
		p.chosen = r.now
		r.renew(p)
	}
	back := way
	if way.local != at.local { // a check is answered from where it went, whatever was chosen
		back = &at
	}
	copy(r.out.place(back, len(answer.Raw)), answer.Raw)
	r.out.end()
	r.shake(p, from)
}

// followAfter a choice, and so long without a word by the way that was chosen,
// the way by which a peer speaks counts.
const followAfter = int64(500 * time.Millisecond)

// follow notes that an authentic packet came by the present way. Firefox
// nominates several ways, the one that it will use not always last; it speaks
// by that one, and after five seconds hears what comes by no other.
func (r *road) follow(p *peer) {
	way, to := r.way, p.remote.Load()
	if way == nil || way.peer != p { // handed in, not received
		return
	}
	way.spoke = r.now
	if way != to && to != nil && r.now-max(p.chosen, to.spoke) > followAfter {
		p.remote.Store(way)
	}
}

// awayAfter is longer than a browser that only receives is silent: it reports
// each second.
const awayAfter = int64(1500 * time.Millisecond)

// meet notes that something came of p. After an absence its pictures begin
// anew: what it missed is too much to be asked for, and it would find that out
// only after seconds.
func (r *road) meet(p *peer) {
	if r.now-p.met > awayAfter {
		r.renew(p)
	}
	p.met = r.now
}

// renew begins p's line anew, as when it was connected: what it carried before
// says nothing of now, and what was under way was lost with the way, not for
// want of room. All that p sees begins with a key frame.
func (r *road) renew(p *peer) {
	if p.estimate != nil {
		p.estimate, p.unshared = newEstimate(), true
		p.flight.forget()
	}
	for _, s := range p.slots {
		if s.want != nil && s.kind == Video {
			s.want.keyWanted = true
		}
	}
}

// learn notes a proved way to a peer. The oldest unused one makes room. DTLS
// reads ways beside the road, so one that changes is made anew.
func (r *road) learn(at remote, chosen bool) *remote {
	p := at.peer
	if at.tcp != nil {
		if at.tcp.remote != nil {
			return at.tcp.remote
		}
	} else if w := r.ways[at.addr]; w != nil {
		if w.peer == p && (w.local == at.local || !chosen) {
			return w
		}
		r.forget(w)
	}
	if len(p.remotes) >= maxRemotes {
		oldest := -1
		for i, w := range p.remotes {
			if w != p.remote.Load() && (oldest < 0 || w.heard < p.remotes[oldest].heard) {
				oldest = i
			}
		}
		r.forget(p.remotes[oldest])
	}
	w := &at
	if at.tcp != nil {
		at.tcp.remote = w
		at.tcp.proved.Store(true)
	} else {
		r.ways[at.addr] = w
	}
	p.remotes = append(p.remotes, w)
	return w
}

func (r *road) forget(w *remote) {
	if w.tcp != nil {
		w.tcp.conn.Close()
	} else if r.ways[w.addr] == w {
		delete(r.ways, w.addr)
	}
	if r.lastWay == w {
		r.lastWay = nil
	}
	if i := slices.Index(w.peer.remotes, w); i >= 0 {
		w.peer.remotes = slices.Delete(w.peer.remotes, i, i+1)
	}
}
