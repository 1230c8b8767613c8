package media

import (
	"slices"
	"testing"

	"github.com/pion/stun/v3"
)

func TestProbingDoesNotStartATrack(t *testing.T) {
	r := still(t)
	a := addPublisher(r, "a", 1000)
	pad := append(picture(1000, 1, 0, 0, false)[:12], 0, 0, 3)
	pad[0] |= 0x20
	r.road.media(a, pad)
	pad[11], pad[1], pad[3] = 0xe9, 97, 9 // on the retransmission SSRC, 1001
	r.road.media(a, pad)
	if a.tracks[0].live || len(r.events) != 0 || r.road.stats.DroppedUnknownSource != 0 {
		t.Errorf("got live %v, %d events", a.tracks[0].live, len(r.events))
	}
}

func TestStrangersLeaveNothingBehind(t *testing.T) {
	r := still(t)
	_, from := sink(t)
	m := stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.NewUsername("nobody:x"), stun.NewShortTermIntegrity("secret"), stun.Fingerprint)
	r.road.take(m.Raw, from, nil)
	a := addPublisher(r, "a", 1000)
	a.ways.password, a.ways.remote = "password", "remote"
	wrong := stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.NewUsername("usera:remote"), stun.NewShortTermIntegrity("wrong"), stun.Fingerprint)
	r.road.take(wrong.Raw, from, nil)
	r.road.take(picture(1000, 0, 0, 0, true), from, nil)
	r.road.take([]byte{22, 254, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, from, nil)
	r.road.take([]byte{0, 1}, from, nil)
	s := r.road.stats
	if s.DroppedUnknownUser != 2 || s.DroppedUnknownAddr != 2 || s.DroppedMalformed != 1 || len(r.road.ways) != 0 || s.PacketsOut != 0 {
		t.Errorf("got %+v and %d ways", s, len(r.road.ways))
	}
}

func TestUnannouncedSSRCIsDropped(t *testing.T) {
	r := still(t)
	a := addPublisher(r, "a", 1000)
	for i := range uint32(1000) {
		r.road.media(a, picture(5000+i, 0, 0, 0, true))
	}
	if r.road.stats.DroppedUnknownSource != 1000 || len(a.streams) != 2 {
		t.Errorf("got %d dropped and %d streams, want 1000 and 2", r.road.stats.DroppedUnknownSource, len(a.streams))
	}
}

func TestLearnedSSRCsAreBounded(t *testing.T) {
	r := still(t)
	a := addPublisher(r, "a", 0)
	for i := range uint32(100) {
		b := picture(5000+i, 0, 0, 0, true)
		x := append(slices.Clone(b[:12]), 0xbe, 0xde, 0, 1, 0x20, '0', 0, 0)
		x[0] |= 0x10
		r.road.media(a, append(x, b[12:]...))
	}
	if len(a.streams) > streamsPerSource || len(a.tracks[0].layers) != 1 || len(a.tops) > maxTops {
		t.Errorf("got %d streams, %d layers, %d remembered", len(a.streams), len(a.tracks[0].layers), len(a.tops))
	}
}

func TestPermissionTakenAndGivenBackKeepsTheRolloverCount(t *testing.T) {
	r := still(t)
	a := addPublisher(r, "a", 1000)
	keys := newKeys(t, 12)
	a.in, _, _ = newCiphers(true, keys)
	source, _ := newGCM(keys[:16], keys[32:44])
	send := func(index uint64) {
		b := append(picture(1000, uint16(index), 0, 0, true), make([]byte, gcmTag)...)
		source.sealRTP(b, 12, b[12:len(b)-gcmTag], 1000, index)
		r.road.media(a, b)
	}
	for _, i := range []uint64{0, 30000, 60000, 70000} {
		send(i)
	}
	had := plan{ways: a.ways, ids: a.ids, codecs: a.codecs, publishes: slices.Clone(a.publishes)}
	r.road.apply(a, plan{ways: a.ways, ids: a.ids, codecs: a.codecs})
	send(70001)
	if len(r.road.tracks) != 0 || r.road.stats.DroppedUnknownSource != 1 {
		t.Errorf("got %d tracks, %d of unknown source, want none and 1", len(r.road.tracks), r.road.stats.DroppedUnknownSource)
	}
	r.road.apply(a, had)
	send(70002)
	send(60000) // a replay of what came before
	if s := r.road.stats; s.DroppedAuth != 0 || s.DroppedReplay != 1 || a.tracks[0].layers[0].top != 70002 {
		t.Errorf("got %+v", s)
	}
}
