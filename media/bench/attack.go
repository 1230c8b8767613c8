package bench

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"math"
	"net"
	"net/netip"
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

// attackRounds are measured, of which the median counts: a machine that others
// use has bad seconds.
const attackRounds = 5

// attack floods the server in every way that a stranger and a participant can,
// and measures the delay of the others meanwhile. In turns with it the same
// floods go past the server, so that what they cost the load itself is in both figures.
func (l *load) attack(ctx context.Context, r *Result) error {
	past, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(loopback()))
	if err != nil {
		return fmt.Errorf("past the server: %w", err)
	}
	defer past.Close()
	first, err := l.side()
	if err != nil {
		return err
	}
	after := first
	var rates, pastHalf, pastMost, half, most []float64
	var quiet, loud side
	packets := 0.0
	for range attackRounds {
		before := after
		d, _, err := l.flooded(ctx, past.LocalAddr().(*net.UDPAddr).AddrPort())
		if err != nil {
			return err
		}
		pastHalf, pastMost = append(pastHalf, percentile(d.arrival, 50)), append(pastMost, percentile(d.arrival, 99))
		mute, err := l.mute()
		if err != nil {
			return err
		}
		between, err := l.side()
		if err != nil {
			return err
		}
		d, rate, err := l.flooded(ctx, l.clients[0].to)
		mute()
		if err != nil {
			return err
		}
		if after, err = l.side(); err != nil {
			return err
		}
		quiet.add(before, between)
		loud.add(between, after)
		packets += rate * after.at.Sub(between.at).Seconds()
		rates, half, most = append(rates, rate), append(half, percentile(d.arrival, 50)), append(most, percentile(d.arrival, 99))
	}
	for i := range most {
		if most[i] <= 2*pastMost[i] {
			r.AttackCalm++
		}
	}
	r.PastP50Ms, r.PastP99Ms = median(pastHalf), median(pastMost)
	r.AttackP50Ms, r.AttackP99Ms = median(half), median(most)
	r.AttackPackets, r.AttackDelivered, r.PastDelivered = math.Round(median(rates)), share(loud.received, loud.due), share(quiet.received, quiet.due)
	r.AttackUsPerPacket = round(float64(loud.cpu-quiet.cpu)/1e3/packets, 100)
	r.AttackWaited = round(float64(loud.waited)/float64(loud.cpu), 100)
	r.AttackMiB = round(float64(after.resident-first.resident)/(1<<20), 100)
	return nil
}

// side is what load and server have counted at a moment, or between two.
type side struct {
	tally
	at                    time.Time
	cpu, waited, resident int64
}

func (l *load) side() (side, error) {
	u, err := l.server.usage()
	return side{l.tally(), time.Now(), u.CPU, u.Waited, u.Resident}, err
}

func (s *side) add(from, to side) {
	s.received += to.received - from.received
	s.due += to.due - from.due
	s.cpu += to.cpu - from.cpu
	s.waited += to.waited - from.waited
}

// flooded measures delays while floods go to an address.
func (l *load) flooded(ctx context.Context, to netip.AddrPort) (d delays, rate float64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	var wait sync.WaitGroup
	defer wait.Wait()
	defer cancel()
	var sent atomic.Int64
	for _, f := range l.floods(to) {
		conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(loopback()))
		if err != nil {
			return d, 0, fmt.Errorf("attacker: %w", err)
		}
		defer conn.Close()
		wait.Go(func() {
			every(ctx, 10*time.Millisecond, func() {
				for range f.rate / 100 {
					f.send(conn)
					sent.Add(1)
				}
			})
		})
	}
	began := time.Now()
	d, err = l.sample(ctx)
	return d, float64(sent.Load()) / time.Since(began).Seconds(), err
}

type flood struct {
	rate int // packets a second
	send func(stranger *net.UDPConn)
}

// floods are what strangers send from sockets of their own, and a participant
// from its proved one.
func (l *load) floods(to netip.AddrPort) []flood {
	inside := l.clients[len(l.clients)-1]
	stranger := func(b []byte) flood {
		return flood{attackRate, func(c *net.UDPConn) { _, _ = c.WriteToUDPAddrPort(b, to) }}
	}
	participant := func(b []byte) flood {
		if to != inside.to {
			return stranger(b)
		}
		return flood{attackRate, func(*net.UDPConn) { _, _ = inside.conn.Write(b) }}
	}
	check := func(user, password string) []byte {
		return stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.NewUsername(user), stun.NewShortTermIntegrity(password), stun.Fingerprint).Raw
	}
	hello := make([]byte, 250)
	_, _ = rand.Read(hello) // never fails
	copy(hello, []byte{22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 237, 1})
	rtp := make([]byte, 1100) // lies about its length, and authenticates nothing
	_, _ = rand.Read(rtp)
	rtp[0], rtp[1] = 0x9f, 96
	return []flood{
		stranger(check("nobody:nobody", "x")),
		stranger(check(inside.serverUser+":"+inside.user, "wrong")),
		stranger(hello),
		stranger(rtp),
		participant(hello),
		participant(rtp),
		{stormRate, func(c *net.UDPConn) {
			for _, b := range inside.storm() {
				if to == inside.to {
					_, _ = inside.conn.Write(b)
				} else {
					_, _ = c.WriteToUDPAddrPort(b, to)
				}
			}
		}},
	}
}

// storm asks for key frames and for thousands of packets, of the streams that
// this client receives and of those of others.
func (c *client) storm() (all [][]byte) {
	for _, ssrc := range append(c.ssrcs(), 1000, 2000, rand32()) {
		b := []byte{0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0x81, 205, 0, 202, 0, 0, 0, 1, 0, 0, 0, 0}
		binary.BigEndian.PutUint32(b[8:], ssrc)
		binary.BigEndian.PutUint32(b[20:], ssrc)
		for i := range 200 {
			b = binary.BigEndian.AppendUint16(b, uint16(c.newest.Load())-uint16(i)*17)
			b = append(b, 0xff, 0xff)
		}
		if b = c.sealControl(b); b != nil {
			all = append(all, b)
		}
	}
	return all
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
