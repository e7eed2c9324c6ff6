package orders_test

import (
	"slices"
	"strings"
	"testing"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
)

// TestAbsentTransferHoldsNoReminder: who has submitted is not reminded of the draft, whoever is away.
func TestAbsentTransferHoldsNoReminder(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	n.halted.Store(true)
	a := start(t, outside, n.services()...)
	payer := id.New("pay")
	a.know(t, payer, a.seller)
	orderID := a.draft(t, payer)
	a.sendLink(t, n, orderID)
	plan := next[*notificationsv1.PlanReminderRequest](t, n)
	if _, err := a.submit(t, orderID); err != nil {
		t.Fatal(err)
	}
	next[*accounttransferv1.CreateTransferRequest](t, n) // the transfer comes first all the same
	if stop := next[*notificationsv1.StopReminderRequest](t, n); stop.GetReminderId() != plan.GetReminderId() {
		t.Errorf("stopped %v", stop)
	}
	next[*accounttransferv1.CreateTransferRequest](t, n)
	n.halted.Store(false)
	a.follows(t, orderID, "order.transfer_created")
}

// TestRefusedMail: what Notifications refuses is told to Operations and not asked again; a missing right is waited for.
func TestRefusedMail(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	a := start(t, outside, n.services()...)
	for _, kind := range []errs.Kind{errs.Invalid, errs.Precondition, errs.NotFound} {
		n.refuses.Store(&kind)
		orderID := a.draft(t, "")
		a.sendLink(t, n, orderID)
		next[*notificationsv1.PlanReminderRequest](t, n)
		a.follows(t, orderID, "order.mail_refused")
		for _, e := range a.events(t, orderID) {
			if strings.HasPrefix(e, "order.mail_refused") &&
				(!strings.Contains(e, "AUDIENCE_OPERATOR") || !strings.Contains(e, "TEMPLATE_UNKNOWN")) {
				t.Errorf("%v: told %s", kind, e)
			}
		}
	}
	n.refuses.Store(new(errs.Denied))
	orderID := a.draft(t, "")
	if _, err := a.orders.SendOrder(a.operator(t), &ordersv1.SendOrderRequest{OrderId: orderID}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // again and again
		next[*notificationsv1.RequestNotificationRequest](t, n)
	}
	if slices.ContainsFunc(a.events(t, orderID), func(e string) bool { return strings.HasPrefix(e, "order.mail_refused") }) {
		t.Error("a missing right is no refusal of the mail")
	}
	n.refuses.Store(nil)
	next[*notificationsv1.PlanReminderRequest](t, n)
}
