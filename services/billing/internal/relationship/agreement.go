package relationship

import (
	"slices"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/text"
)

// Agreement is what a relationship needs to know of the contract behind it.
type Agreement struct {
	ID         string  `json:"id"`
	OrderID    string  `json:"order_id"`
	TransferID string  `json:"transfer_id,omitempty"` // that carries the order out; empty: the customer has not submitted it
	CustomerID string  `json:"customer_id"`
	SellerID   string  `json:"seller_id"`
	Void       bool    `json:"void,omitempty"` // its order failed or was deleted
	Terms      []Dated `json:"terms"`          // oldest first, the first for all months before the next; never empty
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

// Agreed is what one month is billed on, and by whom.
type Agreed struct {
	AgreementID, SellerID string
	Terms
}

// In returns what a month is billed on.
func (a *Agreement) In(m calendar.Month) Agreed {
	out := Agreed{AgreementID: a.ID, SellerID: a.SellerID}
	for _, d := range a.Terms {
		if d.From.Compare(m) <= 0 {
			out.Terms = d.Terms
		}
	}
	return out
}

func (a *Agreement) same(b Agreement) bool {
	return slices.Equal(a.Terms, b.Terms) && a.ID == b.ID && a.OrderID == b.OrderID && a.TransferID == b.TransferID &&
		a.CustomerID == b.CustomerID && a.SellerID == b.SellerID && a.Void == b.Void
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
	if r.Agreement == nil || !slices.Equal(r.Agreement.Terms, a.Terms) {
		r.Prices.Asked++
	}
	r.Agreement = &a
	r.noteOwn()
	return []fact.Fact{fact.Internally(tell(FactAgreed, "agreement_id", a.ID))}, nil
}

// UnderWay is the month that is billed next: the one that is under way, the first one before it has begun, the last one after the end.
func (r *Relationship) UnderWay() calendar.Month {
	switch r.State {
	case Ended:
		return calendar.MonthOf(r.EndAt.Add(-1))
	case Active:
		return r.NextMonth.AddMonths(-1)
	case Pending:
	}
	return r.NextMonth
}

// Forgone reports whether the reseller pays what AWS charges, as Operations has decided: the customer gets no invoice.
func (r *Relationship) Forgone() bool { return r.ChargesPaidBy == resellerPays }

// Billable returns the terms on which the customer is invoiced for a month, or why there are none. Who pays for an order that failed pays
// what AWS charges, and not the reseller's support, which it never got.
func (r *Relationship) Billable(m calendar.Month) (*Agreed, text.Text) {
	a := r.Agreement
	if a == nil {
		return nil, text.New("hold.agreement_missing")
	}
	switch agreed := a.In(m); {
	case agreed.CurrencyCode == "" || a.SellerID == "":
		return nil, text.New("hold.agreement_missing")
	case r.ChargesPaidBy == resellerPays:
		return nil, text.New("hold.reseller_pays")
	case r.ChargesPaidBy == undecided, a.Void && r.ChargesPaidBy != customerPays:
		return nil, text.New("hold.payer_undecided")
	default:
		agreed.PartnerLedSupport = agreed.PartnerLedSupport && !a.Void
		return &agreed, text.Text{}
	}
}
