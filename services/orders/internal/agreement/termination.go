package agreement

import (
	"example.com/handover/pkg/fact"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/termination"
)

// Ends is what an order that ends the agreement must know of it.
func (a *Agreement) Ends() order.Terminable {
	return order.Terminable{
		Amended: a.amended(), ConnectionID: a.Connection.ID, Binding: a.Connection.Withdrawal, Term: a.Term(),
	}
}

// Term is the minimum term with what AWS enforces beside it.
func (a *Agreement) Term() termination.Term {
	return termination.Term{Start: a.MinimumTerm.Start, End: a.MinimumTerm.End, ServiceEnd: a.MinimumTerm.ServiceTermEnd}
}

// OpenTermination notes the order that is open to end the agreement. Refused with what terminable says.
func (a *Agreement) OpenTermination(o *order.Order) ([]fact.Fact, error) {
	if err := a.terminable(); err != nil {
		return nil, err
	}
	a.TerminationOrderID = o.ID
	return []fact.Fact{fact.Internally(saying("agreement.termination_open", tell(FactUpdated)))}, nil
}

// closeTermination forgets an order that has ended.
func (a *Agreement) closeTermination(o *order.Order) []fact.Fact {
	if !o.State.Ended() || a.TerminationOrderID != o.ID {
		return nil
	}
	a.TerminationOrderID = ""
	return []fact.Fact{fact.Internally(saying("agreement.termination_closed", tell(FactUpdated)))}
}
