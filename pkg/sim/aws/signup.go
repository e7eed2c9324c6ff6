package aws

import (
	"context"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/organizations"
	"example.com/handover/pkg/sim/aws/state"
)

// NewAccount is what somebody enters who signs up at AWS.
type NewAccount struct {
	ID         string // 12 digits; empty: AWS chooses
	Name       string
	Email      string          // of the root user
	Partition  state.Partition // empty: state.Standard
	Conditions []state.Condition
}

// NewOrganization is a new account that makes itself the management account of an organization.
type NewOrganization struct {
	NewAccount
	FeatureSet   types.OrganizationFeatureSet // empty: all features
	InboundQuota *int                         // transfers it may receive; nil: as in the settings
}

var (
	accountPattern = regexp.MustCompile(`^\d{12}$`)
	emailPattern   = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]+$`)
)

// SetKeys says which access keys of an account are good from now on, besides those of its sign-up. It returns errs.NotFound
// (ACCOUNT_NOT_FOUND) for an account that does not exist.
func (s *Simulator) SetKeys(account string, keys ...string) error {
	known := false
	_ = s.state.View(func(tx *state.Tx) error { // reading cannot fail
		_, known = tx.Accounts.Get(account)
		return nil
	})
	if !known {
		return accountNotFound(account)
	}
	s.keys.Replace(account, keys...)
	return nil
}

// AccessKey returns the credentials with which an SDK client acts for an account.
func AccessKey(account string) (id, secret string) {
	return identity.AccessKey(account), identity.Secret
}

// SignUp creates a stand-alone account. It returns errs.Invalid for a field that AWS refuses and errs.Exists for a
// taken id (ACCOUNT_EXISTS) or address (EMAIL_EXISTS).
func (s *Simulator) SignUp(ctx context.Context, n NewAccount) (state.Account, error) {
	if err := n.check(); err != nil {
		return state.Account{}, err
	}
	var created state.Account
	err := s.state.Update(ctx, func(tx *state.Tx) (err error) {
		created, err = n.open(tx)
		return err
	})
	return created, err
}

// CreateOrganization signs an account up and makes it a management account. Errors are those of SignUp.
func (s *Simulator) CreateOrganization(ctx context.Context, n NewOrganization) (state.Account, state.Organization, error) {
	var (
		created state.Account
		org     state.Organization
	)
	if err := n.check(); err != nil {
		return created, org, err
	}
	if n.FeatureSet != "" && !slices.Contains(n.FeatureSet.Values(), n.FeatureSet) {
		return created, org, errs.InvalidField("feature_set", "FEATURE_SET_UNKNOWN", "there is no feature set %q", n.FeatureSet)
	}
	err := s.state.Update(ctx, func(tx *state.Tx) (err error) {
		if created, err = n.open(tx); err != nil {
			return err
		}
		if created.Organization != "" { // it is asked for again
			if org, _ = tx.Organizations.Get(created.Organization); org.Management == created.ID {
				return nil
			}
			return errs.New(errs.Exists, "ACCOUNT_EXISTS", "the account %s is a member of an organization already", n.ID)
		}
		org, created = organizations.Found(tx, created, n.FeatureSet)
		org.InboundQuota = n.InboundQuota
		tx.Organizations.Put(org)
		return nil
	})
	return created, org, err
}

// open puts the account. One that is asked for again by its id, with the same name and address, is the one that exists: the
// first answer may have been lost.
func (n NewAccount) open(tx *state.Tx) (state.Account, error) {
	if a, taken := tx.Accounts.Get(n.ID); taken {
		if a.Name == n.Name && a.Email == n.Email && !a.Closed() {
			return a, nil
		}
		return state.Account{}, errs.New(errs.Exists, "ACCOUNT_EXISTS", "the account %s exists already", n.ID)
	}
	if _, taken := tx.AccountByEmail(n.Email); taken {
		return state.Account{}, errs.New(errs.Exists, "EMAIL_EXISTS", "another account has this e-mail address")
	}
	a := state.Account{
		ID: n.ID, Name: n.Name, Email: n.Email, Partition: n.Partition, CreatedAt: tx.Now(),
	}.Under(n.Conditions, tx.Now())
	if a.ID == "" {
		a.ID = tx.NewAccountID()
	}
	tx.Accounts.Put(a)
	return a, nil
}

func (n NewAccount) check() error {
	partitions := []state.Partition{"", state.Standard, state.GovCloud, state.China}
	switch {
	case n.ID != "" && !accountPattern.MatchString(n.ID):
		return errs.InvalidField("account_id", "ACCOUNT_ID_INVALID", "%q is not an account id of 12 digits", n.ID)
	case n.Name == "":
		return errs.InvalidField("name", "NAME_MISSING", "an account needs a name")
	case !emailPattern.MatchString(n.Email):
		return errs.InvalidField("email", "EMAIL_INVALID", "this is not an e-mail address")
	case !slices.Contains(partitions, n.Partition):
		return errs.InvalidField("partition", "PARTITION_UNKNOWN", "there is no partition %q", n.Partition)
	}
	return checkConditions(n.Conditions)
}

func checkConditions(list []state.Condition) error {
	for _, c := range list {
		if !slices.Contains(state.Conditions(), c) {
			return errs.InvalidField("conditions", "CONDITION_UNKNOWN", "there is no condition %q", c)
		}
	}
	return nil
}

// PlanCreation decides what becomes of the next account that a management account has AWS create. It returns errs.NotFound for an
// account that is unknown, and errs.Invalid for one that manages no organization and for a reason that AWS does not have.
func (s *Simulator) PlanCreation(ctx context.Context, management string, planned state.NextCreation) error {
	if planned.Failure != "" && !slices.Contains(planned.Failure.Values(), planned.Failure) {
		return errs.InvalidField("failure_reason", "REASON_UNKNOWN", "AWS has no reason %q", planned.Failure)
	}
	return s.state.Update(ctx, func(tx *state.Tx) error {
		if _, known := tx.Accounts.Get(management); !known {
			return accountNotFound(management)
		}
		_, org, there := tx.OrganizationOf(management)
		if !there || org.Management != management {
			return errs.InvalidField("account_id", "NO_ORGANIZATION", "account %s manages no organization", management)
		}
		org.Next = &planned
		tx.Organizations.Put(org)
		return nil
	})
}

// ChangeSupportPlan gives an account another support plan, as its root user does in the support console. It returns errs.NotFound for
// an account that is unknown, and errs.Invalid for a plan that AWS does not sell.
func (s *Simulator) ChangeSupportPlan(ctx context.Context, account string, plan state.SupportPlan) error {
	if !slices.Contains(state.SupportPlans(), plan) {
		return errs.InvalidField("support_plan", "PLAN_UNKNOWN", "AWS has no support plan %q", plan)
	}
	return s.state.Update(ctx, func(tx *state.Tx) error {
		a, known := tx.Accounts.Get(account)
		if !known {
			return accountNotFound(account)
		}
		a.SupportPlan = plan
		tx.Accounts.Put(a)
		return nil
	})
}

// CloseAccount closes an account, as its root user does. It returns errs.NotFound for an account that is unknown, and what AWS refuses.
func (s *Simulator) CloseAccount(ctx context.Context, account string) error {
	return changeAccount(ctx, s, account, organizations.Close)
}

// ReopenAccount opens a closed account again, as AWS does on request. Its errors are those of CloseAccount.
func ReopenAccount(ctx context.Context, s *Simulator, account string) error {
	return changeAccount(ctx, s, account, organizations.Reopen)
}

// SuspendAccount has AWS suspend an account, for abuse or an unpaid bill. Its errors are those of CloseAccount.
func SuspendAccount(ctx context.Context, s *Simulator, account string) error {
	return changeAccount(ctx, s, account, organizations.Suspend)
}

// ReactivateAccount has AWS end the suspension of an account. Its errors are those of CloseAccount.
func ReactivateAccount(ctx context.Context, s *Simulator, account string) error {
	return changeAccount(ctx, s, account, organizations.Reactivate)
}

func changeAccount(ctx context.Context, s *Simulator, account string, change func(*state.Tx, state.Account) error) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		a, known := tx.Accounts.Get(account)
		if !known {
			return accountNotFound(account)
		}
		if err := change(tx, a); err != nil {
			return refused(err)
		}
		return nil
	})
}
