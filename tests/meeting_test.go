package tests

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"astara/meeting"
	"astara/server"
	"astara/store/storetest"
)

// joinTime is what joining may take on a machine that runs all the bots and a node with the race detector.
const joinTime = 30 * time.Second

// roleID is how the sample names a person.
func roleID(r row, nth int) string {
	if nth > 0 {
		return fmt.Sprintf("%s/%s-%d", r.Party, r.Role, nth+1)
	}
	return r.Party + "/" + r.Role
}

// ids of the sample's rows, in their order.
func ids(rows []row) []string {
	count := map[string]int{}
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = roleID(r, count[r.Party+r.Role])
		count[r.Party+r.Role]++
	}
	return out
}

// TestTwelveMeet: sound at 17 packets a second and a picture at 5, so that what is lost is the node's doing and not that of
// two cores with a dozen bots and the race detector.
func TestTwelveMeet(t *testing.T) {
	n := serve(t, t.TempDir())
	people := speakers(n.sample("--open-door"))[:12]
	names := ids(people)
	bots := make([]*bot, len(people))
	for i, r := range people {
		bots[i] = join(t, r, 20, "--video", "testdata/slow.ivf", "--audio", "testdata/slow.ogg")
	}
	for _, b := range bots {
		b.line("msg=joined", 0, joinTime)
	}
	before := n.rss()
	bots[0].end(40 * time.Second)
	after := n.rss()
	t.Logf("memory of the node: %.0f MiB with everybody in, %.0f MiB in the end", before, after)
	if after > before*1.3+20 {
		t.Errorf("memory grew from %.0f to %.0f MiB", before, after)
	}
	for i, b := range bots {
		r := b.report(40 * time.Second)
		t.Logf("%-20s joined after %.0f ms", names[i], r.JoinedMs)
		for j, from := range names {
			if i == j || strings.HasSuffix(from, "/interpreter") { // a booth is heard in its channel, when on air
				continue
			}
			for _, kind := range []string{"audio", "video"} {
				if kind == "audio" && strings.HasSuffix(from, "/adviser") {
					if packets, _ := r.packets(from, kind); packets > 0 {
						t.Errorf("%s hears %s, who was not given the floor: %d packets", names[i], from, packets)
					}
					continue
				}
				n.arrived(names[i], r, from, kind)
			}
		}
	}
	n.healthy()
}

// dial opens a link as a browser would.
func dial(t *testing.T, link string) *server.Socket {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), joinTime)
	defer cancel()
	s, err := server.Dial(ctx, link, server.DialOptions{})
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	running(t, s)
	return s
}

// running keeps a socket read until the test ends.
func running(t *testing.T, s *server.Socket) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); s.Run(ctx) }()
	go func() {
		for range s.Messages() {
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
}

func do(t *testing.T, s *server.Socket, c meeting.Command) {
	t.Helper()
	if err := s.Do(t.Context(), c); err != nil {
		t.Fatalf("%s: %v", c.Type(), err)
	}
}

func TestKilledAndBack(t *testing.T) {
	n := serve(t, t.TempDir())
	rows := n.sample()
	bots := []*bot{join(t, one(rows, "tehran", "head"), 90), join(t, one(rows, "tehran", "delegate"), 90), join(t, one(rows, "baku", "head"), 90)}
	for party, who := range map[string][]meeting.MemberID{"tehran": {"tehran/head", "tehran/delegate"}, "baku": {"baku/head"}} {
		do(t, dial(t, one(rows, party, "secretary").Link), meeting.AdmitMembers{Members: who})
	}
	for _, b := range bots {
		b.line("msg=joined", 0, joinTime)
	}
	secretary := dial(t, one(rows, "tehran", "technician").Link) // in the lobby: must still be there

	n.kill()
	n = n.again(t)
	listening := time.Now()
	for _, b := range bots {
		b.line("msg=back", 0, 5*time.Second)
	}
	t.Logf("all back %v after the node listened", time.Since(listening).Round(time.Millisecond))

	ctx, cancel := context.WithTimeout(t.Context(), joinTime)
	defer cancel()
	again, err := secretary.Again(ctx)
	if err != nil {
		t.Fatalf("the technician comes back: %v", err)
	}
	running(t, again)
	if got := again.Welcome.Snapshot.Members["tehran/technician"].Standing; got != meeting.Invited {
		t.Errorf("the technician is %s after the restart, want %s", got, meeting.Invited)
	}
	for _, b := range bots {
		b.signal(syscall.SIGINT)
	}
	r := bots[0].report(10 * time.Second)
	for _, from := range []string{"tehran/delegate", "baku/head"} {
		if packets, _ := r.packets(from, "audio"); packets == 0 {
			t.Errorf("the head of Tehran's delegation heard nothing of %s", from)
		}
	}
	n.healthy()
}

func TestRecordOutlivesKill(t *testing.T) {
	n := serve(t, t.TempDir())
	rows := n.sample("--open-door")
	head := dial(t, one(rows, "baku", "head").Link)
	do(t, head, meeting.AskFloor{})
	do(t, head, meeting.SayChat{To: meeting.All, Text: "salam"})
	n.kill()
	n.again(t)

	ctx, cancel := context.WithTimeout(t.Context(), joinTime)
	defer cancel()
	again, err := head.Again(ctx)
	if err != nil {
		t.Fatal(err)
	}
	running(t, again)
	m := again.Welcome.Snapshot
	if m == nil {
		t.Fatal("no snapshot after a restart")
	}
	if len(m.Chat) != 1 || m.Chat[0].Text != "salam" {
		t.Errorf("chat after the restart: got %v, want one line", m.Chat)
	}
	if len(m.Floor.Queue) != 1 || m.Floor.Asking("baku/head") != 1 {
		t.Errorf("hands after the restart: got %v, want baku/head's", m.Floor.Queue)
	}
	if got := m.Members["baku/head"].Standing; got != meeting.Admitted {
		t.Errorf("baku/head is %s after the restart, want %s", got, meeting.Admitted)
	}
}

func TestGracefulEnd(t *testing.T) {
	n := serve(t, t.TempDir())
	rows := n.sample("--open-door")
	bots := []*bot{join(t, one(rows, "tehran", "head"), 60), join(t, one(rows, "baku", "head"), 60)}
	for _, b := range bots {
		b.line("msg=joined", 0, joinTime)
	}
	began := time.Now()
	n.signal(syscall.SIGTERM)
	n.end(10 * time.Second)
	t.Logf("ended after %v", time.Since(began).Round(time.Millisecond))
	if code := n.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit: got %d, want 0", code)
	}
	for _, b := range bots {
		b.line("goodbye: restarting", 0, 5*time.Second)
	}
}

