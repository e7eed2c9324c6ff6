package notifications

import (
	"context"
	"time"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/wire"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/people"
)

func (s *notificationServer) SettleNotification(
	ctx context.Context, req *notificationsv1.SettleNotificationRequest,
) (*notificationsv1.SettleNotificationResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*notificationsv1.SettleNotificationResponse, error) {
		row, err := s.tables.notifications.Update(tx, tx.Call().Scope, req.GetNotificationId(), req.GetEtag(),
			func(n *notification.Notification) ([]fact.Fact, error) {
				return n.Settle(req.GetReason(), tx.Call().Actor, tx.Now())
			})
		return &notificationsv1.SettleNotificationResponse{Notification: s.shown(ctx)(row)}, err
	})
}

func (s *notificationServer) ReportDelivery(
	ctx context.Context, req *notificationsv1.ReportDeliveryRequest,
) (*notificationsv1.ReportDeliveryResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*notificationsv1.ReportDeliveryResponse, error) {
		row, err := s.tables.notifications.Update(tx, tx.Call().Scope, req.GetNotificationId(), "",
			func(n *notification.Notification) ([]fact.Fact, error) {
				return n.Report(notification.Problem{
					Kind: notification.ProblemKind(wire.Name(req.GetProblem())), PersonID: req.GetPersonId(), Provider: req.GetProviderCode(),
					At: tx.Now(),
				})
			})
		return &notificationsv1.ReportDeliveryResponse{Notification: s.shown(ctx)(row)}, err
	})
}

// replace settles the mails about the same that somebody must see to, because a newer one says it. One that fails later finds that out
// when it looks.
func (t *tables) replace(tx *store.Tx, newer *notification.Notification) error {
	found, err := t.unsettled(tx, newer)
	if err != nil {
		return err
	}
	var older []store.Row[notification.Notification]
	var rows []store.Locked
	for _, row := range found {
		if row.Doc.IsReplacedBy(newer) {
			older, rows = append(older, row), append(rows, t.notifications.Row(row.ID))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := tx.Lock(rows...); err != nil {
		return err
	}
	for _, row := range older {
		_, err := t.notifications.Update(tx, sameSubject(), row.ID, "", func(n *notification.Notification) ([]fact.Fact, error) {
			return n.ReplacedBy(newer.ID, tx.Now()), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// unsettled are the mails of a subject that somebody must see to.
func (t *tables) unsettled(tx *store.Tx, n *notification.Notification) ([]store.Row[notification.Notification], error) {
	page, err := t.notifications.ListTx(tx, sameSubject(), store.Query{
		Where: append(store.WaitingFor(), store.Eq("subject", n.SubjectID)), Size: most,
	})
	return page.Rows, err
}

const most = 500

// look finds out whether somebody still has to see to a mail: here, whether a newer one says it or its reminder has ended; and at Orders,
// whether what it is about has gone on or ended, and who would get it now.
func (m *mailer) look(ctx context.Context, a attempt) (record, error) {
	found, asked, err := m.tables.found(ctx, a)
	if err == nil && found.NewID == "" && !found.ReminderEnded {
		err = m.ask(ctx, a.Doc, &found)
	}
	if err != nil {
		return nil, err
	}
	return func(n *notification.Notification, now time.Time) ([]fact.Fact, error) {
		return n.Looked(found, asked, now), nil
	}, nil
}

// found is what the service knows itself, and when the mail was asked for.
func (t *tables) found(ctx context.Context, a attempt) (found notification.Found, asked time.Time, err error) {
	err = t.db.InTx(ctx, func(tx *store.Tx) error {
		row, err := t.notifications.GetTx(tx, sameSubject(), a.ID)
		if err != nil {
			return err
		}
		asked = row.CreatedAt
		page, err := t.notifications.ListTx(tx, sameSubject(), store.Query{
			Where: []store.Cond{store.Eq("correlation", a.Doc.Correlation), store.Since("created_at", asked)}, Size: most,
		})
		if err != nil {
			return err
		}
		for _, newer := range page.Rows {
			if a.Doc.IsReplacedBy(newer.Doc) {
				found.NewID = newer.ID
			}
		}
		wanted, err := t.wanted(tx, a.Doc)
		found.ReminderEnded = !wanted
		return err
	})
	return found, asked, err
}

// ask is for what Orders knows. An order or customer that is not there ends nothing.
func (m *mailer) ask(ctx context.Context, n *notification.Notification, found *notification.Found) error {
	if orderID := n.AboutOrder(); orderID != "" {
		resp, err := m.orders.GetOrder(ctx, &ordersv1.GetOrderRequest{OrderId: orderID})
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		found.OrderEnded, found.OrderSent = wire.FromTime(resp.GetOrder().GetEndTime()), wire.FromTime(resp.GetOrder().GetSubmitTime())
	}
	if n.Problem == nil || n.Recipient.Audience() != people.ForCustomer {
		return nil
	}
	var err error
	found.People, _, err = m.people.find(ctx, n)
	return err
}

func sameSubject() call.Scope { return call.Everyone("mails about the same are of one customer") }
