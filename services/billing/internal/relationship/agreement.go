package relationship

import (
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Agreement is what a relationship needs to know of the contract behind it.
type Agreement struct {
	ID                string `json:"id"`
	OrderID           string `json:"order_id"`
	TransferID        string `json:"transfer_id,omitempty"` // that carries the order out; empty: the customer has not submitted it
	CustomerID        string `json:"customer_id"`
	SellerID          string `json:"seller_id"`
	CurrencyCode      string `json:"currency_code"` // ISO 4217, of the invoices
	PartnerLedSupport bool   `json:"partner_led_support,omitempty"`
	Void              bool   `json:"void,omitempty"` // its order failed or was deleted
}

// Agree puts the relationship on the terms of its agreement; the same again changes nothing. A change of the currency
// holds from the next invoice that is not issued. Terms that no customer has submitted, and those of another transfer or
// customer, are none of the relationship's.
func (r *Relationship) Agree(a Agreement) ([]fact.Fact, error) {
	if a.TransferID == "" || a.TransferID != r.TransferID || a.CustomerID != r.CustomerID {
		return nil, nil
	}
	if r.Agreement != nil && *r.Agreement == a {
		return nil, nil
	}
	r.Agreement = &a
	return []fact.Fact{fact.Internally(tell(FactAgreed, "agreement_id", a.ID))}, nil
}

// Forgone reports whether the reseller pays what AWS charges, as Operations has decided: the customer gets no invoice.
func (r *Relationship) Forgone() bool { return r.ChargesPaidBy == resellerPays }

// Billable returns the terms on which the customer is invoiced, or why there are none.
func (r *Relationship) Billable() (*Agreement, text.Text) {
	switch a := r.Agreement; {
	case a == nil || a.CurrencyCode == "" || a.SellerID == "":
		return nil, text.New("hold.agreement_missing")
	case r.ChargesPaidBy == resellerPays:
		return nil, text.New("hold.reseller_pays")
	case r.ChargesPaidBy == undecided, a.Void && r.ChargesPaidBy != customerPays:
		return nil, text.New("hold.payer_undecided")
	default:
		return a, text.Text{}
	}
}
