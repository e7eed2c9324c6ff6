package cases

import "example.com/handover/pkg/fact"

// Names of the facts of a case.
const (
	FactOpened           = "opened"
	FactSubmitted        = "submitted"
	FactProgressed       = "progressed"
	FactCommented        = "commented"
	FactResolveRequested = "resolve_requested"
	FactResolved         = "resolved"
	FactClosed           = "closed"
	FactCancelled        = "cancelled"
	FactEscalated        = "escalated"
)

// tell returns a fact for everybody who may see the case. Details come as pairs of key and value.
func (c *Case) tell(name string, details ...string) fact.Fact {
	f := internal(name, details...)
	if c.Audience == ForCustomer {
		f.Audience = fact.Customer
	}
	return f
}

// internal returns a fact for the reseller's people alone.
func internal(name string, details ...string) fact.Fact {
	return fact.Fact{Name: name, Audience: fact.Operator}.With(details...)
}
