package reminder_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/fact"
	"example.com/handover/services/notifications/internal/people"
	"example.com/handover/services/notifications/internal/reminder"
)

func wish(change ...func(*reminder.Wish)) reminder.Wish {
	w := reminder.Wish{
		PlanKey: "customer-action", TemplateKey: "accept-billing-transfer", CustomerID: "cus_1",
		Recipient: people.Recipient{Role: people.Technical}, Correlation: "ord_1", SubjectID: "trf_1",
	}
	for _, f := range change {
		f(&w)
	}
	return w
}

func until(d time.Duration) func(*reminder.Wish) {
	return func(w *reminder.Wish) { w.UntilAt = start.Add(d) }
}

func begin(t *testing.T, w reminder.Wish) *reminder.Reminder {
	t.Helper()
	r, _, err := reminder.New("rem_1", w, start)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestLife walks reminders from time to time and looks at what they do.
func TestLife(t *testing.T) {
	t.Parallel()
	r := begin(t, wish(until(12*day)))
	var days []float64
	var told []string
	for at := reminder.Next(r); !at.IsZero(); at = reminder.Next(r) {
		send, facts := r.Remind("ntf", at)
		if send {
			days = append(days, at.Sub(start).Hours()/24)
		}
		told = append(told, names(facts))
	}
	if diff := cmp.Diff([]float64{2, 4, 7, 10, 11}, days); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"sent", "sent", "sent", "sent", "sent finished"}, told); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	if r.State != reminder.Finished || len(r.NotificationIDs) != 5 {
		t.Errorf("it ended as %+v", r)
	}
}

func TestOverdue(t *testing.T) {
	t.Parallel()
	r := begin(t, wish())
	if send, _ := r.Remind("ntf_1", start.Add(day)); send {
		t.Error("a mail before its time")
	}
	if send, _ := r.Remind("ntf_1", start.Add(8*day)); !send || len(r.NotificationIDs) != 1 {
		t.Error("three mails are overdue and there is not one of them")
	}
	if got := reminder.Next(r); !got.Equal(start.Add(10 * day)) {
		t.Errorf("the next one is at %s", got)
	}
	late := begin(t, wish(until(3*day)))
	if send, facts := late.Remind("ntf_1", start.Add(3*day)); send || names(facts) != "finished" {
		t.Errorf("at its end: %t, %q", send, names(facts))
	}
}

func TestStop(t *testing.T) {
	t.Parallel()
	r := begin(t, wish())
	if facts, _ := r.Stop("accepted"); names(facts) != "stopped" || !reminder.Next(r).IsZero() || r.Wants(start) {
		t.Errorf("stopped: %q, %+v", names(facts), r)
	}
	if facts, err := r.Stop("again"); err != nil || len(facts) != 0 || r.StopReason != "accepted" {
		t.Errorf("stopped again: %q, %v, %+v", names(facts), err, r)
	}
	if send, _ := r.Remind("ntf_1", start.Add(9*day)); send {
		t.Error("a mail after the stop")
	}
}

func TestNew(t *testing.T) {
	t.Parallel()
	for reason, w := range map[string]reminder.Wish{
		"PLAN_UNKNOWN":      wish(func(w *reminder.Wish) { w.PlanKey = "nagging" }),
		"TIME_INVALID":      wish(until(0)),
		"RECIPIENT_INVALID": wish(func(w *reminder.Wish) { w.Recipient.PersonID = "per_1" }),
	} {
		if _, _, err := reminder.New("rem_1", w, start); errs.ReasonOf(err) != reason {
			t.Errorf("refused with %v, want %s", err, reason)
		}
	}
	for name, w := range map[string]reminder.Wish{
		"too little time": wish(until(time.Hour)),
		"too late":        wish(func(w *reminder.Wish) { w.StartAt, w.UntilAt = start.Add(-9*day), start.Add(-day) }),
	} {
		r, facts, err := reminder.New("rem_1", w, start)
		if err != nil || r.State != reminder.Finished || names(facts) != "planned finished" {
			t.Errorf("%s: %+v, %q, %v", name, r, names(facts), err)
		}
	}
}

func names(facts []fact.Fact) string {
	var all []string
	for _, f := range facts {
		all = append(all, f.Name)
	}
	return strings.Join(all, " ")
}
