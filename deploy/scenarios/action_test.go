package scenarios_test

import (
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	supportv1 "example.com/handover/proto/gen/handover/support/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// acting are customers whose transfers, consents and requests wait for somebody.
type acting struct {
	*world
	invited, cancelled *ordersv1.Order // waits for the customer; for Operations, for somebody has cancelled its invitation
	assigned           assigned
	request            *acr
}

// TestActions: what the reseller's people must do next is one list over everything, the most urgent first.
func TestActions(t *testing.T) {
	t.Parallel()
	w := newWorldAt(t, at(t, "2026-03-02T09:00:00Z")) // its month has days enough for a customer to be late
	a := acting{world: w}
	late := w.newCustomer(t)
	a.invited = late.invited(t)
	stopped := w.newCustomer(t)
	a.cancelled = stopped.invited(t)
	w.cancelElsewhere(t, stopped.account)
	a.cancelled = stopped.process(t, a.cancelled.GetOrderId())
	a.request = w.setUp(t).asksForAccount(t)
	a.assigned = newAssigned(t, w)
	a.assigned.submits(t)
	a.assigned.decided(t, granted, "")
	w.Settle(t)
	t.Run("it holds what waits for Operations, each thing once, and nothing that waits for others in its time", a.holds)
	t.Run("transfers and connections are found by the instant until which their invitation can be accepted", a.foundByCutOff)
	t.Run("they are found by their age, and by when somebody must act", a.foundByAge)
	t.Run("neither customers nor partners ask for what was escalated or parked", a.notForCustomers)
	w.Advance(t, w.Now(t).Add(9*24*time.Hour))
	t.Run("what a customer leaves alone for too long comes first, and pages neither repeat nor skip", a.escalated)
}

func (a acting) actions(t *testing.T, req *ordersv1.ListActionsRequest) (all []*typev1.Action) {
	t.Helper()
	for {
		resp, err := a.Actions.ListActions(a.operator(t), req)
		if err != nil {
			t.Fatalf("list the actions: %v", err)
		}
		all = append(all, resp.GetActions()...)
		if req.PageToken = resp.GetNextPageToken(); req.PageToken == "" {
			return all
		}
	}
}

func (a acting) holds(t *testing.T) {
	all := a.actions(t, &ordersv1.ListActionsRequest{})
	want := map[string]typev1.ActionKind{
		a.cancelled.GetTransferId():     typev1.ActionKind_ACTION_KIND_TRANSFER,
		a.request.GetAccountRequestId(): typev1.ActionKind_ACTION_KIND_ACCOUNT_REQUEST,
		a.assigned.consentID:            typev1.ActionKind_ACTION_KIND_CONSENT,
	}
	cases := 0
	for _, got := range all {
		if got.GetKind() == typev1.ActionKind_ACTION_KIND_CASE { // of support: what people work on in ServiceNow
			want[got.GetResourceId()] = typev1.ActionKind_ACTION_KIND_CASE
			cases++
		}
		if got.GetKind() != want[got.GetResourceId()] || got.GetWaiting().GetOwner() != typev1.Party_PARTY_RESELLER ||
			got.GetWaiting().GetWhat() == "" || got.GetWaiting().GetWhere() == "" || got.GetCustomerId() == "" || got.GetCreateTime() == nil {
			t.Errorf("it holds %v", got)
		}
		delete(want, got.GetResourceId())
	}
	if len(want) != 0 || len(all)-cases != 3 || cases == 0 {
		t.Errorf("it lacks %v among %d with %d cases", want, len(all), cases)
	}
	only := a.actions(t, &ordersv1.ListActionsRequest{
		CustomerId: a.cancelled.GetCustomerId(), Kinds: []typev1.ActionKind{typev1.ActionKind_ACTION_KIND_TRANSFER},
	})
	if len(only) != 1 || only[0].GetOrderId() != a.cancelled.GetOrderId() {
		t.Errorf("of one customer it holds %v", only)
	}
}

func (a acting) foundByCutOff(t *testing.T) {
	until := a.transfer(t, a.invited.GetTransferId()).GetConnection().GetInvitations()[0].GetAcceptByTime().AsTime()
	for before, found := range map[time.Time]bool{until: false, until.Add(time.Second): true} {
		transfers, err := a.Transfers.ListTransfers(a.operator(t), &accounttransferv1.ListTransfersRequest{CutOffBefore: timestamppb.New(before)})
		if err != nil || slices.ContainsFunc(transfers.GetTransfers(), func(tr *accounttransferv1.Transfer) bool {
			return tr.GetTransferId() == a.invited.GetTransferId()
		}) != found {
			t.Errorf("before %s: transfers %v, %v", before, transfers.GetTransfers(), err)
		}
		connections, err := a.Connections.ListConnections(
			a.operator(t), &accounttransferv1.ListConnectionsRequest{CutOffBefore: timestamppb.New(before)},
		)
		if err != nil || slices.ContainsFunc(connections.GetConnections(), func(c *accounttransferv1.Connection) bool {
			return c.GetTransferId() == a.invited.GetTransferId()
		}) != found {
			t.Errorf("before %s: connections %v, %v", before, connections.GetConnections(), err)
		}
	}
}

func (a acting) foundByAge(t *testing.T) {
	began := a.transfer(t, a.invited.GetTransferId()).GetCreateTime().AsTime()
	for age, found := range map[time.Duration]int{0: 0, time.Microsecond: 1} {
		got, err := a.Transfers.ListTransfers(a.operator(t), &accounttransferv1.ListTransfersRequest{
			OrderId: a.invited.GetOrderId(), CreatedBefore: timestamppb.New(began.Add(age)),
		})
		if err != nil || len(got.GetTransfers()) != found {
			t.Errorf("created before %s: %v, %v", began.Add(age), got, err)
		}
	}
	wait := a.transfer(t, a.invited.GetTransferId()).GetWaiting().GetUntilTime().AsTime()
	for after, found := range map[time.Duration]int{0: 0, time.Microsecond: 1} {
		got, err := a.Transfers.ListTransfers(a.operator(t), &accounttransferv1.ListTransfersRequest{
			OrderId: a.invited.GetOrderId(), DueBefore: timestamppb.New(wait.Add(after)),
		})
		if err != nil || len(got.GetTransfers()) != found {
			t.Errorf("due before %s: %v, %v", wait.Add(after), got, err)
		}
	}
}

func (a acting) notForCustomers(t *testing.T) {
	c := a.assigned.customer
	for _, flags := range [][2]bool{{true, false}, {false, true}} {
		_, err := a.Transfers.ListTransfers(c.person(t), &accounttransferv1.ListTransfersRequest{Escalated: flags[0], Parked: flags[1]})
		refused(t, err, codes.PermissionDenied, "FILTER_DENIED")
		_, err = a.Connections.ListConnections(c.person(t), &accounttransferv1.ListConnectionsRequest{Escalated: flags[0], Parked: flags[1]})
		refused(t, err, codes.PermissionDenied, "FILTER_DENIED")
		_, err = a.Consents.ListConsents(c.person(t), &accounttransferv1.ListConsentsRequest{Escalated: flags[0], Parked: flags[1]})
		refused(t, err, codes.PermissionDenied, "FILTER_DENIED")
		_, err = a.Requests.ListAccountRequests(c.person(t), &accounttransferv1.ListAccountRequestsRequest{Escalated: flags[0], Parked: flags[1]})
		refused(t, err, codes.PermissionDenied, "FILTER_DENIED")
		_, err = a.Orders.ListOrders(c.person(t), &ordersv1.ListOrdersRequest{Escalated: flags[0], Parked: flags[1]})
		refused(t, err, codes.PermissionDenied, "FILTER_DENIED")
		_, err = a.Cases.ListCases(c.person(t), &supportv1.ListCasesRequest{Escalated: flags[0], Parked: flags[1]})
		refused(t, err, codes.PermissionDenied, "FILTER_DENIED")
	}
}

func (a acting) escalated(t *testing.T) {
	whole := a.actions(t, &ordersv1.ListActionsRequest{})
	var ids, paged []string
	escalated, customers := true, 0
	for _, got := range whole {
		if got.GetWaiting().GetEscalated() && !escalated {
			t.Errorf("%v comes after what was not escalated", got)
		}
		escalated = got.GetWaiting().GetEscalated()
		if got.GetWaiting().GetOwner() == typev1.Party_PARTY_CUSTOMER {
			customers++
		}
		ids = append(ids, got.GetResourceId())
	}
	for _, got := range a.actions(t, &ordersv1.ListActionsRequest{PageSize: 1}) {
		paged = append(paged, got.GetResourceId())
	}
	if !slices.Equal(ids, paged) || customers == 0 || !slices.Contains(ids, a.invited.GetTransferId()) {
		t.Errorf("listed %v, by pages %v, %d of customers", ids, paged, customers)
	}
}
