package orders

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/rpc"
	"example.com/handover/pkg/store"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	"example.com/handover/services/orders/internal/catalogue"
	"example.com/handover/services/orders/internal/link"
	"example.com/handover/services/orders/internal/order"
)

// What Notifications calls the mail and its reminders.
const (
	templateLink     = "order-link"
	templateReminder = "order-draft-reminder"
	planDraft        = "order-draft"
)

// How long Notifications may take to answer: while it is asked, the order's transfer waits.
const (
	mailPatience = 5 * time.Second
	mailHaste    = time.Second // when the transfer itself is to be tried again
)

// mails asks Notifications for what goes with a link.
type mails struct {
	notes     notificationsv1.NotificationServiceClient
	reminders notificationsv1.ReminderServiceClient
	signer    *link.Signer
	base      string // what the path of a link comes after
	log       *slog.Logger
}

// keep saves what came of an errand: Save or Finish of the claim.
type keep func(context.Context, func(*order.Order) ([]fact.Fact, error)) error

// run does the errand of an order. A definite refusal ends it and is told, for no repetition would help; every other
// failure, a missing right too, counts as an absence of Notifications, so that no mail ever parks an order.
func (m mails) run(ctx context.Context, c *store.Claim[order.Order], patience time.Duration, keep keep) error {
	errand, action := c.Doc.NextErrand(), order.NextAction(c.Doc)
	if err := c.Save(ctx, func(o *order.Order) ([]fact.Fact, error) { return o.IntendErrand(errand) }); err != nil {
		return err
	}
	if now := c.Doc.NextErrand(); order.NextAction(c.Doc) != action || now.Action != errand.Action || now.Link.Number != errand.Link.Number {
		return keep(ctx, nil) // meanwhile something else has become more urgent
	}
	if errand.Action != order.StopReminder && !c.Now().Before(errand.Link.ExpiresAt) { // it took too long
		return keep(ctx, func(o *order.Order) ([]fact.Fact, error) { return o.RecordErrand(errand, false) })
	}
	err := m.ask(ctx, c, errand, patience)
	switch {
	case err == nil, errs.KindOf(err) == errs.Exists, errs.ReasonOf(err) == "IDEMPOTENCY_KEY_REUSED":
		// The latter two: it is there from an earlier try, and the draft has changed since.
	case errand.Action == order.StopReminder && errs.KindOf(err) == errs.NotFound: // nothing to stop
	case refused(err) && errs.KindOf(err) != errs.Denied: // a right can be given, and then it goes on
		m.log.ErrorContext(ctx, "notifications refused", "order", c.ID, "action", errand.Action, "reason", errs.ReasonOf(err), "error", err)
		return keep(ctx, func(o *order.Order) ([]fact.Fact, error) { return o.RecordErrandRefused(errand, errs.ReasonOf(err)) })
	default:
		return errs.Wrap(err, errs.Unavailable, "UNAVAILABLE", "notifications does not answer")
	}
	return keep(ctx, func(o *order.Order) ([]fact.Fact, error) { return o.RecordErrand(errand, true) })
}

// ask makes the one call. The ids were chosen with the link.
func (m mails) ask(ctx context.Context, c *store.Claim[order.Order], errand order.Errand, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	switch errand.Action {
	case order.MailLink:
		return m.mail(call.OnBehalfOf(ctx, errand.Link.SentBy), c.Doc, errand.Link)
	case order.PlanReminder:
		return m.plan(call.OnBehalfOf(ctx, errand.Link.SentBy), c.Doc, errand.Link)
	case order.StopReminder: // by itself: the fact that ends it is this service's
		return m.stop(ctx, c.Doc, errand.Link)
	case order.None, order.RequestTransfer, order.CancelTransfer, order.CheckTransfer: // no errand of a link
	}
	return nil
}

func (m mails) mail(ctx context.Context, o *order.Order, l order.Link) error {
	_, err := m.notes.RequestNotification(rpc.WithKey(ctx, l.NotificationID), &notificationsv1.RequestNotificationRequest{
		NotificationId: l.NotificationID, TemplateKey: templateLink, CustomerId: o.CustomerID,
		Recipient: &notificationsv1.Recipient{PersonId: l.PersonID}, Params: shown(o, l),
		SecretParams: map[string]string{"link": m.url(o.ID, l)}, Correlation: o.ID, SubjectId: o.ID,
	})
	return err
}

func (m mails) plan(ctx context.Context, o *order.Order, l order.Link) error {
	_, err := m.reminders.PlanReminder(rpc.WithKey(ctx, l.ReminderID), &notificationsv1.PlanReminderRequest{
		ReminderId: l.ReminderID, PlanKey: planDraft, TemplateKey: templateReminder, CustomerId: o.CustomerID,
		Recipient: &notificationsv1.Recipient{PersonId: l.PersonID}, Correlation: o.ID, SubjectId: o.ID,
		Params:    map[string]string{"product": productName(o), "order_id": o.ID},
		StartTime: timestamppb.New(l.SentAt), UntilTime: timestamppb.New(l.ExpiresAt),
	})
	return err
}

func (m mails) stop(ctx context.Context, o *order.Order, l order.Link) error {
	_, err := m.reminders.StopReminder(rpc.WithKey(ctx, l.ReminderID+"-stop"), &notificationsv1.StopReminderRequest{
		ReminderId: l.ReminderID, Reason: whyStop(o, l),
	})
	return err
}

// url is the whole link.
func (m mails) url(orderID string, l order.Link) string {
	token := m.signer.Token(link.Named{OrderID: orderID, Number: l.Number, ExpiresAt: l.ExpiresAt})
	return strings.TrimSuffix(m.base, "/") + "/v1/orderLinks/" + token
}

// shown is what the mail says beside the link: no personal data, and no secret.
func shown(o *order.Order, l order.Link) map[string]string {
	params := map[string]string{"product": productName(o), "expire_time": l.ExpiresAt.UTC().Format(time.RFC3339)}
	if o.ManagementAccountID != "" { // a new account has none yet
		params["account_id"] = o.ManagementAccountID
	}
	return params
}

func productName(o *order.Order) string {
	if p, err := catalogue.Find(o.ProductID); err == nil {
		return p.DisplayName
	}
	return o.ProductID
}

func whyStop(o *order.Order, l order.Link) string {
	switch {
	case o.Submitted():
		return "The order was submitted."
	case o.State != order.Draft:
		return "The draft was deleted."
	case l.Revoked:
		return "The link was revoked."
	}
	return "Another link was sent."
}
