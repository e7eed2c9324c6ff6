package aws_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/billing"
	billingtypes "github.com/aws/aws-sdk-go-v2/service/billing/types"
	ce "github.com/aws/aws-sdk-go-v2/service/costexplorer"
	"github.com/aws/aws-sdk-go-v2/service/costexplorer/types"
	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/sim/aws/bill"
	"example.com/handover/pkg/sim/aws/state"
)

// middle is in December, when the transfers of the rig have begun.
var middle = december.AddDate(0, 0, 14)

func TestCostsOfATransfer(t *testing.T) {
	r := newRig(t, kept(t), small)
	customer, _ := r.agreed()
	member := r.member(customer)
	r.use(customer, novemberMonth, state.Usage{Amount: "99"})
	r.use(customer, decemberMonth,
		state.Usage{Amount: "0.1"}, state.Usage{Amount: "0.2", Day: 2},
		state.Usage{Amount: "-0.01", RecordType: "Solution Provider Program Discount"},
		state.Usage{Amount: "5", Service: "Seller's thing", BillingEntity: state.BilledByMarketplace, LegalEntity: "A seller"})
	r.use(member, decemberMonth, state.Usage{Amount: "12345678901234567.1234567891", Service: "Amazon EC2", Quantity: "2.5"})
	r.at(middle)
	r.restart()
	view := r.view(customer)
	for name, c := range map[string]struct {
		in    *ce.GetCostAndUsageInput
		want  []string
		pages int
	}{
		"in one": {question(view), []string{"2026-12-01 UnblendedCost: 12345678901234572.4134567891 USD"}, 1},
		"by record type": {question(view, "RECORD_TYPE"), []string{
			"2026-12-01 [Solution Provider Program Discount]: -0.01 USD",
			"2026-12-01 [Usage]: 12345678901234572.4234567891 USD",
		}, 1},
		"by service and account": {question(view, "SERVICE", "LINKED_ACCOUNT"), []string{
			"2026-12-01 [Amazon EC2 " + member + "]: 12345678901234567.1234567891 USD",
			"2026-12-01 [Amazon Simple Storage Service " + customer + "]: 0.29 USD",
			"2026-12-01 [Seller's thing " + customer + "]: 5 USD",
		}, 1},
		"by seller": {question(view, "BILLING_ENTITY", "LEGAL_ENTITY_NAME"), []string{
			"2026-12-01 [AWS Marketplace A seller]: 5 USD",
			"2026-12-01 [AWS Amazon Web Services, Inc.]: 12345678901234567.4134567891 USD",
		}, 1},
		"of the primary view": {question("", "SERVICE"), nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			got, pages := r.answer(payer, c.in)
			slices.Sort(got)
			slices.Sort(c.want)
			if diff := cmp.Diff(c.want, got); diff != "" || pages != c.pages {
				t.Errorf("%d pages, want (-), got (+):\n%s", pages, diff)
			}
		})
	}
	in := question(view)
	in.TimePeriod.Start, in.Metrics = aws.String("2026-11-01"), []string{"UsageQuantity"}
	if got, _ := r.answer(payer, in); !slices.Equal(got, []string{"2026-11-01 UsageQuantity: 0 N/A", "2026-12-01 UsageQuantity: 6.5 N/A"}) {
		t.Errorf("with the month before the start: %v", got)
	}
}

func TestCostsPageByPage(t *testing.T) {
	r := newRig(t, small)
	customer, _ := r.agreed()
	var want []string
	for i := range 8 {
		service := fmt.Sprintf("Service %d", i)
		r.use(customer, decemberMonth, state.Usage{Service: service, Amount: "1.50", Day: 1 + i%2})
		want = append(want, fmt.Sprintf("2026-12-%02d [%s]: 1.50 USD", 1+i%2, service))
	}
	r.at(middle)
	in := question(r.view(customer), "SERVICE")
	in.Granularity, in.TimePeriod.End = types.GranularityDaily, aws.String("2026-12-03")
	got, pages := r.answer(payer, in)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" || pages != 3 {
		t.Errorf("%d pages, want (-), got (+):\n%s", pages, diff)
	}
	in.NextPageToken = nil
	first, err := r.costs(payer).GetCostAndUsage(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	other := question(r.view(customer), "SERVICE")
	other.NextPageToken = first.NextPageToken
	_, err = r.costs(payer).GetCostAndUsage(t.Context(), other)
	refused(t, err, is[*types.RequestChangedException])
	other.NextPageToken = aws.String("x")
	_, err = r.costs(payer).GetCostAndUsage(t.Context(), other)
	refused(t, err, is[*types.InvalidNextTokenException])
}

