package agreement

import (
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/party"
)

// Edit holds the new values of a change; nil leaves a field as it is.
type Edit struct{ CurrencyCode *string }

// Revise changes the currency of the invoices, after the account manager has checked it (BIL-016 to BIL-018). A draft is
// changed in its order. Refused with STATE_REFUSES, and with CURRENCY_NOT_SERVED for what the seller does not invoice in.
func (a *Agreement) Revise(e Edit, seller party.Seller) ([]fact.Fact, error) {
	switch {
	case a.State != Provisioning && a.State != Active:
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "an agreement in state %s cannot be changed", a.State).
			WithMeta("state", string(a.State))
	case e.CurrencyCode == nil || *e.CurrencyCode == a.CurrencyCode:
		return nil, nil
	case !seller.Sells(*e.CurrencyCode):
		return nil, errs.InvalidField("agreement.currency_code", ReasonCurrencyNotServed, "the seller does not invoice in %s", *e.CurrencyCode).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.Plain("Ask the account manager which currencies the seller serves.", "SellerService.GetSeller")})
	}
	a.CurrencyCode = *e.CurrencyCode
	return []fact.Fact{tell(FactUpdated, "The currency of the invoices was changed.", "currency", a.CurrencyCode)}, nil
}
