// Command astara is the whole of Astara in one binary: the node, its administration, and the bots that test it.
// It is the only place that knows every package.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// console is what a command reads and writes; only results go to out.
type console struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
}

type command struct {
	name, summary string
	run           func(ctx context.Context, con console, args []string) error
}

func commands() []command {
	return []command{
		{"serve", "run a node", serve},
		{"admin", "parties, secretaries, links, records, backup", admin},
		{"sample", "make a consultation to try everything with", sample},
		{"extract", "take the text out of one document; the node runs it", extract},
		{"verify", "check an exported record without a node", verify},
		{"bot", "take part without a browser, and report what arrives", runBot},
		{"bench", "measure what forwarding costs", bench},
		{"config", "print the effective configuration", printConfig},
		{"version", "print the version", printVersion},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends at once
	os.Exit(run(ctx, console{os.Stdin, os.Stdout, os.Stderr, os.Getenv}, os.Args[1:]))
}

// run does one command; 0 is done, 1 is not done, 2 is not understood.
func run(ctx context.Context, con console, args []string) int {
	err := dispatch(ctx, con, "astara", commands(), args)
	var wrong *usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &wrong):
		fmt.Fprintln(con.err, "astara:", err)
		return 2
	}
	fmt.Fprintln(con.err, "astara:", err)
	return 1
}

// dispatch runs the command that the first argument names.
func dispatch(ctx context.Context, con console, name string, list []command, args []string) error {
	if len(args) == 0 {
		overview(con.err, name, list)
		return wrongUse("say which command: %s COMMAND", name)
	}
	switch args[0] {
	case "-h", "-help", "--help", "help":
		overview(con.out, name, list)
		return nil
	}
	for _, c := range list {
		if c.name == args[0] {
			return c.run(ctx, con, args[1:])
		}
	}
	return wrongUse("there is no command %q; %s -h lists them", args[0], name)
}

func overview(w io.Writer, name string, list []command) {
	fmt.Fprintf(w, "usage: %s COMMAND [flags]\n\n", name)
	for _, c := range list {
		fmt.Fprintf(w, "  %-20s %s\n", c.name, c.summary)
	}
	fmt.Fprintf(w, "\n%s COMMAND -h tells a command's flags.\n", name)
}

// usageError is a command line that was not understood.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

func wrongUse(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// newFlags makes a command's flags; parseFlags reads them.
func newFlags(name, summary string) *flag.FlagSet {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {
		fmt.Fprintf(fs.Output(), "usage: astara %s [flags]\n\n%s\n\n", name, summary)
		fs.VisitAll(func(f *flag.Flag) {
			what, usage := flag.UnquoteUsage(f)
			def := ""
			if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "[]" {
				def = " (default " + f.DefValue + ")"
			}
			usage = strings.TrimPrefix(usage, what+": ")
			fmt.Fprintf(fs.Output(), "  --%s\n        %s%s\n", strings.TrimSpace(f.Name+" "+what), usage, def)
		})
	}
	return fs
}

func parseFlags(con console, fs *flag.FlagSet, args []string) error {
	if err := parse(con, fs, args); err != nil {
		return err
	}
	if fs.NArg() > 0 {
		return wrongUse("%s: %q is not a flag; astara %s -h lists the flags", fs.Name(), fs.Arg(0), fs.Name())
	}
	return nil
}

// parseFile reads the flags of a command that works on one file, which may stand before or behind them.
func parseFile(con console, fs *flag.FlagSet, args []string) (string, error) {
	var files []string
	for {
		if err := parse(con, fs, args); err != nil {
			return "", err
		}
		if fs.NArg() == 0 {
			break
		}
		files, args = append(files, fs.Arg(0)), fs.Args()[1:]
	}
	if len(files) != 1 {
		return "", wrongUse("%s: give one file; astara %s -h lists the flags", fs.Name(), fs.Name())
	}
	return files[0], nil
}

func parse(con console, fs *flag.FlagSet, args []string) error {
	err := fs.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fs.SetOutput(con.out)
		fs.Usage()
		return err
	case err != nil:
		return wrongUse("%s: %v; astara %s -h lists the flags", fs.Name(), err, fs.Name())
	}
	return nil
}
