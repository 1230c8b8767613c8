package media

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// sectionOf is an m-line with these rtpmaps and fmtps, in their order.
func sectionOf(lines ...string) *section {
	s := &section{kind: "video", extensions: map[extension]uint8{}}
	for _, l := range lines {
		kind, value, _ := strings.Cut(l, ":")
		number, _, _ := strings.Cut(value, " ")
		n := uint8(0)
		for _, d := range number {
			n = n*10 + uint8(d-'0')
		}
		if kind == "rtpmap" {
			s.mappings = append(s.mappings, mapping{payload: n})
		}
		s.attribute(kind, value)
	}
	return s
}

func TestEveryCodecThatBothHaveIsAgreedOnceInTheOrderOfTheOffer(t *testing.T) {
	// What Chromium and Firefox offer, shortened.
	chromium := sectionOf("rtpmap:96 VP8/90000", "rtpmap:97 rtx/90000", "fmtp:97 apt=96",
		"rtpmap:103 H264/90000", "fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f",
		"rtpmap:107 H264/90000", "fmtp:107 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f",
		"rtpmap:109 H264/90000", "fmtp:109 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
		"rtpmap:114 rtx/90000", "fmtp:114 apt=109",
		"rtpmap:45 AV1/90000", "fmtp:45 level-idx=5;profile=0;tier=0", "rtpmap:46 rtx/90000", "fmtp:46 apt=45",
		"rtpmap:100 VP9/90000", "fmtp:100 profile-id=2", "rtpmap:98 VP9/90000", "fmtp:98 profile-id=0", "rtpmap:99 rtx/90000", "fmtp:99 apt=98")
	firefox := sectionOf("rtpmap:121 VP9/90000", "fmtp:121 max-fs=12288;max-fr=60", "rtpmap:125 rtx/90000", "fmtp:125 apt=121",
		"rtpmap:120 VP8/90000", "fmtp:120 max-fs=12288;max-fr=60")
	for _, c := range []struct {
		name string
		s    *section
		want []format
	}{
		{"Chromium", chromium, []format{{vp8, 96, 97, ""}, {h264, 109, 114, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"},
			{av1, 45, 46, "level-idx=5;profile=0;tier=0"}, {vp9, 98, 99, "profile-id=0"}}},
		{"Firefox", firefox, []format{{vp9, 121, 125, "max-fs=12288;max-fr=60"}, {vp8, 120, 0, "max-fs=12288;max-fr=60"}}},
		{"nothing of ours", sectionOf("rtpmap:35 H265/90000"), nil},
	} {
		if got := c.s.formats(); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestAnswerHasEveryCodecWithItsRepairs(t *testing.T) {
	o := goodUse()
	o.SDP = strings.Replace(o.SDP, "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:3\r\na=recvonly\r\n",
		"m=video 9 UDP/TLS/RTP/SAVPF 98 99 96 97\r\na=mid:3\r\na=recvonly\r\na=rtpmap:98 VP9/90000\r\na=rtpmap:99 rtx/90000\r\na=fmtp:99 apt=98\r\n", 1)
	sdp, err := still(t).Answer("p", o)
	if err != nil {
		t.Fatal(err)
	}
	part := strings.Split(sdp, "m=")[4]
	for _, want := range []string{" 98 99 96 97\r\n", "a=rtpmap:98 VP9/90000", "a=fmtp:98 profile-id=0", "a=fmtp:99 apt=98", "a=rtpmap:96 VP8/90000", "a=fmtp:97 apt=96", "a=rtcp-fb:98 nack pli"} {
		if !strings.Contains(part, want) {
			t.Errorf("no %q in\n%s", want, part)
		}
	}
	o.SDP = strings.Replace(o.SDP, "a=rtpmap:98 VP9/90000", "a=rtpmap:98 AV1/90000", 1) // 98 is VP9 in another m-line
	if _, err := still(t).Answer("p", o); err == nil {
		t.Error("one payload type of two meanings was agreed")
	}
}

// av1Picture is the start of an AV1 payload: N says that a sequence begins.
func av1Picture(seq uint16, key bool) []byte {
	b := append(picture(1000, seq, uint32(seq)*3000, 0, false)[:12], 0x10, 0, 0, 0)
	b[1] = 100
	if key {
		b[12] = 0x18
	}
	return b
}

func TestSlotFollowsAnotherCodec(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	p, s, keys := addReceiver(t, r, "c", to)
	s.formats[av1] = format{codec: av1, payload: 45, rtx: 46} // the receiver's own numbers
	r.road.track(TrackID{"a", "camera"}).seat(s)
	r.road.media(a, picture(1000, 65534, 0, 7, true))
	r.road.media(a, picture(1000, 65535, 3000, 8, false))
	r.road.media(a, av1Picture(0, true))
	r.road.media(a, av1Picture(1, false))
	r.road.media(a, picture(1000, 2, 9000, 9, true))
	r.road.forward()
	var types []byte
	for i, x := range keys.sent {
		types = append(types, x.b[1]&0x7f)
		if x.index != keys.sent[0].index+uint64(i) {
			t.Errorf("packet %d: got index %d after %d", i, x.index, keys.sent[0].index)
		}
	}
	if want := []byte{96, 96, 45, 45, 96}; !slices.Equal(types, want) {
		t.Fatalf("got payload types %v, want %v", types, want)
	}
	// Repairs are of the codec that the packet had, not of what flows now.
	nack := []byte{0x80 | formatNack, rtcpTransport, 0, 3, 0, 0, 0, 1, 0, 0, 0, 100, 0, 0, 0, 3}
	binary.BigEndian.PutUint16(nack[12:], uint16(keys.sent[1].index))
	keys.sent = nil
	r.road.control(p, nack)
	types = nil
	for _, x := range keys.sent {
		types = append(types, x.b[1]&0x7f)
	}
	if want := []byte{97, 46, 46}; !slices.Equal(types, want) {
		t.Errorf("got repairs of types %v, want %v", types, want)
	}
}

func TestCodecThatTheReceiverLacksIsNeverSent(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	a := addPublisher(r, "a", 1000)
	_, s, keys := addReceiver(t, r, "c", to)
	s.codecs &^= 1 << av1
	r.road.track(TrackID{"a", "camera"}).seat(s)
	r.road.media(a, av1Picture(0, true))
	r.road.media(a, av1Picture(1, false))
	r.road.forward()
	if len(keys.sent) != 0 {
		t.Fatalf("got %d packets of a codec that the receiver lacks", len(keys.sent))
	}
	r.road.media(a, picture(1000, 2, 6000, 1, true))
	r.road.media(a, picture(1000, 3, 9000, 2, false))
	r.road.media(a, av1Picture(4, true))
	r.road.media(a, av1Picture(5, false))
	r.road.media(a, picture(1000, 6, 18000, 3, true))
	r.road.forward()
	for i, x := range keys.sent {
		if x.b[1]&0x7f != 96 || x.index != keys.sent[0].index+uint64(i) {
			t.Errorf("packet %d: got type %d, index %d after %d", i, x.b[1]&0x7f, x.index, keys.sent[0].index)
		}
	}
	if len(keys.sent) != 3 || r.road.stats.PLIsOut != 0 {
		t.Errorf("got %d packets, want three of VP8", len(keys.sent))
	}
}

func TestUnknownPayloadTypeIsDropped(t *testing.T) {
	r := still(t)
	a := addPublisher(r, "a", 1000)
	b := picture(1000, 0, 0, 0, true)
	b[1] = 50
	r.road.media(a, b)
	if r.road.stats.DroppedUnknownSource != 1 || a.tracks[0].live {
		t.Errorf("got %+v", r.road.stats)
	}
}

func TestPublisherIsToldWhatEverybodySeatedHas(t *testing.T) {
	r := still(t)
	_, to := sink(t)
	addPublisher(r, "a", 1000)
	camera := r.road.track(TrackID{"a", "camera"})
	told := func() string {
		last := "nothing"
		for len(r.events) > 0 {
			if e := <-r.events; e.Kind == LayersWanted {
				last = strings.Join(e.Codecs, " ")
			}
		}
		return last
	}
	r.road.now = 1
	r.road.watch(camera)
	if got, want := told(), "vp8 vp9 av1 h264"; got != want {
		t.Errorf("nobody seated: got %s, want %s", got, want)
	}
	_, s, _ := addReceiver(t, r, "c", to)
	s.codecs = 1<<vp8 | 1<<vp9
	camera.seat(s)
	r.road.watch(camera)
	if got, want := told(), "vp8 vp9"; got != want {
		t.Errorf("one who lacks two: got %s, want %s at once", got, want)
	}
	r.road.empty(s)
	r.road.watch(camera)
	for _, c := range []struct {
		at   int64
		want string
	}{{1 + moreAfter/2, "vp8 vp9"}, {1 + moreAfter, "vp8 vp9 av1 h264"}, {2 + moreAfter, "nothing"}} {
		r.road.now = c.at
		r.road.watch(camera)
		if got := told(); got != c.want {
			t.Errorf("%d ns after they left: got %s, want %s", c.at-1, got, c.want)
		}
	}
}
