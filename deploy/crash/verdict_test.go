package main

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/deploy/journey"
	opsv1 "example.com/handover/proto/gen/handover/ops/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// told is one fact about an order.
func told(revision int64, name string) *typev1.Event {
	return &typev1.Event{Kind: "order", AggregateId: "ord_1", Revision: revision, Name: name}
}

// failed is a life that ended as a declined one does.
func failed(timeline ...*typev1.Event) journey.Evidence {
	return journey.Evidence{
		Order:    &ordersv1.Order{State: ordersv1.OrderState_ORDER_STATE_FAILED, EndTime: timestamppb.Now()},
		Orders:   1,
		AtAWS:    []*sandboxv1.AwsTransfer{{Status: "DECLINED"}},
		Effects:  []string{"InviteOrganizationToTransferResponsibility"},
		Work:     map[string]*opsv1.Work{"orders": {}},
		Timeline: append([]*typev1.Event{told(1, "created"), told(2, "check_requested")}, timeline...),
	}
}

func TestALifeIsComparedWithAnUndisturbedOne(t *testing.T) {
	p := plot{name: "declined"}
	calm := p.signatureOf(failed(told(3, "progressed"), told(4, "failed")))
	for name, tt := range map[string]struct {
		life journey.Evidence
		want string
	}{
		"the same":                      {failed(told(3, "progressed"), told(4, "failed")), ""},
		"two steps seen at once":        {failed(told(3, "failed")), ""},
		"an end told again":             {failed(told(3, "failed"), told(4, "failed")), "order.failed: 2 times, undisturbed 1"},
		"no end told":                   {failed(), "order.failed: 0 times, undisturbed 1"},
		"asked twice for one key press": {failed(told(3, "check_requested"), told(4, "failed")), "check_requested: 2 times, undisturbed 1"},
		"another state at AWS": {func() journey.Evidence {
			e := failed(told(3, "failed"))
			e.AtAWS[0].Status = "REQUESTED"
			return e
		}(), "at AWS DECLINED: 0 times, undisturbed 1"},
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, calm.differences(p.signatureOf(tt.life)), tt.want)
		})
	}
}

func TestWhatMustNeverBe(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*journey.Evidence)
		want   string
	}{
		"all is well":     {func(*journey.Evidence) {}, ""},
		"two effects":     {func(e *journey.Evidence) { e.Effects = append(e.Effects, e.Effects...) }, "2 times"},
		"two orders":      {func(e *journey.Evidence) { e.Orders = 2 }, "2 orders"},
		"two invitations": {func(e *journey.Evidence) { e.AtAWS = append(e.AtAWS, e.AtAWS...) }, "2 invitations"},
		"left at AWS":     {func(e *journey.Evidence) { e.AtAWS[0].Status = "REQUESTED" }, "the order has ended"},
		"told twice":      {func(e *journey.Evidence) { e.Timeline = append(e.Timeline, told(1, "created")) }, "told twice"},
		"a dead letter":   {func(e *journey.Evidence) { e.Work["orders"].DeadLetters = 1 }, "orders is not done"},
		"parked":          {func(e *journey.Evidence) { e.Work["orders"].Parked = 1 }, "orders is not done"},
		"unpublished":     {func(e *journey.Evidence) { e.Work["orders"].Unpublished = 1 }, "orders is not done"},
	} {
		t.Run(name, func(t *testing.T) {
			e := failed()
			tt.change(&e)
			expect(t, append(append(doubles(e), toldTwice(e.Timeline)...), unfinished(e)...), tt.want)
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
