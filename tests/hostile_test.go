package tests

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"astara/protocol"
)

// TestHostileInputs: two people talk while everything else is thrown at the node; nobody notices.
func TestHostileInputs(t *testing.T) {
	n := serve(t, t.TempDir())
	rows := n.sample("--open-door")
	a, b := join(t, one(rows, "tehran", "head"), 20), join(t, one(rows, "baku", "head"), 20)
	a.line("msg=joined", 0, joinTime)
	b.line("msg=joined", 0, joinTime)

	t.Run("http", func(t *testing.T) { hostileHTTP(t, n) })
	t.Run("sockets", func(t *testing.T) { hostileSockets(t, n, one(rows, "tehran", "adviser").Link) })
	t.Run("packets", func(t *testing.T) { hostilePackets(t, n) })
	n.healthy()

	for _, x := range []struct {
		bot  *bot
		from string
	}{{a, "baku/head"}, {b, "tehran/head"}} {
		r := x.bot.report(40 * time.Second)
		for _, kind := range []string{"audio", "video"} {
			n.arrived(x.bot.name, r, x.from, kind)
		}
		if log := strings.Join(x.bot.log(), "\n"); strings.Contains(log, "lost\"") {
			t.Errorf("a line was lost:\n%s", log)
		}
	}
}

const anything = -1

func hostileHTTP(t *testing.T, n *node) {
	for _, x := range []struct {
		name, method, path, body string
		header                   map[string]string
		want                     int // 0: any refusal, 4xx; or anything
	}{
		{name: "no JSON", method: "POST", path: "/api/links", body: "{{{"},
		{name: "not an object", method: "POST", path: "/api/links", body: `[1,2,3]`},
		{name: "unknown field", method: "POST", path: "/api/links", body: `{"token":"x","admin":true}`},
		{name: "empty", method: "POST", path: "/api/links"},
		{name: "forged link", method: "POST", path: "/api/links", body: `{"token":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`},
		{name: "too large", method: "POST", path: "/api/links", body: `{"token":"` + strings.Repeat("a", 65<<10) + `"}`},
		{name: "deep", method: "POST", path: "/api/links", body: strings.Repeat(`{"token":`, 5000)},
		{name: "other site", method: "POST", path: "/api/links", body: `{"token":"x"}`, header: map[string]string{"Origin": "https://elsewhere.example"}, want: 403},
		{name: "unknown route", method: "GET", path: "/api/everything", want: 404},
		{name: "nobody's seat", method: "GET", path: "/api/seats/aaaaaaaaaaaaaaaa"},
		{name: "path out of the client", method: "GET", path: "/..%2f..%2f..%2fetc/passwd", want: anything},
		{name: "desk without session", method: "GET", path: "/api/desk", want: 401},
		{name: "long cookie", method: "GET", path: "/api/desk", header: map[string]string{"Cookie": "astara_desk=" + strings.Repeat("x", 20<<10)}},
		{name: "header too large", method: "GET", path: "/healthz", header: map[string]string{"X-Long": strings.Repeat("x", 64<<10)}, want: 431},
	} {
		t.Run(x.name, func(t *testing.T) {
			r, err := http.NewRequestWithContext(t.Context(), x.method, n.url+x.path, strings.NewReader(x.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			for k, v := range x.header {
				r.Header.Set(k, v)
			}
			got, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer got.Body.Close()
			body, _ := io.ReadAll(got.Body)
			if x.want != anything && got.StatusCode/100 != 4 || x.want > 0 && got.StatusCode != x.want {
				t.Errorf("got %d %.200s, want %d (0: any 4xx)", got.StatusCode, body, x.want)
			}
			if bytes.Contains(body, []byte("root:")) || bytes.Contains(body, []byte("panic")) {
				t.Errorf("answered %.200s", body)
			}
		})
	}
}

// hostileSockets: each mess ends its own socket, or is refused on it, and nothing more.
func hostileSockets(t *testing.T, n *node, link string) {
	client, socket := openSeat(t, n, link) // its cookie is good, so that the socket itself is reached
	for name, messages := range map[string][]string{
		"no JSON":            {`{"type":`},
		"before hello":       {`{"type":"enter","id":1}`},
		"unknown type":       {`{"type":"hello","body":{"version":1}}`, `{"type":"root.shell","id":1}`},
		"wrong version":      {`{"type":"hello","body":{"version":99}}`},
		"hello of a future":  {`{"type":"hello","body":{"version":1,"epoch":"x","seq":18446744073709551615}}`},
		"negative layout":    {`{"type":"hello","body":{"version":1}}`, `{"type":"enter","id":1}`, `{"type":"layout","body":{"tiles":[{"member":"x/y","source":"camera","width":-1,"height":-1}]}}`},
		"SDP that lies":      {`{"type":"hello","body":{"version":1}}`, `{"type":"enter","id":1}`, `{"type":"media.offer","id":2,"body":{"sdp":"v=0\r\nm=audio 99999999999999 X 1\r\na=mid:\r\n","sources":{"0":"microphone"},"slots":{"0":"v0"}}}`},
		"others' admission":  {`{"type":"hello","body":{"version":1}}`, `{"type":"enter","id":1}`, `{"type":"member.remove","id":2,"body":{"member":"tehran/head"}}`},
		"larger than 64 KiB": {`{"type":"hello","body":{"version":1}}`, `{"type":"enter","id":1}`, `{"type":"chat.say","id":2,"body":{"text":"` + strings.Repeat("a", 65<<10) + `"}}`},
		"thousands at once":  append([]string{`{"type":"hello","body":{"version":1}}`, `{"type":"enter","id":1}`}, repeat(`{"type":"floor.ask","id":3}`, 3000)...),
		"binary":             {"\x00\xff\x00\xff"},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
			defer cancel()
			ws, _, err := websocket.Dial(ctx, socket, &websocket.DialOptions{HTTPClient: client, HTTPHeader: http.Header{"Origin": {n.url}}})
			if err != nil {
				t.Fatal(err)
			}
			defer ws.CloseNow()
			ws.SetReadLimit(1 << 20)
			for _, m := range messages {
				if ws.Write(ctx, websocket.MessageText, []byte(m)) != nil {
					break // closed on us: as it should be
				}
			}
			ws.Write(ctx, websocket.MessageText, []byte(`{"type":"ping","body":{"n":1}}`))
			for { // until it answers that it lives, or the socket has ended
				_, b, err := ws.Read(ctx)
				if ctx.Err() != nil {
					t.Fatal("the socket neither answers nor ends")
				}
				if err != nil || bytes.Contains(b, []byte(`"pong"`)) {
					return
				}
			}
		})
	}
	t.Run("without a seat", func(t *testing.T) {
		_, r, err := websocket.Dial(t.Context(), socket, &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {n.url}}})
		if err == nil || r == nil || r.StatusCode/100 != 4 {
			t.Errorf("got %v %v, want a refusal", r, err)
		}
	})
	t.Run("from another site", func(t *testing.T) {
		_, r, err := websocket.Dial(t.Context(), socket, &websocket.DialOptions{HTTPClient: client, HTTPHeader: http.Header{"Origin": {"https://elsewhere.example"}}})
		if err == nil || r == nil || r.StatusCode != http.StatusForbidden {
			t.Errorf("got %v %v, want 403", r, err)
		}
	})
	n.healthy()
}

