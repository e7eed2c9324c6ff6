package journey

import (
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// Fault lets coming calls to the outside go wrong.
func (l *Life) Fault(f *sandboxv1.Fault) error { return l.aws.SetFault(l.ctx, f) }
