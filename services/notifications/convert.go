package notifications

import (
	"example.com/handover/pkg/call"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/people"
	"example.com/handover/services/notifications/internal/template"
)

// toNotification shows no secret: neither an answer nor an event has a field for one.
func toNotification(words text.Words, r store.Row[notification.Notification]) *notificationsv1.Notification {
	n := r.Doc
	if n == nil {
		return nil
	}
	out := &notificationsv1.Notification{
		NotificationId: r.ID, TemplateKey: n.TemplateKey, TemplateVersion: int32(n.TemplateVersion), CustomerId: n.CustomerID,
		Recipient: toRecipient(n.Recipient), Params: n.Params, Correlation: n.Correlation, SubjectId: n.SubjectID,
		InvoiceId: n.InvoiceID, ReminderId: n.ReminderID, State: wire.Value[notificationsv1.NotificationState](string(n.Standing())),
		MessageId: n.MessageID, AttemptCount: int32(n.Attempts), RecipientCount: int32(n.Recipients),
		Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt), SendTime: wire.Time(n.SentAt),
	}
	out.Waiting = toWaiting(words, n)
	if f := n.Failure; f != nil {
		out.Failure = &notificationsv1.NotificationFailure{
			Code: wire.Value[notificationsv1.NotificationFailureCode](string(f.Code)), Message: words.Say(f.Text()),
		}
	}
	if p := n.Problem; p != nil {
		out.Problem = &notificationsv1.DeliveryProblem{
			Kind: wire.Value[notificationsv1.DeliveryProblemKind](string(p.Kind)), PersonId: p.PersonID, ProviderCode: p.Provider,
			ReportTime: wire.Time(p.At),
		}
	}
	if s := n.Settlement; s != nil {
		out.Settlement = &notificationsv1.Settlement{
			Cause: wire.Value[notificationsv1.SettlementCause](string(s.Cause)), Reason: s.Reason, SettleTime: wire.Time(s.At),
			NewNotificationId: s.NewID,
		}
		if s.By != (call.Actor{}) {
			out.Settlement.Actor = wire.Actor(s.By)
		}
	}
	return out
}

func fromRequest(req *notificationsv1.RequestNotificationRequest) notification.Wish {
	return notification.Wish{
		TemplateKey: req.GetTemplateKey(), CustomerID: req.GetCustomerId(), Recipient: fromRecipient(req.GetRecipient()),
		Params: req.GetParams(), Secrets: req.GetSecretParams(), Correlation: req.GetCorrelation(),
		SubjectID: req.GetSubjectId(), InvoiceID: req.GetInvoiceId(),
	}
}

func toRecipient(r people.Recipient) *notificationsv1.Recipient {
	return &notificationsv1.Recipient{Role: wire.Value[notificationsv1.RecipientRole](string(r.Role)), PersonId: r.PersonID}
}

func fromRecipient(r *notificationsv1.Recipient) people.Recipient {
	return people.Recipient{Role: people.Role(wire.Name(r.GetRole())), PersonID: r.GetPersonId()}
}

func toTemplate(words text.Words, t template.Template) *notificationsv1.Template {
	return &notificationsv1.Template{
		TemplateKey: t.Key, Version: int32(t.Version), Title: words.Say(text.New("template." + t.Key)), Params: t.Params,
		OptionalParams: t.Optional,
		SecretParams:   t.Secrets, Repeat: t.Repeat, AttachesInvoice: t.AttachesInvoice,
	}
}

// toWaiting says who must act for a mail; nil: nobody.
func toWaiting(words text.Words, n *notification.Notification) *typev1.Waiting {
	owner := n.WaitsFor()
	if owner == "" {
		return nil
	}
	what := text.New("wait.decide")
	switch {
	case n.Held():
		what = text.New("wait.let_us_in")
	case n.Problem != nil && n.Problem.Kind == notification.Complained:
		what = text.New("wait.complained")
	case n.Problem != nil && n.Forgotten():
		what = text.New("wait.bounced_secret")
	case n.Problem != nil:
		what = text.New("wait.bounced")
	case n.Forgotten(): // it cannot be sent again
		what = text.New("remedy.new_secret")
	}
	until, late := n.Overdue()
	out := &typev1.Waiting{Owner: wire.Value[typev1.Party](owner), Escalated: n.Held() || late}
	if !late {
		out.EscalateTime = wire.Time(until)
	}
	out.What, out.Where = words.Instruct(what)
	return out
}
