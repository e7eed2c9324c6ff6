package billing

import (
	"bytes"
	"context"
	"time"

	"example.com/handover/pkg/blob"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/store"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	"example.com/handover/services/billing/internal/invoice"
	"example.com/handover/services/billing/internal/invoicepdf"
)

// template is Notifications' mail with an invoice.
const template = "invoice"

// invoiceReconciler gives an invoice its document and has it sent.
type invoiceReconciler struct {
	blobs         blob.Store
	notifications notificationsv1.NotificationServiceClient
}

type invoiceClaim = store.Claim[invoice.Invoice]

func (r *invoiceReconciler) work(ctx context.Context, c *invoiceClaim) error {
	switch invoice.NextAction(c.Doc) {
	case invoice.Document:
		return r.document(ctx, c)
	case invoice.Send:
		return r.send(ctx, c)
	case invoice.None:
	}
	return c.Finish(ctx, nil)
}

// document makes the document. Making it twice makes the same bytes.
func (r *invoiceReconciler) document(ctx context.Context, c *invoiceClaim) error {
	content, err := invoicepdf.Make(c.Doc)
	if err != nil {
		return err
	}
	if err := r.blobs.Put(ctx, classInvoices, documentKey(c.Row), invoicepdf.ContentType, bytes.NewReader(content)); err != nil {
		return err
	}
	return c.Finish(ctx, func(i *invoice.Invoice) ([]fact.Fact, error) { return i.Documented(hashOf(content)) })
}

// send asks for the mail, under an id that was saved before.
func (r *invoiceReconciler) send(ctx context.Context, c *invoiceClaim) error {
	chosen := id.New(prefixNotification)
	if err := c.Save(ctx, func(i *invoice.Invoice) ([]fact.Fact, error) { return i.IntendMail(chosen) }); err != nil {
		return err
	}
	i := c.Doc
	_, err := r.notifications.RequestNotification(rpc.WithKey(ctx, i.NotificationID), &notificationsv1.RequestNotificationRequest{
		NotificationId: i.NotificationID, TemplateKey: template, CustomerId: i.CustomerID,
		Recipient:   &notificationsv1.Recipient{Role: notificationsv1.RecipientRole_RECIPIENT_ROLE_BILLING},
		Params:      paramsOf(i),
		Correlation: c.Correlation, SubjectId: c.ID, InvoiceId: c.ID,
	})
	if err != nil && !ours(err) {
		return err
	}
	return c.Finish(ctx, (*invoice.Invoice).MailRequested)
}

// ours reports whether the mail is there from an earlier try, whose key has been swept.
func ours(err error) bool {
	refusal, ok := errs.As(err)
	return ok && refusal.Kind == errs.Exists && refusal.Meta["unique"] == "id"
}

// paramsOf is what the mail shows, in words of its own language.
func paramsOf(i *invoice.Invoice) map[string]string {
	return map[string]string{
		"number": i.Number, "month": i.Month.String(), "total": i.Total.String(), "due": i.DueAt.Format(time.RFC3339),
	}
}
