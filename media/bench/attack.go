package bench

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"math"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/stun/v3"
)

// Packets a second of each kind of flood, and of storms of control: as many as
// leave the load's own cores some time to measure.
const (
	attackRate = 2000
	stormRate  = 100
)

// attack floods the server in every way that a stranger and a participant can,
// and measures the delay of the others meanwhile.
func (l *load) attack(ctx context.Context, r *Result) error {
	ctx, cancel := context.WithCancel(ctx)
	var wait sync.WaitGroup
	defer wait.Wait()
	defer cancel()
	before, err := l.server.usage()
	if err != nil {
		return err
	}
	var sent atomic.Int64
	floods := l.floods()
	for i, flood := range floods {
		conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(loopback()))
		if err != nil {
			return fmt.Errorf("attacker: %w", err)
		}
		defer conn.Close()
		wait.Go(func() {
			rate := attackRate
			if i == len(floods)-1 {
				rate = stormRate
			}
			every(ctx, 10*time.Millisecond, func() {
				for range max(rate/100, 1) {
					flood(conn)
					sent.Add(1)
				}
			})
		})
	}
	mute, err := l.mute()
	if err != nil {
		return err
	}
	defer mute()
	began, then := time.Now(), l.tally()
	delays, err := l.sample(ctx)
	if err != nil {
		return err
	}
	now := l.tally()
	after, err := l.server.usage()
	if err != nil {
		return err
	}
	r.AttackDelivered = share(now.received-then.received, now.due-then.due)
	r.AttackPackets = math.Round(float64(sent.Load()) / time.Since(began).Seconds())
	r.AttackP50Ms, r.AttackP99Ms = percentile(delays, 50), percentile(delays, 99)
	r.AttackMiB = round(float64(after.Resident-before.Resident)/(1<<20), 100)
	return nil
}

// sample gathers everybody's delays for the length of a measurement.
func (l *load) sample(ctx context.Context) ([]float64, error) {
	for _, c := range l.clients {
		c.mu.Lock()
		c.samples = nil
		c.mu.Unlock()
		c.sampling.Store(true)
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(time.Duration(l.o.Seconds) * time.Second):
	}
	var delays []float64
	for _, c := range l.clients {
		c.sampling.Store(false)
		c.mu.Lock()
		delays = append(delays, c.samples...)
		c.mu.Unlock()
	}
	slices.Sort(delays)
	return delays, nil
}

// floods are what is sent, from a socket of their own or as a participant.
func (l *load) floods() []func(*net.UDPConn) {
	inside := l.clients[len(l.clients)-1]
	to := net.UDPAddrFromAddrPort(inside.to)
	send := func(b []byte) func(*net.UDPConn) {
		return func(c *net.UDPConn) { _, _ = c.WriteToUDP(b, to) }
	}
	check := func(user, password string) []byte {
		return stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.NewUsername(user), stun.NewShortTermIntegrity(password), stun.Fingerprint).Raw
	}
	hello := make([]byte, 250)
	_, _ = rand.Read(hello) // never fails
	copy(hello, []byte{22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 237, 1})
	rtp := make([]byte, 1100)
	_, _ = rand.Read(rtp)
	rtp[0], rtp[1] = 0x9f, 96
	var one sync.Mutex
	return []func(*net.UDPConn){
		send(check("nobody:nobody", "x")),
		send(check(inside.serverUser+":"+inside.user, "wrong")),
		send(hello),
		send(rtp),
		// As a participant: media that lies and does not authenticate, DTLS
		// that is none, and control about everything there is.
		func(*net.UDPConn) { _, _ = inside.conn.Write(rtp) },
		func(*net.UDPConn) { _, _ = inside.conn.Write(hello) },
		func(*net.UDPConn) {
			one.Lock()
			defer one.Unlock()
			inside.storm()
		},
	}
}

// storm asks for a key frame and for thousands of packets, of the streams that
// this client receives and of those of others.
func (c *client) storm() {
	for _, ssrc := range append(c.ssrcs(), 1000, 2000, rand32()) {
		b := []byte{0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0x81, 205, 0, 202, 0, 0, 0, 1, 0, 0, 0, 0}
		binary.BigEndian.PutUint32(b[8:], ssrc)
		binary.BigEndian.PutUint32(b[20:], ssrc)
		for i := range 200 {
			b = binary.BigEndian.AppendUint16(b, uint16(c.newest.Load())-uint16(i)*17)
			b = append(b, 0xff, 0xff)
		}
		c.tell(b)
	}
}

func rand32() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return binary.BigEndian.Uint32(b[:])
}

// mute is a person whose TCP connections say nothing and read nothing.
func (l *load) mute() (func(), error) {
	to := l.clients[0].to
	var conns []net.Conn
	end := func() {
		for _, c := range conns {
			c.Close()
		}
	}
	for range 32 {
		c, err := net.DialTimeout("tcp", netip.AddrPortFrom(to.Addr(), to.Port()).String(), time.Second)
		if err != nil {
			end()
			return nil, fmt.Errorf("silent connection: %w", err)
		}
		conns = append(conns, c)
	}
	return end, nil
}
