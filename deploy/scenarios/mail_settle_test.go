package scenarios_test

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/id"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestUndeliverable: a mail that did not reach a customer is in the list of what needs us until somebody has seen to it, or nobody has to
// any more; what ends that is told.
func TestUndeliverable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	u := w.unreachable(t)
	t.Run("a link is sent anew, and the draft ends", u.links)
	t.Run("a reminder mails again, and is stopped", u.reminders)
	t.Run("an address that bounced is replaced", u.address)
}

// unreachable is a customer whose one person has an address that the mail provider refuses.
type unreachable struct {
	customer
	person string
}

func (w *world) unreachable(t *testing.T) unreachable {
	t.Helper()
	c := w.newCustomer(t)
	known, err := w.Customers.GetCustomer(w.operator(t), &ordersv1.GetCustomerRequest{CustomerId: c.id})
	if err != nil {
		t.Fatal(err)
	}
	u := unreachable{c, known.GetPersons()[0].GetPersonId()}
	u.moves(t, "nobody@bounce.example.com")
	return u
}

// moves gives the person another address.
func (u unreachable) moves(t *testing.T, address string) {
	t.Helper()
	_, err := u.w.Customers.UpdatePerson(u.w.operator(t), &ordersv1.UpdatePersonRequest{
		CustomerId: u.id, PersonId: u.person, Person: &ordersv1.Person{Email: address},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"email"}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// listed are the mails of the customer that need us.
func (u unreachable) listed(t *testing.T) (ids []string) {
	t.Helper()
	resp, err := u.w.Actions.ListActions(u.w.operator(t), &ordersv1.ListActionsRequest{
		CustomerId: u.id, Kinds: []typev1.ActionKind{typev1.ActionKind_ACTION_KIND_NOTIFICATION},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range resp.GetActions() {
		ids = append(ids, a.GetResourceId())
	}
	return ids
}

// one is the only mail that needs us.
func (u unreachable) one(t *testing.T) string {
	t.Helper()
	ids := u.listed(t)
	if len(ids) != 1 {
		t.Fatalf("these mails need us: %v", ids)
	}
	return ids[0]
}

// ended fails unless the mail needs nobody any more, for this cause.
func (u unreachable) ended(t *testing.T, notificationID string, cause notificationsv1.SettlementCause) {
	t.Helper()
	resp, err := u.w.Mails.GetNotification(u.w.operator(t), &notificationsv1.GetNotificationRequest{NotificationId: notificationID})
	if err != nil || resp.GetNotification().GetSettlement().GetCause() != cause || slices.Contains(u.listed(t), notificationID) {
		t.Errorf("want %s: it is %v, %v", cause, resp.GetNotification(), err)
	}
}

func (u unreachable) links(t *testing.T) {
	o := u.draft(t)
	if _, err := u.w.op(t).SendLink(t.Context(), o.GetOrderId()); err != nil {
		t.Fatal(err)
	}
	u.w.Settle(t)
	first := u.one(t)
	if _, err := u.w.Orders.ResendLink(u.w.operator(t), &ordersv1.ResendLinkRequest{OrderId: o.GetOrderId()}); err != nil {
		t.Fatal(err)
	}
	u.w.Settle(t)
	second := u.one(t)
	u.ended(t, first, notificationsv1.SettlementCause_SETTLEMENT_CAUSE_REPLACED)
	u.w.Advance(t, u.w.Now(t).Add(time.Hour))
	if _, err := u.w.Orders.DeleteOrder(u.w.operator(t), &ordersv1.DeleteOrderRequest{OrderId: o.GetOrderId()}); err != nil {
		t.Fatal(err)
	}
	u.w.Settle(t)
	if second != u.one(t) {
		t.Error("it does not need us any more before anybody has looked")
	}
	u.w.Advance(t, u.w.Now(t).Add(25*time.Hour))
	u.ended(t, second, notificationsv1.SettlementCause_SETTLEMENT_CAUSE_OWNER_ENDED)
}

func (u unreachable) reminders(t *testing.T) {
	order, reminder := id.New("ord"), id.New("rem")
	_, err := u.w.Reminders.PlanReminder(u.w.operator(t), &notificationsv1.PlanReminderRequest{
		ReminderId: reminder, PlanKey: "order-draft", TemplateKey: "enter-account", CustomerId: u.id,
		Recipient: role(notificationsv1.RecipientRole_RECIPIENT_ROLE_TECHNICAL),
		Params:    map[string]string{"order_id": order}, Correlation: order, SubjectId: order,
	})
	if err != nil {
		t.Fatal(err)
	}
	u.w.Advance(t, u.w.Now(t).Add(25*time.Hour))
	first := u.one(t)
	u.w.Advance(t, u.w.Now(t).Add(48*time.Hour))
	second := u.one(t)
	u.ended(t, first, notificationsv1.SettlementCause_SETTLEMENT_CAUSE_REPLACED)
	stop := &notificationsv1.StopReminderRequest{ReminderId: reminder, Reason: "it is done"}
	if _, err := u.w.Reminders.StopReminder(u.w.operator(t), stop); err != nil {
		t.Fatal(err)
	}
	u.ended(t, second, notificationsv1.SettlementCause_SETTLEMENT_CAUSE_REMINDER_ENDED)
}

func (u unreachable) address(t *testing.T) {
	u.moves(t, "pat@example.com")
	order, mail := id.New("ord"), id.New("ntf")
	_, err := u.w.Mails.RequestNotification(u.w.operator(t), &notificationsv1.RequestNotificationRequest{
		NotificationId: mail, TemplateKey: "order-completed", CustomerId: u.id,
		Recipient: role(notificationsv1.RecipientRole_RECIPIENT_ROLE_PRIMARY),
		Params:    map[string]string{"product": "Essentials"}, Correlation: order, SubjectId: order,
	})
	if err != nil {
		t.Fatal(err)
	}
	u.w.Settle(t)
	_, err = u.w.Mails.ReportDelivery(u.w.operator(t), &notificationsv1.ReportDeliveryRequest{
		NotificationId: mail, Problem: notificationsv1.DeliveryProblemKind_DELIVERY_PROBLEM_KIND_BOUNCED,
	})
	if err != nil {
		t.Fatal(err)
	}
	u.w.Advance(t, u.w.Now(t).Add(48*time.Hour))
	if u.one(t) != mail {
		t.Error("it does not need us any more, and has the address that bounced")
	}
	get := func() *notificationsv1.Notification {
		resp, err := u.w.Mails.GetNotification(u.w.operator(t), &notificationsv1.GetNotificationRequest{NotificationId: mail})
		if err != nil {
			t.Fatal(err)
		}
		return resp.GetNotification()
	}
	if wait := get().GetWaiting(); wait.GetEscalated() || wait.GetEscalateTime() == nil {
		t.Errorf("after two days it waits as %v", wait)
	}
	u.w.Advance(t, u.w.Now(t).Add(48*time.Hour))
	if wait := get().GetWaiting(); !wait.GetEscalated() {
		t.Errorf("after four days it waits as %v", wait)
	}
	u.moves(t, "pat.example@example.com")
	u.w.Advance(t, u.w.Now(t).Add(25*time.Hour))
	if n := get(); n.GetState() != notificationsv1.NotificationState_NOTIFICATION_STATE_SENT || n.GetWaiting() != nil ||
		n.GetSettlement() != nil || n.GetProblem() != nil {
		t.Errorf("with the new address it is %v", n)
	}
	if got := u.w.mailed(t, &sandboxv1.ListMailRequest{To: "pat.example@example.com"}); len(got) != 1 {
		t.Errorf("the new address has %d mails", len(got))
	}
}
