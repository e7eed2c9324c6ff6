package notifications

import (
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/store"
	"example.com/handover/pkg/text"
	"example.com/handover/pkg/wire"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	"example.com/handover/services/notifications/internal/reminder"
)

// The years in which a reminder can be spoken of. Far outside them the arithmetic of dates leaves what a timestamp holds.
const (
	firstYear = 2000
	lastYear  = 2200
)

func toReminder(r store.Row[reminder.Reminder]) *notificationsv1.Reminder {
	doc := r.Doc
	if doc == nil {
		return nil
	}
	return &notificationsv1.Reminder{
		ReminderId: r.ID, PlanKey: doc.PlanKey, TemplateKey: doc.TemplateKey, CustomerId: doc.CustomerID,
		Recipient: toRecipient(doc.Recipient), Params: doc.Params, Correlation: doc.Correlation, SubjectId: doc.SubjectID,
		StartTime: wire.Time(doc.Began), UntilTime: wire.Time(doc.UntilAt),
		State: wire.Value[notificationsv1.ReminderState](string(doc.State)), NextTime: wire.Time(reminder.Next(doc)),
		NotificationIds: doc.NotificationIDs, StopReason: doc.StopReason,
		Etag: r.ETag(), CreateTime: wire.Time(r.CreatedAt), UpdateTime: wire.Time(r.UpdatedAt),
	}
}

func fromPlanRequest(req *notificationsv1.PlanReminderRequest) (reminder.Wish, error) {
	w := reminder.Wish{
		PlanKey: req.GetPlanKey(), TemplateKey: req.GetTemplateKey(), CustomerID: req.GetCustomerId(),
		Recipient: fromRecipient(req.GetRecipient()), Params: req.GetParams(), Correlation: req.GetCorrelation(), SubjectID: req.GetSubjectId(),
	}
	var err error
	if w.StartAt, err = moment("start_time", req.GetStartTime()); err != nil {
		return w, err
	}
	w.UntilAt, err = moment("until_time", req.GetUntilTime())
	return w, err
}

// moment reads a time that a caller chose; zero for none. Refused with TIME_INVALID when it is no time, or none that a
// reminder can have.
func moment(field string, t *timestamppb.Timestamp) (time.Time, error) {
	at := wire.FromTime(t)
	if t != nil && (!t.IsValid() || at.Year() < firstYear || at.Year() > lastYear) {
		return time.Time{}, errs.InvalidField(field, reminder.ReasonTimeInvalid, "is no time between the years %d and %d", firstYear, lastYear)
	}
	return at, nil
}

func toPlan(words text.Words, p reminder.Plan) *notificationsv1.ReminderPlan {
	out := &notificationsv1.ReminderPlan{
		PlanKey: p.Key, Title: words.Say(text.New("plan." + p.Key)), After: spans(p.After),
		BeforeUntil: spans(p.BeforeUntil), Limit: int32(p.Limit),
	}
	if p.Every > 0 {
		out.Every = durationpb.New(p.Every)
	}
	return out
}

func spans(all []time.Duration) (out []*durationpb.Duration) {
	for _, d := range all {
		out = append(out, durationpb.New(d))
	}
	return out
}
