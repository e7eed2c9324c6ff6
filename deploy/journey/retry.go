package journey

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// retrying repeats a call, with the same idempotency key, until its service is there to answer it: what every caller
// has to do whose service may be restarted under it.
type retrying struct {
	*grpc.ClientConn
	limit time.Duration
}

// pause lies before each repetition.
const pause = 50 * time.Millisecond

// Invoke implements grpc.ClientConnInterface.
func (r retrying) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	machine := clock.Machine{}
	for began := machine.Now(); ; {
		err := r.ClientConn.Invoke(ctx, method, args, reply, opts...)
		if errs.KindOf(err) != errs.Unavailable || machine.Now().Sub(began) > r.limit || machine.Wait(ctx, pause) != nil {
			return err
		}
		r.ResetConnectBackoff()
	}
}
