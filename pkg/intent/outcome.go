package intent

import (
	"time"

	"example.com/handover/pkg/errs"
)

// Class says whether a call had its effect.
type Class string

// The classes, the same for every outside party. Only after Unanswered the effect is unknown; after Done it exists, after
// all others it surely does not.
const (
	Done       Class = "DONE"       // answered, and the effect exists
	Refused    Class = "REFUSED"    // the party will not do it as things are: see Code and Reason
	Denied     Class = "DENIED"     // the party does not know us, or does not allow it
	Later      Class = "LATER"      // not now: too many calls, busy, or not reached
	Unanswered Class = "UNANSWERED" // sent, and no clear answer: look for the effect before repeating it
)

// Outcome is what became of a call.
type Outcome struct {
	Class      Class
	Code       string        // the party's own error: "ConstraintViolation"; empty when it did not answer
	Reason     string        // what a typed error says besides: "UNSUPPORTED_PRICING"; often empty
	Message    string        // the party's own words; for operators and logs, never for customers
	RequestID  string        // what the party's support asks for
	RetryAfter time.Duration // the party's advice; zero: none
}

// Refuses reports whether the party has said no: only a person can mend that.
func (o Outcome) Refuses() bool { return o.Class == Refused || o.Class == Denied }

// OfPeer reads the error of a call to another service of the suite. What is there already, from an earlier try whose
// answer was lost, is done.
func OfPeer(err error) Outcome {
	o := Outcome{Class: Unanswered, Reason: errs.ReasonOf(err), Code: errs.ReasonOf(err)}
	if err == nil {
		return Outcome{Class: Done}
	}
	o.Message = err.Error()
	if e, ok := errs.As(err); ok {
		o.RetryAfter = e.RetryAfter
	}
	switch errs.KindOf(err) {
	case errs.Exists:
		o.Class = Done
	case errs.Invalid, errs.NotFound, errs.Precondition, errs.Unimplemented:
		o.Class = Refused
	case errs.Denied, errs.Unauthenticated:
		o.Class = Denied
	case errs.Exhausted:
		o.Class = Later
	case errs.Internal, errs.Conflict, errs.Unavailable, errs.Deadline, errs.Cancelled:
	}
	return o
}

// OfOwn reads the error of work of the suite's own, at its database or blob store: a failure counts, so that what cannot succeed is parked
// and not repeated for ever.
func OfOwn(err error) Outcome {
	o := OfPeer(err)
	if err != nil && errs.KindOf(err) == errs.Internal {
		o.Class = Refused
	}
	return o
}
