package aws

import "example.com/handover/pkg/intent"

// writeConflict is Billing Conductor's reason for a call that only has to be repeated.
const writeConflict = "WRITE_CONFLICT_RETRY"

// AccessDenied is the reason of what a role may not do, whatever AWS calls it.
const AccessDenied = "ACCESS_DENIED"

// OutcomeOf reads the error of a call in the one list of outcomes. Reason is AWS's typed reason, its code where there is
// none.
func OutcomeOf(err error) intent.Outcome {
	o := Classify(err)
	out := intent.Outcome{Code: o.Code, Reason: o.Reason, Message: o.Message, RequestID: o.RequestID}
	if out.Reason == "" {
		out.Reason = o.Code
	}
	switch o.Class {
	case Done:
		out.Class = intent.Done
	case Denied:
		out.Class, out.Reason = intent.Denied, AccessDenied
	case Refused:
		out.Class = intent.Refused
		if o.Reason == writeConflict {
			out.Class = intent.Later
		}
	case Throttled, Busy, Unreached:
		out.Class = intent.Later
	case Unanswered:
		out.Class = intent.Unanswered
	}
	return out
}
