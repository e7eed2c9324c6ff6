package scenarios_test

import (
	"context"
	"testing"

	"example.com/handover/pkg/kit/kittest"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// operationsOnly holds that neither the customer nor its partner finds what Operations works with: the cases and mails about
// the end are there, and for them they are nowhere.
func (l left) operationsOnly(t *testing.T) {
	l.moveTo(t, "par-1")
	l.w.Settle(t)
	about := l.endingCase(t)
	if about.GetAudience() != supportv1.CaseAudience_CASE_AUDIENCE_OPERATIONS {
		t.Errorf("the case is for %s", about.GetAudience())
	}
	if mails, cases := l.toOperations(l.w.operator(t), t); mails == 0 || cases == 0 {
		t.Errorf("an operator finds %d mails to Operations and %d of its cases", mails, cases)
	}
	for name, reader := range map[string]context.Context{
		"the customer": l.person(t), "its partner": l.w.As(t, kittest.Partner("partner-1", "par-1")),
	} {
		if mails, cases := l.toOperations(reader, t); mails != 0 || cases != 0 {
			t.Errorf("%s finds %d mails to Operations and %d of its cases", name, mails, cases)
		}
		if _, err := l.w.Cases.GetCase(reader, &supportv1.GetCaseRequest{CaseId: about.GetCaseId()}); err == nil {
			t.Errorf("%s reads the case of Operations", name)
		}
		_, err := l.w.Cases.CommentCase(reader, &supportv1.CommentCaseRequest{CaseId: about.GetCaseId(), Text: "What is this?"})
		if err == nil {
			t.Errorf("%s comments the case of Operations", name)
		}
		for _, e := range l.w.entries(t, reader, l.order.GetOrderId()) {
			if e.GetAudience() != typev1.Audience_AUDIENCE_CUSTOMER || e.GetAggregateId() == about.GetCaseId() ||
				e.GetDetails()["template"] == "agreement-ended-operations" {
				t.Errorf("the timeline of %s has %v", name, e)
			}
		}
	}
}

// toOperations counts what a caller finds of the mails to Operations and of the cases for it alone.
func (l left) toOperations(ctx context.Context, t *testing.T) (mails, cases int) {
	t.Helper()
	sent, err := l.w.Mails.ListNotifications(ctx, &notificationsv1.ListNotificationsRequest{CustomerId: l.id, PageSize: 500})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range sent.GetNotifications() {
		if n.GetRecipient().GetRole() == notificationsv1.RecipientRole_RECIPIENT_ROLE_OPERATIONS {
			mails++
		}
	}
	opened, err := l.w.Cases.ListCases(ctx, &supportv1.ListCasesRequest{CustomerId: l.id, PageSize: 500})
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range opened.GetCases() {
		if k.GetAudience() != supportv1.CaseAudience_CASE_AUDIENCE_CUSTOMER {
			cases++
		}
	}
	return mails, cases
}
