// Package invoice is the document by which the customer pays: its number, its parties as at issue, its lines and their
// total. What was issued never changes; only that it has a document and was sent is noted.
//
// It owns the form of the number and the due date. It owns neither the prices (package statement) nor how the document
// looks (package invoicepdf), and calls nothing.
package invoice

import (
	"fmt"
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/money"
	"example.com/handover/services/billing/internal/statement"
)

// State is where an invoice stands.
type State string

// The states.
const (
	Issued State = "ISSUED" // its document is being made and sent
	Sent   State = "SENT"   // its mail was asked for; never left
)

// States returns every state, for exhaustive tables.
func States() []State { return []State{Issued, Sent} }

// Names of the facts of an invoice.
const (
	FactIssued = "issued"
	FactSent   = "sent"
)

// Party is one side of an invoice, as at issue.
type Party struct {
	Name        string `json:"name"`
	CountryCode string `json:"country_code,omitempty"`
	Attention   string `json:"attention,omitempty"` // a person's name: kept as long as law requires, and nowhere but here
}

// Invoice is the stored document.
type Invoice struct {
	ID             string               `json:"id"`
	Number         string               `json:"number"`
	SellerID       string               `json:"seller_id"`
	CustomerID     string               `json:"customer_id"`
	OrderID        string               `json:"order_id"` // also the correlation of its events
	AgreementID    string               `json:"agreement_id"`
	RelationshipID string               `json:"relationship_id"`
	PeriodID       string               `json:"period_id"`
	Month          calendar.Month       `json:"month"`
	Issuer         Party                `json:"issuer"`
	BillTo         Party                `json:"bill_to"`
	Lines          []statement.Line     `json:"lines,omitempty"`
	Total          money.Money          `json:"total"`               // the sum of the lines
	Exchanges      []statement.Exchange `json:"exchanges,omitempty"` // seller by seller
	First          bool                 `json:"first,omitempty"`     // of its relationship
	Final          bool                 `json:"final,omitempty"`     // of its relationship, as known at issue
	IssuedAt       time.Time            `json:"issued_at"`
	DueAt          time.Time            `json:"due_at"`

	State          State  `json:"state"`
	DocumentSHA256 string `json:"document_sha256,omitempty"` // hex; empty: not made yet

	Intents intent.Ledger `json:"intents,omitempty"`
	Wishes  intent.Wishes `json:"wishes,omitempty"`
}

// IDFor is the id of a period's invoice: issuing it twice is issuing it once.
func IDFor(periodID string) string {
	_, suffix, _ := strings.Cut(periodID, "_")
	return "inv_" + suffix
}

// Number spells the n-th number of a seller's year: "2026-000001".
func Number(year int, n int64) string { return fmt.Sprintf("%04d-%06d", year, n) }

// Issue returns the invoice with its due date, so many days after now.
func Issue(i Invoice, days int, now time.Time) (*Invoice, []fact.Fact) {
	i.State, i.IssuedAt, i.DueAt = Issued, now, now.AddDate(0, 0, days)
	return &i, []fact.Fact{{
		Name: FactIssued, Audience: fact.Customer,
		Details: map[string]string{"number": i.Number, "total": i.Total.String(), "month": i.Month.String()},
	}}
}
