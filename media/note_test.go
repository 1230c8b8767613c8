package media_test

import (
	"net/netip"
	"testing"

	"astara/media"
	"astara/media/caller"
)

// The kernel answers a neighbour on loopback from 127.0.0.1 if it may choose; a
// caller takes nothing from an address that it did not speak to.
func TestAMachineWithSeveralAddressesAnswersFromTheOneThatWasSpokenTo(t *testing.T) {
	for _, listen := range []string{"[::]:0", "0.0.0.0:0"} {
		t.Run(listen, func(t *testing.T) {
			h := openAt(t, media.Config{
				Listen:   netip.MustParseAddrPort(listen),
				External: []netip.Addr{netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("127.0.0.3")},
			})
			ivf, ogg := recordings(t)
			h.call("a", caller.Config{VideoIVF: ivf, AudioOGG: ogg}, nil)
			c := h.call("c", caller.Config{Pairs: 1}, nil)
			h.seat("c", "a0", "a", "microphone")
			h.seat("c", "v0", "a", "camera")
			until(t, "sound and picture", func() bool { return c.got("v0", "").Packets > 60 && c.got("a0", "").Packets > 20 })
			for _, slot := range []string{"v0", "a0"} {
				h.whole(c.got(slot, "").Lost, slot)
			}
		})
	}
}
