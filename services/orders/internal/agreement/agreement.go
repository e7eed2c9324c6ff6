// Package agreement is the contract that an order brings: it is drafted with its order, provisioned while the order is
// under way, in force when the order is complete, and over when the order fails or is deleted. Once in force it follows the
// connection, what binds the account to the payer at AWS: it runs until that has ended (ORD-050), and nothing here has a
// timer.
//
// It owns the minimum term and the subscription. How an order goes is package order; what the month costs is Billing's.
package agreement

import (
	"time"

	"example.com/handover/pkg/intent"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/change"
	"example.com/handover/services/orders/internal/order"
)

// State is where an agreement stands.
type State string

// The states. FAILED, DELETED and TERMINATED are never left.
const (
	Draft        State = "DRAFT"        // its order is a draft
	Provisioning State = "PROVISIONING" // its order is under way
	Active       State = "ACTIVE"       // in force
	Failed       State = "FAILED"       // its order failed
	Deleted      State = "DELETED"      // its order was deleted
	Terminated   State = "TERMINATED"   // its connection has ended

	Updating State = "UPDATING" // in force, while an order that ends or changes it is open; shown and never stored, see Shown
)

// States returns every state that an agreement has, for exhaustive tables.
func States() []State { return []State{Draft, Provisioning, Active, Failed, Deleted, Terminated} }

// Ended reports whether the state is never left.
func (s State) Ended() bool { return s == Failed || s == Deleted || s == Terminated }

// Shown is the state as people read it and lists are filtered by it: an agreement in force that somebody has ordered to end or to change is
// UPDATING for as long as that order is open. The orders are noted by their ids, so that none of them can be forgotten here.
func (a *Agreement) Shown() State {
	if a.State == Active && (a.TerminationOrderID != "" || a.ChangeOrderID != "") {
		return Updating
	}
	return a.State
}

// InForce returns the shown states of an agreement in force.
func InForce() []State { return []State{Active, Updating} }

// Agreement is the stored document.
type Agreement struct {
	ID         string `json:"id"`
	OrderID    string `json:"order_id"` // the order that brings it; the correlation of its events
	CustomerID string `json:"customer_id"`
	SellerID   string `json:"seller_id"`
	State      State  `json:"state"`

	Ordered                              // what the draft says, fixed at submission but for what is changed
	Terms         []order.TermAcceptance `json:"terms,omitempty"`
	TransferID    string                 `json:"transfer_id,omitempty"`
	MinimumTerm   MinimumTerm            `json:"minimum_term,omitzero"` // zero before AWS has said when the billing starts
	TermPolicy    Policy                 `json:"term_policy,omitempty"` // empty: the default
	Subscriptions []Subscription         `json:"subscriptions"`
	ActivatedAt   time.Time              `json:"activated_at,omitzero"`
	Connection    Connection             `json:"connection,omitzero"`
	EndedAt       time.Time              `json:"ended_at,omitzero"` // of a terminated one: the first instant that is not billed

	TerminationOrderID string `json:"termination_order_id,omitempty"` // that is open to end it; empty: none
	ReplacementOrderID string `json:"replacement_order_id,omitempty"` // that is under way to replace it, or has; empty: none
	ChangeOrderID      string `json:"change_order_id,omitempty"`      // that is open to change it; empty: none
	ChangeByReseller   bool   `json:"change_by_reseller,omitempty"`   // Operations has ordered that one

	Contacts Contacts `json:"contacts,omitzero"` // zero: the customer's own

	DiscountPercent string         `json:"discount_percent,omitempty"` // off the usage as it is billed; empty: none
	TermsHistory    []change.Dated `json:"terms_history,omitempty"`    // oldest first; empty: its terms hold for all months

	Move *Move `json:"move,omitempty"` // of that order; nil: none is under way

	ExternalID string            `json:"external_id,omitempty"` // the caller's own, unique per customer
	Labels     map[string]string `json:"labels,omitempty"`      // the caller's own

	Intents intent.Ledger `json:"intents,omitempty"` // what was asked of others and has no answer yet
	Wished  intent.Wishes `json:"wished,omitempty"`  // the mails that others have for it
}

// Ordered is what an agreement takes over from its order.
type Ordered struct {
	ProductID           string                  `json:"product_id"`
	ManagementAccountID string                  `json:"management_account_id,omitempty"` // twelve digits
	SupportOption       catalogue.SupportOption `json:"support_option,omitempty"`
	CurrencyCode        string                  `json:"currency_code"` // ISO 4217, of the invoices
}

// ForLegacy reports whether the agreement is for a product of the legacy generation (ORD-004).
func (a *Agreement) ForLegacy() bool { return catalogue.IsLegacy(a.ProductID) }

// SubscriptionState is where a subscription stands.
type SubscriptionState string

// The states of a subscription.
const (
	SubscriptionDraft   SubscriptionState = "DRAFT"   // its agreement is not in force yet
	SubscriptionActive  SubscriptionState = "ACTIVE"  // in force
	SubscriptionDeleted SubscriptionState = "DELETED" // its agreement failed or was deleted

	SubscriptionTerminated SubscriptionState = "TERMINATED" // its agreement was terminated, or the account has left

	SubscriptionTerminating SubscriptionState = "TERMINATING" // billed until its end; shown and never stored, see Shown
)
