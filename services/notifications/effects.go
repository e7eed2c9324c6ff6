package notifications

import (
	"context"
	"log/slog"
	netmail "net/mail"
	"time"

	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/notifications/internal/mail"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/people"
	"example.com/handover/services/notifications/internal/template"
)

// sender hands a mail to a mail provider. Its errors are *mail.Error.
type sender interface {
	Send(ctx context.Context, m mail.Mail) error
}

// mailer is what the effect of a mail needs. Nil serves where only the times of the effects are asked for.
type mailer struct {
	pages     *template.Renderer
	tables    *tables
	orders    ordersv1.OrderServiceClient
	people    *directory
	documents billingv1.InvoiceServiceClient
	sender    sender
	from      netmail.Address
	settle    time.Duration // machine time that a provider is given after an unanswered try
	log       *slog.Logger
}

type (
	attempt = kit.Attempt[notification.Notification]
	record  = kit.Record[notification.Notification]
)

// mailEffects are what a mail does outside. A mail provider is asked to send it; it cannot be asked what it has, so that a lost answer
// is settled by what the mail is for. And while somebody must see to the mail, it is looked whether that is still so.
func mailEffects(m *mailer) *kit.Effects[notification.Notification] {
	var settle time.Duration
	if m != nil {
		settle = m.settle
	}
	return &kit.Effects[notification.Notification]{
		Ledger: func(n *notification.Notification) *intent.Ledger { return &n.Intents },
		All: []kit.Effect[notification.Notification]{{
			Name: notification.EffectSend, Wanted: (*notification.Notification).WantsSending,
			Prepare: m.prepare, Begin: asked, Find: noAnswer, Refused: refused, Outcome: mail.Outcome, Settle: settle,
		}, {
			Name: notification.EffectLook, Wanted: (*notification.Notification).WantsLook, Do: m.look, Look: true, Patient: true,
		}},
	}
}

// prepare writes the mail, of what is kept elsewhere: people, and the document of an invoice. One that cannot be written
// is settled without asking the provider.
func (m *mailer) prepare(ctx context.Context, a attempt) (kit.Call[notification.Notification], record, error) {
	tpl, err := template.Find(a.Doc.TemplateKey)
	if err != nil {
		return nil, givenUp(notification.Failure{Code: notification.TemplateBroken}), nil
	}
	written, to, failure, err := m.write(ctx, a.Doc, tpl, a.Now)
	switch {
	case err != nil:
		return nil, nil, err
	case failure != nil:
		return nil, givenUp(*failure), nil
	}
	return func(ctx context.Context, _ attempt) (record, error) {
		if err := m.sender.Send(ctx, written); err != nil {
			return nil, err
		}
		return func(n *notification.Notification, now time.Time) ([]fact.Fact, error) {
			return n.Taken(len(written.To), people.IDs(to), now), nil
		}, nil
	}, nil, nil
}

// asked counts the try in the save that keeps the intent.
func asked(n *notification.Notification, _ kit.Intended, _ time.Time) ([]fact.Fact, error) {
	tpl, err := template.Find(n.TemplateKey)
	if err != nil {
		return nil, err
	}
	n.Ask(tpl.Version)
	return nil, nil
}

// noAnswer finds nothing, for a provider cannot be asked.
func noAnswer(context.Context, attempt) (record, error) {
	return func(n *notification.Notification, _ time.Time) ([]fact.Fact, error) { return n.NoAnswer(), nil }, nil
}

// refused ends a mail that the provider will never take; one that it does not take from us waits until that is mended.
func refused(n *notification.Notification, _ kit.Intended, o intent.Outcome, now time.Time) ([]fact.Fact, error) {
	if o.Class == intent.Denied {
		return n.NotLetIn(o.Code, now), nil
	}
	f := notification.Failure{Code: notification.ProviderRefused, Provider: o.Code}
	if o.Reason == mail.ReasonAddress {
		f.Code = notification.RecipientRefused
	}
	return n.GiveUp(f), nil
}

func givenUp(f notification.Failure) record {
	return func(n *notification.Notification, _ time.Time) ([]fact.Fact, error) { return n.GiveUp(f), nil }
}
