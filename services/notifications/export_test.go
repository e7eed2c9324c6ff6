package notifications

import (
	"context"
	"time"

	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/people"
	"example.com/handover/services/notifications/internal/reminder"
)

// Interrupt leaves a mail to Operations as a process leaves it that ends while a mail provider is asked.
func Interrupt(ctx context.Context, db *store.DB, id, template string, params map[string]string, repeat bool) error {
	return interrupt(ctx, db, id, repeat, notification.Wish{TemplateKey: template, Params: params})
}

// InterruptStopped does so with a mail of a reminder that is stopped before the process is back.
func InterruptStopped(ctx context.Context, db *store.DB, id, reminderID string, params map[string]string, now time.Time) error {
	rem, facts, err := reminder.New(reminderID, reminder.Wish{
		PlanKey: "customer-action", TemplateKey: "enter-account", CustomerID: "cus_0", Recipient: operations(), Params: params,
		Correlation: id, SubjectID: id,
	}, now)
	if err != nil {
		return err
	}
	stopped, err := rem.Stop("it is done")
	if err != nil {
		return err
	}
	reminders := store.NewTable(db, reminderKind())
	err = db.InTx(ctx, func(tx *store.Tx) error {
		_, err := reminders.Create(tx, reminderID, rem, append(facts, stopped...)...)
		return err
	})
	if err != nil {
		return err
	}
	return interrupt(ctx, db, id, true, notification.Wish{TemplateKey: "enter-account", Params: params, ReminderID: reminderID})
}

func operations() people.Recipient { return people.Recipient{Role: people.Operations} }

func interrupt(ctx context.Context, db *store.DB, id string, repeat bool, w notification.Wish) error {
	w.CustomerID, w.Recipient, w.Correlation, w.SubjectID = "cus_0", operations(), id, id
	n, facts, err := notification.New(id, w, repeat, "handover.example")
	if err != nil {
		return err
	}
	n.Intents.Begin(notification.EffectSend, "", "int_0")
	n.Ask(1)
	mails := store.NewTable(db, notificationKind(text.Bare{}))
	return db.InTx(ctx, func(tx *store.Tx) error {
		_, err := mails.Create(tx, id, n, facts...)
		return err
	})
}
