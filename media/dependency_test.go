package media

import (
	"bytes"
	"math/bits"
	"slices"
	"strings"
	"testing"
)

// bitWriter writes what bitReader reads.
type bitWriter struct {
	b []byte
	n int
}

func (w *bitWriter) put(v uint32, n int) {
	for i := n - 1; i >= 0; i-- {
		if w.n%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n/8] |= byte(v>>i&1) << (7 - w.n%8)
		w.n++
	}
}

func (w *bitWriter) short(v uint32, n int) {
	size := bits.Len(uint(n))
	if m := uint32(1<<size - n); v < m {
		w.put(v, size-1)
	} else {
		w.put(v+m, size)
	}
}

// put uses as the specification's tables write them: - D S R.
func (w *bitWriter) uses(s string) {
	for _, c := range s {
		w.put(uint32(strings.IndexRune("-DSR", c)), 2)
	}
}

// descriptorOf begins a descriptor: template, frame number and the five flags.
func descriptorOf(starts, ends bool, template uint8, frame uint16, flags uint32) *bitWriter {
	w := &bitWriter{}
	b := uint32(template)
	if starts {
		b |= 0x80
	}
	if ends {
		b |= 0x40
	}
	w.put(b, 8)
	w.put(uint32(frame), 16)
	w.put(flags, 5)
	return w
}

const (
	brings     = 16 // a structure
	masks      = 8
	ownUses    = 4
	ownDiffs   = 2
	ownChains  = 1
	templateOf = 60 // so that ids turn over
)

// two spatial layers, two temporal, predicted from below at key pictures only.
var twoByTwo = []struct {
	next  uint32 // layer of the next template: 0 the same, 1 temporal, 2 spatial, 3 the end
	uses  string
	diffs []uint32
	chain []uint32
}{
	{0, "SSSS", nil, []uint32{0, 0}},             // S0, key
	{1, "SS--", []uint32{2}, []uint32{2, 1}},     // S0T0
	{2, "-D--", []uint32{2}, []uint32{2, 1}},     // S0T1
	{0, "--SS", []uint32{1}, []uint32{1, 1}},     // S1, key
	{1, "--SS", []uint32{2}, []uint32{1, 2}},     // S1T0
	{3, "---D", []uint32{2, 16}, []uint32{3, 2}}, // S1T1
}

func putStructure(w *bitWriter, sizes bool) {
	w.put(templateOf, 6)
	w.put(4-1, 5)
	for _, t := range twoByTwo {
		w.put(t.next, 2)
	}
	for _, t := range twoByTwo {
		w.uses(t.uses)
	}
	for _, t := range twoByTwo {
		for _, d := range t.diffs {
			w.put(1, 1)
			w.put(d-1, 4)
		}
		w.put(0, 1)
	}
	w.short(2, 5)
	for _, chain := range []uint32{0, 0, 1, 1} {
		w.short(chain, 2)
	}
	for _, t := range twoByTwo {
		for _, c := range t.chain {
			w.put(c, 4)
		}
	}
	if !sizes {
		w.put(0, 1)
		return
	}
	w.put(1, 1)
	for _, size := range []uint32{640, 360, 1280, 720} {
		w.put(size-1, 16)
	}
}

func TestDependencyDescriptor(t *testing.T) {
	var s structure
	var d dependency
	key := descriptorOf(true, false, templateOf, 65535, brings)
	putStructure(key, true)
	if !d.parse(key.b, nil, &s) {
		t.Fatal("the key frame is not read")
	}
	if !d.starts || d.ends || !d.fresh || d.number != 65535 || !d.masked || d.active != 15 {
		t.Errorf("got %+v", d)
	}
	if s.templates != 6 || s.targets != 4 || s.chains != 2 || s.spatials != 2 || s.temporals != 2 {
		t.Errorf("got %d templates, %d targets, %d chains, %d by %d layers", s.templates, s.targets, s.chains, s.spatials, s.temporals)
	}
	if got, want := s.spatial[:4], []uint8{0, 0, 1, 1}; !slices.Equal(got, want) {
		t.Errorf("targets have spatial layers %v, want %v", got, want)
	}
	if got, want := s.temporal[:4], []uint8{0, 1, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("targets have temporal layers %v, want %v", got, want)
	}
	if s.width[1] != 1280 || s.height[0] != 360 {
		t.Errorf("got sizes %v by %v", s.width, s.height)
	}
	for n, want := range []uint8{1, 1, 2, 2} {
		if got := s.reaches(1 << n); got != want {
			t.Errorf("target %d active: got %d spatial layers, want %d", n, got, want)
		}
	}
	for i, c := range twoByTwo {
		id := uint8(templateOf+i) & 63
		if !d.parse(descriptorOf(true, true, id, uint16(i), 0).b[:3], &s, nil) || d.fresh || d.number != uint16(i) {
			t.Fatalf("template %d: not read", i)
		}
		for n, want := range c.uses {
			spatial, temporal := uint8(n/2), uint8(n%2)
			if got := "-DSR"[d.uses.at(spatial, temporal)]; got != byte(want) {
				t.Errorf("template %d, target %d: got %c, want %c", i, n, got, want)
			}
		}
		if got, want := d.uses.at(3, allTemporal), d.uses.at(1, 1); got != want {
			t.Errorf("template %d: beyond the highest got %d, want %d", i, got, want)
		}
		if int(d.diffs.n) != len(c.diffs) || d.diffs.n > 0 && uint32(d.diffs.by[d.diffs.n-1]) != c.diffs[len(c.diffs)-1] {
			t.Errorf("template %d: got references %+v, want %v", i, d.diffs, c.diffs)
		}
	}
}

