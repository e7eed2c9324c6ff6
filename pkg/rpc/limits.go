package rpc

import (
	"context"
	"errors"
	"time"

	"google.golang.org/grpc/peer"

	"example.com/handover/pkg/auth"
	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/limit"
)

// heldToRate counts the calls of each person. What comes through a workload is not counted: the gateway has counted it, and
// a service that acts by itself keeps its own pace.
func (o Options) heldToRate(ctx context.Context, m method) (context.Context, error) {
	p, _ := auth.From(ctx)
	if o.Calls == nil || auth.Exempt(m.name) || p.Workload != "" {
		return ctx, nil
	}
	return ctx, o.Calls.Take(callerOf(ctx, p), o.Machine.Now())
}

// callerOf is whose calls and streams are counted together: those of a principal, or of a network where nobody is known.
func callerOf(ctx context.Context, p auth.Principal) string {
	if known(p) {
		return p.Owner()
	}
	from, ok := peer.FromContext(ctx)
	if !ok {
		return ""
	}
	return limit.Network(from.Addr.String())
}

// known says whether a caller has shown an identity: whoever brings a link alone has none.
func known(p auth.Principal) bool {
	return p.Subject != "" && (p.Role != auth.LinkBearer || !p.Expiry.IsZero())
}

// errTokenEnded is the cause that ends a stream together with the token that opened it.
var errTokenEnded = errors.New("the token has ended")

// countedStream counts the streams of each caller, and ends one when the token that opened it does.
func (o Options) countedStream(ctx context.Context, m method, next func(context.Context) error) error {
	if !m.stream {
		return next(ctx)
	}
	p, _ := auth.From(ctx)
	streams := o.Streams
	if !known(p) {
		streams = o.UnknownStreams
	}
	if streams != nil {
		leave, err := streams.Enter(callerOf(ctx, p))
		if err != nil {
			return err
		}
		defer leave()
	}
	if p.Expiry.IsZero() {
		return next(ctx)
	}
	left := clock.Instant(p.Expiry.UnixMicro()).Sub(o.Machine.Now())
	ctx, end := context.WithCancelCause(ctx) // no deadline: a caller's budget is another matter
	defer end(nil)
	defer time.AfterFunc(left, func() { end(errTokenEnded) }).Stop()
	err := next(ctx)
	if err != nil && errors.Is(context.Cause(ctx), errTokenEnded) {
		return errs.Wrap(err, errs.Unauthenticated, "TOKEN_EXPIRED",
			"the token that opened this stream has ended; open another with a new one, from the last revision seen")
	}
	return err
}
