package bench

import (
	"context"
	"errors"
	"io"
)

// Serve is the server process of a run; it obeys JSON lines on in and answers
// on out until in ends or ctx does.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	return errors.New("bench: skeleton")
}

// Run starts a server process, loads it and measures.
func Run(ctx context.Context, o Options) (Result, error) {
	return Result{}, errors.New("bench: skeleton")
}
