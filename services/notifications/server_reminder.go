package notifications

import (
	"context"
	"slices"

	"example.com/handover/pkg/call"
	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	"example.com/handover/services/notifications/internal/notification"
	"example.com/handover/services/notifications/internal/reminder"
	"example.com/handover/services/notifications/internal/template"
)

type reminderServer struct {
	notificationsv1.UnimplementedReminderServiceServer
	tables *tables
	words  func(context.Context) text.Words
}

func (s *reminderServer) PlanReminder(
	ctx context.Context, req *notificationsv1.PlanReminderRequest,
) (*notificationsv1.PlanReminderResponse, error) {
	w, err := fromPlanRequest(req)
	if err != nil {
		return nil, err
	}
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*notificationsv1.PlanReminderResponse, error) {
		row, err := s.plan(tx, req.GetReminderId(), w)
		return &notificationsv1.PlanReminderResponse{Reminder: toReminder(row)}, err
	})
}

// plan finds the reminder of an earlier call that wished the same, even if its key is forgotten.
func (s *reminderServer) plan(tx *store.Tx, id string, w reminder.Wish) (store.Row[reminder.Reminder], error) {
	found, err := s.tables.reminders.GetTx(tx, tx.Call().Scope, id)
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
	if err := tpl.Admit(w.Params, nil, false); err != nil {
		return found, err
	}
	r, facts, err := reminder.New(id, w, tx.Now())
	if err != nil {
		return found, err
	}
	return s.tables.reminders.Create(tx, id, r, facts...)
}

func (s *reminderServer) StopReminder(
	ctx context.Context, req *notificationsv1.StopReminderRequest,
) (*notificationsv1.StopReminderResponse, error) {
	return store.Write(ctx, s.tables.db, req, func(tx *store.Tx) (*notificationsv1.StopReminderResponse, error) {
		if err := s.suppress(tx, req.GetReminderId()); err != nil { // locks the reminder as well
			return nil, err
		}
		row, err := s.tables.reminders.Update(tx, tx.Call().Scope, req.GetReminderId(), req.GetEtag(),
			func(r *reminder.Reminder) ([]fact.Fact, error) { return r.Stop(req.GetReason()) })
		return &notificationsv1.StopReminderResponse{Reminder: toReminder(row)}, err
	})
}

// suppress ends the mails of a reminder that are still in the queue, and that somebody must see to those that failed. One that comes into
// the queue at this moment is held back when its turn comes, and one that fails finds the end of its reminder when it looks.
func (s *reminderServer) suppress(tx *store.Tx, reminderID string) error {
	queued, err := s.tables.notifications.ListTx(tx, tx.Call().Scope, store.Query{
		Where: []store.Cond{store.Eq("reminder", reminderID)}, Size: most,
	})
	if err != nil {
		return err
	}
	rows := []store.Locked{s.tables.reminders.Row(reminderID)}
	queued.Rows = slices.DeleteFunc(queued.Rows, func(row store.Row[notification.Notification]) bool {
		return row.Doc.State != notification.Queued && !row.Doc.Unsettled()
	})
	for _, row := range queued.Rows {
		rows = append(rows, s.tables.notifications.Row(row.ID))
	}
	if err := tx.Lock(rows...); err != nil {
		return err
	}
	for _, row := range queued.Rows {
		_, err := s.tables.notifications.Update(tx, tx.Call().Scope, row.ID, "", func(n *notification.Notification) ([]fact.Fact, error) {
			return n.ReminderOver(tx.Now())
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *reminderServer) GetReminder(
	ctx context.Context, req *notificationsv1.GetReminderRequest,
) (*notificationsv1.GetReminderResponse, error) {
	scope := call.From(ctx).Scope
	row, err := s.tables.reminders.Get(ctx, scope, req.GetReminderId())
	if err == nil {
		err = visible(scope, "reminder", row.ID, row.Doc.Recipient)
	}
	if err != nil {
		return nil, err
	}
	return &notificationsv1.GetReminderResponse{Reminder: toReminder(row)}, nil
}

func (s *reminderServer) ListReminders(
	ctx context.Context, req *notificationsv1.ListRemindersRequest,
) (*notificationsv1.ListRemindersResponse, error) {
	q := wire.Filter(wire.Query(ctx, req), "customer", req.GetCustomerId())
	q = wire.Filter(q, "correlation", req.GetCorrelation())
	if len(req.GetStates()) > 0 {
		q.Where = append(q.Where, store.In("state", wire.Names(req.GetStates())...))
	}
	scope := call.From(ctx).Scope
	page, err := s.tables.reminders.List(ctx, scope, seenBy(scope, q))
	if err != nil {
		return nil, err
	}
	return &notificationsv1.ListRemindersResponse{Reminders: wire.Rows(page.Rows, toReminder), NextPageToken: page.Next}, nil
}

// ListReminderPlans answers in one page: the plans are few.
func (s *reminderServer) ListReminderPlans(
	ctx context.Context, _ *notificationsv1.ListReminderPlansRequest,
) (*notificationsv1.ListReminderPlansResponse, error) {
	resp := &notificationsv1.ListReminderPlansResponse{}
	for _, p := range reminder.Plans() {
		resp.Plans = append(resp.Plans, toPlan(s.words(ctx), p))
	}
	return resp, nil
}
