package agreement

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/orders/internal/change"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

// terms are what the months are billed on that no other terms were agreed for.
func (a *Agreement) terms() change.Terms {
	return change.Terms{SupportOption: a.SupportOption, CurrencyCode: a.CurrencyCode, DiscountPercent: a.DiscountPercent}
}

// Changes is what an order that is to change the agreement must know of it. Refused with what changeable says.
func (a *Agreement) Changes(seller party.Seller) (order.Changeable, error) {
	return order.Changeable{Amended: a.amended(), Held: a.Held(seller)}, a.changeable()
}

// Held is what a change is held against.
func (a *Agreement) Held(seller party.Seller) change.Held {
	return change.Held{Terms: a.terms(), Serves: seller.Sells, End: a.Connection.End}
}

// OpenChange notes the order that is open to change the agreement, and changes it when that order needs nothing more. Refused with what
// changeable says.
func (a *Agreement) OpenChange(o *order.Order, now time.Time) ([]fact.Fact, error) {
	if err := a.changeable(); err != nil {
		return nil, err
	}
	a.ChangeOrderID, a.ChangeByReseller = o.ID, order.ByReseller(o)
	facts := []fact.Fact{fact.Internally(saying("agreement.change_open", tell(FactUpdated)))}
	return append(facts, a.Follow(o, now)...), nil
}

// followChange puts the agreement on other terms when its order is complete, and forgets an order that has ended. The months before are
// billed as they were.
func (a *Agreement) followChange(o *order.Order) []fact.Fact {
	if !o.State.Ended() || a.ChangeOrderID != o.ID {
		return nil
	}
	a.ChangeOrderID, a.ChangeByReseller = "", false
	if o.State != order.Completed {
		return []fact.Fact{fact.Internally(saying("agreement.change_closed", tell(FactUpdated)))}
	}
	c := o.Change
	before := change.Dated{Terms: a.terms(), OrderID: a.OrderID}
	next := change.Dated{Terms: before.With(c.Asked), From: c.From, OrderID: o.ID}
	a.TermsHistory = change.Add(a.TermsHistory, before, next)
	a.SupportOption, a.CurrencyCode, a.DiscountPercent = next.SupportOption, next.CurrencyCode, next.DiscountPercent
	return []fact.Fact{tell(FactChanged,
		"kind", string(c.Kind), "before", c.Before, "value", c.Value(), "from", c.From.String(), "order_id", o.ID)}
}
