// Package relationship is that the reseller pays AWS for a customer's organization and bills the customer: from the start
// that AWS gave the transfer to its end, month by month, under an agreement.
//
// It owns its states, which months are to be billed, and on whose terms. It owns neither what happens in a month
// (package period) nor prices. It reads no clock and talks to nobody.
package relationship

import (
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
)

// State is where a relationship stands.
type State string

// The states.
const (
	Pending State = "PENDING" // accepted; its start is to come
	Active  State = "ACTIVE"  // the reseller pays and bills
	Ended   State = "ENDED"   // no month is to be billed after its end; never left
)

// States returns every state, for exhaustive tables.
func States() []State { return []State{Pending, Active, Ended} }

// Relationship is the stored document.
type Relationship struct {
	ID              string `json:"id"`
	CustomerID      string `json:"customer_id"`
	OrderID         string `json:"order_id"` // also the correlation of its events
	TransferID      string `json:"transfer_id"`
	PayerID         string `json:"payer_id"`
	SourceAccountID string `json:"source_account_id"` // twelve digits
	AWSTransferID   string `json:"aws_transfer_id"`
	ChargesPaidBy   string `json:"charges_paid_by,omitempty"` // decision of Operations: CUSTOMER or RESELLER; empty: none was needed

	Agreement   *Agreement `json:"agreement,omitempty"`    // nil until it is known
	PricebookID string     `json:"pricebook_id,omitempty"` // its own; empty: the seller's standard one

	State       State          `json:"state"`
	EffectiveAt time.Time      `json:"effective_at"` // as AWS said
	EndAt       time.Time      `json:"end_at,omitzero"`
	NextMonth   calendar.Month `json:"next_month"` // the next that gets a period
}

// Agreement is what a relationship needs to know of the contract behind it.
type Agreement struct {
	ID                string `json:"id"`
	OrderID           string `json:"order_id"`
	SellerID          string `json:"seller_id"`
	CurrencyCode      string `json:"currency_code"` // ISO 4217, of the invoices
	PartnerLedSupport bool   `json:"partner_led_support,omitempty"`
	Void              bool   `json:"void,omitempty"` // its order failed or was deleted
}

// Seen is what a transfer shows.
type Seen struct {
	TransferID, OrderID, CustomerID, PayerID string
	SourceAccountID, AWSTransferID           string
	ChargesPaidBy                            string
	EffectiveAt                              time.Time // zero: not accepted
	EndAt                                    time.Time // first instant after it; zero: open
}

// IDFor is the id of the relationship that a transfer brings: creating it twice is creating it once.
func IDFor(transferID string) string {
	_, suffix, _ := strings.Cut(transferID, "_")
	return "rel_" + suffix
}

// Record begins the relationship of an accepted transfer.
func Record(s Seen) (*Relationship, []fact.Fact) {
	r := &Relationship{
		ID: IDFor(s.TransferID), CustomerID: s.CustomerID, OrderID: s.OrderID, TransferID: s.TransferID, PayerID: s.PayerID,
		SourceAccountID: s.SourceAccountID, AWSTransferID: s.AWSTransferID, ChargesPaidBy: s.ChargesPaidBy,
		State: Pending, EffectiveAt: s.EffectiveAt, EndAt: s.EndAt, NextMonth: calendar.MonthOf(s.EffectiveAt),
	}
	facts := []fact.Fact{internally(tell(FactRecorded, "The start of the billing is known.", "start", date(s.EffectiveAt)))}
	if !s.EndAt.IsZero() {
		facts = append(facts, tell(FactEnding, "The end of the billing is known.", "end", date(s.EndAt)))
	}
	return r, facts
}

// Observe brings the relationship to what its transfer shows. AWS's start counts until it has come.
func (r *Relationship) Observe(s Seen) ([]fact.Fact, error) {
	if r.State == Ended {
		return nil, nil
	}
	var facts []fact.Fact
	if r.State == Pending && !s.EffectiveAt.IsZero() && !s.EffectiveAt.Equal(r.EffectiveAt) {
		r.EffectiveAt, r.NextMonth = s.EffectiveAt, calendar.MonthOf(s.EffectiveAt)
		facts = append(facts, internally(tell(FactRecorded, "The start of the billing has changed.", "start", date(s.EffectiveAt))))
	}
	if s.ChargesPaidBy != "" {
		r.ChargesPaidBy = s.ChargesPaidBy // told by the transfer itself
	}
	if !s.EndAt.IsZero() && !s.EndAt.Equal(r.EndAt) {
		r.EndAt = s.EndAt
		facts = append(facts, tell(FactEnding, "The end of the billing is known.", "end", date(s.EndAt)))
	}
	return facts, nil
}

// Agree puts the relationship on the terms of its agreement; the same again changes nothing. A change of the currency
// holds from the next invoice that is not issued.
func (r *Relationship) Agree(a Agreement) ([]fact.Fact, error) {
	if r.Agreement != nil && *r.Agreement == a {
		return nil, nil
	}
	r.Agreement = &a
	return []fact.Fact{internally(tell(FactAgreed, "The agreement behind the billing is known.", "agreement_id", a.ID))}, nil
}

// Billable returns the terms on which the customer is invoiced, or why there are none.
func (r *Relationship) Billable() (*Agreement, string) {
	switch a := r.Agreement; {
	case a == nil || a.CurrencyCode == "" || a.SellerID == "":
		return nil, "no agreement is known that says who invoices in which currency"
	case r.ChargesPaidBy == "RESELLER":
		return nil, "Operations decided that the reseller pays these charges"
	case a.Void && r.ChargesPaidBy != "CUSTOMER":
		return nil, "the order failed, and nobody has decided who pays"
	default:
		return a, ""
	}
}
