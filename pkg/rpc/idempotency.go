package rpc

import (
	"context"

	"google.golang.org/grpc/metadata"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
)

// HeaderKey is the metadata key of the idempotency key.
const HeaderKey = "idempotency-key"

// idempotency puts the key into the call.Call. A workload, a service or the gateway, must send one with every method
// that the contract does not mark as free of side effects, because its connection repeats what was not answered; a
// person with grpcurl may.
func idempotency(ctx context.Context, m method) (context.Context, error) {
	values := metadata.ValueFromIncomingContext(ctx, HeaderKey)
	if len(values) == 0 {
		p, _ := auth.From(ctx)
		if p.Workload != "" && !reads(m) {
			return ctx, errs.New(
				errs.Invalid, "IDEMPOTENCY_KEY_REQUIRED", "send metadata %s: 1 to 128 visible characters, one per intended effect", HeaderKey,
			)
		}
		return ctx, nil
	}
	if len(values) > 1 || !printable(values[0]) {
		return ctx, errs.New(errs.Invalid, "IDEMPOTENCY_KEY_INVALID", "%s must be one value of 1 to 128 visible ASCII characters", HeaderKey)
	}
	c := call.From(ctx)
	c.Key = values[0]
	return call.With(ctx, c), nil
}

func reads(m method) bool {
	d, ok := auth.Method(m.name)
	return ok && auth.Reads(d)
}
