package journey

import (
	"fmt"
	"strings"

	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// Letter is one mail of the suite, and how often it arrived.
type Letter struct {
	*notificationsv1.Notification
	Repeats bool // its template prefers two mails to none
	Arrived int
}

// inServiceNow finds the records by what the suite wrote into them, so that it finds those as well that it forgot.
func (l *Life) inServiceNow(e *Evidence) error {
	for token := ""; ; {
		page, err := l.sandbox.ListServiceNowRecords(l.operator, &sandboxv1.ListServiceNowRecordsRequest{PageSize: 500, PageToken: token})
		if err != nil {
			return fmt.Errorf("ServiceNow: %w", err)
		}
		for _, r := range page.GetRecords() {
			if r.GetFields()["correlation_display"] == l.orderID {
				e.Records = append(e.Records, r)
			}
		}
		if token = page.GetNextPageToken(); token == "" {
			return nil
		}
	}
}

func (l *Life) inTheMail(e *Evidence) error {
	templates, err := l.mails.ListTemplates(l.operator, &notificationsv1.ListTemplatesRequest{})
	if err != nil {
		return fmt.Errorf("templates: %w", err)
	}
	repeats := map[string]bool{}
	for _, t := range templates.GetTemplates() {
		repeats[t.GetTemplateKey()] = t.GetRepeat()
	}
	sent, err := l.mails.ListNotifications(l.operator, &notificationsv1.ListNotificationsRequest{Correlation: l.orderID, PageSize: 500})
	if err != nil {
		return fmt.Errorf("notifications: %w", err)
	}
	arrived, err := l.sandbox.ListMail(l.operator, &sandboxv1.ListMailRequest{To: l.email, PageSize: 500})
	if err != nil {
		return fmt.Errorf("mailbox: %w", err)
	}
	of := map[string]int{} // its letter, by Message-ID
	for i, n := range sent.GetNotifications() {
		of[bare(n.GetMessageId())] = i
		e.Letters = append(e.Letters, Letter{Notification: n, Repeats: repeats[n.GetTemplateKey()]})
	}
	for _, m := range arrived.GetMails() {
		if i, known := of[bare(m.GetMessageId())]; known {
			e.Letters[i].Arrived++
		} else {
			e.Strays = append(e.Strays, m)
		}
	}
	reminders, err := l.reminders.ListReminders(l.operator, &notificationsv1.ListRemindersRequest{Correlation: l.orderID, PageSize: 500})
	if err != nil {
		return fmt.Errorf("reminders: %w", err)
	}
	e.Reminders = reminders.GetReminders()
	return nil
}

// bare is a Message-ID without its angle brackets, which not everybody shows.
func bare(messageID string) string { return strings.Trim(messageID, "<>") }

func (l *Life) onPaper(e *Evidence) error {
	for token := ""; ; {
		page, err := l.invoices.ListInvoices(l.operator, &billingv1.ListInvoicesRequest{SellerId: l.sellerID, PageSize: 500, PageToken: token})
		if err != nil {
			return fmt.Errorf("invoices: %w", err)
		}
		for _, i := range page.GetInvoices() {
			e.Numbers = append(e.Numbers, i.GetNumber())
			if i.GetOrderId() == l.orderID {
				e.Invoices = append(e.Invoices, i)
			}
		}
		if token = page.GetNextPageToken(); token == "" {
			return nil
		}
	}
}
