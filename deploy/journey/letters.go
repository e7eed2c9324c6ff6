package journey

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"

	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// linkIn finds the last part of the link in the mail.
var linkIn = regexp.MustCompile(`/v1/orderLinks/([0-9A-Za-z_-]+)`)

// linked has the link sent, finds it in the customer's mailbox, and opens it as anybody could who holds it.
func (l *Life) linked() error {
	notificationID, err := l.Send()
	if err != nil {
		return err
	}
	mail, err := l.mailed(notificationID)
	if err != nil {
		return err
	}
	found := linkIn.FindStringSubmatch(mail.GetText())
	if found == nil {
		return fmt.Errorf("no link in the mail %q", mail.GetSubject())
	}
	for _, door := range l.doors {
		var opened struct {
			OrderID  string `json:"orderId"`
			NextStep string `json:"nextStep"`
		}
		if err := l.readAnonymously("http://"+door+"/v1/orderLinks/"+found[1], &opened); err != nil {
			return fmt.Errorf("open the link: %w", err)
		}
		if opened.OrderID != l.orderID {
			return fmt.Errorf("the link opens %q", opened.OrderID)
		}
		l.print("  mailed %q to the customer; its link says: %s", mail.GetSubject(), opened.NextStep)
	}
	return nil
}

// Send has the link to the draft sent, and returns the id of its mail.
func (l *Life) Send() (notificationID string, err error) {
	resp, err := l.orders.SendOrder(once(l.operator), &ordersv1.SendOrderRequest{OrderId: l.orderID})
	if err != nil {
		return "", fmt.Errorf("send: %w", err)
	}
	return resp.GetOrder().GetLink().GetNotificationId(), nil
}

// readAnonymously reads JSON through a door as somebody without a token.
func (l *Life) readAnonymously(url string, into any) error {
	req, err := http.NewRequestWithContext(l.plain, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	client := http.Client{Timeout: 10 * time.Second}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", resp.Status, body)
	}
	return json.Unmarshal(body, into)
}

// mailed waits until the world is quiet and returns the mail of a notification, as it arrived.
func (l *Life) mailed(notificationID string) (*sandboxv1.Mail, error) {
	if err := l.Quiet(); err != nil {
		return nil, err
	}
	n, err := l.mails.GetNotification(l.operator, &notificationsv1.GetNotificationRequest{NotificationId: notificationID})
	if err != nil {
		return nil, fmt.Errorf("notification: %w", err)
	}
	if s := n.GetNotification().GetState(); s != notificationsv1.NotificationState_NOTIFICATION_STATE_SENT {
		return nil, fmt.Errorf("the mail %s is %s: %s", n.GetNotification().GetTemplateKey(), s, n.GetNotification().GetFailure().GetMessage())
	}
	got, err := l.sandbox.ListMail(l.operator, &sandboxv1.ListMailRequest{
		MessageId: n.GetNotification().GetMessageId(), To: l.email, WithText: true,
	})
	if err != nil {
		return nil, fmt.Errorf("mailbox: %w", err)
	}
	if len(got.GetMails()) != 1 {
		return nil, fmt.Errorf("the mail %s arrived %d times", n.GetNotification().GetTemplateKey(), len(got.GetMails()))
	}
	return got.GetMails()[0], nil
}

// reminder returns the order's reminders by a template, of which there must be one.
func (l *Life) reminder(template string) (*notificationsv1.Reminder, error) {
	if err := l.Quiet(); err != nil {
		return nil, err
	}
	all, err := l.reminders.ListReminders(l.operator, &notificationsv1.ListRemindersRequest{Correlation: l.orderID, PageSize: 500})
	if err != nil {
		return nil, fmt.Errorf("reminders: %w", err)
	}
	var found []*notificationsv1.Reminder
	for _, r := range all.GetReminders() {
		if r.GetTemplateKey() == template {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("there are %d reminders %s", len(found), template)
	}
	return found[0], nil
}

// reminded checks that the customer was reminded by mail, and how often.
func (l *Life) reminded(template string, atLeast int) error {
	r, err := l.reminder(template)
	if err != nil {
		return err
	}
	sent := r.GetNotificationIds()
	if len(sent) < atLeast {
		return fmt.Errorf("%s was sent %d times", template, len(sent))
	}
	for _, one := range sent {
		mail, err := l.mailed(one)
		if err != nil {
			return err
		}
		l.print("  mailed %q at %s", mail.GetSubject(), mail.GetArriveTime().AsTime().Format("2006-01-02 15:04"))
	}
	return nil
}

// leftAlone checks that nobody is reminded of it any more.
func (l *Life) leftAlone(template string) error {
	r, err := l.reminder(template)
	if err != nil {
		return err
	}
	if r.GetState() == notificationsv1.ReminderState_REMINDER_STATE_ACTIVE {
		return fmt.Errorf("%s is still to be sent at %s", template, r.GetNextTime().AsTime())
	}
	return nil
}

// notificationAbout returns the id of the one mail about something.
func (l *Life) notificationAbout(subject string) (string, error) {
	if err := l.Quiet(); err != nil {
		return "", err
	}
	all, err := l.mails.ListNotifications(l.operator, &notificationsv1.ListNotificationsRequest{Correlation: l.orderID, PageSize: 500})
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
