// Package transfer is the journey of an AWS organization to the reseller: the steps of its template with their owners,
// guards and dates, the invitations that AWS is asked to send, and how it ends.
//
// It owns every rule of a transfer and the arithmetic of its dates. It reads no clock and talks to nobody: what AWS
// answered is handed in, what to ask next is NextAction, when to wake up is Next. Methods change the transfer they are
// called on and return the facts that follow; on an error nothing has changed.
package transfer

import (
	"cmp"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/fact"
)

// State is where a transfer stands.
type State string

// The states. COMPLETED, FAILED and CANCELLED are never left, and nothing is outstanding at AWS in them.
const (
	InProgress      State = "IN_PROGRESS"
	WaitingDecision State = "WAITING_DECISION" // the wish to end it came after the customer had accepted
	Completed       State = "COMPLETED"        // every step is done or skipped
	Failed          State = "FAILED"           // it cannot go on: Failure says why
	Cancelled       State = "CANCELLED"        // ended on a wish
)

// States returns every state, for exhaustive tables.
func States() []State { return []State{InProgress, WaitingDecision, Completed, Failed, Cancelled} }

// Ended reports whether the state is never left.
func (s State) Ended() bool { return s == Completed || s == Failed || s == Cancelled }

// Kind is what moves.
type Kind string

// BillingTransfer moves the billing of an organization and nothing else.
const BillingTransfer Kind = "BILLING_TRANSFER"

// Ref names one version of a template.
type Ref struct {
	Key     string `json:"key"`
	Version int    `json:"version"`
}

// Transfer is the stored document.
type Transfer struct {
	ID              string `json:"id"`
	OrderID         string `json:"order_id"` // also the correlation of its events
	CustomerID      string `json:"customer_id"`
	PayerID         string `json:"payer_id"`
	Kind            Kind   `json:"kind"`
	Template        Ref    `json:"template"`
	Policy          Policy `json:"policy"`                      // copied from the template, as the steps are
	SourceAccountID string `json:"source_account_id,omitempty"` // twelve digits; empty until the customer has entered it
	Note            string `json:"note,omitempty"`              // for people at AWS; no personal data

	AgreementID  string       `json:"agreement_id,omitempty"`  // that the order brings
	SupportModel SupportModel `json:"support_model,omitempty"` // empty, as older transfers have it: RESOLD

	State       State        `json:"state"`
	Steps       []Step       `json:"steps"`
	Invitations []Invitation `json:"invitations,omitempty"` // oldest first; the last one counts

	BillingGroup *Creation       `json:"billing_group,omitempty"`
	Relationship *Creation       `json:"relationship,omitempty"`
	Terms        []ServiceTerm   `json:"terms,omitempty"` // oldest first; the last one counts
	Role         *Role           `json:"role,omitempty"`
	Channel      *SupportChannel `json:"channel,omitempty"`
	Matters      []Matter        `json:"matters,omitempty"`

	Ending     *Ending     `json:"ending,omitempty"`
	Decision   *Decision   `json:"decision,omitempty"`   // the last one; unset: none was needed
	Withdrawal *Withdrawal `json:"withdrawal,omitempty"` // begun by a decision
	Failure    *Failure    `json:"failure,omitempty"`    // set while FAILED
	EndedAt    time.Time   `json:"ended_at,omitzero"`

	Looks  int64                `json:"looks,omitempty"`  // how often somebody asked to look now
	Looked int64                `json:"looked,omitempty"` // how many of these were done
	Served map[ActionKind]int64 `json:"served,omitempty"` // how many of these each kind of look has done; unset: all
}

// SupportModel is who will support; it decides what missing roles mean.
type SupportModel string

// The support models.
const (
	PartnerLed SupportModel = "PARTNER_LED" // the reseller, which cannot without the Bootstrap Role (ORD-043)
	Resold     SupportModel = "RESOLD"      // AWS, sold by the reseller
)

// Failure is why a step or a transfer failed.
type Failure struct {
	Code    string `json:"code"` // one of the Code… constants
	Message string `json:"message"`
}

// Subject is what a transfer is about.
type Subject struct {
	ID, OrderID, CustomerID, PayerID string
	SourceAccountID                  string // may be empty for a template that asks for it
	Note                             string
	AgreementID                      string       // may be empty
	SupportModel                     SupportModel // empty: RESOLD
	RoleName                         string       // of the Bootstrap Role
	DeployURL                        string       // where the customer deploys it; may be empty
}

// New copies a template into a transfer and opens the first steps. Nothing looks the template up again, so that a new
// version never changes a journey under way. Refused with ACCOUNT_ID_INVALID.
func New(tpl Template, s Subject, now time.Time) (*Transfer, []fact.Fact, error) {
	t := &Transfer{
		ID: s.ID, OrderID: s.OrderID, CustomerID: s.CustomerID, PayerID: s.PayerID, Note: s.Note,
		SourceAccountID: s.SourceAccountID, Kind: tpl.Kind, Template: Ref{tpl.Key, tpl.Version}, Policy: tpl.Policy,
		AgreementID: s.AgreementID, SupportModel: cmp.Or(s.SupportModel, Resold),
		Role:  &Role{Name: s.RoleName, DeployURL: s.DeployURL},
		State: InProgress, Steps: tpl.copySteps(),
	}
	entry := t.accountStep()
	if !ValidAccountID(s.SourceAccountID) && (s.SourceAccountID != "" || entry == nil) {
		return nil, nil, accountIDInvalid()
	}
	facts := []fact.Fact{tell(FactCreated, "The transfer was set up.", "template", tpl.Key, "version", number(tpl.Version))}
	facts = append(facts, t.advance(now)...)
	if entry != nil && s.SourceAccountID != "" {
		facts = append(facts, t.done(entry, call.Actor{}, "named in the order", now)...) // the customer was faster than the form
		facts = append(facts, t.advance(now)...)
	}
	return t, facts, nil
}

// AccountHeld returns the source account that no other transfer may have at the same time, or "" when this one holds
// none: a failed or cancelled transfer gives it back.
func (t *Transfer) AccountHeld() string {
	if t.State == Failed || t.State == Cancelled {
		return ""
	}
	return t.SourceAccountID
}

// EffectiveAt returns when the reseller begins to bill, as AWS said; zero until the customer has accepted.
func (t *Transfer) EffectiveAt() time.Time {
	if inv := t.accepted(); inv != nil {
		return inv.StartAt
	}
	return time.Time{}
}

// end is the one way into an end state.
func (t *Transfer) end(s State, f *Failure, now time.Time) {
	t.State, t.Failure, t.Decision, t.EndedAt = s, f, t.Decision.record(), now
	t.dropUnsent()
}

// fail ends the transfer without success.
func (t *Transfer) fail(f Failure, now time.Time) []fact.Fact {
	t.end(Failed, &f, now)
	return []fact.Fact{tell(FactFailed, "The transfer failed: "+f.Message, "code", f.Code)}
}
