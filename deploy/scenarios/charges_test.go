package scenarios_test

import (
	"testing"

	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestUndecidedCharges: the customer withdraws at AWS while its order is under way, so that Operations must say who pays
// what AWS charges. Nobody is invoiced before, however late it is decided, and what is decided is done.
func TestUndecidedCharges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.standardPrices(t)
	pays, free := w.newCustomer(t), w.newCustomer(t)
	paid, freed := pays.invited(t), free.invited(t)
	w.Advance(t, at(t, "2026-02-19T10:00:00Z"))
	for c, o := range map[customer]*ordersv1.Order{pays: paid, free: freed} {
		c.accept(t)
		c.process(t, o.GetOrderId())
		c.usesIn(t, firstBilled)
	}
	w.Advance(t, at(t, "2026-03-10T10:00:00Z"))
	for _, c := range []customer{pays, free} {
		if _, err := w.aws(t).WithdrawTransfer(t.Context(), c.account, false); err != nil {
			t.Fatalf("withdraw at AWS: %v", err)
		}
	}
	w.Advance(t, at(t, "2026-04-06T12:00:00Z"))
	for _, c := range []customer{pays, free} {
		p := c.onlyPeriod(t)
		if p.GetState() != held || !mentions(p.GetHold().GetMessage(), "who pays") || len(c.invoices(t)) != 0 {
			t.Errorf("undecided, the period is %v, with %d invoices", p, len(c.invoices(t)))
		}
	}
	w.decide(t, paid, customerPays)
	w.decide(t, freed, resellerPays)
	w.Advance(t, at(t, "2026-04-08T12:00:00Z"))
	t.Run("the customer pays: its month is invoiced, as the final one", func(t *testing.T) {
		if p, all := pays.onlyPeriod(t), pays.invoices(t); p.GetState() != invoiced || len(all) != 1 || !all[0].GetIsFinal() {
			t.Errorf("the period is %v, the invoices are %v", p, all)
		}
	})
	t.Run("the reseller pays: nothing is invoiced, and nothing is left to do", func(t *testing.T) {
		p := free.onlyPeriod(t)
		if p.GetState() != billingv1.PeriodState_PERIOD_STATE_VOIDED || p.GetWaiting() != nil || len(free.invoices(t)) != 0 {
			t.Errorf("the period is %v, with %d invoices", p, len(free.invoices(t)))
		}
	})
	for _, o := range []*ordersv1.Order{paid, freed} {
		inState(t, w.order(t, o.GetOrderId()), ordersv1.OrderState_ORDER_STATE_FAILED)
	}
}

const (
	held     = billingv1.PeriodState_PERIOD_STATE_HELD
	invoiced = billingv1.PeriodState_PERIOD_STATE_INVOICED
)

// onlyPeriod is the one month that the customer is, or would be, billed for.
func (c customer) onlyPeriod(t *testing.T) *billingv1.Period {
	t.Helper()
	resp, err := c.w.Billing.ListPeriods(c.w.operator(t), &billingv1.ListPeriodsRequest{CustomerId: c.id})
	if err != nil || len(resp.GetPeriods()) != 1 {
		t.Fatalf("the periods are %v, %v", resp.GetPeriods(), err)
	}
	return resp.GetPeriods()[0]
}
