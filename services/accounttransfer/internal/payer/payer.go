// Package payer is the AWS management account of the reseller that receives customers' bills: which role opens it, how
// many transfers it may have, whether it takes new ones, and which transfers AWS has that nothing of the suite stands behind.
//
// It owns no transfer and calls nothing: what AWS lists and what the connections say is handed in. A payer's role and external id
// are never part of a fact.
package payer

import (
	"reflect"
	"strings"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/optional"
	"example.com/handover/pkg/text"
)

// State is whether a payer takes new transfers.
type State string

// The states.
const (
	Active State = "ACTIVE"
	Closed State = "CLOSED" // takes no new transfers; those it has go on
)

// Reasons of refusals, as the contract names them.
const (
	ReasonFieldRequired       = "FIELD_REQUIRED"
	ReasonClosed              = "PAYER_CLOSED"
	ReasonUnknown             = "PAYER_UNKNOWN"
	ReasonQuotaExhausted      = "PAYER_QUOTA_EXHAUSTED"
	ReasonAccountTaken        = "PAYER_ACCOUNT_TAKEN"
	ReasonOfCustomer          = "PAYER_OF_CUSTOMER"
	ReasonRoleAccountMismatch = "ROLE_ACCOUNT_MISMATCH"
)

// Names of the facts of a payer.
const (
	FactCreated          = "created"
	FactUpdated          = "updated"
	FactUnclaimedFound   = "unclaimed_found"
	FactUnclaimedSettled = "unclaimed_settled"
	FactAccessLost       = "access_lost"
	FactAccessRestored   = "access_restored"
	FactRetired          = "retired"
	FactQuotaNear        = "quota_near"
	FactQuotaEased       = "quota_eased"
	FactConnectionUntold = "connection_untold"
	FactConnectionTold   = "connection_told"
)

// Payer is the stored document.
type Payer struct {
	ID                         string `json:"id"`
	SellerID                   string `json:"seller_id"`
	CustomerID                 string `json:"customer_id,omitempty"` // whose own organization it manages; empty: it is for all of the seller
	DisplayName                string `json:"display_name"`
	AccountID                  string `json:"account_id"` // twelve digits
	RoleARN                    string `json:"role_arn"`
	ExternalID                 string `json:"external_id,omitempty"`
	ProgramManagementAccountID string `json:"program_management_account_id,omitempty"` // pma-…
	InboundQuota               int    `json:"inbound_quota"`                           // outstanding invitations count
	State                      State  `json:"state"`

	Unclaimed []Unclaimed `json:"unclaimed,omitempty"` // oldest finding first; at most kept
	SweptAt   time.Time   `json:"swept_at,omitzero"`   // when AWS's transfers were last compared with ours
	SweepAt   time.Time   `json:"sweep_at,omitzero"`   // when they are next; zero: at once

	Untold []Untold `json:"untold,omitempty"` // connections that the last sweep could not bring to what AWS says

	Used     int       `json:"used,omitempty"`      // transfers and outstanding invitations that use the quota, as far as is known
	NearAt   time.Time `json:"near_at,omitzero"`    // since when few are left; zero: enough are
	NearUsed int       `json:"near_used,omitempty"` // how many there were then
	NearLong bool      `json:"near_long,omitempty"` // that is so for too long

	RetiredAt time.Time `json:"retired_at,omitzero"` // of a customer's own organization: since when nothing is compared any more

	ShutOutAt time.Time `json:"shut_out_at,omitzero"`  // since when AWS does not let us look; zero: it does
	ShutOutBy string    `json:"shut_out_by,omitempty"` // AWS's reason

	Intents intent.Ledger `json:"intents,omitempty"`
	Wishes  intent.Wishes `json:"wishes,omitempty"`
}

// Edit holds the new values of a change; nil leaves a field as it is.
type Edit struct {
	DisplayName                *string
	RoleARN                    *string
	ExternalID                 *string
	ProgramManagementAccountID *string
	InboundQuota               *int
	State                      *State
}

