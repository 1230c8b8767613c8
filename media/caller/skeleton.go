package caller

import (
	"context"
	"errors"
)

// Call is one connected caller.
type Call struct{}

// Dial offers, and waits until the connection stands or ctx ends.
func Dial(ctx context.Context, cfg Config, exchange Exchange) (*Call, error) {
	return nil, errors.New("caller: skeleton")
}

// Run sends and receives until ctx ends.
func (c *Call) Run(ctx context.Context) error { return errors.New("caller: skeleton") }

// Seat notes that who sits in slot from now on; Received counts per (slot, who).
func (c *Call) Seat(slot, who string) {}

// Received so far, in order of first arrival.
func (c *Call) Received() []Received { return nil }
