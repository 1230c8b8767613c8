package rig

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var (
	scenariosFlag = flag.Bool("scenarios", false, "run the scenarios of lines that break, minutes of them: make rig")
	seedFlag      = flag.Uint64("seed", 1, "of the lines")
)

// process is one of ours in a namespace. It ends with its test.
type process struct {
	t    *testing.T
	name string
	cmd  *exec.Cmd
	in   io.Closer
	done chan struct{} // closed when it has ended
	out  bytes.Buffer  // complete then, unless each is given

	mu  sync.Mutex
	log []string      // mu: of standard error
	new chan struct{} // mu: closed and made anew at each line
}

// start a program in a namespace. each, if given, hears its standard output line by line.
func start(t *testing.T, s *Namespace, name string, each func(string), program string, args ...string) *process {
	t.Helper()
	p := &process{t: t, name: name, cmd: exec.Command(program, args...), done: make(chan struct{}), new: make(chan struct{})}
	var reading sync.WaitGroup
	if each == nil {
		p.cmd.Stdout = &p.out
	} else {
		out, err := p.cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		reading.Go(func() {
			for s := bufio.NewScanner(out); s.Scan(); {
				each(s.Text())
			}
		})
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	reading.Go(func() {
		for s := bufio.NewScanner(stderr); s.Scan(); {
			p.mu.Lock()
			p.log = append(p.log, s.Text())
			close(p.new)
			p.new = make(chan struct{})
			p.mu.Unlock()
		}
	})
	if err := s.Start(p.cmd); err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	go func() {
		defer close(p.done)
		reading.Wait()
		_ = p.cmd.Wait()
	}()
	t.Cleanup(func() {
		p.end()
		if t.Failed() && testing.Verbose() {
			t.Logf("%s said:\n%s", name, strings.Join(p.said(), "\n"))
		}
	})
	return p
}

func (p *process) said() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.log...)
}

// line waits for a line of standard error with text.
func (p *process) line(text string, limit time.Duration) string {
	p.t.Helper()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		p.mu.Lock()
		log, more := p.log, p.new
		p.mu.Unlock()
		for _, l := range log {
			if strings.Contains(l, text) {
				return l
			}
		}
		select {
		case <-more:
		case <-p.done:
			p.t.Fatalf("%s ended without %q:\n%s", p.name, text, strings.Join(log, "\n"))
		case <-timer.C:
			p.t.Fatalf("%s: no %q within %v:\n%s", p.name, text, limit, strings.Join(log, "\n"))
		}
	}
}

// end asks a process to end, and makes it.
func (p *process) end() {
	p.in.Close()
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(12 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// world is a node in its namespace, and the line to the people.
type world struct {
	*Net
	t      *testing.T
	binary string
	dir    string
	node   *process
	rows   []row
	rate   float64 // frames a second that are sent; 0: as the line allows
}

// row is a link of the sample.
type row struct{ Consultation, Party, Role, Name, Link string }

func newWorld(t *testing.T, binary string) *world {
	t.Helper()
	n, err := Open(*seedFlag)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(n.Close)
	w := &world{Net: n, t: t, binary: binary, dir: t.TempDir()}
	cert, key := certificate(t, w.dir)
	w.node = start(t, n.Node, "node", nil, binary, "serve", "--data", filepath.Join(w.dir, "data"), "--listen", NodeIPv4+":443", "--cert", cert, "--key", key,
		"--base-url", "https://"+NodeIPv4, "--external-ip", NodeIPv4, "--external-ip", NodeIPv6, "--log", "json")
	w.node.line(`"msg":"serving"`, 30*time.Second)
	cmd := exec.Command(binary, "sample", "--data", filepath.Join(w.dir, "data"), "--json", "--open-door", "--base-url", "https://"+NodeIPv4)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("sample: %v", err)
	}
	if err := json.Unmarshal(out, &w.rows); err != nil {
		t.Fatal(err)
	}
	return w
}

func certificate(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.ParseIP(NodeIPv4), net.ParseIP(NodeIPv6)}, NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &secret.PublicKey, secret)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

func (w *world) link(party, role string) string {
	for _, r := range w.rows {
		if r.Party == party && r.Role == role {
			return r.Link
		}
	}
	w.t.Fatalf("the sample has no %s of %s", role, party)
	return ""
}

