package bench

import (
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

// publish sends picture in frames of back-to-back packets, and sound.
func (c *client) publish(ctx context.Context) {
	if !c.sends {
		return
	}
	var wait sync.WaitGroup
	defer wait.Wait()
	var one sync.Mutex // the SRTP context has one user
	if c.load.o.VideoKbps > 0 {
		each := max(1, int(math.Round(float64(c.load.o.VideoKbps)*1000/8/framesPerSecond/packetBytes)))
		wait.Go(func() {
			p := c.stream(pictureSSRC, 96, packetBytes)
			frame := 0
			const between = time.Second / framesPerSecond
			phase := rand.N(between)
			if c.load.o.Even {
				phase = between * time.Duration(c.index) / time.Duration(c.load.o.Publishers)
			}
			everyAt(ctx, between, phase, func() {
				for i := range each {
					p.picture(frame, i)
					p.size = packetBytes
					if c.load.o.Spread {
						// Chromium cuts a frame into parts of two lengths, one byte
						// apart, and its pacer lets them go a few at a time.
						p.size -= i & 1
						if i > 0 && i%spreadTogether == 0 {
							pause(ctx, spreadTime)
						}
					}
					one.Lock()
					p.send(c, i == each-1)
					one.Unlock()
				}
				frame++
				p.timestamp += 90000 / framesPerSecond
			})
		})
	}
	if c.load.o.Audio {
		wait.Go(func() {
			p := c.stream(soundSSRC, soundType, soundBytes)
			every(ctx, soundTime, func() {
				one.Lock()
				defer one.Unlock()
				p.size = soundBytes
				p.send(c, false)
				p.timestamp += 48000 / 50
			})
		})
	}
}

const (
	spreadTogether = 2
	spreadTime     = 5 * time.Millisecond
)

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// every calls f at a steady rate, from a random phase on.
func every(ctx context.Context, d time.Duration, f func()) { everyAt(ctx, d, rand.N(d), f) }

// everyAt calls f at a phase of the clock.
func everyAt(ctx context.Context, d, phase time.Duration, f func()) {
	next := time.Now().Truncate(d).Add(d + phase)
	t := time.NewTimer(time.Until(next))
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		f()
		next = next.Add(d)
		t.Reset(time.Until(next))
	}
}

// stream is one SSRC that a client sends.
type stream struct {
	plain, cipher []byte
	size          int // of the next payload
	seq           uint16
	timestamp     uint32
}

func (c *client) stream(ssrc uint32, payload byte, size int) *stream {
	p := &stream{plain: make([]byte, 12+size), cipher: make([]byte, 0, 1500), timestamp: rand.Uint32()}
	p.plain[0], p.plain[1] = 0x80, payload
	binary.BigEndian.PutUint32(p.plain[8:], ssrc)
	return p
}

// picture writes a VP8 payload descriptor with a 15-bit picture id.
func (p *stream) picture(frame, part int) {
	b := p.plain[12:]
	b[0], b[1], b[4] = 0x80, 0x80, 1
	if part == 0 {
		b[0] |= 0x10
		if frame%keyEvery == 0 {
			b[4] = 0
		}
	}
	binary.BigEndian.PutUint16(b[2:], 0x8000|uint16(frame))
}

func (p *stream) send(c *client, marker bool) {
	if c.load.paused.Load() {
		return
	}
	p.plain[1] &= 0x7f
	if marker {
		p.plain[1] |= 0x80
	}
	binary.BigEndian.PutUint16(p.plain[2:], p.seq)
	binary.BigEndian.PutUint32(p.plain[4:], p.timestamp)
	binary.BigEndian.PutUint64(p.plain[12+stampAt:], uint64(time.Since(c.load.began)))
	p.seq++
	b, err := c.out.Load().EncryptRTP(p.cipher, p.plain[:12+p.size], nil)
	if err != nil {
		return
	}
	if _, err := c.conn.Write(b); err == nil {
		c.sent.Add(1)
	}
}
