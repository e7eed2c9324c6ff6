// Package access is the Bootstrap Role in the customer's management account: the only access that the reseller has
// (XFR-BT-09).
//
// It owns what was found of the role and when it is looked for. It reads no clock and talks to nobody.
package access

import "time"

// State is what was found when the Bootstrap Role was assumed.
type State string

// The states of a role.
const (
	Missing State = "MISSING"  // it cannot be assumed with the external id
	Unsafe  State = "UNSAFE"   // it can be assumed without the external id
	Safe    State = "DEPLOYED" // it can be assumed with the external id alone
	Limited State = "LIMITED"  // so, too, but it may not do all that the reseller needs
)

// Role is the Bootstrap Role. Its external id is the transfer's id: unique, and no secret. Its name and where it is deployed
// are copied at the start of the transfer, so that nobody is told two things.
type Role struct {
	Name       string    `json:"name,omitempty"`
	ExternalID string    `json:"external_id,omitempty"`
	DeployURL  string    `json:"deploy_url,omitempty"` // where the customer deploys it with one click; empty: nowhere
	State      State     `json:"state,omitempty"`      // empty: not looked for yet
	Denied     []string  `json:"denied,omitempty"`     // IAM actions that it may not do
	CheckedAt  time.Time `json:"checked_at,omitzero"`
}

// ARN returns the ARN of the role; "" while the account is not known.
func (r *Role) ARN(accountID string) string {
	if r.Name == "" || accountID == "" {
		return ""
	}
	return "arn:aws:iam::" + accountID + ":role/" + r.Name
}

// In reports whether it lets the reseller in, and nobody else.
func (r *Role) In() bool { return r.State == Safe || r.State == Limited }

// Look is what was found of a role.
type Look struct {
	State  State
	Denied []string // IAM actions that it may not do
}

// Found notes what was found, and returns what was found before. A role that may not do all is LIMITED.
func (r *Role) Found(l Look, now time.Time) (before State) {
	before = r.State
	r.State, r.Denied, r.CheckedAt = l.State, l.Denied, now
	if l.State == Safe && len(l.Denied) > 0 {
		r.State = Limited
	}
	return before
}
