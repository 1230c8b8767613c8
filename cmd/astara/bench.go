package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	media "astara/media/bench"
)

func bench(ctx context.Context, con console, args []string) error {
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
	asJSON := fs.Bool("json", false, "print JSON")
	if err := parseFlags(con, fs, args); err != nil {
		return err
	}
	if o.Publishers < 1 || o.Receivers < 1 || o.Seconds < 1 || o.Cores < 1 || o.VideoKbps < 0 || o.VideoKbps == 0 && !o.Audio {
		return wrongUse("bench forward: publishers, receivers, seconds and cores are at least 1, and there is sound or picture to send")
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this binary: %w", err)
	}
	o.Self, o.Args = self, []string{"bench", "server"}
	r, err := media.Run(ctx, o)
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(con.out).Encode(r)
	}
	fmt.Fprintf(con.out, "%.0f packets/s, %.2f %% delivered, %.2f us of server CPU a packet, delay %.2f ms (half), %.2f ms (99 %%)\n",
		r.PacketsPerSecond, 100*r.Delivered, r.UsPerPacket, r.P50Ms, r.P99Ms)
	return nil
}

func benchServer(ctx context.Context, con console, args []string) error {
	if err := parseFlags(con, newFlags("bench server", "Obeys bench forward over standard input."), args); err != nil {
		return err
	}
	return media.Serve(ctx, con.in, con.out)
}
