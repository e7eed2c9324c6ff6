package scenarios_test

import (
	"slices"
	"testing"
	"time"

	"example.com/handover/pkg/calendar"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// completed is an order that was brought to its end, accepted at AWS at an instant.
func (c customer) completed(t *testing.T, accepted time.Time) *ordersv1.Order {
	t.Helper()
	o := c.invited(t)
	c.w.Advance(t, accepted)
	c.accept(t)
	c.process(t, o.GetOrderId())
	c.acceptTerm(t)
	c.process(t, o.GetOrderId())
	c.finish(t, o)
	o = c.w.order(t, o.GetOrderId())
	inState(t, o, ordersv1.OrderState_ORDER_STATE_COMPLETED)
	return o
}

// usesIn records what the customer uses in a month.
func (c customer) usesIn(t *testing.T, m calendar.Month) {
	t.Helper()
	if err := c.w.aws(t).RecordUsage(
		t.Context(), c.account, m, &sandboxv1.UsageLine{Service: "Amazon Simple Storage Service", Amount: "100"},
	); err != nil {
		t.Fatalf("record the usage of %s: %v", m, err)
	}
}

// connection is the customer's one; of several, the one of its account.
func (c customer) connection(t *testing.T) *accounttransferv1.Connection {
	t.Helper()
	resp, err := c.w.Connections.ListConnections(c.person(t), &accounttransferv1.ListConnectionsRequest{})
	all := resp.GetConnections()
	if len(all) > 1 {
		all = slices.DeleteFunc(all, func(con *accounttransferv1.Connection) bool { return con.GetAccountId() != c.account })
	}
	if err != nil || len(all) != 1 {
		t.Fatalf("the connections are %v, %v", all, err)
	}
	return all[0]
}

// invoices are all of the customer, oldest first.
func (c customer) invoices(t *testing.T) []*billingv1.Invoice {
	t.Helper()
	resp, err := c.w.Invoices.ListInvoices(
		c.person(t), &billingv1.ListInvoicesRequest{OrderBy: typev1.SortOrder_SORT_ORDER_CREATE_TIME, PageSize: 100},
	)
	if err != nil {
		t.Fatalf("list the invoices: %v", err)
	}
	return resp.GetInvoices()
}
