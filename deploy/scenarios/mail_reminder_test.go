package scenarios_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestMailReminder: the customer is reminded of its open step on the days of the plan, and left alone once it is taken.
func TestMailReminder(t *testing.T) {
	t.Parallel()
	w := newWorldAt(t, at(t, "2026-03-02T09:00:00Z")) // its month has days enough for every reminder
	c := w.newCustomer(t)
	o := c.invited(t)
	opened := w.Now(t)
	t.Run("NTF-001 reminders of the invitation arrive on schedule until it is accepted, and none after", func(t *testing.T) {
		w.Advance(t, opened.Add(7*24*time.Hour+time.Hour))
		if diff := cmp.Diff([]int{2, 4, 7}, w.reminded(t, "billing transfer of AWS account "+c.account, opened)); diff != "" {
			t.Errorf("days (-want +got):\n%s", diff)
		}
		c.accept(t)
		c.process(t, o.GetOrderId())
		w.Advance(t, w.Now(t).Add(4*24*time.Hour))
		if diff := cmp.Diff([]int{2, 4, 7}, w.reminded(t, "billing transfer of AWS account "+c.account, opened)); diff != "" {
			t.Errorf("days after the acceptance (-want +got):\n%s", diff)
		}
		w.ofInvitation(t, o, notificationsv1.ReminderState_REMINDER_STATE_STOPPED)
	})
	t.Run("the customer reads of the mails, and not of how they came about", func(t *testing.T) {
		resp, err := w.Timeline.GetTimeline(c.person(t), &ordersv1.GetTimelineRequest{OrderId: o.GetOrderId(), PageSize: 500})
		if err != nil {
			t.Fatal(err)
		}
		told := map[string]int{}
		for _, e := range resp.GetEntries() {
			if e.GetService() == "notifications" {
				told[e.GetKind()+" "+e.GetName()+": "+e.GetNote()]++
			}
		}
		if told["notification sent: Mail sent: Accept the billing transfer"] != 3 {
			t.Errorf("it reads %v", told)
		}
		for what := range told {
			if !strings.HasPrefix(what, "notification sent: ") {
				t.Errorf("it reads %q", what)
			}
		}
	})
}

// reminded are the days after an instant on which mails with such a subject arrived.
func (w *world) reminded(t *testing.T, subject string, since time.Time) []int {
	t.Helper()
	resp, err := w.Sandbox.ListMail(w.operator(t), &sandboxv1.ListMailRequest{To: "pat@example.com", Subject: subject, PageSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	var days []int
	for _, m := range resp.GetMails() {
		days = append([]int{int(m.GetArriveTime().AsTime().Sub(since) / (24 * time.Hour))}, days...)
	}
	return days
}

// ofInvitation fails unless the reminder of an order's invitation stands so.
func (w *world) ofInvitation(t *testing.T, o *ordersv1.Order, state notificationsv1.ReminderState) {
	t.Helper()
	resp, err := w.Reminders.ListReminders(w.operator(t), &notificationsv1.ListRemindersRequest{
		Correlation: o.GetOrderId(), OrderBy: typev1.SortOrder_SORT_ORDER_CREATE_TIME,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range resp.GetReminders() {
		if r.GetTemplateKey() == "accept-billing-transfer" {
			if r.GetState() != state || r.GetSubjectId() != o.GetTransferId() {
				t.Errorf("it is %v", r)
			}
			return
		}
	}
	t.Errorf("there is none among %v", resp.GetReminders())
}
