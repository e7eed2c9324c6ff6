package notifications

import (
	"context"
	netmail "net/mail"
	"time"

	"example.com/handover/pkg/errs"
	billingv1 "example.com/handover/proto/gen/handover/billing/v1"
	"example.com/handover/services/notifications/internal/mail"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/people"
	"example.com/handover/services/notifications/internal/template"
)

// write makes a mail, or says why there cannot be one. It asks for everything that is kept elsewhere: people, and the
// document of an invoice. An error passes: a service that is asked is away.
func (m *mailer) write(
	ctx context.Context, n *notification.Notification, tpl template.Template, now time.Time,
) (mail.Mail, []people.Person, *notification.Failure, error) {
	to, failure, err := m.people.find(ctx, n)
	if failure != nil || err != nil {
		return mail.Mail{}, nil, failure, err
	}
	reader := template.Reader{Language: to[0].Language, Reference: n.Correlation}
	if len(to) == 1 {
		reader.Name = to[0].Name
	}
	if reader.Guidance, err = m.people.guidance(ctx, n, reader.Language); err != nil {
		return mail.Mail{}, nil, nil, err
	}
	content, err := m.pages.Render(tpl, n.Values(), reader)
	if err != nil {
		m.log.ErrorContext(ctx, "a template cannot be filled in", "template", tpl.Key, "notification", n.ID, "error", err)
		return mail.Mail{}, nil, &notification.Failure{Code: notification.TemplateBroken}, nil
	}
	out := mail.Mail{
		ID: n.ID, MessageID: n.MessageID, From: m.from, At: now, Language: content.Language,
		Subject: content.Subject, Text: content.Text, HTML: content.HTML,
	}
	for _, p := range to {
		out.To = append(out.To, netmail.Address{Name: p.Name, Address: p.Address})
	}
	if n.InvoiceID != "" {
		out.Attachment, failure, err = m.document(ctx, n.InvoiceID)
	}
	return out, to, failure, err
}

// document fetches the document of an invoice.
func (m *mailer) document(ctx context.Context, invoiceID string) (*mail.Attachment, *notification.Failure, error) {
	doc, err := m.documents.GetInvoiceDocument(ctx, &billingv1.GetInvoiceDocumentRequest{InvoiceId: invoiceID})
	if errs.KindOf(err) == errs.NotFound {
		return nil, &notification.Failure{Code: notification.AttachmentMissing}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return &mail.Attachment{Name: doc.GetFileName(), ContentType: doc.GetContentType(), Content: doc.GetContent()}, nil, nil
}
