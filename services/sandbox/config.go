package sandbox

import (
	"context"
	"errors"
	"fmt"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/state"
)

// config is the section services.sandbox.
type config struct {
	AWS awsConfig `yaml:"aws" doc:"the simulated AWS"`
}

// awsConfig is the part of the simulated AWS that belongs to the reseller.
type awsConfig struct {
	Listen  string        `yaml:"listen" doc:"host:port of the door that speaks AWS's protocols"`
	Account string        `yaml:"account" doc:"twelve digits of the account whose key AccountTransfer holds"`
	Key     string        `yaml:"key" doc:"that access key id"`
	Payers  []payerConfig `yaml:"payers" doc:"management accounts of the reseller that exist from the start"`
}

// payerConfig is a payer that exists from the start, with the role that AccountTransfer enters it by.
type payerConfig struct {
	AccountID    string `yaml:"account_id" doc:"twelve digits"`
	Name         string `yaml:"name" doc:"name of the account"`
	Email        string `yaml:"email" doc:"address of its root user"`
	Role         string `yaml:"role" doc:"name of the role that the reseller's account may assume"`
	ExternalID   string `yaml:"external_id" doc:"what the role's trust asks for"`
	InboundQuota int    `yaml:"inbound_quota" doc:"transfers that AWS lets it receive"`
}

func defaults() *config {
	return &config{AWS: awsConfig{
		Listen: "127.0.0.1:9092", Account: "999988887777", Key: "AKIARESELLER00000000",
		Payers: []payerConfig{{
			AccountID: "111122223333", Name: "Reseller payer", Email: "aws-payer@example.com",
			Role: "handover", ExternalID: "handover-sandbox", InboundQuota: 1000,
		}},
	}}
}

// Validate implements the check that the loader runs.
func (c *config) Validate() error {
	if c.AWS.Account == "" || c.AWS.Key == "" {
		return errors.New("aws: account and key are needed")
	}
	return nil
}

func (c awsConfig) keys() map[string]string { return map[string]string{c.Key: c.Account} }

// provision makes the reseller's accounts and roles, unless an earlier start has.
func (c awsConfig) provision(ctx context.Context, sim *aws.Simulator) error {
	_, err := sim.SignUp(ctx, aws.NewAccount{ID: c.Account, Name: "Reseller", Email: "aws-root@example.com"})
	if err != nil && errs.KindOf(err) != errs.Exists {
		return fmt.Errorf("account %s: %w", c.Account, err)
	}
	for _, p := range c.Payers {
		quota := p.InboundQuota
		_, _, err := sim.CreateOrganization(ctx, aws.NewOrganization{
			NewAccount: aws.NewAccount{ID: p.AccountID, Name: p.Name, Email: p.Email}, InboundQuota: &quota,
		})
		if err != nil && errs.KindOf(err) != errs.Exists {
			return fmt.Errorf("payer %s: %w", p.AccountID, err)
		}
		_, err = sim.DeployRole(ctx, state.Role{Account: p.AccountID, Name: p.Role, Trusts: []string{c.Account}, ExternalID: p.ExternalID})
		if err != nil {
			return fmt.Errorf("role of payer %s: %w", p.AccountID, err)
		}
	}
	return nil
}
