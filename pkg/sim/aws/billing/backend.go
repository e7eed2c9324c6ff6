// Package billing is the part of AWS Billing that lists billing views. Its operations have the signatures of the SDK
// client.
//
// It owns the shapes and exceptions; which views there are is bill's to say.
package billing

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/billing"
	"github.com/aws/aws-sdk-go-v2/service/billing/types"

	"example.com/handover/pkg/calendar"
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

// ListBillingViews lists what the caller can see costs through.
func (b *Backend) ListBillingViews(ctx context.Context, in *sdk.ListBillingViewsInput) (*sdk.ListBillingViewsOutput, error) {
	if err := check(in); err != nil {
		return nil, err
	}
	out := &sdk.ListBillingViewsOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		caller, _ := tx.Accounts.Get(identity.From(ctx).Account)
		wanted := slices.DeleteFunc(bill.Open(tx, b.settings).Views(caller), func(v bill.View) bool { return !chooses(in, v) })
		filter := *in
		filter.MaxResults, filter.NextToken = nil, nil
		list, err := page.Name(caller.ID, "ListBillingViews", filter)
		if err != nil {
			return err
		}
		views, next, err := page.Cut(wanted, arnOf, page.Size(in.MaxResults, b.settings.Views), in.NextToken, list)
		for _, v := range views {
			out.BillingViews = append(out.BillingViews, shown(v))
		}
		out.NextToken = next
		return err
	})
	if _, wrong := errors.AsType[*page.TokenError](err); wrong {
		err = invalid("nextToken", "The token is not valid for this request.")
	}
	return out, err
}

func arnOf(v bill.View) string { return v.ARN }

func chooses(in *sdk.ListBillingViewsInput, v bill.View) bool {
	named := func(s types.StringSearch) bool { return strings.HasPrefix(v.Name, aws.ToString(s.SearchValue)) }
	return (len(in.BillingViewTypes) == 0 || slices.Contains(in.BillingViewTypes, v.Type)) &&
		(len(in.Arns) == 0 || slices.Contains(in.Arns, v.ARN)) &&
		(len(in.Names) == 0 || slices.ContainsFunc(in.Names, named)) &&
		(in.OwnerAccountId == nil || *in.OwnerAccountId == v.Owner) &&
		(in.SourceAccountId == nil || *in.SourceAccountId == v.Source) &&
		(in.ActiveTimeRange == nil || v.Type == types.BillingViewTypePrimary ||
			v.ActiveIn(calendar.MonthOf(*in.ActiveTimeRange.ActiveAfterInclusive)))
}

func shown(v bill.View) types.BillingViewListElement {
	e := types.BillingViewListElement{
		Arn: aws.String(v.ARN), Name: aws.String(v.Name), BillingViewType: v.Type, OwnerAccountId: aws.String(v.Owner),
		HealthStatus: &types.BillingViewHealthStatus{StatusCode: types.BillingViewStatusHealthy},
	}
	if v.Source != "" {
		e.SourceAccountId = aws.String(v.Source)
	}
	return e
}
