package media

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
)

// publish is an m-line by which a peer sends.
type publish struct {
	mid           string
	source        Source
	kind          Kind
	formats       []format
	ssrc, rtxSSRC uint32 // 0: learned by mid
	rids          []string
	transport     bool   // transport-wide feedback is agreed
	track         *track // the road's
}

// receive is an m-line by which a peer receives.
type receive struct {
	slot    *slot
	formats []format
	ids     [extCount]uint8
	cname   string
}

// plan is what one answer agreed, for the road to apply.
type plan struct {
	ways      credentials
	ids       [256]extension
	codecs    [128]codec // by payload type, retransmissions too
	mixed     bool
	publishes []publish
	receives  []receive
}

// answer writes the SDP answer to d and the plan that keeps its promises. Slots
// that p has by name stay the same slots.
type answer struct {
	text  strings.Builder
	plan  plan
	d     *description
	o     Offer
	slots map[SlotID]*slot
	p     *peer
	port  uint16
	hosts []netip.Addr
	print string
}

func (a *answer) line(format string, args ...any) { fmt.Fprintf(&a.text, format+"\r\n", args...) }

func (a *answer) write(session uint64) error {
	mids := ""
	for _, s := range a.d.sections {
		if !s.rejected && (s.kind == "audio" || s.kind == "video") {
			mids += " " + s.mid
		}
	}
	a.line("v=0")
	a.line("o=- %d 2 IN IP4 127.0.0.1", session)
	a.line("s=-")
	a.line("t=0 0")
	a.line("a=ice-lite")
	a.line("a=group:BUNDLE%s", mids)
	if a.d.mixed {
		a.line("a=extmap-allow-mixed")
	}
	a.line("a=msid-semantic: WMS *")
	taken := map[SlotID]bool{}
	sources := map[Source]bool{}
	for _, s := range a.d.sections {
		if err := a.section(s, taken, sources); err != nil {
			return err
		}
	}
	return nil
}

// section answers one m-line: what may be published is received, what is a slot
// is sent, all else is inactive.
func (a *answer) section(s *section, taken map[SlotID]bool, sources map[Source]bool) error {
	if s.rejected || s.kind != "audio" && s.kind != "video" {
		a.line("m=%s 0 %s 0", s.kind, s.proto)
		a.line("c=IN IP4 0.0.0.0")
		a.line("a=mid:%s", s.mid)
		a.line("a=inactive")
		return nil
	}
	formats := s.formats()
	ok := len(formats) > 0
	source, slot := a.o.Sources[s.mid], a.o.Slots[s.mid]
	publishes := ok && source != "" && (s.direction == "sendonly" || s.direction == "sendrecv")
	receives := ok && !publishes && slot != "" && s.direction == "recvonly"
	if publishes {
		if sources[source] {
			return refuse("source")
		}
		sources[source] = true
	}
	if receives {
		if taken[slot] || len(slot) > 32 || !plainText(string(slot)) {
			return refuse("slot")
		}
		taken[slot] = true
	}
	a.line("m=%s %d %s%s", s.kind, a.port, s.proto, s.listed(formats))
	a.line("c=IN IP4 %s", a.first4())
	a.line("a=mid:%s", s.mid)
	a.line("a=rtcp-mux")
	if a.d.reduced {
		a.line("a=rtcp-rsize")
	}
	a.line("a=ice-ufrag:%s", a.plan.ways.user)
	a.line("a=ice-pwd:%s", a.plan.ways.password)
	a.line("a=fingerprint:sha-256 %s", a.print)
	a.line("a=setup:passive")
	for _, f := range formats {
		if err := a.format(s, f); err != nil {
			return err
		}
	}
	ids, err := a.extensions(s, publishes, receives)
	if err != nil {
		return err
	}
	switch {
	case publishes:
		a.publishing(s, source, formats)
	case receives:
		if err := a.receiving(s, slot, formats, ids); err != nil {
			return err
		}
	default:
		a.line("a=inactive")
	}
	a.candidates()
	return nil
}

// listed is the payload types of an m-line; one that we have nothing of is
// answered by its first.
func (s *section) listed(formats []format) string {
	out := ""
	for _, f := range formats {
		out += fmt.Sprint(" ", f.payload)
		if f.rtx != 0 {
			out += fmt.Sprint(" ", f.rtx)
		}
	}
	switch {
	case out != "":
		return out
	case len(s.mappings) > 0:
		return fmt.Sprint(" ", s.mappings[0].payload)
	}
	return " 0"
}

