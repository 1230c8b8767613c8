package media

import "testing"

// A peer that nominates one way and speaks by another is answered by the other,
// after half a second; one that speaks by both, by the one that it nominated.
func TestSendsByTheWayThatSpeaks(t *testing.T) {
	r := still(t).road
	p := newPeer("p", "x")
	chosen, other := &remote{peer: p}, &remote{peer: p}
	p.remote.Store(chosen)
	said := func(way *remote, at int64) *remote {
		r.way, r.now = way, at
		r.follow(p)
		return p.remote.Load()
	}
	p.chosen = 10e9
	if said(other, 10e9+followAfter) != chosen {
		t.Error("left the chosen way at once")
	}
	said(chosen, 11e9)
	if said(other, 11e9+followAfter) != chosen {
		t.Error("left a way that speaks")
	}
	if said(other, 11e9+followAfter+1) != other {
		t.Error("stayed with a way that says nothing")
	}
	if said(chosen, 12e9) != other {
		t.Error("a straggler leads back")
	}
	stranger := newPeer("q", "x")
	r.way = &remote{peer: stranger}
	if r.follow(p); p.remote.Load() != other {
		t.Error("followed another peer's way")
	}
}
