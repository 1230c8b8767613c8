package media

import "testing"

// What each piece of a packet's way costs alone; BenchmarkForward has them all.

func BenchmarkHeader(b *testing.B) {
	p := append([]byte{0x90, 96, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0xbe, 0xde, 0, 2, 0x22, 1, 2, 3, 0x51, 1, 2, 0}, make([]byte, 1100)...)
	known := ids()
	var h header
	b.ReportAllocs()
	for b.Loop() {
		if !h.parse(p, known) {
			b.Fatal("not parsed")
		}
	}
}

func BenchmarkKeep(b *testing.B) {
	l := newLayer(&track{kind: Video, peer: newPeer("a", "x")}, "", 1, 2)
	payload := append([]byte{0x90, 0x80, 0x81, 1, 1}, make([]byte, 1095)...)
	h := header{ssrc: 1, codec: vp8}
	index := uint64(0)
	for range videoHistory {
		l.keep(&h, index, payload, false, 0)
		index++
	}
	b.ReportAllocs()
	for b.Loop() {
		l.keep(&h, index, payload, false, 0)
		index++
	}
}

// BenchmarkKeepLayers: the same of a stream with layers, by what Chromium sent.
func BenchmarkKeepLayers(b *testing.B) {
	for _, c := range []codec{vp8, vp9, av1, h264} {
		b.Run(c.String(), func(b *testing.B) {
			l := newLayer(&track{kind: Video, peer: newPeer("a", "x")}, "", 1, 2)
			all := recording(b, c)
			index := uint64(0)
			keep := func() {
				x := &all[int(index)%len(all)]
				l.keep(&header{ssrc: 1, codec: c, ts: x.ts, dd: x.dd, marker: x.marker}, index, x.data, false, 0)
				index++
			}
			for range videoHistory {
				keep()
			}
			b.ReportAllocs()
			for b.Loop() {
				keep()
			}
		})
	}
}

func BenchmarkSlotHeader(b *testing.B) {
	s := newSlot(newPeer("a", "x"), "v0", Video, 1, 2)
	s.ids[extSendTime], s.ids[extDescriptor] = 2, 3
	k := &packet{dd: []byte{0x80, 1, 2}, data: make([]byte, 1100)}
	var head [headRoom]byte
	b.ReportAllocs()
	for b.Loop() {
		s.header(head[:], k, 1, s.ssrc, 96, 0, [3]byte{1, 2, 3})
	}
}

func BenchmarkSeal(b *testing.B) {
	for name, aead := range map[string]bool{"gcm": true, "cm": false} {
		b.Run(name, func(b *testing.B) {
			salt := 14
			if aead {
				salt = 12
			}
			_, out, err := newCiphers(aead, newKeys(b, salt))
			if err != nil {
				b.Fatal(err)
			}
			payload := make([]byte, 1100)
			p := make([]byte, 12+len(payload)+out.tag())
			copy(p, picture(1, 1, 1, 1, true)[:12])
			index := uint64(0)
			b.ReportAllocs()
			for b.Loop() {
				out.sealRTP(p, 12, payload, 1, index)
				index++
			}
		})
	}
}
