// Package notifications sends mails to people, once or again and again until it is told to stop, and shows what became
// of them. It knows why a mail is wanted by its template alone, and keeps nobody's name or address.
package notifications

import (
	"context"
	"embed"
	"fmt"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/kit"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/notifications/internal/ses"
	"example.com/handover/services/notifications/internal/smtp"
	"example.com/handover/services/notifications/internal/template"
)

const name = "notifications"

//go:embed migrations
var migrations embed.FS

//go:embed texts
var texts embed.FS

// Service returns the service, ready to be hosted.
func Service() kit.Service {
	return kit.New(kit.Spec[config]{
		Name: name, Migrations: migrations, Texts: texts, Defaults: defaults, Setup: setUp,
		Peers:      []string{"orders", "billing"},
		Subscribes: map[string]kit.Source{"partners": kit.Partners()},
	})
}

func setUp(ctx context.Context, e *kit.Env, cfg *config) error {
	from, err := cfg.Sender.from()
	if err != nil {
		return fmt.Errorf("sender.from: %w", err)
	}
	pages, err := template.NewRenderer(from.Name)
	if err != nil {
		return err
	}
	out, err := newSender(ctx, cfg)
	if err != nil {
		return err
	}
	t := openTables(e.DB, e.English())

	notificationsv1.RegisterNotificationServiceServer(e, &notificationServer{
		tables: t, pages: pages, words: e.Words,
		domain: cfg.Sender.Domain,
	})
	notificationsv1.RegisterReminderServiceServer(e, &reminderServer{tables: t, words: e.Words})

	e.ShowActions(actions(t))
	e.ShowFound(found(t)...)
	e.FollowPartners()
	kit.WorkEffectsWith(e, t.notifications, mailEffects(&mailer{
		pages: pages, from: from, settle: cfg.Settle.Std(), sender: out, log: e.Log, tables: t,
		orders: ordersv1.NewOrderServiceClient(e.Conn("orders")),
		people: &directory{
			ordersv1.NewCustomerServiceClient(e.Conn("orders")), ordersv1.NewCatalogServiceClient(e.Conn("orders")), cfg.OperationsAddress,
		},
		documents: billingv1.NewInvoiceServiceClient(e.Conn("billing")),
	}), t.saveMail())
	kit.Work(e, t.reminders, (&reminding{tables: t, domain: cfg.Sender.Domain}).work)
	return nil
}

func newSender(ctx context.Context, cfg *config) (sender, error) {
	if cfg.Sender.Kind == kindSES {
		clients, err := aws.New(ctx, cfg.SES.Client())
		if err != nil {
			return nil, err
		}
		return ses.New(clients), nil
	}
	out, err := smtp.New(cfg.server())
	if err != nil {
		return nil, fmt.Errorf("smtp: %w", err)
	}
	return out, nil
}
