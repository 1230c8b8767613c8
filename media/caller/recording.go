package caller

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"time"

	"astara/media"
)

// frame is one encoded picture or sound packet.
type frame struct {
	data     []byte
	duration time.Duration
	key      bool
}

// recording is a file in memory, to be sent in a loop.
type recording struct{ frames []frame }

// nextKey is the first key frame at or after i, over the end.
func (r *recording) nextKey(i int) int {
	for n := range r.frames {
		if j := (i + n) % len(r.frames); r.frames[j].key {
			return j
		}
	}
	return i
}

var errEmpty = errors.New("no frames")

// readIVF: a header of 32 bytes with the time base, then frames of 12 + n bytes.
func readIVF(name string) (*recording, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	if len(b) < 32 || string(b[:4]) != "DKIF" || string(b[8:12]) != "VP80" {
		return nil, fmt.Errorf("picture %s: not VP8 in IVF", name)
	}
	rate, scale := binary.LittleEndian.Uint32(b[16:]), binary.LittleEndian.Uint32(b[20:])
	if rate == 0 || scale == 0 {
		return nil, fmt.Errorf("picture %s: no time base", name)
	}
	r := &recording{}
	var first, last uint64
	for b = b[32:]; len(b) >= 12; {
		n := int(binary.LittleEndian.Uint32(b))
		at := binary.LittleEndian.Uint64(b[4:])
		if n > len(b)-12 {
			break // cut short; what came before is good
		}
		data := b[12 : 12+n]
		b = b[12+n:]
		if n == 0 {
			continue
		}
		if len(r.frames) == 0 {
			first = at
		}
		last = at
		// The lowest bit of a VP8 frame is clear in key frames (RFC 6386 §9.1).
		r.frames = append(r.frames, frame{data: data, key: data[0]&1 == 0})
	}
	if len(r.frames) == 0 {
		return nil, fmt.Errorf("picture %s: %w", name, errEmpty)
	}
	// One distance for all: the recordings have a fixed rate.
	step := float64(scale) / float64(rate)
	if n := len(r.frames); n > 1 && last > first {
		step *= float64(last-first) / float64(n-1)
	}
	for i := range r.frames {
		r.frames[i].duration = max(time.Duration(step*float64(time.Second)), time.Millisecond)
	}
	return r, nil
}

func readOGG(name string) (*recording, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("sound: %w", err)
	}
	packets, err := oggPackets(b)
	if err != nil {
		return nil, fmt.Errorf("sound %s: %w", name, err)
	}
	r := &recording{}
	for _, p := range packets {
		if bytes.HasPrefix(p, []byte("OpusHead")) || bytes.HasPrefix(p, []byte("OpusTags")) {
			continue
		}
		if d := media.OpusTime(p); d > 0 {
			r.frames = append(r.frames, frame{data: p, duration: d})
		}
	}
	if len(r.frames) == 0 {
		return nil, fmt.Errorf("sound %s: %w", name, errEmpty)
	}
	return r, nil
}

var errOgg = errors.New("not an Ogg file")

// oggPackets takes the packets out of their pages (RFC 3533 §6).
func oggPackets(b []byte) ([][]byte, error) {
	var all [][]byte
	var part []byte
	for len(b) > 0 {
		if len(b) < 27 || string(b[:4]) != "OggS" || len(b) < 27+int(b[26]) {
			return nil, errOgg
		}
		laces := b[27 : 27+int(b[26])]
		b = b[27+len(laces):]
		for _, n := range laces {
			if len(b) < int(n) {
				return nil, errOgg
			}
			part = append(part, b[:n]...)
			b = b[n:]
			if n < 255 {
				all, part = append(all, part), nil
			}
		}
	}
	return all, nil
}
