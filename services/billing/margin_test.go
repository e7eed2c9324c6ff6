package billing_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/sim/aws/state"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
)

// TestCustomerBillingReport: what each account leaves, for operators alone.
func TestCustomerBillingReport(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.transferred()
	rel := r.billed(bound())
	r.at(time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC))
	p := r.period(rel.GetRelationshipId(), time.March)
	_, err := r.reports.GetMargin(r.operator(t), &billingv1.GetMarginRequest{PeriodId: p.GetPeriodId()})
	refused(t, err, codes.FailedPrecondition, "STATE_REFUSES")
	r.uses(customerAccount, time.March, state.Usage{Service: "Amazon EC2", Amount: "100"},
		state.Usage{Service: "Amazon EC2", RecordType: "Reseller Program Discount", Amount: "-7"})
	r.at(gateOf(time.March))
	if got := r.steps(p.GetPeriodId()); got.GetState() != invoiced {
		t.Fatalf("March is %v", got)
	}
	t.Run("BIL-037 the report shows the margin of every account", func(t *testing.T) {
		resp, err := r.reports.GetMargin(r.operator(t), &billingv1.GetMarginRequest{PeriodId: p.GetPeriodId()})
		must(t, err)
		s := resp.GetStatement()
		if len(s.GetAccounts()) != 1 || s.GetMargin().GetAmount() != "7.00" {
			t.Fatalf("it shows %v", s)
		}
		a := s.GetAccounts()[0]
		if a.GetAccountId() != customerAccount || a.GetCost().GetAmount() != "93" || a.GetPrice().GetAmount() != "100.000000" ||
			a.GetMargin().GetAmount() != "7.000000" {
			t.Errorf("the account is %v", a)
		}
		_, err = r.reports.GetMargin(
			r.As(t, kittest.Customer("customer-1", rel.GetCustomerId())), &billingv1.GetMarginRequest{PeriodId: p.GetPeriodId()},
		)
		refused(t, err, codes.PermissionDenied, "ROLE_DENIED")
	})
	t.Run("BIL-042 the report and the reconciliation of a month agree on what AWS charges", func(t *testing.T) {
		report, err := r.reports.GetMargin(r.operator(t), &billingv1.GetMarginRequest{PeriodId: p.GetPeriodId()})
		must(t, err)
		compared, err := r.reports.GetReconciliation(r.operator(t), &billingv1.GetReconciliationRequest{PeriodId: p.GetPeriodId()})
		must(t, err)
		if c := compared.GetReconciliation().GetCostTotal().GetAmount(); c != report.GetStatement().GetCost().GetAmount() || c != "93.00" {
			t.Errorf("reconciled at %s, reported at %v", c, report.GetStatement().GetCost())
		}
	})
}
