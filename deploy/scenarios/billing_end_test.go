package scenarios_test

import (
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// leaving is a customer who withdraws in the AWS console, a month after the billing began and long after the order.
type leaving struct {
	customer
	order *ordersv1.Order
}

// TestWithdrawnAtAWS: AWS bills to the end of the month in which the customer withdraws, and so does the reseller.
func TestWithdrawnAtAWS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	l := leaving{customer: w.newCustomer(t)}
	l.order = l.rejectsTerm(t, l.accepted(t)) // an accepted term would bind the customer for a year
	l.finish(t, l.order)
	inState(t, w.order(t, l.order.GetOrderId()), ordersv1.OrderState_ORDER_STATE_COMPLETED)
	for _, m := range []time.Month{time.March, time.April} {
		w.Advance(t, time.Date(2026, m, 20, 0, 0, 0, 0, time.UTC))
		l.uses(t, m)
	}
	if _, err := w.aws(t).WithdrawTransfer(t.Context(), l.account, false); err != nil {
		t.Fatalf("withdraw at AWS: %v", err)
	}
	w.Advance(t, time.Date(2026, time.May, 2, 0, 0, 0, 0, time.UTC))
	t.Run("the customer has read before the last day what it has to see to", l.preparesToLeave)
	t.Run("BIL-013 the billing ends with the month in which the customer withdraws", l.ends)
	w.Advance(t, time.Date(2026, time.June, 6, 0, 0, 0, 0, time.UTC))
	t.Run("BIL-014 the last month is invoiced in the next month's cycle, as the final invoice", l.final)
}

func (l leaving) uses(t *testing.T, m time.Month) {
	t.Helper()
	err := l.w.aws(t).RecordUsage(t.Context(), l.account, calendar.Month{Year: 2026, Month: m},
		&sandboxv1.UsageLine{Service: "Amazon Elastic Compute Cloud - Compute", Amount: "100"})
	if err != nil {
		t.Fatalf("record the usage: %v", err)
	}
}

// preparesToLeave fails unless the checklist came while there was time for it.
func (l leaving) preparesToLeave(t *testing.T) {
	last, found := time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC), 0
	for _, m := range l.w.mailed(t, &sandboxv1.ListMailRequest{To: "pat@example.com", WithText: true}) {
		if mentions(m.GetText(), l.account, "Before that day", "30 April 2026", "payment method", "cost and usage reports", "budgets") &&
			m.GetArriveTime().AsTime().Before(last) {
			found++
		}
	}
	if found != 1 {
		t.Errorf("%d mails say what is to be done before the end", found)
	}
}

func (l leaving) ends(t *testing.T) {
	resp, err := l.w.Billing.ListRelationships(l.person(t), &billingv1.ListRelationshipsRequest{OrderId: l.order.GetOrderId()})
	if err != nil || len(resp.GetRelationships()) != 1 {
		t.Fatalf("relationships %v, %v", resp, err)
	}
	r, end := resp.GetRelationships()[0], time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)
	if r.GetState() != billingv1.RelationshipState_RELATIONSHIP_STATE_ENDED || !r.GetEndTime().AsTime().Equal(end) || r.GetNextMonth() != nil {
		t.Errorf("the relationship is %v", r)
	}
}

// final fails unless March and April are invoiced, April alone as the final month, and no other month was begun.
func (l leaving) final(t *testing.T) {
	const oldestFirst = typev1.SortOrder_SORT_ORDER_CREATE_TIME
	periods, err := l.w.Billing.ListPeriods(l.person(t), &billingv1.ListPeriodsRequest{OrderBy: oldestFirst})
	if err != nil || len(periods.GetPeriods()) != 2 {
		t.Fatalf("periods %v, %v", periods, err)
	}
	invoices, err := l.w.Invoices.ListInvoices(l.person(t), &billingv1.ListInvoicesRequest{OrderBy: oldestFirst})
	if err != nil || len(invoices.GetInvoices()) != 2 {
		t.Fatalf("invoices %v, %v", invoices, err)
	}
	for n, i := range invoices.GetInvoices() {
		p, last := periods.GetPeriods()[n], n == 1
		if p.GetState() != billingv1.PeriodState_PERIOD_STATE_INVOICED || p.GetIsFinal() != last || i.GetIsFinal() != last ||
			i.GetPeriodId() != p.GetPeriodId() || i.GetMonth().GetMonth() != int32(3+n) ||
			i.GetState() != billingv1.InvoiceState_INVOICE_STATE_SENT {
			t.Errorf("month %d: %v, %v", n+1, p, i)
		}
	}
	gate := time.Date(2026, time.May, 5, 0, 0, 0, 0, time.UTC)
	if at := invoices.GetInvoices()[1].GetIssueTime().AsTime(); at.Before(gate) || at.Month() != time.May {
		t.Errorf("the final invoice is of %v", at)
	}
}
