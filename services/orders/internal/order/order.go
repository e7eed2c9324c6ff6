// Package order is the life of an order: a draft that Operations or the customer writes, a submission that only the
// customer can make, and a journey that follows the state of its transfer.
//
// It owns the rules of the order alone. Whether an account can be taken over is asked of package catalogue; how far the
// transfer is, and when it ends, is told by AccountTransfer. Nothing here reads a clock or talks to anything.
package order

import (
	"slices"
	"strings"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/text"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/change"
	"example.com/handover/services/orders/internal/termination"
)

// State is where an order stands.
type State string

// The states. COMPLETED, FAILED and DELETED are never left.
const (
	Draft      State = "DRAFT"      // being written; nothing has begun
	Processing State = "PROCESSING" // submitted; the suite is at work
	Querying   State = "QUERYING"   // somebody outside must act: Waiting says who, what, where and until when
	Completed  State = "COMPLETED"  // taken over
	Failed     State = "FAILED"     // ended without success: Failure says why
	Deleted    State = "DELETED"    // thrown away
)

// Open returns the states that are left again.
func Open() []State { return []State{Draft, Processing, Querying} }

// States returns every state, for exhaustive tables.
func States() []State { return []State{Draft, Processing, Querying, Completed, Failed, Deleted} }

// Ended reports whether the state is never left.
func (s State) Ended() bool { return s == Completed || s == Failed || s == Deleted }

// Submitted reports whether the customer has made the order binding.
func (o *Order) Submitted() bool { return !o.SubmittedAt.IsZero() }

// underWay reports whether the order has been submitted and has not ended.
func (s State) underWay() bool { return s == Processing || s == Querying }

// Type is what is ordered.
type Type string

// The types.
const (
	Purchase    Type = "PURCHASE"    // to be taken over
	Termination Type = "TERMINATION" // the end of an agreement
	Change      Type = "CHANGE"      // other terms of an agreement
)

// Order is the stored document.
type Order struct {
	ID         string `json:"id"`
	Type       Type   `json:"type"`
	CustomerID string `json:"customer_id"`
	SellerID   string `json:"seller_id"`
	ProductID  string `json:"product_id"`
	State      State  `json:"state"`

	AgreementID string `json:"agreement_id"` // chosen at creation; it follows in the same transactions

	AccountOption       catalogue.AccountOption `json:"account_option,omitempty"`
	ManagementAccountID string                  `json:"management_account_id,omitempty"` // twelve digits
	SupportOption       catalogue.SupportOption `json:"support_option,omitempty"`
	CurrencyCode        string                  `json:"currency_code"`     // ISO 4217, shown from the draft on (ORD-034)
	StartAt             time.Time               `json:"start_at,omitzero"` // the first of the month that the customer chose; zero: earliest
	Declared            catalogue.Declared      `json:"declared"`
	TechnicalContactID  string                  `json:"technical_contact_id,omitempty"`
	PayerID             string                  `json:"payer_id,omitempty"`           // empty: the seller's default
	TemplateKey         string                  `json:"template_key,omitempty"`       // set by Operations; empty: by the account option
	LinkedAccountIDs    []string                `json:"linked_account_ids,omitempty"` // more accounts that come; set by Operations
	PublicSector        bool                    `json:"public_sector,omitempty"`      // of the customer, when the order was submitted

	ExternalID string            `json:"external_id,omitempty"` // the caller's own, unique per customer
	Labels     map[string]string `json:"labels,omitempty"`      // the caller's own

	Terms       []TermAcceptance `json:"terms,omitempty"`
	PreparedBy  call.Actor       `json:"prepared_by"`
	Editors     []string         `json:"editors,omitempty"` // subjects who changed the draft in another role than the customer's
	SubmittedBy call.Actor       `json:"submitted_by,omitzero"`
	SubmittedAt time.Time        `json:"submitted_at,omitzero"`
	EndedAt     time.Time        `json:"ended_at,omitzero"`

	Eligibility *Decision `json:"eligibility,omitempty"` // nil: not submitted

	Waiting *Waiting `json:"waiting,omitempty"` // set while QUERYING
	Going   *Waiting `json:"going,omitempty"`   // who acts in the transfer while the order itself waits for nobody; nil: the suite
	Ending  *Ending  `json:"ending,omitempty"`
	Endings int      `json:"endings,omitempty"` // how often an end was wished for; a wish may be dropped
	Failure *Failure `json:"failure,omitempty"` // set while FAILED
	Preview Preview  `json:"preview,omitzero"`

	TransferID       string `json:"transfer_id,omitempty"`       // chosen at submission
	TransferState    string `json:"transfer_state,omitempty"`    // as last heard
	TransferRevision int64  `json:"transfer_revision,omitempty"` // of the state last heard
	Transferring     bool   `json:"transferring,omitempty"`      // AccountTransfer has the transfer
	TransferRefused  bool   `json:"transfer_refused,omitempty"`  // it refused to begin; Waiting says why

	RefusedAt time.Time `json:"refused_at,omitzero"` // when it first refused what it has not begun since; zero: it did not
	// What it waited for when that was asked again: people go on hearing of it until it is not refused.
	RefusedWait *Waiting  `json:"refused_wait,omitempty"`
	TouchedAt   time.Time `json:"touched_at,omitzero"` // when somebody last changed the draft
	Rests       bool      `json:"rests,omitempty"`     // Operations was told that nobody goes on with the draft

	SourceAccountID string    `json:"source_account_id,omitempty"` // the account, once the customer has it; heard from the transfer
	AccountLost     bool      `json:"account_lost,omitempty"`      // AccountTransfer has ManagementAccountID in another order's transfer
	EffectiveAt     time.Time `json:"effective_at,omitzero"`       // when the billing starts, as AWS said; heard from the connection
	EffectiveUntil  time.Time `json:"effective_until,omitzero"`    // when it ends, as AWS said; zero: that is open
	Unbound         bool      `json:"unbound,omitempty"`           // its connection has ended

	Replaces *Replacement `json:"replaces,omitempty"` // nil: the order replaces no agreement

	Late *Late `json:"late,omitempty"` // nil: it was completed in time, or is not complete

	LikeAgreementID string `json:"like_agreement_id,omitempty"` // after which it was drafted; empty: none

	Change      *change.Change           `json:"change,omitempty"`      // nil for another type
	Termination *termination.Termination `json:"termination,omitempty"` // nil for another type
	Binding     EndView                  `json:"binding,omitzero"`      // how what binds the account ends; heard for a termination

	Link *Link `json:"link,omitempty"` // the newest that was sent by mail; none other opens

	Looks    int64  `json:"looks,omitempty"`     // how often somebody asked to look now
	Looked   int64  `json:"looked,omitempty"`    // how many of these were conveyed
	LookedBy string `json:"looked_by,omitempty"` // subject of who asked last

	Intents intent.Ledger `json:"intents,omitempty"` // what was asked of others and has no answer yet
	Wished  intent.Wishes `json:"wished,omitempty"`  // the mails, reminders and cases that others have for it
}

