package order

import (
	"strconv"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
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
	FactMailRefused     = "mail_refused"
	FactContactReplaced = "contact_replaced"
)

// tell returns a fact that everybody who may see the order may read. Details come as pairs of key and value.
func tell(name, note string, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Customer, Text: text.Plain(note).Key}.With(details...)
}

// numbered adds which link it is about.
func numbered(f fact.Fact, link int) fact.Fact {
	f.Details = map[string]string{"number": strconv.Itoa(link)}
	return f
}

// because adds the words that the actor gave.
func because(f fact.Fact, reason string) fact.Fact {
	f.Reason = reason
	return f
}

// inside narrows the readers of a fact to the reseller.
func inside(f fact.Fact) fact.Fact {
	f.Audience = fact.Operator
	return f
}
