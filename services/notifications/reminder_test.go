package notifications_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/sim/mail"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

const (
	day = 24 * time.Hour

	active  = notificationsv1.ReminderState_REMINDER_STATE_ACTIVE
	stopped = notificationsv1.ReminderState_REMINDER_STATE_STOPPED
)

// plan is a reminder of Operations that began some days ago.
func plan(ago time.Duration, change ...func(*notificationsv1.PlanReminderRequest)) *notificationsv1.PlanReminderRequest {
	order := id.New("ord")
	req := &notificationsv1.PlanReminderRequest{
		ReminderId: id.New("rem"), PlanKey: "customer-action", TemplateKey: "enter-account", CustomerId: id.New("cus"),
		Recipient: &notificationsv1.Recipient{Role: notificationsv1.RecipientRole_RECIPIENT_ROLE_OPERATIONS},
		Params:    map[string]string{"order_id": order}, Correlation: order, SubjectId: order, StartTime: timestamppb.New(start.Add(-ago)),
	}
	for _, f := range change {
		f(req)
	}
	return req
}

func (a *alone) plan(t *testing.T, req *notificationsv1.PlanReminderRequest) *notificationsv1.Reminder {
	t.Helper()
	resp, err := a.reminders.PlanReminder(a.operator(t), req)
	if err != nil {
		t.Fatalf("plan: %v", err)
	}
	return resp.GetReminder()
}

func (a *alone) reminder(t *testing.T, reminderID string) *notificationsv1.Reminder {
	t.Helper()
	resp, err := a.reminders.GetReminder(a.operator(t), &notificationsv1.GetReminderRequest{ReminderId: reminderID})
	if err != nil {
		t.Fatal(err)
	}
	return resp.GetReminder()
}

func (a *alone) stop(ctx context.Context, t *testing.T, reminderID string) *notificationsv1.StopReminderResponse {
	t.Helper()
	resp, err := a.reminders.StopReminder(ctx, &notificationsv1.StopReminderRequest{ReminderId: reminderID, Reason: "it is done"})
	if err != nil {
		t.Fatalf("stop: %v", err)
	}
	return resp
}

// mailOf waits for the one mail of a reminder.
func (a *alone) mailOf(t *testing.T, reminderID string) *notificationsv1.Notification {
	t.Helper()
	var r *notificationsv1.Reminder
	a.until(t, func() bool { r = a.reminder(t, reminderID); return len(r.GetNotificationIds()) == 1 })
	return a.get(t, r.GetNotificationIds()[0])
}

func TestReminder(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	t.Run("what is due goes out, once, and the next one is known", a.reminds)
	t.Run("a stopped one sends nothing, not even what is queued", a.stops)
	t.Run("the same id and request answers as the first time", a.plannedAgain)
	t.Run("a wrong one is refused", a.wrongPlan)
	t.Run("one without time left has ended at once", a.noTimeLeft)
}

func (a *alone) reminds(t *testing.T) {
	req := plan(5 * day) // two mails are overdue
	r := a.plan(t, req)
	n := a.becomes(t, a.mailOf(t, r.GetReminderId()).GetNotificationId(), sent)
	a.received(t, n, 1)
	if n.GetReminderId() != r.GetReminderId() || n.GetCorrelation() != req.GetCorrelation() || n.GetSubjectId() != req.GetSubjectId() {
		t.Errorf("the mail is %v", n)
	}
	r = a.reminder(t, r.GetReminderId())
	if next := r.GetNextTime().AsTime(); r.GetState() != active || !next.Equal(start.Add(2*day)) {
		t.Errorf("the next one is at %s: %v", next, r)
	}
	if got := a.told(t, r.GetReminderId(), typev1.Audience_AUDIENCE_UNSPECIFIED); !slices.Equal(got, []string{"planned", "sent"}) {
		t.Errorf("told is %v", got)
	}
	listed, err := a.reminders.ListReminders(
		a.operator(t), &notificationsv1.ListRemindersRequest{Correlation: req.GetCorrelation(), States: []notificationsv1.ReminderState{active}},
	)
	if err != nil || len(listed.GetReminders()) != 1 {
		t.Errorf("an operator sees %v, %v", listed.GetReminders(), err)
	}
}