func TestCostsFiltered(t *testing.T) {
	r := newRig(t)
	customer, _ := r.agreed()
	r.use(customer, decemberMonth,
		state.Usage{Amount: "1", Service: "A", Region: "eu-central-1"}, state.Usage{Amount: "10", Service: "B"},
		state.Usage{Amount: "100", Service: "B", RecordType: "Tax"})
	r.at(middle)
	is := func(key types.Dimension, values ...string) types.Expression {
		return types.Expression{Dimensions: &types.DimensionValues{Key: key, Values: values}}
	}
	a, b, tax := is("SERVICE", "A"), is("SERVICE", "B"), is("RECORD_TYPE", "Tax")
	for want, e := range map[string]types.Expression{
		"11":  {Not: &tax},
		"10":  {And: []types.Expression{b, {Not: &tax}}},
		"101": {Or: []types.Expression{a, tax}},
		"111": is("SERVICE", "A", "B"),
		"110": is("REGION", "NoRegion"),
		"0":   is("SERVICE", "a"),
	} {
		in := question(r.view(customer))
		in.Filter = &e
		if got, _ := r.answer(payer, in); !slices.Equal(got, []string{"2026-12-01 UnblendedCost: " + want + " USD"}) {
			t.Errorf("want %s, got %v", want, got)
		}
	}
}

