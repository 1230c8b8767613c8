package caller

import (
	"net"

	"github.com/pion/transport/v5"
	"github.com/pion/transport/v5/stdnet"
)

// socketBuffer is 4 s of what a dozen people send. The kernel's own 208 KiB hold 0.1 s of it, and a bot that shares its
// cores with others would count its own lateness as the line's loss. The kernel gives at most net.core.rmem_max.
const socketBuffer = 4 << 20

// sockets of a caller.
type sockets struct{ *stdnet.Net }

func (s sockets) ListenUDP(network string, at *net.UDPAddr) (transport.UDPConn, error) {
	c, err := net.ListenUDP(network, at)
	if err != nil {
		return nil, err
	}
	_ = c.SetReadBuffer(socketBuffer) // refused: counts a little worse
	return c, nil
}