// Decision is what the order was held against when it was submitted. What it says of the order itself has not changed since.
type Decision struct {
	At              time.Time `json:"at"`
	CustomerCountry string    `json:"customer_country"` // ISO 3166-1 alpha-2
	SellerCountries []string  `json:"seller_countries"`
	SellerCurrency  string    `json:"seller_currency"` // ISO 4217
	Checks          []Checked `json:"checks"`
}

// Checked is a rule that was in force, and what came of it.
type Checked struct {
	Rule   string           `json:"rule"`
	Result catalogue.Result `json:"result"`
}

// TermAcceptance is the record that a text was accepted (ORD-023).
type TermAcceptance struct {
	Kind       catalogue.TermKind `json:"kind"`
	Version    string             `json:"version"`
	AcceptedAt time.Time          `json:"accepted_at"`
	AcceptedBy call.Actor         `json:"accepted_by"`
}

// Failure is why an order failed.
type Failure struct {
	Code   string `json:"code"`             // one of the Code… constants
	Reason string `json:"reason,omitempty"` // in the words of who rejected it; empty: the code says it all
}

// Text is why, for people.
func (f *Failure) Text() text.Text {
	if f.Reason != "" {
		return text.Said(f.Reason, "")
	}
	return text.Text{Key: "failure." + strings.ToLower(f.Code)}
}

// Preview is when the transfer would begin to bill, and until when it can be accepted for that.
type Preview struct {
	Start    time.Time `json:"start,omitzero"`
	AcceptBy time.Time `json:"accept_by,omitzero"` // last second
}

func (p Preview) same(q Preview) bool { return p.Start.Equal(q.Start) && p.AcceptBy.Equal(q.AcceptBy) }

// AccountHeld returns the management account that no other order may have at the same time, or "" when this order holds none: drafts,
// terminations and changes hold nothing, failed and deleted orders give it back, and so does one whose account is bound no more, or is in
// the transfer of another order.
func (o *Order) AccountHeld() string {
	if amends(o) || o.AccountLost {
		return ""
	}
	if !o.State.underWay() && (o.State != Completed || o.Unbound) {
		return ""
	}
	if sharesAccount(o) { // one order a time, besides the one that brought what is replaced
		return o.ManagementAccountID + "/" + o.Replaces.AgreementID
	}
	return o.ManagementAccountID
}

// Accepted reports whether a term was accepted in this version.
func (o *Order) Accepted(kind catalogue.TermKind, version string) bool {
	return slices.ContainsFunc(o.Terms, func(t TermAcceptance) bool { return t.Kind == kind && t.Version == version })
}
