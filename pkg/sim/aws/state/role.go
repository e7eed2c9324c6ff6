package state

import (
	"fmt"
	"slices"
	"time"
)

// Role is an IAM role that other accounts may assume.
type Role struct {
	Account    string
	Name       string
	Partition  Partition
	Trusts     []string      // ids of the accounts that may assume it
	ExternalID string        // what a caller must give; empty: the trust has no such condition
	AnyID      bool          // a caller must give an external id, but any will do
	Denies     []string      // actions that its policies do not allow: "organizations:DescribeOrganization"
	MaxSession time.Duration // longest session; zero: one hour
	CreatedAt  time.Time
}

// ARN is the role's name in the whole of AWS.
func (r Role) ARN() string {
	return fmt.Sprintf("arn:%s:iam::%s:role/%s", r.Realm(), r.Account, r.Name)
}

// Realm is the partition, with the default filled in.
func (r Role) Realm() Partition { return r.Partition.orStandard() }

// TrustedBy reports whether the account may assume the role with this external id; empty: none given.
func (r Role) TrustedBy(account, externalID string) bool {
	if r.AnyID {
		return slices.Contains(r.Trusts, account) && externalID != ""
	}
	return slices.Contains(r.Trusts, account) && (r.ExternalID == "" || r.ExternalID == externalID)
}

func (r Role) key() string       { return r.ARN() }
func (r Role) since() time.Time  { return r.CreatedAt }
func (r Role) parties() []string { return []string{r.Account} }
