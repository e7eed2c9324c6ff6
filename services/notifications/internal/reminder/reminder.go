// Package reminder reminds people on the schedule of a plan until it is stopped: pure decisions about when the next
// mail goes out, and when none does any more.
//
// It owns no mail: package notification sends, one after the other, what a reminder asks for.
package reminder

import (
	"maps"
	"time"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/notifications/internal/people"
)

// State is where a reminder stands.
type State string

// The states.
const (
	Active   State = "ACTIVE"
	Stopped  State = "STOPPED"  // by the service that asked for it
	Finished State = "FINISHED" // by its plan, or its time
)

// Wish is what was asked for.
type Wish struct {
	PlanKey     string            `json:"plan_key"`
	TemplateKey string            `json:"template_key"`
	CustomerID  string            `json:"customer_id"`
	Recipient   people.Recipient  `json:"recipient"`
	Params      map[string]string `json:"params,omitempty"`
	Correlation string            `json:"correlation"`
	SubjectID   string            `json:"subject_id"`
	StartAt     time.Time         `json:"start_at,omitzero"` // zero: when it was planned
	UntilAt     time.Time         `json:"until_at,omitzero"` // no mail at or after it; zero: the plan alone decides
}

// Reminder is a wish that is carried out again and again.
type Reminder struct {
	ID string `json:"id"`
	Wish
	Began           time.Time   `json:"began"` // when the schedule begins to count
	State           State       `json:"state"`
	Times           []time.Time `json:"times,omitempty"` // of the mails that are to come, ascending
	NotificationIDs []string    `json:"notification_ids,omitempty"`
	StopReason      string      `json:"stop_reason,omitempty"`
}

// New returns a reminder that is active, or finished at once when its plan finds no time before its end. Refused with
// RECIPIENT_INVALID, PLAN_UNKNOWN and TIME_INVALID.
func New(id string, w Wish, now time.Time) (*Reminder, []fact.Fact, error) {
	if err := w.Recipient.Of(w.CustomerID); err != nil {
		return nil, nil, err
	}
	plan, err := FindPlan(w.PlanKey)
	if err != nil {
		return nil, nil, err
	}
	r := &Reminder{ID: id, Wish: w, Began: w.StartAt, State: Active}
	if r.Began.IsZero() {
		r.Began = now
	}
	if !w.UntilAt.IsZero() && !w.UntilAt.After(r.Began) {
		return nil, nil, errs.InvalidField("until_time", ReasonTimeInvalid, "a reminder ends after it begins")
	}
	r.Times = plan.Times(r.Began, w.UntilAt)
	facts := []fact.Fact{tell(FactPlanned, "plan", w.PlanKey, "template", w.TemplateKey, "subject", w.SubjectID)}
	if len(r.Times) == 0 || r.over(now) {
		facts = append(facts, r.finish()...)
	}
	return r, facts, nil
}

// Same reports whether w is the wish that r was made of.
func (r *Reminder) Same(w Wish) bool {
	return r.PlanKey == w.PlanKey && r.TemplateKey == w.TemplateKey && r.CustomerID == w.CustomerID &&
		r.Recipient == w.Recipient && maps.Equal(r.Params, w.Params) && r.Correlation == w.Correlation &&
		r.SubjectID == w.SubjectID && r.StartAt.Equal(w.StartAt) && r.UntilAt.Equal(w.UntilAt)
}

// Next is when the next mail goes out; the zero time when none does.
func Next(r *Reminder) time.Time {
	if r.State != Active {
		return time.Time{}
	}
	return r.Times[0] // an active reminder has one
}

// Remind says whether a mail goes out now, under the id that was chosen for it. After the service was down, one mail stands
// for all that are overdue.
func (r *Reminder) Remind(notificationID string, now time.Time) (bool, []fact.Fact) {
	if r.State != Active || r.Times[0].After(now) {
		return false, nil
	}
	if r.over(now) {
		return false, r.finish()
	}
	for len(r.Times) > 0 && !r.Times[0].After(now) {
		r.Times = r.Times[1:]
	}
	r.NotificationIDs = append(r.NotificationIDs, notificationID)
	facts := []fact.Fact{tell(FactSent, "notification_id", notificationID, "number", number(len(r.NotificationIDs)))}
	if len(r.Times) == 0 {
		facts = append(facts, r.finish()...)
	}
	return true, facts
}

// Stop ends it; of one that has ended nothing changes.
func (r *Reminder) Stop(reason string) ([]fact.Fact, error) {
	if r.State != Active {
		return nil, nil
	}
	r.State, r.Times, r.StopReason = Stopped, nil, reason
	f := tell(FactStopped, "sent", number(len(r.NotificationIDs)))
	f.Reason = reason
	return []fact.Fact{f}, nil
}

// Wants reports whether a mail that it asked for may still go out.
func (r *Reminder) Wants(now time.Time) bool { return r.State != Stopped && !r.over(now) }

func (r *Reminder) over(now time.Time) bool { return !r.UntilAt.IsZero() && !now.Before(r.UntilAt) }

func (r *Reminder) finish() []fact.Fact {
	r.State, r.Times = Finished, nil
	return []fact.Fact{tell(FactFinished, "sent", number(len(r.NotificationIDs)))}
}
