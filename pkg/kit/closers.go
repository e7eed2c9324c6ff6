package kit

import (
	"context"
	"errors"
	"slices"
)

// closers undoes a start, half-built or whole, in reverse order.
type closers struct{ fs []func(context.Context) error }

func (c *closers) add(f func(context.Context) error) { c.fs = append(c.fs, f) }

func (c *closers) close(ctx context.Context) error {
	var errs []error
	for _, f := range slices.Backward(c.fs) {
		errs = append(errs, f(ctx))
	}
	c.fs = nil
	return errors.Join(errs...)
}
