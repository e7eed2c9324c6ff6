package journey

import (
	"context"

	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// Fault lets coming calls to the outside go wrong.
func (l *Life) Fault(f *sandboxv1.Fault) error { return l.aws.SetFault(l.ctx, f) }

// SetCredentials has a party outside of a life accept these secrets of a holder from now on, and no others.
func SetCredentials(ctx context.Context, l *Life, party sandboxv1.OutsideParty, holder string, secrets ...string) error {
	return l.operator.SetCredentials(ctx, party, holder, secrets...)
}