func (a *alone) stops(t *testing.T) {
	if err := a.inbox.SetRule("handover.example", mail.Later); err != nil {
		t.Fatal(err)
	}
	r := a.plan(t, plan(3*day))
	n := a.mailOf(t, r.GetReminderId())
	a.until(t, func() bool {
		m := a.get(t, n.GetNotificationId())
		return m.GetAttemptCount() > 0 && m.GetState() == queued
	})
	resp := a.stop(a.operator(t), t, r.GetReminderId())
	if got := resp.GetReminder(); got.GetState() != stopped || got.GetNextTime() != nil || got.GetStopReason() != "it is done" ||
		len(resp.GetEvents()) != 2 {
		t.Errorf("stopped: %v", resp)
	}
	n = a.becomes(t, n.GetNotificationId(), suppressed)
	if err := a.inbox.SetRule("handover.example", mail.Accept); err != nil {
		t.Fatal(err)
	}
	a.received(t, n, 0)
	if again := a.stop(a.operator(t), t, r.GetReminderId()); len(again.GetEvents()) != 0 ||
		again.GetReminder().GetEtag() != resp.GetReminder().GetEtag() {
		t.Errorf("stopped again: %v", again)
	}
	_, err := a.mails.ResendNotification(
		a.operator(t), &notificationsv1.ResendNotificationRequest{NotificationId: n.GetNotificationId(), Reason: "all the same"},
	)
	refused(t, err, codes.FailedPrecondition, "STATE_REFUSES")
}

func (a *alone) plannedAgain(t *testing.T) {
	req := plan(0, func(r *notificationsv1.PlanReminderRequest) { r.StartTime = nil })
	first := a.plan(t, req)
	if got := first.GetNextTime().AsTime(); !got.Equal(a.reminder(t, first.GetReminderId()).GetStartTime().AsTime().Add(2 * day)) {
		t.Errorf("the first one is at %s", got)
	}
	if again := a.plan(t, req); !proto.Equal(first, again) {
		t.Errorf("the second answer is %v", again)
	}
	req.Params["order_id"] = id.New("ord")
	_, err := a.reminders.PlanReminder(a.operator(t), req)
	refused(t, err, codes.AlreadyExists, "ALREADY_EXISTS")
}

func (a *alone) wrongPlan(t *testing.T) {
	for reason, change := range map[string]func(*notificationsv1.PlanReminderRequest){
		"PLAN_UNKNOWN":      func(r *notificationsv1.PlanReminderRequest) { r.PlanKey = "nagging" },
		"TEMPLATE_UNKNOWN":  func(r *notificationsv1.PlanReminderRequest) { r.TemplateKey = "nothing" },
		"PARAM_MISSING":     func(r *notificationsv1.PlanReminderRequest) { r.TemplateKey = "order-link" },
		"PARAM_UNKNOWN":     func(r *notificationsv1.PlanReminderRequest) { r.Params["colour"] = "red" },
		"RECIPIENT_INVALID": func(r *notificationsv1.PlanReminderRequest) { r.Recipient = &notificationsv1.Recipient{} },
		"TIME_INVALID":      func(r *notificationsv1.PlanReminderRequest) { r.UntilTime = r.GetStartTime() },
	} {
		_, err := a.reminders.PlanReminder(a.operator(t), plan(day, change))
		refused(t, err, codes.InvalidArgument, reason)
	}
	_, err := a.reminders.PlanReminder(
		a.operator(t), plan(0, func(r *notificationsv1.PlanReminderRequest) { r.UntilTime = &timestamppb.Timestamp{Seconds: 1 << 62} }),
	)
	refused(t, err, codes.InvalidArgument, "TIME_INVALID")
	_, err = a.reminders.StopReminder(a.operator(t), &notificationsv1.StopReminderRequest{ReminderId: id.New("rem"), Reason: "done"})
	refused(t, err, codes.NotFound, "NOT_FOUND")
}

func (a *alone) noTimeLeft(t *testing.T) {
	r := a.plan(t, plan(3*day, func(r *notificationsv1.PlanReminderRequest) { r.UntilTime = timestamppb.New(start.Add(-day)) }))
	if r.GetState() != notificationsv1.ReminderState_REMINDER_STATE_FINISHED || len(r.GetNotificationIds()) != 0 || r.GetNextTime() != nil {
		t.Errorf("it is %v", r)
	}
}

func TestPlans(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	resp, err := a.reminders.ListReminderPlans(a.operator(t), &notificationsv1.ListReminderPlansRequest{})
	if err != nil || len(resp.GetPlans()) != 4 {
		t.Fatalf("plans are %v, %v", resp, err)
	}
	for _, p := range resp.GetPlans() {
		if p.GetTitle() == "" || len(p.GetAfter()) == 0 || p.GetLimit() == 0 {
			t.Errorf("a plan is %v", p)
		}
	}
}
