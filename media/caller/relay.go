package caller

import (
	"crypto/tls"
	"net"

	"github.com/pion/webrtc/v4"
)

// Relay is a TURN server that is reached by TLS.
type Relay struct {
	Address        string // host:port
	User, Password string
	TLS            *tls.Config // nil: the machine's own trust
}

func (r *Relay) server() webrtc.ICEServer {
	return webrtc.ICEServer{URLs: []string{"turns:" + r.Address + "?transport=tcp"}, Username: r.User, Credential: r.Password}
}

// Dial is Pion's way to it: Pion itself has no way to say which certificates are good.
func (r *Relay) Dial(network, address string) (net.Conn, error) {
	return tls.Dial(network, address, r.TLS)
}
