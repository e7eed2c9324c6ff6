package relationship

import (
	"slices"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Agreement is what a relationship needs to know of the contract behind it.
type Agreement struct {
	ID         string `json:"id"`
	OrderID    string `json:"order_id"`
	TransferID string `json:"transfer_id,omitempty"` // that carries the order out; empty: the customer has not submitted it
	CustomerID string `json:"customer_id"`
	SellerID   string `json:"seller_id"`
	Void       bool   `json:"void,omitempty"` // its order failed or was deleted

	Terms
	Dated []Dated `json:"dated,omitempty"` // oldest first; empty: the terms hold for all months
}

// Terms are what a month is billed on.
type Terms struct {
	CurrencyCode      string `json:"currency_code"` // ISO 4217, of the invoices
	PartnerLedSupport bool   `json:"partner_led_support,omitempty"`
	Discount          string `json:"discount,omitempty"` // percent off the usage as it is billed; empty: none
}

// Dated are the terms from a month on.
type Dated struct {
	From calendar.Month `json:"from,omitzero"` // zero: from the beginning
	Terms
}

// In is the agreement with the terms of a month, which have no others beside them.
func (a Agreement) In(m calendar.Month) Agreement {
	for _, d := range a.Dated {
		if d.From.Compare(m) <= 0 {
			a.Terms = d.Terms
		}
	}
	a.Dated = nil
	return a
}

// Currencies are all in which months are billed.
func (a Agreement) Currencies() []string {
	out := []string{a.CurrencyCode}
	for _, d := range a.Dated {
		out = append(out, d.CurrencyCode)
	}
	return out
}

func (a Agreement) same(b Agreement) bool {
	dated := slices.Equal(a.Dated, b.Dated)
	return dated && a.ID == b.ID && a.OrderID == b.OrderID && a.TransferID == b.TransferID && a.CustomerID == b.CustomerID &&
		a.SellerID == b.SellerID && a.Void == b.Void && a.Terms == b.Terms
}

// Agree puts the relationship on the terms of its agreement; the same again changes nothing. Other terms
// hold from their month on, and for no month that is invoiced. Terms that no customer has submitted, and those of another transfer or
// customer, are none of the relationship's.
func (r *Relationship) Agree(a Agreement) ([]fact.Fact, error) {
	if a.TransferID == "" || a.TransferID != r.TransferID || a.CustomerID != r.CustomerID {
		return nil, nil
	}
	if r.Agreement != nil && r.Agreement.same(a) {
		return nil, nil
	}
	r.Agreement = &a
	return []fact.Fact{fact.Internally(tell(FactAgreed, "agreement_id", a.ID))}, nil
}

// Forgone reports whether the reseller pays what AWS charges, as Operations has decided: the customer gets no invoice.
func (r *Relationship) Forgone() bool { return r.ChargesPaidBy == resellerPays }

// Billable returns the terms on which the customer is invoiced for a month, or why there are none.
func (r *Relationship) Billable(m calendar.Month) (*Agreement, text.Text) {
	switch a := r.Agreement; {
	case a == nil || a.CurrencyCode == "" || a.SellerID == "":
		return nil, text.New("hold.agreement_missing")
	case r.ChargesPaidBy == resellerPays:
		return nil, text.New("hold.reseller_pays")
	case r.ChargesPaidBy == undecided, a.Void && r.ChargesPaidBy != customerPays:
		return nil, text.New("hold.payer_undecided")
	default:
		terms := a.In(m)
		return &terms, text.Text{}
	}
}
