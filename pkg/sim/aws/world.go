package aws

import (
	"context"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/aws/state"
)

// Account returns an account as it is now; errs.NotFound (ACCOUNT_NOT_FOUND) when there is none.
func (s *Simulator) Account(id string) (found state.Account, err error) {
	err = s.state.View(func(tx *state.Tx) error {
		var ok bool
		if found, ok = tx.Accounts.Get(id); !ok {
			return accountNotFound(id)
		}
		return nil
	})
	return found, err
}

// Transfer returns a responsibility transfer as it stands now; errs.NotFound (TRANSFER_NOT_FOUND) when there is none.
func (s *Simulator) Transfer(id string) (found state.Transfer, err error) {
	err = s.state.View(func(tx *state.Tx) error {
		t, ok := tx.Transfers.Get(id)
		if !ok {
			return transferNotFound(id)
		}
		found = t.At(tx.Now())
		return nil
	})
	return found, err
}

// Transfers returns the responsibility transfers that an account is a side of, those first that were sent to its
// address and have not found it yet; for an empty account all there are. They are as they stand now, oldest first.
func (s *Simulator) Transfers(account string) (all []state.Transfer) {
	_ = s.state.View(func(tx *state.Tx) error { // reading cannot fail
		if all = tx.Transfers.All(); account != "" {
			owner, _ := tx.Accounts.Get(account)
			all = append(tx.Transfers.Of(state.NormalEmail(owner.Email)), tx.Transfers.Of(account)...)
		}
		for i := range all {
			all[i] = all[i].At(tx.Now())
		}
		return nil
	})
	return all
}

// SetConditions replaces what makes AWS refuse the account; none: it is eligible.
func (s *Simulator) SetConditions(ctx context.Context, account string, conditions ...state.Condition) error {
	if err := checkConditions(conditions); err != nil {
		return err
	}
	return s.state.Update(ctx, func(tx *state.Tx) error {
		a, ok := tx.Accounts.Get(account)
		if !ok {
			return accountNotFound(account)
		}
		a = a.Under(conditions, tx.Now())
		tx.Accounts.Put(a)
		return nil
	})
}

// SetInboundQuota sets how many transfers, pending ones included, the organization of a management account may
// receive. Errors are those of ChangeOrganization.
func (s *Simulator) SetInboundQuota(ctx context.Context, account string, quota int) error {
	return s.ChangeOrganization(ctx, account, func(org *state.Organization) { org.InboundQuota = &quota })
}

// ChangeOrganization changes what AWS holds of the organization of a management account: its quotas. It returns errs.Precondition
// (NO_MANAGEMENT_ACCOUNT) for any other account.
func (s *Simulator) ChangeOrganization(ctx context.Context, account string, change func(*state.Organization)) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		_, org, ok := tx.OrganizationOf(account)
		if !ok || org.Management != account {
			return errs.New(errs.Precondition, "NO_MANAGEMENT_ACCOUNT", "%s is not the management account of an organization", account)
		}
		change(&org)
		tx.Organizations.Put(org)
		return nil
	})
}

// SetServicePeriod records that the partner agreement lets nobody end the transfer before a time; zero: it has no such
// period any more.
func (s *Simulator) SetServicePeriod(ctx context.Context, transfer string, until time.Time) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		t, ok := tx.Transfers.Get(transfer)
		if !ok {
			return transferNotFound(transfer)
		}
		t.CommittedUntil = until
		tx.Transfers.Put(t)
		return nil
	})
}

// DeployRole creates an IAM role in an account, or replaces the one of that name.
func (s *Simulator) DeployRole(ctx context.Context, r state.Role) (state.Role, error) {
	if r.Name == "" || len(r.Trusts) == 0 {
		return r, errs.InvalidField("role", "ROLE_INCOMPLETE", "a role needs a name and somebody whom it trusts")
	}
	err := s.state.Update(ctx, func(tx *state.Tx) error {
		owner, ok := tx.Accounts.Get(r.Account)
		if !ok {
			return accountNotFound(r.Account)
		}
		r.Partition, r.CreatedAt = owner.Partition, tx.Now()
		tx.Roles.Put(r)
		return nil
	})
	return r, err
}

// RemoveRole deletes a role; one that does not exist is no error. Open sessions go on until they expire.
func (s *Simulator) RemoveRole(ctx context.Context, arn string) error {
	return s.state.Update(ctx, func(tx *state.Tx) error {
		tx.Roles.Delete(arn)
		return nil
	})
}

func transferNotFound(id string) error {
	return errs.New(errs.NotFound, "TRANSFER_NOT_FOUND", "AWS has no transfer %s", id)
}
