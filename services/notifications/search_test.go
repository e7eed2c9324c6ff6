package notifications_test

import (
	"context"
	"testing"

	"example.com/handover/pkg/kit/kittest"
	notificationsv1 "example.com/handover/proto/gen/handover/notifications/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// TestSearch: a mail is found by its id, which its Message-ID holds; one to Operations by nobody outside.
func TestSearch(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	kittest.SearchesByIndex(t, a.env, 2)
	finds := func(caller context.Context, notificationID string) []*typev1.Hit {
		t.Helper()
		resp, err := a.ops.Search(caller, &opsv1.SearchRequest{
			Service: "notifications", Tokens: []*opsv1.SearchToken{{By: typev1.MatchedBy_MATCHED_BY_ID, Value: notificationID}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return resp.GetHits()
	}
	for outside, req := range []*notificationsv1.RequestNotificationRequest{wish(), wish(toBilling)} {
		n := a.request(t, req)
		got := finds(a.operator(t), n.GetNotificationId())
		if len(got) != 1 || got[0].GetOrderId() != req.GetCorrelation() || got[0].GetTitle() != "order-completed" {
			t.Errorf("an operator finds %v", got)
		}
		if got := finds(a.As(t, kittest.Customer("customer-1", req.GetCustomerId())), n.GetNotificationId()); len(got) != outside {
			t.Errorf("of a mail to %v its customer finds %v", req.GetRecipient(), got)
		}
		if got := finds(a.As(t, kittest.Customer("customer-2", wish().GetCustomerId())), n.GetNotificationId()); len(got) != 0 {
			t.Errorf("another customer finds %v", got)
		}
	}
}
