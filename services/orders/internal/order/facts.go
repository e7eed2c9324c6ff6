package order

import (
	"strconv"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
)

// Names of the facts of an order.
const (
	FactCreated         = "created"
	FactUpdated         = "updated"
	FactSubmitted       = "submitted"
	FactTransferCreated = "transfer_created"
	FactQueried         = "queried"
	FactResumed         = "resumed"
	FactProgressed      = "progressed"
	FactCheckRequested  = "check_requested"
	FactEndingRequested = "ending_requested"
	FactCancelSent      = "cancel_sent"
	FactCompleted       = "completed"
	FactFailed          = "failed"
	FactDeleted         = "deleted"
	FactLinkSent        = "link_sent"
	FactLinkRevoked     = "link_revoked"
	FactLinkOpened      = "link_opened"
	FactLinkExpired     = "link_expired"
	FactContactReplaced = "contact_replaced"
	FactSuperseded      = "superseded"
	FactLateDecided     = "late_decided"

	FactTerminationRequested = "termination_requested"
	FactTerminationApproved  = "termination_approved"
	FactTerminationBegun     = "termination_begun"
	FactTerminationReturned  = "termination_returned"
	FactTerminationDated     = "termination_dated"
	FactReviewEscalated      = "review_escalated"
	FactWaitEscalated        = "wait_escalated"
	FactTerminationOverdue   = "termination_overdue"
	FactTerminationPostponed = "termination_postponed"
	FactTerminationOverrun   = "termination_overrun"

	FactChangeRequested = "change_requested"
	FactChangeAccepted  = "change_accepted"
)

// tell returns a fact that everybody who may see the order may read. Details come as pairs of key and value.
func tell(name string, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Customer}.With(details...)
}

// because tells a fact with its reason, which the reseller's people alone read when one of them gives it.
func because(f fact.Fact, reason string, by call.Actor) []fact.Fact {
	if by.Role != roleOperator || reason == "" {
		return []fact.Fact{fact.Because(f, reason)}
	}
	return []fact.Fact{f, fact.Because(fact.Internally(saying("order.reason_recorded", tell(FactProgressed))), reason)}
}

// saying gives a fact a sentence of its own, where its name alone would say too little.
func saying(key string, f fact.Fact) fact.Fact {
	f.Text = key
	return f
}

// numbered adds which link it is about.
func numbered(f fact.Fact, link int) fact.Fact {
	f.Details = map[string]string{"number": strconv.Itoa(link)}
	return f
}