func TestObserverSendsNothing(t *testing.T) {
	n := serve(t, t.TempDir())
	rows := n.sample("--open-door")
	clip, err := filepath.Abs("../cmd/astara/clip/picture.ivf")
	if err != nil {
		t.Fatal(err)
	}
	head := join(t, one(rows, "tehran", "head"), 60)
	head.line("msg=joined", 0, joinTime)
	observer := join(t, one(rows, "baku", "observer"), 8, "--video", clip)
	r := observer.report(30 * time.Second)
	if packets, _ := r.packets("tehran/head", "video"); packets == 0 {
		t.Error("the observer saw nothing of tehran/head")
	}
	head.signal(syscall.SIGINT)
	for _, x := range head.report(10 * time.Second).Received {
		t.Errorf("tehran/head received %d packets of %s's %s, want nothing: observers are not heard and not seen", x.Packets, x.Member, x.Kind)
	}
}

func TestWithoutUDP(t *testing.T) {
	n := serve(t, t.TempDir())
	rows := n.sample("--open-door")
	a, b := join(t, one(rows, "tehran", "head"), 8, "--tcp"), join(t, one(rows, "baku", "head"), 8)
	ra, rb := a.report(30*time.Second), b.report(30*time.Second)
	for _, kind := range []string{"audio", "video"} {
		n.arrived("who is on TCP", ra, "baku/head", kind)
		n.arrived("who is on UDP", rb, "tehran/head", kind)
	}
}

func TestLinks(t *testing.T) {
	n := serve(t, t.TempDir())
	rows := n.sample("--open-door")
	head := one(rows, "tehran", "head")
	first := join(t, head, 60)
	first.line("msg=joined", 0, joinTime)

	second := join(t, head, 10)
	second.end(20 * time.Second)
	second.line("link-elsewhere", 0, 0)

	third := join(t, head, 60, "--take")
	third.line("msg=joined", 0, joinTime)
	first.end(20 * time.Second)
	first.line("moved", 0, time.Second)

	adviser := one(rows, "baku", "adviser")
	n.run("admin", "revoke", "--data", n.dir, "--consultation", adviser.Consultation, "--member", "baku/adviser")
	late := join(t, adviser, 10)
	late.end(20 * time.Second)
	late.line("link-revoked", 0, time.Second)

	forged := adviser
	forged.Link = strings.Replace(adviser.Link, "#", "#A", 1)
	b := join(t, forged, 10)
	b.end(20 * time.Second)
	b.line("link-forged", 0, time.Second)
}

func TestBackupWhileServing(t *testing.T) {
	storetest.Only(t, false) // PostgreSQL has its own tools for it: see TestDump
	n := serve(t, t.TempDir())
	rows := n.sample("--open-door")
	b := join(t, one(rows, "tehran", "head"), 60)
	b.line("msg=joined", 0, joinTime)
	other := t.TempDir()
	n.run("admin", "backup", "--data", n.dir, "--to", filepath.Join(other, "astara.db"))
	n.healthy()
	if out := string(n.run("admin", "list", "--data", other)); !strings.Contains(out, rows[0].Consultation) {
		t.Errorf("the backup lists %s, want %s in it", out, rows[0].Consultation)
	}
	second := start(t, "second node", binaries.bot, "serve", "--data", n.dir, "--listen", "127.0.0.1:0", "--udp-port", "0", "--admin-listen", "")
	second.end(10 * time.Second)
	second.line("another node is serving", 0, time.Second)
}
