package agreement

import (
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/services/orders/internal/change"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

// Contacts are the people whom mails about the agreement go to, where they are others than the customer's.
type Contacts struct {
	change.People
	OrderID string    `json:"order_id,omitempty"` // that named them
	At      time.Time `json:"at,omitzero"`
}

// setContacts takes over whom an order names.
func (a *Agreement) setContacts(o *order.Order) []fact.Fact {
	a.Contacts = Contacts{People: *o.Change.People, OrderID: o.ID, At: o.SubmittedAt}
	return []fact.Fact{saying("agreement.contacts_changed", tell(FactChanged,
		"kind", string(o.Change.Kind), "before", o.Change.Before, "value", o.Change.Value(), "from", o.Change.From.String(), "order_id", o.ID))}
}

// RolesIn are what the people of a customer are for in an agreement: somebody whom it names has a role alone, and gives it back when the
// customer has removed them, or their data is erased.
func (a *Agreement) RolesIn(c party.Customer) []party.Contact {
	return c.Acting(map[party.ContactRole]string{
		party.Primary: a.Contacts.Primary, party.Technical: a.Contacts.Technical, party.Billing: a.Contacts.Billing,
	})
}
