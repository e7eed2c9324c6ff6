package notifications

import (
	"context"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/store"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/reminder"
	"example.com/handover/services/notifications/internal/template"
)

// reminding asks for the mails of reminders whose time has come.
type reminding struct {
	tables *tables
	domain string // of Message-IDs
}

// work saves the mail and that the reminder has asked for it in one transaction: there is never one without the other. What it replaces
// is settled after that; where this process ends before, it finds out by itself.
func (r *reminding) work(ctx context.Context, c *store.Claim[reminder.Reminder]) error {
	notificationID := id.New(prefixNotification)
	var asked *notification.Notification
	err := r.tables.db.InTx(ctx, func(tx *store.Tx) error {
		var wish *notification.Wish
		err := c.FinishTx(tx, func(rem *reminder.Reminder) ([]fact.Fact, error) {
			wish = nil
			due, facts := rem.Remind(notificationID, tx.Now())
			if due {
				wish = mailOf(rem)
			}
			return facts, nil
		})
		if err != nil || wish == nil {
			return err
		}
		tpl, err := template.Find(wish.TemplateKey)
		if err != nil {
			return err
		}
		n, facts, err := notification.New(notificationID, *wish, tpl.Repeat, r.domain)
		if err != nil {
			return err
		}
		asked = n
		_, err = r.tables.notifications.Create(tx, notificationID, n, facts...)
		return err
	})
	if err != nil || asked == nil {
		return err
	}
	return r.tables.db.InTx(ctx, func(tx *store.Tx) error { return r.tables.replace(tx, asked) })
}

func mailOf(r *reminder.Reminder) *notification.Wish {
	return &notification.Wish{
		TemplateKey: r.TemplateKey, CustomerID: r.CustomerID, Recipient: r.Recipient, Params: r.Params,
		Correlation: r.Correlation, SubjectID: r.SubjectID, ReminderID: r.ID,
	}
}
