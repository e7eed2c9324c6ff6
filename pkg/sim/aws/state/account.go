package state

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// Partition is a separate realm of AWS; accounts of two never meet.
type Partition string

// The partitions. Empty means Standard.
const (
	Standard Partition = "aws"
	GovCloud Partition = "aws-us-gov"
	China    Partition = "aws-cn"
)

func (p Partition) orStandard() Partition { return cmp.Or(p, Standard) }

// Condition is something about an account that makes AWS refuse, in the word of the Reason it refuses with.
type Condition string

// The conditions, and which calls they refuse: "invite" when somebody invites the account to transfer its billing,
// "accept" when it accepts, "join" when it accepts to become a member, "send" when it sends an invitation itself.
const (
	UnsupportedPricing          Condition = "UNSUPPORTED_PRICING"                                // invite, accept: private pricing
	UnmetBillingPrerequisite    Condition = "UNMET_BILLING_PREREQUISITE"                         // send, accept
	TargetValidationFailure     Condition = "TARGET_ACCOUNT_VALIDATION_FAILURE"                  // invite, accept
	DifferentSellerOfRecord     Condition = "ORGANIZATION_FROM_DIFFERENT_SELLER_OF_RECORD"       // invite, accept, join
	LegacyPermissions           Condition = "LEGACY_PERMISSIONS_STILL_IN_USE"                    // accept
	PastDueInvoice              Condition = "PAST_DUE_INVOICE"                                   // accept
	UnusedPrepaymentBalance     Condition = "UNUSED_PREPAYMENT_BALANCE"                          // accept
	PaymentInstrumentRequired   Condition = "PAYMENT_INSTRUMENT_REQUIRED"                        // accept, join
	EmailNotVerified            Condition = "MANAGEMENT_ACCOUNT_EMAIL_NOT_VERIFIED"              // send, accept
	NotActive                   Condition = "ACCOUNT_NOT_ACTIVE_FOR_TRANSFER_RESPONSIBILITY"     // send, accept
	DeletionInProgress          Condition = "DELETION_IN_PROGRESS"                               // accept, of either side
	InvitesDisabled             Condition = "INVITE_DISABLED_DURING_ENABLE_ALL_FEATURES"         // send, of an invitation to join
	EarlierInvitationBlocks     Condition = "DUPLICATE_HANDSHAKE"                                // invite: of one that is not listed any more
	MembershipChangeRateReached Condition = "ORGANIZATION_MEMBERSHIP_CHANGE_RATE_LIMIT_EXCEEDED" // join
	BoundToAnOrganization       Condition = "ALREADY_IN_AN_ORGANIZATION"                         // invite to join
	Suspended                   Condition = "ACCOUNT_SUSPENDED"                                  // as NotActive: by AWS, for abuse or money
)

// Conditions are all that there are.
func Conditions() []Condition {
	return []Condition{
		UnsupportedPricing, UnmetBillingPrerequisite, TargetValidationFailure, DifferentSellerOfRecord,
		LegacyPermissions, PastDueInvoice, UnusedPrepaymentBalance, PaymentInstrumentRequired, EmailNotVerified,
		NotActive, DeletionInProgress, InvitesDisabled, EarlierInvitationBlocks,
		MembershipChangeRateReached, BoundToAnOrganization, Suspended,
	}
}

// SupportPlan is what an account pays AWS for its support.
type SupportPlan string

// The plans. Every account begins with the basic one.
const (
	BasicSupport      SupportPlan = ""
	DeveloperSupport  SupportPlan = "DEVELOPER"
	BusinessSupport   SupportPlan = "BUSINESS"
	EnterpriseSupport SupportPlan = "ENTERPRISE"
)

// SupportPlans are all that there are.
func SupportPlans() []SupportPlan {
	return []SupportPlan{BasicSupport, DeveloperSupport, BusinessSupport, EnterpriseSupport}
}

// Account is one AWS account, stand-alone or in an organization.
type Account struct {
	ID           string // 12 digits
	Name         string
	SupportPlan  SupportPlan
	Email        string // of the root user; unique among accounts whatever its case
	Partition    Partition
	Organization string                    // o-…; empty: stand-alone
	JoinedMethod types.AccountJoinedMethod // how it came into its organization
	JoinedAt     time.Time                 // a later time than now: still being created
	CreatedAt    time.Time
	Conditions   []Condition
	ClosedAt     time.Time // zero: it is open
	SuspendedAt  time.Time // by AWS; zero: it is not
}

// Has reports whether the condition holds for the account.
func (a Account) Has(c Condition) bool {
	shut := a.Closed() || slices.Contains(a.Conditions, Suspended)
	return slices.Contains(a.Conditions, c) || shut && (c == NotActive || c == TargetValidationFailure)
}

// Under returns the account with what makes AWS refuse it from now on. One that stays suspended is so since it was.
func (a Account) Under(conditions []Condition, now time.Time) Account {
	a.Conditions = slices.Clone(conditions)
	switch suspended := slices.Contains(conditions, Suspended); {
	case !suspended:
		a.SuspendedAt = time.Time{}
	case a.SuspendedAt.IsZero():
		a.SuspendedAt = now
	}
	return a
}

// Closed reports whether its root user, or its organization, has closed it.
func (a Account) Closed() bool { return !a.ClosedAt.IsZero() }

// postClosure is how long AWS keeps a closed account, which can be reopened until then, and one that it has suspended, which it closes
// for good then.
const postClosure = 90 * 24 * time.Hour

// closing is how long AWS takes to close an account.
const closing = 10 * time.Minute

// State is where AWS says that an account in an organization stands.
func (a Account) State(now time.Time) types.AccountState {
	switch {
	case a.Closed() && now.Before(a.ClosedAt.Add(closing)):
		return types.AccountStatePendingClosure
	case a.Closed():
		return types.AccountStateClosed
	case a.Has(Suspended):
		return types.AccountStateSuspended
	case a.Has(NotActive):
		return types.AccountStatePendingActivation
	}
	return types.AccountStateActive
}

// Gone reports whether AWS has deleted the account.
func (a Account) Gone(now time.Time) bool {
	since := a.ClosedAt
	if since.IsZero() {
		since = a.SuspendedAt
	}
	return !since.IsZero() && !now.Before(since.Add(postClosure))
}

// Realm is the partition, with the default filled in.
func (a Account) Realm() Partition { return a.Partition.orStandard() }

func (a Account) key() string      { return a.ID }
func (a Account) since() time.Time { return a.CreatedAt }
func (a Account) parties() []string {
	if a.Organization == "" {
		return []string{NormalEmail(a.Email)}
	}
	return []string{NormalEmail(a.Email), a.Organization}
}

// NormalEmail is the form in which addresses are compared.
func NormalEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// AccountByEmail returns the account whose root user has this address.
func (tx *Tx) AccountByEmail(email string) (Account, bool) {
	found := tx.Accounts.Of(NormalEmail(email))
	if len(found) == 0 {
		return Account{}, false
	}
	return found[0], true
}
