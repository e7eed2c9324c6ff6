package notifications_test

import (
	"slices"
	"testing"

	"google.golang.org/grpc/codes"

	"example.com/handover/pkg/kit/kittest"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestMailsToOperations are about a customer, and found nowhere by it: no mail, no reminder, nothing in its timeline.
func TestMailsToOperations(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	planned := a.plan(t, plan(3*day))
	mail := a.mailOf(t, planned.GetReminderId())
	a.becomes(t, mail.GetNotificationId(), notificationsv1.NotificationState_NOTIFICATION_STATE_SENT)
	own := a.request(t, wish(toBilling, func(r *notificationsv1.RequestNotificationRequest) { r.CustomerId = planned.GetCustomerId() }))
	person := a.As(t, kittest.Customer("customer-1", planned.GetCustomerId()))
	_, err := a.mails.GetNotification(person, &notificationsv1.GetNotificationRequest{NotificationId: mail.GetNotificationId()})
	refused(t, err, codes.NotFound, "NOT_FOUND")
	_, err = a.reminders.GetReminder(person, &notificationsv1.GetReminderRequest{ReminderId: planned.GetReminderId()})
	refused(t, err, codes.NotFound, "NOT_FOUND")
	for _, filter := range []*notificationsv1.ListNotificationsRequest{{}, {ReminderId: planned.GetReminderId()}} {
		listed, err := a.mails.ListNotifications(person, filter)
		if err != nil || slices.ContainsFunc(listed.GetNotifications(), func(n *notificationsv1.Notification) bool {
			return n.GetNotificationId() != own.GetNotificationId()
		}) {
			t.Errorf("the customer lists %v with %v, %v", listed, filter, err)
		}
	}
	got, err := a.mails.GetNotification(person, &notificationsv1.GetNotificationRequest{NotificationId: own.GetNotificationId()})
	if err != nil {
		t.Errorf("its own mail is %v, %v", got, err)
	}
	reminders, err := a.reminders.ListReminders(person, &notificationsv1.ListRemindersRequest{})
	if err != nil || len(reminders.GetReminders()) != 0 {
		t.Errorf("the customer lists %v, %v", reminders, err)
	}
	for _, about := range []string{mail.GetNotificationId(), planned.GetReminderId()} {
		if told := a.told(t, about, typev1.Audience_AUDIENCE_CUSTOMER); len(told) != 0 {
			t.Errorf("the customer's timeline has %v of %s", told, about)
		}
	}
}