// bot takes part from a namespace for a while.
func (w *world) bot(s *Namespace, party, role string, seconds int, args ...string) *process {
	w.t.Helper()
	return start(w.t, s, "bot "+party+" "+role, nil, w.binary, append([]string{"bot", "--link", w.link(party, role), "--seconds", fmt.Sprint(seconds), "--json", "--insecure"}, args...)...)
}

// person is a real browser.
type person struct {
	*process
	mu      sync.Mutex
	samples []sample      // mu
	trouble []string      // mu
	more    chan struct{} // mu: closed and made anew at each sample
}

// sample is what the browser measured at a moment.
type sample struct {
	T                     float64
	Calls                 int
	State, Ice, Line, Way string
	Sound                 struct{ Packets, Lost, Samples, Concealed, Events, Delay, Emitted float64 }
	Picture               struct{ Packets, Frames, Freezes, Frozen, Width, Height, Keys float64 }
	Sent                  struct{ Packets, Frames, Width float64 }
	RTT, Available        float64
	Notes                 []note
}

// note is something that the page did or was told.
type note struct {
	T    float64
	What string
}

// browse brings a browser to the table.
func (w *world) browse(s *Namespace, party, role string, size string) *person {
	w.t.Helper()
	for _, program := range []string{"node", "chromium"} {
		if _, err := exec.LookPath(program); err != nil {
			w.t.Skipf("a real browser takes part in this scenario, and there is no %s", program)
		}
	}
	if _, err := os.Stat("../browser/node_modules/playwright-core"); err != nil {
		w.t.Skip("a real browser takes part in this scenario: make rig installs what drives it")
	}
	p := &person{more: make(chan struct{})}
	p.process = start(w.t, s, "browser "+party+" "+role, p.hear, "node", "person.mjs", fmt.Sprintf(`{"link":%q%s}`, w.link(party, role), size))
	w.t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if len(p.trouble) > 0 && w.t.Failed() {
			w.t.Logf("the page had trouble: %s", strings.Join(p.trouble, "; "))
		}
	})
	return p
}

func (p *person) hear(line string) {
	var m struct {
		sample
		Problem string
	}
	if json.Unmarshal([]byte(line), &m) != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case m.Problem != "":
		p.trouble = append(p.trouble, m.Problem)
	case m.T > 0:
		p.samples = append(p.samples, m.sample)
	}
	close(p.more)
	p.more = make(chan struct{})
}

// until waits for a sample that fits, from a moment on, and gives it.
func (p *person) until(what string, from time.Time, limit time.Duration, fits func(sample) bool) sample {
	p.t.Helper()
	if s, ok := p.try(from, limit, fits); ok {
		return s
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var last sample
	if len(p.samples) > 0 {
		last = p.samples[len(p.samples)-1]
	}
	if len(p.samples) > 0 {
		p.t.Log(story(p.samples, p.samples[0].time()))
	}
	p.t.Fatalf("%s: not within %v; last %+v; trouble %v", what, limit, last, p.trouble)
	return sample{}
}

func (p *person) try(from time.Time, limit time.Duration, fits func(sample) bool) (sample, bool) {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for seen := 0; ; {
		p.mu.Lock()
		samples, more := p.samples, p.more
		p.mu.Unlock()
		for ; seen < len(samples); seen++ {
			if samples[seen].time().After(from) && fits(samples[seen]) {
				return samples[seen], true
			}
		}
		select {
		case <-more:
		case <-p.done:
			return sample{}, false
		case <-timer.C:
			return sample{}, false
		}
	}
}

func (s sample) time() time.Time { return time.UnixMilli(int64(s.T)) }

// between gives the samples of a span.
func (p *person) between(from, to time.Time) []sample {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []sample
	for _, s := range p.samples {
		if t := s.time(); !t.Before(from) && !t.After(to) {
			out = append(out, s)
		}
	}
	return out
}

// seated waits until sound and picture of others run.
func (p *person) seated() sample {
	p.t.Helper()
	p.until("sound and picture", time.Time{}, 40*time.Second, func(s sample) bool { return s.Sound.Packets > 25 && s.Picture.Frames > 15 })
	return p.last()
}

func (p *person) last() sample {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.samples[len(p.samples)-1]
}
