package party

import (
	"slices"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Provider is how a customer buys from AWS.
type Provider struct {
	CurrencyCode  string `json:"currency_code"` // ISO 4217; what is used there is invoiced in it
	PricebookID   string `json:"pricebook_id"`  // of Billing
	PortalEnabled bool   `json:"portal_enabled,omitempty"`
}

// Pricebook is what Billing says of a pricebook.
type Pricebook struct {
	SellerID, CurrencyCode string
}

// RIPassThroughUnavailable is the refusal to pass the optimization of reserved instances on to a customer (XFR-NA-09).
func RIPassThroughUnavailable() error {
	return errs.InvalidField("pass_ri_optimization", ReasonRIPassThroughUnavailable,
		"the optimization of reserved instances cannot be passed on to a customer").
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.leave_ri_out")})
}

// SetProvider sets up how the customer buys from AWS (XFR-NA-05 … XFR-NA-08). Without a book there is none of that id. Refused with
// CURRENCY_NOT_SERVED, PRICEBOOK_UNKNOWN and PRICEBOOK_CURRENCY_MISMATCH.
func (c *Customer) SetProvider(p Provider, seller Seller, book *Pricebook) ([]fact.Fact, error) {
	if p.CurrencyCode != seller.CurrencyCode && !slices.Contains(seller.FurtherCurrencyCodes, p.CurrencyCode) {
		return nil, errs.InvalidField("provider.currency_code", ReasonCurrencyNotServed, "the seller does not invoice in %s", p.CurrencyCode).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.choose_seller_of_currency")})
	}
	choose := errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.choose_pricebook", "seller", c.SellerID)}
	if book == nil || book.SellerID != c.SellerID {
		return nil, errs.InvalidField("provider.pricebook_id", ReasonPricebookUnknown, "the seller has no pricebook %q", p.PricebookID).
			WithRemedy(choose)
	}
	if book.CurrencyCode != p.CurrencyCode {
		return nil, errs.InvalidField("provider.pricebook_id", ReasonPricebookMismatch,
			"the pricebook has prices in %s, the customer is to buy in %s", book.CurrencyCode, p.CurrencyCode).WithRemedy(choose)
	}
	if c.Provider != nil && *c.Provider == p {
		return nil, nil
	}
	c.Provider = &p
	return []fact.Fact{
		fact.Fact{Name: FactProviderSet, Audience: fact.Customer}.With("currency_code", p.CurrencyCode, "pricebook_id", p.PricebookID),
	}, nil
}
