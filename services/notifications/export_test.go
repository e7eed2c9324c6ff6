package notifications

import (
	"context"

	"example.com/handover/pkg/store"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/people"
)

// Interrupt leaves a mail to Operations as a process leaves it that ends while a mail provider is asked.
func Interrupt(ctx context.Context, db *store.DB, id, template string, params map[string]string, repeat bool) error {
	n, facts, err := notification.New(id, notification.Wish{
		TemplateKey: template, CustomerID: "cus_0", Recipient: people.Recipient{Role: people.Operations}, Params: params,
		Correlation: id, SubjectID: id,
	}, repeat, "handover.example")
	if err != nil {
		return err
	}
	if _, err := n.Ask(1); err != nil {
		return err
	}
	mails := store.NewTable(db, notificationKind())
	return db.InTx(ctx, func(tx *store.Tx) error {
		_, err := mails.Create(tx, id, n, facts...)
		return err
	})
}
