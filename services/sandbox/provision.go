package sandbox

import (
	"cmp"
	"context"
	"fmt"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/state"
)

// provision makes the reseller's accounts and roles, unless an earlier start has.
func (c awsConfig) provision(ctx context.Context, sim *aws.Simulator) error {
	_, err := sim.SignUp(ctx, aws.NewAccount{ID: c.Account, Name: "Reseller", Email: "aws-root@example.com"})
	if err != nil && errs.KindOf(err) != errs.Exists {
		return fmt.Errorf("account %s: %w", c.Account, err)
	}
	for _, p := range c.Payers {
		if err := p.provision(ctx, sim, c.Account); err != nil {
			return fmt.Errorf("payer %s: %w", p.AccountID, err)
		}
	}
	return nil
}

// provision makes a payer that trusts the reseller's account.
func (p payerConfig) provision(ctx context.Context, sim *aws.Simulator, trusts string) error {
	quota := p.InboundQuota
	_, _, err := sim.CreateOrganization(ctx, aws.NewOrganization{
		NewAccount: aws.NewAccount{ID: p.AccountID, Name: p.Name, Email: p.Email}, InboundQuota: &quota,
	})
	if err != nil && errs.KindOf(err) != errs.Exists {
		return err
	}
	_, err = sim.DeployRole(ctx, state.Role{Account: p.AccountID, Name: p.Role, Trusts: []string{trusts}, ExternalID: p.ExternalID})
	if err != nil {
		return fmt.Errorf("role: %w", err)
	}
	if p.Program != "" {
		if _, err := sim.RegisterProgramManagementAccount(ctx, p.AccountID, p.Name, p.Program); err != nil {
			return fmt.Errorf("program management account: %w", err)
		}
	}
	if err := sim.SetPaymentCurrency(ctx, p.AccountID, cmp.Or(p.Currency, "USD"), cmp.Or(p.Rate, "1")); err != nil {
		return fmt.Errorf("payment currency: %w", err)
	}
	return nil
}
