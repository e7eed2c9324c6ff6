package orders_test

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

const (
	kindOrder       = typev1.ActionKind_ACTION_KIND_ORDER
	kindTermination = typev1.ActionKind_ACTION_KIND_TERMINATION
	kindChange      = typev1.ActionKind_ACTION_KIND_CHANGE
)

// actions is the whole list, by pages of two.
func (a *alone) actions(t *testing.T, req *ordersv1.ListActionsRequest) (all []*typev1.Action, missing []string) {
	t.Helper()
	for req.PageSize = 2; ; {
		resp, err := ordersv1.NewActionServiceClient(a.Conn()).ListActions(a.operator(t), req)
		if err != nil {
			t.Fatalf("list the actions: %v", err)
		}
		all, missing = append(all, resp.GetActions()...), resp.GetMissingServices()
		if req.PageToken = resp.GetNextPageToken(); req.GetPageToken() == "" {
			return all, missing
		}
	}
}

// listed is what the list has of an order; nil: nothing.
func (a *alone) listed(t *testing.T, orderID string) *typev1.Action {
	t.Helper()
	all, _ := a.actions(t, &ordersv1.ListActionsRequest{})
	i := slices.IndexFunc(all, func(got *typev1.Action) bool { return got.GetResourceId() == orderID })
	if i < 0 {
		return nil
	}
	return all[i]
}

