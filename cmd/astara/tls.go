package main

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// certificateLook is how often the files may be looked at: renewals are days apart, handshakes are not.
const certificateLook = time.Minute

// certificate is a pair of files, read again when they change, so that a renewal needs no restart.
type certificate struct {
	cert, key string

	mu     sync.Mutex
	loaded *tls.Certificate // mu: the last pair that fitted together
	stamp  time.Time        // mu: of the certificate file when it was read
	looked time.Time        // mu
}

func openCertificate(cert, key string) (*certificate, error) {
	c := &certificate{cert: cert, key: key}
	if err := c.readLocked(time.Now()); err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	return c, nil
}

func (c *certificate) readLocked(now time.Time) error {
	c.looked = now
	info, err := os.Stat(c.cert)
	if err != nil || c.loaded != nil && info.ModTime().Equal(c.stamp) {
		return err
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return err
	}
	c.loaded, c.stamp = &pair, info.ModTime()
	return nil
}

// get never fails once there was a pair: a half-written renewal is looked at again a minute later.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) >= certificateLook {
		_ = c.readLocked(now)
	}
	return c.loaded, nil
}

// security is how the node proves its name: nothing on localhost, a file pair, or an automatic certificate, which also needs
// port 80.
type security struct {
	tls  *tls.Config  // nil: http, on localhost only
	port http.Handler // for port 80; nil: not needed
}

func (c *Config) security() (security, error) {
	switch {
	case c.Cert != "":
		pair, err := openCertificate(c.Cert, c.Key)
		if err != nil {
			return security{}, err
		}
		return security{tls: &tls.Config{GetCertificate: pair.get, NextProtos: []string{"h2", "http/1.1"}, MinVersion: tls.VersionTLS12}}, nil
	case c.Domain != "":
		m := &autocert.Manager{Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(c.Domain), Cache: autocert.DirCache(filepath.Join(c.Data, "certificates"))}
		return security{
			tls:  &tls.Config{GetCertificate: m.GetCertificate, NextProtos: []string{"h2", "http/1.1", acme.ALPNProto}, MinVersion: tls.VersionTLS12},
			port: m.HTTPHandler(nil),
		}, nil
	}
	return security{}, nil
}
