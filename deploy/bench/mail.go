package main

import (
	"context"
	"fmt"
	"time"

	"example.com/handover/deploy/actors"
	"example.com/handover/deploy/bench/measure"
	"example.com/handover/pkg/id"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

// senders ask for mails at the same time, or send them; a replica sends as many at once.
const senders = 8

// mail measures notifications from the request for them until all mails are in the inbox, beside the mail library alone,
// which sends the same mails to the same server, a connection for each like the suite. A slice has a number of mails,
// whatever its length.
func (b *bench) mail(ctx context.Context) error {
	return b.scope(ctx, func() error {
		on, n := b.mostLikeProduction(), b.size.mailsAtOnce
		at, err := on.fresh(ctx)
		if err != nil {
			return err
		}
		s, err := b.newSuite(ctx, at)
		if err != nil {
			return err
		}
		mails := &mailer{suite: s}
		bare, err := newBareMailer(ctx, mails)
		if err != nil {
			return err
		}
		return b.measure(ctx, measure.Pair{
			Figure:  fmt.Sprintf("Notifications until they arrive, %s, %d senders", on.name, senders),
			Against: "the mail library alone, same server",
			Lines:   []measure.Line{{Unit: "CPU ms each"}, {Unit: "mails/s"}},
			Product: func(ctx context.Context, _ time.Duration) ([]float64, error) {
				return mails.slice(ctx, n, func() error { return mails.request(ctx, n) })
			},
			Yardstick: func(ctx context.Context, _ time.Duration) ([]float64, error) {
				ready, err := bare.copies(n, mails.nextSubject())
				if err != nil {
					return nil, err
				}
				return mails.slice(ctx, n, func() error { return bare.sendAll(ctx, ready) })
			},
		})
	})
}

// mailer asks the suite for mails to the customer, and looks into its mailbox.
type mailer struct {
	*suite
	batch int // whose mails are told apart by their subject
}

// product stands in the subject: that of each batch has the same length.
func (m *mailer) product() string { return fmt.Sprintf("batch %06d", m.batch) }

// nextSubject begins a batch.
func (m *mailer) nextSubject() string {
	m.batch++
	return m.product()
}

// slice times n mails of a batch and checks that each has arrived once.
func (m *mailer) slice(ctx context.Context, n int, send func() error) ([]float64, error) {
	values, err := worked(n, send)
	if err != nil {
		return nil, err
	}
	arrived, err := m.arrived(ctx)
	if err == nil && len(arrived) != n {
		err = fmt.Errorf("%d mails have arrived, not %d", len(arrived), n)
	}
	return values, err
}

// request asks for n mails of a new batch and waits until they are sent.
func (m *mailer) request(ctx context.Context, n int) error {
	m.nextSubject()
	_, err := measure.Times(ctx, n, senders, func(ctx context.Context, _ int) error {
		order := id.New("ord")
		_, err := m.Mails.RequestNotification(m.operator.Once(ctx), &notificationsv1.RequestNotificationRequest{
			NotificationId: id.New("ntf"), TemplateKey: "order-completed", CustomerId: m.customerID, Correlation: order, SubjectId: order,
			Recipient: &notificationsv1.Recipient{Role: notificationsv1.RecipientRole_RECIPIENT_ROLE_PRIMARY},
			Params:    map[string]string{"product": m.product(), "account_id": sampleAccount},
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("request a notification: %w", err)
	}
	return eventually(ctx, func(ctx context.Context) (string, error) { return m.busy(ctx, "notifications") })
}

// arrived returns the ids of the batch's mails in the inbox.
func (m *mailer) arrived(ctx context.Context) (ids []string, err error) {
	mails, err := actors.Mailbox{Person: m.operator.Person}.Mails(ctx, &sandboxv1.ListMailRequest{Subject: m.product()})
	for _, mail := range mails {
		ids = append(ids, mail.GetMailId())
	}
	return ids, err
}
