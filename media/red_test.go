package media

import (
	"bytes"
	"slices"
	"testing"
)

// folded writes what a sender would: copies oldest first, then the packet's own.
func folded(of uint8, primary []byte, copies ...redCopy) []byte {
	var b []byte
	for _, c := range copies {
		h := make([]byte, copyHeader)
		putCopyHeader(h, of, c.age, len(c.data))
		b = append(b, h...)
	}
	b = append(b, of)
	for _, c := range copies {
		b = append(b, c.data...)
	}
	return append(b, primary...)
}

func TestRed(t *testing.T) {
	long := bytes.Repeat([]byte{7}, maxCopySize)
	for _, c := range []struct {
		name    string
		copies  []redCopy
		primary []byte
	}{
		{"no copy", nil, []byte{1}},
		{"one", []redCopy{{960, []byte{1, 2}}}, []byte{3}},
		{"two", []redCopy{{1920, []byte{1}}, {960, []byte{2, 3}}}, []byte{4, 5, 6}},
		{"empty copy", []redCopy{{960, nil}}, []byte{1}},
		{"the oldest and longest", []redCopy{{maxCopyAge, long}, {0, []byte{}}, {1, []byte{0}}}, long},
		{"the most", slices.Repeat([]redCopy{{960, []byte{9}}}, maxCopies), []byte{1}},
	} {
		var x redPayload
		if !x.parse(folded(111, c.primary, c.copies...)) {
			t.Errorf("%s: not read", c.name)
			continue
		}
		same := slices.EqualFunc(x.copies[:x.n], c.copies, func(a, b redCopy) bool { return a.age == b.age && bytes.Equal(a.data, b.data) })
		if !same || x.of != 111 || !bytes.Equal(x.primary, c.primary) {
			t.Errorf("%s: got %v and %v, want %v and %v", c.name, x.copies[:x.n], x.primary, c.copies, c.primary)
		}
	}
	for name, b := range map[string][]byte{
		"empty":                       {},
		"nothing after the headers":   {111},
		"another format in a copy":    {0x80 | 110, 0, 0, 1, 111, 1, 2},
		"a header cut short":          {0x80 | 111, 0, 0},
		"no last header":              {0x80 | 111, 0, 0, 1},
		"a copy longer than there is": {0x80 | 111, 0, 0, 3, 111, 1, 2},
		"a copy and nothing else":     {0x80 | 111, 0, 0, 2, 111, 1, 2},
		"one too many":                folded(111, []byte{1}, slices.Repeat([]redCopy{{960, []byte{9}}}, maxCopies+1)...),
	} {
		var x redPayload
		if x.parse(b) {
			t.Errorf("%s: read %v and %v, want refused", name, x.copies[:x.n], x.primary)
		}
	}
}

func FuzzRed(f *testing.F) {
	f.Add(folded(111, []byte{1}))
	f.Add(folded(111, []byte{4, 5}, redCopy{1920, []byte{1}}, redCopy{960, []byte{2, 3}}))
	f.Fuzz(func(t *testing.T, b []byte) {
		var x redPayload
		if !x.parse(b) {
			return
		}
		if again := folded(x.of, x.primary, x.copies[:x.n]...); !bytes.Equal(again, b) {
			t.Errorf("got %v again, want %v", again, b)
		}
	})
}

func BenchmarkRed(b *testing.B) {
	p := folded(111, make([]byte, 120), redCopy{1920, make([]byte, 120)}, redCopy{960, make([]byte, 120)})
	var x redPayload
	b.ReportAllocs()
	for b.Loop() {
		if !x.parse(p) {
			b.Fatal("not read")
		}
	}
}