// format agrees a codec, and with it transport-wide feedback where the number
// is, else an estimate by the receiver (REMB).
func (a *answer) format(s *section, f format) error {
	for _, payload := range []uint8{f.payload, f.rtx} {
		if old := a.plan.codecs[payload]; payload != 0 && old != noCodec && old != f.codec {
			return refuse("syntax") // one payload type, one meaning in a bundle (RFC 8843 §10.1.2)
		}
		if payload != 0 {
			a.plan.codecs[payload] = f.codec
		}
	}
	numbered := s.extensions[extTransportSeq] != 0
	if numbered && f.codec != red {
		a.line("a=rtcp-fb:%d transport-cc", f.payload)
	}
	a.line("a=rtpmap:%d %s", f.payload, f.codec.sdpName())
	switch f.codec {
	case opus:
		a.line("a=fmtp:%d minptime=10;useinbandfec=1;stereo=0;maxaveragebitrate=64000", f.payload)
		return nil
	case red:
		a.line("a=fmtp:%d %s", f.payload, f.parameters)
		return nil
	case vp9:
		a.line("a=fmtp:%d profile-id=0", f.payload)
	case av1, h264:
		if f.parameters != "" {
			a.line("a=fmtp:%d %s", f.payload, f.parameters)
		}
	}
	if !numbered {
		a.line("a=rtcp-fb:%d goog-remb", f.payload)
	}
	for _, x := range []string{"ccm fir", "nack", "nack pli"} {
		a.line("a=rtcp-fb:%d %s", f.payload, x)
	}
	if f.rtx != 0 {
		a.line("a=rtpmap:%d rtx/90000", f.rtx)
		a.line("a=fmtp:%d apt=%d", f.rtx, f.payload)
	}
	return nil
}

// extensions agrees those that have a use in the direction: the transport-wide
// number both ways, by which the sender estimates the line; where there is none
// abs-send-time, by which the receiver does.
func (a *answer) extensions(s *section, publishes, receives bool) (ids [extCount]uint8, err error) {
	for x := extMid; x < extCount; x++ {
		id := s.extensions[x]
		use := false
		switch x {
		case extMid:
			use = publishes || receives
		case extRid, extRepairedRid:
			use = publishes
		case extTransportSeq:
			use = publishes || receives
		case extSendTime:
			use = publishes || receives && s.extensions[extTransportSeq] == 0
		case extLevel:
			use = s.kind == "audio"
		case extDescriptor, extOrientation:
			use = s.kind == "video"
		}
		if id == 0 || !use {
			continue
		}
		if old := a.plan.ids[id]; old != extNone && old != x {
			return ids, refuse("syntax") // one id, one meaning in a bundle (RFC 8843 §15)
		}
		a.plan.ids[id] = x
		ids[x] = id
		a.line("a=extmap:%d %s", id, extensionURI(x))
	}
	return ids, nil
}

func (a *answer) publishing(s *section, source Source, formats []format) {
	a.line("a=recvonly")
	kind := Video
	if s.kind == "audio" {
		kind = Audio
	}
	if len(s.rids) > 0 {
		for _, rid := range s.rids {
			a.line("a=rid:%s recv", rid)
		}
		a.line("a=simulcast:recv %s", strings.Join(s.rids, ";"))
	}
	a.plan.publishes = append(a.plan.publishes, publish{
		mid: s.mid, source: source, kind: kind, formats: formats, ssrc: s.ssrc, rtxSSRC: s.rtxSSRC,
		rids: s.rids, transport: s.extensions[extTransportSeq] != 0,
	})
}

func (a *answer) receiving(s *section, id SlotID, formats []format, ids [extCount]uint8) error {
	kind := Video
	if s.kind == "audio" {
		kind = Audio
	}
	sl := a.slots[id]
	if sl == nil {
		sl = newSlot(a.p, id, kind, a.freeSSRC(), 0)
		if kind == Video {
			sl.rtxSSRC = a.freeSSRC()
		}
		a.slots[id] = sl
	}
	if sl.kind != kind {
		return refuse("slot")
	}
	repaired := kind == Video && slices.ContainsFunc(formats, func(f format) bool { return f.rtx != 0 })
	stream := streamID(id)
	a.line("a=sendonly")
	a.line("a=msid:%s %s", stream, id)
	if repaired {
		a.line("a=ssrc-group:FID %d %d", sl.ssrc, sl.rtxSSRC)
	}
	// Chromium takes the first SSRC for the media's own.
	a.line("a=ssrc:%d cname:%s", sl.ssrc, stream)
	if repaired {
		a.line("a=ssrc:%d cname:%s", sl.rtxSSRC, stream)
	}
	a.plan.receives = append(a.plan.receives, receive{slot: sl, formats: formats, ids: ids, cname: stream})
	return nil
}

// streamID pairs v3 and a3, so that the browser keeps their lips in sync.
func streamID(id SlotID) string {
	if (id[0] == 'v' || id[0] == 'a') && len(id) > 1 {
		return "s" + string(id[1:])
	}
	return "s-" + string(id)
}

// freeSSRC is one that no other slot of the peer has, nor our feedback.
func (a *answer) freeSSRC() uint32 {
next:
	for {
		x := rand.Uint32()
		if x <= ourSSRC {
			continue
		}
		for _, s := range a.slots {
			if s.ssrc == x || s.rtxSSRC == x {
				continue next
			}
		}
		return x
	}
}

func (a *answer) first4() string {
	for _, h := range a.hosts {
		if h.Is4() {
			return h.String()
		}
	}
	return "0.0.0.0"
}

// candidates: UDP before TCP (RFC 8445 §5.1.2, RFC 6544 §4.2), each in the
// order of the hosts.
func (a *answer) candidates() {
	for i, h := range a.hosts {
		a.line("a=candidate:%d 1 udp %d %s %d typ host", i+1, 126<<24|(65535-i)<<8|255, h, a.port)
	}
	for i, h := range a.hosts {
		a.line("a=candidate:%d 1 tcp %d %s %d typ host tcptype passive", i+1+len(a.hosts), 90<<24|(4<<13|8191-i)<<8|255, h, a.port)
	}
	a.line("a=end-of-candidates")
}
