package rpc

import (
	"context"
	"fmt"
	"runtime/debug"

	"example.com/handover/pkg/errs"
)

// recovering turns a panic into an Internal error with the stack as its cause, so that one bad call ends alone.
func recovering(ctx context.Context, next func(context.Context) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			cause := fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			err = errs.Wrap(cause, errs.Internal, "INTERNAL", "internal error")
		}
	}()
	return next(ctx)
}
