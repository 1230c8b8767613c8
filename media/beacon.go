package media

import (
	"net"

	"github.com/pion/stun/v3"
)

// BeaconUser and BeaconPassword are the ICE credentials of nobody: whoever
// checks with them is answered that the node can be reached, and nothing else
// comes of it. One whose line was away finds out so that it is there again: a
// browser checks each 50 ms, where a socket's first packet is repeated after
// 1, 3 and 7 s. They are no secret: a STUN server answers everybody too, and
// an answer is about as long as its check.
const (
	BeaconUser     = "beacon"
	BeaconPassword = "the-node-can-be-reached"
)

// shine answers a check of the beacon by UDP, as often as one to any stranger.
func (r *road) shine(b []byte, from address, tcp *tcpConn) {
	if tcp != nil || !r.guard.admits(BeaconUser, from, r.now) {
		r.stats.DroppedFlood++
		return
	}
	key := stun.NewShortTermIntegrity(BeaconPassword)
	_, _, m, ok := checkMessage(b)
	if !ok || key.Check(m) != nil {
		r.stats.DroppedMalformed++
		return
	}
	seen := from.addrPort()
	answer, err := stun.Build(m, stun.BindingSuccess,
		&stun.XORMappedAddress{IP: net.IP(seen.Addr().AsSlice()), Port: int(seen.Port())}, key, stun.Fingerprint)
	if err != nil {
		r.stats.DroppedMalformed++
		return
	}
	copy(r.out.place(&remote{addr: from, local: r.in.local()}, len(answer.Raw)), answer.Raw)
	r.out.end()
}
