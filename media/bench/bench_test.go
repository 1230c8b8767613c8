package bench

import (
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		if err := Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

func TestRunMeasuresAServerOfItsOwn(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Publishers: 2, Receivers: 3, VideoKbps: 1056, Audio: true, Cores: 1, Seconds: 1, Self: self, Args: []string{"serve"}}
	if v := os.Getenv("BENCH_OPTIONS"); v != "" { // a longer run by hand
		if err := json.Unmarshal([]byte(v), &o); err != nil {
			t.Fatal(err)
		}
	}
	o.Profile = os.Getenv("BENCH_PROFILE")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r, err := Run(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := json.Marshal(r); err == nil {
		t.Logf("%s", b)
	}
	// Beside other work the server may give up pictures; sound it never does.
	if r.Delivered < 0.9 && r.Shed == 0 && r.Held == 0 || r.DeliveredSound < 0.9 || r.PacketsPerSecond < 100 || r.UsPerPacket <= 0 || r.P99Ms <= 0 ||
		r.FloorUsPerPacket <= 0 || r.Ratio <= 0 || r.MiBPerParticipant <= 0 {
		t.Errorf("got %+v, want a full measurement", r)
	}
}

// The floods go past the server in turns with it, so that a machine which others
// use shows the same in both.
func TestAnAttackDisturbsNobody(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	r, err := Run(ctx, Options{Publishers: 1, Receivers: 6, VideoKbps: 1056, Audio: true, Attack: true, Cores: 1, Seconds: 1, Self: self, Args: []string{"serve"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("under attack (%.0f packets/s) the delay is %.2f and %.2f ms, when it goes past %.2f and %.2f; %d rounds calm; %.1f MiB more; %.2f us a packet, %.2f a delivered one; %.2f of its time waiting",
		r.AttackPackets, r.AttackP50Ms, r.AttackP99Ms, r.PastP50Ms, r.PastP99Ms, r.AttackCalm, r.AttackMiB, r.AttackUsPerPacket, r.UsPerPacket, r.AttackWaited)
	if r.AttackPackets == 0 || r.AttackP50Ms == 0 || r.AttackDelivered < r.PastDelivered/2 || r.AttackMiB > attackMost {
		t.Errorf("got %+v", r)
	}
	// Processor time is the same beside other work: what an attacker sends
	// costs no more than what somebody is sent.
	if r.AttackUsPerPacket > r.UsPerPacket {
		t.Errorf("a packet of the floods costs %.2f us, and one that is delivered %.2f", r.AttackUsPerPacket, r.UsPerPacket)
	}
	// What disturbs the others does so in every round; a machine that leaves a
	// process alone for some milliseconds does it in any, and where the server
	// waits for a core as long as it has one, its delays are the machine's.
	if r.AttackCalm == 0 {
		if r.AttackWaited >= 1 {
			t.Skip("the delay was not judged: the server waited for a core as long as it had one") // what it costs was, above
		}
		t.Errorf("the delay of 99 %% doubles under attack, each time: %.2f ms, and %.2f when it goes past", r.AttackP99Ms, r.PastP99Ms)
	}
}

// attackMost MiB, of a process whose memory the race detector watches with five
// to ten times as much of its own; without it the server grows by less than one.
const attackMost = 64

func TestCompareGoesByTheRatioToTheFloor(t *testing.T) {
	old := Result{UsPerPacket: 2, FloorUsPerPacket: 1.6, Ratio: 1.25, Delivered: 1}
	for _, c := range []struct {
		name  string
		now   Result
		worse bool
	}{
		{"a slower machine", Result{UsPerPacket: 4, FloorUsPerPacket: 3.2, Ratio: 1.25}, false},
		{"a little dearer", Result{UsPerPacket: 2.2, FloorUsPerPacket: 1.6, Ratio: 1.43}, false},
		{"dearer", Result{UsPerPacket: 2.4, FloorUsPerPacket: 1.6, Ratio: 1.5}, true},
	} {
		if lines, worse := Compare(old, c.now); worse != c.worse || len(lines) == 0 {
			t.Errorf("%s: got %v, want %v", c.name, worse, c.worse)
		}
	}
}
