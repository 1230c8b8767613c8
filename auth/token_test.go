package auth

import (
	"bytes"
	"encoding/base64"
	"net/netip"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"
)

var testKey = bytes.Repeat([]byte{7}, 32)

func TestTokenIsReadAsItWasWritten(t *testing.T) {
	for _, at := range []int64{0, 1, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 32503680000} {
		want := newToken(useJoin, time.Unix(at, 0).UTC())
		got, ok := readToken(testKey, useJoin, want.write(testKey))
		if !ok || got != want {
			t.Errorf("expiry %d: got %v, %v, want %v", at, got, ok, want)
		}
	}
}

func TestEveryBitOfATokenCounts(t *testing.T) {
	good := newToken(useJoin, time.Unix(1<<31, 0)).write(testKey)
	raw, err := base64.RawURLEncoding.DecodeString(good)
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(raw) * 8 {
		bad := bytes.Clone(raw)
		bad[i/8] ^= 1 << (i % 8)
		if _, ok := readToken(testKey, useJoin, base64.RawURLEncoding.EncodeToString(bad)); ok {
			t.Errorf("bit %d turned over: got accepted, want forged", i)
		}
	}
	for what, text := range map[string]string{"nothing": "", "cut": good[:len(good)-1], "longer": good + "A", "padded": good + "=",
		"broken line": good[:10] + "\n" + good[11:], "other letters": "+" + good[1:], "loose last bits": good[:len(good)-1] + "_"} {
		if _, ok := readToken(testKey, useJoin, text); ok && text != good {
			t.Errorf("%s: got accepted, want forged", what)
		}
	}
	if _, ok := readToken(testKey, useSignIn, good); ok {
		t.Error("a personal link as a sign-in link: got accepted, want forged")
	}
	if _, ok := readToken(bytes.Repeat([]byte{8}, 32), useJoin, good); ok {
		t.Error("of another node: got accepted, want forged")
	}
}

func FuzzReadToken(f *testing.F) {
	f.Add(newToken(useJoin, time.Unix(1<<31, 0)).write(testKey))
	f.Add("")
	f.Add("AQ")
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := readToken(testKey, useJoin, text)
		if ok && got.write(testKey) != text {
			t.Errorf("%q was accepted, and is written %q", text, got.write(testKey))
		}
	})
}

func TestLimiter(t *testing.T) {
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	a, b := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	l := NewLimiter(3, 10*time.Second)
	for i := range 3 {
		if wait := l.Take(a, 1, now); wait != 0 {
			t.Errorf("%d of 3: got %v, want 0", i+1, wait)
		}
	}
	if wait := l.Take(a, 1, now); wait != 10*time.Second {
		t.Errorf("the fourth: got %v, want 10s", wait)
	}
	if wait := l.Take(netip.MustParseAddr("::ffff:192.0.2.1"), 1, now); wait == 0 {
		t.Error("the same address written as IPv6: got let through")
	}
	if wait := l.Take(b, 1, now); wait != 0 {
		t.Errorf("another address: got %v, want 0", wait)
	}
	if wait := l.Take(a, 1, now.Add(4*time.Second)); wait != 6*time.Second {
		t.Errorf("after 4 s: got %v, want 6s", wait)
	}
	if wait := l.Take(a, 1, now.Add(10*time.Second)); wait != 0 {
		t.Errorf("after 10 s: got %v, want 0", wait)
	}
	l.Spend(b, 100, now)
	if wait := l.Take(b, 1, now); wait != 10*time.Second {
		t.Errorf("after a wrong one: got %v, want 10s and no debt", wait)
	}
	six := netip.MustParseAddr("2001:db8:0:1::1")
	for range 3 {
		l.Take(six, 1, now)
	}
	if wait := l.Take(netip.MustParseAddr("2001:db8:0:1:ffff::9"), 1, now); wait == 0 {
		t.Error("another address of the same /64: got let through")
	}
}

func TestLimiterIsBounded(t *testing.T) {
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	l := NewLimiter(2, time.Minute)
	guilty := netip.AddrFrom4([4]byte{10, 255, 255, 255})
	l.Take(guilty, 2, now)
	for i := range limiterAddresses + 500 {
		l.Take(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 1, now)
	}
	if got := len(l.buckets); got > limiterAddresses {
		t.Errorf("addresses remembered: got %d, want at most %d", got, limiterAddresses)
	}
	if l.Take(guilty, 1, now) == 0 {
		t.Error("the emptiest bucket was forgotten")
	}
}

func TestCeremoniesAreBoundedAndEnd(t *testing.T) {
	now := time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)
	c := ceremonies{open: map[string]ceremony{}}
	first := c.add(now, "", sessionData())
	for i := range ceremoniesAtOnce {
		c.add(now.Add(time.Duration(i+1)*time.Millisecond), "", sessionData())
	}
	if len(c.open) > ceremoniesAtOnce || c.take(now, "", first) != nil {
		t.Errorf("got %d open, want at most %d and the first gone", len(c.open), ceremoniesAtOnce)
	}
	late := c.add(now, "a/b", sessionData())
	if c.take(now, "a/c", late) != nil {
		t.Error("another person's ceremony: got it")
	}
	if c.take(now.Add(CeremonyLife), "a/b", late) != nil {
		t.Error("after its life: got it")
	}
	if c.take(now, "a/b", late) != nil {
		t.Error("twice: got it")
	}
}

func sessionData() *webauthn.SessionData { return &webauthn.SessionData{} }
