package agreement

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/services/orders/internal/order"
	"example.com/handover/services/orders/internal/party"
)

// Like is what the draft of a further organization takes over from the agreement in force. It is an order of its own: another organization
// has another management account, billing transfer, start and minimum term at AWS, and leaves by itself. Refused with STATE_REFUSES.
func (a *Agreement) Like(c party.Customer) (*order.Order, error) {
	if a.State != Active {
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "an agreement in state %s is no pattern for an order", a.State).
			WithMeta("state", string(a.State)).WithField("like_agreement_id", ReasonStateRefuses, "is not in force").WithRemedy(a.instead())
	}
	like := &order.Order{ProductID: a.ProductID, SupportOption: a.SupportOption}
	if c.Knows(a.Contacts.Technical) {
		like.TechnicalContactID = a.Contacts.Technical
	}
	return like, nil
}
