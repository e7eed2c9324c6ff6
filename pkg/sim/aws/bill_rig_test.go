package aws_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/billing"
	billingtypes "github.com/aws/aws-sdk-go-v2/service/billing/types"
	bc "github.com/aws/aws-sdk-go-v2/service/billingconductor"
	bctypes "github.com/aws/aws-sdk-go-v2/service/billingconductor/types"
	ce "github.com/aws/aws-sdk-go-v2/service/costexplorer"
	cetypes "github.com/aws/aws-sdk-go-v2/service/costexplorer/types"
	"github.com/aws/aws-sdk-go-v2/service/invoicing"
	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/calendar"
	"example.com/handover/pkg/errs"
	simaws "example.com/handover/pkg/sim/aws"
	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/state"
)

var (
	novemberMonth = calendar.Month{Year: 2026, Month: time.November}
	decemberMonth = calendar.Month{Year: 2026, Month: time.December}
	january       = time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
)

// small gives the rig pages of three, so that few rows fill several.
func small(o *simaws.Options) {
	o.Billing = bill.Settings{CostGroups: 3, Invoices: 3, Views: 3, BillingGroups: 3}
}

// The clients are the unmodified ones, acting for an account. They do not retry.

func (r *rig) conductor(account string) *bc.Client {
	return bc.New(bc.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(r.server.URL), Retryer: aws.NopRetryer{}, Credentials: keyOf(account),
	})
}

func (r *rig) billing(account string) *billing.Client {
	return billing.New(billing.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(r.server.URL), Retryer: aws.NopRetryer{}, Credentials: keyOf(account),
	})
}

func (r *rig) costs(account string) *ce.Client {
	return ce.New(ce.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(r.server.URL), Retryer: aws.NopRetryer{}, Credentials: keyOf(account),
	})
}

func (r *rig) invoicing(account string) *invoicing.Client {
	return invoicing.New(invoicing.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(r.server.URL), Retryer: aws.NopRetryer{}, Credentials: keyOf(account),
	})
}

// use records lines for an account and month.
func (r *rig) use(account string, month calendar.Month, lines ...state.Usage) {
	r.t.Helper()
	for i := range lines {
		lines[i].Account, lines[i].Month = account, month
		if lines[i].Service == "" {
			lines[i].Service = "Amazon Simple Storage Service"
		}
	}
	if _, err := r.sim.RecordUsage(r.t.Context(), lines...); err != nil {
		r.t.Fatal(err)
	}
}

// group creates a billing group for a transfer and returns its ARN.
func (r *rig) group(name, transfer, token, plan string) (string, error) {
	out, err := r.conductor(payer).CreateBillingGroup(r.t.Context(), r.groupInput(name, transfer, token, plan))
	if err != nil {
		return "", err
	}
	return *out.Arn, nil
}

func (r *rig) groupInput(name, transfer, token, plan string) *bc.CreateBillingGroupInput {
	return &bc.CreateBillingGroupInput{
		Name: aws.String(name), ClientToken: aws.String(token),
		ComputationPreference: &bctypes.ComputationPreference{PricingPlanArn: aws.String(plan)},
		AccountGrouping:       &bctypes.AccountGrouping{ResponsibilityTransferArn: r.transfer(payer, transfer).Arn},
	}
}

// views lists all views of an account, page by page.
func (r *rig) views(account string, in billing.ListBillingViewsInput) []billingtypes.BillingViewListElement {
	r.t.Helper()
	var all []billingtypes.BillingViewListElement
	pages := billing.NewListBillingViewsPaginator(r.billing(account), &in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(r.t.Context())
		if err != nil {
			r.t.Fatal(err)
		}
		all = append(all, page.BillingViews...)
	}
	return all
}

// view is the payer's view of a customer's costs.
func (r *rig) view(customer string) string {
	r.t.Helper()
	found := r.views(payer, billing.ListBillingViewsInput{
		SourceAccountId: aws.String(customer), BillingViewTypes: []billingtypes.BillingViewType{"BILLING_TRANSFER"},
	})
	if len(found) != 1 {
		r.t.Fatalf("the views are %+v", found)
	}
	return *found[0].Arn
}

// question asks for the costs of December, by month.
func question(view string, groupBy ...string) *ce.GetCostAndUsageInput {
	in := &ce.GetCostAndUsageInput{
		TimePeriod:  &cetypes.DateInterval{Start: aws.String("2026-12-01"), End: aws.String("2027-01-01")},
		Granularity: cetypes.GranularityMonthly, Metrics: []string{"UnblendedCost"},
	}
	if view != "" {
		in.BillingViewArn = aws.String(view)
	}
	for _, key := range groupBy {
		in.GroupBy = append(in.GroupBy, cetypes.GroupDefinition{Type: cetypes.GroupDefinitionTypeDimension, Key: aws.String(key)})
	}
	return in
}

// answer reads all pages and returns them as lines "2026-12-01 key key: amount unit", in order, and how many pages there were.
func (r *rig) answer(account string, in *ce.GetCostAndUsageInput) (lines []string, pages int) {
	r.t.Helper()
	for {
		out, err := r.costs(account).GetCostAndUsage(r.t.Context(), in)
		if err != nil {
			r.t.Fatal(err)
		}
		pages++
		for _, result := range out.ResultsByTime {
			for name, v := range result.Total {
				lines = append(lines, fmt.Sprintf("%s %s: %s %s", *result.TimePeriod.Start, name, *v.Amount, *v.Unit))
			}
			for _, g := range result.Groups {
				v := g.Metrics[in.Metrics[0]]
				lines = append(lines, fmt.Sprintf("%s %v: %s %s", *result.TimePeriod.Start, g.Keys, *v.Amount, *v.Unit))
			}
		}
		if in.NextPageToken = out.NextPageToken; in.NextPageToken == nil {
			return lines, pages
		}
	}
}

func reason(t *testing.T, err error, want string) {
	t.Helper()
	if errs.ReasonOf(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// ignoreSDK leaves out what the SDK's structs have beside their members.
func ignoreSDK() cmp.Option {
	return cmp.FilterPath(func(p cmp.Path) bool {
		field, ok := p.Last().(cmp.StructField)
		return ok && field.Name() == "noSmithyDocumentSerde"
	}, cmp.Ignore())
}
