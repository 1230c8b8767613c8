// The load generator of `make peers`, a module of its own: what it needs is no part of Astara.
module peers

go 1.26.0

require (
	github.com/coder/websocket v1.8.15 // ISC: LiveKit's signalling line
	github.com/pion/dtls/v3 v3.1.15 // MIT: the name of the one SRTP profile
	github.com/pion/ice/v4 v4.4.8 // MIT: candidates without mDNS
	github.com/pion/interceptor v0.1.51 // MIT: reports of arrivals, what senders answer
	github.com/pion/rtcp v1.2.20 // MIT: reports of receivers
	github.com/pion/rtp v1.10.6 // MIT: the packets that are sent
	github.com/pion/transport/v5 v5.1.4 // MIT: the sockets under a PeerConnection
	github.com/pion/webrtc/v4 v4.2.26 // MIT: the people, the same for every server
	golang.org/x/sys v0.49.0 // BSD: recvmmsg, and which core a process has
	google.golang.org/protobuf v1.36.12 // BSD: the fields of LiveKit's messages
)

require (
	github.com/google/uuid v1.6.0 // indirect
	github.com/pion/datachannel v1.6.3 // indirect
	github.com/pion/logging v0.2.4 // indirect
	github.com/pion/mdns/v2 v2.2.2 // indirect
	github.com/pion/randutil v0.1.0 // indirect
	github.com/pion/sctp v1.12.0 // indirect
	github.com/pion/sdp/v3 v3.0.20 // indirect
	github.com/pion/srtp/v3 v3.1.3 // indirect
	github.com/pion/stun/v4 v4.0.1 // indirect
	github.com/pion/turn/v5 v5.1.3 // indirect
	github.com/wlynxg/anet v0.0.5 // indirect
	golang.org/x/crypto v0.48.0 // indirect
	golang.org/x/net v0.50.0 // indirect
	golang.org/x/time v0.14.0 // indirect
)
