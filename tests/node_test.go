// Package tests runs real nodes and real bots: the binary that people get, over this machine's own network.
package tests

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"astara/store/storetest"
)

// binaries: the node is watched by the race detector; the bots are not, since a dozen of them share the machine with it.
var binaries struct{ node, bot string }

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "astara-tests-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		binaries.node, binaries.bot = filepath.Join(dir, "astara-race"), filepath.Join(dir, "astara")
		for _, args := range [][]string{{"build", "-buildvcs=false", "-race", "-o", binaries.node}, {"build", "-buildvcs=false", "-o", binaries.bot}} {
			out, err := exec.Command("go", append(args, "astara/cmd/astara")...).CombinedOutput()
			if err != nil {
				fmt.Fprintf(os.Stderr, "go %v: %v\n%s", args, err, out)
				return 1
			}
		}
		return m.Run()
	}())
}

// process is one of ours; it is ended with its test.
type process struct {
	t    *testing.T
	name string
	cmd  *exec.Cmd
	out  bytes.Buffer  // complete when done is closed
	done chan struct{} // closed when the process has ended

	mu    sync.Mutex
	lines []string      // mu: of standard error so far
	moved chan struct{} // mu: closed and made anew at each line
}

func start(t *testing.T, name, binary string, args ...string) *process {
	t.Helper()
	p := &process{t: t, name: name, cmd: exec.Command(binary, args...), done: make(chan struct{}), moved: make(chan struct{})}
	p.cmd.Env = append(environment(), "GORACE=halt_on_error=1")
	p.cmd.Stdout = &p.out
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", name, err)
	}
	go func() {
		defer close(p.done)
		for s := bufio.NewScanner(stderr); s.Scan(); {
			p.note(s.Text())
		}
		io.Copy(io.Discard, stderr)
		p.cmd.Wait()
	}()
	t.Cleanup(func() {
		p.kill()
		if log := strings.Join(p.log(), "\n"); strings.Contains(log, "DATA RACE") || strings.Contains(log, "panic:") {
			t.Errorf("%s:\n%s", name, log)
		} else if t.Failed() {
			t.Logf("%s said:\n%s", name, log)
		}
	})
	return p
}

// environment without a developer's own settings, but with the database that is tested.
func environment() []string {
	var out []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "ASTARA_") || strings.HasPrefix(e, "ASTARA_DATABASE=") && os.Getenv("ASTARA_TEST_POSTGRES") != "" {
			out = append(out, e)
		}
	}
	return out
}

func (p *process) note(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, line)
	close(p.moved)
	p.moved = make(chan struct{})
}

func (p *process) log() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.lines...)
}

// line waits for a line of standard error that holds text, from the nth line on, and returns it and what follows it.
func (p *process) line(text string, from int, limit time.Duration) (string, int) {
	p.t.Helper()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		p.mu.Lock()
		lines, moved := p.lines, p.moved
		p.mu.Unlock()
		for ; from < len(lines); from++ {
			if strings.Contains(lines[from], text) {
				return lines[from], from + 1
			}
		}
		select {
		case <-moved:
		case <-p.done:
			if len(p.log()) == from {
				p.t.Fatalf("%s ended without %q:\n%s", p.name, text, strings.Join(p.log(), "\n"))
			}
		case <-timer.C:
			p.t.Fatalf("%s: no %q within %v:\n%s", p.name, text, limit, strings.Join(p.log(), "\n"))
		}
	}
}

// end waits for the process to end by itself.
func (p *process) end(limit time.Duration) {
	p.t.Helper()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-p.done:
	case <-timer.C:
		p.t.Fatalf("%s has not ended within %v:\n%s", p.name, limit, strings.Join(p.log(), "\n"))
	}
}

func (p *process) signal(s syscall.Signal) { p.cmd.Process.Signal(s) }

func (p *process) kill() {
	p.signal(syscall.SIGKILL)
	<-p.done
}

// node is a serving process; a second one may be started in its place.
type node struct {
	*process
	dir, url, operator string
	port, media        string
}

// serve starts a node on free ports.
func serve(t *testing.T, dir string, args ...string) *node {
	t.Helper()
	if database := storetest.Database(t); database != "" {
		t.Setenv("ASTARA_DATABASE", database)
	}
	return (&node{dir: dir, port: "0", media: "0"}).start(t, args...)
}

// again starts a node where this one was.
func (n *node) again(t *testing.T) *node {
	t.Helper()
	return (&node{dir: n.dir, port: n.port, media: n.media}).start(t)
}

func (n *node) start(t *testing.T, args ...string) *node {
	t.Helper()
	n.process = start(t, "node", binaries.node, append([]string{"serve", "--data", n.dir, "--listen", "127.0.0.1:" + n.port, "--udp-port", n.media,
		"--external-ip", "127.0.0.1", "--admin-listen", "127.0.0.1:0", "--log", "json"}, args...)...)
	line, _ := n.line(`"msg":"serving"`, 0, 30*time.Second)
	var said struct {
		URL      string `json:"url"`
		Media    string `json:"media"`
		Operator string `json:"operator"`
		Listen   string `json:"listen"`
	}
	if err := json.Unmarshal([]byte(line), &said); err != nil {
		t.Fatalf("serving line %s: %v", line, err)
	}
	u, err := url.Parse("//" + said.Listen)
	if err != nil {
		t.Fatal(err)
	}
	n.url, n.operator, n.port, n.media = said.URL, said.Operator, u.Port(), said.Media
	return n
}