// openSeat opens a link and gives the browser that has the seat, and the address of its socket.
func openSeat(t *testing.T, n *node, link string) (*http.Client, string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	_, token, _ := strings.Cut(link, "#")
	body, err := json.Marshal(protocol.OpenLink{Token: token})
	if err != nil {
		t.Fatal(err)
	}
	r, err := client.Post(n.url+"/api/links", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var opened protocol.LinkOpened
	if err := json.NewDecoder(r.Body).Decode(&opened); err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("open link: %s %v", r.Status, err)
	}
	return client, "ws" + strings.TrimPrefix(n.url, "http") + "/api/seats/" + opened.Seat + "/socket"
}

func repeat(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}

// hostilePackets sends what is no packet of anybody's to the media port, over UDP and TCP.
func hostilePackets(t *testing.T, n *node) {
	udp, err := net.Dial("udp", "127.0.0.1:"+n.media)
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	random := mathrand.New(mathrand.NewPCG(1, 2))
	for i := range 5000 {
		b := make([]byte, random.IntN(1400))
		for j := range b {
			b[j] = byte(random.Uint32())
		}
		switch {
		case len(b) < 20:
		case i%4 == 0: // looks like RTP
			b[0] = 0x80
		case i%4 == 1: // looks like STUN, and lies about its length
			copy(b, []byte{0, 1, byte(i), byte(i >> 8), 0x21, 0x12, 0xa4, 0x42})
		case i%4 == 2: // looks like DTLS
			copy(b, []byte{22, 254, 253})
		}
		udp.Write(b) // what the kernel drops, it drops
	}
	for _, first := range [][]byte{{0xff, 0xff}, {0, 0}, {0, 20, 0, 1}, bytes.Repeat([]byte{0x16}, 3000)} {
		c, err := net.Dial("tcp", "127.0.0.1:"+n.media)
		if err != nil {
			t.Fatal(err)
		}
		c.Write(first)
		c.Close()
	}
	n.healthy()
}

// TestHTTPS: with a certificate of its own a node serves https, on any address.
func TestHTTPS(t *testing.T) {
	dir := t.TempDir()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "EC PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	n := serve(t, t.TempDir(), "--listen", "localhost:0", "--cert", cert, "--key", keyFile)
	if !strings.HasPrefix(n.url, "https://localhost:") {
		t.Fatalf("url: got %s, want https://localhost:PORT", n.url)
	}
	rows := n.sample("--open-door")
	a := join(t, one(rows, "tehran", "head"), 6, "--insecure")
	b := join(t, one(rows, "baku", "head"), 6, "--insecure")
	n.arrived("over https tehran/head", a.report(30*time.Second), "baku/head", "audio")
	b.end(30 * time.Second)

	// The same port carries the relay.
	a, b = join(t, one(rows, "tehran", "head"), 8, "--insecure", "--take", "--tls"), join(t, one(rows, "baku", "head"), 8, "--insecure", "--take")
	for x, from := range map[*bot]string{a: "baku/head", b: "tehran/head"} {
		n.arrived("through the relay "+x.name, x.report(30*time.Second), from, "audio")
	}
	plain := join(t, one(rows, "tehran", "adviser"), 2)
	plain.end(20 * time.Second)
	plain.line("certificate", 0, time.Second)
}
