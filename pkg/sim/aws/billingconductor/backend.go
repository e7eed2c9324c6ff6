// Package billingconductor is the part of AWS Billing Conductor that decides at which prices a payer shows costs:
// billing groups, and AWS's own pricing plans. Its operations have the signatures of the SDK client.
//
// It owns the rules of groups; what a group's customer then sees is bill's to say.
package billingconductor

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/billingconductor/types"

	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/state"
	"example.com/handover/pkg/sim/aws/wire"
)

// Backend answers the operations. The caller is taken from the context (identity.From).
type Backend struct {
	state    *state.State
	settings bill.Settings
}

// New returns a backend over a state.
func New(s *state.State, settings bill.Settings) *Backend {
	return &Backend{state: s, settings: settings.WithDefaults()}
}

// Routes are where the operations are found.
func Routes() []wire.Route {
	const post = "POST"
	token := map[string]string{"X-Amzn-Client-Token": "ClientToken"}
	return []wire.Route{
		{Operation: "CreateBillingGroup", Method: post, Path: "/create-billing-group", Header: token},
		{Operation: "DeleteBillingGroup", Method: post, Path: "/delete-billing-group"},
		{Operation: "ListBillingGroups", Method: post, Path: "/list-billing-groups"},
		{Operation: "ListPricingPlans", Method: post, Path: "/list-pricing-plans"},
		{Operation: "UpdateBillingGroup", Method: post, Path: "/update-billing-group"},
	}
}

// payer returns the calling account when it pays for others: it is a management account.
func payer(ctx context.Context, tx *state.Tx) (state.Account, error) {
	account, org, ok := tx.OrganizationOf(identity.From(ctx).Account)
	if !ok || org.Management != account.ID {
		return account, &types.AccessDeniedException{Message: aws.String("Only a management account can use Billing Conductor.")}
	}
	return account, nil
}
