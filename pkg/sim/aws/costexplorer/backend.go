// Package costexplorer is the part of AWS Cost Explorer that adds usage up. Its operations have the signatures of the
// SDK client. Sums are exact decimals, as recorded: an organization's discounts are records of their own here, so that
// every cost metric has the same amount.
//
// It owns the query: periods, groups, filters, pages. Which usage a billing view shows, and when it is final, is bill's
// to say.
package costexplorer

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/costexplorer"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer/types"

	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/identity"
	"example.com/handover/pkg/sim/aws/page"
	"example.com/handover/pkg/sim/aws/state"
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

// GetCostAndUsage adds up what a billing view of the caller shows; without one, its primary view. A token belongs to
// the request it was answered to.
func (b *Backend) GetCostAndUsage(ctx context.Context, in *sdk.GetCostAndUsageInput) (*sdk.GetCostAndUsageOutput, error) {
	out := &sdk.GetCostAndUsageOutput{GroupDefinitions: in.GroupBy}
	err := b.state.View(func(tx *state.Tx) error {
		q, err := parse(in, tx.Now())
		if err != nil {
			return err
		}
		caller, _ := tx.Accounts.Get(identity.From(ctx).Account)
		book := bill.Open(tx, b.settings)
		view, err := find(book.Views(caller), caller, in.BillingViewArn)
		if err != nil {
			return err
		}
		groups, err := q.groups(book, view)
		if err != nil {
			return err
		}
		same := *in
		same.NextPageToken = nil
		list, err := page.Name(caller.ID, "GetCostAndUsage", same)
		if err != nil {
			return err
		}
		groups, out.NextPageToken, err = page.Cut(groups, group.place, b.settings.CostGroups, in.NextPageToken, list)
		if err != nil {
			return err
		}
		out.DimensionValueAttributes = q.names(tx, groups)
		out.ResultsByTime, err = q.results(groups)
		return err
	})
	if e, wrong := errors.AsType[*page.TokenError](err); wrong {
		err = tokenRefused(e)
	}
	return out, err
}

// find returns the caller's view of that name.
func find(views []bill.View, caller state.Account, arn *string) (bill.View, error) {
	for _, v := range views {
		if arn == nil || *arn == v.ARN { // the primary view is the first
			return v, nil
		}
	}
	if !strings.HasPrefix(*arn, "arn:"+string(caller.Realm())+":billing::"+caller.ID+":billingview/") {
		return bill.View{}, denied("You are not authorized to use this billing view.")
	}
	return bill.View{}, &types.ResourceNotFoundException{
		Message: aws.String("The billing view was not found."), ResourceName: arn,
	}
}
