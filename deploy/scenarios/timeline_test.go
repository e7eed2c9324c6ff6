package scenarios_test

import (
	"context"
	"slices"
	"testing"

	optionsv1 "example.com/handover/proto/gen/handover/options/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestTimeline is one story of an order out of several services, for each circle of readers.
func TestTimeline(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.newCustomer(t)
	o := c.invited(t)
	c.accept(t)
	c.process(t, o.GetOrderId())

	mine, theirs := w.entries(t, c.person(t), o.GetOrderId()), w.entries(t, w.operator(t), o.GetOrderId())
	for _, e := range mine {
		if e.GetAudience() != typev1.Audience_AUDIENCE_CUSTOMER {
			t.Errorf("the customer sees %s.%s of %s", e.GetKind(), e.GetName(), e.GetAudience())
		}
	}
	hidden := func(e *typev1.Event) bool { return e.GetAudience() == typev1.Audience_AUDIENCE_OPERATOR }
	if !slices.ContainsFunc(theirs, hidden) ||
		slices.ContainsFunc(theirs, func(e *typev1.Event) bool { return e.GetAudience() == typev1.Audience_AUDIENCE_INTERNAL }) {
		t.Errorf("Operations sees %v", names(theirs))
	}
	told := []string{
		"order.created", "order.submitted", "transfer.created", "connection.invitation_requested", "order.queried", "order.check_requested",
		"connection.effective", "order.resumed",
	}
	inThisOrder(t, mine, told)
	inThisOrder(t, theirs, told)
	w.whoAndWhen(t, c, mine)
	if paged := w.pages(t, c.person(t), o.GetOrderId()); !slices.Equal(names(paged), names(mine)) {
		t.Errorf("page by page it is %v, at once %v", names(paged), names(mine))
	}
}

func (w *world) entries(t *testing.T, ctx context.Context, orderID string) []*typev1.Event {
	t.Helper()
	resp, err := w.Timeline.GetTimeline(ctx, &ordersv1.GetTimelineRequest{OrderId: orderID, PageSize: 500})
	if err != nil || len(resp.GetMissingServices()) > 0 {
		t.Fatalf("timeline: missing %v, %v", resp.GetMissingServices(), err)
	}
	return resp.GetEntries()
}

// pages reads the timeline three entries at a time.
func (w *world) pages(t *testing.T, ctx context.Context, orderID string) (all []*typev1.Event) {
	t.Helper()
	for token := ""; ; {
		resp, err := w.Timeline.GetTimeline(ctx, &ordersv1.GetTimelineRequest{OrderId: orderID, PageSize: 3, PageToken: token})
		if err != nil || len(resp.GetEntries()) > 3 {
			t.Fatalf("a page has %d entries, %v", len(resp.GetEntries()), err)
		}
		all = append(all, resp.GetEntries()...)
		if token = resp.GetNextPageToken(); token == "" {
			return all
		}
	}
}

// inThisOrder fails unless the entries hold these facts one after the other, whatever stands between them.
func inThisOrder(t *testing.T, entries []*typev1.Event, want []string) {
	t.Helper()
	for _, e := range entries {
		if len(want) > 0 && e.GetKind()+"."+e.GetName() == want[0] {
			want = want[1:]
		}
	}
	if len(want) > 0 {
		t.Errorf("%s is missing or too early in %v", want[0], names(entries))
	}
}

// whoAndWhen fails unless every entry says when and by whom, and the submission names the customer's person.
func (w *world) whoAndWhen(t *testing.T, c customer, entries []*typev1.Event) {
	t.Helper()
	for _, e := range entries {
		if e.GetOccurTime() == nil || e.GetActor().GetSubject() == "" || e.GetNote() == "" {
			t.Errorf("an entry says too little: %v", e)
		}
		if e.GetName() == "submitted" && (e.GetActor().GetSubject() != c.subject || e.GetActor().GetRole() != optionsv1.Role_ROLE_CUSTOMER) {
			t.Errorf("submitted by %v", e.GetActor())
		}
	}
}
