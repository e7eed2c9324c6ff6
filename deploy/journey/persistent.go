package journey

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// persistent repeats a call, with the same idempotency key, until its service is there to answer it: what every caller
// has to do whose service may be restarted under it.
type persistent struct {
	*grpc.ClientConn
	patience time.Duration
}

// between is the pause before a call is repeated.
const between = 50 * time.Millisecond

// Invoke implements grpc.ClientConnInterface.
func (p persistent) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	machine := clock.Machine{}
	for began := machine.Now(); ; {
		err := p.ClientConn.Invoke(ctx, method, args, reply, opts...)
		if errs.KindOf(err) != errs.Unavailable || machine.Now().Sub(began) > p.patience || machine.Wait(ctx, between) != nil {
			return err
		}
		p.ResetConnectBackoff()
	}
}
