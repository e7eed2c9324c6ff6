// Package fault is how the simulators misbehave when they are told to, and how they remember what they saw: faults that
// wait for the calls they are for, the hard end of a caller, a connection cut without an answer, and the log of calls.
//
// It owns no protocol and no effect: each simulator decides what a fault does to a call of its own.
package fault

import (
	"os"
	"slices"
	"time"

	"example.com/handover/pkg/errs"
)

// Kind is a way to misbehave.
type Kind string

// The faults. A retry of a client is a call of its own and meets the fault again, as often as its Times say.
const (
	Throttle    Kind = "THROTTLE"     // refused for calling too often, without effect
	ServerError Kind = "SERVER_ERROR" // refused with a status from 500 on, without effect
	LostAnswer  Kind = "LOST_ANSWER"  // carried out, then the connection is closed without an answer
	Slow        Kind = "SLOW"         // carried out at once, answered after Delay
	Late        Kind = "LATE"         // held back for Delay, then carried out even if the caller has gone, and answered
	Duplicate   Kind = "DUPLICATE"    // carried out twice; the caller gets the second answer
	Reset       Kind = "RESET"        // the connection is reset before anything is carried out
	KillCaller  Kind = "KILL_CALLER"  // the process PID is killed at Moment
	StopCaller  Kind = "STOP_CALLER"  // the process PID is asked to end at Moment, and the call goes on
	Refuse      Kind = "REFUSE"       // refused with Code and Reason, without effect
)

// Moment is when a caller is killed or asked to end.
type Moment string

// The moments of a call. A call whose caller is killed at RequestReceived is not carried out.
const (
	RequestReceived Moment = "REQUEST_RECEIVED"
	EffectCommitted Moment = "EFFECT_COMMITTED"
	AnswerSent      Moment = "ANSWER_SENT" // flushed, so the caller may have read it before it dies
)

// Fault is a misbehaviour that is set for some calls.
type Fault struct {
	Service   string // as the simulator names it: "organizations", "sts", "servicenow"; empty: every service
	Operation string // "AssumeRole", "POST incident"; empty: every operation
	Account   string // of the caller; empty: every account
	Kind      Kind
	Moment    Moment        // for KillCaller and StopCaller
	Delay     time.Duration // for Slow and Late, in machine time
	PID       int           // for KillCaller and StopCaller: a process on this machine, of a test that wants to see it die
	Code      string        // for Refuse: the exception, "ConstraintViolationException"
	Reason    string        // for Refuse: what the exception says besides; may be empty
	Times     int           // how many calls it meets; zero: every call until it is cleared
	victim    *os.Process   // of PID, since the fault was set
}

// Kills reports whether the caller dies at this moment of the call.
func (f Fault) Kills(at Moment) bool { return f.Kind == KillCaller && f.Moment == at }

// Stops reports whether the caller is asked to end at this moment of the call, which goes on meanwhile.
func (f Fault) Stops(at Moment) bool { return f.Kind == StopCaller && f.Moment == at }

// Drops reports whether the request is not carried out: its connection breaks, or its caller dies.
func (f Fault) Drops() bool { return f.Kind == Reset || f.Kills(RequestReceived) }

// Aims reports whether the fault is about a process.
func (f Fault) Aims() bool { return f.Kind == KillCaller || f.Kind == StopCaller }

func (f Fault) meets(service, operation, account string) bool {
	return (f.Service == "" || f.Service == service) &&
		(f.Operation == "" || f.Operation == operation) &&
		(f.Account == "" || f.Account == account)
}

// check returns errs.Invalid for a fault that makes no sense.
func (f Fault) check() error {
	switch {
	case !slices.Contains([]Kind{Throttle, ServerError, LostAnswer, Slow, Late, Duplicate, Reset, KillCaller, StopCaller, Refuse}, f.Kind):
		return errs.InvalidField("kind", "FAULT_UNKNOWN", "there is no fault %q", f.Kind)
	case (f.Kind == Refuse) != (f.Code != ""):
		return errs.InvalidField("error_code", "FAULT_INVALID", "a refusal has a code, and nothing else has one")
	case f.Times < 0:
		return errs.InvalidField("times", "TIMES_NEGATIVE", "a fault cannot happen %d times", f.Times)
	case f.Delay < 0 || (f.Kind == Slow || f.Kind == Late) && f.Delay == 0:
		return errs.InvalidField("delay", "DELAY_MISSING", "a %s fault needs a delay", f.Kind)
	case f.Aims() && f.PID <= 1: // 0 and below are groups of processes, 1 is the machine's first
		return errs.InvalidField("pid", "PID_INVALID", "%d is no process to kill", f.PID)
	case f.Aims() && !slices.Contains([]Moment{RequestReceived, EffectCommitted, AnswerSent}, f.Moment):
		return errs.InvalidField("moment", "MOMENT_UNKNOWN", "there is no moment %q", f.Moment)
	}
	return nil
}
