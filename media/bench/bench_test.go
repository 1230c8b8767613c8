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
	if r.Delivered < 0.9 || r.PacketsPerSecond < 100 || r.UsPerPacket <= 0 || r.P99Ms <= 0 ||
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
	t.Logf("under attack (%.0f packets/s) the delay is %.2f and %.2f ms, when it goes past %.2f and %.2f; %.1f MiB more",
		r.AttackPackets, r.AttackP50Ms, r.AttackP99Ms, r.PastP50Ms, r.PastP99Ms, r.AttackMiB)
	if r.AttackPackets == 0 || r.AttackP50Ms == 0 || r.AttackDelivered < 0.3 || r.AttackMiB > attackMost {
		t.Errorf("got %+v", r)
	}
	if most := 2*r.PastP99Ms + busy; r.AttackP99Ms > most {
		t.Errorf("got %.2f ms for 99 %% under attack, want less than %.2f", r.AttackP99Ms, most)
	}
}

// attackMost MiB, of a process whose memory the race detector watches with five
// to ten times as much of its own; without it the server grows by less than one.
const attackMost = 64

// busy ms, in which a machine that runs other tests may leave a process alone.
const busy = 5

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
