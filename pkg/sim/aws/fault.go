package aws

import (
	"slices"
	"sync"
	"time"

	"example.com/handover/pkg/errs"
)

// FaultKind is a way to misbehave.
type FaultKind string

// The faults. A retry of the SDK is a call of its own and meets the fault again, as often as its Times say.
const (
	Throttle    FaultKind = "THROTTLE"     // refused for calling too often, without effect
	ServerError FaultKind = "SERVER_ERROR" // refused with status 500, without effect
	LostAnswer  FaultKind = "LOST_ANSWER"  // carried out, then the connection is closed without an answer
	Slow        FaultKind = "SLOW"         // carried out at once, answered after Delay
	Late        FaultKind = "LATE"         // held back for Delay, then carried out even if the caller has gone, and answered
	Duplicate   FaultKind = "DUPLICATE"    // carried out twice; the caller gets the second answer
	KillCaller  FaultKind = "KILL_CALLER"  // the process PID is killed at Moment
)

// Moment is when a caller is killed.
type Moment string

// The moments of a call. A call whose caller is killed at RequestReceived is not carried out.
const (
	RequestReceived Moment = "REQUEST_RECEIVED"
	EffectCommitted Moment = "EFFECT_COMMITTED"
	AnswerSent      Moment = "ANSWER_SENT" // flushed, so the caller may have read it before it dies
)

// Fault is a misbehaviour that is set for some calls.
type Fault struct {
	Service   string // signing name: "organizations", "sts"; empty: every service
	Operation string // "AssumeRole"; empty: every operation
	Account   string // of the caller; empty: every account
	Kind      FaultKind
	Moment    Moment        // for KillCaller
	Delay     time.Duration // for Slow and Late, in machine time
	PID       int           // for KillCaller: a process on this machine, of a test that wants to see it die
	Times     int           // how many calls it meets; zero: every call until it is cleared
}

// SetFault adds a fault. A call meets the oldest fault that fits it, and only that one. It returns errs.Invalid for a
// fault that makes no sense.
func (s *Simulator) SetFault(f Fault) error {
	switch {
	case !slices.Contains([]FaultKind{Throttle, ServerError, LostAnswer, Slow, Late, Duplicate, KillCaller}, f.Kind):
		return errs.InvalidField("kind", "FAULT_UNKNOWN", "there is no fault %q", f.Kind)
	case f.Times < 0:
		return errs.InvalidField("times", "TIMES_NEGATIVE", "a fault cannot happen %d times", f.Times)
	case f.Delay < 0 || (f.Kind == Slow || f.Kind == Late) && f.Delay == 0:
		return errs.InvalidField("delay", "DELAY_MISSING", "a %s fault needs a delay", f.Kind)
	case f.Kind == KillCaller && f.PID <= 1: // 0 and below are groups of processes, 1 is the machine's first
		return errs.InvalidField("pid", "PID_INVALID", "%d is no process to kill", f.PID)
	case f.Kind == KillCaller && !slices.Contains([]Moment{RequestReceived, EffectCommitted, AnswerSent}, f.Moment):
		return errs.InvalidField("moment", "MOMENT_UNKNOWN", "there is no moment %q", f.Moment)
	}
	if _, known := s.services[f.Service]; f.Service != "" && !known {
		return errs.InvalidField("service", "SERVICE_UNKNOWN", "the service %q is not simulated", f.Service)
	}
	s.faults.add(f)
	return nil
}

// ClearFaults removes every fault. Calls that have met one already are not helped.
func (s *Simulator) ClearFaults() { s.faults.clear() }

// Faults returns the faults that are still set, with the times that are left.
func (s *Simulator) Faults() []Fault { return s.faults.all() }

func (f Fault) kills(at Moment) bool { return f.Kind == KillCaller && f.Moment == at }

func (f Fault) meets(service, operation, account string) bool {
	return (f.Service == "" || f.Service == service) &&
		(f.Operation == "" || f.Operation == operation) &&
		(f.Account == "" || f.Account == account)
}

// faults are those that are set, oldest first.
type faults struct {
	mu  sync.Mutex
	set []Fault
}

func (f *faults) add(fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.set = append(f.set, fault)
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.set = nil
}

func (f *faults) all() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.set)
}

// take returns the fault that a call meets and counts it.
func (f *faults) take(service, operation, account string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(f.set, func(fault Fault) bool { return fault.meets(service, operation, account) })
	if i < 0 {
		return Fault{}, false
	}
	met := f.set[i]
	switch met.Times {
	case 0: // until cleared
	case 1:
		f.set = slices.Delete(f.set, i, i+1)
	default:
		f.set[i].Times--
	}
	return met, true
}
