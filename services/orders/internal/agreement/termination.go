package agreement

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/termination"
)

// Ends is what an order that ends the agreement must know of it.
func (a *Agreement) Ends() order.Terminable {
	return order.Terminable{
		AgreementID: a.ID, CustomerID: a.CustomerID, SellerID: a.SellerID, ProductID: a.ProductID, AccountID: a.ManagementAccountID,
		CurrencyCode: a.CurrencyCode, SupportOption: a.SupportOption, ConnectionID: a.Connection.ID,
		Binding: a.Connection.Withdrawal, Term: a.Term(),
	}
}

// Term is the minimum term with what AWS enforces beside it.
func (a *Agreement) Term() termination.Term {
	return termination.Term{Start: a.MinimumTerm.Start, End: a.MinimumTerm.End, ServiceEnd: a.MinimumTerm.ServiceTermEnd}
}

// OpenTermination notes the order that is open to end the agreement. Refused with STATE_REFUSES unless the agreement is in force and AWS
// has no end of it, and with TERMINATION_OPEN while there is another one.
func (a *Agreement) OpenTermination(o *order.Order) ([]fact.Fact, error) {
	switch {
	case a.State != Active || a.Connection.ID == "":
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "an agreement in state %s cannot be terminated", a.State).
			WithMeta("state", string(a.State))
	case !a.Connection.End.IsZero():
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "the agreement ends already, with %s",
			a.Connection.End.Add(-time.Second).Format(time.DateOnly)).WithMeta("state", string(a.State))
	case a.TerminationOrderID != "":
		return nil, errs.New(errs.Precondition, ReasonTerminationOpen, "a termination of the agreement is open").
			WithMeta("order_id", a.TerminationOrderID).
			WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.open_termination")})
	case a.ReplacementOrderID != "":
		return nil, errs.New(errs.Precondition, ReasonReplacementOpen, "an order that replaces the agreement is under way").
			WithMeta("order_id", a.ReplacementOrderID).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.end_other_order")})
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