// TestActionsOfDrafts: a draft that nobody has sent is the reseller's, and services that are away are named.
func TestActionsOfDrafts(t *testing.T) {
	t.Parallel()
	a := startAlone(t)
	var made []string
	for _, account := range []string{"810000000001", "810000000002", "810000000003"} {
		made = append(made, a.draftFor(t, "", account))
	}
	all, missing := a.actions(t, &ordersv1.ListActionsRequest{})
	if !slices.Equal(missing, []string{"accounttransfer", "support", "notifications", "billing"}) {
		t.Errorf("missing are %v", missing)
	}
	var ids []string
	for _, got := range all {
		if ids = append(ids, got.GetResourceId()); got.GetKind() != kindOrder || got.GetService() != "orders" ||
			got.GetOrderId() != got.GetResourceId() ||
			got.GetCustomerId() != a.customer || got.GetAccountId() == "" || got.GetWaiting().GetOwner() != typev1.Party_PARTY_RESELLER ||
			!strings.Contains(got.GetWaiting().GetWhere(), "SendOrder") || got.GetCreateTime() == nil {
			t.Errorf("it holds %v", got)
		}
	}
	if !slices.Equal(ids, made) {
		t.Errorf("it holds %v, want %v", ids, made)
	}
	a.moveTo(t, "ptn_1")
	for name, tt := range map[string]struct {
		req  *ordersv1.ListActionsRequest
		want int
	}{
		"of the customer":         {&ordersv1.ListActionsRequest{CustomerId: a.customer}, 3},
		"of another customer":     {&ordersv1.ListActionsRequest{CustomerId: id.New("cus")}, 0},
		"of the partner":          {&ordersv1.ListActionsRequest{PartnerId: "ptn_1"}, 3},
		"of another partner":      {&ordersv1.ListActionsRequest{PartnerId: "ptn_2"}, 0},
		"of a kind":               {&ordersv1.ListActionsRequest{Kinds: []typev1.ActionKind{kindOrder}}, 3},
		"of another kind":         {&ordersv1.ListActionsRequest{Kinds: []typev1.ActionKind{kindTermination}}, 0},
		"that wait for us":        {&ordersv1.ListActionsRequest{WaitingOwners: []typev1.Party{typev1.Party_PARTY_RESELLER}}, 3},
		"that wait for customers": {&ordersv1.ListActionsRequest{WaitingOwners: []typev1.Party{typev1.Party_PARTY_CUSTOMER}}, 0},
		"overdue":                 {&ordersv1.ListActionsRequest{Overdue: true}, 0},
		"escalated":               {&ordersv1.ListActionsRequest{Escalated: true}, 0},
		"parked":                  {&ordersv1.ListActionsRequest{Parked: true}, 0},
		"with money at risk":      {&ordersv1.ListActionsRequest{MoneyAtRisk: true}, 0},
	} {
		if got, _ := a.actions(t, tt.req); len(got) != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if _, err := a.orders.DeleteOrder(a.operator(t), &ordersv1.DeleteOrderRequest{OrderId: made[0]}); err != nil {
		t.Fatal(err)
	}
	if got := a.listed(t, made[0]); got != nil {
		t.Errorf("of a deleted draft it holds %v", got)
	}
	list := ordersv1.NewActionServiceClient(a.Conn())
	first, err := list.ListActions(a.operator(t), &ordersv1.ListActionsRequest{PageSize: 1})
	if err != nil || first.GetNextPageToken() == "" {
		t.Fatalf("the first page: %v, %v", first, err)
	}
	_, err = list.ListActions(a.operator(t), &ordersv1.ListActionsRequest{PageToken: first.GetNextPageToken(), Overdue: true})
	isRefused(t, err, codes.InvalidArgument, "PAGE_TOKEN_INVALID")
	_, err = list.ListActions(a.person(t), &ordersv1.ListActionsRequest{CustomerId: a.customer})
	isRefused(t, err, codes.PermissionDenied, "ROLE_DENIED")
}

// TestActionsOfRefusedOrders: an order that AccountTransfer does not begin, because its payer is full or closed, is the reseller's, with
// the instant after which its month is lost. One that is under way is listed by its transfer.
func TestActionsOfRefusedOrders(t *testing.T) {
	t.Parallel()
	n := newNeighbours()
	n.declines.Store(true)
	a := start(t, linkBase, n.services()...)
	o := a.ordered(t, "810000000004")
	kittest.Until(t, "it is in the list", func() bool { return a.listed(t, o.GetOrderId()) != nil })
	got, cutOff := a.listed(t, o.GetOrderId()), o.GetPreview().GetAcceptByTime()
	if got.GetKind() != kindOrder || !got.GetWaiting().GetEscalated() ||
		cutOff == nil || !got.GetCutOffTime().AsTime().Equal(cutOff.AsTime()) {
		t.Errorf("it holds %v", got)
	}
	soon := a.env.Business.Now().AddDate(0, 3, 0)
	if risky, _ := a.actions(t, &ordersv1.ListActionsRequest{CutOffBefore: timestamppb.New(soon)}); len(risky) != 1 {
		t.Errorf("with a month at risk are %v", risky)
	}
	if risky, _ := a.actions(t, &ordersv1.ListActionsRequest{CutOffBefore: cutOff}); len(risky) != 0 {
		t.Errorf("before that instant are %v", risky)
	}
	n.declines.Store(false)
	if _, err := a.orders.ProcessOrder(a.operator(t), &ordersv1.ProcessOrderRequest{OrderId: o.GetOrderId()}); err != nil {
		t.Fatal(err)
	}
	kittest.Until(t, "it has begun", func() bool { return a.listed(t, o.GetOrderId()) == nil })
	a.hears(t, o, 1, func(tr *accounttransferv1.Transfer) {
		tr.State = accounttransferv1.TransferState_TRANSFER_STATE_WAITING_DECISION
		tr.Waiting = &typev1.Waiting{Owner: typev1.Party_PARTY_RESELLER, What: "Decide.", Escalated: true}
	})
	kittest.Until(t, "it waits for a decision", func() bool {
		read, err := a.orders.GetOrder(a.operator(t), &ordersv1.GetOrderRequest{OrderId: o.GetOrderId()})
		return err == nil && read.GetOrder().GetWaiting().GetWhat() == "Decide."
	})
	if got := a.listed(t, o.GetOrderId()); got != nil {
		t.Errorf("what its transfer waits for is listed by the order: %v", got)
	}
}

// TestActionsOfReviews: terminations and changes are in the list while Operations is to decide on them, and no longer.
func TestActionsOfReviews(t *testing.T) {
	t.Parallel()
	l := newLeaver(t, "810000000005")
	ending := l.terminates(t, l.person(t), "We leave.")
	if got := l.listed(t, ending); got.GetKind() != kindTermination || !strings.Contains(got.GetWaiting().GetWhere(), "ReviewTermination") {
		t.Errorf("it holds %v", got)
	}
	if err := l.takesBack(l.person(t), ending); err != nil {
		t.Fatal(err)
	}
	if got := l.listed(t, ending); got != nil {
		t.Errorf("what was taken back is listed: %v", got)
	}
	changes := ordersv1.NewChangeServiceClient(l.Conn())
	made, err := changes.RequestChange(l.person(t), &ordersv1.RequestChangeRequest{
		AgreementId: l.agreement, Kind: ordersv1.ChangeKind_CHANGE_KIND_SUPPORT_OPTION,
		SupportOption: ordersv1.SupportOption_SUPPORT_OPTION_PARTNER_LED, Reason: "We need more.",
	})
	if err != nil {
		t.Fatal(err)
	}
	changed := made.GetOrder().GetOrderId()
	if got := l.listed(t, changed); got.GetKind() != kindChange || !strings.Contains(got.GetWaiting().GetWhere(), "ReviewChange") {
		t.Errorf("it holds %v", got)
	}
	if _, err := changes.ReviewChange(l.operator(t), &ordersv1.ReviewChangeRequest{
		OrderId: changed, Outcome: ordersv1.ChangeOutcome_CHANGE_OUTCOME_ACCEPT,
	}); err != nil {
		t.Fatal(err)
	}
	if got := l.listed(t, changed); got != nil {
		t.Errorf("what waits for its month is listed: %v", got)
	}
}
