package notification

import "example.com/handover/pkg/fact"

// Names of the facts of a notification.
const (
	FactRequested  = "requested"
	FactSent       = "sent"
	FactFailed     = "failed"
	FactUncertain  = "uncertain"
	FactSuppressed = "suppressed"
	FactResent     = "resent"
	FactHeld       = "held"

	FactUndelivered = "undelivered"
	FactSettled     = "settled"
)

// Reasons of refusals.
const (
	ReasonStateRefuses    = "STATE_REFUSES"
	ReasonSecretForgotten = "SECRET_FORGOTTEN"
)

// tell returns a fact for the reseller's people. Details come as pairs of key and value, besides the template.
func (n *Notification) tell(name string, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Operator}.With("template", n.TemplateKey).With(details...)
}
