package media

import (
	"errors"
	"strings"
	"testing"

	"github.com/pion/stun/v3"
)

const goodOffer = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\n" +
	"a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\na=extmap-allow-mixed\r\n" +
	"m=audio 9 UDP/TLS/RTP/SAVPF 111 63 64 0\r\na=mid:0\r\na=sendonly\r\na=rtpmap:111 opus/48000/2\r\na=rtpmap:64 red/48000/2\r\na=fmtp:64 0/0\r\na=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=ssrc:1000 cname:x\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 98 96 97\r\na=mid:1\r\na=sendonly\r\na=rtpmap:98 VP9/90000\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=ssrc-group:FID 5 6\r\na=ssrc:5 cname:x\r\na=ssrc:6 cname:x\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:2\r\na=sendonly\r\na=rtpmap:96 VP8/90000\r\na=rid:q send\r\na=rid:h send\r\na=simulcast:send q;h\r\n" +
	"m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:3\r\na=recvonly\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n" +
	"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:4\r\na=recvonly\r\na=rtpmap:111 opus/48000/2\r\n" +
	"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:5\r\n"

func goodUse() Offer {
	return Offer{SDP: goodOffer, Sources: map[string]Source{"0": "microphone", "2": "screen"}, Slots: map[string]SlotID{"3": "v0", "4": "a0"}}
}

func TestAnswer(t *testing.T) {
	r := still(t)
	sdp, err := r.Answer("p", goodUse())
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(sdp, "m=")
	if len(parts) != 7 {
		t.Fatalf("got %d m-lines, want 6", len(parts)-1)
	}
	for i, want := range [][]string{
		{"a=ice-lite", "a=group:BUNDLE 0 1 2 3 4\r\n", "a=extmap-allow-mixed"},
		{"audio ", " 111 63\r\n", "a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111", "a=recvonly", "a=setup:passive", "a=candidate:1 1 udp", "tcptype passive", "useinbandfec=1", "a=extmap:1 "},
		{"a=inactive"}, // no permission
		{"a=recvonly", "a=simulcast:recv q;h", "a=rid:q recv"},
		{" 96 97\r\n", "a=sendonly", "a=msid:s0 v0", "a=ssrc-group:FID"},
		{"a=sendonly", "a=msid:s0 a0", "cname:s0"},
		{"application 0 ", "a=inactive"},
	} {
		for _, w := range want {
			if !strings.Contains(parts[i], w) {
				t.Errorf("part %d: no %q in\n%s", i, w, parts[i])
			}
		}
	}
	again, err := r.Answer("p", goodUse())
	if err != nil {
		t.Fatal(err)
	}
	_, a, _ := strings.Cut(sdp, "t=0 0")
	if _, b, _ := strings.Cut(again, "t=0 0"); a != b {
		t.Error("the same offer again changes slots or credentials")
	}
	o := goodUse()
	o.SDP = strings.Replace(o.SDP, "ice-ufrag:abcd", "ice-ufrag:efgh", 1)
	restart, err := r.Answer("p", o)
	if err != nil {
		t.Fatal(err)
	}
	pick := func(s, prefix string) string {
		_, v, _ := strings.Cut(s, prefix)
		v, _, _ = strings.Cut(v, "\r\n")
		return v
	}
	if pick(sdp, "a=ice-ufrag:") == pick(restart, "a=ice-ufrag:") || pick(sdp, "FID") != pick(restart, "FID") {
		t.Error("a restart wants new credentials and the same slots")
	}
}

// Firefox offers every m-line after the first with port 0, as bundle-only: they are none the less offered.
func TestFirefoxOffer(t *testing.T) {
	head, rest, _ := strings.Cut(goodOffer, "m=video")
	o := goodUse()
	o.SDP = head + "m=video" + strings.ReplaceAll(rest, " 9 UDP/TLS/RTP/SAVPF 96", " 0 UDP/TLS/RTP/SAVPF 96")
	o.SDP = strings.ReplaceAll(o.SDP, "a=mid:2\r\n", "a=bundle-only\r\na=mid:2\r\n")
	sdp, err := still(t).Answer("p", o)
	if err != nil {
		t.Fatal(err)
	}
	if want := "a=group:BUNDLE 0 1 2 4\r\n"; !strings.Contains(sdp, want) {
		t.Errorf("no %q in\n%s", want, sdp)
	}
	if parts := strings.Split(sdp, "m="); !strings.Contains(parts[3], "a=simulcast:recv q;h") || !strings.HasPrefix(parts[4], "video 0 ") {
		t.Errorf("got %s%s, want the bundled m-line received and the rejected one rejected", parts[3], parts[4])
	}
}

