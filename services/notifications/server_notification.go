package notifications

import (
	"context"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/template"
)

type notificationServer struct {
	notificationsv1.UnimplementedNotificationServiceServer
	tables *tables
	pages  *template.Renderer
	words  func(context.Context) text.Words
	domain string // of Message-IDs
}

func (s *notificationServer) RequestNotification(
	ctx context.Context, req *notificationsv1.RequestNotificationRequest,
) (*notificationsv1.RequestNotificationResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*notificationsv1.RequestNotificationResponse, error) {
		row, err := s.request(tx, req.GetNotificationId(), fromRequest(req))
		return &notificationsv1.RequestNotificationResponse{Notification: s.shown(ctx)(row)}, err
	})
}

// request finds the notification of an earlier call that wished the same, even if its key is forgotten.
func (s *notificationServer) request(tx *store.Tx, id string, w notification.Wish) (store.Row[notification.Notification], error) {
	found, err := s.tables.notifications.GetTx(tx, tx.Call().Scope, id)
	if err == nil && found.Doc.Same(w) {
		return found, nil
	}
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return found, err
	}
	tpl, err := template.Find(w.TemplateKey)
	if err != nil {
		return found, err
	}
	if err := tpl.Admit(w.Params, w.Secrets, w.InvoiceID != ""); err != nil {
		return found, err
	}
	n, facts, err := notification.New(id, w, tpl.Repeat, s.domain)
	if err != nil {
		return found, err
	}
	if err := s.tables.replace(tx, n); err != nil {
		return found, err
	}
	return s.tables.notifications.Create(tx, id, n, facts...)
}

func (s *notificationServer) GetNotification(
	ctx context.Context, req *notificationsv1.GetNotificationRequest,
) (*notificationsv1.GetNotificationResponse, error) {
	scope := call.From(ctx).Scope
	row, err := s.tables.notifications.Get(ctx, scope, req.GetNotificationId())
	if err == nil {
		err = visible(scope, "notification", row.ID, row.Doc.Recipient)
	}
	if err != nil {
		return nil, err
	}
	return &notificationsv1.GetNotificationResponse{Notification: s.shown(ctx)(row)}, nil
}

func (s *notificationServer) ListNotifications(
	ctx context.Context, req *notificationsv1.ListNotificationsRequest,
) (*notificationsv1.ListNotificationsResponse, error) {
	q := wire.Filter(wire.Query(ctx, req), "customer", req.GetCustomerId())
	q = wire.Filter(q, "correlation", req.GetCorrelation())
	q = wire.Filter(q, "reminder", req.GetReminderId())
	q, err := wire.Attention{WaitingOwners: wire.Names(req.GetWaitingOwners()), Parked: req.GetParked()}.Add(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(req.GetStates()) > 0 {
		q.Where = append(q.Where, store.In("state", wire.Names(req.GetStates())...))
	}
	scope := call.From(ctx).Scope
	page, err := s.tables.notifications.List(ctx, scope, seenBy(scope, q))
	if err != nil {
		return nil, err
	}
	return &notificationsv1.ListNotificationsResponse{Notifications: wire.Rows(page.Rows, s.shown(ctx)), NextPageToken: page.Next}, nil
}

func (s *notificationServer) ResendNotification(
	ctx context.Context, req *notificationsv1.ResendNotificationRequest,
) (*notificationsv1.ResendNotificationResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*notificationsv1.ResendNotificationResponse, error) {
		if err := s.stillWanted(tx, req.GetNotificationId()); err != nil {
			return nil, err
		}
		row, err := s.tables.notifications.Update(tx, tx.Call().Scope, req.GetNotificationId(), req.GetEtag(),
			func(n *notification.Notification) ([]fact.Fact, error) { return n.Resend(req.GetReason()) })
		return &notificationsv1.ResendNotificationResponse{Notification: s.shown(ctx)(row)}, err
	})
}

// shown converts a notification for the caller.
func (s *notificationServer) shown(ctx context.Context) func(store.Row[notification.Notification]) *notificationsv1.Notification {
	words, scope := s.words(ctx), call.From(ctx).Scope
	return func(row store.Row[notification.Notification]) *notificationsv1.Notification {
		out := toNotification(words, row)
		if s := out.GetSettlement(); s != nil && !scope.All() { // who of the reseller's people wrote what stays among them
			s.Reason, s.Actor = "", nil
		}
		return out
	}
}

// stillWanted refuses a mail whose reminder has ended: it would be suppressed when its turn comes.
func (s *notificationServer) stillWanted(tx *store.Tx, id string) error {
	row, err := s.tables.notifications.GetTx(tx, tx.Call().Scope, id)
	if err != nil {
		return err
	}
	wanted, err := s.tables.wanted(tx, row.Doc)
	if err != nil || wanted {
		return err
	}
	return errs.New(errs.Precondition, notification.ReasonStateRefuses, "the reminder that the mail belongs to has ended")
}

// wanted reports whether the reminder of a mail, if it has one, still wants it. Nothing is locked: a stop that comes at
// the same moment comes too late.
func (t *tables) wanted(tx *store.Tx, n *notification.Notification) (bool, error) {
	if n.ReminderID == "" {
		return true, nil
	}
	row, err := t.reminders.GetTx(tx, reminderOfAMail(), n.ReminderID)
	if err != nil {
		return false, err
	}
	return row.Doc.Wants(tx.Now()), nil
}
