package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestCertificateRenewed: a renewal is picked up without a restart, and a half-written one harms nobody.
func TestCertificateRenewed(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	written := time.Now().Add(-time.Hour)
	put := func(serial int64) {
		t.Helper()
		writePair(t, cert, key, serial)
		written = written.Add(time.Minute)
		if err := os.Chtimes(cert, written, written); err != nil {
			t.Fatal(err)
		}
	}
	put(1)
	c, err := openCertificate(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	serial := func() int64 {
		t.Helper()
		pair, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	later := func() { c.looked = c.looked.Add(-certificateLook) }

	put(2)
	if got := serial(); got != 1 {
		t.Errorf("at once: got %d, want 1: the files are looked at once a minute", got)
	}
	later()
	if got := serial(); got != 2 {
		t.Errorf("a minute later: got %d, want 2", got)
	}
	if err := os.WriteFile(cert, []byte("-----BEGIN CERT"), 0o600); err != nil {
		t.Fatal(err)
	}
	later()
	if got := serial(); got != 2 {
		t.Errorf("with half a file: got %d, want 2", got)
	}
	put(3)
	later()
	if got := serial(); got != 3 {
		t.Errorf("after the other half: got %d, want 3", got)
	}
}

func writePair(t *testing.T, cert, key string, serial int64) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
