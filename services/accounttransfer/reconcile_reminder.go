package accounttransfer

import (
	"context"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/wire"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	"example.com/handover/services/accounttransfer/internal/transfer"
)

// reminderPlan is the schedule by which customers are reminded of their steps.
const reminderPlan = "customer-action"

// planReminder has the customer reminded of a step, under an id that was saved before.
func (r *reconciler) planReminder(ctx, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	err := c.Save(ctx, func(t *transfer.Transfer) ([]fact.Fact, error) { return t.IntendReminder(a.StepKey, id.New("rem")) })
	if err != nil {
		return nil, err
	}
	step, err := c.Doc.Step(a.StepKey)
	if err != nil {
		return nil, err
	}
	wish := c.Doc.ReminderWish(step)
	err = ask(calls, wish.ID, func(ctx context.Context) error {
		_, err := r.peers.reminders.PlanReminder(ctx, &notificationsv1.PlanReminderRequest{
			ReminderId: wish.ID, PlanKey: reminderPlan, TemplateKey: wish.Template, CustomerId: c.Doc.CustomerID,
			Recipient: &notificationsv1.Recipient{Role: notificationsv1.RecipientRole_RECIPIENT_ROLE_TECHNICAL},
			Params:    wish.Params, Correlation: c.Correlation, SubjectId: c.ID,
			StartTime: wire.Time(wish.Start), UntilTime: wire.Time(wish.Until),
		})
		return err
	})
	if err != nil {
		why := r.absenceOf(ctx, err, "notifications")
		return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
			return t.ReminderNotPlanned(a.StepKey, wish.ID, why, now)
		}, nil
	}
	return func(t *transfer.Transfer, _ time.Time) ([]fact.Fact, error) {
		return t.ReminderPlanned(a.StepKey, wish.ID)
	}, nil
}

// stopReminder has a customer left alone. A reminder that notifications does not know was never planned.
func (r *reconciler) stopReminder(ctx, calls context.Context, c *claim, a transfer.Action) (decision, error) {
	step, err := c.Doc.Step(a.StepKey)
	if err != nil {
		return nil, err
	}
	err = ask(calls, a.ID+"-stop", func(ctx context.Context) error {
		_, err := r.peers.reminders.StopReminder(ctx, &notificationsv1.StopReminderRequest{
			ReminderId: a.ID, Reason: "The step " + step.Key + " is no longer open as it was.",
		})
		return err
	})
	if err != nil && errs.KindOf(err) != errs.NotFound {
		why := r.absenceOf(ctx, err, "notifications")
		return func(t *transfer.Transfer, now time.Time) ([]fact.Fact, error) {
			return t.ReminderNotStopped(a.StepKey, a.ID, why, now)
		}, nil
	}
	return func(t *transfer.Transfer, _ time.Time) ([]fact.Fact, error) {
		return t.ReminderStopped(a.StepKey, a.ID)
	}, nil
}
