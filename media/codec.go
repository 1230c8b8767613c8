package media

import (
	"slices"
	"strconv"
	"strings"
)

// codec is how sound or picture is written. Peers number codecs by payload
// types of their own.
type codec uint8

const (
	noCodec codec = iota
	opus
	red // Opus with copies of earlier Opus, see red.go
	vp8
	vp9
	av1
	h264
	codecCount
)

// String is the codec's name in events.
func (c codec) String() string {
	return [codecCount]string{opus: "opus", red: "red", vp8: "vp8", vp9: "vp9", av1: "av1", h264: "h264"}[c]
}

// codecs is a set of them.
type codecs uint8

func (x codecs) has(c codec) bool { return x>>c&1 != 0 }

func setOf(formats []format) (x codecs) {
	for _, f := range formats {
		x |= 1 << f.codec
	}
	return x
}

func (x codecs) names() []string {
	out := []string{}
	for c := range codecCount {
		if x.has(c) {
			out = append(out, c.String())
		}
	}
	return out
}

// pictureCodec by what SDP calls it.
func pictureCodec(m *mapping) codec {
	switch m.name {
	case "vp8/90000":
		return vp8
	case "vp9/90000":
		// Other profiles have more colours, which not every decoder has.
		if m.has("profile-id", "0") {
			return vp9
		}
	case "av1/90000":
		if m.has("profile", "0") {
			return av1
		}
	case "h264/90000":
		// Constrained Baseline, the one that every browser with H.264 has; only
		// packetization mode 1 allows pictures of more than one packet.
		if m.parameter("packetization-mode") == "1" && strings.HasPrefix(strings.ToLower(m.parameter("profile-level-id")), "42e0") {
			return h264
		}
	}
	return noCodec
}

// sdpName is the codec in an rtpmap.
func (c codec) sdpName() string {
	switch c {
	case opus:
		return "opus/48000/2"
	case red:
		return "red/48000/2"
	case vp8:
		return "VP8/90000"
	case vp9:
		return "VP9/90000"
	case av1:
		return "AV1/90000"
	case h264:
		return "H264/90000"
	}
	return ""
}

// format is a codec as one peer numbers it: its payload type and that of its
// retransmissions, 0 where there are none.
type format struct {
	codec        codec
	payload, rtx uint8
	parameters   string // its fmtp, as offered
}

// formats agrees what both have of an m-line.
func (s *section) formats() []format {
	if s.kind == "audio" {
		return s.sounds()
	}
	return s.pictures()
}

// sounds is Opus, and where it is offered Opus with copies: after the plain one,
// because browsers send what comes first.
func (s *section) sounds() []format {
	i := slices.IndexFunc(s.mappings, func(m mapping) bool { return m.name == "opus/48000/2" })
	if i < 0 {
		return nil
	}
	out := []format{{codec: opus, payload: s.mappings[i].payload}}
	blocks := strconv.Itoa(int(out[0].payload)) // RFC 2198 §5
	for _, m := range s.mappings {
		if m.name == "red/48000/2" && !slices.ContainsFunc(strings.Split(m.parameters, "/"), func(b string) bool { return b != blocks }) {
			return append(out, format{codec: red, payload: m.payload, parameters: m.parameters})
		}
	}
	return out
}

// pictures is every codec that we forward, once, in the order of the offer.
func (s *section) pictures() []format {
	var out []format
	for i := range s.mappings {
		m := &s.mappings[i]
		c := pictureCodec(m)
		if c == noCodec || slices.ContainsFunc(out, func(f format) bool { return f.codec == c }) {
			continue
		}
		out = append(out, format{codec: c, payload: m.payload, rtx: s.repairs(m.payload), parameters: m.parameters})
	}
	return out
}

// repairs is the payload type of retransmissions of another (RFC 4588 §8.6).
func (s *section) repairs(payload uint8) uint8 {
	apt := strconv.Itoa(int(payload))
	for i := range s.mappings {
		if m := &s.mappings[i]; m.name == "rtx/90000" && m.parameter("apt") == apt {
			return m.payload
		}
	}
	return 0
}

// parameter of an fmtp; "" where there is none.
func (m *mapping) parameter(name string) string {
	for p := range strings.SplitSeq(m.parameters, ";") {
		if k, v, _ := strings.Cut(strings.TrimSpace(p), "="); strings.EqualFold(k, name) {
			return v
		}
	}
	return ""
}

// has says that a parameter has this value, which is its default.
func (m *mapping) has(name, value string) bool {
	v := m.parameter(name)
	return v == "" || v == value
}
