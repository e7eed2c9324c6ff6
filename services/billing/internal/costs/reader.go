package costs

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/costexplorer"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer/types"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/calendar"
)

// metric is what is billed: discounts are charges of their own in it.
const metric = "UnblendedCost"

// reader reads one month of one scope.
type reader struct {
	api   *costexplorer.Client
	scope Scope
	month calendar.Month
	costs Costs
}

// part is what one question is about: a billing entity and a record type; empty: all.
type part struct{ entity, recordType string }

// groups returns the month's groups by these dimensions, of one part or of all. Every page is read: the SDK
// has no paginator for it, and a page that is left out is money that nobody is asked for.
func (r *reader) groups(ctx context.Context, of part, by ...types.Dimension) ([]types.Group, error) {
	in := &costexplorer.GetCostAndUsageInput{
		Granularity: types.GranularityMonthly, Metrics: []string{metric}, Filter: r.filter(of),
		TimePeriod: r.days(),
	}
	if r.scope.ViewARN != "" {
		in.BillingViewArn = &r.scope.ViewARN
	}
	for _, dimension := range by {
		key := string(dimension)
		in.GroupBy = append(in.GroupBy, types.GroupDefinition{Type: types.GroupDefinitionTypeDimension, Key: &key})
	}
	var all []types.Group
	for result, err := range aws.Pages(ctx, r.pages(in)) {
		if err != nil {
			return nil, err
		}
		if result.Estimated {
			r.costs.Final = false
		}
		for _, g := range result.Groups {
			if len(g.Keys) != len(by) {
				return nil, unreadable(nil, "a group has the keys %q, asked for %v", g.Keys, by)
			}
			all = append(all, g)
		}
	}
	return all, nil
}

// days are those of the month that the scope reads; the end is exclusive.
func (r *reader) days() *types.DateInterval {
	from, until := r.month.Start(), r.month.Next().Start()
	if !r.scope.From.IsZero() {
		from = r.scope.From
	}
	if !r.scope.Until.IsZero() {
		until = r.scope.Until
	}
	return &types.DateInterval{Start: day(from), End: day(until)}
}

// filter narrows a question to the accounts of the scope and to a part; nil: to nothing.
func (r *reader) filter(of part) *types.Expression {
	var all []types.Expression
	narrow := func(key types.Dimension, values ...string) {
		all = append(all, types.Expression{Dimensions: &types.DimensionValues{Key: key, Values: values}})
	}
	if len(r.scope.LinkedAccountIDs) > 0 {
		narrow(types.DimensionLinkedAccount, r.scope.LinkedAccountIDs...)
	}
	if len(r.scope.Except) > 0 {
		but := types.DimensionValues{Key: types.DimensionLinkedAccount, Values: r.scope.Except}
		all = append(all, types.Expression{Not: &types.Expression{Dimensions: &but}})
	}
	if of.entity != "" {
		narrow(types.DimensionBillingEntity, of.entity)
		narrow(types.DimensionRecordType, of.recordType)
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return &all[0]
	default:
		return &types.Expression{And: all}
	}
}

func (r *reader) pages(in *costexplorer.GetCostAndUsageInput) func(context.Context, *string) ([]types.ResultByTime, *string, error) {
	return func(ctx context.Context, token *string) ([]types.ResultByTime, *string, error) {
		in.NextPageToken = token
		out, err := r.api.GetCostAndUsage(ctx, in)
		if err != nil {
			return nil, nil, err
		}
		r.costs.Pages = append(r.costs.Pages, out)
		return out.ResultsByTime, out.NextPageToken, nil
	}
}
