package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// release is the version of the last entry of CHANGES.md.
const release = "0.1.0"

// version is the release, and the revision when the binary was built from a checkout.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return release
	}
	revision, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			revision = "+" + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = ".changed"
		}
	}
	return release + revision + changed
}

func printVersion(_ context.Context, con console, args []string) error {
	if err := parseFlags(con, newFlags("version", "Prints the version, Go's and the machine's."), args); err != nil {
		return err
	}
	fmt.Fprintf(con.out, "astara %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return nil
}
