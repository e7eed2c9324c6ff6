package journey

import (
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// Fault lets one coming call to AWS go wrong.
func (l *Life) Fault(f *sandboxv1.Fault) error {
	_, err := l.sandbox.SetFault(once(l.operator), &sandboxv1.SetFaultRequest{Fault: f})
	return err
}

// ClearFaults forgets the faults that no call has met, and returns them.
func (l *Life) ClearFaults() ([]*sandboxv1.Fault, error) {
	resp, err := l.sandbox.ClearFaults(once(l.operator), &sandboxv1.ClearFaultsRequest{})
	return resp.GetFaults(), err
}
