package media

import (
	"bytes"
	"testing"
)

func ids() *[256]extension {
	var x [256]extension
	x[1], x[2], x[3], x[4], x[5], x[6] = extLevel, extMid, extDescriptor, extTransportSeq, extRid, extOrientation
	x[200] = extDescriptor
	return &x
}

func TestHeader(t *testing.T) {
	base := []byte{0x80, 0xe0, 0x12, 0x34, 0, 0, 0, 5, 0, 0, 0, 9}
	with := func(first byte, rest ...byte) []byte {
		b := append(bytes.Clone(base), rest...)
		b[0] = first
		return b
	}
	for _, c := range []struct {
		name string
		b    []byte
		ok   bool
		size int
		want func(h *header) bool
	}{
		{"bare", base, true, 12, func(h *header) bool {
			return h.marker && h.payload == 96 && h.seq == 0x1234 && h.ssrc == 9 && h.level == 127
		}},
		{"too short", base[:11], false, 0, nil},
		{"version 1", with(0x40), false, 0, nil},
		{"two contributors", with(0x82, 1, 2, 3, 4, 5, 6, 7, 8), true, 20, nil},
		{"contributors lie", with(0x8f, 1, 2, 3, 4), false, 0, nil},
		{"level", with(0x90, 0xbe, 0xde, 0, 1, 0x10, 0x85, 0, 0), true, 20, func(h *header) bool { return h.has[extLevel] && h.level == 5 }},
		{"mid", with(0x90, 0xbe, 0xde, 0, 1, 0x21, 'a', 'b', 0), true, 20, func(h *header) bool { return string(h.mid) == "ab" }},
		{"padding between", with(0x90, 0xbe, 0xde, 0, 1, 0, 0x20, 'a', 0), true, 20, func(h *header) bool { return string(h.mid) == "a" }},
		{"id 15 ends", with(0x90, 0xbe, 0xde, 0, 1, 0xf0, 0x2f, 'a', 0), true, 20, func(h *header) bool { return h.mid == nil }},
		{"element lies", with(0x90, 0xbe, 0xde, 0, 1, 0x2f, 'a', 'b', 'c'), false, 0, nil},
		{"extension lies", with(0x90, 0xbe, 0xde, 0xff, 0xff, 0, 0, 0, 0), false, 0, nil},
		{"two-byte form", with(0x90, 0x10, 0, 0, 2, 200, 4, 0x80, 0, 7, 0x80, 2, 0), true, 24, func(h *header) bool { return len(h.dd) == 4 && descriptorFrame(h.dd) == 7 }},
		{"two-byte lies", with(0x90, 0x10, 0, 0, 1, 200, 4, 0, 0), false, 0, nil},
		{"short level is ignored", with(0x90, 0x10, 0, 0, 1, 1, 0, 0, 0), true, 20, func(h *header) bool { return !h.has[extLevel] }},
		{"unknown profile", with(0x90, 1, 2, 0, 1, 0xff, 0xff, 0xff, 0xff), true, 20, nil},
	} {
		var h header
		ok := h.parse(c.b, ids())
		if ok != c.ok || ok && h.size != c.size || ok && c.want != nil && !c.want(&h) {
			t.Errorf("%s: got %v, %+v", c.name, ok, h)
		}
	}
}

func TestUnpad(t *testing.T) {
	for _, c := range []struct {
		b        []byte
		n        int
		only, ok bool
	}{
		{nil, 0, false, false}, {[]byte{0}, 0, false, false}, {[]byte{2}, 0, false, false},
		{[]byte{1}, 0, true, true}, {[]byte{7, 1}, 1, false, true}, {[]byte{9, 0, 2}, 1, false, true},
		{append(make([]byte, 254), 255), 0, true, true},
	} {
		rest, only, ok := unpad(c.b)
		if len(rest) != c.n || only != c.only || ok != c.ok {
			t.Errorf("%v: got %v, %v, %v", c.b, rest, only, ok)
		}
	}
}

