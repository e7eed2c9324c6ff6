package notice

import (
	"cmp"
	"context"
	"maps"
	"strings"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/intent"
	"example.com/handover/pkg/kit"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
)

// The prefixes of ids, which tell what an id is of.
const (
	mailPrefix     = "ntf"
	reminderPrefix = "rem"
	casePrefix     = "cas"
)

func prefix(k intent.Kind) string {
	switch k {
	case intent.Reminder:
		return reminderPrefix
	case intent.Case:
		return casePrefix
	default:
		return mailPrefix
	}
}

func kindOf(wishID string) intent.Kind {
	switch before, _, _ := strings.Cut(wishID, "_"); before {
	case reminderPrefix:
		return intent.Reminder
	case casePrefix:
		return intent.Case
	default:
		return intent.Mail
	}
}

// recipient is a person by id, or the customer's people of a role.
func recipient(to string) *notificationsv1.Recipient {
	if strings.HasPrefix(to, "per_") {
		return &notificationsv1.Recipient{PersonId: to}
	}
	return &notificationsv1.Recipient{Role: wire.Value[notificationsv1.RecipientRole](to)}
}

// params are those of a wish, with its texts in the asking service's words.
func (a asker[T]) params(w intent.Wish) map[string]string {
	params := map[string]string{}
	maps.Copy(params, w.Params)
	if !w.Where.IsZero() {
		_, params["where"] = a.peers.words.Instruct(w.Where)
	}
	for name, said := range map[string]text.Text{"title": w.Title, "body": w.Body} {
		if !said.IsZero() {
			params[name] = a.peers.words.Say(said)
		}
	}
	return params
}

func (a asker[T]) mail(ctx context.Context, at kit.Attempt[T], w intent.Wish) error {
	req := &notificationsv1.RequestNotificationRequest{
		NotificationId: at.Token, TemplateKey: w.Name, CustomerId: cmp.Or(w.Customer, at.Customer), Recipient: recipient(w.To),
		Params:      a.params(w),
		Correlation: cmp.Or(w.Correlation, at.Correlation), SubjectId: cmp.Or(w.Subject, at.ID), InvoiceId: w.Invoice,
	}
	if a.set.Secrets != nil {
		req.SecretParams = a.set.Secrets(at.Doc, w)
	}
	_, err := a.peers.mails.RequestNotification(ctx, req)
	return err
}

func (a asker[T]) remind(ctx context.Context, at kit.Attempt[T], w intent.Wish) error {
	_, err := a.peers.reminders.PlanReminder(ctx, &notificationsv1.PlanReminderRequest{
		ReminderId: at.Token, PlanKey: w.Plan, TemplateKey: w.Name, CustomerId: cmp.Or(w.Customer, at.Customer), Recipient: recipient(w.To),
		Params: a.params(w), Correlation: cmp.Or(w.Correlation, at.Correlation), SubjectId: cmp.Or(w.Subject, at.ID), StartTime: wire.Time(w.At),
		UntilTime: wire.Time(w.Until),
	})
	return err
}

func (a asker[T]) open(ctx context.Context, at kit.Attempt[T], w intent.Wish) error {
	_, err := a.peers.cases.OpenCase(ctx, &supportv1.OpenCaseRequest{
		CaseId: at.Token, CustomerId: cmp.Or(w.Customer, at.Customer), Kind: wire.Value[supportv1.CaseKind](w.Name),
		Audience: supportv1.CaseAudience_CASE_AUDIENCE_OPERATIONS,
		Priority: wire.Value[supportv1.CasePriority](w.Priority), Title: a.peers.words.Say(w.Title), Description: a.peers.words.Say(w.Body),
		Correlation: cmp.Or(w.Correlation, at.Correlation), SubjectId: cmp.Or(w.Subject, at.ID),
	})
	return err
}

// What is written when a wish is over.
const (
	reminderOver = "Done, or no longer needed."
	caseOver     = "What it was opened for is settled." // where the wish has no words of its own
)

// end stops a reminder or resolves a case. One that is over already, or that never came to be, needs nothing.
func (a asker[T]) end(ctx context.Context, at kit.Attempt[T]) (kit.Record[T], error) {
	wished := (*a.set.Kept(at.Doc))[at.Subject]
	ctx = rpc.WithKey(ctx, wished.ID+"-end")
	var err error
	switch wished.Kind {
	case intent.Reminder:
		_, err = a.peers.reminders.StopReminder(ctx, &notificationsv1.StopReminderRequest{ReminderId: wished.ID, Reason: reminderOver})
	case intent.Case:
		_, err = a.peers.cases.ResolveCase(ctx, &supportv1.ResolveCaseRequest{CaseId: wished.ID, Notes: a.over(wished)})
	case intent.Mail:
	}
	if kind := errs.KindOf(err); err != nil && kind != errs.NotFound && kind != errs.Precondition {
		return nil, err
	}
	return func(doc *T, _ time.Time) ([]fact.Fact, error) {
		a.set.Kept(doc).Over(at.Subject)
		return nil, nil
	}, nil
}

func (a asker[T]) over(w intent.Wished) string {
	if w.Over.IsZero() {
		return caseOver
	}
	return a.peers.words.Say(w.Over)
}
