package cases

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
	AccountRequest        Kind = "ACCOUNT_REQUEST"
	Termination           Kind = "TERMINATION"
	AgreementChange       Kind = "AGREEMENT_CHANGE"
	ChannelRemoval        Kind = "CHANNEL_REMOVAL"
)

// Kinds returns every kind, for exhaustive tables.
func Kinds() []Kind {
	return []Kind{
		ChannelSetup, TransferProblem, RolesMissing, UnclaimedRelationship, BillingProblem, Question, AccountRequest, Termination,
		AgreementChange, ChannelRemoval,
	}
}

// customersOwn reports whether customers open such cases themselves (SUP-007).
func (k Kind) customersOwn() bool { return k == TransferProblem || k == Question }

// ofChannel reports whether a channel opens such cases itself.
func (k Kind) ofChannel() bool { return k == ChannelSetup || k == ChannelRemoval }
