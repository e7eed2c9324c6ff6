// Package relationship is that the reseller pays AWS for a customer's organization or account and bills the customer: from
// the start of the connection behind it to its end, month by month, under an agreement.
//
// It owns its states, which months are to be billed, and on whose terms. It owns neither what happens in a month
// (package period) nor prices. It reads no clock and talks to nobody.
package relationship

import (
	"time"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
)

// State is where a relationship stands.
type State string

// The states.
const (
	Pending State = "PENDING" // the connection is effective; its first month is to come
	Active  State = "ACTIVE"  // the reseller pays and bills
	Ended   State = "ENDED"   // no month is to be billed after its end; never left
)

// States returns every state, for exhaustive tables.
func States() []State { return []State{Pending, Active, Ended} }

// Relationship is the stored document.
type Relationship struct {
	ID            string    `json:"id"`
	CustomerID    string    `json:"customer_id"`
	OrderID       string    `json:"order_id"` // also the correlation of its events
	ConnectionID  string    `json:"connection_id"`
	TransferID    string    `json:"transfer_id"`
	PayerID       string    `json:"payer_id"`
	AccountID     string    `json:"account_id"`         // twelve digits
	Accounts      []Account `json:"accounts,omitempty"` // of a membership: all that have ever joined, AccountID among them
	Basis         Basis     `json:"basis"`
	ChargesPaidBy string    `json:"charges_paid_by,omitempty"` // one of the payers; empty: Operations has nothing to decide

	Agreement  *Agreement        `json:"agreement,omitempty"`  // nil until it is known
	Pricebooks map[string]string `json:"pricebooks,omitempty"` // its own, by the currency of the months that they price; empty: none
	OwnSince   calendar.Month    `json:"own_since,omitzero"`   // first month that began with prices of its own; zero: none has
	Prices     Prices            `json:"prices,omitzero"`
	Groups     []Grouped         `json:"groups,omitempty"` // support plan groups that Operations has set

	State     State          `json:"state"`
	StartAt   time.Time      `json:"start_at"`
	EndAt     time.Time      `json:"end_at,omitzero"`     // first instant after it; zero: open
	BoundAt   time.Time      `json:"bound_at,omitzero"`   // the end that its periods were brought to; zero: none yet
	BoundFor  string         `json:"bound_for,omitempty"` // who pays, as its periods were brought to it
	BoundOn   []Dated        `json:"bound_on,omitempty"`  // the terms, as its periods were brought to them
	NextMonth calendar.Month `json:"next_month"`          // the next that gets a period

	Intents intent.Ledger `json:"intents,omitempty"`
	Wishes  intent.Wishes `json:"wishes,omitempty"`
}

// Record begins the relationship of a connection that binds.
func Record(c Connection) (*Relationship, []fact.Fact) {
	r := &Relationship{
		ID: c.RelationshipID(), CustomerID: c.CustomerID, OrderID: c.OrderID, ConnectionID: c.ID, TransferID: c.TransferID,
		PayerID: c.PayerID, AccountID: c.AccountID, Accounts: c.Accounts, Basis: c.Basis, ChargesPaidBy: c.ChargesPaidBy,
		State: Pending, StartAt: c.StartAt, EndAt: c.EndAt, NextMonth: firstMonth(c.StartAt),
	}
	facts := []fact.Fact{fact.Internally(tell(FactRecorded, "start", date(c.StartAt)))}
	if !c.EndAt.IsZero() {
		facts = append(facts, tell(FactEnding, "end", date(c.EndAt)))
	}
	return r, facts
}

// Who can pay, in AccountTransfer's words.
const (
	customerPays = "CUSTOMER"
	resellerPays = "RESELLER"
	undecided    = "UNDECIDED" // Operations is asked
)

// Observe brings the relationship to what its connection shows. The start counts until it has come; who pays counts in every
// state, for Operations may decide it after the end.
func (r *Relationship) Observe(c Connection) ([]fact.Fact, error) {
	var facts []fact.Fact
	if c.ChargesPaidBy != r.ChargesPaidBy {
		r.ChargesPaidBy = c.ChargesPaidBy
		facts = append(facts, fact.Internally(tell(FactPayerSet, "charges_paid_by", c.ChargesPaidBy)))
	}
	facts = append(facts, r.observeAccounts(c.Accounts)...)
	if r.State == Ended {
		return facts, nil
	}
	if r.State == Pending && !c.StartAt.IsZero() && !c.StartAt.Equal(r.StartAt) {
		r.StartAt, r.NextMonth = c.StartAt, firstMonth(c.StartAt)
		facts = append(facts, startMoved(c.StartAt))
	}
	if !c.EndAt.IsZero() && !c.EndAt.Equal(r.EndAt) {
		r.EndAt = c.EndAt
		facts = append(facts, tell(FactEnding, "end", date(c.EndAt)))
	}
	return facts, nil
}