// rss is the node's memory in MiB.
func (n *node) rss() float64 {
	n.t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", n.cmd.Process.Pid))
	if err != nil {
		n.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "VmRSS:")
	kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
	if err != nil {
		n.t.Fatal(err)
	}
	return kb / 1024
}

// healthy fails unless the node answers.
func (n *node) healthy() {
	n.t.Helper()
	r, err := http.Get(n.url + "/healthz")
	if err != nil {
		n.t.Fatalf("healthz: %v", err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusOK {
		n.t.Fatalf("healthz: got %d, want 200", r.StatusCode)
	}
}

// givenUp is how many packets the node itself says that it had no time for: on a machine that is busy with other things sound that nobody would play
// any more is dropped, and the kernel drops what finds no room.
func (n *node) givenUp() (packets uint64) {
	n.t.Helper()
	r, err := http.Get(n.operator + "/metrics")
	if err != nil {
		n.t.Fatalf("metrics: %v", err)
	}
	defer r.Body.Close()
	seen, lines := 0, bufio.NewScanner(r.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		switch strings.TrimPrefix(name, "astara_media_dropped_") {
		case "late_total", "full_total", "narrow_total":
			x, err := strconv.ParseFloat(value, 64)
			if err != nil {
				n.t.Fatalf("metrics: %s: %v", lines.Text(), err)
			}
			seen, packets = seen+1, packets+uint64(x)
		}
	}
	if err := lines.Err(); err != nil || seen != 3 {
		n.t.Fatalf("metrics: got %d of 3 counters of what was given up, %v", seen, err)
	}
	return packets
}

// arrived fails unless a bot has some of a member's packets and lacks none but those that the node had no time for.
func (n *node) arrived(who string, r report, from, kind string) {
	n.t.Helper()
	if packets, lost := r.packets(from, kind); packets == 0 || lost > n.givenUp() {
		n.t.Errorf("%s has of %s's %s %d packets, %d lost; want some, none lost", who, from, kind, packets, lost)
	}
}

// row is a link of the sample.
type row struct{ Consultation, Party, Role, Name, Link string }

func (n *node) sample(args ...string) []row {
	n.t.Helper()
	out := n.run(append([]string{"sample", "--held=false", "--data", n.dir, "--json", "--base-url", n.url}, args...)...)
	var rows []row
	if err := json.Unmarshal(out, &rows); err != nil {
		n.t.Fatalf("sample printed %s: %v", out, err)
	}
	return rows
}

// run does a command to its end and gives its standard output.
func (n *node) run(args ...string) []byte {
	n.t.Helper()
	cmd := exec.Command(binaries.bot, args...)
	cmd.Env = environment()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		n.t.Fatalf("astara %v: %v\n%s", args, err, stderr.Bytes())
	}
	return out
}

// speakers are the rows whose people may be heard.
func speakers(rows []row) []row {
	var out []row
	for _, r := range rows {
		if r.Role != "observer" && r.Role != "secretary-sign-in" {
			out = append(out, r)
		}
	}
	return out
}

func one(rows []row, party, role string) row {
	for _, r := range rows {
		if r.Party == party && r.Role == role {
			return r
		}
	}
	panic("the sample has no " + role + " of " + party)
}

// bot takes part by a link.
type bot struct {
	*process
	row row
}

func join(t *testing.T, r row, seconds int, args ...string) *bot {
	t.Helper()
	name := r.Party + " " + r.Role
	return &bot{start(t, name, binaries.bot, append([]string{"bot", "--link", r.Link, "--seconds", fmt.Sprint(seconds), "--json"}, args...)...), r}
}

// report is what a bot prints in the end.
type report struct {
	JoinedMs float64
	Received []struct {
		Member, Kind            string
		Packets, Lost, Restored uint64
		FirstPacketMs           float64
	}
}

func (b *bot) report(limit time.Duration) report {
	b.t.Helper()
	b.end(limit)
	var r report
	d := json.NewDecoder(&b.out)
	d.DisallowUnknownFields() // the form is promised
	if err := d.Decode(&r); err != nil {
		b.t.Fatalf("%s's report: %v\n%s", b.name, err, strings.Join(b.log(), "\n"))
	}
	return r
}

// packets of a kind from one member, and those that were lost on the way, whether or not a copy came.
func (r report) packets(member, kind string) (packets, lost uint64) {
	for _, x := range r.Received {
		if x.Member == member && x.Kind == kind {
			packets, lost = packets+x.Packets, lost+x.Lost+x.Restored
		}
	}
	return packets, lost
}
