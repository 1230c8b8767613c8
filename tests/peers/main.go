// Command peers measures Astara side by side with LiveKit: the same people, by Pion, at one server after the other, in
// turns. It imports nothing of either. `make peers` builds what it needs and runs it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

type options struct {
	Astara  string
	LiveKit string
	names   []string
	servers []string
	turns   int
	silent  bool
	window  time.Duration
	json    string
}

func main() {
	// A server that is started by this thread is killed by the kernel when the thread ends, which is when we do.
	runtime.LockOSThread()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()
	if err := peers(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		cancel()
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	var o options
	fs := flag.NewFlagSet("peers", flag.ContinueOnError)
	fs.StringVar(&o.Astara, "astara", "bin/astara", "`FILE`: its binary")
	fs.StringVar(&o.LiveKit, "livekit", "bin/livekit", "`FILE`: its binary")
	names := fs.String("scenario", "", "`NAMES`, by spaces: "+known()+"; without it all")
	servers := fs.String("servers", "astara livekit livekit-batch", "`NAMES`, in this order in each turn; there is livekit-range too")
	fs.BoolVar(&o.silent, "silent", false, "receivers do not ask for packets that are missing")
	fs.IntVar(&o.turns, "turns", 3, "`N` of each server")
	fs.DurationVar(&o.window, "window", 8*time.Second, "`TIME` that is measured of each run")
	fs.StringVar(&o.json, "json", "", "`FILE` for all results")
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	o.names, o.servers = strings.Fields(*names), strings.Fields(*servers)
	for _, n := range o.names {
		if !slices.ContainsFunc(scenarios(), func(s scenario) bool { return s.Name == n }) {
			return o, fmt.Errorf("there is no scenario %q; there are %s", n, known())
		}
	}
	if o.turns < 1 || o.window < time.Second || len(o.servers) == 0 || fs.NArg() > 0 {
		return o, errors.New("turns are at least 1, the window is at least 1s, and there is a server")
	}
	return o, nil
}

func known() string {
	var n []string
	for _, s := range scenarios() {
		n = append(n, s.Name)
	}
	return strings.Join(n, ", ")
}

func peers(ctx context.Context, args []string) error {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	c, err := divide()
	if err != nil {
		return err
	}
	c.leave()
	var all []result
	for _, s := range scenarios() {
		if len(o.names) > 0 && !slices.Contains(o.names, s.Name) {
			continue
		}
		began := time.Now()
		for turn := range o.turns {
			for _, name := range o.servers {
				r, err := measure(ctx, o, c, s, name)
				if ctx.Err() != nil {
					return errors.New("interrupted")
				}
				if err != nil {
					r.Error = err.Error()
				}
				r.Scenario, r.Server, r.Turn, r.Load = s.Name, name, turn+1, load()
				all = append(all, r)
				b, _ := json.Marshal(r) // of numbers and strings
				fmt.Println(string(b))
			}
		}
		fmt.Printf("%s took %.0f s\n", s.Name, time.Since(began).Seconds())
	}
	if o.json != "" {
		b, err := json.MarshalIndent(all, "", " ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(o.json, append(b, '\n'), 0o644); err != nil {
			return fmt.Errorf("results: %w", err)
		}
	}
	fmt.Println()
	if err := printTable(os.Stdout, all); err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(r result) bool { return r.Error != "" }) {
		return errors.New("not every run could be measured")
	}
	return nil
}

// load of the machine in the last minute; 0 where it is not told.
func load() float64 {
	b, err := os.ReadFile("/proc/loadavg")
	var x float64
	if err == nil {
		_, _ = fmt.Sscan(string(b), &x)
	}
	return x
}
