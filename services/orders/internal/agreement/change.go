package agreement

import (
	"time"

	"example.com/handover/pkg/calendar"
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
func (a *Agreement) Changes(kind change.Kind, seller party.Seller, c party.Customer) (order.Changeable, error) {
	return order.Changeable{Amended: a.amended(), Held: a.Held(seller, c)}, a.changeable(kind)
}

// Held is what a change is held against.
func (a *Agreement) Held(seller party.Seller, c party.Customer) change.Held {
	return change.Held{
		AgreementID: a.ID, Terms: a.terms(), Serves: seller.Sells, End: a.Connection.End, People: a.Contacts.People, Knows: c.Knows,
		Usual: change.People{Primary: c.First(), Technical: c.For(party.Technical), Billing: c.For(party.Billing)},
	}
}

// OpenChange notes the order that is open to change the agreement, and changes it when that order needs nothing more. Refused with what
// changeable says.
func (a *Agreement) OpenChange(o *order.Order, now time.Time) ([]fact.Fact, error) {
	if err := a.changeable(o.Change.Kind); err != nil {
		return nil, err
	}
	if o.Change.Kind == change.Contacts {
		return a.setContacts(o), nil
	}
	a.ChangeOrderID, a.ChangeByReseller = o.ID, order.ByReseller(o)
	facts := []fact.Fact{fact.Internally(saying("agreement.change_open", tell(FactUpdated)))}
	return append(facts, a.Follow(o, now)...), nil
}

// followChange notes the terms of an order as soon as it is accepted, with the month from which on they hold: whoever bills knows them
// before that begins, whether or not the order is carried out in time. With its month the agreement is shown on them; of an order that came
// to nothing they are forgotten. The months before are billed as they were.
func (a *Agreement) followChange(o *order.Order) (facts []fact.Fact) {
	if a.ChangeOrderID != o.ID {
		return nil
	}
	c := o.Change
	switch {
	case o.State.Ended() && o.State != order.Completed:
		a.ChangeOrderID, a.ChangeByReseller, a.TermsHistory = "", false, change.Without(a.TermsHistory, o.ID)
		return []fact.Fact{fact.Internally(saying("agreement.change_closed", tell(FactUpdated)))}
	case c.Decision.Outcome != change.Accept:
		return nil
	}
	next := a.terms().With(c.Asked)
	if !change.Brought(a.TermsHistory, o.ID) {
		a.date(next, c.From, o.ID)
		facts = []fact.Fact{fact.Internally(saying("agreement.change_dated", tell(FactUpdated, "from", c.From.String())))}
	}
	if !o.State.Ended() {
		return facts
	}
	a.ChangeOrderID, a.ChangeByReseller = "", false
	a.SupportOption, a.CurrencyCode, a.DiscountPercent = next.SupportOption, next.CurrencyCode, next.DiscountPercent
	return []fact.Fact{tell(FactChanged,
		"kind", string(c.Kind), "before", c.Before, "value", c.Value(), "from", c.From.String(), "order_id", o.ID)}
}

// date notes terms that hold from a month on.
func (a *Agreement) date(next change.Terms, from calendar.Month, orderID string) {
	before := change.Dated{Terms: a.terms(), OrderID: a.OrderID}
	a.TermsHistory = change.Add(a.TermsHistory, before, change.Dated{Terms: next, From: from, OrderID: orderID})
}
