package aws

import "example.com/handover/pkg/sim/fault"

// SetFault adds a fault; its service is a signing name, its account the caller's. A call meets the oldest fault that
// fits it, and only that one. It returns errs.Invalid for a fault that makes no sense.
func (s *Simulator) SetFault(f fault.Fault) error { return s.faults.Add(f) }

// ClearFaults removes every fault. Calls that have met one already are not helped.
func (s *Simulator) ClearFaults() { s.faults.Clear() }

// Faults returns the faults that are still set, with the times that are left.
func (s *Simulator) Faults() []fault.Fault { return s.faults.All() }

// Calls returns calls that the simulator saw, oldest first. Only the newest are kept, and none over a restart.
func (s *Simulator) Calls(q fault.CallQuery) []fault.Call { return s.calls.Find(q) }
