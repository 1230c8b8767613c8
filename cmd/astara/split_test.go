package main

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// TestSplit: HTTP/2, HTTP/1.1 with and without ALPN, and STUN share a port, and one that says nothing holds nobody up.
func TestSplit(t *testing.T) {
	pair := httptest.NewUnstartedServer(nil) // for its certificate
	pair.StartTLS()
	defer pair.Close()
	config := &tls.Config{Certificates: pair.TLS.Certificates, NextProtos: []string{"h2", "http/1.1"}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := newSplit(l, config)
	server := &http.Server{TLSConfig: config, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) })}
	ctx, cancel := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	wait.Go(func() {
		if err := s.run(ctx); err != nil {
			t.Error(err)
		}
	})
	wait.Go(func() {
		if err := server.Serve(s.web); !closedDoor(err) {
			t.Error(err)
		}
	})
	defer wait.Wait()
	defer server.Close()
	defer cancel()

	mute, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	trust := pair.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
	trust.ServerName = "example.com"
	for name, x := range map[string]struct {
		client *http.Transport
		want   string
	}{
		"h2":           {&http.Transport{TLSClientConfig: trust.Clone(), ForceAttemptHTTP2: true}, "HTTP/2.0"},
		"no ALPN":      {&http.Transport{TLSClientConfig: trust.Clone()}, "HTTP/1.1"},
		"ALPN of 1.1 ": {&http.Transport{TLSClientConfig: func() *tls.Config { c := trust.Clone(); c.NextProtos = []string{"http/1.1"}; return c }()}, "HTTP/1.1"},
	} {
		r, err := (&http.Client{Transport: x.client, Timeout: 10 * time.Second}).Get("https://" + l.Addr().String())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		b, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || string(b) != x.want {
			t.Errorf("%s: got %s %v, want %s", name, b, err, x.want)
		}
		x.client.CloseIdleConnections()
	}

	stun := append([]byte{0, 3, 0, 0, 0x21, 0x12, 0xa4, 0x42}, make([]byte, 12)...)
	c, err := tls.Dial("tcp", l.Addr().String(), trust)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write(stun); err != nil {
		t.Fatal(err)
	}
	got, err := s.relay.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	b := make([]byte, len(stun))
	if _, err := io.ReadFull(got, b); err != nil || string(b) != string(stun) {
		t.Errorf("the relay reads %x %v, want %x", b, err, stun)
	}
}
