package main

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/deploy/journey"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// fact is one fact about an order.
func fact(revision int64, name string) *typev1.Event {
	return &typev1.Event{Kind: "order", AggregateId: "ord_1", Revision: revision, Name: name}
}

// ended is a life that ended as a declined one does.
func ended(timeline ...*typev1.Event) journey.Evidence {
	return journey.Evidence{
		Order: &ordersv1.Order{
			State: ordersv1.OrderState_ORDER_STATE_FAILED, EndTime: timestamppb.Now(),
			Failure: &ordersv1.OrderFailure{Code: ordersv1.OrderFailureCode_ORDER_FAILURE_CODE_TRANSFER_DECLINED},
		},
		Orders:      1,
		Connections: []*accounttransferv1.Connection{{State: accounttransferv1.ConnectionState_CONNECTION_STATE_ENDED}},
		AtAWS:       []*sandboxv1.AwsTransfer{{Status: "DECLINED"}},
		Effects:     []string{"InviteOrganizationToTransferResponsibility"},
		Work:        map[string]*opsv1.Work{"orders": {}},
		Timeline:    append([]*typev1.Event{fact(1, "created"), fact(2, "check_requested")}, timeline...),
	}
}

func TestALifeIsComparedWithAnUndisturbedOne(t *testing.T) {
	p := scenario{name: "declined"}
	baseline := p.outcomeOf(ended(fact(3, "progressed"), fact(4, "failed")))
	for name, tt := range map[string]struct {
		life journey.Evidence
		want string
	}{
		"the same":                  {ended(fact(3, "progressed"), fact(4, "failed")), ""},
		"two steps seen at once":    {ended(fact(3, "failed")), ""},
		"an end recorded again":     {ended(fact(3, "failed"), fact(4, "failed")), "order.failed: 2 times, undisturbed 1"},
		"no end recorded":           {ended(), "order.failed: 0 times, undisturbed 1"},
		"asked twice for one press": {ended(fact(3, "check_requested"), fact(4, "failed")), "check_requested: 2 times, undisturbed 1"},
		"another state at AWS": {func() journey.Evidence {
			e := ended(fact(3, "failed"))
			e.AtAWS[0].Status = "REQUESTED"
			return e
		}(), "at AWS DECLINED: 0 times, undisturbed 1"},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, baseline.differences(p.outcomeOf(tt.life)), tt.want)
		})
	}
}

// expect wants one complaint that contains the text; empty: none at all.
func expect(t *testing.T, got []string, want string) {
	t.Helper()
	if want == "" && len(got) > 0 || want != "" && !strings.Contains(strings.Join(got, "\n"), want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