func TestVP8(t *testing.T) {
	for _, c := range []struct {
		b    []byte
		ok   bool
		want descriptor
	}{
		{nil, false, descriptor{}},
		{[]byte{0x10}, false, descriptor{}},
		{[]byte{0x10, 0}, true, descriptor{keyFrame: true}},
		{[]byte{0x00, 0}, true, descriptor{}},
		{[]byte{0x11, 0}, true, descriptor{}},
		{[]byte{0x90, 0x80, 0x7f, 1}, true, descriptor{pictureAt: 2, picture: 127}},
		{[]byte{0x90, 0x80, 0xff, 0xff, 0}, true, descriptor{pictureAt: 2, wide: true, picture: 32767, keyFrame: true}},
		{[]byte{0x90, 0xf0, 0x80, 1, 9, 0xff, 0}, true, descriptor{pictureAt: 2, wide: true, picture: 1, levelAt: 4, level: 9, keyAt: 5, key: 31, keyFrame: true, temporal: 3, sync: true}},
		{[]byte{0x90, 0x80, 0xff}, false, descriptor{}},
		{[]byte{0x90, 0x40}, false, descriptor{}},
	} {
		var v descriptor
		if ok := v.parse(vp8, c.b); ok != c.ok || ok && v != c.want {
			t.Errorf("%x: got %v, %+v, want %+v", c.b, ok, v, c.want)
		}
	}
}

func TestVP8NumbersTurnOver(t *testing.T) {
	for _, n := range []uint16{0, 1, 127, 128, 32766, 32767} {
		b := []byte{0x90, 0xf0, 0x80 | byte(n>>8), byte(n), 255, 0xff, 0}
		var v descriptor
		v.parse(vp8, b)
		v.rewrite(b, 1, 1, 1)
		var w descriptor
		w.parse(vp8, b)
		if w.picture != (n+1)&0x7fff || w.level != 0 || w.key != 0 || b[5]>>5 != 7 {
			t.Errorf("%d: got %+v", n, w)
		}
	}
}

func TestAppendNacks(t *testing.T) {
	for _, c := range []struct {
		missing []uint64
		want    []byte
	}{
		{[]uint64{7}, []byte{0, 7, 0, 0}},
		{[]uint64{7, 8, 23}, []byte{0, 7, 0x80, 1}},
		{[]uint64{7, 24}, []byte{0, 7, 0, 0, 0, 24, 0, 0}},
		{[]uint64{65535, 65536}, []byte{0xff, 0xff, 0, 1}},
	} {
		if got := appendNacks(nil, c.missing); !bytes.Equal(got, c.want) {
			t.Errorf("%v: got %x, want %x", c.missing, got, c.want)
		}
	}
}

func FuzzHeader(f *testing.F) {
	f.Add([]byte{0x90, 0xe0, 0x12, 0x34, 0, 0, 0, 5, 0, 0, 0, 9, 0xbe, 0xde, 0, 1, 0x10, 5, 0, 0})
	f.Add([]byte{0x90, 0xe0, 0x12, 0x34, 0, 0, 0, 5, 0, 0, 0, 9, 0x10, 0, 0, 1, 200, 2, 0, 0})
	x := ids()
	f.Fuzz(func(t *testing.T, b []byte) {
		var h header
		if h.parse(b, x) && h.size > len(b) {
			t.Errorf("header of %d in %d bytes", h.size, len(b))
		}
		_, _, _ = unpad(b)
	})
}

func FuzzDescriptors(f *testing.F) {
	f.Add([]byte{0x90, 0xf0, 0x80, 1, 9, 0xff, 0})
	f.Add([]byte{0xbf, 0x80, 1, 0x14, 3, 3, 2, 0x40, 1, 2, 3, 4})
	f.Fuzz(func(t *testing.T, b []byte) {
		for c := range codecCount {
			var v descriptor
			if v.parse(c, b) {
				v.rewrite(bytes.Clone(b), 1, 1, 1)
				_ = v.uses(c)
				if v.spatial >= maxSpatial || v.temporal >= maxTemporal || v.spatials > maxSpatial {
					t.Errorf("%v: got %+v", c, v)
				}
			}
		}
	})
}
