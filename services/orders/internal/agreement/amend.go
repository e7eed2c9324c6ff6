package agreement

import (
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/change"
	"example.com/handover/services/orders/internal/order"
)

// amended is what an order that ends or changes the agreement copies of it.
func (a *Agreement) amended() order.Amended {
	return order.Amended{
		AgreementID: a.ID, CustomerID: a.CustomerID, SellerID: a.SellerID, ProductID: a.ProductID, AccountID: a.ManagementAccountID,
		CurrencyCode: a.CurrencyCode, SupportOption: a.SupportOption, OrderID: a.OrderID,
	}
}

// open refuses an order that ends or changes the agreement: with STATE_REFUSES unless it is in force and AWS has no end of it, and with
// TERMINATION_OPEN and REPLACEMENT_OPEN while such an order of it is open.
func (a *Agreement) open(verb string) error {
	refuse := func(format string, args ...any) *errs.Error {
		return errs.New(errs.Precondition, ReasonStateRefuses, format, args...).WithMeta("state", string(a.State)).WithRemedy(a.instead())
	}
	other := func(reason, why, orderID string) *errs.Error {
		return errs.New(errs.Precondition, reason, "%s", why).WithMeta("order_id", orderID)
	}
	switch {
	case a.State != Active || a.Connection.ID == "":
		return refuse("an agreement in state %s cannot be %s", a.State, verb)
	case !a.Connection.End.IsZero():
		return refuse("the agreement ends already, with %s", a.Connection.End.Add(-time.Second).Format(time.DateOnly))
	case a.TerminationOrderID != "":
		return other(ReasonTerminationOpen, "a termination of the agreement is open", a.TerminationOrderID).
			WithRemedy(errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.open_termination")})
	case a.ReplacementOrderID != "":
		return other(ReasonReplacementOpen, "an order that replaces the agreement is under way", a.ReplacementOrderID).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.end_other_order")})
	}
	return nil
}

// instead is what can be done with an agreement that is not in force, or ends.
func (a *Agreement) instead() errs.Remedy {
	if a.State.Ended() || !a.Connection.End.IsZero() {
		return errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.agreement_over")}
	}
	return errs.Remedy{Who: "CUSTOMER", Text: text.New("remedy.complete_order")}
}

// changeable refuses a change as open does, and with CHANGE_OPEN while another one is open. Contacts are changed at once and nothing stays
// open: they are refused only before the agreement is in force, for there are invoices after its end.
func (a *Agreement) changeable(kind change.Kind) error {
	if kind == change.Contacts && (a.State == Active || a.State == Terminated) {
		return nil
	}
	if err := a.open("changed"); err != nil || a.ChangeOrderID == "" {
		return err
	}
	return a.changeOpen()
}

// terminable refuses an end as open does, and with CHANGE_OPEN while a change of the customer is open. One that Operations has ordered does
// not stand in the way, for the customer could not take it back: it goes on until the agreement ends before its month.
func (a *Agreement) terminable() error {
	if err := a.open("terminated"); err != nil || a.ChangeOrderID == "" || a.ChangeByReseller {
		return err
	}
	return a.changeOpen()
}

// changeOpen is the refusal of what a change stands in the way of.
func (a *Agreement) changeOpen() error {
	who := "CUSTOMER"
	if a.ChangeByReseller {
		who = "OPERATOR"
	}
	return errs.New(errs.Precondition, ReasonChangeOpen, "a change of the agreement is open").WithMeta("order_id", a.ChangeOrderID).
		WithRemedy(errs.Remedy{Who: who, Text: text.New("remedy.open_change")})
}
