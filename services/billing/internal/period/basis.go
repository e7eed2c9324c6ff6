package period

// Basis is what the prices of a period rest on. What is issued rests on what holds at that moment.
type Basis struct {
	PricebookID       string `json:"pricebook_id"`
	PricebookRevision int64  `json:"pricebook_revision"`
	AgreementID       string `json:"agreement_id"`
	SellerID          string `json:"seller_id"`
	CurrencyCode      string `json:"currency_code"`
	PartnerLedSupport bool   `json:"partner_led_support,omitempty"`
	Discount          string `json:"discount,omitempty"` // percent of the usage as it is billed; empty: none
	Support           string `json:"support,omitempty"`  // what was known of the accounts' support; empty: nothing
}

// terms are a basis without the prices: what was agreed on.
func (b Basis) terms() Basis {
	return Basis{CurrencyCode: b.CurrencyCode, PartnerLedSupport: b.PartnerLedSupport, Discount: b.Discount}
}
