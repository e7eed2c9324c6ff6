package agreement

import (
	"example.com/handover/pkg/fact"
	"example.com/handover/services/orders/internal/order"
)

// superseded is why a connection has ended in whose place another one bills, in AccountTransfer's words.
const superseded = "SUPERSEDED"

// Replaces is what an order that replaces the agreement must know of it. What binds a legacy one is a membership.
func (a *Agreement) Replaces() order.Replaceable {
	return order.Replaceable{
		AgreementID: a.ID, CustomerID: a.CustomerID, AccountID: a.ManagementAccountID, ConnectionID: a.Connection.ID,
		Legacy:  a.Connection.Withdrawal.ByLeaving,
		InForce: a.State == Active && a.Connection.ID != "" && a.Connection.End.IsZero(), TerminationOrderID: a.TerminationOrderID,
		ReplacementOrderID: a.ReplacementOrderID,
	}
}

// FollowReplacement notes the order that is under way to replace the agreement, and forgets one of which nothing has come: the agreement
// goes on as it was. It is asked after every change of that order, in the same transaction.
func (a *Agreement) FollowReplacement(o *order.Order) []fact.Fact {
	switch {
	case !o.Submitted() || a.State.Ended():
		return nil
	case a.ReplacementOrderID == "" && !o.State.Ended():
		a.ReplacementOrderID = o.ID
		return []fact.Fact{saying("agreement.replacement_open", tell(FactUpdated))}
	case a.ReplacementOrderID == o.ID && order.ComesToNothing(o) && o.Replaces.ToldAt.IsZero():
		a.ReplacementOrderID = ""
		return []fact.Fact{saying("agreement.replacement_closed", tell(FactUpdated))}
	}
	return nil
}

// replaced reports whether the agreement is over because another one bills in its place.
func (a *Agreement) replaced() bool { return a.Connection.EndReason == superseded }
