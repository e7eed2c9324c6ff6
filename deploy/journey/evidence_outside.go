package journey

import (
	"fmt"
	"strings"

	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// Mail is one mail of the suite, and how often it arrived.
type Mail struct {
	*notificationsv1.Notification
	Repeats bool // its template prefers two mails to none
	Arrived int
}

// inServiceNow finds the records by what the suite wrote into them, so that it finds those as well that it forgot.
func inServiceNow(l *Life, e *Evidence) error {
	all, err := l.agent.Records(l.ctx, "")
	if err != nil {
		return fmt.Errorf("ServiceNow: %w", err)
	}
	for _, r := range all {
		if r.GetFields()["correlation_display"] == l.orderID {
			e.Records = append(e.Records, r)
		}
	}
	return nil
}

func mailsAndReminders(l *Life, e *Evidence) error {
	templates, err := l.Mails.ListTemplates(l.asOperator(), &notificationsv1.ListTemplatesRequest{})
	if err != nil {
		return fmt.Errorf("templates: %w", err)
	}
	repeats := map[string]bool{}
	for _, t := range templates.GetTemplates() {
		repeats[t.GetTemplateKey()] = t.GetRepeat()
	}
	sent, err := l.Mails.ListNotifications(l.asOperator(), &notificationsv1.ListNotificationsRequest{Correlation: l.orderID, PageSize: 500})
	if err != nil {
		return fmt.Errorf("notifications: %w", err)
	}
	everybodys, err := l.mailbox.Mails(l.ctx, &sandboxv1.ListMailRequest{}) // some are to Operations
	if err != nil {
		return fmt.Errorf("mailbox: %w", err)
	}
	customers, err := l.mailbox.Mails(l.ctx, &sandboxv1.ListMailRequest{To: l.email})
	if err != nil {
		return fmt.Errorf("mailbox: %w", err)
	}
	of := map[string]int{} // its place in the evidence, by Message-ID
	for i, n := range sent.GetNotifications() {
		of[bare(n.GetMessageId())] = i
		e.Mails = append(e.Mails, Mail{Notification: n, Repeats: repeats[n.GetTemplateKey()]})
	}
	for _, m := range everybodys {
		if i, known := of[bare(m.GetMessageId())]; known {
			e.Mails[i].Arrived++
		}
	}
	for _, m := range customers {
		if _, known := of[bare(m.GetMessageId())]; !known {
			e.Unasked = append(e.Unasked, m)
		}
	}
	reminders, err := l.Reminders.ListReminders(l.asOperator(), &notificationsv1.ListRemindersRequest{Correlation: l.orderID, PageSize: 500})
	if err != nil {
		return fmt.Errorf("reminders: %w", err)
	}
	e.Reminders = reminders.GetReminders()
	return nil
}

// bare is a Message-ID without its angle brackets, which not everybody shows.
func bare(messageID string) string { return strings.Trim(messageID, "<>") }

func issuedInvoices(l *Life, e *Evidence) error {
	for token := ""; ; {
		page, err := l.Invoices.ListInvoices(
			l.asOperator(), &billingv1.ListInvoicesRequest{SellerId: l.sellerID, PageSize: 500, PageToken: token},
		)
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
