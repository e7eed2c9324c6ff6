package kit

import (
	"context"

	"example.com/handover/pkg/clock"
)

// Outside returns the context for the calls that a piece of work makes outside. It ends before the work's own deadline,
// so that there is always time left to record what came of them.
func Outside(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, set := ctx.Deadline()
	if !set {
		return context.WithCancel(ctx)
	}
	left := clock.Instant(deadline.UnixMicro()).Sub(clock.Machine{}.Now())
	return context.WithTimeout(ctx, left*4/5)
}
