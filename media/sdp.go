package media

import (
	"slices"
	"strconv"
	"strings"
)

// Bounds of an offer; the largest honest one, with 40 pairs, has 160 kB and 100
// m-lines.
const (
	maxSDP     = 512 << 10
	maxMedia   = 160
	maxLine    = 4096
	maxRids    = 4
	maxFormats = 128
)

// mapping is one payload type of an m-line.
type mapping struct {
	payload    uint8
	name       string // "opus/48000/2", lower case
	parameters string // its fmtp
}

// section is an m-line of an offer.
type section struct {
	kind, proto, mid, direction string
	rejected                    bool // port 0, and not because it only goes with the first one's transport
	mappings                    []mapping
	extensions                  map[extension]uint8
	ssrc, rtxSSRC               uint32
	rids                        []string
}

// description is what we read of an offer.
type description struct {
	user, password string
	print          string // upper-case SHA-256
	mixed          bool
	reduced        bool
	sections       []*section
}

func refuse(code string) error { return &OfferError{Code: code} }

// parseOffer reads the lines that matter and ignores all others.
func parseOffer(sdp string) (*description, error) {
	if len(sdp) > maxSDP {
		return nil, refuse("size")
	}
	d := &description{}
	var s *section
	for line := range strings.Lines(sdp) {
		line = strings.TrimRight(line, "\r\n")
		if len(line) > maxLine {
			return nil, refuse("size")
		}
		if len(line) < 2 || line[1] != '=' {
			if line == "" {
				continue
			}
			return nil, refuse("syntax")
		}
		switch line[0] {
		case 'm':
			if len(d.sections) == maxMedia {
				return nil, refuse("size")
			}
			var ok bool
			if s, ok = parseMedia(line[2:]); !ok {
				return nil, refuse("syntax")
			}
			d.sections = append(d.sections, s)
		case 'a':
			name, value, _ := strings.Cut(line[2:], ":")
			if !d.attribute(name, value) || s != nil && !s.attribute(name, value) {
				return nil, refuse("syntax")
			}
		}
	}
	return d, d.check()
}

func (d *description) check() error {
	switch {
	case len(d.sections) == 0:
		return refuse("syntax")
	case len(d.user) < 4 || len(d.user) > 256 || len(d.password) < 22 || len(d.password) > 256:
		return refuse("ice")
	case len(d.print) != 32*3-1:
		return refuse("fingerprint")
	}
	mids := map[string]bool{}
	for _, s := range d.sections {
		if s.mid == "" || len(s.mid) > 32 || mids[s.mid] {
			return refuse("mid")
		}
		mids[s.mid] = true
	}
	return nil
}

// attribute reads what counts for the whole connection. Everything is bundled,
// so the first m-line's transport stands for all; another one that differs is a
// lie.
func (d *description) attribute(name, value string) bool {
	once := func(v *string, n string) bool {
		if *v != "" && *v != n {
			return false
		}
		*v = n
		return true
	}
	switch name {
	case "ice-ufrag":
		return plainText(value) && once(&d.user, value)
	case "ice-pwd":
		return plainText(value) && once(&d.password, value)
	case "fingerprint":
		hash, print, _ := strings.Cut(value, " ")
		if !strings.EqualFold(hash, "sha-256") {
			return true
		}
		return once(&d.print, strings.ToUpper(strings.TrimSpace(print)))
	case "extmap-allow-mixed":
		d.mixed = true
	case "rtcp-rsize":
		d.reduced = true
	}
	return true
}

// plainText holds what may be echoed in an answer: no spaces, no controls.
func plainText(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}

func parseMedia(line string) (*section, bool) {
	f := strings.Fields(line)
	if len(f) < 4 || len(f) > 3+maxFormats {
		return nil, false
	}
	for _, x := range f[:3] {
		if !plainText(x) || len(x) > 32 {
			return nil, false
		}
	}
	s := &section{kind: f[0], proto: f[2], rejected: f[1] == "0", direction: "sendrecv", extensions: map[extension]uint8{}}
	if s.kind != "audio" && s.kind != "video" {
		return s, true
	}
	for _, x := range f[3:] {
		n, err := strconv.ParseUint(x, 10, 7)
		if err != nil {
			return nil, false
		}
		s.mappings = append(s.mappings, mapping{payload: uint8(n)})
	}
	return s, true
}

// attribute reads what belongs to one m-line.
func (s *section) attribute(name, value string) bool {
	switch name {
	case "mid":
		s.mid = value
		return plainText(value)
	case "sendonly", "recvonly", "sendrecv", "inactive":
		s.direction = name
	case "bundle-only":
		s.rejected = false // RFC 9143 §6: so Firefox offers all but the first
	case "rtpmap", "fmtp":
		format, rest, ok := strings.Cut(value, " ")
		if !ok || !printable(rest) {
			return false
		}
		n, err := strconv.ParseUint(format, 10, 7)
		i := slices.IndexFunc(s.mappings, func(m mapping) bool { return uint64(m.payload) == n })
		if err != nil || i < 0 {
			return s.kind != "audio" && s.kind != "video" || err == nil
		}
		if name == "rtpmap" {
			s.mappings[i].name = strings.ToLower(rest)
		} else {
			s.mappings[i].parameters = rest
		}
	case "extmap":
		return s.extmap(value)
	case "ssrc":
		n, err := strconv.ParseUint(firstField(value), 10, 32)
		if err != nil {
			return false
		}
		if s.ssrc == 0 {
			s.ssrc = uint32(n)
		}
	case "ssrc-group":
		f := strings.Fields(value)
		if len(f) != 3 || f[0] != "FID" {
			return true
		}
		a, err := strconv.ParseUint(f[1], 10, 32)
		b, err2 := strconv.ParseUint(f[2], 10, 32)
		if err != nil || err2 != nil || a == b {
			return false
		}
		if s.rtxSSRC == 0 {
			s.ssrc, s.rtxSSRC = uint32(a), uint32(b)
		}
	case "rid":
		f := strings.Fields(value)
		if len(f) < 2 || len(f[0]) > 16 || !plainText(f[0]) {
			return false
		}
		if f[1] == "send" && len(s.rids) < maxRids && !slices.Contains(s.rids, f[0]) {
			s.rids = append(s.rids, f[0])
		}
	}
	return true
}

func printable(s string) bool {
	for _, c := range []byte(s) {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

func firstField(s string) string {
	f, _, _ := strings.Cut(s, " ")
	return f
}

func (s *section) extmap(value string) bool {
	f := strings.Fields(value)
	if len(f) < 2 {
		return false
	}
	id, _, _ := strings.Cut(f[0], "/")
	n, err := strconv.ParseUint(id, 10, 8)
	if err != nil || n == 0 {
		return false
	}
	for x := extMid; x < extCount; x++ {
		// Ids above 14 need the two-byte form, which not every packet has.
		if f[1] == extensionURI(x) && n < 15 {
			s.extensions[x] = uint8(n)
		}
	}
	return true
}
