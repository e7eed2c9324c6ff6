package notifications_test

import (
	"context"
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/sim/mail"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// refusing starts the service with a mail server that refuses every address of Operations.
func refusing(t *testing.T) *alone {
	t.Helper()
	a := startAlone(t)
	if err := a.inbox.SetRule("handover.example", mail.Bounce); err != nil {
		t.Fatal(err)
	}
	return a
}

// entry is a mail in the list of what needs us; nil: it is not there.
func (a *alone) entry(t *testing.T, notificationID string) *typev1.Action {
	t.Helper()
	for _, action := range a.actions(t, &opsv1.ListActionsRequest{}) {
		if action.GetResourceId() == notificationID {
			return action
		}
	}
	return nil
}

// settled fails unless a mail is in the list no more, and says and tells why.
func (a *alone) settled(t *testing.T, notificationID string, cause notificationsv1.SettlementCause) *notificationsv1.Settlement {
	t.Helper()
	n := a.get(t, notificationID)
	if n.GetSettlement().GetCause() != cause || n.GetWaiting() != nil || a.entry(t, notificationID) != nil {
		t.Errorf("want %s: it is %v", cause, n)
	}
	told := a.told(t, notificationID, typev1.Audience_AUDIENCE_OPERATOR)
	if told[len(told)-1] != "settled" {
		t.Errorf("%s: told is %v", cause, told)
	}
	return n.GetSettlement()
}

func (a *alone) settle(t *testing.T, notificationID string) error {
	t.Helper()
	_, err := a.mails.SettleNotification(a.operator(t), &notificationsv1.SettleNotificationRequest{
		NotificationId: notificationID, Reason: "told by phone",
	})
	return err
}

// TestSettle: a mail that failed is in the list until somebody says why it is not needed, and can be sent again even then.
func TestSettle(t *testing.T) {
	t.Parallel()
	a := refusing(t)
	n := a.becomes(t, a.request(t, wish(link)).GetNotificationId(), failed)
	if action := a.entry(t, n.GetNotificationId()); action.GetWaiting().GetWhere() !=
		"OrderService.ResendLink, NotificationService.SettleNotification" {
		t.Errorf("listed is %v", action)
	}
	if err := a.settle(t, n.GetNotificationId()); err != nil {
		t.Fatal(err)
	}
	s := a.settled(t, n.GetNotificationId(), notificationsv1.SettlementCause_SETTLEMENT_CAUSE_DECIDED)
	if s.GetReason() != "told by phone" || s.GetActor().GetSubject() != "operator-1" || !s.GetSettleTime().AsTime().Equal(start) {
		t.Errorf("settled is %v", s)
	}
	refused(t, a.settle(t, n.GetNotificationId()), codes.FailedPrecondition, "STATE_REFUSES")

	n = a.becomes(t, a.request(t, wish()).GetNotificationId(), failed)
	if err := a.settle(t, n.GetNotificationId()); err != nil {
		t.Fatal(err)
	}
	if _, err := a.mails.ResendNotification(a.operator(t), &notificationsv1.ResendNotificationRequest{
		NotificationId: n.GetNotificationId(), Reason: "they ask for it",
	}); err != nil {
		t.Fatal(err)
	}
	a.until(t, func() bool { return a.entry(t, n.GetNotificationId()) != nil })
	if n := a.get(t, n.GetNotificationId()); n.GetState() != failed || n.GetSettlement() != nil {
		t.Errorf("after it has failed again it is %v", n)
	}
}

// TestNothingToSettle: what is sent, or is still to be sent, cannot be settled, and a customer settles nothing.
func TestNothingToSettle(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	refused(t, a.settle(t, id.New("ntf")), codes.NotFound, "NOT_FOUND")
	n := a.becomes(t, a.request(t, wish()).GetNotificationId(), sent)
	refused(t, a.settle(t, n.GetNotificationId()), codes.FailedPrecondition, "STATE_REFUSES")
	waits := a.request(t, wish(toBilling))
	refused(t, a.settle(t, waits.GetNotificationId()), codes.FailedPrecondition, "STATE_REFUSES")
	if err := a.report(t, waits.GetNotificationId()); err == nil {
		t.Error("a mail that nobody has taken bounces")
	}
}

// TestReplaced: a newer mail of the same template, subject and recipient settles one that failed, and no other does.
func TestReplaced(t *testing.T) {
	t.Parallel()
	a := refusing(t)
	first := wish(link)
	n := a.becomes(t, a.request(t, first).GetNotificationId(), failed)
	same := func(change func(*notificationsv1.RequestNotificationRequest)) string {
		return a.request(t, wish(link, func(r *notificationsv1.RequestNotificationRequest) {
			r.CustomerId, r.SubjectId, r.Correlation = first.GetCustomerId(), first.GetSubjectId(), first.GetCorrelation()
			change(r)
		})).GetNotificationId()
	}
	same(func(r *notificationsv1.RequestNotificationRequest) { r.SubjectId = id.New("ord") })
	same(func(r *notificationsv1.RequestNotificationRequest) {
		r.TemplateKey, r.SecretParams = "order-completed", nil
	})
	same(toBilling)
	if a.entry(t, n.GetNotificationId()) == nil {
		t.Fatal("something else has replaced it")
	}
	newer := same(func(*notificationsv1.RequestNotificationRequest) {})
	s := a.settled(t, n.GetNotificationId(), notificationsv1.SettlementCause_SETTLEMENT_CAUSE_REPLACED)
	if s.GetNewNotificationId() != newer || s.GetActor() != nil {
		t.Errorf("settled is %v", s)
	}
	a.becomes(t, newer, failed)
	a.until(t, func() bool { return a.entry(t, newer) != nil })
}

// TestReminderEnds: what a reminder could not mail needs nobody once it was stopped.
func TestReminderEnds(t *testing.T) {
	t.Parallel()
	a := refusing(t)
	reminderID, order := id.New("rem"), id.New("ord")
	_, err := a.reminders.PlanReminder(a.operator(t), &notificationsv1.PlanReminderRequest{
		ReminderId: reminderID, PlanKey: "operations-escalation", TemplateKey: "enter-account", CustomerId: id.New("cus"),
		Recipient: &notificationsv1.Recipient{Role: notificationsv1.RecipientRole_RECIPIENT_ROLE_OPERATIONS},
		Params:    map[string]string{"order_id": order}, Correlation: order, SubjectId: order,
	})
	if err != nil {
		t.Fatal(err)
	}
	var mailID string
	a.until(t, func() bool {
		resp, err := a.mails.ListNotifications(a.operator(t), &notificationsv1.ListNotificationsRequest{
			ReminderId: reminderID, States: []notificationsv1.NotificationState{failed},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range resp.GetNotifications() {
			mailID = n.GetNotificationId()
		}
		return mailID != ""
	})
	if a.entry(t, mailID) == nil {
		t.Error("the mail is not listed")
	}
	stop := &notificationsv1.StopReminderRequest{ReminderId: reminderID, Reason: "it is done"}
	if _, err := a.reminders.StopReminder(a.operator(t), stop); err != nil {
		t.Fatal(err)
	}
	a.settled(t, mailID, notificationsv1.SettlementCause_SETTLEMENT_CAUSE_REMINDER_ENDED)
}

func (a *alone) report(t *testing.T, notificationID string) error {
	t.Helper()
	_, err := a.mails.ReportDelivery(a.operator(t), &notificationsv1.ReportDeliveryRequest{
		NotificationId: notificationID, Problem: notificationsv1.DeliveryProblemKind_DELIVERY_PROBLEM_KIND_BOUNCED, ProviderCode: "550 5.1.1",
	})
	return err
}

// TestBounce: a mail that bounced after it was taken is in the list, with the verbs that mend it, until it is settled or sent again.
func TestBounce(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	for name, mend := range map[string]func(ctx context.Context, id string) error{
		"settled": func(_ context.Context, id string) error { return a.settle(t, id) },
		"sent again": func(ctx context.Context, id string) error {
			_, err := a.mails.ResendNotification(ctx, &notificationsv1.ResendNotificationRequest{NotificationId: id, Reason: "it works"})
			return err
		},
	} {
		n := a.becomes(t, a.request(t, wish()).GetNotificationId(), sent)
		for range 2 { // a provider may say it twice
			if err := a.report(t, n.GetNotificationId()); err != nil {
				t.Fatal(err)
			}
		}
		const where = "CustomerService.UpdatePerson, NotificationService.ResendNotification, NotificationService.SettleNotification"
		if w := a.entry(t, n.GetNotificationId()).GetWaiting(); w.GetOwner() != typev1.Party_PARTY_RESELLER || w.GetWhere() != where {
			t.Errorf("%s: it waits for %v", name, w)
		}
		told := a.told(t, n.GetNotificationId(), typev1.Audience_AUDIENCE_OPERATOR)
		if p := a.get(t, n.GetNotificationId()).GetProblem(); p.GetProviderCode() != "550 5.1.1" || told[len(told)-1] != "undelivered" ||
			len(told) != 3 || !p.GetReportTime().AsTime().Equal(start) {
			t.Errorf("%s: its problem is %v, told is %v", name, p, told)
		}
		if err := mend(a.operator(t), n.GetNotificationId()); err != nil {
			t.Fatal(err)
		}
		if a.entry(t, n.GetNotificationId()) != nil {
			t.Errorf("%s: it is still listed", name)
		}
		a.becomes(t, n.GetNotificationId(), sent)
	}
}
