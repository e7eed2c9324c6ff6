package scenarios_test

import (
	"testing"
	"time"

	"example.com/handover/deploy/actors"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// isAtRest fails unless nothing of the customer waits for anybody, and no service has work that it cannot do.
func (w *world) isAtRest(t *testing.T, c customer) {
	t.Helper()
	actions, err := w.Actions.ListActions(w.operator(t), &ordersv1.ListActionsRequest{})
	if err != nil || len(actions.GetActions()) > 0 || len(actions.GetMissingServices()) > 0 {
		t.Errorf("to be done are %v, %v", actions, err)
	}
	orders, err := w.Orders.ListOrders(w.operator(t), &ordersv1.ListOrdersRequest{CustomerId: c.id})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range orders.GetOrders() {
		over := o.GetState() == ordersv1.OrderState_ORDER_STATE_COMPLETED || o.GetState() == ordersv1.OrderState_ORDER_STATE_FAILED
		if !over || o.GetWaiting() != nil {
			t.Errorf("the order %s is %s and waits for %v", o.GetOrderId(), o.GetState(), o.GetWaiting())
		}
	}
	w.bindsNothingMore(t, c)
	cases, err := w.Cases.ListCases(w.operator(t), &supportv1.ListCasesRequest{CustomerId: c.id, PageSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range cases.GetCases() {
		if k.GetResolution() == nil && k.GetState() != supportv1.CaseState_CASE_STATE_CANCELLED { // ServiceNow closes what is resolved
			t.Errorf("the case %q is %s", k.GetTitle(), k.GetState())
		}
	}
	reminders, err := w.Reminders.ListReminders(w.operator(t), &notificationsv1.ListRemindersRequest{
		CustomerId: c.id, States: []notificationsv1.ReminderState{notificationsv1.ReminderState_REMINDER_STATE_ACTIVE},
	})
	if err != nil || len(reminders.GetReminders()) > 0 {
		t.Errorf("reminders are to come: %v, %v", reminders.GetReminders(), err)
	}
	for _, service := range actors.Services() {
		resp, err := w.Operations(service).GetWork(w.operator(t), &opsv1.GetWorkRequest{Service: service})
		if work := resp.GetWork(); err != nil || work.GetDue() > 0 || work.GetBackingOff() > 0 || work.GetUnpublished() > 0 ||
			work.GetUnacked() > 0 || work.GetParked() > 0 || work.GetDeadLetters() > 0 {
			t.Errorf("%s has %v before it, %v", service, work, err)
		}
	}
}

// bindsNothingMore fails unless every transfer, connection, billing relationship and period of a customer that has left is over.
func (w *world) bindsNothingMore(t *testing.T, c customer) {
	t.Helper()
	transfers, err := w.Transfers.ListTransfers(w.operator(t), &accounttransferv1.ListTransfersRequest{CustomerId: c.id})
	if err != nil {
		t.Fatal(err)
	}
	for _, tr := range transfers.GetTransfers() {
		if tr.GetState() < accounttransferv1.TransferState_TRANSFER_STATE_COMPLETED || tr.GetWaiting() != nil {
			t.Errorf("the transfer %s is %s and waits for %v", tr.GetTransferId(), tr.GetState(), tr.GetWaiting())
		}
	}
	connections, err := w.Connections.ListConnections(w.operator(t), &accounttransferv1.ListConnectionsRequest{CustomerId: c.id})
	if err != nil {
		t.Fatal(err)
	}
	for _, con := range connections.GetConnections() {
		if con.GetState() != connectionEnded || con.GetWaiting() != nil {
			t.Errorf("the connection %s is %s and waits for %v", con.GetConnectionId(), con.GetState(), con.GetWaiting())
		}
	}
	billed, err := w.Billing.ListRelationships(w.operator(t), &billingv1.ListRelationshipsRequest{CustomerId: c.id})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range billed.GetRelationships() {
		if r.GetState() != billingv1.RelationshipState_RELATIONSHIP_STATE_ENDED || r.GetWaiting() != nil || r.GetNextMonth() != nil {
			t.Errorf("the billing %s is %s and waits for %v", r.GetRelationshipId(), r.GetState(), r.GetWaiting())
		}
	}
	periods, err := w.Billing.ListPeriods(w.operator(t), &billingv1.ListPeriodsRequest{CustomerId: c.id, PageSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range periods.GetPeriods() {
		over := p.GetState() == billingv1.PeriodState_PERIOD_STATE_INVOICED || p.GetState() == billingv1.PeriodState_PERIOD_STATE_VOIDED
		if !over || p.GetWaiting() != nil {
			t.Errorf("the period %s is %s and waits for %v", p.GetPeriodId(), p.GetState(), p.GetWaiting())
		}
	}
}

// channelCloses has an agent take away the access that an order's channel gave, and fails unless the channel was open until then.
func (c customer) channelCloses(t *testing.T, orderID string) {
	t.Helper()
	channel := func() *supportv1.Channel {
		resp, err := c.w.Channels.ListChannels(c.w.operator(t), &supportv1.ListChannelsRequest{OrderId: orderID})
		if err != nil || len(resp.GetChannels()) != 1 {
			t.Fatalf("the channels are %v, %v", resp.GetChannels(), err)
		}
		return resp.GetChannels()[0]
	}
	if ch := channel(); ch.GetState() != supportv1.ChannelState_CHANNEL_STATE_ENDING {
		t.Fatalf("the channel is %v", ch)
	}
	if err := c.w.agent(t).ResolveCase(t.Context(), channel().GetEndCaseId(), "The access is taken away."); err != nil {
		t.Fatal(err)
	}
	c.w.Advance(t, c.w.Now(t).Add(6*time.Hour))
	if ch := channel(); ch.GetState() != supportv1.ChannelState_CHANNEL_STATE_ENDED {
		t.Errorf("the channel is %v", ch)
	}
}
