package scenarios_test

import (
	"strings"
	"testing"
	"time"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// TestEscalation lets a step and a decision take longer than planned. Both are in the lists of what needs somebody, have one
// case, and Operations is reminded of them on its schedule, until they go on.
func TestEscalation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, d := w.newCustomer(t), w.newCustomer(t)
	o, q := c.invited(t), d.questioned(t, false)
	began := w.Now(t)
	w.Advance(t, began.Add(5*24*time.Hour))
	for name, one := range map[string]struct {
		customer customer
		order    *ordersv1.Order
	}{"a step": {c, o}, "a decision": {d, q}} {
		t.Run(name, func(t *testing.T) {
			w.isEscalated(t, one.customer, one.order)
			open := w.problems(t, one.customer, true)
			if len(open) != 1 || !strings.Contains(open[0].GetTitle(), "takes longer than planned") {
				t.Errorf("the open cases are %v", open)
			}
			if n := w.operationsReminded(t, one.customer); n < 2 {
				t.Errorf("Operations has %d mails after some days", n)
			}
		})
	}
	c.accept(t)
	c.process(t, o.GetOrderId())
	t.Run("what goes on has no case and no reminder", func(t *testing.T) {
		before := w.operationsReminded(t, c)
		w.Advance(t, began.Add(5*24*time.Hour+12*time.Hour))
		if open := w.problems(t, c, true); len(open) != 0 {
			t.Errorf("open are %v", open)
		}
		if n := w.operationsReminded(t, c); n != before {
			t.Errorf("Operations has %d mails more", n-before)
		}
		if w.transfer(t, o.GetTransferId()).GetWaiting().GetEscalated() || w.order(t, o.GetOrderId()).GetWaiting().GetEscalated() {
			t.Error("its wait is still escalated")
		}
	})
}

// TestUndecided lets a decision rest: Operations is told again and again, and what it costs.
func TestUndecided(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	o := c.questioned(t, false)
	start := w.transfer(t, o.GetTransferId()).GetConnection().GetStartTime().AsTime()
	wait := w.asked(t, o).GetWaiting()
	if !wait.GetUntilTime().AsTime().Equal(start) || !mentions(wait.GetWhat(), "it costs nothing") {
		t.Errorf("before the start it waits for %v", wait)
	}
	w.Advance(t, w.Now(t).Add(74*24*time.Hour))
	wait = w.asked(t, o).GetWaiting()
	if wait.GetUntilTime() != nil || !wait.GetEscalated() || !mentions(wait.GetWhat(), "has charged the reseller since", "another one") {
		t.Errorf("after 74 days it waits for %v", wait)
	}
	if n := w.operationsReminded(t, c); n < 10 {
		t.Errorf("Operations was told %d times in 74 days", n)
	}
	if open := w.problems(t, c, true); len(open) != 1 {
		t.Errorf("the open cases are %v", open)
	}
}

// isEscalated fails unless transfer and order of a customer are in the lists of what takes longer than planned.
func (w *world) isEscalated(t *testing.T, c customer, o *ordersv1.Order) {
	t.Helper()
	transfers, err := w.Transfers.ListTransfers(w.operator(t), &accounttransferv1.ListTransfersRequest{CustomerId: c.id, Escalated: true})
	if err != nil || len(transfers.GetTransfers()) != 1 || !transfers.GetTransfers()[0].GetWaiting().GetEscalated() {
		t.Errorf("transfers: %v, %v", transfers, err)
	}
	orders, err := w.Orders.ListOrders(w.operator(t), &ordersv1.ListOrdersRequest{CustomerId: c.id, Escalated: true})
	if err != nil || len(orders.GetOrders()) != 1 || !orders.GetOrders()[0].GetWaiting().GetEscalated() ||
		orders.GetOrders()[0].GetOrderId() != o.GetOrderId() {
		t.Errorf("orders: %v, %v", orders, err)
	}
}

// problems are the cases about a customer's transfers; open: those that are not resolved.
func (w *world) problems(t *testing.T, c customer, open bool) (cases []*supportv1.Case) {
	t.Helper()
	resp, err := w.Cases.ListCases(w.operator(t), &supportv1.ListCasesRequest{
		CustomerId: c.id, Kinds: []supportv1.CaseKind{supportv1.CaseKind_CASE_KIND_TRANSFER_PROBLEM},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range resp.GetCases() {
		if !open || k.GetResolution() == nil {
			cases = append(cases, k)
		}
	}
	return cases
}

// operationsReminded counts the mails by which Operations is reminded of a customer's waits, and holds them against what arrived.
func (w *world) operationsReminded(t *testing.T, c customer) (n int) {
	t.Helper()
	resp, err := notificationsv1.NewNotificationServiceClient(w.Conn()).ListNotifications(
		w.operator(t), &notificationsv1.ListNotificationsRequest{CustomerId: c.id},
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range resp.GetNotifications() {
		if m.GetTemplateKey() == "escalation-operations" {
			n++
		}
	}
	arrived := w.mailed(t, &sandboxv1.ListMailRequest{To: operationsAddress})
	if n > len(arrived) {
		t.Errorf("%d mails are sent to Operations, and %d have arrived", n, len(arrived))
	}
	return n
}
