package kit

import (
	"context"
	"errors"
	"slices"
	"sync"
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

// together undoes what does not depend on each other at the same time, so that each has all of the time.
func (c *closers) together(ctx context.Context) error {
	found := make([]error, len(c.fs))
	var all sync.WaitGroup
	for i, f := range c.fs {
		all.Go(func() { found[i] = f(ctx) })
	}
	all.Wait()
	c.fs = nil
	return errors.Join(found...)
}
