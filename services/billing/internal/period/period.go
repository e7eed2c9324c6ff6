// Package period is one month of one billing relationship, from its begin to its invoice: when AWS is looked at, when
// the charges are complete, whether they agree with AWS's invoices, why it stands still, and when it may be invoiced.
//
// It owns the states and the gate. It owns neither prices (package statement) nor the invoice (package invoice). It reads
// no clock and talks to nobody: what AWS showed is handed in, what to do next is NextAction, when to wake up is Next.
package period

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/services/billing/internal/statement"
)

// State is where a period stands.
type State string

// The states.
const (
	Open             State = "OPEN"               // the month has not ended
	WaitingForVendor State = "WAITING_FOR_VENDOR" // AWS has not invoiced
	DataComplete     State = "DATA_COMPLETE"      // all charges are collected
	Rated            State = "RATED"              // they have prices; while they differ from AWS's invoices, AWS is asked again until the gate
	Reconciled       State = "RECONCILED"         // they agree with AWS's invoices; the gate is closed
	Invoiced         State = "INVOICED"           // never left
	Held             State = "HELD"               // it stands still until somebody releases it
	Voided           State = "VOIDED"             // it lies after the end of its relationship; nothing is billed
)

// States returns every state, for exhaustive tables.
func States() []State {
	return []State{Open, WaitingForVendor, DataComplete, Rated, Reconciled, Invoiced, Held, Voided}
}

// Policy is when AWS is looked at. It is copied into a period when the month begins.
type Policy struct {
	FirstLook    time.Duration `json:"first_look"`    // after the month
	LookEvery    time.Duration `json:"look_every"`    // until AWS has invoiced
	GateDay      int           `json:"gate_day"`      // of the next month: before it AWS's bill is not final
	MissingAfter time.Duration `json:"missing_after"` // after the month: AWS should have invoiced
}

// Subject is what a period is of.
type Subject struct {
	RelationshipID, CustomerID, OrderID string
}

// Period is the stored document.
type Period struct {
	ID             string         `json:"id"`
	RelationshipID string         `json:"relationship_id"`
	CustomerID     string         `json:"customer_id"`
	OrderID        string         `json:"order_id"` // also the correlation of its events
	Month          calendar.Month `json:"month"`
	Policy         Policy         `json:"policy"`

	State  State     `json:"state"`
	Hold   *Hold     `json:"hold,omitempty"` // set while HELD
	LookAt time.Time `json:"look_at,omitzero"`
	SeenAt time.Time `json:"seen_at,omitzero"` // when AWS's final costs were last seen

	VendorInvoices []statement.VendorInvoice `json:"vendor_invoices,omitempty"`
	Groups         []statement.Group         `json:"groups,omitempty"`
	Whole          []statement.Group         `json:"whole,omitempty"` // what the invoices are over, when that is more than the groups

	Priced      *statement.Statement `json:"priced,omitempty"`
	PricedAt    time.Time            `json:"priced_at,omitzero"`
	PricebookID string               `json:"pricebook_id,omitempty"`
	Basis       Basis                `json:"basis,omitzero"`     // what the prices rest on
	Accepted    []Accepted           `json:"accepted,omitempty"` // holds that Operations lets be
	Due         *Basis               `json:"due,omitempty"`      // other terms that hold for the month and came after its invoice; nil: none

	Final     bool   `json:"final,omitempty"`   // the last of its relationship
	Forgone   bool   `json:"forgone,omitempty"` // voided because the reseller pays: its costs stay of interest
	InvoiceID string `json:"invoice_id,omitempty"`

	Asked  int64 `json:"asked,omitempty"`  // how often somebody asked to look now
	Served int64 `json:"served,omitempty"` // how many of these were done

	Intents intent.Ledger `json:"intents,omitempty"`
	Wishes  intent.Wishes `json:"wishes,omitempty"`
}

// IDFor is the id of a relationship's period of a month: creating it twice is creating it once.
func IDFor(relationshipID string, m calendar.Month) string {
	sum := sha256.Sum256([]byte(relationshipID + " " + m.String()))
	const half = 16 // bytes: 26 characters
	return "bpd_" + strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:half]))
}

// New opens the period of a month that begins.
func New(s Subject, m calendar.Month, policy Policy) (*Period, []fact.Fact) {
	p := &Period{
		ID: IDFor(s.RelationshipID, m), RelationshipID: s.RelationshipID, CustomerID: s.CustomerID, OrderID: s.OrderID,
		Month: m, Policy: policy, State: Open,
	}
	return p, []fact.Fact{tell(FactOpened, "month", m.String())}
}

// GateAt is the instant before which the period is not invoiced.
func (p *Period) GateAt() time.Time {
	return p.Month.Next().Start().AddDate(0, 0, p.Policy.GateDay-1)
}

// monthEnd is the first instant after the month.
func (p *Period) monthEnd() time.Time { return p.Month.Next().Start() }

// missingAt is when AWS should have invoiced.
func (p *Period) missingAt() time.Time { return p.monthEnd().Add(p.Policy.MissingAfter) }
