package main

import (
	"context"
	"errors"
)

func serve(ctx context.Context, con console, args []string) error {
	fs := newFlags("serve", "Runs a node until SIGTERM or SIGINT; clients are told to come back, and it ends within 10 s.")
	var l loader
	l.flagsOf(fs)
	if err := parseFlags(con, fs, args); err != nil {
		return err
	}
	c, _, err := l.load(con.env)
	if err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	if _, err := c.security(); err != nil { return err }
	return errors.New("later")
}
