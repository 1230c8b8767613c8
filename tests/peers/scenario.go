package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
)

// scenario is who sends what to whom. A meeting has people who do both and receive all others.
type scenario struct {
	Name       string `json:"name"`
	Publishers int    `json:"publishers"`
	Receivers  int    `json:"receivers"` // 0: a meeting of the publishers
	Picture    bool   `json:"picture"`
	Sound      bool   `json:"sound"`
	Spread     bool   `json:"spread"` // frames as browsers send them, not back to back
}

func scenarios() []scenario {
	return []scenario{
		{Name: "1-10", Publishers: 1, Receivers: 10, Picture: true},
		{Name: "10-all", Publishers: 10, Picture: true, Sound: true},
		{Name: "10-spread", Publishers: 10, Picture: true, Sound: true, Spread: true},
		{Name: "1-200", Publishers: 1, Receivers: 200, Picture: true},
		{Name: "30-sound", Publishers: 30, Sound: true},
		{Name: "50-sound", Publishers: 50, Sound: true},
		{Name: "4-200", Publishers: 4, Receivers: 200, Picture: true},
	}
}

// rate of packets that are due at receivers, a second.
func (s scenario) rate() int {
	each := 0
	if s.Picture {
		each += framesPerSecond * framePackets
	}
	if s.Sound {
		each += int(1e9 / soundTime.Nanoseconds())
	}
	receivers := s.Receivers
	if receivers == 0 {
		receivers = s.Publishers - 1
	}
	return each * s.Publishers * receivers
}

// samplesPerSecond is what Pion decrypts of all that comes.
const samplesPerSecond = 2000

// sampleEvery packet: odd, because a frame has four.
func (s scenario) sampleEvery() int { return s.rate()/samplesPerSecond | 1 }

// result of one run of one server.
type result struct {
	Scenario          string  `json:"scenario"`
	Server            string  `json:"server"`
	Turn              int     `json:"turn"`
	Error             string  `json:"error,omitempty"`
	PacketsPerSecond  float64 `json:"packetsPerSecond"`  // that arrived at receivers
	Delivered         float64 `json:"delivered"`         // 0..1 of what was due
	UsPerPacket       float64 `json:"usPerPacket"`       // processor time of the server's process, user and system
	P50Ms             float64 `json:"p50Ms"`             // from the sender's write to the receiver's socket
	P99Ms             float64 `json:"p99Ms"`             //
	MiBPerParticipant float64 `json:"mibPerParticipant"` // resident, above the server without people
	Busy              float64 `json:"busy"`              // of its core, the server
	Waited            float64 `json:"waited"`            // of the time, its threads, ready without the core: for each other or others' work
	GeneratorBusy     float64 `json:"generatorBusy"`     // of our cores
	DroppedByUs       int64   `json:"droppedByUs"`       // in receivers' full sockets: the generator's fault
	Streams           int     `json:"streams"`           // that receivers got
	StreamsDue        int     `json:"streamsDue"`
	Feedback          bool    `json:"feedback"` // transport-wide, by receivers: agreed
	JoinSeconds       float64 `json:"joinSeconds"`
	Load              float64 `json:"load"` // of the machine in the minute before
}

// median of some; 0 of none.
func median(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	x = slices.Sorted(slices.Values(x))
	if n := len(x); n%2 == 0 {
		return (x[n/2-1] + x[n/2]) / 2
	}
	return x[len(x)/2]
}

// percentile of sorted values.
func percentile(sorted []float64, p int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)*p/100, len(sorted)-1)]
}

// round to 1/parts.
func round(x, parts float64) float64 { return math.Round(x*parts) / parts }

// row is one line of the table: medians of a server's turns.
type row struct {
	scenario, server          string
	turns                     int
	us, low, high, delivered  float64
	p50, p99, memory, packets float64
	busy, waited, generator   float64
}

func rows(all []result) []row {
	var out []row
	for _, r := range all {
		if slices.ContainsFunc(out, func(x row) bool { return x.scenario == r.Scenario && x.server == r.Server }) {
			continue
		}
		var mine []result
		for _, q := range all {
			if q.Scenario == r.Scenario && q.Server == r.Server && q.Error == "" {
				mine = append(mine, q)
			}
		}
		of := func(f func(result) float64) float64 {
			var x []float64
			for _, q := range mine {
				x = append(x, f(q))
			}
			return median(x)
		}
		w := row{scenario: r.Scenario, server: r.Server, turns: len(mine)}
		if len(mine) > 0 {
			least := func(a, b result) int { return int(math.Copysign(1, a.UsPerPacket-b.UsPerPacket)) }
			w.low, w.high = slices.MinFunc(mine, least).UsPerPacket, slices.MaxFunc(mine, least).UsPerPacket
		}
		w.us, w.delivered = of(func(q result) float64 { return q.UsPerPacket }), of(func(q result) float64 { return q.Delivered })
		w.p50, w.p99 = of(func(q result) float64 { return q.P50Ms }), of(func(q result) float64 { return q.P99Ms })
		w.memory, w.packets = of(func(q result) float64 { return q.MiBPerParticipant }), of(func(q result) float64 { return q.PacketsPerSecond })
		w.busy = of(func(q result) float64 { return q.Busy })
		w.waited = of(func(q result) float64 { return q.Waited })
		w.generator = of(func(q result) float64 { return q.GeneratorBusy })
		out = append(out, w)
	}
	return out
}

// ratio of the second server's processor time a packet to the first's in each turn: the middle one.
func ratio(all []result, scenario, first, second string) float64 {
	us := func(server string, turn int) float64 {
		for _, r := range all {
			if r.Scenario == scenario && r.Server == server && r.Turn == turn && r.Error == "" {
				return r.UsPerPacket
			}
		}
		return 0
	}
	var x []float64
	for _, r := range all {
		if r.Scenario == scenario && r.Server == first {
			if a, b := us(first, r.Turn), us(second, r.Turn); a > 0 && b > 0 {
				x = append(x, b/a)
			}
		}
	}
	return median(x)
}

// printTable: where the server that has one busy thread (astara) waited for its core, others were at work.
func printTable(w io.Writer, all []result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "scenario\tserver\tpackets/s\tus a packet\tlow-high\tdelivered %\tp50 ms\tp99 ms\tMiB each\tcore busy %\twaited %\tgenerator %\ttimes astara\t")
	for _, r := range rows(all) {
		times := ""
		if r.server != "astara" {
			times = fmt.Sprintf("%.1f", ratio(all, r.scenario, "astara", r.server))
		}
		if r.turns == 0 {
			fmt.Fprintf(t, "%s\t%s\tnone ran\t\t\t\t\t\t\t\t\t\t\t\n", r.scenario, r.server)
			continue
		}
		fmt.Fprintf(t, "%s\t%s\t%.0f\t%.2f\t%.2f-%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.0f\t%.0f\t%.0f\t%s\t\n", r.scenario, r.server, r.packets, r.us, r.low, r.high,
			100*r.delivered, r.p50, r.p99, r.memory, 100*r.busy, 100*r.waited, 100*r.generator, times)
	}
	return t.Flush()
}
