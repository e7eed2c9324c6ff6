package rpc

import (
	"context"
	"time"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

const (
	// shave is how much earlier than its caller a callee gives up, so that the caller gets an answer that says why.
	shave = 20 * time.Millisecond
	// tooShort is how little time is left when starting is a waste.
	tooShort = 50 * time.Millisecond
	// DefaultDeadline is given to a unary call that has none; a stream may last.
	DefaultDeadline = 30 * time.Second
)

// deadline budgets the caller's time. It is machine time, whatever the business clock shows.
func deadline(ctx context.Context, m method, next func(context.Context) error) error {
	until, set := ctx.Deadline()
	now := clock.Machine{}.Now().Time()
	switch {
	case !set && m.stream:
		return next(ctx)
	case !set:
		until = now.Add(DefaultDeadline)
	case until.Sub(now) < tooShort:
		return errs.New(errs.Deadline, "DEADLINE_EXCEEDED", "less than %s is left: nothing was begun", tooShort)
	}
	ctx, cancel := context.WithDeadline(ctx, until.Add(-shave))
	defer cancel()
	return next(ctx)
}
