package state

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// Organization is a management account and its members.
type Organization struct {
	ID         string // o-…
	Management string // account id
	FeatureSet types.OrganizationFeatureSet
	CreatedAt  time.Time
	// InboundQuota is how many transfers, pending ones included, this organization may receive; nil: AWS's default.
	InboundQuota *int
	// AccountQuota is how many accounts it may have, outstanding invitations included, and DailyInvitations how many it may send in a
	// day; nil: AWS's default, zero: no limit.
	AccountQuota, DailyInvitations *int
	// Next is what becomes of the next account that it has created; nil: it is created at once.
	Next *NextCreation
}

// NextCreation is what becomes of an account.
type NextCreation struct {
	Failure types.CreateAccountFailureReason // empty: it is created
	Takes   time.Duration
}

func (o Organization) key() string       { return o.ID }
func (o Organization) since() time.Time  { return o.CreatedAt }
func (o Organization) parties() []string { return []string{o.Management} }

// OrganizationOf returns the account and the organization it is in; false when it is in none.
func (tx *Tx) OrganizationOf(account string) (Account, Organization, bool) {
	a, ok := tx.Accounts.Get(account)
	if !ok || a.Organization == "" {
		return a, Organization{}, false
	}
	o, ok := tx.Organizations.Get(a.Organization)
	return a, o, ok
}

// Members returns the accounts of an organization, the ones still being created included, oldest first.
func (tx *Tx) Members(organization string) []Account { return tx.Accounts.Of(organization) }
