package orders_test

import (
	"context"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"example.com/handover/pkg/errs"
	"example.com/handover/pkg/id"
	"example.com/handover/pkg/kit/kittest"
	"example.com/handover/pkg/rpc"
	accounttransferv1 "example.com/handover/proto/gen/handover/accounttransfer/v1"
	ordersv1 "example.com/handover/proto/gen/handover/orders/v1"
	typev1 "example.com/handover/proto/gen/handover/type/v1"
)

// creates is a submitted order for an account that the customer creates first.
func (a *alone) creates(t *testing.T) *ordersv1.Order {
	t.Helper()
	draft := a.draftFor(t, a.payer(t), "")
	_, err := a.orders.UpdateOrder(a.operator(t), &ordersv1.UpdateOrderRequest{
		OrderId: draft, Order: &ordersv1.Order{AccountOption: ordersv1.AccountOption_ACCOUNT_OPTION_CREATE_NEW},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"account_option"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	o, err := a.submit(t, draft)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (a *alone) payer(t *testing.T) string {
	t.Helper()
	payer := id.New("pay")
	a.know(t, payer, a.seller)
	return payer
}

func named(account string) func(*accounttransferv1.Transfer) {
	return func(tr *accounttransferv1.Transfer) { tr.SourceAccountId = account }
}

func (a *alone) renames(t *testing.T, ctx context.Context, orderID, account string) (*ordersv1.Order, error) {
	t.Helper()
	resp, err := a.orders.UpdateOrder(ctx, &ordersv1.UpdateOrderRequest{
		OrderId: orderID, Order: &ordersv1.Order{ManagementAccountId: account},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"management_account_id"}},
	})
	return resp.GetOrder(), err
}

func alreadyOrdered(t *testing.T, err error, by string) {
	t.Helper()
	refusal, _ := errs.As(rpc.FromStatus(err))
	if errs.ReasonOf(rpc.FromStatus(err)) != "ACCOUNT_ALREADY_ORDERED" || refusal.Meta["order_id"] != by || refusal.Remedy == nil {
		t.Fatalf("got %v, want a refusal because of %s", err, by)
	}
}

// TestAccountNamed: an order for an account that is to be created takes it when it is named, and holds it until it has ended.
func TestAccountNamed(t *testing.T) {
	t.Parallel()
	const account = "820000000001"
	a := start(t, linkBase)
	o := a.creates(t)
	if o.GetManagementAccountId() != "" {
		t.Fatalf("it begins with account %q", o.GetManagementAccountId())
	}
	o = a.hears(t, o, 1, named(account))
	t.Run("ORD-025 the order and its agreement have the account, and lists find them by it", func(t *testing.T) {
		agreed := a.agreement(t, a.person(t), o.GetAgreementId())
		if o.GetManagementAccountId() != account || agreed.GetManagementAccountId() != account {
			t.Errorf("the order has %q, the agreement %q", o.GetManagementAccountId(), agreed.GetManagementAccountId())
		}
		found, err := a.orders.ListOrders(a.operator(t), &ordersv1.ListOrdersRequest{ManagementAccountId: account})
		if err != nil || len(found.GetOrders()) != 1 || found.GetOrders()[0].GetOrderId() != o.GetOrderId() {
			t.Errorf("listed are %v, %v", found, err)
		}
	})
	second := a.draftFor(t, a.payer(t), account)
	t.Run("another order for the account is refused", func(t *testing.T) {
		_, err := a.submit(t, second)
		alreadyOrdered(t, err, o.GetOrderId())
	})
	t.Run("and is not when the first has ended", func(t *testing.T) {
		a.hears(t, o, 2, func(tr *accounttransferv1.Transfer) {
			named(account)(tr)
			tr.State = accounttransferv1.TransferState_TRANSFER_STATE_CANCELLED
		})
		if _, err := a.submit(t, second); err != nil {
			t.Error(err)
		}
	})
}

// TestAccountElsewhere: an order has named an account before AccountTransfer has it in the transfer of another one. That one gets it; the
// first is refused, both sides are told, and its customer names the right account.
func TestAccountElsewhere(t *testing.T) {
	t.Parallel()
	const account, right = "820000000002", "820000000003"
	n, taken := newNeighbours(), account
	n.halted.Store(true)
	a := start(t, linkBase, n.services()...)
	first, second := a.ordered(t, account), a.creates(t)
	if second = a.hears(t, second, 1, named(account)); second.GetManagementAccountId() != account {
		t.Fatalf("AccountTransfer has it, and the order has %q", second.GetManagementAccountId())
	}
	_, err := a.submit(t, a.draftFor(t, a.payer(t), account))
	alreadyOrdered(t, err, second.GetOrderId())
	n.taken.Store(&taken)
	n.halted.Store(false)
	read := func() *ordersv1.Order {
		resp, err := a.orders.GetOrder(a.person(t), &ordersv1.GetOrderRequest{OrderId: first.GetOrderId()})
		if err != nil {
			t.Fatal(err)
		}
		return resp.GetOrder()
	}
	if _, err := a.orders.ProcessOrder(a.person(t), &ordersv1.ProcessOrderRequest{OrderId: first.GetOrderId()}); err != nil {
		t.Fatal(err)
	}
	kittest.Until(t, "the first is refused", func() bool { return read().GetState() == ordersv1.OrderState_ORDER_STATE_QUERYING })
	if w := read().GetWaiting(); w.GetOwner() != typev1.Party_PARTY_CUSTOMER || !w.GetEscalated() || w.GetWhere() == "" {
		t.Errorf("it waits for %v", w)
	}
	other := a.ordered(t, "820000000004")
	_, err = a.renames(t, a.person(t), first.GetOrderId(), "820000000004")
	alreadyOrdered(t, err, other.GetOrderId())
	_, err = a.renames(t, a.person(t), first.GetOrderId(), "")
	if rpcCode := rpc.FromStatus(err); errs.ReasonOf(rpcCode) != "ACCOUNT_ID_INVALID" {
		t.Errorf("without an account: %v", err)
	}
	if o, err := a.renames(t, a.person(t), first.GetOrderId(), right); err != nil || o.GetManagementAccountId() != right {
		t.Fatalf("it names %q, %v", o.GetManagementAccountId(), err)
	}
	kittest.Until(t, "it has begun", func() bool { return read().GetState() == ordersv1.OrderState_ORDER_STATE_PROCESSING })
	_, err = a.submit(t, a.draftFor(t, a.payer(t), right))
	alreadyOrdered(t, err, first.GetOrderId())
	if _, err = a.renames(t, a.person(t), first.GetOrderId(), account); errs.KindOf(rpc.FromStatus(err)) != errs.Precondition {
		t.Errorf("%s: once it has begun AccountTransfer corrects the account: %v", codes.FailedPrecondition, err)
	}
}
