package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	media "astara/media/bench"
)

func bench(ctx context.Context, con console, args []string) error {
	if len(args) > 0 && strings.TrimLeft(args[0], "-") == "compare" || len(args) > 0 && strings.HasPrefix(args[0], "--compare=") {
		return benchCompare(ctx, con, args)
	}
	return dispatch(ctx, con, "astara bench", []command{
		{"forward", "one publisher's packets to many receivers", benchForward},
		{"server", "the server of a run, in a process of its own; not for people", benchServer},
	}, args)
}

func benchForward(ctx context.Context, con console, args []string) error {
	fs := newFlags("bench forward", "Measures the server's CPU per packet delivered, and the delay, with publishers and receivers on this machine.")
	o := media.Options{}
	fs.IntVar(&o.Publishers, "publishers", 1, "`N`: who send")
	fs.IntVar(&o.Receivers, "receivers", 10, "`M`: who receive all of them")
	fs.IntVar(&o.Seconds, "seconds", 10, "`S`: length of the measurement, after a warm-up")
	fs.IntVar(&o.VideoKbps, "video-kbps", 1056, "`K`: kbit/s of each picture, at 30 frames a second; 0 sends none")
	fs.BoolVar(&o.Audio, "audio", false, "send sound too, 50 packets a second")
	fs.IntVar(&o.Cores, "cores", 1, "`N`: cores of the server")
	fs.BoolVar(&o.Even, "even", false, "the publishers' frames begin at equal distances from one another, so that no run has the luck of its phases")
	fs.BoolVar(&o.Spread, "spread", false, "frames as browsers send them: uneven packets, a few at a time, instead of all at once")
	fs.BoolVar(&o.Feedback, "feedback", false, "receivers report each packet's arrival, so that the server estimates their lines")
	fs.BoolVar(&o.Attack, "attack", false, "measure the delay a second time while strangers and a participant flood the server")
	fs.StringVar(&o.Profile, "profile", "", "`FILE`: write a CPU profile of the server there")
	asJSON := fs.Bool("json", false, "print JSON")
	if err := parseFlags(con, fs, args); err != nil {
		return err
	}
	if o.Publishers < 1 || o.Receivers < 1 || o.Seconds < 1 || o.Cores < 1 || o.VideoKbps < 0 || o.VideoKbps == 0 && !o.Audio {
		return wrongUse("bench forward: publishers, receivers, seconds and cores are at least 1, and there is sound or picture to send")
	}
	r, err := runBench(ctx, o)
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(con.out).Encode(r)
	}
	fmt.Fprintf(con.out, "%.0f packets/s, %.2f %% delivered (sound %.2f %%), delay until a packet lies in the receiver's socket %.2f ms (half), %.2f ms (99 %%); until it was read %.2f and %.2f ms\n"+
		"%.2f us of server CPU a packet, %.2f times the %.2f us that encrypting and sending cost alone\n"+
		"%.2f MiB a participant, %.1f packets a message, %.1f messages a call, %.0f allocations/s, %d pictures given up\n",
		r.PacketsPerSecond, 100*r.Delivered, 100*r.DeliveredSound, r.ArrivalP50Ms, r.ArrivalP99Ms, r.P50Ms, r.P99Ms, r.UsPerPacket, r.Ratio, r.FloorUsPerPacket,
		r.MiBPerParticipant, r.PacketsPerMessage, r.MessagesPerCall, r.Allocations, r.Shed)
	if o.Attack {
		fmt.Fprintf(con.out, "under attack (%.0f packets/s): delay %.2f ms (half), %.2f ms (99 %%); %.2f and %.2f ms when it passes the server by; %.1f MiB more\n",
			r.AttackPackets, r.AttackP50Ms, r.AttackP99Ms, r.PastP50Ms, r.PastP99Ms, r.AttackMiB)
	}
	return nil
}

func runBench(ctx context.Context, o media.Options) (media.Result, error) {
	self, err := os.Executable()
	if err != nil {
		return media.Result{}, fmt.Errorf("find this binary: %w", err)
	}
	o.Self, o.Args = self, []string{"bench", "server"}
	return media.Run(ctx, o)
}

// benchCompare runs again what a file of results has, one after the other.
func benchCompare(ctx context.Context, con console, args []string) error {
	fs := newFlags("bench", "Runs the measurements of an earlier run again. Exit 1 when a packet costs over 15 % more against its floor than then.")
	path := fs.String("compare", "", "`FILE`: what bench forward --json wrote, one result or several")
	if err := parseFlags(con, fs, args); err != nil {
		return err
	}
	f, err := os.Open(*path)
	if err != nil {
		return fmt.Errorf("earlier results: %w", err)
	}
	defer f.Close()
	var dearer int
	for d := json.NewDecoder(f); ; {
		var old media.Result
		if err := d.Decode(&old); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return fmt.Errorf("earlier results: %w", err)
		}
		now, err := runBench(ctx, old.Options)
		if err != nil {
			return err
		}
		fmt.Fprintf(con.out, "%d to %d\n%-18s %10s %10s %8s\n", old.Publishers, old.Receivers, "", "then", "now", "ratio")
		lines, worse := media.Compare(old, now)
		for _, l := range lines {
			fmt.Fprintln(con.out, l)
		}
		if worse {
			dearer++
		}
	}
	if dearer > 0 {
		return fmt.Errorf("a packet got dearer in %d of the runs", dearer)
	}
	return nil
}

func benchServer(ctx context.Context, con console, args []string) error {
	if err := parseFlags(con, newFlags("bench server", "Obeys bench forward over standard input."), args); err != nil {
		return err
	}
	return media.Serve(ctx, con.in, con.out)
}
