package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"golang.org/x/sync/errgroup"

	"astara/meeting"
	"astara/protocol"
)

// A bot that obeys reads commands of the meeting from standard input, one a line, and answers each with one: "done", or a refusal's code.
// One that is not a meeting's command is its own: how loud it says that it is.
//
//	floor-language.mark {"language":"az"}
//	loud {"level":30}

// loud is the order to say of the sound, whatever it is, how loud it is: -dBov, 0 to 127.
const loud = "loud"

// order is a line of standard input.
type order struct {
	kind string
	body []byte
}

// readOrders hands on what is asked for, until in or ctx ends.
func readOrders(ctx context.Context, in io.Reader, to chan<- order) {
	for s := bufio.NewScanner(in); s.Scan(); {
		kind, body, _ := strings.Cut(strings.TrimSpace(s.Text()), " ")
		if kind == "" {
			continue
		}
		select {
		case to <- order{kind, []byte(body)}:
		case <-ctx.Done():
			return
		}
	}
}

// obey carries out an order and says how it went. It is called by attend, which goes on reading meanwhile.
func (a *attendance) obey(ctx context.Context, g *errgroup.Group, o order) {
	if o.kind == loud {
		a.answer(a.speakAt(o.body))
		return
	}
	c, err := meeting.DecodeCommand(meeting.MemberCommands(), meeting.CommandType(o.kind), o.body)
	if err != nil {
		a.answer(err)
		return
	}
	g.Go(func() error {
		a.answer(a.socket.Do(ctx, c))
		return nil // a lost line is told by whoever reads it
	})
}

// speakAt is for this call and those after it.
func (a *attendance) speakAt(body []byte) error {
	var x struct{ Level uint8 }
	if err := json.Unmarshal(body, &x); err != nil || x.Level > 127 {
		return &meeting.Refusal{Code: protocol.BadRequest}
	}
	a.level = x.Level
	if len(a.made) > 0 {
		a.made[len(a.made)-1].Say(a.level)
	}
	return nil
}

func (a *attendance) answer(err error) {
	var no *meeting.Refusal
	switch {
	case errors.As(err, &no):
		a.answers.Println(no.Code)
	case err != nil:
		a.answers.Println("lost")
	default:
		a.answers.Println("done")
	}
}
