package cases

import "slices"

// Kind is what a case is about.
type Kind string

// The kinds.
const (
	ChannelSetup          Kind = "CHANNEL_SETUP"
	TransferProblem       Kind = "TRANSFER_PROBLEM"
	RolesMissing          Kind = "ROLES_MISSING"
	UnclaimedRelationship Kind = "UNCLAIMED_RELATIONSHIP"
	BillingProblem        Kind = "BILLING_PROBLEM"
	Question              Kind = "QUESTION"
)

// Kinds returns every kind, for exhaustive tables.
func Kinds() []Kind {
	return []Kind{ChannelSetup, TransferProblem, RolesMissing, UnclaimedRelationship, BillingProblem, Question}
}

// Shown returns the kinds that customers see. The others are issues of the reseller, even about a customer.
func Shown() []Kind { return []Kind{ChannelSetup, TransferProblem, Question} }

// Shown reports whether customers see cases of this kind.
func (k Kind) Shown() bool { return slices.Contains(Shown(), k) }

// customersOwn reports whether customers open such cases themselves (SUP-007).
func (k Kind) customersOwn() bool { return k == TransferProblem || k == Question }
