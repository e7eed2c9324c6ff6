package agreement

import (
	"maps"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/optional"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/party"
)

// Edit holds the new values of a change; nil leaves a field as it is.
type Edit struct {
	CurrencyCode *string
	ExternalID   *string
	Labels       *map[string]string
}

// Revise changes the currency of the invoices, for every month that is not invoiced, after the account manager has checked it (BIL-016 to
// BIL-018), and the caller's own marks. A draft's currency is changed in its order; the marks are the caller's in every state. Refused with
// STATE_REFUSES, also once a change has brought other terms from a month on, because months before it may be invoiced; with CHANGE_OPEN
// while a change is open, and with CURRENCY_NOT_SERVED for what the seller does not invoice in.
func (a *Agreement) Revise(e Edit, seller party.Seller) ([]fact.Fact, error) {
	next := *a
	facts, err := next.reviseCurrency(e.CurrencyCode, seller)
	if err != nil {
		return nil, err
	}
	optional.Set(&next.ExternalID, e.ExternalID)
	optional.Set(&next.Labels, e.Labels)
	if next.ExternalID != a.ExternalID || !maps.Equal(next.Labels, a.Labels) {
		facts = append(facts, saying("agreement.tagged", tell(FactUpdated)))
	}
	*a = next
	return facts, nil
}

func (a *Agreement) reviseCurrency(code *string, seller party.Seller) ([]fact.Fact, error) {
	switch {
	case code == nil || *code == a.CurrencyCode && (a.State == Provisioning || a.State == Active):
		return nil, nil
	case a.State != Provisioning && a.State != Active:
		remedy := a.instead()
		if a.State == Draft {
			remedy.Text = text.New("remedy.draft_currency")
		}
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "the currency of an agreement in state %s cannot be changed", a.State).
			WithMeta("state", string(a.State)).WithRemedy(remedy)
	case a.ChangeOrderID != "":
		return nil, a.changeOpen()
	case len(a.TermsHistory) > 0:
		return nil, errs.New(errs.Precondition, ReasonStateRefuses, "the terms of the agreement have changed from a month on already").
			WithMeta("state", string(a.State)).WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.order_currency")})
	case !seller.Sells(*code):
		return nil, errs.InvalidField("agreement.currency_code", ReasonCurrencyNotServed, "the seller does not invoice in %s", *code).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.ask_currencies")})
	}
	a.CurrencyCode = *code
	return []fact.Fact{saying("agreement.currency_changed", tell(FactUpdated, "currency", a.CurrencyCode))}, nil
}
