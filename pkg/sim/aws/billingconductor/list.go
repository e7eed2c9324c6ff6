package billingconductor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/billingconductor"
	"github.com/aws/aws-sdk-go-v2/service/billingconductor/types"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/sim/aws/page"
	"example.com/handover/pkg/sim/aws/state"
)

// ListBillingGroups lists the caller's groups of a billing period; without one, of this month.
func (b *Backend) ListBillingGroups(ctx context.Context, in *sdk.ListBillingGroupsInput) (*sdk.ListBillingGroupsOutput, error) {
	if err := pageSize(in.MaxResults); err != nil {
		return nil, err
	}
	out := &sdk.ListBillingGroupsOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		owner, err := payer(ctx, tx)
		if err != nil {
			return err
		}
		month, err := period(tx, in.BillingPeriod)
		if err != nil {
			return err
		}
		wanted := slices.DeleteFunc(tx.BillingGroups.Of(owner.ID), func(g state.BillingGroup) bool {
			from, to := lifetime(tx, g)
			alive := month.Compare(from) >= 0 && (to.IsZero() || month.Compare(to) <= 0)
			return !alive || !chooses(tx, in.Filters, g)
		})
		same := *in
		same.MaxResults, same.NextToken = nil, nil
		list, err := page.Name(owner.ID, "ListBillingGroups", same)
		if err != nil {
			return err
		}
		groups, next, err := page.Cut(wanted, place, page.Size(in.MaxResults, b.settings.BillingGroups), in.NextToken, list)
		out.NextToken = next
		for _, g := range groups {
			out.BillingGroups = append(out.BillingGroups, element(tx, g))
		}
		return err
	})
	return out, tokenRefused(err)
}

func place(g state.BillingGroup) string {
	return g.CreatedAt.UTC().Format("2006-01-02T15:04:05.000000000") + g.ARN
}

// period reads a billing period; none is this month. It must have begun.
func period(tx *state.Tx, text *string) (calendar.Month, error) {
	now := calendar.MonthOf(tx.Now())
	if text == nil {
		return now, nil
	}
	m, err := calendar.ParseMonth(*text)
	if err != nil || m.Compare(now) > 0 {
		return m, invalid(types.ValidationExceptionReasonIllegalBillingPeriod, "BillingPeriod", "This is not a billing period that has begun.")
	}
	return m, nil
}

// lifetime is from which month until which a group is there; zero: without end. A transfer takes its group with it.
func lifetime(tx *state.Tx, g state.BillingGroup) (from, to calendar.Month) {
	if t, ok := tx.Transfers.Get(g.Transfer); ok && !t.EndsAt.IsZero() {
		to = calendar.MonthOf(t.EndsAt)
	}
	return calendar.MonthOf(g.CreatedAt), to
}

func chooses(tx *state.Tx, f *types.ListBillingGroupsFilter, g state.BillingGroup) bool {
	if f == nil {
		return true
	}
	named := func(s types.StringSearch) bool { return strings.HasPrefix(g.Name, aws.ToString(s.SearchValue)) }
	return has(f.Arns, g.ARN) && has(f.ResponsibilityTransferArns, g.TransferARN) && has(f.PrimaryAccountIds, g.Primary) &&
		has(f.BillingGroupTypes, g.Type()) && has(f.Statuses, statusOf(tx, g)) &&
		(len(f.Names) == 0 || slices.ContainsFunc(f.Names, named)) &&
		(f.PricingPlan == nil || *f.PricingPlan == g.PricingPlan) &&
		(f.AutoAssociate == nil || *f.AutoAssociate == g.AutoAssociate)
}

// has reports whether a filter lets a value through; an empty one lets everything.
func has[T comparable](wanted []T, v T) bool { return len(wanted) == 0 || slices.Contains(wanted, v) }

// ListPricingPlans lists AWS's own plans; nobody has others here.
func (b *Backend) ListPricingPlans(ctx context.Context, in *sdk.ListPricingPlansInput) (*sdk.ListPricingPlansOutput, error) {
	if err := pageSize(in.MaxResults); err != nil {
		return nil, err
	}
	out := &sdk.ListPricingPlansOutput{}
	err := b.state.View(func(tx *state.Tx) error {
		owner, err := payer(ctx, tx)
		if err != nil {
			return err
		}
		month, err := period(tx, in.BillingPeriod)
		if err != nil {
			return err
		}
		out.BillingPeriod = aws.String(month.String())
		same := *in
		same.MaxResults, same.NextToken = nil, nil
		list, err := page.Name(owner.ID, "ListPricingPlans", same)
		if err != nil {
			return err
		}
		wanted := slices.DeleteFunc(plans(), func(arn string) bool { return in.Filters != nil && !has(in.Filters.Arns, arn) })
		arns, next, err := page.Cut(wanted, strings.Clone, page.Size(in.MaxResults, b.settings.BillingGroups), in.NextToken, list)
		out.NextToken = next
		for _, arn := range arns {
			name := arn[strings.LastIndex(arn, "/")+1:]
			out.PricingPlans = append(
				out.PricingPlans, types.PricingPlanListElement{Arn: aws.String(arn), Name: aws.String(name), CreationTime: plansSince},
			)
		}
		return err
	})
	return out, tokenRefused(err)
}

// plansSince is some time before every other, in epoch seconds.
var plansSince = time.Date(2021, time.July, 30, 0, 0, 0, 0, time.UTC).Unix()

func tokenRefused(err error) error {
	if _, wrong := errors.AsType[*page.TokenError](err); wrong {
		return invalid(fieldFailed, "NextToken", "The token is not valid for this request.")
	}
	return err
}