func TestDependencyDescriptorOfAFrameOfItsOwn(t *testing.T) {
	var s structure
	var d dependency
	key := descriptorOf(true, true, templateOf, 1, brings|masks)
	putStructure(key, false)
	key.put(0b0011, 4)
	if !d.parse(key.b, nil, &s) || d.active != 3 || s.reaches(d.active) != 1 {
		t.Fatalf("got %+v, want the two lower targets active", d)
	}
	own := descriptorOf(true, true, templateOf+1, 2, masks|ownUses|ownDiffs|ownChains)
	own.put(0b1111, 4)
	own.uses("RDS-")
	own.put(1, 2)
	own.put(15, 4)
	own.put(3, 2)
	own.put(4095, 12)
	own.put(0, 2)
	own.put(255, 8)
	own.put(0, 8)
	if !d.parse(own.b, &s, nil) || d.active != 15 || d.fresh {
		t.Fatalf("got %+v", d)
	}
	for n, want := range "RDS-" {
		if got := "-DSR"[d.uses.at(uint8(n/2), uint8(n%2))]; got != byte(want) {
			t.Errorf("target %d: got %c, want %c", n, got, want)
		}
	}
	if d.diffs.n != 2 || d.diffs.by[0] != 16 || d.diffs.by[1] != 4096 || d.chains[0] != 255 {
		t.Errorf("got references %+v, chains %v", d.diffs, d.chains[:2])
	}
}

func TestDependencyDescriptorThatLies(t *testing.T) {
	whole := descriptorOf(true, true, templateOf, 1, brings)
	putStructure(whole, true)
	var s, known structure
	var d dependency
	if !d.parse(whole.b, nil, &known) {
		t.Fatal("the honest one is not read")
	}
	endless := descriptorOf(true, true, 0, 1, brings)
	endless.put(0, 11)
	for range 100 {
		endless.put(0, 2) // one template after the other
	}
	high := descriptorOf(true, true, 0, 1, brings)
	high.put(0, 11)
	for range 6 {
		high.put(2, 2) // one spatial layer above the other
	}
	for name, c := range map[string]struct {
		b     []byte
		known *structure
	}{
		"empty":               {nil, &known},
		"two bytes":           {whole.b[:2], &known},
		"cut":                 {whole.b[:len(whole.b)-1], &known},
		"cut in the uses":     {whole.b[:9], &known},
		"endless templates":   {endless.b, &known},
		"too many layers":     {high.b, &known},
		"no structure yet":    {[]byte{0xc0, 0, 1}, nil},
		"unknown template":    {[]byte{0xc0 | 20, 0, 1}, &known},
		"mask of nothing":     {descriptorOf(true, true, templateOf, 1, masks).b, nil},
		"own uses, cut short": {descriptorOf(true, true, templateOf, 1, ownUses).b, &known},
	} {
		if d.parse(c.b, c.known, &s) {
			t.Errorf("%s: read as %+v", name, d)
		}
	}
}

func FuzzDependency(f *testing.F) {
	whole := descriptorOf(true, true, templateOf, 1, brings)
	putStructure(whole, true)
	f.Add(whole.b, []byte{0xc0 | templateOf, 0, 2})
	f.Add(bytes.Repeat([]byte{0xff}, 255), []byte{0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, key, next []byte) {
		var first, second structure
		var d dependency
		known := (*structure)(nil)
		if d.parse(key, nil, &first) {
			known = &first
		}
		if d.parse(next, known, &second) && (d.spatial >= maxSpatial || d.temporal >= maxTemporal) {
			t.Errorf("got spatial layer %d, temporal %d", d.spatial, d.temporal)
		}
		if known != nil && (known.reaches(d.active) > maxSpatial || known.templates > maxTemplates || known.targets > maxTargets) {
			t.Errorf("got %d layers, %d templates", known.spatials, known.templates)
		}
	})
}

// TestAMaskTellsOfWhatGoesOut: a receiver of fewer layers reads no target as active that it does not get.
func TestAMaskTellsOfWhatGoesOut(t *testing.T) {
	var s structure
	var d dependency
	key := descriptorOf(true, true, templateOf, 1, brings)
	putStructure(key, false)
	d.parse(key.b, nil, &s)
	for _, c := range []struct{ sent, spatial, temporal, want uint32 }{
		{15, 1, allTemporal, 15}, {15, 0, allTemporal, 3}, {15, 1, 0, 5}, {15, 0, 0, 1}, {3, 1, 1, 3}, {12, 0, 1, 0},
	} {
		w := descriptorOf(true, true, templateOf, 2, masks)
		w.put(bits.Reverse32(c.sent)>>28, 4)
		if !d.parse(w.b, &s, nil) || d.maskAt == 0 {
			t.Fatal("the mask is not read")
		}
		// The first target is written first, and read as the highest bit.
		s.narrow(w.b, d.maskAt, uint8(c.spatial), uint8(c.temporal))
		if d.parse(w.b, &s, nil); bits.Reverse32(d.active)>>28 != c.want {
			t.Errorf("%04b for layers %d, %d: got %04b, want %04b", c.sent, c.spatial, c.temporal, bits.Reverse32(d.active)>>28, c.want)
		}
	}
}