func TestCostsAreRefused(t *testing.T) {
	r := newRig(t)
	customer, _ := r.agreed()
	r.use(customer, novemberMonth, state.Usage{Amount: "7"})
	r.at(middle)
	view := r.view(customer)
	period := func(start, end string) func(*ce.GetCostAndUsageInput) {
		return func(in *ce.GetCostAndUsageInput) {
			in.TimePeriod = &types.DateInterval{Start: &start, End: &end}
		}
	}
	for name, c := range map[string]struct {
		change func(*ce.GetCostAndUsageInput)
		want   check
	}{
		"an end that is the start": {period("2026-12-01", "2026-12-01"), code("ValidationException")},
		"an end in the far future": {period("2026-12-01", "2027-01-02"), code("ValidationException")},
		"a start in the future":    {period("2026-12-16", "2027-01-01"), code("ValidationException")},
		"a time":                   {period("2026-12-01T00:00:00Z", "2027-01-01"), code("ValidationException")},
		"more than 14 months":      {period("2025-10-31", "2027-01-01"), code("ValidationException")},
		"a month before the start": {period("2026-11-01", "2026-12-01"), is[*types.DataUnavailableException]},
		"by the hour":              {func(in *ce.GetCostAndUsageInput) { in.Granularity = "HOURLY" }, code("ValidationException")},
		"an unknown metric":        {func(in *ce.GetCostAndUsageInput) { in.Metrics = []string{"Cost"} }, code("ValidationException")},
		"three groups": {func(in *ce.GetCostAndUsageInput) {
			in.GroupBy = question("", "SERVICE", "REGION", "USAGE_TYPE").GroupBy
		}, code("ValidationException")},
		"an unknown group": {
			func(in *ce.GetCostAndUsageInput) { in.GroupBy = question("", "AZ").GroupBy }, code("ValidationException"),
		},
		"an expression without root": {func(in *ce.GetCostAndUsageInput) { in.Filter = &types.Expression{} }, code("ValidationException")},
		"somebody else's view": {func(in *ce.GetCostAndUsageInput) {
			in.BillingViewArn = aws.String("arn:aws:billing::222222222222:billingview/primary")
		}, code("AccessDeniedException")},
		"a view that is not there": {func(in *ce.GetCostAndUsageInput) { in.BillingViewArn = aws.String(view + "0") }, func(err error) bool {
			e, ok := errors.AsType[*types.ResourceNotFoundException](err)
			return ok && aws.ToString(e.ResourceName) == view+"0"
		}},
	} {
		in := question(view)
		c.change(in)
		_, err := r.costs(payer).GetCostAndUsage(t.Context(), in)
		if err == nil || !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if own := r.views(customer, billing.ListBillingViewsInput{}); len(own) != 1 ||
		own[0].BillingViewType != billingtypes.BillingViewTypePrimary {
		t.Errorf("the customer's views are %+v", own)
	}
	before := question("")
	before.TimePeriod = &types.DateInterval{Start: aws.String("2026-11-01"), End: aws.String("2026-12-01")}
	if got, _ := r.answer(customer, before); !slices.Equal(got, []string{"2026-11-01 UnblendedCost: 7 USD"}) {
		t.Errorf("the customer's own costs are %v", got)
	}
	_, err := r.costs(customer).GetCostAndUsage(t.Context(), question("")) // billed to somebody else
	refused(t, err, is[*types.DataUnavailableException])
	_, err = r.costs(customer).GetCostAndUsage(t.Context(), question(view))
	refused(t, err, code("AccessDeniedException"))
}

func TestCostsAreEstimatedUntilTheMonthIsClosed(t *testing.T) {
	r := newRig(t)
	customer, _ := r.agreed()
	r.use(customer, decemberMonth, state.Usage{Amount: "1"})
	r.at(middle)
	view := r.view(customer)
	for _, c := range []struct {
		at        time.Time
		estimated bool
	}{{middle, true}, {january.Add(6*time.Hour - time.Second), true}, {january.Add(6 * time.Hour), false}} {
		r.at(c.at)
		out, err := r.costs(payer).GetCostAndUsage(t.Context(), question(view))
		if err != nil || out.ResultsByTime[0].Estimated != c.estimated {
			t.Errorf("at %s: %+v, %v", c.at, out, err)
		}
	}
}

func TestViewsBeginWithTheTransferAndStay(t *testing.T) {
	r := newRig(t, small)
	customer, transfer := r.agreed()
	if _, err := r.group("cus-1", transfer, "token", bill.BasicPlan); err != nil {
		t.Fatal(err)
	}
	r.use(customer, decemberMonth, state.Usage{Amount: "10"}, state.Usage{Amount: "-1", RecordType: "Solution Provider Program Discount"})
	transferViews := billing.ListBillingViewsInput{SourceAccountId: aws.String(customer)}
	if found := r.views(payer, transferViews); len(found) != 0 {
		t.Errorf("before the start: %+v", found)
	}
	r.at(december)
	if found := r.views(payer, billing.ListBillingViewsInput{}); len(found) != 3 {
		t.Errorf("from the start on: %+v", found)
	}
	if _, err := r.terminate(payer, transfer, nil); err != nil {
		t.Fatal(err)
	}
	r.at(january.AddDate(0, 1, 0))
	found := r.views(payer, transferViews)
	if len(found) != 2 || *found[0].OwnerAccountId != payer || found[0].HealthStatus.StatusCode != "HEALTHY" {
		t.Fatalf("after the end: %+v", found)
	}
	for kind, want := range map[billingtypes.BillingViewType]string{"BILLING_TRANSFER": "9", "BILLING_TRANSFER_SHOWBACK": "10"} {
		i := slices.IndexFunc(found, func(v billingtypes.BillingViewListElement) bool { return v.BillingViewType == kind })
		if got, _ := r.answer(payer, question(*found[i].Arn)); !slices.Equal(got, []string{"2026-12-01 UnblendedCost: " + want + " USD"}) {
			t.Errorf("%s: %v", kind, got)
		}
	}
	in := func(from, to time.Time) billing.ListBillingViewsInput {
		return billing.ListBillingViewsInput{
			ActiveTimeRange: &billingtypes.ActiveTimeRange{ActiveAfterInclusive: &from, ActiveBeforeInclusive: &to},
		}
	}
	if n := len(r.views(payer, in(december, january.Add(-time.Second)))); n != 3 {
		t.Errorf("%d views active in December", n)
	}
	if n := len(r.views(payer, in(january, middle.AddDate(0, 1, 0)))); n != 1 {
		t.Errorf("%d views active in January", n)
	}
	wide := in(december, january)
	_, err := r.billing(payer).ListBillingViews(t.Context(), &wide)
	refused(t, err, func(err error) bool {
		e, ok := errors.AsType[*billingtypes.ValidationException](err)
		return ok && e.Reason == "fieldValidationFailed" && len(e.FieldList) == 1 && aws.ToString(e.FieldList[0].Name) == "activeTimeRange"
	})
}

// TestOldUsageIsForgotten: AWS shows the running month and thirteen before it.
func TestOldUsageIsForgotten(t *testing.T) {
	r := newRig(t, kept(t))
	customer, _ := r.agreed()
	r.at(middle)
	r.use(customer, decemberMonth, state.Usage{Amount: "1"})
	for i, want := range []int{1, 0} {
		months := 13 + i
		r.at(decemberMonth.AddMonths(months).Start())
		r.use(customer, decemberMonth.AddMonths(months), state.Usage{Amount: "2"})
		r.restart()
		if got := r.sim.Usage(customer, decemberMonth); len(got) != want {
			t.Errorf("%d months later there are %d lines, want %d", months, len(got), want)
		}
	}
}
