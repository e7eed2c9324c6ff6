package notifications

import (
	"context"
	"log/slog"
	"net/mail"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/store"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	"example.com/handover/services/notifications/internal/letter"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/template"
)

// sender hands a letter to a mail provider.
type sender interface {
	Send(ctx context.Context, l letter.Letter) letter.Answer
}

// mailer sends one mail and records what came of it.
type mailer struct {
	tables    *tables
	texts     *template.Renderer
	people    *directory
	documents billingv1.InvoiceServiceClient
	sender    sender
	from      mail.Address
	settle    time.Duration // machine time that a provider is given after an unanswered try
	log       *slog.Logger
}

type claim = store.Claim[notification.Notification]

func (m *mailer) work(ctx context.Context, c *claim) error {
	if !c.Doc.MayAsk() {
		return m.giveUp(ctx, c, notification.Lost())
	}
	calls, cancel := kit.Outside(ctx)
	defer cancel()
	tpl, err := template.Find(c.Doc.TemplateKey)
	if err != nil {
		return m.giveUp(ctx, c, notification.Failure{Code: notification.TemplateBroken, Message: "its template is gone"})
	}
	l, failure, err := m.write(calls, c.Doc, tpl, c.Now())
	switch {
	case err != nil:
		return err
	case failure != nil:
		return m.giveUp(ctx, c, *failure)
	}
	before := c.Doc.State
	if err := m.ask(ctx, c, tpl.Version); err != nil {
		return err
	}
	if c.Doc.State != notification.Sending {
		return c.Finish(ctx, nil) // its reminder does not want it any more
	}
	return m.record(ctx, c, before, len(l.To), m.sender.Send(calls, l))
}

// ask saves that the provider is asked before it is, in the transaction that looks whether the mail is still wanted.
func (m *mailer) ask(ctx context.Context, c *claim, version int) error {
	return m.tables.db.InTx(ctx, func(tx *store.Tx) error {
		wanted, err := m.tables.wanted(tx, c.Doc)
		if err != nil {
			return err
		}
		return c.SaveTx(tx, func(n *notification.Notification) ([]fact.Fact, error) {
			if !wanted {
				return n.Suppress()
			}
			return n.Ask(version)
		})
	})
}

// record settles a try. Nothing passes by itself after a refusal; all else is tried for as long as it takes.
func (m *mailer) record(ctx context.Context, c *claim, before notification.State, recipients int, answer letter.Answer) error {
	switch answer.Class {
	case letter.Taken:
		return m.taken(ctx, c, recipients)
	case letter.Refused:
		return m.giveUp(ctx, c, notification.Failure{Code: notification.ProviderRefused, Message: "the mail provider refuses the mail" + because(answer.Code)})
	case letter.RecipientRefused:
		return m.giveUp(ctx, c, notification.Failure{Code: notification.RecipientRefused, Message: "the mail provider refuses an address" + because(answer.Code)})
	case letter.Lost:
		if !c.Doc.MayAsk() {
			return m.giveUp(ctx, c, notification.Lost())
		}
		return m.later(answer, m.settle) // the intent stands
	default:
		err := c.Save(ctx, func(n *notification.Notification) ([]fact.Fact, error) { return n.NotAsked(before) })
		if err != nil {
			return err
		}
		return m.later(answer, 0)
	}
}

func (m *mailer) taken(ctx context.Context, c *claim, recipients int) error {
	tpl, err := template.Find(c.Doc.TemplateKey)
	if err != nil {
		return err
	}
	now := c.Now()
	return c.Finish(ctx, func(n *notification.Notification) ([]fact.Fact, error) { return n.Taken(tpl.Title, recipients, now) })
}

func (m *mailer) giveUp(ctx context.Context, c *claim, f notification.Failure) error {
	return c.Finish(ctx, func(n *notification.Notification) ([]fact.Fact, error) { return n.GiveUp(f) })
}

// later backs off, for at least so long whatever happens to the mail meanwhile.
func (m *mailer) later(answer letter.Answer, atLeast time.Duration) error {
	e := errs.New(errs.Unavailable, "UNAVAILABLE", "the mail provider: %s%s", answer.Class, because(answer.Code))
	e.RetryAfter = atLeast
	return e
}

// because adds a provider's code, if there is one.
func because(code string) string {
	if code == "" {
		return ""
	}
	return " (" + code + ")"
}