func TestOffersRefused(t *testing.T) {
	r := still(t)
	change := func(old, new string) Offer {
		o := goodUse()
		o.SDP = strings.Replace(o.SDP, old, new, 1)
		return o
	}
	twice, same := goodUse(), goodUse()
	twice.Slots["4"] = "v0"
	same.Sources["0"] = "screen"
	for name, c := range map[string]struct {
		o    Offer
		code string
	}{
		"empty":            {Offer{}, "syntax"},
		"too long":         {Offer{SDP: strings.Repeat("a=x\r\n", maxSDP/5+1)}, "size"},
		"too many m-lines": {Offer{SDP: strings.Repeat("m=audio 9 X 0\r\n", maxMedia+1)}, "size"},
		"not SDP":          {change("v=0", "hello"), "syntax"},
		"no ufrag":         {change("a=ice-ufrag:abcd", "a=x"), "ice"},
		"short password":   {change("abcdefghijklmnopqrstuvwx", "abc"), "ice"},
		"space in ufrag":   {change("ice-ufrag:abcd", "ice-ufrag:ab cd"), "syntax"},
		"two ufrags":       {change("a=mid:1", "a=mid:1\r\na=ice-ufrag:wxyz"), "syntax"},
		"no fingerprint":   {change("a=fingerprint:sha-256", "a=fingerprint:sha-1"), "fingerprint"},
		"mid twice":        {change("a=mid:1", "a=mid:0"), "mid"},
		"no mid":           {change("a=mid:1", "a=x"), "mid"},
		"format":           {change("SAVPF 111 63 64 0", "SAVPF 1111"), "syntax"},
		"ssrc":             {change("a=ssrc:1000", "a=ssrc:99999999999"), "syntax"},
		"group of one":     {change("FID 5 6", "FID 5 5"), "syntax"},
		"extmap id":        {change("a=extmap:1 ", "a=extmap:0 "), "syntax"},
		"slot twice":       {twice, "slot"},
		"source twice":     {same, "source"},
	} {
		_, err := r.Answer("q", c.o)
		var e *OfferError
		if !errors.As(err, &e) || e.Code != c.code {
			t.Errorf("%s: got %v, want %s", name, err, c.code)
		}
	}
	if len(r.peers) != 0 {
		t.Errorf("got %d peers, want none", len(r.peers))
	}
}

func FuzzOffer(f *testing.F) {
	f.Add(goodOffer)
	f.Add(strings.ReplaceAll(goodOffer, "\r\n", "\n"))
	f.Fuzz(func(t *testing.T, sdp string) {
		d, err := parseOffer(sdp)
		if err != nil {
			var e *OfferError
			if !errors.As(err, &e) {
				t.Errorf("got %v, want an OfferError", err)
			}
			return
		}
		o := goodUse()
		p := newPeer("p", d.print)
		a := &answer{d: d, o: o, slots: map[SlotID]*slot{}, p: p}
		if a.write(1) != nil {
			return
		}
		if strings.Count(a.text.String(), "\nm=") != len(d.sections) {
			t.Error("an answer has as many m-lines as its offer")
		}
	})
}

func FuzzCheck(f *testing.F) {
	f.Add(stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.NewUsername("a:b"), stun.NewShortTermIntegrity("p"), stun.Fingerprint).Raw)
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, _, m, ok := checkMessage(b); ok {
			_ = stun.NewShortTermIntegrity("p").Check(m)
		}
	})
}

func FuzzControl(f *testing.F) {
	f.Add([]byte{0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 100, 0, 1, 0xff, 0xff})
	f.Add([]byte{0x81, 201, 0, 7, 0, 0, 0, 1, 0, 0, 0, 100, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1})
	f.Add([]byte{0x84, 206, 0, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 100, 1, 0, 0, 0})
	f.Add([]byte{0x80, 200, 0, 6, 0, 0, 3, 232, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1})
	r := still(f)
	_, to := sink(f)
	a := addPublisher(r, "a", 1000)
	p, s, keys := addReceiver(f, r, "c", to)
	r.road.track(TrackID{"a", "camera"}).seat(s)
	r.road.media(a, picture(1000, 0, 0, 0, true))
	r.road.forward()
	f.Fuzz(func(t *testing.T, b []byte) {
		r.road.control(p, b)
		r.road.control(a, b)
		r.road.out.flush()
		keys.sent, keys.control = nil, nil
	})
}
