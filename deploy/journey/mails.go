package journey

import (
	"fmt"

	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// mailed waits until the world is quiet and returns the mail of a notification, as it arrived.
func mailed(l *Life, notificationID string) (*sandboxv1.Mail, error) {
	if err := l.Quiet(); err != nil {
		return nil, err
	}
	n, err := l.Mails.GetNotification(l.asOperator(), &notificationsv1.GetNotificationRequest{NotificationId: notificationID})
	if err != nil {
		return nil, fmt.Errorf("notification: %w", err)
	}
	if s := n.GetNotification().GetState(); s != notificationsv1.NotificationState_NOTIFICATION_STATE_SENT {
		return nil, fmt.Errorf("the mail %s is %s: %s", n.GetNotification().GetTemplateKey(), s, n.GetNotification().GetFailure().GetMessage())
	}
	arrived, err := l.mailbox.Mails(l.ctx, &sandboxv1.ListMailRequest{
		MessageId: n.GetNotification().GetMessageId(), To: l.email, WithText: true,
	})
	if err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	if len(arrived) != 1 {
		return nil, fmt.Errorf("the mail %s arrived %d times", n.GetNotification().GetTemplateKey(), len(arrived))
	}
	return arrived[0], nil
}

// reminder returns the order's reminder by a template; nil: it has none. Two are an error.
func reminder(l *Life, template string) (*notificationsv1.Reminder, error) {
	if err := l.Quiet(); err != nil {
		return nil, err
	}
	all, err := l.Reminders.ListReminders(l.asOperator(), &notificationsv1.ListRemindersRequest{Correlation: l.orderID, PageSize: 500})
	if err != nil {
		return nil, fmt.Errorf("reminders: %w", err)
	}
	var found *notificationsv1.Reminder
	for _, r := range all.GetReminders() {
		switch {
		case r.GetTemplateKey() != template:
		case found != nil:
			return nil, fmt.Errorf("there are two reminders %s", template)
		default:
			found = r
		}
	}
	return found, nil
}

// reminded checks that the customer was reminded by mail, and how often.
func reminded(l *Life, template string, atLeast int) error {
	r, err := reminder(l, template)
	if err != nil {
		return err
	}
	sent := r.GetNotificationIds()
	if len(sent) < atLeast {
		return fmt.Errorf("%s was sent %d times", template, len(sent))
	}
	for _, one := range sent {
		mail, err := mailed(l, one)
		if err != nil {
			return err
		}
		l.print("  mailed %q at %s", mail.GetSubject(), mail.GetArriveTime().AsTime().Format("2006-01-02 15:04"))
	}
	return nil
}

// notReminded checks that nobody is reminded of it any more. What was over before the suite came to ask has no reminder at all.
func notReminded(l *Life, template string) error {
	r, err := reminder(l, template)
	if err != nil {
		return err
	}
	if r.GetState() == notificationsv1.ReminderState_REMINDER_STATE_ACTIVE {
		return fmt.Errorf("%s is still to be sent at %s", template, r.GetNextTime().AsTime())
	}
	return nil
}

// notificationAbout returns the id of the one mail about something.
func notificationAbout(l *Life, subject string) (string, error) {
	if err := l.Quiet(); err != nil {
		return "", err
	}
	all, err := l.Mails.ListNotifications(l.asOperator(), &notificationsv1.ListNotificationsRequest{Correlation: l.orderID, PageSize: 500})
	if err != nil {
		return "", fmt.Errorf("notifications: %w", err)
	}
	var found []string
	for _, n := range all.GetNotifications() {
		if n.GetSubjectId() == subject {
			found = append(found, n.GetNotificationId())
		}
	}
	if len(found) != 1 {
		return "", fmt.Errorf("there are %d mails about %s", len(found), subject)
	}
	return found[0], nil
}
