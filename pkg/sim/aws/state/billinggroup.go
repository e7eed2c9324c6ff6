package state

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/billingconductor/types"
)

// BillingGroup says at which prices a payer shows costs to those whom it pays for: an organization that has transferred
// its billing, or in the older kind some of the payer's own members.
type BillingGroup struct {
	ARN           string // arn:aws:billingconductor::…:billinggroup/…
	Owner         string // the payer
	Name          string // unique with its owner
	Description   string
	PricingPlan   string   // ARN
	Transfer      string   // rt-…; empty for the older kind
	TransferARN   string   // as it was given
	Accounts      []string // of the older kind
	Primary       string   // of the older kind: whose view it is
	AutoAssociate bool     // of the older kind: accounts that join are added
	Token         string   // of the call that created it
	Request       string   // what that call asked for, to know a repeated one
	CreatedAt     time.Time
	ModifiedAt    time.Time
}

// Type tells the two kinds apart.
func (g BillingGroup) Type() types.BillingGroupType {
	if g.Transfer == "" {
		return types.BillingGroupTypeStandard
	}
	return types.BillingGroupTypeTransferBilling
}

func (g BillingGroup) key() string       { return g.ARN }
func (g BillingGroup) since() time.Time  { return g.CreatedAt }
func (g BillingGroup) parties() []string { return []string{g.Owner} }