// New returns a payer with these values, ACTIVE unless said otherwise. Refused with FIELD_REQUIRED and
// ROLE_ACCOUNT_MISMATCH.
func New(p Payer, now time.Time) (*Payer, []fact.Fact, error) {
	if p.State == "" {
		p.State = Active
	}
	p.SweepAt = now.Add(firstSweep)
	if err := p.check(); err != nil {
		return nil, nil, err
	}
	return &p, []fact.Fact{{Name: FactCreated, Audience: fact.Operator}}, nil
}

// Revise changes a payer; the refusals are those of New.
func (p *Payer) Revise(e Edit, now time.Time) ([]fact.Fact, error) {
	next := *p
	optional.Set(&next.DisplayName, e.DisplayName)
	optional.Set(&next.RoleARN, e.RoleARN)
	optional.Set(&next.ExternalID, e.ExternalID)
	optional.Set(&next.ProgramManagementAccountID, e.ProgramManagementAccountID)
	optional.Set(&next.InboundQuota, e.InboundQuota)
	optional.Set(&next.State, e.State)
	if err := next.check(); err != nil {
		return nil, err
	}
	if reflect.DeepEqual(next, *p) {
		return nil, nil
	}
	if next.State != p.State {
		next.SweepAt, next.RetiredAt = time.Time{}, time.Time{}
	}
	if next.RoleARN != p.RoleARN || next.ExternalID != p.ExternalID {
		next.SweepAt = time.Time{} // what kept us out may be mended
	}
	*p = next
	return append([]fact.Fact{{Name: FactUpdated, Audience: fact.Operator}}, QuotaSeen(p, p.Used, now)...), nil
}

// Admit refuses a new transfer when the payer is closed or has as many transfers and outstanding invitations as AWS
// grants it.
func (p *Payer) Admit(used int) error {
	if err := p.Open(); err != nil {
		return err
	}
	if used >= p.InboundQuota {
		return errs.New(errs.Precondition, ReasonQuotaExhausted, "payer %s has used up its inbound quota of %d", p.ID, p.InboundQuota).
			WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.payer-quota")})
	}
	return nil
}

// Open refuses what would come to a payer that is closed.
func (p *Payer) Open() error {
	if p.State == Active {
		return nil
	}
	return errs.New(errs.Precondition, ReasonClosed, "payer %s takes no new transfers", p.ID).
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.payer-closed")})
}

// Serves refuses the accounts of any other customer than the one whose own organization it is.
func (p *Payer) Serves(customerID string) error {
	if p.CustomerID == "" || p.CustomerID == customerID {
		return nil
	}
	return errs.New(errs.Precondition, ReasonOfCustomer, "payer %s is the own organization of another customer", p.ID).
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.payer-unknown")})
}

// Unknown is the refusal of a payer that is not there, or is another seller's; with an empty id the seller has none.
func Unknown(id string) error {
	return errs.InvalidField("payer_id", ReasonUnknown, "the seller has no payer %q", id).
		WithRemedy(errs.Remedy{Who: "OPERATOR", Text: text.New("remedy.payer-unknown")})
}

// AccountTaken is the refusal of an account that another payer is.
func AccountTaken(accountID, payerID string) error {
	return errs.InvalidField("payer.account_id", ReasonAccountTaken, "account %s is payer %s", accountID, payerID)
}

func (p *Payer) check() error {
	missing := errs.New(errs.Invalid, ReasonFieldRequired, "fields are missing")
	for _, f := range []struct{ path, value string }{
		{"seller_id", p.SellerID}, {"display_name", p.DisplayName}, {"account_id", p.AccountID}, {"role_arn", p.RoleARN},
	} {
		if f.value == "" {
			missing = missing.WithField(f.path, ReasonFieldRequired, "is missing")
		}
	}
	if p.State != Active && p.State != Closed {
		missing = missing.WithField("state", ReasonFieldRequired, "is neither active nor closed")
	}
	if len(missing.Fields) > 0 {
		return missing
	}
	if account := strings.Split(p.RoleARN+":::::", ":")[4]; account != p.AccountID {
		return errs.InvalidField("role_arn", ReasonRoleAccountMismatch, "the role is of account %q, the payer is %s", account, p.AccountID)
	}
	return nil
}
